package synth

import (
	"math"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// season is the relative volatility by the hour of the market's own clock, whose
// mean square over the open market is 1.
type season struct {
	stage *stage
	zone  *time.Location
	shape *[24]float64 // nil: none
	until int64        // UTC ms up to which now holds
	now   float64
}

func newSeason(p *Pair, pair market.Pair, at *stage) (*season, error) {
	s := &season{stage: at, now: 1, until: math.MaxInt64}
	if p.Season != ClassSeason && p.Hours == nil {
		return s, nil
	}
	var err error
	s.zone, s.until = time.UTC, math.MinInt64
	if zone := datasets.MarketHours(pair).Zone; zone != "" {
		if s.zone, err = market.LoadZone(zone); err != nil {
			return nil, err
		}
	}
	shape := classShape(pair.Class)
	if p.Hours != nil {
		shape = [24]float64(p.Hours)
	}
	shape = normal(shape, pair.Class)
	s.shape = &shape
	return s, nil
}

// at returns the relative volatility of the candle that opens at ms, which is not
// before the last one: that of its hour, or the root of the mean square over its
// open hours.
func (s *season) at(ms int64) float64 {
	const hour = int64(datasets.Hour) // zones are whole hours from UTC
	if ms < s.until {
		return s.now
	}
	if hour%s.stage.intervalMS == 0 {
		s.until, s.now = ms-ms%hour+hour, s.of(ms)
		return s.now
	}
	s.until = ms + s.stage.intervalMS
	var squares, open float64
	for h := ms - ms%hour; h < s.until; h += hour {
		x, weight := s.of(h), float64(s.stage.hours.OpenMS(max(h, ms), min(h+hour, s.until)))
		squares += float64(x * x * weight)
		open += weight
	}
	s.now = math.Sqrt(squares / open)
	return s.now
}

// of returns the relative volatility of an instant's hour.
func (s *season) of(ms int64) float64 { return s.shape[time.UnixMilli(ms).In(s.zone).Hour()] }

// classShape returns the shape of a day by hour: crypto's follows the world's
// working hours on the UTC clock; forex' those of London and New York on the New
// York clock; equities begin wild and end lively, on the New York clock.
func classShape(c market.Class) [24]float64 {
	switch c {
	case market.Forex:
		return [24]float64{.65, .75, 1, 1.35, 1.35, 1.2, 1.05, 1, 1.25, 1.5, 1.5, 1.35, 1.15, .9, .8, .75, .7, .5, .5, .65, .75, .8, .75, .7}
	case market.Equities, market.Indices:
		return [24]float64{9: 1.6, 10: 1.3, 11: 1, 12: .85, 13: .75, 14: .8, 15: 1.05}
	}
	return [24]float64{1, .9, .9, .85, .8, .8, .85, .95, 1, 1, .95, .95, 1.05, 1.25, 1.35, 1.35, 1.2, 1.1, 1.05, 1, 1.05, .95, .9, .95}
}

// normal scales a shape to a mean square of 1 over the hours in which a class's
// market is open.
func normal(shape [24]float64, c market.Class) [24]float64 {
	open := [24]float64{}
	for h := range open {
		open[h] = 1
	}
	if c == market.Equities || c == market.Indices {
		open = [24]float64{9: .5, 10: 1, 11: 1, 12: 1, 13: 1, 14: 1, 15: 1}
	}
	var squares, hours float64
	for h, x := range shape {
		squares += float64(open[h] * x * x)
		hours += open[h]
	}
	for h := range shape {
		shape[h] = shape[h] / math.Sqrt(squares/hours)
	}
	return shape
}
