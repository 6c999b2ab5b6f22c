package sim

import (
	"context"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

type goldenLedgers struct {
	Scenarios []goldenLedger `json:"scenarios"`
}

type goldenLedger struct {
	ID      string                `json:"id"`
	StartMS int64                 `json:"start_ms"`
	EndMS   int64                 `json:"end_ms"`
	Pairs   []string              `json:"pairs"`
	Candles map[string][]*float64 `json:"candles"`
	Orders  []struct {
		Pair              string  `json:"pair"`
		OrderType         string  `json:"order_type"`
		Leverage          float64 `json:"leverage"`
		EffectiveLeverage float64 `json:"effective_leverage"`
		TimeMS            int64   `json:"t_ms"`
		Price             float64 `json:"price"`
		Slippage          float64 `json:"slippage"`
	} `json:"orders"`
	Expect struct {
		Checkpoints []struct {
			LastUpdateMS int64   `json:"last_update_ms"`
			AccumMS      int64   `json:"accum_ms"`
			OpenMS       int64   `json:"open_ms"`
			Gain         float64 `json:"gain"`
			Loss         float64 `json:"loss"`
			MDD          float64 `json:"mdd"`
		} `json:"checkpoints"`
		Daily       []float64 `json:"daily_log_returns"`
		FinalReturn float64   `json:"final_portfolio_return"`
		MaxDrawdown float64   `json:"max_drawdown"`
		Positions   []struct {
			Pair    string `json:"pair"`
			OpenMS  int64  `json:"open_ms"`
			Closed  bool   `json:"closed"`
			CloseMS int64  `json:"close_ms"`
			Orders  int    `json:"n_orders"`
		} `json:"positions"`
	} `json:"expect"`
}

// scripted emits given orders at given times.
type scripted struct {
	orders []Order
	at     []int64
	next   int
}

func (s *scripted) Init(setup *Setup) error {
	for _, ms := range s.at {
		setup.WakeAt(ms)
	}
	return nil
}

func (s *scripted) Decide(c *Context) error {
	for ; s.next < len(s.at) && s.at[s.next] <= c.NowMS(); s.next++ {
		c.Submit(s.orders[s.next])
	}
	return nil
}

// closeSeries makes one-minute candles of closes: open = high = low = close.
func closeSeries(id string, startMS int64, closes []*float64) *market.Series {
	pair, _ := market.FindPair(market.Pairs(), id)
	s := &market.Series{Pair: pair, IntervalMS: minuteMS}
	for i, c := range closes {
		if c != nil {
			s.Time = append(s.Time, startMS+int64(i)*minuteMS)
			s.Close = append(s.Close, *c)
		}
	}
	s.Open, s.High, s.Low = s.Close, s.Close, s.Close
	return s
}

func (g *goldenLedger) config(t *testing.T, overrides ...string) Config {
	t.Helper()
	cfg := Config{Rules: loadRules(t, "ptn-5.4.0", overrides...), FromMS: g.StartMS, ToMS: g.EndMS}
	for _, id := range g.Pairs {
		cfg.Series = append(cfg.Series, closeSeries(id, g.StartMS, g.Candles[id]))
	}
	s := &scripted{}
	kinds := map[string]OrderType{"LONG": Long, "SHORT": Short, "FLAT": Flat}
	for _, o := range g.Orders {
		s.at = append(s.at, o.TimeMS)
		s.orders = append(s.orders, Order{
			Pair: o.Pair, Type: kinds[o.OrderType], Leverage: o.Leverage,
			Pinned: true, Price: o.Price, Slippage: o.Slippage, HasSlippage: true,
		})
	}
	cfg.Strategy = s
	return cfg
}

// TestGoldenLedger plays the deployed build's ledgers through a whole run and
// compares every finished checkpoint.
func TestGoldenLedger(t *testing.T) {
	for _, file := range []string{"ledger-5.4.0-a.json.gz", "ledger-5.4.0-b.json.gz"} {
		var golden goldenLedgers
		readGolden(t, file, &golden)
		for _, g := range golden.Scenarios {
			t.Run(g.ID, func(t *testing.T) {
				res, err := Run(context.Background(), g.config(t, "elimination.main=false"))
				if err != nil {
					t.Fatal(err)
				}
				checkGoldenLedger(t, &g, res)
			})
		}
	}
}

// ledgerNear is what Rules §8 promises of the deployed marking.
func ledgerNear(got, want float64) bool { return abs(got-want) <= 1e-12 }

func checkGoldenLedger(t *testing.T, g *goldenLedger, res *Result) {
	t.Helper()
	for i, o := range res.Orders {
		if want := g.Orders[i].EffectiveLeverage; !o.Filled() || !near(o.EffectiveLeverage, want) {
			t.Fatalf("order %d: %s %s, effective leverage %.17g, want %.17g", i, o.Outcome, o.Reason, o.EffectiveLeverage, want)
		}
	}
	want := g.Expect
	if len(res.Checkpoints) != len(want.Checkpoints) {
		t.Fatalf("%d checkpoints, want %d", len(res.Checkpoints), len(want.Checkpoints))
	}
	for i, w := range want.Checkpoints[:len(want.Checkpoints)-1] { // the unfinished one need not match
		c := res.Checkpoints[i]
		if c.LastUpdateMS != w.LastUpdateMS || c.AccumMS != w.AccumMS {
			t.Errorf("checkpoint %d: ends %d covers %d, want %d %d", i, c.LastUpdateMS, c.AccumMS, w.LastUpdateMS, w.AccumMS)
		}
		if !ledgerNear(c.Gain, w.Gain) || !ledgerNear(c.Loss, w.Loss) || !ledgerNear(c.MDD, w.MDD) {
			t.Errorf("checkpoint %d (%s): gain %.17g loss %.17g mdd %.17g,\nwant gain %.17g loss %.17g mdd %.17g", i, stamp(w.LastUpdateMS), c.Gain, c.Loss, c.MDD, w.Gain, w.Loss, w.MDD)
		}
		if c.OpenMS != w.OpenMS {
			t.Errorf("checkpoint %d: open %d, want %d", i, c.OpenMS, w.OpenMS)
		}
	}
	if len(res.Daily) != len(want.Daily) {
		t.Fatalf("%d days, want %d", len(res.Daily), len(want.Daily))
	}
	for i, w := range want.Daily {
		if !ledgerNear(res.Daily[i].LogReturn, w) {
			t.Errorf("day %d: %.17g, want %.17g", i, res.Daily[i].LogReturn, w)
		}
	}
	if !near(res.FinalReturn, want.FinalReturn) {
		t.Errorf("final return %.17g, want %.17g", res.FinalReturn, want.FinalReturn)
	}
	if !near(1-res.MaxDrawdown, want.MaxDrawdown) {
		t.Errorf("drawdown factor %.17g, want %.17g", 1-res.MaxDrawdown, want.MaxDrawdown)
	}
	if len(res.Positions) != len(want.Positions) {
		t.Fatalf("%d positions, want %d", len(res.Positions), len(want.Positions))
	}
	for i, w := range want.Positions {
		p := res.Positions[i]
		if p.Pair != w.Pair || p.OpenMS != w.OpenMS || p.Closed != w.Closed || (w.Closed && p.CloseMS != w.CloseMS) || len(p.Fills) != w.Orders {
			t.Errorf("position %d: %+v, want %+v", i, p, w)
		}
	}
}
