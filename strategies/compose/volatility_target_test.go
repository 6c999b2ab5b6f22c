package compose

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// jumping makes minutes whose closes alternate between 1000 and 1000 times a
// factor: every log return is the factor's, up or down.
func jumping(i int, factor float64) float64 {
	if i%2 == 1 {
		return 1000 * factor
	}
	return 1000
}

// TestScaleIsTargetOverRealised. Minutes that alternate between 1000 and 1010 have
// log returns of ±ln 1.01 each, so that their squares sum to ln² 1.01 a minute: a
// volatility of ln 1.01 · √525600 = 7.214 a year. A target of 3.6 scales by 0.499.
// At minute 60 the last 30 minutes have alternated between 1000 and 1020 (ln 1.02 ·
// √525600 = 14.36): the scale is 0.2508. At 120 they are 1 % apart again, but the
// scale of that moment, 0.499, is not reckoned before 180.
func TestScaleIsTargetOverRealised(t *testing.T) {
	series := candlesOf(t, "BTCUSD", minuteMS, 240, func(i int) float64 {
		if 20 <= i && i < 70 {
			return jumping(i, 1.02)
		}
		return jumping(i, 1.01)
	})
	guest := &actor{does: map[int]func(*sim.Context){0: func(*sim.Context) {}, 30: long("BTCUSD", 0.2), 130: short("BTCUSD", 0.1)}}
	s := &VolatilityTarget{Of: guest, Target: 3.6, Least: 0.1, Most: 2, WindowMS: 30 * minuteMS, IntervalMS: minuteMS, RebalanceMS: hourMS, Band: 0.1}
	res := play(t, config(t, s, series))
	perYear := math.Sqrt(365 * 24 * 60)
	wild, calm := 3.6/(math.Log(1.02)*perYear), 3.6/(math.Log(1.01)*perYear)
	want := []struct {
		minute int64
		change float64
	}{
		{30, 0.2 * 1},              // no scale yet: at minute 0 there was no candle
		{60, 0.2*wild - 0.2},       // minutes 30 to 60
		{120, 0.2*calm - 0.2*wild}, // minutes 90 to 120
		{130, -0.1 * calm},         // the guest's change, at the scale of 120
	}
	if len(res.Orders) != len(want) {
		t.Fatalf("orders %v", orders(res))
	}
	for i, w := range want {
		o := res.Orders[i]
		if o.EmittedMS != start+w.minute*minuteMS || math.Abs(o.EffectiveLeverage-w.change) > 1e-12 {
			t.Errorf("order %d: %s; want a change of %.6f at %d", i, orders(res)[i], w.change, w.minute)
		}
	}
}

// TestScaleStaysWithinItsBandAndBounds: from jumps of 1 % to jumps of 1.08 % the
// volatility rises by 7.96 %, the scale falls by 7.4 %, less than a band of 10 %;
// with a band of 5 % it follows. The bounds hold whatever the volatility.
func TestScaleStaysWithinItsBandAndBounds(t *testing.T) {
	series := candlesOf(t, "BTCUSD", minuteMS, 200, func(i int) float64 {
		if i < 65 {
			return jumping(i, 1.01)
		}
		return jumping(i, 1.0108)
	})
	perYear := math.Sqrt(365 * 24 * 60)
	before, after := 3.6/(math.Log(1.01)*perYear), 3.6/(math.Log(1.0108)*perYear)
	for _, c := range []struct {
		name              string
		band, least, most float64
		want              []float64 // changes at 61 and 120
	}{
		{"within the band", 0.1, 0.1, 2, []float64{0.2 * before}},
		{"beyond the band", 0.05, 0.1, 2, []float64{0.2 * before, 0.2*after - 0.2*before}},
		{"at the least", 0, 0.8, 2, []float64{0.16}},
		{"at the most", 0, 0.1, 0.3, []float64{0.06}},
	} {
		t.Run(c.name, func(t *testing.T) {
			guest := &actor{does: map[int]func(*sim.Context){61: long("BTCUSD", 0.2)}}
			s := &VolatilityTarget{Of: guest, Target: 3.6, Least: c.least, Most: c.most, WindowMS: 30 * minuteMS, IntervalMS: minuteMS, RebalanceMS: hourMS, Band: c.band}
			res := play(t, config(t, s, series))
			if len(res.Orders) != len(c.want) {
				t.Fatalf("orders %v, want %d", orders(res), len(c.want))
			}
			for i, want := range c.want {
				if got := res.Orders[i].EffectiveLeverage; math.Abs(got-want) > 1e-12 {
					t.Errorf("change %d is %.9f, want %.9f", i, got, want)
				}
			}
		})
	}
}

// TestUsualTargetsFollowTheClass: a market that stood still has the largest scale,
// one with too few candles the scale 1.
func TestUsualTargetsFollowTheClass(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){65: both(long("BTCUSD", 0.02), long("EURUSD", 0.2))}}
	s := &VolatilityTarget{Of: guest, Least: 0.25, Most: 3, WindowMS: dayMS, IntervalMS: minuteMS, RebalanceMS: hourMS, Band: 0.1}
	still := candlesOf(t, "EURUSD", minuteMS, 90, func(int) float64 { return 1000 })
	// ln 1.01 · √525600 = 7.2138 a year; the usual 0.6 of crypto would scale by 0.083.
	res := play(t, config(t, s, candlesOf(t, "BTCUSD", minuteMS, 90, func(i int) float64 { return jumping(i, 1.01) }), still))
	checkLines(t, orders(res), []string{"65: LONG EURUSD 0.6 at 65 for 1000"})
	if !slices.Contains(res.Warnings, "BTCUSD: a target is below the smallest position, 0.01: the account holds none then") { // 0.25 · 0.02 = 0.005
		t.Errorf("warnings %v", res.Warnings)
	}
}

// TestUsualVolatilityIsTheRuleSets, for what the rule set has one for. Rules §7.
func TestUsualVolatilityIsTheRuleSets(t *testing.T) {
	defaults := loadRules(t).Liquidity.Defaults
	for _, pair := range market.Pairs() {
		group := pair.Class.String()
		if pair.Metal() {
			group = "metals"
		}
		if d, ok := defaults[group]; ok && usualVolatility(pair) != d.VolatilityAnnual {
			t.Errorf("%s: %g, of %s %g", pair.ID, usualVolatility(pair), group, d.VolatilityAnnual)
		}
	}
	s := build(t, "volatility-target").(*VolatilityTarget)
	play(t, config(t, s, minutes(t, "XAUUSD", 9), minutes(t, "NVDA", 9), minutes(t, "EURUSD", 9), minutes(t, "BTCUSD", 9)))
	for i, want := range []float64{0.16, 0.35, 0.08, 0.6} {
		if p := s.scaled[i]; p.target != want {
			t.Errorf("%s: a target of %g, want %g", p.feed.Pair(), p.target, want)
		}
	}
}

// TestHourlyReturnsWhereTheRunAllowsThem, else those of the run's candles.
func TestHourlyReturnsWhereTheRunAllowsThem(t *testing.T) {
	for interval, want := range map[int64]int64{minuteMS: hourMS, 15 * minuteMS: hourMS, hourMS: hourMS, 4 * hourMS: 4 * hourMS, 7 * minuteMS: 7 * minuteMS} {
		s := unscaled(&actor{})
		play(t, config(t, s, candlesOf(t, "BTCUSD", interval, 3, func(int) float64 { return 1000 })))
		if got := s.scaled[0].feed.Candles().IntervalMS(); got != want {
			t.Errorf("candles of %d ms: returns of %d ms, want %d", interval, got, want)
		}
	}
}

func TestVolatilityTargetRefuses(t *testing.T) {
	for change, want := range map[string]func(*VolatilityTarget){
		"of: found no strategy":              func(s *VolatilityTarget) { s.Of = nil },
		"target: found NaN":                  func(s *VolatilityTarget) { s.Target = math.NaN() },
		"least: found 2":                     func(s *VolatilityTarget) { s.Least = 2 },
		"least, most: found -1 and 1":        func(s *VolatilityTarget) { s.Least = -1 },
		"window, rebalance, interval: found": func(s *VolatilityTarget) { s.RebalanceMS = 0 },
		"band: found 2":                      func(s *VolatilityTarget) { s.Band = 2 },
		"fast: found 5; expected less than":  func(s *VolatilityTarget) { s.Of = build(t, "crossover"); breakIt(s.Of) },
	} {
		s := unscaled(&actor{})
		want(s)
		if _, err := sim.Run(context.Background(), config(t, s, minutes(t, "BTCUSD", 3))); err == nil || !strings.Contains(err.Error(), change) {
			t.Errorf("got %v, want %s", err, change)
		}
	}
}
