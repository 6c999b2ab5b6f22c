package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/ptnsim/ptnsim/market/suggest"
)

// Error is what went wrong in a script, and where. Its message is
//
//	file:line:column: message
//	    line | source
//	         |   ^
//	called from file:line:column in function
type Error struct {
	File         string // "" if the message is going to be put behind it
	Line, Column int32  // from 1; 0 if it concerns the whole file
	Message      string
	Source       string // the line
	Function     string // in which it happened; "" at the top level
	Callers      []Caller
	Cause        error // what a builtin said; may be nil
}

// Caller is a place in a script from which the next one was called.
type Caller struct {
	Line, Column int32
	Function     string // "" at the top level
}

// callersMax bounds the callers that an error lists: the innermost.
const callersMax = 10

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	if place := e.place(e.Line, e.Column); place != "" {
		b.WriteString(place + ": ")
	}
	if e.Function != "" {
		fmt.Fprintf(&b, "%s: ", e.Function)
	}
	b.WriteString(e.Message)
	if e.Source != "" {
		number := fmt.Sprint(e.Line)
		// Tabs stay tabs, so that the mark stands below its place.
		indent := strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return ' '
		}, head(e.Source, int(e.Column)-1))
		fmt.Fprintf(&b, "\n    %s | %s\n    %s | %s^", number, e.Source, strings.Repeat(" ", len(number)), indent)
	}
	for _, c := range e.Callers {
		b.WriteString("\ncalled from " + e.place(c.Line, c.Column))
		if c.Function != "" {
			fmt.Fprintf(&b, " in %s", c.Function)
		}
	}
	return b.String()
}

// place is file:line:column, or what there is of it.
func (e *Error) place(line, column int32) string {
	switch {
	case line == 0:
		return e.File
	case e.File == "":
		return fmt.Sprintf("%d:%d", line, column)
	}
	return fmt.Sprintf("%s:%d:%d", e.File, line, column)
}

// unnamed leaves out the file's name, for who puts it in front anyway.
func unnamed(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	bare := *e
	bare.File = ""
	return &bare
}

// Unwrap returns what a builtin said.
func (e *Error) Unwrap() error { return e.Cause }

// head is the first n characters of a text.
func head(text string, n int) string {
	runes := []rune(text)
	return string(runes[:min(max(n, 0), len(runes))])
}

// nameMax bounds the name of a function in a message, bytes.
const nameMax = 100

// messageMax bounds a message, which a script may write itself, bytes.
const messageMax = 2000

// clip shortens a text that is too long for a person.
func clip(text string, most int) string {
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	return text
}

// errorAt is an error at a place in the script.
func (p *program) errorAt(pos syntax.Position, message string) *Error {
	return &Error{File: p.name, Line: pos.Line, Column: pos.Col, Message: clip(message, messageMax), Source: p.line(pos.Line)}
}

// sourceMax bounds the source that an error shows, bytes.
const sourceMax = 200

// line is a line of the script, from 1; "" if there is none.
func (p *program) line(n int32) string {
	for line := range strings.Lines(p.text) {
		if n--; n == 0 {
			line = strings.ToValidUTF8(strings.TrimRight(line, "\r\n"), "?")
			if len(line) > sourceMax {
				return ""
			}
			return line
		}
	}
	return ""
}

// compileError is an error of the parser or of the resolver, the first if there
// are several.
func (p *program) compileError(err error) error {
	var list resolve.ErrorList
	var parse syntax.Error
	switch {
	case errors.As(err, &list) && len(list) > 0:
		e := p.errorAt(list[0].Pos, p.suggested(habitual(list[0].Msg, "")))
		if len(list) > 1 {
			e.Message += fmt.Sprintf(" (and %d more errors)", len(list)-1)
		}
		return e
	case errors.As(err, &parse):
		return p.errorAt(parse.Pos, habitual(parse.Msg, p.line(parse.Pos.Line)))
	}
	return &Error{File: p.name, Message: err.Error(), Cause: err}
}

// suggested adds what may have been meant to the message of an undefined name:
// Starlark looks at the script's own names alone.
func (p *program) suggested(message string) string {
	name, undefined := strings.CutPrefix(message, "undefined: ")
	if !undefined || strings.Contains(name, " ") {
		return message
	}
	if hint := elsewhere(name); hint != "" {
		return fmt.Sprintf("%s (%s)", message, hint)
	}
	names := slices.Concat(starlark.Universe.Keys(), p.names.Keys(), []string{paramName})
	slices.Sort(names)
	return message + suggest.DidYouMean(name, slices.Compact(names))
}

// runError is an error of an execution: where it happened, and how it came there.
func (p *program) runError(err error) *Error {
	var eval *starlark.EvalError
	if !errors.As(err, &eval) {
		return &Error{File: p.name, Message: clip(err.Error(), messageMax), Cause: err}
	}
	e := &Error{File: p.name, Message: clip(p.assigned(unfinished(eval.Msg)), messageMax), Cause: eval.Unwrap()}
	for i := range eval.CallStack {
		frame := eval.CallStack.At(i) // innermost first
		if frame.Pos.Filename() != p.name || frame.Pos.Line == 0 {
			continue // a builtin: its message names it
		}
		name := clip(frame.Name, nameMax)
		if name == topLevel {
			name = ""
		}
		switch {
		case e.Line == 0:
			e.Line, e.Column, e.Function, e.Source = frame.Pos.Line, frame.Pos.Col, name, p.line(frame.Pos.Line)
		case len(e.Callers) < callersMax:
			e.Callers = append(e.Callers, Caller{frame.Pos.Line, frame.Pos.Col, name})
		}
	}
	return e
}

// unfinished says of an index beyond a column how many candles there are; another
// message it leaves as it is.
func unfinished(message string) string {
	var index, least int
	if _, err := fmt.Sscanf(message, "index %d out of range: empty "+columnType, &index); err == nil {
		return fmt.Sprintf("column index %d: no finished candle is to be seen here; ask feed.count first", index)
	}
	if _, err := fmt.Sscanf(message, columnType+" index %d out of range [%d:", &index, &least); err != nil {
		return message
	}
	candles := "1 candle is"
	if least != -1 {
		candles = fmt.Sprintf("%d candles are", -least)
	}
	return fmt.Sprintf("column index %d: only %s finished; ask feed.count first", index, candles)
}

// topLevel is what Starlark calls the code outside functions.
const topLevel = "<toplevel>"
