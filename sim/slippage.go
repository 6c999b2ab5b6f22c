package sim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// slippageModel answers the slippage of an order from the rule set's parameters
// and what the candles before the order tell of the pair's liquidity. Rules §7.
type slippageModel struct {
	*Market
	lacks [][]string // by instrument: what the data lacked
}

func newSlippageModel(m *Market) *slippageModel {
	return &slippageModel{Market: m, lacks: make([][]string, len(m.instruments))}
}

// quote is the bid and ask that an order sees; 0 where nobody knows.
type quote struct{ bid, ask float64 }

// fraction is the slippage of an order of that signed effective leverage at ms,
// a fraction of its price in [0, slippage.max]. warning is for the order alone.
func (m *slippageModel) fraction(instrument int, leverage, price float64, q quote, ms int64) (fraction float64, warning string, err error) {
	s := &m.set.Slippage
	if !s.Enabled {
		return 0, "", nil
	}
	valueUSD := abs(leverage) * s.AccountUSD
	if valueUSD <= s.FreeBelowUSD {
		return 0, "", nil
	}
	pair := m.instruments[instrument].pair
	switch pair.Class {
	case market.Crypto:
		fraction = m.crypto(pair)
	case market.Forex:
		fraction, err = m.forex(instrument, valueUSD, price, q, ms)
	case market.Equities:
		fraction, warning, err = m.equities(instrument, market.SideOf(leverage), valueUSD, q, ms)
	}
	return min(max(fraction, 0), s.Max), warning, err
}

func (m *slippageModel) crypto(pair market.Pair) float64 {
	if f, ok := m.set.Slippage.Crypto.Pairs[pair.ID]; ok {
		return f
	}
	return m.set.Slippage.Crypto.Default
}

func (m *slippageModel) forex(instrument int, valueUSD, price float64, q quote, ms int64) (float64, error) {
	usd, err := m.usdPrice(instrument, price, ms)
	if err != nil {
		return 0, err
	}
	model := m.set.Slippage.Forex
	lots := valueUSD / (model.LotUnits * usd)
	spread, volatility, adv, err := m.liquidity(instrument, q, ms)
	if err != nil {
		return 0, err
	}
	return model.Fraction(spread, volatility, lots, adv), nil
}

func (m *slippageModel) equities(instrument int, side market.Side, valueUSD float64, q quote, ms int64) (float64, string, error) {
	pair := m.instruments[instrument].pair
	row, beyond, err := market.FindBucket(m.set.Slippage.Equities, pair.ID, side, valueUSD)
	if err != nil {
		return 0, "", err
	}
	warning := ""
	if beyond {
		warning = fmt.Sprintf("order value of %.0f USD is over the largest slippage bucket (%.0f USD): its coefficients serve", valueUSD, row.ToUSD)
	}
	spread, volatility, adv, err := m.liquidity(instrument, q, ms)
	if err != nil {
		return 0, "", err
	}
	return row.Fraction(spread, volatility, valueUSD, adv), warning, nil
}

// liquidity is a pair's relative spread, annual volatility and average daily
// volume as known before the order's day; the rule set's defaults serve where
// the data does not tell, and that is noted once.
func (m *slippageModel) liquidity(instrument int, q quote, ms int64) (spread, volatility, adv float64, err error) {
	in := &m.instruments[instrument]
	fallback, err := m.fallback(in.pair)
	if err != nil {
		return 0, 0, 0, err
	}
	spread = fallback.SpreadOverMid
	if q.bid > 0 && q.ask >= q.bid {
		spread = (q.ask - q.bid) / ((q.bid + q.ask) / 2)
	} else {
		m.lacking(instrument, "spread/mid %g (no bid and ask)", spread)
	}
	l := &m.set.Liquidity
	bars, day := m.dailyBars(instrument), m.set.Hours.For(in.pair.Class).TradingDay(ms)
	volatility, ok := market.Volatility(bars, day, l.VolatilityDays, l.TradingDaysInYear)
	if !ok {
		volatility = fallback.VolatilityAnnual
		m.lacking(instrument, "volatility %g (until there are %d trading days of history)", volatility, l.VolatilityDays+1)
	}
	adv, ok = market.ADV(bars, day, l.ADVDays)
	if !ok {
		adv = fallback.ADV
		m.lacking(instrument, "average daily volume %.0f (%s)", adv, m.whyNoVolume(in))
	}
	return spread, volatility, adv, nil
}

// fallback is the liquidity that the rule set gives a pair: its own, else its
// group's.
func (m *slippageModel) fallback(pair market.Pair) (rules.LiquidityDefault, error) {
	group := pair.Class.String()
	if pair.Metal() {
		group = "metals"
	}
	for _, key := range []string{pair.ID, group} {
		if d, ok := m.set.Liquidity.Defaults[key]; ok {
			return d, nil
		}
	}
	return rules.LiquidityDefault{}, fmt.Errorf("liquidity.defaults has neither %s nor %s: add one to the rule file", pair.ID, group)
}

// usdPrice is the price in USD of a forex pair's base currency: from the order
// itself, from the last candle of a pair that gives it directly or inverted,
// else from the rule set.
func (m *slippageModel) usdPrice(instrument int, price float64, ms int64) (float64, error) {
	const usd = "USD"
	pair := m.instruments[instrument].pair
	switch {
	case pair.Base == usd:
		return 1, nil
	case pair.Quote == usd:
		return price, nil
	}
	if i := findInstrument(m.instruments, pair.Base+usd); i >= 0 {
		if p, _, ok := m.instruments[i].lastClose(ms); ok {
			return p, nil
		}
	}
	if i := findInstrument(m.instruments, usd+pair.Base); i >= 0 {
		if p, _, ok := m.instruments[i].lastClose(ms); ok {
			return 1 / p, nil
		}
	}
	if p, ok := m.set.Liquidity.USDPrices[pair.Base]; ok {
		m.lacking(instrument, "%s in USD %g (no pair gives it)", pair.Base, p)
		return p, nil
	}
	return 0, fmt.Errorf("no price of %s in USD for the slippage of %s: add it to liquidity.usd_prices in the rule file", pair.Base, pair.ID)
}

func (m *slippageModel) whyNoVolume(in *instrument) string {
	if in.series == nil || in.series.Volume == nil {
		return "no volume"
	}
	return fmt.Sprintf("until there are %d trading days of volume", m.set.Liquidity.ADVDays)
}

// lacking remembers what the rule set had to give in place of the data, each
// thing once.
func (m *slippageModel) lacking(instrument int, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(m.lacks[instrument], text) {
		m.lacks[instrument] = append(m.lacks[instrument], text)
	}
}

// notes says, once a pair, what its slippage took from the rule set. Rules §7.
func (m *slippageModel) notes() []string {
	var notes []string
	for i, lacks := range m.lacks {
		if len(lacks) > 0 {
			notes = append(notes, fmt.Sprintf("%s: slippage takes from the rule set: %s", m.instruments[i].pair.ID, strings.Join(lacks, ", ")))
		}
	}
	return notes
}
