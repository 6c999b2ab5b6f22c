package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is a bar on standard error for what takes over a second. The zero
// progress shows nothing.
type progress struct {
	bar     *progressbar.ProgressBar
	fromMS  int64
	started time.Time
}

// progress returns a bar for a clock that goes from fromMS to toMS; it shows on
// a terminal only.
func (a *app) progress(what string, fromMS, toMS int64) *progress {
	stderr, ok := a.stderr.(*os.File)
	if a.quiet || !ok || !isTerminal(stderr) {
		return &progress{}
	}
	return &progress{fromMS: fromMS, started: time.Now(), bar: progressbar.NewOptions64(toMS-fromMS,
		progressbar.OptionSetWriter(stderr),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(30),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond),
	)}
}

// at shows the clock's time.
func (p *progress) at(nowMS int64) {
	if p.bar != nil && nowMS > p.fromMS && time.Since(p.started) > time.Second {
		_ = p.bar.Set64(nowMS - p.fromMS) // a bar that can't be drawn must not stop the run
	}
}

func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

// counter is a count on standard error for what takes over a second and whose
// end is not known. It may be used by several goroutines.
type counter struct {
	bar     *progressbar.ProgressBar
	started time.Time
}

// counter returns a counter; it shows on a terminal only.
func (a *app) counter(what string) *counter {
	stderr, ok := a.stderr.(*os.File)
	if a.quiet || !ok || !isTerminal(stderr) {
		return &counter{}
	}
	return &counter{started: time.Now(), bar: progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(stderr),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("rows"),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond),
	)}
}

func (c *counter) add(n int) {
	if c.bar != nil && time.Since(c.started) > time.Second {
		_ = c.bar.Add(n) // what can't be drawn must not stop the work
	}
}

func (c *counter) done() {
	if c.bar != nil {
		_ = c.bar.Clear()
	}
}
