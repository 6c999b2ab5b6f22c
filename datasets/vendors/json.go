package vendors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
)

// jsonFormats lists the formats of JSON: programs' files and the answers of
// exchanges' and vendors' servers, kept as they came.
func jsonFormats() []format {
	return []format{
		jsonFormat{"binance", "Binance klines (REST answer)"},
		jsonFormat{"bitfinex", "Bitfinex candles (REST answer)"},
		jsonFormat{"bybit", "Bybit klines (REST answer)"},
		jsonFormat{"coinbase", "Coinbase candles (REST answer)"},
		jsonFormat{"kraken", "Kraken OHLC (REST answer)"},
		jsonFormat{"okx", "OKX candlesticks (REST answer)"},
		jsonFormat{"polygon", "Polygon aggregates (REST answer)"},
		jsonFormat{"tiingo", "Tiingo prices (REST answer)"},
		jsonFormat{"freqtrade", "freqtrade JSON"},
		jsonFormat{"json", "JSON"},
	}
}

// jsonFormat is one way to write rows in JSON.
type jsonFormat struct {
	formatName, title string
}

func (f jsonFormat) name() string { return f.formatName }

// jsonHead is what a head is as JSON, found once for all formats that ask.
type jsonHead struct {
	root *jsonNode
	err  error // why it is none, or refused
	ids  map[jsonKey]jsonIdentity
}

// jsonKey is what was stated that decides whose JSON a text is.
type jsonKey struct {
	format string
	mapped bool
}

// survey surveys the head once.
func (h *head) survey() *jsonHead {
	if h.json != nil {
		return h.json
	}
	j := &jsonHead{ids: map[jsonKey]jsonIdentity{}}
	h.json = j
	if j.root, j.err = surveyJSON(h.bytes); j.err == nil {
		j.err = answerRefused(h.in.String(), j.root)
	}
	if j.err != nil {
		j.err = jsonDamage(h.in, j.err)
	}
	return j
}

// identify judges whose JSON the head is, once for what was stated.
func (j *jsonHead) identify(h *head, o Options) jsonIdentity {
	key := jsonKey{o.Format, o.Columns != nil}
	id, ok := j.ids[key]
	if !ok {
		id = identifyJSON(j.root, h, o)
		j.ids[key] = id
	}
	return id
}

func (f jsonFormat) detect(h *head, o Options) (Description, bool, error) {
	_, d, ok, err := f.plan(h, o)
	return d, ok, err
}

// plan finds out how to read a text of this format.
func (f jsonFormat) plan(h *head, o Options) (p jsonPlan, d Description, ok bool, err error) {
	if !looksLikeJSON(h.bytes) {
		return p, d, false, nil
	}
	j := h.survey()
	if j.err != nil {
		return p, d, false, j.err
	}
	id := j.identify(h, o)
	if id.format == "" && id.err == nil && f.formatName == "json" {
		id.err = unknownJSON(h, j.root)
	}
	if id.format != f.formatName {
		return p, d, false, id.err
	}
	p, d, err = f.lay(id, j.root, h, o)
	return p, d, err == nil, err
}

// lay finds the rows and how they lie.
func (f jsonFormat) lay(id jsonIdentity, root *jsonNode, h *head, o Options) (p jsonPlan, d Description, err error) {
	d = Description{Format: f.formatName, Title: f.title, Kind: Candles, Clock: "UTC"}
	rows := root.at(id.path)
	if id.lines && root.kind == beginObject {
		rows = &jsonNode{items: []*jsonNode{root}}
	}
	if rows == nil || len(rows.items) == 0 {
		return p, d, emptyAnswer(h.in.String())
	}
	p = jsonPlan{path: id.path, lines: id.lines}
	if id.places != nil {
		id.places(&p, &d, rows, h)
	}
	if err := p.columns(&d, rows, h, o); err != nil {
		return p, d, err
	}
	if err := p.clock(&d, rows, h, o); err != nil {
		return p, d, err
	}
	if d.Symbol == "" {
		d.Symbol = id.symbol
	}
	p.symbols(&d, root, rows, o)
	if o.Interval != 0 {
		d.Interval = o.Interval
	}
	return p, d, nil
}

func (f jsonFormat) read(ctx context.Context, in Input, _ Description, o Options, take func(Chunk) bool) error {
	h, err := in.head()
	if err != nil {
		return err
	}
	p, d, ok, err := f.plan(h, o)
	if err == nil && !ok {
		err = jsonDamage(in, errors.New("it changed while it was read"))
	}
	if err != nil {
		return err
	}
	r, err := in.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	turned, leftOut := &reversed{plan: &plan{Description: d}, in: in}, int64(0)
	defer turned.close()
	turned.give = func(c Chunk) bool {
		c.LeftOut, leftOut = leftOut, 0
		return take(c)
	}
	into := take
	if p.reverse {
		into = func(c Chunk) bool {
			leftOut += c.LeftOut
			return turned.keep(c)
		}
	}
	jr := jsonReader{ctx: ctx, in: in, plan: &p, scan: newJSONScanner(r), rows: newRowBuffer(d, o, into), wanted: o.Symbol, candles: d.Kind == Candles}
	if jr.wanted == "" {
		jr.wanted, jr.single = d.Symbol, true
	}
	if o.Zone != nil {
		jr.clock = newZone(o.Zone, o.ZoneAheadMS)
		ofTicks(jr.clock, d.Kind)
	}
	if jr.clock != nil && p.reverse && p.local { // a clock wants its readings in order of time
		turned.clock, jr.clock = jr.clock, universal{}
	}
	if err := jr.read(); err != nil || !p.reverse {
		return err
	}
	return turned.handOut(ctx)
}

// looksLikeJSON reports whether a text begins as JSON does: an object or an array
// with something in it that JSON has.
func looksLikeJSON(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) == 0 || b[0] != '{' && b[0] != '[' {
		return false
	}
	second := bytes.TrimLeft(b[1:], " \t\r\n")
	return len(second) > 0 && strings.IndexByte(`[]{}"-0123456789`, second[0]) >= 0
}

// unknownJSON is the refusal of JSON in which no rows are found.
func unknownJSON(h *head, root *jsonNode) error {
	return &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrSyntax, Found: "JSON without rows that are known: " + rowKeys(root),
		Expected: "an array of rows, or objects with time, open, high, low and close", Remedy: "take the array of rows out of it, or name the columns with --columns"}
}

// jsonDamage is the refusal of a text that is no JSON to its end.
func jsonDamage(in Input, cause error) error {
	if _, ok := errors.AsType[*datasets.Refusal](cause); ok {
		return cause
	}
	return &datasets.Refusal{File: in.String(), Problem: datasets.ErrCorrupt, Found: fmt.Sprintf("damaged JSON (%v)", cause),
		Expected: "a whole JSON text", Remedy: "fetch it again"}
}
