package reports

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scenario"
)

// ScenarioPageOptions is how a page of scenarios is written.
type ScenarioPageOptions struct {
	Title string // "": Scenarios
	Path  string // of the page's file, beside which links begin; "": links are the files' names
}

// ScenarioPage writes scenarios as one Markdown page that a person reads from top to
// bottom: by section, each with what is given, who acts and what must come of it. It
// has no times of its own, so that the same files make the same bytes.
//
// Sections come in the order of the files, and in each what plays under the usual rule
// set before what plays under another. A file that names no section is listed under the
// name of its folder. What a folder says of its section in _section.md stands below the
// section's heading; its links begin at the page.
func ScenarioPage(w io.Writer, scenarios []*scenario.Scenario, options ScenarioPageOptions) error {
	p := &scenarioPage{options: options}
	sections, err := pageSections(scenarios)
	if err != nil {
		return err
	}
	p.paragraph(pageMarker)
	p.head(len(scenarios))
	p.contents(sections)
	for i := range sections {
		p.heading(2, sections[i].name)
		if err := p.section(2, &sections[i]); err != nil {
			return err
		}
	}
	_, err = p.out.WriteTo(w)
	return err
}

// Scenarios are those that could be read, in their order: what a page is made of.
func (c *Checks) Scenarios() []*scenario.Scenario {
	var list []*scenario.Scenario
	for i := range c.Checks {
		if s := c.Checks[i].Scenario; s != nil {
			list = append(list, s)
		}
	}
	return list
}

// scenarioPage is a page being written.
type scenarioPage struct {
	out     bytes.Buffer
	options ScenarioPageOptions
}

// head says what the page is, and how it is read.
func (p *scenarioPage) head(scenarios int) {
	p.paragraph("# " + markdownText(p.title()))
	p.paragraph(count(scenarios, "scenario") + ". Each is a file that says what is given, who acts and what must come of it; " +
		"`ptnsim check` plays it and compares. This is written from the files by `ptnsim check --document`.")
	p.paragraph(fmt.Sprintf("The rules are those of `%s` where nothing else is said. Times are UTC. Elements of lists are counted from 1, or from the end with -1. "+
		"A number must be exactly as it stands unless a tolerance stands beside it.", rules.Default))
}

func (p *scenarioPage) title() string { return cmp.Or(legible(p.options.Title), "Scenarios") }

// contents links to all that follows.
func (p *scenarioPage) contents(sections []pageSection) {
	anchors := anchors{}
	anchors.of(p.title())
	p.paragraph("## Contents")
	anchors.of("Contents")
	for i := range sections {
		s := &sections[i]
		fmt.Fprintf(&p.out, "- [%s](#%s)\n", markdownText(legible(s.name)), anchors.of(s.name))
		p.list(s, "", "  ", anchors)
	}
	p.out.WriteByte('\n')
}

// scenario writes one of them, under a heading of a level.
func (p *scenarioPage) scenario(level int, s *scenario.Scenario) error {
	p.heading(level, scenarioTitle(s))
	if about := strings.TrimSpace(s.About); about != "" {
		p.paragraph(about)
	}
	t := &toldScenario{scenarioPage: p, Scenario: s, notes: newScenarioNotes(s.Text)}
	t.given()
	if err := t.when(); err != nil {
		return err
	}
	if err := t.then(); err != nil {
		return err
	}
	p.paragraph(fmt.Sprintf("<sub>[%s](%s)</sub>", markdownText(legible(path.Base(filepath.ToSlash(s.File)))), p.link(s.File)))
	return nil
}

// toldScenario is a scenario being written.
type toldScenario struct {
	*scenarioPage
	*scenario.Scenario
	notes      *scenarioNotes
	sideBySide bool // what is expected of the orders stands beside them
}

func scenarioTitle(s *scenario.Scenario) string {
	return legible(cmp.Or(s.Title, path.Base(filepath.ToSlash(s.File))))
}

// heading writes a heading of a level.
func (p *scenarioPage) heading(level int, text string) {
	text = markdownText(legible(text))
	if before, ok := strings.CutSuffix(text, "#"); ok {
		text = before + `\#` // else it closes the heading
	}
	p.paragraph(strings.Repeat("#", level) + " " + text)
}

// paragraph writes a text and an empty line.
func (p *scenarioPage) paragraph(text string) { p.out.WriteString(text + "\n\n") }

// bullets writes a list and an empty line.
func (p *scenarioPage) bullets(items []string) {
	for _, item := range items {
		p.out.WriteString("- " + item + "\n")
	}
	p.out.WriteByte('\n')
}

// codeLinesMax is how many lines of a script or of a population a page shows.
const codeLinesMax = 120

// code writes a block of code in some language.
func (p *scenarioPage) code(language, text string) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	left := len(lines) - codeLinesMax
	text = strings.Join(lines[:min(len(lines), codeLinesMax)], "\n")
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	p.paragraph(fence + language + "\n" + text + "\n" + fence)
	if left > 0 {
		p.paragraph("and " + count(left, "line") + " more")
	}
}

// table writes a table and an empty line.
func (p *scenarioPage) table(t *Table) error {
	err := t.Render(&p.out, FormatMarkdown)
	p.out.WriteByte('\n')
	return err
}

// link is the address of a file, as the page's reader needs it.
func (p *scenarioPage) link(file string) string {
	if p.options.Path != "" {
		// As absolute ones: either may be, and one that is not may begin with dots.
		from, errFrom := filepath.Abs(filepath.Dir(p.options.Path))
		to, errTo := filepath.Abs(file)
		if relative, err := filepath.Rel(from, to); errors.Join(errFrom, errTo, err) == nil {
			file = relative
		}
	}
	parts := strings.Split(filepath.ToSlash(file), "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// anchors are those that headings have had so far, with the last number that was put
// after each.
type anchors map[string]int

// of is the anchor that GitHub and GitLab give the next heading of that text: its
// letters, digits, underscores and hyphens in lower case, with hyphens for blanks, and
// a number after one that came before.
func (a anchors) of(heading string) string {
	return a.unique(anchorOf(heading))
}

func anchorOf(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(legible(heading)) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unique is an anchor that no heading has had: with a number, where that is none.
func (a anchors) unique(anchor string) string {
	free := anchor
	for _, taken := a[free]; taken; _, taken = a[free] {
		a[anchor]++
		free = fmt.Sprintf("%s-%d", anchor, a[anchor])
	}
	a[free] = 0
	return free
}
