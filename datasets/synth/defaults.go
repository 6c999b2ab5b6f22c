package synth

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// The defaults of a recipe.
const (
	defaultSeed     = "1"
	defaultFromMS   = 1736121600000 // 2025-01-06T00:00:00Z
	defaultSpan     = 28 * Duration(datasets.Day)
	defaultInterval = Duration(datasets.Minute)
)

// withDefaults returns a copy of the recipe with the defaults filled in.
func (r Recipe) withDefaults(known []market.Pair) Recipe {
	r.Seed = cmp.Or(r.Seed, defaultSeed)
	r.Interval = cmp.Or(r.Interval, defaultInterval)
	if r.From.IsZero() {
		r.From = At(defaultFromMS)
	}
	if r.To.IsZero() {
		r.To = After(defaultSpan)
	}
	r.To = r.To.absolute(r.From.MS)
	r.Pairs = slices.Clone(r.Pairs)
	for i := range r.Pairs {
		pair, _ := market.FindPair(known, r.Pairs[i].Pair)
		r.Pairs[i].fill(pair)
	}
	if r.Regimes != nil {
		r.Regimes = r.Regimes.filled(r.From.MS)
	}
	r.Stresses = slices.Clone(r.Stresses)
	for i := range r.Stresses {
		r.Stresses[i] = r.Stresses[i].filled(r.From.MS)
	}
	return r
}

// fill fills in what a pair leaves open.
func (p *Pair) fill(pair market.Pair) {
	usual := usualOf(pair)
	p.Price = cmp.Or(p.Price, usual.price)
	p.Tick = cmp.Or(p.Tick, usual.tick)
	p.Volatility = cmp.Or(p.Volatility, usual.volatility)
	p.Volume = cmp.Or(p.Volume, usual.volume)
	p.VolumeStep = cmp.Or(p.VolumeStep, usual.volumeStep)
	p.Model = cmp.Or(p.Model, GBM)
	p.Season = cmp.Or(p.Season, NoSeason)
	if p.Model == StochasticVolatility {
		c := Clustering{}
		if p.Clustering != nil {
			c = *p.Clustering
		}
		p.Clustering = &Clustering{SD: cmp.Or(c.SD, .5), Memory: cmp.Or(c.Memory, 18*Duration(datasets.Hour))}
	}
	if p.Model == GARCH {
		g := Garch{}
		if p.Garch != nil {
			g = *p.Garch
		}
		p.Garch = &Garch{Alpha: cmp.Or(g.Alpha, .08), Beta: cmp.Or(g.Beta, .9)}
	}
	if p.Jumps != nil {
		j := *p.Jumps
		j.Sizes = cmp.Or(j.Sizes, NormalJumps)
		p.Jumps = &j
	}
}

// filled returns a copy with the defaults and absolute moments.
func (g *Regimes) filled(fromMS int64) *Regimes {
	c := *g
	c.States = slices.Clone(g.States)
	for i := range c.States {
		s := &c.States[i]
		s.Volatility = cmp.Or(s.Volatility, 1)
		s.Duration = cmp.Or(s.Duration, 5*Duration(datasets.Day))
	}
	c.Schedule = slices.Clone(g.Schedule)
	for i := range c.Schedule {
		c.Schedule[i].At = c.Schedule[i].At.absolute(fromMS)
	}
	return &c
}

// usual is a pair of everyday size: round numbers near which such a pair has
// traded.
type usual struct {
	price, tick        float64
	volatility         float64
	volume, volumeStep float64
}

// usualOf returns the defaults of a pair.
func usualOf(p market.Pair) usual {
	price := usualPrice(p.ID)
	switch p.Class {
	case market.Forex:
		u := usual{price: cmp.Or(price, 1), volatility: .08, volume: 500000, volumeStep: 1}
		u.tick = decimalTick(u.price)
		if p.Metal() {
			u.volatility = .18
		}
		return u
	case market.Equities:
		return usual{price: cmp.Or(price, 100), tick: .01, volatility: .35, volume: 40e6, volumeStep: 1}
	case market.Indices:
		return usual{price: cmp.Or(price, 5000), tick: .01, volatility: .18, volume: 1e6, volumeStep: 1}
	}
	u := usual{price: cmp.Or(price, 100), volatility: .6, volumeStep: .01}
	u.tick = decimalTick(u.price)
	u.volume = math.Round(2e9 / u.price) // some two billion dollars a day
	return u
}

// decimalTick returns the power of ten that is between 1e-5 and 1e-6 of a price,
// at most 0.1.
func decimalTick(price float64) float64 {
	tick := .1
	for k := 2; k <= 9 && tick > price*1e-5*1.0000001; k++ {
		tick, _ = strconv.ParseFloat("1e-"+strconv.Itoa(k), 64)
	}
	return tick
}

// usualPrice returns a round price of a well-known pair; 0 for any other.
func usualPrice(id string) float64 {
	switch id {
	case "BTCUSD":
		return 95000
	case "ETHUSD":
		return 3300
	case "SOLUSD":
		return 190
	case "XRPUSD":
		return 2.5
	case "DOGEUSD":
		return .35
	case "AUDCAD", "AUDNZD", "EURGBP", "EURCHF":
		return .95
	case "AUDUSD", "CADCHF", "NZDUSD", "NZDCAD":
		return .65
	case "AUDJPY", "CADJPY", "NZDJPY":
		return 100
	case "EURUSD":
		return 1.04
	case "GBPUSD":
		return 1.25
	case "EURCAD", "USDCAD":
		return 1.45
	case "EURNZD":
		return 1.85
	case "USDCHF":
		return .9
	case "EURJPY", "USDJPY", "CHFJPY":
		return 160
	case "GBPJPY":
		return 195
	case "USDMXN":
		return 20
	case "XAUUSD":
		return 2700
	case "XAGUSD":
		return 30
	case "NVDA":
		return 140
	case "AAPL", "AMZN", "GOOG":
		return 200
	case "TSLA", "MSFT":
		return 400
	case "META":
		return 600
	case "SPX":
		return 6000
	case "DJI":
		return 43000
	case "NDX", "GDAXI":
		return 21000
	case "VIX":
		return 17
	case "FTSE":
		return 8300
	}
	return 0
}
