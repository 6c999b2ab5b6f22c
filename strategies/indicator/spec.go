package indicator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
)

// Spec describes an indicator that can be asked for by name, as a script or a
// program does: sma(20), macd(12,26,9).
type Spec struct {
	Name    string
	Args    []Arg
	Outputs []string // the first is the one that is meant when none is named
	Doc     string   // a line

	make func(args []float64) Indicator // from arguments that are complete and allowed
}

// Arg is a number that an indicator is made with.
type Arg struct {
	Name    string
	Default float64
	Whole   bool // an integer
	Least   float64
	Most    float64
}

// Specs returns the indicators that can be asked for by name, in alphabetical
// order.
func Specs() []Spec {
	return []Spec{
		{"atr", periods(14, 1), value(), "Wilder's average true range",
			func(args []float64) Indicator { return NewATR(int(args[0])) }},
		{"bollinger", append(periods(20, 2), Arg{Name: "deviations", Default: 2, Least: 0, Most: maxDeviations}),
			[]string{"middle", "upper", "lower", "percent_b"}, "Bollinger's bands around the simple moving average of closes",
			func(args []float64) Indicator { return NewBollinger(int(args[0]), args[1]) }},
		{"donchian", periods(20, 1), []string{"upper", "lower", "middle"}, "highest high and lowest low of the period, this candle included",
			func(args []float64) Indicator { return NewDonchian(int(args[0])) }},
		{"ema", periods(20, 1), value(), "exponential moving average of closes, which starts as the simple one",
			func(args []float64) Indicator { return NewEMA(int(args[0])) }},
		{"highest", periods(20, 1), value(), "highest high of the period, this candle included",
			func(args []float64) Indicator { return NewHighest(int(args[0])) }},
		{"lowest", periods(20, 1), value(), "lowest low of the period, this candle included",
			func(args []float64) Indicator { return NewLowest(int(args[0])) }},
		{"macd", []Arg{periodArg("fast", 12, 1), periodArg("slow", 26, 1), periodArg("signal", 9, 1)},
			[]string{"macd", "signal", "histogram"}, "Appel's moving average convergence/divergence of closes",
			func(args []float64) Indicator { return NewMACD(int(args[0]), int(args[1]), int(args[2])) }},
		{"momentum", periods(10, 1), value(), "close less the close a period earlier",
			func(args []float64) Indicator { return NewMomentum(int(args[0])) }},
		{"roc", periods(10, 1), value(), "rate of change: the return of the close over the period, a fraction",
			func(args []float64) Indicator { return NewROC(int(args[0])) }},
		{"rsi", periods(14, 1), value(), "Wilder's relative strength index of closes, from 0 to 100",
			func(args []float64) Indicator { return NewRSI(int(args[0])) }},
		{"sma", periods(20, 1), value(), "simple moving average of closes",
			func(args []float64) Indicator { return NewSMA(int(args[0])) }},
		{"stdev", periods(20, 2), value(), "standard deviation of closes, as of a population",
			func(args []float64) Indicator { return NewStDev(int(args[0])) }},
		{"volatility", periods(20, 2), value(), "standard deviation of the log returns of closes, as of a sample, a candle",
			func(args []float64) Indicator { return NewVolatility(int(args[0])) }},
		{"wma", periods(20, 1), value(), "linearly weighted moving average of closes",
			func(args []float64) Indicator { return NewWMA(int(args[0])) }},
	}
}

// maxDeviations bounds the bands' width: prices are nowhere near it.
const maxDeviations = 1000

func value() []string { return []string{"value"} }

// periods is the arguments of an indicator that takes a period alone.
func periods(preset float64, least float64) []Arg { return []Arg{periodArg("period", preset, least)} }

func periodArg(name string, preset, least float64) Arg {
	return Arg{Name: name, Default: preset, Whole: true, Least: least, Most: MaxPeriod}
}

// Find returns the spec of that name.
func Find(name string) (Spec, error) {
	var names []string
	for _, s := range Specs() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Spec{}, fmt.Errorf("found the unknown indicator %s%s; expected one of %s",
		quoted(name), suggest.DidYouMean(name, names), strings.Join(names, ", "))
}

// New makes one. Arguments at the end that are not given have their defaults.
// Errors name the argument, what was found and what is allowed.
func (s Spec) New(args []float64) (Indicator, error) {
	complete, err := s.Complete(args)
	if err != nil {
		return nil, err
	}
	return s.make(complete), nil
}

// Complete appends the defaults of the arguments that are not given, and refuses
// those that are not allowed.
func (s Spec) Complete(args []float64) ([]float64, error) {
	if len(args) > len(s.Args) {
		return nil, fmt.Errorf("%s: found %d arguments; expected at most %d: %s", s.Name, len(args), len(s.Args), s.Signature())
	}
	complete := slices.Clone(args)
	for _, a := range s.Args[len(args):] {
		complete = append(complete, a.Default)
	}
	for i, a := range s.Args {
		if err := a.check(complete[i]); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", s.Name, a.Name, err)
		}
	}
	return complete, nil
}

func (a Arg) check(x float64) error {
	kind := "a number"
	if a.Whole {
		kind = "a whole number"
	}
	// A number that isn't one fails both comparisons.
	if !(x >= a.Least && x <= a.Most) || a.Whole && x != float64(int(x)) {
		return fmt.Errorf("found %s; expected %s from %s to %s", number(x), kind, number(a.Least), number(a.Most))
	}
	return nil
}

// Output is the place of the output of that name; the first, if it is "".
func (s Spec) Output(name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	if i := slices.Index(s.Outputs, name); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("%s: found the unknown output %s%s; expected one of %s",
		s.Name, quoted(name), suggest.DidYouMean(name, s.Outputs), strings.Join(s.Outputs, ", "))
}

// Signature is how it is asked for, with its defaults: macd(fast=12, slow=26,
// signal=9).
func (s Spec) Signature() string {
	texts := make([]string, 0, len(s.Args))
	for _, a := range s.Args {
		texts = append(texts, a.Name+"="+number(a.Default))
	}
	return s.Name + "(" + strings.Join(texts, ", ") + ")"
}

// Text is how it is asked for with these arguments, in one spelling, which Parse
// reads back: macd(12,26,9).
func (s Spec) Text(args []float64) string {
	texts := make([]string, 0, len(args))
	for _, x := range args {
		texts = append(texts, number(x))
	}
	return s.Name + "(" + strings.Join(texts, ",") + ")"
}

// number writes a number for a person, whole ones without an exponent.
func number(x float64) string {
	if x == float64(int64(x)) && x > -1e15 && x < 1e15 {
		return strconv.FormatInt(int64(x), 10)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// quoted is a text as messages show it.
func quoted(text string) string {
	switch {
	case text == "":
		return "nothing"
	case len(text) > maxQuoted:
		return strconv.Quote(text[:maxQuoted]) + " …"
	}
	return strconv.Quote(text)
}

// maxQuoted is how much of a text a message shows, bytes.
const maxQuoted = 40
