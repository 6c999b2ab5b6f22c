package synth

import (
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// effect is what a stress does to a pair's candles.
type effect struct {
	fromMS, toMS       int64 // candles that open in [fromMS, toMS) have the factors and the hole
	volatility, volume float64
	hole               bool

	knots []knot // what is added to the log price; none: nothing
}

// knot is a level of the log price at an instant. Between knots the level is a
// straight line, before the first 0, after the last that of the last; two knots at
// one instant are a step.
type knot struct {
	ms    int64
	level float64
}

// ends returns the span outside which the effect is constant.
func (e *effect) ends() (fromMS, toMS int64) {
	fromMS, toMS = e.fromMS, e.toMS
	if n := len(e.knots); n > 0 {
		fromMS, toMS = min(fromMS, e.knots[0].ms), max(toMS, e.knots[n-1].ms)
	}
	return fromMS, toMS
}

// before returns the level just before an instant, after the one just after.
func (e *effect) before(ms int64) float64 {
	return e.level(ms, func(k knot, ms int64) bool { return k.ms >= ms })
}

func (e *effect) after(ms int64) float64 {
	return e.level(ms, func(k knot, ms int64) bool { return k.ms > ms })
}

// level interpolates between the knot that passed finds and the one before it.
func (e *effect) level(ms int64, passed func(knot, int64) bool) float64 {
	i := slices.IndexFunc(e.knots, func(k knot) bool { return passed(k, ms) })
	switch {
	case len(e.knots) == 0 || i == 0:
		return 0
	case i < 0:
		return e.knots[len(e.knots)-1].level
	}
	a, b := e.knots[i-1], e.knots[i]
	return a.level + float64((b.level-a.level)*(float64(ms-a.ms)/float64(b.ms-a.ms)))
}

// scene is all that is placed in one pair's candles, at one candle.
type scene struct {
	effects []effect
	quietTo int64 // nothing begins or changes before this, UTC ms

	volatility, volume float64
	hole               bool
	// The levels of the log price at the candle's start and end, and the lowest
	// and highest between.
	start, end, low, high float64
}

// at sets the scene for the candle of [ms, endMS), which is not before the last
// one.
func (s *scene) at(ms, endMS int64) {
	if endMS <= s.quietTo {
		return
	}
	s.volatility, s.volume, s.hole = 1, 1, false
	s.start, s.end, s.quietTo = 0, 0, math.MaxInt64
	for i := range s.effects {
		e := &s.effects[i]
		if e.fromMS <= ms && ms < e.toMS {
			s.volatility *= e.volatility
			s.volume *= e.volume
			s.hole = s.hole || e.hole
		}
		s.start += e.after(ms)
		s.end += e.before(endMS)
		switch from, to := e.ends(); {
		case endMS <= from:
			s.quietTo = min(s.quietTo, from)
		case ms < to:
			s.quietTo = ms // it is on: look again at the next candle
		}
	}
	s.low, s.high = min(s.start, s.end), max(s.start, s.end)
	for i := range s.effects {
		for _, k := range s.effects[i].knots {
			if ms < k.ms && k.ms < endMS {
				s.extend(k.ms)
			}
		}
	}
}

// extend takes an instant within the candle into the lowest and highest level.
func (s *scene) extend(ms int64) {
	before, after := 0.0, 0.0
	for i := range s.effects {
		before += s.effects[i].before(ms)
		after += s.effects[i].after(ms)
	}
	s.low, s.high = min(s.low, before, after), max(s.high, before, after)
}

// stage is where a stress is placed: one pair's market.
type stage struct {
	hours      *market.Schedule
	intervalMS int64
	toMS       int64
}

func newStage(r *Recipe, pair market.Pair) (*stage, error) {
	hours, err := market.NewSchedule(datasets.MarketHours(pair), r.From.MS, r.To.MS)
	return &stage{hours, int64(r.Interval), r.To.MS}, err
}

// slot returns the open of the candle that holds an instant.
func (s *stage) slot(ms int64) int64 { return ms - ms%s.intervalMS }

// nextSlot returns the open of the first candle at or after an instant.
func (s *stage) nextSlot(ms int64) int64 { return s.slot(ms + s.intervalMS - 1) }

// reopening returns the open of the first candle after a closed market that comes
// at or after an instant; in a market that never closes, of the first candle.
func (s *stage) reopening(ms int64) int64 {
	open, until := s.hours.At(ms - 1)
	if !open {
		if until >= s.toMS { // before the span's end it stays closed
			return until
		}
		return s.slot(until)
	}
	if until == math.MaxInt64 {
		return s.nextSlot(ms)
	}
	if _, again := s.hours.At(until); again < s.toMS {
		return s.slot(again)
	}
	return math.MaxInt64
}
