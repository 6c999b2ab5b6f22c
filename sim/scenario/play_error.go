package scenario

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/strategies"
)

// because is an error that arose from what the scenario says at a place. One that
// names a line of the scenario itself keeps it, and so does a file's that has lines of
// its own in a language of ours; that of a context stays as it is.
func (g *game) because(at Place, path string, err error) error {
	if err == nil || g.ctx.Err() != nil && errors.Is(err, g.ctx.Err()) {
		return err
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []error
		for _, e := range several.Unwrap() {
			errs = append(errs, g.because(at, path, e))
		}
		return errors.Join(errs...)
	}
	at = g.place(at)
	file := g.scenario.File
	if e, ok := errors.AsType[*strategies.SignalError](err); ok {
		if e.File == file && e.Line > 0 {
			return g.line(int64(e.Line)).Wrong(e.Field, e.Found, sentences(e.Expected, e.Remedy))
		}
		err = e
	}
	if e, ok := errors.AsType[*datasets.Refusal](err); ok {
		expected := sentences(e.Expected, e.Remedy)
		if e.File == file && e.Line > 0 {
			return g.line(e.Line).Wrong(path, e.Found, expected)
		}
		where := e.File
		if e.Row > 0 {
			where += fmt.Sprintf(", row %d", e.Row)
		}
		if e.Line > 0 {
			where += fmt.Sprintf(", line %d", e.Line)
		}
		return at.Wrong(path, e.Found+" ("+where+")", expected)
	}
	if strings.Contains(err.Error(), file+":") { // a script's line
		return err
	}
	return at.Because(path, err)
}

// place is a place that can tell its file, whoever made the scenario.
func (g *game) place(at Place) Place {
	if at.Text == nil {
		at.Text = &strictyaml.Text{File: g.scenario.File, Source: g.scenario.Text}
	}
	return at
}

// line is where what a line of the scenario says begins, behind the dash of a list.
func (g *game) line(n int64) Place {
	at := g.place(g.scenario.Actor.At)
	source := strings.Split(at.Text.Source, "\n")
	at.Line, at.Column = int(n), 1
	if at.Line <= len(source) {
		text := source[at.Line-1]
		at.Column += len(text) - len(strings.TrimLeft(text, " -"))
	}
	return at
}

// sentences are what is expected and what to do about it, one behind the other, with
// the scenario's keys in place of the flags of a command that errors of its data name.
func sentences(expected, remedy string) string {
	text := expected + remedy
	if expected != "" && remedy != "" {
		text = expected + "; " + remedy
	}
	return strings.NewReplacer(
		", or drop them with --clip-signals", "", // scenarios have nothing like it
		"--from", "from", "--to", "to", "--max-gap", "max_gap", "--interval", "interval", "--pairs", "pairs", "--miner", "miner",
	).Replace(text)
}
