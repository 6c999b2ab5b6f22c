package sim

import (
	"context"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// wanting asks for a position at every candle, by Target, and halves it.
type wanting struct {
	feed *Feed
	sent []string
}

func (w *wanting) Init(s *Setup) (err error) {
	w.feed, err = s.Subscribe("NVDA")
	return err
}

func (w *wanting) Decide(c *Context) error {
	if c.Target("NVDA", 0.5) > 0 || c.Reduce("NVDA", 0.2) {
		w.sent = append(w.sent, minutes(c.NowMS()))
	}
	return nil
}

// TestTargetKnowsTheHours: candles of NVDA from 14:28 to 14:33 UTC on a Thursday
// in winter, when New York opens at 14:30. The candles that end at 14:29 and
// 14:30 see the market closed and just open. With a latency of a minute the first
// order goes out at 14:29, to act at 14:30.
func TestTargetKnowsTheHours(t *testing.T) {
	const before = thursday + (14*60+28)*minuteMS
	for _, c := range []struct {
		latencyMS int64
		first     string
	}{{0, minutes(before + 2*minuteMS)}, {minuteMS, minutes(before + minuteMS)}} {
		w := &wanting{}
		_, err := Run(context.Background(), Config{
			Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("NVDA", minuteMS, before, 6)}, Strategy: w,
			FromMS: before, ToMS: before + 5*minuteMS, LatencyMS: c.latencyMS,
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(w.sent) == 0 || w.sent[0] != c.first {
			t.Errorf("latency %d ms: orders at minutes %v, want the first at %s", c.latencyMS, w.sent, c.first)
		}
	}
}
