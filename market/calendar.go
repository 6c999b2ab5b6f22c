package market

import "time"

const (
	hourMS = 60 * 60 * 1000
	dayMS  = 24 * hourMS
)

// civil returns a date as days since 1970-01-01.
func civil(year int, month time.Month, day int) int64 {
	return dayOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).UnixMilli())
}

// dayOf returns the UTC date of an instant, as days since the epoch.
func dayOf(ms int64) int64 {
	day := ms / dayMS
	if ms%dayMS < 0 {
		day--
	}
	return day
}

// weekdayOf returns the weekday of a date; 1970-01-01 was a Thursday.
func weekdayOf(day int64) time.Weekday {
	return time.Weekday(((day+int64(time.Thursday))%7 + 7) % 7)
}
