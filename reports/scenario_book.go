package reports

import (
	"cmp"
	"fmt"
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
	sections := pageSections(scenarios)
	names := anchors{}
	names.unique("readme") // as the index, where files know no case
	folder := options.Path
	options.Path = filepath.Join(folder, bookIndex)
	index := &scenarioPage{options: options}
	index.head(len(scenarios))
	var pages []ScenarioBookPage
	for _, section := range sections {
		name := names.unique(bookFile(section.name)) + ".md"
		options.Title, options.Path = section.name, filepath.Join(folder, name)
		page := &scenarioPage{options: options}
		if err := page.section(section, index.title()); err != nil {
			return nil, err
		}
		pages = append(pages, ScenarioBookPage{Name: name, Text: page.out.Bytes()})
		index.chapter(section, name)
	}
	return append([]ScenarioBookPage{{Name: bookIndex, Text: index.out.Bytes()}}, pages...), nil
}

// bookFileMax is how long the name of a page may be, in bytes: file systems take 255.
const bookFileMax = 120

// bookFile is what the file of a section's page is called, without its extension.
func bookFile(section string) string {
	name := anchorOf(section)
	for len(name) > bookFileMax {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	return cmp.Or(strings.Trim(name, "-"), "section")
}

// chapter lists the scenarios of a section that has a page of its own.
func (p *scenarioPage) chapter(section pageSection, file string) {
	p.paragraph(fmt.Sprintf("## [%s](%s)", markdownText(legible(section.name)), file))
	known := anchors{}
	known.of(section.name)
	for _, s := range section.scenarios {
		title := scenarioTitle(s)
		fmt.Fprintf(&p.out, "- [%s](%s#%s)\n", markdownText(title), file, known.of(title))
	}
	p.out.WriteByte('\n')
}

// section is the page of a section.
func (p *scenarioPage) section(section pageSection, book string) error {
	p.heading(1, section.name)
	p.paragraph(fmt.Sprintf("%s. [%s](%s) has all, and says how they are read.", count(len(section.scenarios), "scenario"), markdownText(book), bookIndex))
	for _, s := range section.scenarios {
		if err := p.scenario(2, s); err != nil {
			return err
		}
	}
	return nil
}
