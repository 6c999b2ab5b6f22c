package audit

import (
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// BenchmarkAuditor measures the judging of candles without fault, on one core.
func BenchmarkAuditor(b *testing.B) {
	for _, c := range []struct{ name, pair string }{{"crypto", "BTCUSD"}, {"forex", "EURUSD"}, {"equities", "NVDA"}} {
		b.Run(c.name, func(b *testing.B) {
			s := cleanSeries(b, c.pair, datasets.Minute, 1<<20)
			o := Options{Pair: s.Pair, Interval: datasets.Minute}
			b.ReportAllocs()
			b.SetBytes(int64(s.Len()) * 48)
			for b.Loop() {
				a, err := New(o)
				if err != nil {
					b.Fatal(err)
				}
				for i := 0; i < s.Len(); i += 1 << 15 {
					if err := a.Check(s.Slice(i, min(i+1<<15, s.Len()))); err != nil {
						b.Fatal(err)
					}
				}
				if r, err := a.Report(); err != nil || len(r.Findings) > 0 {
					b.Fatal(show(r))
				}
			}
			b.ReportMetric(float64(s.Len())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}

// cleanSeries is a series without any fault: a price that wanders by a
// generator of its own, at every open-market minute (or longer interval) from 6
// January 2025 on.
func cleanSeries(t testing.TB, id string, interval datasets.Interval, n int) *market.Series {
	t.Helper()
	pair := pairOf(id)
	price, tick := 100.0, 0.01
	switch {
	case pair.Class == market.Forex && pair.Quote != "JPY":
		price, tick = 1, 0.0001
	case pair.Class == market.Crypto:
		price, tick = 50000, 5
	}
	const monday = 1736121600000 // 2025-01-06
	cal, err := datasets.MarketCalendar(pair, monday, monday+int64(n)*int64(interval)*6+30*dayMS)
	if err != nil {
		t.Fatal(err)
	}
	s := &market.Series{Pair: pair, IntervalMS: int64(interval)}
	state, level := uint64(1), int64(0)
	for ms := int64(monday); s.Len() < n; ms += int64(interval) {
		if cal.OpenMS(ms, ms+1) == 0 {
			continue
		}
		state = state*6364136223846793005 + 1442695040888963407
		open := level
		level += int64(state>>33)%7 - 3
		level -= level / 1000 // never far
		if level == open {
			level++
		}
		at := func(l int64) float64 { return price + float64(float64(l)*tick) }
		s.Time = append(s.Time, ms)
		s.Open, s.Close = append(s.Open, at(open)), append(s.Close, at(level))
		s.High, s.Low = append(s.High, at(max(open, level)+1)), append(s.Low, at(min(open, level)-1))
		s.Volume = append(s.Volume, 1+float64(state>>60))
	}
	return s
}

// BenchmarkCleaner measures candles without fault on their way through the
// default policies, the audit of what goes out included.
func BenchmarkCleaner(b *testing.B) {
	s := cleanSeries(b, "EURUSD", datasets.Minute, 1<<20)
	b.ReportAllocs()
	for b.Loop() {
		c, err := NewCleaner(Options{Pair: s.Pair, Interval: datasets.Minute}, Policies{}, func(*market.Series) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; i < s.Len() && err == nil; i += 1 << 14 {
			err = c.Clean(s.Slice(i, min(i+1<<14, s.Len())), Place{})
		}
		if err != nil || c.Finish() != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(s.Len())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}
