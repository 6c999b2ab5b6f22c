package audit

import (
	"fmt"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
)

// tally counts the occurrences of one kind of problem and keeps the first.
type tally struct {
	count int64
	first []Occurrence
}

// add counts an occurrence; found describes it, if it is kept.
func (t *tally) add(keep int, row, fromMS, toMS int64, found func() string) {
	t.count++
	if len(t.first) < keep {
		t.first = append(t.first, Occurrence{Row: row, FromMS: fromMS, ToMS: toMS, Found: found()})
	}
}

// finding turns the tally into a finding, of which the caller fills in cause and
// remedy.
func (t *tally) finding(p Problem, s Severity) Finding {
	f := Finding{Problem: p, Severity: s, Count: t.count, First: append([]Occurrence(nil), t.first...)}
	if len(t.first) > 0 {
		o := t.first[0]
		f.Row, f.FromMS, f.ToMS, f.Found = o.Row, o.FromMS, o.ToMS, o.Found
	}
	return f
}

// instant writes a UTC ms instant as messages show it.
func instant(ms int64) string {
	t := time.UnixMilli(ms).UTC()
	if ms%1000 != 0 {
		return t.Format("2006-01-02T15:04:05.000Z")
	}
	return t.Format("2006-01-02T15:04:05Z")
}

// length writes a length of time in ms as messages show it: "1h30m", "3d2h".
func length(ms int64) string {
	if ms < 0 {
		return "-" + length(-ms)
	}
	var b strings.Builder
	for _, u := range []struct {
		ms     int64
		suffix string
	}{{int64(datasets.Day), "d"}, {int64(datasets.Hour), "h"}, {int64(datasets.Minute), "m"}, {1000, "s"}} {
		if n := ms / u.ms; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.suffix)
			ms %= u.ms
		}
	}
	if ms > 0 || b.Len() == 0 {
		fmt.Fprintf(&b, "%dms", ms)
	}
	return b.String()
}

// number writes a price as files do: the shortest text that reads back.
func number(x float64) string { return fmt.Sprint(x) }

// plural writes a count with its noun.
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
