package vendors

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// place is what a value of a row is. The zero place is passed over.
type place uint8

const (
	placePass place = iota
	placeOpen
	placeHigh
	placeLow
	placeClose
	placeVolume
	placeBid
	placeAsk
	placeTime
	placeConfirm // 0 = an unfinished candle
	placeSymbol

	places
)

// placeOf returns the place of a canonical column.
func placeOf(canonical string) (place, bool) {
	i := slices.Index([]string{"", "open", "high", "low", "close", "volume", "bid", "ask", "time"}, canonical)
	return place(max(i, 0)), i > 0
}

// usualPlaces finds the columns by the names that are usual: the index of the key
// that is each place, -1 for none. Of several names for one column the preferred
// is taken.
func usualPlaces(keys []string) (at [places]int) {
	usual := synonyms()
	for x := range places {
		at[x] = -1
		names := usual[placeName(x)]
		if x == placeSymbol {
			names = []string{"symbol", "ticker"}
		}
		for _, name := range names {
			if at[x] = slices.IndexFunc(keys, func(key string) bool { return normal(key) == name }); at[x] >= 0 {
				break
			}
		}
	}
	return at
}

// usualNames reports whether an object is a row by its keys.
func usualNames(n *jsonNode) bool {
	if n.kind != beginObject {
		return false
	}
	at := usualPlaces(n.keys)
	return at[placeTime] >= 0 && at[placeClose] >= 0
}

// jsonPlan is how to read the rows of a JSON text.
type jsonPlan struct {
	path    []string         // to the rows
	lines   bool             // every text is a row
	at      []place          // of the values of a row that is an array
	named   map[string]place // of the values of a row that is an object
	unit    epochUnit        // of times that are numbers; 0 = they are texts
	format  text.TimeFormat  // of times that are texts
	local   bool             // they name no offset from UTC
	reverse bool             // newest first
	lastKey string           // names the time of the last finished row, beside the rows
}

// columns decides which values are what, and what the rows have.
func (p *jsonPlan) columns(d *Description, rows *jsonNode, h *head, o Options) error {
	first := rows.items[0]
	var err error
	switch {
	case first.kind == beginArray && len(o.Columns) > 0:
		err = p.numbered(first, h, o)
	case first.kind == beginObject:
		err = p.byName(first, h, o)
	}
	if err != nil {
		return err
	}
	var have [places]bool
	for i, x := range p.at {
		have[x] = have[x] || i < len(first.items)
	}
	for _, x := range p.named {
		have[x] = true
	}
	for x := placeOpen; x <= placeAsk; x++ {
		if have[x] {
			d.Columns |= datasets.Open << (x - placeOpen)
		}
	}
	prices := d.Columns & datasets.OHLC
	if d.Kind == Trades {
		d.Columns &= datasets.Close | datasets.Volume
	} else if prices != datasets.OHLC && prices != datasets.Close || !have[placeTime] {
		return &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrNoColumn, Found: "rows with " + rowKeys(first),
			Expected: "time, open, high, low and close; or time and close", Remedy: "name the columns with --columns"}
	}
	return nil
}

// numbered takes the places from stated numbers, which count from 1.
func (p *jsonPlan) numbered(first *jsonNode, h *head, o Options) error {
	p.at = make([]place, len(first.items))
	for _, canonical := range slices.Sorted(maps.Keys(o.Columns)) {
		own := o.Columns[canonical]
		x, known := placeOf(canonical)
		n, err := strconv.Atoi(own)
		if !known || err != nil || n < 1 || n > len(first.items) {
			return &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrNoColumn,
				Found:    fmt.Sprintf("rows of %d values without names, and %s=%s", len(first.items), canonical, own),
				Expected: fmt.Sprintf("a number from 1 to %d for time, open, high, low, close, volume, bid or ask", len(first.items)),
				Remedy:   "count the values of a row"}
		}
		p.at[n-1] = x
	}
	return nil
}

// byName takes the places from stated names, else from the usual ones.
func (p *jsonPlan) byName(first *jsonNode, h *head, o Options) error {
	p.named = map[string]place{}
	at := usualPlaces(first.keys)
	for _, canonical := range slices.Sorted(maps.Keys(o.Columns)) {
		own := o.Columns[canonical]
		x, known := placeOf(canonical)
		if known && own == absent {
			at[x] = -1
			continue
		}
		if !known || first.get(own) == nil {
			return &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrNoColumn, Found: "rows with " + rowKeys(first),
				Expected: fmt.Sprintf("%q for %s", own, canonical), Remedy: "name one of these"}
		}
		p.named[own], at[x] = x, -1
	}
	for x, i := range at {
		if i < 0 {
			continue
		}
		if _, stated := p.named[first.keys[i]]; !stated {
			p.named[first.keys[i]] = place(x)
		}
	}
	return nil
}

// rowKeys lists a row's keys for messages.
func rowKeys(row *jsonNode) string {
	if row.kind != beginObject || len(row.keys) == 0 {
		return fmt.Sprintf("%d values", len(row.items))
	}
	return strings.Join(row.keys[:min(len(row.keys), 20)], ", ")
}

// clock finds the unit or layout of the times, and their order.
func (p *jsonPlan) clock(d *Description, rows *jsonNode, h *head, o Options) error {
	first := p.timeOf(rows.items[0])
	if first == nil {
		return &datasets.Refusal{File: h.in.String(), Row: 1, Problem: datasets.ErrSyntax, Found: "no time", Expected: "a time in every row"}
	}
	if o.TimeFormat != nil {
		p.format = *o.TimeFormat
	} else if n, ok := epoch(first.text); ok {
		p.unit = unitOf(n)
		d.Notes = append(d.Notes, "times in "+p.unit.String())
	}
	ms, local, err := p.time([]byte(first.text))
	switch {
	case err != nil:
		return timeRefusal(h.in, 1, first.text)
	case !local:
		if err := o.zoneUnused(h.in, "times that are of UTC or name their offset from it", p.unit); err != nil {
			return err
		}
	case o.Zone == nil:
		d.Clock = ""
	default:
		d.Clock = o.zoneName()
	}
	p.local = local
	for _, row := range rows.items[1:] {
		if t := p.timeOf(row); t != nil {
			if next, _, err := p.time([]byte(t.text)); err == nil && next != ms {
				p.reverse = next < ms
				break
			}
		}
	}
	if p.reverse {
		d.Notes = append(d.Notes, "newest first: turned round")
	}
	return nil
}

// timeOf returns a row's time.
func (p *jsonPlan) timeOf(row *jsonNode) *jsonNode {
	for i, item := range row.items {
		if row.kind == beginArray && i < len(p.at) && p.at[i] == placeTime ||
			row.kind == beginObject && i < len(row.keys) && p.named[row.keys[i]] == placeTime {
			return item
		}
	}
	return nil
}

// time reads a time; local if it names no offset from UTC.
func (p *jsonPlan) time(b []byte) (ms int64, local bool, err error) {
	ok := false
	if p.unit != 0 {
		ms, ok = p.unit.millis(b)
	} else {
		ms, local, ok = p.format.Parse(b)
	}
	if !ok || ms < text.MinTimeMS || ms >= text.MaxTimeMS {
		return 0, false, datasets.ErrSyntax
	}
	return ms, local, nil
}

func timeRefusal(in Input, row int64, found string) error {
	if spreadsheetTime(found) {
		r, _ := asRefusal(damagedBySpreadsheet(in, 0, found))
		r.Row = row
		return r
	}
	return &datasets.Refusal{File: in.String(), Row: row, Problem: datasets.ErrSyntax, Found: "the time " + quoted(found),
		Expected: "seconds, milliseconds or microseconds since 1970, all rows alike, or a date such as 2025-01-02T03:04:05Z",
		Remedy:   "state the layout with --time-format"}
}

// symbols lists the symbols of a text that has them row by row, or of several
// blocks of rows.
func (p *jsonPlan) symbols(d *Description, root, rows *jsonNode, o Options) {
	seen := map[string]bool{}
	if len(p.path) > 0 && p.path[0] == eachRow {
		for _, block := range root.items {
			if s := block.get("ticker"); s != nil {
				seen[s.text] = true
			}
		}
	}
	for _, row := range rows.items {
		for i, key := range row.keys {
			if p.named[key] == placeSymbol && i < len(row.items) {
				seen[row.items[i].text] = true
			}
		}
	}
	var all []string
	for s := range seen {
		all = append(all, s)
	}
	slices.Sort(all)
	switch {
	case len(all) == 1:
		d.Symbol = all[0]
	case len(all) > 1:
		d.Symbol, d.Symbols = o.Symbol, all
	}
}

// epoch reads a number that counts since 1970, or something like it.
func epoch(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// number returns an array's value as a number; 0 if it is none.
func (n *jsonNode) number(i int) float64 {
	if i >= len(n.items) {
		return 0
	}
	x, _ := text.Float([]byte(n.items[i].text))
	return x
}
