package audit

import (
	"fmt"
	"math"

	"github.com/ptnsim/ptnsim/market"
)

// Prices and volumes outside these bounds are no market's, as datasets.Checker
// judges them.
const (
	minPrice  = 1e-12
	maxPrice  = 1e12
	maxVolume = 1e18
)

// cleanPrices reports whether every row of [i, j) is a candle without fault and
// has its prices within [low, high]. A comparison with NaN is false, so NaN is
// not clean.
func cleanPrices(s *market.Series, i, j int, low, high float64) bool {
	n := j - i
	o, h, l, c := s.Open[i:j], s.High[i:j][:n], s.Low[i:j][:n], s.Close[i:j][:n]
	for k, open := range o {
		lo, hi, cl := l[k], h[k], c[k]
		if !(lo >= low && lo <= open && lo <= cl && open <= hi && cl <= hi && hi <= high) {
			return false
		}
	}
	return cleanQuotes(s, i, j)
}

// cleanQuotes reports whether the volumes, bids and asks of rows [i, j) are
// without fault.
func cleanQuotes(s *market.Series, i, j int) bool {
	if s.Volume != nil {
		for _, v := range s.Volume[i:j] {
			if !(v >= 0 && v <= maxVolume) {
				return false
			}
		}
	}
	if s.Bid != nil {
		for _, x := range s.Bid[i:j] {
			if !(x >= minPrice && x <= maxPrice) {
				return false
			}
		}
	}
	if s.Ask == nil {
		return true
	}
	for k, x := range s.Ask[i:j] {
		if !(x >= minPrice && x <= maxPrice) || s.Bid != nil && !(s.Bid[i+k] <= x) {
			return false
		}
	}
	return true
}

// field is a value of a row with its column's name.
type field struct {
	name string
	x    float64
}

// rowFields returns the values of row i: its prices, then the volume, if any.
func rowFields(s *market.Series, i int) (prices []field, volume *field) {
	prices = append(make([]field, 0, 6), field{"open", s.Open[i]}, field{"high", s.High[i]}, field{"low", s.Low[i]}, field{"close", s.Close[i]})
	if s.Bid != nil {
		prices = append(prices, field{"bid", s.Bid[i]})
	}
	if s.Ask != nil {
		prices = append(prices, field{"ask", s.Ask[i]})
	}
	if s.Volume != nil {
		volume = &field{"volume", s.Volume[i]}
	}
	return prices, volume
}

// judgePrices returns what is wrong with row i and what was found; "" if it is a
// candle.
func judgePrices(s *market.Series, i int) (p Problem, found string) {
	if cleanPrices(s, i, i+1, minPrice, maxPrice) {
		return "", ""
	}
	prices, volume := rowFields(s, i)
	all := prices
	if volume != nil {
		all = append(all, *volume)
	}
	for _, f := range all {
		if math.IsNaN(f.x) || math.IsInf(f.x, 0) {
			return NotFinite, f.name + " " + number(f.x)
		}
	}
	for _, f := range prices {
		if f.x < minPrice || f.x > maxPrice {
			return NotPositive, f.name + " " + number(f.x)
		}
	}
	if volume != nil && (volume.x < 0 || volume.x > maxVolume) {
		return BadVolume, "volume " + number(volume.x)
	}
	return Inconsistent, judgeOrder(s, i)
}

// judgeOrder says which bound of row i does not hold.
func judgeOrder(s *market.Series, i int) string {
	o, h, l, c := s.Open[i], s.High[i], s.Low[i], s.Close[i]
	switch {
	case h < l:
		return fmt.Sprintf("high %v below low %v", h, l)
	case h < o || h < c:
		return fmt.Sprintf("high %v below open %v or close %v", h, o, c)
	case l > o || l > c:
		return fmt.Sprintf("low %v above open %v or close %v", l, o, c)
	}
	return fmt.Sprintf("bid %v above ask %v", s.Bid[i], s.Ask[i])
}

// same reports whether row i is the remembered one, bit for bit where both
// have a value.
func (r *row) same(s *market.Series, i int) bool {
	var other row
	other.take(s, i)
	for k, x := range r.x {
		if math.Float64bits(x) != math.Float64bits(other.x[k]) {
			return false
		}
	}
	return true
}

// row is one remembered candle: open, high, low, close, volume, bid, ask.
type row struct {
	ms int64
	x  [7]float64
}

func (r *row) take(s *market.Series, i int) {
	r.ms = s.Time[i]
	for k, col := range [7][]float64{s.Open, s.High, s.Low, s.Close, s.Volume, s.Bid, s.Ask} {
		if col != nil {
			r.x[k] = col[i]
		}
	}
}

// difference says in what row i differs from the remembered one.
func (r *row) difference(s *market.Series, i int) string {
	var other row
	other.take(s, i)
	for _, k := range [...]int{3, 0, 1, 2, 4, 5, 6} {
		if a, b := r.x[k], other.x[k]; math.Float64bits(a) != math.Float64bits(b) {
			return fmt.Sprintf("%s %v and %v", [...]string{"open", "high", "low", "close", "volume", "bid", "ask"}[k], a, b)
		}
	}
	return "the same values"
}
