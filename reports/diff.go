package reports

import (
	"cmp"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Difference is what two results of one kind differ in: what was put in (rules,
// data, setup), everything that came out, and the first instant at which they part.
// Diff(b, a) is Diff(a, b) with the sides changed.
type Difference struct {
	Kind      DiffKind
	A, B      DiffSide
	Tolerance DiffTolerance

	First    *Divergence  // nil: they differ at no instant
	Headline []DiffFigure // the same ones too
	Parts    []DiffPart   // empty where the digests are the same
	Aside    DiffPart     // what no digest covers: versions, wording, where files lie. It doesn't count
}

// Same reports whether nothing that counts differs by more than the tolerance.
// Without a tolerance that is whether the digests are the same.
func (d *Difference) Same() bool {
	return !slices.ContainsFunc(d.Parts, func(p DiffPart) bool { return len(p.Entries) > 0 })
}

// DiffKind is what kind of results were compared.
type DiffKind string

// The kinds of results that can be compared.
const (
	DiffRuns    DiffKind = "run"    // of `run --out`
	DiffSubnets DiffKind = "subnet" // of `subnet --out`
)

// DiffSide is one of the two results.
type DiffSide struct {
	Name    string // of the folder or file; "": it came from none
	Digest  string // "": it was not computed
	Version string // of ptnsim
	What    string // what was run: strategy, rules
}

// DiffTolerance is how far apart two numbers may be that are taken as the same: by
// Distance, or by Part of the larger one's magnitude, whichever takes more. Its bounds
// are within it. The zero value takes the same number alone. It is for measured
// numbers: whole ones (days, ranks, times), texts, rules and numbers that only one
// side has differ or do not.
type DiffTolerance struct {
	Distance float64 // absolute, ≥ 0
	Part     float64 // a fraction, ≥ 0
}

// takes reports whether two finite numbers count as the same.
func (t DiffTolerance) takes(a, b float64) bool {
	distance := math.Abs(b - a)
	return distance <= t.Distance || distance <= t.Part*max(math.Abs(a), math.Abs(b))
}

// DiffPart is one part of a result: a list such as its orders, or a group of values
// such as its metrics.
type DiffPart struct {
	Name string // as JSON has it: orders
	List bool   // it counts elements, else values

	Same, Changed int // of what both sides have
	OnlyA, OnlyB  int
	Within        int // numbers that differ by no more than the tolerance

	Entries []DiffEntry // what differs, in the order of time
}

// DiffEntry is an element of a list that differs, or the differing values of a group.
type DiffEntry struct {
	Change DiffChange
	Key    string      // what the element is known by: pair and time; "" of a group
	TimeMS int64       // the earliest instant at which it differs, UTC ms; 0: none
	Fields []DiffField // of one that both sides have
	A, B   any         // the elements (*DocumentOrder …); nil of a group, and on the side that has none

	lead int // the field that differs first in time
}

// DiffChange is how an element differs.
type DiffChange string

// The ways in which an element differs.
const (
	DiffChanged DiffChange = "changed"
	DiffOnlyA   DiffChange = "only_a"
	DiffOnlyB   DiffChange = "only_b"
)

// DiffField is a value that differs, as JSON writes it. "sequence" is what comes first
// in a list whose elements come in another order.
type DiffField struct {
	Name     string // metrics.sharpe is "sharpe" of the part metrics
	A, B     string
	Distance scoring.Value // b - a; unknown unless both are numbers
	Part     scoring.Value // |b - a| of the larger one's magnitude
}

// numberField is a field of two numbers, of which either may be unknown.
func numberField(name string, a, b scoring.Value) DiffField {
	f := DiffField{Name: name, A: numberText(a), B: numberText(b)}
	x, known := a.Get()
	y, both := b.Get()
	if known && both {
		f.Distance = scoring.Known(y - x)
		f.Part = scoring.Known(0)
		if x != y {
			f.Part = scoring.Known(math.Abs(y-x) / max(math.Abs(x), math.Abs(y)))
		}
	}
	return f
}

func numberText(v scoring.Value) string {
	var e encoder
	e.number(v.Or(math.NaN()))
	return string(e.out)
}

func stringText(s string) string {
	var e encoder
	e.string(s)
	return string(e.out)
}

// sort brings the entries in the order of time, those of no instant first. Entries of
// one instant go by their keys, and of one key as they came.
func (p *DiffPart) sort() {
	slices.SortStableFunc(p.Entries, func(a, b DiffEntry) int {
		return cmp.Or(cmp.Compare(a.TimeMS, b.TimeMS), cmp.Compare(a.Key, b.Key))
	})
}
