package ingest

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// gather appends a copy of s to all.
func gather(all, s *market.Series) {
	all.Time = append(all.Time, s.Time...)
	all.Open, all.High = append(all.Open, s.Open...), append(all.High, s.High...)
	all.Low, all.Close = append(all.Low, s.Low...), append(all.Close, s.Close...)
	all.Volume, all.Bid, all.Ask = append(all.Volume, s.Volume...), append(all.Bid, s.Bid...), append(all.Ask, s.Ask...)
}

// aggregate runs ticks through an aggregator in chunks of some rows.
func aggregate(a *Aggregator, ticks *market.Series, rows int) (*market.Series, error) {
	all := &market.Series{}
	for i := 0; i < ticks.Len(); i += rows {
		s, err := a.Add(vendors.Chunk{Series: ticks.Slice(i, min(i+rows, ticks.Len())), Line: int64(i + 1)})
		if err != nil {
			return nil, err
		}
		gather(all, s)
	}
	gather(all, a.Flush())
	return all, nil
}

func TestTradesBecomeCandles(t *testing.T) {
	// By hand: three trades in the minute from 0, none in the next, one at the
	// very start of the third and one at its last ms, one long after. Two of the
	// same time keep their order.
	ticks := &market.Series{
		Time:   []int64{1, 500, 500, 120000, 179999, 600000},
		Close:  []float64{10, 12, 9, 11, 11.5, 8},
		Volume: []float64{1, 2, 0.5, 4, 0, 0.25},
	}
	want := &market.Series{
		Time: []int64{0, 120000, 600000},
		Open: []float64{10, 11, 8}, High: []float64{12, 11.5, 8}, Low: []float64{9, 11, 8}, Close: []float64{9, 11.5, 8},
		Volume: []float64{3.5, 4, 0.25},
	}
	for _, rows := range []int{1, 2, 3, 6} {
		got, err := aggregate(&Aggregator{Interval: datasets.Minute, Kind: vendors.Trades}, ticks, rows)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("chunks of %d: got %+v, %v, want %+v", rows, got, err, want)
		}
	}
}

func TestQuotesBecomeCandlesOfASide(t *testing.T) {
	ticks := &market.Series{
		Time: []int64{-1, 0, 30000, 59999, 60000},
		Bid:  []float64{1, 1.5, 1.25, 2, 3},
		Ask:  []float64{2, 2.5, 1.75, 2, 4},
	}
	for side, prices := range map[vendors.QuoteSide][5]float64{ // by hand: (bid + ask) / 2 is 1.5, 2, 1.5, 2, 3.5
		vendors.Mid:     {1.5, 2, 1.5, 2, 3.5},
		vendors.BidSide: {1, 1.5, 1.25, 2, 3},
		vendors.AskSide: {2, 2.5, 1.75, 2, 4},
	} {
		p := prices
		want := &market.Series{
			Time: []int64{-60000, 0, 60000},
			Open: []float64{p[0], p[1], p[4]}, High: []float64{p[0], max(p[1], p[2], p[3]), p[4]},
			Low: []float64{p[0], min(p[1], p[2], p[3]), p[4]}, Close: []float64{p[0], p[3], p[4]},
			Bid: []float64{1, 2, 3}, Ask: []float64{2, 2, 4},
		}
		for _, rows := range []int{1, 2, 5} {
			got, err := aggregate(&Aggregator{Interval: datasets.Minute, Kind: vendors.Quotes, Side: side}, ticks, rows)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("side %d, chunks of %d: got %+v, %v, want %+v", side, rows, got, err, want)
			}
		}
	}
}

func TestTradesWithoutSizesHaveNoVolume(t *testing.T) {
	got, err := aggregate(&Aggregator{Interval: datasets.Hour, Kind: vendors.Trades}, &market.Series{Time: []int64{5}, Close: []float64{2}}, 1)
	want := &market.Series{Time: []int64{0}, Open: []float64{2}, High: []float64{2}, Low: []float64{2}, Close: []float64{2}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestBadTicksAreRefusedWithTheirLine(t *testing.T) {
	trade := func(ms int64, price, size float64) *market.Series {
		return &market.Series{Time: []int64{0, 60000, ms}, Close: []float64{1, 1, price}, Volume: []float64{1, 1, size}}
	}
	quote := func(bid, ask float64) *market.Series {
		return &market.Series{Time: []int64{0, 1, 2}, Bid: []float64{1, 1, bid}, Ask: []float64{1, 1, ask}}
	}
	for name, tc := range map[string]struct {
		kind    vendors.Kind
		ticks   *market.Series
		problem error
	}{
		"BackInTime":    {vendors.Trades, trade(59999, 1, 1), datasets.ErrUnsorted},
		"NaNPrice":      {vendors.Trades, trade(60000, math.NaN(), 1), datasets.ErrNotPositive},
		"InfinitePrice": {vendors.Trades, trade(60000, math.Inf(1), 1), datasets.ErrNotPositive},
		"ZeroPrice":     {vendors.Trades, trade(60000, 0, 1), datasets.ErrNotPositive},
		"NegativeSize":  {vendors.Trades, trade(60000, 1, -1), datasets.ErrVolume},
		"NaNSize":       {vendors.Trades, trade(60000, 1, math.NaN()), datasets.ErrVolume},
		"NegativeBid":   {vendors.Quotes, quote(-1, 1), datasets.ErrNotPositive},
		"NaNAsk":        {vendors.Quotes, quote(1, math.NaN()), datasets.ErrNotPositive},
	} {
		t.Run(name, func(t *testing.T) {
			for _, rows := range []int{1, 3} {
				_, err := aggregate(&Aggregator{File: "x", Interval: datasets.Minute, Kind: tc.kind}, tc.ticks, rows)
				r, ok := errors.AsType[*datasets.Refusal](err)
				if !ok || !errors.Is(err, tc.problem) || r.Line != 3 || r.Row != 3 {
					t.Errorf("got %v (row %d, line %d), want %v at line 3", err, r.Row, r.Line, tc.problem)
				}
			}
		})
	}
}

// wander returns ticks of a random walk, several a second.
func wander(n int) *market.Series {
	rng := rand.New(rand.NewPCG(1, 2))
	s := &market.Series{}
	ms, price := int64(1735689600000), 100.0
	for range n {
		ms += rng.Int64N(400)
		price = max(price+rng.NormFloat64(), 1)
		s.Time, s.Close, s.Volume = append(s.Time, ms), append(s.Close, price), append(s.Volume, rng.Float64())
		s.Bid, s.Ask = append(s.Bid, price), append(s.Ask, price+0.5)
	}
	return s
}

func TestCandlesAreWhatTheirTicksSay(t *testing.T) {
	// The same from the definition: for every minute, its ticks one by one.
	ticks := wander(20000)
	want := &market.Series{}
	for i := 0; i < ticks.Len(); {
		minute := ticks.Time[i] / 60000 * 60000
		j := i
		volume := 0.0
		for j < ticks.Len() && ticks.Time[j] < minute+60000 {
			volume += ticks.Volume[j]
			j++
		}
		want.Time, want.Volume = append(want.Time, minute), append(want.Volume, volume)
		want.Open, want.Close = append(want.Open, ticks.Close[i]), append(want.Close, ticks.Close[j-1])
		want.High, want.Low = append(want.High, slices.Max(ticks.Close[i:j])), append(want.Low, slices.Min(ticks.Close[i:j]))
		i = j
	}
	for _, rows := range []int{1, 7, 1000, 20000} {
		got, err := aggregate(&Aggregator{Interval: datasets.Minute, Kind: vendors.Trades}, ticks, rows)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("chunks of %d: %d candles, %v, want %d", rows, got.Len(), err, want.Len())
		}
	}
}

func TestAddAllocatesNothingOnceWarm(t *testing.T) {
	for _, kind := range []vendors.Kind{vendors.Trades, vendors.Quotes} {
		a, ticks := &Aggregator{Interval: datasets.Minute, Kind: kind}, wander(5000)
		run := func() {
			a.Add(vendors.Chunk{Series: ticks})
			a.Flush()
		}
		run()
		if n := testing.AllocsPerRun(10, run); n != 0 {
			t.Errorf("kind %d: %v allocations for 5000 ticks", kind, n)
		}
	}
}

func BenchmarkAggregate(b *testing.B) {
	ticks := wander(1 << 16)
	for name, kind := range map[string]vendors.Kind{"trades": vendors.Trades, "quotes": vendors.Quotes} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			a := &Aggregator{Interval: datasets.Minute, Kind: kind}
			for b.Loop() {
				if _, err := a.Add(vendors.Chunk{Series: ticks}); err != nil {
					b.Fatal(err)
				}
				a.Flush()
			}
			b.ReportMetric(float64(b.N)*float64(ticks.Len())/1e6/b.Elapsed().Seconds(), "Mticks/s")
		})
	}
}
