package vendors

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// What a file that is turned round may cost.
const (
	maxReversed = 1 << 27 // rows: four years of seconds, or 6.4 GB of the spool with five columns
	heldBlocks  = 32      // blocks held in memory: half a million rows, or 25 MB
)

// reversed holds the rows of a file that is newest first, until the last of them,
// the oldest, is there: some in memory, those of a longer file in a spool on disk.
type reversed struct {
	plan   *plan
	in     Input
	give   func(Chunk) bool
	clock  clock           // nil: the times are UTC
	blocks []reversedBlock // behind those of the spool
	spool  *blockSpool     // nil: all are in memory
	rows   int
	limit  int // rows; 0 = maxReversed
	full   bool
	failed error // of the spool
}

// reversedBlock is at most chunkRows rows in the order of the file.
type reversedBlock struct {
	time []int64 // the clock's readings
	cols [columnCount][]float64
}

// keep copies a chunk.
func (r *reversed) keep(c Chunk) bool {
	if r.rows+c.Len() > r.most() {
		r.full = true
		return false
	}
	r.rows += c.Len()
	for i := 0; i < c.Len(); {
		last := len(r.blocks) - 1
		if last < 0 || len(r.blocks[last].time) == chunkRows {
			if last+1 == heldBlocks {
				if r.failed = r.spill(); r.failed != nil {
					return false
				}
				last = -1
			}
			if last++; last < cap(r.blocks) {
				r.blocks = r.blocks[:last+1]
				r.blocks[last].clear()
			} else {
				r.blocks = append(r.blocks, reversedBlock{})
			}
		}
		b := &r.blocks[last]
		j := min(c.Len(), i+chunkRows-len(b.time))
		b.add(c.Series, i, j, last > 0)
		i = j
	}
	return true
}

// add copies rows [i, j) of a series. All blocks but the first, which may be the
// only one and small, are as large as they can get from the start.
func (b *reversedBlock) add(s *market.Series, i, j int, whole bool) {
	if b.time == nil && whole {
		b.time = make([]int64, 0, chunkRows)
	}
	b.time = append(b.time, s.Time[i:j]...)
	for k, col := range [...][]float64{s.Open, s.High, s.Low, s.Close, s.Volume, s.Bid, s.Ask} {
		if col == nil || k < closeAt && datasets.CloseOnly(s) {
			continue
		}
		if b.cols[k] == nil && whole {
			b.cols[k] = make([]float64, 0, chunkRows)
		}
		b.cols[k] = append(b.cols[k], col[i:j]...)
	}
}

// clear makes a block ready for other rows in the same memory.
func (b *reversedBlock) clear() {
	b.time = b.time[:0]
	for k := range b.cols {
		b.cols[k] = b.cols[k][:0]
	}
}

// spill moves the blocks in memory to the spool.
func (r *reversed) spill() (err error) {
	if r.spool == nil {
		if r.spool, err = newBlockSpool(); err != nil {
			return err
		}
	}
	for i := range r.blocks {
		if err := r.spool.push(&r.blocks[i]); err != nil {
			return err
		}
	}
	r.blocks = r.blocks[:0]
	return nil
}

// close removes the spool.
func (r *reversed) close() {
	if r.spool != nil {
		r.spool.close()
	}
}

// pop takes the last block; ok is false if none is left.
func (r *reversed) pop() (b reversedBlock, ok bool, err error) {
	if last := len(r.blocks) - 1; last >= 0 {
		b, r.blocks = r.blocks[last], r.blocks[:last]
		return b, true, nil
	}
	if r.spool == nil {
		return b, false, nil
	}
	return r.spool.pop()
}

func (r *reversed) most() int {
	if r.limit > 0 {
		return r.limit
	}
	return maxReversed
}

func (r *reversed) refuse() error {
	return &datasets.Refusal{File: r.in.String(), Problem: datasets.ErrUnsorted,
		Found: fmt.Sprintf("more than %d rows, newest first", r.most()), Expected: "fewer, since they must be held at once to be turned round",
		Remedy: "sort the file by time, or split it"}
}

// handOut gives the rows, oldest first. Their lines descend, so no chunk names
// one.
func (r *reversed) handOut(ctx context.Context) error {
	switch {
	case r.failed != nil:
		return r.failed
	case r.full:
		return r.refuse()
	}
	for left := r.rows; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, more, err := r.pop()
		if err != nil || !more {
			return err
		}
		slices.Reverse(b.time)
		for _, col := range b.cols {
			slices.Reverse(col)
		}
		if err := r.toUTC(b.time, left); err != nil {
			return err
		}
		left -= len(b.time)
		if !r.give(Chunk{Series: seriesOf(b.time, &b.cols)}) {
			return nil
		}
	}
}

// toUTC turns the clock's readings into UTC; row is that of the first in the file.
func (r *reversed) toUTC(readings []int64, row int) error {
	if r.clock == nil {
		return nil
	}
	for i, local := range readings {
		ms, ok := r.clock.UTC(local)
		if !ok {
			return &datasets.Refusal{File: r.in.String(), Row: int64(row - i), Problem: datasets.ErrLocalTime,
				Found:    fmt.Sprintf("the time %s, which the clock of %s skipped", time.UnixMilli(local).UTC().Format(time.DateTime), r.plan.Clock),
				Expected: "a time that exists", Remedy: "give the zone in which the file was written"}
		}
		readings[i] = ms
	}
	return nil
}
