package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// decoded is a document as another program sees it.
func decoded(t *testing.T, d *Document) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(d.Encode(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestDocumentFieldNames compares with the list of docs/design.md, "Files that
// other programs read and write": those names are promised.
func TestDocumentFieldNames(t *testing.T) {
	promised := map[string]string{
		"": "schema ptnsim digest rules dataset from to strategy params seed final_return max_drawdown days daily " +
			"checkpoints orders positions metrics penalties elimination challenge warnings",
		"daily":            "date log_return",
		"checkpoints":      "last_update_ms accum_ms open_ms gain loss mdd mpv prev_portfolio_ret carry_fee_loss spread_fee_loss",
		"orders":           "emitted_ms filled_ms pair order_type leverage effective_leverage price slippage outcome reason warnings",
		"positions":        "pair open_ms close_ms closed net_leverage average_entry_price current_return return_at_close carry_factor transaction_factor orders",
		"positions.orders": "order_type leverage price slippage t_ms",
		"metrics":          "calmar sharpe omega sortino statistical_confidence",
		"penalties":        "drawdown martingale total",
		"elimination":      "time_ms reason drawdown pair price",
		"challenge":        "days days_needed drawdown verdict reason",
	}
	// Beyond the promised ones only these, documented with the types.
	extra := map[string]string{
		"":          "evaluation_ms as fill latency_ms max_drawdown_run window_from counts costs strategy_sha256 causality",
		"metrics":   "return_long return_short",
		"challenge": "start_ms",
	}
	run := played(t, 3, 6, nil)
	run.Result.Elimination = &sim.Elimination{Reason: sim.Liquidated}
	whole := decoded(t, NewDocument(run))
	for at, names := range promised {
		object := whole
		if at != "" {
			var value any = whole
			for _, key := range strings.Split(at, ".") {
				value = value.(map[string]any)[key]
				if list, ok := value.([]any); ok {
					value = list[0]
				}
			}
			object = value.(map[string]any)
		}
		want := slices.Sorted(slices.Values(append(strings.Fields(names), strings.Fields(extra[at])...)))
		if got := slices.Sorted(maps.Keys(object)); !slices.Equal(got, want) {
			t.Errorf("%q has the fields\n%v, want\n%v", at, got, want)
		}
	}
}

// TestDocumentMetricsAreAll keeps the metrics' struct in step with the list.
func TestDocumentMetricsAreAll(t *testing.T) {
	var names []string
	for i := range reflect.TypeFor[DocumentMetrics]().NumField() {
		names = append(names, reflect.TypeFor[DocumentMetrics]().Field(i).Tag.Get("json"))
	}
	var m scoring.Metrics
	for i, metric := range scoring.AllMetrics() {
		m[metric] = scoring.Known(float64(i + 1))
		if names[i] != metric.String() {
			t.Errorf("field %d is %s, the metric %s", i, names[i], metric)
		}
	}
	d := documentMetrics(m)
	if back := d.metrics(); back != m {
		t.Errorf("%v became %v", m, back)
	}
}

func TestDocumentIsReadBack(t *testing.T) {
	for name, run := range map[string]*Run{
		"played": played(t, 5, 6, nil), "handmade": handmade(t, rules.Default), "eliminated": eliminated(t),
	} {
		t.Run(name, func(t *testing.T) {
			d := NewDocument(run)
			text := d.Encode()
			back, err := ParseDocument(text)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(back, d) {
				t.Errorf("read %+v\nwrote %+v", back, d)
			}
			if again := back.Encode(); !bytes.Equal(again, text) {
				t.Error("written again it has other bytes")
			}
		})
	}
}

func TestDocumentNumbers(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {1, "1"}, {-0.1, "-0.1"}, {1.0 / 3, "0.3333333333333333"},
		{1e-6, "0.000001"}, {1.5e-7, "1.5e-7"}, {1e-12, "1e-12"}, {1e20, "100000000000000000000"}, {1e21, "1e+21"},
		{5e-324, "5e-324"}, {math.MaxFloat64, "1.7976931348623157e+308"},
		{math.NaN(), "null"}, {math.Inf(1), "null"}, {math.Inf(-1), "null"},
	} {
		var e encoder
		e.number(c.x)
		if string(e.out) != c.want {
			t.Errorf("%v is %s, want %s", c.x, e.out, c.want)
		}
		if c.want != "null" {
			var back float64
			if err := json.Unmarshal(e.out, &back); err != nil || back != c.x {
				t.Errorf("%s reads back as %v, %v, want %v", e.out, back, err, c.x)
			}
		}
	}
}

func TestDocumentHasNullForWhatDoesNotExist(t *testing.T) {
	run := handmade(t, rules.Default)
	run.Result.Orders[0].Leverage = math.NaN()
	run.Result.FinalReturn = math.Inf(1)
	run.Assessment.Metrics[scoring.Sharpe] = scoring.Value{}
	run.Assessment.Penalties.Martingale = scoring.Value{}
	run.Result.Elimination = &sim.Elimination{Reason: sim.FailedChallengeTime}
	d := decoded(t, NewDocument(run))
	rejected := d["orders"].([]any)[3].(map[string]any)
	for at, value := range map[string]any{
		"orders[0].leverage":           d["orders"].([]any)[0].(map[string]any)["leverage"],
		"orders[3].filled_ms":          rejected["filled_ms"],
		"orders[3].effective_leverage": rejected["effective_leverage"],
		"orders[3].price":              rejected["price"],
		"orders[3].slippage":           rejected["slippage"],
		"final_return":                 d["final_return"],
		"metrics.sharpe":               d["metrics"].(map[string]any)["sharpe"],
		"penalties.martingale":         d["penalties"].(map[string]any)["martingale"],
		"positions[1].close_ms":        d["positions"].([]any)[1].(map[string]any)["close_ms"],
		"elimination.pair":             d["elimination"].(map[string]any)["pair"],
		"elimination.price":            d["elimination"].(map[string]any)["price"],
		"challenge.start_ms":           d["challenge"].(map[string]any)["start_ms"],
	} {
		if value != nil {
			t.Errorf("%s is %v, want null", at, value)
		}
	}
	if again := decoded(t, NewDocument(handmade(t, rules.Default)))["elimination"]; again != nil {
		t.Errorf("elimination is %v, want null", again)
	}
}

// TestDocumentCounts: the figures of the handmade run, see the summary's test.
func TestDocumentCounts(t *testing.T) {
	d := NewDocument(handmade(t, rules.Default))
	want := Counts{Orders: 7, Accepted: 2, Clamped: 1, Rejected: 3, Ignored: 1, Reasons: []ReasonCount{
		{sim.CooldownActive, 2}, {sim.MaxPortfolioLeverage, 1}, {sim.NoPosition, 1},
	}}
	if !reflect.DeepEqual(d.Counts, want) {
		t.Errorf("counts %+v, want %+v", d.Counts, want)
	}
	for _, c := range []struct{ got, want float64 }{
		{d.Costs.Carry, 0.0298}, {d.Costs.TransactionFee, 0.001}, {d.Costs.SlippageEstimate, 0.0005},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("cost %v, want %v", c.got, c.want)
		}
	}
}

// TestDocumentFeedsScore: a result's ledger is an input of the command score.
func TestDocumentFeedsScore(t *testing.T) {
	run := played(t, 70, 6, nil)
	population, err := scoring.ReadPopulation(bytes.NewReader(NewDocument(run).Encode()), "me")
	if err != nil {
		t.Fatal(err)
	}
	standing, err := scoring.Score(run.Rules.Set, population)
	if err != nil {
		t.Fatal(err)
	}
	got := standing.Miners[0].Assessment
	if got.Metrics != run.Assessment.Metrics || got.Penalties != run.Assessment.Penalties || got.Days != run.Assessment.Days {
		t.Errorf("score says %+v, the run %+v", got, run.Assessment)
	}
}

// TestDigestIsOfTheDocumentedBytes computes the digest as its documentation
// says, by text, from the file.
func TestDigestIsOfTheDocumentedBytes(t *testing.T) {
	d := NewDocument(played(t, 3, 6, nil))
	text := string(d.Encode())
	empty := func(key string) {
		_, after, _ := strings.Cut(text, "\n\""+key+"\":\"")
		value, _, _ := strings.Cut(after, "\"")
		text = strings.Replace(text, "\n\""+key+"\":\""+value+"\"", "\n\""+key+"\":\"\"", 1)
	}
	empty("ptnsim")
	empty("digest")
	before, after, _ := strings.Cut(text, "\n\"dataset\":[")
	dataset, after, _ := strings.Cut(after, "\n]")
	dataset = regexp.MustCompile(`"(file|sha256|note|doubts)":"[^"]*"`).ReplaceAllString(dataset, `"$1":""`)
	dataset = regexp.MustCompile(`"(rows|first_ms|last_ms)":[0-9]+`).ReplaceAllString(dataset, `"$1":0`)
	text = before + "\n\"dataset\":[" + dataset + "\n]" + after
	// The sentences of the challenge and of the run; these orders have none.
	before, after, _ = strings.Cut(text, "\"reason\":\""+d.Challenge.Reason+"\"")
	text = before + "\"reason\":\"\"" + after
	text = regexp.MustCompile(`(?s)\n"warnings":\[.*\]`).ReplaceAllString(text, "\n\"warnings\":[]")
	sum := sha256.Sum256([]byte(text))
	if want := "sha256:" + hex.EncodeToString(sum[:]); d.Digest != want {
		t.Errorf("digest %s, of the bytes %s", d.Digest, want)
	}
}

func TestDigestCoversTheRunAndItsOutcome(t *testing.T) {
	change := map[string]func(*Run){
		"rules": func(r *Run) {
			other, err := rules.Load(rules.Default, rules.WithOverride("drawdown.limit=0.2"))
			if err != nil {
				t.Fatal(err)
			}
			r.Rules = other
		},
		"strategy":        func(r *Run) { r.Strategy = "other" },
		"param's value":   func(r *Run) { r.Params[0].Value = "21" },
		"params' order":   func(r *Run) { slices.Reverse(r.Params) },
		"strategy's file": func(r *Run) { r.Source = "ff" },
		"seed":            func(r *Run) { r.Seed++ },
		"as":              func(r *Run) { r.As = sim.InChallenge },
		"fill":            func(r *Run) { r.Fill = sim.FillLastClose },
		"latency":         func(r *Run) { r.LatencyMS++ },
		"from":            func(r *Run) { r.Result.FromMS++ },
		"to":              func(r *Run) { r.Result.ToMS++ },
		"final return":    func(r *Run) { r.Result.FinalReturn = math.Nextafter(r.Result.FinalReturn, 2) },
		"drawdown":        func(r *Run) { r.Result.MaxDrawdown = math.Nextafter(r.Result.MaxDrawdown, 1) },
		"daily":           func(r *Run) { r.Result.Daily[0].LogReturn *= 2 },
		"checkpoint":      func(r *Run) { r.Result.Checkpoints[1].Gain *= 2 },
		"window":          func(r *Run) { r.Result.WindowFrom++ },
		"order":           func(r *Run) { r.Result.Orders[0].EmittedMS++ },
		"order's reason":  func(r *Run) { r.Result.Orders[1].Reason = sim.NoPrice },
		"position":        func(r *Run) { r.Result.Positions[0].ReturnAtClose *= 2 },
		"fill's price":    func(r *Run) { r.Result.Positions[0].Fills[0].Price *= 2 },
		"metric":          func(r *Run) { r.Assessment.Metrics[scoring.Omega] = scoring.Known(9) },
		"days":            func(r *Run) { r.Assessment.Days++ },
		"candles":         func(r *Run) { r.Dataset[1].Content = "ff" },
		"another pair":    func(r *Run) { r.Dataset = r.Dataset[:1] },
		"penalty":         func(r *Run) { r.Assessment.Penalties.Total /= 2 },
		"elimination":     func(r *Run) { r.Result.Elimination = &sim.Elimination{Reason: sim.Liquidated} },
		"challenge":       func(r *Run) { r.Result.Challenge.Verdict = sim.ChallengePassed },
	}
	want := Digest(played(t, 3, 6, nil))
	seen := map[string]string{want: "nothing"}
	for _, name := range slices.Sorted(maps.Keys(change)) {
		run := played(t, 3, 6, nil)
		change[name](run)
		got := Digest(run)
		if same, ok := seen[got]; ok {
			t.Errorf("the digest is the same with %s and with %s changed", same, name)
		}
		seen[got] = name
	}
}

func TestDigestLeavesOutWhatIsNoOutcome(t *testing.T) {
	for name, change := range map[string]func(*Run){
		"nothing":     func(*Run) {},
		"version":     func(r *Run) { r.Version = "2.0" },
		"files":       func(r *Run) { r.Dataset[0].File, r.Dataset[0].SHA256 = "other.arrow", "ff" },
		"curve":       func(r *Run) { r.Curve = nil },
		"warning":     func(r *Run) { r.Result.Warnings = append(r.Result.Warnings, "w") },
		"of an order": func(r *Run) { r.Result.Orders[0].Warnings = []string{"w"} },
		"sentence":    func(r *Run) { r.Result.Challenge.Reason = "in other words" },
		"description": func(r *Run) { r.Rules.Set.Description = "in other words" },
		"causality":   func(r *Run) { r.Causality = &Causality{Points: 24} },
	} {
		run := played(t, 3, 6, nil)
		change(run)
		if got, want := Digest(run), Digest(played(t, 3, 6, nil)); got != want {
			t.Errorf("%s changes the digest to %s from %s", name, got, want)
		}
	}
}

// TestDigestOfTheRulesOfTheFolder: what rules.yaml says is the same set to the
// digest as the one that was inherited and overridden.
func TestDigestOfTheRulesOfTheFolder(t *testing.T) {
	inherited, err := rules.Load("ptn-5.4.0", rules.WithOverride("drawdown.limit=0.2"))
	if err != nil {
		t.Fatal(err)
	}
	complete, err := rules.Parse(RulesFile, rules.Marshal(inherited.Set))
	if err != nil {
		t.Fatal(err)
	}
	run := handmade(t, rules.Default)
	run.Rules = inherited
	want := Digest(run)
	run.Rules = complete
	if got := Digest(run); got != want {
		t.Errorf("digest %s, with the inherited rules %s", got, want)
	}
}

func TestReadDocumentRefuses(t *testing.T) {
	text := string(NewDocument(handmade(t, rules.Default)).Encode())
	edit := func(old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("the text has no %q", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":           {"", "no valid JSON"},
		"cut off":         {text[:len(text)/2], "no valid JSON"},
		"no object":       {"[1]", "expected struct"},
		"another file":    {`{"a":1}`, "schema is missing"},
		"another version": {edit("ptnsim-result-3", "ptnsim-result-7"), `schema is "ptnsim-result-7", expected "ptnsim-result-3"`},
		"unknown field":   {edit(`"seed":`, `"sead":`), `unknown field "sead"`},
		"a wrong type":    {edit(`"latency_ms":0`, `"latency_ms":"0"`), "latency_ms is a string, expected int64"},
		"an edited value": {edit(`"final_return":1.1`, `"final_return":2.1`), "edited or is damaged"},
		"a missing value": {edit("\"final_return\":1.1,\n", ""), "edited or is damaged"},
		"more behind":     {text + "{}", "invalid character"},
		"a bad time":      {edit(`"from":"2025-01-01T00:00:00Z"`, `"from":"yesterday"`), `from is "yesterday", expected a time`},
		"from after to":   {edit(`"from":"2025-01-01`, `"from":"2026-01-01`), "expected an earlier and a later time"},
		"no such side":    {edit(`"as":"main"`, `"as":"both"`), `as is "both", expected main or challenge`},
		"no such window":  {edit(`"window_from":0`, `"window_from":9`), "window_from is 9"},
		"a param twice":   {edit(`"slow":"50"`, `"fast":"50"`), "params.fast: expected one text"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), ResultFile)
			if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := ReadDocument(path)
			if !errors.Is(err, ErrDocument) || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), path) {
				t.Errorf("error %v, want one of %s that says %q", err, path, c.want)
			}
		})
	}
	if _, err := ReadDocument(filepath.Join(t.TempDir(), "none.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want that the file is not there", err)
	}
}

// FuzzParseDocument: whatever is refused says so as an error of its kind, and
// whatever has the shape of a document and its right digest is read back to the
// same bytes.
func FuzzParseDocument(f *testing.F) {
	for _, run := range []*Run{handmade(f, rules.Default), eliminated(f)} {
		d := NewDocument(run)
		d.Rules.Text = "name: short" // rule files have a fuzz test of their own
		f.Add(d.Encode())
	}
	f.Add([]byte(`{"schema":"ptnsim-result-3"}`))
	f.Add([]byte(`{"schema":"ptnsim-result-3","params":{"a":"b","a":null}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := ParseDocument(text); err != nil && !errors.Is(err, ErrDocument) {
			t.Fatalf("%v is no ErrDocument", err)
		}
		var d Document
		if json.Unmarshal(text, &d) != nil {
			return
		}
		d.Schema = Schema
		text = d.Encode()
		back, err := ParseDocument(text)
		if err != nil {
			if d.check() == nil {
				t.Fatalf("%v of\n%s", err, text)
			}
			return
		}
		if again := back.Encode(); !bytes.Equal(again, text) {
			t.Fatalf("wrote\n%s\nthen\n%s", text, again)
		}
		back.result() // must not panic, whatever it says
	})
}

// BenchmarkDocument makes and encodes the result.json of 10 000 orders and 700
// checkpoints, digest included.
func BenchmarkDocument(b *testing.B) {
	run := played(b, 30, 6, nil, "elimination.main=false")
	res := run.Result
	for len(res.Orders) < 10_000 {
		res.Orders = append(res.Orders, res.Orders...)
	}
	for len(res.Positions) < 5_000 {
		res.Positions = append(res.Positions, res.Positions...)
	}
	for len(res.Checkpoints) < 700 {
		res.Checkpoints = append(res.Checkpoints, res.Checkpoints...)
	}
	res.Orders, res.Positions, res.Checkpoints = res.Orders[:10_000], res.Positions[:5_000], res.Checkpoints[:700]
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		size = len(NewDocument(run).Encode())
	}
	b.SetBytes(int64(size))
}
