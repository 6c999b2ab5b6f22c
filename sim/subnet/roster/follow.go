package roster

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/strategies"
)

// copycat is how reports call what a copycat plays.
const copycat = "copycat"

// follow gives the copycats their leaders.
func (c *caster) follow(files []groupFile, groups []group) error {
	leads := make([]int, len(files)) // the group that each one copies; -1: none
	for i := range files {
		leads[i] = -1
		if files[i].does != copies {
			continue
		}
		list, of := leaders(files[i].spec, groups)
		if of < 0 {
			return files[i].nobody(groups)
		}
		leads[i] = of
		c.choose(&groups[i], list)
	}
	return noCircle(files, leads)
}

// noCircle refuses groups that copy themselves in the end.
func noCircle(files []groupFile, leads []int) error {
	for i := range leads {
		at := leads[i]
		for steps := 0; at >= 0 && at != i && steps < len(leads); steps++ {
			at = leads[at]
		}
		if at == i {
			return files[i].specAt.Wrong(files[i].path+".copies", "a circle: "+files[i].name+" copies itself in the end", "miners that copy others")
		}
	}
	return nil
}

// nobody is the error of a leader that there is not.
func (g *groupFile) nobody(groups []group) error {
	var names []string
	for i := range groups {
		if groups[i].name != g.name {
			names = append(names, groups[i].name)
		}
	}
	return g.specAt.Wrong(g.path+".copies", fmt.Sprintf("%q, which is nobody%s", g.spec, suggest.DidYouMean(g.spec, names)), "the name of a miner or of a population of this file")
}

// leaders are the miners of that name, a group's or one, and their group; -1 if
// there is none.
func leaders(name string, groups []group) (list []*member, of int) {
	for i := range groups {
		for n := range groups[i].members {
			if m := &groups[i].members[n]; name == groups[i].name || name == m.miner.Name {
				list = append(list, m)
			}
		}
		if len(list) > 0 {
			return list, i
		}
	}
	return nil, -1
}

// choose draws each copycat's leader. Each pair of the two has a number; the
// largest decides. So a miner that joins the leaders takes some copycats over, and
// no other changes its leader.
func (c *caster) choose(of *group, leaders []*member) {
	marks := make([]uint64, 0, len(leaders))
	for _, l := range leaders {
		marks = append(marks, c.random(l, "copied").Uint64())
	}
	scores := make([]uint64, len(leaders))
	for i := range of.members {
		own := c.random(&of.members[i], "copies").Uint64()
		for k, mark := range marks {
			scores[k] = rand.NewPCG(own, mark).Uint64()
		}
		m := &of.members[i].miner
		m.Strategy, m.Copies = copycat, leaders[slices.Index(scores, slices.Max(scores))].miner.Name
		m.Params = []strategies.Setting{{Name: "copies", Value: m.Copies}, {Name: "delay", Value: rules.Duration(m.DelayMS).String()}}
	}
}
