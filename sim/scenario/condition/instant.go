package condition

import (
	"strings"
	"time"
)

// Instants are of the years that are written with four digits, from 1000 to 9999.
const (
	firstMS = -30610224000000
	lastMS  = 253402300799999
)

// parseInstant reads a time with its zone, with or without seconds and
// milliseconds, or a date, which stands for its midnight.
func parseInstant(text string) (Value, error) {
	v := Value{Kind: Instant}
	if ms, ok := parseDate(text); ok {
		v.Whole = ms
		return v, nil
	}
	clock, zone := cutZone(text)
	layout := clockLayout(clock)
	if layout == "" {
		return v, &Problem{quote(text), Instant.example()}
	}
	if zone == "" {
		return v, &Problem{quote(text) + ", a time without a zone", "one: add Z for UTC, " + strings.Replace(clock, " ", "T", 1) + "Z"}
	}
	t, err := time.Parse(layout+"Z07:00", text)
	if ms := t.UnixMilli(); err == nil && firstMS <= ms && ms <= lastMS {
		v.Whole = ms
		return v, nil
	}
	return v, &Problem{quote(text), Instant.example()}
}

// cutZone splits a time from its zone: Z, +01:00 or -01:00.
func cutZone(text string) (clock, zone string) {
	if clock, ok := strings.CutSuffix(text, "Z"); ok {
		return clock, "Z"
	}
	if n := len(text) - len("+01:00"); n > len(time.DateOnly) && (text[n] == '+' || text[n] == '-') {
		return text[:n], text[n:]
	}
	return text, ""
}

// clockLayout is the layout of a time without its zone; "" of what is none. What
// time.Parse is lenient about, a single digit of an hour and more digits than there
// are milliseconds, is refused.
func clockLayout(clock string) string {
	const minutes, seconds = "2006-01-02T15:04", "2006-01-02T15:04:05"
	switch n := len(clock); {
	case n < len(minutes) || clock[len("2006-01-02T15")] != ':':
	case n == len(minutes):
		return minutes
	case n == len(seconds):
		return seconds
	case len(seconds)+2 <= n && n <= len(seconds)+4 && clock[len(seconds)] == '.':
		return seconds
	}
	return ""
}

// parseDate reads a date; it is the UTC ms of its midnight.
func parseDate(text string) (ms int64, ok bool) {
	t, err := time.Parse(time.DateOnly, text)
	ms = t.UnixMilli()
	return ms, err == nil && firstMS <= ms
}
