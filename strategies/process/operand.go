package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// operand is one side of a condition: the value of a column, of an indicator, or
// a number.
type operand struct {
	column    func(sim.Candles) []float64 // nil: no column
	indicator indicator.Indicator         // nil: none
	output    int
	number    float64

	taken int // candles that the indicator has taken
}

// parseOperand reads a side of a condition for candles that have some columns.
func parseOperand(text string, have columns) (operand, error) {
	for _, c := range priceColumns() {
		if c.name != text {
			continue
		}
		if have.prices&c.bit == 0 {
			return operand{}, wrong("a condition on "+text, "a column that the pair has: "+strings.Join(have.names(), ", "), "")
		}
		return operand{column: func(of sim.Candles) []float64 { return columnOf(of, c.bit) }}, nil
	}
	call, output := text, ""
	if end := strings.LastIndexByte(text, ')') + 1; end > 0 && end < len(text) && text[end] == '.' {
		call, output = text[:end], text[end+1:]
	}
	made, spec, err := indicator.New(call)
	if err != nil {
		return operand{}, wrong("a condition of which one side is neither a column nor an indicator ("+err.Error()+")",
			"close, sma(20), bollinger(20,2).upper …", "")
	}
	place := 0
	if output != "" {
		if place = slices.Index(spec.Outputs, output); place < 0 {
			return operand{}, wrong(fmt.Sprintf("the output %s of %s", cut([]byte(output)), spec.Name),
				"one of "+strings.Join(spec.Outputs, ", "), "")
		}
	}
	return operand{indicator: made, output: place}, nil
}

// parseOf reads the right side of a condition: text, or a number.
func parseOf(raw json.RawMessage, have columns) (operand, error) {
	raw = bytes.TrimSpace(raw)
	var number float64
	var text string
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
	case json.Unmarshal(raw, &number) == nil:
		return operand{number: number}, nil
	case json.Unmarshal(raw, &text) == nil:
		return parseOperand(text, have)
	}
	return operand{}, wrong(`a condition with "of" `+cut(raw), `a number, a column or an indicator: "of":"sma(50)"`, "")
}

// at is the value after candle i; NaN if there is none. Indicators take candles
// in order: i is not before that of the last call.
func (o *operand) at(c sim.Candles, i int) float64 {
	switch {
	case o.column != nil:
		return o.column(c)[i]
	case o.indicator != nil:
		bars := indicator.Bars{Open: c.Open(), High: c.High(), Low: c.Low(), Close: c.Close(), Volume: c.Volume()}
		for ; o.taken <= i; o.taken++ {
			o.indicator.Take(bars, o.taken)
		}
		return o.indicator.Value(o.output)
	}
	return o.number
}
