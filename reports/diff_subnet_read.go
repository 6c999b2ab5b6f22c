package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// ReadSubnetDocument reads a subnet.json, as strictly as ReadDocument a result.json.
func ReadSubnetDocument(path string) (*SubnetDocument, error) {
	return readParsed(path, ParseSubnetDocument)
}

// ParseSubnetDocument reads the text of a subnet.json. An unknown field, a wrong type,
// a damaged or edited text (its digest tells) and another schema are refused.
func ParseSubnetDocument(text []byte) (*SubnetDocument, error) {
	if len(text) > documentBytesMax {
		return nil, fmt.Errorf("%w: over %d MiB", ErrDocument, documentBytesMax>>20)
	}
	d := new(SubnetDocument)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(d); err != nil {
		if schema := leadingSchema(text); schema != "" && schema != SubnetSchema {
			return nil, badSubnetSchema(schema)
		}
		return nil, badJSON(err, decoder.InputOffset())
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: more follows after the end of the document, at byte %d", ErrDocument, decoder.InputOffset())
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	stated := d.Digest
	if d.Encode(); d.Digest != stated {
		return nil, fmt.Errorf("%w: its digest is %q, its content has %q: the file was edited or is damaged; run it again", ErrDocument, stated, d.Digest)
	}
	return d, nil
}

func badSubnetSchema(schema string) error {
	return fmt.Errorf("%w of this version: schema is %q, expected %q: read it with the version that wrote it, or run it again", ErrDocument, schema, SubnetSchema)
}

// check finds what the types alone let pass, and what a reader relies on.
func (d *SubnetDocument) check() error {
	if d.Schema != SubnetSchema {
		return badSubnetSchema(d.Schema)
	}
	if _, err := parseInstant(d.From); err != nil {
		return fmt.Errorf("%w: from is %q, expected a time such as 2025-01-31T00:00:00Z", ErrDocument, d.From)
	}
	if _, err := parseInstant(d.To); err != nil {
		return fmt.Errorf("%w: to is %q, expected a time such as 2025-01-31T00:00:00Z", ErrDocument, d.To)
	}
	for i := range d.History {
		r := &d.History[i]
		if n := len(r.Miners); len(r.States) != n || len(r.Ranks) != n || len(r.Scores) != n || len(r.Shares) != n {
			return fmt.Errorf("%w: history[%d] has %d miners, %d states, %d ranks, %d scores, %d shares, expected as many of each",
				ErrDocument, i, n, len(r.States), len(r.Ranks), len(r.Scores), len(r.Shares))
		}
	}
	return nil
}

// UnmarshalJSON reads an object of miners and keeps its order.
func (ms *SubnetMiners) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return fmt.Errorf("miners is %.40s, expected an object", text)
	}
	*ms = SubnetMiners{}
	seen := map[string]bool{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return err
		}
		id := key.(string) // JSON has no other keys
		var m *SubnetMiner
		if err := decoder.Decode(&m); err != nil {
			return fmt.Errorf("miners.%s: %w", id, err)
		}
		if m == nil || seen[id] {
			return fmt.Errorf("miners.%s: expected one object", id)
		}
		seen[id], m.ID = true, id
		*ms = append(*ms, *m)
	}
	return nil
}
