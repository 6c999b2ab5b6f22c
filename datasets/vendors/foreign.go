package vendors

import (
	"bytes"
	"unicode/utf8"
)

// foreign recognises files that are no candles in a form that can be read here,
// and tells what to do; "" if it doesn't know the bytes.
func foreign(b []byte) (what, remedy string) {
	for _, k := range [...]struct{ magic, what, remedy string }{
		{"PAR1", "Parquet", "a candle file named <PAIR>-<interval>.parquet needs no import: use data convert"},
		{"ARROW1", "an Arrow file of another kind", "a candle file named <PAIR>-<interval>.arrow needs no import: use data convert"},
		{"PK\x03\x04", "a zip archive where a file is expected", "unpack it first"},
		{"\xd0\xcf\x11\xe0", "an Office document", "save the sheet as CSV, or better: download the data again, since spreadsheets alter long numbers and times"},
		{"%PDF", "a PDF document", "look for the data as text"},
		{"\x89PNG", "a picture", "look for the data as text"},
		{"\xff\xd8\xff", "a picture", "look for the data as text"},
		{"GIF8", "a picture", "look for the data as text"},
		{"\x89HDF", "an HDF5 file", "export it as CSV"},
		{"SQLite format 3", "an SQLite database", "export the table as CSV"},
		{"BZh", "a bzip2 file", "unpack it first, or pack it with gzip or zstd"},
		{"\xfd7zXZ", "an xz file", "unpack it first, or pack it with gzip or zstd"},
		{"7z\xbc\xaf", "a 7-Zip archive", "unpack it first, or pack it as zip"},
		{"Rar!", "a RAR archive", "unpack it first, or pack it as zip"},
		{"\x04\x22\x4d\x18", "an LZ4 file", "unpack it first, or pack it with gzip or zstd"},
		{"\x1f\x8b", "a file packed twice", "unpack it once"},
		{"\x28\xb5\x2f\xfd", "a file packed twice", "unpack it once"},
		{"\x80\x04", "a Python pickle", "export it as CSV"},
		{"\x93NUMPY", "a NumPy array", "export it as CSV"},
	} {
		if bytes.HasPrefix(b, []byte(k.magic)) {
			return k.what, k.remedy
		}
	}
	if len(b) > 262 && bytes.Equal(b[257:262], []byte("ustar")) {
		return "a tar archive", "unpack it and import its folder"
	}
	start := bytes.ToLower(bytes.TrimSpace(b[:min(len(b), 512)]))
	switch {
	case bytes.HasPrefix(start, []byte("<!doctype")) || bytes.HasPrefix(start, []byte("<html")) ||
		bytes.HasPrefix(start, []byte("<?xml")) || bytes.HasPrefix(start, []byte("<error")):
		return "a web page, as servers send instead of a file that they refuse", "download the file again"
	case !textual(b):
		return "binary data", "export the data as text"
	}
	return "", ""
}

// textual reports whether bytes are text: no control character but white space,
// and hardly a byte that is not UTF-8.
func textual(b []byte) bool {
	odd := 0
	for _, c := range b {
		switch {
		case c == 0:
			return false
		case c < ' ' && c != '\t' && c != '\n' && c != '\r':
			odd++
		}
	}
	if odd > len(b)/100 {
		return false
	}
	return utf8.Valid(b) || nearlyUTF8(b)
}

// nearlyUTF8 takes texts of older encodings, whose letters are mostly ASCII.
func nearlyUTF8(b []byte) bool {
	high := 0
	for _, c := range b {
		if c >= utf8.RuneSelf {
			high++
		}
	}
	return high <= len(b)/10
}

// firstLine shows how a text begins.
func firstLine(b []byte) string {
	line, _, _ := bytes.Cut(bytes.TrimLeft(b, "\r\n"), []byte("\n"))
	return "the line " + quoted(bytes.TrimRight(line, "\r"))
}
