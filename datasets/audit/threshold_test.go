package audit

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// TestThresholds: what is found depends on how much there is of it. Each case is
// on one side of a threshold.
func TestThresholds(t *testing.T) {
	hole := func(n int) func(*market.Series) { return func(s *market.Series) { without(s, 600, 600+n) } }
	holes := func(n int) func(*market.Series) {
		return func(s *market.Series) {
			for i := range n {
				without(s, 100+10*i, 101+10*i)
			}
		}
	}
	burst := func(after float64) func(*market.Series) {
		return func(s *market.Series) { // a wick of 3 %, and then candles that range as widely as told
			s.High[2000] *= 1.03
			for i := 2001; i < 2010; i++ {
				s.High[i] += after
			}
		}
	}
	weekend := func(move float64) func(*market.Series) {
		return func(s *market.Series) { // 20 candles on a Saturday
			*s = *cleanSeries(t, "EURUSD", datasets.Minute, 7100)
			for i := 7080; i < 7100; i++ {
				s.Time[i] = s.Time[0] + 5*dayMS + dayMS/2 + int64(i-7080)*s.IntervalMS
				x := s.Close[7079] + float64(move*float64(i%2))
				s.Open[i], s.High[i], s.Low[i], s.Close[i] = x, x+move, x, x
			}
		}
	}
	silent := func(n int, still bool) func(*market.Series) {
		return func(s *market.Series) { // every fourth candle from the start
			for i := 0; i < 4*n; i += 4 {
				s.Volume[i] = 0
				if still {
					s.High[i], s.Low[i], s.Close[i] = s.Open[i], s.Open[i], s.Open[i]
				}
			}
		}
	}
	cases := []struct {
		name, pair string
		spoil      func(*market.Series)
		problem    Problem
		severity   Severity // "" = no finding
		count      int64
		says       string
	}{
		{"an hour of crypto is noted", "BTCUSD", hole(60), MissingTime, Note, 1, "1h"},
		{"an hour and a minute is an error", "BTCUSD", hole(61), MissingTime, Error, 1, "1h1m"},
		{"an hour of forex is noted", "EURUSD", hole(60), MissingTime, Note, 1, ""},
		{"an hour and a minute of forex is a warning", "EURUSD", hole(61), MissingTime, Warning, 1, ""},
		{"eight hours of forex are a warning", "EURUSD", hole(480), MissingTime, Warning, 1, ""},
		{"eight hours and a minute are an error", "EURUSD", hole(481), MissingTime, Error, 1, ""},
		{"many gaps are all counted", "BTCUSD", holes(300), MissingTime, Note, 300, "300 gaps, 5h in all"},
		{"59 still minutes are calm", "BTCUSD", func(s *market.Series) { flatten(s, 600, 659) }, FlatRun, "", 0, ""},
		{"60 still minutes are a run", "BTCUSD", func(s *market.Series) { flatten(s, 600, 660) }, FlatRun, Warning, 1, "60 candles"},
		{"still minutes on both sides of a gap are two stretches", "BTCUSD", func(s *market.Series) {
			flatten(s, 600, 700)
			without(s, 640, 660)
		}, FlatRun, "", 0, ""},
		{"30 still minutes of equities are a run", "NVDA", func(s *market.Series) { flatten(s, 600, 630) }, FlatRun, Warning, 1, ""},
		{"still minutes on both sides of a night are two stretches", "NVDA", func(s *market.Series) { flatten(s, 370, 410) }, FlatRun, "", 0, ""},
		{"a wick in calm is a spike", "BTCUSD", burst(0), Spike, Warning, 1, ""},
		// 3 % of 50,000 is 1,500: less than 20 ranges of over 75.
		{"a wick before busy candles is news", "BTCUSD", burst(80), Spike, "", 0, ""},
		{"a wick after busy candles is one of many", "BTCUSD", func(s *market.Series) {
			s.High[2000] *= 1.03
			for i := 1940; i < 2000; i++ {
				s.High[i] += 80
			}
		}, Spike, "", 0, ""},
		{"a wick under the least move of the class", "BTCUSD", func(s *market.Series) { s.High[2000] *= 1.014 }, Spike, "", 0, ""},
		{"a move that comes back after six candles stays", "BTCUSD", func(s *market.Series) { scaled(s, 2000, 2006, 1.5) }, Spike, "", 0, ""},
		{"moving candles on a weekend are a warning", "EURUSD", weekend(0.001), MarketClosed, Warning, 20, "20 on a weekend"},
		{"still candles on a weekend are noted", "EURUSD", weekend(0), MarketClosed, Note, 20, "20 on a weekend"},
		{"a fifth of the candles without volume", "BTCUSD", silent(1000, false), ZeroVolume, Note, 1000, ""},
		{"more than a fifth, which move", "BTCUSD", silent(1001, false), ZeroVolume, Warning, 1001, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := cleanSeries(t, c.pair, datasets.Minute, 5000)
			c.spoil(s)
			r := audit(t, s, 333, Options{})
			f := r.Find(c.problem)
			if f == nil && c.severity == "" {
				return
			}
			if f == nil || f.Severity != c.severity || f.Count != c.count || !strings.Contains(f.Found, c.says) {
				t.Errorf("expected %s %s of %d, found\n%s", c.severity, c.problem, c.count, show(r))
			}
		})
	}
	s := cleanSeries(t, "BTCUSD", datasets.Minute, 5000)
	silent(1001, false)(s)
	if f := audit(t, s, 5000, Options{}).Find(ZeroVolume); !strings.Contains(f.Cause, "prices move without volume") {
		t.Errorf("found %q", f.Cause)
	}
}

// TestVolumeOfADayLeavesBadRowsOut: what is no number spoils no sum.
func TestVolumeOfADayLeavesBadRowsOut(t *testing.T) {
	s := cleanSeries(t, "BTCUSD", datasets.Minute, 3)
	s.Volume = []float64{1, math.Inf(1), 2}
	if d := audit(t, s, 3, Options{}).Days[0]; d.Volume != 3 || d.Candles != 3 {
		t.Errorf("found %+v, expected a volume of 3 in 3 candles", d)
	}
}

// TestDaysWithHardlyAnyVolume: 25 days as usual, two with a hundredth.
func TestDaysWithHardlyAnyVolume(t *testing.T) {
	s := cleanSeries(t, "BTCUSD", 5*datasets.Minute, 27*288)
	for i := 25 * 288; i < s.Len(); i++ {
		s.Volume[i] /= 100
	}
	f := audit(t, s, 1000, Options{}).Find(ZeroVolume)
	if f == nil || f.Severity != Warning || f.Count != 2*288 || !strings.Contains(f.Found, "from 2025-01-31 to 2025-02-01") {
		t.Errorf("found %+v", f)
	}
}

// TestCandlesAcrossTheOpeningAreOpen: the four hours from Sunday 20:00 UTC hold
// the market's first two.
func TestCandlesAcrossTheOpeningAreOpen(t *testing.T) {
	s := cleanSeries(t, "EURUSD", 4*datasets.Hour, 60)
	// Friday's 20:00 is row 30; from there on two days and hours are not listed,
	// since no candle of them begins in an open market: Sunday's 20:00 neither.
	sunday := s.Time[0] + 6*dayMS + 20*int64(datasets.Hour)
	i := slices.IndexFunc(s.Time, func(ms int64) bool { return ms > sunday })
	s.Time = slices.Insert(s.Time, i, sunday)
	for k, col := range columns(s, false)[:5] {
		*col = slices.Insert(*col, i, [5]float64{s.Close[i-1], s.Close[i-1], s.Close[i-1] / 2, s.Close[i-1], 1}[k])
	}
	r := audit(t, s, 7, Options{})
	if r.Find(MarketClosed) != nil || r.Gaps.Count != 0 {
		t.Errorf("found %s", show(r))
	}
	if f := r.Find(Spike); f == nil || f.FromMS != sunday {
		t.Errorf("a wick of a half in a candle across the opening is not found: %s", show(r))
	}
	if d := r.Days[6]; d.OpenMS != 2*int64(datasets.Hour) || d.PresentMS != d.OpenMS || d.Candles != 1 {
		t.Errorf("found Sunday %+v, expected its two hours covered by a candle", d)
	}
}

// TestFillsAcrossTheOpening: the candle that holds the opening is filled, too.
func TestFillsAcrossTheOpening(t *testing.T) {
	s := cleanSeries(t, "EURUSD", 4*datasets.Hour, 60)
	i := slices.IndexFunc(s.Time, func(ms int64) bool { return ms >= s.Time[0]+7*dayMS })
	without(s, i, i+2) // Monday's first eight hours; with Sunday's two the gap is ten
	out, _, err := cleaned(t, s, 60, Options{GapToleranceMS: 20 * int64(datasets.Hour)}, Policies{OnGap: Fill})
	if err != nil {
		t.Fatal(err)
	}
	sunday := s.Time[0] + 6*dayMS + 20*int64(datasets.Hour)
	if want := []int64{sunday, sunday + 4*3600e3, sunday + 8*3600e3}; !slices.Equal(out.Time[i:i+3], want) {
		t.Errorf("found %v, expected %v", out.Time[i:i+3], want)
	}
}

// TestPlacesAfterDroppedSpikes: rows that left, or went out long ago, don't shift
// the rows that messages name.
func TestPlacesAfterDroppedSpikes(t *testing.T) {
	s := cleanSeries(t, "BTCUSD", datasets.Minute, 60000)
	for _, i := range []int{100, 900, 901, 20000, 45000} {
		scaled(s, i, i+1, 2)
	}
	without(s, 50000, 50100) // row 50001 comes after the gap
	c, err := NewCleaner(Options{File: "x.csv", Pair: s.Pair, Interval: datasets.Minute}, Policies{OnSpike: Drop}, func(*market.Series) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < s.Len() && err == nil; i += 7000 {
		err = c.Clean(s.Slice(i, min(i+7000, s.Len())), Place{})
	}
	if err == nil {
		err = c.Finish()
	}
	r, ok := errors.AsType[*datasets.Refusal](err)
	if !ok || r.Row != 50001 || !errors.Is(err, datasets.ErrGap) {
		t.Errorf("found %v, expected a gap at row 50001", err)
	}
	if want := []datasets.Change{{What: "dropped candles of spikes", Count: 5}}; !slices.Equal(c.Changes(), want) {
		t.Errorf("found %v, expected %v", c.Changes(), want)
	}
	if len(c.from) > 8 || c.hold.Len() > holdRows+auditBlock+tailRows {
		t.Errorf("%d stretches and %d rows are held: memory is not flat", len(c.from), c.hold.Len())
	}
}

// TestSpikesCloseTogether: the second begins right after the first is over.
func TestSpikesCloseTogether(t *testing.T) {
	for _, choice := range []Choice{Drop, Fill} {
		s := cleanSeries(t, "BTCUSD", datasets.Minute, 500)
		scaled(s, 200, 201, 2)
		scaled(s, 203, 204, 0.5)
		_, c, err := cleaned(t, s, 500, Options{}, Policies{OnSpike: choice})
		if err != nil || len(c.Changes()) != 1 || c.Changes()[0].Count != 2 {
			t.Errorf("%s: found %v, %v, expected two candles", choice, c.Changes(), err)
		}
	}
}

// TestFewOddWeeksAreNoClock: a feed that was late on two of twelve Sundays.
func TestFewOddWeeksAreNoClock(t *testing.T) {
	s := cleanSeries(t, "EURUSD", 15*datasets.Minute, 12*480)
	for _, from := range []int{5, 8} { // these weeks run two hours late
		for i := from * 480; i < (from+1)*480; i++ {
			s.Time[i] += 2 * int64(datasets.Hour)
		}
	}
	if f := audit(t, s, s.Len(), Options{}).Find(TimeZone); f != nil {
		t.Errorf("found %+v", f)
	}
}
