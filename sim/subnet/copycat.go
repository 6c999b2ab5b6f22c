package subnet

import (
	"cmp"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
)

// move is a change of a miner's net leverage on a pair: by a fill, or because it
// is out.
type move struct {
	ms   int64 // when it filled, UTC ms
	pair string
	net  float64 // signed, after it
}

// trail is the moves of a miner that others copy, as far as it has played.
type trail struct {
	moves []move // ascending in time
	nets  []move // of each pair that it ever traded: the latest, in the order of the pairs
	seen  int    // orders of its log that were looked at
	open  []int  // those of them that had no outcome yet
}

// extend takes in what filled since it looked last. orders is the miner's log.
func (t *trail) extend(orders []sim.OrderRecord) {
	for ; t.seen < len(orders); t.seen++ {
		t.open = append(t.open, t.seen)
	}
	var filled []int
	waiting := t.open[:0]
	for _, i := range t.open {
		switch {
		case orders[i].Outcome == "":
			waiting = append(waiting, i)
		case orders[i].Filled():
			filled = append(filled, i)
		}
	}
	t.open = waiting
	// Those that fill at one instant do so in the order of their emission.
	slices.SortStableFunc(filled, func(a, b int) int { return cmp.Compare(orders[a].FilledMS, orders[b].FilledMS) })
	for _, i := range filled {
		o := &orders[i]
		t.step(move{o.FilledMS, o.Pair, t.net(o.Pair) + o.EffectiveLeverage})
	}
}

// leave closes every position: the miner is out.
func (t *trail) leave(ms int64) {
	for _, at := range slices.Clone(t.nets) {
		if at.net != 0 {
			t.step(move{ms, at.pair, 0})
		}
	}
}

func (t *trail) step(m move) {
	t.moves = append(t.moves, m)
	i, found := t.find(m.pair)
	if !found {
		t.nets = slices.Insert(t.nets, i, m)
	}
	t.nets[i] = m
}

func (t *trail) net(pair string) float64 {
	if i, found := t.find(pair); found {
		return t.nets[i].net
	}
	return 0
}

func (t *trail) find(pair string) (i int, found bool) {
	return slices.BinarySearchFunc(t.nets, pair, func(m move, pair string) int { return cmp.Compare(m.pair, pair) })
}

// copycat is the strategy of a miner that mirrors another one's positions. A delay
// after each fill of its leader it aims its own position on that pair at the
// leader's net leverage after that fill; when the leader is out, it goes flat a
// delay later. It acts as any strategy: with a delay of 0 it decides at the instant
// of the fill itself, and its order, without a latency of its own, gets the open of
// the candle that filled the leader's. Fills from before its registration don't
// count.
//
// An aim that is not reached, because an order was rejected, is tried again until
// the leader's next fill on the pair: after one minute, two, four, and so on up to
// a day; in a closed market, when it opens. What the rules clamp is reached.
type copycat struct {
	delayMS   int64
	leader    *trail
	heard     int // moves of the leader that it acted upon
	announced int // and those for which it is to be woken
	latencyMS int64
	aims      []*aim // one a pair, in the order of the leader's moves: what it sold first makes room
}

// aim is where a copycat wants its position on a pair to be.
type aim struct {
	feed    *sim.Feed
	net     float64
	reached bool
	tries   int
	atMS    int64 // when it tries next
}

// The shortest and the longest wait before an aim is tried again.
const (
	againFirstMS = minuteMS
	againMaxMS   = dayMS
)

// newCopycat makes the strategy of a miner that registers now. Moves that the
// trail has already are from before.
func newCopycat(leader *trail, delayMS int64) *copycat {
	n := len(leader.moves)
	return &copycat{delayMS: delayMS, leader: leader, heard: n, announced: n}
}

// announce has the copycat woken for what its leader did in this step, before its
// own account plays it.
func (s *copycat) announce(account *sim.Replay, toMS int64) {
	woken := int64(math.MinInt64)
	for ; s.announced < len(s.leader.moves); s.announced++ {
		at := s.leader.moves[s.announced].ms
		if at == woken || at > toMS-s.delayMS {
			continue
		}
		woken = at
		account.WakeAt(at + s.delayMS)
	}
}

// Init implements sim.Strategy.
func (s *copycat) Init(setup *sim.Setup) error {
	s.latencyMS = setup.LatencyMS()
	for _, pair := range setup.Pairs() {
		feed, err := setup.SubscribeTo(pair, sim.FeedOptions{Quiet: true})
		if err != nil {
			return err
		}
		s.aims = append(s.aims, &aim{feed: feed, reached: true})
	}
	return nil
}

// Decide implements sim.Strategy.
func (s *copycat) Decide(c *sim.Context) error {
	now := c.NowMS()
	for s.heard < len(s.leader.moves) && s.leader.moves[s.heard].ms <= now-s.delayMS {
		s.follow(c, s.leader.moves[s.heard])
		s.heard++
	}
	for _, a := range s.aims {
		if !a.reached && a.atMS <= now {
			s.pursue(c, a)
		}
	}
	return nil
}

// follow takes a new aim.
func (s *copycat) follow(c *sim.Context, m move) {
	for i, a := range s.aims {
		if a.feed.Pair() == m.pair {
			a.net, a.reached, a.tries, a.atMS = m.net, false, 0, c.NowMS()
			s.aims = append(slices.Delete(s.aims, i, i+1), a)
			return
		}
	}
	c.Warn("it does not copy what has no candles: " + m.pair)
}

// Outcome implements sim.OutcomeWatcher.
func (s *copycat) Outcome(_ *sim.Context, _ sim.OrderID, o sim.OrderRecord) error {
	for _, a := range s.aims {
		if a.feed.Pair() == o.Pair && o.Outcome == sim.Clamped && o.Type != sim.Flat && a.tries > 0 {
			a.reached = true // of an order for this aim: none was on its way when it was emitted
		}
	}
	return nil
}

// pursue emits what leads to an aim, and looks again later whether it did.
func (s *copycat) pursue(c *sim.Context, a *aim) {
	pair := a.feed.Pair()
	if len(c.Pending(pair)) > 0 {
		a.again(c, c.NowMS()+againFirstMS)
		return
	}
	if c.Target(pair, a.net) > 0 {
		a.again(c, c.NowMS()+min(int64(againFirstMS)<<min(a.tries, 20), againMaxMS))
		a.tries++
		return
	}
	open, untilMS := a.feed.Session()
	if open && untilMS-s.latencyMS > c.NowMS() || untilMS == math.MaxInt64 {
		a.reached = true // as near as the smallest order lets it come
		return
	}
	a.again(c, untilMS)
}

func (a *aim) again(c *sim.Context, ms int64) {
	a.atMS = ms
	c.WakeAt(ms)
}
