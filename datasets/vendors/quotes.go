package vendors

import (
	"slices"
)

// quoteTables lists the tables of quotes: rows of a time, a bid and an ask.
func quoteTables() []format {
	return []format{
		table{"mt5-ticks", "MetaTrader 5 ticks", metaTraderTicks},
		table{"dukascopy-ticks", "Dukascopy ticks", dukascopyTicks},
		table{"histdata-ticks", "HistData ticks", histDataTicks},
		table{"truefx", "TrueFX ticks", trueFX},
		table{quotesName, "quotes", namedQuotes},
	}
}

// quotes says where the time, the bid and the ask are.
func (p *plan) quotes(time, bid, ask int) {
	p.time.column = time
	p.index[bidAt], p.index[askAt] = bid, ask
}

// metaTraderTicks knows the terminal's export of ticks, in which a blank field is
// one that did not change. Its clock is the broker's.
func metaTraderTicks(t table, s *sheet, o Options) (*plan, error) {
	names := s.names()
	if len(names) < 4 || !slices.Equal(names[:4], []string{"date", "time", "bid", "ask"}) {
		return nil, nil
	}
	p := newTicks(t, s, o, Quotes)
	p.quotes(0, 2, 3)
	p.time.second = 1
	p.keeps = true
	p.note("a blank bid or ask is the last one; rows before both are known are left out")
	return p.finish(s, o, nil, "")
}

// dukascopyTicks knows the exports of ticks of the vendor's site and of the
// downloader dukascopy-node.
func dukascopyTicks(t table, s *sheet, o Options) (*plan, error) {
	names := s.names()
	if len(names) < 3 || !slices.ContainsFunc([][]string{{"gmt_time", "ask", "bid"}, {"local_time", "ask", "bid"}, {"utc", "ask", "bid"},
		{"timestamp", "askprice", "bidprice"}}, func(known []string) bool { return slices.Equal(names[:3], known) }) {
		return nil, nil
	}
	p := newTicks(t, s, o, Quotes)
	p.quotes(0, 2, 1)
	var own clock
	if names[0] == "gmt_time" || names[0] == "utc" {
		own = universal{}
	}
	return p.finish(s, o, own, "UTC")
}

// histDataTickTime is how the vendor writes the times of ticks.
const histDataTickTime = "%Y%m%d %H%M%S%f"

// histDataTicks knows the vendor's ASCII ticks: 20250102 170000123,bid,ask,0, by the
// name that it gives them, or by a volume that is always 0.
func histDataTicks(t table, s *sheet, o Options) (*plan, error) {
	format := layoutOf(histDataTickTime)
	if s.header != nil || s.width != 4 || !s.mostly(0, func(v string) bool {
		_, _, ok := format.Parse([]byte(v))
		return ok && len(v) == len("20250102 170000123")
	}) {
		return nil, nil
	}
	if !s.named("DAT_ASCII_") && o.Format != t.id && !s.allZero(3) {
		return nil, nil
	}
	p := newTicks(t, s, o, Quotes)
	p.quotes(0, 1, 2)
	if err := p.withoutVolume(s, 3, ticksRemedy); err != nil {
		return nil, err
	}
	if o.TimeFormat == nil {
		o.TimeFormat = &format
	}
	return p.finish(s, o, newHistDataClock(), histDataClockName)
}

// trueFX knows the vendor's months of ticks: EUR/USD,20250102 00:00:00.123,bid,ask.
func trueFX(t table, s *sheet, o Options) (*plan, error) {
	if s.header != nil || s.width != 4 || !s.mostly(0, func(v string) bool { return len(v) == 7 && v[3] == '/' }) ||
		!s.mostly(1, func(v string) bool { return len(v) > 17 && v[8] == ' ' && v[11] == ':' }) {
		return nil, nil
	}
	p := newTicks(t, s, o, Quotes)
	p.quotes(1, 2, 3)
	p.symbols(s, o, 0)
	return p.finish(s, o, universal{}, "UTC")
}

// namedQuotes knows any table whose header names a bid and an ask and no candle;
// with stated columns, time, bid and ask.
func namedQuotes(t table, s *sheet, o Options) (*plan, error) {
	p := newTicks(t, s, o, Quotes)
	pick := s.picker()
	if o.Columns != nil {
		if err := p.mapped(s, o); err != nil {
			return nil, err
		}
		if p.time.column < 0 || p.index[bidAt] < 0 || p.index[askAt] < 0 {
			return nil, p.incomplete(s)
		}
		p.index = [columnCount]int{-1, -1, -1, -1, -1, p.index[bidAt], p.index[askAt]}
		p.both = false
		return p.finish(s, o, nil, "")
	}
	time := pick("time timestamp ts exchange_timestamp datetime date_time date unix unixtime local_time")
	bid, ask := pick("bid bid_price bidprice best_bid best_bid_price bid_1"), pick("ask ask_price askprice best_ask best_ask_price ask_1 offer")
	if s.header == nil || time < 0 || bid < 0 || ask < 0 || pick("open o high h low l close c") >= 0 {
		return nil, nil
	}
	p.quotes(time, bid, ask)
	if i := pick("symbol ticker pair instrument market"); i >= 0 {
		p.symbols(s, o, i)
	}
	p.note("bid is column %s, ask %s", quoted(s.header[bid]), quoted(s.header[ask]))
	return p.finish(s, o, nil, "")
}

// keep is the value of a field that may be empty: the last one of its column.
func (rd *rowReader) keep(t target, x float64, ok bool, fields [][]byte) (float64, bool) {
	if !ok && len(fields[t.field]) == 0 {
		return rd.last[t.column], true
	}
	rd.last[t.column] = x
	return x, ok
}

// dropUnknown forgets the row just appended if a value is not known yet.
func (rd *rowReader) dropUnknown() {
	for _, t := range rd.targets {
		if rd.last[t.column] != 0 {
			continue
		}
		n := len(rd.time) - 1
		rd.time = rd.time[:n]
		for _, t := range rd.targets {
			rd.cols[t.column] = rd.cols[t.column][:n]
		}
		rd.leftOut++
		return
	}
}
