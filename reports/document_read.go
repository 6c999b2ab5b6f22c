package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// documentBytesMax bounds a result.json that is read.
const documentBytesMax = 1 << 30

// ErrDocument is wrapped by every error about the content of a result.json.
var ErrDocument = errors.New("no result of ptnsim")

// ReadDocument reads a result.json. An unknown field, a wrong type, a damaged
// or edited file (its digest tells) and another schema are refused.
func ReadDocument(path string) (*Document, error) { return readParsed(path, ParseDocument) }

// readParsed reads a file and parses its text, of which no more than a document may
// have is read.
func readParsed[D any](path string, parse func(text []byte) (*D, error)) (*D, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, documentBytesMax+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	d, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// ParseDocument reads the text of a result.json, as strictly as ReadDocument.
func ParseDocument(text []byte) (*Document, error) {
	if len(text) > documentBytesMax {
		return nil, fmt.Errorf("%w: over %d MiB", ErrDocument, documentBytesMax>>20)
	}
	if err := checkSchema(text); err != nil {
		return nil, err
	}
	d := new(Document)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(d); err != nil {
		return nil, badJSON(err, decoder.InputOffset())
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: more follows after the end of the document, at byte %d", ErrDocument, decoder.InputOffset())
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDocument, err)
	}
	stated := d.Digest
	if d.Encode(); d.Digest != stated {
		return nil, fmt.Errorf("%w: its digest is %q, its content has %q: the file was edited or is damaged; run it again", ErrDocument, stated, d.Digest)
	}
	return d, nil
}

// checkSchema tells a result of another version from a file that is none.
func checkSchema(text []byte) error {
	var head struct {
		Schema string `json:"schema"`
	}
	err := json.Unmarshal(text, &head)
	switch {
	case err != nil:
		return badJSON(err, 0)
	case head.Schema == "":
		return fmt.Errorf("%w: schema is missing, expected %q", ErrDocument, Schema)
	case head.Schema != Schema:
		return fmt.Errorf("%w of this version: schema is %q, expected %q: read it with the version that wrote it, or run it again",
			ErrDocument, head.Schema, Schema)
	}
	return nil
}

func badJSON(err error, offset int64) error {
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: no valid JSON at byte %d: %w", ErrDocument, syntax.Offset, err)
	case errors.As(err, &mismatch):
		return fmt.Errorf("%w: %s is a %s, expected %s (byte %d)", ErrDocument, mismatch.Field, mismatch.Value, mismatch.Type, mismatch.Offset)
	}
	return fmt.Errorf("%w: %w (before byte %d)", ErrDocument, err, offset)
}

// check finds what the types alone let pass, and what a reader relies on.
func (d *Document) check() error {
	from, err := parseInstant(d.From)
	if err != nil {
		return fmt.Errorf("from is %q, expected a time such as 2025-01-31T00:00:00Z", d.From)
	}
	to, err := parseInstant(d.To)
	if err != nil {
		return fmt.Errorf("to is %q, expected a time such as 2025-01-31T00:00:00Z", d.To)
	}
	switch {
	case from >= to:
		return fmt.Errorf("from is %s and to is %s, expected an earlier and a later time", d.From, d.To)
	case d.As != "main" && d.As != "challenge":
		return fmt.Errorf("as is %q, expected main or challenge", d.As)
	case d.Fill != "open" && d.Fill != "close":
		return fmt.Errorf("fill is %q, expected open or close", d.Fill)
	case d.WindowFrom < 0 || d.WindowFrom > len(d.Checkpoints):
		return fmt.Errorf("window_from is %d, expected an index of the %d checkpoints", d.WindowFrom, len(d.Checkpoints))
	}
	for i := 1; i < len(d.Checkpoints); i++ {
		if a, b := d.Checkpoints[i-1].LastUpdateMS, d.Checkpoints[i].LastUpdateMS; a >= b {
			return fmt.Errorf("checkpoints[%d].last_update_ms is %d after %d, expected ascending times", i, b, a)
		}
	}
	return nil
}

// UnmarshalJSON reads an object of texts and keeps its order.
func (p *Params) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return fmt.Errorf("params is %.40s, expected an object", text)
	}
	*p = Params{}
	seen := map[string]bool{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return err
		}
		name := key.(string) // JSON has no other keys
		var value *string
		if err := decoder.Decode(&value); err != nil || value == nil || seen[name] {
			return fmt.Errorf("params.%s: expected one text", name)
		}
		seen[name] = true
		*p = append(*p, Param{name, *value})
	}
	return nil
}
