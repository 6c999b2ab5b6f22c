package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// dataFlags are the flags of every command that reads candles.
type dataFlags struct {
	paths    []string
	pairs    []string
	interval []string
	from, to string
	maxGap   time.Duration
}

func (f *dataFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringSliceVarP(&f.paths, "data", "d", nil, "candle files or folders (default: the embedded synthetic sample)")
	flags.StringSliceVar(&f.pairs, "pairs", nil, "pairs to take (default: all that the data has)")
	flags.StringSliceVar(&f.interval, "interval", nil, "interval to take where a pair has several: 5m, or EURUSD=15m")
	flags.StringVar(&f.from, "from", "", "start: a date, an RFC 3339 time or UTC ms (default: where all candles begin)")
	flags.StringVar(&f.to, "to", "", "end, excluded (default: where the first candles end)")
	flags.DurationVar(&f.maxGap, "max-gap", 0, "longest gap in an open market that is taken (default: 1h, forex 8h)")
}

// candles is what a run reads.
type candles struct {
	series       []*market.Series
	files        []reports.DatasetFile
	fromMS, toMS int64
	note         string // about the data, for people
	opened       []*datasets.Candles
}

func (c *candles) close() {
	for _, o := range c.opened {
		o.Close()
	}
}

// warmupMS is how much history before the run is read where there is any: what
// volatility and average volume look back on, weekends and holidays included.
const warmupMS = 60 * int64(datasets.Day)

// open reads the candles that the flags choose.
func (f *dataFlags) open(ctx context.Context, set *rules.Set) (*candles, error) {
	files, note, err := f.find(set)
	if err != nil {
		return nil, err
	}
	sel := f.selection(set)
	sel.WarmupMS = warmupMS
	for _, bound := range []struct {
		flag, text string
		to         *int64
	}{{"--from", f.from, &sel.FromMS}, {"--to", f.to, &sel.ToMS}} {
		if bound.text == "" {
			continue
		}
		if *bound.to, err = datasets.ParseInstant(bound.text); err != nil {
			return nil, usage(fmt.Errorf("%s: %w", bound.flag, err))
		}
	}
	if sel.FromMS != 0 && sel.ToMS != 0 && sel.ToMS <= sel.FromMS {
		return nil, usage(fmt.Errorf("--to %s is not after --from %s", f.to, f.from))
	}
	opened, err := files.Read(ctx, sel)
	if err != nil {
		return nil, input(err)
	}
	c := &candles{opened: opened, note: note, series: bySeries(opened)}
	if err := c.choose(sel); err != nil {
		c.close()
		return nil, err
	}
	return c, c.describe(files)
}

// selection checks candles against the rule set's market hours.
func (f *dataFlags) selection(set *rules.Set) datasets.Select {
	return datasets.Select{
		GapToleranceMS: f.maxGap.Milliseconds(),
		Calendar: func(p market.Pair, fromMS, toMS int64) (datasets.Calendar, error) {
			return market.NewSchedule(*set.Hours.For(p.Class), fromMS, toMS)
		},
	}
}

// find finds the candle files.
func (f *dataFlags) find(set *rules.Set) (files *datasets.Set, note string, err error) {
	pairs, err := set.Pairs()
	if err != nil {
		return nil, "", err
	}
	options := datasets.OpenOptions{Pairs: pairs, Only: f.pairs, Interval: make(map[string]datasets.Interval)}
	for _, text := range f.interval {
		id, name, named := strings.Cut(text, "=")
		if !named {
			id, name = "", text
		}
		if options.Interval[id], err = datasets.ParseInterval(name); err != nil {
			return nil, "", usage(fmt.Errorf("--interval: %w", err))
		}
	}
	if len(f.paths) == 0 {
		files, err = datasets.Sample(options)
		return files, datasets.SampleNote, input(err)
	}
	files, err = datasets.OpenSet(options, f.paths...)
	return files, "", input(err)
}

// choose takes the range that the flags left open from the candles themselves.
func (c *candles) choose(sel datasets.Select) error {
	fromMS, toMS, err := datasets.CommonWindow(c.opened)
	if err != nil {
		return input(err)
	}
	if c.fromMS = sel.FromMS; c.fromMS == 0 {
		c.fromMS = fromMS
	}
	if c.toMS = sel.ToMS; c.toMS == 0 {
		c.toMS = toMS
	}
	if c.toMS <= c.fromMS {
		return input(fmt.Errorf("the candles of all pairs overlap from %s to %s, and none of that is in the chosen range", day(fromMS), day(toMS)))
	}
	return nil
}

// describeAll lists the files with everything that is in them.
func (c *candles) describeAll(files *datasets.Set) error {
	c.fromMS, c.toMS = math.MinInt64, math.MaxInt64
	return c.describe(files)
}

// describe lists the files with what was taken of each.
func (c *candles) describe(files *datasets.Set) error {
	for i := range files.Files {
		f, s := &files.Files[i], c.opened[i].Series
		hash, err := f.SHA256()
		if err != nil {
			return input(err)
		}
		first, end := s.Search(c.fromMS), s.Search(c.toMS)
		d := reports.DatasetFile{Pair: f.Pair.ID, Interval: f.Interval.String(), File: f.Path, Rows: end - first, SHA256: hash}
		if end > first {
			d.FirstMS, d.LastMS = s.Time[first], s.Time[end-1]
		}
		c.files = append(c.files, d)
	}
	return nil
}

func day(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04") }
