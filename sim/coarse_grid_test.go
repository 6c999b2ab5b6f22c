package sim

import (
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// TestCandleAcrossTheGridShowsWhenItIsFinished: hours that begin at half past, as
// those of a New York session do, made into two hours. The one from 13:30 ends at
// 14:30 and belongs to 14:00 to 16:00; that from 15:30 ends at 16:30, after it.
func TestCandleAcrossTheGridShowsWhenItIsFinished(t *testing.T) {
	const hour = 60 * minuteMS
	const half = thursday + 13*hour + 30*minuteMS
	fine := &market.Series{IntervalMS: hour}
	fine.Pair, _ = market.FindPair(market.Pairs(), "BTCUSD")
	for i := range int64(4) {
		fine.Time = append(fine.Time, half+i*hour)
		fine.Open = append(fine.Open, float64(100+i))
		fine.Close = append(fine.Close, float64(101+i))
	}
	fine.High, fine.Low = fine.Close, fine.Close
	schedule, err := market.NewSchedule(market.Hours{Kind: market.Always}, thursday, thursday+dayMS)
	if err != nil {
		t.Fatal(err)
	}
	coarse := coarsen(fine, 2*hour, schedule)
	if want := []int64{thursday + 14*hour, thursday + 16*hour}; !slices.Equal(coarse.Time, want) {
		t.Errorf("times %v, want %v", coarse.Time, want)
	}
	// 13:30 and 14:30 (to 15:30) make the first, 15:30 and 16:30 (to 17:30) the second.
	if want := []float64{102, 104}; !slices.Equal(coarse.Close, want) || !slices.Equal(coarse.Open, []float64{100, 102}) {
		t.Errorf("opens %v, closes %v, want closes %v", coarse.Open, coarse.Close, want)
	}
}
