package sim

import (
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// naive is Rules §5, §6 and §8 once more, as plainly as they can be written: it
// walks every instant, recomputes every position from its fills, and sums
// logarithms. The simulator's chunks, products and resumed carry must come to
// the same.
type naive struct {
	set         *rules.Set
	instruments []instrument
	positions   []*naivePosition
	cps         []Checkpoint
	started     bool
	start, end  int64
	prev        float64
	gain, loss  float64
	mpv, mdd    float64
	last, open  int64 // the last update, and the time in an open market
}

type naivePosition struct {
	in       *instrument
	fills    []Fill // those up to now
	all      []Fill
	price    float64 // of the last mark
	marked   bool
	carryNow int64 // instant up to which carry is booked
}

// play returns the checkpoints that the fills of res lead to.
func (n *naive) play(res *Result, toMS int64) []Checkpoint {
	instants := n.instants(res, toMS)
	next := make([]int, len(res.Positions))
	for _, t := range instants {
		n.marks(t)
		for _, p := range n.positions {
			if p.open() && slices.Contains(carryInstants(&p.in.carry, p.all[0].TimeMS, t), t) {
				p.carryNow = t
				n.book(t, n.anyOpen(t))
			}
		}
		for _, o := range res.Orders {
			if !o.Filled() || o.FilledMS != t {
				continue
			}
			for i := range res.Positions {
				p := &res.Positions[i]
				if p.Pair == o.Pair && next[i] < len(p.Fills) && p.Fills[next[i]].TimeMS == t && (next[i] > 0 || p.OpenMS == t) && !n.earlierOpen(res, i, next) {
					held := n.anyOpen(t)
					n.fill(i, p, next[i])
					next[i]++
					n.book(t, held)
					break
				}
			}
		}
	}
	n.roll(toMS)
	if toMS > n.start && n.started {
		n.cps = append(n.cps, n.checkpoint(toMS))
	}
	return n.cps
}

// earlierOpen reports whether an earlier position of the pair still has fills to
// come: the order is then that one's.
func (n *naive) earlierOpen(res *Result, i int, next []int) bool {
	for j := range i {
		if res.Positions[j].Pair == res.Positions[i].Pair && next[j] < len(res.Positions[j].Fills) {
			return true
		}
	}
	return false
}

func (n *naive) instants(res *Result, toMS int64) []int64 {
	var instants []int64
	for i := range n.instruments {
		s := n.instruments[i].series
		if s == nil {
			continue
		}
		for j := range s.Time {
			instants = append(instants, s.EndMS(j))
		}
	}
	for i := range res.Positions {
		for _, f := range res.Positions[i].Fills {
			instants = append(instants, f.TimeMS)
		}
		terms := &n.instruments[findInstrument(n.instruments, res.Positions[i].Pair)].carry
		instants = append(instants, carryInstants(terms, res.Positions[i].OpenMS, toMS)...)
	}
	slices.Sort(instants)
	instants = slices.Compact(instants)
	return slices.DeleteFunc(instants, func(t int64) bool { return t > toMS })
}

// carryInstants are the instants in (open, to], day by day.
func carryInstants(terms *market.CarryTerms, openMS, toMS int64) []int64 {
	var instants []int64
	for day := openMS / dayMS * dayMS; day <= toMS; day += dayMS {
		for _, t := range terms.TimesMS {
			if day+t > openMS && day+t <= toMS {
				instants = append(instants, day+t)
			}
		}
	}
	return instants
}

func (n *naive) marks(t int64) {
	any := false
	for _, p := range n.positions {
		if !p.open() || p.in.series == nil {
			continue
		}
		s := p.in.series
		i, ok := slices.BinarySearch(s.Time, t-s.IntervalMS)
		if !ok || !p.in.schedule.Open(s.Time[i]) {
			continue
		}
		p.price, p.marked, any = s.Close[i], true, true
	}
	if any {
		n.book(t, true)
	}
}

// anyOpen reports whether the market of a position held at t is open.
func (n *naive) anyOpen(t int64) bool {
	return slices.ContainsFunc(n.positions, func(p *naivePosition) bool { return p.open() && p.in.schedule.Open(t) })
}

func (p *naivePosition) open() bool {
	net := 0.0
	for _, f := range p.fills {
		net += f.Leverage
	}
	return len(p.fills) > 0 && !(len(p.fills) == len(p.all) && math.Abs(net) < 1e-12)
}

func (n *naive) fill(i int, record *PositionRecord, k int) {
	if k == 0 {
		in := &n.instruments[findInstrument(n.instruments, record.Pair)]
		n.positions = append(n.positions, &naivePosition{in: in, all: record.Fills})
	}
	var p *naivePosition
	for _, q := range n.positions {
		if &q.all[0] == &record.Fills[0] {
			p = q
		}
	}
	p.price = record.Fills[k].Price
	p.fills = record.Fills[:k+1]
	p.carryNow = record.Fills[k].TimeMS
	p.marked = false
	if !n.started {
		t := record.Fills[k].TimeMS
		n.started, n.start, n.last, n.prev = true, t, t, 1
		n.end = (t/n.set.Ledger.Checkpoint.MS() + 1) * n.set.Ledger.Checkpoint.MS()
		n.mpv, n.mdd = 1, 1
	}
}

// value is the position's return with costs, from its fills alone.
func (p *naivePosition) value(set *rules.Set) float64 {
	entry := func(f Fill) float64 { return effectivePrice(f.Price, f.Slippage, f.Leverage) }
	initial := entry(p.fills[0])
	avg, net, cumulative := initial, 0.0, 0.0
	ret := 1.0
	var steps []market.LeverageStep
	for i, f := range p.fills {
		cumulative += math.Abs(f.Leverage)
		closes := i == len(p.all)-1 && math.Abs(net+f.Leverage) < 1e-12
		switch {
		case i == 0:
		case closes:
			ret = 1 + (entry(f)-avg)*net/initial
		default:
			ret = 1 + (f.Price-avg)*net/initial
			avg = (avg*net + entry(f)*f.Leverage) / (net + f.Leverage)
		}
		net += f.Leverage
		if closes {
			net = 0
		}
		steps = append(steps, market.LeverageStep{TimeMS: f.TimeMS, Net: net})
	}
	if p.marked && net != 0 {
		ret = 1 + (p.price-avg)*net/initial
	}
	ret = max(ret, 0)
	carry := 1.0
	for _, t := range carryInstants(&p.in.carry, p.fills[0].TimeMS, p.carryNow) {
		largest := 0.0
		from := slices.Max(append(carryInstants(&p.in.carry, p.fills[0].TimeMS, t-1), p.fills[0].TimeMS))
		before := 0.0
		for _, s := range steps {
			switch {
			case s.TimeMS <= from:
				largest = math.Abs(s.Net)
			case s.TimeMS <= t:
				largest = max(largest, math.Abs(before), math.Abs(s.Net))
			}
			before = s.Net
		}
		carry *= p.in.carry.Charge(largest, p.in.carry.Multiples[int(t/dayMS+4)%7])
	}
	fee := 1.0
	if set.TransactionFee.Enabled {
		fee = 1 - cumulative*(*set.TransactionFee.Rate.For(p.in.pair.Class))/2
	}
	return ret * carry * fee
}

func (n *naive) book(t int64, open bool) {
	n.roll(t)
	if open {
		n.open += t - n.last
	}
	n.last = t
	v := 1.0
	for _, p := range n.positions {
		v *= p.value(n.set)
	}
	if d := math.Log(v / n.prev); d > 0 {
		n.gain += d
	} else {
		n.loss += d
	}
	n.prev = v
	n.mpv = max(n.mpv, v)
	n.mdd = min(n.mdd, v/n.peak(t))
}

// peak is the running maximum over the window at t.
func (n *naive) peak(t int64) float64 {
	peak := max(1, n.mpv)
	for _, c := range n.cps {
		if t-(c.LastUpdateMS-c.AccumMS) <= n.set.Ledger.Window.MS() {
			peak = max(peak, c.MPV)
		}
	}
	return peak
}

func (n *naive) roll(t int64) {
	for n.started && t > n.end {
		n.cps = append(n.cps, n.checkpoint(n.end))
		n.start, n.end = n.end, n.end+n.set.Ledger.Checkpoint.MS()
		n.gain, n.loss, n.mpv = 0, 0, n.prev
		n.last, n.open = n.start, 0
		n.mdd = n.prev / n.peak(n.start)
	}
}

func (n *naive) checkpoint(ms int64) Checkpoint {
	return Checkpoint{LastUpdateMS: ms, AccumMS: ms - n.start, OpenMS: n.open, Gain: n.gain, Loss: n.loss, MPV: n.mpv, MDD: n.mdd, PrevPortfolioRet: n.prev}
}
