package roster

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

const durationForms = "a length of time, such as 500ms, 30s, 5m, 12h or 10d"

// momentForms is what a registration may say.
const momentForms = "a date (2025-02-01), a time (2025-02-01T12:00:00Z), or how long after the start of the range (10d, 36h)"

// duration reads a length of time, ms, 0 or more.
func (r *reader) duration(node ast.Node, path string) (ms int64, ok bool) {
	text, _ := strictyaml.Scalar(node)
	d, err := rules.ParseDuration(text)
	if err != nil || d < 0 {
		r.Mistyped(node, path, durationForms)
		return 0, false
	}
	return d.MS(), true
}

// moment is when something happens: an instant, UTC ms, or an offset from the
// start of the range, ms.
type moment struct {
	ms       int64
	absolute bool
}

// in is the instant in a range that begins at fromMS; never before it.
func (m moment) in(fromMS int64) int64 {
	if m.absolute {
		return max(m.ms, fromMS)
	}
	return fromMS + m.ms
}

// moment reads an instant or an offset.
func (r *reader) moment(node ast.Node, path string) (m moment, ok bool) {
	text, _ := strictyaml.Scalar(node)
	if d, err := rules.ParseDuration(text); err == nil && d >= 0 {
		return moment{ms: d.MS()}, true
	}
	if ms, err := datasets.ParseInstant(text); err == nil {
		return moment{ms, true}, true
	}
	r.Mistyped(node, path, momentForms)
	return moment{}, false
}
