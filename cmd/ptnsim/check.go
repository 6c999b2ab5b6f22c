package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/scenario"
	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/script"
)

// checkFlags are the flags of the command check.
type checkFlags struct {
	run         *regexp.Regexp
	failFast    bool
	update      bool
	all         bool
	workers     uint64
	junit       string
	document    string
	annotations string
	source      sourceFlags // the limits of scripts and programs
}

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check PATH...",
		Short: "Play regression scenarios and compare what comes of them with what is expected",
		Long: `Play the scenarios of files, and of folders with everything below them, in
parallel, and print each expectation that does not hold: what was expected, what
came, and where that stands (docs/scenarios.md has the format). The exit code is 1
if one does not hold, and 3 if a scenario can't be read, played or updated.

--update writes what came into the files, in place of what was expected, keeps
every other byte, and prints the difference: look at it before you commit it.`,
		Example: `  ptnsim check testdata/scenarios
  ptnsim check scenarios --run cooldown --fail-fast
  ptnsim check scenarios --junit check.xml
  ptnsim check scenarios/new.yaml --update
  ptnsim check scenarios --document scenarios.md
  ptnsim check scenarios --document docs/scenarios`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.check(c.Context(), args, &f) },
	}
	flags := c.Flags()
	parsed(flags, "run", "check only those whose file or title has this `regexp`", func(text string) (err error) {
		if f.run, err = regexp.Compile(text); err != nil {
			return fmt.Errorf("expected a regular expression: %w", err)
		}
		return nil
	})
	flags.BoolVar(&f.failFast, "fail-fast", false, "begin no scenario after the first that fails")
	flags.BoolVar(&f.update, "update", false, "write what came into the files, and print the difference")
	flags.BoolVar(&f.all, "all", false, "show every scenario with its time, and everything of those that fail")
	wholeFlag(flags, "workers", "`number` of scenarios that play at once", &f.workers, uint64(runtime.GOMAXPROCS(0)), 1, 1<<10)
	fileFlag(flags, "junit", "write the results as JUnit XML into this `file`", &f.junit)
	fileFlag(flags, "document", "write the scenarios as Markdown, if all hold: a page (`file`.md), or a folder with a page a section", &f.document)
	flags.StringVar(&f.annotations, "annotations", "auto", "annotate failures for GitHub: always, never, or auto, which is where GITHUB_ACTIONS is true")
	f.source.addLimits(flags)
	return c
}

func (f *checkFlags) validate() error {
	switch f.annotations {
	case "auto", "always", "never":
	default:
		return usage(fmt.Errorf("--annotations: found %q, expected auto, always or never", f.annotations))
	}
	if err := f.inTheWay(); err != nil {
		return usage(err)
	}
	if f.document != "" && (f.update || f.run != nil || f.failFast) {
		return usage(errors.New("--document is a page of all scenarios: leave --run, --fail-fast and --update out"))
	}
	return nil
}

// inTheWay finds what keeps the files from being written before anything is played.
func (f *checkFlags) inTheWay() error {
	isFolder := func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.IsDir()
	}
	switch {
	case f.junit != "" && isFolder(f.junit):
		return fmt.Errorf("--junit: %w", foundFolder(f.junit))
	case f.document == "":
	case f.junit != "" && filepath.Clean(f.junit) == filepath.Clean(f.document):
		return fmt.Errorf("--junit and --document are both %s: name two files", f.junit)
	default:
		if err := document(f.document).named(); err != nil {
			return fmt.Errorf("--document: %w", err)
		}
	}
	return nil
}

func (a *app) check(ctx context.Context, paths []string, f *checkFlags) error {
	format, err := a.outputFormat()
	if err != nil {
		return err
	}
	if err := f.validate(); err != nil {
		return err
	}
	if f.document != "" {
		if err := document(f.document).foresee(paths); err != nil {
			return err
		}
	}
	var bar *progress
	suite := scenario.Suite{
		Library: f.library(a), Workers: int(f.workers), Run: f.run, FailFast: f.failFast, Update: f.update, Now: time.Now,
		Progress: func(done, of int) {
			if bar == nil {
				bar = a.progress("checking", 0, int64(of))
			}
			bar.at(int64(done))
		},
	}
	began := time.Now()
	checks, err := suite.Check(ctx, paths)
	if bar != nil {
		bar.done()
	}
	if err != nil {
		return input(err)
	}
	report := &reports.Checks{Version: version(), Checks: checks, Took: time.Since(began)}
	err = a.show(format,
		func() error {
			return reports.CheckSummary(a.stdout, report, reports.SummaryOptions{Color: a.color(), Width: a.width(), All: f.all})
		},
		func() error { return reports.RenderChecks(a.stdout, report, format) })
	// What was played is told also where a file can't be written.
	if err = errors.Join(err, f.write(a, report)); err != nil {
		return err
	}
	return verdict(report)
}

// library is what scenarios need of the program.
func (f *checkFlags) library(a *app) scenario.Library {
	catalog := f.source.catalog(a)
	return scenario.Library{
		Find: catalog.Find, FindIn: catalog.In, Digest: canonicalDigest, Memory: verified(), Vouch: vouch,
		Script: func(name string, text []byte) (strategies.Definition, error) {
			return script.Parse(name, text, catalog.Script...)
		},
	}
}

// write writes what other programs and people read of a check.
func (f *checkFlags) write(a *app, report *reports.Checks) error {
	if f.annotations == "always" || f.annotations == "auto" && os.Getenv("GITHUB_ACTIONS") == "true" {
		if err := reports.Annotations(a.stderr, report, belowWorkspace()); err != nil {
			return err
		}
	}
	if f.junit != "" {
		if err := writeWhole(f.junit, func(w io.Writer) error { return reports.JUnit(w, report) }); err != nil {
			return fmt.Errorf("--junit: %w", err)
		}
	}
	if f.document == "" {
		return nil
	}
	if n := report.Counts(); n.Passed < n.Scenarios {
		a.note("%s is not written: not all scenarios hold", f.document)
		return nil
	}
	return document(f.document).write(report.Scenarios())
}

// belowWorkspace is the path of the current folder in the repository that a job of
// GitHub has checked out, "" of its root and of anywhere else.
func belowWorkspace() string {
	here, err := os.Getwd()
	if err != nil {
		return ""
	}
	below, err := filepath.Rel(os.Getenv("GITHUB_WORKSPACE"), here)
	if err != nil || below == "." || !filepath.IsLocal(below) {
		return ""
	}
	return filepath.ToSlash(below)
}

// verdict is the error of a check that not all scenarios passed.
func verdict(report *reports.Checks) error {
	n := report.Counts()
	switch {
	case n.Broken > 0 && n.Failed > 0:
		return input(fmt.Errorf("%d of %d scenarios can't be read, played or updated, and %d failed", n.Broken, n.Scenarios, n.Failed))
	case n.Broken > 0:
		return input(fmt.Errorf("%d of %d scenarios can't be read, played or updated", n.Broken, n.Scenarios))
	case n.Failed > 0:
		return coded(exitCheck, fmt.Errorf("%d of %d scenarios failed", n.Failed, n.Scenarios))
	}
	return nil
}

// canonicalDigest is the digest that the commands run and subnet print of a play.
func canonicalDigest(p *scenario.Play) (string, error) {
	files := make([]reports.DatasetFile, 0, len(p.Candles))
	for _, c := range p.Candles {
		files = append(files, reports.DatasetFile{Pair: c.Pair, Interval: c.Interval.String(), File: c.File, Rows: c.Rows,
			FirstMS: c.FirstMS, LastMS: c.LastMS, SHA256: c.SHA256, Content: c.Content, Note: c.Note})
	}
	if p.Tournament != nil {
		return reports.SubnetDigest(&reports.Subnet{Version: version(), Rules: p.Rules, Dataset: files,
			Name: p.RosterName, Source: p.RosterSHA256, Result: p.Tournament}), nil
	}
	var params []reports.Param
	for _, given := range p.Params {
		params = append(params, reports.Param(given))
	}
	s := p.Scenario
	return reports.Digest(&reports.Run{Version: version(), Rules: p.Rules, Dataset: files,
		Strategy: p.Strategy, Params: params, Source: p.SHA256, Seed: p.Seed, As: s.As, Fill: s.Fill, LatencyMS: s.LatencyMS,
		Result: p.Account, Assessment: p.Assessment}), nil
}
