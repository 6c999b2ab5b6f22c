package vendors

import (
	"context"
	"errors"
	"io"

	"github.com/ptnsim/ptnsim/datasets"
)

// headBytes is how much of an input decides what it is.
const headBytes = 64 << 10

// head is the beginning of an input, unpacked.
type head struct {
	in    Input
	bytes []byte
	whole bool // bytes is all there is
}

func (in Input) head() (*head, error) {
	r, err := in.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	h := &head{in: in, bytes: make([]byte, headBytes)}
	n, err := io.ReadFull(r, h.bytes)
	h.bytes = h.bytes[:n]
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		h.whole, err = true, nil
	}
	return h, err
}

// formats lists the formats in the order in which they are asked: those that
// know their own for certain come before those that take much.
func formats() []format { return nil }

// detect finds the format that knows an input.
func detect(_ context.Context, in Input, o Options) (format, Description, error) {
	h, err := in.head()
	if err != nil {
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
	return nil, Description{}, &datasets.Refusal{File: in.String(), Problem: datasets.ErrSyntax,
		Found: "no format that is known", Expected: "candles, trades or quotes",
		Remedy: "describe the file with --columns, --separator, --time-format and --zone"}
}
