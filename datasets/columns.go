package datasets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/market"
)

// Columns is a set of the columns of a candle beside its time.
type Columns uint8

// The columns, in the order in which files hold them.
const (
	Open Columns = 1 << iota
	High
	Low
	Close
	Volume
	Bid
	Ask

	OHLC       = Open | High | Low | Close
	AllColumns = OHLC | Volume | Bid | Ask
)

const timeColumn = "time"

// columnNames is indexed by a column's bit.
var columnNames = [...]string{"open", "high", "low", "close", "volume", "bid", "ask"}

const columnCount = len(columnNames)

// volumeColumn is the index of Volume.
const volumeColumn = 4

// String lists the names of the columns in the set.
func (c Columns) String() string {
	var names []string
	for k, name := range columnNames {
		if c.has(k) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

func (c Columns) has(k int) bool { return c&(1<<k) != 0 }

// frame is a series' columns by index: what the files' readers and writers work
// on, so that each treats the columns in a loop.
type frame struct {
	time []int64
	cols [columnCount][]float64
}

func frameOf(s *market.Series) frame {
	return frame{s.Time, [columnCount][]float64{s.Open, s.High, s.Low, s.Close, s.Volume, s.Bid, s.Ask}}
}

// series returns the frame as a series; with closeOnly open, high and low share
// the slice of close.
func (f *frame) series(p market.Pair, v Interval, closeOnly bool) *market.Series {
	s := &market.Series{
		Pair: p, IntervalMS: int64(v), Time: f.time,
		Open: f.cols[0], High: f.cols[1], Low: f.cols[2], Close: f.cols[3],
		Volume: f.cols[volumeColumn], Bid: f.cols[5], Ask: f.cols[6],
	}
	if closeOnly {
		s.Open, s.High, s.Low = s.Close, s.Close, s.Close
	}
	return s
}

// slice returns rows [i, j) of every column.
func (f *frame) slice(i, j int) frame {
	g := frame{time: f.time[i:j:j]}
	for k, col := range f.cols {
		if col != nil {
			g.cols[k] = col[i:j:j]
		}
	}
	return g
}

// clear empties every column and keeps its memory.
func (f *frame) clear() {
	f.time = f.time[:0]
	for k := range f.cols {
		f.cols[k] = f.cols[k][:0]
	}
}

// CloseOnly reports whether open, high and low are the close's own slice: the
// declared form of candles of which only the close is known.
func CloseOnly(s *market.Series) bool {
	n := len(s.Close)
	return n > 0 && len(s.Open) == n && len(s.High) == n && len(s.Low) == n &&
		&s.Open[0] == &s.Close[0] && &s.High[0] == &s.Close[0] && &s.Low[0] == &s.Close[0]
}

// Stored returns the columns that a file of the series holds.
func Stored(s *market.Series) Columns {
	var have Columns
	f := frameOf(s)
	for k, col := range f.cols {
		if col != nil {
			have |= 1 << k
		}
	}
	if CloseOnly(s) {
		have &^= Open | High | Low
	}
	return have
}

// layout says where a file keeps the columns.
type layout struct {
	time      int
	index     [columnCount]int // the column's place in the file; -1 if absent
	have      Columns
	closeOnly bool
}

// newLayout finds the candle columns among a file's column names.
func newLayout(file string, names []string) (layout, error) {
	l := layout{time: slices.Index(names, timeColumn)}
	for k, name := range columnNames {
		l.index[k] = slices.Index(names, name)
		if l.index[k] >= 0 {
			l.have |= 1 << k
		}
	}
	l.closeOnly = l.have&OHLC == Close
	missing := OHLC &^ l.have
	switch {
	case l.time < 0:
		return l, noColumn(file, timeColumn, names)
	case !l.closeOnly && missing != 0:
		return l, noColumn(file, missing.String(), names)
	}
	for i, name := range names {
		if slices.Index(names, name) != i {
			return l, &Refusal{File: file, Problem: ErrNoColumn,
				Found: fmt.Sprintf("the column %q twice", name), Expected: "every column once", Remedy: "rename one of them"}
		}
	}
	return l, nil
}

// wanted returns the columns of the file that a selection needs.
func (l *layout) wanted(sel Columns) Columns {
	if sel == 0 {
		sel = AllColumns
	}
	if l.closeOnly && sel&OHLC != 0 {
		sel |= Close
	}
	return sel & l.have
}

func noColumn(file, wanted string, names []string) error {
	found := "no columns"
	if len(names) > 0 {
		found = "the columns " + strings.Join(names, ", ")
	}
	return &Refusal{File: file, Problem: ErrNoColumn, Found: found,
		Expected: "also " + wanted + " (time, open, high, low, close; or time and close alone)",
		Remedy:   "import the file with its columns named"}
}

func wrongType(file, column, found, expected string) error {
	return &Refusal{File: file, Problem: ErrType, Found: fmt.Sprintf("column %s of type %s", column, found),
		Expected: expected, Remedy: "import the file to convert it"}
}

// KnownColumn reports whether a candle has a column of that name, time included.
func KnownColumn(name string) bool {
	return name == timeColumn || slices.Contains(columnNames[:], name)
}
