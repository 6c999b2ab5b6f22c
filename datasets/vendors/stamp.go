package vendors

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// clock turns readings of a local clock into UTC: *text.ZoneClock, or a vendor's
// own. ok is false for a reading that the clock skipped.
type clock interface {
	UTC(local int64) (ms int64, ok bool)
}

// stamp reads the time of a row.
type stamp struct {
	column int // of the time, or of its date
	second int // of the time of day where the date has a column of its own; -1 = none

	epoch  epochUnit // of numbers; 0 = they are text
	format text.TimeFormat
	layout string // the format as people write it

	ticks bool  // digits below a millisecond are cut off, not refused
	local bool  // the text names no offset from UTC
	dates bool  // days without a time of day, of a format in which they are not the broker's
	clock clock // of local times; nil with local: they are UTC

	scratch []byte // date and time of day, joined
}

// epochUnit is what numbers count since 1970.
type epochUnit uint8

const (
	epochSeconds epochUnit = iota + 1
	epochMillis
	epochMicros
	epochNanos
	epochMixed // each by its magnitude
)

// String names the unit.
func (u epochUnit) String() string {
	return [...]string{"text", "seconds", "milliseconds", "microseconds", "nanoseconds", "milliseconds, microseconds or seconds, each by its size"}[u]
}

// firstMixed is the year 1990, UTC ms: where units mix, an earlier time is one that
// has lost digits.
const firstMixed = 631152000000

// unitOf tells the unit of a number by its size: any time from 1973 to 5138 has
// one only.
func unitOf(n int64) epochUnit {
	switch n = max(n, -n); {
	case n < 1e11:
		return epochSeconds
	case n < 1e14:
		return epochMillis
	case n < 1e17:
		return epochMicros
	}
	return epochNanos
}

// millis reads a number of the unit; a fraction may follow, of which nothing is
// left below a millisecond.
func (u epochUnit) millis(b []byte) (int64, bool) {
	digits := b
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		digits = b[1:]
	}
	n, rest, ok := leadingInt(digits)
	if !ok {
		return 0, false
	}
	mixed := u == epochMixed
	if mixed {
		u = unitOf(n)
	}
	var thousandths int64
	if len(rest) > 0 {
		if thousandths, ok = fraction(rest); !ok || thousandths != 0 && u != epochSeconds {
			return 0, false
		}
	}
	switch u {
	case epochSeconds:
		if n > text.MaxTimeMS/1000 {
			return 0, false
		}
		n = n*1000 + thousandths
	case epochMicros:
		if n%1e3 != 0 {
			return 0, false
		}
		n /= 1e3
	case epochNanos:
		if n%1e6 != 0 {
			return 0, false
		}
		n /= 1e6
	}
	if negative {
		n = -n
	}
	return n, text.MinTimeMS <= n && n < text.MaxTimeMS && (!mixed || n >= firstMixed)
}

// leadingInt reads the digits that b begins with.
func leadingInt(b []byte) (n int64, rest []byte, ok bool) {
	i := 0
	for ; i < len(b) && i < 19 && '0' <= b[i] && b[i] <= '9'; i++ {
		n = n*10 + int64(b[i]-'0')
	}
	return n, b[i:], i > 0 && n >= 0
}

// fraction reads ".250" as thousandths; further digits must be 0.
func fraction(b []byte) (thousandths int64, ok bool) {
	if b[0] != '.' {
		return 0, false
	}
	scale := int64(100)
	for _, c := range b[1:] {
		if c < '0' || c > '9' || scale == 0 && c != '0' {
			return 0, false
		}
		thousandths += int64(c-'0') * scale
		scale /= 10
	}
	return thousandths, true
}

// millis reads a row's time, UTC ms. problem is nil, ErrSyntax or ErrLocalTime.
func (t *stamp) millis(fields [][]byte) (ms int64, problem error) { return t.parse(t.field(fields)) }

// joined reads a time whose date and time of day, where they are two fields, are
// still parted by the separator.
func (t *stamp) joined(field []byte, separator byte) (ms int64, problem error) {
	if t.second >= 0 {
		t.scratch = append(t.scratch[:0], field...)
		if i := bytes.IndexByte(t.scratch, separator); i >= 0 {
			t.scratch[i] = ' '
		}
		field = t.scratch
	}
	return t.parse(field)
}

func (t *stamp) parse(field []byte) (ms int64, problem error) {
	if t.ticks {
		cutToMillis(field)
	}
	if t.epoch != 0 {
		ms, ok := t.epoch.millis(field)
		if !ok {
			return 0, datasets.ErrSyntax
		}
		return ms, nil
	}
	ms, local, ok := t.format.Parse(field)
	switch {
	case !ok || local != t.local:
		return 0, datasets.ErrSyntax
	case local && t.clock != nil:
		if ms, ok = t.clock.UTC(ms); !ok {
			return 0, datasets.ErrLocalTime
		}
	}
	if ms < text.MinTimeMS || ms >= text.MaxTimeMS {
		return 0, datasets.ErrSyntax
	}
	return ms, nil
}

// field returns the text of a row's time, valid until the next call.
func (t *stamp) field(fields [][]byte) []byte {
	if t.second < 0 {
		return fields[t.column]
	}
	t.scratch = append(append(append(t.scratch[:0], fields[t.column]...), ' '), fields[t.second]...)
	return t.scratch
}

// dates and clocks are combined into the layouts that times are tried for. Those
// of one group are alternatives that the same text can fit.
func layouts() []string {
	list := []string{"rfc3339", "20060102", "200601021504", "20060102150405"}
	dates := []string{"2006-01-02", "2006.01.02", "2006/01/02", "20060102", "02.01.2006", "02/01/2006", "01/02/2006",
		"02-01-2006", "01-02-2006", "02 Jan 2006", "02-Jan-2006", "Jan 02 2006", "Jan 02, 2006", "02/01/06", "01/02/06"}
	clocks := []string{"", " 15:04:05", " 15:04", " 15:04:05.000", " 150405", " 1504", "T15:04", "T15:04:05", "T15:04Z07:00",
		" 15:04Z07:00", " 15:04:05Z07:00", " 15:04:05 -0700", " 15:04:05 GMT-0700", " 15:04:05.000 GMT-0700",
		" 15:04:05 UTC", " 15:04:05.000 UTC", " 15:04 UTC",
		" 03:04:05 PM", " 03:04 PM", " 03:04:05PM", " 03:04PM"}
	for _, d := range dates {
		for _, c := range clocks {
			if d+c != "20060102" {
				list = append(list, d+c)
			}
		}
	}
	return list
}

// sniff finds out how the sampled times, of these lines, are written. A few may be
// damaged: the reader says which. It fails with a refusal if they are no times, or
// of two readings.
func (t *stamp) sniff(in Input, lines []int64, samples []string) error {
	if len(samples) == 0 {
		return &datasets.Refusal{File: in.String(), Problem: datasets.ErrEmpty, Found: "no row", Expected: "at least one", Remedy: "fetch the data again"}
	}
	for i, s := range samples {
		if spreadsheetTime(s) {
			return damagedBySpreadsheet(in, lines[i], s)
		}
	}
	if !dateDigits(samples[0]) && t.sniffEpoch(samples) {
		return nil
	}
	fits := fitting(samples)
	if len(fits) == 0 {
		if t.sniffEpoch(samples) {
			return nil
		}
		return &datasets.Refusal{File: in.String(), Line: lines[0], Problem: datasets.ErrSyntax, Found: "the time " + quoted(samples[0]),
			Expected: "times of one known layout in all rows", Remedy: "state it with --time-format, such as '2006-01-02 15:04:05' or epoch_s"}
	}
	if len(fits) > 1 {
		return &datasets.Refusal{File: in.String(), Line: lines[0], Problem: datasets.ErrSyntax,
			Found:    fmt.Sprintf("the time %s, which can be read as %s or %s", quoted(samples[0]), fits[0], fits[1]),
			Expected: "times of one reading", Remedy: fmt.Sprintf("state it with --time-format '%s' or '%s'", fits[0], fits[1])}
	}
	t.use(fits[0], samples)
	return nil
}

// readable is a layout as people write one: DD.MM.YYYY hh:mm:ss.
func readable(layout string) string {
	return strings.NewReplacer("2006", "YYYY", "01", "MM", "02", "DD", "06", "YY", "Jan", "Mon", "15", "hh", "03", "hh", "04", "mm", "05", "ss",
		"000", "sss", "Z07:00", "+hh:mm", "-0700", "+hhmm", "PM", "AM/PM").Replace(layout)
}

// dateDigits reports whether a number may be a date in digits: 20250131,
// 202501310900, 20250131090000.
func dateDigits(s string) bool { return len(s) == 8 || len(s) == 12 || len(s) == 14 }

// layoutOf compiles a layout of our own.
func layoutOf(layout string) text.TimeFormat {
	format, err := text.ParseTimeFormat(layout)
	if err != nil {
		panic(err)
	}
	return format
}

// use takes a layout, and finds whether its times name their offset.
func (t *stamp) use(layout string, samples []string) {
	format := layoutOf(layout)
	t.format, t.layout = format, layout
	for _, s := range samples {
		if _, local, ok := format.Parse([]byte(s)); ok {
			t.local = local
			break
		}
	}
	if strings.HasSuffix(layout, " UTC") {
		t.clock = universal{}
	}
}

// universal is the clock of times that say they are UTC.
type universal struct{}

// UTC implements clock.
func (universal) UTC(local int64) (ms int64, ok bool) { return local, true }

// fitting lists the layouts that read the most samples as sensible times, and at
// least nine of ten.
func fitting(samples []string) []string {
	var fits []string
	most := len(samples)*9/10 + 1
	for _, layout := range layouts() {
		format, n := layoutOf(layout), 0
		for i, s := range samples {
			if ms, _, ok := format.Parse([]byte(s)); ok && ms >= text.MinTimeMS && ms < text.MaxTimeMS {
				n++
			}
			if i-n > len(samples)/10 {
				break
			}
		}
		switch {
		case n > most || n == most && len(fits) == 0:
			fits, most = []string{layout}, n
		case n == most:
			fits = append(fits, layout)
		}
	}
	if len(fits) > 1 && fits[0] == "rfc3339" {
		fits = fits[:1] // the layouts behind it are its special cases
	}
	return fits
}

// sniffEpoch finds the unit of times that are numbers, nine of ten at least.
func (t *stamp) sniffEpoch(samples []string) bool {
	best := 0
	for _, unit := range []epochUnit{epochSeconds, epochMillis, epochMicros, epochNanos, epochMixed} {
		n := 0
		for _, s := range samples {
			if unit.plausible(s) {
				n++
			}
		}
		if n > best && n > len(samples)*9/10 {
			t.epoch, best = unit, n
		}
	}
	return best > 0
}

// firstSeconds is a day of March 1973. Lesser numbers count something else more
// often than the seconds since 1970: rows, or the milliseconds since midnight.
// Who means seconds states the format.
const firstSeconds = 1e8

// plausible reports whether a field is a number whose size is of the unit.
func (u epochUnit) plausible(field string) bool {
	n, _, ok := leadingInt([]byte(field))
	_, valid := u.millis([]byte(field))
	return ok && valid && n >= firstSeconds && (u == epochMixed || u == unitOf(n))
}

// spreadsheetTime reports whether a field is a long number as a spreadsheet
// shortens it: 1.70027E+12.
func spreadsheetTime(s string) bool {
	if i := strings.IndexAny(s, "eE"); i > 0 {
		_, number := text.Float([]byte(s))
		return number
	}
	return false
}

func damagedBySpreadsheet(in Input, line int64, field string) error {
	return &datasets.Refusal{File: in.String(), Line: line, Problem: datasets.ErrCorrupt,
		Found:    fmt.Sprintf("the time %s: a spreadsheet has rounded the times, and their last digits are lost", quoted(field)),
		Expected: "all digits of every time",
		Remedy:   "download the file again, and don't open it in a spreadsheet before it is imported"}
}

// vetZone refuses a zone stated for times that need none: it would be ignored, or
// shift what is right. UTC says nothing new, and passes.
func (t *stamp) vetZone(in Input, o Options) error {
	switch {
	case t.epoch != 0:
		return o.zoneUnused(in, "times in "+t.epoch.String()+" since 1970, which count from UTC", t.epoch)
	case !t.local:
		return o.zoneUnused(in, "times that are of UTC or name their offset from it", 0)
	case t.clock == universal{}:
		return o.zoneUnused(in, "times that say they are UTC", 0)
	}
	return nil
}

// zoneUnused is the refusal of a stated zone other than UTC, nil without one; found
// says which times make it useless, unit what they count, 0 if they are texts.
func (o *Options) zoneUnused(in Input, found string, unit epochUnit) error {
	if o.Zone == nil || o.ZoneAheadMS == 0 && slices.Contains([]string{"UTC", "Etc/UTC"}, o.Zone.String()) {
		return nil
	}
	r := &datasets.Refusal{File: in.String(), Problem: datasets.ErrType, Found: fmt.Sprintf("the zone %s stated for %s", o.zoneName(), found),
		Expected: "a zone only for times that name none", Remedy: "leave --zone out"}
	switch unit {
	case epochSeconds:
		r.Remedy += "; if the numbers count the broker's local clock, keep it and state --time-format epoch_s_local"
	case epochMillis:
		r.Remedy += "; if the numbers count the broker's local clock, keep it and state --time-format epoch_ms_local"
	}
	return r
}

// zoned gives local times their clock: what the user states, or else the format's
// own; its name for people, "" if there is none. A missing one is refused only by
// whoever reads.
func (t *stamp) zoned(o Options, own clock, ownName string) string {
	switch {
	case t.epoch != 0 || !t.local || t.clock != nil:
		return "UTC"
	case o.Zone != nil:
		t.clock = newZone(o.Zone, o.ZoneAheadMS)
		return o.zoneName()
	case own != nil:
		t.clock = own
		return ownName
	}
	return ""
}
