package process

import (
	"fmt"
	"strings"
	"time"
)

// Failure says how a program failed: what it did, when, what to do, and what it
// said last.
type Failure struct {
	Name      string // as the strategy is called: exec:…
	AtMS      int64  // the instant that it was to decide, UTC ms; 0 outside of them
	Found     string // what it did
	Expected  string // what it should have done; may be empty
	Remedy    string // may be empty
	Exit      string // how it ended by itself; "" if it had to be killed
	LastWords string // the last of its standard error
	Cause     error  // may be nil
}

// Error implements error.
func (f *Failure) Error() string {
	var b strings.Builder
	b.WriteString(f.Name)
	if f.AtMS != 0 {
		fmt.Fprintf(&b, " at %s", stamp(f.AtMS))
	}
	fmt.Fprintf(&b, ": found %s", f.Found)
	if f.Expected != "" {
		fmt.Fprintf(&b, ", expected %s", f.Expected)
	}
	if f.Remedy != "" {
		fmt.Fprintf(&b, "; %s", f.Remedy)
	}
	if f.Exit != "" {
		fmt.Fprintf(&b, " (%s)", f.Exit)
	}
	if words := strings.TrimSpace(f.LastWords); words != "" {
		b.WriteString("; its last words on standard error:\n  " + strings.ReplaceAll(words, "\n", "\n  "))
	}
	return b.String()
}

// Unwrap returns the cause: a context's error, where the run was given up.
func (f *Failure) Unwrap() error { return f.Cause }

// wrong is a failure by what a program wrote: its child fills in the rest.
func wrong(found, expected, remedy string) *Failure {
	return &Failure{Found: found, Expected: expected, Remedy: remedy}
}

// stamp writes an instant for a person.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00") }

// cut shortens a line for a message.
func cut(line []byte) string {
	const most = 120
	if len(line) <= most {
		return fmt.Sprintf("%q", line)
	}
	return fmt.Sprintf("%q… (%d bytes)", line[:most], len(line))
}
