package reports

import (
	"cmp"
	"fmt"
	"html"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

// ScenarioBookPage is one page of a book of scenarios.
type ScenarioBookPage struct {
	Name string // of its file
	Text []byte
}

// bookIndex is the page that a host of repositories shows for a folder.
const bookIndex = "README.md"

// ScenarioBook writes scenarios as a folder of Markdown pages: the contents of all,
// then a page a section. Many scenarios make a ScenarioPage that hosts of repositories
// do not render any more. The options' path is that of the folder.
func ScenarioBook(scenarios []*scenario.Scenario, options ScenarioPageOptions) ([]ScenarioBookPage, error) {
	sections, err := pageSections(scenarios)
	if err != nil {
		return nil, err
	}
	names := anchors{}
	names.unique("readme") // as the index, where files know no case
	folder := options.Path
	options.Path = filepath.Join(folder, bookIndex)
	index := &scenarioPage{options: options}
	index.paragraph(bookPageMarker)
	index.head(len(scenarios))
	var pages []ScenarioBookPage
	for i := range sections {
		section := &sections[i]
		name := names.unique(bookFile(section.name)) + ".md"
		options.Title, options.Path = section.name, filepath.Join(folder, name)
		page := &scenarioPage{options: options}
		page.paragraph(bookPageMarker)
		page.heading(1, section.name)
		page.paragraph(fmt.Sprintf("%s. [%s](%s) has all, and says how they are read.", count(section.count(), "scenario"), markdownText(index.title()), bookIndex))
		if err := page.section(1, section); err != nil {
			return nil, err
		}
		pages = append(pages, ScenarioBookPage{Name: name, Text: page.out.Bytes()})
	}
	index.sections(sections, pages)
	return append([]ScenarioBookPage{{Name: bookIndex, Text: index.out.Bytes()}}, pages...), nil
}

// bookFileMax is how long the name of a page may be, in bytes: file systems take 255.
const bookFileMax = 120

// bookFile is what the file of a section's page is called, without its extension.
func bookFile(section string) string {
	name := anchorOf(section)
	if number := strings.IndexFunc(name, func(r rune) bool { return r < '0' || r > '9' }); number == 1 {
		name = "0" + name // so that 10 comes after 9
	}
	for len(name) > bookFileMax {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	return cmp.Or(strings.Trim(name, "-"), "section")
}

// sections lists the sections, each with a page of its own, and below that their
// scenarios, folded.
func (p *scenarioPage) sections(sections []pageSection, pages []ScenarioBookPage) {
	for i := range sections {
		s := &sections[i]
		fmt.Fprintf(&p.out, "- [%s](%s): %s\n", markdownText(legible(s.name)), pages[i].Name, count(s.count(), "scenario"))
	}
	p.out.WriteByte('\n')
	p.paragraph("## All scenarios")
	for i := range sections {
		s, known := &sections[i], anchors{}
		known.of(s.name)
		p.paragraph(fmt.Sprintf("<details>\n<summary>%s: %s</summary>", html.EscapeString(legible(s.name)), count(s.count(), "scenario")))
		p.list(s, pages[i].Name, "", known)
		p.paragraph("\n</details>")
	}
}
