package reports

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// noFigure stands where there is no number.
const noFigure = "–"

// figure writes a number for people: four significant digits.
func figure(x float64) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(a) || math.IsInf(a, 0):
		return noFigure
	case a == 0:
		return "0"
	case a < 1e-3 || a >= 1e7:
		return strconv.FormatFloat(x, 'e', 3, 64)
	case a >= 1000:
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'f', 3-int(math.Floor(math.Log10(a))), 64)
}

// percent writes a fraction for people: 0.0725 is "7.25 %". What is too small
// for two decimals gets two digits.
func percent(fraction float64) string {
	x := 100 * fraction
	a := math.Abs(x)
	switch {
	case math.IsNaN(a) || math.IsInf(a, 0):
		return noFigure
	case a == 0 || a >= 0.1:
		return strconv.FormatFloat(x, 'f', 2, 64) + " %"
	case a < 1e-6:
		return strconv.FormatFloat(x, 'e', 1, 64) + " %"
	}
	return strconv.FormatFloat(x, 'f', 1-int(math.Floor(math.Log10(a))), 64) + " %"
}

// change writes a change for people, with its sign.
func change(fraction float64) string {
	if fraction > 0 {
		return "+" + percent(fraction)
	}
	return percent(fraction)
}

// plain writes a number that a person once typed, as short as it goes: 0.1 of a
// limit is "10".
func plain(x float64) string {
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// plainPercent writes such a fraction in percent. The digits past the twelfth
// are those of the multiplication.
func plainPercent(fraction float64) string {
	return strconv.FormatFloat(100*fraction, 'g', 12, 64) + " %"
}

// minute writes an instant, UTC ms, for people.
func minute(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04") }

// date writes the day of an instant, UTC ms.
func date(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.DateOnly) }

// instant writes a time, UTC ms, as RFC 3339, exactly.
func instant(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

const dayMS = 24 * 60 * 60 * 1000

// span writes a length of time, ms, in its two largest units.
func span(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	days, hours := int64(d/(24*time.Hour)), int64(d/time.Hour)%24
	minutes, seconds := int64(d/time.Minute)%60, int64(d/time.Second)%60
	switch {
	case days > 0 && hours > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case days > 0:
		return fmt.Sprintf("%d d", days)
	case hours > 0 && minutes > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	case hours > 0:
		return fmt.Sprintf("%d h", hours)
	case minutes > 0:
		return fmt.Sprintf("%d min", minutes)
	}
	return fmt.Sprintf("%d s", seconds)
}

// count writes a number of things: "1 order", "2 orders".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
