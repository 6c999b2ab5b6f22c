package scenario

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
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
	Err      error     // why it could not be read, played or updated
	Findings []Finding // what does not hold; with Suite.Update what was kept
	Updated  string    // the difference, as a unified diff, that Suite.Update made; "" for none
	Came     string    // what the play came to, in a line; "" of none
	Digest   string    // of what came of it; of a standing of its facts
	Took     time.Duration
}

// Outcome is how a scenario ended.
type Outcome string

// The outcomes.
const (
	Passed  Outcome = "passed"
	Failed  Outcome = "failed"  // something else came of it than was expected
	Broken  Outcome = "broken"  // it could not be read, played or updated
	Skipped Outcome = "skipped" // by FailFast
)

// Check finds the scenarios of some paths, plays them and returns what became of each,
// in the order of their files. The error is of paths that can't be read, or that
// hold no scenario, of a Run that no scenario matches, or of a context that was
// cancelled; scenarios have theirs in Check.
//
// What it returns does not depend on the number of workers: with FailFast, what stands
// behind the first that fails is Skipped, also if it had begun before. With Update, a
// scenario has Passed if all that did not hold was rewritten; files are written when
// everything was played.
func (s *Suite) Check(ctx context.Context, paths []string) ([]Check, error) {
	files, err := Find(paths)
	if err != nil {
		return nil, err
	}
	trials := make([]trial, len(files))
	if err := s.each(ctx, len(files), func(i int) bool {
		trials[i] = s.read(files[i])
		return true
	}, nil); err != nil {
		return nil, err
	}
	if trials, err = s.chosen(trials); err != nil {
		return nil, err
	}
	player := NewPlayer(s.Library)
	defer player.Close()
	if err := s.each(ctx, len(trials), func(i int) bool {
		t := &trials[i]
		s.timed(t, func() { t.play(ctx, player, s.Update) })
		return !s.FailFast || t.Outcome == Passed
	}, s.Progress); err != nil {
		return nil, err
	}
	return s.settle(trials), nil
}

// trial is the check of one scenario in progress.
type trial struct {
	Check
	path string // of its file
	text string // that Update has for it; "": none
}

// timed measures how long something takes.
func (s *Suite) timed(t *trial, do func()) {
	if s.Now == nil {
		do()
		return
	}
	begin := s.Now()
	do()
	t.Took += s.Now().Sub(begin)
}

// read reads a scenario.
func (s *Suite) read(path string) trial {
	t := trial{path: path, Check: Check{File: displayed(path)}}
	s.timed(&t, func() {
		if t.Scenario, t.Err = Read(path); t.Err != nil {
			t.Scenario, t.Outcome = nil, Broken
		}
	})
	return t
}

// displayed is a file as it is shown: relative to the folder that we are in, if it
// lies there, with slashes.
func displayed(path string) string {
	if absolute, err := filepath.Abs("."); err == nil && filepath.IsAbs(path) {
		if relative, err := filepath.Rel(absolute, path); err == nil && filepath.IsLocal(relative) {
			path = relative
		}
	}
	return filepath.ToSlash(path)
}

// chosen are the scenarios that Run matches.
func (s *Suite) chosen(trials []trial) ([]trial, error) {
	if s.Run == nil {
		return trials, nil
	}
	var chosen []trial
	for _, t := range trials {
		if s.Run.MatchString(t.File) || t.Scenario != nil && s.Run.MatchString(t.Scenario.Title) {
			chosen = append(chosen, t)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("found no scenario whose file or title matches %q, of %d; expected one at least: correct the pattern", s.Run, len(trials))
	}
	return chosen, nil
}

// play plays a scenario that was read, and judges what came of it. A cancelled
// context leaves it without an outcome.
func (t *trial) play(ctx context.Context, player *Player, update bool) {
	if t.Outcome == Broken {
		return
	}
	s := t.Scenario
	play, err := player.Play(ctx, s)
	if err != nil && ctx.Err() != nil {
		return
	}
	wanted := s.Expect.Error
	switch {
	case err != nil && wanted == "":
		t.Outcome, t.Err = Broken, err
		return
	case err != nil && !strings.Contains(reason(err), wanted):
		t.Findings = []Finding{otherError(&s.Expect, err)}
	case err == nil:
		t.Digest, t.Came = play.Digest, play.Came
		t.Findings = Judge(s, play.Facts)
	}
	if update && wanted == "" && len(t.Findings) > 0 {
		text, kept, err := Update(s, play.Facts, t.Findings)
		if err != nil {
			t.Outcome, t.Err = Broken, err
			return
		}
		t.text, t.Findings = text, kept
	}
	t.Outcome = Passed
	if len(t.Findings) > 0 {
		t.Outcome = Failed
	}
}

// otherError is the finding of an error that is not the expected one.
func otherError(e *Expectation, err error) Finding {
	return Finding{
		Path: "error", Line: e.At.Line, Column: e.At.Column, of: e,
		Verdict: condition.Verdict{Expected: fmt.Sprintf("an error that says %q", e.Error), Got: reason(err)},
	}
}

// reason is the text of an error without the lines of files that it quotes: these may
// say anything.
func reason(err error) string {
	text := err.Error()
	for _, excerpt := range excerpts(err) {
		text = strings.Replace(text, "\n"+excerpt, "", 1)
	}
	return text
}

// excerpts are the lines that an error, and those within it, quote.
func excerpts(err error) (list []string) {
	switch e := any(err).(type) {
	case *strictyaml.SyntaxError:
		if e.Excerpt != "" {
			list = append(list, e.Excerpt)
		}
	case interface{ Unwrap() []error }:
		for _, within := range e.Unwrap() {
			list = append(list, excerpts(within)...)
		}
	case interface{ Unwrap() error }:
		list = excerpts(e.Unwrap())
	}
	return list
}

// settle writes what was updated, and skips what stands behind the first failure of a
// suite that fails fast.
func (s *Suite) settle(trials []trial) []Check {
	checks := make([]Check, len(trials))
	failed := false
	for i := range trials {
		t := &trials[i]
		if failed {
			checks[i] = Check{File: t.File, Scenario: t.Scenario, Outcome: Skipped}
			continue
		}
		if t.text != "" && t.text != t.Scenario.Text {
			s.timed(t, t.write)
		}
		checks[i] = t.Check
		failed = s.FailFast && t.Outcome != Passed
	}
	return checks
}

// each does n things, some at once, in their order. None begins after one that
// returned false, but those before it are all done. A panic of one is passed on when
// the others have ended.
func (s *Suite) each(ctx context.Context, n int, do func(i int) bool, progress func(done, of int)) error {
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		next  int
		done  int
		crash any
	)
	begin := func() (i int, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		i = next
		next++
		return i, i < n && ctx.Err() == nil
	}
	end := func(goOn bool, panicked any) {
		mu.Lock()
		defer mu.Unlock()
		done++
		if panicked != nil && crash == nil {
			crash = panicked
		}
		if !goOn {
			next = n
		}
		if progress != nil {
			progress(done, n)
		}
	}
	workers := s.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	for range min(workers, n) {
		group.Go(func() {
			for i, ok := begin(); ok; i, ok = begin() {
				goOn, panicked := caught(func() bool { return do(i) })
				end(goOn, panicked)
			}
		})
	}
	group.Wait()
	if crash != nil {
		panic(crash)
	}
	return ctx.Err()
}

// caught does something, and returns what it panics with, and where.
func caught(do func() bool) (goOn bool, panicked any) {
	defer func() {
		if p := recover(); p != nil {
			goOn, panicked = false, fmt.Sprintf("%v\n%s", p, debug.Stack())
		}
	}()
	return do(), nil
}
