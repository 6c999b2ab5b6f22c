package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"reflect"
	"slices"
)

// Digest names what a run came to: "sha256:" and the hash, in hexadecimal, of
// result.json with ptnsim and digest empty (""), of dataset only each file's pair,
// interval and content, and what is said for people (the warnings, the
// challenges' reasons, the causality test) empty too.
//
// So it covers the rules (their name and every value), the range, the strategy
// with its files, parameters and seed, as, fill and latency, and every outcome: daily,
// checkpoints, orders with their reasons, positions, costs, metrics, penalties,
// elimination, challenge; and the candles of every file that the run read, whole,
// by their content. Two runs with one digest did the same thing for the same
// reasons on the same data.
//
// It does not cover the version of ptnsim and its wording, nor where the candles lie:
// the same candles from another file or in another format have the same digest. Nor
// does it cover the ledgers of single pairs and the equity curve, which other files of
// the result folder hold; nor the bytes of a subnet file whose tournament the strategy
// joined, such as its comments.
func Digest(run *Run) string { return NewDocument(run).digest() }

// Encode returns the canonical text of result.json, and fills in its digest. A
// list has an element a line, so that two results can be compared line by line.
func (d *Document) Encode() []byte {
	d.Digest = d.digest()
	return d.text()
}

// Write writes the canonical text of result.json.
func (d *Document) Write(w io.Writer) error {
	_, err := w.Write(d.Encode())
	return err
}

// digest is the hash of the text without what is no outcome of the run, and
// without what is said of it in sentences: better words give no other digest.
func (d *Document) digest() string {
	plain := *d
	plain.Version, plain.Digest, plain.Dataset = "", "", byContent(d.Dataset)
	plain.Warnings, plain.Challenge.Reason, plain.Causality = []string{}, "", nil
	plain.Against = d.Against.plain()
	plain.Orders = slices.Clone(d.Orders)
	for i := range plain.Orders {
		plain.Orders[i].Warnings = []string{}
	}
	hash := sha256.Sum256(plain.text())
	return "sha256:" + hex.EncodeToString(hash[:])
}

// byContent leaves of a data set what a digest covers: which candles they are, and not
// where they lie.
func byContent(files []DatasetFile) []DatasetFile {
	plain := make([]DatasetFile, len(files))
	for i, f := range files {
		plain[i] = DatasetFile{Pair: f.Pair, Interval: f.Interval, Content: f.Content}
	}
	return plain
}

// size is about how many bytes the document takes.
func (d *Document) size() int {
	bytes := 1<<12 + 2*len(d.Rules.Text) + 64*len(d.Daily) + 320*len(d.Checkpoints) + 300*len(d.Orders)
	for i := range d.Positions {
		bytes += 320 + 128*len(d.Positions[i].Orders)
	}
	return bytes
}

// text writes every field.
func (d *Document) text() []byte {
	e := encoder{out: make([]byte, 0, d.size())}
	e.document(reflect.ValueOf(d).Elem())
	return e.out
}
