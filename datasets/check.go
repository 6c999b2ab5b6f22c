package datasets

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// Calendar tells how much of a span a market is open. *market.Schedule is one.
type Calendar interface {
	// OpenMS returns the open-market time within [a, b), both UTC ms, in ms.
	OpenMS(a, b int64) int64
}

// DefaultGapTolerance returns the open-market time that may lack candles before
// a file is refused, ms: an hour; for forex eight, since feeds stop at 17:00 New
// York on the eve of Christmas and New Year, seven hours before the market's
// holiday begins by Rules §3.
func DefaultGapTolerance(c market.Class) int64 {
	if c == market.Forex {
		return int64(8 * Hour)
	}
	return int64(Hour)
}

// checkBlock is how many rows are judged between two looks at the verdict: long
// enough for the loop to run undisturbed, short enough to stay in the cache for
// the second pass that finds the row to blame.
const checkBlock = 1024

// Checker judges candles in file order, chunk by chunk: times ascend by at least
// the interval, prices are finite and positive, low ≤ open, close ≤ high, bid ≤
// ask, volume is not negative, and no open-market gap exceeds the tolerance.
// One pass; a clean row costs a handful of comparisons.
type Checker struct {
	File        string
	IntervalMS  int64
	Calendar    Calendar // nil: gaps are not checked
	ToleranceMS int64    // the largest gap that is taken, open-market ms

	// Where endMS is set, the calendar covers [firstMS, endMS) and no more.
	firstMS, endMS int64

	rows   int64 // rows judged so far, or before the first of them
	lastMS int64
	primed bool
}

// Check judges the next chunk and returns the first *Refusal in row order within
// a block, or nil.
func (c *Checker) Check(s *market.Series) error {
	f := frameOf(s)
	closeOnly := CloseOnly(s)
	for i := 0; i < len(f.time); i += checkBlock {
		b := f.slice(i, min(i+checkBlock, len(f.time)))
		if err := c.times(b.time); err != nil {
			return err
		}
		if !cleanPrices(&b, closeOnly) || !cleanQuotes(&b) {
			return c.blame(&b)
		}
		c.rows += int64(len(b.time))
	}
	return nil
}

// times judges one block's times and remembers the last.
func (c *Checker) times(t []int64) error {
	if len(t) == 0 {
		return nil
	}
	last := c.lastMS
	if !c.primed {
		if err := c.span(0, t[0]); err != nil {
			return err
		}
		last = t[0] - c.IntervalMS
		c.primed = true
	}
	interval := c.IntervalMS
	for i, ms := range t {
		if step := ms - last; step != interval {
			if err := c.step(i, last, ms); err != nil {
				return err
			}
		}
		last = ms
	}
	c.lastMS = last
	return nil
}

// span judges the size of one time. It need not run on every row: a row one
// interval after a good one is good, but for the last few.
func (c *Checker) span(i int, ms int64) error {
	if text.MinTimeMS <= ms && ms < text.MaxTimeMS {
		return nil
	}
	return c.refuse(i, ErrType, fmt.Sprintf("the time %d", ms), "UTC ms between the years 1900 and 2200",
		"check the unit of the times and import the file")
}

// step judges two neighbouring candles that are not exactly one interval apart.
func (c *Checker) step(i int, last, ms int64) error {
	if err := c.span(i, ms); err != nil {
		return err
	}
	switch {
	case ms == last:
		return c.refuse(i, ErrDuplicate, "the time "+formatMS(ms)+" again", "every time once",
			"remove the double candle")
	case ms < last:
		return c.refuse(i, ErrUnsorted, formatMS(ms)+" after "+formatMS(last), "ascending times", "sort the file by time")
	case ms-last < c.IntervalMS:
		return c.refuse(i, ErrSpacing, fmt.Sprintf("%s only %s after the candle before it", formatMS(ms), FormatLength(ms-last)),
			"candles at least "+Interval(c.IntervalMS).String()+" apart", "give the file its true interval")
	}
	return c.gap(i, last+c.IntervalMS, ms)
}

// gap judges the span [from, to) without candles before row i.
func (c *Checker) gap(i int, from, to int64) error {
	if c.Calendar == nil || to-from <= c.ToleranceMS {
		return nil
	}
	if c.endMS != 0 && (from < c.firstMS || to >= c.endMS) {
		return c.refuse(i, ErrUnsorted, formatMS(to)+", outside the file's own range, "+formatMS(c.firstMS)+" to "+formatMS(c.endMS),
			"ascending times", "sort the file by time")
	}
	open := c.Calendar.OpenMS(from, to)
	if open <= c.ToleranceMS {
		return nil
	}
	return c.refuse(i, ErrGap,
		fmt.Sprintf("no candle from %s to %s, %s of it open market", formatMS(from), formatMS(to), FormatLength(open)),
		"at most "+FormatLength(c.ToleranceMS), "complete the data, choose another range, or raise --max-gap")
}

// Prices and volumes outside these bounds are no market's: a product of a few
// would leave the range of numbers.
const (
	minPrice  = 1e-12
	maxPrice  = 1e12
	maxVolume = 1e18
)

// cleanPrices reports whether every price of the block is within bounds
// and every candle's low and high bound its open and close. A comparison with
// NaN is false, so NaN is not clean.
func cleanPrices(b *frame, closeOnly bool) bool {
	o, h, l, c := b.cols[0], b.cols[1], b.cols[2], b.cols[3]
	if !closeOnly && o != nil && h != nil && l != nil && c != nil {
		h, l, c = h[:len(o)], l[:len(o)], c[:len(o)]
		for i, open := range o {
			low, high, cl := l[i], h[i], c[i]
			if !(low >= minPrice && low <= open && low <= cl && open <= high && cl <= high && high <= maxPrice) {
				return false
			}
		}
		return true
	}
	for k, col := range b.cols[:4] {
		if closeOnly && k != 3 {
			continue
		}
		for _, x := range col {
			if !(x >= minPrice && x <= maxPrice) {
				return false
			}
		}
	}
	return true
}

// cleanQuotes reports whether every volume, bid and ask is within bounds, and
// bid and ask are in order.
func cleanQuotes(b *frame) bool {
	for _, v := range b.cols[4] {
		if !(v >= 0 && v <= maxVolume) {
			return false
		}
	}
	bid, ask := b.cols[5], b.cols[6]
	for _, x := range bid {
		if !(x >= minPrice && x <= maxPrice) {
			return false
		}
	}
	for i, x := range ask {
		if !(x >= minPrice && x <= maxPrice) || i < len(bid) && !(bid[i] <= x) {
			return false
		}
	}
	return true
}

// blame finds the first bad row of a block that is not clean and says what is
// wrong with it.
func (c *Checker) blame(b *frame) error {
	for i := range b.time {
		if err := c.blameRow(b, i); err != nil {
			return err
		}
	}
	panic("datasets: a block that is not clean has no bad row")
}

func (c *Checker) blameRow(b *frame, i int) error {
	remedy := "repair the candle of " + formatMS(b.time[i]) + " or remove it"
	var x [columnCount]float64
	for k, col := range b.cols {
		if col == nil {
			x[k] = math.NaN()
			continue
		}
		x[k] = col[i]
		switch {
		case math.IsNaN(x[k]) || math.IsInf(x[k], 0):
			return c.refuse(i, ErrNotFinite, fmt.Sprintf("%s %v", columnNames[k], x[k]), "a finite number", remedy)
		case k == 4 && x[k] < 0:
			return c.refuse(i, ErrVolume, fmt.Sprintf("volume %v", x[k]), "0 or more", remedy)
		case k == 4 && x[k] > maxVolume:
			return c.refuse(i, ErrVolume, fmt.Sprintf("volume %v", x[k]), fmt.Sprintf("at most %g", maxVolume), remedy)
		case k != 4 && x[k] <= 0:
			return c.refuse(i, ErrNotPositive, fmt.Sprintf("%s %v", columnNames[k], x[k]), "a price above 0", remedy)
		case k != 4 && (x[k] < minPrice || x[k] > maxPrice):
			return c.refuse(i, ErrPrice, fmt.Sprintf("%s %v", columnNames[k], x[k]), fmt.Sprintf("a price from %g to %g", minPrice, maxPrice), remedy)
		}
	}
	// A column that is not there is NaN, whose comparisons are all false.
	open, high, low, cl := x[0], x[1], x[2], x[3]
	switch {
	case high < low:
		return c.refuse(i, ErrOHLC, fmt.Sprintf("high %v below low %v", high, low), "low ≤ high", remedy)
	case high < open || high < cl:
		return c.refuse(i, ErrOHLC, fmt.Sprintf("high %v below open %v or close %v", high, open, cl), "high ≥ open and close", remedy)
	case low > open || low > cl:
		return c.refuse(i, ErrOHLC, fmt.Sprintf("low %v above open %v or close %v", low, open, cl), "low ≤ open and close", remedy)
	case x[5] > x[6]:
		return c.refuse(i, ErrQuote, fmt.Sprintf("bid %v above ask %v", x[5], x[6]), "bid ≤ ask", remedy)
	}
	return nil
}

// refuse builds the refusal of row i of the current block.
func (c *Checker) refuse(i int, problem error, found, expected, remedy string) error {
	return &Refusal{File: c.File, Row: c.rows + int64(i) + 1, Problem: problem, Found: found, Expected: expected, Remedy: remedy}
}
