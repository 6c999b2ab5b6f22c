package audit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// level is the band of prices that a pair is known to have traded in, with room
// on both sides.
type level struct{ low, high float64 }

// String is the band as messages show it.
func (l level) String() string { return "from " + plain(l.low) + " to " + plain(l.high) }

// plain writes a price without an exponent.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// levelOf returns the band of a pair; ok is false for pairs about which nothing
// is known. The bands are wide: they tell points, pips and wrong pairs from
// prices, no more.
func levelOf(p market.Pair) (l level, ok bool) {
	switch p.Class {
	case market.Forex:
		return forexLevel(p.Base, p.Quote)
	case market.Crypto:
		return cryptoLevel(p)
	case market.Indices:
		return indexLevel(p.ID)
	}
	// Of the network's own stocks; what a user adds may cost a house, or be priced
	// in won.
	_, own := market.FindPair(market.Pairs(), p.ID)
	return level{0.01, 1e4}, p.Class == market.Equities && own
}

// forexLevel is that of a currency or metal. Against the dollar, a currency's
// price is near the other's divided; the yen's and peso's are the exceptions.
func forexLevel(base, quote string) (l level, ok bool) {
	switch base + quote {
	case "XAUUSD":
		return level{30, 20000}, true
	case "XAGUSD":
		return level{2, 200}, true
	case "USDMXN":
		return level{2, 50}, true
	case "USDJPY":
		return level{50, 400}, true
	}
	major := func(c string) bool {
		switch c {
		case "USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD":
			return true
		}
		return false
	}
	switch {
	case major(base) && quote == "JPY":
		return level{40, 400}, true
	case major(base) && major(quote):
		return level{0.3, 3.5}, true
	}
	return l, false
}

func cryptoLevel(p market.Pair) (l level, ok bool) {
	if p.Quote != "USD" {
		return l, false
	}
	switch p.Base {
	case "BTC":
		return level{0.01, 2e6}, true
	case "ETH":
		return level{0.4, 1e5}, true
	case "SOL":
		return level{0.3, 5000}, true
	case "XRP":
		return level{0.002, 100}, true
	case "DOGE":
		return level{0.00005, 10}, true
	}
	return l, false
}

func indexLevel(id string) (l level, ok bool) {
	switch id {
	case "SPX":
		return level{50, 30000}, true
	case "DJI":
		return level{500, 2e5}, true
	case "NDX":
		return level{100, 1e5}, true
	case "VIX":
		return level{5, 150}, true
	case "FTSE", "GDAXI":
		return level{500, 1e5}, true
	}
	return l, false
}

// scales gathers what looks like a wrong scale.
type scales struct {
	pair  market.Pair
	level level
	known bool // the level is
	keep  int

	jumps   tally
	outside tally
	price   float64 // the first that is outside
}

func newScales(o *Options) scales {
	s := scales{pair: o.Pair, keep: o.Keep}
	s.level, s.known = levelOf(o.Pair)
	if !s.known {
		s.level = level{minPrice, maxPrice}
	}
	return s
}

// judge looks at the prices of row i, which is a candle.
func (c *scales) judge(s *market.Series, i int, row int64) {
	x := s.Close[i]
	if s.Low[i] >= c.level.low && s.High[i] <= c.level.high {
		return
	}
	if c.outside.count == 0 {
		c.price = x
	}
	c.outside.add(c.keep, row, s.Time[i], s.Time[i]+s.IntervalMS, func() string {
		return c.pair.ID + " at " + plain(x)
	})
}

// jump counts a jump by a power of ten at row i.
func (c *scales) jump(s *market.Series, i int, row int64, l leap) {
	c.jumps.add(c.keep, row, s.Time[i], s.Time[i]+s.IntervalMS, func() string {
		return fmt.Sprintf("the close goes from %v to %v, about %v times", l.price, s.Close[i], l.factor)
	})
}

// findings sums them up; rows is the number of all candles.
func (c *scales) findings(rows int64) []Finding {
	var all []Finding
	if c.jumps.count > 0 {
		f := c.jumps.finding(Scale, Warning)
		f.Cause = "parts of the file are on different scales"
		if c.pair.Class == market.Equities {
			f.Cause += ", or the prices are not adjusted for a split"
		}
		f.Remedy = "import the parts one by one, each with its --price-scale, and merge them"
		all = append(all, f)
	}
	if c.outside.count == 0 {
		return all
	}
	f := c.outside.finding(Scale, Warning)
	f.Found = f.Found + "; it is known " + c.level.String()
	f.Cause = "these are not prices of " + c.pair.ID
	f.Remedy = "check the pair"
	if all := c.scales(); len(all) > 0 {
		f.Cause = "prices in points, pips or cents"
		if all[0] > 1 {
			f.Cause = "prices divided by a power of ten"
		}
		f.Remedy = "if so, import with --price-scale " + c.choices(all) + "; else check the pair"
	}
	if c.outside.count < rows {
		f.Cause += ", in a part of the file"
	}
	return append(all, f)
}

// scales returns the powers of ten that bring the first price home, the units
// that prices do come in first: hundredths, points, and tenths last.
func (c *scales) scales() []float64 {
	var all []float64
	for _, p := range [...]float64{0.01, 0.001, 0.0001, 0.00001, 0.000001, 100, 1000, 10000, 1e5, 1e6, 0.1, 10} {
		if x := float64(c.price * p); x >= c.level.low && x <= c.level.high {
			all = append(all, p)
		}
	}
	return all
}

// choices tells what each scale makes of the first price.
func (c *scales) choices(all []float64) string {
	var b strings.Builder
	for i, p := range all {
		switch {
		case i > 0 && i == len(all)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s (makes %s)", plain(p), sevenDigits(c.price*p))
	}
	if len(all) > 1 {
		b.WriteString(": take what the market was at")
	}
	return b.String()
}

// sevenDigits writes a price without the noise of a factor.
func sevenDigits(x float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 7, 64), 64)
	if err != nil {
		short = x
	}
	return plain(short)
}

// volumes gathers candles without volume, and days with hardly any.
type volumes struct {
	zero   tally
	moving int64 // of them with any movement
	keep   int
}

func (v *volumes) add(s *market.Series, i int, row int64) {
	ms := s.Time[i]
	if s.High[i] > s.Low[i] {
		v.moving++
	}
	v.zero.add(v.keep, row, ms, ms+s.IntervalMS, func() string { return "no volume at " + instant(ms) })
}

// Thresholds of volumes.
const (
	zeroShare = 5  // every fifth candle without volume is worth a warning
	thinDay   = 15 // a day with less than this part of the usual volume, a candle
	thinDays  = 20 // days it takes to tell what is usual
	shortDay  = 4  // a day with less than this part of the usual open time tells nothing
)

// findings sums them up; rows is the number of candles in the open market.
func (v *volumes) findings(rows int64, days []Day) []Finding {
	var all []Finding
	if v.zero.count > 0 {
		f := v.zero.finding(ZeroVolume, Note)
		f.Found = fmt.Sprintf("%d of %d candles without volume, the first at %s", v.zero.count, rows, instant(f.FromMS))
		f.Cause = "nothing traded, or the source fills missing candles"
		f.Remedy = "nothing need be done"
		switch {
		case v.zero.count == rows:
			f.Severity, f.Cause = Warning, "the source has no volume and writes 0"
			f.Remedy = "leave the column out, so that volume counts as unknown"
		case v.moving*2 > v.zero.count && v.zero.count*zeroShare > rows:
			f.Severity, f.Cause = Warning, "prices move without volume: quotes, not trades"
			f.Remedy = "average volumes are too small: take another source for costs"
		case v.zero.count*zeroShare > rows:
			f.Severity = Warning
			f.Remedy = "average volumes are of what did trade: take a busier source, or a longer interval"
		}
		all = append(all, f)
	}
	if f, ok := thin(days); ok {
		all = append(all, f)
	}
	return all
}

// thin finds days whose candles have hardly any volume beside those of the other
// days.
func thin(days []Day) (f Finding, ok bool) {
	var usual, open []float64
	for _, d := range days {
		if d.Volume > 0 && d.whole() {
			usual = append(usual, d.Volume/float64(d.Candles))
			open = append(open, float64(d.OpenMS))
		}
	}
	if len(usual) < thinDays {
		return f, false
	}
	typical, short := median(usual), median(open)/shortDay
	f = Finding{Problem: ZeroVolume, Severity: Warning}
	for _, d := range days {
		if !d.whole() || float64(d.OpenMS) < short || d.Volume == 0 || d.Volume/float64(d.Candles) >= typical/thinDay {
			continue
		}
		if f.Count == 0 {
			f.FromMS = d.StartMS
		}
		f.ToMS = d.StartMS + dayMS
		f.Count += d.Candles
	}
	if f.Count == 0 {
		return f, false
	}
	f.Found = fmt.Sprintf("days with under a fifteenth of the usual volume, from %s to %s", date(f.FromMS), date(f.ToMS-dayMS))
	f.Cause = "another unit or another source from then on, or days that were fetched before they were over"
	f.Remedy = "fetch these days again, or cut them off with --to"
	f.First = []Occurrence{{FromMS: f.FromMS, ToMS: f.ToMS, Found: f.Found}}
	return f, true
}

// whole reports whether a day has most of a day's candles: half of at least four
// hours of market.
func (d *Day) whole() bool {
	return d.OpenMS >= 4*int64(datasets.Hour) && 2*d.PresentMS >= d.OpenMS
}
