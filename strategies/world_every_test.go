package strategies

import (
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

const hourMS = 60 * minuteMS

// every makes candles without gaps from closes, as minutes does, of any length.
func every(t testing.TB, intervalMS int64, id, start string, closes ...float64) *market.Series {
	t.Helper()
	s := minutes(t, id, start, closes...)
	s.IntervalMS = intervalMS
	for i := range s.Time {
		s.Time[i] = s.Time[0] + int64(i)*intervalMS
	}
	return s
}
