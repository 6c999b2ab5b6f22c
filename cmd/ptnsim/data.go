package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/rules"
)

func (a *app) dataCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "data", Short: "Import candles and look at data sets", Args: onlyCommands,
		Example: "  ptnsim data import BTCUSDT-1m.csv.gz --pair BTCUSD --out candles\n  ptnsim data info candles",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.dataImport(), a.dataInfo(), a.dataSample())
	return c
}

// importFlags are the flags of data import.
type importFlags struct {
	force          bool
	pair, interval string
	columns        []string
	format, zone   string
	separator      string
	from, to       string
	out, rules     string
	volumeScale    float64 // 0: not given
}

func (a *app) dataImport() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use: "import FILE", Short: "Turn a CSV file of candles into a Parquet file of a data set", Args: cobra.ExactArgs(1),
		Long: `Turn a CSV file of candles, plain or compressed with gzip or zstd, into a Parquet
file that runs can read. Columns are found by name: time, open, high, low, close,
and where there are any volume, bid and ask. A file with time and close alone is
taken as candles whose open, high and low are the close.`,
		Example: `  ptnsim data import BTCUSDT-1m.csv.gz --pair BTCUSD --columns time=open_time_ms --out candles
  ptnsim data import EURUSD_M15.csv --pair EURUSD --columns time=time_utc --zone UTC --volume-scale 10 --out candles
  ptnsim data import AAPL_5min.csv.gz --pair AAPL --columns time=datetime \
      --time-format '2006-01-02 15:04:05' --zone America/New_York --out candles`,
		RunE: func(c *cobra.Command, args []string) error { return a.importFile(c.Context(), args[0], &f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.pair, "pair", "", "the pair that the candles are of (required)")
	flags.StringVar(&f.interval, "interval", "", "length of a candle, such as 5m (default: the smallest spacing)")
	flags.StringSliceVar(&f.columns, "columns", nil, "the file's name of a column, such as time=open_time_ms (repeatable)")
	flags.StringVar(&f.format, "time-format", "", "epoch_s, epoch_ms, epoch_us, rfc3339, or a layout such as '2006-01-02 15:04:05' or '%Y-%m-%d %H:%M:%S'")
	flags.StringVar(&f.zone, "zone", "", "time zone of times that name none: UTC, America/New_York, … (needed for such times)")
	flags.StringVar(&f.separator, "separator", ",", "what separates the columns; 'tab' for a tab")
	flags.Func("volume-scale", "`factor` from the file's volume to the rules' unit: 10 from millions of a base currency to lots (default 1)", f.scale)
	flags.StringVar(&f.from, "from", "", "first candle to keep: a date, an RFC 3339 time or UTC ms")
	flags.StringVar(&f.to, "to", "", "end of the candles to keep, excluded")
	flags.StringVarP(&f.out, "out", "o", "", "folder of the data set (required)")
	flags.BoolVar(&f.force, "force", false, "replace an earlier file of the pair and interval")
	flags.StringVar(&f.rules, "rules", rules.Default, "rule set that knows the pair")
	for _, name := range []string{"pair", "out"} {
		if err := c.MarkFlagRequired(name); err != nil {
			panic(err)
		}
	}
	return c
}

func (a *app) importFile(ctx context.Context, path string, f *importFlags) error {
	im := datasets.Import{Source: path, Replace: f.force, Columns: make(map[string]string)}
	if err := f.read(&im); err != nil {
		return err
	}
	done, err := im.Write(ctx, f.out)
	if _, refused := errors.AsType[*datasets.Refusal](err); err != nil && !refused {
		return fmt.Errorf("importing %s into %s: %w", path, f.out, err)
	}
	if err != nil {
		return input(err)
	}
	inferred := ""
	if done.Inferred {
		inferred = " (the smallest spacing)"
	}
	a.say("%s: %d candles of %s at %s%s, columns %s", done.Path, done.Rows, f.pair, done.Interval, inferred, done.Columns)
	a.say("from %s to %s UTC", day(done.FirstMS), day(done.LastMS+int64(done.Interval)))
	if done.CloseOnly {
		a.say("closes only: open, high and low are taken to be the close")
	}
	if im.VolumeScale != 0 {
		a.say("volume times %v", im.VolumeScale)
	}
	if done.Cut > 0 {
		a.say("%d candles outside the chosen range were left out", done.Cut)
	}
	return nil
}

// read turns the flags into an import.
func (f *importFlags) read(im *datasets.Import) (err error) {
	resolved, err := openRules(f.rules, nil)
	if err != nil {
		return err
	}
	pairs, err := resolved.Set.Pairs()
	if err != nil {
		return err
	}
	var known bool
	if im.Pair, known = market.FindPair(pairs, f.pair); !known {
		return usage(fmt.Errorf("--pair: the rule set %s does not know %q%s",
			resolved.Set.Name, f.pair, suggest.DidYouMean(f.pair, market.PairIDs(pairs))))
	}
	if f.interval != "" {
		if im.Interval, err = datasets.ParseInterval(f.interval); err != nil {
			return usage(fmt.Errorf("--interval: %w", err))
		}
	}
	for _, text := range f.columns {
		column, name, ok := strings.Cut(text, "=")
		if !ok || !datasets.KnownColumn(column) {
			return usage(fmt.Errorf("--columns: found %q, expected COLUMN=NAME with one of time, open, high, low, close, volume, bid, ask", text))
		}
		im.Columns[column] = name
	}
	if im.Format, err = text.ParseTimeFormat(f.format); err != nil {
		return usage(fmt.Errorf("--time-format: %w", err))
	}
	if f.zone != "" {
		if im.Zone, err = market.LoadZone(f.zone); err != nil {
			return usage(fmt.Errorf("--zone: %w", err))
		}
	}
	switch {
	case f.separator == "tab":
		im.Separator = '\t'
	case len(f.separator) == 1:
		im.Separator = f.separator[0]
	default:
		return usage(fmt.Errorf("--separator: found %q, expected one character, or 'tab'", f.separator))
	}
	im.VolumeScale = f.volumeScale
	return f.bounds(im)
}

// scale reads the flag --volume-scale.
func (f *importFlags) scale(text string) (err error) {
	f.volumeScale, err = strconv.ParseFloat(text, 64)
	if err != nil || !(f.volumeScale > 0) || math.IsInf(f.volumeScale, 1) {
		return errors.New("expected a finite number over 0, such as 10 or 0.00001")
	}
	return nil
}

func (f *importFlags) bounds(im *datasets.Import) (err error) {
	if im.FromMS, err = bound("--from", f.from); err != nil {
		return err
	}
	im.ToMS, err = bound("--to", f.to)
	return err
}

func (a *app) dataInfo() *cobra.Command {
	f := dataFlags{}
	var rulesName string
	c := &cobra.Command{
		Use: "info [PATH...]", Short: "Show and check the candle files of a data set",
		Long:    "Read and check candle files, and show what is in them. Without a path: the embedded\nsynthetic sample.",
		Example: "  ptnsim data info\n  ptnsim data info candles",
		RunE: func(c *cobra.Command, args []string) error {
			resolved, err := openRules(rulesName, nil)
			if err != nil {
				return err
			}
			f.paths = args
			return a.info(c.Context(), &f, resolved.Set)
		},
	}
	f.addMaxGap(c)
	c.Flags().StringVar(&rulesName, "rules", rules.Default, "rule set that knows the pairs")
	return c
}

func (a *app) info(ctx context.Context, f *dataFlags, set *rules.Set) error {
	files, note, err := f.find(set)
	if err != nil {
		return err
	}
	if err := verify(ctx, files); err != nil {
		return err
	}
	opened, err := files.Read(ctx, f.selection(set))
	if err != nil {
		return input(err)
	}
	c := &candles{opened: opened, series: bySeries(opened)}
	defer c.close()
	if err := c.describeAll(files); err != nil {
		return err
	}
	if note != "" {
		a.note("%s", note)
	}
	return a.render(reports.DatasetTable(c.files))
}

func (a *app) dataSample() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "sample", Short: "Make the embedded synthetic sample again, byte for byte", Args: onlyFlags,
		Long:    "Run the generator behind the embedded sample and write its candle files into a folder.\nThe candles are synthetic: no market's history.",
		Example: "  ptnsim data sample --out sample",
		RunE: func(c *cobra.Command, _ []string) error {
			paths, err := datasets.WriteSample(c.Context(), out)
			if err != nil {
				return err
			}
			for _, p := range paths {
				a.say("%s", filepath.ToSlash(p))
			}
			return nil
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "folder to write into (required)")
	if err := c.MarkFlagRequired("out"); err != nil {
		panic(err)
	}
	return c
}
