package synth

import (
	"math"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/portable"
)

// year is how long a class's market is open in a year, and how often it reopens:
// what annual figures are spread over. They are conventions, so that a candle
// doesn't depend on how long the recipe's span is.
type year struct {
	openMS, dayMS, reopenings float64
}

func yearOf(c market.Class) year {
	const hour = float64(datasets.Hour)
	switch c {
	case market.Forex: // 52 weeks of five days
		return year{260 * 24 * hour, 24 * hour, 52}
	case market.Equities, market.Indices: // 252 sessions of 6½ hours
		return year{252 * 6.5 * hour, 6.5 * hour, 252}
	}
	return year{365.25 * 24 * hour, 24 * hour, 1}
}

// tape is one pair's price on its way through time.
type tape struct {
	spec  *Pair
	stage *stage
	out   market.Series

	// What moves it.
	shocks   *shocks
	variance *variance
	jumps    *jumper
	regime   *regime
	season   *season
	scene    scene
	hours    hours
	ranges   source // highs and lows
	volumes  source
	gaps     source // of sessions that open within a candle

	// Per ms of open market, and of a reopening.
	varianceMS, driftMS, volumeMS float64
	gapVariance                   float64
	msPerYear                     float64

	// Where it is.
	ms       int64   // the next slot's open, UTC ms
	base     float64 // the log price but for the scene
	level    float64 // of the scene
	exact    float64 // the price in ticks, not rounded
	ticks    float64 // the price
	opens    bool    // the market opens within the slot
	begun    bool    // there was an open slot
	closedZ  float64 // sum of the shocks while the market was closed
	closedN  int
	whole    bool // ticks are multiples of a whole number
	step     float64
	maxTicks float64
}

func newTape(g *Generator, i int) *tape {
	r := &g.recipe
	p, pair := &r.Pairs[i], g.pairs[i]
	y := yearOf(pair.Class)
	t := &tape{
		spec: p, stage: g.stages[i], hours: hours{calendar: g.stages[i].hours, untilMS: math.MinInt64},
		out:    market.Series{Pair: pair, IntervalMS: int64(r.Interval)},
		shocks: newShocks(r, i), variance: newVariance(r, p), jumps: newJumper(r, p, y.openMS), regime: newRegime(r, p),
		ranges: newSource(r.Seed, p.Pair+"/ranges"), volumes: newSource(r.Seed, p.Pair+"/volumes"), gaps: newSource(r.Seed, p.Pair+"/gaps"),
		msPerYear:   y.openMS,
		varianceMS:  float64(p.Volatility*p.Volatility) * (1 - p.GapShare) / y.openMS,
		gapVariance: float64(p.Volatility*p.Volatility) * p.GapShare / y.reopenings,
		driftMS:     p.Drift / y.openMS,
		volumeMS:    p.Volume / y.dayMS,
		ms:          g.stages[i].nextSlot(r.From.MS),
		base:        portable.Log(p.Price),
	}
	var err error
	if t.season, err = newSeason(p, pair, t.stage); err != nil {
		panic(err) // the zones of market hours are built in
	}
	for k := range r.Stresses {
		set, _ := r.Stresses[k].shapes()
		if concerns(set[0].place().Pairs, p.Pair) {
			t.scene.effects = append(t.scene.effects, set[0].effect(t.stage))
		}
	}
	t.whole, t.step = p.Tick >= 1, math.Round(p.Tick)
	if !t.whole {
		t.step = math.Round(1 / p.Tick)
	}
	t.maxTicks = math.Floor(1e12 / p.Tick) // the highest price that candle files hold
	t.set(t.base)
	return t
}

// set sets the price to a log price.
func (t *tape) set(log float64) {
	x := portable.Exp(log)
	if t.whole {
		t.exact = x / t.step
	} else {
		t.exact = float64(x * t.step)
	}
	t.exact = min(max(t.exact, 1e-300), 1e300) // 0 or an infinity would make no number of a high or a low
	t.ticks = t.round(t.exact)
}

// round returns the nearest number of ticks that is a price.
func (t *tape) round(ticks float64) float64 {
	return min(max(math.Floor(ticks+.5), 1), t.maxTicks)
}

// growth returns exp(x) for a small rise of a log price, within 1e-16: its series
// where what that leaves out, x⁷/7!, is below.
func growth(x float64) float64 {
	if !(math.Abs(x) < 1.0/64) {
		return portable.Exp(x)
	}
	s := float64(x*(1.0/720)) + 1.0/120
	s = float64(s*x) + 1.0/24
	s = float64(s*x) + 1.0/6
	s = float64(s*x) + 1.0/2
	s = float64(s*x) + 1
	return float64(s*x) + 1
}

// price returns ticks as a price: of several floats the one next to its decimals.
func (t *tape) price(ticks float64) float64 {
	if t.whole {
		return ticks * t.step
	}
	return ticks / t.step
}

// fill makes up to n candles in t.out, in the place of those before, and reports
// whether there are more.
func (t *tape) fill(n int) (more bool) {
	t.reset(n)
	for len(t.out.Time) < n {
		if t.ms >= t.stage.toMS {
			return false
		}
		t.slot()
		t.ms += t.stage.intervalMS
	}
	return t.ms < t.stage.toMS
}

// reset empties the columns, which hold n candles at most.
func (t *tape) reset(n int) {
	s := &t.out
	if s.Time == nil {
		s.Time = make([]int64, 0, n)
		for _, col := range []*[]float64{&s.Open, &s.High, &s.Low, &s.Close, &s.Volume} {
			*col = make([]float64, 0, n)
		}
		if t.spec.SpreadTicks > 0 {
			s.Bid, s.Ask = make([]float64, 0, n), make([]float64, 0, n)
		}
	}
	s.Time = s.Time[:0]
	s.Open, s.High, s.Low, s.Close, s.Volume = s.Open[:0], s.High[:0], s.Low[:0], s.Close[:0], s.Volume[:0]
	if t.spec.SpreadTicks > 0 {
		s.Bid, s.Ask = s.Bid[:0], s.Ask[:0]
	}
}

// slot moves on by one slot of the clock. Its shock is drawn whether the market
// is open or not.
func (t *tape) slot() {
	z := t.shocks.slot()
	ms, end := t.ms, t.ms+t.stage.intervalMS
	openMS, closed := t.hours.slot(ms, end)
	if openMS == 0 {
		t.closedZ += z
		t.closedN++
		return
	}
	t.scene.at(ms, end)
	t.opens = closed
	t.candle(ms, z, float64(openMS))
	t.begun, t.closedZ, t.closedN = true, 0, 0
}

// activity is what a candle's volatility and volume follow.
type activity struct {
	model  float64 // relative volatility of the model and the season, of mean square 1
	regime float64 // the regime's factor
}

// candle makes the candle that opens at ms and has openMS of open market.
func (t *tape) candle(ms int64, z, openMS float64) {
	factor, drift := t.regime.at(ms)
	a := activity{float64(t.variance.candle(z) * t.season.at(ms)), factor}
	scale := a.model * a.regime * t.scene.volatility
	sessionVariance := float64(t.varianceMS * openMS * float64(scale*scale))
	move, gap := t.moves(z, sessionVariance, a.regime*t.scene.volatility)
	move += t.jumps.candle(openMS) + float64((t.driftMS+drift/t.msPerYear)*openMS)
	if t.scene.volatility == 0 { // dead
		move, gap = 0, 0
	}
	if gap != 0 || t.level != t.scene.start {
		t.base += gap
		t.level = t.scene.start
		t.set(t.base + t.level)
	}
	rise := move + (t.scene.end - t.scene.start)
	high, low := t.extremes(rise, sessionVariance)
	high = max(high, t.scene.high-t.scene.start)
	low = min(low, t.scene.low-t.scene.start)

	open, from := t.ticks, t.exact
	t.base += move
	t.level = t.scene.end
	if rise != 0 {
		t.set(t.base + t.level)
	}
	if t.scene.hole {
		t.volumes.erlang()
		return
	}
	top, bottom := max(open, t.ticks), min(open, t.ticks)
	if high > 0 {
		top = max(top, t.round(float64(from*growth(high))))
	}
	if low < 0 {
		bottom = min(bottom, t.round(float64(from*growth(low))))
	}
	t.append(ms, [4]float64{open, top, bottom, t.ticks}, openMS, a)
}

// moves returns the candle's own move of the log price and the gap before it,
// without drift and jumps. Each is less half its variance, so that the expected
// price stays. gapScale is the gap's relative volatility.
//
// A gap's shock is the sum of those of the closed slots, of standard deviation 1:
// what the factors did meanwhile. Where a session opens within a slot there are
// none, and the slot's shock z moves gap and session together: of the sum X of
// two normal variables with variances a² and b², the first is X a²/(a²+b²) plus
// an independent one with the variance a²b²/(a²+b²).
func (t *tape) moves(z, variance, gapScale float64) (move, gap float64) {
	move = float64(math.Sqrt(variance)*z) - float64(variance/2)
	if t.gapVariance == 0 || !t.begun {
		return move, 0
	}
	g := float64(t.gapVariance * float64(gapScale*gapScale))
	switch {
	case t.closedN > 0:
		shock := t.closedZ / math.Sqrt(float64(t.closedN))
		return move, float64(math.Sqrt(g)*shock) - float64(g/2)
	case !t.opens || g == 0:
		return move, 0
	}
	both := g + variance
	sum := float64(math.Sqrt(both) * z)
	gap = float64(sum*(g/both)) + float64(math.Sqrt(g*(variance/both))*t.gaps.normal())
	return sum - gap - float64(variance/2), gap - float64(g/2)
}

// extremes returns the highest and the lowest log price of a candle above its
// open, given its rise from open to close and its variance.
//
// They are those of a Brownian bridge, whose maximum M has P(M > m) =
// exp(-2 m (m - rise) / variance): with a uniform U, M = (rise + sqrt(rise² -
// 2 variance ln U)) / 2; so for the minimum. Each has its exact distribution;
// that they depend on one another beyond the rise is left out.
func (t *tape) extremes(rise, variance float64) (high, low float64) {
	u, v := t.ranges.positive(), t.ranges.positive()
	if variance == 0 {
		return max(rise, 0), min(rise, 0)
	}
	square := float64(rise * rise)
	high = (rise + math.Sqrt(square-float64(2*variance*portable.Log(u)))) / 2
	low = (rise - math.Sqrt(square-float64(2*variance*portable.Log(v)))) / 2
	return high, low
}

// append writes a candle. Half of the volume follows the model's variance, whose
// mean is 1, and all of it the regime's volatility; the spread widens with the
// root of the volatility.
func (t *tape) append(ms int64, ticks [4]float64, openMS float64, a activity) {
	s := &t.out
	s.Time = append(s.Time, ms)
	s.Open = append(s.Open, t.price(ticks[0]))
	s.High = append(s.High, t.price(ticks[1]))
	s.Low = append(s.Low, t.price(ticks[2]))
	s.Close = append(s.Close, t.price(ticks[3]))
	follows := (1 + float64(a.model*a.model)) / 2
	volume := t.volumeMS * openMS * follows * a.regime * t.scene.volume * t.volumes.erlang()
	s.Volume = append(s.Volume, t.volume(volume))
	if t.spec.SpreadTicks == 0 {
		return
	}
	wide := a.model * a.regime * max(t.scene.volatility, 1)
	half := max(math.Floor(float64(t.spec.SpreadTicks/2*math.Sqrt(wide))+.5), 1)
	s.Bid = append(s.Bid, t.price(max(ticks[3]-half, 1)))
	s.Ask = append(s.Ask, t.price(min(ticks[3]+half, t.maxTicks)))
}

// volume rounds a volume to its step: at least one step where anything is traded.
func (t *tape) volume(v float64) float64 {
	const most = 1e18 // what candle files hold
	if v == 0 {
		return 0
	}
	if step := t.spec.VolumeStep; step >= 1 {
		step = math.Round(step)
		return min(max(math.Floor(v/step+.5), 1)*step, most)
	}
	perUnit := math.Round(1 / t.spec.VolumeStep)
	return min(max(math.Floor(float64(v*perUnit)+.5), 1)/perUnit, most)
}

// hours answers how long a slot is open. Slots are asked for in order, and one
// look at the calendar answers for all up to its next change.
type hours struct {
	calendar *market.Schedule
	open     bool
	untilMS  int64 // the calendar says open, or not, up to here
}

// slot returns for how long the market is open in [ms, end), ms, and whether it
// is closed at ms.
func (h *hours) slot(ms, end int64) (openMS int64, closed bool) {
	if ms >= h.untilMS {
		h.open, h.untilMS = h.calendar.At(ms)
	}
	switch {
	case end > h.untilMS:
		return h.calendar.OpenMS(ms, end), !h.open
	case h.open:
		return end - ms, false
	}
	return 0, true
}
