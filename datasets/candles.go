package datasets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// Candles is a series read from a file, with what the file is. The series lives
// until Close: its columns may be the mapped file itself.
type Candles struct {
	Series    *market.Series
	File      string // the path
	CloseOnly bool   // the file declares only a close: open = high = low = close
	Start     int    // index of the first candle in the requested range; those before it are warm-up
	FirstRow  int64  // the row of the file, from 0, that is the series' first
	FirstMS   int64  // open of the file's first candle, UTC ms
	EndMS     int64  // end of the file's last candle, UTC ms

	unmap func() error
}

// Close releases the file behind the series, whose columns must not be touched
// after it. It may be called again.
func (c *Candles) Close() error {
	unmap := c.unmap
	c.unmap = nil
	if unmap == nil {
		return nil
	}
	c.Series = c.Series.Slice(0, 0)
	return unmap()
}

// Select is which part of a file is wanted. The zero Select wants all of it.
type Select struct {
	Columns Columns // 0 = all that are there; a column that is not selected is nil

	FromMS   int64 // first candle's open, UTC ms; 0 = from the first
	ToMS     int64 // candles open before this, UTC ms; 0 = to the last
	WarmupMS int64 // history before FromMS to include where the file has it, ms

	// Calendar returns the market hours that gaps in a pair's candles are
	// measured against over [fromMS, toMS). nil: gaps are not checked, and the
	// requested range must lie inside the data to the candle.
	Calendar func(p market.Pair, fromMS, toMS int64) (Calendar, error)
	// GapToleranceMS is the longest open-market time without candles that is
	// taken, ms; 0 = DefaultGapTolerance of the pair's class, negative = no gap
	// at all is taken.
	GapToleranceMS int64

	// Unchecked skips the check of every row, for a file that was checked
	// before and is known not to have changed since.
	Unchecked bool
}

// tolerance returns the gap tolerance in force for a class, ms.
func (s *Select) tolerance(c market.Class) int64 {
	if s.GapToleranceMS == 0 {
		return DefaultGapTolerance(c)
	}
	return max(s.GapToleranceMS, 0)
}

// span returns the times [from, to) to read, warm-up included.
func (s *Select) span() (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	if s.FromMS != 0 {
		from = s.FromMS - s.WarmupMS
	}
	if s.ToMS != 0 {
		to = s.ToMS
	}
	return from, to
}

// Name is what a candle file's name says.
type Name struct {
	Pair     string // "BTCUSD"
	Interval Interval
	Format   Format
}

// Format is a candle file's format.
type Format string

// The formats of canonical candle files.
const (
	Parquet Format = "parquet"
	Arrow   Format = "arrow"
	CSV     Format = "csv"
)

// ParseFormat returns the format of that name.
func ParseFormat(name string) (Format, error) {
	switch f := Format(name); f {
	case Parquet, Arrow, CSV:
		return f, nil
	}
	return "", fmt.Errorf("found %q, expected parquet, arrow or csv", name)
}

// String returns the file name: <PAIR>-<interval>.<format>.
func (n Name) String() string {
	return n.Pair + "-" + n.Interval.String() + "." + string(n.Format)
}

// ParseName reads the name of a candle file, <PAIR>-<interval>.<format>, from its
// path.
func ParseName(path string) (Name, error) {
	base := filepath.Base(path)
	ext := filepath.Ext(base)
	pair, interval, ok := cutLast(strings.TrimSuffix(base, ext), "-")
	format := Format(strings.TrimPrefix(ext, "."))
	refusal := &Refusal{File: path, Problem: ErrName, Found: fmt.Sprintf("the name %q", base),
		Expected: "<PAIR>-<interval>.parquet, .arrow or .csv, such as BTCUSD-1m.parquet",
		Remedy:   "rename the file or import it"}
	if !ok || pair == "" || format != Parquet && format != Arrow && format != CSV {
		return Name{}, refusal
	}
	v, err := ParseInterval(interval)
	if err != nil {
		return Name{}, refusal
	}
	return Name{Pair: pair, Interval: v, Format: format}, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// formatName returns the format that a path's extension names, for messages.
func formatName(path string) string {
	if ext := filepath.Ext(path); ext != "" {
		return ext[1:]
	}
	return "candle"
}

// Read reads the selected part of a canonical candle file, whose pair is one of
// pairs, and checks it. The caller closes the Candles. What it can't vouch for
// it refuses with a *Refusal.
func Read(ctx context.Context, path string, pairs []market.Pair, sel Select) (*Candles, error) {
	name, err := ParseName(path)
	if err != nil {
		return nil, err
	}
	pair, ok := market.FindPair(pairs, name.Pair)
	if !ok {
		return nil, unknownPair(path, name.Pair, pairs)
	}
	if err := present(path); err != nil {
		return nil, err
	}
	return read(ctx, source{path: path}, name, pair, sel)
}

// source is where a file's bytes are: on disk, or in memory for an embedded
// file.
type source struct {
	path string
	data []byte // non-nil: the bytes themselves
}

// read reads from a source that is known to be there.
func read(ctx context.Context, src source, name Name, pair market.Pair, sel Select) (c *Candles, err error) {
	switch name.Format {
	case Parquet:
		c, err = readParquet(ctx, src, name, pair, sel)
	case Arrow:
		c, err = readArrow(src, name, pair, sel)
	default:
		c, err = readCSV(ctx, src, name, pair, sel)
	}
	if err != nil {
		return nil, err
	}
	if err := c.judge(ctx, sel); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// judge checks the range, the rows and the gaps of what was read, and marks
// where the warm-up ends.
func (c *Candles) judge(ctx context.Context, sel Select) error {
	cal, err := c.calendar(sel)
	if err != nil {
		return err
	}
	if err := c.checkRange(sel, cal); err != nil {
		return err
	}
	if !sel.Unchecked {
		check := c.checker(sel, cal)
		for i := 0; i < c.Series.Len(); i += 1 << 20 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := check.Check(c.Series.Slice(i, min(i+1<<20, c.Series.Len()))); err != nil {
				return err
			}
		}
	}
	if sel.FromMS != 0 {
		c.Start = c.Series.Search(sel.FromMS)
	}
	if c.Start == c.Series.Len() {
		return c.outside(sel)
	}
	return nil
}

// calendar returns the market hours over the data and the requested range, or
// nil where gaps are not checked.
func (c *Candles) calendar(sel Select) (Calendar, error) {
	if sel.Calendar == nil {
		return nil, nil
	}
	for _, ms := range [4]int64{c.FirstMS, c.EndMS, sel.FromMS, sel.ToMS} {
		if ms < text.MinTimeMS || ms >= text.MaxTimeMS {
			check := Checker{File: c.File}
			return nil, check.span(0, ms)
		}
	}
	if c.EndMS <= c.FirstMS {
		return nil, &Refusal{File: c.File, Problem: ErrUnsorted,
			Found:    "its last candle, which ends at " + formatMS(c.EndMS) + ", before its first, " + formatMS(c.FirstMS),
			Expected: "ascending times", Remedy: "sort the file by time"}
	}
	from, to := min(c.FirstMS, nonzero(sel.FromMS, c.FirstMS)), max(c.EndMS, nonzero(sel.ToMS, c.EndMS))
	cal, err := sel.Calendar(c.Series.Pair, from, to)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return cal, nil
}

// checker returns a checker for the series' rows.
func (c *Candles) checker(sel Select, cal Calendar) Checker {
	return Checker{File: c.File, IntervalMS: c.Series.IntervalMS, Calendar: cal, ToleranceMS: sel.tolerance(c.Series.Pair.Class),
		firstMS: c.FirstMS, endMS: c.EndMS, rows: c.FirstRow}
}

func nonzero(ms, fallback int64) int64 {
	if ms != 0 {
		return ms
	}
	return fallback
}

// checkRange refuses a requested range that the file's data doesn't cover, but
// for closed markets and the gap tolerance.
func (c *Candles) checkRange(sel Select, cal Calendar) error {
	missing := func(a, b int64) int64 {
		if a >= b {
			return 0
		}
		if cal == nil {
			return b - a
		}
		return max(cal.OpenMS(a, b)-sel.tolerance(c.Series.Pair.Class), 0)
	}
	early, late := int64(0), int64(0)
	if sel.FromMS != 0 {
		early = missing(sel.FromMS, c.FirstMS)
	}
	if sel.ToMS != 0 {
		late = missing(c.EndMS, sel.ToMS)
	}
	if early > 0 || late > 0 {
		return c.outside(sel)
	}
	return nil
}

func (c *Candles) outside(sel Select) error {
	wanted := "the range"
	if sel.FromMS != 0 {
		wanted += " from " + formatMS(sel.FromMS)
	}
	if sel.ToMS != 0 {
		wanted += " to " + formatMS(sel.ToMS)
	}
	return &Refusal{File: c.File, Problem: ErrRange,
		Found:    fmt.Sprintf("candles from %s to %s", formatMS(c.FirstMS), formatMS(c.EndMS)),
		Expected: wanted,
		Remedy:   "choose --from and --to inside the data, or complete the data"}
}

// present refuses a path that is not a file with something in it.
func present(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Refusal{File: path, Problem: ErrMissing, Found: "no such file", Expected: "a candle file",
			Remedy: "check the path, or import the data first"}
	case err != nil:
		return fmt.Errorf("%s: %w", path, err)
	case info.IsDir():
		return &Refusal{File: path, Problem: ErrMissing, Found: "a folder", Expected: "a candle file",
			Remedy: "name a file in it, or give the folder as a data set"}
	case info.Size() == 0:
		return empty(path)
	}
	return nil
}

func empty(path string) error {
	return &Refusal{File: path, Problem: ErrEmpty, Found: "no candle", Expected: "at least one", Remedy: "import or fetch the data again"}
}
