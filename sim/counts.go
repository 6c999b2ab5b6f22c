package sim

import (
	"cmp"
	"slices"
)

// OrderCounts is how many orders came to which end. Rules §2.
type OrderCounts struct {
	Orders                               int // all of them, those that wait for their price to the end included
	Accepted, Clamped, Rejected, Ignored int

	Reasons []ReasonCount // of the rejected and ignored, the most frequent first
}

// ReasonCount is how many orders one reason turned away.
type ReasonCount struct {
	Reason Reason
	Orders int
}

// CountOrders counts orders by what became of them.
func CountOrders(orders []OrderRecord) OrderCounts {
	c := OrderCounts{Orders: len(orders)}
	for i := range orders {
		switch orders[i].Outcome {
		case Accepted:
			c.Accepted++
		case Clamped:
			c.Clamped++
		case Rejected:
			c.Rejected++
		case Ignored:
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

func (c *OrderCounts) because(reason Reason) {
	for i := range c.Reasons {
		if c.Reasons[i].Reason == reason {
			c.Reasons[i].Orders++
			return
		}
	}
	c.Reasons = append(c.Reasons, ReasonCount{reason, 1})
}
