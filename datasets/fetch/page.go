package fetch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// countIn counts the rows of a finished page.
func countIn(path string, count func([]byte) (int, error)) (int, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	return count(body)
}

// object is what a JSON body says on its top level, undecoded.
func object(body []byte) (map[string]json.RawMessage, error) {
	var o map[string]json.RawMessage
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, errors.New("expected an object")
	}
	return o, nil
}

// elements walks through an array of JSON without holding all of it decoded.
func elements[T any](array []byte, each func(T) error) (int, error) {
	d := json.NewDecoder(bytes.NewReader(array))
	if open, err := d.Token(); err != nil || open != json.Delim('[') {
		return 0, errors.New("expected an array")
	}
	n := 0
	for ; d.More(); n++ {
		var row T
		if err := d.Decode(&row); err != nil {
			return n, fmt.Errorf("row %d: %w", n+1, err)
		}
		if err := each(row); err != nil {
			return n, fmt.Errorf("row %d: %w", n+1, err)
		}
	}
	if _, err := d.Token(); err != nil && !errors.Is(err, io.EOF) {
		return n, err
	}
	return n, nil
}
