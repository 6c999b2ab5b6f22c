package reports

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// tick is a mark of an axis: its label, and a second line under it.
type tick struct {
	at    float64
	label string
	below string
}

// timeTicks are marks at round times in UTC, at most so many: minutes, hours,
// days, Mondays, months or years, as the span wants. The first has the larger
// unit under it, as has each at which that changes.
func timeTicks(fromMS, toMS int64, most int) []tick {
	const minuteMS, hourMS = 60_000, 3_600_000
	fixed := [...]int64{
		1000, 5000, 15_000, 30_000, minuteMS, 2 * minuteMS, 5 * minuteMS, 10 * minuteMS, 15 * minuteMS, 30 * minuteMS,
		hourMS, 2 * hourMS, 3 * hourMS, 6 * hourMS, 12 * hourMS, dayMS, 2 * dayMS, 7 * dayMS, 14 * dayMS,
	}
	for _, step := range fixed {
		if (toMS-fromMS)/step < int64(most) {
			return labelTimes(fixedTimes(fromMS, toMS, step), step)
		}
	}
	for _, months := range [...]int{1, 2, 3, 6, 12, 24, 60, 120} {
		if ticks := monthTimes(fromMS, toMS, months); len(ticks) <= most {
			return labelTimes(ticks, int64(months)*28*dayMS)
		}
	}
	return labelTimes(monthTimes(fromMS, toMS, 1200), 1200*28*dayMS)
}

// fixedTimes are the multiples of step; weeks start on Monday.
func fixedTimes(fromMS, toMS, step int64) []int64 {
	const mondayMS = 4 * dayMS // 1970-01-05
	offset := int64(0)
	if step >= 7*dayMS {
		offset = mondayMS
	}
	var times []int64
	first := fromMS + ((offset-fromMS)%step+step)%step
	for t := first; t <= toMS; t += step {
		times = append(times, t)
	}
	return times
}

// monthTimes are the first instants of every so many months.
func monthTimes(fromMS, toMS int64, months int) []int64 {
	var times []int64
	from := time.UnixMilli(fromMS).UTC()
	first := (from.Year()*12 + int(from.Month()) - 1) / months * months
	for m := first; ; m += months {
		t := time.Date(m/12, time.Month(m%12+1), 1, 0, 0, 0, 0, time.UTC).UnixMilli()
		if t > toMS {
			return times
		}
		if t >= fromMS {
			times = append(times, t)
		}
	}
}

func labelTimes(times []int64, step int64) []tick {
	label, larger := "2 Jan", "2006"
	switch {
	case step >= 12*28*dayMS:
		label, larger = "2006", ""
	case step >= 28*dayMS:
		label = "Jan"
	case step < 60_000:
		label, larger = "15:04:05", "2 Jan 2006"
	case step < dayMS:
		label, larger = "15:04", "2 Jan 2006"
	}
	ticks := make([]tick, len(times))
	last := ""
	for i, ms := range times {
		t := time.UnixMilli(ms).UTC()
		ticks[i] = tick{at: float64(ms), label: t.Format(label)}
		if below := t.Format(larger); below != last {
			ticks[i].below, last = below, below
		}
	}
	return ticks
}

// percentTicks are marks of an axis of fractions, about so many, at round
// percentages.
func percentTicks(s scale, about int) []tick {
	step := roundStep(100*(s.max-s.min), about)
	var ticks []tick
	for k := math.Ceil(100*s.min/step - 1e-9); k*step <= 100*s.max+1e-9*step; k++ {
		ticks = append(ticks, tick{at: k * step / 100, label: percentLabel(k*step, step)})
	}
	return ticks
}

// roundStep is the step of 1, 2, 2.5 or 5 times a power of ten that cuts a range
// into about so many parts.
func roundStep(length float64, about int) float64 {
	if !(length > 0) {
		return 1
	}
	rough := length / float64(about)
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range [...]float64{1, 2, 2.5, 5} {
		if rough <= m*power*1.0001 {
			return m * power
		}
	}
	return 10 * power
}

// percentLabel writes a percentage with the decimals that its step needs.
func percentLabel(x, step float64) string {
	if math.Abs(x) < step/2 {
		return "0 %"
	}
	if math.Abs(x) >= enormous {
		return shortened(x) + " %"
	}
	decimals := 0
	for ; decimals < 8; decimals++ {
		if scaled := step * math.Pow(10, float64(decimals)); math.Abs(scaled-math.Round(scaled)) < 1e-6*scaled {
			break
		}
	}
	return typeset(strconv.FormatFloat(x, 'f', decimals, 64)) + " %"
}

// enormous is from where on a percentage is shortened.
const enormous = 1e5

// shortened writes a large number in three digits and a letter: "314k".
func shortened(x float64) string {
	unit := ""
	for _, u := range [...]struct {
		of   float64
		name string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(x) >= 0.9995*u.of {
			x, unit = x/u.of, u.name
			break
		}
	}
	return typeset(strconv.FormatFloat(x, 'g', 3, 64)) + unit
}

// typeset writes a number as printers do: a true minus, thin groups of thousands.
func typeset(number string) string {
	minus := strings.HasPrefix(number, "-")
	number = strings.TrimLeft(number, "+-")
	whole, decimals, _ := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0 && len(whole) > 4; i -= 3 {
		whole = whole[:i] + "\u00a0" + whole[i:]
	}
	if decimals != "" {
		whole += "." + decimals
	}
	if minus {
		return "−" + whole
	}
	return whole
}

// percentText writes a fraction as a percentage of two decimals, fewer where it
// is large: "12.34 %".
func percentText(fraction float64) string {
	x := 100 * fraction
	if x-x != 0 {
		return noFigure
	}
	if math.Abs(x) >= enormous {
		return shortened(x) + " %"
	}
	decimals := 2
	if math.Abs(x) >= 1000 {
		decimals = 0
	}
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return typeset(text) + " %"
}

// changeText is percentText with the sign of a gain.
func changeText(fraction float64) string {
	text := percentText(fraction)
	if fraction > 0 && strings.Trim(text, "0. %") != "" {
		return "+" + text
	}
	return text
}
