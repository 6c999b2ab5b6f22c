package synth

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/portable"
)

// shape is one kind of stress.
type shape interface {
	place() *Place
	// filled returns a copy with the defaults.
	filled() shape
	// check reports impossible values under the path.
	check(c *check, path string)
	// open returns for how long from At the market has to be open throughout, ms;
	// and for how long at least somewhere. 0: it need not.
	open(intervalMS int64) (throughout, somewhere int64)
	// effect returns what it does to the candles of a pair.
	effect(s *stage) effect
}

// shapes returns the shapes that are set, by name.
func (s *Stress) shapes() (set []shape, names []string) {
	add := func(is bool, x shape, name string) {
		if is {
			set, names = append(set, x), append(names, name)
		}
	}
	add(s.FlashCrash != nil, s.FlashCrash, "flash_crash")
	add(s.SpikeAndRevert != nil, s.SpikeAndRevert, "spike_and_revert")
	add(s.GapOpen != nil, s.GapOpen, "gap_open")
	add(s.DeadMarket != nil, s.DeadMarket, "dead_market")
	add(s.Trend != nil, s.Trend, "trend")
	add(s.Halt != nil, s.Halt, "halt")
	add(s.VolumeBurst != nil, s.VolumeBurst, "volume_burst")
	return set, names
}

// filled returns a copy with defaults and absolute moments.
func (s Stress) filled(fromMS int64) Stress {
	set, _ := s.shapes()
	for _, x := range set {
		x = x.filled()
		x.place().At = x.place().At.absolute(fromMS)
		switch x := x.(type) {
		case *FlashCrash:
			s.FlashCrash = x
		case *SpikeAndRevert:
			s.SpikeAndRevert = x
		case *GapOpen:
			s.GapOpen = x
		case *DeadMarket:
			s.DeadMarket = x
		case *Trend:
			s.Trend = x
		case *Halt:
			s.Halt = x
		case *VolumeBurst:
			s.VolumeBurst = x
		}
	}
	return s
}

// stresses checks every stress, and that each of its pairs is open for it.
func (c *check) stresses() {
	for i := range c.recipe.Stresses {
		s := &c.recipe.Stresses[i]
		path := fmt.Sprintf("stresses[%d]", i)
		set, names := s.shapes()
		if len(set) != 1 {
			c.add(path, "the shapes ["+strings.Join(names, " ")+"]",
				"one of flash_crash, spike_and_revert, gap_open, dead_market, trend, halt or volume_burst")
			continue
		}
		path += "." + names[0]
		before := len(c.problems)
		at := set[0].place().At
		if at.IsZero() || at.MS < c.recipe.From.MS || at.MS >= c.recipe.To.MS {
			c.add(path+".at", quoted(at.String()), "a moment from "+c.recipe.From.String()+" to "+c.recipe.To.String()+" (excluded)")
		}
		c.named(path+".pairs", set[0].place().Pairs)
		set[0].check(c, path+".")
		if len(c.problems) == before {
			c.met(path+".at", set[0])
		}
	}
}

// met demands that a stress finds an open market, so that none goes by unseen.
func (c *check) met(path string, x shape) {
	throughout, somewhere := x.open(int64(c.recipe.Interval))
	at := x.place().At
	for _, p := range c.recipe.Pairs {
		pair, known := market.FindPair(c.known, p.Pair)
		if !known || !concerns(x.place().Pairs, p.Pair) {
			continue
		}
		s, err := c.stage(pair)
		if err != nil {
			c.add(path, err.Error(), "hours of a market")
			return
		}
		from := s.slot(at.MS)
		long := s.hours.OpenMS(from, min(from+throughout, s.toMS)) >= min(throughout, s.toMS-from)
		some := somewhere == 0 || s.hours.OpenMS(at.MS, min(at.MS+somewhere, s.toMS)) > 0
		if _, gap := x.(*GapOpen); gap {
			long = s.reopening(at.MS) < s.toMS
		}
		if long && some {
			continue
		}
		opens := "none before the recipe's end"
		if ms := s.reopening(at.MS); ms < s.toMS {
			opens = At(ms).String()
		}
		c.add(path, at.String()+", when the market of "+p.Pair+" is not open for it",
			"a moment of its open market (the next opening is "+opens+"), or pairs without it")
	}
}

// concerns reports whether a list of pairs, of which none is all, has a pair.
func concerns(pairs []string, id string) bool {
	return len(pairs) == 0 || slices.Contains(pairs, id)
}

// place returns itself, so that every shape that embeds a Place has it.
func (p *Place) place() *Place { return p }

// span is the effect of candles that open in [At, At+d).
func (p *Place) span(d Duration, volatility, volume float64) effect {
	return effect{fromMS: p.At.MS, toMS: p.At.MS + int64(d), volatility: volatility, volume: volume}
}

// size checks the size of a move: a share of the price.
func (c *check) size(path string, v float64) {
	if !(v > -1 && v <= 100) || v == 0 {
		c.add(path+"size", number(v), "a share of the price over -1, not 0: 0.05 is 5 % up, -0.05 is 5 % down")
	}
}

// knotsOfACurve is how many straight lines make a curve.
const knotsOfACurve = 32

// The fall is -ln(1-depth) u², u from 0 to 1; what comes back of it is
// 1 - (1-u)³ of its share.

func (f *FlashCrash) filled() shape {
	g := *f
	g.Fall = cmp.Or(f.Fall, 10*Duration(datasets.Minute))
	g.Recovery = cmp.Or(f.Recovery, Duration(datasets.Hour))
	g.Volatility, g.Volume = cmp.Or(f.Volatility, 3), cmp.Or(f.Volume, 8)
	return &g
}

func (f *FlashCrash) check(c *check, path string) {
	if !(f.Depth > 0 && f.Depth < 1) {
		c.add(path+"depth", number(f.Depth), "a share of the price over 0, under 1")
	}
	c.within(path+"recovered", f.Recovered, 0, 1)
	c.length(path+"fall", f.Fall)
	c.length(path+"recovery", f.Recovery)
	c.over(path+"volatility", f.Volatility, 0, factorMax)
	c.over(path+"volume", f.Volume, 0, factorMax)
}

func (f *FlashCrash) open(int64) (throughout, somewhere int64) { return int64(f.Fall), 0 }

func (f *FlashCrash) effect(*stage) effect {
	e := f.span(f.Fall+f.Recovery, f.Volatility, f.Volume)
	bottom := portable.Log1p(-f.Depth)
	for k := range knotsOfACurve + 1 {
		u := float64(float64(k) / knotsOfACurve)
		e.knots = append(e.knots, knot{f.At.MS + int64(float64(f.Fall)*u), float64(bottom * u * u)})
	}
	for k := 1; k <= knotsOfACurve; k++ {
		u := float64(float64(k) / knotsOfACurve)
		rest := float64((1 - u) * (1 - u) * (1 - u))
		left := 1 - float64(f.Recovered*(1-rest))
		e.knots = append(e.knots, knot{f.At.MS + int64(f.Fall) + int64(float64(f.Recovery)*u), float64(bottom * left)})
	}
	return e
}

func (s *SpikeAndRevert) filled() shape {
	g := *s
	g.Candles = cmp.Or(s.Candles, 1)
	return &g
}

func (s *SpikeAndRevert) check(c *check, path string) {
	c.size(path, s.Size)
	if s.Candles < 1 || s.Candles > candlesMax {
		c.add(path+"candles", fmt.Sprint(s.Candles), fmt.Sprintf("1 to %d", candlesMax))
	}
}

func (s *SpikeAndRevert) open(intervalMS int64) (throughout, somewhere int64) {
	return int64(s.Candles) * intervalMS, 0
}

// The spike begins with the candle that At is in.
func (s *SpikeAndRevert) effect(st *stage) effect {
	from := st.slot(s.At.MS)
	half, end := st.intervalMS/2, from+int64(s.Candles)*st.intervalMS
	peak := portable.Log1p(s.Size)
	return effect{fromMS: from, toMS: end, volatility: 1, volume: 1,
		knots: []knot{{from, 0}, {from + half, peak}, {end - half, peak}, {end, 0}}}
}

func (g *GapOpen) filled() shape { h := *g; return &h }

func (g *GapOpen) check(c *check, path string) { c.size(path, g.Size) }

func (g *GapOpen) open(int64) (throughout, somewhere int64) { return 0, 0 }

func (g *GapOpen) effect(s *stage) effect {
	at := s.reopening(g.At.MS)
	return effect{fromMS: at, toMS: at, volatility: 1, volume: 1,
		knots: []knot{{at, 0}, {at, portable.Log1p(g.Size)}}}
}

func (d *DeadMarket) filled() shape { e := *d; return &e }

func (d *DeadMarket) check(c *check, path string) {
	c.length(path+"for", d.For)
	c.within(path+"volatility", d.Volatility, 0, 1)
	c.within(path+"volume", d.Volume, 0, 1)
}

func (d *DeadMarket) open(int64) (throughout, somewhere int64) { return 0, int64(d.For) }

func (d *DeadMarket) effect(*stage) effect { return d.span(d.For, d.Volatility, d.Volume) }

func (t *Trend) filled() shape { u := *t; return &u }

func (t *Trend) check(c *check, path string) {
	c.length(path+"for", t.For)
	c.size(path, t.Size)
}

func (t *Trend) open(int64) (throughout, somewhere int64) { return 0, int64(t.For) }

func (t *Trend) effect(*stage) effect {
	e := t.span(t.For, 1, 1)
	e.knots = []knot{{e.fromMS, 0}, {e.toMS, portable.Log1p(t.Size)}}
	return e
}

func (h *Halt) filled() shape { g := *h; return &g }

func (h *Halt) check(c *check, path string) { c.length(path+"for", h.For) }

func (h *Halt) open(int64) (throughout, somewhere int64) { return 0, int64(h.For) }

func (h *Halt) effect(*stage) effect {
	e := h.span(h.For, 1, 1)
	e.hole = true
	return e
}

func (v *VolumeBurst) filled() shape { w := *v; return &w }

func (v *VolumeBurst) check(c *check, path string) {
	c.length(path+"for", v.For)
	c.over(path+"volume", v.Volume, 0, factorMax)
}

func (v *VolumeBurst) open(int64) (throughout, somewhere int64) { return 0, int64(v.For) }

func (v *VolumeBurst) effect(*stage) effect { return v.span(v.For, 1, v.Volume) }
