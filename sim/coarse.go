package sim

import (
	"fmt"
	"strconv"

	"github.com/ptnsim/ptnsim/market"
)

// coarseSeries is an instrument's candles at a coarser interval.
type coarseSeries struct {
	instrument int
	series     *market.Series
}

// seriesAt returns an instrument's candles at an interval; 0 is their own.
func (m *Market) seriesAt(instrument int, intervalMS int64) (*market.Series, error) {
	in := &m.instruments[instrument]
	fine := in.series
	if intervalMS == 0 || intervalMS == fine.IntervalMS {
		return fine, nil
	}
	if intervalMS < 0 || intervalMS%fine.IntervalMS != 0 {
		return nil, fmt.Errorf("candles of %s at %s: the run has them at %s; expected a multiple of that",
			fine.Pair.ID, span(intervalMS), span(fine.IntervalMS))
	}
	m.coarse.mu.Lock()
	defer m.coarse.mu.Unlock()
	for _, c := range m.coarse.made {
		if c.instrument == instrument && c.series.IntervalMS == intervalMS {
			return c.series, nil
		}
	}
	made := coarsen(fine, intervalMS, in.schedule)
	m.coarse.made = append(m.coarse.made, coarseSeries{instrument, made})
	return made, nil
}

// span writes the length of candles as a person would: 5m, 90m, 1h, 1d.
func span(ms int64) string {
	for _, unit := range [...]struct {
		ms     int64
		suffix string
	}{{24 * 60 * 60 * 1000, "d"}, {60 * 60 * 1000, "h"}, {60 * 1000, "m"}, {1000, "s"}} {
		if ms != 0 && ms%unit.ms == 0 {
			return strconv.FormatInt(ms/unit.ms, 10) + unit.suffix
		}
	}
	return strconv.FormatInt(ms, 10) + "ms"
}

// coarsen makes candles of an interval out of finer ones, on the grid of UTC:
// first open, highest high, lowest low, last close, sum of the volume, last bid
// and ask. A fine candle belongs to the coarse one in which it ends: one that lies
// across the grid must not show in a candle that is finished before it. Candles of
// a closed market are left out; a coarse candle that lacks fine ones has what
// there was. O(n).
func coarsen(fine *market.Series, intervalMS int64, schedule *market.Schedule) *market.Series {
	out := &market.Series{Pair: fine.Pair, IntervalMS: intervalMS}
	reserve(out, fine)
	open, untilMS := false, int64(0)
	endMS := int64(0) // of the coarse candle at hand
	for i, t := range fine.Time {
		if i == 0 || t >= untilMS {
			open, untilMS = schedule.At(t)
		}
		if !open {
			continue
		}
		last := t + fine.IntervalMS - 1
		if len(out.Time) == 0 || last >= endMS {
			startMS := last / intervalMS * intervalMS
			endMS = startMS + intervalMS
			out.Time = append(out.Time, startMS)
			begin(out, fine, i)
			continue
		}
		extend(out, fine, i)
	}
	return out
}

// reserve makes room for as many coarse candles as there can be.
func reserve(out, fine *market.Series) {
	if fine.Len() == 0 {
		return
	}
	from, to := fine.Time[0]/out.IntervalMS, fine.Time[fine.Len()-1]/out.IntervalMS
	n := int(min(int64(fine.Len()), to-from+1))
	out.Time = make([]int64, 0, n)
	finer := columns(fine)
	for i, col := range columns(out) {
		if *finer[i] != nil {
			*col = make([]float64, 0, n)
		}
	}
}

// begin opens a coarse candle with the fine candle i.
func begin(out, fine *market.Series, i int) {
	out.Open = append(out.Open, fine.Open[i])
	out.High = append(out.High, fine.High[i])
	out.Low = append(out.Low, fine.Low[i])
	out.Close = append(out.Close, fine.Close[i])
	if fine.Volume != nil {
		out.Volume = append(out.Volume, fine.Volume[i])
	}
	if fine.Bid != nil {
		out.Bid = append(out.Bid, fine.Bid[i])
	}
	if fine.Ask != nil {
		out.Ask = append(out.Ask, fine.Ask[i])
	}
}

// extend takes the fine candle i into the last coarse one.
func extend(out, fine *market.Series, i int) {
	last := len(out.Time) - 1
	out.High[last] = max(out.High[last], fine.High[i])
	out.Low[last] = min(out.Low[last], fine.Low[i])
	out.Close[last] = fine.Close[i]
	if fine.Volume != nil {
		out.Volume[last] += fine.Volume[i]
	}
	if fine.Bid != nil {
		out.Bid[last] = fine.Bid[i]
	}
	if fine.Ask != nil {
		out.Ask[last] = fine.Ask[i]
	}
}
