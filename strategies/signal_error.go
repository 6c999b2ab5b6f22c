package strategies

import (
	"fmt"
	"strings"
)

// SignalError says what is wrong with a file of signals, or with one of them.
// Its message is
//
//	file:line: field: found X; expected Y; remedy
//	file: row N: field: found X; expected Y; remedy
type SignalError struct {
	File  string
	Line  int    // of a text, from 1, the header included; 0 if it concerns the whole file
	Row   int    // of a table, or the place in a list, from 1, where there are no lines
	Item  string // what stands at Row; "" for a row
	Field string // the column or key; "" for the line as a whole

	Found    string
	Expected string // may be empty
	Remedy   string // what the user can do; may be empty

	Cause error // of a file that can't be read; else nil
}

// Error implements error.
func (e *SignalError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Row > 0 {
		item := e.Item
		if item == "" {
			item = "row"
		}
		fmt.Fprintf(&b, ": %s %d", item, e.Row)
	}
	if e.Field != "" {
		b.WriteString(": " + e.Field)
	}
	b.WriteString(": found " + e.Found)
	if e.Expected != "" {
		b.WriteString("; expected " + e.Expected)
	}
	if e.Remedy != "" {
		b.WriteString("; " + e.Remedy)
	}
	return b.String()
}

// Unwrap returns the cause, if there is one.
func (e *SignalError) Unwrap() error { return e.Cause }
