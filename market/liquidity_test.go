package market

import (
	"math"
	"slices"
	"testing"
)

// barsOf makes bars of consecutive days from day on.
func barsOf(day int64, closes, volumes []float64) []DailyBar {
	bars := make([]DailyBar, max(len(closes), len(volumes)))
	for i := range bars {
		bars[i].Day = day + int64(i)
		if closes != nil {
			bars[i].Close = closes[i]
		}
		if volumes != nil {
			bars[i].Volume = volumes[i]
		}
	}
	return bars
}

// TestADVIsTheMeanOfTheTenDaysBefore the order's day, which is not among them.
func TestADVIsTheMeanOfTheTenDaysBefore(t *testing.T) {
	ten := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} // sum 55, mean 5.5
	for _, c := range []struct {
		name string
		bars []DailyBar
		day  int64
		want float64
		ok   bool
	}{
		{"TenDays", barsOf(100, nil, ten), 110, 5.5, true},
		{"OwnDayExcluded", barsOf(100, nil, append(slices.Clone(ten), 1e9)), 110, 5.5, true},
		{"LaterDaysExcluded", barsOf(100, nil, append(slices.Clone(ten), 1e9, 2e9)), 110, 5.5, true},
		// From day 100 on 11 days: 2 … 10 and 999, (54 + 999)/10.
		{"OlderDaysLeaveOne", barsOf(100, nil, append(slices.Clone(ten), 999)), 111, 105.3, true},
		{"OlderDaysLeave", barsOf(98, nil, append([]float64{1e6, 1e6}, ten...)), 110, 5.5, true},
		// Ten trading days, whatever lies between them and the order.
		{"DaysWithoutTradingDoNotCount", barsOf(100, nil, ten), 117, 5.5, true},
		{"NineDays", barsOf(101, nil, ten[:9]), 110, 0, false},
		{"TenDaysWithTheOwn", barsOf(101, nil, ten), 110, 0, false},
		{"NoDays", nil, 110, 0, false},
		{"NoVolume", barsOf(100, nil, make([]float64, 10)), 110, 0, false},
	} {
		if got, ok := ADV(c.bars, c.day, 10); got != c.want || ok != c.ok {
			t.Errorf("%s: %g, %v, want %g, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

// TestVolatilityIsTheSampleDeviationAnnualised: log returns of doublings are
// multiples of ln 2, so that the deviations can be done by hand.
func TestVolatilityIsTheSampleDeviationAnnualised(t *testing.T) {
	for _, c := range []struct {
		name    string
		closes  []float64 // of days 100 and on
		day     int64
		returns int
		want    float64
		ok      bool
	}{
		// Returns ln 2 · (1, 1, -2): mean 0, Σ² = 6, /(3-1) = 3: sqrt(3·252) = sqrt(756).
		{"MeanZero", []float64{100, 200, 400, 100}, 104, 3, 27.495454169735041 * math.Ln2, true},
		// Returns ln 2 · (1, 3): mean 2, Σ² = 2, /(2-1) = 2: sqrt(2·252) = sqrt(504).
		{"MeanTaken", []float64{1, 2, 16}, 103, 2, 22.449944320643649 * math.Ln2, true},
		// The own day's close, and all after it, must not matter.
		{"OwnDayExcluded", []float64{1, 2, 16, 1e9, 1}, 103, 2, 22.449944320643649 * math.Ln2, true},
		// Only the last two returns: 1/1024 → 1 is older.
		{"OlderReturnsLeave", []float64{1.0 / 1024, 1, 2, 16}, 104, 2, 22.449944320643649 * math.Ln2, true},
		// A steady rise has no deviation: a volatility of 0, and known.
		{"SteadyRise", []float64{1, 2, 4, 8}, 104, 3, 0, true},
		{"OneCloseShort", []float64{100, 200, 400}, 104, 3, 0, false},
		{"OneShortBeforeTheOwnDay", []float64{100, 200, 400, 100}, 103, 3, 0, false},
		{"OneReturnHasNoDeviation", []float64{1, 2, 4}, 104, 1, 0, false},
	} {
		got, ok := Volatility(barsOf(100, c.closes, nil), c.day, c.returns, 252)
		if ok != c.ok || math.Abs(got-c.want) > 1e-14*c.want {
			t.Errorf("%s: %.17g, %v, want %.17g, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

// TestVolatilityOfThirtyReturns needs 31 closes. Closes 1, 2, 1, 2, … have 30
// returns ±ln 2 with mean 0: sqrt(30/29·252)·ln 2.
func TestVolatilityOfThirtyReturns(t *testing.T) {
	closes := make([]float64, 31)
	for i := range closes {
		closes[i] = float64(1 + i%2)
	}
	want := math.Sqrt(30.0*252/29) * math.Ln2
	if got, ok := Volatility(barsOf(100, closes, nil), 131, 30, 252); !ok || math.Abs(got-want) > 1e-14*want {
		t.Errorf("%.17g, %v, want %.17g", got, ok, want)
	}
	if got, ok := Volatility(barsOf(100, closes[:30], nil), 131, 30, 252); ok {
		t.Errorf("30 closes have a volatility of %g, want none", got)
	}
}

// TestLiquidityDaysOfForex: candles of a closed market are left out, and the hours
// of Sunday belong to Monday. In March 2025, before the 9th, 17:00 in New York
// is 22:00 UTC.
func TestLiquidityDaysOfForex(t *testing.T) {
	hours := ForexHours()
	schedule := newTestSchedule(t, hours, "2025-02-01", "2025-03-31")
	s := &Series{IntervalMS: hourMS}
	for _, c := range []struct {
		when          string
		close, volume float64
	}{
		{"2025-02-27T23:00:00Z", 1, 1}, // Thursday
		{"2025-02-28T00:00:00Z", 2, 10},
		{"2025-02-28T21:00:00Z", 3, 20},
		{"2025-02-28T22:00:00Z", 4, 1000}, // closed
		{"2025-03-01T12:00:00Z", 5, 1000}, // Saturday
		{"2025-03-02T21:00:00Z", 6, 1000}, // Sunday, closed
		{"2025-03-02T22:00:00Z", 7, 100},  // Sunday, open
		{"2025-03-02T23:00:00Z", 8, 200},
		{"2025-03-03T00:00:00Z", 9, 300}, // Monday
		{"2025-03-03T23:00:00Z", 10, 400},
		{"2025-03-04T00:00:00Z", 11, 5}, // Tuesday
	} {
		s.Time = append(s.Time, at(t, c.when))
		s.Close = append(s.Close, c.close)
		s.Volume = append(s.Volume, c.volume)
	}
	thursday := at(t, "2025-02-27T00:00:00Z") / dayMS
	want := []DailyBar{
		{thursday, 1, 1},
		{thursday + 1, 3, 30},    // 10 + 20
		{thursday + 4, 10, 1000}, // 100 + 200 + 300 + 400
		{thursday + 5, 11, 5},
	}
	if got := DailyBars(s, hours.TradingDay, schedule.Open); !slices.Equal(got, want) {
		t.Errorf("bars %v, want %v", got, want)
	}
	s.Volume = nil
	for i := range want {
		want[i].Volume = 0
	}
	if got := DailyBars(s, hours.TradingDay, schedule.Open); !slices.Equal(got, want) {
		t.Errorf("without volume: bars %v, want %v", got, want)
	}
}

// TestLiquidityDaysOfEquities: the session alone counts, and a holiday has none.
// In January 09:30 in New York is 14:30 UTC; 2025-01-20 is the third Monday.
func TestLiquidityDaysOfEquities(t *testing.T) {
	hours := EquitiesHours()
	schedule := newTestSchedule(t, hours, "2025-01-01", "2025-01-31")
	s := &Series{IntervalMS: hourMS / 2}
	for i, when := range []string{
		"2025-01-17T14:00:00Z", // before the session
		"2025-01-17T14:30:00Z",
		"2025-01-17T20:30:00Z",
		"2025-01-17T21:00:00Z", // after it
		"2025-01-20T15:00:00Z", // holiday
		"2025-01-21T14:30:00Z",
		"2025-01-21T23:30:00Z", // after it
	} {
		s.Time = append(s.Time, at(t, when))
		s.Close = append(s.Close, float64(i))
		s.Volume = append(s.Volume, float64(int(1)<<i))
	}
	friday := at(t, "2025-01-17T00:00:00Z") / dayMS
	want := []DailyBar{{friday, 2, 2 + 4}, {friday + 4, 5, 32}}
	if got := DailyBars(s, hours.TradingDay, schedule.Open); !slices.Equal(got, want) {
		t.Errorf("bars %v, want %v", got, want)
	}
}
