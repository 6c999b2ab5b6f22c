package strategies

import "strings"

// SignalKeys returns the keys of a signal, as files write them, in their order.
func SignalKeys() []string { return fieldNames() }

// ParseSignal reads a signal that stands somewhere else than in a file of signals, by
// the same rules: a text for each of SignalKeys that it has. Its Miner may be "". The
// error is a *SignalError of that Field, without a place.
func ParseSignal(values map[string]string) (Signal, error) {
	var f fields
	for i, name := range fieldNames() {
		f[i] = strings.TrimSpace(values[name])
	}
	s, p := f.signal()
	if p != nil {
		return Signal{}, &SignalError{Field: fieldNames()[p.field], Found: p.found, Expected: p.expected, Remedy: p.remedy}
	}
	return s, nil
}
