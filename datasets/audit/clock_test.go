package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// restamped returns the series with every time put through a function.
func restamped(s *market.Series, f func(ms int64) int64) *market.Series {
	r := *s
	r.Time = slices.Clone(s.Time)
	for i, ms := range r.Time {
		r.Time[i] = f(ms)
	}
	return &r
}

// zoneOffset returns the function that tells a zone's offset from UTC, ms.
func zoneOffset(t testing.TB, name string) func(ms int64) int64 {
	zone, err := market.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	clock := wallClock{zone: zone}
	return clock.offsetAt
}

// wrongClock is a wrong reading of a clock: by how much it is off at an instant,
// and what the finding says of it.
type wrongClock struct {
	name, folder  string
	off           func(ms int64) int64
	cause, remedy []string // parts of the text; nil = no finding
}

func wrongClocks(t testing.TB) []wrongClock {
	const hour = int64(datasets.Hour)
	newYork, london := zoneOffset(t, "America/New_York"), zoneOffset(t, "Europe/London")
	athens, berlin := zoneOffset(t, "Europe/Athens"), zoneOffset(t, "Europe/Berlin")
	tokyo := zoneOffset(t, "Asia/Tokyo")
	histData := func(ms int64) int64 { return -5*hour + london(ms) } // UTC-5, and UTC-4 by the European dates
	return []wrongClock{
		{"right", "forex-1m", func(int64) int64 { return 0 }, nil, nil},
		{"right", "forex-15m", func(int64) int64 { return 0 }, nil, nil},
		{"right", "equities-5m", func(int64) int64 { return 0 }, nil, nil},
		{"Athens read as UTC", "forex-1m", athens, []string{"UTC+2 in winter and UTC+3 in summer, by the European dates", "Europe/Athens"}, []string{"--zone Europe/Athens"}},
		{"Athens read as UTC", "forex-15m", athens, []string{"UTC+2 in winter and UTC+3 in summer, by the European dates", "Europe/Athens"}, []string{"--zone Europe/Athens"}},
		{"Berlin read as UTC", "forex-1m", berlin, []string{"UTC+1 in winter and UTC+2 in summer, by the European dates", "Europe/Berlin"}, []string{"--zone Europe/Berlin"}},
		{"seven hours ahead of New York read as UTC", "forex-1m", func(ms int64) int64 { return newYork(ms) + 7*hour },
			[]string{"UTC+2 in winter and UTC+3 in summer, by the American dates", "America/New_York+7h"}, []string{"--zone America/New_York+7h"}},
		{"New York read as UTC", "forex-1m", newYork, []string{"UTC-5 in winter and UTC-4 in summer, by the American dates", "America/New_York"}, []string{"--zone America/New_York"}},
		{"HistData read as UTC", "forex-1m", histData, []string{"UTC-5 in winter and UTC-4 in summer, by the European dates", "HistData's own clock"}, nil},
		{"HistData read as UTC-5 all year", "forex-1m", func(ms int64) int64 { return histData(ms) + 5*hour },
			[]string{"UTC in winter and UTC+1 in summer, by the European dates", "HistData's files read as UTC-5 all year"}, nil},
		{"HistData read as New York", "forex-1m", func(ms int64) int64 { return histData(ms) - newYork(ms) },
			[]string{"changes on the European dates, but was read as one that changes on the American"}, []string{"--zone"}},
		{"New York plus seven read as Athens", "forex-1m", func(ms int64) int64 { return newYork(ms) + 7*hour - athens(ms) },
			[]string{"changes on the American dates, but was read as one that changes on the European"}, []string{"--zone"}},
		{"UTC read as New York", "forex-1m", func(ms int64) int64 { return -newYork(ms) }, []string{"seem to have been UTC and were read as America/New_York"}, []string{"--zone UTC"}},
		{"Tokyo read as UTC", "forex-15m", tokyo, []string{"UTC+9 all year", "Asia/Tokyo"}, []string{"--zone Asia/Tokyo"}},
		{"New York read as UTC", "equities-5m", newYork, []string{"UTC-5 in winter and UTC-4 in summer", "America/New_York"}, []string{"--zone America/New_York"}},
	}
}

// TestWrongClockIsNamed stamps a year of candles as a wrong reading of their
// clock would.
func TestWrongClockIsNamed(t *testing.T) {
	series := map[string]*market.Series{
		"forex-1m":    cleanSeries(t, "EURUSD", 15*datasets.Minute, 25000),
		"forex-15m":   cleanSeries(t, "GBPUSD", datasets.Hour, 6250),
		"equities-5m": cleanSeries(t, "NVDA", 30*datasets.Minute, 3200),
	}
	for _, c := range wrongClocks(t) {
		t.Run(c.folder+"/"+c.name, func(t *testing.T) { c.check(t, series[c.folder]) })
	}
}

// TestWrongClockOfRealCandlesIsNamed does the same with real candles.
func TestWrongClockOfRealCandlesIsNamed(t *testing.T) {
	series := make(map[string]*market.Series)
	for _, f := range referenceFolders() {
		if f.name != "crypto-1m" && f.name != "crypto-5m" {
			files := f.files(t)
			series[f.name] = f.read(t, files[len(files)*3/7]) // of the equities META, which has regular sessions only
		}
	}
	for _, c := range wrongClocks(t) {
		t.Run(c.folder+"/"+c.name, func(t *testing.T) { c.check(t, series[c.folder]) })
	}
}

func (c *wrongClock) check(t *testing.T, s *market.Series) {
	r := audit(t, restamped(s, func(ms int64) int64 { return ms + c.off(ms) }), s.Len(), Options{})
	f := r.Find(TimeZone)
	if c.cause == nil {
		if f != nil {
			t.Fatalf("a right clock is doubted: %+v", f)
		}
		return
	}
	if f == nil {
		t.Fatal("no finding")
	}
	for _, part := range c.cause {
		if !strings.Contains(f.Cause, part) {
			t.Errorf("cause: found %q, expected %q in it", f.Cause, part)
		}
	}
	for _, part := range c.remedy {
		if !strings.Contains(f.Remedy, part) {
			t.Errorf("remedy: found %q, expected %q in it", f.Remedy, part)
		}
	}
}

// TestWrongClockOfAMetalIsNamed: a week of gold that begins an hour later is no
// reason to be silent about its clock.
func TestWrongClockOfAMetalIsNamed(t *testing.T) {
	s := cleanSeries(t, "XAUUSD", 15*datasets.Minute, 25000)
	for i := s.Len() - 1; i > 0; i-- {
		if s.Time[i]-s.Time[i-1] > dayMS {
			without(s, i, i+4)
		}
	}
	right := wrongClock{off: func(int64) int64 { return 0 }}
	right.check(t, s)
	athens := wrongClock{off: zoneOffset(t, "Europe/Athens"), cause: []string{"by the European dates", "Europe/Athens"}, remedy: []string{"--zone Europe/Athens"}}
	athens.check(t, s)
}

// TestOtherHoursAreNoWrongClock: gold opens an hour after currencies and closes
// with them.
func TestOtherHoursAreNoWrongClock(t *testing.T) {
	s := cleanSeries(t, "EURUSD", 15*datasets.Minute, 10000)
	for i := s.Len() - 1; i > 0; i-- {
		if s.Time[i]-s.Time[i-1] > dayMS {
			without(s, i, i+4)
		}
	}
	if f := audit(t, s, s.Len(), Options{}).Find(TimeZone); f != nil {
		t.Errorf("found %+v", f)
	}
}
