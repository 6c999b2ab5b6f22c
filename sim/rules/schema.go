package rules

import (
	"reflect"
	"strings"
)

// field is one key of a struct of the schema: what its tags say.
type field struct {
	key      string // in a rule file
	index    int    // in the Go struct
	optional bool   // may be left out of a complete set
	section  string // of the rules, for the fields of Set
}

// fields returns the keys of a struct of the schema, in their order.
func fields(t reflect.Type) []field {
	list := make([]field, t.NumField())
	for i := range list {
		tag := t.Field(i).Tag
		key, rest, _ := strings.Cut(tag.Get("yaml"), ",")
		list[i] = field{key: key, index: i, optional: rest == "omitempty", section: tag.Get("section")}
	}
	return list
}

// keys returns the names of the keys of a struct of the schema.
func keys(t reflect.Type) []string {
	var names []string
	for _, f := range fields(t) {
		names = append(names, f.key)
	}
	return names
}

// join appends a key to a path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// parent returns the path of the value that holds the one at path: the list of
// an element, the struct or map of a key; "" for the set itself.
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}
