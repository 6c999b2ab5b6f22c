package vendors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// chunkRows is the rows of a chunk at most.
const chunkRows = 1 << 14

// rowReader turns the lines of a delimited text into chunks, as its plan says.
type rowReader struct {
	plan  *plan
	in    Input
	split splitter
	take  func(Chunk) bool

	time    []int64
	cols    [columnCount][]float64
	targets []target // the fields that become numbers
	quick   quickRow
	line    int64  // of the chunk's first row
	stopped bool   // take said no
	symbol  []byte // of the first row, where there is a column of symbols
	rows    int64

	scratch []byte               // a number without its decimal comma
	last    [columnCount]float64 // of files whose empty fields repeat the last value; 0 = none yet
	leftOut int64                // rows left out since the last chunk
}

// target is a field and the column that it fills.
type target struct{ field, column int }

// readRows streams an input's rows.
func readRows(ctx context.Context, in Input, p *plan, take func(Chunk) bool) error {
	if err := p.ready(in); err != nil {
		return err
	}
	r, err := in.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	rd := &rowReader{plan: p, in: in, split: splitter{separator: p.separator}, take: take}
	for k, i := range p.index {
		if i >= 0 {
			rd.targets = append(rd.targets, target{i, k})
		}
	}
	slices.SortStableFunc(rd.targets, func(a, b target) int { return a.field - b.field })
	rd.quick = newQuickRow(p, rd.targets)
	if p.reverse {
		turned := &reversed{plan: p, in: in, give: take}
		defer turned.close()
		turned.clock, p.time.clock = p.time.clock, nil // a clock wants its readings in order of time
		rd.take = turned.keep
		if err := rd.run(ctx, text.NewLines(r)); err != nil {
			return in.orDamaged(err)
		}
		return turned.handOut(ctx)
	}
	return in.orDamaged(rd.run(ctx, text.NewLines(r)))
}

// ready refuses what only the user can say.
func (p *plan) ready(in Input) error {
	switch {
	case !p.time.local || p.time.clock != nil:
	case p.time.dates:
		return datesUnplaced(in, p.firstLine)
	default:
		return zoneMissing(in, p.firstLine, p.Title)
	}
	if p.wanted == "" && len(p.Symbols) > 1 {
		return severalSymbols(in, p.Symbols)
	}
	return nil
}

func zoneMissing(in Input, line int64, title string) error {
	return &datasets.Refusal{File: in.String(), Line: line, Problem: datasets.ErrNoZone, Found: "times that name no zone (" + title + ")",
		Expected: "an offset from UTC, or the zone of the file's clock",
		Remedy: "import the file with --zone: UTC, America/New_York, or for a broker's terminal the zone of its server " +
			"(many run seven hours ahead of New York, so that a day ends at 17:00 there: America/New_York+7h)"}
}

func severalSymbols(in Input, symbols []string) error {
	const shown = 10
	list := strings.Join(symbols[:min(len(symbols), shown)], ", ")
	if len(symbols) > shown {
		list += ", …"
	}
	return &datasets.Refusal{File: in.String(), Problem: datasets.ErrPair, Found: "several symbols: " + list,
		Expected: "one", Remedy: "choose one with --symbol"}
}

// run reads all lines.
func (rd *rowReader) run(ctx context.Context, lines *text.Lines) error {
	for !rd.stopped {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return rd.in.damaged(err)
		}
		no := lines.Line()
		if no < rd.plan.firstLine {
			continue
		}
		if err := rd.row(line, no); err != nil {
			return err
		}
		if len(rd.time) == chunkRows {
			if err := ctx.Err(); err != nil {
				return err
			}
			rd.flush()
		}
	}
	rd.flush()
	if rd.rows == 0 && !rd.stopped {
		return rd.none()
	}
	return nil
}

// none is the refusal of a file in which nothing was found.
func (rd *rowReader) none() error {
	r := &datasets.Refusal{File: rd.in.String(), Problem: datasets.ErrEmpty, Found: "no row", Expected: "at least one", Remedy: "fetch the data again"}
	if rd.plan.wanted != "" {
		r.Found, r.Remedy = "no row of "+quoted(rd.plan.wanted), "choose a symbol that the file has"
	}
	return r
}

// row appends a line's row. The rows of a chunk are on consecutive lines, so
// that the line of any is known: a line that is none ends the chunk.
func (rd *rowReader) row(line []byte, no int64) error {
	p := rd.plan
	if line[0] == '#' || line[0] <= ' ' && len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	if ms, ok := rd.quick.read(line, &p.time); ok {
		rd.begin(ms, no)
		for i, t := range rd.targets {
			rd.cols[t.column] = append(rd.cols[t.column], rd.quick.numbers[i])
		}
		return nil
	}
	fields := rd.split.fields(line)
	if len(fields) != p.width && (len(fields) != p.width+1 || len(fields[p.width]) > 0) {
		return rd.wrongWidth(fields, line, no)
	}
	if p.symbolColumn >= 0 {
		if ok, err := rd.ofSymbol(fields[p.symbolColumn], no); !ok {
			return err
		}
	}
	ms, problem := p.time.millis(fields)
	if problem != nil {
		return rd.badTime(fields, no, problem)
	}
	rd.begin(ms, no)
	if p.zeroColumn >= 0 && !zeroNumber(fields[p.zeroColumn]) {
		return p.someVolume(rd.in, no, string(fields[p.zeroColumn]))
	}
	for _, t := range rd.targets {
		x, ok := rd.number(fields[t.field])
		if p.keeps {
			x, ok = rd.keep(t, x, ok, fields)
		}
		if !ok {
			return rd.badNumber(fields, t, no)
		}
		rd.cols[t.column] = append(rd.cols[t.column], x)
	}
	if p.keeps {
		rd.dropUnknown()
	}
	if p.both {
		return rd.otherSide(fields, no)
	}
	return nil
}

// number reads a price or a volume. Candles may lack one, which is NaN: what becomes
// of them is for policies to say.
func (rd *rowReader) number(field []byte) (x float64, ok bool) {
	if rd.plan.decimalComma {
		rd.scratch, ok = withPoint(rd.scratch[:0], field)
		if !ok {
			return 0, false
		}
		field = rd.scratch
	}
	if x, ok = text.Float(field); !ok && rd.plan.Kind == Candles && unknownNumber(string(field)) {
		return math.NaN(), true
	}
	return x, ok
}

// unknownNumber reports whether a field says that a number is not known, as pandas,
// R and databases write it.
func unknownNumber(field string) bool {
	return field == "" || field == "NA" || strings.EqualFold(field, "nan") || strings.EqualFold(field, "null")
}

// begin appends the time of a row; a line that does not follow the one before
// begins a chunk.
func (rd *rowReader) begin(ms, no int64) {
	if n := len(rd.time); n > 0 && no != rd.line+int64(n) {
		rd.flush()
	}
	if len(rd.time) == 0 {
		rd.line = no
	}
	rd.time = append(rd.time, ms)
}

// otherSide makes the row's candle of bid and ask: the side that is wanted, and
// both closes as quotes.
func (rd *rowReader) otherSide(fields [][]byte, no int64) error {
	p := rd.plan
	at := len(rd.time) - 1
	for k, i := range p.asks {
		ask, ok := rd.number(fields[i])
		if !ok {
			return rd.badNumber(fields, target{i, k}, no)
		}
		bid := rd.cols[k][at]
		if k == closeAt {
			rd.cols[bidAt], rd.cols[askAt] = append(rd.cols[bidAt], bid), append(rd.cols[askAt], ask)
		}
		switch p.side {
		case AskSide:
			rd.cols[k][at] = ask
		case Mid:
			rd.cols[k][at] = (bid + ask) / 2
		}
	}
	return nil
}

// ofSymbol reports whether a row is of the symbol to take.
func (rd *rowReader) ofSymbol(symbol []byte, no int64) (bool, error) {
	if rd.plan.wanted != "" {
		return string(symbol) == rd.plan.wanted, nil
	}
	if rd.symbol == nil {
		rd.symbol = bytes.Clone(symbol)
	}
	if bytes.Equal(symbol, rd.symbol) {
		return true, nil
	}
	err, _ := asRefusal(severalSymbols(rd.in, []string{printable(string(rd.symbol)), printable(string(symbol))}))
	err.Line = no
	return false, err
}

// flush hands out the chunk.
func (rd *rowReader) flush() {
	if len(rd.time) == 0 || rd.stopped {
		return
	}
	p := rd.plan
	for k, col := range rd.cols {
		switch {
		case len(col) == 0:
		case k == volumeAt:
			p.volume.apply(col)
			if p.Kind == Trades {
				magnitudes(col)
			}
		default:
			p.price.apply(col)
		}
	}
	rd.rows += int64(len(rd.time))
	rd.stopped = !rd.take(Chunk{Series: seriesOf(rd.time, &rd.cols), Line: rd.line, LeftOut: rd.leftOut})
	rd.leftOut = 0
	rd.time = rd.time[:0]
	for k := range rd.cols {
		rd.cols[k] = rd.cols[k][:0]
	}
}

// seriesOf returns columns as a series. Without an open, high and low are the
// close: such candles are known by their close alone.
func seriesOf(time []int64, cols *[columnCount][]float64) *market.Series {
	present := func(k int) []float64 {
		if len(cols[k]) == 0 {
			return nil
		}
		return cols[k]
	}
	s := &market.Series{Time: time, Open: present(openAt), High: present(highAt), Low: present(lowAt), Close: present(closeAt),
		Volume: present(volumeAt), Bid: present(bidAt), Ask: present(askAt)}
	if s.Open == nil {
		s.Open, s.High, s.Low = s.Close, s.Close, s.Close
	}
	return s
}

// wrongWidth refuses a row of more or fewer fields than the others.
func (rd *rowReader) wrongWidth(fields [][]byte, line []byte, no int64) error {
	if rd.headerAgain(fields) {
		return rd.refuseHeader(no)
	}
	remedy := "repair the line, or describe the file's layout"
	if len(fields) < rd.plan.width {
		remedy = "if it is the last line, the file breaks off: fetch it again; else repair the line"
	}
	return &datasets.Refusal{File: rd.in.String(), Line: no, Problem: datasets.ErrSyntax,
		Found: fmt.Sprintf("%d fields in %s", len(fields), quoted(line)), Expected: fmt.Sprintf("%d, as in the other rows", rd.plan.width), Remedy: remedy}
}

func (rd *rowReader) badTime(fields [][]byte, no int64, problem error) error {
	field := rd.plan.time.field(fields)
	switch {
	case rd.headerAgain(fields):
		return rd.refuseHeader(no)
	case spreadsheetTime(string(field)):
		return damagedBySpreadsheet(rd.in, no, string(field))
	case errors.Is(problem, datasets.ErrLocalTime):
		return &datasets.Refusal{File: rd.in.String(), Line: no, Problem: problem,
			Found:    fmt.Sprintf("the time %s, which the clock of %s skipped", quoted(field), rd.plan.Clock),
			Expected: "a time that exists", Remedy: "give the zone in which the file was written"}
	}
	expected := "a time as in the rows before, in the layout " + rd.plan.time.layout
	if rd.plan.time.epoch != 0 {
		expected = "whole " + rd.plan.time.epoch.String() + " since 1970, as in the rows before"
	}
	return &datasets.Refusal{File: rd.in.String(), Line: no, Problem: datasets.ErrSyntax, Found: "the time " + quoted(field),
		Expected: expected, Remedy: "repair the line, or state the layout with --time-format"}
}

func (rd *rowReader) badNumber(fields [][]byte, t target, no int64) error {
	if rd.headerAgain(fields) {
		return rd.refuseHeader(no)
	}
	field := fields[t.field]
	r := &datasets.Refusal{File: rd.in.String(), Line: no, Problem: datasets.ErrSyntax,
		Found: columnNames[t.column] + " " + quoted(field), Expected: "a number", Remedy: "repair the line, or describe the file's layout with --columns"}
	switch {
	case len(field) == 0:
		r.Problem, r.Found = datasets.ErrNull, "no "+columnNames[t.column]
		r.Remedy = "remove the row, or repair it"
	case bytes.EqualFold(field, []byte("null")) || bytes.EqualFold(field, []byte("none")) || bytes.EqualFold(field, []byte("n/a")):
		r.Problem, r.Remedy = datasets.ErrNull, "remove the row, or repair it"
	case bytes.IndexByte(field, ',') >= 0:
		r.Expected, r.Remedy = "a number with a decimal point and nothing between its digits", "write the file with decimal points and without thousands separators"
	}
	return r
}

// headerAgain reports whether a row is the header once more, or one where none was
// expected.
func (rd *rowReader) headerAgain(fields [][]byte) bool {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	return rd.plan.header != nil && slices.Equal(names, rd.plan.header) || namesColumns(names)
}

func (rd *rowReader) refuseHeader(no int64) error {
	return &datasets.Refusal{File: rd.in.String(), Line: no, Problem: datasets.ErrSyntax, Found: "a header in the midst of the rows: files were joined",
		Expected: "rows", Remedy: "remove the line, or import the files one by one, which joins them"}
}
