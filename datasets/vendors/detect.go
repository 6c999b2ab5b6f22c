package vendors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
)

// headBytes is how much of an input decides what it is.
const headBytes = 64 << 10

// head is the beginning of an input, unpacked.
type head struct {
	in    Input
	bytes []byte
	whole bool // bytes is all there is

	sheets map[sheetKey]*sheet // what sheet made of it, by what was stated
	json   *jsonHead           // what survey made of it
}

func (in Input) head() (*head, error) {
	r, err := in.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	h := &head{in: in, bytes: make([]byte, 0, headBytes)}
	for len(h.bytes) < headBytes {
		n, err := r.Read(h.bytes[len(h.bytes):headBytes])
		h.bytes = h.bytes[:len(h.bytes)+n]
		if err == io.EOF {
			h.whole = true
			break
		}
		if err != nil {
			return nil, in.damaged(err)
		}
	}
	return h, nil
}

// formats lists the formats in the order in which they are asked: those that
// know their own for certain come before those that take much.
func formats() []format {
	return slices.Concat(sureFormats(), candleTables(), rowFormats(), []format{anyTable()})
}

// sureFormats lists those that a name or a file's first bytes give away.
func sureFormats() []format {
	return slices.Concat([]format{bi5{}, lean{}}, columnarFormats(), jsonFormats())
}

// rowFormats lists those of trades and quotes.
func rowFormats() []format { return slices.Concat(tradeTables(), quoteTables()) }

// FormatNames lists what Options.Format can be.
func FormatNames() []string {
	var names []string
	for _, f := range formats() {
		if !slices.Contains(names, f.name()) {
			names = append(names, f.name())
		}
	}
	slices.Sort(names)
	return names
}

// detect finds the format that knows an input.
func detect(ctx context.Context, in Input, o Options) (format, Description, error) {
	if err := o.vet(in); err != nil {
		return nil, Description{}, err
	}
	if err := ctx.Err(); err != nil {
		return nil, Description{}, err
	}
	h, err := in.head()
	if err != nil {
		return nil, Description{}, err
	}
	if len(h.bytes) == 0 {
		return nil, Description{}, &datasets.Refusal{File: in.String(), Problem: datasets.ErrEmpty, Found: "an empty file",
			Expected: "candles, trades or quotes", Remedy: "fetch it again"}
	}
	if err := webPage(h); err != nil {
		return nil, Description{}, err
	}
	for _, f := range formats() {
		if o.Format != "" && o.Format != f.name() {
			continue
		}
		if d, ok, err := f.detect(h, o); ok || err != nil {
			return f, d, err
		}
	}
	return nil, Description{}, unknown(h, o)
}

// vet refuses options that mean nothing.
func (o *Options) vet(in Input) error {
	for _, scale := range []float64{o.PriceScale, o.VolumeScale} {
		if scale != 0 && (!(scale > 0) || math.IsInf(scale, 1)) {
			return &datasets.Refusal{File: in.String(), Problem: datasets.ErrScale, Found: fmt.Sprintf("a scale of %v", scale),
				Expected: "a finite number over 0", Remedy: "give what one unit of the file is worth: 0.01 for points of a cent"}
		}
	}
	if o.Format != "" && !slices.Contains(FormatNames(), o.Format) {
		return &datasets.Refusal{File: in.String(), Problem: datasets.ErrType, Found: fmt.Sprintf("no format named %q", o.Format),
			Expected: fmt.Sprintf("one of %q", FormatNames()), Remedy: "leave the format out to have it detected"}
	}
	return nil
}

// unknown is the refusal of an input that no format takes.
func unknown(h *head, o Options) error {
	if what, remedy := foreign(h.bytes); what != "" {
		return &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrType, Found: what,
			Expected: "a file of candles, trades or quotes", Remedy: remedy}
	}
	r := &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrSyntax, Found: "no format that is known, but " + firstLine(h.bytes),
		Expected: "candles, trades or quotes", Remedy: "describe the file with --columns, --separator, --time-format and --zone"}
	if o.Format != "" {
		r.Found, r.Expected = firstLine(h.bytes), "a file of the format "+o.Format
		r.Remedy = "leave the format out to have it detected"
	}
	return r
}

// quoted is a foreign text as messages show it: in quotes, and not too long.
func quoted[T ~string | ~[]byte](b T) string {
	const shown = 60
	if len(b) > shown {
		return fmt.Sprintf("%q…", string(b[:shown]))
	}
	return fmt.Sprintf("%q", string(b))
}

// asRefusal returns the refusal that an error is.
func asRefusal(err error) (*datasets.Refusal, bool) { return errors.AsType[*datasets.Refusal](err) }
