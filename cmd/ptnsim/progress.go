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
