package roster

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// registration is when the miners of a group register.
type registration struct {
	absolute bool         // instants, UTC ms; else offsets from the start of the range, ms
	at       distribution // of the first, where the others follow
	everyMS  int64        // from one miner to the next; 0: all at the time that is drawn for them
}

// of is when the n-th miner of a group registers, from 0.
func (g *registration) of(n int, r *sim.Random) (m moment, ok bool) {
	ms, ok := g.at.ms(r)
	return moment{ms + int64(n)*g.everyMS, g.absolute}, ok
}

// registration reads a moment, a distribution of moments, or a series of them:
// {every: 6h, from: 2d}.
func (r *reader) registration(node ast.Node, path string, to *registration) {
	if list, _ := strictyaml.Entries(node); len(list) > 0 {
		for _, e := range list {
			if e.Key == "every" || e.Key == "from" {
				r.series(node, path, to)
				return
			}
		}
	}
	if isSpread(node) {
		to.at = r.spread(node, path, r.moments(to))
	} else if m, ok := r.moment(node, path); ok {
		to.absolute, to.at = m.absolute, fixed(float64(m.ms))
	}
}

func (r *reader) series(node ast.Node, path string, to *registration) {
	r.Mapping(node, path, []key{
		{Name: "every", Read: func(n ast.Node, path string) { r.every(n, path, &to.everyMS) }},
		{Name: "from", Read: func(n ast.Node, path string) {
			if m, ok := r.moment(n, path); ok {
				to.absolute, to.at = m.absolute, fixed(float64(m.ms))
			}
		}},
	})
	if r.Err() == nil && to.everyMS == 0 {
		r.Wrong(node, path, "nothing for every", "the time from one registration to the next, such as every: 6h")
	}
}

// moments is the scale of moments, all of them instants or all of them offsets.
func (r *reader) moments(to *registration) scale {
	seen := false
	value := func(node ast.Node, path string) (float64, bool) {
		m, ok := r.moment(node, path)
		if ok && seen && m.absolute != to.absolute {
			r.Mistyped(node, path, "dates alone, or offsets from the start of the range alone")
			ok = false
		}
		seen, to.absolute = true, m.absolute
		return float64(m.ms), ok
	}
	return scale{value: value, deviation: r.lengths().value}
}
