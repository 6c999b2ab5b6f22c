package scenario

import "github.com/ptnsim/ptnsim/sim/scenario/fact"

// Update returns the scenario's text with what was found in place of what was
// expected; everything else (comments, order, spacing) stays byte for byte. What only a
// person can decide is kept: bounds, ranges, formulas, an expected error.
func Update(s *Scenario, facts fact.Node, findings []Finding) (text string, kept []Finding, err error) {
	panic("not written yet")
}
