package vendors

import (
	"testing"
	"time"
)

// lastSunday is 01:00 UTC on a month's last Sunday: Europe's change of clocks.
func lastSunday(year int, month time.Month) time.Time {
	last := time.Date(year, month+1, 1, 1, 0, 0, 0, time.UTC).AddDate(0, 0, -1)
	return last.AddDate(0, 0, -int(last.Weekday()))
}

func TestHistDataClockFollowsItsRuleAtEveryHalfHour(t *testing.T) {
	clock := newHistDataClock()
	for at := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2028; at = at.Add(30 * time.Minute) {
		offset := 5 * time.Hour
		// The change of 2019 lies in winter, in which both rules agree.
		if y := at.Year(); y >= 2019 && !at.Before(lastSunday(y, time.March)) && at.Before(lastSunday(y, time.October)) {
			offset = 4 * time.Hour
		}
		got, ok := clock.UTC(at.Add(-offset).UnixMilli())
		if !ok || got != at.UnixMilli() {
			t.Fatalf("%s: read as %s, %v", at, time.UnixMilli(got).UTC(), ok)
		}
	}
}

func TestHistDataClockKnowsTheHourThatItSkipped(t *testing.T) {
	clock := newHistDataClock()
	// At 01:00 UTC on 2025-03-30 the clock goes from 20:00 to 21:00 of the 29th.
	if ms, ok := clock.UTC(time.Date(2025, 3, 29, 20, 30, 0, 0, time.UTC).UnixMilli()); ok {
		t.Errorf("20:30 was taken as %s", time.UnixMilli(ms).UTC())
	}
}

// FuzzClocks holds every clock to what a clock is: a reading that it takes is
// what it shows at the instant that it gives.
func FuzzClocks(f *testing.F) {
	for _, ms := range []int64{0, 1735689600000, 1743291000000, 1761440400000, -2208988800000, 7258118399999, 1546300799999, 1546300800000} {
		f.Add(ms)
	}
	london, newYork, athens := loadZone("Europe/London"), loadZone("America/New_York"), loadZone("Europe/Athens")
	shown := func(ms int64, zone *time.Location) int64 {
		_, s := time.UnixMilli(ms).In(zone).Zone()
		return ms + int64(s)*1000
	}
	f.Fuzz(func(t *testing.T, local int64) {
		if local < -2208988800000 || local >= 7258118400000 {
			return
		}
		for _, zone := range []*time.Location{london, newYork, athens} {
			var s stamp
			s.local = true
			s.zoned(Options{Zone: zone}, nil, "")
			if ms, ok := s.clock.UTC(local); ok && shown(ms, zone) != local {
				t.Errorf("%s: %d is %d, which shows %d", zone, local, ms, shown(ms, zone))
			}
		}
		ms, ok := newHistDataClock().UTC(local)
		want := shown(ms, london) - 5*hourMS
		if local < histDataChange {
			want = ms - 5*hourMS
		}
		if ok && want != local {
			t.Errorf("HistData: %d is %d, which shows %d", local, ms, want)
		}
	})
}
