package strategies

import (
	"math"

	"github.com/ptnsim/ptnsim/sim"
)

// quota is what a strategy has left of the rate limit, so that it sends no
// request that would be turned down. It keeps the gate's window by the times of
// emission: what is on its way has not reached the gate, which therefore can't be
// asked. Rules §2.
type quota struct {
	limits sim.RequestLimits // zero: none, as for a strategy inside another
	openMS int64             // when the first request of the window was sent
	sent   int               // in the window; 0: there is none yet
}

// left is how many more requests are let in.
func (q *quota) left(nowMS int64) int {
	switch {
	case q.limits.Requests == 0:
		return math.MaxInt
	case q.sent == 0 || nowMS >= q.nextMS():
		return q.limits.Requests
	}
	return q.limits.Requests - q.sent
}

// spend takes note of requests that were sent.
func (q *quota) spend(n int, nowMS int64) {
	if n == 0 {
		return
	}
	if q.sent == 0 || nowMS >= q.nextMS() {
		q.openMS, q.sent = nowMS, 0
	}
	q.sent += n
}

// nextMS is when the next window can be opened.
func (q *quota) nextMS() int64 { return q.openMS + q.limits.WindowMS + 1 }
