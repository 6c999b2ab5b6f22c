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
	zone  *time.Location
	shape *[24]float64 // nil: none
	until int64        // UTC ms up to which now holds
	now   float64
}

func newSeason(p *Pair, pair market.Pair) (*season, error) {
	s := &season{now: 1, until: math.MaxInt64}
	if p.Season != ClassSeason {
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
	s.shape = &shape
	return s, nil
}

// at returns the relative volatility at an instant not before the last one.
func (s *season) at(ms int64) float64 {
	if ms >= s.until {
		const hour = int64(datasets.Hour) // zones are whole hours from UTC
		s.until = ms - ms%hour + hour
		s.now = s.shape[time.UnixMilli(ms).In(s.zone).Hour()]
	}
	return s.now
}

// classShape returns the shape of a day by hour: crypto's follows the world's
// working hours on the UTC clock; forex' those of London and New York on the New
// York clock; equities begin wild and end lively, on the New York clock.
func classShape(c market.Class) [24]float64 {
	open := [24]float64{}
	shape := [24]float64{1, .9, .9, .85, .8, .8, .85, .95, 1, 1, .95, .95, 1.05, 1.25, 1.35, 1.35, 1.2, 1.1, 1.05, 1, 1.05, .95, .9, .95}
	for h := range open {
		open[h] = 1
	}
	switch c {
	case market.Forex:
		shape = [24]float64{.65, .75, 1, 1.35, 1.35, 1.2, 1.05, 1, 1.25, 1.5, 1.5, 1.35, 1.15, .9, .8, .75, .7, .5, .5, .65, .75, .8, .75, .7}
	case market.Equities, market.Indices:
		shape = [24]float64{9: 1.6, 10: 1.3, 11: 1, 12: .85, 13: .75, 14: .8, 15: 1.05}
		open = [24]float64{9: .5, 10: 1, 11: 1, 12: 1, 13: 1, 14: 1, 15: 1}
	}
	var squares, hours float64
	for h, x := range shape {
		squares += float64(open[h] * x * x)
		hours += open[h]
	}
	for h := range shape {
		shape[h] = shape[h] / math.Sqrt(squares/hours)
		if shape[h] == 0 {
			shape[h] = 1
		}
	}
	return shape
}
