package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/fetch"
	"github.com/ptnsim/ptnsim/datasets/ingest"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// fetchFlags are the flags of data fetch.
type fetchFlags struct {
	pairs, symbols     []string
	interval, from, to string
	ask                bool
	baseURL, cache     string
	rate               int
	gap                dataFlags // its --max-gap
	policies           audit.Policies
	out, format, rules string
	replace            bool
}

// cacheName is the hidden folder within a data set's that downloads are kept in.
const cacheName = ".fetch"

func (a *app) dataFetch() *cobra.Command {
	var f fetchFlags
	c := &cobra.Command{
		Use: "fetch SOURCE", Short: "Download history from a public source into a data set", Args: cobra.ExactArgs(1), ValidArgs: fetch.Names(),
		Long: `Download history straight from a public source into a data set. This is the only
command that touches the network.

` + sourceHelp() + `
Keys come from the environment; they are neither shown nor stored. What is
finished is kept in a hidden folder (` + cacheName + `) of the data set, so that an interrupted
fetch, called again, goes on where it was; once the data set is whole, the folder
goes. What was downloaded is judged as data import does it: whatever is wrong is
refused, unless a policy (--on-...) says what to do about it.`,
		Example: `  ptnsim data fetch binance --pairs BTCUSD,ETHUSD --interval 1m --from 2025-01-01 --to 2025-02-01 --out candles
  ptnsim data fetch dukascopy --pairs EURUSD --from 2025-01-01 --to 2025-02-01 --ask --out candles
  ptnsim data fetch polygon --pairs AAPL --interval 5m --from 2025-01-01 --to 2025-02-01 --rate 100 --out candles`,
		RunE: func(c *cobra.Command, args []string) error {
			return a.fetchHistory(c.Context(), args[0], commandLine(c, args), &f)
		},
	}
	f.add(c)
	return c
}

// baseURL is a flag whose value a manifest shows without its path: mirrors have
// keys in theirs.
type baseURL struct{ url *string }

// Set implements pflag.Value.
func (b *baseURL) Set(s string) error {
	*b.url = s
	return nil
}

// String implements pflag.Value.
func (b *baseURL) String() string {
	if b.url == nil {
		return ""
	}
	u, err := url.Parse(*b.url)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Type implements pflag.Value.
func (b *baseURL) Type() string { return "string" }

// sourceHelp lists the sources.
func sourceHelp() string {
	var b strings.Builder
	b.WriteString("Sources:\n")
	for _, s := range fetch.Sources() {
		about := s.About()
		fmt.Fprintf(&b, "  %-16s %s", about.Name, about.Title)
		if about.Key.Variable != "" {
			fmt.Fprintf(&b, "; needs %s", about.Key.Variable)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (f *fetchFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringSliceVar(&f.pairs, "pairs", nil, "the pairs to fetch (required)")
	flags.StringSliceVar(&f.symbols, "symbol", nil, "the source's own symbol of a pair, such as BTCUSD=BTCUSDC (default: its usual one; repeatable)")
	flags.StringVar(&f.interval, "interval", "1m", "length of a candle")
	flags.StringVar(&f.from, "from", "", "first candle: a date, an RFC 3339 time or UTC ms (required)")
	flags.StringVar(&f.to, "to", "", "end of the candles, excluded (default: the last finished one)")
	flags.BoolVar(&f.ask, "ask", false, "dukascopy: also the ask, so that the candles have bid and ask")
	flags.Var(&baseURL{&f.baseURL}, "base-url", "ask this URL instead of the source's own, such as a mirror's")
	flags.StringVar(&f.cache, "cache", "", "keep the downloads in this folder, also when the data set is whole")
	flags.IntVar(&f.rate, "rate", 0, "requests a minute (default: what the source takes from everybody)")
	addPolicies(c, &f.policies)
	duplicate := flags.Lookup("on-duplicate")
	duplicate.Usage = strings.Replace(duplicate.Usage, "(default fail)", "(default keep)", 1) // see plan
	f.gap.addMaxGap(c)
	flags.StringVarP(&f.out, "out", "o", "", "folder of the data set (required)")
	flags.StringVar(&f.format, "to-format", "parquet", "format to write: parquet, arrow or csv")
	flags.BoolVar(&f.replace, "force", false, "replace an earlier file of the pair and interval")
	flags.StringVar(&f.rules, "rules", rules.Default, "rule set that knows the pairs and their market hours")
	for _, name := range []string{"pairs", "from", "out"} {
		if err := c.MarkFlagRequired(name); err != nil {
			panic(err)
		}
	}
}

// fetchHistory downloads everything, and then imports it.
func (a *app) fetchHistory(ctx context.Context, source, command string, f *fetchFlags) error {
	plan, err := f.plan()
	if err != nil {
		return err
	}
	plan.Command = command
	job, err := f.job(source, plan.Known)
	if err != nil {
		return err
	}
	if err := f.free(job); err != nil {
		return input(err)
	}
	defer job.Close()
	defer func() {
		if _, empty := os.Stat(job.Cache); ctx.Err() != nil && empty == nil {
			a.note("what was downloaded is kept in %s: call again to go on", filepath.ToSlash(job.Cache))
		}
	}()
	raw, err := a.download(ctx, job)
	if err != nil {
		return err
	}
	about := job.Source.About()
	plan.About = datasets.Manifest{Source: about.Title, Licence: about.Licence}
	done, err := a.importRaw(ctx, plan, raw, f.out)
	if _, refused := errors.AsType[*datasets.Refusal](err); refused {
		return input(fmt.Errorf("%w\nThe downloads are kept: call again with what is needed, and nothing is downloaded twice; or remove %s to download anew",
			err, filepath.ToSlash(job.Cache)))
	}
	if err != nil {
		return err
	}
	if f.cache == "" {
		if err := job.Remove(); err != nil {
			a.note("the downloads could not be removed: %v", err)
		}
	}
	return a.showImported(f.out, done)
}

// plan is how downloads become a data set. Pages of a source overlap by rights:
// of identical candles one is kept unless the user says otherwise.
func (f *fetchFlags) plan() (p ingest.Plan, err error) {
	resolved, err := openRules(f.rules, nil)
	if err != nil {
		return p, err
	}
	if p.Known, err = resolved.Set.Pairs(); err != nil {
		return p, err
	}
	p.Policies, p.Replace = f.policies, f.replace
	if p.Policies.OnDuplicate == "" {
		p.Policies.OnDuplicate = audit.Keep
	}
	p.Audit = audit.Options{Calendar: f.gap.selection(resolved.Set).Calendar, GapToleranceMS: f.gap.maxGapMS}
	if p.Format, err = datasets.ParseFormat(f.format); err != nil {
		return p, usage(fmt.Errorf("--to-format: %w", err))
	}
	return p, nil
}

// job is what to download.
func (f *fetchFlags) job(source string, known []market.Pair) (j *fetch.Fetch, err error) {
	j = &fetch.Fetch{
		Ask: f.ask, Cache: f.cache, BaseURL: f.baseURL, PerMinute: f.rate, Getenv: os.Getenv, Symbols: make(map[string]string),
		Client: &fetch.Client{Agent: "ptnsim/" + version(), Clock: wallClock{}, Jitter: rand.Float64},
	}
	if j.Cache == "" {
		j.Cache = filepath.Join(f.out, cacheName)
	}
	if j.Source, err = fetch.Find(source); err != nil {
		return nil, usage(err)
	}
	if f.ask && source != "dukascopy" {
		return nil, usage(fmt.Errorf("--ask: only dukascopy has bid and ask, found %s", source))
	}
	if f.rate < 0 || f.rate > 60_000 {
		return nil, usage(fmt.Errorf("--rate: found %d, expected 1 to 60000 requests a minute", f.rate))
	}
	for _, id := range f.pairs {
		pair, ok := market.FindPair(known, id)
		if !ok {
			return nil, usage(fmt.Errorf("--pairs: the rule set does not know %q%s", id, suggest.DidYouMean(id, market.PairIDs(known))))
		}
		j.Pairs = append(j.Pairs, pair)
	}
	for _, text := range f.symbols {
		id, symbol, ok := strings.Cut(text, "=")
		if !ok || !slices.Contains(f.pairs, id) {
			return nil, usage(fmt.Errorf("--symbol: found %q, expected PAIR=SYMBOL with one of the pairs %s", text, strings.Join(f.pairs, ", ")))
		}
		j.Symbols[id] = symbol
	}
	if j.Interval, err = datasets.ParseInterval(f.interval); err != nil {
		return nil, usage(fmt.Errorf("--interval: %w", err))
	}
	if j.Span.FromMS, err = bound("--from", f.from); err != nil {
		return nil, err
	}
	if j.Span.ToMS, err = bound("--to", f.to); err != nil {
		return nil, err
	}
	if f.to == "" {
		j.Span.ToMS = wallClock{}.Now().UnixMilli() / int64(j.Interval) * int64(j.Interval)
	}
	return j, nil
}

// free refuses to download what could not be stored: it begins the files in a
// folder that there is, and leaves it as it was.
func (f *fetchFlags) free(j *fetch.Fetch) error {
	if _, err := os.Stat(f.out); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	update, err := datasets.BeginUpdate(f.out, f.replace)
	if err != nil {
		return err
	}
	defer update.Abort()
	for _, p := range j.Pairs {
		w, err := update.Create(datasets.Name{Pair: p.ID, Interval: j.Interval, Format: datasets.CSV}, datasets.WriterOptions{Pair: p})
		if err != nil {
			return err
		}
		w.Abort()
	}
	return nil
}

// download gets everything that isn't there yet, and says what was decided.
func (a *app) download(ctx context.Context, j *fetch.Fetch) ([]fetch.Raw, error) {
	length := j.Span.ToMS - j.Span.FromMS
	bar := a.progress("fetching", 0, max(length, 1)*int64(len(j.Pairs)))
	defer bar.done()
	j.Events.At = func(pair string, ms int64) {
		i := slices.IndexFunc(j.Pairs, func(p market.Pair) bool { return p.ID == pair })
		bar.at(int64(i)*length + max(ms-j.Span.FromMS, 0))
	}
	raw, err := j.Run(ctx)
	bar.done()
	if _, wrong := errors.AsType[*fetch.UsageError](err); wrong {
		return nil, usage(err)
	}
	if _, trouble := errors.AsType[*fetch.Trouble](err); trouble {
		return nil, input(err)
	}
	for _, r := range raw {
		for _, note := range r.Notes {
			a.note("%s", note)
		}
	}
	return raw, err
}

// importRaw makes a data set of what was downloaded: of all pairs, or of none.
func (a *app) importRaw(ctx context.Context, p ingest.Plan, raw []fetch.Raw, folder string) (all []ingest.Imported, err error) {
	update, err := datasets.BeginUpdate(folder, p.Replace)
	if err != nil {
		return nil, err
	}
	defer update.Abort()
	for _, r := range raw {
		done, err := a.importPair(ctx, p, r, update)
		if err != nil {
			return nil, err
		}
		all = append(all, done...)
	}
	if err := update.Commit(ctx, p.About); err != nil {
		return nil, err
	}
	for _, r := range raw {
		if err := a.noteEnds(p, r, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// importPair imports one pair's downloads.
func (a *app) importPair(ctx context.Context, p ingest.Plan, r fetch.Raw, update *datasets.Update) (done []ingest.Imported, err error) {
	if p.Inputs, err = vendors.Find(r.Paths, nil); err != nil {
		return nil, err
	}
	p.Options, p.Pairs, p.Notes = r.Options, []string{r.Job.Pair.ID}, r.Notes
	p.FromMS, p.ToMS = r.Job.Span.FromMS, r.Job.Span.ToMS
	bar := a.counter("rows read")
	defer bar.done()
	p.Progress = bar.add
	return p.Into(ctx, update)
}

// noteEnds says so where the source had less than was asked for.
func (a *app) noteEnds(p ingest.Plan, r fetch.Raw, done []ingest.Imported) error {
	span := r.Job.Span
	hours, err := p.Audit.Calendar(r.Job.Pair, span.FromMS, span.ToMS)
	if err != nil {
		return err
	}
	most := datasets.DefaultGapTolerance(r.Job.Pair.Class)
	for _, d := range done {
		if d.Pair.ID != r.Job.Pair.ID {
			continue
		}
		if end := d.File.LastMS + int64(d.Interval); hours.OpenMS(span.FromMS, d.File.FirstMS) > most || hours.OpenMS(end, span.ToMS) > most {
			a.note("%s has candles of %s from %s to %s only", r.Job.Symbol, d.Pair.ID, day(d.File.FirstMS), day(end))
		}
	}
	return nil
}

// wallClock is the machine's clock.
type wallClock struct{}

// Now implements fetch.Clock.
func (wallClock) Now() time.Time { return time.Now() }

// Sleep implements fetch.Clock.
func (wallClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
