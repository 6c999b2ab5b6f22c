package strategies

import (
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// TestBuyAndHoldEntersOnce: each pair at the open after its first candle, once.
func TestBuyAndHoldEntersOnce(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 100, 101, 102, 103, 104, 105)
	eth := minutes(t, "ETHUSD", "2025-01-15T00:02:00Z", 10, 11, 12, 13)
	for _, c := range []struct {
		name string
		s    BuyAndHold
		want []event
	}{
		{"long", BuyAndHold{Direction: LongSide}, []event{
			{1, 1, "BTCUSD", sim.Long, 0.05, 100, sim.Accepted, ""},
			{3, 3, "ETHUSD", sim.Long, 0.05, 10, sim.Accepted, ""},
		}},
		{"short, one pair", BuyAndHold{Direction: ShortSide, Leverage: 0.1, Pairs: []string{"ETHUSD"}}, []event{
			{3, 3, "ETHUSD", sim.Short, -0.1, 10, sim.Accepted, ""},
		}},
		{"over the bound", BuyAndHold{Direction: LongSide, Leverage: 0.7}, []event{
			{1, 1, "BTCUSD", sim.Long, 0.5, 100, sim.Clamped, ""},
			{3, 3, "ETHUSD", sim.Long, 0.5, 10, sim.Clamped, ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := play(t, config(t, &c.s, btc, eth))
			checkEvents(t, events(btc.Time[0], res.Orders), c.want)
		})
	}
}

// TestBuyAndHoldOutlivesTheRateLimit: 12 pairs, 10 requests a window. The window
// opens at minute 1 and lasts over 60 s, so minute 2 is still in it, and two pairs
// wait for minute 3. Rules §2. Each gets a twelfth of 3, three tenths of the cap.
func TestBuyAndHoldOutlivesTheRateLimit(t *testing.T) {
	pairs := strings.Fields(allForex)[:12]
	var series []*market.Series
	var want []event
	for i, id := range pairs {
		series = append(series, minutes(t, id, start, 1, 1, 1, 1))
		e := event{1, 1, id, sim.Long, 0.25, 1, sim.Accepted, ""}
		if i >= 10 {
			e.emitted, e.filled = 3, 3
		}
		want = append(want, e)
	}
	res := play(t, config(t, &BuyAndHold{Direction: LongSide}, series...))
	checkEvents(t, events(series[0].Time[0], res.Orders), want)
}
