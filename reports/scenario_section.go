package reports

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scenario"
)

// pageSection is the scenarios that are listed under one name.
type pageSection struct {
	name      string
	prose     string               // Markdown, of the folders that are of this section; ""
	scenarios []*scenario.Scenario // under the usual rule set, in the order of their files
	others    []*scenario.Scenario // under another one
}

// otherRules heads the scenarios that play under another rule set than the usual one.
const otherRules = "Under other rule sets"

func (s *pageSection) count() int { return len(s.scenarios) + len(s.others) }

// parted reports whether a section has scenarios of both sorts, so that the second has
// a heading.
func (s *pageSection) parted() bool { return len(s.scenarios) > 0 && len(s.others) > 0 }

// sectionOf is the name that a scenario is listed under.
func sectionOf(s *scenario.Scenario) string {
	name := cmp.Or(s.Section, path.Base(folderOf(s)))
	if name == "." || name == "/" {
		name = "Scenarios"
	}
	return name
}

func folderOf(s *scenario.Scenario) string { return path.Dir(filepath.ToSlash(s.File)) }

// pageSections groups scenarios, in the order in which their sections come first.
func pageSections(scenarios []*scenario.Scenario) ([]pageSection, error) {
	var sections []pageSection
	places := map[string]int{}
	for _, s := range scenarios {
		name := sectionOf(s)
		at, known := places[name]
		if !known {
			at = len(sections)
			places[name] = at
			sections = append(sections, pageSection{name: name})
		}
		if of := &sections[at]; cmp.Or(s.Rules, rules.Default) == rules.Default {
			of.scenarios = append(of.scenarios, s)
		} else {
			of.others = append(of.others, s)
		}
	}
	for _, f := range sectionFolders(scenarios) {
		text, err := readProse(filepath.Join(filepath.FromSlash(f.folder), proseFile))
		if err != nil {
			return nil, err
		}
		of := &sections[places[f.section]]
		of.prose = strings.TrimSpace(of.prose + "\n\n" + text)
	}
	return sections, nil
}

// sectionFolder is a folder and the section that most of its scenarios are listed
// under, the first of several.
type sectionFolder struct{ folder, section string }

func sectionFolders(scenarios []*scenario.Scenario) []sectionFolder {
	var folders []sectionFolder
	places := map[string]int{}
	listed := map[sectionFolder]int{}
	for _, s := range scenarios {
		of := sectionFolder{folderOf(s), sectionOf(s)}
		if _, known := places[of.folder]; !known {
			places[of.folder] = len(folders)
			folders = append(folders, of)
		}
		listed[of]++
	}
	for _, s := range scenarios {
		of := sectionFolder{folderOf(s), sectionOf(s)}
		if most := &folders[places[of.folder]]; listed[of] > listed[*most] {
			*most = of
		}
	}
	return folders
}

// proseFile is what a folder says of its section, in Markdown. Its name keeps it out
// of the scenarios.
const proseFile = "_section.md"

// proseMax bounds it, in bytes.
const proseMax = 64 << 10

// readProse reads what a folder says of its section, "" if it says nothing.
func readProse(file string) (string, error) {
	in, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, proseMax+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w; expected the prose of a section, in Markdown", file, err)
	case len(text) > proseMax:
		return "", fmt.Errorf("%s: found more than 64 KiB; expected the prose of a section: leave the rest to the scenarios", file)
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return "", fmt.Errorf("%s: found bytes that are no text in UTF-8; expected the prose of a section, in Markdown", file)
	}
	return strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")), nil
}

// section writes what a section has below its heading, which is of a level.
func (p *scenarioPage) section(level int, s *pageSection) error {
	if s.prose != "" {
		p.paragraph(s.prose)
	}
	for _, one := range s.scenarios {
		if err := p.scenario(level+1, one); err != nil {
			return err
		}
	}
	if s.parted() {
		level++
		p.heading(level, otherRules)
	}
	for _, one := range s.others {
		if err := p.scenario(level+1, one); err != nil {
			return err
		}
	}
	return nil
}

// list links to the scenarios of a section, which stand in a file ("": this one), each
// item behind some blanks.
func (p *scenarioPage) list(s *pageSection, file, indent string, known anchors) {
	items := func(scenarios []*scenario.Scenario, indent string) {
		for _, one := range scenarios {
			title := scenarioTitle(one)
			fmt.Fprintf(&p.out, "%s- [%s](%s#%s)\n", indent, markdownText(title), file, known.of(title))
		}
	}
	items(s.scenarios, indent)
	if s.parted() {
		fmt.Fprintf(&p.out, "%s- [%s](%s#%s)\n", indent, otherRules, file, known.of(otherRules))
		indent += "  "
	}
	items(s.others, indent)
}
