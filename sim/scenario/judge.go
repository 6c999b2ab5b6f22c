package scenario

import "github.com/ptnsim/ptnsim/sim/scenario/fact"

// Judge returns what does not hold of what is expected, in the order of the file.
func Judge(s *Scenario, facts fact.Node) []Finding { panic("not written yet") }
