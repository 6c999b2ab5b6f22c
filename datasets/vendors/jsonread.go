package vendors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// jsonReader streams the rows of a JSON text as its plan says.
type jsonReader struct {
	ctx     context.Context
	in      Input
	plan    *jsonPlan
	scan    *jsonScanner
	clock   clock // of local times; nil = they are refused
	rows    *rowBuffer
	wanted  string // the symbol to take; "" = rows have none
	candles bool   // rows may lack a number, which is NaN
	single  bool   // wanted is the file's only symbol so far, not the user's choice
	row     int64  // rows read
	current rowValues
	other   bool  // the current block of rows is of another symbol
	before  int64 // rows before the current block

	passed bool  // rows of other symbols were passed over
	lastMS int64 // the time of the last finished row; 0 = not told
}

// read reads the text to its end.
func (r *jsonReader) read() error {
	for texts := 0; !r.rows.stopped; texts++ {
		t, err := r.scan.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && texts > 0 && !r.plan.lines {
			err = errors.New("more than one JSON text")
		}
		if err == nil && r.plan.lines {
			err = r.oneRow(t)
		} else if err == nil {
			err = r.descend(t, r.plan.path)
		}
		if err != nil && !errors.Is(err, errStopped) {
			return r.damaged(err)
		}
	}
	if r.lastMS != 0 {
		r.rows.dropAfter(r.lastMS)
	}
	r.rows.finish()
	if r.rows.handed == 0 && !r.rows.stopped {
		err, _ := asRefusal(emptyAnswer(r.in.String()))
		if r.passed {
			err.Found, err.Remedy = "no row of "+quoted(r.wanted), "choose a symbol that the file has"
		}
		return err
	}
	return nil
}

// damaged says where the text is damaged.
func (r *jsonReader) damaged(err error) error {
	if _, ok := asRefusal(err); ok || r.ctx.Err() != nil {
		return err
	}
	return &datasets.Refusal{File: r.in.String(), Row: r.row + 1, Problem: datasets.ErrCorrupt,
		Found: fmt.Sprintf("damaged JSON (%v)", err), Expected: "a whole JSON text", Remedy: "fetch it again"}
}

// descend follows the path to the rows through a value that begins with t, and
// passes over everything beside it.
func (r *jsonReader) descend(t jsonToken, path []string) error {
	switch {
	case len(path) == 0:
		return r.all(t)
	case path[0] == eachRow && t.kind == beginArray:
		return r.elements(func(t jsonToken) error {
			r.other, r.before = false, r.row
			return r.descend(t, path[1:])
		})
	case t.kind != beginObject:
		return r.skip(t)
	}
	for {
		key, err := r.scan.next()
		if err != nil || key.kind == endObject {
			return orTruncated(err)
		}
		name := string(key.text)
		t, err := r.scan.next()
		if err != nil {
			return orTruncated(err)
		}
		switch {
		case name == path[0], path[0] == anyKey && t.kind == beginArray:
			err = r.descend(t, path[1:])
		case name == r.plan.lastKey && t.kind == numberToken:
			r.lastMS, _, err = r.plan.time(t.text)
		case name == "ticker" && r.plan.path[0] == eachRow && t.kind == stringToken:
			err = r.block(string(t.text))
		default:
			err = r.skip(t)
		}
		if err != nil {
			return err
		}
	}
}

// elements hands on the first token of every element of an array that has begun.
func (r *jsonReader) elements(take func(jsonToken) error) error {
	for {
		t, err := r.scan.next()
		if err != nil || t.kind == endArray {
			return orTruncated(err)
		}
		if err := take(t); err != nil {
			return err
		}
	}
}

// skip passes over the rest of a value that begins with t.
func (r *jsonReader) skip(t jsonToken) error {
	for depth := 0; ; {
		switch t.kind {
		case beginArray, beginObject:
			depth++
		case endArray, endObject:
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if t, err = r.scan.next(); err != nil {
			return orTruncated(err)
		}
	}
}

// block judges whether the rows that follow are of the wanted symbol.
func (r *jsonReader) block(symbol string) (err error) {
	if r.other, err = r.foreign(symbol); r.other && err == nil && r.row > r.before {
		err = r.refuse("the symbol "+quoted(symbol)+" behind its rows", "the symbol before the rows, to tell which to take")
	}
	return err
}

// foreign reports whether a symbol is not the wanted one. A second symbol that
// the user has not decided on is refused.
func (r *jsonReader) foreign(symbol string) (bool, error) {
	if symbol == r.wanted {
		return false, nil
	}
	if r.wanted == "" || r.single {
		return true, &datasets.Refusal{File: r.in.String(), Row: r.row + 1, Problem: datasets.ErrPair,
			Found: "several symbols, " + quoted(symbol) + " among them", Expected: "one", Remedy: "choose one with --symbol"}
	}
	r.passed = true
	return true, nil
}

// all reads the array of rows.
func (r *jsonReader) all(t jsonToken) error {
	if t.kind != beginArray {
		return r.skip(t)
	}
	return r.elements(r.oneRow)
}

// oneRow reads a row that begins with t.
func (r *jsonReader) oneRow(t jsonToken) error {
	if r.other {
		return r.skip(t)
	}
	if r.row++; r.row&0xfff == 0 {
		if err := r.ctx.Err(); err != nil {
			return err
		}
	}
	row := &r.current
	*row = rowValues{}
	var err error
	switch t.kind {
	case beginArray:
		err = r.array(row)
	case beginObject:
		err = r.object(row)
	default:
		err = r.refuse("the value "+quoted(t.text), "a row")
	}
	if err != nil {
		return err
	}
	if missing := r.rows.missing(row.have); missing != 0 {
		return r.refuse("a row without "+missing.String(), "the columns of the first row")
	}
	if row.have&haveTime == 0 {
		return r.refuse("a row without a time", "a time in every row")
	}
	if row.leftOut {
		r.rows.leftOut++
		return nil
	}
	if row.other {
		return nil
	}
	if row.local { // not before the row is known to be wanted: a clock wants its readings in order
		if row.ms, err = r.utc(row.ms); err != nil {
			return err
		}
	}
	if r.rows.add(row); r.rows.stopped {
		return errStopped
	}
	return nil
}

func (r *jsonReader) array(row *rowValues) error {
	for i := 0; ; i++ {
		t, err := r.scan.next()
		if err != nil || t.kind == endArray {
			return orTruncated(err)
		}
		if i < len(r.plan.at) && r.plan.at[i] != placePass {
			err = r.value(row, r.plan.at[i], t)
		} else {
			err = r.skip(t)
		}
		if err != nil {
			return err
		}
	}
}

func (r *jsonReader) object(row *rowValues) error {
	for {
		key, err := r.scan.next()
		if err != nil || key.kind == endObject {
			return orTruncated(err)
		}
		x := r.plan.named[string(key.text)]
		t, err := r.scan.next()
		if err != nil {
			return orTruncated(err)
		}
		if x == placePass {
			err = r.skip(t)
		} else {
			err = r.value(row, x, t)
		}
		if err != nil {
			return err
		}
	}
}

// value reads one value of a row into its place.
func (r *jsonReader) value(row *rowValues, x place, t jsonToken) (err error) {
	switch {
	case t.kind == wordToken && string(t.text) == "null" && x != placeSymbol && (x < placeOpen || x > placeVolume || !r.candles):
		return r.refuse("a null "+placeName(x), "a value in every row")
	case !t.scalar():
		return r.refuse("a list or an object", "a "+placeName(x))
	case x == placeTime:
		row.have |= haveTime
		row.ms, row.local, err = r.time(t.text)
		return err
	case x == placeConfirm:
		row.leftOut = string(t.text) == "0"
		return nil
	case x == placeSymbol:
		row.other, err = r.foreign(string(t.text))
		return err
	}
	number, ok := text.Float(t.text)
	if !ok && r.candles && unknownNumber(string(t.text)) {
		number, ok = math.NaN(), true
	}
	if !ok {
		return r.refuse(placeName(x)+" "+quoted(t.text), "a number")
	}
	row.x[x-placeOpen] = number
	row.have |= datasets.Open << (x - placeOpen)
	return nil
}

// time reads a time; local says that it is a reading of the file's clock.
func (r *jsonReader) time(b []byte) (ms int64, local bool, err error) {
	ms, local, err = r.plan.time(b)
	switch {
	case err != nil:
		return 0, false, timeRefusal(r.in, r.row, string(b))
	case local && r.clock == nil:
		err, _ := asRefusal(zoneMissing(r.in, 0, "JSON"))
		err.Row = r.row
		return 0, false, err
	}
	return ms, local, nil
}

// utc turns a reading of the file's clock into UTC ms.
func (r *jsonReader) utc(local int64) (int64, error) {
	utc, ok := r.clock.UTC(local)
	if !ok {
		return 0, &datasets.Refusal{File: r.in.String(), Row: r.row, Problem: datasets.ErrLocalTime,
			Found: time.UnixMilli(local).UTC().Format(time.DateTime) + ", which the clock skipped", Expected: "a time that exists", Remedy: "give the zone in which the file was written"}
	}
	return utc, nil
}

func (r *jsonReader) refuse(found, expected string) error {
	return &datasets.Refusal{File: r.in.String(), Row: r.row, Problem: datasets.ErrSyntax, Found: found, Expected: expected,
		Remedy: "repair the row or fetch the data again"}
}

// placeName names a place for messages.
func placeName(x place) string {
	switch x {
	case placePass:
		return ""
	case placeTime:
		return "time"
	case placeConfirm:
		return "confirm"
	case placeSymbol:
		return "symbol"
	}
	return (datasets.Open << (x - placeOpen)).String()
}
