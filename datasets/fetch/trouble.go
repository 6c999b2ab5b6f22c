package fetch

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What a fetch can fail for. A *Trouble unwraps to one of these.
var (
	ErrUnreachable = errors.New("not reachable")
	ErrDenied      = errors.New("access refused")
	ErrKey         = errors.New("key missing or exposed")
	ErrAbsent      = errors.New("not there")
	ErrTooMany     = errors.New("too many requests")
	ErrServer      = errors.New("the source's own fault")
	ErrSlow        = errors.New("no answer in time")
	ErrTruncated   = errors.New("body cut short")
	ErrTooLarge    = errors.New("body too large")
	ErrContent     = errors.New("unexpected content")
	ErrChecksum    = errors.New("wrong checksum")
	ErrRedirect    = errors.New("sent to another host")
	ErrPaging      = errors.New("pages without an end")
	ErrStatus      = errors.New("unexpected status")
	ErrBusy        = errors.New("folder in use")
)

// Trouble says what went wrong with a request and what to do. Its message is
//
//	source: URL: found X; remedy
//
// It never holds a key: those travel in a header, and what a source sends back is
// searched for them.
type Trouble struct {
	Source  string
	URL     string // without a key
	Problem error  // one of this package's Err values
	Found   string
	Remedy  string
	Tries   int // how often it was tried; 0 or 1: once

	again bool          // it may go away by itself
	after time.Duration // the source asked to be left alone that long; 0: it didn't say
}

// Error implements error.
func (t *Trouble) Error() string {
	var b strings.Builder
	b.WriteString(t.Source)
	if t.URL != "" {
		b.WriteString(": " + t.URL)
	}
	b.WriteString(": found " + t.Found)
	if t.Tries > 1 {
		fmt.Fprintf(&b, ", %d times", t.Tries)
	}
	if t.Remedy != "" {
		b.WriteString("; " + t.Remedy)
	}
	return b.String()
}

// Unwrap returns the problem, so that errors.Is finds it.
func (t *Trouble) Unwrap() error { return t.Problem }

const resumes = "what is finished is kept: call again to go on"

// excerpt is the beginning of a source's words, on one line and without control
// characters.
func excerpt(body []byte) string {
	const most = 160
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return ' '
		}
		return r
	}, string(body[:min(len(body), 4*most)]))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return text
}
