// Package catalog finds strategies by what a person writes for them: the name of
// a built-in one, a script, a portfolio, a program.
package catalog

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/compose"
	"github.com/ptnsim/ptnsim/strategies/process"
	"github.com/ptnsim/ptnsim/strategies/script"
)

// Catalog is where strategies are found. The zero value has the defaults.
type Catalog struct {
	Script  []script.Option
	Process process.Options
}

// BuiltIn returns the strategies that come with the program: those that stand
// alone, then those around others.
func (c *Catalog) BuiltIn() []strategies.Definition {
	return append(strategies.Builtins(), compose.Wrappers(c.Find)...)
}

// Find returns the strategy that a spec names: a built-in one's name, a Starlark
// file (my.star), a portfolio (my.yaml), or "exec:" and a command line. Files and
// programs are looked at, no program is started.
func (c *Catalog) Find(spec string) (strategies.Definition, error) {
	if command, ok := strings.CutPrefix(spec, process.Prefix); ok {
		return process.Open(command, c.Process)
	}
	switch {
	case strings.EqualFold(filepath.Ext(spec), ".star"):
		return script.Open(spec, c.Script...)
	case compose.IsPortfolio(spec):
		return compose.OpenPortfolio(spec, c.Find)
	}
	d, err := strategies.Find(spec, compose.Wrappers(c.Find)...)
	if err != nil {
		return d, fmt.Errorf("%w, or %s", err, other(spec))
	}
	return d, nil
}

// In returns the finder of strategies whose programs run in a folder: the paths of
// their commands are relative to it.
func (c *Catalog) In(dir string) strategies.Finder {
	there := *c
	there.Process.Dir = dir
	return there.Find
}

// other says how what is not built in is written, and guesses what was meant.
func other(name string) string {
	switch filepath.Ext(name) {
	case ".py":
		return fmt.Sprintf("a program: 'exec:python3 %s'", name)
	case ".sh":
		return fmt.Sprintf("a program: 'exec:sh %s'", name)
	case ".csv", ".jsonl", ".json", ".parquet":
		return "a file of signals: --signals " + name
	}
	return "a script (my.star), a portfolio (my.yaml), a program ('exec:python3 my.py')"
}
