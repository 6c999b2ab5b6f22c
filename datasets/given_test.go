package datasets

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// ladder is n candles of a minute from a Monday on, each a bit above the last.
func ladder(n int) *market.Series {
	s := &market.Series{Pair: market.Pairs()[0], IntervalMS: int64(Minute)}
	for i := range n {
		price := 100 + float64(i)/8
		s.Time = append(s.Time, 1741564800_000+int64(i)*int64(Minute))
		s.Open, s.Close = append(s.Open, price), append(s.Close, price+0.125)
		s.High, s.Low = append(s.High, price+0.25), append(s.Low, price-0.25)
	}
	return s
}

// TestContentOfASeriesIsThatOfItsFiles: what names candles does not depend on where
// they are.
func TestContentOfASeriesIsThatOfItsFiles(t *testing.T) {
	withQuotes, closeOnly := ladder(500), ladder(500)
	withQuotes.Bid, withQuotes.Ask = withQuotes.Low, withQuotes.High
	closeOnly.Open, closeOnly.High, closeOnly.Low = closeOnly.Close, closeOnly.Close, closeOnly.Close
	for name, s := range map[string]*market.Series{"plain": ladder(500), "with quotes": withQuotes, "close alone": closeOnly} {
		for _, format := range []Format{Parquet, Arrow, CSV} {
			file := Name{Pair: s.Pair.ID, Interval: Minute, Format: format}
			path := filepath.Join(t.TempDir(), file.String())
			if err := Write(context.Background(), path, s); err != nil {
				t.Fatal(err)
			}
			f := File{Path: path, Pair: s.Pair, Interval: Minute, Format: format}
			want, err := f.ContentHash(context.Background())
			if got := Content(s); err != nil || got != want {
				t.Errorf("%s as %s: %s, of the file %s, %v", name, format, got, want, err)
			}
		}
	}
}

func TestGivenCandlesAreCheckedAsFilesAre(t *testing.T) {
	first := ladder(1).Time[0]
	at := func(minutes int) int64 { return first + int64(minutes)*int64(Minute) }
	crossed := ladder(10)
	crossed.High[3] = 1
	for name, test := range map[string]struct {
		series    *market.Series
		sel       Select
		from, len int // of what is taken, in minutes
		refusal   error
	}{
		"all of it":                   {series: ladder(10), len: 10},
		"a part":                      {series: ladder(10), sel: Select{FromMS: at(3), ToMS: at(7)}, from: 3, len: 4},
		"a part with history":         {series: ladder(10), sel: Select{FromMS: at(3), ToMS: at(7), WarmupMS: 2 * int64(Minute)}, from: 1, len: 6},
		"up to the tolerance outside": {series: ladder(10), sel: Select{ToMS: at(12), Calendar: MarketCalendar}, len: 10},
		"none":                        {series: ladder(0), refusal: ErrEmpty},
		"a range outside":             {series: ladder(10), sel: Select{FromMS: at(-100), Calendar: MarketCalendar}, refusal: ErrRange},
		"a high below the low":        {series: crossed, refusal: ErrOHLC},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := Given(context.Background(), "here", test.series, test.sel)
			if !errors.Is(err, test.refusal) {
				t.Fatalf("%v, expected %v", err, test.refusal)
			}
			if err != nil {
				return
			}
			if c.Series.Time[0] != at(test.from) || c.Series.Len() != test.len || c.FirstMS != first || c.EndMS != at(10) || c.FirstRow != int64(test.from) {
				t.Errorf("%d candles from %d, of %d to %d", c.Series.Len(), c.Series.Time[0], c.FirstMS, c.EndMS)
			}
		})
	}
}
