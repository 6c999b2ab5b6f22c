package datasets

import (
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// MarketHours returns the hours of a pair's market by the defaults of Rules §3.
// Indices trade at the equities' hours here: no order is taken for them, but
// their candles can be judged.
func MarketHours(p market.Pair) market.Hours {
	switch p.Class {
	case market.Forex:
		return market.ForexHours()
	case market.Equities, market.Indices:
		return market.EquitiesHours()
	}
	return market.Hours{Kind: market.Always}
}

// MarketCalendar returns the MarketHours of a pair over [fromMS, toMS), for
// Select.Calendar.
func MarketCalendar(p market.Pair, fromMS, toMS int64) (Calendar, error) {
	s, err := market.NewSchedule(MarketHours(p), fromMS, toMS)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// MovingCalendar is a calendar for candles that pass in order and whose end is
// not known: it makes market hours for a few years at a time. The zero value with
// Make set is ready.
type MovingCalendar struct {
	Make func(fromMS, toMS int64) (Calendar, error)

	now          Calendar
	fromMS, toMS int64 // what now covers
}

// calendarSpan is how far ahead a MovingCalendar looks, ms: making hours costs
// little, and most files are shorter.
const calendarSpan = 2 * 366 * int64(Day)

// At returns market hours that cover [a, b], both UTC ms.
func (m *MovingCalendar) At(a, b int64) (Calendar, error) {
	if m.now != nil && m.fromMS <= a && b <= m.toMS {
		return m.now, nil
	}
	from, to := a, max(b, min(a+calendarSpan, text.MaxTimeMS-1))
	now, err := m.Make(from, to)
	if err != nil {
		return nil, err
	}
	m.now, m.fromMS, m.toMS = now, from, to
	return now, nil
}

// OpenMS returns the open-market time within [a, b), both UTC ms, in ms.
func (m *MovingCalendar) OpenMS(a, b int64) (int64, error) {
	c, err := m.At(a, b)
	if err != nil {
		return 0, err
	}
	return c.OpenMS(a, b), nil
}
