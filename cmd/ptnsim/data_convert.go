package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/convert"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// convertFlags are the flags of data convert.
type convertFlags struct {
	pairs, rename, columns []string
	from, to               string
	interval, source       string
	grid, partial, closed  string
	align, onConflict      string
	merge, force           bool
	out, format, rules     string
}

func (a *app) dataConvert() *cobra.Command {
	var f convertFlags
	c := &cobra.Command{
		Use: "convert PATH...", Short: "Make a data set out of others: coarser, cut, merged, aligned, in another format", Args: cobra.MinimumNArgs(1),
		Long: `Read candle files, or the folders of data sets, and write a data set. Sources and
licences go with the candles; what was done is recorded in dataset.json.

Coarser candles (--interval) never reach over a closed market. By default their
grid begins with the session: stocks by the hour at 9:30, 10:30, ... New York, the
last of the day short; forex with the week on Sunday at 17:00 New York, so that a
day is the trading day that ends at 17:00; crypto at 0:00 UTC. With --grid utc
every market's candles begin on whole intervals of UTC. A candle's time is the
beginning of its interval, and it holds only candles that end with it.

Order: merge, cut (--from, --to), make coarser, align.`,
		Example: `  ptnsim data convert candles --to-format arrow --out mapped
  ptnsim data convert candles --interval 15m --out quarters
  ptnsim data convert january february --merge --out months
  ptnsim data convert crypto forex --pairs BTCUSD,EURUSD --align times --from 2025-03-01 --out both
  ptnsim data convert XBTUSD-1m.csv --rename XBTUSD=BTCUSD --columns open,high,low,close --to-format parquet --out candles`,
		RunE: func(c *cobra.Command, args []string) error {
			return a.convert(c.Context(), args, commandLine(c, args), &f)
		},
	}
	f.add(c)
	return c
}

func (f *convertFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVarP(&f.out, "out", "o", "", "folder of the data set to write (required)")
	flags.StringVar(&f.format, "to-format", "", "format to write: parquet, arrow or csv (default: the files' own)")
	flags.StringSliceVar(&f.pairs, "pairs", nil, "pairs to take, as the files name them (default: all)")
	flags.StringVar(&f.from, "from", "", "first candle to take: a date, an RFC 3339 time or UTC ms")
	flags.StringVar(&f.to, "to", "", "end of the candles to take, excluded")
	flags.StringSliceVar(&f.columns, "columns", nil, "columns to keep, such as open,high,low,close (default: all)")
	flags.StringSliceVar(&f.rename, "rename", nil, "another name for a pair, OLD=NEW (repeatable)")
	flags.StringVar(&f.interval, "interval", "", "length of the candles to make, such as 15m (default: the files')")
	flags.StringVar(&f.source, "source-interval", "", "take only files of this interval")
	flags.StringVar(&f.grid, "grid", "session", "where coarser candles begin: session or utc")
	flags.StringVar(&f.partial, "partial", "ends", "coarser candles that lack some of their candles: drop them at the ends of a file if they are cut off there (ends), keep all, or drop all")
	flags.StringVar(&f.closed, "closed", "drop", "candles while the market is closed, in making coarser ones: drop, or keep apart from those of the sessions")
	flags.BoolVar(&f.merge, "merge", false, "join several files of one pair and interval")
	flags.StringVar(&f.onConflict, "on-conflict", "fail", "files to merge that differ at one time: fail, or take the first or last named")
	flags.StringVar(&f.align, "align", "none", "cut all pairs to their common window, or further to the times that all have: none, window or times")
	flags.BoolVar(&f.force, "force", false, "replace an earlier file of the pair and interval")
	flags.StringVar(&f.rules, "rules", rules.Default, "rule set that knows the pairs and their market hours")
	if err := c.MarkFlagRequired("out"); err != nil {
		panic(err)
	}
	for flag, words := range convertWords() {
		if err := c.RegisterFlagCompletionFunc(flag, only(words...)); err != nil {
			panic(err)
		}
	}
}

// convertWords are the words that a flag of data convert can be.
func convertWords() map[string][]string {
	return map[string][]string{
		"grid": {"session", "utc"}, "partial": {"ends", "keep", "drop"}, "closed": {"drop", "keep"},
		"on-conflict": {"fail", "first", "last"}, "align": {"none", "window", "times"},
	}
}

func (a *app) convert(ctx context.Context, paths []string, command string, f *convertFlags) error {
	o, err := f.options()
	if err != nil {
		return err
	}
	o.Paths, o.Command = paths, command
	bar := a.progress("converting", 0, 1000)
	defer bar.done()
	o.Progress = func(done, total int64) { bar.at(int64(1000 * float64(done) / float64(max(total, 1)))) }
	made, err := convert.Run(ctx, o)
	bar.done()
	if _, refused := errors.AsType[*datasets.Refusal](err); err != nil && !refused {
		return fmt.Errorf("converting into %s: %w", f.out, err)
	}
	if err != nil {
		return input(err)
	}
	return a.showConverted(f.out, made)
}

// options turns the flags into options, but for the paths.
func (f *convertFlags) options() (o convert.Options, err error) {
	resolved, err := openRules(f.rules, nil)
	if err != nil {
		return o, err
	}
	if o.Pairs, err = resolved.Set.Pairs(); err != nil {
		return o, err
	}
	o.Hours = func(c market.Class) market.Hours { return *resolved.Set.Hours.For(c) }
	o.Out, o.Replace, o.Only, o.Merge = f.out, f.force, f.pairs, f.merge
	if err := f.choices(&o); err != nil {
		return o, err
	}
	if o.FromMS, err = bound("--from", f.from); err != nil {
		return o, err
	}
	if o.ToMS, err = bound("--to", f.to); err != nil {
		return o, err
	}
	if o.FromMS != 0 && o.ToMS != 0 && o.ToMS <= o.FromMS {
		return o, usage(fmt.Errorf("--to %s is not after --from %s", f.to, f.from))
	}
	if o.Interval, err = interval("--interval", f.interval); err != nil {
		return o, err
	}
	if o.SourceInterval, err = interval("--source-interval", f.source); err != nil {
		return o, err
	}
	if f.format != "" {
		if o.Format, err = datasets.ParseFormat(f.format); err != nil {
			return o, usage(fmt.Errorf("--to-format: %w", err))
		}
	}
	if len(f.columns) > 0 {
		if o.Columns, err = convert.ParseColumns(f.columns); err != nil {
			return o, usage(fmt.Errorf("--columns: %w", err))
		}
	}
	o.Rename, err = f.names()
	return o, err
}

// interval reads a flag that is an interval; 0 if it isn't given.
func interval(flag, text string) (datasets.Interval, error) {
	if text == "" {
		return 0, nil
	}
	v, err := datasets.ParseInterval(text)
	if err != nil {
		return 0, usage(fmt.Errorf("%s: %w", flag, err))
	}
	return v, nil
}

// choices reads the flags that are one of some words.
func (f *convertFlags) choices(o *convert.Options) error {
	words := convertWords()
	for _, c := range []struct{ flag, found string }{
		{"grid", f.grid}, {"partial", f.partial}, {"closed", f.closed}, {"on-conflict", f.onConflict}, {"align", f.align},
	} {
		if !slices.Contains(words[c.flag], c.found) {
			return usage(fmt.Errorf("--%s: found %q, expected %s", c.flag, c.found, strings.Join(words[c.flag], " or ")))
		}
	}
	o.Grid, o.Partial, o.Closed = convert.Grid(f.grid), convert.Partial(f.partial), convert.Closed(f.closed)
	o.OnConflict = convert.OnConflict(f.onConflict)
	if f.align != "none" {
		o.Align = convert.Align(f.align)
	}
	return nil
}

// names reads --rename.
func (f *convertFlags) names() (map[string]string, error) {
	names := make(map[string]string)
	for _, text := range f.rename {
		old, now, ok := strings.Cut(text, "=")
		if _, twice := names[old]; !ok || twice || old == "" || now == "" {
			return nil, usage(fmt.Errorf("--rename: found %q, expected OLD=NEW, each pair once", text))
		}
		names[old] = now
	}
	return names, nil
}

// showConverted says what became of the files.
func (a *app) showConverted(folder string, made []convert.Made) error {
	format, err := a.outputFormat()
	if err != nil {
		return err
	}
	if format != reports.FormatTable {
		m := &datasets.Manifest{}
		for _, f := range made {
			m.Files = append(m.Files, f.ManifestFile)
		}
		return a.render(reports.ManifestTable(m))
	}
	for _, f := range made {
		a.say("%s: %d candles, %s", filepath.ToSlash(filepath.Join(folder, f.Name)), f.Rows, f.Columns)
		v, err := datasets.ParseInterval(f.Interval)
		if err != nil {
			return err
		}
		a.say("  from %s to %s UTC", day(f.FirstMS), day(f.LastMS+int64(v)))
		if v != f.Fine {
			a.say("  made of candles at %s", f.Fine)
		}
		if len(f.Inputs) > 1 {
			a.say("  out of %s", filepath.ToSlash(strings.Join(f.Inputs, ", ")))
		}
		for _, change := range f.Changes {
			a.say("  %s: %d", change.What, change.Count)
		}
		if f.Gaps.Count > 0 {
			a.say("  gaps: %d, the longest %s of open market", f.Gaps.Count, datasets.FormatLength(longest(&f.Gaps)))
		}
	}
	return nil
}
