package synth

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// columns returns a series' columns in their order.
func columns(s *market.Series) [][]float64 {
	return [][]float64{s.Open, s.High, s.Low, s.Close, s.Volume, s.Bid, s.Ask}
}

// failer is a test of either kind.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// sameFrom demands equal candles.
func sameFrom(t failer, got, want *market.Series) {
	t.Helper()
	if !slices.Equal(got.Time, want.Time) {
		t.Fatalf("%d candles, want %d at the same times", got.Len(), want.Len())
	}
	for k, col := range columns(got) {
		if other := columns(want)[k]; !slices.Equal(col, other) {
			for i := range col {
				if col[i] != other[i] {
					t.Fatalf("column %d of candle %d (%s) is %v, want %v", k, i, instant(got.Time[i]), col[i], other[i])
				}
			}
		}
	}
}

// drawRecipe draws a recipe of a few days.
func drawRecipe(t *rapid.T) Recipe {
	number := func(low, high float64, name string) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
	r := Recipe{
		Seed:     Seed(rapid.StringMatching(`[a-z0-9]{1,8}`).Draw(t, "seed")),
		From:     At(defaultFromMS + rapid.Int64Range(0, 300).Draw(t, "day")*int64(datasets.Day) + rapid.Int64Range(0, 7200_000).Draw(t, "ms")),
		To:       After(Duration(rapid.Int64Range(5, 9).Draw(t, "days")) * Duration(datasets.Day)),
		Interval: rapid.SampledFrom([]Duration{5 * minute, 15 * minute, hour, 4 * hour, 24 * hour}).Draw(t, "interval"),
	}
	ids := rapid.Permutation([]string{"BTCUSD", "EURUSD", "NVDA", "USDJPY", "XAUUSD", "SPX"}).Draw(t, "ids")
	for _, id := range ids[:rapid.IntRange(1, 3).Draw(t, "pairs")] {
		p := Pair{Pair: id, Volatility: number(.01, 5, "volatility"), Drift: number(-2, 2, "drift"),
			Model:  rapid.SampledFrom([]Model{GBM, StochasticVolatility, GARCH}).Draw(t, "model"),
			Season: rapid.SampledFrom([]Season{NoSeason, ClassSeason}).Draw(t, "season"),
			Tick:   rapid.SampledFrom([]float64{0, .01, .25, 1e-5, .1}).Draw(t, "tick"), SpreadTicks: float64(rapid.IntRange(0, 9).Draw(t, "spread"))}
		if id != "BTCUSD" {
			p.GapShare = number(0, .9, "gap share")
		}
		if rapid.Bool().Draw(t, "jumps") {
			p.Jumps = &Jumps{Rate: number(1, 5000, "rate"), Mean: number(-.05, .05, "mean"), SD: number(0, .2, "sd"), Sizes: LaplaceJumps}
		}
		if rapid.Bool().Draw(t, "loaded") {
			p.Loadings = map[string]float64{"world": number(-.7, .7, "world"), "dollar": number(-.7, .7, "dollar")}
		}
		r.Pairs = append(r.Pairs, p)
	}
	if rapid.Bool().Draw(t, "regimes") {
		r.Regimes = &Regimes{States: []Regime{{Name: "a", Duration: 12 * hour}, {Name: "b", Volatility: 3, Drift: -1, Duration: 6 * hour}}}
	}
	return r
}

// drawStress draws a stress that any market meets within five days of the week.
func drawStress(t *rapid.T, pairs ...string) Stress {
	place := Place{At: After(Duration(rapid.Int64Range(0, 300).Draw(t, "at minute")) * minute), Pairs: pairs}
	size := rapid.Float64Range(.01, .5).Draw(t, "size")
	switch rapid.IntRange(0, 3).Draw(t, "shape") {
	case 0:
		return Stress{Trend: &Trend{Place: place, For: 110 * hour, Size: -size}}
	case 1:
		return Stress{Halt: &Halt{Place: place, For: 110 * hour}}
	case 2:
		return Stress{DeadMarket: &DeadMarket{Place: place, For: 110 * hour, Volatility: size / 2}}
	}
	return Stress{VolumeBurst: &VolumeBurst{Place: place, For: 110 * hour, Volume: 20 * size}}
}

// Whatever the recipe: candles lie on the grid of time and in the open market,
// one in every open slot; prices are positive, consistent and on the grid of
// ticks, volumes on theirs; each candle opens where the last one closed or the
// market was closed in between; chunks are the whole.
func TestCandlesAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, err := New(drawRecipe(t), market.Pairs())
		if err != nil {
			t.Skip(err) // a market that is closed throughout
		}
		r := g.Recipe()
		for i, pair := range g.Pairs() {
			s, p := g.Series(i), &r.Pairs[i]
			cal, err := datasets.MarketCalendar(pair, r.From.MS, r.To.MS)
			if err != nil {
				t.Fatal(err)
			}
			check := datasets.Checker{File: pair.ID, IntervalMS: s.IntervalMS}
			if err := check.Check(s); err != nil {
				t.Fatal(err)
			}
			k := 0
			for ms := g.stages[i].nextSlot(r.From.MS); ms < r.To.MS; ms += s.IntervalMS {
				if cal.OpenMS(ms, ms+s.IntervalMS) == 0 {
					continue
				}
				if k >= s.Len() || s.Time[k] != ms {
					t.Fatalf("%s: no candle at %s", pair.ID, instant(ms))
				}
				k++
			}
			if k != s.Len() {
				t.Fatalf("%s: %d candles in %d open slots", pair.ID, s.Len(), k)
			}
			onGrid(t, p, s)
			k = 0
			for chunk := range g.Chunks(i) {
				sameFrom(t, chunk, s.Slice(k, k+chunk.Len()))
				k += chunk.Len()
			}
			if k != s.Len() {
				t.Fatalf("%s: chunks of %d candles, series of %d", pair.ID, k, s.Len())
			}
		}
	})
}

// onGrid checks the grids of prices and volumes, and that candles join up.
func onGrid(t *rapid.T, p *Pair, s *market.Series) {
	for k, col := range columns(s) {
		step := p.Tick
		if k == 4 {
			step = p.VolumeStep
		}
		for i, x := range col {
			if n := x / step; math.Abs(n-math.Round(n)) > 1e-6*max(1, n*1e-6) || math.Round(n) < 1 {
				t.Fatalf("%s: column %d of candle %d is %v, not a multiple of %v", p.Pair, k, i, x, step)
			}
		}
	}
	for i := 1; i < s.Len(); i++ {
		if s.Time[i] == s.EndMS(i-1) && s.Open[i] != s.Close[i-1] && (p.GapShare == 0 || s.IntervalMS < int64(4*hour)) {
			t.Fatalf("%s opens at %v, closed at %v", p.Pair, s.Open[i], s.Close[i-1])
		}
	}
}

// The same recipe gives the same candles again, in any order of the pairs; a
// longer span begins with the shorter one; another pair, or a stress on it,
// changes nothing of the others.
func TestPairsAndSpansAreIndependent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecipe(t)
		g, err := New(r, market.Pairs())
		if err != nil {
			t.Skip(err)
		}
		first := g.Series(0)
		sameFrom(t, g.Series(0), first)

		longer := r
		longer.To.MS += int64(3 * datasets.Day)
		if g, err = New(longer, market.Pairs()); err != nil {
			t.Fatal(err)
		}
		sameFrom(t, g.Series(0).Slice(0, first.Len()), first)

		more := r
		more.Pairs = append([]Pair{{Pair: "ETHUSD", Volatility: 1, Loadings: map[string]float64{"world": .9}}}, r.Pairs...)
		more.Stresses = []Stress{drawStress(t, "ETHUSD"), drawStress(t, "ETHUSD")}
		if g, err = New(more, market.Pairs()); err != nil {
			t.Fatal(err)
		}
		sameFrom(t, g.Series(1), first)
	})
}

// A stress changes nothing before it begins.
func TestTheCandlesBeforeAStressStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecipe(t)
		g, err := New(r, market.Pairs())
		if err != nil {
			t.Skip(err)
		}
		plain := g.Series(0)
		r.Stresses = []Stress{drawStress(t)}
		if g, err = New(r, market.Pairs()); err != nil {
			t.Skip(err) // a week of holidays
		}
		r = g.Recipe()
		set, _ := r.Stresses[0].shapes()
		s := g.Series(0)
		if s.Len() == 0 {
			return
		}
		n := plain.Search(g.stages[0].slot(set[0].place().At.MS))
		sameFrom(t, s.Slice(0, min(n, s.Len())), plain.Slice(0, n))
	})
}

// goldenRecipe has something of everything.
const goldenRecipe = `
seed: golden
to: +9d
interval: 15m
pairs:
  - {pair: BTCUSD, model: stochastic_volatility, season: class, jumps: {rate: 200, sd: 0.02, sizes: laplace}, loadings: {world: 0.6}}
  - {pair: EURUSD, model: garch, gap_share: 0.1, season: class, spread_ticks: 8, loadings: {world: -0.2, dollar: 0.7}}
  - {pair: NVDA, gap_share: 0.3, season: class, drift: 0.4, jumps: {rate: 100, mean: 0.01, sd: 0.01}}
regimes:
  states: [{name: a, duration: 2d}, {name: b, volatility: 2, drift: -0.5, duration: 1d}]
stresses:
  - flash_crash: {at: +40h, depth: 0.2, pairs: [BTCUSD]}
  - gap_open: {at: +30h, size: 0.05, pairs: [NVDA]}
  - trend: {at: +4d, for: 3d, size: -0.1}
`

// goldenHash was taken from a build of the machine that it was written on. It
// says nothing of whether the candles are right, only that every other build
// makes the same bits.
const goldenHash = "54746710698f81e0241824ef6840327bfd2d638320c113c4b959fbadc552904c"

func TestEveryMachineMakesTheSameBits(t *testing.T) {
	g := generator(t, parsed(t, goldenRecipe))
	h := sha256.New()
	for i := range g.Pairs() {
		for s := range g.Chunks(i) {
			for k := range s.Time {
				_ = binary.Write(h, binary.LittleEndian, s.Time[k])
				for _, col := range columns(s) {
					if col != nil {
						_ = binary.Write(h, binary.LittleEndian, col[k])
					}
				}
			}
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != goldenHash {
		t.Errorf("the candles hash to %s, those of other machines to %s", got, goldenHash)
	}
}

// The manifest's recipe, read as a file, makes the same files again.
func TestADataSetIsMadeAgainFromItsManifest(t *testing.T) {
	for _, format := range []datasets.Format{datasets.Parquet, datasets.Arrow, datasets.CSV} {
		t.Run(string(format), func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "made")
			g := generator(t, parsed(t, goldenRecipe))
			files, err := g.Write(context.Background(), Target{Folder: folder, Format: format, Command: "ptnsim data synth"})
			if err != nil {
				t.Fatal(err)
			}
			set, err := datasets.OpenSet(datasets.OpenOptions{Pairs: market.Pairs()}, folder)
			if err != nil {
				t.Fatal(err)
			}
			all, err := set.Read(context.Background(), datasets.Select{})
			if err != nil {
				t.Fatal(err)
			}
			for i, c := range all { // sorted by pair, as the recipe is
				sameFrom(t, c.Series, g.Series(i))
				c.Close()
			}
			manifest, err := datasets.ReadManifest(folder)
			if err != nil {
				t.Fatal(err)
			}
			if manifest.Source != Source || len(manifest.Files) != 3 {
				t.Errorf("the manifest says %q of %d files", manifest.Source, len(manifest.Files))
			}
			again, err := generator(t, parsed(t, manifest.Files[1].Origin.Recipe)).Write(context.Background(),
				Target{Folder: filepath.Join(t.TempDir(), "again"), Format: format, Command: "ptnsim data synth"})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(again, files) {
				t.Errorf("made again as\n%+v\nat first\n%+v", again, files)
			}
		})
	}
}

func TestNothingIsLeftOfAWriteThatIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	folder := filepath.Join(t.TempDir(), "made")
	if _, err := generator(t, parsed(t, goldenRecipe)).Write(ctx, Target{Folder: folder, Format: datasets.CSV}); err == nil {
		t.Fatal("no error")
	}
	if entries, err := os.ReadDir(folder); err == nil {
		t.Errorf("left: %v", entries)
	}
}

// What no market does is still a file that can be read: prices stop at a tick and
// at the highest that files hold.
func TestAbsurdRecipesMakeSoundCandles(t *testing.T) {
	for _, drift := range []float64{-driftMax, driftMax} {
		g := generator(t, Recipe{Interval: hour, To: After(366 * Duration(datasets.Day)), Pairs: []Pair{{Pair: "NVDA", Volatility: volatilityMax, Drift: drift, GapShare: .5,
			Model: StochasticVolatility, Clustering: &Clustering{SD: 3, Memory: hour}, Jumps: &Jumps{Rate: jumpsMax, Mean: drift / driftMax, SD: 1}, SpreadTicks: 1e6, Volume: 1e15}},
			Regimes: &Regimes{States: []Regime{{Name: "a", Volatility: factorMax}}},
			Stresses: []Stress{{FlashCrash: &FlashCrash{Place: Place{At: After(15 * hour)}, Depth: .999999, Volatility: factorMax, Volume: factorMax}},
				{Trend: &Trend{Place: Place{At: After(20 * hour)}, For: 100 * hour, Size: 100}}}})
		check := datasets.Checker{File: "absurd", IntervalMS: int64(hour)}
		if err := check.Check(g.Series(0)); err != nil {
			t.Error(err)
		}
	}
}

func TestSyntheticCandlesKeepToThemselves(t *testing.T) {
	folder := t.TempDir()
	update, err := datasets.BeginUpdate(folder, false)
	if err != nil {
		t.Fatal(err)
	}
	s := generator(t, Recipe{To: After(hour), Pairs: []Pair{{Pair: "BTCUSD"}}}).Series(0)
	w, err := update.Create(datasets.Name{Pair: "BTCUSD", Interval: datasets.Minute, Format: datasets.CSV},
		datasets.WriterOptions{Pair: s.Pair, Columns: datasets.OHLC | datasets.Volume})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append(s); err != nil {
		t.Fatal(err)
	}
	file, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	update.Put(file)
	if err := update.Commit(t.Context(), datasets.Manifest{Source: "an exchange"}); err != nil {
		t.Fatal(err)
	}
	_, err = generator(t, Recipe{To: After(hour), Pairs: []Pair{{Pair: "ETHUSD"}}}).Write(t.Context(), Target{Folder: folder, Format: datasets.CSV})
	if !errors.Is(err, datasets.ErrExists) {
		t.Errorf("written beside an exchange's candles: %v", err)
	}
}

func TestAMarketThatStaysClosedIsRefused(t *testing.T) {
	_, err := New(Recipe{From: At(defaultFromMS + 5*int64(datasets.Day)), To: After(24 * hour), Pairs: []Pair{{Pair: "BTCUSD"}, {Pair: "NVDA"}}}, market.Pairs())
	problems, ok := err.(Problems)
	if !ok || len(problems) != 1 || problems[0].Path != "pairs[1].pair" {
		t.Errorf("got %v", err)
	}
}
