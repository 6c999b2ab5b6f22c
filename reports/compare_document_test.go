package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// parsed is a comparison's JSON as another program sees it.
func parsed(t testing.TB, c *Compare) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(c.Encode(), &out); err != nil {
		t.Fatalf("%v in\n%s", err, c.Encode())
	}
	return out
}

// at walks down an object by keys and indices.
func at(t testing.TB, value any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := value.(map[string]any)
			if !ok {
				t.Fatalf("%v: no object, but %v", path, value)
			}
			if value, ok = object[step]; !ok {
				t.Fatalf("%v: no %q in %v", path, step, slices.Sorted(maps.Keys(object)))
			}
		case int:
			value = value.([]any)[step]
		}
	}
	return value
}

func TestCompareJSON(t *testing.T) {
	whole := parsed(t, attributed(t))
	for _, c := range []struct {
		path []any
		want any
	}{
		{[]any{"schema"}, CompareSchema}, {[]any{"ptnsim"}, "1.0"}, {[]any{"name"}, "subnet.yaml"},
		{[]any{"from"}, "2025-01-01T00:00:00Z"}, {[]any{"to"}, "2025-03-15T00:00:00Z"},
		{[]any{"dataset", 0, "file"}, "BTCUSD-1m.parquet"},
		{[]any{"variants", 0, "name"}, "ptn-2024-12"}, {[]any{"variants", 0, "rules", "name"}, "ptn-2024-12"},
		{[]any{"variants", 0, "mean_return"}, 1.05}, {[]any{"variants", 0, "concentration"}, 0.8}, {[]any{"variants", 0, "leaders", 0}, "ant"},
		{[]any{"variants", 0, "difference"}, nil}, {[]any{"variants", 0, "differences"}, nil}, {[]any{"variants", 0, "state_changes"}, []any{}},
		{[]any{"variants", 0, "miners", "ant", "rank"}, 1.0}, {[]any{"variants", 0, "miners", "ant", "elimination"}, nil},
		{[]any{"variants", 0, "miners", "dog", "rank"}, nil}, {[]any{"variants", 0, "miners", "dog", "metrics", "sharpe"}, nil},
		{[]any{"variants", 1, "miners", "ant", "elimination", "time_ms"}, float64(startMS + 44*dayMS)},
		{[]any{"variants", 1, "miners", "ant", "elimination", "price"}, 90000.0},
		{[]any{"variants", 1, "miners", "dog", "promoted_ms"}, float64(startMS + 66*dayMS)},
		{[]any{"variants", 1, "miners", "bee", "promoted_ms"}, nil},
		{[]any{"variants", 1, "difference", "eliminated"}, 1.0}, {[]any{"variants", 1, "difference", "promoted"}, 1.0},
		{[]any{"variants", 1, "state_changes", 0}, map[string]any{"miner": "ant", "before": "main", "after": "eliminated"}},
		{[]any{"variants", 1, "state_changes", 2}, map[string]any{"miner": "emu", "before": nil, "after": "challenge"}},
		{[]any{"variants", 1, "differences", "bee", "rank"}, 1.0}, {[]any{"variants", 1, "differences", "ant", "rank"}, nil},
		{[]any{"variants", 1, "differences", "ant", "emission_share"}, -0.5}, {[]any{"variants", 1, "differences", "emu", "before"}, nil},
		{[]any{"attribution", "from"}, "ptn-2024-12"}, {[]any{"attribution", "to"}, "ptn-2025-02"},
		{[]any{"attribution", "effects", 0, "change"}, "rate_limit"}, {[]any{"attribution", "effects", 1, "interacts"}, true},
		{[]any{"attribution", "effects", 1, "values", 3}, map[string]any{"path": "leverage.portfolio", "from": "", "to": "10"}},
		{[]any{"attribution", "effects", 1, "first", "all", "mean_return"}, -0.04},
		{[]any{"attribution", "effects", 1, "last", "miners", "ant", "final_return"}, -0.11},
		{[]any{"attribution", "total", "all", "eliminated"}, 1.0}, {[]any{"attribution", "residual", "all", "mean_return"}, -0.015},
	} {
		if got := at(t, whole, c.path...); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v is %v, want %v", c.path, got, c.want)
		}
	}
	if got := parsed(t, population(t))["attribution"]; got != nil {
		t.Errorf("attribution is %v where none was asked for", got)
	}
}

func TestCompareJSONHasNullForWhatIsNoNumber(t *testing.T) {
	c := population(t)
	o := &c.Comparison.Outcomes[2]
	o.MeanReturn, o.Concentration = math.NaN(), scoring.Known(math.NaN())
	o.Miners[1].FinalReturn = math.Inf(1)
	o.Miners[1].Name = "bée \"b\"\\\n" // keys are quoted as values are
	whole := parsed(t, c)
	if got := at(t, whole, "variants", 2, "mean_return"); got != nil {
		t.Errorf("mean_return is %v", got)
	}
	if got := at(t, whole, "variants", 2, "miners", "bée \"b\"\\\n", "final_return"); got != nil {
		t.Errorf("final_return is %v", got)
	}
	for _, format := range []Format{FormatCSV, FormatMarkdown, FormatTable} {
		var b strings.Builder
		if err := RenderCompare(&b, c, format); err != nil || strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
			t.Errorf("%s: %v\n%s", format, err, b.String())
		}
	}
}

// TestCompareDigestIsOfTheText computes it as docs/compare.md says.
func TestCompareDigestIsOfTheText(t *testing.T) {
	c := population(t)
	c.Comparison.Outcomes[0].Warnings, c.Comparison.Outcomes[1].Warnings, c.Comparison.Outcomes[2].Warnings = nil, nil, nil
	c.Version, c.Dataset = "", []DatasetFile{{Pair: "BTCUSD", Interval: "1m", Content: "c0"}}
	text := bytes.Replace(c.Encode(), []byte(c.Digest()), nil, 1)
	hash := sha256.Sum256(text)
	if want := "sha256:" + hex.EncodeToString(hash[:]); c.Digest() != want {
		t.Errorf("the digest is %s, want %s", c.Digest(), want)
	}
}

func TestCompareDigestCoversOutcomesAndNotWords(t *testing.T) {
	challenged := func(c *Compare, reason string) *Compare {
		for i := range c.Comparison.Outcomes {
			c.Comparison.Outcomes[i].Miners[3].Judgement.Challenge = &scoring.Challenge{Reason: reason}
		}
		return c
	}
	digest := challenged(attributed(t), "one word").Digest()
	for name, edit := range map[string]func(c *Compare){
		"version":  func(c *Compare) { c.Version = "2.0" },
		"file":     func(c *Compare) { c.Dataset[0].File = "elsewhere.csv" },
		"warnings": func(c *Compare) { c.Comparison.Outcomes[0].Warnings = []string{"other words"} },
		"reason":   func(c *Compare) { challenged(c, "another word") },
	} {
		c := challenged(attributed(t), "one word")
		if edit(c); c.Digest() != digest {
			t.Errorf("another %s gives another digest", name)
		}
	}
	for name, edit := range map[string]func(c *Compare){
		"candles":     func(c *Compare) { c.Dataset[0].Content = "c1" },
		"rules":       func(c *Compare) { c.Comparison.Outcomes[1].Variant.Rules = ruleSet(t, "ptn-5.4.0") },
		"return":      func(c *Compare) { c.Comparison.Outcomes[1].Miners[2].FinalReturn += 1e-15 },
		"state":       func(c *Compare) { c.Comparison.Outcomes[1].Miners[2].State = scoring.StateChallenge },
		"attribution": func(c *Compare) { c.Attribution = nil },
		"effect":      func(c *Compare) { c.Attribution.Effects[1].Last.Ranks = 2 },
		"order":       func(c *Compare) { slices.Reverse(c.Attribution.Effects) },
		"variants": func(c *Compare) {
			c.Comparison.Outcomes = append(c.Comparison.Outcomes, sweep.Outcome{Variant: c.Comparison.Outcomes[0].Variant})
		},
	} {
		c := challenged(attributed(t), "one word")
		if edit(c); c.Digest() == digest {
			t.Errorf("another %s gives the same digest", name)
		}
	}
}
