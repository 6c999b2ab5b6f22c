package datasets

import (
	"context"

	"github.com/ptnsim/ptnsim/market"
)

// Given returns the selected part of candles that are in memory, checked as Read
// checks those of a file; refusals name them as the file. The columns are shared, all
// of them: Select.Columns has no say. Close lets go of nothing.
func Given(ctx context.Context, file string, s *market.Series, sel Select) (*Candles, error) {
	if s.Len() == 0 {
		return nil, empty(file)
	}
	from, to := sel.span()
	i, j := s.Search(from), s.Search(to)
	c := &Candles{Series: s.Slice(i, max(i, j)), File: file, CloseOnly: CloseOnly(s), FirstRow: int64(i), FirstMS: s.Time[0], EndMS: s.EndMS(s.Len() - 1)}
	if err := c.judge(ctx, sel); err != nil {
		return nil, err
	}
	return c, nil
}
