package reports

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// encoder writes canonical JSON: the fields in the order of their declaration,
// numbers as the shortest text that reads back as the same number, no number as
// null, and never a map. The same values make the same bytes.
//
// It exists beside encoding/json because that knows neither null for NaN nor
// one record a line, and takes several times as long.
type encoder struct {
	out   []byte
	plans map[reflect.Type][]jsonField
}

// jsonField is a field of a struct and its key as JSON writes it, colon and all.
type jsonField struct {
	index    int
	key      string
	optional bool // a document leaves it out where it is zero
}

// plan returns the fields of a struct that its json tags name.
func (e *encoder) plan(t reflect.Type) []jsonField {
	if fields, ok := e.plans[t]; ok {
		return fields
	}
	var fields []jsonField
	for i := range t.NumField() {
		name, rest, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			fields = append(fields, jsonField{i, `"` + name + `":`, rest == "omitempty"})
		}
	}
	if e.plans == nil {
		e.plans = make(map[reflect.Type][]jsonField)
	}
	e.plans[t] = fields
	return fields
}

// document writes a struct with a field a line, and of its lists an element a line.
func (e *encoder) document(v reflect.Value) {
	separator := "{\n"
	for _, f := range e.plan(v.Type()) {
		field := v.Field(f.index)
		if f.optional && field.IsZero() {
			continue
		}
		e.text(separator)
		separator = ",\n"
		e.text(f.key)
		switch keyed, ok := field.Interface().(keyed); {
		case ok:
			e.object(field, keyed)
		case field.Kind() == reflect.Slice:
			e.list(field, "\n ", "\n")
		default:
			e.value(field)
		}
	}
	e.text("\n}\n")
}

// keyed is a list that JSON writes as an object.
type keyed interface{ key(i int) string }

// object writes a list as an object, an element a line.
func (e *encoder) object(list reflect.Value, keys keyed) {
	e.text("{")
	for i := range list.Len() {
		e.comma(i)
		e.text("\n ")
		e.key(keys.key(i))
		e.value(list.Index(i))
	}
	if list.Len() > 0 {
		e.text("\n")
	}
	e.text("}")
}

// value writes a value on one line.
func (e *encoder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Invalid:
		e.text("null")
	case reflect.Float64:
		e.number(v.Float())
	case reflect.String:
		e.string(v.String())
	case reflect.Int, reflect.Int64:
		e.out = strconv.AppendInt(e.out, v.Int(), 10)
	case reflect.Uint64:
		e.out = strconv.AppendUint(e.out, v.Uint(), 10)
	case reflect.Bool:
		e.out = strconv.AppendBool(e.out, v.Bool())
	case reflect.Pointer:
		e.value(v.Elem())
	case reflect.Slice:
		e.list(v, "", "")
	case reflect.Struct:
		e.record(v)
	default:
		panic("reports: no JSON for a " + v.Type().String())
	}
}

// list writes an array, each element after a text, the end after another.
func (e *encoder) list(v reflect.Value, before, end string) {
	if v.Type() == reflect.TypeFor[Params]() {
		e.params(v.Interface().(Params))
		return
	}
	e.text("[")
	for i := range v.Len() {
		e.comma(i)
		e.text(before)
		e.value(v.Index(i))
	}
	if v.Len() > 0 {
		e.text(end)
	}
	e.text("]")
}

func (e *encoder) record(v reflect.Value) {
	if v.CanAddr() {
		if x, ok := v.Addr().Interface().(*scoring.Value); ok {
			e.number(x.Or(math.NaN()))
			return
		}
	}
	e.text("{")
	for i, f := range e.plan(v.Type()) {
		e.comma(i)
		e.text(f.key)
		e.value(v.Field(f.index))
	}
	e.text("}")
}

func (e *encoder) params(params Params) {
	e.text("{")
	for i, p := range params {
		e.comma(i)
		e.key(p.Name)
		e.string(p.Value)
	}
	e.text("}")
}

func (e *encoder) key(name string) {
	e.string(name)
	e.text(":")
}

func (e *encoder) comma(i int) {
	if i > 0 {
		e.text(",")
	}
}

func (e *encoder) text(s string) { e.out = append(e.out, s...) }

// number writes a number as encoding/json does, and null for what is none. A
// zero has no sign.
func (e *encoder) number(x float64) {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		e.text("null")
	case a == 0:
		e.text("0")
	case a >= 1e-6 && a < 1e21:
		e.out = strconv.AppendFloat(e.out, x, 'f', -1, 64)
	default:
		e.out = strconv.AppendFloat(e.out, x, 'e', -1, 64)
		if n := len(e.out); e.out[n-4] == 'e' && e.out[n-2] == '0' { // e-07 is e-7
			e.out = append(e.out[:n-2], e.out[n-1])
		}
	}
}

func (e *encoder) string(s string) {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			text, err := json.Marshal(s)
			if err != nil {
				panic(err) // a string always has its JSON
			}
			e.out = append(e.out, text...)
			return
		}
	}
	e.out = append(e.out, '"')
	e.out = append(e.out, s...)
	e.out = append(e.out, '"')
}

// parseInstant reads what instant writes.
func parseInstant(text string) (ms int64, err error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	return t.UnixMilli(), err
}
