package fetch

import (
	"fmt"
	"iter"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
)

const dayMS = int64(datasets.Day)

// Span is the times from FromMS, up to but without ToMS, UTC ms.
type Span struct {
	FromMS, ToMS int64
}

// String writes the span as messages show it.
func (s Span) String() string { return fmt.Sprintf("%s to %s", stamp(s.FromMS), stamp(s.ToMS)) }

// Empty reports whether the span holds nothing.
func (s Span) Empty() bool { return s.ToMS <= s.FromMS }

// clip returns what two spans share.
func (s Span) clip(o Span) Span { return Span{max(s.FromMS, o.FromMS), min(s.ToMS, o.ToMS)} }

// windows cuts the span into pieces of at most length ms.
func (s Span) windows(length int64) iter.Seq[Span] {
	return func(yield func(Span) bool) {
		for from := s.FromMS; from < s.ToMS; from += length {
			if !yield(Span{from, min(from+length, s.ToMS)}) {
				return
			}
		}
	}
}

// days yields the UTC days that the span touches, each whole.
func (s Span) days() iter.Seq[Span] {
	return func(yield func(Span) bool) {
		for from := floor(s.FromMS, dayMS); from < s.ToMS; from += dayMS {
			if !yield(Span{from, from + dayMS}) {
				return
			}
		}
	}
}

// months yields the UTC months that the span touches, each whole.
func (s Span) months() iter.Seq[Span] {
	return func(yield func(Span) bool) {
		t := utc(s.FromMS)
		for from := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC); from.UnixMilli() < s.ToMS; {
			next := from.AddDate(0, 1, 0)
			if !yield(Span{from.UnixMilli(), next.UnixMilli()}) {
				return
			}
			from = next
		}
	}
}

// floor rounds ms down to a multiple of step.
func floor(ms, step int64) int64 { return ms - ((ms%step)+step)%step }

func utc(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// stamp writes an instant as messages show it: the date alone at midnight.
func stamp(ms int64) string {
	if ms%dayMS == 0 {
		return utc(ms).Format(time.DateOnly)
	}
	return utc(ms).Format("2006-01-02T15:04:05.999Z")
}
