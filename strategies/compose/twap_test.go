package compose

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// breakIt gives a crossover parameters that make no sense.
func breakIt(s strategies.Configurable) {
	c := s.(*strategies.Crossover)
	c.Fast, c.Slow = 5, 5
}

// TestSlicesAreEqualInSizeAndTime. The order of minute m fills at 1000+m-1.
func TestSlicesAreEqualInSizeAndTime(t *testing.T) {
	for _, c := range []struct {
		name     string
		slices   int
		duration int64 // minutes
		at       bool  // closings at once
		does     map[int]func(*sim.Context)
		want     []string
	}{
		{"opening and closing", 3, 6, false, map[int]func(*sim.Context){1: long("BTCUSD", 0.06), 10: flat("BTCUSD")}, []string{
			"1: LONG BTCUSD 0.02 at 1 for 1000", "3: LONG BTCUSD 0.02 at 3 for 1002", "5: LONG BTCUSD 0.02 at 5 for 1004",
			"10: SHORT BTCUSD -0.02 at 10 for 1009", "12: SHORT BTCUSD -0.02 at 12 for 1011", "14: FLAT BTCUSD -0.02 at 14 for 1013",
		}},
		{"closing at once", 3, 6, true, map[int]func(*sim.Context){1: long("BTCUSD", 0.06), 10: flat("BTCUSD")}, []string{
			"1: LONG BTCUSD 0.02 at 1 for 1000", "3: LONG BTCUSD 0.02 at 3 for 1002", "5: LONG BTCUSD 0.02 at 5 for 1004",
			"10: FLAT BTCUSD -0.06 at 10 for 1009",
		}},
		// 0.022/4 is below the smallest position of 0.01: 0.01, and three parts of 0.004; backwards on the way out.
		{"the first slice of an opening and the last of a closing", 4, 4, false, map[int]func(*sim.Context){1: short("BTCUSD", 0.022), 10: flat("BTCUSD")}, []string{
			"1: SHORT BTCUSD -0.01 at 1 for 1000", "2: SHORT BTCUSD -0.004 at 2 for 1001", "3: SHORT BTCUSD -0.004 at 3 for 1002", "4: SHORT BTCUSD -0.004 at 4 for 1003",
			"10: LONG BTCUSD 0.004 at 10 for 1009", "11: LONG BTCUSD 0.004 at 11 for 1010", "12: LONG BTCUSD 0.004 at 12 for 1011", "13: FLAT BTCUSD 0.01 at 13 for 1012",
		}},
		// 0.1 grows by 0.0025 in parts of at least 0.001: two.
		{"fewer slices for a small change", 5, 10, true, map[int]func(*sim.Context){1: long("BTCUSD", 0.5), 20: short("BTCUSD", 0.4), 22: long("BTCUSD", 0.0025)}, []string{
			"1: LONG BTCUSD 0.1 at 1 for 1000", "3: LONG BTCUSD 0.1 at 3 for 1002", "5: LONG BTCUSD 0.1 at 5 for 1004", "7: LONG BTCUSD 0.1 at 7 for 1006", "9: LONG BTCUSD 0.1 at 9 for 1008",
			"20: SHORT BTCUSD -0.4 at 20 for 1019",
			"22: LONG BTCUSD 0.00125 at 22 for 1021", "27: LONG BTCUSD 0.00125 at 27 for 1026",
		}},
		// At 4, 0.04 of 0.06 are bought; from there to 0.025 in three parts of 0.005.
		{"a new change drops the rest", 3, 6, false, map[int]func(*sim.Context){1: long("BTCUSD", 0.06), 4: short("BTCUSD", 0.035)}, []string{
			"1: LONG BTCUSD 0.02 at 1 for 1000", "3: LONG BTCUSD 0.02 at 3 for 1002",
			"4: SHORT BTCUSD -0.005 at 4 for 1003", "6: SHORT BTCUSD -0.005 at 6 for 1005", "8: SHORT BTCUSD -0.005 at 8 for 1007",
		}},
		// From 0.06 to -0.03: of six slices four for the closing, two for the opening.
		{"to the other side", 6, 6, false, map[int]func(*sim.Context){1: long("BTCUSD", 0.06), 10: both(flat("BTCUSD"), short("BTCUSD", 0.03))}, []string{
			"1: LONG BTCUSD 0.01 at 1 for 1000", "2: LONG BTCUSD 0.01 at 2 for 1001", "3: LONG BTCUSD 0.01 at 3 for 1002",
			"4: LONG BTCUSD 0.01 at 4 for 1003", "5: LONG BTCUSD 0.01 at 5 for 1004", "6: LONG BTCUSD 0.01 at 6 for 1005",
			"10: SHORT BTCUSD -0.015 at 10 for 1009", "11: SHORT BTCUSD -0.015 at 11 for 1010", "12: SHORT BTCUSD -0.015 at 12 for 1011", "13: FLAT BTCUSD -0.015 at 13 for 1012",
			"14: SHORT BTCUSD -0.015 at 14 for 1013", "15: SHORT BTCUSD -0.015 at 15 for 1014",
		}},
		{"to the other side, closing at once", 2, 4, true, map[int]func(*sim.Context){1: long("BTCUSD", 0.06), 10: both(flat("BTCUSD"), short("BTCUSD", 0.03))}, []string{
			"1: LONG BTCUSD 0.03 at 1 for 1000", "3: LONG BTCUSD 0.03 at 3 for 1002",
			"10: FLAT BTCUSD -0.06 at 10 for 1009", "10: SHORT BTCUSD -0.015 at 10 for 1009", "12: SHORT BTCUSD -0.015 at 12 for 1011",
		}},
		// Six parts of half a minute would be two a candle: there are three.
		{"no two slices in a candle", 6, 3, false, map[int]func(*sim.Context){1: long("BTCUSD", 0.06)}, []string{
			"1: LONG BTCUSD 0.02 at 1 for 1000", "2: LONG BTCUSD 0.02 at 2 for 1001", "3: LONG BTCUSD 0.02 at 3 for 1002",
		}},
		// 90 s apart: at 1:00, 2:30, 4:00; the second fills at the next open.
		{"between candles", 2, 3, false, map[int]func(*sim.Context){1: long("BTCUSD", 0.06)}, []string{
			"1: LONG BTCUSD 0.03 at 1 for 1000", "2m30s: LONG BTCUSD 0.03 at 3 for 1002",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &TWAP{Of: &actor{does: c.does}, Slices: c.slices, DurationMS: c.duration * minuteMS, Closings: !c.at}
			checkLines(t, orders(play(t, config(t, s, minutes(t, "BTCUSD", 40)))), c.want)
		})
	}
}

// TestNewPositionsThatAreNotSlicedHaveAWarning, once a pair. A slice of an opening
// is at least 0.01 of crypto, and any other at least 0.001: 0.0105 has no two.
func TestNewPositionsThatAreNotSlicedHaveAWarning(t *testing.T) {
	const small, brief = "BTCUSD: not sliced: a slice would be below the smallest position, 0.01", "BTCUSD: not sliced: the duration, 1m, is shorter than two candles of 1m"
	for _, c := range []struct {
		name     string
		slices   int
		duration int64 // minutes
		does     map[int]func(*sim.Context)
		want     []string
	}{
		{"the smallest position, twice", 6, 6, map[int]func(*sim.Context){1: long("BTCUSD", 0.01), 10: flat("BTCUSD"), 20: short("BTCUSD", 0.01)}, []string{small}},
		{"half a smallest order more", 6, 6, map[int]func(*sim.Context){1: short("BTCUSD", 0.0105)}, []string{small}},
		{"on the other side", 6, 6, map[int]func(*sim.Context){1: long("BTCUSD", 0.05), 10: both(flat("BTCUSD"), short("BTCUSD", 0.01))}, []string{small}},
		{"a smallest order more", 6, 6, map[int]func(*sim.Context){1: long("BTCUSD", 0.0111)}, nil},
		{"a small change and a closing", 6, 6, map[int]func(*sim.Context){1: long("BTCUSD", 0.05), 10: long("BTCUSD", 0.0011), 20: flat("BTCUSD")}, nil},
		{"one slice is what was asked for", 1, 6, map[int]func(*sim.Context){1: long("BTCUSD", 0.01)}, nil},
		{"a duration of one candle", 6, 1, map[int]func(*sim.Context){1: long("BTCUSD", 0.05)}, []string{brief}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &TWAP{Of: &actor{does: c.does}, Slices: c.slices, DurationMS: c.duration * minuteMS, Closings: true}
			checkLines(t, notSliced(play(t, config(t, s, minutes(t, "BTCUSD", 40)))), c.want)
		})
	}
}

// notSliced is the warnings of positions that were not sliced.
func notSliced(res *sim.Result) []string {
	return slices.DeleteFunc(slices.Clone(res.Warnings), func(text string) bool { return !strings.Contains(text, "not sliced") })
}

// TestNothingIsLeftToSlice of a new position of the smallest size, where the rules
// know no smallest order.
func TestNothingIsLeftToSlice(t *testing.T) {
	got := sliced(0, -0.1, 6, true, &sim.PairLimits{PositionMin: 0.1, PositionMax: 5})
	if !slices.Equal(got, []float64{-0.1}) {
		t.Errorf("slices %v, want one", got)
	}
}

// TestSlicesObeyTheRules: whatever the change, the slices lead to it, one way, in
// steps that the gate takes.
func TestSlicesObeyTheRules(t *testing.T) {
	limits := &sim.PairLimits{PositionMin: 0.01, PositionMax: 0.5, OrderMin: 0.001, PortfolioMax: 10, Weight: 10}
	rapid.Check(t, func(t *rapid.T) {
		leverage := func(name string) float64 {
			x := float64(rapid.IntRange(10, 500).Draw(t, name)) / 1000
			return x * float64(rapid.IntRange(-1, 1).Draw(t, name+" side"))
		}
		from, to, n := leverage("from"), leverage("to"), rapid.IntRange(1, 50).Draw(t, "n")
		closings := rapid.Bool().Draw(t, "closings")
		targets := sliced(from, to, n, closings, limits)
		if len(targets) == 0 || len(targets) > n || targets[len(targets)-1] != to {
			t.Fatalf("%d slices: %v", n, targets)
		}
		before := from
		for i, target := range targets {
			if from < to && target < before || from > to && target > before {
				t.Fatalf("slice %d goes back: %v", i, targets)
			}
			if target != 0 && math.Abs(target) < limits.PositionMin {
				t.Fatalf("slice %d leaves less than the smallest position: %v", i, targets)
			}
			if d := math.Abs(target - before); from != to && d < limits.OrderMin*(1-1e-6) && len(targets) > 1 {
				t.Fatalf("slice %d is smaller than the smallest order: %v", i, targets)
			}
			before = target
		}
		if !closings && math.Abs(to) < math.Abs(from) && from*to >= 0 && len(targets) != 1 {
			t.Fatalf("a closing in slices: %v", targets)
		}
	})
}

func TestTWAPRefuses(t *testing.T) {
	for want, change := range map[string]func(*TWAP){
		"of: found no strategy":          func(s *TWAP) { s.Of = nil },
		"slices: found 0; expected":      func(s *TWAP) { s.Slices = 0 },
		"slices: found 1001; expected":   func(s *TWAP) { s.Slices = 1001 },
		"duration: found 0 ms; expected": func(s *TWAP) { s.DurationMS = 0 },
		"duration: found 1m for 7 slices; expected at least 70s, the cooldown of 10s between two orders": func(s *TWAP) { s.Slices, s.DurationMS = 7, minuteMS },
		"fast: found 5; expected less than": func(s *TWAP) { s.Of = build(t, "crossover"); breakIt(s.Of) },
	} {
		s := &TWAP{Of: &actor{}, Slices: 2, DurationMS: hourMS}
		change(s)
		if _, err := sim.Run(context.Background(), config(t, s, minutes(t, "BTCUSD", 3))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestWrappersRunWithinOneAnother: the crossover's first position of 0.05 is
// scaled to 0.1, and worked in two slices.
func TestWrappersRunWithinOneAnother(t *testing.T) {
	still := func(int) float64 { return 1000 }
	series := candlesOf(t, "BTCUSD", minuteMS, 200, func(i int) float64 {
		if i < 100 {
			return still(i)
		}
		return 1001
	})
	s := build(t, "twap slices=2 duration=10m of=volatility-target of.interval=1m of.window=1h of.rebalance=1h of.of.fast=2 of.of.slow=4")
	res := play(t, config(t, s, series))
	// The candle 100 closes above: seen at 101. Up to minute 60 the market stood still: the scale is 2.
	checkLines(t, orders(res)[:2], []string{"101: LONG BTCUSD 0.05 at 101 for 1001", "106: LONG BTCUSD 0.05 at 106 for 1001"})
}

// TestWrappersAreDefined with the parameters of what they hold.
func TestWrappersAreDefined(t *testing.T) {
	names := func(text string, given ...strategies.Setting) []string {
		d, err := findAny(text)
		if err != nil {
			t.Fatal(err)
		}
		resolved, err := d.Resolve(given)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, s := range resolved {
			list = append(list, s.Name+"="+s.Value)
		}
		return list
	}
	checkLines(t, names("twap"), slices.Concat([]string{"of=crossover", "slices=6", "duration=1h", "closings=true"}, prefixed("of.", names("crossover"))))
	checkLines(t, names("volatility-target", strategies.Setting{Name: "of", Value: "twap"}, strategies.Setting{Name: "of.of", Value: "buy-and-hold"}, strategies.Setting{Name: "of.of.leverage", Value: "0.2"}),
		[]string{"of=twap", "target=0", "least=0.25", "most=2", "window=30d", "interval=", "rebalance=1d", "band=0.1",
			"of.of=buy-and-hold", "of.slices=6", "of.duration=1h", "of.closings=true", "of.of.leverage=0.2", "of.of.direction=long", "of.of.pairs="})
	d, _ := findAny("twap")
	for text, want := range map[string]string{
		"of=nothing":     "of: found the unknown strategy",
		"of.fastt=3":     "found the unknown parameter \"of.fastt\"",
		"fast=3":         "found the unknown parameter \"fast\" (did you mean of.fast?)",
		"of.fast=x":      "twap: of.fast: found \"x\"; expected a whole number",
		"of.fast=2000":   "twap: fast: found 2000; expected less than slow",
		"duration=5":     "found \"5\"; expected a duration",
		"duration=-3h":   "found \"-3h\"; expected a duration",
		"closings=maybe": "expected true or false",
	} {
		s, _ := strategies.ParseSetting(text)
		if _, err := d.New([]strategies.Setting{s}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func prefixed(prefix string, list []string) []string {
	var texts []string
	for _, s := range list {
		texts = append(texts, prefix+s)
	}
	return texts
}
