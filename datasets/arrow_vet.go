package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Arrow's library sets memory aside for as many fields and keys as a file's
// metadata claims, which no recover can undo. So the claims are held against the
// bytes first. The metadata are FlatBuffers: a table begins with the distance
// back to its vtable, which says where each field lies; a vector begins with its
// length. The numbers of fields below are those of Arrow's Schema.fbs, File.fbs
// and Message.fbs.

const arrowMagic = "ARROW1"

// flat is the bytes of one FlatBuffer. Its methods panic on offsets outside.
type flat []byte

// root returns the position of the root table.
func (b flat) root() int { return b.follow(0) }

// follow returns the position that the offset at pos points to.
func (b flat) follow(pos int) int { return pos + int(binary.LittleEndian.Uint32(b[pos:])) }

// field returns the position of a table's field; 0 if it is not there.
func (b flat) field(table, number int) int {
	vtable := table - int(int32(binary.LittleEndian.Uint32(b[table:])))
	entry := 4 + 2*number
	if entry+2 > int(binary.LittleEndian.Uint16(b[vtable:])) {
		return 0
	}
	offset := int(binary.LittleEndian.Uint16(b[vtable+entry:]))
	if offset == 0 {
		return 0
	}
	return table + offset
}

// vector returns where a table's vector has its elements and how many of them,
// each of size bytes.
func (b flat) vector(table, number, size int) (start, n int, err error) {
	pos := b.field(table, number)
	if pos == 0 {
		return 0, 0, nil
	}
	start = b.follow(pos) + 4
	n = int(binary.LittleEndian.Uint32(b[start-4:]))
	if n > (len(b)-start)/size {
		return 0, 0, fmt.Errorf("metadata claim %d elements in %d bytes", n, len(b)-start)
	}
	return start, n, nil
}

// vetArrow holds the claims of a file's metadata against its bytes.
func vetArrow(data []byte) error {
	tail := len(arrowMagic) + 4
	if len(data) < tail+len(arrowMagic) || !bytes.HasSuffix(data, []byte(arrowMagic)) {
		return errors.New("it does not end in " + arrowMagic)
	}
	end := len(data) - tail
	size := int(binary.LittleEndian.Uint32(data[end:]))
	if size > end {
		return fmt.Errorf("a footer of %d bytes in a file of %d", size, len(data))
	}
	footer := flat(data[end-size : end : end])
	root := footer.root()
	if err := footer.vetSchema(footer.follow(footer.field(root, 1))); err != nil {
		return err
	}
	if _, n, err := footer.vector(root, 2, 24); n > 0 || err != nil {
		return errors.Join(err, errors.New("it has dictionaries"))
	}
	blocks, n, err := footer.vector(root, 3, 24)
	for i := 0; err == nil && i < n; i++ {
		err = vetBatch(data, footer[blocks+24*i:])
	}
	if err == nil {
		_, _, err = footer.vector(root, 4, 4)
	}
	return err
}

// vetSchema accepts plain columns only: numbers, text, booleans, dates, times.
func (b flat) vetSchema(schema int) error {
	fields, n, err := b.vector(schema, 1, 4)
	for i := 0; err == nil && i < n; i++ {
		err = b.vetField(b.follow(fields + 4*i))
	}
	if err == nil {
		_, _, err = b.vector(schema, 2, 4)
	}
	if err == nil {
		_, _, err = b.vector(schema, 3, 8)
	}
	return err
}

func (b flat) vetField(field int) error {
	const plain = 1<<2 | 1<<3 | 1<<5 | 1<<6 | 1<<8 | 1<<9 | 1<<10 // Int, FloatingPoint, Utf8, Bool, Date, Time, Timestamp
	kind := b.field(field, 2)
	_, children, err := b.vector(field, 5, 4)
	if err != nil {
		return err
	}
	if kind == 0 || 1<<b[kind]&plain == 0 || children > 0 || b.field(field, 4) != 0 {
		return errors.New("it has a column that is neither a number, a text nor a time; import it")
	}
	_, _, err = b.vector(field, 6, 4)
	return err
}

// vetBatch judges the metadata of the record batch that a footer's block names.
func vetBatch(data []byte, block flat) error {
	offset, meta := int64(binary.LittleEndian.Uint64(block)), int64(int32(binary.LittleEndian.Uint32(block[8:])))
	if offset < 0 || meta < 8 || meta > int64(len(data)) || offset > int64(len(data))-meta {
		return fmt.Errorf("a record batch at %d of %d bytes", offset, len(data))
	}
	message := flat(data[offset : offset+meta : offset+meta])[4:]
	if binary.LittleEndian.Uint32(data[offset:]) == 0xFFFFFFFF { // since Arrow 0.15 a marker precedes the length
		message = message[4:]
	}
	_, _, err := message.vector(message.root(), 4, 4)
	return err
}
