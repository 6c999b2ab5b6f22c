package reports

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
)

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
	c := Counts{Orders: len(orders), Reasons: []ReasonCount{}}
	for i := range orders {
		switch orders[i].Outcome {
		case sim.Accepted:
			c.Accepted++
		case sim.Clamped:
			c.Clamped++
		case sim.Rejected:
			c.Rejected++
		case sim.Ignored:
			c.Ignored++
		}
		if reason := orders[i].Reason; reason != "" {
			c.because(reason)
		}
	}
	slices.SortFunc(c.Reasons, func(a, b ReasonCount) int {
		return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(a.Reason, b.Reason))
	})
	return c
}

func (c *Counts) because(reason sim.Reason) {
	for i := range c.Reasons {
		if c.Reasons[i].Reason == reason {
			c.Reasons[i].Orders++
			return
		}
	}
	c.Reasons = append(c.Reasons, ReasonCount{reason, 1})
}
