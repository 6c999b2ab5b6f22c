package convert

import (
	"iter"
	"math"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Stream is the candles of one pair in the order of time, in chunks whose columns
// are used again: copy what must last. It ends after an error.
type Stream = iter.Seq2[*market.Series, error]

// renamed hands a stream's candles on as those of a pair.
func renamed(in Stream, pair market.Pair) Stream {
	return func(yield func(*market.Series, error) bool) {
		for s, err := range in {
			if err == nil {
				c := *s
				c.Pair = pair
				s = &c
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// resampled makes coarse candles of a stream and counts what was done.
func resampled(in Stream, pair market.Pair, fine datasets.Interval, o Resample, counts *Resampled) Stream {
	return func(yield func(*market.Series, error) bool) {
		r, err := NewResampler(pair, fine, o)
		if err != nil {
			yield(nil, err)
			return
		}
		for s, err := range in {
			if err == nil {
				s, err = r.Append(s)
			}
			*counts = r.Counts()
			if err != nil {
				yield(nil, err)
				return
			}
			if s.Len() > 0 && !yield(s, nil) {
				return
			}
		}
		last := r.Close()
		*counts = r.Counts()
		if last.Len() > 0 {
			yield(last, nil)
		}
	}
}

// window is a span of time, UTC ms: candles that open in [fromMS, toMS).
type window struct{ fromMS, toMS int64 }

func allTime() window { return window{math.MinInt64, math.MaxInt64} }

// cut hands on the candles within a window, and counts the others.
func cut(in Stream, w window, outside *int64) Stream {
	return func(yield func(*market.Series, error) bool) {
		for s, err := range in {
			if err != nil {
				yield(nil, err)
				return
			}
			i, j := s.Search(w.fromMS), s.Search(w.toMS)
			j = max(i, j)
			*outside += int64(s.Len() - (j - i))
			if i < j && !yield(s.Slice(i, j), nil) {
				return
			}
		}
	}
}

// head is where the reading of a stream is.
type head struct {
	name string
	s    *market.Series // the current chunk; nil at the end
	i    int            // its next candle
	next func() (*market.Series, error, bool)
	stop func()
}

// heads begins to read streams side by side. The caller stops each.
func heads(names []string, streams []Stream) ([]*head, error) {
	all := make([]*head, len(streams))
	for k, in := range streams {
		h := &head{name: names[k]}
		h.next, h.stop = iter.Pull2(in)
		all[k] = h
	}
	for _, h := range all {
		if err := h.fill(); err != nil {
			stop(all)
			return nil, err
		}
	}
	return all, nil
}

func stop(all []*head) {
	for _, h := range all {
		h.stop()
	}
}

// fill reads on until there is a candle, or the end.
func (h *head) fill() error {
	for h.s == nil || h.i == h.s.Len() {
		s, err, ok := h.next()
		if err != nil {
			return err
		}
		h.s, h.i = s, 0
		if !ok {
			h.s = nil
			return nil
		}
	}
	return nil
}

// advance passes n candles of the chunk.
func (h *head) advance(n int) error {
	h.i += n
	return h.fill()
}

// time is that of the next candle; past all others at the end.
func (h *head) time() int64 {
	if h.s == nil {
		return math.MaxInt64
	}
	return h.s.Time[h.i]
}

// before is how many of the chunk's next candles open before ms.
func (h *head) before(ms int64) int {
	t := h.s.Time
	if t[len(t)-1] < ms {
		return len(t) - h.i
	}
	return max(0, h.s.Search(ms)-h.i)
}
