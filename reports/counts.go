package reports

import "github.com/ptnsim/ptnsim/sim"

// Counts is how many orders came to which end. Rules §2.
type Counts struct {
	Orders   int `json:"orders"`
	Accepted int `json:"accepted"` // as they were
	Clamped  int `json:"clamped"`  // with a smaller leverage
	Rejected int `json:"rejected"`
	Ignored  int `json:"ignored"`

	Reasons []ReasonCount `json:"reasons"` // of the rejected and ignored, the most frequent first
}

// ReasonCount is how many orders one reason turned away.
type ReasonCount struct {
	Reason sim.Reason `json:"reason"`
	Orders int        `json:"orders"`
}

// CountOrders counts orders by what became of them. One that still waits for
// its price at the end of the run counts among the orders only.
func CountOrders(orders []sim.OrderRecord) Counts {
	of := sim.CountOrders(orders)
	c := Counts{Orders: of.Orders, Accepted: of.Accepted, Clamped: of.Clamped, Rejected: of.Rejected, Ignored: of.Ignored, Reasons: []ReasonCount{}}
	for _, r := range of.Reasons {
		c.Reasons = append(c.Reasons, ReasonCount(r))
	}
	return c
}
