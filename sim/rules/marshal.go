package rules

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Marshal returns the canonical text of a rule set: a complete rule file that
// inherits nothing and parses back to the same set. Equal sets have equal texts.
func Marshal(s *Set) []byte {
	var b strings.Builder
	v := reflect.ValueOf(*s)
	section := ""
	for _, f := range fields(v.Type()) {
		p := part(v, f)
		if !p.IsValid() {
			continue
		}
		if f.section != section {
			section = f.section
			b.WriteString("\n# Rules §" + section + "\n")
		}
		block(&b, f.key, p, "")
	}
	return []byte(b.String())
}

// block writes a key and its value, what holds values line by line.
func block(b *strings.Builder, key string, v reflect.Value, indent string) {
	b.WriteString(indent + key + ":")
	switch {
	case structs(v.Type()) && v.Len() > 0:
		b.WriteByte('\n')
		for i := range v.Len() {
			b.WriteString(indent + "  - " + flow(v.Index(i)) + "\n")
		}
	case v.Kind() == reflect.Struct:
		b.WriteByte('\n')
		for _, f := range fields(v.Type()) {
			if p := part(v, f); p.IsValid() {
				block(b, f.key, p, indent+"  ")
			}
		}
	case v.Kind() == reflect.Map && v.Len() > 0:
		b.WriteByte('\n')
		for _, name := range union(v, reflect.Value{}) {
			block(b, scalarText(name), v.MapIndex(reflect.ValueOf(name)), indent+"  ")
		}
	default:
		b.WriteString(" " + flow(v) + "\n")
	}
}

// flow returns a value as rule files write it on one line; "" for no value.
func flow(v reflect.Value) string {
	if !v.IsValid() {
		return ""
	}
	switch x := v.Interface().(type) {
	case Duration:
		return x.String()
	case float64:
		return number(x)
	case int:
		return strconv.Itoa(x)
	case bool:
		return strconv.FormatBool(x)
	}
	var parts []string
	switch v.Kind() {
	case reflect.String:
		return scalarText(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			parts = append(parts, flow(v.Index(i)))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case reflect.Struct:
		for _, f := range fields(v.Type()) {
			if p := part(v, f); p.IsValid() {
				parts = append(parts, f.key+": "+flow(p))
			}
		}
	case reflect.Map:
		for _, name := range union(v, reflect.Value{}) {
			parts = append(parts, scalarText(name)+": "+flow(v.MapIndex(reflect.ValueOf(name))))
		}
	default:
		panic("rules: no text for a " + v.Type().String())
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// number returns the shortest decimal text that reads back as x, without an
// exponent where a person would write none.
func number(x float64) string {
	if a := math.Abs(x); a == 0 || (a >= 1e-5 && a < 1e15) {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// scalarText returns a text as a scalar, in quotes unless it is a plain word.
func scalarText(text string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	notText := []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
	plain := text != "" && strings.Contains(letters, text[:1]) &&
		strings.Trim(text, letters+"0123456789_./-") == "" &&
		!slices.Contains(notText, strings.ToLower(text))
	if plain {
		return text
	}
	return strconv.Quote(text)
}
