package process

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// strictly reads JSON whose fields are all known, written as they are known, and
// there once.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return inWords(err)
	}
	if len(bytes.TrimSpace(text[d.InputOffset():])) > 0 {
		return errors.New("there is more after the object")
	}
	return plainKeys(json.NewDecoder(bytes.NewReader(text)))
}

// plainKeys walks a value that is JSON, and refuses two things in its objects
// that encoding/json lets pass: a key in another case, and one that is there
// twice, of which the last would count.
func plainKeys(d *json.Decoder) error {
	switch start, _ := d.Token(); start {
	case json.Delim('{'):
		seen := make(map[string]bool)
		for d.More() {
			token, _ := d.Token()
			key, _ := token.(string)
			if strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
				return fmt.Errorf("unknown field %s: the names of fields are in lower case", cut([]byte(key)))
			}
			if seen[key] {
				return fmt.Errorf("the field %s twice", cut([]byte(key)))
			}
			seen[key] = true
			if err := plainKeys(d); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for d.More() {
			if err := plainKeys(d); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	_, _ = d.Token() // the end
	return nil
}

// inWords says an error of encoding/json in the words of JSON, and not of Go.
func inWords(err error) error {
	var wrongType *json.UnmarshalTypeError
	if !errors.As(err, &wrongType) {
		if text, ours := strings.CutPrefix(err.Error(), "json: "); ours {
			return errors.New(text)
		}
		return err
	}
	expected := typeInWords(wrongType.Type)
	found, outside := strings.CutPrefix(wrongType.Value, "number ")
	switch {
	case outside && wrongType.Type.Kind() == reflect.Float64:
		found, expected = "a number", "one that a float64 holds"
	case outside:
		found = "a number"
	case found == "bool":
		found = "true or false"
	case found == "array" || found == "object":
		found = "an " + found
	default:
		found = "a " + found
	}
	if wrongType.Field != "" {
		found += " for " + wrongType.Field
	}
	return fmt.Errorf("found %s, expected %s", found, expected)
}

// typeInWords is what JSON calls the values of a type.
func typeInWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Float64:
		return "a number"
	}
	return "a whole number"
}
