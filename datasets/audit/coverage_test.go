package audit

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/datasets"
)

// TestDaysOfAWeek: forex is open from Sunday 22:00 UTC to Friday 22:00 in winter,
// so Friday has 22 hours, Saturday none and Sunday two.
func TestDaysOfAWeek(t *testing.T) {
	const hour = int64(datasets.Hour)
	s := cleanSeries(t, "EURUSD", datasets.Minute, 8000)
	without(s, 1500, 1545)                        // Tuesday 7 January 2025, 1:00 to 1:45
	for i := len(s.Time) - 10; i < s.Len(); i++ { // the last ten go to Saturday the 18th, 3:00
		s.Time[i] = s.Time[0] + 12*dayMS + 3*hour + int64(i-s.Len()+10)*int64(datasets.Minute)
	}
	r := audit(t, s, 999, Options{GapToleranceMS: 200 * hour})
	// 7945 rows are whole days and 22 hours, which is Friday, then two hours of
	// Sunday, and 745 minutes of Monday.
	want := []Day{
		{OpenMS: 24 * hour, PresentMS: 24 * hour, Candles: 1440},
		{OpenMS: 24 * hour, PresentMS: 23*hour + hour/4, Candles: 1395},
		{OpenMS: 24 * hour, PresentMS: 24 * hour, Candles: 1440},
		{OpenMS: 24 * hour, PresentMS: 24 * hour, Candles: 1440},
		{OpenMS: 22 * hour, PresentMS: 22 * hour, Candles: 1320},
		{},
		{OpenMS: 2 * hour, PresentMS: 2 * hour, Candles: 120},
		{OpenMS: 24 * hour, PresentMS: 13*hour + hour/6, Candles: 790},
	}
	for i, w := range want {
		d := r.Days[i]
		if d.StartMS != s.Time[0]+int64(i)*dayMS || d.OpenMS != w.OpenMS || d.PresentMS != w.PresentMS || d.ClosedMS != w.ClosedMS || d.Candles != w.Candles {
			t.Errorf("day %d: found %+v, expected %+v", i+1, d, w)
		}
	}
	last := r.Days[len(r.Days)-1]
	if len(r.Days) != 13 || last.ClosedMS != hour/6 || last.OpenMS != 0 || last.PresentMS != 0 {
		t.Errorf("found %d days, the last %+v", len(r.Days), last)
	}
	// The second gap goes from Monday the 13th, 13:10, to Friday's close.
	gap := r.Gaps.Longest[1]
	if want := 10*hour + hour*5/6 + 3*24*hour + 22*hour; r.Gaps.Count != 2 || r.Gaps.TotalMS != want+hour*3/4 || gap.OpenMS != want {
		t.Errorf("found %+v, expected 2 gaps, the second of %d ms", r.Gaps, want)
	}
}

// TestWhatIsMissingIsAGap: the open-market time without candles is that of the
// gaps, whatever else is wrong.
func TestWhatIsMissingIsAGap(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := spoiled(rt, t)
		r := audit(t, s, s.Len(), Options{})
		var missing, candles int64
		for _, d := range r.Days {
			missing += d.OpenMS - d.PresentMS
			candles += d.Candles
		}
		if missing != r.Gaps.TotalMS {
			rt.Errorf("%d ms of the days are missing, %d ms of gaps\n%s", missing, r.Gaps.TotalMS, show(r))
		}
		if candles > r.Rows {
			rt.Errorf("%d candles of %d rows", candles, r.Rows)
		}
	})
}
