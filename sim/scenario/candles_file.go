package scenario

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// candlesMax is how many candles a scenario may write out, of all its pairs.
const candlesMax = 2_000_000

// candleFile is the candles of one pair, as the file has them. One of closes, rows
// and price says how they go.
type candleFile struct {
	node ast.Node
	path string
	said map[string]ast.Node // its keys' values

	every    datasets.Interval
	from, to int64 // UTC ms
	open     float64
	closes   ast.Node
	rows     ast.Node
	price    float64
	moves    ast.Node
	volume   float64
	spread   float64

	series     *market.Series
	rowVolumes bool
}

// written reads candles that are written out.
func (p *parser) written(node ast.Node, path string) {
	of := &p.of.Data
	of.At = p.At(node)
	for _, e := range p.Entries(node, path, "a mapping from pairs to their candles", pathsMax) {
		at := strictyaml.Join(path, e.Key)
		p.pair(e.Node, path, e.Key)
		if p.Err() != nil {
			return
		}
		series := p.candlesOf(e.Value, at)
		if p.Err() != nil {
			return
		}
		of.Written = append(of.Written, Written{PairID: e.Key, Series: series, At: p.At(e.Node)})
	}
	slices.SortFunc(of.Written, func(a, b Written) int { return cmp.Compare(a.PairID, b.PairID) })
	if p.Err() == nil && of.Written == nil {
		p.Wrong(node, path, "no pair", "a pair and its candles")
	}
}

// candlesOf reads the candles of one pair.
func (p *parser) candlesOf(node ast.Node, path string) *market.Series {
	f := &candleFile{path: path, node: node}
	keys := []key{
		{Name: "every", Read: func(n ast.Node, path string) { p.interval(n, path, &f.every) }},
		{Name: "from", Read: func(n ast.Node, path string) { p.instant(n, path, &f.from) }},
		{Name: "to", Read: func(n ast.Node, path string) { p.instant(n, path, &f.to) }},
		{Name: "closes", Read: func(n ast.Node, _ string) { f.closes = n }},
		{Name: "open", Read: func(n ast.Node, path string) { p.number(n, path, price(), &f.open) }},
		{Name: "rows", Read: func(n ast.Node, _ string) { f.rows = n }},
		{Name: "price", Read: func(n ast.Node, path string) { p.number(n, path, price(), &f.price) }},
		{Name: "moves", Read: func(n ast.Node, _ string) { f.moves = n }},
		{Name: "volume", Read: func(n ast.Node, path string) { p.number(n, path, amount(), &f.volume) }},
		{Name: "spread", Read: func(n ast.Node, path string) { p.number(n, path, amount(), &f.spread) }},
	}
	f.said = p.noted(node, path, keys)
	p.candleKeys(f)
	if p.Err() == nil {
		f.series = &market.Series{IntervalMS: int64(f.every)}
		p.candleForm(f)
	}
	if p.Err() == nil {
		p.around(f)
	}
	return f.series
}

// candleKeys refuses keys that are missing, or don't go together.
func (p *parser) candleKeys(f *candleFile) {
	form := ""
	for _, k := range []string{"closes", "rows", "price"} {
		if n, ok := f.said[k]; ok && form != "" {
			p.Wrong(n, strictyaml.Join(f.path, k), form+" and "+k, "one of closes, rows and price")
		} else if ok {
			form = k
		}
	}
	for _, need := range []struct{ key, expected string }{
		{"every", "every: the length of a candle, such as 1m"}, {"from", "from: the open of the first candle"},
	} {
		if f.said[need.key] == nil {
			p.Wrong(f.node, f.path, "nothing for "+need.key, need.expected)
		}
	}
	if form == "" {
		p.Wrong(f.node, f.path, "no candles", "one of closes, rows and price")
	}
	if form == "price" && f.said["to"] == nil {
		p.Wrong(f.node, f.path, "a price without an end", "to: where the candles end, excluded")
	}
	for _, only := range []struct{ key, form string }{{"open", "closes"}, {"to", "price"}, {"moves", "price"}} {
		if n, ok := f.said[only.key]; ok && form != only.form {
			p.Wrong(n, strictyaml.Join(f.path, only.key), "it beside "+form, "it beside "+only.form+" alone")
		}
	}
	if p.Err() == nil {
		p.onGrid(f.said["from"], f.path+".from", f.from, int64(f.every))
	}
}

// candleForm reads the prices.
func (p *parser) candleForm(f *candleFile) {
	switch {
	case f.closes != nil:
		p.closes(f)
	case f.rows != nil:
		p.rows(f)
	default:
		p.flat(f)
	}
}

// more takes the times of n candles more, or refuses them.
func (p *parser) more(node ast.Node, f *candleFile, n int64) bool {
	switch {
	case p.Err() != nil:
		return false
	case n > int64(candlesMax-p.candles):
		p.Wrong(node, f.path, fmt.Sprintf("%d candles more, after %d", n, p.candles), fmt.Sprintf("at most %d in a file", candlesMax))
		return false
	case n > (latestMS-f.from)/int64(f.every):
		p.Wrong(node, f.path, fmt.Sprintf("%d candles of %s from %s on", n, f.every, stamp(f.from)), "an end before 2100")
		return false
	}
	p.candles += int(n)
	f.series.Time = make([]int64, n)
	for i := range f.series.Time {
		f.series.Time[i] = f.from + int64(i)*int64(f.every)
	}
	return true
}

// closes makes candles that open at the close before them.
func (p *parser) closes(f *candleFile) {
	s := f.series
	s.Close = p.numbers(f.closes, f.path+".closes", candlesMax, price())
	if !p.more(f.closes, f, int64(len(s.Close))) {
		return
	}
	s.Open, s.High, s.Low = make([]float64, len(s.Close)), make([]float64, len(s.Close)), make([]float64, len(s.Close))
	before := cmp.Or(f.open, s.Close[0])
	for i, last := range s.Close {
		s.Open[i], s.High[i], s.Low[i] = before, max(before, last), min(before, last)
		before = last
	}
}

// rows reads candles in full.
func (p *parser) rows(f *candleFile) {
	s := f.series
	list := p.List(f.rows, f.path+".rows", candlesMax)
	if p.Err() == nil && len(list) == 0 {
		p.Wrong(f.rows, f.path+".rows", "an empty list", "at least one candle")
	}
	if !p.more(f.rows, f, int64(len(list))) {
		return
	}
	for i, item := range list {
		path := fmt.Sprintf("%s.rows[%d]", f.path, i+1)
		row := p.row(item, path)
		if p.Err() != nil {
			return
		}
		if i == 0 {
			f.rowVolumes = len(row) == 5
		} else if f.rowVolumes != (len(row) == 5) {
			p.Wrong(item, path, fmt.Sprintf("%d numbers", len(row)), "as many as in the first row: a volume in each or in none")
			return
		}
		s.Open, s.High, s.Low, s.Close = append(s.Open, row[0]), append(s.High, row[1]), append(s.Low, row[2]), append(s.Close, row[3])
		if f.rowVolumes {
			s.Volume = append(s.Volume, row[4])
		}
	}
}

// row reads one candle: its prices, and its volume if it has five numbers.
func (p *parser) row(node ast.Node, path string) (row []float64) {
	const expected = "[open, high, low, close], or with the volume behind them"
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		p.Mistyped(node, path, expected)
		return nil
	}
	if n := len(list.Values); n != 4 && n != 5 {
		p.Wrong(node, path, fmt.Sprintf("%d numbers", n), expected)
		return nil
	}
	row = make([]float64, len(list.Values))
	for i, item := range list.Values {
		of := price()
		if i == 4 {
			of = amount()
		}
		p.number(item, fmt.Sprintf("%s[%d]", path, i+1), of, &row[i])
	}
	if p.Err() == nil && (row[1] < max(row[0], row[3]) || row[2] > min(row[0], row[3])) {
		p.Wrong(node, path, fmt.Sprintf("open %v, high %v, low %v, close %v", row[0], row[1], row[2], row[3]),
			"a high at or above the others, and a low at or below them")
	}
	return row
}

// flat makes candles without a range, at a price that moves at some instants.
func (p *parser) flat(f *candleFile) {
	to := f.said["to"]
	if p.onGrid(to, f.path+".to", f.to, int64(f.every)); p.Err() == nil && f.to <= f.from {
		p.Wrong(to, f.path+".to", stamp(f.to), "a time after the first candle opens, "+stamp(f.from))
	}
	if !p.more(to, f, (f.to-f.from)/int64(f.every)) {
		return
	}
	prices := make([]float64, f.series.Len())
	begin, last, now := 0, -1, f.price
	if f.moves != nil {
		for _, e := range p.Entries(f.moves, f.path+".moves", "a mapping from times to prices", candlesMax) {
			i, next := p.move(f, e, last)
			if p.Err() != nil {
				return
			}
			repeat(prices[begin:i], now)
			begin, now, last = i, next, i
		}
	}
	repeat(prices[begin:], now)
	s := f.series
	s.Open, s.High, s.Low, s.Close = prices, prices, prices, prices
}

// move reads one move of a flat price: the candle that it begins at, which comes
// after that of the one before, and the price from there on.
func (p *parser) move(f *candleFile, e strictyaml.Entry, last int) (candle int, to float64) {
	path := strictyaml.Join(f.path, "moves")
	ms, expected := parseInstant(e.Key)
	if expected != "" {
		p.Wrong(e.Node, path, strictyaml.Describe(e.Node), expected)
		return 0, 0
	}
	p.onGrid(e.Node, path, ms, int64(f.every))
	candle = int((ms - f.from) / int64(f.every))
	switch {
	case ms < f.from || ms >= f.to:
		p.Wrong(e.Node, path, stamp(ms), fmt.Sprintf("a time from %s to before %s", stamp(f.from), stamp(f.to)))
	case candle == last:
		p.Wrong(e.Node, path, stamp(ms)+" again", "ascending times")
	case candle < last:
		p.Wrong(e.Node, path, stamp(ms)+" after "+stamp(f.series.Time[last]), "ascending times")
	}
	p.number(e.Value, strictyaml.Join(path, e.Key), price(), &to)
	return candle, to
}

// around gives each candle the volume, the bid and the ask that are said of all.
func (p *parser) around(f *candleFile) {
	s := f.series
	if volume, ok := f.said["volume"]; ok {
		if f.rowVolumes {
			p.Wrong(volume, f.path+".volume", "it beside rows with volumes", "either")
			return
		}
		s.Volume = make([]float64, s.Len())
		repeat(s.Volume, f.volume)
	}
	spread, ok := f.said["spread"]
	if !ok {
		return
	}
	half := f.spread / 2
	s.Bid, s.Ask = make([]float64, s.Len()), make([]float64, s.Len())
	for i, last := range s.Close {
		s.Bid[i], s.Ask[i] = last-half, last+half
	}
	if lowest := slices.Min(s.Bid); lowest <= 0 {
		p.Wrong(spread, f.path+".spread", fmt.Sprintf("a spread of %v, and a bid of %v", f.spread, lowest), "bids above 0")
	}
}

func repeat(column []float64, x float64) {
	for i := range column {
		column[i] = x
	}
}
