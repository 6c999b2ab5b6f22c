package datasets

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Interval is the length of a candle, ms.
type Interval int64

// The units of interval names.
const (
	Second Interval = 1000
	Minute          = 60 * Second
	Hour            = 60 * Minute
	Day             = 24 * Hour
)

// intervalUnits is ordered from coarse to fine, so that String finds the
// shortest name.
var intervalUnits = [...]struct {
	suffix string
	length Interval
}{{"d", Day}, {"h", Hour}, {"m", Minute}, {"s", Second}}

// MaxInterval bounds a candle to a leap year: more is a typing error.
const MaxInterval = 366 * Day

// String returns the interval's name in the coarsest unit that divides it:
// "1m", "15m", "4h", "1d"; "250ms" for what is no whole number of seconds.
func (v Interval) String() string {
	for _, u := range intervalUnits {
		if v != 0 && v%u.length == 0 {
			return strconv.FormatInt(int64(v/u.length), 10) + u.suffix
		}
	}
	return strconv.FormatInt(int64(v), 10) + "ms"
}

// ParseInterval returns the interval of that name: a whole number from 1 and
// one of the units s, m, h and d.
func ParseInterval(name string) (Interval, error) {
	for _, u := range intervalUnits {
		digits, ok := strings.CutSuffix(name, u.suffix)
		if !ok || digits == "" || digits[0] < '1' || digits[0] > '9' {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 32)
		if err != nil || Interval(n) > MaxInterval/u.length {
			break
		}
		return Interval(n) * u.length, nil
	}
	return 0, fmt.Errorf("%q is no candle interval: expected a number and a unit, such as 1m, 5m, 15m, 1h, 4h or 1d", name)
}

// formatMS writes a UTC ms instant as messages show it.
func formatMS(ms int64) string {
	t := time.UnixMilli(ms).UTC()
	if ms%1000 != 0 {
		return t.Format("2006-01-02T15:04:05.000Z")
	}
	return t.Format("2006-01-02T15:04:05Z")
}

// FormatLength writes a length of time in ms as messages show it: "1h30m",
// "45s", "3d2h".
func FormatLength(ms int64) string {
	var b strings.Builder
	for _, u := range intervalUnits {
		if n := ms / int64(u.length); n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.suffix)
			ms %= int64(u.length)
		}
	}
	if ms > 0 || b.Len() == 0 {
		fmt.Fprintf(&b, "%dms", ms)
	}
	return b.String()
}
