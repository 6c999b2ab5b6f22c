package strategies

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market/suggest"
)

// Param is one parameter of a strategy.
type Param struct {
	Name    string
	Kind    Kind
	Default string // as a person would write it; "" is nothing
	Range   string // what is allowed, in words
	Doc     string

	set func(text string) error // the strategy's field from a text
	get func() string           // and back
}

// Kind is the kind of a parameter's value.
type Kind string

// The kinds.
const (
	Integer Kind = "integer"
	Number  Kind = "number"
	Choice  Kind = "choice"
	Switch  Kind = "switch" // true or false
	Text    Kind = "text"
	Pairs   Kind = "pairs"    // ids apart by commas
	Length  Kind = "interval" // of candles: 5m, 1h, 1d
)

// Setting is the value of a parameter, as text.
type Setting struct{ Name, Value string }

// ParseSetting reads "name=value".
func ParseSetting(text string) (Setting, error) {
	name, value, ok := strings.Cut(text, "=")
	if name = strings.TrimSpace(name); !ok || name == "" {
		return Setting{}, fmt.Errorf("found %q; expected name=value, such as fast=20", text)
	}
	return Setting{name, strings.TrimSpace(value)}, nil
}

// NewParam makes a parameter of a kind that no other function here makes: get
// writes the field as a text, set reads it and refuses what is not allowed. Its
// default is what the field holds.
func NewParam(p Param, get func() string, set func(text string) error) Param {
	p.get, p.set = get, set
	return newParam(p)
}

// Set sets the strategy's field from a text, and refuses what is not allowed.
func (p Param) Set(text string) error { return p.set(text) }

// Renamed is the same parameter under another name, its default what the field
// holds now: a wrapper offers those of what it wraps.
func (p Param) Renamed(name string) Param {
	p.Name = name
	return newParam(p)
}

// newParam completes a parameter: its default is what the field holds.
func newParam(p Param) Param {
	p.Default = p.get()
	return p
}

// IntParam is a whole number.
func IntParam(name string, field *int, least, most int, doc string) Param {
	return newParam(Param{
		Name: name, Kind: Integer, Range: fmt.Sprintf("from %d to %d", least, most), Doc: doc,
		get: func() string { return strconv.Itoa(*field) },
		set: func(text string) error {
			x, err := strconv.Atoi(text)
			if err != nil || x < least || x > most {
				return fmt.Errorf("found %s; expected a whole number from %d to %d", quoted(text), least, most)
			}
			*field = x
			return nil
		},
	})
}

// maxLeverage bounds a leverage parameter: what an order may ask for. Rules §2.
const maxLeverage = 500

// NumberParam is a number from least to most, both allowed.
func NumberParam(name string, field *float64, least, most float64, doc string) Param {
	allowed := fmt.Sprintf("from %s to %s", number(least), number(most))
	return newParam(Param{
		Name: name, Kind: Number, Range: allowed, Doc: doc,
		get: func() string { return number(*field) },
		set: func(text string) error {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil || !(x >= least && x <= most) {
				return fmt.Errorf("found %s; expected a number %s", quoted(text), allowed)
			}
			*field = x + 0 // no negative zero
			return nil
		},
	})
}

// SwitchParam is true or false.
func SwitchParam(name string, field *bool, doc string) Param {
	return newParam(Param{
		Name: name, Kind: Switch, Range: "true, false", Doc: doc,
		get: func() string { return strconv.FormatBool(*field) },
		set: func(text string) error {
			if text != "true" && text != "false" {
				return fmt.Errorf("found %s; expected true or false", quoted(text))
			}
			*field = text == "true"
			return nil
		},
	})
}

// IntervalParam is the length of candles, ms; 0 is that of the run's.
func IntervalParam(field *int64) Param {
	return newParam(Param{
		Name: "interval", Kind: Length, Range: "5m, 1h, 1d …", Doc: "length of the candles it looks at, a multiple of the run's; nothing means the run's",
		get: func() string {
			if *field == 0 {
				return ""
			}
			return datasets.Interval(*field).String()
		},
		set: func(text string) error {
			if *field = 0; text == "" {
				return nil
			}
			interval, err := datasets.ParseInterval(text)
			*field = int64(interval)
			return err
		},
	})
}

// autoInterval is how AutoInterval is written.
const autoInterval = "auto"

// autoIntervalParam is an IntervalParam that may be AutoInterval as well.
func autoIntervalParam(field *int64) Param {
	plain := IntervalParam(field)
	p := plain
	p.Range = plain.Range + ", " + autoInterval
	p.Doc = plain.Doc + "; " + autoInterval + " an hour, or the run's where an hour is no multiple of them"
	return NewParam(p,
		func() string {
			if *field == AutoInterval {
				return autoInterval
			}
			return plain.get()
		},
		func(text string) error {
			if text == autoInterval {
				*field = AutoInterval
				return nil
			}
			return plain.set(text)
		})
}

// LeverageParam is the leverage of each pair.
func LeverageParam(field *float64) Param {
	return newParam(Param{
		Name: "leverage", Kind: Number, Range: fmt.Sprintf("from 0 to %d", maxLeverage),
		Doc: "leverage of each pair; 0 takes a tenth of the largest position of the pair's class, " +
			"less where the pairs together would take over three tenths of the portfolio's cap",
		get: func() string { return number(*field) },
		set: func(text string) error {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				x = math.NaN()
			}
			if err := validLeverage(x); err != nil {
				return fmt.Errorf("found %s; expected a number from 0 to %d", quoted(text), maxLeverage)
			}
			*field = math.Abs(x) // no negative zero
			return nil
		},
	})
}

func validLeverage(x float64) error {
	if !(x >= 0 && x <= maxLeverage) {
		return fmt.Errorf("leverage: found %g; expected a number from 0 to %d", x, maxLeverage)
	}
	return nil
}

// ChoiceParam is one of several words.
func ChoiceParam[T ~string](name string, field *T, doc string, choices ...T) Param {
	texts := make([]string, 0, len(choices))
	for _, c := range choices {
		texts = append(texts, string(c))
	}
	return newParam(Param{
		Name: name, Kind: Choice, Range: strings.Join(texts, ", "), Doc: doc,
		get: func() string { return string(*field) },
		set: func(text string) error {
			if !slices.Contains(texts, text) {
				return fmt.Errorf("found %s; expected one of %s%s", quoted(text), strings.Join(texts, ", "), suggest.DidYouMean(text, texts))
			}
			*field = T(text)
			return nil
		},
	})
}

// PairsParam is the pairs to trade.
func PairsParam(field *[]string) Param {
	return newParam(Param{
		Name: "pairs", Kind: Pairs, Range: "ids apart by commas", Doc: "pairs to trade; nothing means every pair of the run",
		get: func() string { return strings.Join(*field, ",") },
		set: func(text string) error {
			var ids []string
			for id := range strings.SplitSeq(text, ",") {
				id = strings.TrimSpace(id)
				if _, p := parsePair(id); p != nil && text != "" {
					return fmt.Errorf("found %s; expected %s", p.found, p.expected)
				}
				if id != "" {
					ids = append(ids, id)
				}
			}
			*field = ids
			return nil
		},
	})
}
