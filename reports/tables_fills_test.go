package reports

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

func fillsComparison() *recording.Comparison {
	return &recording.Comparison{
		Recorded: recording.Account{FinalReturn: 1.05, MaxDrawdown: 0.01, Orders: 4, Accepted: 4},
		Simulated: recording.Account{FinalReturn: 1.04, MaxDrawdown: 0.02, Orders: 4, Accepted: 1, Rejected: 3, Slippage: 0.001,
			Reasons: []recording.ReasonCount{{Reason: sim.NoPrice, Orders: 2}, {Reason: sim.CooldownActive, Orders: 1}}},
		Prices: recording.Prices{Mean: scoring.Known(1.5), MedianDistance: scoring.Known(2), Worst: scoring.Known(-3), WorstMS: 1736899200000,
			Orders: []recording.PriceMatch{{UUID: "a", Pair: "BTCUSD", TimeMS: 1736899200000, Recorded: 100, Simulated: 101, Difference: 100, SimulatedMS: 1736899260000}}},
		Positions: []recording.PositionMatch{
			{UUID: "p", Pair: "BTCUSD", OpenMS: 1736899200000, Recorded: recording.Played{Positions: 1, Return: scoring.Known(1.02), Outcome: recording.Won},
				Simulated: recording.Played{Positions: 1, Return: scoring.Known(1.01), Outcome: recording.Won}},
			{UUID: "q", Pair: "ETHUSD", OpenMS: 1736899200001, Recorded: recording.Played{Positions: 1, Return: scoring.Known(1.001), Outcome: recording.Won},
				Simulated: recording.Played{Outcome: recording.Missing}},
		},
		Differ: 1,
	}
}

// TestFillsTables: every row is as long as the header, and says what is compared.
func TestFillsTables(t *testing.T) {
	c := fillsComparison()
	for name, table := range map[string]*Table{"summary": FillsSummary(c), "positions": FillsPositions(c), "orders": FillsOrders(c)} {
		for i, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Errorf("%s: row %d has %d cells of %d", name, i, len(row), len(table.Columns))
			}
		}
	}
	shown := make(map[string][2]string)
	for _, row := range FillsSummary(c).Rows {
		shown[row[0].show()] = [2]string{row[1].csv(), row[2].csv()}
	}
	for figure, want := range map[string][2]string{
		"accepted": {"4", "1"}, "  no_price": {"0", "2"}, "  cooldown": {"0", "1"}, "max. drawdown": {"0.01", "0.02"},
		"price difference, worst (bp)": {"", "-3"}, "  at": {"", "2025-01-15T00:00:00Z"}, "  of another outcome": {"", "1"},
	} {
		if shown[figure] != want {
			t.Errorf("%s: %q, want %q", figure, shown[figure], want)
		}
	}
	if rows := FillsPositions(c).Rows; rows[0][0].csv() != "q" || rows[0][5].csv() != "" || rows[0][8].csv() != "true" || rows[1][5].csv() != "1.01" {
		t.Errorf("positions %v", rows)
	}
	if rows := FillsOrders(c).Rows; len(rows) != 1 || rows[0][5].csv() != "100" {
		t.Errorf("orders %v", rows)
	}
}
