package process

import (
	"fmt"
	"strings"
)

// Failure says how a program failed: what it did, what to do, and what it said
// last. When it was, the run tells.
type Failure struct {
	Name      string // as the strategy is called: exec:…
	Found     string // what it did
	Expected  string // what it should have done; may be empty
	Remedy    string // may be empty
	LastWords string // the last of its standard error
	Cause     error  // may be nil
}

// Error implements error.
func (f *Failure) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: found %s", f.Name, f.Found)
	if f.Expected != "" {
		fmt.Fprintf(&b, ", expected %s", f.Expected)
	}
	if f.Remedy != "" {
		fmt.Fprintf(&b, "; %s", f.Remedy)
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

// cut shortens a line for a message.
func cut(line []byte) string {
	const most = 120
	if len(line) <= most {
		return fmt.Sprintf("%q", line)
	}
	return fmt.Sprintf("%q… (%d bytes)", line[:most], len(line))
}
