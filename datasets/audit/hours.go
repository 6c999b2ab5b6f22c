package audit

import (
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// sessions is a calendar that also tells when its answer changes.
// *market.Schedule is one.
type sessions interface {
	datasets.Calendar
	// At returns whether the market is open at ms, UTC ms, and until when.
	At(ms int64) (open bool, untilMS int64)
}

// hours answers when the market is open, for times that mostly ascend. It keeps
// the stretch around the last answer.
type hours struct {
	moving datasets.MovingCalendar

	open           bool // in [fromMS, untilMS)
	fromMS, untils int64
}

func newHours(o *Options) hours {
	pair, calendar := o.Pair, o.Calendar
	return hours{moving: datasets.MovingCalendar{Make: func(from, to int64) (datasets.Calendar, error) {
		return calendar(pair, from, to)
	}}}
}

// at returns whether the market is open at ms, and until when.
func (h *hours) at(ms int64) (open bool, untilMS int64, err error) {
	if h.fromMS <= ms && ms < h.untils {
		return h.open, h.untils, nil
	}
	c, err := h.moving.At(ms, ms+1)
	if err != nil {
		return false, 0, err
	}
	if s, ok := c.(sessions); ok {
		h.open, h.untils = s.At(ms)
	} else {
		h.open, h.untils = c.OpenMS(ms, ms+1) > 0, ms+1
	}
	h.fromMS = ms
	return h.open, h.untils, nil
}

// openMS returns the open-market time within [a, b), ms.
func (h *hours) openMS(a, b int64) (int64, error) { return h.moving.OpenMS(a, b) }

// wallClock reads a zone's clock at UTC instants. It keeps the offset around the
// last answer.
type wallClock struct {
	zone *time.Location

	fromMS, toMS int64 // in which offset holds
	offset       int64 // ms to add to UTC
}

// newYork is the clock that the hours of forex and equities are stated in.
func newYork() (wallClock, error) {
	zone, err := market.LoadZone("America/New_York")
	return wallClock{zone: zone}, err
}

// offsetAt returns the zone's offset from UTC at an instant, ms.
func (w *wallClock) offsetAt(ms int64) int64 {
	if w.fromMS <= ms && ms < w.toMS {
		return w.offset
	}
	t := time.UnixMilli(ms).In(w.zone)
	_, seconds := t.Zone()
	start, end := t.ZoneBounds()
	w.offset, w.fromMS, w.toMS = int64(seconds)*1000, firstTimeMS, endTimeMS
	if !start.IsZero() {
		w.fromMS = start.UnixMilli()
	}
	if !end.IsZero() {
		w.toMS = end.UnixMilli()
	}
	return w.offset
}

// reading returns the weekday and the time of day on the clock, ms after
// midnight.
func (w *wallClock) reading(ms int64) (time.Weekday, int64) {
	local := ms + w.offsetAt(ms)
	day := floorDiv(local, int64(datasets.Day))
	return weekday(day), local - day*int64(datasets.Day)
}

// weekday returns the weekday of a date in days since the epoch, a Thursday.
func weekday(day int64) time.Weekday {
	return time.Weekday(((day+int64(time.Thursday))%7 + 7) % 7)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
