package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// dataFlags are the flags of every command that reads candles.
type dataFlags struct {
	paths    []string
	pairs    []string
	interval []string
	from, to string
	maxGapMS int64 // 0: the default; negative: no gap at all
	every    bool  // take every interval of a pair
	// Where a run begins and ends that --from and --to don't say it of, as far as
	// the candles go; 0: where they do.
	beginMS, endMS int64
}

func (f *dataFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringSliceVarP(&f.paths, "data", "d", nil, "candle files or folders (default: the embedded synthetic sample)")
	flags.StringSliceVar(&f.pairs, "pairs", nil, "pairs to take (default: all that the data has)")
	flags.StringSliceVar(&f.interval, "interval", nil, "interval to take where a pair has several: 5m, or EURUSD=15m")
	flags.StringVar(&f.from, "from", "", "start: a date, an RFC 3339 time or UTC ms (default: where all candles begin)")
	flags.StringVar(&f.to, "to", "", "end, excluded (default: where the first candles end)")
	f.addMaxGap(c)
}

func (f *dataFlags) addMaxGap(c *cobra.Command) {
	parsed(c.Flags(), "max-gap", "longest `duration` without candles in an open market that is taken; 0 takes none (default: 1h, forex 8h)", func(text string) error {
		gap, err := time.ParseDuration(text)
		if err != nil || gap < 0 || gap%time.Millisecond != 0 {
			return errors.New("expected a duration of 0 or more, such as 90m or 2h")
		}
		f.maxGapMS = cmp.Or(gap.Milliseconds(), -1)
		return nil
	})
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

// open reads the candles that the flags choose.
func (f *dataFlags) open(ctx context.Context, set *rules.Set) (*candles, error) {
	request, err := f.request(set)
	if err != nil {
		return nil, err
	}
	if request.Select.FromMS, err = bound("--from", f.from); err != nil {
		return nil, err
	}
	if request.Select.ToMS, err = bound("--to", f.to); err != nil {
		return nil, err
	}
	if sel := request.Select; sel.FromMS != 0 && sel.ToMS != 0 && sel.ToMS <= sel.FromMS {
		return nil, usage(fmt.Errorf("--to %s is not after --from %s", f.to, f.from))
	}
	request.Select.WarmupMS = sim.WarmupMS(set)
	request.BeginMS, request.EndMS = f.beginMS, f.endMS
	loaded, err := datasets.Load(ctx, request)
	if err != nil {
		return nil, input(err)
	}
	c := &candles{opened: loaded.Candles, note: loaded.Note, series: loaded.Series(), fromMS: loaded.FromMS, toMS: loaded.ToMS}
	return c, c.describe(loaded.Files)
}

// bound reads a flag that is a time, UTC ms; 0 if it isn't given.
func bound(flag, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	ms, err := datasets.ParseInstant(text)
	if err != nil {
		return 0, usage(fmt.Errorf("%s: %w", flag, err))
	}
	if ms <= 0 {
		return 0, usage(fmt.Errorf("%s: found %q, expected a time after 1970-01-01T00:00:00Z", flag, text))
	}
	return ms, nil
}

// selection checks candles against the rule set's market hours.
func (f *dataFlags) selection(set *rules.Set) datasets.Select {
	return datasets.Select{
		GapToleranceMS: f.maxGapMS,
		Calendar: func(p market.Pair, fromMS, toMS int64) (datasets.Calendar, error) {
			return market.NewSchedule(*set.Hours.For(p.Class), fromMS, toMS)
		},
	}
}

// request says which candle files are wanted, and how they are checked.
func (f *dataFlags) request(set *rules.Set) (r datasets.Request, err error) {
	r = datasets.Request{Paths: f.paths, Select: f.selection(set), Memory: verified(), Options: datasets.OpenOptions{
		Only: f.pairs, Interval: make(map[string]datasets.Interval), EveryInterval: f.every,
	}}
	if r.Options.Pairs, err = set.Pairs(); err != nil {
		return r, err
	}
	if f.pairs != nil && len(f.pairs) == 0 {
		return r, usage(errors.New("--pairs: found nothing, expected ids of pairs such as BTCUSD,EURUSD"))
	}
	for _, text := range f.interval {
		id, name, named := strings.Cut(text, "=")
		if !named {
			id, name = "", text
		}
		if r.Options.Interval[id], err = datasets.ParseInterval(name); err != nil {
			return r, usage(fmt.Errorf("--interval: %w", err))
		}
	}
	return r, nil
}

// verified remembers, in the user's cache folder, which files are those of their
// manifests; nil where there is no such folder.
func verified() *datasets.Memory {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	return datasets.OpenMemory(filepath.Join(cache, "ptnsim", "verified.json"), time.Now())
}

// noteDoubts tells what the manifests say is doubtful about the candles of a run.
func (a *app) noteDoubts(files []reports.DatasetFile) {
	const few = 3
	told, more := 0, 0
	for _, f := range files {
		switch {
		case f.Doubts == "":
		case told < few:
			told++
			a.note("%s: %s", f.File, f.Doubts)
		default:
			more++
		}
	}
	if more > 0 {
		a.note("and of %d more files: 'ptnsim data info' shows it", more)
	}
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
		first, end := s.Search(c.fromMS), s.Search(c.toMS)
		d := reports.DatasetFile{Pair: f.Pair.ID, Interval: f.Interval.String(), File: f.Path, Rows: end - first, SHA256: f.SHA256, Content: f.Content,
			Note: cmp.Or(f.Note(), c.note), Doubts: strings.Join(f.Doubts(), "; ")}
		if end > first {
			d.FirstMS, d.LastMS = s.Time[first], s.Time[end-1]
		}
		c.files = append(c.files, d)
	}
	return nil
}

func day(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04") }
