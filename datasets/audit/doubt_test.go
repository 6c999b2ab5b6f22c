package audit

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// later returns the series with every time moved, ms.
func later(s *market.Series, ms int64) *market.Series {
	return restamped(s, func(at int64) int64 { return at + ms })
}

// every returns each nth row of a series, which keeps its stated interval.
func every(s *market.Series, n int) *market.Series {
	thin := &market.Series{Pair: s.Pair, IntervalMS: s.IntervalMS}
	for i := 0; i < s.Len(); i += n {
		thin.Time = append(thin.Time, s.Time[i])
		thin.Open, thin.High = append(thin.Open, s.Open[i]), append(thin.High, s.High[i])
		thin.Low, thin.Close = append(thin.Low, s.Low[i]), append(thin.Close, s.Close[i])
	}
	return thin
}

// TestSystematicWrongness: what many rows together show is refused, unless it is
// wanted.
func TestSystematicWrongness(t *testing.T) {
	const hour, quarter = int64(datasets.Hour), 15 * datasets.Minute
	weeks := func(n int) *market.Series { return cleanSeries(t, "EURUSD", quarter, n*480) } // 120 hours of 4
	cases := []struct {
		name     string
		series   *market.Series
		options  Options
		policies Policies
		refused  error
		says     []string
	}{
		// The first week has 118 hours, the others 120: the third ends with row 1432.
		{"three weekends an hour late", later(cleanSeries(t, "EURUSD", quarter, 1433), hour), Options{}, Policies{}, ErrClock,
			[]string{"found that weeks start and end 1h late in winter", "expected weeks from Sunday 17:00", "UTC+1", "--zone UTC+1h", "--on-clock keep"}},
		{"two weekends an hour late", later(cleanSeries(t, "EURUSD", quarter, 1432), hour), Options{}, Policies{}, nil, nil},
		{"an hour early", later(weeks(4), -hour), Options{}, Policies{}, ErrClock, []string{"--zone UTC-1h"}},
		{"a wrong clock that is wanted", later(weeks(4), hour), Options{}, Policies{OnClock: Keep}, nil, nil},
		{"a right clock", weeks(4), Options{}, Policies{}, nil, nil},
		{"candles of closed hours are seen before they are dropped", later(weeks(4), hour), Options{}, Policies{OnClosed: Drop}, ErrClock, nil},
		{"candles of closed hours fail for the clock", later(weeks(6), hour), Options{}, Policies{OnClosed: Fail}, ErrClosed, nil},
		{"stamps at the ends", later(weeks(4), int64(quarter)), Options{}, Policies{}, ErrClock,
			[]string{"15m late, just one candle", "the candles' ends", "--zone UTC+15m"}},
		{"minutes stamped at their ends", later(cleanSeries(t, "EURUSD", datasets.Minute, 4*7200), int64(datasets.Minute)), Options{}, Policies{}, ErrClock,
			[]string{"1m late, just one candle", "the candles' ends"}},
		{"ten minutes late are no ends of quarters", later(cleanSeries(t, "EURUSD", 5*datasets.Minute, 4*1440), 2*int64(5*datasets.Minute)), Options{}, Policies{}, nil, nil},
		{"a quarter late is no zone", later(cleanSeries(t, "EURUSD", 5*datasets.Minute, 4*1440), 3*int64(5*datasets.Minute)), Options{}, Policies{}, ErrClock,
			[]string{"15m late", "what no zone is"}},
		{"twenty minutes late are half an hour", later(cleanSeries(t, "EURUSD", 5*datasets.Minute, 4*1440), 4*int64(5*datasets.Minute)), Options{}, Policies{}, ErrClock,
			[]string{"UTC+0:30"}},

		{"points", all(cleanSeries(t, "EURUSD", quarter, 1000), 1e5), Options{}, Policies{}, ErrScale,
			[]string{"found 1000 of 1000 candles", // that wander around 1
				"expected from 0.3 to 3.5", "--price-scale 0.00001 (makes 0.9", "--on-scale keep"}},
		{"points that are wanted", all(cleanSeries(t, "EURUSD", quarter, 1000), 1e5), Options{}, Policies{OnScale: Keep}, nil, nil},
		// A factor of 4 is outside of 3.5, and no power of ten.
		{"more than half outside", part(cleanSeries(t, "EURUSD", quarter, 1000), 501, 4), Options{}, Policies{}, ErrScale, []string{"found 501 of 1000"}},
		{"half outside", part(cleanSeries(t, "EURUSD", quarter, 1000), 500, 4), Options{}, Policies{}, nil, nil},
		{"a jump by a hundred", part(cleanSeries(t, "EURUSD", quarter, 1000), 300, 100), Options{}, Policies{}, ErrScale,
			[]string{"row 701: found that the close goes from", "about 100 times", "--on-scale keep"}},
		{"a jump in the last rows", part(cleanSeries(t, "EURUSD", quarter, 1000), 5, 100), Options{}, Policies{OnSpike: Keep}, ErrScale, []string{"row 996: "}},
		{"a jump that is wanted", part(cleanSeries(t, "EURUSD", quarter, 1000), 300, 100), Options{}, Policies{OnScale: Keep}, nil, nil},

		// 21 candles have 20 steps.
		{"five minutes called one", every(cleanSeries(t, "BTCUSD", datasets.Minute, 105), 5), Options{}, Policies{}, datasets.ErrSpacing,
			[]string{"found candles every 5m in a series of 1m", "expected candles every 1m", "--interval 5m"}},
		{"twenty of them", every(cleanSeries(t, "BTCUSD", datasets.Minute, 100), 5), Options{}, Policies{}, nil, nil},
		{"four hours called one are no gap", every(cleanSeries(t, "BTCUSD", datasets.Hour, 400), 4), Options{}, Policies{}, datasets.ErrSpacing, []string{"--interval 4h"}},

		// The night of 2 November 2025: 01:00 comes twice, 05:00 to 07:00 UTC.
		{"the hour that comes twice", autumn(t, 0), Options{}, Policies{}, datasets.ErrUnsorted, []string{"read as UTC: state the zone", "--zone"}},
		{"a step back in June", later(autumn(t, 0), -150*dayMS), Options{}, Policies{}, datasets.ErrUnsorted, []string{"sort the file by time"}},
		{"a step back by more", autumn(t, int64(datasets.Minute)), Options{}, Policies{}, datasets.ErrUnsorted, []string{"sort the file by time"}},
		{"a step back of a stated zone", autumn(t, 0), Options{Zone: "America/New_York"}, Policies{}, datasets.ErrUnsorted, []string{"sort the file by time"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := cleaned(t, c.series, 333, c.options, c.policies)
			if !errors.Is(err, c.refused) {
				t.Fatalf("found the error %v, expected %v", err, c.refused)
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("found %q, expected %q in it", err, part)
				}
			}
			if c.name == "the hour that comes twice" && strings.Contains(err.Error(), "--on-bad") {
				t.Errorf("an hour is to be dropped: %v", err)
			}
		})
	}
}

func all(s *market.Series, by float64) *market.Series { return part(s, s.Len(), by) }

// part multiplies the prices of the last n rows.
func part(s *market.Series, n int, by float64) *market.Series {
	scaled(s, s.Len()-n, s.Len(), by)
	return s
}

// autumn is a night of Bitcoin by New York's clock, and perhaps a step back that
// is longer.
func autumn(t *testing.T, more int64) *market.Series {
	const midnight = 1762041600000 // 2025-11-02T00:00:00Z
	s := cleanSeries(t, "BTCUSD", datasets.Minute, 240)
	for i := range s.Time {
		s.Time[i] = midnight + int64(i)*int64(datasets.Minute)
		if i >= 120 {
			s.Time[i] -= int64(datasets.Hour) + more
		}
	}
	return s
}

// TestGapOfAWrongClock: sessions five hours early leave gaps, and the clock is what
// is wrong.
func TestGapOfAWrongClock(t *testing.T) {
	refusal := func(days int, o Options, p Policies) string {
		s := cleanSeries(t, "NVDA", 5*datasets.Minute, days*78) // 78 in 6½ hours
		_, _, err := cleaned(t, later(s, -4*int64(datasets.Hour)), 1000, o, p)
		if err == nil {
			t.Fatal("nothing is refused")
		}
		return err.Error()
	}
	// Four sessions have three nights between them.
	if text := refusal(4, Options{}, Policies{}); !strings.Contains(text, "the file's clock seems to be UTC-4") {
		t.Errorf("four days: found %q", text)
	}
	// From 12:00 New York, 16:00 less four hours, to 5:30.
	text := refusal(3, Options{}, Policies{})
	for _, part := range []string{"no candle from", "--max-gap", "or the zone is wrong: by the file's clock the market pauses from 12:00 to 05:30 New York"} {
		if !strings.Contains(text, part) {
			t.Errorf("three days: found %q, expected %q in it", text, part)
		}
	}
	s := cleanSeries(t, "NVDA", 5*datasets.Minute, 78)
	without(s, 20, 40)
	if _, _, err := cleaned(t, s, 1000, Options{}, Policies{}); err == nil || strings.Contains(err.Error(), "the zone is wrong") {
		t.Errorf("a gap within a session: found %v", err)
	}
}

// TestMonthBetweenTheDates: March 2025 by HistData's clock, whose weeks start five
// hours early on the 9th, 16th and 23rd, and an hour less on the 30th.
func TestMonthBetweenTheDates(t *testing.T) {
	const march = int64(1740787200000) // 2025-03-01T00:00:00Z
	london := zoneOffset(t, "Europe/London")
	s := cleanSeries(t, "EURUSD", 15*datasets.Minute, 8000)
	for _, c := range []struct {
		from int64 // of March
		told bool
	}{{7, true}, {10, false}} {
		i := slices.IndexFunc(s.Time, func(ms int64) bool { return ms >= march+(c.from-1)*dayMS })
		j := slices.IndexFunc(s.Time, func(ms int64) bool { return ms >= march+31*dayMS })
		histData := restamped(s.Slice(i, j), func(ms int64) int64 { return ms - 5*int64(datasets.Hour) + london(ms) })
		f := audit(t, histData, 1000, Options{}).Find(TimeZone)
		if (f != nil) != c.told || f != nil && !strings.Contains(f.Cause, "HistData's own clock") {
			t.Errorf("from the %dth: found %+v", c.from, f)
		}
	}
}

// TestStatedZoneIsCombined: the clock that is named is the file's own, whatever it
// was read with.
func TestStatedZoneIsCombined(t *testing.T) {
	newYork, chicago, athens := zoneOffset(t, "America/New_York"), zoneOffset(t, "America/Chicago"), zoneOffset(t, "Europe/Athens")
	seven := func(ms int64) int64 { return newYork(ms) + 7*int64(datasets.Hour) }
	utc := func(int64) int64 { return 0 }
	cases := []struct {
		pair        string
		own, read   func(int64) int64
		stated      string
		found       string
		cause       string
		remedy, not string
	}{
		{"NVDA", newYork, chicago, "America/Chicago", "1h late in winter", "America/New_York", "--zone America/New_York", "London"},
		{"NVDA", newYork, chicago, "America/Nowhere", "as read with America/Nowhere", "is not America/Nowhere", "--zone", "London"},
		{"EURUSD", athens, seven, "America/New_York+7h", "1h early while", "Europe/Athens", "--zone Europe/Athens", "New_York"},
		{"EURUSD", seven, athens, "Europe/Athens", "1h late while", "America/New_York+7h", "--zone America/New_York+7h", "Athens"},
		{"EURUSD", utc, newYork, "America/New_York", "late", "seem to be UTC, not America/New_York", "--zone UTC", "London"},
		{"EURUSD", func(int64) int64 { return -5 * int64(datasets.Hour) }, func(int64) int64 { return -6 * int64(datasets.Hour) }, "UTC-6h",
			"1h late", "New York's standard time", "--zone UTC-5h", "London"},
	}
	series := map[string]*market.Series{
		"NVDA": cleanSeries(t, "NVDA", 30*datasets.Minute, 3200), "EURUSD": cleanSeries(t, "EURUSD", 15*datasets.Minute, 25000),
	}
	for _, c := range cases {
		s := restamped(series[c.pair], func(ms int64) int64 { return ms + c.own(ms) - c.read(ms) })
		f := audit(t, s, s.Len(), Options{Zone: c.stated}).Find(TimeZone)
		if f == nil {
			t.Errorf("%s read as %s: no finding", c.pair, c.stated)
			continue
		}
		if !strings.Contains(f.Found, c.found) || !strings.Contains(f.Cause, c.cause) || !strings.Contains(f.Remedy, c.remedy) || strings.Contains(f.Remedy, c.not) {
			t.Errorf("%s read as %s: found %+v", c.pair, c.stated, f)
		}
	}
}

// TestDailyPauseOfMetals: gold pauses from 17:00 to 18:00 New York, so a month
// tells by which dates a clock changes.
func TestDailyPauseOfMetals(t *testing.T) {
	const hour = int64(datasets.Hour)
	newYork, athens := zoneOffset(t, "America/New_York"), zoneOffset(t, "Europe/Athens")
	s := cleanSeries(t, "XAUUSD", 15*datasets.Minute, 60*96)
	for i := s.Len() - 1; i >= 0; i-- {
		if (s.Time[i]+newYork(s.Time[i]))%dayMS/hour == 17 {
			without(s, i, i+1)
		}
	}
	seven := func(ms int64) int64 { return newYork(ms) + 7*hour }
	for name, c := range map[string]struct {
		read  func(int64) int64
		cause string // "" = no finding
	}{
		"as it is":       {athens, ""},
		"American dates": {seven, "changes on the European dates"},
		"UTC":            {func(int64) int64 { return 0 }, "Europe/Athens"},
	} {
		f := audit(t, restamped(s, func(ms int64) int64 { return ms + athens(ms) - c.read(ms) }), s.Len(), Options{}).Find(TimeZone)
		switch {
		case f == nil && c.cause != "", f != nil && c.cause == "":
			t.Errorf("%s: found %+v", name, f)
		case f != nil && !strings.Contains(f.Cause, c.cause):
			t.Errorf("%s: found %q, expected %q", name, f.Cause, c.cause)
		}
	}
}

// TestMetalsAroundHolidays: New Year 2026 is a Thursday. The market of Rules §3
// is closed on it, midnight to midnight New York, 5:00 to 5:00 UTC.
func TestMetalsAroundHolidays(t *testing.T) {
	const hour, eve = int64(datasets.Hour), int64(1767139200000) // 2025-12-31T00:00:00Z
	for _, c := range []struct {
		name       string
		pair       string
		stop, back int64 // hours after the eve's midnight UTC
		tolerance  int64
		refused    bool
	}{
		{"gold from noon to two at night", "XAUUSD", 17, 55, 0, false}, // 12 hours and 2
		{"an hour more", "XAUUSD", 16, 55, 0, true},
		{"no gap is taken", "XAUUSD", 17, 55, hour, true},
		{"currencies from noon", "EURUSD", 17, 55, 0, true},
		{"an ordinary Tuesday", "XAUUSD", -19, -8, 0, true}, // 11 hours
	} {
		s := cleanSeries(t, c.pair, datasets.Hour, 6500) // up to January 2026
		from := slices.IndexFunc(s.Time, func(ms int64) bool { return ms >= eve+c.stop*hour })
		to := slices.IndexFunc(s.Time, func(ms int64) bool { return ms >= eve+c.back*hour })
		without(s, from, to)
		_, _, err := cleaned(t, s, 1000, Options{GapToleranceMS: c.tolerance}, Policies{OnScale: Keep})
		if errors.Is(err, datasets.ErrGap) != c.refused || err != nil && !c.refused {
			t.Errorf("%s: found %v", c.name, err)
		}
		f := audit(t, s, 1000, Options{GapToleranceMS: c.tolerance}).Find(MissingTime)
		if f == nil || (f.Severity == Error) != c.refused || !c.refused && f.Severity != Note {
			t.Errorf("%s: found %+v", c.name, f)
		}
	}
}

// TestGoldUntilSixIsNoWrongClock: a source whose weeks of gold begin on Sunday and
// end on Friday at 18:00 New York has the right clock.
func TestGoldUntilSixIsNoWrongClock(t *testing.T) {
	s := cleanSeries(t, "XAUUSD", datasets.Hour, 3000) // from Sunday to Friday, 17:00
	s = restamped(s, func(ms int64) int64 { return ms + int64(datasets.Hour) })
	if f := audit(t, s, 1000, Options{}).Find(TimeZone); f != nil {
		t.Errorf("found %+v", f)
	}
}

// TestPricesOfLongAgoAndOfOthersAreTaken: a Bitcoin of 2011, gold of 1970, and a
// stock in yen that a user added. A Bitcoin in its cents of 2025 is not.
func TestPricesOfLongAgoAndOfOthersAreTaken(t *testing.T) {
	for _, c := range []struct {
		pair    market.Pair
		price   float64
		refused bool
	}{
		{pairOf("BTCUSD"), 0.3, false}, {pairOf("XAUUSD"), 36, false},
		{market.Pair{ID: "KEYENCE", Class: market.Equities, Base: "KEYENCE", Quote: "JPY"}, 69050, false},
		{pairOf("BTCUSD"), 9e6, true}, {pairOf("AAPL"), 2.3e6, true},
	} {
		s := cleanSeries(t, "AAPL", 5*datasets.Minute, 100)
		s.Pair = c.pair
		for _, col := range columns(s, false)[:4] {
			for i := range *col {
				(*col)[i] = c.price
			}
		}
		_, _, err := cleaned(t, s, 100, Options{Pair: c.pair}, Policies{OnGap: Keep})
		if errors.Is(err, ErrScale) != c.refused || err != nil && !c.refused {
			t.Errorf("%s at %v: %v", c.pair.ID, c.price, err)
		}
	}
}

// TestScalesThatFitAreAllNamed: gold at 155,295 points was 1,552.95; 155.295, as
// in 1974, and 15,529.5 are within what is known of gold, too.
func TestScalesThatFitAreAllNamed(t *testing.T) {
	s := cleanSeries(t, "XAUUSD", datasets.Hour, 100)
	for _, col := range columns(s, false)[:4] {
		for i := range *col {
			(*col)[i] = 155295
		}
	}
	f := audit(t, s, 100, Options{}).Find(Scale)
	if want := "import with --price-scale 0.01 (makes 1552.95), 0.001 (makes 155.295) or 0.1 (makes 15529.5): take what the market was at"; f == nil || !strings.Contains(f.Remedy, want) {
		t.Errorf("found %+v, expected %q in the remedy", f, want)
	}
}

// TestSparseCandlesAreAWarning: every second and every third minute, on both
// sides of half of the market.
func TestSparseCandlesAreAWarning(t *testing.T) {
	for _, c := range []struct {
		of, kept int
		severity Severity
	}{{10, 6, Note}, {10, 4, Warning}} {
		s := cleanSeries(t, "BTCUSD", datasets.Minute, 2000)
		for i := s.Len() - 1; i > 0; i-- {
			if i%c.of >= c.kept {
				without(s, i, i+1)
			}
		}
		if f := audit(t, s, 500, Options{}).Find(MissingTime); f == nil || f.Severity != c.severity {
			t.Errorf("%d of %d: found %+v, expected a %s", c.kept, c.of, f, c.severity)
		}
	}
}

// TestShortDaysTellNothingOfVolume: 30 whole days of 24 hours, then Christmas'
// five before New York's midnight.
func TestShortDaysTellNothingOfVolume(t *testing.T) {
	const hour = int64(datasets.Hour)
	days := make([]Day, 31)
	for i := range days {
		days[i] = Day{StartMS: int64(i) * dayMS, OpenMS: 24 * hour, PresentMS: 24 * hour, Candles: 24, Volume: 2400}
	}
	for _, c := range []struct {
		open int64
		thin bool
	}{{5, false}, {6, true}} { // a quarter of 24 is 6
		days[30] = Day{StartMS: 30 * dayMS, OpenMS: c.open * hour, PresentMS: c.open * hour, Candles: c.open, Volume: 1}
		if f, ok := thin(days); ok != c.thin {
			t.Errorf("%d hours: found %+v", c.open, f)
		}
	}
}
