package vendors

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
)

// tradesName and quotesName are the formats of ticks of no vendor in particular.
const (
	tradesName = "trades"
	quotesName = "quotes"
)

// tradeTables lists the tables of trades: rows of a time, a price and a size.
func tradeTables() []format {
	return []format{
		table{"binance-trades", "Binance trades", binanceTrades},
		table{tradesName, "trades", namedTrades},
		table{"kraken-trades", "Kraken trades", krakenTrades},
	}
}

// newTicks begins a plan for ticks of a kind.
func newTicks(t table, s *sheet, o Options, kind Kind) *plan {
	p := newPlan(s, o, t.id, t.title)
	p.Kind, p.time.ticks = kind, true
	p.note("digits of times below a millisecond are cut off")
	return p
}

// trades says where the time, the price and the size are.
func (p *plan) trades(time, price, size int) {
	p.time.column = time
	p.index[closeAt], p.index[volumeAt] = price, size
}

// binanceTrades knows the archives of trades and of aggregate trades: of the spot
// market without a header, of the futures with one since 2022.
func binanceTrades(t table, s *sheet, o Options) (*plan, error) {
	names := s.names()
	time, size := -1, 2
	switch {
	case s.header != nil:
		time = max(slices.Index(names, "transact_time"), slices.Index(names, "time"))
		if names[0] != "id" && names[0] != "agg_trade_id" || len(names) < 6 || names[1] != "price" || !slices.Contains(names, "is_buyer_maker") {
			return nil, nil
		}
	case s.width == 6 && s.flags(5), s.width == 7 && s.flags(5) && s.flags(6):
		time = 4 // id, price, qty, quote qty, time, is buyer maker, is best match
	case s.width == 7 && s.flags(6), s.width == 8 && s.flags(6) && s.flags(7):
		time = 5 // id, price, qty, first id, last id, time, is buyer maker, is best match
	}
	if time < 0 || !s.numeric(1) || !s.numeric(2) {
		return nil, nil
	}
	p := newTicks(t, s, o, Trades)
	p.trades(time, 1, size)
	p, err := p.finish(s, o, nil, "")
	if err == nil && (p.time.epoch == epochMillis || p.time.epoch == epochMicros) {
		p.time.epoch = epochMixed // the spot market's times are in microseconds since 2025
	}
	return p, err
}

// flags reports whether all sampled values of a column are true or false.
func (s *sheet) flags(i int) bool {
	return len(s.rows) > 0 && !slices.ContainsFunc(s.column(i), func(v string) bool {
		return !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false")
	})
}

// namedTrades knows any table whose header names a price and no candle; with
// stated columns, time, close (the price) and volume (the size).
func namedTrades(t table, s *sheet, o Options) (*plan, error) {
	p := newTicks(t, s, o, Trades)
	pick := s.picker()
	if o.Columns != nil {
		p.trades(-1, -1, -1)
		if err := p.mapped(s, o); err != nil {
			return nil, err
		}
		if p.time.column < 0 || p.index[closeAt] < 0 {
			return nil, p.incomplete(s)
		}
		p.index = [columnCount]int{-1, -1, -1, p.index[closeAt], p.index[volumeAt], -1, -1}
		return p.finish(s, o, nil, "")
	}
	time := pick("time timestamp ts trade_time transact_time exchange_timestamp datetime date_time date unix unixtime local_time")
	price := pick("price trade_price p last")
	size := pick("size qty quantity amount volume trade_size vol q")
	if s.header == nil || time < 0 || price < 0 || size < 0 || pick("open o high h low l bid ask") >= 0 {
		return nil, nil
	}
	p.trades(time, price, size)
	if i := pick("symbol ticker pair instrument market"); i >= 0 {
		p.symbols(s, o, i)
	}
	p.note("price is column %s, size %s", quoted(s.header[price]), quoted(s.header[size]))
	return p.finish(s, o, nil, "")
}

// krakenTrades knows the archives of time, price, volume without a header. Times
// that are all on the minute are candles of which only the close is known.
func krakenTrades(t table, s *sheet, o Options) (*plan, error) {
	if s.header != nil || s.width != 3 || !s.numeric(0) || !s.numeric(1) || !s.numeric(2) {
		return nil, nil
	}
	p := newTicks(t, s, o, Trades)
	p.trades(0, 1, 2)
	p, err := p.finish(s, o, nil, "")
	if err != nil || p.time.epoch != epochSeconds || s.mostly(0, onTheMinute) {
		return nil, err
	}
	return p, nil
}

// onTheMinute reports whether a number of seconds is a whole number of minutes.
func onTheMinute(v string) bool {
	ms, ok := epochSeconds.millis([]byte(v))
	return ok && ms%int64(datasets.Minute) == 0
}

// cutToMillis makes 0 of a time's digits below a millisecond, in place: those of a
// long number, and those of a fraction behind seconds.
func cutToMillis(b []byte) {
	dot := bytes.LastIndexByte(b, '.')
	if dot < 0 {
		if digitsOf(b) == len(b) && len(b) >= 15 {
			below := 3 // microseconds
			if len(b) >= 18 {
				below = 6
			}
			zero(b[len(b)-below:])
		}
		return
	}
	behindSeconds := dot >= 3 && b[dot-3] == ':' || digitsOf(b) == dot
	if fraction := b[dot+1:]; behindSeconds && digitsOf(fraction) > 3 {
		zero(fraction[3:digitsOf(fraction)])
	}
}

// digitsOf counts the digits that b begins with.
func digitsOf(b []byte) int {
	n := 0
	for n < len(b) && '0' <= b[n] && b[n] <= '9' {
		n++
	}
	return n
}

func zero(digits []byte) {
	for i := range digits {
		digits[i] = '0'
	}
}

// magnitudes drops the signs of sizes: some sources write sales as negative.
func magnitudes(sizes []float64) {
	for i, x := range sizes {
		sizes[i] = math.Abs(x)
	}
}

// picker finds the first column of a header that has one of the usual names,
// which blanks part; -1 if none has.
func (s *sheet) picker() func(usual string) int {
	names := s.names()
	return func(usual string) int {
		for _, name := range strings.Fields(usual) {
			if i := slices.Index(names, name); i >= 0 {
				return i
			}
		}
		return -1
	}
}
