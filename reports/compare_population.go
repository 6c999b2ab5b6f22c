package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// changedNamesMax is how many miners of one change of state a summary names.
const changedNamesMax = 8

// transition is a change of state, and who went through it.
type transition struct {
	before, after scoring.State // "" is absent
	miners        []sweep.StateChange
}

// changed says, for each rule set but the first, who ends in another state, and
// who moved most.
func (s *compareSummary) changed() error {
	limit := moversMax
	if len(s.outcomes()) > manyVariants {
		limit = moversMaxMany
	}
	if s.all {
		limit = math.MaxInt
	}
	names := s.labels(nameWidthMax)
	briefly := len(s.outcomes()) > veryManyVariants && !s.all
	var still []string // under which rule sets nothing is different
	cutOff := false
	first := &s.outcomes()[0]
	for i := range s.outcomes()[1:] {
		o := &s.outcomes()[1+i]
		states, moved := sweep.StateChanges(first, o), movedMiners(first, o)
		if len(states)+len(moved) == 0 {
			still = append(still, names[1+i])
			continue
		}
		if briefly {
			if i == 0 || i == len(still) {
				s.gap()
				s.line(s.paint(bold, "Changed state"), "against "+names[0])
			}
			s.changedBriefly(names[1+i], states)
			continue
		}
		s.gap()
		title := fmt.Sprintf("%d of %s in another state", len(states), count(len(s.miners()), "miner"))
		if len(states) == 0 {
			title = "nobody in another state"
		}
		s.sides(s.paint(bold, names[0]+" → "+names[1+i]), title)
		for _, t := range transitions(states) {
			s.transition(t)
		}
		if len(moved) > limit {
			moved, cutOff = moved[:limit], true
		}
		if err := s.movers(first, o, moved); err != nil {
			return err
		}
	}
	if len(still) > 0 {
		s.gap()
		s.labelled("", 0, "No miner's state, rank, pay or return is different under "+shorten(still, 8)+".")
	}
	switch {
	case briefly:
		s.gap()
		s.labelled("", 0, "Who moved: --all, or --format markdown or csv, or compare.csv of --out.")
	case cutOff:
		s.gap()
		s.labelled("", 0, fmt.Sprintf("Shown are the %d that moved most. All: --all. Every miner under every rule set: --format markdown or csv, or compare.csv of --out.", limit))
	}
	return nil
}

// changedBriefly is how many miners end in another state, in a line.
func (s *compareSummary) changedBriefly(name string, states []sweep.StateChange) {
	parts := []string{"only ranks, pay or returns"}
	if len(states) > 0 {
		parts = nil
	}
	for _, t := range transitions(states) {
		parts = append(parts, fmt.Sprintf("%s → %s %d", stateName(t.before), stateName(t.after), len(t.miners)))
	}
	s.labelled("  "+name, nameWidthMax+4, strings.Join(parts, ", "))
}

// transitions sorts changes of state by kind, the most frequent first.
func transitions(changes []sweep.StateChange) []transition {
	var kinds []transition
	for _, c := range changes {
		i := slices.IndexFunc(kinds, func(t transition) bool { return t.before == c.Before && t.after == c.After })
		if i < 0 {
			i = len(kinds)
			kinds = append(kinds, transition{before: c.Before, after: c.After})
		}
		kinds[i].miners = append(kinds[i].miners, c)
	}
	slices.SortStableFunc(kinds, func(a, b transition) int {
		return cmp.Or(cmp.Compare(len(b.miners), len(a.miners)), cmp.Compare(a.before, b.before), cmp.Compare(a.after, b.after))
	})
	return kinds
}

// transitionWidth is where the names of those who changed begin.
const transitionWidth = 30

func (s *compareSummary) transition(t transition) {
	var names []string
	for _, c := range t.miners {
		name := legible(c.Name)
		if e := c.Elimination; e != nil && c.After == scoring.StateEliminated {
			name += " (" + date(e.TimeMS) + ")"
		}
		names = append(names, name)
	}
	limit := changedNamesMax
	if s.all {
		limit = len(names)
	}
	hue := plainTint
	switch t.after {
	case scoring.StateEliminated, scoring.StateDeregistered, sweep.StateRefused:
		hue = red
	case scoring.StateMain:
		hue = green
	}
	what := "  " + stateName(t.before) + " → " + s.paint(hue, stateName(t.after))
	s.labelled(what, transitionWidth, fmt.Sprintf("%d: %s", len(names), shorten(names, limit)))
}

// The miners that a summary shows of each rule set, at most: fewer where there are
// many rule sets.
const (
	moversMax     = 10
	moversMaxMany = 4
	manyVariants  = 3

	veryManyVariants = 8 // of more, each has a line
)

// movers shows whose part of the emission, and whose rank, changed most.
func (s *compareSummary) movers(before, after *sweep.Outcome, moved []sweep.MinerDifference) error {
	if len(moved) == 0 {
		return nil
	}
	s.gap()
	return s.moversTable(before, after, moved).renderText(&s.out)
}

// movedMiners are the miners of whom something changes, whose share of the emission
// at the end changes most first; then whose rank does, then whose return, then whose
// pay.
func movedMiners(before, after *sweep.Outcome) []sweep.MinerDifference {
	moved := slices.DeleteFunc(before.Difference(after).Miners, func(m sweep.MinerDifference) bool {
		return m.Weight == 0 && m.Rank == 0 && m.Return == 0 && m.Emission == 0
	})
	slices.SortStableFunc(moved, func(a, b sweep.MinerDifference) int {
		return cmp.Or(
			cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)), cmp.Compare(max(b.Rank, -b.Rank), max(a.Rank, -a.Rank)),
			cmp.Compare(math.Abs(b.Return), math.Abs(a.Return)), cmp.Compare(math.Abs(b.Emission), math.Abs(a.Emission)),
		)
	})
	return moved
}

// moversTable has a row a miner: its rank and its share of the emission at the end,
// where there is room its part of what was paid, before and after, and what its return
// changes by.
func (s *compareSummary) moversTable(before, after *sweep.Outcome, moved []sweep.MinerDifference) *Table {
	t := &Table{Columns: []Column{
		{Head: "Miner"}, {Head: "rank", Right: true}, {Head: "places", Right: true},
		{Head: "share at the end", Right: true}, {Head: "change", Right: true},
		{Head: "paid", Right: true}, {Head: "change", Right: true}, {Head: "return", Right: true},
	}}
	for i := range moved {
		m := &moved[i]
		a, b := minerOf(before, m.Name), minerOf(after, m.Name)
		places := Cell{}
		if hasRank(a) && hasRank(b) {
			places = s.painted(TextCell(more(m.Rank)), sign(float64(m.Rank)))
		}
		gain := Cell{}
		if a != nil && b != nil {
			gain = PointsCell(m.Return)
		}
		t.Rows = append(t.Rows, []Cell{
			nameCell(m.Name), TextCell(rankText(a) + " → " + rankText(b)), places,
			TextCell(shareText(a) + " → " + shareText(b)), s.painted(PointsCell(m.Weight), sign(m.Weight)),
			TextCell(paidText(before, a) + " → " + paidText(after, b)), s.painted(PointsCell(m.Emission), sign(m.Emission)), gain,
		})
	}
	if s.width < effectsWide {
		const paid = 5
		t = t.without(paid).without(paid)
	}
	t.fit(s.width, 0)
	return t
}

func hasRank(m *sweep.MinerOutcome) bool { return m != nil && m.Judgement.Rank != nil }

// rankText is a miner's rank, or that it has none.
func rankText(m *sweep.MinerOutcome) string {
	if !hasRank(m) {
		return noFigure
	}
	return IntCell(*m.Judgement.Rank).show()
}

// paidText is a miner's part of what all were paid; none of one that is not there.
func paidText(o *sweep.Outcome, m *sweep.MinerOutcome) string {
	if m == nil {
		return noFigure
	}
	return percent(paidShare(o, m))
}

// shareText is a miner's share of the emission at the end; none of one that is not
// there.
func shareText(m *sweep.MinerOutcome) string {
	if m == nil {
		return noFigure
	}
	return percent(m.Judgement.EmissionShare)
}
