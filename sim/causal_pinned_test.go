package sim

import (
	"slices"
	"testing"
)

// TestCausalNotesPinnedFills: a strategy that buys at the lowest low that it has
// seen knows nothing of the future, and takes a price that is gone.
func TestCausalNotesPinnedFills(t *testing.T) {
	for _, c := range []struct {
		name string
		most int // orders with a price of their own
		want string
	}{
		{"none", 0, ""},
		{"one", 1, "one order brings its own fill price: whether it could be had no test can tell"},
		{"three", 3, "3 orders bring their own fill price: whether it could be had no test can tell"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hindsight := func() (Strategy, error) {
				orders := 0
				p := follower(FeedOptions{}, crossing)
				decide := p.decide
				p.decide = func(x *Context) error {
					if f := x.seat.feeds[0]; orders < c.most && f.Fresh() {
						orders++
						x.Submit(Order{Pair: f.Pair(), Type: Long, Leverage: 0.02, Pinned: true, Price: slices.Min(f.Candles().Low())})
					}
					return decide(x)
				}
				return p, nil
			}
			report := verify(t, causalWorld(t, 1, 3), hindsight, CausalOptions{Points: 4})
			if report.Err() != nil || report.Note != c.want {
				t.Errorf("got %v and the note %q, want %q", report.Err(), report.Note, c.want)
			}
		})
	}
}
