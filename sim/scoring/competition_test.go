package scoring

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

func TestPercentilesShareTiedRanks(t *testing.T) {
	scores := []float64{3, 1, 2, 2, math.Inf(-1)} // ranks 5, 2, 3.5, 3.5, 1
	tests := map[rules.Variant][]float64{
		rules.Documented: {1, .25, .625, .625, 0},
		rules.Deployed:   {1, .4, .7, .7, .2},
	}
	for variant, want := range tests {
		for i, got := range Percentiles(variant, scores) {
			check(t, string(variant), got, want[i])
		}
	}
}

func TestDrawdownPenaltyAtTheLimit(t *testing.T) {
	for name, want := range map[string]float64{"ptn-2025-02": 1, "ptn-5.4.0": 0} {
		if got := drawdownPenalty(ruleSet(t, name).DrawdownPenalty, []float64{1, .9}); got != want {
			t.Errorf("%s: exactly 10 %%: got %g, want %g", name, got, want)
		}
	}
	recent := make([]float64, 11)
	for i := range recent {
		recent[i] = 1
	}
	recent[0] = .5 // 11 checkpoints ago
	if got := drawdownPenalty(ruleSet(t, "ptn-2024-12").DrawdownPenalty, recent); got != 1 {
		t.Errorf("a drawdown before the last five days: got %g, want 1", got)
	}
	if got := drawdownPenalty(ruleSet(t, "ptn-2025-02").DrawdownPenalty, recent); got != 0 {
		t.Errorf("a drawdown in the window: got %g, want 0", got)
	}
}

// fills is orders of 1 at the prices given, then FLAT at the last.
func fills(side float64, prices ...float64) []sim.Fill {
	var fills []sim.Fill
	for _, p := range prices {
		fills = append(fills, sim.Fill{Leverage: side, Price: p})
	}
	return append(fills, sim.Fill{Type: sim.Flat, Leverage: -side * float64(len(prices)), Price: prices[len(prices)-1]})
}

func TestMartingaleStepsAreRaisesAtALoss(t *testing.T) {
	tests := map[string]struct {
		fills []sim.Fill
		want  int
	}{
		"no order":                               {nil, 0},
		"averaging down twice":                   {fills(1, 100, 99, 98), 2},
		"adding to a short that rises":           {fills(-1, 100, 101, 102), 2},
		"adding to a winner":                     {fills(1, 100, 101, 102), 0},
		"at the same price":                      {fills(1, 100, 100, 100), 0},
		"closing by FLAT at a loss":              {[]sim.Fill{{Leverage: 1, Price: 100}, {Type: sim.Flat, Price: 90}}, 0},
		"back to a size that it had":             {[]sim.Fill{{Leverage: 1, Price: 100}, {Leverage: 1, Price: 99}, {Leverage: -1, Price: 98}, {Leverage: 1, Price: 97}}, 1},
		"a raise at a profit raises no bar":      {[]sim.Fill{{Leverage: 1, Price: 100}, {Leverage: 4, Price: 101}, {Leverage: -2, Price: 99}, {Leverage: 1, Price: 98}}, 2},
		"reducing below the first size and back": {[]sim.Fill{{Leverage: 2, Price: 100}, {Leverage: -1, Price: 99}, {Leverage: 1, Price: 98}}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := martingaleSteps(test.fills); got != test.want {
				t.Errorf("got %d steps, want %d", got, test.want)
			}
		})
	}
}

func TestMartingaleJudgesRecentAndLosingPositions(t *testing.T) {
	m := ruleSet(t, "ptn-2025-02").Martingale
	const now = 100 * dayMS
	positions := []sim.PositionRecord{
		{Pair: "in", Closed: true, OpenMS: 10 * dayMS, ReturnAtClose: 1.5},
		{Pair: "too old", Closed: true, OpenMS: 10*dayMS - 1},
		{Pair: "in", OpenMS: 0, ReturnAtClose: .999},
		{Pair: "winning", OpenMS: 99 * dayMS, ReturnAtClose: 1},
	}
	for i := range positions {
		if p := &positions[i]; martingaleJudges(m, p, now) != (p.Pair == "in") {
			t.Errorf("it is %v that the penalty looks at position %d, %s", p.Pair != "in", i, p.Pair)
		}
	}
}

func TestMartingaleWeighsByReturn(t *testing.T) {
	m := ruleSet(t, "ptn-2025-02").Martingale
	marked, clean := fills(1, 100, 99, 98), fills(1, 100)
	tests := map[string]struct {
		positions []sim.PositionRecord
		want      float64
	}{
		"none":     {nil, 0},
		"of equal": {[]sim.PositionRecord{{ReturnAtClose: 1, Fills: marked}, {ReturnAtClose: 1, Fills: clean}}, .5},
		// 2^25 against 1
		"of unequal":      {[]sim.PositionRecord{{ReturnAtClose: 2, Fills: marked}, {ReturnAtClose: 1, Fills: clean}}, 33554432. / 33554433},
		"of total losses": {[]sim.PositionRecord{{ReturnAtClose: 0, Fills: marked}, {ReturnAtClose: 0, Fills: clean}}, .5},
		"of the largest":  {[]sim.PositionRecord{{ReturnAtClose: 1e300, Fills: marked}}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { check(t, "score", MartingaleScore(m, test.positions), test.want) })
	}
}

func TestPositionFilterKeepsClosedMinutes(t *testing.T) {
	positions := []sim.PositionRecord{
		{Pair: "kept", Closed: true, OpenMS: 5, CloseMS: 60_005},
		{Pair: "short", Closed: true, OpenMS: 5, CloseMS: 60_004},
		{Pair: "open", OpenMS: 5},
	}
	if kept := FilterPositions(rules.FilterClosed60s, positions); len(kept) != 1 || kept[0].Pair != "kept" {
		t.Errorf("got %v, want the first alone", kept)
	}
	if kept := FilterPositions(rules.FilterNone, positions); len(kept) != 3 {
		t.Errorf("got %v, want all", kept)
	}
}

func TestConcentrationCountsPartsOfMiners(t *testing.T) {
	// The best 40 % of 3 miners are 1.2 miners: 0.6 + 0.2·0.3.
	check(t, "concentration", Concentration([]float64{.1, .6, .3}, .4).Or(-1), .66)
	if _, known := Concentration([]float64{0, 0}, .4).Get(); known {
		t.Error("nobody has weight, and yet there is a concentration")
	}
}

// assessed is a miner of which all metrics are x.
func assessed(x float64, days int, drawdown float64) Assessment {
	a := Assessment{Days: days, MaxDrawdown: drawdown, drawdownFactor: 1 - drawdown, Penalties: Penalties{Drawdown: 1, Martingale: Known(1), Total: 1}}
	for m := range a.Metrics {
		a.Metrics[m] = Known(x)
	}
	if drawdown > .1 {
		a.Penalties.Drawdown, a.Penalties.Total = 0, 0
	}
	return a
}

func TestChallengeVerdicts(t *testing.T) {
	main := []Assessment{assessed(1, 90, 0), assessed(2, 90, 0), assessed(3, 90, 0), assessed(4, 90, 0)}
	tests := map[string]struct {
		challenger Challenger
		main       []Assessment
		verdict    sim.Verdict
		reason     sim.Reason
		percentile float64
	}{
		// Ranked fourth of five: (4-1)/(5-1) = 0.75, just enough.
		"good enough passes":         {Challenger{assessed(3.5, 60, .05), 0, 90 * dayMS}, main, sim.ChallengePassed, "", .75},
		"and even when time is over": {Challenger{assessed(3.5, 60, .05), 0, 90*dayMS + 1}, main, sim.ChallengePassed, "", .75},
		"third of five goes on":      {Challenger{assessed(2.5, 60, .05), 0, 90 * dayMS}, main, sim.ChallengeRunning, "", .5},
		"until time is over":         {Challenger{assessed(2.5, 60, .05), 0, 90*dayMS + 1}, main, sim.ChallengeFailed, sim.FailedChallengeTime, .5},
		"59 days are not enough":     {Challenger{assessed(9, 59, .05), 0, 89 * dayMS}, main, sim.ChallengeRunning, "", 1},
		"59 days in all are too few": {Challenger{assessed(9, 59, .05), 0, 91 * dayMS}, main, sim.ChallengeFailed, sim.FailedChallengeTime, 1},
		"a drawdown of 11 % fails":   {Challenger{assessed(9, 60, .11), 0, dayMS}, main, sim.ChallengeFailed, sim.FailedChallengeDrawdown, 0},
		"alone it passes":            {Challenger{assessed(-9, 60, .05), 0, dayMS}, nil, sim.ChallengePassed, "", 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := test.challenger.Judge(ruleSet(t, "ptn-2025-02"), test.main)
			if got.Verdict != test.verdict || got.Elimination != test.reason {
				t.Errorf("got %s %s (%s), want %s %s", got.Verdict, got.Elimination, got.Reason, test.verdict, test.reason)
			}
			checkValue(t, "percentile", got.Percentile, test.percentile)
		})
	}
}

func TestChallengeAlone(t *testing.T) {
	set := ruleSet(t, "ptn-2025-02")
	tests := map[string]struct {
		challenger Challenger
		want       sim.Verdict
	}{
		"the rank is unknown":          {Challenger{assessed(9, 60, .05), 0, 91 * dayMS}, sim.ChallengeRankUnknown},
		"days are missing":             {Challenger{assessed(9, 59, .05), 0, 60 * dayMS}, sim.ChallengeRunning},
		"days are missing at the end":  {Challenger{assessed(9, 59, .05), 0, 91 * dayMS}, sim.ChallengeFailed},
		"the drawdown needs no others": {Challenger{assessed(9, 60, .11), 0, dayMS}, sim.ChallengeFailed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.challenger.JudgeAlone(set); got.Verdict != test.want {
				t.Errorf("got %s (%s), want %s", got.Verdict, got.Reason, test.want)
			}
		})
	}
	single := Challenger{assessed(9, 60, .11), 0, dayMS}
	if got := single.JudgeAlone(ruleSet(t, "ptn-4.8.12")); got.Elimination != sim.FailedChallenge {
		t.Errorf("one reason for all: got %s", got.Elimination)
	}
}

// ledgerOf is n whole days of one log return each, with a drawdown throughout.
func ledgerOf(n int, logReturn, mdd float64) Ledger {
	var l Ledger
	for i := range 2 * n {
		l.Checkpoints = append(l.Checkpoints, sim.Checkpoint{
			LastUpdateMS: int64(i+1) * dayMS / 2, AccumMS: dayMS / 2,
			Gain: max(logReturn/2, 0), Loss: min(logReturn/2, 0), MDD: mdd,
		})
	}
	return l
}

func TestScoreOfSpecialPopulations(t *testing.T) {
	set := ruleSet(t, "ptn-2025-02")
	fine, ruined := ledgerOf(90, .001, .95), ledgerOf(90, .001, .8)
	tests := map[string]struct {
		miners []Miner
		weight map[string]float64
		share  map[string]float64
	}{
		"a lone miner gets all, penalised or not": {
			[]Miner{{ID: "a", Ledger: ruined}},
			map[string]float64{"a": 1}, map[string]float64{"a": 1}},
		"the penalised one gets nothing": {
			[]Miner{{ID: "a", Ledger: ruined}, {ID: "b", Ledger: fine}},
			map[string]float64{"a": 0, "b": 1}, map[string]float64{"a": 0, "b": 1}},
		"equals get equal parts": {
			[]Miner{{ID: "a", Ledger: fine}, {ID: "b", Ledger: fine}},
			map[string]float64{"a": .5, "b": .5}, map[string]float64{"a": .5, "b": .5}},
		"a challenger is paid on top": {
			[]Miner{{ID: "a", Ledger: fine}, {ID: "b", State: StateChallenge, ChallengeStartMS: dayMS, Ledger: fine}},
			map[string]float64{"a": 1, "b": 1.2e-5}, map[string]float64{"a": 1 / 1.000012, "b": 1.2e-5 / 1.000012}},
		"but not with nobody beside": {
			[]Miner{{ID: "b", State: StateChallenge, ChallengeStartMS: dayMS, Ledger: fine}},
			map[string]float64{"b": 0}, map[string]float64{"b": 0}},
		"an eliminated one is not looked at": {
			[]Miner{{ID: "a", Ledger: fine}, {ID: "b", State: StateEliminated, Ledger: fine}},
			map[string]float64{"a": 1, "b": 0}, map[string]float64{"a": 1, "b": 0}},
		"all penalised, none paid": {
			[]Miner{{ID: "a", Ledger: ruined}, {ID: "b", Ledger: ruined}},
			map[string]float64{"a": 0, "b": 0}, map[string]float64{"a": 0, "b": 0}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			standing, err := Score(set, Population{EvaluationMS: 90 * dayMS, Miners: test.miners})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range standing.Miners {
				check(t, m.ID+" weight", m.Weight, test.weight[m.ID])
				check(t, m.ID+" share", m.EmissionShare, test.share[m.ID])
			}
		})
	}
}

func TestLedgerBeforeTheWindowIsForgotten(t *testing.T) {
	set := ruleSet(t, "ptn-2025-02")
	l := ledgerOf(100, .001, .95)
	l.Checkpoints[19].MDD = .5 // the last checkpoint of day 10 is out of 90 days
	got := Assess(set, l, 100*dayMS)
	if got.Days != 90 {
		t.Errorf("got %d days, want 90", got.Days)
	}
	check(t, "drawdown", got.MaxDrawdown, .05)
}

// Equity 1.1, 0.99, 1.045: the drawdowns at the days' ends are 0, 10 %, 5 %.
func TestSeriesTakesItsDrawdownFromTheDays(t *testing.T) {
	var l Ledger
	for i, factor := range []float64{1.1, .9, 1.045 / .99} {
		l.Daily = append(l.Daily, sim.Daily{DateMS: int64(i) * dayMS, LogReturn: math.Log(factor)})
	}
	set := ruleSet(t, "ptn-2025-02")
	record := l.record(set.Ledger)
	want := []float64{1, 1, .9, .9, .95, .95}
	if len(record.MDD) != len(want) || len(record.Returns) != 3 {
		t.Fatalf("got %d drawdowns of %d days, want %d of 3", len(record.MDD), len(record.Returns), len(want))
	}
	for i := range want {
		check(t, "mdd", record.MDD[i], want[i])
	}
	got := Assess(set, l, 0)
	if _, known := got.Penalties.Martingale.Get(); known {
		t.Error("a series tells of no martingale")
	}
}

func TestSeriesIsOfTheWindow(t *testing.T) {
	l := Ledger{}
	for i := range 200 {
		l.Daily = append(l.Daily, sim.Daily{DateMS: int64(i) * dayMS, LogReturn: -.001})
	}
	record := l.record(ruleSet(t, "ptn-2025-02").Ledger)
	if len(record.Returns) != 90 || len(record.MDD) != 180 {
		t.Fatalf("got %d days and %d drawdowns, want 90 and 180", len(record.Returns), len(record.MDD))
	}
	// The running maximum never falls under the first value, 1: e^-0.2 at the end.
	check(t, "last drawdown", record.MDD[179], math.Exp(-.2))
}

func TestStandingInJSON(t *testing.T) {
	standing, err := Score(ruleSet(t, "ptn-2025-02"), Population{EvaluationMS: dayMS, Miners: []Miner{
		{ID: "z", State: StateEliminated},
		{ID: "a", Ledger: Ledger{Daily: []sim.Daily{{LogReturn: .5}}}},
		{ID: "c", State: StateChallenge, ChallengeStartMS: dayMS, Ledger: ledgerOf(1, -1, .5)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(standing.Miners)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, want := range []string{
		`{"a":{"state":"main","days":1,"max_drawdown":0,"metrics":{"calmar":0,"sharpe":-100,`,
		`"penalties":{"drawdown":1,"martingale":null,"total":1},"percentiles":{"calmar":1,`,
		`"score":1,"weight":1,"emission_share":0.9999`, `"rank":1,"challenge":null},"c":{`,
		`"rank":null,"challenge":{"days":1,"days_needed":60,"drawdown":0.5,"percentile":0,"verdict":"failed","reason":"its drawdown of 50.00 % is beyond`,
		`"z":{"state":"eliminated"`, `"percentiles":{"calmar":null,`, `"score":null,"weight":0,"emission_share":0,"rank":null`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}
