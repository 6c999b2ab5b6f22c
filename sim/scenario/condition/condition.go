package condition

// Condition is what a value is expected to be.
type Condition struct {
	// Unexported fields are the owner's to choose.
}

// Tolerance is how far a number may be from the one that is expected. The zero
// Tolerance takes that number alone, to the last bit.
type Tolerance struct {
	Distance float64 // absolute, ≥ 0
	Part     float64 // a fraction of the expected number's magnitude, ≥ 0
}

// Parse reads a condition on a value of that kind; quoted says that the text stood
// in quotes. The error says what was found and what is expected ("found …; expected …").
func Parse(text string, kind Kind) (Condition, error) { panic("not written yet") }

// ParseTolerance reads "1e-9" or "0.1%".
func ParseTolerance(text string) (Tolerance, error) { panic("not written yet") }

// Verdict is what a check came to.
type Verdict struct {
	Holds      bool
	Expected   string // as a person reads it: "1.5 ± 1e-09", of a formula its text and its value
	Got        string
	Difference string // got - expected, absolute and relative, or the distance in time; "" where there is none
}

// Check compares a value with what is expected. The tolerance is for a condition
// that states none itself, and is for Numbers alone.
func (c Condition) Check(v Value, t Tolerance) Verdict { panic("not written yet") }

// Blank reports whether the condition is one to be filled in. It holds for nothing.
func (c Condition) Blank() bool { panic("not written yet") }

// Rewrite is the condition's text with the value in place of the expected one: what
// check --update writes. Of "1.5 ± 1e-9" the tolerance stays. ok is false where only
// a person can say what is meant: a bound, a range, a formula, a part of a text.
func (c Condition) Rewrite(v Value) (text string, ok bool) { panic("not written yet") }

// String writes a value so that Parse reads it as exactly that: what --update fills
// in. "null" for one that does not exist.
func (v Value) String() string { panic("not written yet") }
