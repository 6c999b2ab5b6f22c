package strategies

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
)

// Signal is an order that is known beforehand, with the time at which it is
// emitted.
type Signal struct {
	TimeMS int64 // UTC ms
	sim.Order
	Miner string // whose signal it is; "" if the file doesn't tell
	Line  int    // of a text file, from 1; 0 if it comes from none
	Row   int    // of a table, or the place in a list, from 1; 0 if it comes from none
}

// place is where in its file a signal stands; the zero place is the file as a
// whole.
type place struct {
	line int // of a text, from 1
	row  int // of a table, or the place in a list, from 1
}

// field is a column of a CSV, or a key of a JSON line.
type field int

// The fields of a signal, in the order in which they are written.
const (
	fieldTime field = iota
	fieldPair
	fieldType
	fieldLeverage
	fieldPrice
	fieldSlippage
	fieldBid
	fieldAsk
	fieldUUID
	fieldMiner
	fieldCount
)

// requiredFields is how many of the fields, from the first on, a CSV must have.
const requiredFields = int(fieldPrice)

// fieldNames returns the fields' names as files write them.
func fieldNames() []string {
	return []string{"time", "pair", "order_type", "leverage", "price", "slippage", "bid", "ask", "uuid", "miner"}
}

// fields is a signal as its file writes it; a field that is absent is "".
type fields [fieldCount]string

// problem is what is wrong with one field.
type problem struct {
	field                   field
	found, expected, remedy string
}

// signal reads the fields.
func (f *fields) signal() (s Signal, p *problem) {
	if s.TimeMS, p = parseTime(f[fieldTime]); p != nil {
		return s, p
	}
	if s.Pair, p = parsePair(f[fieldPair]); p != nil {
		return s, p
	}
	if s.Type, p = parseType(f[fieldType]); p != nil {
		return s, p
	}
	if s.Leverage, p = f.leverage(s.Type); p != nil {
		return s, p
	}
	if p = f.pinned(&s.Order); p != nil {
		return s, p
	}
	if p = f.quote(&s.Order); p != nil {
		return s, p
	}
	if s.UUID, p = f.name(fieldUUID); p != nil {
		return s, p
	}
	s.Miner, p = f.name(fieldMiner)
	return s, p
}

// The times that a signal may have: they tell milliseconds from other epochs.
const (
	earliestMS = 946_684_800_000   // 2000-01-01
	latestMS   = 4_102_444_800_000 // 2100-01-01
)

const timeExpected = "RFC 3339 with a zone (2025-01-31T14:30:00Z) or epoch milliseconds (1738333800000)"

// parseTime reads RFC 3339 or epoch milliseconds.
func parseTime(text string) (ms int64, p *problem) {
	p = &problem{fieldTime, quoted(text), timeExpected, ""}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		switch {
		case ms >= earliestMS && ms < latestMS:
			return ms, nil
		case ms >= earliestMS/1000 && ms < latestMS/1000:
			p.remedy = "these look like seconds: multiply them by 1000"
		case ms >= earliestMS*1000 && ms < latestMS*1000:
			p.remedy = "these look like microseconds: divide them by 1000"
		default:
			p.expected = "a time from 2000 to 2099"
		}
		return 0, p
	}
	var t time.Time
	if err := t.UnmarshalText(withT(text)); err != nil {
		if naive(text) {
			p.found += ", a time without a zone"
			p.remedy = "add the zone: Z for UTC, or an offset such as -05:00"
		}
		return 0, p
	}
	switch ms = t.UnixMilli(); {
	case t.Nanosecond()%int(time.Millisecond) != 0:
		p.found += ", a time finer than a millisecond"
		p.remedy = "round it to milliseconds"
	case ms < earliestMS || ms >= latestMS:
		p.expected = "a time from 2000 to 2099"
	default:
		return ms, nil
	}
	return 0, p
}

// withT puts RFC 3339's T where many programs, pandas among them, write a blank
// between the date and the time.
func withT(text string) []byte {
	const date = len("2006-01-02")
	b := []byte(text)
	if len(b) > date && b[date] == ' ' {
		b[date] = 'T'
	}
	return b
}

// naive reports whether a text is a date, or a date and time, of no zone.
func naive(text string) bool {
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return false
}

// parsePair reads the id of a pair; whether there is such a pair, the rule set
// tells.
func parsePair(text string) (string, *problem) {
	if text == "" || len(text) > 16 || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return "", &problem{fieldPair, quoted(text) + pairMeant(text), "the id of a pair, such as BTCUSD: capital letters and digits", ""}
	}
	return text, nil
}

// pairMeant suggests the pair that another notation, such as BTC/USD or BTC-USDT,
// stands for.
func pairMeant(text string) string {
	if len(text) > 16 {
		return ""
	}
	id := strings.ToUpper(strings.NewReplacer("/", "", "-", "", "_", "", ":", "", " ", "").Replace(text))
	return suggest.DidYouMean(id, market.PairIDs(market.Pairs()))
}

func parseType(text string) (sim.OrderType, *problem) {
	for _, t := range []sim.OrderType{sim.Long, sim.Short, sim.Flat} {
		if strings.EqualFold(text, t.String()) {
			return t, nil
		}
	}
	return 0, &problem{fieldType, quoted(text), "LONG, SHORT or FLAT", ""}
}

// leverage reads the leverage of an order of type t, and signs it.
func (f *fields) leverage(t sim.OrderType) (float64, *problem) {
	text := f[fieldLeverage]
	if t == sim.Flat && text == "" {
		return 0, nil
	}
	x, p := parseNumber(fieldLeverage, text, "a number: the magnitude of the order's leverage")
	switch {
	case p != nil:
		return 0, p
	case t == sim.Flat:
		return 0, nil
	case t == sim.Long && x < 0:
		return 0, &problem{fieldLeverage, text + " for a LONG order", "a positive leverage", "write SHORT to sell"}
	case t == sim.Short:
		return -math.Abs(x), nil
	}
	return math.Abs(x), nil
}

// pinned reads the price and slippage of a pinned fill.
func (f *fields) pinned(o *sim.Order) *problem {
	price, slippage := f[fieldPrice], f[fieldSlippage]
	if price == "" {
		if slippage != "" {
			return &problem{fieldSlippage, slippage + " without a price", "a price beside the slippage",
				"add the price of the fill, or leave the slippage out: the rules' model answers then"}
		}
		return nil
	}
	var p *problem
	if o.Price, p = parsePrice(fieldPrice, price); p != nil {
		return p
	}
	o.Pinned = true
	if slippage == "" {
		return nil
	}
	const expected = "a fraction of the price, from 0 to below 1"
	if o.Slippage, p = parseNumber(fieldSlippage, slippage, expected); p != nil {
		return p
	}
	if o.Slippage < 0 || o.Slippage >= 1 {
		return &problem{fieldSlippage, slippage, expected, ""}
	}
	o.Slippage = math.Abs(o.Slippage)
	o.HasSlippage = true
	return nil
}

// quote reads the bid and the ask.
func (f *fields) quote(o *sim.Order) *problem {
	bid, ask := f[fieldBid], f[fieldAsk]
	switch {
	case bid == "" && ask == "":
		return nil
	case bid == "":
		return &problem{fieldAsk, ask + " without a bid", "both or neither", ""}
	case ask == "":
		return &problem{fieldBid, bid + " without an ask", "both or neither", ""}
	}
	var p *problem
	if o.Bid, p = parsePrice(fieldBid, bid); p != nil {
		return p
	}
	if o.Ask, p = parsePrice(fieldAsk, ask); p != nil {
		return p
	}
	if o.Bid > o.Ask {
		return &problem{fieldBid, fmt.Sprintf("%s above the ask, %s", bid, ask), "a bid at or below the ask", ""}
	}
	return nil
}

// maxNameLen bounds an order's uuid and a miner's name, bytes.
const maxNameLen = 256

// name reads a uuid or a miner: any text of a line.
func (f *fields) name(of field) (string, *problem) {
	text := f[of]
	if len(text) > maxNameLen || strings.ContainsFunc(text, unicode.IsControl) {
		return "", &problem{of, quoted(text), fmt.Sprintf("at most %d bytes of text without control characters", maxNameLen), ""}
	}
	return text, nil
}

func parsePrice(f field, text string) (float64, *problem) {
	x, p := parseNumber(f, text, "a price above 0")
	if p == nil && x <= 0 {
		p = &problem{f, text, "a price above 0", ""}
	}
	return x, p
}

// parseNumber reads a finite decimal number.
func parseNumber(f field, text, expected string) (float64, *problem) {
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case math.IsInf(x, 0) || math.IsNaN(x):
		return 0, &problem{f, quoted(text) + ", not a finite number", expected, ""}
	case err != nil || strings.ContainsAny(text, "xXpP_"):
		return 0, &problem{f, quoted(text), expected, ""}
	}
	return x, nil
}

// quoted shows a text of a file, cut where it is long.
func quoted(text string) string {
	if text == "" {
		return "nothing"
	}
	if len(text) > 40 {
		return strconv.Quote(text[:40]) + "…"
	}
	return strconv.Quote(text)
}
