package fetch

import (
	"bytes"
	"fmt"
	"strings"
)

// secret is a key. However it is printed or encoded, it shows nothing.
type secret string

const masked = "[key]"

// String implements fmt.Stringer.
func (secret) String() string { return masked }

// GoString implements fmt.GoStringer.
func (secret) GoString() string { return masked }

// MarshalText implements encoding.TextMarshaler.
func (secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// mask takes the key out of a text of somebody else's.
func (s secret) mask(text string) string {
	if s == "" {
		return text
	}
	return strings.ReplaceAll(text, string(s), masked)
}

// in reports whether a body holds the key.
func (s secret) in(body []byte) bool { return s != "" && bytes.Contains(body, []byte(s)) }

// readKey takes a source's key from the environment.
func readKey(a About, getenv func(string) string) (secret, error) {
	if a.Key.Variable == "" {
		return "", nil
	}
	value := strings.TrimSpace(getenv(a.Key.Variable))
	trouble := &Trouble{Source: a.Name, Problem: ErrKey,
		Remedy: fmt.Sprintf("set the environment variable %s to your key; it is neither shown nor stored", a.Key.Variable)}
	switch {
	case value == "":
		trouble.Found = "no key in the environment"
		return "", trouble
	case len(value) < 8 || len(value) > 512 || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }):
		trouble.Found = "something in " + a.Key.Variable + " that is no key: expected 8 to 512 plain characters without blanks"
		return "", trouble
	}
	return secret(value), nil
}
