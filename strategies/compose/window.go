package compose

import (
	"math"

	"github.com/ptnsim/ptnsim/sim"
)

// window is the rate limit's window of requests, as the order gate keeps it: a
// fixed one, opened by a request. The zero limits let everything in. Rules §2.
type window struct {
	limits sim.RequestLimits
	openMS int64
	sent   int // in the window
}

// left is how many requests the gate lets in at an instant.
func (w *window) left(ms int64) int {
	switch {
	case w.limits.Requests == 0:
		return math.MaxInt
	case w.sent == 0 || ms-w.openMS > w.limits.WindowMS:
		return w.limits.Requests
	}
	return w.limits.Requests - w.sent
}

// request counts a request that is let in.
func (w *window) request(ms int64) {
	if w.sent == 0 || ms-w.openMS > w.limits.WindowMS {
		w.openMS, w.sent = ms, 0
	}
	w.sent++
}

// freeMS is the first instant from ms on that lets a request in.
func (w *window) freeMS(ms int64) int64 {
	if w.left(ms) > 0 {
		return ms
	}
	return w.openMS + w.limits.WindowMS + 1
}
