package text

import (
	"fmt"
	"strings"
)

// TimeFormat is how a text file writes times: epoch_s, epoch_ms, epoch_us,
// epoch_ns, rfc3339, or a layout in the manner of Go ("2006-01-02 15:04:05") or strftime
// ("%Y-%m-%d %H:%M:%S"). epoch_s_local and epoch_ms_local count since 1970 on a
// local clock, as programs around broker's terminals do: they are readings of that
// clock as if it were UTC. The zero TimeFormat recognises RFC 3339 and epoch
// milliseconds.
type TimeFormat struct {
	kind   timeKind
	tokens []timeToken
}

type timeKind uint8

const (
	timeAuto timeKind = iota
	timeEpochS
	timeEpochMS
	timeEpochUS
	timeEpochNS
	timeEpochSLocal
	timeEpochMSLocal
	timeRFC3339
	timeLayout
)

// timeToken is one element of a layout: a field of fixed width, or a literal
// byte (field 0).
type timeToken struct {
	field   byte // one of Y y m b d H I p M S f z; 0 = literal
	literal byte
	loose   bool // a month, day or hour between literals, which may have one digit
}

// goFields are the elements of a Go layout, longest first where one begins with
// another.
var goFields = [...]struct {
	text  string
	field byte
}{
	{"2006", 'Y'}, {"Z07:00", 'z'}, {"-07:00", 'z'}, {"-0700", 'z'}, {"Jan", 'b'}, {"01", 'm'}, {"02", 'd'}, {"15", 'H'}, {"03", 'I'}, {"PM", 'p'}, {"04", 'M'}, {"05", 'S'}, {"06", 'y'},
}

// monthNames has the months' three letters, in order.
const monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"

// ParseTimeFormat compiles a time format's name or layout.
func ParseTimeFormat(s string) (TimeFormat, error) {
	switch strings.ToLower(s) {
	case "":
		return TimeFormat{}, nil
	case "epoch_s":
		return TimeFormat{kind: timeEpochS}, nil
	case "epoch_ms":
		return TimeFormat{kind: timeEpochMS}, nil
	case "epoch_us":
		return TimeFormat{kind: timeEpochUS}, nil
	case "epoch_ns":
		return TimeFormat{kind: timeEpochNS}, nil
	case "epoch_s_local":
		return TimeFormat{kind: timeEpochSLocal}, nil
	case "epoch_ms_local":
		return TimeFormat{kind: timeEpochMSLocal}, nil
	case "rfc3339":
		return TimeFormat{kind: timeRFC3339}, nil
	}
	f := TimeFormat{kind: timeLayout}
	var err error
	if strings.Contains(s, "%") {
		f.tokens, err = strftimeTokens(s)
	} else {
		f.tokens = goTokens(s)
	}
	if err != nil {
		return f, err
	}
	loosen(f.tokens)
	if (!f.has('Y') && !f.has('y')) || (!f.has('m') && !f.has('b')) || !f.has('d') {
		return f, fmt.Errorf(`time format %q: found no year, month and day, expected epoch_s, epoch_ms, epoch_us, epoch_ns, `+
			`epoch_s_local or epoch_ms_local (of a local clock), rfc3339, or a layout such as "2006-01-02 15:04:05" or "%%Y-%%m-%%d %%H:%%M:%%S"`, s)
	}
	return f, nil
}

// has reports whether a layout has a field.
func (f *TimeFormat) has(field byte) bool {
	for _, t := range f.tokens {
		if t.field == field {
			return true
		}
	}
	return false
}

// DateOnly reports whether the format is a layout of dates without a time of day.
func (f *TimeFormat) DateOnly() bool { return f.kind == timeLayout && !f.has('H') && !f.has('I') }

// LocalPerSecond is how many units of a local epoch a second has; 0 if the format
// is none.
func (f *TimeFormat) LocalPerSecond() int64 {
	switch f.kind {
	case timeEpochSLocal:
		return 1
	case timeEpochMSLocal:
		return 1000
	}
	return 0
}

// loosen marks the fields whose end is plain without counting digits: 1/2/2025 9:30
// is read by 01/02/2006 15:04.
func loosen(tokens []timeToken) {
	literal := func(i int) bool { return i < 0 || i >= len(tokens) || tokens[i].field == 0 }
	for i, t := range tokens {
		switch t.field {
		case 'm', 'd', 'H', 'I':
			tokens[i].loose = literal(i-1) && literal(i+1)
		}
	}
}

func goTokens(s string) []timeToken {
	var tokens []timeToken
next:
	for s != "" {
		for _, g := range goFields {
			if strings.HasPrefix(s, g.text) {
				tokens = append(tokens, timeToken{field: g.field})
				s = s[len(g.text):]
				continue next
			}
		}
		if n := fractionLength(s); n > 0 {
			tokens = append(tokens, timeToken{literal: '.'}, timeToken{field: 'f'})
			s = s[n:]
			continue
		}
		tokens = append(tokens, timeToken{literal: s[0]})
		s = s[1:]
	}
	return tokens
}

// fractionLength returns the length of a Go layout's fraction of a second that s
// begins with, .000 or .999; 0 if it begins with none.
func fractionLength(s string) int {
	for _, digit := range []string{"0", "9"} {
		rest := strings.TrimLeft(strings.TrimPrefix(s, "."), digit)
		n := len(s) - len(rest)
		if s[0] == '.' && n > 1 && (rest == "" || rest[0] < '0' || rest[0] > '9') {
			return n
		}
	}
	return 0
}

func strftimeTokens(s string) ([]timeToken, error) {
	var tokens []timeToken
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			tokens = append(tokens, timeToken{literal: s[i]})
			continue
		}
		if i++; i == len(s) || !strings.ContainsRune("YymbdHIpMSfz%", rune(s[i])) {
			return nil, fmt.Errorf("time format %q: found an unknown %% element, expected %%Y %%y %%m %%b %%d %%H %%I %%p %%M %%S %%f or %%z", s)
		}
		if s[i] == '%' {
			tokens = append(tokens, timeToken{literal: '%'})
			continue
		}
		tokens = append(tokens, timeToken{field: s[i]})
	}
	return tokens, nil
}

// civil is a broken-down time as a file writes it.
type civil struct {
	year, month, day, hour, minute, second int
	ms                                     int64
	offsetS                                int // the written offset from UTC, seconds
	hasOffset                              bool
	twelve, afternoon                      bool // the hour is of twelve; it is of the second twelve
}

// Parse reads a time. local is true if the text names no offset from UTC, so
// that ms is the local clock's reading as if it were UTC.
func (f *TimeFormat) Parse(b []byte) (ms int64, local, ok bool) {
	kind := f.kind
	if kind == timeAuto {
		kind = timeEpochMS
		if len(b) > 5 && b[4] == '-' {
			kind = timeRFC3339
		}
	}
	switch kind {
	case timeEpochS, timeEpochSLocal:
		n, ok := Int(b)
		return n * 1000, kind == timeEpochSLocal, ok && n < MaxTimeMS/1000 && n > MinTimeMS/1000
	case timeEpochMS, timeEpochMSLocal:
		n, ok := Int(b)
		return n, kind == timeEpochMSLocal, ok
	case timeEpochUS:
		n, ok := Int(b)
		return n / 1000, false, ok && n%1000 == 0
	case timeEpochNS:
		n, ok := nanos(b)
		return n / 1e6, false, ok && n%1e6 == 0
	case timeRFC3339:
		return parseRFC3339(b)
	}
	var c civil
	c.month, c.day = 1, 1
	for _, t := range f.tokens {
		if b, ok = t.parse(b, &c); !ok {
			return 0, false, false
		}
	}
	if len(b) > 0 {
		return 0, false, false
	}
	return c.millis()
}

// nanos reads an integer of up to 19 digits, as nanoseconds since the epoch are
// from the year 2001 on.
func nanos(b []byte) (int64, bool) {
	if len(b) != 19 || b[0] < '1' || b[0] > '8' {
		return Int(b)
	}
	head, ok1 := Int(b[:10])
	tail, ok2 := Int(b[10:])
	return head*1e9 + tail, ok1 && ok2 && b[10] != '-'
}

// parseRFC3339 reads 2025-01-02T03:04:05(.678)(Z|+00:00); a blank may stand for
// the T, and without an offset the time is local.
func parseRFC3339(b []byte) (ms int64, local, ok bool) {
	if len(b) < 19 || b[4] != '-' || b[7] != '-' || b[10] != 'T' && b[10] != ' ' || b[13] != ':' || b[16] != ':' {
		return 0, false, false
	}
	var c civil
	var good [6]bool
	c.year, good[0] = digits(b[0:4])
	c.month, good[1] = digits(b[5:7])
	c.day, good[2] = digits(b[8:10])
	c.hour, good[3] = digits(b[11:13])
	c.minute, good[4] = digits(b[14:16])
	c.second, good[5] = digits(b[17:19])
	if good != [6]bool{true, true, true, true, true, true} {
		return 0, false, false
	}
	b = b[19:]
	if len(b) > 0 && b[0] == '.' {
		if b, ok = (timeToken{field: 'f'}).parse(b[1:], &c); !ok {
			return 0, false, false
		}
	}
	if len(b) > 0 {
		if b, ok = (timeToken{field: 'z'}).parse(b, &c); !ok || len(b) > 0 {
			return 0, false, false
		}
	}
	return c.millis()
}

// parse reads one element and returns what follows it.
func (t timeToken) parse(b []byte, c *civil) (rest []byte, ok bool) {
	width, into := 2, &c.day
	switch t.field {
	case 0:
		if len(b) == 0 || b[0] != t.literal {
			return b, false
		}
		return b[1:], true
	case 'f':
		return c.parseFraction(b)
	case 'z':
		return c.parseOffset(b)
	case 'b':
		return c.parseMonthName(b)
	case 'Y':
		width, into = 4, &c.year
	case 'y':
		into = &c.year
	case 'm':
		into = &c.month
	case 'H', 'I':
		into = &c.hour
	case 'p':
		return c.parseHalf(b)
	case 'M':
		into = &c.minute
	case 'S':
		into = &c.second
	}
	if t.loose && (len(b) == 1 || len(b) > 1 && (b[1] < '0' || b[1] > '9')) {
		width = 1
	}
	if len(b) < width {
		return b, false
	}
	*into, ok = digits(b[:width])
	switch t.field {
	case 'y':
		c.year += 2000
	case 'I':
		c.twelve = true
		ok = ok && 1 <= c.hour && c.hour <= 12
	}
	return b[width:], ok
}

// parseHalf reads AM or PM.
func (c *civil) parseHalf(b []byte) ([]byte, bool) {
	if len(b) < 2 || b[1]|0x20 != 'm' || b[0]|0x20 != 'a' && b[0]|0x20 != 'p' {
		return b, false
	}
	c.afternoon = b[0]|0x20 == 'p'
	return b[2:], true
}

// parseFraction reads the digits of a second's fraction; below a millisecond
// only zeros are taken.
func (c *civil) parseFraction(b []byte) ([]byte, bool) {
	n := 0
	for scale := int64(100); n < len(b) && '0' <= b[n] && b[n] <= '9'; n++ {
		if scale == 0 && b[n] != '0' {
			return b, false
		}
		c.ms += int64(b[n]-'0') * scale
		scale /= 10
	}
	return b[n:], n > 0
}

// parseOffset reads Z, +hh:mm or +hhmm.
func (c *civil) parseOffset(b []byte) ([]byte, bool) {
	c.hasOffset = true
	if len(b) > 0 && (b[0] == 'Z' || b[0] == 'z') {
		return b[1:], true
	}
	if len(b) < 5 || b[0] != '+' && b[0] != '-' {
		return b, false
	}
	rest := b[3:]
	if rest[0] == ':' {
		rest = rest[1:]
	}
	if len(rest) < 2 {
		return b, false
	}
	hours, ok1 := digits(b[1:3])
	minutes, ok2 := digits(rest[:2])
	c.offsetS = hours*3600 + minutes*60
	if b[0] == '-' {
		c.offsetS = -c.offsetS
	}
	return rest[2:], ok1 && ok2 && hours < 24 && minutes < 60
}

func (c *civil) parseMonthName(b []byte) ([]byte, bool) {
	if len(b) < 3 {
		return b, false
	}
	for m := range 12 {
		if string(b[:3]) == monthNames[3*m:3*m+3] {
			c.month = m + 1
			return b[3:], true
		}
	}
	return b, false
}

// digits reads a number of exactly that many digits.
func digits(b []byte) (int, bool) {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// millis returns the time in ms since the epoch, and whether it is local.
func (c *civil) millis() (ms int64, local, ok bool) {
	if c.twelve {
		c.hour %= 12
		if c.afternoon {
			c.hour += 12
		}
	}
	if c.year < 1 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > daysIn(c.year, c.month) ||
		c.hour > 23 || c.minute > 59 || c.second > 59 {
		return 0, false, false
	}
	s := int64(daysSinceEpoch(c.year, c.month, c.day))*86400 + int64(c.hour*3600+c.minute*60+c.second-c.offsetS)
	return s*1000 + c.ms, !c.hasOffset, true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysSinceEpoch counts the days from 1970-01-01 in the Gregorian calendar. The
// year is taken to begin in March, so that the leap day is its last.
func daysSinceEpoch(year, month, day int) int {
	if month < 3 {
		year, month = year-1, month+12
	}
	const epoch = 719468 // days from 0000-03-01 to 1970-01-01
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - epoch
}
