package scoring

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// jsonReader walks a JSON document as a stream and remembers the first error,
// after which it reads nothing more. A path names the place: miners.a.positions[3].
type jsonReader struct {
	dec *json.Decoder
	err error
}

// object reads an object and calls field for each key, which must read its
// value. A key that comes twice is an error.
func (in *jsonReader) object(path string, field func(key string)) {
	if !in.open(path, '{', "an object") {
		return
	}
	seen := map[string]bool{}
	for in.err == nil && in.dec.More() {
		token, err := in.dec.Token()
		if err != nil {
			in.syntax(path, err)
			return
		}
		key := token.(string) // the decoder accepts no other key
		if seen[key] {
			in.fail(join(path, key), "found twice in one object")
			return
		}
		seen[key] = true
		field(key)
	}
	in.close(path)
}

// array reads an array of up to limit elements and calls element, which must
// read it, with the path of each.
func (in *jsonReader) array(path string, limit int, element func(path string)) {
	if !in.open(path, '[', "an array") {
		return
	}
	for i := 0; in.err == nil && in.dec.More(); i++ {
		if i == limit {
			in.fail(path, "more than %d elements", limit)
			return
		}
		element(fmt.Sprintf("%s[%d]", path, i))
	}
	in.close(path)
}

// value reads a value of any kind into target, as json.Unmarshal does.
func (in *jsonReader) value(path, expected string, target any) {
	if in.err != nil {
		return
	}
	err := in.dec.Decode(target)
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mismatch):
		in.fail(join(path, mismatch.Field), "found a %s, which is no %v (in %s)", mismatch.Value, mismatch.Type, expected)
	case err != nil:
		in.syntax(path, err)
	}
}

// skip passes over one value.
func (in *jsonReader) skip() {
	var ignored json.RawMessage
	in.value("", "anything", &ignored)
}

func (in *jsonReader) open(path string, delim json.Delim, expected string) bool {
	if in.err != nil {
		return false
	}
	token, err := in.dec.Token()
	if err != nil {
		in.syntax(path, err)
		return false
	}
	if token != delim {
		in.fail(path, "found %v, expected %s", token, expected)
		return false
	}
	return true
}

func (in *jsonReader) close(path string) {
	if in.err != nil {
		return
	}
	if _, err := in.dec.Token(); err != nil {
		in.syntax(path, err)
	}
}

// end checks that nothing follows the document.
func (in *jsonReader) end() {
	if _, err := in.dec.Token(); !errors.Is(err, io.EOF) {
		in.fail("", "found more after the end of the document")
	}
}

// need is an error unless the field is there.
func (in *jsonReader) need(path, field string, there bool) {
	if !there {
		in.fail(path, "%s is missing", field)
	}
}

// between is an error unless low ≤ x ≤ high.
func (in *jsonReader) between(path string, x, low, high float64) {
	if !(low <= x && x <= high) {
		in.fail(path, "found %v, expected from %v to %v", x, low, high)
	}
}

func (in *jsonReader) syntax(path string, err error) {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		in.fail(path, "the document ends too early, at byte %d: it is empty or cut off", in.dec.InputOffset())
		return
	}
	in.fail(path, "no valid JSON near byte %d: %v", in.dec.InputOffset(), err)
}

// fail keeps the first error.
func (in *jsonReader) fail(path, format string, args ...any) {
	if in.err != nil {
		return
	}
	if path == "" {
		path = "document"
	}
	in.err = fmt.Errorf("%w: %s: %s", ErrInput, path, fmt.Sprintf(format, args...))
}

func join(path, key string) string {
	if path == "" || key == "" {
		return path + key
	}
	return path + "." + key
}
