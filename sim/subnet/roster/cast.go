package roster

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies/compose"
)

// group is a miner, a population, or the miners of a recording.
type group struct {
	path    string // "miners[0]"
	at      place
	name    string
	members []member
}

// member is one miner: all of it but what the range decides.
type member struct {
	miner     subnet.Miner
	key       []string // what its random sources are split off by
	registers moment
	tape      *tape // of one that was recorded; else nil
}

// caster makes the miners of a file.
type caster struct {
	seed    uint64
	folder  *compose.Folder
	library *library

	names  map[string]string // of miners and groups, by where they stand
	miners int
}

func newCaster(seed uint64, o Options, from archive) *caster {
	return &caster{seed: seed, folder: compose.NewFolder(o.Find, o.Dir), library: newLibrary(from, ordersMax), names: make(map[string]string)}
}

// cast draws all that does not depend on the range.
func (c *caster) cast(files []groupFile) ([]group, error) {
	groups := make([]group, 0, len(files))
	for i := range files {
		g := &files[i]
		of, err := c.group(g)
		if err == nil {
			err = c.admit(g, of)
		}
		if err == nil {
			err = c.circumstances(g, of)
		}
		if err != nil {
			return nil, err
		}
		groups = append(groups, *of)
	}
	return groups, c.follow(files, groups)
}

// group makes the miners of one entry.
func (c *caster) group(g *groupFile) (*group, error) {
	of := &group{path: g.path, at: g.at, name: g.name}
	if g.count == 0 {
		of.members = []member{{miner: subnet.Miner{Name: g.name}, key: []string{g.name}}}
	}
	for i := range g.count {
		m := member{key: []string{g.name, strconv.Itoa(i + 1)}}
		m.miner.Name = memberName(g.name, i, g.count)
		of.members = append(of.members, m)
	}
	switch g.does {
	case strategy:
		return of, c.play(g, of)
	case positions, signals:
		return of, c.replay(g, of)
	}
	return of, nil // copies: see follow
}

// memberName is the name of the n-th miner of a population, from 0: names are as
// long as one another, so that they sort.
func memberName(of string, n, count int) string {
	return fmt.Sprintf("%s-%0*d", of, max(2, len(strconv.Itoa(count))), n+1)
}

// admit refuses names that are taken, and too many miners.
func (c *caster) admit(g *groupFile, of *group) error {
	take := func(name string) error {
		if there, taken := c.names[name]; taken {
			return g.keys["name"].Wrong(g.path+".name", fmt.Sprintf("the name %s a second time", name), "names that differ: it is also of "+there)
		}
		c.names[name] = g.path
		return nil
	}
	if err := take(of.name); err != nil {
		return err
	}
	for i := range of.members {
		if name := of.members[i].miner.Name; name != of.name {
			if err := take(name); err != nil {
				return err
			}
		}
	}
	if c.miners += len(of.members); c.miners > minersMax {
		return g.at.Wrong(g.path, fmt.Sprintf("%d miners up to here", c.miners), fmt.Sprintf("at most %d in all", minersMax))
	}
	return nil
}

// random is the source of what is drawn for a miner. How many others there are has
// no part in it.
func (c *caster) random(m *member, what string) *sim.Random {
	return sim.NewRandom(c.seed, append(slices.Clip(m.key), what)...)
}

// circumstances draws what has nothing to do with what the miners do.
func (c *caster) circumstances(g *groupFile, of *group) error {
	for i := range of.members {
		m := &of.members[i]
		m.miner.Group, m.miner.Main, m.miner.Fill = of.name, g.main, g.fill
		if g.keys["seed"].Line > 0 {
			m.miner.Seed = &g.seed
		}
		var ok bool
		if m.registers, ok = g.registers.of(i, c.random(m, "registers")); !ok {
			return outOfBounds(g, "registers")
		}
		for _, d := range []struct {
			key  string
			from *distribution
			to   *int64
		}{
			{"latency", &g.latency, &m.miner.LatencyMS},
			{"delay", &g.delay, &m.miner.DelayMS},
			{"again", &g.again, &m.miner.AgainMS},
		} {
			if *d.to, ok = d.from.ms(c.random(m, d.key)); !ok {
				return outOfBounds(g, d.key)
			}
		}
	}
	return nil
}

// outOfBounds is the error of a normal distribution whose bounds are far from its mean.
func outOfBounds(g *groupFile, key string) error {
	return g.keys[key].Wrong(g.path+"."+key, fmt.Sprintf("%d draws in a row outside its bounds", drawsMax), "bounds that hold more of the distribution")
}
