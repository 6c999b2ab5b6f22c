package sim

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ptnsim/ptnsim/market"
)

// futureChange is a way to change the candles that are not finished at an instant.
type futureChange uint8

// The changes. Each is large enough to turn the sign of whatever is computed
// from what it changes; prices stay positive, and in their order.
const (
	changeNothing futureChange = iota
	changeMirrored
	changeCut
	changeUp
	changeDown
	changeWild
	changeReversed
	changeThinned
	changesEnd
)

// String tells what was done, of candles.
func (c futureChange) String() string {
	switch c {
	case changeMirrored:
		return "mirrored: what had risen fell"
	case changeCut:
		return "cut off"
	case changeUp:
		return "half as high again, or more; every other pair's lower"
	case changeDown:
		return "lower by a third, or more; every other pair's higher"
	case changeWild:
		return "replaced by wild jumps"
	case changeReversed:
		return "in reverse order"
	case changeThinned:
		return "mirrored, with some taken out and gaps filled"
	}
	return "left as they were"
}

// future is another future than the data's: what finishes after ms is changed,
// and the opens from ms on.
type future struct {
	ms     int64
	change futureChange
}

// futures chooses where to change what. The most telling places are the instants
// of orders, and the moment before: half of the points lie there. The others are
// spread over the run, on the ends of candles and between.
func (v *causalRuns) futures() []future {
	n := v.options.Points
	if n <= 0 {
		n = CausalPoints
	}
	random := NewRandom(v.options.Seed, "causal")
	list := v.spreadFutures(n-(n+1)/2, random)
	list = append(list, v.orderFutures((n+1)/2, random)...)
	slices.SortFunc(list, func(a, b future) int { return cmp.Or(cmp.Compare(a.ms, b.ms), cmp.Compare(a.change, b.change)) })
	return slices.Compact(list)
}

// orderFutures are at instants of orders: the first one's, the last one's, and
// some between. Few orders are looked at under several changes.
func (v *causalRuns) orderFutures(n int, random *Random) (list []future) {
	var instants []int64
	for i := range v.report.Base.Orders {
		if ms := v.report.Base.Orders[i].EmittedMS; len(instants) == 0 || instants[len(instants)-1] != ms {
			instants = append(instants, ms)
		}
	}
	if len(instants) == 0 {
		return v.spreadFutures(n, random)
	}
	if all := instants; len(all) > n {
		instants = make([]int64, n)
		for j := range instants { // one of each of n equal parts
			first, end := j*len(all)/n, (j+1)*len(all)/n
			instants[j] = all[first+random.IntN(end-first)]
		}
		instants[n-1], instants[0] = all[len(all)-1], all[0]
	}
	for j := range n {
		ms := instants[j%len(instants)]
		round := j / len(instants)
		if (j+round)%3 == 2 && ms > v.cfg.FromMS {
			ms-- // the candles that end at the order are future
		}
		list = append(list, future{ms: ms, change: changeOf(j + round)})
	}
	return list
}

// spreadFutures are one in each of n equal parts of the run.
func (v *causalRuns) spreadFutures(n int, random *Random) (list []future) {
	span := v.cfg.ToMS - v.cfg.FromMS
	for j := range n {
		part := float64(span) / float64(n)
		ms := v.cfg.FromMS + int64(part*(float64(j)+random.Float64()))
		s := v.cfg.Series[j%len(v.cfg.Series)]
		if i := s.Search(ms-s.IntervalMS+1) - 1; i >= 0 && s.EndMS(i) >= v.cfg.FromMS {
			ms = s.EndMS(i)
			if j%3 == 2 {
				ms += s.IntervalMS / 2
			}
		}
		list = append(list, future{ms: min(ms, v.cfg.ToMS-1), change: changeOf(j)})
	}
	return list
}

// changeOf takes the changes in turn.
func changeOf(j int) futureChange {
	return changeMirrored + futureChange(j%int(changesEnd-changeMirrored))
}

// of returns the series of a run with this future: copies, cut at toMS.
func (f future) of(series []*market.Series, toMS int64, seed uint64) []*market.Series {
	out := make([]*market.Series, len(series))
	for i, s := range series {
		s = s.Slice(0, s.Search(toMS-s.IntervalMS+1))
		if f.change != changeNothing {
			s = f.series(s, i, NewRandom(seed, "future", s.Pair.ID, strconv.FormatInt(f.ms, 10), f.change.String()))
		}
		out[i] = s
	}
	return out
}

// series changes the i-th series of a run.
func (f future) series(s *market.Series, i int, random *Random) *market.Series {
	begin := s.Search(f.ms - s.IntervalMS + 1) // the first candle that is not finished
	opened := s.Search(f.ms)                   // the first that has not opened before
	c := copySeries(s)
	if begin == s.Len() {
		return c
	}
	if opened == 0 && (f.change == changeCut || f.change == changeThinned) {
		// A pair without candles is no other future, it is another data set: a
		// strategy may refuse it, or rely on a first candle.
		f.change = changeWild
	}
	anchor := s.Open[begin]
	if begin > 0 {
		anchor = s.Close[begin-1]
	}
	for k := begin; k < s.Len(); k++ {
		from, l := k, lift{by: 1}
		switch f.change {
		case changeUp, changeDown:
			l.by = 1.5 + float64(random.Float64()/2)
			if (f.change == changeDown) != (i%2 == 1) {
				l.by = 1 / l.by
			}
		case changeWild:
			l.by = 1 + float64(2*random.Float64())
			if random.IntN(2) == 0 {
				l.by = 1 / l.by
			}
		case changeMirrored, changeThinned:
			l.mirror = anchor
		case changeReversed:
			from = s.Len() - 1 - (k - begin)
		}
		setCandle(c, k, s, from, l)
		if c.Volume != nil {
			c.Volume[k] = 1 + float64(s.Volume[from]*10*random.Float64())
		}
	}
	for k := begin; k < opened; k++ { // under way: its open is known
		c.Open[k] = s.Open[k]
		c.High[k], c.Low[k] = max(c.High[k], c.Open[k]), min(c.Low[k], c.Open[k])
	}
	switch f.change {
	case changeCut:
		return f.cut(c, begin, opened)
	case changeThinned:
		return thin(c, opened, random)
	}
	return c
}

// lift changes a price: it keeps the prices' order, or turns it round.
type lift struct {
	by     float64 // a factor
	mirror float64 // the price at which it mirrors, as a ratio; 0: it doesn't
}

func (l lift) of(price float64) float64 {
	if l.mirror > 0 {
		return l.mirror * (l.mirror / price)
	}
	return l.by * price
}

// setCandle makes candle k of c the candle from of s with lifted prices.
func setCandle(c *market.Series, k int, s *market.Series, from int, l lift) {
	c.Open[k], c.Close[k] = l.of(s.Open[from]), l.of(s.Close[from])
	a, b := l.of(s.High[from]), l.of(s.Low[from])
	c.High[k], c.Low[k] = max(a, b), min(a, b)
	if s.Bid != nil && s.Ask != nil {
		a, b = l.of(s.Ask[from]), l.of(s.Bid[from])
		c.Ask[k], c.Bid[k] = max(a, b), min(a, b)
	}
}

// cut leaves nothing that has not opened, and of a candle under way its open.
func (f future) cut(c *market.Series, begin, opened int) *market.Series {
	for k := begin; k < opened; k++ {
		x := c.Open[k]
		c.High[k], c.Low[k], c.Close[k] = x, x, x
	}
	// Whoever looks past the end finds zeros, not what had been there.
	clear(c.Time[opened:])
	for _, col := range columns(c) {
		if *col != nil {
			clear((*col)[opened:])
		}
	}
	return c.Slice(0, opened)
}

// thin takes out one of four candles that have not opened, and fills gaps with
// a copy of the candle before.
func thin(c *market.Series, opened int, random *Random) *market.Series {
	out := copySeries(c.Slice(0, opened))
	for k := opened; k < c.Len(); k++ {
		if random.IntN(4) == 0 {
			continue
		}
		appendCandle(out, c, k, c.Time[k])
		if t := c.EndMS(k); k+1 < c.Len() && c.Time[k+1] >= t+c.IntervalMS {
			appendCandle(out, c, k, t)
		}
	}
	return out
}

func appendCandle(out, c *market.Series, k int, ms int64) {
	out.Time = append(out.Time, ms)
	from := columns(c)
	for i, col := range columns(out) {
		if *from[i] != nil {
			*col = append(*col, (*from[i])[k])
		}
	}
}

// columns are the columns of numbers; what the data lacks is nil.
func columns(s *market.Series) [7]*[]float64 {
	return [7]*[]float64{&s.Open, &s.High, &s.Low, &s.Close, &s.Volume, &s.Bid, &s.Ask}
}

// copySeries copies every column; no two of a copy share their memory.
func copySeries(s *market.Series) *market.Series {
	c := *s
	c.Time = slices.Clone(s.Time)
	for _, col := range columns(&c) {
		*col = slices.Clone(*col)
	}
	return &c
}
