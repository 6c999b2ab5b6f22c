package reports

import (
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

const hourMS = 60 * minuteMS

// handmade is a run whose every figure can be checked in the head.
func handmade(t testing.TB, set string) *Run {
	t.Helper()
	resolved, err := rules.Load(set)
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int64) int64 { return startMS + n*dayMS } // 0 is January 1
	fill := func(kind sim.OrderType, leverage, slippage float64, ms int64) sim.Fill {
		return sim.Fill{Type: kind, Leverage: leverage, Price: 50000, Slippage: slippage, TimeMS: ms}
	}
	order := func(outcome sim.Outcome, reason sim.Reason, warnings ...string) sim.OrderRecord {
		return sim.OrderRecord{
			Order: sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: 0.5}, EmittedMS: day(1),
			Outcome: outcome, Reason: reason, Warnings: warnings,
		}
	}
	return &Run{
		Version: "1.0", Rules: resolved, Strategy: "crossover", Params: []Param{{"fast", "20"}, {"slow", "50"}},
		Dataset: []DatasetFile{{Pair: "BTCUSD", Interval: "1m"}, {Pair: "ETHUSD", Interval: "5m"}},
		Result: &sim.Result{
			FromMS: startMS, ToMS: day(73), // 31 + 28 + 14: March 15
			FinalReturn: 1.1, MaxDrawdown: 0.062,
			Orders: []sim.OrderRecord{
				order(sim.Accepted, ""), order(sim.Accepted, "", "over the largest bucket"), order(sim.Clamped, "", "over the largest bucket"),
				order(sim.Rejected, sim.CooldownActive), order(sim.Rejected, sim.MaxPortfolioLeverage),
				order(sim.Rejected, sim.CooldownActive), order(sim.Ignored, sim.NoPosition),
			},
			Positions: []sim.PositionRecord{
				{
					Pair: "BTCUSD", OpenMS: day(1), CloseMS: day(1) + 26*hourMS, Closed: true,
					ReturnAtClose: 1.15, CarryFactor: 0.99, TransactionFactor: 0.999,
					Fills: []sim.Fill{fill(sim.Long, 0.5, 0.0002, day(1)), fill(sim.Flat, -0.5, 0.0002, day(1)+26*hourMS)},
				},
				{
					Pair: "ETHUSD", OpenMS: day(9), NetLeverage: -0.3, ReturnAtClose: 0.95, CarryFactor: 0.98, TransactionFactor: 1,
					Fills: []sim.Fill{fill(sim.Short, -0.3, 0.001, day(9))},
				},
			},
			Challenge: sim.ChallengeStatus{Days: 45, DaysNeeded: 60, Verdict: sim.ChallengeRunning, Reason: "45 full days of 60"},
			Warnings:  []string{"ETHUSD: no bid and ask in the data: the default spread serves"},
		},
		Assessment: scoring.Assessment{
			Days: 45, MaxDrawdown: 0.062,
			Metrics: scoring.Metrics{
				scoring.Calmar: scoring.Known(2.5), scoring.Sharpe: scoring.Known(-100), scoring.Omega: scoring.Known(0),
				scoring.Sortino: scoring.Known(-100), scoring.StatisticalConfidence: scoring.Known(-100),
				scoring.ReturnLong: scoring.Known(1.25), scoring.ReturnShort: scoring.Known(0),
			},
			Penalties: scoring.Penalties{Drawdown: 1, Martingale: scoring.Known(0.9933), Total: 0.9933},
		},
	}
}

// The figures: a return of 1.1 in 73 of 365 days is 1.1⁵ = 1.61051 a year; the
// bar has 0.62 × 20 = 12.4 of 20 characters; carry is 1 - 0.99 × 0.98 = 0.0298;
// slippage 0.5 × 0.0002 twice and 0.3 × 0.001 is 0.0005.
const summaryOfRunning = `crossover fast=20 slow=50                                               ptn-2025-02 · main
2025-01-01 00:00 to 2025-03-15 00:00 UTC                                              73 d
BTCUSD 1m, ETHUSD 5m

Return           +10.00 %   value 1.100, +61.05 % a year
Max drawdown       6.20 %   ████████████░░░░░░░░ 62 % of the limit of 10 %
Full days            45     of the 60 that the metrics need

Metric             value  weight  note
──────────────  ────────  ──────  ─────────────────────────────────
Calmar             2.500    20 %
Sharpe            -100.0    20 %  no confidence: 45 full days of 60
Omega                  0    20 %  no confidence: 45 full days of 60
Sortino           -100.0    20 %  no confidence: 45 full days of 60
Confidence (t)    -100.0    20 %  no confidence: 45 full days of 60
Penalties       × 0.9933

Costs           carry 2.98 %, slippage about 0.050 %
Orders          7: 2 accepted, 1 clamped, 3 rejected, 1 ignored
  turned away   cooldown 2, max_portfolio_leverage 1, no_position 1
Positions       2: 1 closed, 1 open; 100 % of the closed won, held 1 d 2 h on average
  best, worst   BTCUSD +15.00 % of 2025-01-02; ETHUSD -5.00 % of 2025-01-10

Challenge       running: 45 full days of 60

Warnings        ETHUSD: no bid and ask in the data: the default spread serves
                over the largest bucket (2 times)

Digest          sha256:00
Results         out
`

// Eliminated at 1050 of 1000: the bar is full, and 0.105 / 0.1 is 105 %. The fee
// is 1 - 0.999 = 0.1 %.
const summaryOfEliminated = `crossover fast=20 slow=50                   ptn-2024-12 · challenge · latency 1.5s
2025-01-01 00:00 to 2025-01-21 00:00 UTC                                      20 d
BTCUSD 1m, ETHUSD 5m

Return           -10.20 %   value 0.8980
Max drawdown      10.50 %   ████████████████████ 105 % of the limit of 10 %
Full days            61     in the window

Metric           value  weight  note
──────────────  ──────  ──────  ───────────────────────────────────────────────
Sharpe          -1.250  17.5 %  the days earn less than the risk-free rate
Omega           0.5000  17.5 %  the losing days outweigh the others
Sortino         -2.000  17.5 %  the days earn less than the risk-free rate
Confidence (t)  -1.500  17.5 %  the average day loses
Return, long    -1.250    20 %  the average day loses
Return, short        0    10 %  0: its drawdown is not between 0.5 % and 10 %
Penalties          × 0          drawdown over the limit of 10 %: the score is 0

Costs           carry 2.98 %, transaction fee 0.10 %, slippage about 0.050 %
Orders          none: the strategy never traded
Positions       2: 1 closed, 1 open; 100 % of the closed won, held 1 d 2 h on
                average
  best, worst   BTCUSD +15.00 % of 2025-01-02; ETHUSD -5.00 % of 2025-01-10

Eliminated      FAILED_CHALLENGE_PERIOD_DRAWDOWN on 2025-01-20 00:01 UTC at a
                drawdown of 10.50 %, by BTCUSD at 43210.5
Challenge       failed: a drawdown of 10.50 % is beyond the limit of 10 %

Digest          sha256:00
`

// eliminated is the handmade run of a challenger that failed.
func eliminated(t testing.TB) *Run {
	run := handmade(t, "ptn-2024-12")
	run.As, run.LatencyMS = sim.InChallenge, 1500
	res := run.Result
	res.ToMS, res.FinalReturn, res.MaxDrawdown = startMS+20*dayMS, 0.898, 0.105
	res.Orders, res.Warnings = nil, nil
	res.Elimination = &sim.Elimination{
		TimeMS: startMS + 19*dayMS + minuteMS, Reason: sim.FailedChallengeDrawdown, Drawdown: 0.105, Pair: "BTCUSD", Price: 43210.5,
	}
	res.Challenge = sim.ChallengeStatus{Verdict: sim.ChallengeFailed, Reason: "a drawdown of 10.50 % is beyond the limit of 10 %"}
	a := &run.Assessment
	a.Days, a.MaxDrawdown = 61, 0.105
	a.Metrics[scoring.Sharpe], a.Metrics[scoring.Omega] = scoring.Known(-1.25), scoring.Known(0.5)
	a.Metrics[scoring.Sortino], a.Metrics[scoring.StatisticalConfidence] = scoring.Known(-2), scoring.Known(-1.5)
	a.Metrics[scoring.ReturnLong] = scoring.Known(-1.25)
	a.Penalties = scoring.Penalties{Drawdown: 0, Martingale: scoring.Known(0.9933)}
	return run
}

func TestSummaryText(t *testing.T) {
	cases := []struct {
		name    string
		run     *Run
		options SummaryOptions
		want    string
	}{
		{"running", handmade(t, rules.Default), SummaryOptions{Digest: "sha256:00", Folder: "out"}, summaryOfRunning},
		{"eliminated, 82 columns", eliminated(t), SummaryOptions{Digest: "sha256:00", Width: 82}, summaryOfEliminated},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			if err := Summary(&b, c.run, c.options); err != nil {
				t.Fatal(err)
			}
			got, want := strings.Split(b.String(), "\n"), strings.Split(c.want, "\n")
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Fatalf("line %d is\n%s\nwant\n%s\nof\n%s", i+1, got[i], want[i], b.String())
				}
			}
			if len(got) != len(want) {
				t.Fatalf("%d lines, want %d:\n%s", len(got), len(want), b.String())
			}
		})
	}
}

func TestSummaryFitsTheTerminal(t *testing.T) {
	run := eliminated(t)
	run.Params = append(run.Params, Param{"symbols", strings.Repeat("BTCUSD ", 30)})
	for i := range 40 {
		run.Result.Warnings = append(run.Result.Warnings, strings.Repeat("w", i)+" is a warning of its own, and one that takes more than a line to say, or two")
	}
	for _, width := range []int{0, 60, 80, 90, 200} {
		var b strings.Builder
		if err := Summary(&b, run, SummaryOptions{Width: width, Color: true, Digest: "sha256:00"}); err != nil {
			t.Fatal(err)
		}
		widest := width
		if width == 0 || width > 90 {
			widest = 90
		}
		for line := range strings.Lines(b.String()) {
			// A table is as wide as it must be; it has a metric's name in front.
			if n := displayed(strings.TrimSuffix(line, "\n")); n > widest && width >= 82 {
				t.Errorf("width %d: %d characters in %q", width, n, line)
			}
		}
		if n := strings.Count(b.String(), "\n"); width == 0 && n > 45 {
			t.Errorf("%d lines, want at most 45:\n%s", n, b.String())
		}
	}
}

func TestSummaryColorsOnlyWhenAsked(t *testing.T) {
	for _, run := range []*Run{handmade(t, rules.Default), eliminated(t)} {
		var plain, colored strings.Builder
		if err := Summary(&plain, run, SummaryOptions{Digest: "sha256:00"}); err != nil {
			t.Fatal(err)
		}
		if err := Summary(&colored, run, SummaryOptions{Digest: "sha256:00", Color: true}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(plain.String(), "\x1b") || !strings.Contains(colored.String(), "\x1b[") {
			t.Error("colour where none was asked for, or none where it was")
		}
		if got := uncolored(colored.String()); got != plain.String() {
			t.Errorf("without its colours the text is\n%s\nwant\n%s", got, plain.String())
		}
	}
}

// uncolored removes the colours of a text, and the blanks before a line's end
// that they protect.
func uncolored(text string) string {
	for {
		before, after, ok := strings.Cut(text, "\x1b[")
		if !ok {
			return text
		}
		_, after, _ = strings.Cut(after, "m")
		text = before + after
	}
}

func TestFiguresForPeople(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{figure(0), "0"}, {figure(1.23456), "1.235"}, {figure(-100), "-100.0"}, {figure(123456.7), "123457"},
		{figure(0.000012), "1.200e-05"}, {figure(0.01), "0.01000"}, {figure(2.5e9), "2.500e+09"},
		{percent(0.0725), "7.25 %"}, {percent(0), "0.00 %"}, {percent(0.0005), "0.050 %"}, {percent(0.0000012), "0.00012 %"},
		{percent(1e-12), "1.0e-10 %"}, {change(0.01), "+1.00 %"}, {change(-0.01), "-1.00 %"},
		{plainPercent(0.1), "10 %"}, {plainPercent(0.175), "17.5 %"}, {plainPercent(0.07), "7 %"},
		{span(26 * hourMS), "1 d 2 h"}, {span(48 * hourMS), "2 d"}, {span(90 * minuteMS), "1 h 30 min"},
		{span(hourMS), "1 h"}, {span(5 * minuteMS), "5 min"}, {span(999), "0 s"},
		{wholePercent(0.997), "99 %"}, {wholePercent(0.062 / 0.1), "62 %"}, {wholePercent(0.004), "under 1 %"}, {wholePercent(0), "0 %"},
		{bar(0.62, 20), strings.Repeat("█", 12) + strings.Repeat("░", 8)}, {bar(1.5, 4), "████"}, {bar(0, 4), "░░░░"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
