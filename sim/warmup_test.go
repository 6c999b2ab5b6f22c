package sim

import (
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/sim/rules"
)

func TestWarmupReachesAsFarBackAsTheRulesLook(t *testing.T) {
	for _, tc := range []struct {
		adv, volatility, days int
	}{
		{10, 30, 58},     // 31 closes: 43.4 calendar days, rounded up, and 14
		{50, 30, 84},     // 50 days of volume: 70 and 14
		{1, 249, 364},    // 250 closes: 350 and 14
		{1, 2, 19},       // 3 closes: 4.2 and 14
		{1 << 60, 2, -1}, // no overflow
	} {
		set := rules.Set{}
		set.Liquidity.ADVDays, set.Liquidity.VolatilityDays = tc.adv, tc.volatility
		got := WarmupMS(&set)
		if got <= 0 || tc.days > 0 && got != int64(tc.days)*dayMS {
			t.Errorf("%d and %d days: got %v, want %d days", tc.adv, tc.volatility, time.Duration(got)*time.Millisecond, tc.days)
		}
	}
}
