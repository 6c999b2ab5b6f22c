package fetch

import (
	"bytes"
	"fmt"
	"strings"
)

// secret is a key, or none. However it is printed or encoded, also from within
// another value, it shows nothing: what it holds lies behind a pointer.
type secret struct {
	value *string
}

const masked = "[key]"

// String implements fmt.Stringer.
func (secret) String() string { return masked }

// GoString implements fmt.GoStringer.
func (secret) GoString() string { return masked }

// MarshalText implements encoding.TextMarshaler.
func (secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// none reports whether there is no key.
func (s secret) none() bool { return s.value == nil }

// mask takes the key out of a text of somebody else's.
func (s secret) mask(text string) string {
	if s.none() {
		return text
	}
	return strings.ReplaceAll(text, *s.value, masked)
}

// in reports whether a body holds the key.
func (s secret) in(body []byte) bool { return !s.none() && bytes.Contains(body, []byte(*s.value)) }

// readKey takes a source's key from the environment.
func readKey(a About, getenv func(string) string) (secret, error) {
	if a.Key.Variable == "" {
		return secret{}, nil
	}
	value := strings.TrimSpace(getenv(a.Key.Variable))
	trouble := &Trouble{Source: a.Name, Problem: ErrKey,
		Remedy: fmt.Sprintf("set the environment variable %s to your key; it is neither shown nor stored", a.Key.Variable)}
	switch {
	case value == "":
		trouble.Found = "no key in the environment"
		return secret{}, trouble
	case len(value) < 8 || len(value) > 512 || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }):
		trouble.Found = "something in " + a.Key.Variable + " that is no key: expected 8 to 512 plain characters without blanks"
		return secret{}, trouble
	}
	return secret{&value}, nil
}
