package vendors

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
)

// sixOrder is an order of rows of six numbers: a time, four prices and the
// volume.
type sixOrder struct {
	format string
	title  string
	order  string // for people
	at     []place
	hint   string // of the path
	epochS bool   // times are in seconds, as this order's source alone has them
}

func sixOrders() []sixOrder {
	return []sixOrder{
		{"freqtrade", "freqtrade JSON", "time, open, high, low, close, volume",
			[]place{placeTime, placeOpen, placeHigh, placeLow, placeClose, placeVolume}, "freqtrade", false},
		{"bitfinex", "Bitfinex candles (REST answer)", "time, open, close, high, low, volume",
			[]place{placeTime, placeOpen, placeClose, placeHigh, placeLow, placeVolume}, "bitfinex", false},
		{"coinbase", "Coinbase candles (REST answer)", "time, low, high, open, close, volume",
			[]place{placeTime, placeLow, placeHigh, placeOpen, placeClose, placeVolume}, "coinbase", true},
	}
}

// holds reports whether every row's low and high bound its open and close when
// read in this order. Rows that lack a number tell nothing.
func (s sixOrder) holds(rows *jsonNode) bool {
	for _, row := range rows.items {
		if len(row.items) != 6 {
			return false
		}
		if slices.ContainsFunc(row.items, func(n *jsonNode) bool { return unknownNumber(n.text) && n.kind != beginArray && n.kind != beginObject }) {
			continue
		}
		var x [places]float64
		for i, p := range s.at {
			x[p] = row.number(i)
		}
		if !(x[placeLow] <= min(x[placeOpen], x[placeClose]) && x[placeHigh] >= max(x[placeOpen], x[placeClose])) {
			return false
		}
	}
	return true
}

// identifySix decides the order of rows of six numbers by what keeps each
// candle's low and high outside its open and close; between several, by the
// unit of the times and by the path.
func identifySix(root *jsonNode, h *head, o Options) jsonIdentity {
	var fit []sixOrder
	for _, s := range sixOrders() {
		if s.holds(root) && (o.Format == "" || o.Format == s.format) {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 {
		return jsonIdentity{err: sixRefusal(h, o, root)}
	}
	reason := "the order of columns that keeps low ≤ open, close ≤ high in every row seen"
	if len(fit) > 1 {
		if s, why := decideSix(fit, root, h); why != "" {
			fit, reason = []sixOrder{s}, why
		}
	}
	if len(fit) > 1 {
		return jsonIdentity{err: sixAmbiguous(h, fit)}
	}
	s := fit[0]
	id := jsonIdentity{format: s.format, places: func(p *jsonPlan, d *Description, rows *jsonNode, h *head) {
		p.at = s.at
		d.Title = s.title
		d.Notes = append(d.Notes, s.order+": "+reason)
		if s.format != "freqtrade" {
			newestNote(p, d, rows, h)
		}
	}}
	if s.format != "freqtrade" {
		return id
	}
	notes, err := freqtradeNotes(h.in)
	if id.err = err; err != nil {
		id.format = ""
	}
	id.symbol = freqtradeSymbol(h.in)
	lay := id.places
	id.places = func(p *jsonPlan, d *Description, rows *jsonNode, h *head) {
		lay(p, d, rows, h)
		d.Interval = freqtradeInterval(h.in)
		d.Notes = append(d.Notes, notes...)
	}
	return id
}

// decideSix chooses among orders that all hold: why says by what, "" if by
// nothing.
func decideSix(fit []sixOrder, rows *jsonNode, h *head) (s sixOrder, why string) {
	var byPath, byUnit []sixOrder
	path := strings.ToLower(h.in.String())
	_, _, _, named := freqtradeName(h.in)
	seconds := len(rows.items) > 0 && len(rows.items[0].items[0].text) <= 10
	for _, s := range fit {
		if strings.Contains(path, s.hint) || s.format == "freqtrade" && named {
			byPath = append(byPath, s)
		}
		if s.epochS == seconds {
			byUnit = append(byUnit, s)
		}
	}
	switch {
	case h.whole && flat(rows):
		return fit[0], "all prices of a candle are the same, so the order does not matter"
	case len(byPath) == 1:
		return byPath[0], "several orders would do; this is that of the source that the path names"
	case len(byUnit) == 1:
		return byUnit[0], "several orders would do; this is that of the source with times in this unit"
	}
	return sixOrder{}, ""
}

// flat reports whether open, high, low and close are the same in every row.
func flat(rows *jsonNode) bool {
	for _, row := range rows.items {
		for i := 2; i < 5; i++ {
			if row.number(i) != row.number(1) {
				return false
			}
		}
	}
	return true
}

func sixRefusal(h *head, o Options, rows *jsonNode) error {
	r := &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrOHLC,
		Found:    "rows of six values of which no known order keeps low ≤ open, close ≤ high",
		Expected: "candles", Remedy: "number the columns: --columns time=1,open=2,high=3,low=4,close=5,volume=6"}
	for _, s := range sixOrders() {
		if o.Format != "" && s.holds(rows) {
			r.Found = fmt.Sprintf("rows in the order %s, that of %s", s.order, s.format)
			r.Expected = "that of " + o.Format
			r.Remedy = "leave --vendor out, or give --vendor " + s.format
		}
	}
	return r
}

func sixAmbiguous(h *head, fit []sixOrder) error {
	var orders, names []string
	for _, s := range fit {
		orders, names = append(orders, s.order+" ("+s.format+")"), append(names, s.format)
	}
	return &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrSyntax,
		Found:    "rows of six numbers that fit several orders: " + strings.Join(orders, "; "),
		Expected: "one",
		Remedy:   "name it with --vendor (" + strings.Join(names, ", ") + ") or number the columns: --columns time=1,open=2,high=3,low=4,close=5,volume=6"}
}
