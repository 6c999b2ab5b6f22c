package reports

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// How much of a difference people see unless they ask for all.
const (
	diffEntriesMax = 3  // of a part
	diffFieldsMax  = 3  // of an element
	diffMinerMax   = 6  // of a miner
	diffGroupMax   = 12 // of a group of values
	diffValueWidth = 30 // of a value, in characters
	diffKeyWidth   = 48 // of what an element is known by: an event has a time, a kind and a name
	diffNameWidth  = 44 // of a value's name
)

// DiffSummary writes what two results differ in: of the same ones that they are the
// same; else where they part first, the headline numbers, and the first few changes of
// each part. Of the options, Width, Color and All count.
func DiffSummary(w io.Writer, d *Difference, options SummaryOptions) error {
	width := min(cmp.Or(options.Width, summaryWidthMax), compareWidthMax)
	s := diffSummary{page: page{width: max(width, summaryWidthMin), color: options.Color}, Difference: d, all: options.All}
	if d.Same() {
		s.line(s.paint(green, "The same"), d.sameText())
	} else {
		s.sidesOf()
		if err := s.headline(); err != nil {
			return err
		}
		s.changes()
	}
	s.besides()
	_, err := s.out.WriteTo(w)
	return err
}

// diffSummary is a summary of a difference being written.
type diffSummary struct {
	page
	*Difference
	all bool
}

// sameText says how the same two are that are the same.
func (d *Difference) sameText() string {
	within := 0
	for i := range d.Parts {
		within += d.Parts[i].Within
	}
	switch {
	case within == 1:
		return "1 number differs, " + d.Tolerance.text()
	case within > 1:
		return strconv.Itoa(within) + " numbers differ, " + d.Tolerance.text()
	case d.A.Digest != "":
		return legible(d.A.Digest)
	}
	return "nothing differs"
}

// text says what is taken as the same.
func (t DiffTolerance) text() string {
	var bounds []string
	if t.Distance > 0 {
		bounds = append(bounds, strconv.FormatFloat(t.Distance, 'g', -1, 64))
	}
	if t.Part > 0 {
		bounds = append(bounds, plainPercent(t.Part))
	}
	return "by no more than " + strings.Join(bounds, " or ")
}

// sidesOf says what was compared, and where it parts.
func (s *diffSummary) sidesOf() {
	for i, side := range []*DiffSide{&s.A, &s.B} {
		label := s.paint(bold, "AB"[i:i+1])
		if side.Name != "" {
			s.line(label, squeeze(legible(side.Name), s.width-labelWidth))
			label = ""
		}
		s.line(label, side.What)
		if side.Digest != "" {
			s.line("", s.paint(faint, legible(side.Digest)))
		}
	}
	if s.Tolerance != (DiffTolerance{}) {
		s.line("The same", "what differs "+s.Tolerance.text())
	}
	s.gap()
	text := "at no instant: what was put in differs, and what came out does not"
	if s.First != nil {
		text = s.First.String()
	}
	s.line(s.paint(bold, "First differs"), text)
	s.gap()
}

func (s *diffSummary) headline() error {
	t := s.headlineTable((s.width - diffFigureWidth) / 2)
	same := 0
	if !s.all {
		t.Rows = slices.DeleteFunc(t.Rows, func(row []Cell) bool {
			if row[1].text == row[2].text && row[3].text == "" {
				same++
				return true
			}
			return false
		})
	}
	what := "figure"
	if len(t.Rows) > 0 { // without any, the table would be its head
		what = "more figure"
		if err := t.renderText(&s.out); err != nil {
			return err
		}
	}
	if same > 0 {
		are := "are"
		if same == 1 {
			are = "is"
		}
		s.labelled("", 0, s.paint(faint, count(same, what)+" "+are+" the same: --all"))
	}
	s.gap()
	return nil
}

// diffFigureWidth is what a figure's name and the difference take of a line.
const diffFigureWidth = 38

// headlineTable is a row a headline number, each in at most so many characters. What
// both sides lack is left out.
func (d *Difference) headlineTable(characters int) *Table {
	t := &Table{Columns: []Column{{Head: "Figure"}, {Head: "A", Right: true}, {Head: "B", Right: true}, {Head: "difference", Right: true}}}
	for i := range d.Headline {
		f := &d.Headline[i]
		a, b, difference := f.cells()
		if a.exact == nil && b.exact == nil {
			continue
		}
		a.text, b.text = squeeze(a.text, characters), squeeze(b.text, characters)
		t.Rows = append(t.Rows, []Cell{TextCell(f.Name), a, b, difference})
	}
	return t
}

// changes are the parts that differ, and the names of those that don't.
func (s *diffSummary) changes() {
	var same []string
	for i := range s.Parts {
		p := &s.Parts[i]
		if len(p.Entries) == 0 {
			same = append(same, p.Name)
			continue
		}
		s.line(s.paint(bold, p.title()), p.counts())
		if s.all || !p.headlined() {
			s.entries(p)
		}
	}
	if len(same) > 0 {
		s.line("The same", strings.Join(same, ", "))
	}
}

// headlined reports whether what matters of a part is among the headline numbers.
func (p *DiffPart) headlined() bool {
	switch p.Name {
	case partResult, "counts", "costs", "metrics", "penalties": // as result.json names them
		return true
	}
	return false
}

func (p *DiffPart) title() string {
	return strings.ToUpper(p.Name[:1]) + strings.ReplaceAll(p.Name[1:], "_", " ")
}

// counts says how much of a part differs.
func (p *DiffPart) counts() string {
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(p.Changed, "changed")
	add(p.OnlyA, "only in A")
	add(p.OnlyB, "only in B")
	add(p.Same, "the same")
	add(p.Within, "within the tolerance")
	return strings.Join(parts, ", ")
}

// entries are the first few that differ, in the order of time.
func (s *diffSummary) entries(p *DiffPart) {
	all, fields := p.Entries, diffGroupMax
	switch {
	case p.Name == partMiners:
		fields = diffMinerMax
		if !s.all {
			all = setupFirst(all)
		}
	case p.List:
		fields = diffFieldsMax
	}
	shown := all
	if s.all {
		fields = 1 << 30
	} else {
		shown = all[:min(len(all), diffEntriesMax)]
	}
	column := 2
	for i := range shown {
		if n := displayed(squeeze(legible(shown[i].Key), diffKeyWidth)); n > 0 {
			column = max(column, n+4)
		}
	}
	apart := column+diffValueWidth+4 > s.width // the keys have lines of their own
	if apart {
		column = 4
	}
	for i := range shown {
		e := &shown[i]
		label := "  " + squeeze(legible(e.Key), diffKeyWidth)
		texts := e.texts(fields)
		if p.Name == partMiners {
			texts = e.texts(max(fields, e.setup()))
		}
		if apart && e.Key != "" {
			s.labelled("", 0, label)
			label = ""
		}
		for j, text := range texts {
			if j > 0 {
				label = ""
			}
			s.labelled(strings.TrimRight(label, " "), column, text)
		}
	}
	left := all[len(shown):]
	if len(left) == 0 {
		return
	}
	text := fmt.Sprintf("… and %d more: --all", len(left))
	if names := otherSetups(left); p.Name == partMiners && len(names) > 0 {
		text = fmt.Sprintf("… and %d more, another setup of %s: --all", len(left), shorten(names, diffGroupMax))
	}
	s.labelled("", 2, text)
}

// setup is how many values differ that say what a miner is.
func (e *DiffEntry) setup() int {
	n := 0
	for i := range e.Fields {
		if isMinerSetup(e.Fields[i].Name) {
			n++
		}
	}
	return n
}

// setupFirst brings the miners in front that are something else in the two results: the
// cause of what came of them.
func setupFirst(miners []DiffEntry) []DiffEntry {
	miners = slices.Clone(miners)
	slices.SortStableFunc(miners, func(a, b DiffEntry) int { return cmp.Compare(min(b.setup(), 1), min(a.setup(), 1)) })
	return miners
}

// otherSetups names the miners that are something else in the two results.
func otherSetups(miners []DiffEntry) []string {
	var names []string
	for i := range miners {
		if miners[i].setup() > 0 {
			names = append(names, squeeze(legible(miners[i].Key), diffKeyWidth))
		}
	}
	return names
}

// texts says what became of an element, a line a value, of at most so many.
func (e *DiffEntry) texts(most int) []string {
	only := map[DiffChange]string{DiffOnlyA: "only in A", DiffOnlyB: "only in B"}[e.Change]
	if only != "" {
		if text := e.element(); text != "" {
			only += ": " + text
		}
		return []string{only}
	}
	texts := make([]string, 0, min(len(e.Fields), most)+1)
	for i := range e.Fields {
		if i == most {
			return append(texts, fmt.Sprintf("… and %s: --all", count(len(e.Fields)-most, "more value")))
		}
		texts = append(texts, e.Fields[i].text())
	}
	return texts
}

// text is a value on both sides and how far apart they are.
func (f *DiffField) text() string {
	text := f.briefName() + " " + f.brief(f.A) + " → " + f.brief(f.B)
	if isInstant(f.Name) {
		return text
	}
	return text + f.distanceText()
}

// distanceText is how far apart two numbers are, "" of anything else.
func (f *DiffField) distanceText() string {
	distance, known := f.Distance.Get()
	if !known {
		return ""
	}
	apart := beyond(distance)
	if isWholeText(f.A) && isWholeText(f.B) {
		apart = more(int(distance)) // below exactWhole
	}
	text := " (" + apart
	if part, known := f.Part.Get(); known {
		text += ", " + percent(part)
	}
	return text + ")"
}

// isWholeText reports whether a value in JSON is a whole number that people can read.
func isWholeText(value string) bool {
	_, err := strconv.ParseInt(value, 10, 64)
	return err == nil
}

// besides tells what differs and doesn't count.
func (s *diffSummary) besides() {
	if len(s.Aside.Entries) == 0 {
		return
	}
	var names []string
	for i := range s.Aside.Entries {
		e := &s.Aside.Entries[i]
		for j := range e.Fields {
			if f := &e.Fields[j]; f.Name == "ptnsim" {
				names = append(names, "ptnsim "+f.brief(f.A)+" and "+f.brief(f.B))
			} else {
				names = append(names, squeeze(strings.TrimSpace(legible(e.Key+" "+f.Name)), diffNameWidth))
			}
		}
	}
	limit := diffGroupMax
	if s.all {
		limit = len(names)
	}
	s.line("Not counted", shorten(names, limit))
}
