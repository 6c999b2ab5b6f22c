package datasets

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// Import says how to read candles from a text file with separated columns, plain
// or compressed with gzip or zstd, whose first line names them.
//
// Times that name no offset from UTC are readings of the zone's clock. A reading
// that the clock skips in spring is refused; one that occurs twice in autumn is
// its first occurrence, in daylight-saving time, unless the reading before it is
// not earlier: a file in ascending order comes out right.
type Import struct {
	Source string // the path
	Pair   market.Pair

	Interval  Interval          // 0 = the smallest spacing of two candles
	Columns   map[string]string // the file's name for time, open, high, low, close, volume, bid, ask; those not given have these names
	Format    text.TimeFormat   // the zero format: RFC 3339 or epoch ms
	Zone      *time.Location    // of times without an offset; nil = they are refused
	Separator byte              // 0 = comma

	// VolumeScale turns the file's volume into the rules' unit: standard lots
	// of forex, shares of equities. Rules §7. 0 = 1.
	VolumeScale float64

	Replace bool // an earlier file of the pair and interval

	FromMS int64 // the first candle to keep opens at or after this, UTC ms; 0 = all
	ToMS   int64 // the candles kept open before this, UTC ms; 0 = all
}

// Imported states what an import found.
type Imported struct {
	Path      string // what was written; "" for Series
	Interval  Interval
	Inferred  bool    // the interval was taken from the smallest spacing
	Columns   Columns // the columns found
	CloseOnly bool
	Rows      int64 // candles kept
	Cut       int64 // candles outside [FromMS, ToMS)
	FirstMS   int64 // open of the first candle kept, UTC ms
	LastMS    int64 // open of the last candle kept, UTC ms
}

// Write imports into the canonical Parquet file of the pair and interval in a
// folder, which it creates if need be, in bounded memory. The file appears whole
// or not at all.
func (im Import) Write(ctx context.Context, folder string) (about Imported, err error) {
	var t *TableWriter
	var have Columns
	made := false
	defer func() {
		if t != nil {
			t.Abort()
		}
		if made && err != nil {
			os.Remove(folder) // it stays if something is in it
		}
	}()
	about, err = im.run(ctx, func(f frame, l *layout) error {
		if t == nil {
			have = l.have
			_, missing := os.Stat(folder)
			err := os.MkdirAll(folder, 0o777)
			if made = missing != nil; err != nil {
				return err
			}
			if t, err = NewTable(filepath.Join(folder, im.Pair.ID+"-import.parquet"), candleColumns(have)); err != nil {
				return err
			}
		}
		return appendFrame(t, f, have)
	})
	if err != nil {
		return about, err
	}
	name := Name{Pair: im.Pair.ID, Interval: about.Interval, Format: Parquet}
	about.Path = filepath.Join(folder, name.String())
	if _, err := os.Stat(about.Path); err == nil && !im.Replace {
		return about, &Refusal{File: about.Path, Problem: ErrExists, Found: "a file there already",
			Expected: "none", Remedy: "choose another folder, or replace it with --force"}
	}
	return about, t.closeAs(about.Path)
}

// Series imports into memory.
func (im Import) Series(ctx context.Context) (*market.Series, Imported, error) {
	var all frame
	about, err := im.run(ctx, func(f frame, _ *layout) error {
		all.time = append(all.time, f.time...)
		for k, col := range f.cols {
			all.cols[k] = append(all.cols[k], col...)
		}
		return nil
	})
	if err != nil {
		return nil, about, err
	}
	return all.series(im.Pair, about.Interval, about.CloseOnly), about, nil
}

// run parses, cuts and checks the file and hands on what is kept.
func (im Import) run(ctx context.Context, take func(frame, *layout) error) (about Imported, err error) {
	defer guard(im.Source, &err)
	if err := present(im.Source); err != nil {
		return about, err
	}
	in, err := openText(source{path: im.Source})
	if err != nil {
		return about, err
	}
	defer in.Close()
	p := candleText{path: im.Source, separator: im.Separator, format: im.Format}
	if p.separator == 0 {
		p.separator = ','
	}
	if p.utc = im.Zone == time.UTC; im.Zone != nil && !p.utc {
		p.clock = &text.ZoneClock{Zone: im.Zone}
	}
	lines := text.NewLines(in)
	if err := p.header(lines, im.Columns); err != nil {
		return about, err
	}
	if err := im.checkScale(p.layout.have); err != nil {
		return about, err
	}
	about.Columns, about.CloseOnly, about.Interval = p.layout.have, p.layout.closeOnly, im.Interval
	spacing := int64(math.MaxInt64)
	// With the interval still unknown any ascending times will do: it is their
	// smallest spacing.
	check := Checker{File: im.Source, IntervalMS: max(int64(im.Interval), 1)}
	err = p.each(lines, func(f frame) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if im.Interval == 0 {
			spacing = min(spacing, smallestSpacing(f.time, check.lastMS, check.primed))
		}
		im.scale(f)
		if err := check.Check(f.series(im.Pair, im.Interval, p.layout.closeOnly)); err != nil {
			return err
		}
		kept := im.cut(f, &about)
		if len(kept.time) == 0 {
			return nil
		}
		return take(kept, &p.layout)
	})
	if err != nil {
		return about, err
	}
	return about, im.conclude(&about, spacing)
}

// checkScale refuses a scale that is none, and one of a volume that isn't there.
func (im *Import) checkScale(have Columns) error {
	switch scale := im.VolumeScale; {
	case scale == 0:
		return nil
	case !(scale > 0) || math.IsInf(scale, 1):
		return &Refusal{File: im.Source, Problem: ErrScale, Found: fmt.Sprintf("a volume scale of %v", scale),
			Expected: "a finite number over 0", Remedy: "give what one unit of the file's volume is in the rules' unit"}
	case have&Volume == 0:
		return &Refusal{File: im.Source, Problem: ErrNoColumn, Found: "a volume scale and no volume",
			Expected: "a column volume", Remedy: "name the column that is the volume, or leave the scale out"}
	}
	return nil
}

// scale turns the volume into the rules' unit, in place.
func (im *Import) scale(f frame) {
	if im.VolumeScale == 0 {
		return
	}
	volume := f.cols[volumeColumn]
	for i := range volume {
		volume[i] *= im.VolumeScale
	}
}

// smallestSpacing returns the smallest step between neighbours, the last time of
// the chunk before included.
func smallestSpacing(t []int64, last int64, primed bool) int64 {
	smallest := int64(math.MaxInt64)
	for i, ms := range t {
		if (i > 0 || primed) && ms > last {
			smallest = min(smallest, ms-last)
		}
		last = ms
	}
	return smallest
}

// cut returns the rows in the wanted range and counts them.
func (im Import) cut(f frame, about *Imported) frame {
	sel := Select{FromMS: im.FromMS, ToMS: im.ToMS}
	from, to := sel.span()
	s := market.Series{Time: f.time}
	i, j := s.Search(from), s.Search(to)
	kept := f.slice(i, max(i, j))
	if len(kept.time) > 0 {
		if about.Rows == 0 {
			about.FirstMS = kept.time[0]
		}
		about.LastMS = kept.time[len(kept.time)-1]
	}
	about.Rows += int64(len(kept.time))
	about.Cut += int64(len(f.time) - len(kept.time))
	return kept
}

// conclude infers the interval and refuses an import that kept nothing.
func (im Import) conclude(about *Imported, spacing int64) error {
	switch {
	case about.Rows == 0 && about.Cut == 0:
		return empty(im.Source)
	case about.Rows == 0:
		return &Refusal{File: im.Source, Problem: ErrRange, Found: fmt.Sprintf("%d candles, none of them in the range", about.Cut),
			Expected: "at least one", Remedy: "choose another --from or --to"}
	case im.Interval != 0:
		return nil
	}
	about.Interval, about.Inferred = Interval(spacing), true
	if spacing%int64(Second) != 0 || Interval(spacing) > MaxInterval {
		found := "a single candle"
		if spacing != math.MaxInt64 {
			found = fmt.Sprintf("candles %s apart, from %s on", formatLength(spacing), formatMS(about.FirstMS))
		}
		return &Refusal{File: im.Source, Problem: ErrInterval, Found: found,
			Expected: "two candles a whole number of seconds apart", Remedy: "give the interval, such as 1m, or the times' format, such as epoch_s"}
	}
	return nil
}
