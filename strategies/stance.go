package strategies

import (
	"cmp"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// stance says which side of a pair to be on, candle by candle. It sees candles
// and nothing else: what became of the orders doesn't sway it. So one that reads
// history before the run's range stands at its start where it would stand had it
// traded all along.
type stance interface {
	// take follows candle i; those before it have been taken, in order.
	take(b indicator.Bars, i int) side
}

// Placement is what strategies that stand on a side of each pair have in common:
// what they trade, how much of it, and on which candles they decide.
//
// Positions do not flip in this network, and orders may be rejected: where the
// stance asks for more than one order, or for one that was turned down, it goes on
// a minute later, however long the candles are. A market that is closed is waited
// for until the first candle behind it.
type Placement struct {
	Pairs      []string  // none: every pair of the run
	Leverage   float64   // of each pair, a magnitude; 0: a small part of the class's bound, see shareLeverage
	Direction  Direction // which sides to take
	IntervalMS int64     // of the candles it looks at; 0: the run's

	placed []placed
	over   bool // the account is eliminated
}

// placed is a pair and the stance on it.
type placed struct {
	holder
	stance stance
	seen   int  // candles taken
	want   side // after the last of them

	againMS int64 // when to look again what became of an order; 0: not before the next candle
}

// defaultIntervalMS is the length of the candles that stances look at by default: shorter
// ones pay more in slippage than their signals earn, and an hour is a multiple of
// every usual candle.
const defaultIntervalMS = 60 * 60 * 1000

func newPlacement() Placement { return Placement{Direction: BothSides, IntervalMS: defaultIntervalMS} }

func (p *Placement) params() []Param {
	return []Param{
		LeverageParam(&p.Leverage),
		ChoiceParam("direction", &p.Direction, "the sides to take", BothSides, LongSide, ShortSide),
		PairsParam(&p.Pairs),
		IntervalParam(&p.IntervalMS),
	}
}

func (p *Placement) validate() error {
	return cmp.Or(p.Direction.Validate(), validLeverage(p.Leverage))
}

// init subscribes to the pairs and has a stance made for each.
func (p *Placement) init(setup *sim.Setup, newStance func(*holder) stance) error {
	stakes, err := newStakes(setup, p.Pairs, p.Leverage, p.IntervalMS)
	if err != nil {
		return err
	}
	p.over = false
	p.placed = make([]placed, len(stakes))
	for i := range stakes {
		one := &p.placed[i]
		one.stake = stakes[i]
		one.stance = newStance(&one.holder)
	}
	return nil
}

// Decide implements sim.Strategy.
func (p *Placement) Decide(c *sim.Context) error {
	for i := range p.placed {
		if p.over {
			return nil
		}
		one := &p.placed[i]
		switch {
		case one.feed.Fresh():
			one.follow(one.feed.Candles())
		case one.againMS == 0 || c.NowMS() < one.againMS:
			continue // another pair's instant
		}
		p.over = one.stand(c, p.Direction.allow(one.want))
	}
	return nil
}

// followUpMS is when an order is followed up: after the window of the rate limit,
// and the moment that has to pass beyond it. Rules §2.
const followUpMS = 60_001

// stand brings the pair to a side, or a step nearer to it.
func (p *placed) stand(c *sim.Context, want side) (over bool) {
	over = p.hold(c, want)
	p.againMS = 0
	if p.held != want && p.feed.Open() && !over {
		p.againMS = c.NowMS() + followUpMS
		c.WakeAt(p.againMS)
	}
	return over
}

// follow takes the candles that are new.
func (p *placed) follow(candles sim.Candles) {
	bars := indicator.Bars{High: candles.High(), Low: candles.Low(), Close: candles.Close()}
	for ; p.seen < len(bars.Close); p.seen++ {
		p.want = p.stance.take(bars, p.seen)
	}
}
