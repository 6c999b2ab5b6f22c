package synth

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// page returns docs/synthetic.md.
func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/synthetic.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The page's recipe makes the candles that the page shows.
func TestTheDocumentedExampleIsRight(t *testing.T) {
	text := page(t)
	_, recipe, _ := strings.Cut(text, "```yaml\n")
	recipe, _, ok := strings.Cut(recipe, "```")
	if !ok {
		t.Fatal("no recipe on the page")
	}
	folder := t.TempDir()
	g := generator(t, parsed(t, recipe))
	if _, err := g.Write(t.Context(), Target{Folder: folder, Format: datasets.CSV}); err != nil {
		t.Fatal(err)
	}
	made := ""
	for _, pair := range g.Pairs() {
		csv, err := os.ReadFile(folder + "/" + pair.ID + "-1m.csv")
		if err != nil {
			t.Fatal(err)
		}
		made += string(csv)
	}
	shown := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "2025-03-0") {
			continue
		}
		shown++
		if !strings.Contains(made, line) {
			t.Errorf("not made: %s", line)
		}
	}
	if shown < 5 {
		t.Errorf("%d candles on the page", shown)
	}
}

// Every key that a recipe can have, and every built-in recipe, is on the page.
func TestThePageNamesEverything(t *testing.T) {
	text := page(t)
	everything := Recipe{
		Description: "x", Seed: "x", From: At(1), To: At(2), Interval: 1, Correlation: [][]float64{{1}},
		Pairs: []Pair{{Pair: "BTCUSD", Price: 1, Tick: 1, Volatility: 1, Drift: 1, GapShare: 1, Model: GBM, Clustering: &Clustering{1, 1}, Garch: &Garch{1, 1},
			Jumps: &Jumps{1, 1, 1, NormalJumps}, Season: NoSeason, Hours: []float64{1}, Loadings: map[string]float64{"coins": 1}, Volume: 1, VolumeStep: 1, SpreadTicks: 1}},
		Regimes: &Regimes{States: []Regime{{"x", 1, 1, 1}}, Schedule: []RegimeChange{{At(1), "x"}}, Pairs: []string{"x"}},
		Stresses: []Stress{{&FlashCrash{Place{At(1), []string{"x"}}, 1, 1, 1, 1, 1, 1}, &SpikeAndRevert{Size: 1, Candles: 1}, &GapOpen{Size: 1},
			&DeadMarket{For: 1, Volatility: 1, Volume: 1}, &Trend{For: 1, Size: 1}, &Halt{For: 1}, &VolumeBurst{For: 1, Volume: 1}}},
	}
	yaml, err := everything.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	words := Names()
	for line := range strings.Lines(string(yaml)) {
		if key, _, ok := strings.Cut(strings.TrimLeft(line, " -"), ":"); ok {
			words = append(words, key)
		}
	}
	if len(words) < 50 {
		t.Fatalf("%d words", len(words))
	}
	for _, word := range words {
		if !strings.Contains(text, "`"+word+"`") && !strings.Contains(text, word+":") {
			t.Errorf("the page does not name %s", word)
		}
	}
}

func TestEveryKnownPairHasDefaultsThatWork(t *testing.T) {
	for _, pair := range market.Pairs() {
		g := generator(t, Recipe{Interval: hour, Pairs: []Pair{{Pair: pair.ID}}})
		s, p := g.Series(0), g.Recipe().Pairs[0]
		if s.Len() < 100 || p.Price/p.Tick < 1e3 || p.Price/p.Tick > 1e7 {
			t.Errorf("%s: %d candles, price %v, tick %v", pair.ID, s.Len(), p.Price, p.Tick)
		}
	}
}

// The series leaves out less than x⁷/5040 < 2^-54 of 1, and rounds a handful of times.
func TestGrowthIsTheExponential(t *testing.T) {
	for x := -.03; x <= .03; x += 1.7e-5 {
		if got, want := growth(x), math.Exp(x); math.Abs(got-want) > 3e-16 {
			t.Errorf("growth(%v) is %v, exp says %v", x, got, want)
		}
	}
}
