package scoring

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// plain is the documented set without recency weights and the rule of 60 days,
// so that a few days can be worked out by hand.
func plain(t testing.TB, name string) *rules.Set {
	set := ruleSet(t, name)
	set.Recency.Enabled = false
	set.Metrics.DaysMin = 0
	return set
}

// The documented metrics by hand, for the days 0.02, -0.01, 0.03, -0.02 and the
// drawdowns 2 %, 4 %, 6 %, 8 % (mean 5 %, largest 8 %), A = 365, rf = 0.0419:
//
//	mean = 0.02/4 = 0.005, a year 1.825, less rf 1.7831
//	deviations 0.015, -0.015, 0.025, -0.025: squares 2.25, 2.25, 6.25, 6.25 e-4,
//	population variance 17e-4/4 = 4.25e-4, volatility √(365·4.25e-4) = √0.155125
//	under ln(1.0419)/365 = 1.1e-4: -0.01 and -0.02: mean -0.015, variance 0.25e-4,
//	downside volatility √(365·0.25e-4) = √0.009125
//	sample deviation s = √(17e-4/3); t = 0.005/(s/√4) = 0.01/√(17e-4/3)
func TestDocumentedMetricsByHand(t *testing.T) {
	record := Record{Returns: []float64{.02, -.01, .03, -.02}, MDD: []float64{.98, .96, .94, .92}}
	tests := map[string]struct {
		set  *rules.Set
		want map[Metric]float64
	}{
		"February 2025": {plain(t, "ptn-2025-02"), map[Metric]float64{
			Calmar:                1.7831 / .08,
			Sharpe:                1.7831 / math.Sqrt(.155125),
			Omega:                 .05 / .03,
			Sortino:               1.7831 / math.Sqrt(.009125),
			StatisticalConfidence: .01 / math.Sqrt(.0017/3),
		}},
		"Calmar with the mean drawdown": {with(plain(t, "ptn-2025-02"), func(s *rules.Set) { s.Calmar.Drawdown = rules.DrawdownOfMean }), map[Metric]float64{
			Calmar: 1.7831 / .05,
		}},
		"Calmar without the risk-free rate": {with(plain(t, "ptn-2025-02"), func(s *rules.Set) { s.Calmar.RiskFree = false }), map[Metric]float64{
			Calmar: 1.825 / .08,
		}},
		"sample variance": {with(plain(t, "ptn-2024-12"), func(s *rules.Set) { s.Metrics.Variance = rules.VarianceSample }), map[Metric]float64{
			Sharpe:  1.7831 / math.Sqrt(365*.0017/3),
			Sortino: 1.7831 / math.Sqrt(365*.00005),
		}},
		// D = 5 %: upper (10-5)/5 = 1, so 182.5 % / 5 % in percent over percent.
		"December 2024": {plain(t, "ptn-2024-12"), map[Metric]float64{
			ReturnLong:  182.5 / 5,
			ReturnShort: 182.5 / 5,
		}},
		// Its mean is a plain one (Rules §10), whatever weighs the other metrics' days.
		"December 2024, with recency weights": {with(plain(t, "ptn-2024-12"), func(s *rules.Set) {
			s.Recency = rules.Recency{Enabled: true, Floor: .4, Decay: .08}
		}), map[Metric]float64{
			ReturnLong:  182.5 / 5,
			ReturnShort: 182.5 / 5,
		}},
		// D = 8 %: upper (10-8)/5 = 0.4; without the factor of 100.
		"December 2024, largest drawdown, unscaled": {with(plain(t, "ptn-2024-12"), func(s *rules.Set) {
			s.ReturnLong.Drawdown, s.ReturnLong.Scale = rules.DrawdownOfMax, 1
		}), map[Metric]float64{
			ReturnLong: 1.825 * .4 / 8,
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := Measure(test.set, record)
			for metric, want := range test.want {
				checkValue(t, metric.String(), got[metric], want)
			}
		})
	}
}

func with(set *rules.Set, change func(*rules.Set)) *rules.Set {
	change(set)
	return set
}

// The newest of two days weighs 1, the older w = 0.4 + 0.6·e^-0.08 =
// 0.95386980783198 (e^-0.08 = 0.923116346386636). For 0.01 and then 0.03:
//
//	mean = (0.01w + 0.03)/(w+1) = 0.0395386980783198/1.95386980783198
//	variance of two values a apart with weights w and 1: a²·w/(w+1)²
func TestRecencyWeighsTheNewestMost(t *testing.T) {
	const w = .95386980783198
	set := plain(t, "ptn-2025-02")
	set.Recency.Enabled = true
	got := Measure(set, Record{Returns: []float64{.01, .03}, MDD: []float64{.95}})
	mean := .0395386980783198 / 1.95386980783198
	checkValue(t, "calmar", got[Calmar], (365*mean-.0419)/.05)
	checkValue(t, "sharpe", got[Sharpe], (365*mean-.0419)/math.Sqrt(365*.0004*w/((w+1)*(w+1))))
	// No loss: W₋ = 0.01, the denominator 0.01: (0.01w + 0.03)·0.01/0.01.
	checkValue(t, "omega", got[Omega], .0395386980783198)
	// t is never weighted: mean 0.02, s = √2·0.01, t = 0.02/(√2·0.01/√2) = 2.
	checkValue(t, "statistical_confidence", got[StatisticalConfidence], 2)
}

func TestShortReturnLooksAtTheLastWeek(t *testing.T) {
	set := plain(t, "ptn-2024-12")
	record := Record{Returns: make([]float64, 30), MDD: make([]float64, 60)}
	for i := range record.Returns {
		record.Returns[i] = -1 // long ago, and so are the deep drawdowns
	}
	for i := range record.MDD {
		record.MDD[i] = .5
	}
	for i := range 7 {
		record.Returns[23+i] = .001
	}
	for i := range 14 {
		record.MDD[46+i] = .975
	}
	// 365·0.001 = 36.5 %; D = 2.5 %: 36.5/2.5 = 14.6.
	checkValue(t, "return_short", Measure(set, record)[ReturnShort], 14.6)
}

func TestMetricsAtTheirLimits(t *testing.T) {
	set := plain(t, "ptn-2025-02")
	days := []float64{.01, -.005, .01}
	tests := map[string]struct {
		record Record
		metric Metric
		want   float64
	}{
		"no day, no Calmar":                    {Record{MDD: []float64{.95}}, Calmar, 0},
		"no drawdown, no Calmar":               {Record{Returns: days, MDD: []float64{1, 1}}, Calmar, 0},
		"no checkpoint, no Calmar":             {Record{Returns: days}, Calmar, 0},
		"drawdown of 10 %, no Calmar":          {Record{Returns: days, MDD: []float64{.9}}, Calmar, 0},
		"drawdown of 0.5 %, no return":         {Record{Returns: days, MDD: []float64{.995}}, ReturnLong, 0},
		"drawdown of 10 %, no return":          {Record{Returns: days, MDD: []float64{.9}}, ReturnLong, 0},
		"one day, no Sharpe":                   {Record{Returns: days[:1]}, Sharpe, 0},
		"one losing day, no Sortino":           {Record{Returns: days}, Sortino, 0},
		"small volatility counts as 1 %":       {Record{Returns: []float64{.001, .001}}, Sharpe, (.365 - .0419) / .01},
		"small losses count as 1 %":            {Record{Returns: []float64{.01, -.001}}, Omega, 1},
		"one day, no confidence":               {Record{Returns: days[:1]}, StatisticalConfidence, -100},
		"days all but alike, no confidence":    {Record{Returns: []float64{.01, .0101}}, StatisticalConfidence, -100},
		"a day of exactly 0 is no gain":        {Record{Returns: []float64{0, 0}}, Omega, 0},
		"deviation of 1e-4 is just too little": {Record{Returns: []float64{1e-4, -1e-4}}, StatisticalConfidence, -100},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			checkValue(t, test.metric.String(), Measure(set, test.record)[test.metric], test.want)
		})
	}
}

func TestFewDaysHaveNoConfidence(t *testing.T) {
	set := ruleSet(t, "ptn-2025-02")
	record := Record{Returns: slices.Repeat([]float64{.01, -.005}, 29), MDD: []float64{.95}}
	few := Measure(set, Record{Returns: append(record.Returns, .01), MDD: record.MDD}) // 59
	for metric, want := range map[Metric]float64{Sharpe: -100, Omega: 0, Sortino: -100, StatisticalConfidence: -100} {
		checkValue(t, metric.String(), few[metric], want)
	}
	if few[Calmar].Or(0) <= 0 {
		t.Error("Calmar needs no 60 days")
	}
	enough := Measure(set, Record{Returns: append(record.Returns, .01, -.005), MDD: record.MDD}) // 60
	if enough[Sharpe].Or(-100) == -100 || enough[Omega].Or(0) == 0 {
		t.Error("60 days are enough for Sharpe and Omega")
	}
}

func TestDaysAlikeHaveNoStatistic(t *testing.T) {
	set := plain(t, "ptn-4.8.12")
	got := Measure(set, Record{Returns: []float64{.5, .5, .5}})[StatisticalConfidence]
	if x, known := got.Get(); known {
		t.Errorf("got %g, want none", x)
	}
	if text, _ := json.Marshal(got); string(text) != "null" {
		t.Errorf("got %s in JSON, want null", text)
	}
}

// Checkpoints end at 12:00 of day 1 (the first, partial), 24:00, and so on.
func TestDaysAreOfWholeCheckpoints(t *testing.T) {
	const half = dayMS / 2
	var checkpoints []sim.Checkpoint
	for i, accum := range []int64{half - 1, half, half, half, half, half, half / 2} {
		checkpoints = append(checkpoints, sim.Checkpoint{
			LastUpdateMS: int64(i+1) * half, AccumMS: accum, Gain: float64(int(1) << i), Loss: -.5,
		})
	}
	checkpoints[6].LastUpdateMS -= half / 2
	tests := map[string]struct {
		day  rules.Variant
		want []sim.Daily
	}{
		// Midnight to midnight: the first is short, days 2 and 3 are whole: 4+8-1, 16+32-1.
		"documented": {rules.Documented, []sim.Daily{{DateMS: dayMS, LogReturn: 11}, {DateMS: 2 * dayMS, LogReturn: 47}}},
		// By the end's date: 24:00 of day 1 and 12:00 of day 2 are day 2: 2+4-1, 8+16-1; the last two are not whole.
		"deployed": {rules.Deployed, []sim.Daily{{DateMS: dayMS, LogReturn: 5}, {DateMS: 2 * dayMS, LogReturn: 23}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := sim.Days(checkpoints, rules.Ledger{Checkpoint: half, Day: test.day})
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
