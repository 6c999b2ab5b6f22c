package fetch

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ptnsim/ptnsim/datasets/vendors"
)

// Content is what a body must be.
type Content uint8

// The contents that sources send.
const (
	JSON Content = iota + 1
	Zip
	BI5
	Text
)

// limit bounds a body, bytes. A month of seconds from Binance takes 150 MB; the
// longest JSON page, 50,000 aggregates, 6 MB; a day of Dukascopy's minutes 35 kB.
func (c Content) limit() int64 {
	switch c {
	case Zip:
		return 1 << 30
	case BI5:
		return 4 << 20
	case Text:
		return 4 << 10
	}
	return 64 << 20
}

func (c Content) String() string {
	return [...]string{"nothing", "JSON", "a zip archive", "a bi5 file", "text"}[c]
}

func (c Content) accept() string {
	if c == JSON {
		return "application/json"
	}
	return "*/*"
}

// looksLikeMarkup reports whether a body is HTML or XML: a login, a block, or a
// proxy's own page.
func looksLikeMarkup(body []byte) bool {
	body = bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(body) > 0 && body[0] == '<'
}

// judge says what is wrong with a finished download, "" if nothing is. again
// tells that another try may mend it. What is quoted of it doesn't hold the key.
func (c Content) judge(path string, key secret) (wrong string, again bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", false, err
	}
	defer f.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", false, err
	}
	head = head[:n]
	if looksLikeMarkup(head) {
		return "an HTML page (" + excerpt(title(key.hide(head))) + ")", false, nil
	}
	switch c {
	case JSON:
		return judgeJSON(path, head, key)
	case Zip:
		if !bytes.HasPrefix(head, []byte("PK")) {
			head = key.hide(head)
			return "no zip archive (it begins with " + fmt.Sprintf("%q", head[:min(len(head), 16)]) + ")", false, nil
		}
		return judgeZip(path)
	case BI5:
		body, err := os.ReadFile(path)
		if err != nil {
			return "", false, err
		}
		if _, err := vendors.DecodeBI5(body); err != nil {
			return "a damaged bi5 file (" + err.Error() + ")", true, nil
		}
	}
	return "", false, nil
}

// title is what an HTML page calls itself.
func title(page []byte) []byte {
	lower := bytes.ToLower(page)
	if i := bytes.Index(lower, []byte("<title>")); i >= 0 {
		rest := page[i+len("<title>"):]
		if j := bytes.IndexByte(rest, '<'); j >= 0 {
			return rest[:j]
		}
	}
	return []byte("a page instead of data")
}

func judgeJSON(path string, head []byte, key secret) (string, bool, error) {
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 {
		return "an empty body", true, nil
	}
	if head[0] != '[' && head[0] != '{' {
		return fmt.Sprintf("no JSON (%s)", key.quote(head)), false, nil
	}
	body, err := os.ReadFile(path)
	if err == nil && !json.Valid(body) {
		return "JSON that is cut short or damaged", true, nil
	}
	return "", false, err
}

// judgeZip reads every member to its end, which checks their checksums.
func judgeZip(path string) (string, bool, error) {
	const most = 2 << 30 // bytes unpacked: a month of seconds has 350 MB
	r, err := zip.OpenReader(path)
	if err != nil {
		return "a damaged zip archive (" + err.Error() + ")", true, nil
	}
	defer r.Close()
	left := int64(most)
	for _, member := range r.File {
		body, err := member.Open()
		if err != nil {
			return "a damaged zip archive (" + err.Error() + ")", true, nil
		}
		n, err := io.Copy(io.Discard, io.LimitReader(body, left+1))
		body.Close()
		if err != nil {
			return "a damaged zip archive (" + err.Error() + ")", true, nil
		}
		if left -= n; left < 0 {
			return fmt.Sprintf("a zip archive of over %d bytes unpacked", int64(most)), false, nil
		}
	}
	return "", false, nil
}
