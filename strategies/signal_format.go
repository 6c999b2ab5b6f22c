package strategies

import (
	"bytes"
	"strings"
)

// Format is how a file writes signals.
type Format uint8

// The formats.
const (
	AnyText Format = iota // CSV or JSON: the first byte tells
	CSV                   // a header, then a signal a line
	JSON                  // one JSON object a line, or one list of objects
	Table                 // Parquet or Arrow IPC: the first bytes tell
)

// FormatOf returns the format that a file's name stands for. A ".gz" or ".zst" at
// its end says nothing: the file's first bytes do.
func FormatOf(path string) (Format, error) {
	name := strings.ToLower(path)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "csv":
		return CSV, nil
	case "jsonl", "ndjson", "json":
		return JSON, nil
	case "parquet", "arrow", "feather":
		return Table, nil
	}
	return 0, &SignalError{File: path, Found: "a name that tells no format",
		Expected: "it to end in .csv, .jsonl, .ndjson or .json, and .gz may follow; or in .parquet, .arrow or .feather"}
}

// formatOfText tells the formats of a text by its first bytes.
func formatOfText(name string, head []byte) (Format, error) {
	switch {
	case bytes.HasPrefix(head, []byte("{")), bytes.HasPrefix(head, []byte("[")):
		return JSON, nil
	case bytes.HasPrefix(head, []byte("PAR1")), bytes.HasPrefix(head, []byte("ARROW1")):
		return 0, &SignalError{File: name, Found: "a Parquet or Arrow file", Expected: "a text: CSV or JSON",
			Remedy: "write it to a file, and give its name: tables can't be read as a stream"}
	}
	return CSV, nil
}
