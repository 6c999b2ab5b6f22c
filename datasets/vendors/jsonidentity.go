package vendors

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
)

// jsonIdentity is whose JSON a text is.
type jsonIdentity struct {
	format string
	path   []string // to the rows
	lines  bool     // every text is a row
	symbol string
	err    error // why nobody's, if that is certain

	// places lays out rows that are arrays and notes what is particular; nil:
	// rows are objects with the usual names.
	places func(p *jsonPlan, d *Description, rows *jsonNode, h *head)
}

// identifyJSON judges by the outermost keys and by the first row.
func identifyJSON(root *jsonNode, h *head, o Options) jsonIdentity {
	switch root.kind {
	case 0:
		return jsonIdentity{format: "json", lines: true}
	case beginObject:
		return identifyObject(root)
	}
	var first *jsonNode
	if len(root.items) > 0 {
		first = root.items[0]
	}
	switch {
	case first == nil:
		return jsonIdentity{err: emptyAnswer(h.in.String())}
	case first.get("priceData") != nil:
		return jsonIdentity{format: "tiingo", path: []string{eachRow, "priceData"}}
	case first.kind == beginObject && first.get("date") != nil && (first.get("ticker") != nil || first.get("adjClose") != nil):
		return jsonIdentity{format: "tiingo", places: adjustedNote}
	case first.kind == beginObject:
		return jsonIdentity{format: "json"}
	case first.kind == beginArray:
		return identifyArrays(root, first, h, o)
	}
	return jsonIdentity{}
}

// identifyObject judges an answer that is an object.
func identifyObject(root *jsonNode) jsonIdentity {
	has := func(key string) bool { return slices.Contains(root.keys, key) }
	result := root.get("result")
	symbol := func(n *jsonNode, key string) string {
		if s := n.get(key); s != nil && s.kind == stringToken {
			return s.text
		}
		return ""
	}
	switch {
	case has("candles"):
		return jsonIdentity{format: "coinbase", path: []string{"candles"}, places: newestNote}
	case has("retCode") || result.get("list") != nil:
		return jsonIdentity{format: "bybit", path: []string{"result", "list"}, symbol: symbol(result, "symbol"), places: bybitPlaces}
	case has("error") && has("result"):
		id := jsonIdentity{format: "kraken", path: []string{"result", anyKey}, places: krakenPlaces}
		for i, item := range result.values() {
			if item.kind == beginArray && id.symbol == "" {
				id.symbol = result.keys[i]
			}
		}
		return id
	case has("data") && root.at([]string{"data", eachRow}) != nil && root.at([]string{"data", eachRow}).kind == beginArray:
		return jsonIdentity{format: "okx", path: []string{"data"}, places: okxPlaces}
	case has("results") || has("resultsCount"):
		return jsonIdentity{format: "polygon", path: []string{"results"}, symbol: symbol(root, "ticker")}
	}
	if path, ok := rowsWithin(root, nil); ok {
		return jsonIdentity{format: "json", path: path}
	}
	if usualNames(root) {
		return jsonIdentity{format: "json", lines: true}
	}
	return jsonIdentity{}
}

// rowsWithin finds an array of objects with the usual names.
func rowsWithin(n *jsonNode, path []string) ([]string, bool) {
	if len(path) > 3 {
		return nil, false
	}
	for i, item := range n.items {
		below := append(slices.Clone(path), n.keys[i])
		switch {
		case item.kind == beginArray && len(item.items) > 0 && usualNames(item.items[0]):
			return below, true
		case item.kind == beginObject:
			if found, ok := rowsWithin(item, below); ok {
				return found, true
			}
		}
	}
	return nil, false
}

// identifyArrays judges rows that are arrays, by how many values they have.
func identifyArrays(root, first *jsonNode, h *head, o Options) jsonIdentity {
	width := len(first.items)
	switch {
	case o.Columns != nil:
		return jsonIdentity{format: "json", places: func(*jsonPlan, *Description, *jsonNode, *head) {}}
	case width == 12 && first.items[6].kind == numberToken:
		return jsonIdentity{format: "binance", places: binancePlaces}
	case width == 7 && (first.items[3].text == "buy" || first.items[3].text == "sell"):
		return jsonIdentity{format: "freqtrade", symbol: freqtradeSymbol(h.in), places: freqtradeTrades}
	case width == 6:
		return identifySix(root, h, o)
	case width == 0:
		return jsonIdentity{err: emptyAnswer(h.in.String())}
	}
	return jsonIdentity{err: &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrNoColumn,
		Found: fmt.Sprintf("rows of %d values without names", width), Expected: "a known order",
		Remedy: "number the columns: --columns time=1,open=2,high=3,low=4,close=5,volume=6"}}
}

// The places of rows that are arrays.

func binancePlaces(p *jsonPlan, d *Description, rows *jsonNode, h *head) {
	p.at = []place{placeTime, placeOpen, placeHigh, placeLow, placeClose, placeVolume}
	first := rows.items[0]
	open, ok1 := epoch(first.items[0].text)
	end, ok2 := epoch(first.items[6].text)
	units := int64(1) // of a ms
	if unitOf(open) == epochMicros {
		units = 1000
	}
	if length := (end + 1 - open) / units; ok1 && ok2 && 0 < length && length < 366*86400e3 {
		d.Interval = datasets.Interval(length)
		d.Notes = append(d.Notes, "the interval is that between open and close time")
	}
	newestNote(p, d, rows, h)
}

func bybitPlaces(p *jsonPlan, d *Description, rows *jsonNode, h *head) {
	p.at = []place{placeTime, placeOpen, placeHigh, placeLow, placeClose, placeVolume}
	newestNote(p, d, rows, h)
}

func krakenPlaces(p *jsonPlan, d *Description, _ *jsonNode, _ *head) {
	p.at = []place{placeTime, placeOpen, placeHigh, placeLow, placeClose, placePass, placeVolume}
	p.lastKey = "last"
	d.Notes = append(d.Notes, `the newest candle is unfinished and left out if its time is after the answer's "last"`)
}

func okxPlaces(p *jsonPlan, d *Description, rows *jsonNode, _ *head) {
	p.at = []place{placeTime, placeOpen, placeHigh, placeLow, placeClose, placeVolume, placePass, placePass, placeConfirm}
	if okxContracts(rows) {
		p.at[5], p.at[6] = placePass, placeVolume
		d.Notes = append(d.Notes, "the volume is volCcy, in the base currency: vol counts contracts")
	}
	switch len(rows.items[0].items) {
	case 6: // index and mark prices have no volume: ts, o, h, l, c, confirm
		p.at = []place{placeTime, placeOpen, placeHigh, placeLow, placeClose, placeConfirm}
	case 9:
	default:
		p.at = p.at[:min(len(p.at), len(rows.items[0].items))]
	}
	d.Notes = append(d.Notes, "a candle whose confirm is 0 is unfinished and left out")
}

// okxContracts reports whether OKX's first volume counts contracts: then it is
// the second that, times the price, is about the third, the volume in the quote
// currency.
func okxContracts(rows *jsonNode) bool {
	for _, row := range rows.items {
		if len(row.items) < 8 {
			return false
		}
		price, vol, base, quote := row.number(4), row.number(5), row.number(6), row.number(7)
		if vol > 0 && base > 0 && quote > 0 && vol != base {
			return base < quote && near(base*price, quote) && !near(vol*price, quote)
		}
	}
	return false
}

// near reports whether two amounts agree within a fifth.
func near(x, y float64) bool { return x <= 1.2*y && y <= 1.2*x }

// newestNote warns of a candle that may be unfinished.
func newestNote(_ *jsonPlan, d *Description, _ *jsonNode, _ *head) {
	d.Notes = append(d.Notes, "the newest candle may be unfinished: the answer does not tell")
}

func adjustedNote(_ *jsonPlan, d *Description, rows *jsonNode, _ *head) {
	if rows.items[0].get("adjClose") != nil {
		d.Notes = append(d.Notes, "prices as traded, not those adjusted for splits and dividends")
	}
}

func freqtradeTrades(p *jsonPlan, d *Description, _ *jsonNode, _ *head) {
	p.at = []place{placeTime, placePass, placePass, placePass, placeClose, placeVolume}
	d.Kind, d.Title = Trades, "freqtrade trades (JSON)"
}

// freqtradeName reads a name that freqtrade gives its files:
// XRP_USDT_USDT-1h-futures.json, or with the exchange before it.
func freqtradeName(in Input) (symbol, interval, kind string, ok bool) {
	name := in.stem()
	for _, end := range []string{".json", ".feather", ".parquet"} {
		name = strings.TrimSuffix(name, end)
	}
	if i := strings.LastIndex(name, "__"); i >= 0 {
		name = name[i+2:]
	}
	parts := strings.Split(name, "-")
	if len(parts) < 2 || len(parts) > 3 {
		return "", "", "", false
	}
	base, quote, ok := strings.Cut(parts[0], "_")
	quote, _, _ = strings.Cut(quote, "_") // what a contract is settled in follows
	if !ok || base == "" || quote == "" || strings.ToUpper(parts[0]) != parts[0] {
		return "", "", "", false
	}
	if len(parts) == 3 {
		kind = parts[2]
	}
	return base + "/" + quote, parts[1], kind, true
}

func freqtradeSymbol(in Input) string {
	symbol, _, _, _ := freqtradeName(in)
	return symbol
}

// freqtradeInterval is the interval of a file by its name; 0 if it has none.
func freqtradeInterval(in Input) datasets.Interval {
	_, name, _, _ := freqtradeName(in)
	if name == "1w" {
		return 7 * datasets.Day
	}
	v, err := datasets.ParseInterval(name)
	if err != nil {
		return 0
	}
	return v
}

// freqtradeNotes says what the kind in a file's name means; an error is the
// refusal of files that hold no prices.
func freqtradeNotes(in Input) ([]string, error) {
	_, _, kind, _ := freqtradeName(in)
	switch kind {
	case "futures":
		return []string{"candles of a futures contract"}, nil
	case "mark", "index":
		return []string{kind + " prices of a futures contract, not its trades"}, nil
	case "funding_rate", "premiumIndex":
		return nil, &datasets.Refusal{File: in.String(), Problem: datasets.ErrType, Found: "a file of " + kind + " by its name",
			Expected: "prices", Remedy: "take the file of candles beside it"}
	}
	return nil, nil
}
