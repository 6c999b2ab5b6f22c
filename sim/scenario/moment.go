package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

const (
	dayMS      = int64(datasets.Day)
	earliestMS = 946_684_800_000   // 2000-01-01
	latestMS   = 4_102_444_800_000 // 2100-01-01
)

// instantForms is what an instant is written as.
const instantForms = "a date (2025-03-03), a time (2025-03-03T12:00:00Z) or UTC ms"

// instant reads an instant, UTC ms. It is whole: what is finer is refused.
func (p *parser) instant(node ast.Node, path string, to *int64) {
	text, _ := strictyaml.Scalar(node)
	ms, expected := parseInstant(text)
	if expected != "" {
		p.Mistyped(node, path, expected)
		return
	}
	*to = ms
}

// parseInstant reads an instant; expected is not empty if there is none.
func parseInstant(text string) (ms int64, expected string) {
	ms, err := datasets.ParseInstant(text)
	if err != nil {
		for _, zone := range []string{"Z", ":00Z"} {
			zoned := strings.Replace(text, " ", "T", 1) + zone
			if _, err := datasets.ParseInstant(zoned); err == nil {
				return 0, "a time with its zone: add Z for UTC, " + zoned
			}
		}
		return 0, instantForms
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil && t.Nanosecond()%int(time.Millisecond) != 0 {
		return 0, "a time in whole milliseconds"
	}
	if ms < earliestMS || ms >= latestMS {
		return 0, "a time from 2000 to 2099"
	}
	return ms, ""
}

// length reads a length of time, ms, 0 or more.
func (p *parser) length(node ast.Node, path string, to *int64) {
	text, _ := strictyaml.Scalar(node)
	d, err := rules.ParseDuration(text)
	if err != nil || d < 0 {
		p.Mistyped(node, path, "a length of time, such as 500ms, 30s, 5m, 12h or 10d")
		return
	}
	*to = d.MS()
}

// interval reads the length of a candle.
func (p *parser) interval(node ast.Node, path string, to *datasets.Interval) {
	text, _ := strictyaml.Scalar(node)
	v, err := datasets.ParseInterval(text)
	if err != nil {
		p.Mistyped(node, path, "the length of a candle, such as 1m, 15m, 4h or 1d")
		return
	}
	*to = v
}

// seed reads any whole number of 64 bits.
func (p *parser) seed(node ast.Node, path string) {
	text, ok := strictyaml.Decimal(node)
	n, err := strconv.ParseUint(text, 10, 64)
	if !ok || err != nil {
		p.Mistyped(node, path, "a whole number from 0 to 18446744073709551615")
		return
	}
	p.of.Seed = &n
}

// stamp writes an instant as a file does.
func stamp(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

// onGrid refuses an instant that is no multiple of a length since 1970.
func (p *parser) onGrid(node ast.Node, path string, ms, every int64) {
	if ms%every != 0 {
		p.Wrong(node, path, stamp(ms), fmt.Sprintf("a time on the grid of %s, such as %s", datasets.Interval(every), stamp(ms-ms%every)))
	}
}

// printable reports whether a text is one of some characters on one line.
func printable(text string, most int) bool {
	return strings.TrimSpace(text) != "" && utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, unicode.IsControl)
}
