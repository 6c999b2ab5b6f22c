package audit

import (
	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// sameColumns makes sure that all chunks of a series have the same columns.
type sameColumns struct{ have datasets.Columns }

// fit refuses a chunk whose columns are no candle's or not those of the chunks
// before.
func (c *sameColumns) fit(s *market.Series, at Place) error {
	r := &datasets.Refusal{File: at.File, Row: at.Row, Line: at.Line, Problem: datasets.ErrNoColumn}
	if s.Open == nil || s.High == nil || s.Low == nil || s.Close == nil {
		r.Found, r.Expected = "candles without open, high, low or close", "all of them"
		return r
	}
	have := stored(s)
	if c.have == 0 {
		c.have = have
	}
	if have == c.have {
		return nil
	}
	r.Found, r.Expected = "the columns "+have.String(), c.have.String()+", as before"
	r.Remedy = "give the files that make one series the same columns"
	return r
}

// stored returns the columns that a series has.
func stored(s *market.Series) datasets.Columns {
	have := datasets.Close
	if !datasets.CloseOnly(s) {
		have = datasets.OHLC
	}
	for k, c := range [...]datasets.Columns{datasets.Volume, datasets.Bid, datasets.Ask} {
		if *columns(s, false)[4+k] != nil {
			have |= c
		}
	}
	return have
}
