package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// compareTexts draws a plot of a comparison, and returns its lines.
func compareTexts(t *testing.T, c *Compare, plot Plot) []string {
	t.Helper()
	return pictureTexts(t, func(w io.Writer) error { return WriteComparePlot(w, c, plot, SVG, "a note") })
}

func TestWriteComparePlotsNamesAndSizes(t *testing.T) {
	c := madeCompare(t, 12, "old", "new")
	want := []string{"compare-ranks.png", "compare-ranks.svg", "compare-returns.png", "compare-returns.svg", "compare-outcomes.png", "compare-outcomes.svg"}
	files, err := WriteComparePlots(t.TempDir(), c, PlotOptions{})
	if err != nil || !slices.Equal(files, want) {
		t.Errorf("without an attribution: wrote %v (%v), want %v", files, err, want)
	}
	c.Attribution = madeAttribution(c, 12)
	dir := t.TempDir()
	want = append(want, "compare-attribution.png", "compare-attribution.svg")
	files, err = WriteComparePlots(dir, c, PlotOptions{})
	if err != nil || !slices.Equal(files, want) {
		t.Errorf("with an attribution: wrote %v (%v), want %v", files, err, want)
	}
	wantWide(t, dir, files)
}

func TestWriteComparePlotsRefuses(t *testing.T) {
	c := madeCompare(t, 2, "old", "new")
	if _, err := WriteComparePlots(filepath.Join(t.TempDir(), "missing"), c, PlotOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that isn't there: %v, want fs.ErrNotExist", err)
	}
	if err := WriteComparePlot(io.Discard, c, "pie", PNG, ""); err == nil || !strings.Contains(err.Error(), "pie") {
		t.Errorf("an unknown plot: %v, want an error that names it", err)
	}
}

// TestComparePlotsSameBytes: the same comparison, made and drawn twice, gives the
// same bytes.
func TestComparePlotsSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures, drawn by one goroutine")
	}
	for _, format := range []PlotFormat{PNG, SVG} {
		for _, plot := range append(ComparePlots(&Compare{}), PlotCompareAttribution) {
			var drawn [2]bytes.Buffer
			for i := range drawn {
				c := madeCompare(t, 70, "old", "new", "newer")
				c.Attribution = madeAttribution(c, 30)
				if err := WriteComparePlot(&drawn[i], c, plot, format, "n"); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(drawn[0].Bytes(), drawn[1].Bytes()) {
				t.Errorf("%s.%s differs from one time to the next", plot, format)
			}
		}
	}
}

// TestComparePlotsLegible: whatever the number of miners and rule sets, nothing is
// cut off, and no text covers another.
func TestComparePlotsLegible(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures, drawn by one goroutine")
	}
	varied := func(n int) (names []string) {
		for i := range n {
			names = append(names, fmt.Sprintf("competition.softmax_temperature=%.3f", 0.1+float64(i)/100))
		}
		return names
	}
	for name, variants := range map[string][]string{
		"one":        {"ptn-2025-02"},
		"two":        {"ptn-2025-02", "ptn-5.4.0"},
		"long names": {strings.Repeat("a-rule-set-with-a-name-", 9), "ptn-5.4.0", strings.Repeat("another ", 30)},
		"varied":     varied(7),
		"many":       varied(64),
	} {
		for _, n := range []int{0, 1, 12, 60, 256} {
			c := madeCompare(t, n, variants...)
			c.Attribution = madeAttribution(c, n)
			for _, plot := range ComparePlots(c) {
				t.Run(fmt.Sprintf("%s of %d, %s", plot, n, name), func(t *testing.T) {
					wantLines(t, compareTexts(t, c, plot), "a note")
				})
			}
		}
	}
}

// handCompare is a comparison of three miners under two rule sets:
//
//	      old                        new
//	ada   main, 1st, +10 %           main, 2nd, +4 %
//	bob   main, 2nd, +2 %            main, 1st, +5 %
//	cyd   challenge, −3 %            eliminated: drawdown, −9 %
func handCompare() *Compare {
	rank := func(n int) *int { return &n }
	outcome := func(name string, mean float64, miners ...sweep.MinerOutcome) sweep.Outcome {
		return sweep.Outcome{Variant: sweep.Variant{Name: name}, Miners: miners, MeanReturn: mean}
	}
	miner := func(name string, state scoring.State, factor float64, place *int) sweep.MinerOutcome {
		return sweep.MinerOutcome{Name: name, State: state, FinalReturn: factor, Judgement: scoring.Judgement{ID: name, State: state, Rank: place}}
	}
	lost := miner("cyd", scoring.StateEliminated, 0.91, nil)
	lost.Elimination = &sim.Elimination{TimeMS: plotStart, Reason: sim.FailedChallengeDrawdown, Drawdown: 0.1}
	return &Compare{Name: "by hand", Comparison: &sweep.Comparison{FromMS: plotStart, ToMS: plotStart + 4*dayMS, Outcomes: []sweep.Outcome{
		outcome("old", 1.03, miner("ada", scoring.StateMain, 1.1, rank(1)), miner("bob", scoring.StateMain, 1.02, rank(2)),
			miner("cyd", scoring.StateChallenge, 0.97, nil)),
		outcome("new", 1, miner("ada", scoring.StateMain, 1.04, rank(2)), miner("bob", scoring.StateMain, 1.05, rank(1)), lost),
	}}}
}

// handAttribution is three changes: the first has an effect, the second only when
// it is switched last, the third none.
func handAttribution(c *Compare) *sweep.Attribution {
	o := c.Comparison.Outcomes
	return &sweep.Attribution{FromMS: plotStart, ToMS: plotStart + 4*dayMS, From: o[0], To: o[1], Effects: []sweep.Effect{
		{Change: sweep.Change{Name: "carry.crypto"}, First: sweep.Difference{MeanReturn: -0.02, Eliminated: 1, Moved: 0.25}, Last: sweep.Difference{MeanReturn: -0.0175, Moved: 0.125}},
		{Change: sweep.Change{Name: "weights"}, Last: sweep.Difference{Moved: 0.375}},
		{Change: sweep.Change{Name: "cooldown.period"}},
	}, Total: sweep.Difference{MeanReturn: -0.03, Eliminated: 1, Moved: 0.5}}
}

// TestComparePlotsSay: the figures of the plots are those of the table at
// handCompare.
func TestComparePlotsSay(t *testing.T) {
	c := handCompare()
	c.Attribution = handAttribution(c)
	for plot, wants := range map[Plot][]string{
		PlotCompareRanks: {"ada loses 1 place under new", "2 of 2", "old", "new", "ada", "bob", "by hand  ·  old, new  ·  3 miners  ·  1 Jan 2025 – 4 Jan 2025"},
		// (10 + 2 − 3)/3 = 3, (4 + 5 − 9)/3 = 0.
		PlotCompareReturns:  {"The mean return goes from +3.00 % to 0.00 % under new", "−6.00 pp", "+3.00 pp", "ada", "bob", "cyd", "3 of 3"},
		PlotCompareOutcomes: {"1 of 3 miners ends in another state under new", "C", "E  drawdown", "M  1st", "M  2nd", "In another state", "1 miner", "In the same state", "2 miners"},
		PlotCompareAttribution: {"carry.crypto moves the mean return most: −2.00 pp", "2 of 3", "−1.75 pp", "+1", "25.00 %", "12.50 %", "37.50 %",
			"all changes together", "−3.00 pp", "50.00 %", "1 change without an effect", "switched first: alone, on old", "switched last: all others are there, towards new"},
	} {
		t.Run(string(plot), func(t *testing.T) { wantLines(t, compareTexts(t, c, plot), wants...) })
	}
}

// TestComparePlotsEdgeCases: every plot can be drawn of every comparison, and says
// so where there is nothing to draw.
func TestComparePlotsEdgeCases(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures, drawn by one goroutine")
	}
	changed := func(change func(*Compare)) *Compare {
		c := handCompare()
		c.Attribution = handAttribution(c)
		change(c)
		return c
	}
	outcomes := func(c *Compare) []sweep.Outcome { return c.Comparison.Outcomes }
	for name, c := range map[string]struct {
		compare *Compare
		plot    Plot
		wants   []string
	}{
		"nothing at all": {&Compare{}, PlotCompareRanks, []string{"no rule set was compared"}},
		"no attribution": {handCompare(), PlotCompareAttribution, []string{"no change was attributed"}},
		"no effect":      {changed(func(c *Compare) { c.Attribution.Effects = c.Attribution.Effects[2:] }), PlotCompareAttribution, []string{"No change by itself has an effect on these miners"}},
		"switched last": {changed(func(c *Compare) { c.Attribution.Effects[0].First.MeanReturn = 0 }), PlotCompareAttribution,
			[]string{"carry.crypto moves the mean return most: −1.75 pp, switched last"}},
		"the weights alone": {changed(func(c *Compare) {
			c.Attribution.Effects[0].First.MeanReturn, c.Attribution.Effects[0].Last.MeanReturn = 0, 0
		}), PlotCompareAttribution, []string{"weights moves the most emission: 37.50 %, switched last"}},
		"no miner": {changed(func(c *Compare) { outcomes(c)[0].Miners, outcomes(c)[1].Miners = nil, nil }), PlotCompareOutcomes, []string{"no miner took part"}},
		"the same": {changed(func(c *Compare) {
			outcomes(c)[1].Miners, outcomes(c)[1].MeanReturn = outcomes(c)[0].Miners, outcomes(c)[0].MeanReturn
		}), PlotCompareReturns, []string{"The returns are the same under both rule sets"}},
		"the same ranks": {changed(func(c *Compare) { outcomes(c)[1].Miners = outcomes(c)[0].Miners }), PlotCompareRanks, []string{"The ranks are the same under both rule sets"}},
		"the same means": {changed(func(c *Compare) { outcomes(c)[1].MeanReturn = 1.03 }), PlotCompareReturns, []string{"The mean return is +3.00 % under both rule sets"}},
		"one rule set":   {changed(func(c *Compare) { c.Comparison.Outcomes = outcomes(c)[:1] }), PlotCompareOutcomes, []string{"Every miner ends in the same state under the one rule set"}},
		"a successor":    {changed(func(c *Compare) { outcomes(c)[0].Miners = outcomes(c)[0].Miners[:2] }), PlotCompareOutcomes, []string{"–", "not there"}},
		"one who leaves": {changed(func(c *Compare) { outcomes(c)[1].Miners[0].Judgement.Rank = nil }), PlotCompareRanks,
			[]string{"bob wins 1 place under new", "not ranked: in its challenge, out, or not there", "all ranked", "1 of 2 not ranked"}},
		"values": {changed(func(c *Compare) {
			outcomes(c)[0].Variant.Name, outcomes(c)[1].Variant.Name = "competition.softmax_temperature=0.1", "competition.softmax_temperature=0.2"
		}), PlotCompareReturns, []string{"The mean return goes from +3.00 % to 0.00 % under competition.softmax_temperature=0.2",
			"competition.softmax_temperature=0.1", "competition.softmax_temperature=0.2"}},
		"no number":       {changed(func(c *Compare) { outcomes(c)[1].Miners[0].FinalReturn = math.NaN() }), PlotCompareReturns, []string{"+3.00 pp"}},
		"an endless name": {changed(func(c *Compare) { outcomes(c)[1].Variant.Name = strings.Repeat("rule set ", 99) }), PlotCompareRanks, nil},
	} {
		t.Run(name, func(t *testing.T) {
			wantLines(t, compareTexts(t, c.compare, c.plot), c.wants...)
			for _, plot := range append(ComparePlots(&Compare{}), PlotCompareAttribution) {
				compareTexts(t, c.compare, plot)
			}
			if err := WriteComparePlot(io.Discard, c.compare, c.plot, PNG, ""); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestShortenVaried: of names that are values of the same paths, the values stay.
func TestShortenVaried(t *testing.T) {
	for name, c := range map[string]struct {
		names, want []string
		paths       string
	}{
		"one path":    {[]string{"a.b=1", "a.b=2"}, []string{"1", "2"}, "a.b"},
		"two paths":   {[]string{"a=1, b=x", "a=2, b=y"}, []string{"1 · x", "2 · y"}, "a, b"},
		"lists":       {[]string{"a=[x, y]", "a=[z]"}, []string{"[x, y]", "[z]"}, "a"},
		"rule sets":   {[]string{"ptn-2025-02", "ptn-5.4.0"}, []string{"ptn-2025-02", "ptn-5.4.0"}, ""},
		"other paths": {[]string{"a=1", "b=2"}, []string{"a=1", "b=2"}, ""},
		"one of each": {[]string{"a=1", "ptn-5.4.0"}, []string{"a=1", "ptn-5.4.0"}, ""},
		"none":        {nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := slices.Clone(c.names)
			if paths := shortenVaried(got); paths != c.paths || !slices.Equal(got, c.want) {
				t.Errorf("got %q of %q, want %q of %q", got, paths, c.want, c.paths)
			}
		})
	}
}

// TestOutcomesFold: of many miners a row is all that have the same states, those
// that change before those that don't.
func TestOutcomesFold(t *testing.T) {
	c := madeCompare(t, 256, "old", "new")
	chart := newOutcomesChart(c)
	miners, changing := 0, true
	for i := range chart.rows {
		r := &chart.rows[i]
		miners += len(r.miners)
		if r.changes() && !changing {
			t.Errorf("row %d changes, and stands behind one that doesn't", i)
		}
		changing = r.changes()
		for _, name := range r.miners {
			for v, state := range r.states {
				if got := minerOf(&c.Comparison.Outcomes[v], name).State; got != state {
					t.Errorf("%s is in a row of %q, and ends %s", name, r.states, got)
				}
			}
		}
	}
	if miners != 256 || !chart.folded {
		t.Errorf("%d miners in %d rows, want all 256, folded", miners, len(chart.rows))
	}
}

// TestCompareLabelsOfManyAreValues: where the tables' names have no room over the
// columns, the values stand there, and the paths once.
func TestCompareLabelsOfManyAreValues(t *testing.T) {
	names := func(n int) (names []string) {
		for i := range n {
			names = append(names, fmt.Sprintf("drawdown.limit=0.%02d", i+1))
		}
		return names
	}
	for _, c := range []struct {
		variants    int
		last, under string
	}{
		{2, "drawdown.limit=0.02", "drawdown.limit=0.02"}, {4, "drawdown.limit=0.04", "drawdown.limit=0.04"},
		{6, "limit=0.06", "limit=0.06"}, {30, "0.30", "limit=0.30"},
	} {
		v := newVariantsView(madeCompare(t, 1, names(c.variants)...))
		if last := c.variants - 1; v.labels[last] != c.last || v.under(last) != c.under || v.common != "drawdown.limit" {
			t.Errorf("of %d: %q over a column and %q in a title, of %q, want %q, %q", c.variants, v.labels[last], v.under(last), v.common, c.last, c.under)
		}
	}
}

// TestReturnsDodge: dots that would hide each other lie one under the other in the
// order of the rule sets, within their row; others in the row's middle.
func TestReturnsDodge(t *testing.T) {
	at := func(x float64) vg.Length { return 10 * vg.Length(x) } // a return of 1 is ten points wide
	for name, c := range map[string]struct {
		returns []float64
		order   [][]int // of the rule sets: heaps, from top to bottom
	}{
		"apart":              {[]float64{1, 2, 3}, nil},
		"all equal":          {[]float64{2, 2, 2, 2}, [][]int{{0, 1, 2, 3}}},
		"two equal, two not": {[]float64{2, 0, 2, 4}, [][]int{{0, 2}}},
		"close":              {[]float64{2.3, 2, 7, 7}, [][]int{{0, 1}, {2, 3}}},
		"a chain":            {[]float64{0, 1, 0.5}, [][]int{{0, 1, 2}}}, // each is 5 points from the next, and 5.8 wide
		"one that is absent": {[]float64{2, math.NaN(), 2}, [][]int{{0, 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			row := returnsRow{returns: c.returns}
			chart := &returnsChart{variantsView: variantsView{outcomes: make([]sweep.Outcome, len(c.returns))}}
			for _, x := range c.returns {
				row.there = append(row.there, x == x)
			}
			up := chart.dodge(&row, at)
			inHeap := make(map[int]bool)
			for _, heap := range c.order {
				for k, i := range heap {
					inHeap[i] = true
					if edge := max(up[i], -up[i]) + returnsDot; edge > chart.pitch()/2 {
						t.Errorf("dot %d reaches %.1f from the middle of a row of %.1f", i, edge, chart.pitch())
					}
					if k > 0 && up[heap[k-1]]-up[i] < 1 {
						t.Errorf("dot %d is at %.1f, and dot %d at %.1f: want it a point lower at least", heap[k-1], up[heap[k-1]], i, up[i])
					}
				}
			}
			for i := range up {
				if !inHeap[i] && up[i] != 0 {
					t.Errorf("dot %d is %.1f off the middle, and has room", i, up[i])
				}
			}
		})
	}
}

// TestSlopesHaveTheirOwnInks: no two lines share a colour, and each that has one can
// be named at an end.
func TestSlopesHaveTheirOwnInks(t *testing.T) {
	for _, n := range []int{3, 20, 60, 256} {
		chart := newSlopeChart(madeCompare(t, n, "old", "new", "newer", "newest"))
		used := make(map[ink]string)
		for k, line := range chart.named {
			l := &chart.lines[line]
			if l.ranks[0] == 0 && l.ranks[len(l.ranks)-1] == 0 {
				t.Errorf("%s of %d is ranked at neither end, and named", l.name, n)
			}
			if k >= chart.colour {
				continue
			}
			if other := used[chart.ink(k)]; other != "" {
				t.Errorf("%s and %s of %d share an ink", other, l.name, n)
			}
			used[chart.ink(k)] = l.name
		}
		if want := min(len(chart.lines), slopesColoured); chart.colour != want {
			t.Errorf("%d of %d lines have colours, want %d", chart.colour, len(chart.lines), want)
		}
	}
}

// TestAttributionPlotFollowsTable: the rows stand as the table sorts them: by the
// larger effect on the mean return, then by the weight moved. An effect is one on any
// number of the table.
func TestAttributionPlotFollowsTable(t *testing.T) {
	c := handCompare()
	effect := func(name string, first, last sweep.Difference) sweep.Effect {
		return sweep.Effect{Change: sweep.Change{Name: name}, First: first, Last: last}
	}
	c.Attribution = &sweep.Attribution{From: c.Comparison.Outcomes[0], To: c.Comparison.Outcomes[1], Effects: []sweep.Effect{
		effect("ranks alone", sweep.Difference{Ranks: 0.5}, sweep.Difference{}),
		effect("weight alone", sweep.Difference{Moved: 0.9, Eliminated: 9}, sweep.Difference{Moved: 0.1}),
		effect("nothing", sweep.Difference{}, sweep.Difference{}),
		effect("a little", sweep.Difference{MeanReturn: -0.01, Moved: 1, Eliminated: 30}, sweep.Difference{MeanReturn: 0.005}),
		effect("most when last", sweep.Difference{}, sweep.Difference{MeanReturn: 0.02}),
	}}
	var got []string
	for _, row := range newAttributionChart(c).rows {
		got = append(got, row.name)
	}
	if want := []string{"most when last", "a little", "weight alone", "ranks alone", "all changes together"}; !slices.Equal(got, want) {
		t.Errorf("the rows are %q, want %q", got, want)
	}
	wantLines(t, compareTexts(t, c, PlotCompareAttribution), "4 of 5", "1 on other numbers only; 1 change without an effect",
		"most when last moves the mean return most: +2.00 pp, switched last")
}

// BenchmarkComparePlot draws each plot of 256 miners under three rule sets.
func BenchmarkComparePlot(b *testing.B) {
	c := madeCompare(b, 256, "old", "new", "newer")
	c.Attribution = madeAttribution(c, 60)
	for _, plot := range ComparePlots(c) {
		b.Run(string(plot), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := WriteComparePlot(io.Discard, c, plot, PNG, ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
