package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/ingest"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// importFlags are the flags of data import.
type importFlags struct {
	pairs, include      []string
	vendor, symbol      string
	interval            string
	columns             []string
	header, separator   string
	timeFormat, zone    string
	priceScale          float64 // 0: not given
	volumeScale         float64
	quote               string
	from, to            string
	gap                 dataFlags // its --max-gap
	policies            audit.Policies
	source, licence     string
	out, format, rules  string
	replace, onlyReport bool
	skipUnknown         bool
}

func (a *app) dataImport() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use: "import PATH...", Short: "Turn vendors' files into a data set", Args: cobra.MinimumNArgs(1),
		Long: `Turn what vendors, exchanges, brokers and other backtesters write into a data set
that runs can read: candles, trades or quotes, as CSV, JSON or feather, plain or in
zip, gzip and zstd. Each PATH is a file, an archive or a folder; files of one pair
become one series. What a file is follows from its content and is said; what can't
be known (a broker's clock, a scale) is asked for. Whatever is wrong with the
candles is refused, unless a policy (--on-...) says what to do about it; the
manifest (dataset.json) records the files, the policies and every change.

Formats: ` + strings.Join(vendors.FormatNames(), ", ") + `.
Any other CSV can be described with --columns, --separator, --time-format and --zone.`,
		Example: `  ptnsim data import BTCUSDT-1m-2025-01.zip BTCUSDT-1m-2025-02.zip --out candles
  ptnsim data import DAT_ASCII_EURUSD_M1_202503.csv --out candles
  ptnsim data import EURUSD_M15.csv --pair EURUSD --columns time=time_utc --zone UTC --volume-scale 10 --out candles
  ptnsim data import ticks.csv --vendor trades --pair BTCUSD --columns time=1,close=2,volume=3 --header no --interval 1m --out candles`,
		RunE: func(c *cobra.Command, args []string) error {
			return a.importFiles(c.Context(), args, commandLine(c, args), &f)
		},
	}
	f.add(c)
	return c
}

func (f *importFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringSliceVar(&f.pairs, "pair", nil, "the pairs to take, or the pair that the files are of (default: what their symbols say)")
	flags.StringSliceVar(&f.include, "include", nil, "take only files of these patterns from folders and archives, such as '*-1m-*' (repeatable)")
	flags.BoolVar(&f.skipUnknown, "skip-unknown", false, "pass over files of symbols that are no pair of the rule set")
	flags.StringVar(&f.vendor, "vendor", "", "the files' format, such as binance or csv (default: detected)")
	flags.StringVar(&f.symbol, "symbol", "", "the symbol to take of files with several")
	flags.StringVar(&f.interval, "interval", "", "length of a candle, such as 5m (default: what the files say, or the commonest step); trades and quotes need it")
	flags.StringSliceVar(&f.columns, "columns", nil, "where a column is: time=open_time_ms, or by number, time=1; also date, bid, ask (repeatable)")
	flags.StringVar(&f.header, "header", "auto", "whether the first line names the columns: yes, no or auto")
	flags.StringVar(&f.separator, "separator", "", "what separates the columns; 'tab' for a tab (default: detected)")
	flags.StringVar(&f.timeFormat, "time-format", "", "epoch_s, epoch_ms, epoch_us, epoch_ns, epoch_s_local, epoch_ms_local (a broker's clock, with --zone), rfc3339, or a layout such as '2006-01-02 15:04:05' or '%Y-%m-%d %H:%M:%S' (default: detected)")
	flags.StringVar(&f.zone, "zone", "", "clock of times that name no zone (needed for such times): UTC, America/New_York, or with an offset: UTC-5h, or America/New_York+7h as many brokers run")
	parsed(flags, "price-scale", "`factor` from the file's prices to prices: 0.01 from hundredths (default 1)", scale(&f.priceScale))
	parsed(flags, "volume-scale", "`factor` from the file's volume to the rules' unit: 10 from millions of a base currency to lots (default 1)", scale(&f.volumeScale))
	flags.StringVar(&f.quote, "quote", "mid", "what candles are made of where there are bid and ask: mid, bid or ask")
	flags.StringVar(&f.from, "from", "", "first candle to keep: a date, an RFC 3339 time or UTC ms")
	flags.StringVar(&f.to, "to", "", "end of the candles to keep, excluded")
	addPolicies(c, &f.policies)
	f.gap.addMaxGap(c)
	flags.StringVar(&f.source, "source", "", "where the data comes from, for the manifest")
	flags.StringVar(&f.licence, "licence", "", "under which licence it may be used, for the manifest")
	flags.StringVarP(&f.out, "out", "o", "", "folder of the data set (required, but for --dry-run)")
	flags.StringVar(&f.format, "to-format", "parquet", "format to write: parquet, arrow or csv")
	flags.BoolVar(&f.replace, "force", false, "replace an earlier file of the pair and interval")
	flags.BoolVar(&f.onlyReport, "dry-run", false, "read and judge everything, write nothing")
	flags.StringVar(&f.rules, "rules", rules.Default, "rule set that knows the pairs and their market hours")
}

// addPolicies gives a command a flag for each policy.
func addPolicies(c *cobra.Command, p *audit.Policies) {
	what := map[string]string{
		"on-duplicate": "a time that comes twice",
		"on-gap":       "open-market time without candles, over --max-gap",
		"on-spike":     "prices that leave and come back within a few candles",
		"on-closed":    "candles while the market is closed",
		"on-bad":       "rows that are no candles",
		"on-clock":     "times that the market's hours show to be of another clock than the stated one",
		"on-scale":     "prices on a wrong scale: a jump by a power of ten, or most of them outside what the pair trades at",
	}
	names, choices := audit.PolicyFlags()
	for i, name := range names {
		var words []string
		for _, choice := range choices[i] {
			words = append(words, string(choice))
		}
		text := fmt.Sprintf("%s: `choice` of %s (default %s)", what[name], strings.Join(words, ", "), words[0])
		parsed(c.Flags(), name, text, func(choice string) error { return p.Set(name, choice) })
	}
}

// scale reads a flag that is a factor.
func scale(into *float64) func(string) error {
	return func(s string) (err error) {
		*into, err = strconv.ParseFloat(s, 64)
		if err != nil || !(*into > 0) || math.IsInf(*into, 1) {
			return errors.New("expected a finite number over 0, such as 10 or 0.00001")
		}
		return nil
	}
}

func (a *app) importFiles(ctx context.Context, paths []string, command string, f *importFlags) error {
	plan, err := f.plan()
	if err != nil {
		return err
	}
	plan.Skipped = func(in vendors.Input, why string) { a.note("%s: passed over, %s", in, why) }
	finder := vendors.Finder{Include: f.include, Skipped: plan.Skipped}
	if plan.Inputs, err = finder.Find(paths); err != nil {
		return input(err)
	}
	plan.Command = command
	bar := a.counter("rows read")
	defer bar.done()
	plan.Progress = bar.add
	done, err := plan.Run(ctx, f.out)
	bar.done()
	if _, refused := errors.AsType[*datasets.Refusal](err); err != nil && !refused {
		return fmt.Errorf("importing into %s: %w", f.out, err)
	}
	if err != nil {
		return input(err)
	}
	return a.showImported(f.out, done)
}

// plan turns the flags into a plan, but for its inputs.
func (f *importFlags) plan() (p ingest.Plan, err error) {
	resolved, err := openRules(f.rules, nil)
	if err != nil {
		return p, err
	}
	if p.Known, err = resolved.Set.Pairs(); err != nil {
		return p, err
	}
	for _, id := range f.pairs {
		if _, known := market.FindPair(p.Known, id); !known {
			return p, usage(fmt.Errorf("--pair: the rule set %s does not know %q%s",
				resolved.Set.Name, id, suggest.DidYouMean(id, market.PairIDs(p.Known))))
		}
	}
	if f.out == "" && !f.onlyReport {
		return p, usage(errors.New("required flag(s) \"out\" not set: name the folder of the data set, or try with --dry-run"))
	}
	p.Pairs, p.Replace, p.DryRun, p.SkipUnknown, p.Policies = f.pairs, f.replace, f.onlyReport, f.skipUnknown, f.policies
	p.About = datasets.Manifest{Source: f.source, Licence: f.licence}
	p.Audit = audit.Options{Calendar: f.gap.selection(resolved.Set).Calendar, GapToleranceMS: f.gap.maxGapMS, Zone: f.zone}
	if p.Format, err = datasets.ParseFormat(f.format); err != nil {
		return p, usage(fmt.Errorf("--to-format: %w", err))
	}
	if p.FromMS, err = bound("--from", f.from); err != nil {
		return p, err
	}
	if p.ToMS, err = bound("--to", f.to); err != nil {
		return p, err
	}
	if len(p.Pairs) == 1 {
		pair, _ := market.FindPair(p.Known, p.Pairs[0])
		p.Options.Class = pair.Class
	}
	return p, f.describe(&p.Options)
}

// describe reads what the user states of the files.
func (f *importFlags) describe(o *vendors.Options) (err error) {
	o.Format, o.Symbol, o.PriceScale, o.VolumeScale = f.vendor, f.symbol, f.priceScale, f.volumeScale
	if f.vendor != "" && !slices.Contains(vendors.FormatNames(), f.vendor) {
		return usage(fmt.Errorf("--vendor: found %q, expected one of %s", f.vendor, strings.Join(vendors.FormatNames(), ", ")))
	}
	if f.interval != "" {
		if o.Interval, err = datasets.ParseInterval(f.interval); err != nil {
			return usage(fmt.Errorf("--interval: %w", err))
		}
	}
	if o.Columns, err = columnFlags(f.columns); err != nil {
		return err
	}
	if f.timeFormat != "" {
		format, err := text.ParseTimeFormat(f.timeFormat)
		if err != nil {
			return usage(fmt.Errorf("--time-format: %w", err))
		}
		o.TimeFormat = &format
	}
	if o.Zone, o.ZoneAheadMS, err = zoneFlag(f.zone); err != nil {
		return usage(fmt.Errorf("--zone: %w", err))
	}
	headers := map[string]vendors.Header{"auto": vendors.DetectHeader, "yes": vendors.WithHeader, "no": vendors.WithoutHeader}
	sides := map[string]vendors.QuoteSide{"mid": vendors.Mid, "bid": vendors.BidSide, "ask": vendors.AskSide}
	var known bool
	if o.Header, known = headers[f.header]; !known {
		return usage(fmt.Errorf("--header: found %q, expected yes, no or auto", f.header))
	}
	if o.Quote, known = sides[f.quote]; !known {
		return usage(fmt.Errorf("--quote: found %q, expected mid, bid or ask", f.quote))
	}
	o.Separator, err = separator(f.separator)
	return err
}

// zoneFlag reads a zone, and by how much a clock is ahead of it, ms.
func zoneFlag(s string) (zone *time.Location, aheadMS int64, err error) {
	if s == "" {
		return nil, 0, nil
	}
	name, ahead := s, ""
	if i := strings.LastIndexAny(s, "+-"); i >= 0 && strings.ContainsAny(s[i:], "0123456789") {
		name, ahead = s[:i], s[i:]
	}
	if name == "" {
		return nil, 0, fmt.Errorf("found %q, expected a zone before it, such as UTC%s", s, cmp.Or(hourOffset(ahead), "+2h"))
	}
	if zone, err = market.LoadZone(name); err != nil || ahead == "" {
		return zone, 0, err
	}
	by, err := time.ParseDuration(ahead)
	if err != nil || by <= -24*time.Hour || by >= 24*time.Hour || by%time.Minute != 0 {
		return nil, 0, fmt.Errorf("found %q beside %s, expected less than a day ahead or behind, such as America/New_York+7h", ahead, name)
	}
	return zone, by.Milliseconds(), nil
}

// hourOffset writes an offset such as +01:00 or -5 as +1h, -5h; "" if it is none.
func hourOffset(s string) string {
	hours, rest, _ := strings.Cut(s, ":")
	n, err := strconv.Atoi(hours)
	if err != nil || rest != "" && rest != "00" {
		return ""
	}
	return fmt.Sprintf("%+dh", n)
}

func columnFlags(flags []string) (map[string]string, error) {
	known := []string{"time", "date", "open", "high", "low", "close", "volume", "bid", "ask"}
	if len(flags) == 0 {
		return nil, nil
	}
	columns := make(map[string]string)
	for _, flag := range flags {
		column, name, ok := strings.Cut(flag, "=")
		if !ok || !slices.Contains(known, column) {
			return nil, usage(fmt.Errorf("--columns: found %q, expected COLUMN=NAME with one of %s", flag, strings.Join(known, ", ")))
		}
		columns[column] = name
	}
	return columns, nil
}

func separator(s string) (byte, error) {
	switch {
	case s == "":
		return 0, nil
	case s == "tab":
		return '\t', nil
	case len(s) == 1:
		return s[0], nil
	}
	return 0, usage(fmt.Errorf("--separator: found %q, expected one character, or 'tab'", s))
}

// showImported says what became of the files.
func (a *app) showImported(folder string, done []ingest.Imported) error {
	format, err := a.outputFormat()
	if err != nil {
		return err
	}
	switch format {
	case reports.FormatTable:
	case reports.FormatJSON:
		return a.encodeImported(done)
	default:
		return a.render(reports.ImportTable(done))
	}
	if len(done) > manySeries {
		if err := a.render(reports.ImportTable(done)); err != nil {
			return err
		}
		a.sayOnce(done)
	} else {
		for i := range done {
			a.sayImported(folder, &done[i])
		}
	}
	var judged []*audit.Report
	for _, d := range done {
		judged = append(judged, d.Report)
	}
	a.sayFindings(judged, false)
	return nil
}

// encodeImported writes what became of the files for programs: the entries of the
// manifest, and the audits of what was kept.
func (a *app) encodeImported(done []ingest.Imported) error {
	out := struct {
		Files   []datasets.ManifestFile `json:"files"`
		Reports []*audit.Report         `json:"reports"`
	}{}
	for _, d := range done {
		out.Files, out.Reports = append(out.Files, d.File), append(out.Reports, d.Report)
	}
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

// manySeries is how many series are told one by one; more are a table.
const manySeries = 4

// sayImported tells of one series.
func (a *app) sayImported(folder string, d *ingest.Imported) {
	where := d.File.Name + " (not written)"
	if d.File.SHA256 != "" {
		where = filepath.ToSlash(filepath.Join(folder, d.File.Name))
	}
	a.say("%s: %d candles, %s", where, d.File.Rows, d.File.Columns)
	a.say("  from %s to %s UTC", day(d.File.FirstMS), day(d.File.LastMS+int64(d.Interval)))
	for _, sentence := range d.Said {
		a.say("  %s", sentence)
	}
	if r := d.Replaced; r != nil {
		a.say("  replaces %d candles from %s to %s UTC", r.Rows, day(r.FirstMS), day(r.LastMS+int64(d.Interval)))
	}
	if d.Cut > 0 {
		a.say("  %d candles outside the chosen range were left out", d.Cut)
	}
	for _, change := range d.Changes {
		a.say("  %s: %d", change.What, change.Count)
	}
	for _, finding := range d.Report.Findings {
		if finding.Severity == audit.Note {
			a.say("  note: %s", finding.Found)
		}
	}
	if gap := longest(&d.Report.Gaps); gap > datasets.DefaultGapTolerance(d.Pair.Class) {
		a.say("  runs need --max-gap %dh for the gaps that were taken", hoursUp(gap))
	}
}

// longest is the open-market time of the longest gap, ms.
func longest(g *datasets.Gaps) (openMS int64) {
	for _, gap := range g.Longest {
		openMS = max(openMS, gap.OpenMS)
	}
	return openMS
}

// hoursUp is a length of time in whole hours, rounded up.
func hoursUp(ms int64) int64 {
	hour := int64(datasets.Hour)
	return (ms + hour - 1) / hour
}

// sayOnce tells what the inputs of many series were taken for: what is true of
// several, once.
func (a *app) sayOnce(done []ingest.Imported) {
	of := make(map[string][]string)
	var order []string
	for _, d := range done {
		for _, sentence := range d.Said {
			if of[sentence] == nil {
				order = append(order, sentence)
			}
			of[sentence] = append(of[sentence], d.Pair.ID)
		}
	}
	for _, sentence := range order {
		switch pairs := of[sentence]; {
		case len(pairs) == len(done):
			a.say("all: %s", sentence)
		case len(pairs) > manySeries:
			a.say("%d of %d: %s", len(pairs), len(done), sentence)
		default:
			a.say("%s: %s", strings.Join(pairs, ", "), sentence)
		}
	}
}
