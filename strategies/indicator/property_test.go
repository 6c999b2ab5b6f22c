package indicator

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// firstValues is the first candle, from 0, at which each output exists, of every
// indicator with its defaults.
func firstValues() map[string][]int {
	return map[string][]int{
		"atr(14)":         {14}, // a true range needs the close before it
		"bollinger(20,2)": {19, 19, 19, 19},
		"donchian(20)":    {19, 19, 19},
		"ema(20)":         {19},
		"highest(20)":     {19},
		"lowest(20)":      {19},
		"macd(12,26,9)":   {25, 33, 33}, // the signal line: 9 values of the line
		"momentum(10)":    {10},
		"roc(10)":         {10},
		"rsi(14)":         {14}, // a move needs the close before it
		"sma(20)":         {19},
		"stdev(20)":       {19},
		"volatility(20)":  {20}, // so does a return
		"wma(20)":         {19},
	}
}

func TestValuesAreNaNUntilTheyExist(t *testing.T) {
	bars := walk(100, 1)
	for text, firsts := range firstValues() {
		for output, column := range columns(t, text, bars) {
			for i, v := range column {
				if got, want := math.IsNaN(v), i < firsts[output]; got != want {
					t.Errorf("%s, output %d, candle %d: %g", text, output, i, v)
				}
			}
		}
		ind, _, err := New(text)
		if err != nil {
			t.Fatal(err)
		}
		for output := range firsts {
			if v := ind.Value(output); !math.IsNaN(v) {
				t.Errorf("%s, output %d, before any candle: %g", text, output, v)
			}
		}
	}
}

// TestColumnsThatGrowAndMoveChangeNothing: an indicator that sees the candles one
// by one, in other memory each time, gives what it gives on the whole columns.
// The candles behind the last are not there to be looked at.
func TestColumnsThatGrowAndMoveChangeNothing(t *testing.T) {
	bars := walk(300, 2)
	for text := range firstValues() {
		whole := columns(t, text, bars)
		ind, _, err := New(text)
		if err != nil {
			t.Fatal(err)
		}
		for i := range bars.Close {
			seen := bars.slice(0, i+1)
			ind.Take(Bars{
				slices.Clone(seen.Open), slices.Clone(seen.High), slices.Clone(seen.Low),
				slices.Clone(seen.Close), slices.Clone(seen.Volume),
			}, i)
			for output := range whole {
				if got, want := ind.Value(output), whole[output][i]; !same(got, want) {
					t.Fatalf("%s, output %d, candle %d: %.17g, on the whole column %.17g", text, output, i, got, want)
				}
			}
		}
	}
}

// TestPowersOfTwoScaleExactly: a price is a price in any unit. Outputs in the
// unit of the price scale with it, the others stay, to the last bit.
func TestPowersOfTwoScaleExactly(t *testing.T) {
	ratios := map[string][]bool{
		"bollinger(20,2)": {false, false, false, true},
		"roc(10)":         {true},
		"rsi(14)":         {true},
		"volatility(20)":  {true},
	}
	bars := walk(500, 3)
	for _, scale := range []float64{1. / 1024, 0.5, 1 << 20} {
		times := func(column []float64) []float64 {
			scaled := slices.Clone(column)
			for i := range scaled {
				scaled[i] *= scale
			}
			return scaled
		}
		scaled := Bars{times(bars.Open), times(bars.High), times(bars.Low), times(bars.Close), bars.Volume}
		for text := range firstValues() {
			before, after := columns(t, text, bars), columns(t, text, scaled)
			for output := range before {
				if r := ratios[text]; r == nil || !r[output] {
					before[output] = times(before[output])
				}
				for i, want := range before[output] {
					if got := after[output][i]; !same(got, want) {
						t.Fatalf("%s, output %d, candle %d, prices × %g: %.17g, want %.17g", text, output, i, scale, got, want)
					}
				}
			}
		}
	}
}

// TestExtremesAreThoseOfTheWindow, whatever the shape: long falls fill the ring.
func TestExtremesAreThoseOfTheWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		period := rapid.IntRange(1, 60).Draw(t, "period")
		drift := rapid.SampledFrom([]float64{-1, 0, 1}).Draw(t, "drift")
		steps := rapid.SliceOfN(rapid.IntRange(-3, 3), 1, 200).Draw(t, "steps")
		var bars Bars
		price := 1000.0
		for _, s := range steps {
			price += float64(s) + 2*drift
			bars.High, bars.Low = append(bars.High, price+1), append(bars.Low, price-1)
		}
		channel := NewDonchian(period)
		for i := range bars.High {
			channel.Take(bars, i)
			if i < period-1 {
				continue
			}
			high, low := slices.Max(bars.High[i+1-period:i+1]), slices.Min(bars.Low[i+1-period:i+1])
			if channel.Upper() != high || channel.Lower() != low {
				t.Fatalf("candle %d: %g and %g, want %g and %g", i, channel.Upper(), channel.Lower(), high, low)
			}
		}
	})
}

// TestLargePricesAreForgotten: what a window of small prices gives does not depend
// on the prices of long ago, to the last bits.
func TestLargePricesAreForgotten(t *testing.T) {
	const period = 20
	large, small := walk(1000, 4), walk(20*period, 5)
	for i := range large.Close {
		large.Close[i] *= 1e9
	}
	after := closesOnly(append(slices.Clone(large.Close), small.Close...)...)
	for _, text := range []string{"sma(20)", "wma(20)", "stdev(20)", "bollinger(20,2)", "volatility(20)"} {
		alone := columns(t, text, closesOnly(small.Close...))
		for output, column := range columns(t, text, after) {
			for i := 10 * period; i < len(small.Close); i++ {
				got, want := column[len(large.Close)+i], alone[output][i]
				// Prices are 1000 in size, and sums of them are renewed at other candles.
				if !near(got, want, 1e-11, want) {
					t.Fatalf("%s, output %d, candle %d: %.17g, alone %.17g", text, output, i, got, want)
				}
			}
		}
	}
}

// TestDeviationsAgainstTwoPasses at every candle of every phase: the sliding
// update is as good as the definition.
func TestDeviationsAgainstTwoPasses(t *testing.T) {
	bars := walk(2000, 6)
	for _, period := range []int{2, 3, 20, 333} {
		s := NewStDev(period)
		for i := range bars.Close {
			s.Take(bars, i)
			if i < period-1 {
				continue
			}
			window := bars.Close[i+1-period : i+1]
			mean, squares := 0.0, 0.0
			for _, x := range window {
				mean += x / float64(period)
			}
			for _, x := range window {
				squares += (x - mean) * (x - mean)
			}
			// The mean, of prices around 1000, is rounded here as there: that shows where they hardly move.
			if want := math.Sqrt(squares / float64(period)); !near(s.Value(0), want, 1e-12, want) {
				t.Fatalf("period %d, candle %d: %.17g, want %.17g", period, i, s.Value(0), want)
			}
		}
	}
}

// TestAMarketThatStandsStillHasNoDeviation: not even by rounding, whatever
// happened before.
func TestAMarketThatStandsStillHasNoDeviation(t *testing.T) {
	closes := walk(333, 7).Close
	for range 50 {
		closes = append(closes, 1234.56)
	}
	bars := closesOnly(closes...)
	for _, text := range []string{"stdev(20)", "volatility(20)"} {
		for _, v := range columns(t, text, bars)[0][333+20:] {
			if v != 0 {
				t.Errorf("%s: %g", text, v)
			}
		}
	}
	for output, column := range columns(t, "bollinger(20,2)", bars)[:3] {
		if v := column[len(column)-1]; !near(v, 1234.56, 1e-14, v) {
			t.Errorf("bollinger, output %d: %.17g", output, v)
		}
	}
}

func TestColumnIsOneOfColumns(t *testing.T) {
	bars := walk(60, 8)
	if got, want := Column(NewMACD(3, 6, 4), 1, bars), columns(t, "macd(3,6,4)", bars)[1]; !slices.EqualFunc(got, want, same) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPeriodsOutOfBoundsPanic(t *testing.T) {
	for name, construct := range map[string]func(){
		"sma of 0":        func() { NewSMA(0) },
		"stdev of 1":      func() { NewStDev(1) },
		"highest of 2^21": func() { NewHighest(1 << 21) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was made", name)
				}
			}()
			construct()
		}()
	}
}
