package datasets

import (
	"errors"
	"fmt"
	"strings"
)

// What a file can be refused for. A *Refusal unwraps to one of these.
var (
	ErrMissing     = errors.New("missing file")
	ErrEmpty       = errors.New("empty file")
	ErrCorrupt     = errors.New("damaged file")
	ErrNoColumn    = errors.New("no such column")
	ErrType        = errors.New("wrong type")
	ErrNull        = errors.New("null value")
	ErrSyntax      = errors.New("malformed value")
	ErrUnsorted    = errors.New("unsorted times")
	ErrDuplicate   = errors.New("duplicate time")
	ErrSpacing     = errors.New("candles closer than the interval")
	ErrNotFinite   = errors.New("not a finite number")
	ErrNotPositive = errors.New("price not positive")
	ErrOHLC        = errors.New("inconsistent open, high, low, close")
	ErrQuote       = errors.New("bid above ask")
	ErrVolume      = errors.New("negative volume")
	ErrGap         = errors.New("gap in an open market")
	ErrRange       = errors.New("range outside the data")
	ErrPair        = errors.New("unknown pair")
	ErrInterval    = errors.New("interval not decided")
	ErrName        = errors.New("not a candle file's name")
	ErrScale       = errors.New("not a scale")
	ErrPrice       = errors.New("price out of bounds")
	ErrExists      = errors.New("the file is there already")
	ErrNoZone      = errors.New("time without a zone")
	ErrLocalTime   = errors.New("local time does not exist")
	ErrManifest    = errors.New("not a manifest")
	ErrChanged     = errors.New("changed since the manifest was written")
)

// Refusal says why a file was not taken: where, what was found, what was
// expected, and what to do. Its message is
//
//	file: row N: found X, expected Y; remedy
type Refusal struct {
	File     string
	Row      int64  // the data row from 1; 0 if it concerns the whole file
	Line     int64  // the line from 1 in a text file, where known instead of Row
	Problem  error  // one of this package's Err values
	Found    string // what the file holds
	Expected string // what it should hold; may be empty
	Remedy   string // what the user can do; may be empty
}

// Error implements error.
func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString(r.File)
	switch {
	case r.Line > 0:
		fmt.Fprintf(&b, ": line %d", r.Line)
	case r.Row > 0:
		fmt.Fprintf(&b, ": row %d", r.Row)
	}
	fmt.Fprintf(&b, ": found %s", r.Found)
	if r.Expected != "" {
		fmt.Fprintf(&b, ", expected %s", r.Expected)
	}
	if r.Remedy != "" {
		fmt.Fprintf(&b, "; %s", r.Remedy)
	}
	return b.String()
}

// Unwrap returns the problem, so that errors.Is finds it.
func (r *Refusal) Unwrap() error { return r.Problem }

// corrupt is the refusal of a file that its format's library can't make sense
// of.
func corrupt(file string, cause any) error {
	return &Refusal{
		File: file, Problem: ErrCorrupt,
		Found:    fmt.Sprintf("a damaged or foreign file (%v)", cause),
		Expected: "a whole " + formatName(file) + " file",
		Remedy:   "write it again or fetch it again",
	}
}

// guard turns a panic of a file format's library on hostile bytes into the
// refusal of the file. Deferred at every boundary to such a library.
func guard(file string, err *error) {
	if p := recover(); p != nil {
		*err = corrupt(file, p)
	}
}
