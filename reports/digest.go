package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"reflect"
)

// Digest names what a run came to: "sha256:" and the hash, in hexadecimal, of
// result.json with ptnsim and digest empty ("") and dataset an empty list.
//
// So it covers the rules (their name and every value), the range, the strategy
// with its parameters and seed, as, fill and latency, and every outcome: daily,
// checkpoints, orders, positions, costs, metrics, penalties, elimination,
// challenge, warnings. Two runs with one digest did the same thing for the same
// reasons.
//
// It does not cover the version of ptnsim, nor the candle files: the same
// candles from another file, in another format, or beside pairs that were never
// traded, have the same digest. It does not cover the ledgers of single pairs
// and the equity curve, which other files of the result folder hold.
func Digest(run *Run) string {
	d := NewDocument(run)
	d.Encode()
	return d.Digest
}

// Encode returns the canonical text of result.json, and fills in its digest. A
// list has an element a line, so that two results can be compared line by line.
func (d *Document) Encode() []byte {
	d.Digest = digestText(sha256.New()) // as long as the one that it will be
	e := encoder{out: make([]byte, 0, d.size())}
	d.encode(&e, 0, documentHead)
	head := e.out
	d.encode(&e, documentHead, d.fields())

	// The text is made once. Its digest is that of another head before the same
	// body, and takes the place of the one that was assumed.
	key := `"digest":"` // no text within the document has bare quotes
	at := bytes.Index(head, []byte(key+d.Digest)) + len(key)
	d.Digest = d.digest(e.out[len(head):])
	copy(e.out[at:], d.Digest)
	return e.out
}

// Write writes the canonical text of result.json.
func (d *Document) Write(w io.Writer) error {
	_, err := w.Write(d.Encode())
	return err
}

// documentHead is how many fields, from schema to dataset, come before those
// that the digest takes as they are.
const documentHead = 5

// digest is the digest of the document whose text after the dataset is body.
func (d *Document) digest(body []byte) string {
	blank := Document{Schema: d.Schema, Rules: d.Rules}
	var head encoder
	blank.encode(&head, 0, documentHead)
	h := sha256.New()
	h.Write(head.out)
	h.Write(body)
	return digestText(h)
}

func digestText(h hash.Hash) string { return "sha256:" + hex.EncodeToString(h.Sum(nil)) }

// size is about how many bytes the document takes.
func (d *Document) size() int {
	bytes := 1<<12 + 2*len(d.Rules.Text) + 64*len(d.Daily) + 320*len(d.Checkpoints) + 300*len(d.Orders)
	for i := range d.Positions {
		bytes += 320 + 128*len(d.Positions[i].Orders)
	}
	return bytes
}

func (d *Document) fields() int { return reflect.TypeFor[Document]().NumField() }

// encode writes the fields [from, to), the first with the document's opening
// brace, the last with its closing one.
func (d *Document) encode(e *encoder, from, to int) {
	v := reflect.ValueOf(d).Elem()
	fields := e.plan(v.Type())
	for i, f := range fields[from:to] {
		if from+i == 0 {
			e.text("{\n")
		} else {
			e.text(",\n")
		}
		e.text(f.key)
		if field := v.Field(f.index); field.Kind() == reflect.Slice {
			e.list(field, "\n ", "\n")
		} else {
			e.value(field)
		}
	}
	if to == len(fields) {
		e.text("\n}\n")
	}
}
