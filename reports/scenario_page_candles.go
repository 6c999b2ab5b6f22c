package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// pricesMax is how many prices of one pair a page writes out.
const pricesMax = 24

// writtenCandles tells candles in a line or two: flat ones by the times at which their
// price moves, those that open at the close before them by their closes, others row by
// row.
func writtenCandles(s *market.Series) string {
	n := s.Len()
	if n == 0 {
		return "none"
	}
	text := fmt.Sprintf("of %s from %s", datasets.Interval(s.IntervalMS), moment(s.Time[0]))
	switch {
	case flatCandles(s):
		text += " to " + moment(s.EndMS(n-1)) + ", flat at " + flatPrices(s)
	case chainedCandles(s):
		if s.Open[0] != s.Close[0] {
			text += ", open " + plain(s.Open[0])
		}
		text += ", closes " + listed(n, func(i int) string { return plain(s.Close[i]) })
	default:
		text += ", each as open, high, low, close: " + listed(n, func(i int) string {
			row := []string{plain(s.Open[i]), plain(s.High[i]), plain(s.Low[i]), plain(s.Close[i])}
			if s.Volume != nil && !constant(s.Volume) {
				row = append(row, "volume "+plain(s.Volume[i]))
			}
			return markdownCode(strings.Join(row, " "))
		})
	}
	return text + aroundCandles(s)
}

// flatCandles reports whether no candle has a range.
func flatCandles(s *market.Series) bool {
	for i := range s.Time {
		if s.Open[i] != s.Close[i] || s.High[i] != s.Close[i] || s.Low[i] != s.Close[i] {
			return false
		}
	}
	return true
}

// chainedCandles reports whether each candle opens at the close before it, and has no
// price beyond the two.
func chainedCandles(s *market.Series) bool {
	for i := range s.Time {
		if i > 0 && s.Open[i] != s.Close[i-1] || s.High[i] != max(s.Open[i], s.Close[i]) || s.Low[i] != min(s.Open[i], s.Close[i]) {
			return false
		}
	}
	return true
}

// flatPrices are the prices of flat candles, with the time from which each holds.
func flatPrices(s *market.Series) string {
	var begin []int
	for i := range s.Time {
		if i == 0 || s.Close[i] != s.Close[i-1] {
			begin = append(begin, i)
		}
	}
	return listed(len(begin), func(k int) string {
		if i := begin[k]; i > 0 {
			return "at " + plain(s.Close[i]) + " from " + moment(s.Time[i])
		}
		return plain(s.Close[0])
	})
}

// aroundCandles is the volume and the spread that all candles of a file have.
func aroundCandles(s *market.Series) string {
	var text string
	if s.Volume != nil && constant(s.Volume) {
		text += ", volume " + plain(s.Volume[0])
	}
	if s.Bid != nil && s.Ask != nil {
		// A difference of two prices has digits that nobody wrote.
		text += ", a spread of " + strconv.FormatFloat(s.Ask[0]-s.Bid[0], 'g', 9, 64)
	}
	return text
}

// constant reports whether a column has one value throughout.
func constant(column []float64) bool {
	for _, x := range column {
		if x != column[0] {
			return false
		}
	}
	return true
}

// listed writes the first few of n things, and how many there are.
func listed(n int, thing func(i int) string) string {
	var list []string
	for i := range min(n, pricesMax) {
		list = append(list, thing(i))
	}
	text := strings.Join(list, ", ")
	if n > pricesMax {
		text += fmt.Sprintf(" … (%d)", n)
	}
	return text
}
