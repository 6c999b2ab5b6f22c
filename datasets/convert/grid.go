package convert

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Grid says where coarse candles begin. A market that never closes has one grid:
// whole intervals since 1970-01-01 UTC, and whole weeks since a Monday.
type Grid string

// The grids.
const (
	// SessionGrid counts intervals from the open of the session: equities by the
	// hour at 9:30, 10:30, … New York, the last of the day short. Forex counts from
	// the week's open, Sunday 17:00 New York: a day of forex is the trading day
	// that ends at 17:00 New York, and what divides an hour is on the grid of UTC as
	// well. A holiday cuts candles short and does not move the grid.
	SessionGrid Grid = "session"

	// UTCGrid counts intervals from the epoch in every market, so that days are UTC
	// days. The first candle of a session may then begin, by its time, while the
	// market is still closed.
	UTCGrid Grid = "utc"
)

// slot is the place of one coarse candle, UTC ms.
type slot struct {
	fromMS, toMS  int64 // the candle's time and its end
	openMS, endMS int64 // the session that it belongs to; with closed, the time around it without a session
	closed        bool  // the market is closed: fine candles here belong to no session
}

// head and tail bound the part of the slot in which candles can be.
func (s *slot) head() int64 { return max(s.fromMS, s.openMS) }
func (s *slot) tail() int64 { return min(s.toMS, s.endMS) }

// slotter finds the slot of a fine candle. Sessions are looked up when they
// change, so that candles of one session cost a division each.
type slotter struct {
	fineMS, coarseMS int64
	grid             Grid
	hours            market.Hours

	always bool
	now    slot  // the session, or the closed time, of the last question
	anchor int64 // an instant of its grid

	open, whole      *market.Schedule // whole: the hours without holidays and early closes, which the grid hangs on
	coverMS, untilMS int64            // what the schedules answer for
}

// firstMonday is 1970-01-05, UTC ms.
const firstMonday = 4 * int64(datasets.Day)

// lookBackMS is longer than any session, and than the time between two.
const lookBackMS = 15 * int64(datasets.Day)

func newSlotter(fine, coarse datasets.Interval, grid Grid, hours market.Hours) (*slotter, error) {
	s := &slotter{fineMS: int64(fine), coarseMS: int64(coarse), grid: grid, hours: hours, always: hours.Kind == market.Always}
	if coarse%(7*datasets.Day) == 0 {
		s.anchor = firstMonday
	}
	if s.always {
		s.now = slot{openMS: math.MinInt64, endMS: math.MaxInt64}
		return s, nil
	}
	s.now = slot{openMS: math.MaxInt64, endMS: math.MinInt64} // nothing yet
	return s, hours.Validate()
}

// of returns the slot of the fine candle that opens at ms. A candle belongs to
// the session that is open during any of it.
func (s *slotter) of(ms int64) (slot, error) {
	// A session takes the candle before it that reaches into it, closed time
	// leaves it to the session.
	inside := ms >= s.now.openMS && ms < s.now.endMS
	if s.now.closed {
		inside = inside && ms+s.fineMS <= s.now.endMS
	}
	if !inside {
		if err := s.find(ms); err != nil {
			return slot{}, err
		}
	}
	place := s.now
	place.fromMS = s.anchor + floorDiv(ms-s.anchor, s.coarseMS)*s.coarseMS
	place.toMS = place.fromMS + s.coarseMS
	return place, nil
}

// find looks up the session, or the closed time, and its grid.
func (s *slotter) find(ms int64) error {
	if err := s.cover(ms); err != nil {
		return err
	}
	at := ms
	isOpen, until := s.open.At(ms)
	if !isOpen && until < ms+s.fineMS { // it reaches into the session that opens
		at = until
		isOpen, until = s.open.At(at)
	}
	s.now = slot{openMS: ms, endMS: until, closed: !isOpen}
	if isOpen {
		s.now.openMS = lastOpen(s.open, at)
	}
	if s.grid == SessionGrid {
		if s.anchor = lastOpen(s.whole, at); s.anchor == math.MinInt64 {
			return fmt.Errorf("the market's hours have no session in the %d days before %d ms", lookBackMS/int64(datasets.Day), at)
		}
	}
	return nil
}

// cover makes schedules that answer for the time around ms.
func (s *slotter) cover(ms int64) (err error) {
	if s.open != nil && s.coverMS <= ms-lookBackMS && ms+lookBackMS < s.untilMS {
		return nil
	}
	const ahead = 4 * 366 * int64(datasets.Day)
	from, to := ms-lookBackMS, ms+ahead
	if s.open, err = market.NewSchedule(s.hours, from, to); err != nil {
		return err
	}
	whole := s.hours
	whole.Holidays, whole.ClosedDates, whole.EarlyDays = nil, nil, nil
	s.whole, err = market.NewSchedule(whole, from, to)
	s.coverMS, s.untilMS = s.open.Covers()
	return err
}

// lastOpen returns the opening instant of the session that is open at ms, or else
// of the last before it.
func lastOpen(s *market.Schedule, ms int64) int64 {
	last := int64(math.MinInt64)
	for opens := range s.Sessions(ms-lookBackMS, ms+1) {
		last = opens
	}
	return last
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
