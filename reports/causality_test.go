package reports

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// TestRenderCausalityTellsWhatAProgramNeeds: which order, what it was, and what
// became of it.
func TestRenderCausalityTellsWhatAProgramNeeds(t *testing.T) {
	short := &sim.OrderRecord{Order: sim.Order{Pair: "BTCUSD", Type: sim.Short, Leverage: -0.1}, EmittedMS: 1000}
	for _, c := range []struct {
		name   string
		report sim.CausalReport
		want   string
	}{
		{
			"gone", sim.CausalReport{Points: 24, Runs: 27, Difference: &sim.CausalDifference{Order: 3, TimeMS: 1000, PointMS: 2000, How: "cut off", Was: short}},
			`{"passed":false,"points":24,"runs":27,"deterministic":true,"order":3,"time_ms":1000,"point_ms":2000,"change":"cut off","in_fill":false,` +
				`"was":{"emitted_ms":1000,"filled_ms":null,"pair":"BTCUSD","order_type":"SHORT","leverage":-0.1,"effective_leverage":null,"price":null,"slippage":null,` +
				`"outcome":"","reason":"","warnings":[]},"became":null,"error":"","text":`,
		},
		{
			"failed, on the same data", sim.CausalReport{Runs: 2, Difference: &sim.CausalDifference{TimeMS: 1000, PointMS: 2000, Repeated: true, Err: errors.New(`no "x"`)}},
			`{"passed":false,"points":0,"runs":2,"deterministic":false,"order":0,"time_ms":1000,"point_ms":2000,"change":"","in_fill":false,` +
				`"was":null,"became":null,"error":"no \"x\"","text":`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			if err := RenderCausality(&b, &c.report); err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(c.report.Difference.Error())
			if err != nil {
				t.Fatal(err)
			}
			if got, want := b.String(), `{"causality":`+c.want+string(text)+"}}\n"; got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}
