package scenario

import (
	"context"
	"regexp"
	"time"
)

// Suite checks many scenarios.
type Suite struct {
	Library  Library
	Workers  int              // scenarios that play at once; 0: as many as there are processors
	Run      *regexp.Regexp   // of those whose file or title it matches alone; nil: all
	FailFast bool             // none begins after the first that fails
	Update   bool             // write what was found into the files
	Now      func() time.Time // for how long each took; nil: nothing is measured
	Progress func(done, of int)
}

// Check is what became of one scenario.
type Check struct {
	File     string    // relative to where the check was started, with slashes
	Scenario *Scenario // nil if it could not be read
	Outcome  Outcome
	Err      error     // why it could not be read or played
	Findings []Finding // what does not hold; with Suite.Update what was kept
	Updated  string    // the difference, as a unified diff, that Suite.Update made; "" for none
	Digest   string    // of what came of it; of a standing of its facts
	Took     time.Duration
}

// Outcome is how a scenario ended.
type Outcome string

// The outcomes.
const (
	Passed  Outcome = "passed"
	Failed  Outcome = "failed"  // something else came of it than was expected
	Broken  Outcome = "broken"  // it could not be read or played
	Skipped Outcome = "skipped" // by FailFast
)

// Check finds the scenarios of some paths, plays them and returns what became of each,
// in the order of their files. The error is of paths that can't be read, or that
// hold no scenario, or a context that was cancelled; scenarios have theirs in Check.
func (s *Suite) Check(ctx context.Context, paths []string) ([]Check, error) { panic("not written yet") }

// Find returns the scenario files of some paths: files as they are, and of folders
// every .yaml and .yml within, in order; folders whose names begin with _ or . are
// left out, so that what scenarios read has a place beside them.
func Find(paths []string) ([]string, error) { panic("not written yet") }
