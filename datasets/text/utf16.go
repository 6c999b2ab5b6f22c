package text

import (
	"bufio"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Reader turns UTF-16 into UTF-8 as it is read.
type utf16Reader struct {
	r         *bufio.Reader
	low, high int    // which byte of a unit is the lower, which the higher
	rest      []byte // of a character that did not fit
	scratch   [utf8.UTFMax]byte
}

// Read implements io.Reader.
func (u *utf16Reader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(u.rest) > 0 {
			k := copy(p[n:], u.rest)
			n, u.rest = n+k, u.rest[k:]
			continue
		}
		unit, err := u.unit()
		if err != nil {
			if n > 0 && errors.Is(err, io.EOF) {
				return n, nil // the next call says it again
			}
			return n, err
		}
		if unit < utf8.RuneSelf {
			p[n] = byte(unit)
			n++
			continue
		}
		if utf16.IsSurrogate(unit) {
			second, err := u.unit()
			if err != nil && !errors.Is(err, io.EOF) {
				return n, err
			}
			unit = utf16.DecodeRune(unit, second)
		}
		u.rest = u.scratch[:utf8.EncodeRune(u.scratch[:], unit)]
	}
	return n, nil
}

// unit reads two bytes; io.ErrUnexpectedEOF if only one is left.
func (u *utf16Reader) unit() (rune, error) {
	var b [2]byte
	if _, err := io.ReadFull(u.r, b[:]); err != nil {
		return 0, err
	}
	return rune(b[u.high])<<8 | rune(b[u.low]), nil
}
