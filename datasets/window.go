package datasets

import (
	"fmt"
	"time"

	"github.com/ptnsim/ptnsim/datasets/text"
)

// CommonWindow is the span that all of the candles cover: from the latest first
// candle to the earliest end, UTC ms.
func CommonWindow(candles []*Candles) (fromMS, toMS int64, err error) {
	var latest, earliest *Candles
	for _, c := range candles {
		if latest == nil || c.FirstMS > latest.FirstMS {
			latest = c
		}
		if earliest == nil || c.EndMS < earliest.EndMS {
			earliest = c
		}
	}
	switch {
	case latest == nil:
		return 0, 0, &Refusal{File: "the data set", Problem: ErrEmpty, Found: "no candles", Expected: "candles of at least one pair"}
	case latest.FirstMS >= earliest.EndMS:
		return 0, 0, &Refusal{
			File: earliest.File, Problem: ErrRange, Found: fmt.Sprintf("candles up to %s only", formatMS(earliest.EndMS)),
			Expected: fmt.Sprintf("some after %s, where those of %s begin", formatMS(latest.FirstMS), latest.File),
			Remedy:   "choose pairs whose candles overlap",
		}
	}
	return latest.FirstMS, earliest.EndMS, nil
}

// ParseInstant reads an instant as people write one on a command line: a date
// (its midnight UTC), an RFC 3339 time, or UTC ms since the epoch.
func ParseInstant(s string) (ms int64, err error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339Nano} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UnixMilli(), nil
		}
	}
	if _, err := fmt.Sscanf(s, "%d", &ms); err == nil && fmt.Sprint(ms) == s && ms >= text.MinTimeMS && ms < text.MaxTimeMS {
		return ms, nil
	}
	return 0, fmt.Errorf("found %q, expected a date (2025-03-01), a time (2025-03-01T12:00:00Z) or UTC ms since the epoch", s)
}
