package synth

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/portable"
)

// samplePair makes the candles of one pair of the embedded sample. It is the
// sample's own model, kept as it was when the sample was made, to the order of
// its draws: the sample's bytes depend on it. Recipe is the generator for
// everything else.
//
// The model: the log price moves by normal steps whose volatility is the product
// of a level, a log-AR(1) process (clustering) and the hour's share (seasons of
// the day); one candle in a hundred is three times as wild (tails); a drift holds
// for some days and then changes (trends); a market that was closed reopens with
// a gap. Steps are a fifth of a candle long, so that highs and lows are those of
// a path.
type samplePair struct {
	Pair     market.Pair
	Interval datasets.Interval
	FromMS   int64 // the first candle opens at or after this, UTC ms
	ToMS     int64 // candles open before this, UTC ms
	Seed     string

	Price        float64     // where the path begins
	TicksPerUnit float64     // prices are whole ticks; 100 = cents
	Volatility   float64     // annual, a fraction: 0.5 is 50 %
	GapShare     float64     // the part of the annual variance that falls on reopenings
	HourShape    [24]float64 // relative volatility by hour, UTC; 0 = the mean

	DailyVolume    float64 // mean volume of a day
	VolumesPerUnit float64 // volumes are whole multiples of 1/this

	SpreadTicks float64 // mean bid-ask spread; 0 = no bid and ask
}

// The shape of the model, the same for every pair.
const (
	sampleSteps         = 5    // a candle's path
	sampleClusterSD     = 0.5  // of the log volatility
	sampleClusterDays   = 0.75 // its memory
	sampleWildChance    = 0.01 // of a candle
	sampleWildFactor    = 3.0
	sampleTrendDays     = 6.0  // mean life of a drift
	sampleTrendStrength = 0.15 // its standard deviation, in daily volatilities a day
	sampleYearMS        = 365.25 * 86400e3
)

// sampleFrame gathers candles: open, high, low, close, volume, bid and ask.
type sampleFrame struct {
	time []int64
	cols [7][]float64
}

// series returns the sampleFrame as a series.
func (f *sampleFrame) series(p market.Pair, v datasets.Interval) *market.Series {
	return &market.Series{
		Pair: p, IntervalMS: int64(v), Time: f.time,
		Open: f.cols[0], High: f.cols[1], Low: f.cols[2], Close: f.cols[3],
		Volume: f.cols[4], Bid: f.cols[5], Ask: f.cols[6],
	}
}

// samplePath is the state of a synthetic price between candles.
type samplePath struct {
	spec     *samplePair
	rng      *rand.Rand
	spare    float64 // the second deviate of a pair
	hasSpare bool

	stepSD, gapSD   float64 // log standard deviation of a step, of a reopening
	memory, shockSD float64 // of the log volatility
	perDay          float64 // candles a day
	shape           [24]float64

	logPrice, logVol, drift float64
	ticks                   float64 // the price, in ticks
}

// series makes the candles: one for every slot of the interval that lies in the
// open market.
func (g samplePair) series() (*market.Series, error) {
	cal, err := datasets.MarketCalendar(g.Pair, g.FromMS, g.ToMS)
	if err != nil {
		return nil, err
	}
	interval := int64(g.Interval)
	open := cal.OpenMS(g.FromMS, g.ToMS)
	if open < interval {
		return nil, fmt.Errorf("synthetic %s: the market is closed from %s to %s", g.Pair.ID, instant(g.FromMS), instant(g.ToMS))
	}
	p := g.path(open, cal)
	f := sampleFrame{}
	end := int64(math.MinInt64)
	first := g.FromMS + (interval-g.FromMS%interval)%interval
	for ms := first; ms < g.ToMS; ms += interval {
		if cal.OpenMS(ms, ms+interval) < interval {
			continue
		}
		p.candle(&f, ms, len(f.time) > 0 && ms > end)
		end = ms + interval
	}
	return f.series(g.Pair, g.Interval), nil
}

// path sets the process up. open is the open-market time of the whole span, ms.
func (g *samplePair) path(open int64, cal datasets.Calendar) *samplePath {
	years := float64(g.ToMS-g.FromMS) / sampleYearMS
	candlesAYear := float64(open) / float64(g.Interval) / years
	days := max(float64(g.openDays(cal)), 1)
	perDay := float64(open) / float64(g.Interval) / days
	p := &samplePath{spec: g, rng: rand.New(newSource(Seed(g.Seed), g.Pair.ID).bits), perDay: perDay, shape: normalised(g.HourShape)}
	// A wild candle's extra variance is taken from all of them.
	wild := math.Sqrt(1 + float64(sampleWildChance*(sampleWildFactor*sampleWildFactor-1)))
	p.stepSD = g.Volatility * math.Sqrt((1-g.GapShare)/(candlesAYear*sampleSteps)) / wild
	p.gapSD = g.Volatility * math.Sqrt(g.GapShare/float64(g.reopenings(cal))*years)
	p.memory = portable.Exp(-1 / (sampleClusterDays * perDay))
	p.shockSD = sampleClusterSD * math.Sqrt(1-float64(p.memory*p.memory))
	p.logVol = sampleClusterSD * p.normal()
	p.ticks = math.Round(g.Price * g.TicksPerUnit)
	p.logPrice = portable.Log(g.Price)
	return p
}

// openDays counts the UTC days of the span with any open market.
func (g *samplePair) openDays(cal datasets.Calendar) (n int) {
	for ms := g.FromMS; ms < g.ToMS; ms += int64(datasets.Day) {
		if cal.OpenMS(ms, min(ms+int64(datasets.Day), g.ToMS)) > 0 {
			n++
		}
	}
	return n
}

// reopenings counts how often a candle follows a closed market, at least 1.
func (g *samplePair) reopenings(cal datasets.Calendar) int {
	n, closed := 0, false
	for ms := g.FromMS; ms < g.ToMS; ms += int64(g.Interval) {
		open := cal.OpenMS(ms, ms+int64(g.Interval)) == int64(g.Interval)
		if open && closed {
			n++
		}
		closed = !open
	}
	return max(n, 1)
}

// normalised scales a day's shape to a mean square of 1 over the hours that it
// names; the others get 1.
func normalised(shape [24]float64) [24]float64 {
	var squares, named float64
	for _, x := range shape {
		if x != 0 {
			squares += float64(x * x)
			named++
		}
	}
	for i, x := range shape {
		if x == 0 {
			shape[i] = 1
		} else {
			shape[i] = x / math.Sqrt(squares/named)
		}
	}
	return shape
}

// normal returns a standard normal deviate.
func (p *samplePath) normal() float64 {
	if p.hasSpare {
		p.hasSpare = false
		return p.spare
	}
	var x float64
	x, p.spare = portable.NormalPair(1-float64(p.rng.Float64()), p.rng.Float64())
	p.hasSpare = true
	return x
}

// candle appends the candle that opens at ms.
func (p *samplePath) candle(f *sampleFrame, ms int64, reopened bool) {
	if reopened {
		p.move(p.gapSD * p.normal())
	}
	p.turn()
	activity := p.shape[ms/int64(datasets.Hour)%24] * portable.Exp(p.logVol-sampleClusterSD*sampleClusterSD)
	sd := p.stepSD * activity
	if p.rng.Float64() < sampleWildChance {
		sd *= sampleWildFactor
	}
	open, high, low := p.ticks, p.ticks, p.ticks
	for range sampleSteps {
		p.move(p.drift + float64(sd*p.normal()))
		high, low = max(high, p.ticks), min(low, p.ticks)
	}
	f.time = append(f.time, ms)
	p.append(f, [4]float64{open, high, low, p.ticks}, activity)
}

// turn moves the volatility on by a candle and now and then changes the drift.
func (p *samplePath) turn() {
	p.logVol = float64(p.memory*p.logVol) + float64(p.shockSD*p.normal())
	if p.drift == 0 || p.rng.Float64() < 1/(sampleTrendDays*p.perDay) {
		daily := p.stepSD * math.Sqrt(sampleSteps*p.perDay)
		p.drift = sampleTrendStrength * daily * p.normal() / (sampleSteps * p.perDay)
	}
}

// move moves the price by a log step and rounds it to a tick, at least one.
func (p *samplePath) move(step float64) {
	p.logPrice += step
	p.ticks = max(math.Round(portable.Exp(p.logPrice)*p.spec.TicksPerUnit), 1)
}

// append writes the candle's prices, volume and quote. Volume rises with the
// activity; the spread widens with it.
func (p *samplePath) append(f *sampleFrame, prices [4]float64, activity float64) {
	g := p.spec
	for k, ticks := range prices {
		f.cols[k] = append(f.cols[k], ticks/g.TicksPerUnit)
	}
	const noiseSD = 0.35
	// The mean of noise is 1, and with the last term so is that of activity.
	noise := portable.Exp(float64(noiseSD*p.normal()) - noiseSD*noiseSD/2 + sampleClusterSD*sampleClusterSD/2)
	volume := g.DailyVolume / p.perDay * activity * noise
	f.cols[4] = append(f.cols[4], max(math.Round(volume*g.VolumesPerUnit), 1)/g.VolumesPerUnit)
	if g.SpreadTicks == 0 {
		return
	}
	half := max(math.Round(g.SpreadTicks/2*math.Sqrt(activity)), 1)
	f.cols[5] = append(f.cols[5], max(p.ticks-half, 1)/g.TicksPerUnit)
	f.cols[6] = append(f.cols[6], (p.ticks+half)/g.TicksPerUnit)
}
