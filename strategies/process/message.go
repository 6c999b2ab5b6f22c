package process

import (
	"encoding/json"
	"math"
	"strconv"
)

// appendNumber writes a measure: the shortest text that reads back as the same
// float64, always with a point or an exponent; null for what is no number.
func appendNumber(b []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(b, "null"...)
	}
	from := len(b)
	b = strconv.AppendFloat(b, x, 'g', -1, 64)
	for _, c := range b[from:] {
		if c == '.' || c == 'e' {
			return b
		}
	}
	return append(b, ".0"...)
}

// appendNumbers writes an array of measures.
func appendNumbers(b []byte, values []float64) []byte {
	b = append(b, '[')
	for _, x := range values {
		b = appendNumber(b, x)
		b = append(b, ',')
	}
	return closed(b, ']')
}

// appendTimes writes an array of UTC ms.
func appendTimes(b []byte, times []int64) []byte {
	b = append(b, '[')
	for _, t := range times {
		b = strconv.AppendInt(b, t, 10)
		b = append(b, ',')
	}
	return closed(b, ']')
}

// closed ends an array or object, whose last element may have a comma behind it.
func closed(b []byte, end byte) []byte {
	if b[len(b)-1] == ',' {
		b[len(b)-1] = end
		return b
	}
	return append(b, end)
}

// object writes the fields of one JSON object.
type object struct{ b []byte }

func (o *object) key(name string) {
	o.b = append(o.b, '"')
	o.b = append(o.b, name...)
	o.b = append(o.b, '"', ':')
}

func (o *object) number(name string, x float64) {
	o.key(name)
	o.b = append(appendNumber(o.b, x), ',')
}

func (o *object) int(name string, x int64) {
	o.key(name)
	o.b = append(strconv.AppendInt(o.b, x, 10), ',')
}

func (o *object) bool(name string, x bool) {
	o.key(name)
	o.b = append(strconv.AppendBool(o.b, x), ',')
}

func (o *object) text(name, value string) {
	o.key(name)
	quoted, _ := json.Marshal(value) // of a string: can't fail
	o.b = append(append(o.b, quoted...), ',')
}

// begin and end enclose a list or an object, which is no field of one.
func (o *object) begin(bracket byte) { o.b = append(o.b, bracket) }

func (o *object) end(bracket byte) { o.b = append(closed(o.b, bracket), ',') }

// list begins a list that is left out if nothing comes into it; the result is
// for endList.
func (o *object) list(name string) (at, from int) {
	at = len(o.b)
	o.key(name)
	o.begin('[')
	return at, len(o.b)
}

func (o *object) endList(at, from int) {
	if len(o.b) == from {
		o.b = o.b[:at]
		return
	}
	o.end(']')
}

// line ends the message.
func (o *object) line() { o.b = append(closed(o.b, '}'), '\n') }
