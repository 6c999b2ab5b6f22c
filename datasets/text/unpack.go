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

// Unpack reads through gzip or zstd where the first bytes say so, and past a byte
// order mark. Whatever it is, memory is bounded.
func Unpack(raw io.Reader) (io.Reader, error) {
	r := bufio.NewReaderSize(raw, 1<<18)
	magic, _ := r.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		return gzip.NewReader(r)
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxWindow))
	case bytes.HasPrefix(magic, []byte{0xef, 0xbb, 0xbf}):
		r.Discard(3) // a byte order mark
	}
	return r, nil
}
