package condition

// Kind is what sort of value a fact is: it decides how a text for it is read, and
// how it is written.
type Kind uint8

// The kinds.
const (
	Number  Kind = iota // a float64
	Whole               // a whole number
	Instant             // UTC ms, written as 2025-03-03T00:00:00Z; with milliseconds where it has some
	Date                // UTC ms of a midnight, written as 2025-03-03
	Length              // ms, written as a rule file has it: 12h, 90m, 1d, 250ms
	Word                // a text of a fixed vocabulary: accepted
	Text                // any other text
	YesNo               // true or false
)

// Value is one value that was found, or none.
type Value struct {
	Kind   Kind
	Null   bool    // it does not exist
	Number float64 // of a Number
	Whole  int64   // of a Whole, an Instant, a Date (both UTC ms) and a Length (ms)
	Text   string  // of a Word and a Text
	Yes    bool    // of a YesNo
}
