package indicator

import (
	"fmt"
	"strconv"
	"strings"
)

// maxText bounds what is read as an indicator, bytes.
const maxText = 200

// New makes the indicator that a text asks for: "sma(20)"; "macd" or "macd()"
// with its defaults; "macd(5)" with defaults for the rest.
func New(text string) (Indicator, Spec, error) {
	spec, args, err := Parse(text)
	if err != nil {
		return nil, Spec{}, err
	}
	return spec.make(args), spec, nil
}

// Parse reads an indicator as New does, and returns its arguments, all of them.
func Parse(text string) (Spec, []float64, error) {
	if len(text) > maxText {
		return Spec{}, nil, fmt.Errorf("found %s, %d bytes; expected an indicator such as sma(20)", quoted(text), len(text))
	}
	name, list, called := strings.Cut(strings.TrimSpace(text), "(")
	spec, err := Find(strings.TrimSpace(name))
	if err != nil {
		return Spec{}, nil, err
	}
	var given []float64
	if called {
		inner, closed := strings.CutSuffix(list, ")")
		if !closed {
			return Spec{}, nil, fmt.Errorf("%s: found %s; expected it to end with a parenthesis: %s", spec.Name, quoted(text), spec.Signature())
		}
		if given, err = spec.numbers(inner); err != nil {
			return Spec{}, nil, err
		}
	}
	args, err := spec.Complete(given)
	return spec, args, err
}

// numbers reads arguments that commas separate; nothing is none.
func (s Spec) numbers(list string) ([]float64, error) {
	if strings.TrimSpace(list) == "" {
		return nil, nil
	}
	var args []float64
	for text := range strings.SplitSeq(list, ",") {
		text = strings.TrimSpace(text)
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: found %s; expected a number, as in %s", s.Name, quoted(text), s.Text(s.defaults()))
		}
		args = append(args, x)
	}
	return args, nil
}

func (s Spec) defaults() []float64 {
	args := make([]float64, 0, len(s.Args))
	for _, a := range s.Args {
		args = append(args, a.Default)
	}
	return args
}
