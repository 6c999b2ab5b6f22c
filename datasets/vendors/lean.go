package vendors

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// lean is the format of LEAN's data folder: zip archives of one CSV each, without
// header. Ticks, seconds and minutes have a file a day, whose name is their date,
// and times in milliseconds since midnight; hours and days have one file.
//
// A candle of quotes is of the mid of bid and ask, each of its four prices (or of
// the side that Options.Quote wants), and has their closes as bid and ask. One
// that lacks a side is left out: there is no mid, and nothing to trade at.
type lean struct{}

func (lean) name() string { return "lean" }

func (f lean) detect(h *head, o Options) (Description, bool, error) {
	p, ok, err := f.plan(h, o)
	return p.Description, ok, err
}

// leanClass is what LEAN calls a security type, and what it means for a file.
type leanClass struct {
	name  string
	zone  string // of the times; "" = it depends
	scale bool   // prices are in ten-thousandths
}

// The facts are those of LEAN's data folder and of the data time zones in its
// database of market hours: equities are in ten-thousandths of a dollar and New
// York's time, crypto is UTC; the clock of forex is its market's.
func leanClasses() []leanClass {
	return []leanClass{{"equity", "America/New_York", true}, {"crypto", "UTC", false}, {"cryptofuture", "UTC", false},
		{"forex", "", false}, {"cfd", "", false}, {"index", "", false}}
}

// forexZone is the clock of LEAN's forex data by the market that a folder is named
// after: Oanda's is UTC, FXCM's five hours behind it the whole year.
func forexZone(words []string) *time.Location {
	for _, w := range words {
		switch w {
		case "oanda":
			return time.UTC
		case "fxcm":
			return time.FixedZone("UTC-5", -5*3600)
		}
	}
	return nil
}

// leanPlan is how to read one of LEAN's files.
type leanPlan struct {
	Description
	class leanClass
	dayMS int64 // local midnight, as if it were UTC ms; -1: rows have date and time
	width int
	ticks bool
	side  QuoteSide
	price float64 // scale; 0 = 1
	clock clock
}

// leanName is what a file's name says: 20250601_btcusdt_minute_trade.
type leanName struct {
	day, symbol, resolution, kind string
}

// parseLeanName reads the name of a file of one day.
func parseLeanName(stem string) (n leanName, ok bool) {
	parts := strings.Split(strings.ToLower(stem), "_")
	if len(parts) != 4 || len(parts[0]) != 8 {
		return n, false
	}
	n = leanName{parts[0], parts[1], parts[2], parts[3]}
	if n.kind == "tick" || n.kind == "minute" || n.kind == "second" { // 20131008_bac_Trade_Tick
		n.resolution, n.kind = n.kind, n.resolution
	}
	return n, (n.kind == "trade" || n.kind == "quote") && leanResolution(n.resolution) >= 0
}

// leanResolution is the interval of a resolution; 0 = ticks, -1 = none.
func leanResolution(name string) datasets.Interval {
	switch name {
	case "tick":
		return 0
	case "second":
		return datasets.Second
	case "minute":
		return datasets.Minute
	case "hour":
		return datasets.Hour
	case "daily":
		return datasets.Day
	}
	return -1
}

// plan finds out how to read an input.
func (f lean) plan(h *head, o Options) (p leanPlan, ok bool, err error) {
	n, oneDay := parseLeanName(h.in.stem())
	rows := h.sheet(Options{Separator: ',', Header: WithoutHeader})
	if rows == nil || len(rows.rows) == 0 {
		return p, false, nil
	}
	p = leanPlan{dayMS: -1, width: len(rows.rows[0]), side: o.Quote, price: o.PriceScale}
	p.Description = Description{Format: f.name(), Kind: Candles}
	words := leanWords(h.in)
	p.class, _ = classAmong(words)
	if oneDay {
		var known bool
		if p.dayMS, _, known = leanDay(n.day); !known {
			return p, false, nil
		}
		if _, number := text.Float([]byte(rows.rows[0][0])); !number {
			return p, false, nil
		}
	} else if n, ok = longName(h.in, words, rows); !ok {
		return p, false, nil
	}
	p.Symbol, p.Interval = strings.ToUpper(n.symbol), leanResolution(n.resolution)
	p.ticks = p.Interval == 0
	if o.Interval != 0 && !p.ticks {
		p.Interval = o.Interval
	}
	if !p.layout(n.kind) {
		return p, false, &datasets.Refusal{File: h.in.String(), Line: rows.lines[0], Problem: datasets.ErrSyntax,
			Found:    fmt.Sprintf("%d fields in a file of LEAN's %s %ss", p.width, n.resolution, n.kind),
			Expected: "6 in candles of trades, 11 in those of quotes, 3 to 8 in ticks", Remedy: "describe the file with --columns"}
	}
	if err := p.scale(h.in, rows, o); err != nil {
		return p, false, err
	}
	p.Title = strings.Join(strings.Fields(fmt.Sprintf("LEAN %s %ss, %s", p.class.name, n.kind, n.resolution)), " ")
	return p, true, p.zone(o, words)
}

// leanDay reads the date of a name.
func leanDay(day string) (ms int64, local, ok bool) {
	format, err := text.ParseTimeFormat("20060102")
	if err != nil {
		panic(err) // ours
	}
	return format.Parse([]byte(day))
}

// leanWords are the words of an input's folders, the nearest first.
func leanWords(in Input) []string {
	dir := strings.ToLower(filepath.ToSlash(filepath.Dir(in.Path)))
	words := strings.FieldsFunc(dir, func(r rune) bool { return r == '/' || r == '-' || r == '_' || r == ' ' })
	slices.Reverse(words)
	return words
}

// classAmong finds the security type that a folder is named after.
func classAmong(words []string) (leanClass, bool) {
	for _, w := range words {
		for _, c := range leanClasses() {
			if w == c.name {
				return c, true
			}
		}
	}
	return leanClass{}, false
}

// longName makes up the name of a file of all hours or days: it is the symbol's
// own, within an archive of the same name or a folder of that resolution, and its
// rows begin with date and time.
func longName(in Input, words []string, rows *sheet) (n leanName, ok bool) {
	stem := strings.ToLower(in.stem())
	outer := strings.ToLower(Input{Path: in.Path}.stem())
	n = leanName{symbol: stem, kind: "trade"}
	if len(rows.rows[0]) == 11 {
		n.kind = "quote"
	}
	for _, w := range words {
		if w == "hour" || w == "daily" {
			n.resolution = w
			break
		}
	}
	archived := in.Member != "" && (outer == stem || outer == stem+"_trade" || outer == stem+"_quote")
	_, classed := classAmong(words)
	if !archived && (n.resolution == "" || !classed) || len(rows.rows[0]) != 6 && len(rows.rows[0]) != 11 {
		return n, false
	}
	midnight := true
	for _, stamp := range rows.column(0) {
		if len(stamp) != 14 || stamp[8] != ' ' || stamp[11] != ':' {
			return n, false
		}
		midnight = midnight && stamp[9:] == "00:00"
	}
	if n.resolution == "" {
		n.resolution = "hour"
		if midnight {
			n.resolution = "daily"
		}
	}
	return n, true
}

// layout decides what the rows have.
func (p *leanPlan) layout(kind string) bool {
	switch {
	case p.ticks && kind == "trade":
		p.Kind, p.Columns = Trades, datasets.Close|datasets.Volume
		if p.width == 6 {
			p.Notes = append(p.Notes, "trades marked as suspicious are left out")
		}
		return p.width == 3 || p.width == 6
	case p.ticks:
		p.Kind, p.Columns = Quotes, datasets.Bid|datasets.Ask
		p.Notes = append(p.Notes, "a quote of one side keeps the other; those before both are known are left out")
		return p.width == 3 || p.width == 5 || p.width == 8
	case kind == "trade":
		p.Columns = datasets.OHLC | datasets.Volume
		return p.width == 6
	}
	p.Columns = datasets.OHLC | datasets.Bid | datasets.Ask
	p.Notes = append(p.Notes, "candles of "+sideName(p.side)+"; bid and ask are the closing ones; candles that lack one are left out")
	return p.width == 11
}

// sideName says what candles of quotes are of.
func sideName(s QuoteSide) string {
	switch s {
	case BidSide:
		return "the bid"
	case AskSide:
		return "the ask"
	}
	return "the mid of bid and ask"
}

// scale decides the class, where no folder names it, by the symbol, and so the
// unit of the prices: equities alone are in whole ten-thousandths.
func (p *leanPlan) scale(in Input, rows *sheet, o Options) error {
	if p.class.name == "" {
		whole := true
		for i := range rows.width - 1 {
			for _, v := range rows.column(i + 1) {
				whole = whole && !strings.Contains(v, ".")
			}
		}
		pair, _, known := PairOf(p.Symbol, market.Pairs())
		switch {
		case known && pair.Class == market.Forex:
			p.class = leanClass{name: "forex"}
		case known && pair.Class == market.Crypto:
			p.class = leanClass{name: "crypto", zone: "UTC"}
		case known && pair.Class == market.Equities && whole:
			p.class = leanClasses()[0]
		case whole && o.PriceScale == 0:
			return &datasets.Refusal{File: in.String(), Problem: datasets.ErrScale,
				Found:    "whole prices such as " + rows.rows[0][1] + ", and no folder that tells of what",
				Expected: "to know whether they are an equity's, in ten-thousandths of a dollar and New York's time",
				Remedy:   "keep LEAN's folders (equity, crypto, forex), or state --price-scale (0.0001 or 1) and --zone"}
		}
	}
	if p.class.scale && p.price == 0 {
		p.price = 1e-4
		p.Notes = append(p.Notes, "prices divided by 10000")
	}
	return nil
}

// zone finds the clock of the times.
func (p *leanPlan) zone(o Options, words []string) error {
	zone := o.Zone
	if zone == nil && p.class.name == "forex" {
		zone = forexZone(words)
	}
	if zone == nil && p.class.zone != "" {
		var err error
		if zone, err = market.LoadZone(p.class.zone); err != nil {
			return err
		}
	}
	if zone == nil {
		return nil
	}
	ahead := int64(0)
	if p.Clock = zone.String(); zone == o.Zone {
		p.Clock, ahead = o.zoneName(), o.ZoneAheadMS
	}
	if zone.String() == "UTC" {
		zone = time.UTC
	}
	p.clock = newZone(zone, ahead)
	ofTicks(p.clock, p.Kind)
	return nil
}

func (f lean) read(ctx context.Context, in Input, _ Description, o Options, take func(Chunk) bool) error {
	h, err := in.head()
	if err != nil {
		return err
	}
	p, ok, err := f.plan(h, o)
	switch {
	case err != nil:
		return err
	case !ok:
		return in.damaged(errChanged)
	case p.clock == nil:
		return zoneMissing(in, 0, p.Title)
	}
	return readLean(ctx, in, &p, o, take)
}
