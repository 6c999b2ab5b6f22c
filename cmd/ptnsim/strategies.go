package main

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/strategies/catalog"
	"github.com/ptnsim/ptnsim/strategies/clients"
	"github.com/ptnsim/ptnsim/strategies/script"
)

func (a *app) strategiesCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "strategies", Short: "List strategies, show their parameters, print examples of your own", Args: onlyCommands,
		Example: "  ptnsim strategies list\n  ptnsim strategies show crossover\n  ptnsim strategies example ptnsim.py > ptnsim.py",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.strategiesListCommand(), a.strategiesShowCommand(), a.strategiesExampleCommand())
	return c
}

func (a *app) strategiesListCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the built-in strategies", Example: "  ptnsim strategies list", Args: onlyFlags,
		RunE: func(*cobra.Command, []string) error {
			t := &reports.Table{Columns: []reports.Column{{Name: "name"}, {Name: "kind"}, {Name: "idea"}}}
			for _, d := range new(catalog.Catalog).BuiltIn() {
				t.Rows = append(t.Rows, []reports.Cell{reports.TextCell(d.Name), reports.TextCell(string(d.Kind)), reports.TextCell(d.Idea)})
			}
			return a.render(t)
		},
	}
}

func (a *app) strategiesExampleCommand() *cobra.Command {
	return &cobra.Command{
		Use: "example [FILE]", Short: "Print an example, or the Python client, to start from", Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: exampleNames,
		Long: `Print a file to start a strategy of your own from: scripts, programs, and the
client that Python programs import. Without a name, list them.`,
		Example: "  ptnsim strategies example\n  ptnsim strategies example ptnsim.py > ptnsim.py",
		RunE: func(_ *cobra.Command, args []string) error {
			examples, err := allExamples()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				t := &reports.Table{Columns: []reports.Column{{Name: "file"}, {Name: "what"}}}
				for _, e := range examples {
					t.Rows = append(t.Rows, []reports.Cell{reports.TextCell(e.name), reports.ProseCell(e.what(), 88)})
				}
				return a.render(t)
			}
			var names []string
			for _, e := range examples {
				if e.name == args[0] {
					_, err := a.stdout.Write(e.text)
					return err
				}
				names = append(names, e.name)
			}
			return usage(fmt.Errorf("found no example %q%s; expected one of %s", args[0], suggest.DidYouMean(args[0], names), strings.Join(names, ", ")))
		},
	}
}

// example is a file to start a strategy of one's own from.
type example struct {
	name string
	text []byte
}

// allExamples are the scripts, then the programs and their client.
func allExamples() ([]example, error) {
	var all []example
	for _, files := range []fs.FS{script.Examples(), clients.Files} {
		err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(files, name)
			all = append(all, example{path.Base(name), text})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// what is the first sentence of the text that the file begins with.
func (e *example) what() string {
	for line := range strings.Lines(string(e.text)) {
		line = strings.TrimLeft(strings.TrimSpace(line), "#\"! ")
		if line == "" || strings.HasPrefix(line, "/") { // of a shebang
			continue
		}
		sentence, _, _ := strings.Cut(line, ". ")
		return strings.TrimRight(sentence, ".:\"")
	}
	return ""
}
