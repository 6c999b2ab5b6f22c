package reports

import (
	"io"
	"math"
	"reflect"
	"time"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

// CheckSchema names the form of a CheckDocument. It changes whenever a field changes
// its name or its meaning.
const CheckSchema = "ptnsim-check-1"

// CheckDocument is a check for programs. Its fields and their order are the format.
// Where nothing was measured, times are null.
type CheckDocument struct {
	Schema  string          `json:"schema"`
	Version string          `json:"ptnsim"`
	Digest  string          `json:"digest"` // see Checks.Digest
	Counts  CheckCounts     `json:"counts"`
	TookMS  float64         `json:"took_ms"` // all of them together, by the clock
	Checks  []CheckedRecord `json:"checks"`  // in the order of their files
}

// CheckedRecord is what became of one scenario.
type CheckedRecord struct {
	File     string          `json:"file"`
	Title    string          `json:"title"`   // "" if the file can't be read
	Section  string          `json:"section"` // "" if the file does not say
	Outcome  string          `json:"outcome"` // passed, failed, broken or skipped
	Digest   string          `json:"digest"`
	Came     string          `json:"came"` // what the play came to, in a line; "" if nothing was played
	TookMS   float64         `json:"took_ms"`
	Error    string          `json:"error"` // why it is broken, with the place; ""
	Findings []FindingRecord `json:"findings"`
	Updated  string          `json:"updated"` // the unified diff of what was changed; ""
}

// FindingRecord is an expectation that does not hold.
type FindingRecord struct {
	Path       string `json:"path"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	Expected   string `json:"expected"`
	Got        string `json:"got"`
	Difference string `json:"difference"` // ""; there is none
	Missing    bool   `json:"missing"`    // what it is of does not exist
	Extra      bool   `json:"extra"`      // there is more than is expected
	Blank      bool   `json:"blank"`      // nothing is filled in yet
}

// NewCheckDocument returns a check as programs read it.
func NewCheckDocument(c *Checks) *CheckDocument {
	d := &CheckDocument{Schema: CheckSchema, Version: c.Version, Digest: c.Digest(), Counts: c.Counts(), TookMS: tookMS(c.Took)}
	for i := range c.Checks {
		d.Checks = append(d.Checks, checkedRecord(&c.Checks[i]))
	}
	return d
}

func checkedRecord(c *scenario.Check) CheckedRecord {
	r := CheckedRecord{File: c.File, Outcome: string(c.Outcome), Digest: c.Digest, Came: c.Came, TookMS: tookMS(c.Took), Updated: c.Updated}
	if c.Scenario != nil {
		r.Title, r.Section = c.Scenario.Title, c.Scenario.Section
	}
	if c.Err != nil {
		r.Error = c.Err.Error()
	}
	for i := range c.Findings {
		f := &c.Findings[i]
		r.Findings = append(r.Findings, FindingRecord{f.Path, f.Line, f.Column, f.Expected, f.Got, f.Difference, f.Missing, f.Extra, f.Blank})
	}
	return r
}

// tookMS is how long something took, ms; no number of what was not measured.
func tookMS(d time.Duration) float64 {
	if d <= 0 {
		return math.NaN()
	}
	return float64(d.Microseconds()) / 1000
}

// Write writes the document as canonical JSON, with a scenario a line.
func (d *CheckDocument) Write(w io.Writer) error {
	var e encoder
	e.document(reflect.ValueOf(d).Elem())
	_, err := w.Write(e.out)
	return err
}
