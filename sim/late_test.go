package sim

import (
	"context"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// late keeps its Setup and its feed, and uses them when the clock runs.
type late struct {
	setup *Setup
	feed  *Feed
	what  func(*late) error
}

func (l *late) Init(s *Setup) (err error) {
	l.setup = s
	l.feed, err = s.Subscribe("BTCUSD")
	return err
}

func (l *late) Decide(*Context) error { return l.what(l) }

func TestSettingUpLaterIsRefused(t *testing.T) {
	for name, what := range map[string]func(*late) error{
		"subscribe":  func(l *late) error { _, err := l.setup.SubscribeTo("BTCUSD", FeedOptions{Quiet: true}); return err },
		"host":       func(l *late) error { _, err := l.setup.Host("a", &late{}, Desk{}); return err },
		"wake when":  func(l *late) error { l.feed.WakeWhen(func(Candles) bool { return true }); return nil },
		"wake at":    func(l *late) error { l.setup.WakeAt(thursday + 9*minuteMS); return nil },
		"wake every": func(l *late) error { l.setup.WakeEvery(7 * minuteMS); return nil },
		"precompute": func(l *late) error { l.feed.Precompute(Candles.Close); return nil },
	} {
		_, err := Run(context.Background(), Config{
			Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 20)},
			Strategy: &late{what: what}, FromMS: thursday, ToMS: thursday + 10*minuteMS,
		})
		if err == nil || !strings.Contains(err.Error(), "the clock runs already") {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
}
