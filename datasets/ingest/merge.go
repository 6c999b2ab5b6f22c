package ingest

import (
	"context"
	"iter"
	"math"

	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/vendors"
)

// merge streams the rows of several inputs in order of time. Where inputs overlap
// their rows alternate, so that a time that two of them have comes twice, one
// after the other, the earlier input's first. An input is opened when its first
// time is reached: of months in a row one at a time is open. Rows that are out of
// order within an input stay so.
type merge struct {
	parts   []part
	open    func(*part) iter.Seq2[vendors.Chunk, error]
	cursors []*cursor // of the open inputs, in the order of parts
	opened  int       // parts opened so far
	leftOut int64     // rows that the readers of the inputs left out
}

// cursor is a place in an open input.
type cursor struct {
	part  *part
	chunk vendors.Chunk
	at    int
	next  func() (vendors.Chunk, error, bool)
	stop  func()
}

// each hands out the rows with the place of the first of them.
func (m *merge) each(ctx context.Context, take func(vendors.Chunk, audit.Place) error) error {
	defer func() {
		for _, c := range m.cursors {
			c.stop()
		}
	}()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		c, err := m.first()
		if c == nil || err != nil {
			return err
		}
		end := c.until(m.limit(c))
		rows := vendors.Chunk{Series: c.chunk.Slice(c.at, end)}
		place := audit.Place{File: c.part.in.String()}
		if c.chunk.Line > 0 {
			rows.Line = c.chunk.Line + int64(c.at)
			place.Line = rows.Line
		}
		c.at = end
		if err := take(rows, place); err != nil {
			return err
		}
	}
}

// first returns the cursor with the earliest row, nil at the end, after opening
// every input that begins no later.
func (m *merge) first() (*cursor, error) {
	for {
		for i := 0; i < len(m.cursors); {
			more, err := m.fill(m.cursors[i])
			if err != nil {
				return nil, err
			}
			if !more {
				m.cursors[i].stop()
				m.cursors = append(m.cursors[:i], m.cursors[i+1:]...)
				continue
			}
			i++
		}
		var best *cursor
		for _, c := range m.cursors {
			if best == nil || c.time() < best.time() {
				best = c
			}
		}
		if m.opened == len(m.parts) || best != nil && best.time() < m.parts[m.opened].firstMS {
			return best, nil
		}
		t := &m.parts[m.opened]
		m.opened++
		next, stop := iter.Pull2(m.open(t))
		m.cursors = append(m.cursors, &cursor{part: t, chunk: vendors.Chunk{}, next: next, stop: stop})
	}
}

// limit is the time of the first row that is not c's turn any more: that of
// another open input, or of one still to be opened.
func (m *merge) limit(c *cursor) int64 {
	limit := int64(math.MaxInt64)
	for _, other := range m.cursors {
		if other != c {
			limit = min(limit, other.time())
		}
	}
	if m.opened < len(m.parts) {
		limit = min(limit, m.parts[m.opened].firstMS)
	}
	return limit
}

// fill makes sure that the cursor is at a row; more is false at the input's end.
func (m *merge) fill(c *cursor) (more bool, err error) {
	for c.chunk.Series == nil || c.at == c.chunk.Len() {
		chunk, err, ok := c.next()
		if !ok || err != nil {
			return false, err
		}
		c.chunk, c.at = chunk, 0
		m.leftOut += chunk.LeftOut
	}
	return true, nil
}

func (c *cursor) time() int64 { return c.chunk.Time[c.at] }

// until returns the end of the rows that come before a time, at least one row.
func (c *cursor) until(limit int64) int {
	if limit == math.MaxInt64 {
		return c.chunk.Len()
	}
	end := c.at + 1
	for end < c.chunk.Len() && c.chunk.Time[end] < limit {
		end++
	}
	return end
}
