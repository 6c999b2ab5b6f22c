package scoring

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

var builds = []string{"5.4.0", "4.8.12"}

// openGolden reads the golden file of a kind and build into target.
func openGolden(t testing.TB, kind, build string, target any) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "golden", kind+"-"+build+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(zipped).Decode(target); err != nil {
		t.Fatal(err)
	}
}

// agrees reports whether got agrees with a golden value.
func agrees(got, want float64) bool {
	return math.Abs(got-want) <= max(1e-12, 1e-9*math.Abs(want))
}

// goldenValue is {"value": x}, where x may be "nan" or "inf".
type goldenValue struct{ x float64 }

func (g *goldenValue) UnmarshalJSON(data []byte) error {
	var wrapped struct{ Value json.RawMessage }
	if err := json.Unmarshal(data, &wrapped); err != nil {
		return err
	}
	switch string(wrapped.Value) {
	case `"nan"`:
		g.x = math.NaN()
	case `"inf"`:
		g.x = math.Inf(1)
	default:
		return json.Unmarshal(wrapped.Value, &g.x)
	}
	return nil
}

type goldenCheckpoint struct {
	LastUpdateMS int64 `json:"last_update_ms"`
	AccumMS      int64 `json:"accum_ms"`
	Gain         float64
	Loss         float64
	MDD          float64
}

type goldenMetrics struct {
	Cases []struct {
		ID          string
		Returns     []float64 `json:"daily_log_returns"`
		Checkpoints []goldenCheckpoint
		Expect      struct {
			Unweighted, Weighted map[string]goldenValue
			Risk                 goldenValue  `json:"risk_normalization"`
			Penalty              goldenValue  `json:"max_drawdown_threshold_penalty"`
			MaxDrawdown          *goldenValue `json:"max_drawdown"`
			Weights              []float64
		}
	}
}

func TestMetricsAgreeWithTheBuilds(t *testing.T) {
	for _, build := range builds {
		var golden goldenMetrics
		openGolden(t, "metrics", build, &golden)
		for _, c := range golden.Cases {
			t.Run(build+"/"+c.ID, func(t *testing.T) {
				set := ruleSet(t, "ptn-"+build)
				record, checkpoints := Record{Returns: c.Returns}, []sim.Checkpoint{}
				for _, g := range c.Checkpoints {
					record.MDD = append(record.MDD, g.MDD)
					checkpoints = append(checkpoints, sim.Checkpoint{LastUpdateMS: g.LastUpdateMS, AccumMS: g.AccumMS, Gain: g.Gain, Loss: g.Loss, MDD: g.MDD})
				}
				checkDays(t, sim.Days(checkpoints, set.Ledger), c.Returns)
				set.Recency.Enabled = false
				checkMetrics(t, set, record, c.Expect.Unweighted)
				if c.Expect.Weighted != nil {
					set.Recency.Enabled = true
					checkMetrics(t, set, record, c.Expect.Weighted)
				}
				checkRisk(t, build, set, record, c.Expect.Risk.x)
				check(t, "drawdown penalty", drawdownPenalty(set.DrawdownPenalty, record.MDD), c.Expect.Penalty.x)
				if c.Expect.MaxDrawdown != nil {
					check(t, "max_drawdown", worst(record.MDD), c.Expect.MaxDrawdown.x)
				}
				for i, w := range recencyWeights(set.Recency, len(c.Expect.Weights)) {
					check(t, fmt.Sprint("weight ", i), w, c.Expect.Weights[i])
				}
			})
		}
	}
}

// checkRisk: the later build divides by the drawdown and does no more.
func checkRisk(t *testing.T, build string, set *rules.Set, record Record, want float64) {
	t.Helper()
	risk := set.ReturnLong
	if build == "5.4.0" {
		risk.Drawdown, risk.DrawdownMin, risk.Ramp = rules.DrawdownOfMax, 0, 1e-9
	}
	check(t, "risk_normalization", riskNormalization(risk, record.MDD), want)
}

func checkDays(t *testing.T, days []sim.Daily, want []float64) {
	t.Helper()
	if len(days) != len(want) {
		t.Fatalf("%d days of the checkpoints, want %d", len(days), len(want))
	}
	for i, d := range days {
		check(t, fmt.Sprint("day ", i), d.LogReturn, want[i])
	}
}

// checkMetrics compares every metric; those named _bypass are without the rule
// of 60 days.
func checkMetrics(t *testing.T, set *rules.Set, record Record, want map[string]goldenValue) {
	t.Helper()
	bypassed := *set
	bypassed.Metrics.DaysMin = 0
	with, without := Measure(set, record), Measure(&bypassed, record)

	m := newMeasures(set, len(record.Returns))
	s := &sample{returns: record.Returns, weights: m.recency, year: set.Metrics, riskFreeDay: m.riskFreeDay}
	got := map[string]Value{"ann_excess_return": Known(s.annualExcess())}
	for _, metric := range AllMetrics() {
		name := metric.String()
		if metric == ReturnLong || metric == ReturnShort {
			name = "drawdown_adjusted_" + name
		}
		got[name], got[name+"_bypass"] = with[metric], without[metric]
	}
	for name, g := range want {
		switch name {
		case "ann_volatility":
			check(t, name, s.volatility(), g.x)
		case "ann_downside_volatility":
			check(t, name, s.downsideVolatility(), g.x)
		default:
			value, ok := got[name]
			if !ok {
				t.Fatalf("no metric is called %s", name)
			}
			checkValue(t, name, value, g.x)
		}
	}
}

func check(t *testing.T, name string, got, want float64) {
	t.Helper()
	if math.IsInf(want, 1) && math.IsInf(got, 1) {
		return
	}
	if !agrees(got, want) {
		t.Errorf("%s: got %.17g, want %.17g", name, got, want)
	}
}

// checkValue wants an unknown value where the build answers NaN.
func checkValue(t *testing.T, name string, got Value, want float64) {
	t.Helper()
	x, known := got.Get()
	if math.IsNaN(want) {
		if known {
			t.Errorf("%s: got %g, want none", name, x)
		}
		return
	}
	if !known {
		t.Errorf("%s: got none, want %g", name, want)
		return
	}
	check(t, name, x, want)
}

type goldenScoring struct {
	Cases []struct {
		ID     string
		Expect struct {
			Metrics       map[string]map[string]float64
			MetricWeights map[string]float64 `json:"metric_weights"`
			Penalties     map[string]float64
			Combined      map[string]float64
			Weights       map[string]float64
			Challenge     *struct {
				Main      []string
				Inspected map[string]struct {
					Passes  bool    `json:"passes_criteria"`
					Beyond  bool    `json:"beyond_max_drawdown"`
					Percent float64 `json:"drawdown_percent"`
				}
			}
		}
	}
}

// populations reads the populations of a golden scoring file through the
// command's own reader.
func populations(t testing.TB, build string) []Population {
	var file struct{ Cases []json.RawMessage }
	openGolden(t, "scoring", build, &file)
	var all []Population
	for _, raw := range file.Cases {
		p, err := ReadPopulation(strings.NewReader(string(raw)), "")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestPopulationsAgreeWithTheBuilds(t *testing.T) {
	for _, build := range builds {
		var golden goldenScoring
		openGolden(t, "scoring", build, &golden)
		set := ruleSet(t, "ptn-"+build)
		for i, population := range populations(t, build) {
			expect := golden.Cases[i].Expect
			t.Run(build+"/"+golden.Cases[i].ID, func(t *testing.T) {
				standing, err := Score(set, population)
				if err != nil {
					t.Fatal(err)
				}
				if len(standing.Miners) != len(expect.Weights) {
					t.Fatalf("%d miners, want %d", len(standing.Miners), len(expect.Weights))
				}
				for _, m := range standing.Miners {
					for name, metric := range metricsByName() {
						if want, ok := expect.Metrics[name][m.ID]; ok {
							checkValue(t, m.ID+" "+name, m.Metrics[metric], want)
							check(t, name+" weight", metric.Weight(set.Weights), expect.MetricWeights[name])
						}
					}
					check(t, m.ID+" penalty", m.Penalties.Total, expect.Penalties[m.ID])
					check(t, m.ID+" combined", m.Score.Or(math.NaN()), expect.Combined[m.ID])
					check(t, m.ID+" weight", m.Weight, expect.Weights[m.ID])
				}
			})
		}
	}
}

// metricsByName has the names of both builds.
func metricsByName() map[string]Metric {
	names := map[string]Metric{"sharpe_ratio": Sharpe}
	for _, m := range AllMetrics() {
		names[m.String()] = m
	}
	return names
}

func TestChallengesAgreeWithTheBuild(t *testing.T) {
	var golden goldenScoring
	openGolden(t, "scoring", "5.4.0", &golden)
	set := ruleSet(t, "ptn-5.4.0")
	inspected := 0
	for i, population := range populations(t, "5.4.0") {
		challenge := golden.Cases[i].Expect.Challenge
		if challenge == nil {
			continue
		}
		for j := range population.Miners {
			miner := &population.Miners[j]
			if _, ok := challenge.Inspected[miner.ID]; ok {
				miner.State = StateChallenge
				miner.ChallengeStartMS = population.EvaluationMS
			}
		}
		standing, err := Score(set, population)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range standing.Miners {
			want, ok := challenge.Inspected[m.ID]
			if !ok {
				continue
			}
			inspected++
			verdict := sim.ChallengeRunning
			switch {
			case want.Beyond:
				verdict = sim.ChallengeFailed
			case want.Passes:
				verdict = sim.ChallengePassed
			}
			if m.Challenge.Verdict != verdict {
				t.Errorf("%s %s: got %s (%s), want %s", golden.Cases[i].ID, m.ID, m.Challenge.Verdict, m.Challenge.Reason, verdict)
			}
			if got := math.Round(1e4*m.Challenge.Drawdown) / 100; got != want.Percent {
				t.Errorf("%s %s: drawdown %g %%, want %g %%", golden.Cases[i].ID, m.ID, got, want.Percent)
			}
		}
	}
	if inspected != 17 {
		t.Errorf("%d challengers in the file, want 17", inspected)
	}
}

// named is ["m0", 0.25] in a golden list of scores.
type named struct {
	id string
	x  float64
}

func (n *named) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&n.id, &n.x})
}

type goldenPositions struct {
	Scenarios []struct {
		ID     string
		Events []struct {
			Pair      string
			OrderType string `json:"order_type"`
			Leverage  float64
			TimeMS    int64 `json:"t_ms"`
			Price     float64
			Result    struct {
				Accepted      bool
				Effective     float64 `json:"effective_leverage"`
				Index         int     `json:"position_index"`
				ReturnAtClose float64 `json:"return_at_close"`
				Closed        bool
			}
		}
		Score   float64 `json:"martingale_score"`
		Penalty float64 `json:"martingale_penalty"`
	}
	Softmax, Percentiles []struct{ Scores, Expect []named }
	Sigmoid              [][4]float64
}

func TestMartingaleAgreesWithTheBuilds(t *testing.T) {
	orderTypes := map[string]sim.OrderType{"LONG": sim.Long, "SHORT": sim.Short, "FLAT": sim.Flat}
	for _, build := range builds {
		var golden goldenPositions
		openGolden(t, "positions", build, &golden)
		set := ruleSet(t, "ptn-"+build)
		for _, scenario := range golden.Scenarios {
			var positions []sim.PositionRecord
			for _, e := range scenario.Events {
				if !e.Result.Accepted {
					continue
				}
				if e.Result.Index == len(positions) {
					positions = append(positions, sim.PositionRecord{Pair: e.Pair, OpenMS: e.TimeMS})
				}
				p := &positions[e.Result.Index]
				p.Fills = append(p.Fills, sim.Fill{Type: orderTypes[e.OrderType], Leverage: e.Result.Effective, Price: e.Price, TimeMS: e.TimeMS})
				p.ReturnAtClose, p.Closed = e.Result.ReturnAtClose, e.Result.Closed
			}
			score := MartingaleScore(set.Martingale, positions) // of all, judged or not
			check(t, build+" "+scenario.ID+" score", score, scenario.Score)
			check(t, build+" "+scenario.ID+" penalty", martingalePenalty(set.Martingale, score), scenario.Penalty)
		}
	}
}

func TestRankingAgreesWithTheBuilds(t *testing.T) {
	for _, build := range builds {
		var golden goldenPositions
		openGolden(t, "positions", build, &golden)
		set := ruleSet(t, "ptn-"+build)
		for _, c := range golden.Softmax {
			for i, got := range Softmax(numbers(c.Scores), set.Competition.SoftmaxTemperature) {
				check(t, build+" softmax", got, c.Expect[i].x)
			}
		}
		for _, c := range golden.Percentiles {
			expect := map[string]float64{}
			for _, n := range c.Expect {
				expect[n.id] = n.x
			}
			for i, got := range Percentiles(set.Competition.Percentiles, numbers(c.Scores)) {
				check(t, build+" percentile", got, expect[c.Scores[i].id])
			}
		}
		for _, v := range golden.Sigmoid {
			check(t, build+" sigmoid", sigmoid(v[0], v[1], v[2], set.Martingale.ExponentMax), v[3])
		}
	}
}

func numbers(list []named) []float64 {
	xs := make([]float64, len(list))
	for i, n := range list {
		xs[i] = n.x
	}
	return xs
}
