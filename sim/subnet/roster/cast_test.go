package roster

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
)

const crowd = `
  - name: crowd
    count: %d
    strategy: crossover
    params:
      fast: {loguniform: [10, 1000]}
      slow: {loguniform: [20, 2000]}
%s    registers: {uniform: [0d, 30d]}
    latency: {uniform: [1s, 30s]}
    again: {uniform: [1d, 9d]}
`

const copycats = `
  - name: copycat
    count: 30
    copies: crowd
    delay: {uniform: [1m, 30m]}
`

// facts are what a miner is, but for how its strategy is made.
func facts(miners []subnet.Miner) []subnet.Miner {
	miners = slices.Clone(miners)
	for i := range miners {
		miners[i].Make = nil
	}
	return miners
}

func TestTheSameFileMakesTheSameMiners(t *testing.T) {
	text := "seed: 9\nminers:" + fmt.Sprintf(crowd, 30, "") + copycats
	first := facts(cast(t, text))
	if got := facts(cast(t, text)); !reflect.DeepEqual(got, first) {
		t.Error("they differ")
	}
	other := facts(cast(t, strings.Replace(text, "seed: 9", "seed: 10", 1)))
	seed := uint64(10)
	r, err := Parse("my.yaml", []byte(text), Options{Seed: &seed})
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := r.Miners(sample())
	if err != nil || r.Seed != 10 || !reflect.DeepEqual(facts(again), other) {
		t.Errorf("another seed from outside is not the file's: %v", err)
	}
	differ := 0
	for i := range first {
		if !reflect.DeepEqual(first[i], other[i]) {
			differ++
		}
	}
	if differ != len(first) {
		t.Errorf("under another seed %d of %d miners are others", differ, len(first))
	}
}

// TestWhatIsAddedChangesNothingElse: more miners in a population, another
// population before it, one more parameter that is drawn.
func TestWhatIsAddedChangesNothingElse(t *testing.T) {
	const before = "\n  - {name: other, count: 5, strategy: random, params: {wait: {uniform: [2, 99]}}}\n"
	want := facts(cast(t, "miners:"+fmt.Sprintf(crowd, 9, "")))
	for name, c := range map[string]struct {
		text string
		skip int
	}{
		"miners":     {"miners:" + fmt.Sprintf(crowd, 40, ""), 0},
		"population": {"miners:" + before + fmt.Sprintf(crowd, 9, ""), 5},
		"parameter":  {"miners:" + fmt.Sprintf(crowd, 9, "      leverage: {uniform: [0.1, 0.2]}\n"), 0},
	} {
		got := facts(cast(t, c.text))[c.skip:]
		for i := range want {
			if name == "parameter" {
				got[i].Params = slices.DeleteFunc(got[i].Params, func(s strategies.Setting) bool { return s.Name == "leverage" })
			}
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("%s: %s is another:\ngot  %+v\nwant %+v", name, want[i].Name, got[i], want[i])
			}
		}
	}
}

// TestNumbersOfAPopulationHaveOneLength: they sort as they count.
func TestNamesOfAPopulationSort(t *testing.T) {
	for count, last := range map[int]string{1: "a-01", 9: "a-09", 99: "a-99", 100: "a-100", 1000: "a-1000"} {
		var names []string
		for _, m := range cast(t, fmt.Sprintf("miners: [{name: a, count: %d, strategy: random}]", count)) {
			names = append(names, m.Name)
			if m.Group != "a" {
				t.Errorf("%s is of %s", m.Name, m.Group)
			}
		}
		if len(names) != count || names[count-1] != last || !slices.IsSorted(names) {
			t.Errorf("%d miners: %v", len(names), names)
		}
	}
}

func TestAMinerJoinsTheLeaders(t *testing.T) {
	leads := func(count int) (list []string) {
		for _, m := range cast(t, "miners:"+fmt.Sprintf(crowd, count, "")+copycats) {
			if m.Group == "copycat" {
				list = append(list, m.Copies)
			}
		}
		return list
	}
	before, after := leads(10), leads(11)
	joined := 0
	for i := range before {
		switch after[i] {
		case before[i]:
		case "crowd-11":
			joined++
		default:
			t.Errorf("copycat %d left %s for %s", i+1, before[i], after[i])
		}
	}
	// Each of 30 goes over with a chance of one in 11; none does with (10/11)^30 = 6 %,
	// and more than 10 with less than one in ten thousand.
	if joined == 0 || joined > 10 {
		t.Errorf("%d of 30 copycats follow the one who joined", joined)
	}
	if distinct := len(slices.Compact(slices.Sorted(slices.Values(before)))); distinct < 5 {
		t.Errorf("30 copycats follow %d of 10", distinct)
	}
}

func TestCopycatsNameAMinerOrAPopulation(t *testing.T) {
	miners := cast(t, "miners:"+fmt.Sprintf(crowd, 3, "")+`
  - {name: one, copies: crowd-02}
  - {name: chain, copies: one, delay: 1m}
  - {name: early, copies: late}
  - {name: late, strategy: random}
`)
	for name, leader := range map[string]string{"one": "crowd-02", "chain": "one", "early": "late"} {
		if m := miner(t, miners, name); m.Copies != leader || m.Make != nil || m.Strategy != "copycat" {
			t.Errorf("%+v", m)
		}
	}
}

// TestParametersThatDoNotGoTogetherAreDrawnAgain: fast and slow overlap, and each
// miner's fast is below its slow; those that went together at first are the first
// draws of their streams.
func TestParametersThatDoNotGoTogetherAreDrawnAgain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := fmt.Sprintf("seed: %d\nminers:", rapid.Uint64().Draw(rt, "seed")) + fmt.Sprintf(crowd, 20, "")
		for _, m := range cast(t, text) {
			var fast, slow int
			fmt.Sscan(param(m, "fast"), &fast)
			fmt.Sscan(param(m, "slow"), &slow)
			if fast < 10 || fast >= slow || slow > 2000 {
				rt.Fatalf("%s: fast %d, slow %d", m.Name, fast, slow)
			}
			if _, err := m.Make(); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

func TestASeriesRegistersOneByOne(t *testing.T) {
	miners := cast(t, `
miners:
  - {name: a, count: 3, strategy: random, registers: {every: 6h, from: 2d}}
  - {name: b, count: 2, strategy: random, registers: {every: 1d, from: 2025-02-01}}
  - {name: c, count: 2, strategy: random, registers: {every: 90m}}
  - {name: d, count: 9, strategy: random, registers: {uniform: [2025-02-01, 2025-03-01]}}
  - {name: e, count: 9, strategy: random, registers: {choice: [1d, 3d]}}
  - {name: f, count: 9, strategy: random, registers: {normal: [2025-02-01, 3d]}}
`)
	const february = 1738368000_000
	for name, want := range map[string]int64{
		"a-01": fromMS + 2*day, "a-02": fromMS + 2*day + 6*hour, "a-03": fromMS + 2*day + 12*hour,
		"b-01": february, "b-02": february + day, "c-01": fromMS, "c-02": fromMS + 90*60_000,
	} {
		if got := miner(t, miners, name).RegistersMS; got != want {
			t.Errorf("%s registers at %d, want %d", name, got, want)
		}
	}
	for _, m := range miners {
		days := float64(m.RegistersMS-february) / day
		switch m.Group {
		case "d":
			if days < 0 || days > 28 || m.RegistersMS%hour != 0 {
				t.Errorf("%s registers %g days after the first", m.Name, days)
			}
		case "e":
			if at := m.RegistersMS - fromMS; at != day && at != 3*day {
				t.Errorf("%s registers after %d ms", m.Name, at)
			}
		case "f":
			if days < -18 || days > 18 {
				t.Errorf("%s registers %g days after the mean, of a deviation of 3", m.Name, days)
			}
		}
	}
}

// TestASuccessorWaitsAMinuteAtLeast: half of the draws are below the mean, a sixth
// below a minute.
func TestASuccessorWaitsAMinuteAtLeast(t *testing.T) {
	below := 0
	for _, m := range cast(t, "miners: [{name: a, count: 200, strategy: random, again: {normal: [2m, 1m]}}]") {
		if m.AgainMS < 60_000 {
			t.Errorf("%s again after %d ms", m.Name, m.AgainMS)
		}
		if m.AgainMS < 120_000 {
			below++
		}
	}
	if below < 50 || below > 110 { // of 200, (0.5 - 0.16) / (1 - 0.16) = 81, deviation 7
		t.Errorf("%d of 200 are below the mean", below)
	}
}

func TestWhoRegistersTooLateIsLeftOut(t *testing.T) {
	r := read(t, `
miners:
  - {name: first, copies: second}
  - {name: second, copies: late}
  - {name: late, strategy: random, registers: 2025-06-05}
  - {name: last, strategy: random, registers: 149d}
`)
	miners, warnings, err := r.Miners(sample())
	if err != nil || len(miners) != 1 || miners[0].Name != "last" {
		t.Errorf("%+v, %v", miners, err)
	}
	want := []string{
		"late is left out: it would register at 2025-06-05T00:00:00Z, when the range is over",
		"second is left out: it copies late, which is",
		"first is left out: it copies second, which is",
	}
	if !slices.Equal(warnings, want) {
		t.Errorf("got  %q\nwant %q", warnings, want)
	}
}

func TestWrappersAndChoicesOfLists(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range cast(t, `
miners:
  - name: steady
    count: 30
    strategy: volatility-target
    params:
      of: {choice: [crossover, macd]}
      of.fast: {uniform: [5, 20]}
      of.pairs: {choice: [BTCUSD, [BTCUSD, EURUSD]]}
      of.slow: 40
`) {
		if _, err := m.Make(); err != nil {
			t.Error(err)
		}
		seen[param(m, "of")+" "+param(m, "of.pairs")] = true
	}
	for _, want := range []string{"crossover BTCUSD", "crossover BTCUSD,EURUSD", "macd BTCUSD", "macd BTCUSD,EURUSD"} {
		if !seen[want] {
			t.Errorf("no %s among %v", want, seen)
		}
	}
}

// TestPathsAreRelativeToTheFile: of scripts and portfolios, and of those within a
// wrapper.
func TestPathsAreRelativeToTheFile(t *testing.T) {
	dir := t.TempDir()
	const script = "size = param('size', 0.1, least=0.01, most=1, doc='leverage')\ndef decide(ctx):\n    pass\n"
	write(t, dir, "scripts/my.star", script)
	write(t, dir, "mix.yaml", "members:\n  - {name: m, strategy: scripts/my.star, share: 0.5}\n")
	path := write(t, dir, "subnet.yaml", `
miners:
  - {name: script, count: 3, strategy: scripts/my.star, params: {size: {uniform: [0.1, 0.9]}}}
  - {name: mix, strategy: mix.yaml, params: {m.size: 0.25}}
  - {name: slices, strategy: twap, params: {of: scripts/my.star, of.size: 0.5}}
`)
	r, err := Read(path, options())
	if err != nil {
		t.Fatal(err)
	}
	miners, _, err := r.Miners(sample())
	if err != nil || len(miners) != 5 {
		t.Fatalf("%d miners: %v", len(miners), err)
	}
	for _, m := range miners {
		if _, err := m.Make(); err != nil || len(m.SHA256) != 64 || len(m.Params) == 0 {
			t.Errorf("%s: %v, SHA-256 %s, parameters %v", m.Name, err, m.SHA256, m.Params)
		}
	}
	if miners[0].SHA256 != miners[2].SHA256 || miners[0].SHA256 == miners[3].SHA256 {
		t.Error("a file's SHA-256 is not its own")
	}
	moved, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Dir = dir
	if _, err := Parse("elsewhere.yaml", moved, o); err != nil {
		t.Errorf("from another folder: %v", err)
	}
	if _, err := Parse(filepath.Join(t.TempDir(), "elsewhere.yaml"), moved, options()); err == nil {
		t.Error("the scripts of another folder are found")
	}
}

func TestProgramsGetWhatIsDrawn(t *testing.T) {
	m := cast(t, `
miners: [{name: p, strategy: 'exec:sh -c true', params: {n: {uniform: [1, 9]}, x: {uniform: [1.0, 2]}, word: {choice: [a]}}}]
`)[0]
	n, x := param(m, "n"), param(m, "x")
	if len(n) != 1 || n < "1" || n > "9" || !strings.HasPrefix(x, "1.") || param(m, "word") != "a" {
		t.Errorf("%v", m.Params)
	}
}

// TestMinersAreMadeAtOnce: the race detector looks on.
func TestMinersAreMadeAtOnce(t *testing.T) {
	miners := cast(t, "miners: [{name: a, count: 8, strategy: twap, params: {of: {choice: [crossover, random]}}}]")
	var group sync.WaitGroup
	for _, m := range miners {
		group.Go(func() {
			for range 10 {
				if _, err := m.Make(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestWithoutAFinderTheBuiltInStrategiesAreKnown(t *testing.T) {
	r, err := Parse("f", []byte("miners: [{name: a, strategy: volatility-target, params: {of: macd}}]"), Options{})
	if err != nil || len(r.groups) != 1 {
		t.Error(err)
	}
	if _, err := Parse("f", []byte("miners: [{name: a, strategy: my.star}]"), Options{}); err == nil {
		t.Error("a script is found without a finder")
	}
}

func TestReadBoundsTheFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(filepath.Join(dir, "none.yaml"), Options{}); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
	long := write(t, dir, "long.yaml", strings.Repeat("# long\n", bytesMax))
	if _, err := Read(long, Options{}); err == nil || !strings.HasSuffix(err.Error(), "long.yaml: found a longer file; expected at most 1048576 bytes") {
		t.Errorf("a long file: %v", err)
	}
}
