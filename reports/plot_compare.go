package reports

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/sweep"
)

// The plots of a comparison.
const (
	PlotCompareRanks       Plot = "compare-ranks"       // the rank of each miner from one rule set to the next
	PlotCompareReturns     Plot = "compare-returns"     // the final returns of each miner
	PlotCompareOutcomes    Plot = "compare-outcomes"    // the state in which each miner ends
	PlotCompareAttribution Plot = "compare-attribution" // what each change between two rule sets does
)

// ComparePlots lists the plots of a comparison; that of the attribution where
// there is one.
func ComparePlots(c *Compare) []Plot {
	plots := []Plot{PlotCompareRanks, PlotCompareReturns, PlotCompareOutcomes}
	if c.Attribution != nil {
		plots = append(plots, PlotCompareAttribution)
	}
	return plots
}

// WriteComparePlots draws a comparison's plots into a folder that exists, and
// returns the names of the files: "compare-ranks.png". Where it fails it leaves
// what it wrote. How high they are depends on what there is to show.
func WriteComparePlots(dir string, c *Compare, o PlotOptions) (files []string, err error) {
	return writePlotSet(dir, ComparePlots(c), o, func(w io.Writer, plot Plot, format PlotFormat) error {
		return WriteComparePlot(w, c, plot, format, o.Note)
	})
}

// WriteComparePlot draws one plot of a comparison. The same comparison gives the
// same bytes.
func WriteComparePlot(w io.Writer, c *Compare, plot Plot, format PlotFormat, note string) error {
	var p picture
	switch plot {
	case PlotCompareRanks:
		p = newSlopeChart(c)
	case PlotCompareReturns:
		p = newReturnsChart(c)
	case PlotCompareOutcomes:
		p = newOutcomesChart(c)
	case PlotCompareAttribution:
		p = newAttributionChart(c)
	default:
		return fmt.Errorf("found the plot %q, expected one of %v", plot, append(ComparePlots(&Compare{}), PlotCompareAttribution))
	}
	return writeChart(w, p, format, note)
}

// variantsView is a comparison as the plots look at it: miners by rule sets.
type variantsView struct {
	compare  *Compare
	outcomes []sweep.Outcome
	labels   []string // of the outcomes: as the tables name them, or values alone
	bare     bool     // they are values alone: there are too many for more
	common   string   // the paths that all names are values of; "" if they are not
	values   []string // those values; else the names
	miners   []string // all, by name
}

func newVariantsView(c *Compare) variantsView {
	v := variantsView{compare: c}
	if c.Comparison == nil {
		return v
	}
	v.outcomes = c.Comparison.Outcomes
	v.miners = c.miners()
	for i := range v.outcomes {
		v.values = append(v.values, legible(v.outcomes[i].Variant.Name))
	}
	v.common = shortenVaried(v.values)
	names, fit := c.fitting(labelCharacters(len(v.outcomes)), func(int) string { return "" })
	if !fit {
		v.labels, v.bare = v.values, v.common != "" // the sheet cuts what is too long even so
		return v
	}
	for _, name := range names {
		v.labels = append(v.labels, legible(name))
	}
	return v
}

// labelCharacters is how many characters of a name fit over each of so many columns.
func labelCharacters(columns int) int {
	const all, most = 76, 60
	return max(min(all/max(columns-1, 1), most), 1)
}

// shortenVaried leaves the values of names such as "path=value, path=value" where
// all are of the same paths, and returns these; else "".
func shortenVaried(names []string) (paths string) {
	values := make([]string, len(names))
	for i, name := range names {
		var path []string
		var value []string
		for _, v := range variedValues(name) {
			path, value = append(path, v.path), append(value, v.value)
		}
		of := strings.Join(path, ", ")
		if of == "" || i > 0 && of != paths {
			return ""
		}
		paths, values[i] = of, strings.Join(value, " · ")
	}
	copy(names, values)
	return paths
}

// of is what the i-th rule set made of a miner; nil if it was not there.
func (v *variantsView) of(i int, miner string) *sweep.MinerOutcome {
	return minerOf(&v.outcomes[i], miner)
}

// parts is what was compared.
func (v *variantsView) parts() []string {
	if v.compare.Comparison == nil {
		return []string{v.compare.Name}
	}
	sets := strings.Join(v.values, ", ")
	if v.common != "" {
		sets = v.common + " = " + strings.Join(v.values, " | ")
	}
	if len(v.labels) > 6 {
		sets = fmt.Sprintf("%d rule sets", len(v.labels))
		if v.common != "" {
			sets += " that differ in " + v.common
		}
	}
	return []string{v.compare.Name, sets, count(len(v.miners), "miner"), rangeText(v.compare.Comparison.FromMS, v.compare.Comparison.ToMS)}
}

// under names a rule set for a title.
func (v *variantsView) under(i int) string {
	if v.bare && !strings.Contains(v.common, ",") {
		return v.common[strings.LastIndex(v.common, ".")+1:] + "=" + shortName(v.labels[i], 20)
	}
	return shortName(v.labels[i], 40)
}

// allSets names all rule sets for a title: "both rule sets".
func (v *variantsView) allSets() string {
	switch n := len(v.outcomes); n {
	case 1:
		return "the one rule set"
	case 2:
		return "both rule sets"
	default:
		return fmt.Sprintf("all %d rule sets", n)
	}
}

// nothing is why a plot of a comparison is empty; "" if it need not be.
func (v *variantsView) nothing() string {
	switch {
	case len(v.outcomes) == 0:
		return "no rule set was compared"
	case len(v.miners) == 0:
		return "no miner took part"
	}
	return ""
}

// labelStep is which columns of that pitch have labels: every so many.
func labelStep(pitch vg.Length) int {
	const least = 34
	return max(int(math.Ceil(float64(least/pitch))), 1)
}

// columnLabels writes the names of the rule sets over their columns, each centred
// at x(i); of many columns, only as many as there is room for.
func (v *variantsView) columnLabels(s *sheet, x func(i int) vg.Length, y, pitch vg.Length) {
	step := labelStep(pitch)
	for i, label := range v.labels {
		if i%step != 0 {
			continue
		}
		l := lettering{size: sizeText, ink: inkText, bold: true, hang: 0.5}
		s.text(l, vg.Point{X: x(i), Y: y}, s.fit(l, label, min(pitch*vg.Length(step)-6, 350)))
	}
}

// fold keeps the n of the miners that come first by weight, in the order in which
// they stood.
func fold(miners []string, n int, weight func(miner string) float64) []string {
	if len(miners) <= n {
		return miners
	}
	weights := make(map[string]float64, len(miners))
	for _, m := range miners {
		weights[m] = weight(m)
	}
	order := slices.Clone(miners)
	slices.SortStableFunc(order, func(a, b string) int {
		switch {
		case weights[a] > weights[b]:
			return -1
		case weights[a] < weights[b]:
			return 1
		}
		return 0
	})
	kept := make(map[string]bool, n)
	for _, m := range order[:n] {
		kept[m] = true
	}
	return slices.DeleteFunc(slices.Clone(miners), func(m string) bool { return !kept[m] })
}
