package synth

import (
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/datasets"
)

// Moment is an instant: "2025-03-01", "2025-03-01T14:30:00Z", or "+36h", an
// offset from the recipe's From. The zero Moment is not given.
type Moment struct {
	MS     int64 // UTC ms, or the offset in ms
	Offset bool
	given  bool
}

// At returns the moment of an instant, UTC ms.
func At(ms int64) Moment { return Moment{MS: ms, given: true} }

// After returns the moment that lies an offset after the recipe's From.
func After(d Duration) Moment { return Moment{MS: int64(d), Offset: true, given: true} }

// IsZero reports whether the moment is not given.
func (m Moment) IsZero() bool { return !m.given }

// absolute returns the moment as an instant.
func (m Moment) absolute(fromMS int64) Moment {
	if m.Offset {
		return At(fromMS + m.MS)
	}
	return m
}

// ParseMoment reads what Moment describes.
func ParseMoment(s string) (Moment, error) {
	if offset, ok := strings.CutPrefix(s, "+"); ok {
		if offset == "0" {
			return After(0), nil
		}
		d, err := ParseDuration(offset)
		return After(d), err
	}
	ms, err := datasets.ParseInstant(s)
	if err != nil {
		return Moment{}, mistake{quoted(s), "a date (2025-03-01), a time (2025-03-01T14:30:00Z) or an offset from the start (+36h)"}
	}
	return At(ms), nil
}

// String returns the text that ParseMoment reads back.
func (m Moment) String() string {
	switch {
	case !m.given:
		return ""
	case m.Offset && m.MS == 0:
		return "+0"
	case m.Offset:
		return "+" + Duration(m.MS).String()
	}
	return instant(m.MS)
}

// instant writes UTC ms as a time in RFC 3339.
func instant(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

// MarshalYAML implements yaml.InterfaceMarshaler.
func (m Moment) MarshalYAML() (any, error) { return m.String(), nil }

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (m *Moment) UnmarshalYAML(node ast.Node) error {
	return scalar(node, "a moment such as 2025-03-01T14:30:00Z or +36h", func(s string) (err error) {
		*m, err = ParseMoment(s)
		return err
	})
}

// Duration is a length of time, ms: a whole number and one of the units s, m, h
// and d, "90m". It is over 0.
type Duration int64

// durationMax is a hundred years: more is a typing error.
const durationMax = 36600 * Duration(datasets.Day)

// ParseDuration reads a duration over 0, of up to a hundred years.
func ParseDuration(s string) (Duration, error) {
	for _, unit := range [...]struct {
		suffix string
		length datasets.Interval
	}{{"s", datasets.Second}, {"m", datasets.Minute}, {"h", datasets.Hour}, {"d", datasets.Day}} {
		digits, ok := strings.CutSuffix(s, unit.suffix)
		n, err := strconv.ParseUint(digits, 10, 32)
		if d := Duration(n) * Duration(unit.length); ok && err == nil && 0 < d && d <= durationMax {
			return d, nil
		}
	}
	return 0, mistake{quoted(s), "a whole number and a unit, such as 30s, 5m, 12h or 90d"}
}

// String returns the text that ParseDuration reads back.
func (d Duration) String() string { return datasets.Interval(d).String() }

// MarshalYAML implements yaml.InterfaceMarshaler.
func (d Duration) MarshalYAML() (any, error) { return d.String(), nil }

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (d *Duration) UnmarshalYAML(node ast.Node) error {
	return scalar(node, "a length of time such as 30s, 5m, 12h or 90d", func(s string) (err error) {
		*d, err = ParseDuration(s)
		return err
	})
}

// Seed is any text; a number is taken as the text of its digits.
type Seed string

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (s *Seed) UnmarshalYAML(node ast.Node) error {
	return scalar(node, "a text or a number", func(text string) error {
		if text == "" || len(text) > seedBytes {
			return mistake{strconv.Itoa(len(text)) + " bytes", "1 to " + strconv.Itoa(seedBytes)}
		}
		*s = Seed(text)
		return nil
	})
}

// seedBytes bounds a seed.
const seedBytes = 200
