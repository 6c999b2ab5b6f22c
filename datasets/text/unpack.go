package text

import (
	"bufio"
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory that a zstd file may ask for, bytes.
const maxWindow = 64 << 20

// Unpack reads through gzip or zstd where the first bytes say so, past a byte
// order mark, turns UTF-16, which some terminals write, into UTF-8, and the ends of
// lines of old Macs into those of today. Whatever it is, memory is bounded, and a compressed text that breaks off ends in an
// error that is not io.EOF.
func Unpack(raw io.Reader) (io.Reader, error) {
	r := bufio.NewReaderSize(raw, 1<<18)
	magic, _ := r.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		return plain(bufio.NewReaderSize(z, 1<<16)), nil
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxWindow), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return plain(bufio.NewReaderSize(z, 1<<16)), nil
	}
	return plain(r), nil
}

// plain reads past a byte order mark, which also tells UTF-16.
func plain(r *bufio.Reader) io.Reader {
	mark, _ := r.Peek(3)
	switch {
	case bytes.Equal(mark, []byte{0xef, 0xbb, 0xbf}):
		r.Discard(3)
	case bytes.HasPrefix(mark, []byte{0xff, 0xfe}):
		r.Discard(2)
		return &utf16Reader{r: r, low: 0, high: 1}
	case bytes.HasPrefix(mark, []byte{0xfe, 0xff}):
		r.Discard(2)
		return &utf16Reader{r: r, low: 1, high: 0}
	}
	if head, _ := r.Peek(macHead); carriageReturns(head) {
		return &macReader{r}
	}
	return r
}

// macHead is how much of a text tells how its lines end, bytes.
const macHead = 1 << 12

// carriageReturns reports whether lines end in carriage returns alone: there are
// some and no line feed, in bytes that are all text. The last byte may be half of
// an end.
func carriageReturns(head []byte) bool {
	ends := false
	for i, c := range head {
		switch {
		case c == '\r':
			ends = ends || i < len(head)-1
		case c < ' ' && c != '\t':
			return false
		}
	}
	return ends
}

// macReader makes line feeds of carriage returns.
type macReader struct{ r io.Reader }

// Read implements io.Reader.
func (m *macReader) Read(p []byte) (n int, err error) {
	n, err = m.r.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
