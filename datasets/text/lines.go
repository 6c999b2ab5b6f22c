package text

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds a line of a text file, bytes.
const maxLine = 1 << 20

// Lines hands out the lines of a text without copying them.
type Lines struct {
	r    io.Reader
	buf  []byte
	a, b int   // buf[a:b] is not yet handed out
	line int64 // lines handed out
	err  error
}

// NewLines returns the lines of r.
func NewLines(r io.Reader) *Lines { return &Lines{r: r, buf: make([]byte, 1<<18)} }

// Next returns the next line that is not blank, without its end, valid until the
// next call; io.EOF after the last.
func (l *Lines) Next() ([]byte, error) {
	for {
		line, err := l.any()
		if err != nil || len(line) > 0 {
			return line, err
		}
	}
}

func (l *Lines) any() ([]byte, error) {
	for {
		if n := bytes.IndexByte(l.buf[l.a:l.b], '\n'); n >= 0 {
			return l.take(n, 1), nil
		}
		if l.err != nil {
			if l.a < l.b && errors.Is(l.err, io.EOF) {
				return l.take(l.b-l.a, 0), nil
			}
			return nil, l.err
		}
		if err := l.fill(); err != nil {
			return nil, err
		}
	}
}

func (l *Lines) take(n, end int) []byte {
	line := l.buf[l.a : l.a+n]
	l.a += n + end
	l.line++
	return bytes.TrimRight(line, "\r")
}

// fill reads more behind what is left, which moves to the front.
func (l *Lines) fill() error {
	l.b = copy(l.buf, l.buf[l.a:l.b])
	l.a = 0
	if l.b == len(l.buf) {
		if len(l.buf) >= maxLine {
			return fmt.Errorf("line %d is longer than %d bytes", l.line+1, maxLine)
		}
		l.buf = append(l.buf, make([]byte, len(l.buf))...)
	}
	n, err := l.r.Read(l.buf[l.b:])
	l.b += n
	l.err = err
	return nil
}

// Line is the number of the line that Next returned last, from 1.
func (l *Lines) Line() int64 { return l.line }
