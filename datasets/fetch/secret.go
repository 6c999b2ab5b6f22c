package fetch

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
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

// quote is the beginning of somebody else's words, fit for a message. The key is
// taken out first: once they are cut, a part of it can't be told from anything
// else.
func (s secret) quote(words []byte) string { return excerpt(s.hide(words)) }

// hide takes the key out of words that may end in the middle of it.
func (s secret) hide(words []byte) []byte {
	const shortest = 4 // fewer letters of a key are no help to anybody
	if s.none() {
		return words
	}
	text := s.mask(string(words))
	lower := lowered(text)
	most := 0
	for _, form := range s.forms() {
		for n := min(len(form)-1, len(lower)); n >= shortest && n > most; n-- {
			if strings.HasSuffix(lower, form[:n]) {
				most = n
			}
		}
	}
	if most > 0 {
		text = text[:len(text)-most] + masked
	}
	return []byte(text)
}

// mask takes the key out of a whole text of somebody else's.
func (s secret) mask(text string) string {
	if s.none() {
		return text
	}
	for _, form := range s.forms() {
		var b strings.Builder
		for lower := lowered(text); ; {
			i := strings.Index(lower, form)
			if i < 0 {
				break
			}
			b.WriteString(text[:i] + masked)
			text, lower = text[i+len(form):], lower[i+len(form):]
		}
		text = b.String() + text
	}
	return text
}

// in reports whether a whole body holds the key, also in a string of JSON that
// spells some of it as escapes.
func (s secret) in(body []byte) bool {
	if s.none() {
		return false
	}
	lower := []byte(lowered(string(body)))
	plain := unescaped(lower)
	return slices.ContainsFunc(s.forms(), func(form string) bool {
		return bytes.Contains(lower, []byte(form)) || plain != nil && bytes.Contains(plain, []byte(form))
	})
}

// forms are the key as it is, and as programs write it into URLs, JSON, HTML and
// quoted or encoded text; the longest first, all in lower case.
func (s secret) forms() []string {
	key := *s.value
	inJSON, _ := json.Marshal(key) // a string always has its JSON
	plainJSON := strings.Trim(strconv.Quote(key), `"`)
	forms := []string{key, url.QueryEscape(key), url.PathEscape(key), html.EscapeString(key), hex.EncodeToString([]byte(key)),
		string(inJSON[1 : len(inJSON)-1]), plainJSON, strings.ReplaceAll(plainJSON, "/", `\/`)}
	for before := range 3 {
		form := inBase64(key, before)
		forms = append(forms, form, strings.NewReplacer("+", "-", "/", "_").Replace(form))
	}
	for i, form := range forms {
		forms[i] = lowered(form)
	}
	slices.SortFunc(forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(forms)
}

// inBase64 is what every base64 of a text with the key has in common, where the
// number of bytes before the key leaves that rest when divided by three.
func inBase64(key string, before int) string {
	whole := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + key))
	shared := []int{0, 2, 3}[before] // letters with bits of what comes before
	return whole[shared : (before+len(key))*8/6]
}

// lowered turns A to Z into a to z and leaves every byte in its place.
func lowered(text string) string {
	lower := []byte(text)
	for i, c := range lower {
		if c >= 'A' && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return string(lower)
}

// unescaped is a text of JSON without its escapes; nil if it has none.
func unescaped(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 {
		return nil
	}
	plain := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			plain = append(plain, text[i])
			continue
		}
		i++
		if text[i] == 'u' && i+4 < len(text) {
			if code, err := strconv.ParseUint(string(text[i+1:i+5]), 16, 7); err == nil { // a key is ASCII
				plain = append(plain, lowered(string(rune(code)))...)
				i += 4
				continue
			}
		}
		plain = append(plain, text[i])
	}
	return plain
}

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
