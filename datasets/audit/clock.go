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
// New York, a session of equities lasts from 9:30 to 16:00, and metals pause from
// 17:00 to 18:00 every day. What the readings are off by in winter, in summer, and
// in the weeks between the dates on which America and Europe change their clocks,
// is the fingerprint of a clock.
type clocks struct {
	class    market.Class
	metal    bool
	interval int64
	stated   statedZone
	us, eu   wallClock
	ready    bool

	closes, opens [seasons]readings
}

// The seasons of the two clocks.
const (
	winter  = iota // both on standard time
	summer         // both on daylight saving
	between        // America on daylight saving, Europe not
	seasons
)

// Grains of the readings, ms: no zone has a finer one than half an hour by now,
// and feeds stop some minutes early.
const (
	halfHour   = 30 * int64(datasets.Minute)
	roughly    = 10 * int64(datasets.Minute)
	fiveMinute = 5 * int64(datasets.Minute)
)

// clockWeeks is how many weeks of forex, or days of equities and metals, must
// speak for another clock; shortWeeks are enough where only the weeks between the
// two dates do, of which a year has four.
const (
	clockWeeks = 3
	shortWeeks = 2
)

func newClocks(o *Options) (clocks, error) {
	us, err := newYork()
	if err != nil {
		return clocks{}, err
	}
	london, err := market.LoadZone("Europe/London")
	return clocks{class: o.Pair.Class, metal: o.Pair.Metal(), interval: int64(o.Interval), stated: newStatedZone(o.Zone),
		us: us, eu: wallClock{zone: london}, ready: hasSessions(o.Pair.Class) && o.Interval <= datasets.Hour}, err
}

// readings counts by how much stops or starts are off.
type readings struct {
	counts []stepCount // by grain
	total  int64
	ends   int64 // off by exactly the interval
	fromMS int64 // the first reading
	toMS   int64 // the last
	row    int64 // of the first
}

func (r *readings) add(off, interval, ms, row int64) {
	if r.total == 0 {
		r.fromMS, r.row = ms, row
	}
	r.toMS = ms
	r.total++
	if off == interval {
		r.ends++
	}
	off = grain(off)
	for i := range r.counts {
		if r.counts[i].ms == off {
			r.counts[i].n++
			return
		}
	}
	r.counts = append(r.counts, stepCount{off, 1})
}

// grain rounds what a reading is off by to half hours, if it is near to one, else
// to five minutes.
func grain(off int64) int64 {
	if mark := floorDiv(off+halfHour/2, halfHour) * halfHour; off-mark >= -roughly && off-mark <= roughly {
		return mark
	}
	return floorDiv(off+fiveMinute/2, fiveMinute) * fiveMinute
}

// usual returns what most of the readings are off by, ms; ok is false if there is
// no such.
func (r *readings) usual() (off int64, ok bool) {
	var best stepCount
	for _, c := range r.counts {
		if c.n > best.n {
			best = c
		}
	}
	return best.ms, r.total > 0 && 5*best.n >= 3*r.total
}

// pause takes the time [from, to) between two candles, before a row.
func (c *clocks) pause(from, to, row int64) {
	const hour, friday = int64(datasets.Hour), 5 * dayMS
	pause, period := 4*hour, dayMS
	closes, opens := 16*hour, 9*hour+halfHour
	switch {
	case c.metal:
		pause, closes, opens = 3*hour/4, 17*hour, 18*hour
	case c.class == market.Forex:
		pause, period, closes, opens = dayMS, 7*dayMS, friday+17*hour, 17*hour
	}
	if !c.ready || to-from < pause || to-from > 5*dayMS {
		return
	}
	if s := c.season(from); s < seasons {
		c.closes[s].add(c.off(from, closes, period), c.interval, from, row)
	}
	if s := c.season(to); s < seasons {
		c.opens[s].add(c.off(to, opens, period), c.interval, to, row)
	}
}

// off returns by how much a reading of New York's clock is after the nominal one
// of each day or week, ms.
func (c *clocks) off(ms, nominal, period int64) int64 {
	day, clock := c.us.reading(ms)
	off := int64(day)*dayMS + clock - nominal
	return off - floorDiv(off+period/2, period)*period
}

// pauses says how the time [from, to) without candles reads on New York's clock.
func (c *clocks) pauses(from, to int64) string {
	at := func(ms int64) string {
		_, clock := c.us.reading(ms)
		return fmt.Sprintf("%02d:%02d", clock/int64(datasets.Hour), clock/int64(datasets.Minute)%60)
	}
	return fmt.Sprintf("by the file's clock the market pauses from %s to %s New York", at(from), at(to))
}

// twice reports whether a time that comes after end is the hour that clocks with
// daylight saving show twice in autumn, read as UTC.
func (c *clocks) twice(end, ms int64) bool {
	const hour, around = int64(datasets.Hour), 12 * int64(datasets.Hour)
	if end-ms != hour || c.stated.name != "" {
		return false
	}
	for _, w := range [...]*wallClock{&c.us, &c.eu} {
		if w.offsetAt(ms-around)-w.offsetAt(ms+around) == hour {
			return true
		}
	}
	return false
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
// amounts, the market keeps other hours: that is no clock's fault. Some sources of
// metals know no daily pause, and start the week at 17:00.
func (c *clocks) fingerprint() (f fingerprint, weeks int64) {
	for s := range seasons {
		a, okA := c.closes[s].usual()
		b, okB := c.opens[s].usual()
		if okA && okB && (a == b || c.metal && b == a-int64(datasets.Hour)) {
			if c.metal && b == 0 {
				a = 0 // weeks that start on time and end an hour late: the source closes at 18:00
			}
			f.off[s], f.known[s] = a, true
			if a != 0 {
				weeks += c.opens[s].total
			}
		}
	}
	return f, weeks
}

// stampedEnds reports whether most stops and starts are late by exactly an
// interval.
func (c *clocks) stampedEnds() bool {
	for _, all := range [...]*[seasons]readings{&c.closes, &c.opens} {
		var n, ends int64
		for s := range all {
			n, ends = n+all[s].total, ends+all[s].ends
		}
		if n < clockWeeks || 5*ends < 3*n {
			return false
		}
	}
	return true
}

// finding names the clock, if the file's is not the one that it was read with.
func (c *clocks) finding() (Finding, bool) {
	if !c.ready {
		return Finding{}, false
	}
	f, weeks := c.fingerprint()
	ends := c.stampedEnds()
	if ends && c.interval%halfHour != 0 { // no clock of a zone
		return c.ended(), true
	}
	onlyBetween := f.known[between] && f.off[between] != 0 && f.off[winter] == 0 && f.off[summer] == 0
	if weeks < shortWeeks || weeks < clockWeeks && !onlyBetween {
		return Finding{}, false
	}
	if weeks < clockWeeks && !f.known[winter] && !f.known[summer] {
		return Finding{}, false
	}
	x := Finding{Problem: TimeZone, Severity: Warning, Count: weeks}
	for s := range seasons {
		if r := &c.opens[s]; f.known[s] && f.off[s] != 0 && (x.Row == 0 || r.row < x.Row) {
			x.Row, x.FromMS, x.ToMS = r.row, r.fromMS, r.toMS
		}
	}
	x.Found = c.describe(f)
	x.Cause, x.Remedy = c.cause(f)
	if ends {
		x.Cause += "; or the stamps are the candles' ends"
	}
	x.First = []Occurrence{{Row: x.Row, FromMS: x.FromMS, ToMS: x.ToMS, Found: x.Found}}
	return x, true
}

// ended is the finding that stamps are the candles' ends.
func (c *clocks) ended() Finding {
	by := length(c.interval)
	f := Finding{Problem: TimeZone, Severity: Warning,
		Found:  fmt.Sprintf("%s start and end %s late, just one candle", c.what(), by),
		Cause:  "the stamps seem to be the candles' ends",
		Remedy: fmt.Sprintf("take %s off the times at the source", by)}
	if zone := orUTC(c.stated.name); !strings.ContainsAny(zone, "+-") {
		f.Remedy += fmt.Sprintf("; where they name no zone, --zone %s+%s does so", zone, by)
	}
	for s := range seasons {
		r := &c.opens[s]
		f.Count += r.ends
		if r.total > 0 && (f.Row == 0 || r.row < f.Row) {
			f.Row, f.FromMS, f.ToMS = r.row, r.fromMS, r.toMS
		}
	}
	f.First = []Occurrence{{Row: f.Row, FromMS: f.FromMS, ToMS: f.ToMS, Found: f.Found}}
	return f
}

// what names that which the clock is told by.
func (c *clocks) what() string {
	switch {
	case c.metal:
		return "daily pauses"
	case c.class == market.Forex:
		return "weeks"
	}
	return "sessions"
}

// expected says when they are.
func (c *clocks) expected() string {
	switch {
	case c.metal:
		return "pauses from 17:00 to 18:00 New York"
	case c.class == market.Forex:
		return "weeks from Sunday 17:00 to Friday 17:00 New York"
	}
	return "sessions from 9:30 to 16:00 New York"
}

// describe says by how much the sessions are off and when.
func (c *clocks) describe(f fingerprint) string {
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
	text := c.what() + " start and end " + strings.Join(parts, ", ")
	if c.stated.name != "" {
		text += ", as read with " + c.stated.name
	}
	return text
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

// importAgain is the remedy where no zone can be named.
const importAgain = "import the original file with the zone of its clock (--zone)"

// cause names the clock that leaves such a fingerprint, and what to do.
func (c *clocks) cause(f fingerprint) (cause, remedy string) {
	for s := range seasons {
		if f.known[s] && f.off[s]%halfHour != 0 {
			return "the times are off by what no zone is", "find out what the file's times mean"
		}
	}
	if c.stated.name == "" {
		return f.cause()
	}
	clock, ok := f.asRead(c)
	switch {
	case !ok:
		return "the file's clock is not " + c.stated.name, importAgain
	case clock.off == [seasons]int64{}:
		return "the file's times seem to be UTC, not " + c.stated.name, "import the original file with --zone UTC"
	}
	return clock.name()
}

// asRead returns the clock's offsets from UTC: by how much the times are off as
// they were read, and what was taken off them when they were.
func (f *fingerprint) asRead(c *clocks) (clock fingerprint, ok bool) {
	clock.known = f.known
	for s := range seasons {
		if !f.known[s] {
			continue
		}
		taken, ok := c.stated.offset(c.opens[s].fromMS, c.opens[s].toMS)
		if !ok {
			return clock, false
		}
		clock.off[s] = f.off[s] + taken
	}
	return clock, true
}

// cause names the clock of times that were taken for UTC, or whose zone is not
// known any more.
func (f *fingerprint) cause() (cause, remedy string) {
	const hour = int64(datasets.Hour)
	w, s, b := f.off[winter], f.off[summer], f.off[between]
	seasonsKnown := f.known[winter] && f.known[summer]
	onTime := (f.known[winter] || f.known[summer]) && w == 0 && s == 0 // what is not known is 0
	switch {
	case onTime && b == -hour:
		return "the file's clock changes on the European dates, but was read as one that changes on the American", importAgain
	case onTime && b == hour:
		return "the file's clock changes on the American dates, but was read as one that changes on the European", importAgain
	case seasonsKnown && s == w-hour:
		return overcorrected(w, s), "import the original file with --zone UTC, or with the zone of its clock"
	}
	return f.name()
}

// name names the clock whose offsets from UTC these are, and what to do.
func (f *fingerprint) name() (cause, remedy string) {
	w, s := f.off[winter], f.off[summer]
	at, fixed := f.fixed()
	switch {
	case f.known[winter] && f.known[summer] && fixed:
		cause = "the file's clock seems to be " + utc(at) + " all year"
	case f.known[winter] && f.known[summer]:
		cause = fmt.Sprintf("the file's clock seems to be %s in winter and %s in summer%s", utc(w), utc(s), f.dates())
	default:
		at, season := s, "summer"
		switch {
		case f.known[winter]:
			at, season = w, "winter"
		case !f.known[summer]:
			at, season = f.off[between], "spring"
		}
		cause = fmt.Sprintf("the file's clock seems to be %s (seen in %s only)", utc(at), season)
		if f.known[between] && season != "spring" {
			cause = fmt.Sprintf("the file's clock seems to be %s in %s and %s while America has daylight saving and Europe has not",
				utc(at), season, utc(f.off[between]))
		}
	}
	var zones []string
	names := f.zones()
	if len(names) > 0 {
		cause += ": " + strings.Join(names, ", or ")
	}
	for _, name := range names {
		if zone, _, _ := strings.Cut(name, " "); strings.Contains(zone, "/") {
			zones = append(zones, "--zone "+strings.TrimSuffix(zone, ","))
		}
	}
	if fixed && at != 0 && (len(zones) == 0 || !f.known[winter] || !f.known[summer]) {
		zones = append(zones, "--zone "+ahead(at))
	}
	if len(zones) == 0 {
		return cause, importAgain
	}
	return cause, "import the original file with " + strings.Join(zones, ", or ")
}

// fixed returns the offset from UTC, if it is the same in all seasons that are
// known.
func (f *fingerprint) fixed() (at int64, ok bool) {
	first := true
	for s := range seasons {
		switch {
		case !f.known[s]:
		case first:
			at, first = f.off[s], false
		case f.off[s] != at:
			return 0, false
		}
	}
	return at, !first
}

// ahead writes a fixed offset as flags take it: "UTC+1h", "UTC-5h30m".
func ahead(ms int64) string {
	if ms < 0 {
		return "UTC" + length(ms)
	}
	return "UTC+" + length(ms)
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
