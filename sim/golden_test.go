package sim

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// readGolden decodes a file of golden vectors: what the deployed builds
// answered, to 17 significant digits.
func readGolden(t *testing.T, name string, into any) {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", "golden", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// near is the golden vectors' tolerance: relative 1e-9, absolute 1e-12 near zero.
func near(got, want float64) bool {
	return math.Abs(got-want) <= max(1e-12, 1e-9*math.Abs(want))
}

func loadRules(t testing.TB, name string, overrides ...string) *rules.Set {
	t.Helper()
	var options []rules.Option
	for _, o := range overrides {
		options = append(options, rules.WithOverride(o))
	}
	r, err := rules.Load(name, options...)
	if err != nil {
		t.Fatal(err)
	}
	return r.Set
}

type goldenEvent struct {
	Pair      string  `json:"pair"`
	OrderType string  `json:"order_type"`
	Leverage  float64 `json:"leverage"`
	TimeMS    int64   `json:"t_ms"`
	Price     float64 `json:"price"`
	Slippage  float64 `json:"slippage"`
	Result    struct {
		Accepted          bool    `json:"accepted"`
		Reason            string  `json:"reason"`
		EffectiveLeverage float64 `json:"effective_leverage"`
		PositionIndex     int     `json:"position_index"`
		NetLeverage       float64 `json:"net_leverage"`
		AverageEntryPrice float64 `json:"average_entry_price"`
		CurrentReturn     float64 `json:"current_return"`
		ReturnAtClose     float64 `json:"return_at_close"`
		PositionType      string  `json:"position_type"`
		Closed            bool    `json:"closed"`
	} `json:"result"`
}

type goldenMark struct {
	PositionIndex int      `json:"position_index"`
	TimeMS        int64    `json:"t_ms"`
	Price         float64  `json:"price"`
	CarryFee      float64  `json:"carry_fee"`
	SpreadFee     float64  `json:"spread_fee"`
	CurrentReturn *float64 `json:"current_return"`
	ReturnAtClose *float64 `json:"return_at_close"`
}

type goldenPositions struct {
	Scenarios []struct {
		ID     string        `json:"id"`
		Events []goldenEvent `json:"events"`
		Marks  []goldenMark  `json:"marks"`
	} `json:"scenarios"`
}

// TestGoldenPositions plays the builds' order sequences: admission, clamps,
// closes, entry prices, returns, and every cost at every mark.
func TestGoldenPositions(t *testing.T) {
	for _, build := range []string{"5.4.0", "4.8.12"} {
		t.Run(build, func(t *testing.T) {
			var golden goldenPositions
			readGolden(t, "positions-"+build+".json.gz", &golden)
			// Only the leverage and close rules are at work in these vectors.
			set := loadRules(t, "ptn-"+build, "gate.checks.cooldown=false", "gate.checks.too_many_open_orders=false", "elimination.main=false")
			if len(golden.Scenarios) != 120 {
				t.Fatalf("%d scenarios, want 120", len(golden.Scenarios))
			}
			for _, s := range golden.Scenarios {
				last := s.Events[len(s.Events)-1].TimeMS
				m, err := NewMarket(set, nil, s.Events[0].TimeMS, last)
				if err != nil {
					t.Fatal(err)
				}
				a := newAccount(m, judge{})
				for i, e := range s.Events {
					playGoldenEvent(t, a, build, s.ID, i, e)
				}
				for i, m := range s.Marks {
					checkGoldenMark(t, a, s.ID, i, m)
				}
			}
		})
	}
}

func playGoldenEvent(t *testing.T, a *account, build, id string, i int, e goldenEvent) {
	t.Helper()
	kinds := map[string]OrderType{"LONG": Long, "SHORT": Short, "FLAT": Flat}
	o := Order{Pair: e.Pair, Type: kinds[e.OrderType], Leverage: e.Leverage}
	instrument := findInstrument(a.instruments, e.Pair)
	effective, closes, reason := a.admit(&o, instrument, e.TimeMS)
	want := e.Result
	if string(reason) != want.Reason || (reason == "") != want.Accepted {
		t.Errorf("%s event %d: got reason %q, want %q", id, i, reason, want.Reason)
		return
	}
	if reason != "" {
		return
	}
	a.apply(instrument, Fill{Type: o.Type, Leverage: effective, Price: e.Price, Slippage: e.Slippage, TimeMS: e.TimeMS}, closes, e.TimeMS)
	p := a.all[want.PositionIndex]
	if p.closed != want.Closed {
		t.Errorf("%s event %d: closed %v, want %v", id, i, p.closed, want.Closed)
	}
	if build == "4.8.12" && o.Type == Flat {
		effective = 0 // that build stored 0 as the leverage of a FLAT order
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"effective leverage", effective, want.EffectiveLeverage},
		{"net leverage", p.net, want.NetLeverage},
		{"average entry price", p.average, want.AverageEntryPrice},
		{"current return", p.ret, want.CurrentReturn},
		{"return at close", p.value, want.ReturnAtClose},
	} {
		if !near(c.got, c.want) {
			t.Errorf("%s event %d: %s %.17g, want %.17g", id, i, c.name, c.got, c.want)
		}
	}
}

func checkGoldenMark(t *testing.T, a *account, id string, i int, m goldenMark) {
	t.Helper()
	p := *a.all[m.PositionIndex]
	at := m.TimeMS
	if p.closed {
		at = min(at, p.closeMS)
	} else {
		p.ret = p.returnAt(m.Price)
	}
	p.carry = a.instruments[p.pair].carry.Factor(p.steps, at)
	p.revalue()
	if !near(p.carry, m.CarryFee) || !near(p.fee, m.SpreadFee) {
		t.Errorf("%s mark %d: carry %.17g fee %.17g, want %.17g %.17g", id, i, p.carry, p.fee, m.CarryFee, m.SpreadFee)
	}
	if m.CurrentReturn != nil && !near(p.ret, *m.CurrentReturn) {
		t.Errorf("%s mark %d: current return %.17g, want %.17g", id, i, p.ret, *m.CurrentReturn)
	}
	if m.ReturnAtClose != nil && !near(p.value, *m.ReturnAtClose) {
		t.Errorf("%s mark %d: return at close %.17g, want %.17g", id, i, p.value, *m.ReturnAtClose)
	}
}
