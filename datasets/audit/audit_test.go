package audit

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// without removes rows [i, j).
func without(s *market.Series, i, j int) {
	s.Time = slices.Delete(s.Time, i, j)
	for _, col := range columns(s, false) {
		if *col != nil {
			*col = slices.Delete(*col, i, j)
		}
	}
}

// repeat puts a copy of row i after it.
func repeat(s *market.Series, i int) {
	s.Time = slices.Insert(s.Time, i, s.Time[i])
	for _, col := range columns(s, false) {
		if *col != nil {
			*col = slices.Insert(*col, i, (*col)[i])
		}
	}
}

// flatten lets rows [i, j) stand still at the close before them.
func flatten(s *market.Series, i, j int) {
	x := s.Close[i-1]
	for ; i < j; i++ {
		s.Open[i], s.High[i], s.Low[i], s.Close[i] = x, x, x, x
	}
	// The market goes on from there.
	s.Open[j] = x
	s.High[j], s.Low[j] = max(s.High[j], x), min(s.Low[j], x)
}

// scaled multiplies the prices of rows [i, j).
func scaled(s *market.Series, i, j int, by float64) {
	for _, col := range columns(s, false)[:4] {
		for k := i; k < j; k++ {
			(*col)[k] *= by
		}
	}
}

// TestEveryProblemIsFound puts one fault into a clean series, which must be found
// at its row, and nothing else above a note.
func TestEveryProblemIsFound(t *testing.T) {
	const minute, hour = int64(datasets.Minute), int64(datasets.Hour)
	cases := []struct {
		name     string
		pair     string
		interval datasets.Interval
		spoil    func(s *market.Series)
		want     Finding // Found and Cause: parts of the text
	}{
		{"no fault in crypto", "BTCUSD", datasets.Minute, func(*market.Series) {}, Finding{}},
		{"no fault in forex", "EURUSD", datasets.Minute, func(*market.Series) {}, Finding{}},
		{"no fault in equities", "NVDA", datasets.Minute, func(*market.Series) {}, Finding{}},
		{"no fault in hours of equities from half past nine", "NVDA", 30 * datasets.Minute, func(*market.Series) {}, Finding{}},
		{"no fault in forex over four hours", "EURUSD", 4 * datasets.Hour, func(*market.Series) {}, Finding{}},
		{"no fault in days of crypto", "BTCUSD", datasets.Day, func(*market.Series) {}, Finding{}},
		{"no fault in seven minutes of equities", "NVDA", datasets.Minute, func(s *market.Series) {
			// Sessions of 390 minutes begin anew: 55 candles of seven minutes and one of
			// five.
			every := *s
			*s = market.Series{Pair: every.Pair, IntervalMS: 7 * minute}
			for i := range every.Time {
				if i%390%7 == 0 {
					s.Time, s.Open, s.High = append(s.Time, every.Time[i]), append(s.Open, every.Open[i]), append(s.High, every.High[i])
					s.Low, s.Close = append(s.Low, every.Low[i]), append(s.Close, every.Close[i])
				}
			}
		}, Finding{}},
		{"two rows swapped", "BTCUSD", datasets.Minute, func(s *market.Series) {
			s.Time[500], s.Time[501] = s.Time[501], s.Time[500]
		}, Finding{Problem: Unsorted, Severity: Error, Count: 1, Row: 502, Found: "2025-01-06T08:20:00Z after 2025-01-06T08:21:00Z"}},
		{"newest first", "BTCUSD", datasets.Minute, func(s *market.Series) { slices.Reverse(s.Time) },
			Finding{Problem: Unsorted, Severity: Error, Count: 4999, Row: 2, Cause: "newest first"}},
		{"a row twice", "EURUSD", datasets.Minute, func(s *market.Series) { repeat(s, 700) },
			Finding{Problem: Duplicate, Severity: Error, Count: 1, Row: 702, Found: "2025-01-06T11:40:00Z twice, with the same candle"}},
		{"a row twice with other values", "EURUSD", datasets.Minute, func(s *market.Series) {
			repeat(s, 700)
			s.Volume[701] = 99
		}, Finding{Problem: Conflict, Severity: Error, Count: 1, Row: 702, Found: "twice, with volume"}},
		{"half a minute late", "BTCUSD", datasets.Minute, func(s *market.Series) { s.Time[600] += minute / 2 },
			Finding{Problem: OffGrid, Severity: Error, Count: 1, Row: 601, Found: "2025-01-06T10:00:30Z, 30s off the grid of 1m"}},
		{"times are the candles' ends", "BTCUSD", datasets.Minute, func(s *market.Series) {
			for i := range s.Time {
				s.Time[i] += minute - 1
			}
		}, Finding{Problem: OffGrid, Severity: Error, Count: 5000, Row: 1, Cause: "last instants"}},
		{"microseconds", "BTCUSD", datasets.Minute, func(s *market.Series) { s.Time[10] *= 1000 },
			Finding{Problem: OffGrid, Severity: Error, Count: 1, Row: 11, Found: "not in the years 1970 to 2197", Cause: "unit"}},
		{"a day at another hour", "BTCUSD", datasets.Day, func(s *market.Series) { s.Time[600] += 5 * hour },
			Finding{Problem: OffGrid, Severity: Error, Count: 1, Row: 601, Found: "5h off the grid of 1d"}},
		{"not a number", "BTCUSD", datasets.Minute, func(s *market.Series) { s.High[42] = math.NaN() },
			Finding{Problem: NotFinite, Severity: Error, Count: 1, Row: 43, Found: "high NaN"}},
		{"a volume without bounds", "BTCUSD", datasets.Minute, func(s *market.Series) { s.Volume[42] = math.Inf(1) },
			Finding{Problem: NotFinite, Severity: Error, Count: 1, Row: 43, Found: "volume +Inf"}},
		{"a price of 0", "EURUSD", datasets.Minute, func(s *market.Series) { s.Low[42], s.Open[42] = 0, 0 },
			Finding{Problem: NotPositive, Severity: Error, Count: 1, Row: 43, Found: "open 0"}},
		{"a high below the close", "EURUSD", datasets.Minute, func(s *market.Series) { s.High[42] = s.Low[42] },
			Finding{Problem: Inconsistent, Severity: Error, Count: 1, Row: 43, Found: "below open"}},
		{"bid above ask", "EURUSD", datasets.Minute, func(s *market.Series) {
			s.Bid, s.Ask = slices.Clone(s.Close), slices.Clone(s.Close)
			s.Bid[42] += 0.001
		}, Finding{Problem: Inconsistent, Severity: Error, Count: 1, Row: 43, Found: "bid"}},
		{"a negative volume", "EURUSD", datasets.Minute, func(s *market.Series) { s.Volume[42] = -1 },
			Finding{Problem: BadVolume, Severity: Error, Count: 1, Row: 43, Found: "volume -1"}},
		{"ten times the price from a row on", "BTCUSD", datasets.Minute, func(s *market.Series) { scaled(s, 3000, 5000, 10) },
			Finding{Problem: Scale, Severity: Warning, Count: 1, Row: 3001, Found: "about 10 times"}},
		{"a split", "NVDA", datasets.Minute, func(s *market.Series) { scaled(s, 780, 5000, 0.1) },
			Finding{Problem: Scale, Severity: Warning, Count: 1, Row: 781, Cause: "split"}},
		{"prices in points", "EURUSD", datasets.Minute, func(s *market.Series) { scaled(s, 0, 5000, 1e5) },
			Finding{Problem: Scale, Severity: Warning, Count: 5000, Row: 1, Cause: "points"}},
		{"Saturday's candles", "EURUSD", datasets.Minute, func(s *market.Series) {
			// The week is over after 118 hours, 7080 minutes: Friday 22:00 UTC.
			*s = *cleanSeries(t, "EURUSD", datasets.Minute, 7100)
			for i := 7080; i < 7100; i++ { // Sunday's first go to Saturday noon
				s.Time[i] = s.Time[0] + 5*dayMS + 12*hour + int64(i-7080)*minute
			}
		}, Finding{Problem: TimeZone, Severity: Warning, Count: 20, Row: 7081, Found: "forex candles on Saturday, such as 2025-01-11T12:00:00Z"}},
		{"two hours without candles", "BTCUSD", datasets.Minute, func(s *market.Series) { without(s, 600, 720) },
			Finding{Problem: MissingTime, Severity: Error, Count: 1, Row: 601, Found: "no candle from 2025-01-06T10:00:00Z to 2025-01-06T12:00:00Z, 2h"}},
		{"three hours of forex without candles", "EURUSD", datasets.Minute, func(s *market.Series) { without(s, 600, 780) },
			Finding{Problem: MissingTime, Severity: Warning, Count: 1, Row: 601, Found: "no candle from 2025-01-06T10:00:00Z to 2025-01-06T13:00:00Z, 3h"}},
		{"a Tuesday without candles", "NVDA", datasets.Minute, func(s *market.Series) { without(s, 390, 780) },
			// The session of 7 January lacks: 390 minutes from 9:30 New York.
			Finding{Problem: MissingTime, Severity: Error, Count: 1, Row: 391, Found: "6h30m of it open market", Cause: "a whole day"}},
		{"a wick that comes back", "EURUSD", datasets.Minute, func(s *market.Series) { s.High[2000] *= 1.02 },
			Finding{Problem: Spike, Severity: Warning, Count: 1, Row: 2001, Found: "back within the candle"}},
		{"closes that come back", "EURUSD", datasets.Minute, func(s *market.Series) { scaled(s, 2000, 2003, 0.95) },
			Finding{Problem: Spike, Severity: Warning, Count: 1, Row: 2001, Found: "back within 4 candles"}},
		{"a misplaced decimal point", "BTCUSD", datasets.Minute, func(s *market.Series) { scaled(s, 4999, 5000, 1); scaled(s, 2000, 2001, 10) },
			Finding{Problem: Spike, Severity: Warning, Count: 1, Row: 2001, Cause: "decimal point"}},
		{"two hours of standing still", "BTCUSD", datasets.Minute, func(s *market.Series) { flatten(s, 600, 720) },
			Finding{Problem: FlatRun, Severity: Warning, Count: 1, Row: 601, Found: "120 candles at", Cause: "stood still"}},
		{"a filled hole", "BTCUSD", datasets.Minute, func(s *market.Series) {
			flatten(s, 600, 720)
			for i := 600; i < 720; i++ {
				s.Volume[i] = 0
			}
		}, Finding{Problem: FlatRun, Severity: Warning, Count: 1, Row: 601, Cause: "fills missing candles"}},
		{"no volume at all", "BTCUSD", datasets.Minute, func(s *market.Series) { clear(s.Volume) },
			Finding{Problem: ZeroVolume, Severity: Warning, Count: 5000, Row: 1, Cause: "no volume"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := cleanSeries(t, c.pair, c.interval, 5000)
			c.spoil(s)
			r := audit(t, s, 777, Options{})
			if c.want.Problem == "" {
				if len(r.Findings) > 0 {
					t.Fatal("findings in a clean series:\n" + show(r))
				}
				return
			}
			f := r.Find(c.want.Problem)
			if f == nil {
				t.Fatalf("%s is not found:\n%s", c.want.Problem, show(r))
			}
			if f.Severity != c.want.Severity || f.Count != c.want.Count || f.Row != c.want.Row ||
				!strings.Contains(f.Found, c.want.Found) || !strings.Contains(f.Cause, c.want.Cause) {
				t.Errorf("found %s\nexpected %+v", show(r), c.want)
			}
			for _, f := range r.Findings {
				if f.Problem != c.want.Problem && f.Severity != Note && !follows(f.Problem, c.want.Problem) {
					t.Errorf("found %s, too:\n%s", f.Problem, show(r))
				}
				if f.Remedy == "" && f.Severity != Note {
					t.Errorf("%s without a remedy", f.Problem)
				}
			}
		})
	}
}

// follows reports whether a finding is another side of the one that is meant.
func follows(p, cause Problem) bool { return p == MarketClosed && cause == TimeZone }

// TestWhatIsUsualIsNoFault has what markets do every week.
func TestWhatIsUsualIsNoFault(t *testing.T) {
	cases := []struct {
		name, pair string
		interval   datasets.Interval
		do         func(s *market.Series)
	}{
		{"a minute without trades", "BTCUSD", datasets.Minute, func(s *market.Series) { without(s, 600, 601) }},
		{"a market that leaps and stays", "BTCUSD", datasets.Minute, func(s *market.Series) { scaled(s, 3000, 5000, 1.1) }},
		{"half an hour of calm", "BTCUSD", datasets.Minute, func(s *market.Series) { flatten(s, 600, 630) }},
		// 12 January 2025 is a Sunday: row 7080 is 17:00 in New York, 22:00 UTC.
		{"the calm first two hours of a forex week", "EURUSD", datasets.Minute, func(s *market.Series) { flatten(s, 7080, 7200) }},
		{"some candles without volume", "EURUSD", datasets.Minute, func(s *market.Series) { clear(s.Volume[500:600]) }},
		{"four hours shifted by daylight saving", "EURUSD", 4 * datasets.Hour, func(s *market.Series) {
			for i := range s.Time { // from 9 March 2025 on an hour earlier
				if s.Time[i] > 1741478400000 {
					s.Time[i] -= int64(datasets.Hour)
				}
			}
		}},
		{"candles before the session", "NVDA", datasets.Minute, func(s *market.Series) {
			for i := 390; i < 400; i++ { // an hour earlier than 9:30 on the second day
				s.Time[i] -= int64(datasets.Hour)
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := cleanSeries(t, c.pair, c.interval, 8000)
			c.do(s)
			r := audit(t, s, 4096, Options{})
			if w := r.Worst(); w == Warning || w == Error {
				t.Error(show(r))
			}
		})
	}
}
