package recording

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/strategies"
)

// stored is a position as the network's validators write it. Other keys, such as
// the sources of each price, are passed over.
type stored struct {
	Miner             string          `json:"miner_hotkey"`
	UUID              string          `json:"position_uuid"`
	TradePair         json.RawMessage `json:"trade_pair"`
	OpenMS            int64           `json:"open_ms"`
	CloseMS           int64           `json:"close_ms"`
	Closed            bool            `json:"is_closed_position"`
	NetLeverage       scoring.Value   `json:"net_leverage"`
	AverageEntryPrice scoring.Value   `json:"average_entry_price"`
	CurrentReturn     scoring.Value   `json:"current_return"`
	ReturnAtClose     scoring.Value   `json:"return_at_close"`
	Orders            []storedOrder   `json:"orders"`
}

type storedOrder struct {
	UUID        string  `json:"order_uuid"`
	Type        string  `json:"order_type"`
	Leverage    float64 `json:"leverage"`
	Price       float64 `json:"price"`
	Slippage    float64 `json:"slippage"`
	Bid         float64 `json:"bid"`
	Ask         float64 `json:"ask"`
	ProcessedMS int64   `json:"processed_ms"`
	Source      int     `json:"src"`
}

// Bounds of what a position may say.
const (
	earliestMS = 946_684_800_000   // 2000-01-01
	latestMS   = 4_102_444_800_000 // 2100-01-01
	maxNameLen = 256               // bytes of a uuid or a hotkey
)

// parse reads an item of a list: a position, or a text that is one.
func parse(raw json.RawMessage) (*stored, error) {
	var inner string
	if raw[0] == '"' && json.Unmarshal(raw, &inner) == nil {
		raw = json.RawMessage(inner)
	}
	p := &stored{}
	if err := json.Unmarshal(raw, p); err != nil {
		if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return nil, &strategies.SignalError{Field: e.Field, Found: article(e.Value), Expected: kindOf(e.Field)}
		}
		return nil, &strategies.SignalError{Found: "malformed JSON: " + err.Error(), Expected: "a position, an object with trade_pair and orders"}
	}
	return p, nil
}

// article puts "a" or "an" before what was found.
func article(found string) string {
	if strings.ContainsAny(found[:1], "aeiou") {
		return "an " + found
	}
	return "a " + found
}

// kindOf is what a key holds.
func kindOf(field string) string {
	switch name := field[strings.LastIndexByte(field, '.')+1:]; {
	case name == "":
		return "a position, an object with trade_pair and orders"
	case name == "orders":
		return "a list of orders"
	case name == "is_closed_position":
		return "true or false"
	case strings.HasSuffix(name, "_ms"), name == "src":
		return "a whole number"
	case strings.HasSuffix(name, "uuid"), name == "order_type", name == "miner_hotkey":
		return "a text"
	}
	return "a number"
}

// add judges what is stored, and appends it to the recording.
func (r *Recording) add(s *stored) error {
	p := Position{
		UUID: s.UUID, OpenMS: s.OpenMS, CloseMS: s.CloseMS, Closed: s.Closed,
		NetLeverage: s.NetLeverage, AverageEntryPrice: s.AverageEntryPrice, CurrentReturn: s.CurrentReturn, ReturnAtClose: s.ReturnAtClose,
	}
	var ok bool
	switch p.Pair, ok = strategies.TradePairID(s.TradePair); {
	case !ok || !isPair(p.Pair):
		return wrong("trade_pair", cut(string(s.TradePair)), `the id of a pair, or a list that begins with it: ["BTCUSD", "BTC/USD", …]`)
	case len(s.UUID) > maxNameLen:
		return wrong("position_uuid", cut(s.UUID), fmt.Sprintf("at most %d bytes", maxNameLen))
	case !isTime(s.OpenMS):
		return wrong("open_ms", strconv.FormatInt(s.OpenMS, 10), "epoch milliseconds")
	case s.Closed && (!isTime(s.CloseMS) || s.CloseMS < s.OpenMS):
		return wrong("close_ms", strconv.FormatInt(s.CloseMS, 10), "epoch milliseconds, after the opening")
	case len(s.Orders) == 0:
		return wrong("orders", "none", "at least one")
	}
	for i := range s.Orders {
		o, err := s.Orders[i].order()
		if err != nil {
			err.Field = fmt.Sprintf("orders[%d].%s", i, err.Field)
			return err
		}
		o.Position = len(r.Positions)
		o.AfterClose = p.Closed && o.TimeMS > p.CloseMS
		r.Orders = append(r.Orders, o)
	}
	r.Positions = append(r.Positions, p)
	return nil
}

// order judges a stored order.
func (s *storedOrder) order() (o Order, err *strategies.SignalError) {
	o = Order{
		UUID: s.UUID, TimeMS: s.ProcessedMS, Leverage: s.Leverage, Price: s.Price, Slippage: s.Slippage,
		Bid: s.Bid, Ask: s.Ask, Source: s.Source,
	}
	switch strings.ToUpper(s.Type) {
	case "LONG":
		o.Type = sim.Long
	case "SHORT":
		o.Type = sim.Short
		o.Leverage = -max(s.Leverage, -s.Leverage)
	case "FLAT":
		o.Type = sim.Flat
	default:
		return o, wrong("order_type", cut(s.Type), "LONG, SHORT or FLAT")
	}
	switch {
	case !isTime(s.ProcessedMS):
		return o, wrong("processed_ms", strconv.FormatInt(s.ProcessedMS, 10), "epoch milliseconds")
	case o.Type == sim.Long && s.Leverage < 0:
		return o, wrong("leverage", figure(s.Leverage)+" for a LONG order", "a positive leverage")
	case s.Price < 0 || s.Price == 0 && s.Source == 0:
		return o, wrong("price", figure(s.Price), "a price above 0; only orders that the validator inserted may have none")
	case s.Slippage < 0 || s.Slippage >= 1:
		return o, wrong("slippage", figure(s.Slippage), "a fraction of the price, from 0 to below 1")
	case s.Bid < 0 || s.Ask < 0:
		return o, wrong("bid", figure(s.Bid)+", with an ask of "+figure(s.Ask), "prices, or 0 where there is none")
	case len(s.UUID) > maxNameLen:
		return o, wrong("order_uuid", cut(s.UUID), fmt.Sprintf("at most %d bytes", maxNameLen))
	}
	return o, nil
}

// nameOrders gives every order a uuid of its own: one that has none, or that of
// another (a validator's FLAT at an elimination has its position's, as the order
// that opened it), gets its position's with its place in it.
func (r *Recording) nameOrders() {
	used := make(map[string]bool, len(r.Orders))
	for i := range r.Positions {
		for k, n := range r.Positions[i].Orders {
			o := &r.Orders[n]
			for again := 0; o.UUID == "" || used[o.UUID]; again++ {
				o.UUID = fmt.Sprintf("%s/%d", r.Positions[i].UUID, k+1+again*len(r.Orders))
			}
			used[o.UUID] = true
		}
	}
}

func isTime(ms int64) bool { return ms >= earliestMS && ms < latestMS }

func isPair(id string) bool {
	return id != "" && len(id) <= 16 && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

func wrong(field, found, expected string) *strategies.SignalError {
	return &strategies.SignalError{Field: field, Found: found, Expected: expected}
}

func figure(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// cut shows a text of a file, shortened where it is long.
func cut(text string) string {
	if text == "" {
		return "nothing"
	}
	if len(text) > 40 {
		return strconv.Quote(text[:40]) + "…"
	}
	return strconv.Quote(text)
}
