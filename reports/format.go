package reports

import "fmt"

// Format is how a table is written.
type Format string

// The formats.
const (
	FormatTable    Format = "table"    // aligned columns for a terminal, three or four digits
	FormatJSON     Format = "json"     // an array of objects, full precision
	FormatCSV      Format = "csv"      // with a header line, full precision
	FormatMarkdown Format = "markdown" // a table, three or four digits
)

// ParseFormat returns the format of a name.
func ParseFormat(name string) (Format, error) {
	switch f := Format(name); f {
	case FormatTable, FormatJSON, FormatCSV, FormatMarkdown:
		return f, nil
	}
	return "", fmt.Errorf("found the format %q, expected table, json, csv or markdown", name)
}
