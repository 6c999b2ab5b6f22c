package scoring

import (
	"encoding/json"
	"math"
)

// Value is a number that may not exist. The zero Value is unknown. In JSON it
// is the number, or null.
type Value struct {
	number float64
	known  bool
}

// Known returns x as a Value. NaN and the infinities are no numbers: they
// become the unknown Value. Minus zero becomes zero.
func Known(x float64) Value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Value{}
	}
	if x == 0 {
		x = 0
	}
	return Value{number: x, known: true}
}

// Get returns the number and whether it exists.
func (v Value) Get() (x float64, known bool) { return v.number, v.known }

// Or returns the number, or otherwise where there is none.
func (v Value) Or(otherwise float64) float64 {
	if v.known {
		return v.number
	}
	return otherwise
}

// MarshalJSON writes the number, or null.
func (v Value) MarshalJSON() ([]byte, error) {
	if !v.known {
		return []byte("null"), nil
	}
	return json.Marshal(v.number)
}

// UnmarshalJSON reads a number or null.
func (v *Value) UnmarshalJSON(data []byte) error {
	var number *float64
	if err := json.Unmarshal(data, &number); err != nil {
		return err
	}
	*v = Value{}
	if number != nil {
		*v = Known(*number)
	}
	return nil
}
