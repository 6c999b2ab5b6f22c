package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
)

// AuditTable is the table of audited series: what each holds, how complete it
// is, and which problems it has. A row a report, in their order.
func AuditTable(rs []*audit.Report) *Table {
	t := &Table{Columns: []Column{
		{Name: "pair"}, {Name: "interval", Right: true}, {Name: "rows", Right: true}, {Name: "from"}, {Name: "to"},
		{Name: "complete", Right: true}, {Name: "gaps", Right: true}, {Name: "longest_gap_ms", Head: "longest", Right: true},
		{Name: "worst"}, {Name: "problems"},
	}}
	for _, r := range rs {
		from, to := Cell{}, Cell{}
		if r.Rows > 0 {
			from, to = TimeCell(r.FirstMS), TimeCell(r.EndMS)
		}
		t.Rows = append(t.Rows, []Cell{
			TextCell(r.Pair.ID), TextCell(r.Interval.String()), IntCell(r.Rows), from, to,
			completeCell(r), IntCell(r.Gaps.Count), longestCell(&r.Gaps), optionalText(string(r.Worst())), problemsCell(r.Findings),
		})
	}
	return t
}

// completeCell is the part of the open-market time that has candles; people see
// it rounded down, so that only what lacks nothing is 100 %.
func completeCell(r *audit.Report) Cell {
	var all stretch
	for i := range r.Days {
		all.addDay(&r.Days[i])
	}
	if all.openMS <= 0 {
		return Cell{}
	}
	return Cell{float64(all.presentMS) / float64(all.openMS), all.complete()}
}

// longestCell is the open-market time of the longest gap, ms.
func longestCell(g *datasets.Gaps) Cell {
	longest := int64(0)
	for i := range g.Longest {
		longest = max(longest, g.Longest[i].OpenMS)
	}
	if longest == 0 {
		return Cell{}
	}
	return Cell{longest, span(longest)}
}

// problemsWidth is how wide people see a list of problems.
const problemsWidth = 44

// problemsCell names each problem and how often it is there, whatever its cause:
// "gap×3, spike×1".
func problemsCell(findings []audit.Finding) Cell {
	var all problemCounts
	for i := range findings {
		all.add(string(findings[i].Problem), findings[i].Count)
	}
	return optionalProse(all.String(), problemsWidth)
}

// problemCounts counts problems by name, in the order in which they came.
type problemCounts struct {
	names  []string
	counts []int64
}

func (p *problemCounts) add(name string, n int64) {
	i := slices.Index(p.names, name)
	if i < 0 {
		i = len(p.names)
		p.names, p.counts = append(p.names, name), append(p.counts, 0)
	}
	p.counts[i] += n
}

// String lists the problems: "gap×3, spike×1".
func (p *problemCounts) String() string {
	var parts []string
	for i, name := range p.names {
		parts = append(parts, fmt.Sprintf("%s×%d", name, p.counts[i]))
	}
	return strings.Join(parts, ", ")
}

// FindingsTable is the table of what audits found, the gravest first; those of
// one severity in the order of the reports. Each says what was found first, why
// it is likely so, and what the user can do.
func FindingsTable(rs []*audit.Report) *Table {
	t := &Table{Columns: []Column{
		{Name: "severity"}, {Name: "pair"}, {Name: "interval", Right: true}, {Name: "problem"}, {Name: "count", Right: true},
		{Name: "row", Right: true, Hidden: true}, {Name: "first"}, {Name: "found"}, {Name: "cause", Head: "likely cause"}, {Name: "remedy"},
	}}
	type place struct {
		*audit.Report
		*audit.Finding
	}
	var list []place
	for _, r := range rs {
		for i := range r.Findings {
			list = append(list, place{r, &r.Findings[i]})
		}
	}
	slices.SortStableFunc(list, func(a, b place) int { return cmp.Compare(gravity(b.Severity), gravity(a.Severity)) })
	for _, f := range list {
		row := Cell{}
		if f.Row > 0 {
			row = IntCell(f.Row)
		}
		t.Rows = append(t.Rows, []Cell{
			TextCell(string(f.Severity)), TextCell(f.Pair.ID), TextCell(f.Interval.String()), TextCell(string(f.Problem)), IntCell(f.Count),
			row, TimeCell(f.FromMS), optionalProse(f.Found, 34), optionalProse(f.Cause, 26), optionalProse(f.Remedy, 32),
		})
	}
	return t
}

// gravity orders severities.
func gravity(s audit.Severity) int {
	return slices.Index([]audit.Severity{audit.Note, audit.Warning, audit.Error}, s)
}

// optionalText is a text; "" is no value.
func optionalText(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return TextCell(text)
}

// optionalProse is a longer text; "" is no value.
func optionalProse(text string, width int) Cell {
	if text == "" {
		return Cell{}
	}
	return ProseCell(text, width)
}
