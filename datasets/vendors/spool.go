package vendors

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
)

// blockSpool is a stack of blocks in a temporary file, which goes with it. Its
// numbers lie there as they do in memory: a column's eight bytes a row, one column
// behind the other.
type blockSpool struct {
	file   *os.File
	end    int64 // of the last block, bytes
	blocks []spooled
	bytes  []byte        // of a block
	block  reversedBlock // that was popped last
}

// spooled says what a block in the file has.
type spooled struct {
	rows    int
	columns uint8 // bits of the columns that it has
}

func newBlockSpool() (*blockSpool, error) {
	file, err := os.CreateTemp("", "ptnsim-rows-*")
	if err != nil {
		return nil, fmt.Errorf("no temporary file to turn the rows round with: %w", err)
	}
	return &blockSpool{file: file}, nil
}

// push appends a block to the file.
func (s *blockSpool) push(b *reversedBlock) error {
	one := spooled{rows: len(b.time)}
	out := s.bytes[:0]
	for _, ms := range b.time {
		out = binary.LittleEndian.AppendUint64(out, uint64(ms))
	}
	for k, col := range b.cols {
		if len(col) == 0 {
			continue
		}
		one.columns |= 1 << k
		for _, x := range col {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(x))
		}
	}
	s.bytes = out
	if _, err := s.file.WriteAt(out, s.end); err != nil {
		return fmt.Errorf("the temporary file to turn the rows round with: %w", err)
	}
	s.end += int64(len(out))
	s.blocks = append(s.blocks, one)
	return nil
}

// pop takes the last block back, valid until the next call; ok is false if none is
// left.
func (s *blockSpool) pop() (b reversedBlock, ok bool, err error) {
	last := len(s.blocks) - 1
	if last < 0 {
		return b, false, nil
	}
	one := s.blocks[last]
	s.blocks = s.blocks[:last]
	columns := 1
	for k := range columnCount {
		columns += int(one.columns >> k & 1)
	}
	in := s.bytes[:8*one.rows*columns] // as long as any that was pushed
	s.end -= int64(len(in))
	if _, err := s.file.ReadAt(in, s.end); err != nil {
		return b, false, fmt.Errorf("the temporary file to turn the rows round with: %w", err)
	}
	s.block.clear()
	next := func() (bits uint64) {
		bits, in = binary.LittleEndian.Uint64(in), in[8:]
		return bits
	}
	for range one.rows {
		s.block.time = append(s.block.time, int64(next()))
	}
	for k := range s.block.cols {
		if one.columns>>k&1 == 0 {
			continue
		}
		for range one.rows {
			s.block.cols[k] = append(s.block.cols[k], math.Float64frombits(next()))
		}
	}
	return s.block, true, nil
}

// close removes the file.
func (s *blockSpool) close() {
	s.file.Close()
	os.Remove(s.file.Name())
}
