package reports

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// Compare is all that a report of a comparison is made of: the same miners over
// the same candles under several rule sets, each held against the first.
type Compare struct {
	Version string // of ptnsim

	Dataset []DatasetFile
	Name    string // of the strategy, or of the subnet's file

	Comparison  *sweep.Comparison
	Attribution *sweep.Attribution // from the first rule set to the last; nil: none was asked for
}

// outcomes are those of the variants, the first being what the others are
// compared with.
func (c *Compare) outcomes() []sweep.Outcome { return c.Comparison.Outcomes }

// alone reports whether there is one miner: then nobody is ranked, and the
// account's own figures are what differs.
func (c *Compare) alone() bool {
	return !slices.ContainsFunc(c.outcomes(), func(o sweep.Outcome) bool { return len(o.Miners) != 1 })
}

// metrics lists the metrics that count under any of the rule sets.
func (c *Compare) metrics() []scoring.Metric {
	return slices.DeleteFunc(scoring.AllMetrics(), func(m scoring.Metric) bool { return !c.counts(m) })
}

func (c *Compare) counts(m scoring.Metric) bool {
	return slices.ContainsFunc(c.outcomes(), func(o sweep.Outcome) bool { return m.Weight(o.Variant.Rules.Set.Weights) > 0 })
}

// miners lists every miner of any variant, by name.
func (c *Compare) miners() []string {
	var names []string
	for i := range c.outcomes() {
		for j := range c.outcomes()[i].Miners {
			names = append(names, c.outcomes()[i].Miners[j].Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// minerOf finds a miner in an outcome; nil if it was never there: a successor of
// one that another rule set put out. One that was refused is there.
func minerOf(o *sweep.Outcome, name string) *sweep.MinerOutcome {
	i, found := slices.BinarySearchFunc(o.Miners, name, func(m sweep.MinerOutcome, name string) int { return cmp.Compare(m.Name, name) })
	if !found {
		return nil
	}
	return &o.Miners[i]
}

// leaders are the miners of the best rank, by name; none where nobody is in the
// main competition.
func leaders(o *sweep.Outcome) []string {
	var names []string
	for i := range o.Miners {
		if rank := o.Miners[i].Judgement.Rank; rank != nil && *rank == 1 {
			names = append(names, o.Miners[i].Name)
		}
	}
	return names
}

// squeeze takes out of the middle of a text what is over so many characters: names
// tell apart by their ends.
func squeeze(text string, characters int) string {
	runes := []rune(text)
	if len(runes) <= characters {
		return text
	}
	tail := characters * 2 / 3
	return string(runes[:characters-tail-1]) + "…" + string(runes[len(runes)-tail:])
}

// othersMark stands beside a difference of mean returns that is not of all miners,
// and othersNote says so below.
const (
	othersMark = "*"
	othersNote = othersMark + " of the miners that are there under both rule sets"
)

// ofOthers reports whether an outcome has other miners than the first one.
func (c *Compare) ofOthers(o *sweep.Outcome) bool {
	first := &c.outcomes()[0]
	return !slices.EqualFunc(first.Miners, o.Miners, func(a, b sweep.MinerOutcome) bool { return a.Name == b.Name })
}

// othersLegend is the note where any outcome has other miners; else "".
func (c *Compare) othersLegend() string {
	if slices.ContainsFunc(c.outcomes(), func(o sweep.Outcome) bool { return c.ofOthers(&o) }) {
		return othersNote
	}
	return ""
}

// meanReturnDifference is how far the mean return is from that of the first outcome:
// marked where it is of a part of the miners.
func (c *Compare) meanReturnDifference(o *sweep.Outcome) Cell {
	cell := PointsCell(c.outcomes()[0].Difference(o).MeanReturn)
	if c.ofOthers(o) {
		cell.text += othersMark
	}
	return cell
}

// paidShare is a miner's part of what all were paid over the range; 0 where nobody
// was paid, and of one that is not there.
func paidShare(o *sweep.Outcome, m *sweep.MinerOutcome) float64 {
	sum := 0.0
	for i := range o.Miners {
		sum += o.Miners[i].Emission
	}
	if m == nil || sum == 0 {
		return 0
	}
	return m.Emission / sum
}

// stateName is a state for people; a miner that a variant doesn't have is absent.
func stateName(state scoring.State) string { return cmp.Or(string(state), "absent") }

// roundingError is what differences and sums of returns are wrong by, at most.
const roundingError = 1e-12

// points writes a difference of two fractions in percentage points: of 0.05 and
// 0.0377 it is "-1.23 pp". What is too small for two decimals gets two digits; what
// is no more than rounding is 0.
func points(difference float64) string {
	text := strings.TrimSuffix(percent(difference), " %")
	switch {
	case text == noFigure:
		return noFigure
	case math.Abs(difference) < roundingError:
		return "0 pp"
	case difference > 0:
		return "+" + text + " pp"
	}
	return text + " pp"
}

// more writes a difference of two counts, with its sign.
func more(difference int) string {
	if difference > 0 {
		return "+" + strconv.Itoa(difference)
	}
	return strconv.Itoa(difference)
}

// beyond writes a difference of two numbers, with its sign.
func beyond(difference float64) string {
	if difference > 0 && !math.IsInf(difference, 0) {
		return "+" + figure(difference)
	}
	return figure(difference)
}

// PointsCell is a difference of two fractions; people see percentage points.
func PointsCell(difference float64) Cell { return numberCell(difference, points) }

// differenceCell is how far a value that may not exist is from another.
func differenceCell(now, before scoring.Value, text func(float64) string) Cell {
	x, known := now.Get()
	y, there := before.Get()
	if !known || !there {
		return Cell{}
	}
	return numberCell(x-y, text)
}
