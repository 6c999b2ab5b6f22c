package vendors

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// table is a vendor's format of delimited text.
type table struct {
	id, title string

	// match plans how to read a sheet of this format; nil if it is of another. An
	// error is the refusal of one that is, but can't be taken.
	match func(t table, s *sheet, o Options) (*plan, error)
}

// candleTables lists the vendors' tables, the surest first.
func candleTables() []format {
	return []format{
		table{"binance", "Binance klines", binance},
		table{"histdata", "HistData minutes", histData},
		table{"dukascopy", "Dukascopy candles", dukascopy},
		table{"mt5", "MetaTrader 5 export", metaTrader5},
		table{"mt4", "MetaTrader 4 export", metaTrader4},
		table{"polygon", "Polygon flat file", polygon},
		table{"databento", "Databento OHLCV", databento},
		table{"cryptodatadownload", "CryptoDataDownload candles", cryptoDataDownload},
		table{"yahoo", "Yahoo Finance history", yahoo},
		table{"stooq", "Stooq history", stooq},
		table{"kraken", "Kraken OHLCVT", kraken},
		table{"bitfinex", "Bitfinex candles", bitfinex},
	}
}

func (t table) name() string { return t.id }

// detect implements format. Who maps the columns describes a table of their own,
// unless they name the vendor too.
func (t table) detect(h *head, o Options) (Description, bool, error) {
	p, err := t.plan(h, o)
	if p == nil || err != nil {
		return Description{}, false, err
	}
	return p.Description, true, nil
}

func (t table) plan(h *head, o Options) (*plan, error) {
	if t.id != anyTableName && (o.Columns != nil || o.Header != DetectHeader || o.TimeFormat != nil) && o.Format == "" {
		return nil, nil
	}
	s := h.sheet(o)
	if s == nil {
		return nil, nil
	}
	if o.Columns != nil && t.id != anyTableName && t.id != tradesName && t.id != quotesName {
		return nil, &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrNoColumn, Found: "a mapping of columns for the format " + t.id,
			Expected: "none, since that format has its own", Remedy: "leave out --columns, or give --vendor csv, trades or quotes"}
	}
	return t.match(t, s, o)
}

// read implements format.
func (t table) read(ctx context.Context, in Input, _ Description, o Options, take func(Chunk) bool) error {
	h, err := in.head()
	if err != nil {
		return err
	}
	p, err := t.plan(h, o)
	if err != nil {
		return err
	}
	if p == nil {
		return fmt.Errorf("%s: changed while it was read", in)
	}
	return readRows(ctx, in, p, take)
}

// binance knows kline archives: twelve columns, of the spot market without a
// header until now, of the futures with one since 2022; times in microseconds on
// the spot market since 2025.
func binance(t table, s *sheet, o Options) (*plan, error) {
	names := s.names()
	named := len(names) == 12 && names[0] == "open_time" && names[1] == "open" && names[6] == "close_time"
	if s.width != 12 || s.header != nil && !named || len(s.rows) == 0 {
		return nil, nil
	}
	if !named {
		for i := range s.width {
			if !s.numeric(i) {
				return nil, nil
			}
		}
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(0, 1, 2, 3, 4, 5)
	if named {
		p.note("with header")
	}
	p, err := p.finish(s, o, nil, "")
	if err != nil {
		return nil, err
	}
	switch p.time.epoch {
	case epochMillis, epochMicros, epochMixed:
		p.time.epoch = epochMixed // files that were joined across the change
	default:
		if !named {
			return nil, nil
		}
	}
	return p, p.intervalByEnd(s, o)
}

// intervalByEnd takes the interval from the rows' close time, which is one tick
// of the clock before the next candle.
func (p *plan) intervalByEnd(s *sheet, o Options) error {
	if p.time.epoch != epochMixed {
		return nil
	}
	var found datasets.Interval
	for i, row := range s.rows {
		if len(row) != s.width {
			continue
		}
		open, ok1 := text.Int([]byte(row[0]))
		end, ok2 := text.Int([]byte(row[6]))
		if !ok1 || !ok2 {
			continue
		}
		length := end + 1 - open
		if unitOf(open) == epochMicros {
			length /= 1000
		}
		switch {
		case length <= 0:
			return &datasets.Refusal{File: s.in.String(), Line: s.lines[i], Problem: datasets.ErrSyntax,
				Found: fmt.Sprintf("a close time of %s before the open time %s", row[6], row[0]), Expected: "a close time after it", Remedy: "download the file again"}
		case found == 0:
			found = datasets.Interval(length)
		case found != datasets.Interval(length):
			return nil // months
		}
	}
	if _, err := datasets.ParseInterval(found.String()); err != nil || found == 0 || o.Interval != 0 {
		return nil
	}
	if p.Interval != 0 && p.Interval != found {
		return &datasets.Refusal{File: s.in.String(), Problem: datasets.ErrInterval,
			Found: fmt.Sprintf("candles of %s in a file whose name says %s", found, p.Interval), Expected: "one interval", Remedy: "name the file rightly, or state --interval"}
	}
	p.Interval = found
	p.Notes = slices.DeleteFunc(p.Notes, func(n string) bool { return strings.HasPrefix(n, "interval ") })
	p.note("interval %s by the close times", found)
	return nil
}

// histData knows the vendor's ASCII minutes: 20250302 170000;o;h;l;c;0, by the name
// that it gives them, or by a volume that is always 0 and steps of a minute.
func histData(t table, s *sheet, o Options) (*plan, error) {
	if s.header != nil || s.separator != ';' || s.width != 6 {
		return nil, nil
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(0, 1, 2, 3, 4, -1)
	layout := layoutOf("20060102 150405")
	if !s.mostly(0, func(v string) bool { _, _, ok := layout.Parse([]byte(v)); return ok }) {
		return nil, nil
	}
	known := s.named("DAT_ASCII_") || o.Format == t.id
	if !known && (!s.allZero(5) || !s.everyMinute(layout)) {
		return nil, nil // other platforms' exports have the same layout, and another clock
	}
	if err := p.withoutVolume(s, 5, csvRemedy); err != nil {
		return nil, err
	}
	if p.Interval == 0 {
		p.Interval = datasets.Minute
	}
	return p.finish(s, o, newHistDataClock(), histDataClockName)
}

// dukascopy knows the exports of the vendor's site, whose first column is "Gmt
// time" or "Local time", and of the downloader dukascopy-node.
func dukascopy(t table, s *sheet, o Options) (*plan, error) {
	site := s.hasHeader("gmt_time", "open", "high", "low", "close", "volume") || s.hasHeader("local_time", "open", "high", "low", "close", "volume") ||
		s.hasHeader("utc", "open", "high", "low", "close", "volume")
	stem := strings.ToLower(s.in.stem())
	node := (s.hasHeader("timestamp", "open", "high", "low", "close", "volume") || s.hasHeader("timestamp", "open", "high", "low", "close")) &&
		(strings.Contains(stem, "-bid-") || strings.Contains(stem, "-ask-"))
	if !site && !node {
		return nil, nil
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(0, 1, 2, 3, 4, 5)
	if s.width == 5 {
		p.index[volumeAt] = -1
	} else {
		p.note("the volume is in millions of the base: for lots of 100,000 of forex state --volume-scale 10")
	}
	p.duration(stem)
	var own clock
	if names := s.names(); names[0] == "gmt_time" || names[0] == "utc" {
		own = universal{}
	}
	return p.finish(s, o, own, "UTC")
}

// duration takes the interval from the names of the vendor's site:
// EURUSD_Candlestick_15_M_BID_01.01.2025-31.01.2025.
func (p *plan) duration(stem string) {
	words := strings.Split(stem, "_")
	i := slices.Index(words, "candlestick")
	if p.Interval != 0 || i < 0 || i+2 >= len(words) {
		return
	}
	number := words[i+1]
	if _, err := strconv.Atoi(number); err != nil {
		return
	}
	if v := intervalOf(number + words[i+2]); v != 0 {
		p.Interval = v
		p.note("interval %s by the file's name", v)
	}
}

// polygon knows the flat files of aggregates, in which many tickers follow each
// other.
func polygon(t table, s *sheet, o Options) (*plan, error) {
	if !s.hasHeader("ticker", "volume", "open", "close", "high", "low", "window_start", "transactions") {
		return nil, nil
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(6, 2, 4, 5, 3, 1)
	p.symbols(s, o, 0)
	return p.finish(s, o, nil, "")
}

// symbols says which column names the symbol, and which there are.
func (p *plan) symbols(s *sheet, o Options, column int) {
	p.symbolColumn, p.wanted = column, o.Symbol
	all := s.column(column)
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) == 1 && (o.Symbol == "" || o.Symbol == all[0]) {
		p.Symbol = all[0]
		return
	}
	p.Symbols = all
	for i := range all {
		all[i] = printable(all[i])
	}
}

// databento knows the vendor's CSV of OHLCV records, prices plain or as integers
// of a billionth.
func databento(t table, s *sheet, o Options) (*plan, error) {
	names := s.names()
	at := func(name string) int { return slices.Index(names, name) }
	if at("ts_event") < 0 || at("rtype") < 0 || at("open") < 0 || at("high") < 0 || at("low") < 0 || at("close") < 0 || len(s.rows) == 0 {
		return nil, nil
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(at("ts_event"), at("open"), at("high"), at("low"), at("close"), at("volume"))
	if i := at("symbol"); i >= 0 {
		p.symbols(s, o, i)
	} else if i := at("instrument_id"); i >= 0 {
		p.symbols(s, o, i)
	}
	if o.PriceScale == 0 && !slices.ContainsFunc(s.column(at("close")), func(v string) bool { _, ok := text.Int([]byte(v)); return !ok && !unknownNumber(v) }) {
		p.price = newScaler(1e-9)
		p.note("prices are integers of a billionth")
	}
	if types := s.column(at("rtype")); p.Interval == 0 && len(types) > 0 {
		p.Interval = databentoInterval(types[0])
	}
	return p.finish(s, o, nil, "")
}

// databentoInterval is the interval of a record type.
func databentoInterval(rtype string) datasets.Interval {
	switch rtype {
	case "32", "ohlcv-1s":
		return datasets.Second
	case "33", "ohlcv-1m":
		return datasets.Minute
	case "34", "ohlcv-1h":
		return datasets.Hour
	case "35", "ohlcv-1d":
		return datasets.Day
	}
	return 0
}

// cryptoDataDownload knows the site's candles of many exchanges: a link in the
// first line, newest first, the volume in both currencies.
func cryptoDataDownload(t table, s *sheet, o Options) (*plan, error) {
	names := s.names()
	at := func(name string) int { return slices.Index(names, name) }
	time := max(at("unix"), at("unix_timestamp"))
	if time < 0 || at("date") < 0 || at("symbol") < 0 || at("open") < 0 || at("high") < 0 || at("low") < 0 || at("close") < 0 {
		return nil, nil
	}
	isVolume := func(name string) bool { return strings.HasPrefix(name, "volume") }
	volume := slices.IndexFunc(names, isVolume) // that of the coin comes first
	p := newPlan(s, o, t.id, t.title)
	p.assign(time, at("open"), at("high"), at("low"), at("close"), volume)
	p.symbols(s, o, at("symbol"))
	if volume >= 0 && slices.ContainsFunc(names[volume+1:], isVolume) {
		p.note("of the volumes, %s is taken", quoted(s.header[volume]))
	}
	p, err := p.finish(s, o, nil, "")
	if err == nil && (p.time.epoch == epochSeconds || p.time.epoch == epochMillis) {
		p.time.epoch = epochMixed // the site changed from milliseconds to seconds and back within files
	}
	return p, err
}

// yahoo knows the daily history with its adjusted close, which no one could have
// traded at.
func yahoo(t table, s *sheet, o Options) (*plan, error) {
	if !s.hasHeader("date", "open", "high", "low", "close", "adj_close", "volume") {
		return nil, nil
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(0, 1, 2, 3, 4, 6)
	p.note("the adjusted close is left out")
	return p.finish(s, o, nil, "")
}

// stooq knows the site's bulk files: <TICKER>,<PER>,<DATE>,<TIME>,….
func stooq(t table, s *sheet, o Options) (*plan, error) {
	if !s.hasHeader("ticker", "per", "date", "time", "open", "high", "low", "close", "vol", "openint") {
		return nil, nil
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(2, 4, 5, 6, 7, 8)
	p.time.second = 3
	p.symbols(s, o, 0)
	if per := s.column(1); len(per) > 0 && p.Interval == 0 {
		p.Interval = intervalOf(per[0] + "m")
		if per[0] == "D" {
			p.Interval = datasets.Day
		}
	}
	if p.Interval == datasets.Day {
		p.time.second = -1 // a time of day that is always 0
	}
	return p.finish(s, o, nil, "")
}

// kraken knows the exchange's OHLCVT archive: seconds,o,h,l,c,volume,trades, no
// header, PAIR_minutes.csv, and no row for a candle in which nothing traded.
func kraken(t table, s *sheet, o Options) (*plan, error) {
	if s.header != nil || s.separator != ',' || s.width != 7 && s.width != 8 || !s.whollyNumeric() {
		return nil, nil
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(0, 1, 2, 3, 4, s.width-2)
	if unit, ok := s.epoch(0); !ok || unit != epochSeconds || !s.integers(s.width-1) {
		return nil, nil
	}
	if s.width == 8 {
		p.note("the sixth column is taken as the volume-weighted price, and left out")
	}
	if order := s.orders(0); !slices.Contains(order, "open,high,low,close") {
		return nil, nil
	}
	p.krakenName(s, o)
	p.note("no row where nothing traded")
	return p.finish(s, o, nil, "")
}

// krakenName takes symbol and minutes from XBTUSD_1.csv.
func (p *plan) krakenName(s *sheet, o Options) {
	symbol, minutes, ok := strings.Cut(s.in.stem(), "_")
	n, err := strconv.Atoi(minutes)
	if !ok || err != nil || n < 1 || n > 44640 {
		return
	}
	if p.Symbol == "" {
		p.Symbol = symbol
	}
	if p.Interval == 0 {
		p.Interval = datasets.Interval(n) * datasets.Minute
		p.note("interval %s by the file's name", p.Interval)
	}
}

// bitfinex knows ms,open,CLOSE,HIGH,LOW,volume without a header. Only the prices
// tell it from the usual order.
func bitfinex(t table, s *sheet, o Options) (*plan, error) {
	if s.header != nil || s.separator != ',' || s.width != 6 || !s.whollyNumeric() {
		return nil, nil
	}
	if unit, ok := s.epoch(0); !ok || unit != epochMillis {
		return nil, nil
	}
	if orders := s.orders(0); len(orders) != 1 || orders[0] != "open,close,high,low" {
		if o.Format != t.id || !slices.Contains(orders, "open,close,high,low") {
			return nil, nil
		}
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(0, 1, 3, 4, 2, 5)
	p.note("columns in the order open, close, high, low: only so every high is the highest and every low the lowest")
	p.note("no row where nothing traded")
	return p.finish(s, o, nil, "")
}

// whollyNumeric reports whether every sampled field is a number.
func (s *sheet) whollyNumeric() bool {
	for i := range s.width {
		if !s.numeric(i) {
			return false
		}
	}
	return true
}

// epoch finds the unit of a column of times that are numbers.
func (s *sheet) epoch(column int) (epochUnit, bool) {
	var probe stamp
	values := s.column(column)
	ok := len(values) > 0 && probe.sniffEpoch(values)
	return probe.epoch, ok
}

// priceOrders are the orders of four price columns that vendors have.
func priceOrders() []string {
	return []string{"open,high,low,close", "open,close,high,low", "low,high,open,close"}
}

// orders lists the orders of the four columns behind the time in which the low is
// the lowest and the high the highest: those that the most sampled rows have, and
// nine of ten at least.
func (s *sheet) orders(time int) []string {
	var fit []string
	most := len(s.rows)*9/10 + 1
	for _, order := range priceOrders() {
		names := strings.Split(order, ",")
		at := func(name string) int { return time + 1 + slices.Index(names, name) }
		n := 0
		for _, row := range s.rows {
			if len(row) < time+5 {
				continue
			}
			open, high, low, cl := number(row[at("open")]), number(row[at("high")]), number(row[at("low")]), number(row[at("close")])
			if low <= open && low <= cl && open <= high && cl <= high {
				n++
			}
		}
		switch {
		case n > most || n == most && len(fit) == 0:
			fit, most = []string{order}, n
		case n == most:
			fit = append(fit, order)
		}
	}
	return fit
}

func number(s string) float64 {
	x, _ := text.Float([]byte(strings.Replace(s, ",", ".", 1))) // the reader decides on commas
	return x
}
