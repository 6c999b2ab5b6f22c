package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// validateFlags are the flags of data validate.
type validateFlags struct {
	gap             dataFlags
	rules, out      string
	strict, record  bool
	notes           bool
	source, licence string
	keep            int
}

func (a *app) dataValidate() *cobra.Command {
	var f validateFlags
	c := &cobra.Command{
		Use: "validate PATH...", Short: "Tell what is wrong with candle files, and what is doubtful", Args: cobra.MinimumNArgs(1),
		Long: `Judge candle files, or all of a folder: the order of the times, duplicates, the
grid, the prices, gaps and candles against the hours of the market, clocks and
scales that seem wrong, spikes, flat runs and volumes. Nothing is changed, and
nothing stops at the first problem: each is counted, with its first place, the
likely cause and what to do. Where the folder has a dataset.json, the files must be
those that it describes.

The exit code is 1 if a file has an error: something for which a run or an import
refuses candles. Warnings are doubts: look at them; --strict counts them as errors.`,
		Example: `  ptnsim data validate candles
  ptnsim data validate candles/EURUSD-15m.parquet --strict
  ptnsim data validate candles --out coverage.png
  ptnsim data validate candles --format json
  ptnsim data validate candles --record --source 'my broker' --licence 'own use'`,
		RunE: func(c *cobra.Command, args []string) error { return a.validate(c.Context(), args, &f) },
	}
	f.gap.addMaxGap(c)
	flags := c.Flags()
	flags.StringVar(&f.rules, "rules", rules.Default, "rule set that knows the pairs and their market hours")
	flags.BoolVar(&f.strict, "strict", false, "fail on warnings, too")
	flags.BoolVar(&f.notes, "notes", false, "tell notes of many files, too (default: errors and warnings; of a few files all)")
	flags.IntVar(&f.keep, "keep", 5, "how many places of each problem --format json lists")
	flags.StringVarP(&f.out, "out", "o", "", "draw the coverage calendar into this .png or .svg file")
	flags.BoolVar(&f.record, "record", false, "if no file has an error, describe each folder as it is now in its dataset.json")
	flags.StringVar(&f.source, "source", "", "with --record: where the data comes from")
	flags.StringVar(&f.licence, "licence", "", "with --record: under which licence it may be used")
	return c
}

func (a *app) validate(ctx context.Context, paths []string, f *validateFlags) error {
	if err := f.judge(); err != nil {
		return err
	}
	resolved, err := openRules(f.rules, nil)
	if err != nil {
		return err
	}
	pairs, err := resolved.Set.Pairs()
	if err != nil {
		return err
	}
	hours := f.gap.selection(resolved.Set).Calendar
	bar := a.progress("validating", 0, 1000)
	found, err := audit.Files(ctx, paths, pairs, audit.Options{Calendar: hours, GapToleranceMS: f.gap.maxGapMS, Keep: f.keep},
		func(n, of int) { bar.at(int64(1000 * n / of)) })
	bar.done()
	if err != nil {
		return input(err)
	}
	if err := a.renderAudit(found, f.notes || len(found) <= fewFiles); err != nil {
		return err
	}
	if f.out != "" {
		if err := reports.SaveCoverage(f.out, found, ""); err != nil {
			return err
		}
		a.note("%s: the coverage calendar", f.out)
	}
	if err := f.verdict(found); err != nil {
		return err
	}
	if !f.record {
		return nil
	}
	return a.recordFolders(ctx, paths, func(folder string) (*datasets.Manifest, error) {
		return datasets.Record(ctx, folder, pairs, datasets.Manifest{Source: f.source, Licence: f.licence}, hours)
	})
}

// judge makes sure that the flags fit together.
func (f *validateFlags) judge() error {
	if f.out != "" {
		if _, err := reports.PlotFormatOf(f.out); err != nil {
			return usage(fmt.Errorf("--out: %w", err))
		}
		if info, err := os.Stat(filepath.Dir(f.out)); err != nil || !info.IsDir() {
			return usage(fmt.Errorf("--out: found no folder %s to write into", filepath.Dir(f.out)))
		}
	}
	switch {
	case f.keep < 1:
		return usage(fmt.Errorf("--keep: found %d, expected 1 or more", f.keep))
	case !f.record && (f.source != "" || f.licence != ""):
		return usage(errors.New("--source and --licence are written by --record: add it"))
	}
	return nil
}

// fewFiles is of how many files notes are told unasked.
const fewFiles = 3

// renderAudit shows the reports: for people what each file holds, and then what
// was found; as JSON everything; else the findings.
func (a *app) renderAudit(found []*audit.Report, notes bool) error {
	format, err := a.outputFormat()
	if err != nil || a.silent(format) {
		return err
	}
	switch format {
	case reports.FormatJSON:
		e := json.NewEncoder(a.stdout)
		e.SetEscapeHTML(false)
		return e.Encode(found)
	case reports.FormatTable:
		if err := reports.AuditTable(found).Render(a.stdout, format); err != nil {
			return err
		}
		silent, policies := a.sayFindings(found, notes)
		if silent > 0 {
			a.say("\n%d notes: --notes tells them", silent)
		}
		if policies {
			a.say("\n--on-… and --zone are flags of 'ptnsim data import': import the original files again with them.")
		}
		return nil
	}
	return reports.FindingsTable(found).Render(a.stdout, format)
}

// sayFindings tells the findings file by file: each with how many there are, the
// first of them, the likely cause and what to do. It returns how many notes it left
// out, if they are not wanted, and whether a remedy named an import's policy.
func (a *app) sayFindings(found []*audit.Report, notes bool) (silent int, policies bool) {
	width := min(max(a.width(), 80), 120)
	const label, indent = "%-8s", "          "
	for _, r := range found {
		named := false
		for i := range r.Findings {
			f := &r.Findings[i]
			if f.Severity == audit.Note && !notes {
				silent++
				continue
			}
			if !named {
				a.say("\n%s", filepath.ToSlash(r.File))
				named = true
			}
			policies = policies || f.Severity != audit.Note && (strings.Contains(f.Remedy, "--on-") || strings.Contains(f.Remedy, "--zone"))
			first := ""
			if f.Row > 0 && f.FromMS > 0 {
				first = fmt.Sprintf(", the first at row %d, %s UTC", f.Row, day(f.FromMS))
			}
			a.say("  "+label+"%s: %d%s", f.Severity, f.Problem, f.Count, first)
			for _, line := range []string{f.Found, prefixed("likely cause: ", f.Cause), prefixed("remedy: ", f.Remedy)} {
				if line != "" {
					a.say("%s%s", indent, strings.ReplaceAll(reports.Wrap(line, width-len(indent)), "\n", "\n"+indent))
				}
			}
		}
	}
	return silent, policies
}

// prefixed is a text after its label, nothing if there is no text.
func prefixed(label, text string) string {
	if text == "" {
		return ""
	}
	return label + text
}

// verdict is the error of files that are not good enough.
func (f *validateFlags) verdict(found []*audit.Report) error {
	var errs, warnings int
	for _, r := range found {
		if f.record { // what is described anew needs not be what was described before
			kept := *r
			kept.Findings = slices.DeleteFunc(slices.Clone(r.Findings), func(x audit.Finding) bool { return x.Problem == audit.Changed })
			r = &kept
		}
		switch r.Worst() {
		case audit.Error:
			errs++
		case audit.Warning:
			warnings++
		}
	}
	switch {
	case errs > 0:
		return coded(exitCheck, fmt.Errorf("%d of %s with errors", errs, countFiles(len(found))))
	case f.strict && warnings > 0:
		return coded(exitCheck, fmt.Errorf("%d of %s with warnings", warnings, countFiles(len(found))))
	}
	return nil
}

func countFiles(n int) string {
	if n == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", n)
}

// recordFolders describes each of the paths anew, which must be folders.
func (a *app) recordFolders(ctx context.Context, paths []string, record func(folder string) (*datasets.Manifest, error)) error {
	for _, folder := range paths {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return usage(fmt.Errorf("--record: found %s, expected folders only: a manifest describes all files of one", folder))
		}
	}
	for _, folder := range paths {
		m, err := record(folder)
		if err != nil {
			return input(err)
		}
		a.note("%s: %s describes %s", folder, datasets.ManifestName, countFiles(len(m.Files)))
	}
	return ctx.Err()
}
