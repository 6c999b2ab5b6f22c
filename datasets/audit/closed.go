package audit

import (
	"fmt"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// closed gathers the candles while the market is closed.
type closed struct {
	class   market.Class
	newYork wallClock
	keep    int

	all      tally
	moving   int64 // of them with any movement
	weekend  int64 // of them between the weekly close and open
	saturday tally // on Saturday in UTC
	before   int64 // of equities: on a weekday, before the session
	after    int64 // of equities: on a weekday, after the session
	other    int64 // holidays
}

// add counts row i, in a closed market.
func (c *closed) add(s *market.Series, i int, row int64) {
	ms := s.Time[i]
	moved := s.High[i] > s.Low[i]
	c.all.add(c.keep, row, ms, ms+s.IntervalMS, func() string { return "a candle at " + instant(ms) + ", " + c.when(ms) })
	if moved {
		c.moving++
	}
	switch c.when(ms) {
	case weekend:
		c.weekend++
		if day := floorDiv(ms, dayMS); moved && weekday(day) == time.Saturday {
			c.saturday.add(c.keep, row, ms, ms+s.IntervalMS, func() string { return "forex candles on Saturday, such as " + instant(ms) })
		}
	case early:
		c.before++
	case late:
		c.after++
	default:
		c.other++
	}
}

// When candles of a closed market lie.
const (
	weekend = "on a weekend"
	holiday = "on a holiday"
	early   = "before the session"
	late    = "after the session"
)

// when names the closed time that ms, UTC ms, lies in.
func (c *closed) when(ms int64) string {
	day, clock := c.newYork.reading(ms)
	const close5pm, noon = 17 * int64(datasets.Hour), 12 * int64(datasets.Hour)
	switch {
	case c.class == market.Forex:
		if day == time.Saturday || day == time.Friday && clock >= close5pm || day == time.Sunday && clock < close5pm {
			return weekend
		}
		return holiday
	case day == time.Saturday || day == time.Sunday:
		return weekend
	case clock < noon && clock < 9*int64(datasets.Hour)+fixedGrid:
		return early
	case clock >= 13*int64(datasets.Hour):
		return late
	}
	return holiday
}

// finding sums them up; ok is false if there are none.
func (c *closed) finding() (f Finding, ok bool) {
	if c.all.count == 0 {
		return f, false
	}
	severity := Note
	if c.class == market.Forex && c.moving > 0 && c.weekend > 0 {
		severity = Warning
	}
	f = c.all.finding(MarketClosed, severity)
	var where []string
	for _, part := range []struct {
		n    int64
		name string
	}{{c.before, early}, {c.after, late}, {c.weekend, weekend}, {c.other, holiday}} {
		if part.n > 0 {
			where = append(where, fmt.Sprintf("%d %s", part.n, part.name))
		}
	}
	f.Found = strings.Join(where, ", ") + "; the first at " + instant(f.FromMS)
	switch {
	case c.moving == 0:
		f.Cause = "the source fills closed hours with flat candles"
	case c.before+c.after > 0:
		f.Cause = "the file holds extended hours"
	case severity == Warning:
		f.Cause = "a wrong clock, or a broker that quotes on weekends"
	default:
		f.Cause = "the market traded on days that Rules §3 closes"
	}
	f.Remedy = "runs take no order there; drop them with --on-closed drop"
	if severity == Warning {
		f.Remedy = "make sure of the clock (--zone) first; " + f.Remedy
	}
	return f, true
}
