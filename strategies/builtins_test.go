package strategies

import (
	"cmp"
	"context"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// sample reads the embedded candles, whose tests share it.
func sample(t testing.TB) []*market.Series {
	t.Helper()
	set, err := datasets.Sample(datasets.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := set.Read(context.Background(), datasets.Select{})
	if err != nil {
		t.Fatal(err)
	}
	var series []*market.Series
	for _, o := range opened {
		t.Cleanup(func() { o.Close() })
		series = append(series, o.Series)
	}
	return series
}

// TestBuiltinsPlayTheSample with their defaults: each trades, keeps the rules, and
// plays the same when it is used again.
func TestBuiltinsPlayTheSample(t *testing.T) {
	series := sample(t)
	for _, d := range Builtins() {
		t.Run(d.Name, func(t *testing.T) {
			strategy, err := d.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			cfg := config(t, strategy, series...)
			first := play(t, cfg)
			if !slices.ContainsFunc(first.Orders, func(o sim.OrderRecord) bool { return o.Filled() }) {
				t.Error("no order fills")
			}
			checkAccount(t, cfg.Rules, first)
			if again := play(t, cfg); !reflect.DeepEqual(again.Orders, first.Orders) {
				t.Error("used again it plays otherwise")
			}
		})
	}
}

// TestBuiltinsRefuse what makes no sense, whether it comes as a setting or as a
// field of the strategy.
func TestBuiltinsRefuse(t *testing.T) {
	both := BothSides
	for _, c := range []struct {
		s    Configurable
		want string
	}{
		{&Momentum{Lookback: 0, Hold: 1, Placement: Placement{Direction: both}}, "lookback, hold: found 0 and 1; expected periods from 1 to 1048576"},
		{&Momentum{Lookback: 1, Hold: 1, Volatility: math.NaN(), Placement: Placement{Direction: both}}, "volatility: found NaN; expected a number from 0 to 10"},
		{&Momentum{Lookback: 1, Hold: 1, Volatility: 1, VolatilityPeriod: 1, Placement: Placement{Direction: both}}, "volatility-period: found 1; expected a period from 2 to 1048576"},
		{&Momentum{Lookback: 1, Hold: 1}, `direction: found ""; expected both, long or short`},
		{&Momentum{Lookback: 1, Hold: 1, Placement: Placement{Direction: both, Leverage: -1}}, "leverage: found -1; expected a number from 0 to 500"},
		{&CrossMomentum{Lookback: 1, Skip: -1, Rebalance: 1, Number: 1, Within: ByClass, Placement: Placement{Direction: both}}, "lookback, skip, rebalance: found 1, -1 and 1; expected periods from 1, 0 and 1 to 1048576"},
		{&CrossMomentum{Lookback: 1, Rebalance: 1, Within: ByClass, Placement: Placement{Direction: both}}, "n: found 0; expected 1 or more pairs"},
		{&CrossMomentum{Lookback: 1, Rebalance: 1, Number: 1, Placement: Placement{Direction: both}}, `rank: found ""; expected class or all`},
		{&CarryTrend{Lookback: 1, Hold: 1 << 21, Placement: Placement{Direction: both}}, "lookback, hold: found 1 and 2097152; expected periods from 1 to 1048576"},
		{&CarryTrend{Lookback: 1, Hold: 1, Persistence: 1.5, Placement: Placement{Direction: both}}, "persistence: found 1.5; expected a number from 0 to 1"},
		{&CarryTrend{Lookback: 1, Hold: 1, Hurdle: -1, Placement: Placement{Direction: both}}, "hurdle: found -1; expected a number from 0 to 1000"},
		{&Martingale{Step: 0, Target: 1, Factor: 2, Placement: Placement{Direction: LongSide}}, "step, target: found 0 and 1; expected percents from 0.001 to 100"},
		{&Martingale{Step: 1, Target: 1, Factor: 1, Placement: Placement{Direction: LongSide}}, "factor: found 1; expected a number from 1.01 to 10"},
		{&Martingale{Step: 1, Target: 1, Factor: 2, Steps: 101, Placement: Placement{Direction: LongSide}}, "steps: found 101; expected a number from 0 to 100"},
		{&Martingale{Step: 1, Target: 1, Factor: 2, Placement: Placement{Direction: both}}, `direction: found "both"; expected long or short`},
		{&Random{Wait: 1, Placement: Placement{Direction: both}}, "wait, hold: found 1 and 0; expected means from 1 to 1048576 candles"},
	} {
		if err := c.s.Validate(); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// TestBuiltinsAreCausal: another future changes no order of the past.
func TestBuiltinsAreCausal(t *testing.T) {
	series := sample(t)
	for _, d := range Builtins() {
		t.Run(d.Name, func(t *testing.T) {
			cfg := config(t, nil, series...)
			report, err := sim.VerifyCausal(context.Background(), cfg, func() (sim.Strategy, error) { return d.New(nil) }, sim.CausalOptions{Points: 6})
			if err != nil {
				t.Fatal(err)
			}
			if err := report.Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

// checkAccount holds a result against what no strategy can break: each position's
// bounds and the portfolio's cap after every fill, one position a pair at a time,
// and the portfolio's value, which is the product of the positions'. Rules §4, §5.
func checkAccount(t *testing.T, set *rules.Set, res *sim.Result) {
	t.Helper()
	product := 1.0
	for _, p := range res.Positions {
		product *= p.ReturnAtClose
	}
	if math.Abs(product-res.FinalReturn) > 1e-12*res.FinalReturn {
		t.Errorf("the positions come to %.17g, the portfolio to %.17g", product, res.FinalReturn)
	}
	leverages := newLeverageAudit(t, set, res.Positions)
	leverages.walk(t)
	for _, pair := range slices.Sorted(maps.Keys(leverages.ofPair)) {
		positions := leverages.ofPair[pair]
		for i := 1; i < len(positions); i++ {
			if before := positions[i-1]; !before.Closed || before.CloseMS > positions[i].OpenMS {
				t.Errorf("%s: a position opens at %d, while another is open until %d", pair, positions[i].OpenMS, before.CloseMS)
			}
		}
	}
}

// leverageAudit follows the fills of all positions in time.
type leverageAudit struct {
	limits map[string]sim.PairLimits
	ofPair map[string][]sim.PositionRecord
	fills  []auditedFill
}

type auditedFill struct {
	pair string
	sim.Fill
}

func newLeverageAudit(t *testing.T, set *rules.Set, positions []sim.PositionRecord) *leverageAudit {
	t.Helper()
	a := &leverageAudit{limits: make(map[string]sim.PairLimits), ofPair: make(map[string][]sim.PositionRecord)}
	for _, p := range positions {
		a.limits[p.Pair] = limitsOf(t, set, []string{p.Pair})[0]
		a.ofPair[p.Pair] = append(a.ofPair[p.Pair], p)
		for _, f := range p.Fills {
			a.fills = append(a.fills, auditedFill{p.Pair, f})
		}
	}
	slices.SortStableFunc(a.fills, func(x, y auditedFill) int { return cmp.Compare(x.TimeMS, y.TimeMS) })
	return a
}

// walk checks the leverages after all fills of each instant: the order of those
// of one instant the positions don't tell.
func (a *leverageAudit) walk(t *testing.T) {
	t.Helper()
	const hair = 1e-9
	net := make(map[string]float64)
	for i, f := range a.fills {
		net[f.pair] += f.Leverage
		if f.Type == sim.Flat || math.Abs(net[f.pair]) < hair {
			net[f.pair] = 0
		}
		if i+1 < len(a.fills) && a.fills[i+1].TimeMS == f.TimeMS {
			continue
		}
		total, most := 0.0, math.Inf(1)
		for _, pair := range slices.Sorted(maps.Keys(net)) {
			held, l := math.Abs(net[pair]), a.limits[pair]
			if held != 0 && (held < l.PositionMin-hair || held > l.PositionMax+hair) {
				t.Errorf("%s at %d: a position of %g; the bounds are %g and %g", pair, f.TimeMS, held, l.PositionMin, l.PositionMax)
			}
			total, most = total+held*l.Weight, l.PortfolioMax
		}
		if total > most+hair {
			t.Errorf("at %d: positions weigh %g; the cap is %g", f.TimeMS, total, most)
		}
	}
}

// TestRebalancedOrdersKeepTheLimits: what the strategies of many pairs send at
// once they spread, under a narrow rate limit as under a cooldown of all pairs
// together.
func TestRebalancedOrdersKeepTheLimits(t *testing.T) {
	series := sample(t)
	for override, limit := range map[string]sim.Reason{"rate_limit.requests=3": sim.RateLimited, "rate_limit.requests=1": sim.RateLimited, "cooldown.scope=miner": sim.CooldownActive} {
		for _, s := range []sim.Strategy{
			&Momentum{Lookback: 288, Hold: 12, Placement: Placement{Direction: BothSides}},
			&CrossMomentum{Lookback: 288, Rebalance: 12, Number: 3, Within: Together, Placement: Placement{Direction: BothSides}},
		} {
			cfg := config(t, s, series...)
			cfg.Rules = loadRules(t, override)
			res := play(t, cfg)
			checkAccount(t, cfg.Rules, res)
			if len(res.Orders) < 100 {
				t.Errorf("%T: %d orders are too few to show anything", s, len(res.Orders))
			}
			for _, o := range res.Orders {
				if o.Reason == limit {
					t.Fatalf("%s: %T: an order at %d is rejected: %s", override, s, o.EmittedMS, limit)
				}
			}
		}
	}
}
