package audit

import (
	"fmt"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// clocks tells from when a market's candles stop and start again whether the
// file's times are UTC: a forex week ends on Friday and begins on Sunday at 17:00
// New York, a session of equities lasts from 9:30 to 16:00. What the readings are
// off by in winter, in summer, and in the weeks between the dates on which America
// and Europe change their clocks, is the fingerprint of a clock.
type clocks struct {
	class  market.Class
	metal  bool // whose week begins an hour later at most sources
	us, eu wallClock
	ready  bool

	closes, opens [seasons]readings
}

// The seasons of the two clocks.
const (
	winter  = iota // both on standard time
	summer         // both on daylight saving
	between        // America on daylight saving, Europe not
	seasons
)

// halfHour is the grain of the readings, ms: no zone has a finer one by now.
const halfHour = 30 * int64(datasets.Minute)

// readings counts by how much stops or starts are off.
type readings struct {
	n      [2 * 7 * 48]int64 // by half hours, from half a week early
	total  int64
	fromMS int64 // the first reading
	toMS   int64 // the last
	row    int64 // of the first
}

func (r *readings) add(off, ms, row int64) {
	if r.total == 0 {
		r.fromMS, r.row = ms, row
	}
	r.toMS = ms
	r.total++
	r.n[off/halfHour+int64(len(r.n))/2]++
}

// usual returns what most of the readings are off by, ms; ok is false if there is
// no such.
func (r *readings) usual() (off int64, ok bool) {
	best := 0
	for i, n := range r.n {
		if n > r.n[best] {
			best = i
		}
	}
	return (int64(best) - int64(len(r.n))/2) * halfHour, r.total > 0 && 5*r.n[best] >= 3*r.total
}

// pause takes the time [from, to) between two candles, before a row.
func (c *clocks) pause(from, to, row int64) {
	pause, week := 4*int64(datasets.Hour), dayMS
	closes, opens := 16*int64(datasets.Hour), 9*int64(datasets.Hour)+halfHour
	if c.class == market.Forex {
		const friday, five = 5 * 24 * int64(datasets.Hour), 17 * int64(datasets.Hour)
		pause, week, closes, opens = dayMS, 7*dayMS, friday+five, five
	}
	if !c.ready || to-from < pause || to-from > 5*dayMS {
		return
	}
	if s := c.season(from); s < seasons {
		c.closes[s].add(c.off(from, closes, week), from, row)
	}
	if s := c.season(to); s < seasons {
		c.opens[s].add(c.off(to, opens, week), to, row)
	}
}

// off returns by how much a reading of New York's clock is after the nominal one
// of each day or week, in whole half hours.
func (c *clocks) off(ms, nominal, period int64) int64 {
	day, clock := c.us.reading(ms)
	off := int64(day)*dayMS + clock - nominal + halfHour/2
	off -= floorDiv(off+period/2, period) * period
	return floorDiv(off, halfHour) * halfHour
}

// season returns the season of an instant; seasons if there is no name for it.
func (c *clocks) season(ms int64) int {
	us := c.us.offsetAt(ms) == -4*int64(datasets.Hour)
	eu := c.eu.offsetAt(ms) == int64(datasets.Hour)
	switch {
	case us && eu:
		return summer
	case us:
		return between
	case eu:
		return seasons
	}
	return winter
}

// fingerprint is by how much a clock is off, ms, in each season that is known.
type fingerprint struct {
	off   [seasons]int64
	known [seasons]bool
}

// fingerprint compares stops with starts. Where they are off by different
// amounts, the market keeps other hours: that is no clock's fault.
func (c *clocks) fingerprint() (f fingerprint, weeks int64) {
	for s := range seasons {
		a, okA := c.closes[s].usual()
		b, okB := c.opens[s].usual()
		if okA && okB && (a == b || c.metal && b == a+int64(datasets.Hour)) {
			f.off[s], f.known[s] = a, true
			if a != 0 {
				weeks += c.opens[s].total
			}
		}
	}
	return f, weeks
}

// finding names the clock, if the file's is not UTC.
func (c *clocks) finding() (Finding, bool) {
	if !c.ready {
		return Finding{}, false
	}
	f, weeks := c.fingerprint()
	onlyBetween := f.known[between] && f.off[between] != 0 && f.off[winter] == 0 && f.off[summer] == 0
	if weeks == 0 || weeks < 3 && !onlyBetween {
		return Finding{}, false
	}
	if onlyBetween && !f.known[winter] && !f.known[summer] {
		return Finding{}, false
	}
	x := Finding{Problem: TimeZone, Severity: Warning, Count: weeks}
	for s := range seasons {
		if r := &c.opens[s]; f.known[s] && f.off[s] != 0 && (x.Row == 0 || r.row < x.Row) {
			x.Row, x.FromMS, x.ToMS = r.row, r.fromMS, r.toMS
		}
	}
	x.Found = c.describe(f)
	x.Cause, x.Remedy = f.cause()
	x.First = []Occurrence{{Row: x.Row, FromMS: x.FromMS, ToMS: x.ToMS, Found: x.Found}}
	return x, true
}

// describe says by how much the sessions are off and when.
func (c *clocks) describe(f fingerprint) string {
	what := "sessions start and end"
	if c.class == market.Forex {
		what = "weeks start and end"
	}
	var parts []string
	for s, name := range [seasons]string{"in winter", "in summer", ""} {
		if s == between {
			name = fmt.Sprintf("while America has daylight saving and Europe has not (%s)", date(c.opens[s].fromMS))
		}
		if !f.known[s] {
			continue
		}
		parts = append(parts, shift(f.off[s])+" "+name)
	}
	return what + " " + strings.Join(parts, ", ")
}

func date(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.DateOnly) }

// shift says how far off a reading is.
func shift(ms int64) string {
	switch {
	case ms == 0:
		return "on time"
	case ms < 0:
		return length(-ms) + " early"
	}
	return length(ms) + " late"
}

// cause names the clock that leaves such a fingerprint, and what to do.
func (f *fingerprint) cause() (cause, remedy string) {
	const hour = int64(datasets.Hour)
	w, s, b := f.off[winter], f.off[summer], f.off[between]
	again := "import the original file with the zone of its clock (--zone)"
	seasonsKnown := f.known[winter] && f.known[summer]
	onTime := (f.known[winter] || f.known[summer]) && w == 0 && s == 0 // what is not known is 0
	switch {
	case onTime && b == -hour:
		return "the file's clock changes on the European dates, but was read as one that changes on the American", again
	case onTime && b == hour:
		return "the file's clock changes on the American dates, but was read as one that changes on the European", again
	case seasonsKnown && s == w-hour:
		return overcorrected(w, s), "import the original file with --zone UTC, or with the zone of its clock"
	}
	names := f.zones()
	if seasonsKnown {
		text := "the file's clock seems to be " + utc(w) + " all year"
		if w != s {
			text = fmt.Sprintf("the file's clock seems to be %s in winter and %s in summer%s", utc(w), utc(s), f.dates())
		}
		cause = text
	} else {
		at := w
		season := "winter"
		if f.known[summer] || !f.known[winter] {
			at, season = s, "summer"
			if !f.known[summer] {
				at, season = b, "spring"
			}
		}
		cause = fmt.Sprintf("the file's clock seems to be %s (seen in %s only)", utc(at), season)
	}
	if len(names) > 0 {
		cause += ": " + strings.Join(names, ", or ")
		if zone, _, _ := strings.Cut(names[0], " "); strings.Contains(zone, "/") {
			again = "import the original file with --zone " + strings.TrimSuffix(zone, ",")
		}
	}
	return cause, again
}

// dates says by which dates the clock changes, if that shows.
func (f *fingerprint) dates() string {
	switch {
	case !f.known[between]:
		return ""
	case f.off[between] == f.off[winter]:
		return ", by the European dates"
	case f.off[between] == f.off[summer]:
		return ", by the American dates"
	}
	return ""
}

// overcorrected names a clock without daylight saving that was read as one with
// it.
func overcorrected(w, s int64) string {
	const hour = int64(datasets.Hour)
	as := "a zone with daylight saving"
	switch w {
	case 5 * hour:
		as = "America/New_York"
	case -2 * hour:
		as = "Europe/Athens"
	case -hour:
		as = "Europe/Berlin"
	case 0:
		as = "Europe/London, or a clock without daylight saving as one with it"
	}
	return fmt.Sprintf("the times, off by %s in winter and %s in summer, seem to have been UTC and were read as %s", signed(w), signed(s), as)
}

// zones lists clocks that leave this fingerprint.
func (f *fingerprint) zones() []string {
	const hour = int64(datasets.Hour)
	var names []string
	for _, z := range []struct {
		winter, summer, between int64 // hours from UTC
		name                    string
	}{
		{0, 1, 0, "Europe/London (so are HistData's files read as UTC-5 all year)"},
		{1, 2, 1, "Europe/Berlin and the like"},
		{2, 3, 2, "Europe/Athens and the like"},
		{2, 3, 3, "America/New_York+7h, as many brokers run"},
		{-5, -4, -4, "America/New_York"},
		{-6, -5, -5, "America/Chicago"},
		{-8, -7, -7, "America/Los_Angeles"},
		{-5, -4, -5, "HistData's own clock"},
		{-5, -5, -5, "New York's standard time all year"},
		{3, 3, 3, "Europe/Moscow"},
		{8, 8, 8, "Asia/Singapore"},
		{9, 9, 9, "Asia/Tokyo"},
	} {
		fits := true
		for s, h := range [seasons]int64{z.winter, z.summer, z.between} {
			fits = fits && (!f.known[s] || f.off[s] == h*hour)
		}
		if fits {
			names = append(names, z.name)
		}
	}
	return names
}

// utc names a fixed offset: "UTC+2", "UTC-5", "UTC+5:30".
func utc(ms int64) string {
	if ms == 0 {
		return "UTC"
	}
	return "UTC" + signed(ms)
}

// signed writes an offset in hours: "+2", "-5", "+5:30".
func signed(ms int64) string {
	sign := "+"
	if ms < 0 {
		sign, ms = "-", -ms
	}
	minutes := ms / int64(datasets.Minute)
	if minutes%60 == 0 {
		return fmt.Sprintf("%s%d", sign, minutes/60)
	}
	return fmt.Sprintf("%s%d:%02d", sign, minutes/60, minutes%60)
}
