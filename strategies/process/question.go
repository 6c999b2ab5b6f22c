package process

import (
	"bytes"
	"math"
	"strconv"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// candlesMax bounds the candles of one message.
const candlesMax = 1 << 14

// question writes what the program is to decide on: the candles that it has not
// seen yet, and the account. Where the candles are many, tell sends messages
// with the first of them ahead, one at a time: no more than one is ever held.
func (s *session) question(c *sim.Context, tell func(message []byte) error) ([]byte, error) {
	waiting := 0
	for _, f := range s.feeds {
		waiting += f.feed.Candles().Len() - f.sent
	}
	for ; waiting > candlesMax; waiting -= candlesMax {
		s.open("candles", c.NowMS())
		if err := s.candles(candlesMax); err != nil {
			return nil, err
		}
		if err := tell(s.out.b); err != nil {
			return nil, err
		}
	}
	s.open("decide", c.NowMS())
	s.account(c)
	if err := s.candles(waiting); err != nil {
		return nil, err
	}
	return s.out.b, nil
}

// farewell writes the end of the run.
func (s *session) farewell(c *sim.Context) []byte {
	s.open("end", c.NowMS())
	s.out.text("reason", "finished")
	s.account(c)
	s.out.line()
	return s.out.b
}

// open begins a message in place of the last one.
func (s *session) open(kind string, nowMS int64) {
	s.out.b = s.out.b[:0]
	s.out.begin('{')
	s.out.text("type", kind)
	s.out.int("now_ms", nowMS)
}

// candles writes up to most candles that were not sent yet, and ends the
// message.
func (s *session) candles(most int) error {
	o, parts := &s.out, []*market.Series(nil)
	at, from := o.list("candles")
	for _, f := range s.feeds {
		all := f.feed.Candles()
		n := min(most, all.Len()-f.sent)
		if n == 0 {
			continue
		}
		o.begin('{')
		o.text("pair", f.feed.Pair())
		o.int("interval_ms", all.IntervalMS())
		if s.ready.arrow {
			o.int("rows", int64(n))
			parts = append(parts, s.ready.columns.series(all, f.sent, f.sent+n))
		} else {
			o.columns(s.ready.columns, all, f.sent, f.sent+n)
		}
		o.end('}')
		f.sent, most = f.sent+n, most-n
	}
	o.endList(at, from)
	if len(parts) == 0 {
		o.line()
		return nil
	}
	var stream bytes.Buffer
	if err := datasets.EncodeArrow(&stream, s.ready.columns.prices, parts...); err != nil {
		return err
	}
	o.int("arrow", int64(stream.Len()))
	o.line()
	o.b = append(o.b, stream.Bytes()...)
	return nil
}

// columns writes the candles [i, j) as columns.
func (o *object) columns(want columns, c sim.Candles, i, j int) {
	if want.time {
		o.key("time")
		o.b = append(appendTimes(o.b, c.Time()[i:j]), ',')
	}
	for _, of := range priceColumns() {
		if want.prices&of.bit == 0 {
			continue
		}
		if values := columnOf(c, of.bit); values != nil {
			o.key(of.name)
			o.b = append(appendNumbers(o.b, values[i:j]), ',')
		}
	}
}

// series is the wanted columns of the candles [i, j).
func (s columns) series(c sim.Candles, i, j int) *market.Series {
	col := func(of datasets.Columns) []float64 {
		if values := columnOf(c, of); values != nil && s.prices&of != 0 {
			return values[i:j]
		}
		return nil
	}
	return &market.Series{
		IntervalMS: c.IntervalMS(), Time: c.Time()[i:j],
		Open: col(datasets.Open), High: col(datasets.High), Low: col(datasets.Low), Close: col(datasets.Close),
		Volume: col(datasets.Volume), Bid: col(datasets.Bid), Ask: col(datasets.Ask),
	}
}

// account writes what the program wants beside candles.
func (s *session) account(c *sim.Context) {
	want, o := &s.ready.wants, &s.out
	s.news()
	if want.positions {
		s.each("positions", o.position)
	}
	if want.pending {
		s.each("pending", func(f *sim.Feed) { o.pending(c, f) })
	}
	if want.sessions {
		s.each("closed", func(f *sim.Feed) {
			if !f.Open() {
				o.b = append(strconv.AppendQuote(o.b, f.Pair()), ',')
			}
		})
	}
	if want.portfolio {
		o.portfolio(c.Portfolio())
	}
	if want.room {
		s.each("room", func(f *sim.Feed) { o.room(f.Pair(), c.Room(f.Pair())) })
	}
	if want.carry {
		s.each("carry", func(f *sim.Feed) { o.carry(f.Pair(), f.Carry()) })
	}
}

// each writes a list with whatever each pair of the run adds to it.
func (s *session) each(name string, write func(*sim.Feed)) {
	at, from := s.out.list(name)
	for _, f := range s.run {
		write(f)
	}
	s.out.endList(at, from)
}

// news writes what became of orders since the last message.
func (s *session) news() {
	at, from := s.out.list("outcomes")
	s.out.b = append(s.out.b, s.outcomes.b...)
	s.out.endList(at, from)
	s.outcomes.b = s.outcomes.b[:0]
}

func (o *object) outcome(id sim.OrderID, r *sim.OrderRecord) {
	o.begin('{')
	o.int("id", int64(id))
	o.order(&r.Order)
	if r.UUID != "" {
		o.text("uuid", r.UUID)
	}
	o.int("emitted_ms", r.EmittedMS)
	if r.Filled() {
		o.int("filled_ms", r.FilledMS)
		o.number("effective_leverage", r.EffectiveLeverage)
		o.number("price", r.FillPrice)
		o.number("slippage", r.FillSlippage)
	}
	o.text("outcome", string(r.Outcome))
	if r.Reason != "" {
		o.text("reason", string(r.Reason))
	}
	o.end('}')
}

func (o *object) order(order *sim.Order) {
	o.text("pair", order.Pair)
	o.text("order_type", order.Type.String())
	o.number("leverage", order.Leverage)
}

func (o *object) position(f *sim.Feed) {
	p, open := f.Position()
	if !open {
		return
	}
	o.begin('{')
	o.text("pair", f.Pair())
	o.int("open_ms", p.OpenMS)
	o.number("net_leverage", p.NetLeverage)
	o.number("average_entry_price", p.AverageEntryPrice)
	o.number("return", p.Return)
	o.end('}')
}

func (o *object) pending(c *sim.Context, f *sim.Feed) {
	if !f.Pending() {
		return
	}
	for _, order := range c.Pending(f.Pair()) {
		o.begin('{')
		o.order(&order)
		o.end('}')
	}
}

func (o *object) portfolio(v sim.PortfolioView) {
	o.key("portfolio")
	o.begin('{')
	o.number("value", v.Value)
	o.number("peak", v.Peak)
	o.number("drawdown", v.Drawdown)
	o.number("drawdown_now", v.DrawdownNow)
	o.number("drawdown_limit", v.DrawdownLimit)
	o.number("floor", v.Floor)
	o.number("leverage", v.Leverage)
	o.number("leverage_max", v.LeverageMax)
	o.int("open_positions", int64(v.OpenPositions))
	o.bool("eliminated", v.Eliminated)
	if v.ChallengeEndMS != 0 {
		o.int("challenge_end_ms", v.ChallengeEndMS)
	}
	o.end('}')
}

func (o *object) room(pair string, r sim.Room) {
	o.begin('{')
	o.text("pair", pair)
	o.number("leverage", r.Leverage)
	o.number("portfolio", r.Portfolio)
	o.int("requests", int64(r.Requests))
	if r.Orders != math.MaxInt {
		o.int("orders", int64(r.Orders))
	}
	o.int("cooldown_ms", r.CooldownMS)
	o.end('}')
}

func (o *object) carry(pair string, v sim.CarryView) {
	o.begin('{')
	o.text("pair", pair)
	o.int("next_ms", v.NextMS)
	o.int("multiple", int64(v.Multiple))
	o.number("charge", v.Charge)
	o.end('}')
}
