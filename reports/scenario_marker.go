package reports

import "bytes"

// Pages begin with a comment that no host shows and that tells them from what people
// wrote: it is one of these.
const (
	pageMarker     = "<!-- ptnsim check --document -->"
	bookPageMarker = "<!-- ptnsim check --document, a page of a folder -->"
)

// IsScenarioPage reports whether a text is a page that ScenarioPage or ScenarioBook
// wrote: the marker is its first line, or its second.
func IsScenarioPage(text []byte) bool {
	return marked(text, pageMarker) || IsScenarioBookPage(text)
}

// IsScenarioBookPage reports whether a text is a page that ScenarioBook wrote.
func IsScenarioBookPage(text []byte) bool { return marked(text, bookPageMarker) }

func marked(text []byte, marker string) bool {
	for range 2 {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		if string(bytes.TrimRight(line, " \t\r")) == marker {
			return true
		}
		text = rest
	}
	return false
}
