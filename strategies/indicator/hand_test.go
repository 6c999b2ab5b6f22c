package indicator

import (
	"math"
	"testing"
)

// TestByHand: what the definitions give on a few candles, worked out by hand.
func TestByHand(t *testing.T) {
	none := math.NaN()
	ranges := Bars{
		High:  []float64{10, 11, 14, 13},
		Low:   []float64{8, 9, 12, 12},
		Close: []float64{9, 10, 13, 12},
	}
	for _, c := range []struct {
		text string
		bars Bars
		want [][]float64 // by output
	}{
		{"sma(3)", closesOnly(1, 2, 3, 4, 8), [][]float64{{none, none, 2, 3, 5}}},
		// Weight 1/2, from the mean of 1, 2, 3.
		{"ema(3)", closesOnly(1, 2, 3, 4, 8), [][]float64{{none, none, 2, 3, 5.5}}},
		// (1·1 + 2·2 + 3·3)/6, (1·2 + 2·3 + 3·4)/6, (1·3 + 2·4 + 3·8)/6.
		{"wma(3)", closesOnly(1, 2, 3, 4, 8), [][]float64{{none, none, 14. / 6, 20. / 6, 35. / 6}}},
		// Each of a pair is half its distance from the mean.
		{"stdev(2)", closesOnly(1, 3, 3, 7), [][]float64{{none, 1, 0, 2}}},
		// Returns ln 2, -ln 2, 0: √(2·ln²2/1), then √(2·(ln²2)/4/1).
		{"volatility(2)", closesOnly(1, 2, 1, 1), [][]float64{{none, none, math.Sqrt2 * math.Ln2, math.Ln2 / math.Sqrt2}}},
		// Means 2, 3, 5; deviations 1, 0, 2.
		{"bollinger(2,2)", closesOnly(1, 3, 3, 7), [][]float64{
			{none, 2, 3, 5}, {none, 4, 3, 9}, {none, 0, 3, 1}, {none, 0.75, 0.5, 0.75},
		}},
		// Gains 2, 0, 0, 3; losses 0, 1, 0, 0: averages 1 and 1/2, 1/2 and 1/4, 7/4 and 1/8.
		{"rsi(2)", closesOnly(10, 12, 11, 11, 14), [][]float64{{none, none, 100. * 2 / 3, 100. * 2 / 3, 100. * 14 / 15}}},
		{"rsi(2)", closesOnly(10, 10, 10, 11, 11), [][]float64{{none, none, 50, 100, 100}}},
		// The fast average is the close. The slow one, weight 2/3: 3, 11/3, 71/9.
		// The line: 1, 1/3, 19/9. The signal: 2/3, 2/3 + 2/3·(19/9 - 2/3).
		{"macd(1,2,2)", closesOnly(2, 4, 4, 10), [][]float64{
			{none, 1, 1. / 3, 19. / 9}, {none, none, 2. / 3, 44. / 27}, {none, none, -1. / 3, 13. / 27},
		}},
		// True ranges 11-9, 14-10, 13-12: the mean of two, then half the way to 1.
		{"atr(2)", ranges, [][]float64{{none, none, 3, 2}}},
		{"highest(2)", ranges, [][]float64{{none, 11, 14, 14}}},
		{"lowest(2)", ranges, [][]float64{{none, 8, 9, 12}}},
		{"donchian(2)", ranges, [][]float64{{none, 11, 14, 14}, {none, 8, 9, 12}, {none, 9.5, 11.5, 13}}},
		{"momentum(2)", closesOnly(10, 11, 15, 11), [][]float64{{none, none, 5, 0}}},
		{"roc(2)", closesOnly(10, 11, 15, 11), [][]float64{{none, none, 0.5, 0}}},
	} {
		t.Run(c.text, func(t *testing.T) {
			for output, column := range columns(t, c.text, c.bars) {
				for i, got := range column {
					if want := c.want[output][i]; !near(got, want, 1e-15, want) {
						t.Errorf("output %d, candle %d: %.17g, want %.17g", output, i, got, want)
					}
				}
			}
		})
	}
}
