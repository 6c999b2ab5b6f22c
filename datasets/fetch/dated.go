package fetch

import (
	"net/http"
	"time"
)

// dated is when a source answered, by its own clock. This machine's may be wrong,
// and then tells nothing about which candles are finished.
type dated struct {
	ms int64 // UTC; 0: the source didn't say
}

// gathering is how long before its date an answer may have been gathered.
const gathering = 5 * time.Second

// note takes the time of an answer from its header.
func (d *dated) note(h http.Header) {
	d.ms = 0
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		d.ms = max(at.UnixMilli(), 0)
	}
}

// knownMS is the time up to which the answer is sure to know all, UTC ms.
func (d *dated) knownMS() int64 { return d.ms - gathering.Milliseconds() }
