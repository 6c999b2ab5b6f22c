package ingest

import (
	"fmt"
	"math"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// Aggregator makes candles of trades or quotes. A candle opens on the grid of
// its interval that counts from 1970-01-01T00:00Z and holds what happened in
// [open, open + interval): the first, highest, lowest and last price; of trades
// also the sum of the sizes in file order, of quotes the last bid and ask. Where
// nothing happened there is no candle: what becomes of a gap is the user's
// policy.
//
// Ticks come in chunks of any size and must not go back in time; those of the
// same time keep their order. A tick costs no allocation.
type Aggregator struct {
	File     string // the input, for refusals; may change from chunk to chunk
	Interval datasets.Interval
	Kind     vendors.Kind      // Trades or Quotes
	Side     vendors.QuoteSide // the price of a quote

	out    market.Series // the candles that the last call finished
	rows   int64         // ticks before the current chunk
	lastMS int64         // time of the last tick, UTC ms
	primed bool          // there was a tick, so there is an unfinished candle
	sized  bool          // the trades have sizes
	now    candle
}

// candle is a candle in the making.
type candle struct {
	fromMS, endMS          int64
	first, high, low, last float64
	volume                 float64
	bid, ask               float64
}

// Add takes the next ticks and returns the candles that they finish, which may
// be none. Their columns are used again by the next call. A tick that is out of
// order or no price is refused with a *datasets.Refusal.
func (a *Aggregator) Add(c vendors.Chunk) (*market.Series, error) {
	a.clear()
	var err error
	switch {
	case a.Interval <= 0 || a.Kind != vendors.Trades && a.Kind != vendors.Quotes:
		panic("ingest: an aggregator without interval or kind")
	case a.Kind == vendors.Trades:
		err = a.trades(c)
	default:
		err = a.quotes(c)
	}
	a.rows += int64(len(c.Time))
	return &a.out, err
}

// Flush returns the last candle, which no later tick can change, and makes the
// aggregator ready for another series.
func (a *Aggregator) Flush() *market.Series {
	a.clear()
	if a.primed {
		a.finish()
	}
	a.primed, a.rows, a.now = false, 0, candle{}
	return &a.out
}

// trades takes trades: a price in Close and a size in Volume, which may be
// missing.
func (a *Aggregator) trades(c vendors.Chunk) error {
	if len(c.Time) == 0 {
		return nil
	}
	prices, sizes := c.Close[:len(c.Time)], c.Volume
	a.sized = sizes != nil
	now := &a.now
	for i, ms := range c.Time {
		price, size := prices[i], 0.0
		if a.sized {
			size = sizes[i]
		}
		if !(price > 0 && price <= math.MaxFloat64 && size >= 0 && size <= math.MaxFloat64) || ms < a.lastMS && a.primed {
			return a.blame(c, i)
		}
		if a.lastMS = ms; ms >= now.endMS || !a.primed {
			a.begin(ms, price)
		}
		now.high, now.low, now.last = max(now.high, price), min(now.low, price), price
		now.volume += size
	}
	return nil
}

// quotes takes quotes: a bid and an ask.
func (a *Aggregator) quotes(c vendors.Chunk) error {
	bids, asks := c.Bid[:len(c.Time)], c.Ask[:len(c.Time)]
	now := &a.now
	for i, ms := range c.Time {
		bid, ask := bids[i], asks[i]
		if !(bid > 0 && ask > 0 && bid+ask <= math.MaxFloat64) || ms < a.lastMS && a.primed {
			return a.blame(c, i)
		}
		price := bid
		switch a.Side {
		case vendors.Mid:
			price = (bid + ask) / 2
		case vendors.AskSide:
			price = ask
		}
		if a.lastMS = ms; ms >= now.endMS || !a.primed {
			a.begin(ms, price)
		}
		now.high, now.low, now.last = max(now.high, price), min(now.low, price), price
		now.bid, now.ask = bid, ask
	}
	return nil
}

// begin finishes the candle in the making and opens the one of a tick.
func (a *Aggregator) begin(ms int64, price float64) {
	if a.primed {
		a.finish()
	}
	a.primed = true
	into := ms % int64(a.Interval)
	if into < 0 { // before 1970
		into += int64(a.Interval)
	}
	a.now = candle{fromMS: ms - into, endMS: ms - into + int64(a.Interval), first: price, high: price, low: price}
}

// finish appends the candle in the making to the output.
func (a *Aggregator) finish() {
	o, now := &a.out, &a.now
	o.Time = append(o.Time, now.fromMS)
	o.Open = append(o.Open, now.first)
	o.High = append(o.High, now.high)
	o.Low = append(o.Low, now.low)
	o.Close = append(o.Close, now.last)
	switch {
	case a.Kind == vendors.Quotes:
		o.Bid, o.Ask = append(o.Bid, now.bid), append(o.Ask, now.ask)
	case a.sized:
		o.Volume = append(o.Volume, now.volume)
	}
}

// clear empties the output and keeps its memory.
func (a *Aggregator) clear() {
	o := &a.out
	o.Time, o.Open, o.High, o.Low, o.Close = o.Time[:0], o.Open[:0], o.High[:0], o.Low[:0], o.Close[:0]
	o.Volume, o.Bid, o.Ask = o.Volume[:0], o.Bid[:0], o.Ask[:0]
}

// blame returns the refusal of row i of a chunk.
func (a *Aggregator) blame(c vendors.Chunk, i int) error {
	r := &datasets.Refusal{File: a.File, Row: a.rows + int64(i) + 1, Remedy: "repair the line or remove it"}
	if c.Line > 0 {
		r.Line = c.Line + int64(i)
	}
	if ms := c.Time[i]; a.primed && ms < a.lastMS {
		r.Problem, r.Remedy = datasets.ErrUnsorted, "sort the file by time"
		r.Found, r.Expected = clock(ms)+" after "+clock(a.lastMS), "ascending times"
		return r
	}
	var what string
	var x float64
	switch {
	case a.Kind == vendors.Quotes && !price(c.Bid[i]):
		what, x = "bid", c.Bid[i]
	case a.Kind == vendors.Quotes:
		what, x = "ask", c.Ask[i]
	case price(c.Close[i]):
		r.Problem, r.Found, r.Expected = datasets.ErrVolume, fmt.Sprintf("the size %v", c.Volume[i]), "0 or more"
		return r
	default:
		what, x = "price", c.Close[i]
	}
	r.Problem, r.Found, r.Expected = datasets.ErrNotPositive, fmt.Sprintf("the %s %v", what, x), "a finite price above 0"
	return r
}

func price(x float64) bool { return x > 0 && x <= math.MaxFloat64/2 }

// clock writes an instant as refusals show it.
func clock(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }
