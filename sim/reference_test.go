package sim

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// referenceFile returns the path of a file in the reference folder, and skips
// the test without one.
func referenceFile(t testing.TB, parts ...string) string {
	t.Helper()
	folder := os.Getenv("PTNSIM_REFERENCE")
	if folder == "" {
		t.Skip("set PTNSIM_REFERENCE to the folder with golden/ and candles/ to run this test")
	}
	return filepath.Join(append([]string{folder}, parts...)...)
}

// storedPosition is a position as a validator stores it.
type storedPosition struct {
	UUID              string  `json:"position_uuid"`
	Pair              []any   `json:"trade_pair"`
	OpenMS            int64   `json:"open_ms"`
	CloseMS           int64   `json:"close_ms"`
	Closed            bool    `json:"is_closed_position"`
	NetLeverage       float64 `json:"net_leverage"`
	AverageEntryPrice float64 `json:"average_entry_price"`
	CurrentReturn     float64 `json:"current_return"`
	ReturnAtClose     float64 `json:"return_at_close"`
	RealizedPnL       float64 `json:"realized_pnl"`
	Orders            []struct {
		Type        string  `json:"order_type"`
		Leverage    float64 `json:"leverage"`
		Price       float64 `json:"price"`
		Bid         float64 `json:"bid"`
		Ask         float64 `json:"ask"`
		Slippage    float64 `json:"slippage"`
		ProcessedMS int64   `json:"processed_ms"`
	} `json:"orders"`
}

// TestRealMiner recomputes every position of a real miner from its orders and
// compares it with what the validator stored: entry prices, returns without and
// with costs, realised profit. Its build realised profit on reductions.
func TestRealMiner(t *testing.T) {
	raw, err := os.ReadFile(referenceFile(t, "candles", "miners", "5GpFB-2025-validator-a.json"))
	if err != nil {
		t.Fatal(err)
	}
	var miner struct {
		Positions []storedPosition `json:"positions"`
	}
	if err := json.Unmarshal(raw, &miner); err != nil {
		t.Fatal(err)
	}
	set := loadRules(t, "ptn-5.4.0", "position.accounting=realized_pnl")
	orders, quoted := 0, 0
	for _, s := range miner.Positions {
		m, err := NewMarket(set, nil, s.OpenMS, s.OpenMS)
		if err != nil {
			t.Fatal(err)
		}
		in := &m.instruments[findInstrument(m.instruments, s.Pair[0].(string))]
		quoted += s.checkSlippage(t, m)
		p, realised := s.replay(set)
		orders += len(s.Orders)
		p.fee = transactionFactor(&set.TransactionFee, market.Crypto, p.cumulative)
		p.carry = in.carry.Factor(p.steps, p.fills[len(p.fills)-1].TimeMS)
		if !s.Closed {
			s.meetMark(t, p, in)
		}
		p.revalue()
		for _, c := range []struct {
			name      string
			got, want float64
		}{
			{"net leverage", p.net, s.NetLeverage},
			{"average entry price", p.average, s.AverageEntryPrice},
			{"realised profit", realised, s.RealizedPnL},
			{"current return", p.ret, s.CurrentReturn},
			{"return at close", p.value, s.ReturnAtClose},
		} {
			if !near(c.got, c.want) {
				t.Errorf("position %s (%d orders, closed %v): %s %.17g, want %.17g", s.UUID, len(s.Orders), s.Closed, c.name, c.got, c.want)
			}
		}
	}
	if len(miner.Positions) != 74 || orders != 665 {
		t.Errorf("%d positions with %d orders, want 74 with 665", len(miner.Positions), orders)
	}
	if quoted < 100 {
		t.Errorf("the slippage of %d orders was compared, want some hundred", quoted)
	}
}

// checkSlippage compares the slippage of the orders for which the validator knew
// a quote, and returns how many those are; for the others it stored 0.
func (s *storedPosition) checkSlippage(t *testing.T, m *Market) (quoted int) {
	t.Helper()
	model := newSlippageModel(m)
	i := findInstrument(m.instruments, s.Pair[0].(string))
	for n, o := range s.Orders {
		if o.Bid == 0 {
			continue
		}
		quoted++
		got, _, err := model.fraction(i, o.Leverage, o.Price, quote{o.Bid, o.Ask}, o.ProcessedMS)
		if o.Slippage == 0 && got != 0 && o.Type == "FLAT" && (o.Price < o.Bid || o.Price > o.Ask) {
			continue // two closes got a price from elsewhere than the quote, and no slippage
		}
		if err != nil || got != o.Slippage {
			t.Errorf("position %s order %d: slippage %g (%v), want %g", s.UUID, n, got, err, o.Slippage)
		}
	}
	return quoted
}

// replay plays the stored orders and returns the position with the profit that
// they realised, in the price's unit.
//
// Two of the closing orders are stored with another leverage than the position
// held: a SHORT with more (orders that were appended after it count for nothing)
// and a FLAT with less. The validator realised what is stored at the slipped
// price, marked what then remained at the raw one, and closed.
func (s *storedPosition) replay(set *rules.Set) (p *position, realised float64) {
	kinds := map[string]OrderType{"LONG": Long, "SHORT": Short, "FLAT": Flat}
	p = &position{}
	for _, o := range s.Orders {
		if p.closed {
			break
		}
		f := Fill{Type: kinds[o.Type], Leverage: o.Leverage, Price: o.Price, Slippage: o.Slippage, TimeMS: o.ProcessedMS}
		if o.Leverage*p.net < 0 {
			realised -= (effectivePrice(o.Price, o.Slippage, o.Leverage) - p.average) * o.Leverage
		}
		closes := f.Type == Flat || len(p.fills) > 0 && (p.net+o.Leverage)*p.net <= 0
		exact := abs(p.net+o.Leverage) < 1e-9
		p.fill(f, set.Position.Accounting, closes && exact)
		if closes && !exact {
			p.mark(o.Price)
			p.net, p.closed = 0, true
		}
	}
	return p, realised
}

// meetMark gives an open position the price and the time of its last mark, which
// are not stored: the price follows from the stored return; the time must be one
// of the hours after the last order at which carry is what was stored.
func (s *storedPosition) meetMark(t *testing.T, p *position, in *instrument) {
	t.Helper()
	last := p.fills[len(p.fills)-1]
	price := p.average + (s.CurrentReturn-p.offset)/p.slope
	if math.Abs(price/last.Price-1) > 0.02 {
		t.Errorf("position %s: its return implies a price of %g, its last order's is %g", s.UUID, price, last.Price)
	}
	p.mark(price)
	for ms := last.TimeMS; ms < in.carry.NextMS(last.TimeMS); ms += 60_000 {
		if p.carry = in.carry.Factor(p.steps, ms); near(p.carry, s.ReturnAtClose/s.CurrentReturn) {
			return
		}
	}
	t.Errorf("position %s: no time after its last order gives the stored carry %.12g", s.UUID, s.ReturnAtClose/s.CurrentReturn)
}
