package compose

import (
	"math"

	"github.com/ptnsim/ptnsim/sim"
)

// alarm is the next call that a strategy asked for.
type alarm struct{ ms int64 }

// set asks for a call at an instant after now, unless one comes before it;
// MaxInt64 asks for none.
func (a *alarm) set(c *sim.Context, ms int64) {
	if ms == math.MaxInt64 || a.ms > c.NowMS() && a.ms <= ms {
		return
	}
	a.ms = ms
	c.WakeAt(ms)
}
