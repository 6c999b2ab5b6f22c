package reports

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// compareWidthMax is how wide a comparison may get: it has a column a rule set.
const compareWidthMax = 140

// CompareSummary writes what a comparison shows at a glance. Of one miner that is
// a table of its figures, a column a rule set; of a population how each rule set
// treats it, who changed state, and who moved most. What each change does by
// itself follows, where that was asked for.
func CompareSummary(w io.Writer, c *Compare, options SummaryOptions) error {
	width := min(cmp.Or(options.Width, summaryWidthMax), compareWidthMax)
	s := compareSummary{page: page{width: max(width, summaryWidthMin), color: options.Color}, Compare: c, all: options.All}
	s.heading()
	body := s.population
	if c.alone() {
		body = s.account
	}
	if err := body(); err != nil {
		return err
	}
	if err := s.attribution(); err != nil {
		return err
	}
	s.warnings()
	s.gap()
	digest := options.Digest
	if digest == "" {
		digest = c.Digest()
	}
	s.line("Digest", digest)
	if options.Folder != "" {
		s.line("Results", options.Folder)
	}
	_, err := s.out.WriteTo(w)
	return err
}

// compareSummary is a summary of a comparison being written.
type compareSummary struct {
	page
	*Compare
	all bool // of the miners
}

// heading says what was compared.
func (s *compareSummary) heading() {
	what := count(len(s.outcomes()), "rule set")
	if !s.alone() {
		what += " · " + count(len(s.miners()), "miner")
	}
	s.sides(s.paint(bold, legible(s.Name)), what)
	from, to := s.Comparison.FromMS, s.Comparison.ToMS
	s.sides(s.paint(faint, minute(from)+" to "+minute(to)+" UTC"), s.paint(faint, span(to-from)))
	var pairs []string
	for _, f := range s.Dataset {
		pairs = append(pairs, f.Pair+" "+f.Interval)
	}
	if len(pairs) > 0 {
		s.labelled("", 0, s.paint(faint, shorten(pairs, 8)))
	}
	if paths := s.varied(); paths != nil {
		s.line("Varied", legible(strings.Join(paths, " · ")))
	}
	s.gap()
}

// population is how the rule sets treat many miners.
func (s *compareSummary) population() error {
	if err := s.variants().renderText(&s.out); err != nil {
		return err
	}
	s.gap()
	if note := s.othersLegend(); note != "" {
		s.labelled("", 0, note)
		s.gap()
	}
	s.leads()
	s.refused()
	return s.changed()
}

// variants is a line a rule set, and below each but the first its difference to
// that one.
func (s *compareSummary) variants() *Table {
	t := &Table{Columns: []Column{
		{Head: "Rules"}, {Head: "miners", Right: true}, {Head: "mean return", Right: true}, {Head: "eliminated", Right: true}, {Head: "promoted", Right: true},
		{Head: "deregistered", Right: true}, {Head: s.bestHead(), Right: true},
	}}
	first := &s.outcomes()[0]
	for i := range s.outcomes() {
		o := &s.outcomes()[i]
		gain := o.MeanReturn - 1
		t.Rows = append(t.Rows, []Cell{
			TextCell(""), IntCell(len(o.Miners)), s.painted(numberCell(gain, change), sign(gain)),
			IntCell(o.Eliminated), IntCell(o.Promoted), IntCell(o.Deregistered), percentValueCell(o.Concentration),
		})
		if i > 0 {
			t.Rows = append(t.Rows, []Cell{
				TextCell(""), TextCell(more(len(o.Miners) - len(first.Miners))), s.meanReturnDifference(o), TextCell(more(o.Eliminated - first.Eliminated)),
				TextCell(more(o.Promoted - first.Promoted)), TextCell(more(o.Deregistered - first.Deregistered)),
				differenceCell(o.Concentration, first.Concentration, points),
			})
		}
	}
	if !s.successors() {
		t = t.without(1) // the heading says how many miners there are
	}
	longest := 0
	for _, name := range s.labels(nameWidthMax) {
		longest = max(longest, displayed(name))
	}
	if t.span()-displayed(t.Columns[0].Head)+longest > s.width {
		short := map[string]string{"mean return": "return", "eliminated": "elim.", "promoted": "prom.", "deregistered": "dereg."}
		for i, c := range t.Columns {
			t.Columns[i].Head = cmp.Or(short[c.Head], c.Head)
		}
	}
	s.nameRows(t, 2)
	return t
}

// nameRows writes the variants' names into the first column, as wide as the others
// leave room: the mark of the one whose values are those of the set itself beside its
// name, or in the line below. Each variant but the first has so many rows.
func (s *compareSummary) nameRows(t *Table, rows int) {
	room := s.width
	for _, w := range t.widths()[1:] {
		room -= w + 2
	}
	room = max(room, changeWidthMin/2)
	names, marked := s.markedLabels(room)
	at := 0
	for i, name := range names {
		own := 1
		if i > 0 {
			own = rows
		}
		t.Rows[at][0] = TextCell(name)
		switch mark := wrapPath(s.mark(i), room); {
		case marked || mark == "":
		case own > 1:
			t.Rows[at+1][0] = TextCell(mark)
		default:
			t.Rows[at][0] = TextCell(name + "\n" + mark)
		}
		at += own
	}
}

// bestHead names the concentration: the part of all weight that the best miners
// get. Rules §12.
func (s *compareSummary) bestHead() string {
	target := s.outcomes()[0].Variant.Rules.Set.Competition.TargetMiners
	for i := range s.outcomes() {
		if s.outcomes()[i].Variant.Rules.Set.Competition.TargetMiners != target {
			return "best get"
		}
	}
	return "best " + plainPercent(target)
}

// successors reports whether there are miners that are not there under every rule set.
func (s *compareSummary) successors() bool {
	all := len(s.miners())
	return slices.ContainsFunc(s.outcomes(), func(o sweep.Outcome) bool { return len(o.Miners) != all })
}

// refused says how many miners never got a slot, if there are any.
func (s *compareSummary) refused() {
	if !slices.ContainsFunc(s.outcomes(), func(o sweep.Outcome) bool { return o.Refused > 0 }) {
		return
	}
	var parts []string
	for i, name := range s.labels(nameWidthMax) {
		parts = append(parts, fmt.Sprintf("%d under %s", s.outcomes()[i].Refused, name))
	}
	s.line("Got no slot", shorten(parts, 6))
}

// leads says who is best under each rule set.
func (s *compareSummary) leads() {
	variants := s.labels(nameWidthMax)
	var names []string             // of leaders, as they come
	under := map[string][]string{} // the rule sets under which they lead
	for i := range s.outcomes() {
		o := &s.outcomes()[i]
		who := "nobody"
		if best := leaders(o); len(best) > 0 {
			who = legible(shorten(best, 3))
		}
		if under[who] == nil {
			names = append(names, who)
		}
		under[who] = append(under[who], variants[i])
	}
	if len(names) == 1 {
		s.line("Leads", names[0]+" under every rule set")
		return
	}
	for i, who := range names {
		label := "Leads"
		if i > 0 {
			label = ""
		}
		s.line(label, who+" under "+shorten(under[who], 6))
	}
}

// warnings shows each warning once, with the rule sets under which it came unless
// it came under all.
func (s *compareSummary) warnings() {
	var texts []string
	variants, under := s.labels(nameWidthMax), map[string][]string{}
	for i := range s.outcomes() {
		o := &s.outcomes()[i]
		for _, text := range o.Warnings {
			if under[text] == nil {
				texts = append(texts, text)
			}
			if name := variants[i]; !slices.Contains(under[text], name) {
				under[text] = append(under[text], name)
			}
		}
	}
	if len(texts) == 0 {
		return
	}
	s.gap()
	for i, text := range texts[:min(len(texts), warningsMax)] {
		label := ""
		if i == 0 {
			label = s.paint(yellow, "Warnings")
		}
		if names := under[text]; len(names) < len(s.outcomes()) {
			text = shorten(names, 3) + ": " + text
		}
		s.line(label, briefWarning(legible(text), s.width-labelWidth))
	}
	if left := len(texts) - warningsMax; left > 0 {
		s.line("", fmt.Sprintf("and %d more: --format json has them all", left))
	}
}

// percentValueCell is a fraction that may not exist.
func percentValueCell(v scoring.Value) Cell {
	x, known := v.Get()
	if !known {
		return Cell{}
	}
	return PercentCell(x)
}

// without is the table without a column.
func (t *Table) without(column int) *Table {
	part := &Table{Columns: slices.Delete(slices.Clone(t.Columns), column, column+1)}
	for _, row := range t.Rows {
		part.Rows = append(part.Rows, slices.Delete(slices.Clone(row), column, column+1))
	}
	return part
}

// fit shortens the texts of a column until the table is no wider than so many
// characters, or the column has no more than its head takes, and 8.
func (t *Table) fit(width, column int) {
	widths := t.widths()
	room := width - 2*(len(widths)-1)
	for i, w := range widths {
		if i != column {
			room -= w
		}
	}
	room = max(room, displayed(t.Columns[column].head()), 8)
	for _, row := range t.Rows {
		if text, ok := row[column].exact.(string); ok {
			row[column] = Cell{text, squeeze(row[column].text, room)}
		}
	}
}

// cut ends a text that is longer than so many characters with "…".
func cut(text string, characters int) string {
	runes := []rune(text)
	if len(runes) <= characters {
		return text
	}
	return strings.TrimSpace(string(runes[:max(characters-1, 0)])) + "…"
}
