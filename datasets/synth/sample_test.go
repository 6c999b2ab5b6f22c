package synth

import (
	"bytes"
	"context"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

var updateSample = flag.Bool("update-sample", false, "write ../sample, the embedded files, anew")

func TestSampleIsMadeAgainByteForByte(t *testing.T) {
	folder := t.TempDir()
	if *updateSample {
		folder = "../sample"
	}
	paths, err := WriteSample(context.Background(), folder, false)
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Sample(datasets.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) != 6 || len(set.Files) != len(paths) {
		t.Fatalf("%d files made, %d embedded", len(paths), len(set.Files))
	}
	total := 0
	for _, path := range paths {
		made, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		embedded, err := os.ReadFile(filepath.Join("../sample", filepath.Base(path)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made, embedded) && !*updateSample {
			t.Errorf("%s is not made as it is embedded", filepath.Base(path))
		}
		total += len(embedded)
		t.Logf("%s %d bytes", filepath.Base(path), len(made))
	}
	if total >= 4<<20 {
		t.Errorf("the sample takes %d bytes, the limit is 4 MiB", total)
	}
}

// logReturns returns the log returns from close to close: all of them, or only
// those that no closed market parts.
func logReturns(s *market.Series, all bool) []float64 {
	var r []float64
	for i := 1; i < s.Len(); i++ {
		if all || s.Time[i] == s.EndMS(i-1) {
			r = append(r, math.Log(s.Close[i]/s.Close[i-1]))
		}
	}
	return r
}

func TestSampleIsRealistic(t *testing.T) {
	set, err := datasets.Sample(datasets.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// No tolerance for gaps: every open slot has its candle.
	all, err := set.Read(context.Background(), datasets.Select{FromMS: sampleFromMS, ToMS: sampleToMS, Calendar: datasets.MarketCalendar, GapToleranceMS: -1})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range all {
		s := c.Series
		t.Run(s.Pair.ID, func(t *testing.T) {
			defer c.Close()
			var plan samplePair
			for _, g := range samplePlan() {
				if g.Pair == set.Files[i].Pair {
					plan = g
				}
			}
			inSession(t, s)
			clusters(t, s)
			levels(t, s, &plan)
		})
	}
}

// inSession checks that a candle fills every open slot and only those.
func inSession(t *testing.T, s *market.Series) {
	cal, err := datasets.MarketCalendar(s.Pair, sampleFromMS, sampleToMS)
	if err != nil {
		t.Fatal(err)
	}
	for i, ms := range s.Time {
		if cal.OpenMS(ms, s.EndMS(i)) != s.IntervalMS {
			t.Fatalf("the candle at %s is not in an open market", instant(ms))
		}
	}
	if got, want := int64(s.Len())*s.IntervalMS, cal.OpenMS(sampleFromMS, sampleToMS); got != want {
		t.Errorf("candles cover %s of %s open market", datasets.Interval(got), datasets.Interval(want))
	}
}

// clusters checks volatility clustering and tails, with the gaps of reopenings
// and without.
func clusters(t *testing.T, s *market.Series) {
	for _, all := range []bool{false, true} {
		r := logReturns(s, all)
		squares := make([]float64, len(r))
		for i, x := range r {
			squares[i] = x * x
		}
		lag1 := stat.Correlation(squares[1:], squares[:len(squares)-1], nil)
		kurtosis := stat.ExKurtosis(r, nil) + 3
		t.Logf("%d returns, lag-1 autocorrelation of squares %.3f, kurtosis %.1f", len(r), lag1, kurtosis)
		if !(lag1 > 0.1) {
			t.Errorf("lag-1 autocorrelation of squared returns is %.3f, want over 0.1", lag1)
		}
		if !(kurtosis > 6) {
			t.Errorf("kurtosis is %.2f, want over 6", kurtosis)
		}
	}
}

// levels checks that price, volatility and volume stay near the plan.
func levels(t *testing.T, s *market.Series, g *samplePair) {
	var squares, volume float64
	for i := 1; i < s.Len(); i++ {
		x := math.Log(s.Close[i] / s.Close[i-1])
		squares += x * x
	}
	years := float64(sampleToMS-sampleFromMS) / sampleYearMS
	vol := math.Sqrt(squares / years)
	days := map[int64]bool{}
	for i, v := range s.Volume {
		volume += v
		days[s.Time[i]/int64(datasets.Day)] = true
	}
	daily := volume / float64(len(days))
	low, high := s.Low[0], s.High[0]
	for i := range s.Low {
		low, high = min(low, s.Low[i]), max(high, s.High[i])
	}
	t.Logf("volatility %.3f, daily volume %.0f, price %.5g to %.5g, ends at %.5g", vol, daily, low, high, s.Close[s.Len()-1])
	if math.Abs(vol/g.Volatility-1) > 0.25 {
		t.Errorf("volatility %.3f a year, planned %.3f", vol, g.Volatility)
	}
	if math.Abs(daily/g.DailyVolume-1) > 0.25 {
		t.Errorf("volume %.0f a day, planned %.0f", daily, g.DailyVolume)
	}
	if low < g.Price/2 || high > g.Price*2 {
		t.Errorf("prices from %g to %g, begun at %g", low, high, g.Price)
	}
	if (s.Bid != nil) != (g.SpreadTicks > 0) {
		t.Error("bid and ask are there where they are not planned, or the other way round")
	}
}

func TestPairsOfTheSampleAreIndependentOfEachOther(t *testing.T) {
	g := samplePlan()[2]
	g.ToMS = g.FromMS + 3*int64(datasets.Day)
	a, err := g.series()
	if err != nil {
		t.Fatal(err)
	}
	g.Pair, _ = market.FindPair(market.Pairs(), "GBPUSD")
	b, err := g.series()
	if err != nil {
		t.Fatal(err)
	}
	if r := stat.Correlation(logReturns(a, false), logReturns(b, false), nil); math.Abs(r) > 0.15 {
		t.Errorf("two pairs of one seed correlate by %.3f", r)
	}
}

func TestTheSampleRefusesAClosedMarket(t *testing.T) {
	g := samplePlan()[5]
	g.ToMS = g.FromMS + int64(datasets.Hour)
	if _, err := g.series(); err == nil {
		t.Error("candles were made while the market is closed")
	}
}
