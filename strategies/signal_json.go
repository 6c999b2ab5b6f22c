package strategies

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
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
		if err := c.takeJSON(line, place{line: n}); err != nil {
			return err
		}
	}
	return lines.Err() // of the limited text, which names file and line
}

// readJSONList reads one list of JSON objects.
func (c *collector) readJSONList(text *limitedText) error {
	c.item = "signal"
	item := &limitedItem{r: text, left: maxLineLen}
	d := json.NewDecoder(item)
	broken := func(n int, err error) error {
		switch {
		case text.err != nil:
			return text.err
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return &SignalError{File: c.file, Row: n, Item: c.item, Found: "a list that breaks off", Expected: "a whole list of JSON objects"}
		case errors.Is(err, errLongItem):
			return &SignalError{File: c.file, Row: n, Item: c.item, Found: fmt.Sprintf("an object longer than %d bytes", maxLineLen), Expected: "a signal"}
		}
		return &SignalError{File: c.file, Row: n, Item: c.item, Found: "malformed JSON: " + err.Error(), Expected: "a list of JSON objects"}
	}
	if _, err := d.Token(); err != nil {
		return broken(0, err)
	}
	n := 1
	for ; d.More(); n++ {
		var object json.RawMessage
		if err := d.Decode(&object); err != nil {
			return broken(n, err)
		}
		item.left = maxLineLen
		if err := c.takeJSON(object, place{row: n}); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return broken(n, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return &SignalError{File: c.file, Found: "more after the list", Expected: "one list of JSON objects"}
	}
	return nil
}

// limitedItem bounds how much of a text its reader may want for one item, the
// read ahead included.
type limitedItem struct {
	r    io.Reader
	left int
}

var errLongItem = errors.New("the item is too long")

// Read implements io.Reader.
func (l *limitedItem) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errLongItem
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// takeJSON adds the signal of one object.
func (c *collector) takeJSON(object []byte, at place) error {
	o := signalObject{c: c, at: at}
	if err := o.read(object); err != nil {
		return err
	}
	return c.take(&o.fields, at)
}

// signalObject is a signal's JSON object that is being read. Its tokens are walked so
// that a key that is unknown, or there twice, does not pass unnoticed.
type signalObject struct {
	c  *collector
	at place

	fields
	seen      [fieldCount]bool
	isNetwork bool   // it has keys of the network's own format
	isWrapped bool   // it stands in another object
	created   string // when the first validator made an order of it, UTC ms; "" if not known
}

// read reads the whole object.
func (o *signalObject) read(text []byte) error {
	if !utf8.Valid(text) {
		return o.malformed("text that is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := o.readObject(d); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return o.malformed("more after the object")
	}
	return o.complete()
}

func (o *signalObject) readObject(d *json.Decoder) error {
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return o.malformed("no object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return o.malformed("malformed JSON: " + err.Error())
		}
		name, _ := key.(string)
		if at, ok := fieldOf(name); ok {
			err = o.take(d, at, name)
		} else {
			err = o.takeNetwork(d, name)
		}
		if err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return o.malformed("malformed JSON: the object does not end")
	}
	return nil
}

// take reads the value of a field.
func (o *signalObject) take(d *json.Decoder, at field, name string) error {
	value, err := d.Token()
	if err != nil {
		return o.malformed("malformed JSON: " + err.Error())
	}
	text, ok := jsonText(value)
	if !ok {
		return o.c.wrong(o.at, &problem{at, fmt.Sprint(value), "a string or a number", ""})
	}
	return o.set(at, name, text)
}

// set stores the value of a field, which may come under several names, but once.
func (o *signalObject) set(at field, name, text string) error {
	if o.seen[at] {
		found := "the key " + name + " twice"
		if own := fieldNames()[at]; own != name {
			found = "the key " + name + " beside another for the " + own
		}
		return o.wrong(found, "it once", "")
	}
	o.seen[at] = true
	o.fields[at] = text
	return nil
}

// complete gives the signal what its file knows, where it has none of its own.
func (o *signalObject) complete() error {
	if o.fields[fieldUUID] == "" {
		o.fields[fieldUUID] = o.c.fileUUID
	}
	if o.fields[fieldTime] != "" {
		return nil
	}
	o.fields[fieldTime] = o.created
	if o.created == "" && o.c.fileMS != 0 {
		o.fields[fieldTime] = fmt.Sprint(o.c.fileMS)
	}
	if o.fields[fieldTime] == "" && o.isNetwork {
		return o.c.wrong(o.at, &problem{fieldTime, "nothing: the network's signals carry no time", "a key time, timestamp or processed_ms beside the others",
			"add one; for a folder of them --signal-times files takes the times at which the files were written"})
	}
	return nil
}

func (o *signalObject) unknown(name string) error {
	return o.wrong("the unknown key "+quoted(name)+suggest.DidYouMean(name, fieldNames()), "keys among "+strings.Join(fieldNames(), ", "), "")
}

func (o *signalObject) malformed(found string) error {
	return o.wrong(found, `one JSON object on the line, such as {"time":"2025-01-31T14:30:00Z","pair":"BTCUSD","order_type":"LONG","leverage":0.1}`, "")
}

func (o *signalObject) wrong(found, expected, remedy string) error {
	return &SignalError{File: o.c.file, Line: o.at.line, Row: o.at.row, Item: o.c.item, Found: found, Expected: expected, Remedy: remedy}
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
