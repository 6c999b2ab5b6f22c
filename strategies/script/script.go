// Package script runs strategies that are written in Starlark, a small dialect
// of Python. A script is one file that sees what a strategy in Go sees, and
// nothing else: no files, no network, no clock but the run's, no randomness but
// the seed's. The same script on the same candles emits the same orders on every
// machine. docs/scripts.md is its reference.
//
// Each run executes the script anew, so that nothing outlives a run.
package script

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/strategies"
)

// textMax bounds a script's size, bytes.
const textMax = 256 << 10

// Option is a choice about how scripts run.
type Option func(*program)

// WithPrint has what the script prints written to w, a line each with the run's
// time before it. Without it nothing is written. It changes no order.
func WithPrint(w io.Writer) Option { return func(p *program) { p.printer = w } }

// WithSteps bounds each call of a function of the script, steps: about one for
// each operation. Without it the limit is StepsMax.
func WithSteps(most uint64) Option { return func(p *program) { p.stepsMax = most } }

// StepsMax is the limit of a call's steps if nobody says otherwise: a second or
// so of what scripts mostly do. A single step has no bound, neither in time nor in
// memory: a list may be doubled, and a product of whole numbers has all its digits.
const StepsMax = 10_000_000

// stepsPerCandle is what a call that computes a column may take in addition, for
// each of the candles.
const stepsPerCandle = 10_000

// Open reads a script. Its definition has the file's name, and its parameters.
// Errors of the file and of the script are an *Error.
func Open(path string, options ...Option) (strategies.Definition, error) {
	text, err := read(path)
	if err != nil {
		return strategies.Definition{}, err
	}
	return Parse(filepath.Base(path), text, options...)
}

// read reads a file that is no longer than a script may be, and a byte.
func read(path string) ([]byte, error) {
	unread := func(found string, err error) error {
		return &Error{File: path, Message: "found " + found + "; expected a script, such as those that 'ptnsim strategies example' lists", Cause: err}
	}
	about, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, unread("no such file", err)
	case err != nil:
		return nil, &Error{File: path, Message: err.Error(), Cause: err}
	case about.IsDir():
		return nil, unread("a folder", nil)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &Error{File: path, Message: err.Error(), Cause: err}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, textMax+1))
	if err != nil {
		return nil, &Error{File: path, Message: err.Error(), Cause: err}
	}
	return text, nil
}

// Parse reads a script from memory; name stands for it in messages. The script
// is executed once, so that what doesn't work at all is refused here.
func Parse(name string, text []byte, options ...Option) (strategies.Definition, error) {
	p, err := compile(name, text)
	if err != nil {
		return strategies.Definition{}, err
	}
	for _, o := range options {
		o(p)
	}
	hash := sha256.Sum256(text)
	d := strategies.Definition{
		Name: name, Kind: strategies.Script, Idea: p.idea(), Doc: p.doc,
		SHA256: hex.EncodeToString(hash[:]),
		Define: func(given []strategies.Setting) (strategies.Configurable, []strategies.Param, error) {
			s, params, err := p.define(given)
			return s, params, unnamed(err)
		},
	}
	_, _, err = p.define(nil)
	return d, err
}

// program is a script that is ready to be executed. It never changes, so that
// runs share it.
type program struct {
	name     string
	text     string
	doc      string
	code     *starlark.Program
	globals  map[string]bool     // what the script defines
	names    starlark.StringDict // what every script can call, but param
	classes  *classes
	printer  io.Writer // nil: nobody listens
	stepsMax uint64
}

// dialect is the Starlark of scripts: loops and conditions at the top level and
// sets, but neither recursion nor while, so that every loop is over something.
func dialect() *syntax.FileOptions {
	return &syntax.FileOptions{Set: true, TopLevelControl: true, GlobalReassign: true}
}

func compile(name string, text []byte) (*program, error) {
	p := &program{name: name, text: string(text), stepsMax: StepsMax, classes: newClasses()}
	p.names = builtins(p.classes)
	if err := p.checkText(); err != nil {
		return nil, err
	}
	file, err := dialect().Parse(name, text, 0)
	if err != nil {
		return nil, p.compileError(err)
	}
	for _, s := range file.Stmts {
		if l, ok := s.(*syntax.LoadStmt); ok {
			return nil, p.errorAt(l.Load, "load is not available: a script is a single file")
		}
	}
	p.doc = docOf(file, p.text)
	p.code, err = starlark.FileProgram(file, func(name string) bool { return name == paramName || p.names.Has(name) })
	if err != nil {
		return nil, p.compileError(err)
	}
	p.globals = make(map[string]bool)
	for _, g := range file.Module.(*resolve.Module).Globals {
		p.globals[g.First.Name] = true
	}
	return p, nil
}

// checkText refuses a text that is too long. Starlark's parser bounds how deep it
// may be nested.
func (p *program) checkText() error {
	if len(p.text) > textMax {
		return &datasets.Refusal{File: p.name, Problem: datasets.ErrSyntax,
			Found: fmt.Sprintf("more than %d KiB", textMax>>10), Expected: "a script of at most that"}
	}
	return nil
}

// docOf is the string that a script starts with, or the comment.
func docOf(file *syntax.File, text string) string {
	if len(file.Stmts) > 0 {
		if s, ok := file.Stmts[0].(*syntax.ExprStmt); ok {
			if l, ok := s.X.(*syntax.Literal); ok && l.Token == syntax.STRING {
				return paragraph(l.Value.(string))
			}
		}
	}
	var lines []string
	for line := range strings.Lines(text) {
		comment, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
		if !ok || strings.HasPrefix(comment, "!") && lines == nil {
			if lines == nil && (ok || strings.TrimSpace(line) == "") {
				continue
			}
			break
		}
		lines = append(lines, comment)
	}
	return paragraph(strings.Join(lines, "\n"))
}

// paragraph is the first one of a text, as one line.
func paragraph(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(strings.ReplaceAll(text, "\r", "")), "\n\n")
	return strings.Join(strings.Fields(text), " ")
}

// idea is the first sentence of the doc.
func (p *program) idea() string {
	first, _, more := strings.Cut(p.doc, ". ")
	if !more {
		return strings.TrimSuffix(first, ".")
	}
	return first
}
