package strategies

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/ptnsim/ptnsim/sim"
)

// WriteSignals writes signals as CSV, with every column. Numbers keep all their
// digits, so that reading them gives the same signals.
func WriteSignals(w io.Writer, signals []Signal) error {
	out := csv.NewWriter(w)
	if err := out.Write(fieldNames()); err != nil {
		return err
	}
	for i := range signals {
		f := signals[i].fields()
		if err := out.Write(f[:]); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (s *Signal) fields() fields {
	f := fields{
		fieldTime: stamp(s.TimeMS), fieldPair: s.Pair, fieldType: s.Type.String(),
		fieldUUID: s.UUID, fieldMiner: s.Miner,
	}
	if s.Type != sim.Flat {
		f[fieldLeverage] = number(max(s.Leverage, -s.Leverage))
	}
	if s.Pinned {
		f[fieldPrice] = number(s.Price)
		if s.HasSlippage {
			f[fieldSlippage] = number(s.Slippage)
		}
	}
	if s.Bid > 0 && s.Ask > 0 {
		f[fieldBid], f[fieldAsk] = number(s.Bid), number(s.Ask)
	}
	return f
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// stamp writes an instant as files and people read it.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// Emitted returns the orders of a log as signals at the time of their emission,
// whatever became of them: played again, they go through the rules again.
func Emitted(orders []sim.OrderRecord) []Signal {
	signals := make([]Signal, 0, len(orders))
	for i := range orders {
		signals = append(signals, Signal{TimeMS: orders[i].EmittedMS, Order: orders[i].Order})
	}
	return signals
}

// Filled returns the orders of a log that changed a position as signals at the
// time of their fill, pinned to its price and slippage, with the leverage that
// took effect.
func Filled(orders []sim.OrderRecord) []Signal {
	var signals []Signal
	for i := range orders {
		r := &orders[i]
		if !r.Filled() {
			continue
		}
		o := r.Order
		o.Pinned, o.Price = true, r.FillPrice
		o.HasSlippage, o.Slippage = true, r.FillSlippage
		if o.Leverage = r.EffectiveLeverage; o.Type == sim.Flat {
			o.Leverage = 0
		}
		signals = append(signals, Signal{TimeMS: r.FilledMS, Order: o})
	}
	slices.SortStableFunc(signals, func(a, b Signal) int { return cmp.Compare(a.TimeMS, b.TimeMS) })
	return signals
}
