package reports

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// ruleSet loads a rule set.
func ruleSet(t testing.TB, name string) *rules.Resolved {
	t.Helper()
	r, err := rules.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// placed is a miner of an outcome: its rank is 0 where it has none.
func placed(name string, state scoring.State, finalReturn float64, rank int, share float64) sweep.MinerOutcome {
	m := sweep.MinerOutcome{
		Name: name, Group: "g", State: state, FinalReturn: finalReturn, Emission: 10 * share,
		Judgement: scoring.Judgement{
			ID: name, State: state, Weight: share, EmissionShare: share,
			Assessment: scoring.Assessment{Days: 70, MaxDrawdown: 0.05, Penalties: scoring.Penalties{Drawdown: 1, Martingale: scoring.Known(1), Total: 1}},
		},
	}
	if rank > 0 {
		m.Judgement.Rank = &rank
		m.Judgement.Score = scoring.Known(1 / float64(rank))
	}
	return m
}

// population is three outcomes of five miners. From old to new: ant is eliminated,
// bee leads in its place, dog passes its challenge, emu is a successor that the
// others don't have. From old to same nothing changes.
func population(t testing.TB) *Compare {
	old := sweep.Outcome{
		Variant: sweep.Variant{Name: "ptn-2024-12", Rules: ruleSet(t, "ptn-2024-12")},
		Miners: []sweep.MinerOutcome{
			placed("ant", scoring.StateMain, 1.10, 1, 0.5), placed("bee", scoring.StateMain, 1.05, 2, 0.3),
			placed("cat", scoring.StateMain, 1.02, 3, 0.2), placed("dog", scoring.StateChallenge, 1.03, 0, 0),
		},
		Concentration: scoring.Known(0.8), MeanReturn: 1.05, // (0.10 + 0.05 + 0.02 + 0.03) / 4
		Warnings: []string{"the weights are set every day"},
	}
	same := old
	same.Variant.Name = "same"
	revised := sweep.Outcome{
		Variant: sweep.Variant{Name: "ptn-2025-02", Rules: ruleSet(t, "ptn-2025-02")},
		Miners: []sweep.MinerOutcome{
			placed("ant", scoring.StateEliminated, 0.90, 0, 0), placed("bee", scoring.StateMain, 1.05, 1, 0.55),
			placed("cat", scoring.StateMain, 1.02, 3, 0.2), placed("dog", scoring.StateMain, 1.03, 2, 0.25),
			placed("emu", scoring.StateChallenge, 1, 0, 0),
		},
		Eliminated: 1, Promoted: 1, Concentration: scoring.Known(0.75), MeanReturn: 1, // (-0.10 + 0.05 + 0.02 + 0.03 + 0) / 5
		Warnings: []string{"the weights are set every day", "emu registered late"},
	}
	revised.Miners[0].Elimination = &sim.Elimination{TimeMS: startMS + 44*dayMS, Reason: sim.MaxTotalDrawdown, Drawdown: 0.1, Pair: "BTCUSD", Price: 90000}
	revised.Miners[3].PromotedMS = startMS + 66*dayMS
	return &Compare{
		Version: "1.0", Name: "subnet.yaml", Dataset: []DatasetFile{{Pair: "BTCUSD", Interval: "1m", Content: "c0", File: "BTCUSD-1m.parquet"}},
		Comparison: &sweep.Comparison{FromMS: startMS, ToMS: startMS + 73*dayMS, Outcomes: []sweep.Outcome{old, same, revised}},
	}
}

// account is one miner under two rule sets.
func account(t testing.TB) *Compare {
	c := population(t)
	c.Name = "crossover"
	c.Comparison.Outcomes = []sweep.Outcome{c.Comparison.Outcomes[0], c.Comparison.Outcomes[2]}
	a, b := &c.Comparison.Outcomes[0], &c.Comparison.Outcomes[1]
	a.Miners, b.Miners = a.Miners[:1:1], b.Miners[:1:1]
	a.Warnings, b.Warnings = nil, nil
	b.Eliminated, b.Promoted = 1, 0
	metrics := func(m *sweep.MinerOutcome, days int, drawdown float64, values ...float64) {
		m.Judgement.Days, m.Judgement.MaxDrawdown = days, drawdown
		for i, x := range values {
			m.Judgement.Metrics[i] = scoring.Known(x)
		}
	}
	metrics(&a.Miners[0], 70, 0.06, 2.5, 1.25, 1.1, 2, 1.5, 0.5, 0.25)
	metrics(&b.Miners[0], 44, 0.1, 1.5, -100, 0, -100)
	a.Miners[0].Costs, b.Miners[0].Costs = sim.Costs{Carry: 0.02, Slippage: 0.005}, sim.Costs{Carry: 0.01, Fee: 0.001, Slippage: 0.004}
	a.Miners[0].Filled, b.Miners[0].Filled, b.Miners[0].Rejected = 200, 120, 7
	b.Miners[0].Judgement.Penalties.Total = 0
	return c
}

// attributed is the population with three changes: one that interacts, one of
// several values, one that does nothing.
func attributed(t testing.TB) *Compare {
	c := population(t)
	c.Comparison.Outcomes = []sweep.Outcome{c.Comparison.Outcomes[0], c.Comparison.Outcomes[2]}
	carry := sweep.Change{Name: "carry.crypto", Section: "6", Rows: []rules.DiffRow{{Path: "carry.crypto", A: "0.1095", B: "0.0525", Section: "6"}}}
	limits := sweep.Change{Name: "leverage", Section: "4", Rows: []rules.DiffRow{
		{Path: "leverage.crypto.max", A: "20", B: "0.5"}, {Path: "leverage.forex.max", A: "500", B: "5"},
		{Path: "leverage.indices.max", A: "500", B: "5"}, {Path: "leverage.portfolio", B: "10"},
	}}
	idle := sweep.Change{Name: "rate_limit", Section: "2", Rows: []rules.DiffRow{{Path: "rate_limit", A: "10s", B: "1m"}}}
	miner := func(gain float64) []sweep.MinerDifference {
		return []sweep.MinerDifference{{Name: "ant", Before: scoring.StateMain, After: scoring.StateMain, Return: gain}, {Name: "bee", Before: "main", After: "main"}}
	}
	c.Attribution = &sweep.Attribution{
		FromMS: startMS, ToMS: startMS + 73*dayMS, From: c.Comparison.Outcomes[0], To: c.Comparison.Outcomes[1],
		Effects: []sweep.Effect{
			{Change: idle, First: sweep.Difference{Miners: miner(0)}, Last: sweep.Difference{Miners: miner(0)}},
			{Change: limits, Interacts: true, First: sweep.Difference{MeanReturn: -0.04, Eliminated: 1, Moved: 0.5, EmissionMoved: 0.25, Ranks: 1.5, Miners: miner(-0.08)},
				Last: sweep.Difference{MeanReturn: -0.055, Promoted: -1, Moved: 0.4, EmissionMoved: 0.2, Ranks: 1, Miners: miner(-0.11)}},
			{Change: carry, First: sweep.Difference{MeanReturn: 0.005, Miners: miner(0.01)}, Last: sweep.Difference{MeanReturn: 0.005, Miners: miner(0.01)}},
		},
		Total:    sweep.Difference{MeanReturn: -0.05, Eliminated: 1, Promoted: 1, Moved: 0.5, EmissionMoved: 0.25, Ranks: 1},
		Residual: sweep.Difference{MeanReturn: -0.015, Promoted: 1},
	}
	return c
}

// attributedAccount is one miner with a change that takes from it by its costs.
func attributedAccount(t testing.TB) *Compare {
	c := account(t)
	carry := sweep.Change{Name: "carry.crypto", Section: "6", Rows: []rules.DiffRow{{Path: "carry.crypto", A: "0.1095", B: "0.0525"}}}
	all := sweep.Difference{MeanReturn: 0.01, Miners: []sweep.MinerDifference{{
		Name: "ant", Before: scoring.StateMain, After: scoring.StateMain, Return: 0.01, Costs: sim.Costs{Carry: -0.009, Fee: 0.001},
	}}}
	c.Attribution = &sweep.Attribution{
		From: c.Comparison.Outcomes[0], To: c.Comparison.Outcomes[1],
		Effects: []sweep.Effect{{Change: carry, First: all, Last: all}}, Total: all,
	}
	return c
}

// The figures: 0.9 - 1.1 is -20 points; -100 - 1.25 is -101.25, of four digits
// -101.2 (the even one of two that are as near); the second
// has four metrics only. Calmar has no weight under ptn-2024-12, the returns have
// none under ptn-2025-02.
const accountText = `crossover                                                            2 rule sets
2025-01-01 00:00 to 2025-03-15 00:00 UTC                                    73 d
BTCUSD 1m

Figure           ptn-2024-12         ptn-2025-02  difference
───────────────  ───────────  ──────────────────  ──────────
Return              +10.00 %            -10.00 %   -20.00 pp
Max drawdown          6.00 %             10.00 %    +4.00 pp
Full days                 70                  44         -26
Calmar               (2.500)               1.500      -1.000
Sharpe                 1.250              -100.0      -101.2
Omega                  1.100                   0      -1.100
Sortino                2.000              -100.0      -102.0
Confidence (t)         1.500                   –           –
Return, long          0.5000                   –           –
Return, short         0.2500                   –           –
Penalties                × 1                 × 0      -1.000
Carry                 2.00 %              1.00 %    -1.00 pp
Transaction fee       0.00 %              0.10 %    +0.10 pp
Slippage, about       0.50 %              0.40 %    -0.10 pp
Orders filled            200                 120         -80
Orders rejected            0                   7          +7
Eliminated                no          2025-02-14
  because of               –  max total drawdown
  at a drawdown            –             10.00 %

                The return is of the whole run; drawdown, days and metrics are
                of the last 90d (ledger.window).
                In brackets: a metric that has no weight under those rules.

Digest          sha256:00
Results         out
`

// The figures: (1.10 + 1.05 + 1.02 + 1.03) / 4 is 1.05, and (0.90 + 1.05 + 1.02 +
// 1.03 + 1) / 5 is 1; February 14 is 44 days after January 1 (31 + 13).
const populationText = `subnet.yaml                                               3 rule sets · 5 miners
2025-01-01 00:00 to 2025-03-15 00:00 UTC                                    73 d
BTCUSD 1m

Rules        miners  mean return  eliminated  promoted  deregistered  best 40 %
───────────  ──────  ───────────  ──────────  ────────  ────────────  ─────────
ptn-2024-12       4      +5.00 %           0         0             0    80.00 %
same              4      +5.00 %           0         0             0    80.00 %
                  0         0 pp           0         0             0       0 pp
ptn-2025-02       5       0.00 %           1         1             0    75.00 %
                 +1    -5.00 pp*          +1        +1             0   -5.00 pp

* of the miners that are there under both rule sets

Leads           ant under ptn-2024-12, same
                bee under ptn-2025-02

ptn-2024-12 → ptn-2025-02                         3 of 5 miners in another state
  absent → challenge          1: emu
  challenge → main            1: dog
  main → eliminated           1: ant (2025-02-14)

Miner   rank  places   share at the end     change     return
─────  ─────  ──────  ─────────────────  ─────────  ─────────
ant    1 → –       –   50.00 % → 0.00 %  -50.00 pp  -20.00 pp
bee    2 → 1      +1  30.00 % → 55.00 %  +25.00 pp       0 pp
dog    – → 2       –   0.00 % → 25.00 %  +25.00 pp       0 pp

No miner's state, rank, pay or return is different under same.

Warnings        the weights are set every day
                ptn-2025-02: emu registered late

Digest          sha256:00
Results         out
`

// Each was paid 10 times its share, and all together 10.
const populationWideText = `Miner   rank  places   share at the end     change               paid     change     return
─────  ─────  ──────  ─────────────────  ─────────  ─────────────────  ─────────  ─────────
ant    1 → –       –   50.00 % → 0.00 %  -50.00 pp   50.00 % → 0.00 %  -50.00 pp  -20.00 pp
bee    2 → 1      +1  30.00 % → 55.00 %  +25.00 pp  30.00 % → 55.00 %  +25.00 pp       0 pp
`

const shortHeadsText = `Rules        miners     return  elim.  prom.  dereg.  best 40 %
`

// The effects as attributed made them: the largest first, by 5.5 points of
// leverage and 0.5 of carry.
const attributedText = `What each change does                                  ptn-2024-12 → ptn-2025-02

Change                       switched    return  elim.  prom.    moved  ranks
───────────────────────────  ────────  ────────  ─────  ─────  ───────  ─────  ─
§4 leverage                  first     -4.00 pp     +1      0  50.00 %    1.5  ≠
crypto.max 20 → 0.5,         last      -5.50 pp      0     -1  40.00 %    1.0  ≠
forex.max 500 → 5,
indices.max 500 → 5, 1 more
§6 carry.crypto              alone     +0.50 pp      0      0        0      0
0.1095 → 0.0525
All together                           -5.00 pp     +1     +1  50.00 %    1.0
Residual                               -1.50 pp      0     +1        0      0

No effect       1 change: rate_limit
Sorted by       the larger of the two effects on the mean return; where that is
                0, by the weight that moves
Moved           the part of the emission that changes hands by the weights as
                they would be set at the end of the range; ranks: by how many
                places a rank changes, on average
≠               the effect depends on the other changes: first is the change
                alone on ptn-2024-12, last is what it adds when all others are
                switched
Residual        what all together do beyond the sum of each switched first
`

const attributedWideText = `Change                                   switched  mean return  eliminated  promoted  deregistered  weight moved  paid moved  ranks moved
───────────────────────────────────────  ────────  ───────────  ──────────  ────────  ────────────  ────────────  ──────────  ───────────  ─
§4 leverage                              first        -4.00 pp          +1         0             0       50.00 %     25.00 %          1.5  ≠
crypto.max 20 → 0.5, forex.max 500 → 5,  last         -5.50 pp           0        -1             0       40.00 %     20.00 %          1.0  ≠
indices.max 500 → 5, 1 more
§6 carry.crypto                          alone        +0.50 pp           0         0             0             0           0            0
0.1095 → 0.0525
All together                                          -5.00 pp          +1        +1             0       50.00 %     25.00 %          1.0
Residual                                              -1.50 pp           0        +1             0             0           0            0
`

const attributedAccountText = `Change           switched    return     carry       fee  slippage  elim.
───────────────  ────────  ────────  ────────  ────────  ────────  ─────
§6 carry.crypto  alone     +1.00 pp  -0.90 pp  +0.10 pp      0 pp      0
0.1095 → 0.0525
All together               +1.00 pp  -0.90 pp  +0.10 pp      0 pp      0
Residual                       0 pp      0 pp      0 pp      0 pp      0

Sorted by       the larger of the two effects on the return
Residual        what all together do beyond the sum of each switched first
`

func TestCompareSummaryText(t *testing.T) {
	for _, c := range []struct {
		name    string
		compare *Compare
		width   int
		want    string
		part    bool // want is a part of the text
	}{
		{"one miner", account(t), 80, accountText, false},
		{"a population", population(t), 80, populationText, false},
		{"an attribution", attributed(t), 80, attributedText, true},
		{"an attribution, wide", attributed(t), 140, attributedWideText, true},
		{"a population, wide", population(t), 110, populationWideText, true},
		{"rule sets of short heads", population(t), 60, shortHeadsText, true},
		{"an attribution of one miner", attributedAccount(t), 80, attributedAccountText, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := comparedText(t, c.compare, SummaryOptions{Width: c.width})
			if c.part {
				if !strings.Contains(got, c.want) {
					t.Errorf("the text is\n%s\nwithout\n%s", got, c.want)
				}
				return
			}
			if got != c.want {
				t.Errorf("the text is\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func comparedText(t testing.TB, c *Compare, options SummaryOptions) string {
	t.Helper()
	options.Digest, options.Folder = "sha256:00", "out"
	var b strings.Builder
	if err := CompareSummary(&b, c, options); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// crowd is 256 miners of which every two change places, and every sixteenth is
// eliminated.
func crowd(t testing.TB) *Compare {
	c := population(t)
	a, b := c.Comparison.Outcomes[0], c.Comparison.Outcomes[2]
	a.Miners, b.Miners = nil, nil
	for i := range 256 {
		name := fmt.Sprintf("miner-of-a-population-with-a-long-name-%03d", i)
		a.Miners = append(a.Miners, placed(name, scoring.StateMain, 1.01, i+1, 1.0/256))
		other := placed(name, scoring.StateMain, 1.01, 1+(i^1), 1.0/256)
		if i%16 == 0 {
			other = placed(name, scoring.StateEliminated, 0.9, 0, 0)
		}
		b.Miners = append(b.Miners, other)
	}
	c.Comparison.Outcomes = []sweep.Outcome{a, b}
	return c
}

// TestEffectsThatLookTheSameAreOneLine: an interaction past the digits that people
// see is one for programs.
func TestEffectsThatLookTheSameAreOneLine(t *testing.T) {
	c := attributed(t)
	e := &c.Attribution.Effects[1]
	e.Last = e.First
	e.Last.MeanReturn += 1e-9
	if text := comparedText(t, c, SummaryOptions{Width: 80}); strings.Contains(text, "≠") || strings.Count(text, "-4.00 pp") != 1 {
		t.Errorf("the text is\n%s", text)
	}
}

// TestEffectsNamesOfManyLines: however long a change's name is, its row last is right
// below its row first.
func TestEffectsNamesOfManyLines(t *testing.T) {
	c := attributed(t)
	change := &c.Attribution.Effects[1].Change
	change.Name, change.Rows = "drawdown_penalty.last_checkpoints", []rules.DiffRow{{Path: "drawdown_penalty.last_checkpoints", A: "10", B: "0"}}
	const want = `
§4 drawdown_penalty.  first     -4.00 pp     +1      0  50.00 %    1.5  ≠
last_checkpoints      last      -5.50 pp      0     -1  40.00 %    1.0  ≠
10 → 0
§6 carry.crypto       alone `
	if text := comparedText(t, c, SummaryOptions{Width: 80}); !strings.Contains(text, want) {
		t.Errorf("the text is\n%s\nwithout\n%s", text, want)
	}
}

func TestCompareSummaryFitsTheTerminal(t *testing.T) {
	many := account(t) // 9 rule sets, with the names of --vary
	for i := range 7 {
		o := many.Comparison.Outcomes[1]
		o.Variant.Name = fmt.Sprintf("competition.softmax_temperature=0.%d, drawdown.limit=0.1", i)
		many.Comparison.Outcomes = append(many.Comparison.Outcomes, o)
	}
	wide := population(t) // as many, of a population
	for i := range 7 {
		o := wide.Comparison.Outcomes[2]
		o.Variant.Name = fmt.Sprintf("competition.softmax_temperature=0.%d", i)
		wide.Comparison.Outcomes = append(wide.Comparison.Outcomes, o)
	}
	for name, c := range map[string]*Compare{
		"one miner": account(t), "many rule sets": many, "a population under many": wide, "a population": population(t), "a crowd": crowd(t),
		"an attribution": attributed(t), "an attribution of one miner": attributedAccount(t),
	} {
		for _, width := range []int{0, 80, 90, 110, 125, 126, 140, 200} {
			text := comparedText(t, c, SummaryOptions{Width: width, Color: true})
			widest := min(width, compareWidthMax)
			if width == 0 {
				widest = summaryWidthMax
			}
			for line := range strings.Lines(text) {
				if n := displayed(strings.TrimSuffix(line, "\n")); n > widest {
					t.Errorf("%s, width %d: %d characters in %q", name, width, n, line)
				}
			}
			if n := strings.Count(text, "\n"); n > 70 || name == "a crowd" && n > 46 {
				t.Errorf("%s, width %d: %d lines", name, width, n)
			}
			if got, plain := uncolored(text), comparedText(t, c, SummaryOptions{Width: width}); got != plain || !strings.Contains(text, "\x1b[") {
				t.Errorf("%s: without its colours the text is\n%s\nwant\n%s", name, got, plain)
			}
		}
	}
}

func TestCompareSummaryOfManyCutsAndSaysSo(t *testing.T) {
	c := crowd(t)
	short, all := comparedText(t, c, SummaryOptions{}), comparedText(t, c, SummaryOptions{All: true})
	// 16 miners are out: of 256 those of 0, 16 … 240.
	for _, want := range []string{"16 of 256 miners in another state", "16: ", "and 8 more", "Shown are the 10 that moved most. All: --all."} {
		if !strings.Contains(short, want) {
			t.Errorf("%q is missing in\n%s", want, short)
		}
	}
	if strings.Contains(all, "more") || strings.Contains(all, "Shown are") || strings.Count(all, "-long-name-") < 256+16 {
		t.Errorf("not all are shown:\n%s", all)
	}
}

func TestCompareSummaryOfNoChange(t *testing.T) {
	c := attributed(t)
	same := c.Comparison.Outcomes[0]
	same.Variant.Name = "same"
	c.Comparison.Outcomes[1] = same
	c.Attribution = &sweep.Attribution{From: c.Comparison.Outcomes[0], To: same}
	text := comparedText(t, c, SummaryOptions{})
	for _, want := range []string{
		"Rules        mean return", // as many miners under each
		"ant under every rule set", "No miner's state, rank, pay or return is different under same.", "The two rule sets have the same values.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, format := range []Format{FormatCSV, FormatJSON, FormatMarkdown} {
		var b strings.Builder
		if err := RenderCompare(&b, c, format); err != nil || strings.Contains(b.String(), "NaN") {
			t.Errorf("%s: %v\n%s", format, err, b.String())
		}
	}
}

func TestLabelsOfVariants(t *testing.T) {
	set := ruleSet(t, "ptn-2025-02")
	named := func(base int, names ...string) *Compare {
		c := &Compare{Comparison: new(sweep.Comparison)}
		for i, name := range names {
			c.Comparison.Outcomes = append(c.Comparison.Outcomes, sweep.Outcome{Variant: sweep.Variant{Name: name, Base: i == base, Rules: set}})
		}
		return c
	}
	one := named(1, "competition.softmax_temperature=0.1", "competition.softmax_temperature=0.15")
	two := named(0, "a.limit=0.1, b.pairs=[x, y]", "a.limit=0.25, b.pairs=[z]")
	for _, c := range []struct {
		compare    *Compare
		characters int
		want       string
	}{
		{named(-1, "ptn-2024-12", "mine"), 11, "ptn-2024-12|mine"},
		{named(-1, "experiment-alpha-1", "experiment-alpha-2"), 9, "ex…lpha-1|ex…lpha-2"}, // two thirds of the end
		{one, 56, "competition.softmax_temperature=0.1|competition.softmax_temperature=0.15 (as in ptn-2025-02)"},
		{one, 55, "softmax_temperature=0.1|softmax_temperature=0.15 (as in ptn-2025-02)"},
		{one, 43, "competition.softmax_temperature=0.1|competition.softmax_temperature=0.15"}, // no room for the mark
		{two, 47, "a.limit=0.1, b.pairs=[x, y] (as in ptn-2025-02)|a.limit=0.25, b.pairs=[z]"},
		{two, 46, "limit=0.1, pairs=[x, y] (as in ptn-2025-02)|limit=0.25, pairs=[z]"},
		{two, 42, "0.1 · [x, y] (as in ptn-2025-02)|0.25 · [z]"},
		{two, 31, "a.limit=0.1, b.pairs=[x, y]|a.limit=0.25, b.pairs=[z]"},
	} {
		names, _ := c.compare.markedLabels(c.characters)
		if got := strings.Join(names, "|"); got != c.want {
			t.Errorf("in %d characters: %s, want %s", c.characters, got, c.want)
		}
	}
	if got := strings.Join(one.labels(57), "|"); got != "competition.softmax_temperature=0.1|competition.softmax_temperature=0.15" {
		t.Errorf("without a mark: %s", got)
	}
	if got := strings.Join(two.varied(), "|"); got != "a.limit|b.pairs" || one.varied() != nil {
		t.Errorf("varied are %q and %q", got, one.varied())
	}
}

func TestDifferencesForPeople(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{points(-0.0123), "-1.23 pp"}, {points(0.2), "+20.00 pp"}, {points(0), "0 pp"}, {points(0.0000012), "+0.00012 pp"},
		{points(-1e-13), "0 pp"}, {points(math.NaN()), noFigure}, {points(math.Inf(1)), noFigure},
		{more(3), "+3"}, {more(-3), "-3"}, {more(0), "0"},
		{beyond(1.5), "+1.500"}, {beyond(-1.5), "-1.500"}, {beyond(0), "0"}, {beyond(math.Inf(1)), noFigure},
		{cut("abcdef", 6), "abcdef"}, {cut("abcdefg", 6), "abcde…"}, {cut("abcd fg", 6), "abcd…"}, {cut("a", 0), "…"},
		{wrapPath("ab abcdef", 4), "ab\nabcd\nef"}, {wrapPath("§4 leverage.position.equities.max", 21), "§4 leverage.position.\nequities.max"},
		{wrapPath("§6 fee.on", 9), "§6 fee.on"}, {wrapPath("false → true", 8), "false →\ntrue"}, {wrapPath("", 8), ""},
		{tenths(0), "0"}, {tenths(1.25), "1.2"},
		{switchedValues(sweep.Change{Name: "a", Rows: []rules.DiffRow{{Path: "a", A: "1"}}}), "1 → none"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestMarkOfTheSetItselfIsAlwaysThere: beside the name, below it, or below the table.
func TestMarkOfTheSetItselfIsAlwaysThere(t *testing.T) {
	for name, c := range map[string]*Compare{"a population": population(t), "one miner": account(t)} {
		outcomes := c.outcomes()
		for base := range outcomes {
			for i := range outcomes {
				v := &outcomes[i].Variant
				v.Name, v.Base, v.Rules = fmt.Sprintf("competition.softmax_temperature=0.%d", 1+i), i == base, ruleSet(t, "ptn-2025-02")
			}
			for _, width := range []int{60, 80, 100, 140} {
				text := comparedText(t, c, SummaryOptions{Width: width})
				if strings.Count(text, "(as in") != 1 || strings.Count(text, "ptn-2025-02)") != 1 {
					t.Errorf("%s at %d, of which the set itself is %d:\n%s", name, width, base, text)
				}
			}
		}
	}
}

// TestEffectsMarkMeansOfAPart: emu is there after the change only.
func TestEffectsMarkMeansOfAPart(t *testing.T) {
	c := attributed(t)
	first := &c.Attribution.Effects[1].First
	first.Miners = append(first.Miners, sweep.MinerDifference{Name: "emu", After: scoring.StateChallenge})
	text := comparedText(t, c, SummaryOptions{Width: 80})
	for _, want := range []string{"  -4.00 pp*  ", "  -5.50 pp   ", "\n*               of the miners that are there under both rule sets\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	var b strings.Builder
	if err := RenderCompare(&b, c, FormatMarkdown); err != nil || !strings.Contains(b.String(), "-4.00 pp*") {
		t.Errorf("%v in\n%s", err, b.String())
	}
}
