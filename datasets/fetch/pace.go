package fetch

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// Clock is the time as fetching needs it. Tests turn one by hand.
type Clock interface {
	Now() time.Time
	// Sleep waits for d, or returns the context's error when that is done.
	Sleep(ctx context.Context, d time.Duration) error
}

// pace keeps requests apart.
type pace struct {
	clock  Clock
	apart  time.Duration // between the beginnings of two requests
	weight Weight
	next   time.Time // no request before
}

func newPace(c Clock, perMinute int, w Weight) *pace {
	p := &pace{clock: c, weight: w}
	if perMinute > 0 {
		p.apart = time.Minute / time.Duration(perMinute)
	}
	return p
}

// wait waits until the next request may go out.
func (p *pace) wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	now := p.clock.Now()
	if d := p.next.Sub(now); d > 0 {
		if err := p.clock.Sleep(ctx, d); err != nil {
			return err
		}
		now = p.clock.Now()
	}
	p.next = now.Add(p.apart)
	return nil
}

// heed lets the rest of the minute pass where an answer says that the source's
// patience is nearly used up.
func (p *pace) heed(h http.Header) {
	if p.weight.Header == "" {
		return
	}
	used, err := strconv.Atoi(h.Get(p.weight.Header))
	if err != nil || used < p.weight.Limit {
		return
	}
	now := p.clock.Now()
	if minute := now.Truncate(time.Minute).Add(time.Minute); minute.After(p.next) {
		p.next = minute
	}
}
