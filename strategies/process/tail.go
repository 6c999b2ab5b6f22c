package process

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// tailMax bounds what is kept of a program's standard error, and a line of it
// that is passed on.
const tailMax = 4 << 10

// tail passes a program's standard error on, line by line, and keeps the last
// of it.
type tail struct {
	to     io.Writer // may be nil
	prefix string    // before each line
	line   []byte    // not ended yet

	mu   sync.Mutex // not held while it passes on: that may block
	last []byte
}

// Write implements io.Writer. It never fails: what can't be shown is kept all
// the same.
func (t *tail) Write(p []byte) (int, error) {
	t.keep(p)
	if t.to == nil {
		return len(p), nil
	}
	for rest := p; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n') + 1
		if end == 0 {
			end = len(rest)
		}
		t.line = append(t.line, rest[:end]...)
		if t.line[len(t.line)-1] == '\n' || len(t.line) >= tailMax {
			t.flush()
		}
		rest = rest[end:]
	}
	return len(p), nil
}

// keep adds to what is kept.
func (t *tail) keep(p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, p...)
	if over := len(t.last) - tailMax; over > 0 {
		t.last = append(t.last[:0], t.last[over:]...)
	}
}

// flush passes on what there is of a line.
func (t *tail) flush() {
	if len(t.line) == 0 || t.to == nil {
		return
	}
	line := append([]byte(t.prefix), t.line...)
	if line[len(line)-1] != '\n' {
		line = append(line, '\n')
	}
	_, _ = t.to.Write(line)
	t.line = t.line[:0]
}

// lastLine is the last line of a text that is not blank.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// words is what is kept. The first line is left out if it was cut.
func (t *tail) words() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.ToValidUTF8(string(t.last), "\uFFFD")
	if len(t.last) == tailMax {
		if _, rest, ok := strings.Cut(text, "\n"); ok && rest != "" {
			text = "…\n" + rest
		}
	}
	return text
}
