package convert

import "github.com/ptnsim/ptnsim/market"

// candle is a coarse candle on its way.
type candle struct {
	slot
	rows            int64 // fine candles in it; 0 = none yet
	firstMS, lastMS int64 // their first and last time

	open, high, low, close, volume, bid, ask float64
}

// add folds the fine candles [i, j) into the coarse one.
func (r *Resampler) add(s *market.Series, i, j int) error {
	c := &r.candle
	last := s.Time[j-1]
	if last+r.fineMS > c.toMS || s.Time[i] < c.fromMS {
		return r.crosses(last)
	}
	if c.rows == 0 {
		c.firstMS = s.Time[i]
		c.open, c.high, c.low, c.volume = first(s.Open, i), first(s.High, i), first(s.Low, i), 0
	}
	c.rows += int64(j - i)
	c.lastMS = last
	c.close = first(s.Close, j-1)
	if !r.closeOnly {
		c.high, c.low = highest(s.High, i, j, c.high), lowest(s.Low, i, j, c.low)
	}
	if s.Volume != nil {
		for _, v := range s.Volume[i:j] {
			c.volume += v
		}
	}
	c.bid, c.ask = first(s.Bid, j-1), first(s.Ask, j-1)
	return nil
}

// first returns element i of a column, 0 without one.
func first(col []float64, i int) float64 {
	if col == nil {
		return 0
	}
	return col[i]
}

func highest(col []float64, i, j int, most float64) float64 {
	if col != nil {
		for _, x := range col[i:j] {
			most = max(most, x)
		}
	}
	return most
}

func lowest(col []float64, i, j int, least float64) float64 {
	if col != nil {
		for _, x := range col[i:j] {
			least = min(least, x)
		}
	}
	return least
}

// finish hands the coarse candle out, unless it is to be dropped.
func (r *Resampler) finish(isLast bool) {
	c := &r.candle
	if c.rows == 0 {
		return
	}
	head, tail := c.head(), c.tail()
	// A candle that reaches out of the session counts with its part inside.
	present := c.rows*r.fineMS - max(0, head-c.firstMS) - max(0, c.lastMS+r.fineMS-tail)
	partial := !c.closed && present < tail-head
	cut := !c.closed && (r.firstMS > head || isLast && r.lastMS+r.fineMS < tail)
	c.rows = 0
	switch {
	case cut && r.options.Partial != KeepPartial:
		r.about.Ends++
		return
	case partial && r.options.Partial == DropPartial:
		r.about.Dropped++
		return
	case partial:
		r.about.Partial++
	}
	r.emit()
}

// emit appends the coarse candle to the chunk.
func (r *Resampler) emit() {
	c, o := &r.candle, &r.out
	r.closeMS = c.fromMS
	r.about.Coarse++
	o.Time = append(o.Time, c.fromMS)
	push(&o.Open, c.open)
	push(&o.High, c.high)
	push(&o.Low, c.low)
	push(&o.Close, c.close)
	push(&o.Volume, c.volume)
	push(&o.Bid, c.bid)
	push(&o.Ask, c.ask)
}

// push appends to a column that is there.
func push(col *[]float64, x float64) {
	if *col != nil {
		*col = append(*col, x)
	}
}
