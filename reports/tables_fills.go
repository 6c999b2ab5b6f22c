package reports

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

// FillsSummary is the table of what a recording's orders came to at their recorded
// fills and at those of the candles: the accounts, what became of the orders, and
// how far the prices lie apart. A price difference, in basis points, is positive
// where the simulated price is the worse one.
func FillsSummary(c *recording.Comparison) *Table {
	t := &Table{Columns: []Column{
		{Name: "figure", Head: " "}, {Name: "recorded", Right: true}, {Name: "simulated", Right: true},
	}}
	row := func(name string, recorded, simulated Cell) {
		t.Rows = append(t.Rows, []Cell{TextCell(name), recorded, simulated})
	}
	a, b := &c.Recorded, &c.Simulated
	row("return", PercentCell(a.FinalReturn-1), PercentCell(b.FinalReturn-1))
	row("max. drawdown", PercentCell(a.MaxDrawdown), PercentCell(b.MaxDrawdown))
	row("eliminated", BoolCell(a.Eliminated), BoolCell(b.Eliminated))
	row("slippage paid", PercentCell(a.Slippage), PercentCell(b.Slippage))
	row("orders", IntCell(a.Orders), IntCell(b.Orders))
	row("accepted", IntCell(a.Accepted), IntCell(b.Accepted))
	row("clamped", IntCell(a.Clamped), IntCell(b.Clamped))
	row("rejected", IntCell(a.Rejected), IntCell(b.Rejected))
	row("ignored", IntCell(a.Ignored), IntCell(b.Ignored))
	for _, reason := range reasonsOf(a, b) {
		row("  "+string(reason), IntCell(ordersFor(a, reason)), IntCell(ordersFor(b, reason)))
	}
	row("prices compared", Cell{}, IntCell(len(c.Prices.Orders)))
	row("price difference, mean (bp)", Cell{}, ValueCell(c.Prices.Mean))
	row("price distance, median (bp)", Cell{}, ValueCell(c.Prices.MedianDistance))
	row("price difference, worst (bp)", Cell{}, ValueCell(c.Prices.Worst))
	if len(c.Prices.Orders) > 0 {
		row("  at", Cell{}, TimeCell(c.Prices.WorstMS))
	}
	row("positions", IntCell(len(c.Positions)), IntCell(len(c.Positions)))
	row("  of another outcome", Cell{}, IntCell(c.Differ))
	return t
}

// reasonsOf returns the reasons of either account, in alphabetical order.
func reasonsOf(a, b *recording.Account) []sim.Reason {
	var reasons []sim.Reason
	for _, r := range slices.Concat(a.Reasons, b.Reasons) {
		reasons = append(reasons, r.Reason)
	}
	slices.Sort(reasons)
	return slices.Compact(reasons)
}

func ordersFor(a *recording.Account, reason sim.Reason) int {
	at := slices.IndexFunc(a.Reasons, func(r recording.ReasonCount) bool { return r.Reason == reason })
	if at < 0 {
		return 0
	}
	return a.Reasons[at].Orders
}

// FillsPositions is the table of a recording's positions: what the validator
// stored, what the recorded fills come to, and what the simulated ones do. Those
// of another outcome come first, then the largest differences.
func FillsPositions(c *recording.Comparison) *Table {
	t := &Table{Columns: []Column{
		{Name: "uuid", Hidden: true}, {Name: "pair"}, {Name: "open", Head: "opened"}, {Name: "stored", Right: true},
		{Name: "recorded", Right: true}, {Name: "simulated", Right: true}, {Name: "recorded_outcome", Head: "recorded as"},
		{Name: "simulated_outcome", Head: "simulated as"}, {Name: "differs"},
	}}
	matches := make([]*recording.PositionMatch, len(c.Positions))
	for i := range c.Positions {
		matches[i] = &c.Positions[i]
	}
	rank := func(m *recording.PositionMatch) (differs int, distance float64) {
		if m.Differs() {
			differs = 1
		}
		distance = m.Recorded.Return.Or(1) - m.Simulated.Return.Or(1)
		return differs, max(distance, -distance)
	}
	slices.SortStableFunc(matches, func(a, b *recording.PositionMatch) int {
		differsA, distanceA := rank(a)
		differsB, distanceB := rank(b)
		return cmp.Or(cmp.Compare(differsB, differsA), cmp.Compare(distanceB, distanceA))
	})
	for _, m := range matches {
		t.Rows = append(t.Rows, []Cell{
			TextCell(m.UUID), TextCell(m.Pair), TimeCell(m.OpenMS), FactorCell(m.Stored),
			FactorCell(m.Recorded.Return), FactorCell(m.Simulated.Return), TextCell(string(m.Recorded.Outcome)),
			TextCell(string(m.Simulated.Outcome)), BoolCell(m.Differs()),
		})
	}
	return t
}

// FillsOrders is the table of the prices at which a recording's orders filled, in
// the order of their times.
func FillsOrders(c *recording.Comparison) *Table {
	t := &Table{Columns: []Column{
		{Name: "uuid", Hidden: true}, {Name: "pair"}, {Name: "time"}, {Name: "recorded", Right: true},
		{Name: "simulated", Right: true}, {Name: "difference_bp", Head: "difference (bp)", Right: true}, {Name: "simulated_time", Hidden: true},
	}}
	for i := range c.Prices.Orders {
		m := &c.Prices.Orders[i]
		t.Rows = append(t.Rows, []Cell{
			TextCell(m.UUID), TextCell(m.Pair), TimeCell(m.TimeMS), NumberCell(m.Recorded), NumberCell(m.Simulated),
			NumberCell(m.Difference), TimeCell(m.SimulatedMS),
		})
	}
	return t
}
