package indicator

import (
	"testing"

	talib "github.com/markcheno/go-talib"
)

// TestAgainstTALib compares every indicator that TA-Lib has with a port of it.
// Its columns hold 0 where there is no value; ours hold NaN. Prices are around
// 1000 and its running sums are never made anew, so it agrees to some 1e-10 of
// the scale.
func TestAgainstTALib(t *testing.T) {
	bars := walk(3000, 9)
	for _, c := range []struct {
		text   string
		output int
		first  int // the candle to compare from
		want   []float64
		scale  float64 // that the tolerance is relative to
	}{
		{"sma(20)", 0, 19, talib.Sma(bars.Close, 20), 1000},
		{"ema(20)", 0, 19, talib.Ema(bars.Close, 20), 1000},
		{"wma(20)", 0, 19, talib.Wma(bars.Close, 20), 1000},
		{"stdev(20)", 0, 19, talib.StdDev(bars.Close, 20, 1), 10},
		{"bollinger(20,2.5)", 0, 19, bands(bars, 20, 2.5)[0], 1000},
		{"bollinger(20,2.5)", 1, 19, bands(bars, 20, 2.5)[1], 1000},
		{"bollinger(20,2.5)", 2, 19, bands(bars, 20, 2.5)[2], 1000},
		{"rsi(14)", 0, 14, talib.Rsi(bars.Close, 14), 100},
		{"rsi(3)", 0, 3, talib.Rsi(bars.Close, 3), 100},
		{"atr(14)", 0, 14, talib.Atr(bars.High, bars.Low, bars.Close, 14), 10},
		{"highest(55)", 0, 54, talib.Max(bars.High, 55), 1},
		{"lowest(55)", 0, 54, talib.Min(bars.Low, 55), 1},
		{"momentum(10)", 0, 10, talib.Mom(bars.Close, 10), 1},
		{"roc(10)", 0, 10, hundredth(talib.Roc(bars.Close, 10)), 1},
		// Our line is the difference of two averages that each start as soon as
		// they can. TA-Lib has the fast one start late, so that both first exist
		// at one candle: what that makes shrinks by 11/13 a candle, and 300
		// candles leave 1e-21 of it.
		{"macd(12,26,9)", 0, 25, averagesApart(bars, 12, 26), 1000},
		{"macd(12,26,9)", 0, 325, macdOf(bars)[0], 1000},
		{"macd(12,26,9)", 1, 325, macdOf(bars)[1], 1000},
		{"macd(12,26,9)", 2, 325, macdOf(bars)[2], 1000},
	} {
		got := columns(t, c.text, bars)[c.output]
		for i := c.first; i < len(got); i++ {
			if !near(got[i], c.want[i], 1e-10, c.scale) {
				t.Errorf("%s, output %d, candle %d: %.17g, TA-Lib %.17g", c.text, c.output, i, got[i], c.want[i])
				break
			}
		}
	}
}

// bands is middle, upper, lower.
func bands(b Bars, period int, deviations float64) [3][]float64 {
	upper, middle, lower := talib.BBands(b.Close, period, deviations, deviations, talib.SMA)
	return [3][]float64{middle, upper, lower}
}

func macdOf(b Bars) [3][]float64 {
	line, signal, histogram := talib.Macd(b.Close, 12, 26, 9)
	return [3][]float64{line, signal, histogram}
}

func averagesApart(b Bars, fast, slow int) []float64 {
	line, less := talib.Ema(b.Close, fast), talib.Ema(b.Close, slow)
	for i := range line {
		line[i] -= less[i]
	}
	return line
}

// hundredth turns percent into fractions.
func hundredth(column []float64) []float64 {
	for i := range column {
		column[i] /= 100
	}
	return column
}
