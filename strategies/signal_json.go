package strategies

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/market/suggest"
)

// readJSONLines reads one JSON object a line. Blank lines are skipped; a key
// that is null is absent; numbers may be written as strings.
func (c *collector) readJSONLines(text *limitedText) error {
	lines := bufio.NewScanner(text)
	lines.Buffer(make([]byte, 4096), maxLineLen+2)
	for n := 1; lines.Scan(); n++ {
		if text.err != nil {
			return text.err // what is at hand may be half a line
		}
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		f, err := c.jsonFields(line, n)
		if err != nil {
			return err
		}
		if err := c.take(f, n); err != nil {
			return err
		}
	}
	return lines.Err() // of the limited text, which names file and line
}

// jsonFields reads one line. The tokens are walked so that a key that is
// unknown, or there twice, does not pass unnoticed.
func (c *collector) jsonFields(line []byte, n int) (*fields, error) {
	malformed := func(found string) error {
		return &SignalError{File: c.file, Line: n, Found: found,
			Expected: `one JSON object on the line, such as {"time":"2025-01-31T14:30:00Z","pair":"BTCUSD","order_type":"LONG","leverage":0.1}`}
	}
	if !utf8.Valid(line) {
		return nil, malformed("text that is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, malformed("no object")
	}
	var f fields
	var seen [fieldCount]bool
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, malformed("malformed JSON: " + err.Error())
		}
		name, _ := key.(string)
		at, ok := fieldOf(name)
		if !ok {
			return nil, &SignalError{File: c.file, Line: n, Found: "the unknown key " + quoted(name) + suggest.DidYouMean(name, fieldNames()),
				Expected: "keys among " + strings.Join(fieldNames(), ", ")}
		}
		if seen[at] {
			return nil, &SignalError{File: c.file, Line: n, Found: "the key " + name + " twice", Expected: "it once"}
		}
		seen[at] = true
		value, err := d.Token()
		if err != nil {
			return nil, malformed("malformed JSON: " + err.Error())
		}
		if f[at], ok = jsonText(value); !ok {
			return nil, c.wrong(n, &problem{at, fmt.Sprint(value), "a string or a number", ""})
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, malformed("malformed JSON: the object does not end")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, malformed("more after the object")
	}
	return &f, nil
}

// jsonText returns a scalar as CSV would write it; ok is false for what is
// neither string nor number.
func jsonText(value json.Token) (text string, ok bool) {
	switch v := value.(type) {
	case nil:
		return "", true
	case string:
		return strings.TrimSpace(v), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}
