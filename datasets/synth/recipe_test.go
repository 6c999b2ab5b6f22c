package synth

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// parsed reads a recipe that is right.
func parsed(t testing.TB, text string) Recipe {
	t.Helper()
	doc, err := Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := doc.Complete(market.Pairs())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// again reads a recipe back from its own text.
func again(t testing.TB, r Recipe) Recipe {
	t.Helper()
	text, err := r.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Parse("again.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return doc.Recipe
}

func TestBuiltinRecipesAreCompleteAndComeBackFromTheirText(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			doc, err := Builtin(name)
			if err != nil {
				t.Fatal(err)
			}
			if doc.Recipe.Description == "" {
				t.Error("no description")
			}
			if back := again(t, doc.Recipe); !reflect.DeepEqual(back, doc.Recipe) {
				t.Errorf("incomplete, read back as\n%+v\nwritten as\n%+v", back, doc.Recipe)
			}
			r, err := doc.Complete(market.Pairs())
			if err != nil {
				t.Fatal(err)
			}
			back := again(t, r)
			if !reflect.DeepEqual(back, r) {
				t.Errorf("read back as\n%+v\nwritten as\n%+v", back, r)
			}
			completed, err := back.Complete(market.Pairs())
			if err != nil || !reflect.DeepEqual(completed, r) {
				t.Errorf("completing a complete recipe changes it: %v", err)
			}
		})
	}
}

func TestEveryFieldComesBackFromTheText(t *testing.T) {
	r := parsed(t, `
description: "all: of it #"
seed: 007x
from: 2025-02-03T00:00:00Z
to: +21d
interval: 15m
pairs:
  - {pair: BTCUSD, price: 1e5, tick: 0.5, volatility: 0.1234567890123456, drift: -0.1, model: stochastic_volatility,
     clustering: {sd: 0.25, memory: 7h}, jumps: {rate: 12, mean: -0.01, sd: 0.02, sizes: laplace}, season: class,
     loadings: {b: 0.5, a: -0.3}, volume: 1e3, volume_step: 0.001, spread_ticks: 2.5}
  - {pair: NVDA, model: garch, garch: {alpha: 0.1, beta: 0.85}, gap_share: 0.2}
  - {pair: SOLUSD, hours: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.5]}
regimes:
  states: [{name: "1", volatility: 2, drift: 1e-7, duration: 36h}, {name: "on"}]
  schedule: [{at: +2d, regime: "on"}, {at: 2025-02-10, regime: "1"}]
  pairs: [NVDA]
stresses:
  - flash_crash: {at: +12h, pairs: [BTCUSD], depth: 0.2, fall: 5m, recovery: 2h, recovered: 0.5, volatility: 2, volume: 3}
  - spike_and_revert: {at: +13h, pairs: [BTCUSD], size: 0.1, candles: 4}
  - gap_open: {at: +1d, pairs: [NVDA], size: -0.1}
  - dead_market: {at: +14h, pairs: [BTCUSD], for: 30m, volatility: 0.1, volume: 0.2}
  - trend: {at: +15h, for: 3d, size: 0.1}
  - halt: {at: +4d, for: 5h, pairs: [BTCUSD]}
  - volume_burst: {at: +15h, for: 10h, volume: 7}
`)
	if back := again(t, r); !reflect.DeepEqual(back, r) {
		t.Errorf("read back as\n%+v\nwritten as\n%+v", back, r)
	}
	if r.Stresses[0].FlashCrash.At != At(1738584000000) { // 2025-02-03T12:00:00Z
		t.Errorf("+12h is %s", r.Stresses[0].FlashCrash.At)
	}
	if got := r.Regimes.States[1]; got.Volatility != 1 || got.Duration != 5*Duration(datasets.Day) {
		t.Errorf("defaults of a regime: %+v", got)
	}
}

func TestMistakesAreToldWithTheirLine(t *testing.T) {
	const one = "pairs:\n  - {pair: BTCUSD}\n"
	for name, test := range map[string]struct {
		text string
		line string
		want string
	}{
		"not YAML":                     {"pairs: [", "", "YAML"},
		"empty":                        {"", "", "one recipe"},
		"two documents":                {one + "---\n" + one, "", "one recipe"},
		"unknown key":                  {one + "sede: 1\n", "3", `unknown field "sede"`},
		"unknown inner key":            {"pairs:\n  - pair: BTCUSD\n    prise: 3\n", "3", `unknown field "prise"`},
		"unknown parameter of a shape": {one + "stresses:\n  - halt: {at: +1h, for: 1h, size: 3}\n", "4", `unknown field "size"`},
		"key twice":                    {one + "seed: a\nseed: b\n", "4", "already defined"},
		"wrong type":                   {"pairs:\n  - pair: BTCUSD\n    price: cheap\n", "3", "string"},
		"no value":                     {one + "seed:\n", "3", "without a value"},
		"no price":                     {"pairs:\n  - pair: BTCUSD\n    price: 0\n", "3", "0 for price"},
		"an alias":                     {"pairs: &p\n  - {pair: BTCUSD}\n", "1", "anchor"},
		"octal":                        {"pairs:\n  - {pair: BTCUSD, price: 0o17}\n", "2", "decimal"},
		"a bad moment":                 {one + "from: tomorrow\n", "3", `"tomorrow"`},
		"a bad length":                 {one + "interval: 1 minute\n", "3", `"1 minute"`},
		"no pairs":                     {"seed: 1\n", "", "0 pairs"},
		"unknown pair":                 {"pairs:\n  - {pair: BTCUSD}\n  - {pair: BTCUDS}\n", "3", "did you mean BTCUSD?"},
		"pair twice":                   {"pairs:\n  - {pair: BTCUSD}\n  - {pair: BTCUSD}\n", "3", "a second time"},
		"backwards":                    {"from: 2025-03-01\nto: 2025-02-01\n" + one, "2", "after 2025-03-01T00:00:00Z"},
		"from an offset":               {"from: +3d\n" + one, "1", "an instant"},
		"odd interval":                 {"interval: 7m\n" + one, "1", "a part of a day"},
		"volatility":                   {"pairs:\n  - pair: BTCUSD\n    volatility: -0.5\n", "3", "-0.5 for pairs[0].volatility"},
		"not a number":                 {"pairs:\n  - pair: BTCUSD\n    drift: .nan\n", "3", "NaN for pairs[0].drift"},
		"model":                        {"pairs:\n  - pair: BTCUSD\n    model: gmb\n", "3", `"gmb"`},
		"hours":                        {"pairs:\n  - {pair: BTCUSD, hours: [1, 2]}\n", "2", "24, from midnight on"},
		"another's field":              {"pairs:\n  - pair: BTCUSD\n    garch: {alpha: 0.1}\n", "3", "garch in the model gbm"},
		"explosive":                    {"pairs:\n  - {pair: BTCUSD, model: garch, garch: {alpha: 0.2, beta: 0.8}}\n", "2", "less than 1"},
		"gap of crypto":                {"pairs:\n  - {pair: BTCUSD, gap_share: 0.1}\n", "2", "never closes"},
		"tick":                         {"pairs:\n  - {pair: BTCUSD, tick: 0.3}\n", "2", "reciprocal is whole"},
		"tick over price":              {"pairs:\n  - {pair: BTCUSD, price: 3, tick: 10}\n", "2", "a tick that the price 3"},
		"loadings":                     {"pairs:\n  - {pair: BTCUSD, loadings: {a: 0.8, b: 0.8}}\n", "2", "at most 1"},
		"matrix size":                  {one + "correlation: [[1, 0], [0, 1]]\n", "3", "one for each of the 1 pairs"},
		"asymmetric":                   {"pairs: [{pair: BTCUSD}, {pair: ETHUSD}]\ncorrelation:\n  - [1, 0.5]\n  - [0.4, 1]\n", "4", "symmetric"},
		"impossible matrix":            {"pairs: [{pair: BTCUSD}, {pair: ETHUSD}, {pair: SOLUSD}]\ncorrelation: [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]\n", "2", "positive definite"},
		"two shapes":                   {one + "stresses:\n  - halt: {at: +1h, for: 1h}\n    trend: {at: +1h, for: 1h, size: 1}\n", "4", "[trend halt]"},
		"outside the span":             {one + "stresses:\n  - halt: {at: 2031-01-01, for: 1h}\n", "4", "a moment from"},
		"whom it isn't":                {one + "stresses:\n  - halt: {at: +1h, for: 1h, pairs: [ETHUSD]}\n", "4", "one of the recipe's pairs"},
		"no depth":                     {one + "stresses:\n  - flash_crash: {at: +1h}\n", "4", "depth"},
		"closed market": {"pairs: [{pair: NVDA}]\nstresses:\n  - flash_crash:\n      at: 2025-01-06T03:00:00Z\n      depth: 0.1\n", "4",
			"the next opening is 2025-01-06T14:30:00Z"},
		"regime without a name": {one + "regimes:\n  states:\n    - {volatility: 2}\n", "5", "a name of its own"},
		"unknown regime":        {one + "regimes:\n  states: [{name: a}]\n  schedule:\n    - {at: +1d, regime: b}\n", "6", "one of the states"},
		"schedule":              {one + "regimes:\n  states: [{name: a}]\n  schedule:\n    - {at: +2d, regime: a}\n    - {at: +1d, regime: a}\n", "7", "after that of the change before"},
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := Parse("bad.yaml", []byte(test.text))
			if err == nil {
				_, err = doc.Complete(market.Pairs())
			}
			refusal, ok := errors.AsType[*datasets.Refusal](err)
			if !ok || !errors.Is(err, ErrRecipe) {
				t.Fatalf("%v is no refusal of a recipe", err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q does not say %q", err, test.want)
			}
			if test.line != "" && !strings.HasPrefix(err.Error(), "bad.yaml: line "+test.line+":") {
				t.Errorf("%q names line %d, want %s", err, refusal.Line, test.line)
			}
		})
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	doc, err := Parse("bad.yaml", []byte("pairs:\n  - {pair: BTCUSD, volatility: -1, drift: 1e9}\n  - {pair: EURUSD, price: -2}\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = doc.Complete(market.Pairs())
	for _, want := range []string{"line 2: found -1 for pairs[0].volatility", "line 2: found 1e+09 for pairs[0].drift", "line 3: found -2 for pairs[1].price"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

func TestOverriddenValuesAreToldWithoutALine(t *testing.T) {
	doc, err := Parse("good.yaml", []byte("pairs:\n  - {pair: BTCUSD, volatility: 0.5}\n"))
	if err != nil {
		t.Fatal(err)
	}
	negative := -1.0
	doc.Override(Overrides{Volatility: &negative})
	_, err = doc.Complete(market.Pairs())
	if err == nil || !strings.HasPrefix(err.Error(), "good.yaml: found -1 for pairs[0].volatility") {
		t.Errorf("got %v", err)
	}
}

func TestChosenPairsKeepTheirCorrelation(t *testing.T) {
	doc, err := Parse("test.yaml", []byte("pairs: [{pair: BTCUSD}, {pair: ETHUSD}, {pair: SOLUSD}]\ncorrelation: [[1, 0.5, 0.2], [0.5, 1, 0.3], [0.2, 0.3, 1]]\n"))
	if err != nil {
		t.Fatal(err)
	}
	doc.Override(Overrides{Pairs: []string{"SOLUSD", "EURUSD", "BTCUSD"}})
	r, err := doc.Complete(market.Pairs())
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]float64{{1, 0, .2}, {0, 1, 0}, {.2, 0, 1}}; !reflect.DeepEqual(r.Correlation, want) {
		t.Errorf("got %v, want %v", r.Correlation, want)
	}
}

func TestMomentsAndLengths(t *testing.T) {
	for text, want := range map[string]Moment{
		"1970-01-02":                At(86_400_000),
		"2025-03-01T12:00:00+02:00": At(1740823200000),
		"2025-03-01T10:00:00.250Z":  At(1740823200250),
		"1740823200000":             At(1740823200000),
		"+0":                        After(0),
		"+90s":                      After(90_000),
		"+3650d":                    After(3650 * 86_400_000),
	} {
		got, err := ParseMoment(text)
		if err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
		if back, err := ParseMoment(got.String()); err != nil || back != want {
			t.Errorf("%s comes back from %s as %v, %v", text, got, back, err)
		}
	}
	for _, text := range []string{"", "+", "+1", "+0s", "+-1d", "1.5h", "+99999999999999d", "+36601d", "-1d", "2025-13-01", "+1w", "d"} {
		if got, err := ParseMoment(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		text, err := recipeFiles.ReadFile("recipes/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{
		"pairs: [{pair: BTCUSD, loadings: {a: .5, 'b c': -1e-3}}]\nseed: '0x1'\n", "a: &a [*a]\n", "? a\n: b\n", "- - -", "{[{[", "pairs: [[]]",
		"pairs: [{pair: NVDA}]\nregimes: {states: [{name: ~}]}\n", "pairs: [{pair: NVDA}]\nto: 9999-01-01\ninterval: 366d\n",
		"pairs: [{pair: EURUSD, price: 1e300, tick: 1e-300, volatility: .inf}]\ncorrelation: [[]]\n", "pairs: {pair: A}\nstresses: [{halt: 1}]\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := Parse("fuzz.yaml", text)
		if err != nil {
			_ = err.Error()
			return
		}
		r, err := doc.Complete(market.Pairs())
		if err != nil {
			_ = err.Error()
			return
		}
		if back := again(t, r); !reflect.DeepEqual(back, r) {
			t.Errorf("the recipe does not come back:\n%s", bytes.TrimSpace(text))
		}
	})
}
