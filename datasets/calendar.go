package datasets

import "github.com/ptnsim/ptnsim/market"

// MarketCalendar returns the hours of a pair's market by the defaults of Rules
// §3, for Select.Calendar. Indices trade at the equities' hours here: no order is
// taken for them, but their candles can be judged.
func MarketCalendar(p market.Pair, fromMS, toMS int64) (Calendar, error) {
	hours := market.Hours{Kind: market.Always}
	switch p.Class {
	case market.Forex:
		hours = market.ForexHours()
	case market.Equities, market.Indices:
		hours = market.EquitiesHours()
	}
	s, err := market.NewSchedule(hours, fromMS, toMS)
	if err != nil {
		return nil, err
	}
	return s, nil
}
