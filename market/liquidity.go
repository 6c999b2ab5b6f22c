package market

import (
	"math"
	"sort"

	"github.com/ptnsim/ptnsim/market/portable"
)

// DailyBar is one trading day of a series: what liquidity is measured on.
type DailyBar struct {
	Day    int64 // days since the epoch
	Close  float64
	Volume float64 // in the source's unit; 0 where it has none
}

// DailyBars sums a series into trading days. dayOf gives the trading day of an
// instant, open says whether the market is open then: candles of a closed
// market are left out. O(n).
func DailyBars(s *Series, dayOf func(ms int64) int64, open func(ms int64) bool) []DailyBar {
	var bars []DailyBar
	for i, ms := range s.Time {
		if !open(ms) {
			continue
		}
		day := dayOf(ms)
		if len(bars) == 0 || bars[len(bars)-1].Day != day {
			bars = append(bars, DailyBar{Day: day})
		}
		bar := &bars[len(bars)-1]
		bar.Close = s.Close[i]
		if s.Volume != nil {
			bar.Volume += s.Volume[i]
		}
	}
	return bars
}

// before returns those of the bars, oldest first, that are of days before day. Nothing of day
// itself is in them: a model that reads them cannot look ahead.
func before(bars []DailyBar, day int64) []DailyBar {
	return bars[:sort.Search(len(bars), func(i int) bool { return bars[i].Day >= day })]
}

// ADV is the average daily volume of the days trading days before day; ok is
// false if there are fewer, or they have no volume. Rules §7.
func ADV(bars []DailyBar, day int64, days int) (volume float64, ok bool) {
	past := before(bars, day)
	if len(past) < days {
		return 0, false
	}
	sum := 0.0
	for _, b := range past[len(past)-days:] {
		sum += b.Volume
	}
	return sum / float64(days), sum > 0
}

// Volatility is the annualised volatility before day: the sample standard
// deviation of the last returns daily log returns of the close, times
// sqrt(daysInYear). ok is false if the history is too short. Rules §7.
func Volatility(bars []DailyBar, day int64, returns int, daysInYear float64) (annual float64, ok bool) {
	past := before(bars, day)
	if returns < 2 || len(past) < returns+1 {
		return 0, false
	}
	past = past[len(past)-returns-1:]
	logs := make([]float64, returns)
	mean := 0.0
	for i := range logs {
		logs[i] = portable.Log(past[i+1].Close / past[i].Close)
		mean += logs[i]
	}
	mean /= float64(returns)
	squares := 0.0
	for _, r := range logs {
		squares += float64((r - mean) * (r - mean))
	}
	return math.Sqrt(squares/float64(returns-1)) * math.Sqrt(daysInYear), true
}
