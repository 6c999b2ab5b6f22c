package convert

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Resample says how coarse candles are made.
type Resample struct {
	Interval datasets.Interval // of the coarse candles: a multiple of the fine ones'
	Hours    market.Hours      // of the pair's market
	Grid     Grid              // "" = SessionGrid
	Partial  Partial           // "" = DropEnds
	Closed   Closed            // "" = DropClosed
}

// Partial says what becomes of coarse candles that lack fine ones.
type Partial string

// The policies for partial candles.
const (
	DropEnds    Partial = "ends" // drop the first or the last of the file if it is cut off there, keep others
	KeepPartial Partial = "keep"
	DropPartial Partial = "drop"
)

// Closed says what becomes of fine candles while the market is closed: before
// and after the session of a stock, on holidays.
type Closed string

// The policies for candles of a closed market.
const (
	DropClosed Closed = "drop"
	// KeepClosed makes coarse candles of their own of them, where the grid has room
	// beside those of the sessions. Not for candles of a day and more.
	KeepClosed Closed = "keep"
)

// Resampled counts what a Resampler did.
type Resampled struct {
	Fine    int64 // candles read
	Coarse  int64 // candles made
	Partial int64 // of the coarse ones, those that lack fine candles
	Ends    int64 // coarse candles dropped for being cut off at the file's first or last candle
	Dropped int64 // coarse candles dropped elsewhere for lacking fine ones
	Closed  int64 // fine candles dropped because the market was closed
}

// Resampler makes coarse candles out of fine ones, chunk by chunk: first open,
// highest high, lowest low, last close, sum of the volume in the order of time,
// last bid and ask. A coarse candle carries the time at which its interval begins
// on the grid, lasts a whole interval, and holds fine candles of one session
// only, all of which end with it or before: nobody who waits for its end sees a
// price too early. Close-only candles stay close-only.
//
// It allocates nothing per candle, and the chunking changes nothing.
type Resampler struct {
	about   Resampled
	options Resample
	pair    market.Pair
	fineMS  int64
	usual   int // fine candles in a coarse one
	slots   *slotter

	limitMS int64 // up to where fine candles go on as the one before: to candle, or to none
	skip    bool  // to none: the market is closed
	candle  candle
	closeMS int64 // time of the last coarse candle that was handed out
	firstMS int64 // time of the first fine candle of all
	lastMS  int64 // of the last so far

	out       market.Series // the chunk handed out, used again
	closeOnly bool
}

// NewResampler begins to make coarse candles of a pair out of those of an
// interval. Intervals that don't fit are refused.
func NewResampler(pair market.Pair, fine datasets.Interval, o Resample) (*Resampler, error) {
	o.Grid, o.Partial, o.Closed = or(o.Grid, SessionGrid), or(o.Partial, DropEnds), or(o.Closed, DropClosed)
	if err := o.judge(pair, fine); err != nil {
		return nil, err
	}
	slots, err := newSlotter(fine, o.Interval, o.Grid, o.Hours)
	if err != nil {
		return nil, err
	}
	return &Resampler{options: o, pair: pair, fineMS: int64(fine), usual: int(o.Interval / fine), slots: slots,
		limitMS: math.MinInt64, closeMS: math.MinInt64}, nil
}

func or[T ~string](x, fallback T) T {
	if x == "" {
		return fallback
	}
	return x
}

// judge refuses intervals and policies that don't go together.
func (o *Resample) judge(pair market.Pair, fine datasets.Interval) error {
	bad := func(found, expected, remedy string) error {
		return &datasets.Refusal{File: pair.ID + " at " + fine.String(), Problem: datasets.ErrInterval, Found: found, Expected: expected, Remedy: remedy}
	}
	closes := o.Hours.Kind != market.Always
	switch {
	case fine <= 0 || o.Interval <= fine || o.Interval%fine != 0:
		return bad("the interval "+o.Interval.String()+" to make", "a multiple of "+fine.String(),
			"choose a coarser --interval that "+fine.String()+" divides")
	case o.Hours.Kind == market.Never:
		return bad("a market that never opens", "one with sessions", "choose a rule set with hours for "+pair.Class.String())
	case closes && o.Interval > datasets.Day:
		return bad("the interval "+o.Interval.String()+" to make", "at most 1d in a market that closes, since no candle reaches over a closed market",
			"choose --interval 1d or finer")
	case closes && o.Closed == KeepClosed && o.Interval >= datasets.Day:
		return bad("candles of the closed market to keep at "+o.Interval.String(), "an interval under a day", "choose --closed drop")
	}
	return nil
}

// Counts tells what was done so far.
func (r *Resampler) Counts() Resampled { return r.about }

// Append takes the next fine candles, as datasets.Checker passes them, and
// returns the coarse ones that are finished. The returned series is used again
// by the next call.
func (r *Resampler) Append(s *market.Series) (*market.Series, error) {
	if s.Len() == 0 {
		r.clear()
		return r.finished(), nil
	}
	r.begin(s)
	if r.about.Fine == 0 {
		r.firstMS = s.Time[0]
	}
	r.lastMS = s.Time[s.Len()-1]
	r.about.Fine += int64(s.Len())
	for i := 0; i < len(s.Time); {
		if ms := s.Time[i]; ms >= r.limitMS && !r.follows(ms) {
			if err := r.next(ms); err != nil {
				return nil, err
			}
		}
		j := r.until(s.Time, i)
		if r.skip {
			r.about.Closed += int64(j - i)
		} else if err := r.add(s, i, j); err != nil {
			return nil, err
		}
		i = j
	}
	return r.finished(), nil
}

// Close returns the last candle, if there is one: the series may be empty.
func (r *Resampler) Close() *market.Series {
	r.clear()
	r.finish(true)
	return r.finished()
}

// begin gives the next chunk the columns of the fine candles.
func (r *Resampler) begin(s *market.Series) {
	r.closeOnly = datasets.CloseOnly(s)
	r.out.Pair, r.out.IntervalMS = r.pair, int64(r.options.Interval)
	room := s.Len()/r.usual + 2
	from, to := columns(s), columns(&r.out)
	for k, col := range from {
		switch there := *col != nil && (k > 2 || !r.closeOnly); {
		case !there:
			*to[k] = nil
		case *to[k] == nil:
			*to[k] = make([]float64, 0, room)
		}
	}
	r.clear()
	r.out.Time = slices.Grow(r.out.Time, room)
}

// clear empties the chunk handed out.
func (r *Resampler) clear() {
	r.out.Time = r.out.Time[:0]
	for _, col := range columns(&r.out) {
		if *col != nil {
			*col = (*col)[:0]
		}
	}
}

// finished returns the chunk to hand out.
func (r *Resampler) finished() *market.Series {
	s := r.out
	if r.closeOnly {
		s.Open, s.High, s.Low = s.Close, s.Close, s.Close
	}
	return &s
}

// columns returns the columns of a series, in the order of files.
func columns(s *market.Series) [7]*[]float64 {
	return [7]*[]float64{&s.Open, &s.High, &s.Low, &s.Close, &s.Volume, &s.Bid, &s.Ask}
}

// until returns the end of the fine candles from i on that lie before the limit.
// They are at least an interval apart, mostly exactly one.
func (r *Resampler) until(t []int64, i int) int {
	// Most often the candle's are all there.
	if j := i + r.usual; j <= len(t) && t[j-1]-t[i] == int64(r.usual-1)*r.fineMS && t[j-1]+r.fineMS == r.limitMS {
		return j
	}
	most := (r.limitMS - t[i] + r.fineMS - 1) / r.fineMS
	if most >= int64(len(t)-i) {
		most = int64(len(t) - i)
	}
	j := i + int(most)
	if t[j-1]-t[i] == (most-1)*r.fineMS || t[j-1] < r.limitMS {
		return j
	}
	n, _ := slices.BinarySearch(t[i:j], r.limitMS)
	return i + n
}

// follows begins the coarse candle right behind the one before, if that is where
// the fine candle at ms goes: the common case, without a look at the hours.
func (r *Resampler) follows(ms int64) bool {
	c := &r.candle
	to := c.toMS + int64(r.options.Interval)
	if c.rows == 0 || c.closed || r.skip || ms != c.toMS || to > c.endMS {
		return false
	}
	r.finish(false)
	c.fromMS, c.toMS, r.limitMS = ms, to, to
	return true
}

// next decides where the fine candle at ms goes, which no longer goes where the
// one before did.
func (r *Resampler) next(ms int64) error {
	place, err := r.slots.of(ms)
	if err != nil {
		return err
	}
	r.skip = place.closed && r.dropsClosed(&place)
	switch {
	case r.skip:
		// To the first candle that reaches into the session.
		r.limitMS = place.endMS - r.fineMS + 1
		if r.options.Closed == KeepClosed {
			r.limitMS = min(r.limitMS, place.toMS)
		}
		return nil
	case place.closed:
		r.limitMS = min(place.toMS, place.endMS-r.fineMS+1)
	default:
		r.limitMS = min(place.toMS, place.endMS)
	}
	r.finish(false)
	return r.start(place)
}

// dropsClosed reports whether a fine candle of the closed market is left out: by
// policy, or because the session before or after it has its place.
func (r *Resampler) dropsClosed(place *slot) bool {
	taken := r.candle.rows > 0 && !r.candle.closed && place.fromMS < r.candle.toMS
	return r.options.Closed != KeepClosed || taken || place.toMS > place.endMS
}

// start begins the coarse candle of a slot.
func (r *Resampler) start(place slot) error {
	if r.closeMS != math.MinInt64 && place.fromMS < r.closeMS+int64(r.options.Interval) {
		return &datasets.Refusal{File: r.pair.ID, Problem: datasets.ErrSpacing,
			Found:    fmt.Sprintf("two sessions in the candle of %s at %s", stamp(r.closeMS), r.options.Interval),
			Expected: "one session a candle", Remedy: "choose a finer --interval"}
	}
	r.candle.slot = place
	return nil
}

// crosses is the refusal of a fine candle that lies in two coarse ones.
func (r *Resampler) crosses(ms int64) error {
	remedy := "choose an interval on whose grid the candles are, or repair their times"
	if r.options.Grid == SessionGrid && r.options.Hours.Kind != market.Always {
		remedy = "choose --grid utc, or repair their times"
	}
	return &datasets.Refusal{File: r.pair.ID, Problem: datasets.ErrSpacing,
		Found:    fmt.Sprintf("the candle of %s, which reaches over %s", stamp(ms), stamp(r.candle.toMS)),
		Expected: fmt.Sprintf("candles of %s that end with those of %s, which begin at %s", datasets.Interval(r.fineMS), r.options.Interval, stamp(r.candle.fromMS)),
		Remedy:   remedy}
}

// stamp writes an instant as messages show it.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z") }
