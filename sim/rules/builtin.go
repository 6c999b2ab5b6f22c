package rules

import (
	"embed"
	"fmt"
)

// Default is the name of the rule set that holds where none is named.
const Default = "ptn-2025-02"

//go:embed sets/*.yaml
var sets embed.FS

// Names returns the names of the built-in rule sets, the default first.
func Names() []string {
	return []string{Default, "ptn-5.4.0", "ptn-2024-12", "ptn-4.8.12"}
}

// Info is what a list of rule sets tells of one.
type Info struct {
	Name        string
	Description string
	Extends     string // the set it builds on; empty for a complete one
	Default     bool
}

// List describes the built-in rule sets in the order of Names.
func List() ([]Info, error) {
	var infos []Info
	for _, name := range Names() {
		r, err := Load(name)
		if err != nil {
			return nil, err
		}
		info := Info{Name: name, Description: r.Set.Description, Default: name == Default}
		if len(r.Extends) > 0 {
			info.Extends = r.Extends[0]
		}
		infos = append(infos, info)
	}
	return infos, nil
}

// builtin returns the source of a built-in set.
func builtin(name string) (*source, error) {
	file := name + ".yaml"
	text, err := sets.ReadFile("sets/" + file)
	if err != nil {
		return nil, unknownSet(name)
	}
	src := newSource(file, string(text))
	src.origin, src.lined = name, false
	return src, nil
}

func unknownSet(name string) error {
	return fmt.Errorf("found %q, which is no built-in rule set; expected %s, or the path of a rule file (ending in .yaml or .yml)%s",
		name, either(Names()), didYouMean(name, Names()))
}
