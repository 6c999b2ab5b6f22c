package market

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func newTestSchedule(t testing.TB, h Hours, from, to string) *Schedule {
	t.Helper()
	s, err := NewSchedule(h, at(t, from+"T00:00:00Z"), at(t, to+"T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestForexHoursAreThoseOfTheDeployedBuilds(t *testing.T) {
	s := newTestSchedule(t, ForexHours(), "2024-01-01", "2025-12-31")
	for _, build := range []string{"4.8.12", "5.4.0"} {
		cases := goldenForexHours(t, build)
		if len(cases) != 1656 {
			t.Errorf("build %s: %d cases, want all 1656", build, len(cases))
		}
		for _, c := range cases {
			ms, want := c.ms, c.open
			if got := s.Open(ms); got != want {
				t.Errorf("build %s: open is %v at %s, want %v", build, got, time.UnixMilli(ms).UTC(), want)
			}
		}
	}
}

type openAt struct {
	ms   int64
	open bool
}

func (o *openAt) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&o.ms, &o.open})
}

func goldenForexHours(t *testing.T, build string) []openAt {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", "golden", "forex_hours-"+build+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Version    string   `json:"version"`
		ForexHours []openAt `json:"forex_hours"`
	}
	if err := json.NewDecoder(unzipped).Decode(&golden); err != nil {
		t.Fatal(err)
	}
	if golden.Version != build {
		t.Fatalf("vectors of build %q, want %q", golden.Version, build)
	}
	return golden.ForexHours
}

// Instants are written in New York's own time; its offset is -05:00 in winter
// and -04:00 from the second Sunday of March to the first of November.
func TestForexOpensSundayAndClosesFridayAtFive(t *testing.T) {
	checkInstants(t, newTestSchedule(t, ForexHours(), "2021-01-01", "2025-12-31"), []instantCase{
		{"2025-01-12T16:59:59.999-05:00", false, "2025-01-12T17:00:00-05:00"}, // Sunday
		{"2025-01-12T17:00:00-05:00", true, "2025-01-17T17:00:00-05:00"},
		{"2025-01-17T16:59:59.999-05:00", true, "2025-01-17T17:00:00-05:00"}, // Friday
		{"2025-01-17T17:00:00-05:00", false, "2025-01-19T17:00:00-05:00"},
		{"2025-01-18T12:00:00-05:00", false, "2025-01-19T17:00:00-05:00"}, // Saturday
		// Clocks forward on 2025-03-09, back on 2025-11-02.
		{"2025-03-07T17:00:00-05:00", false, "2025-03-09T17:00:00-04:00"},
		{"2025-03-09T20:59:59.999Z", false, "2025-03-09T21:00:00Z"},
		{"2025-10-31T17:00:00-04:00", false, "2025-11-02T17:00:00-05:00"},
		{"2025-11-02T21:59:59.999Z", false, "2025-11-02T22:00:00Z"},
	})
}

func TestForexIsClosedAllDayOnItsHolidays(t *testing.T) {
	checkInstants(t, newTestSchedule(t, ForexHours(), "2021-01-01", "2025-12-31"), []instantCase{
		// Good Friday 2025 joins the weekend; Easter Monday cuts it late.
		{"2025-04-17T23:59:59.999-04:00", true, "2025-04-18T00:00:00-04:00"},
		{"2025-04-18T00:00:00-04:00", false, "2025-04-20T17:00:00-04:00"},
		{"2025-04-20T17:00:00-04:00", true, "2025-04-21T00:00:00-04:00"},
		{"2025-04-21T00:00:00-04:00", false, "2025-04-22T00:00:00-04:00"},
		{"2025-04-22T00:00:00-04:00", true, "2025-04-25T17:00:00-04:00"},
		// Christmas and Boxing Day 2024: Wednesday and Thursday.
		{"2024-12-24T23:59:59.999-05:00", true, "2024-12-25T00:00:00-05:00"},
		{"2024-12-25T00:00:00-05:00", false, "2024-12-27T00:00:00-05:00"},
		// 2021: Saturday to Friday 24, Sunday to Monday 27. New Year 2022, a
		// Saturday, to Friday 31 of December.
		{"2021-12-24T00:00:00-05:00", false, "2021-12-26T17:00:00-05:00"},
		{"2021-12-26T17:00:00-05:00", true, "2021-12-27T00:00:00-05:00"},
		{"2021-12-27T12:00:00-05:00", false, "2021-12-28T00:00:00-05:00"},
		{"2021-12-30T23:59:59.999-05:00", true, "2021-12-31T00:00:00-05:00"},
		{"2021-12-31T00:00:00-05:00", false, "2022-01-02T17:00:00-05:00"},
		// 2022: Christmas is a Sunday and moves onto Boxing Day, a Monday.
		{"2022-12-23T16:59:59.999-05:00", true, "2022-12-23T17:00:00-05:00"},
		{"2022-12-25T17:00:00-05:00", true, "2022-12-26T00:00:00-05:00"},
		{"2022-12-26T00:00:00-05:00", false, "2022-12-27T00:00:00-05:00"},
		// New Year 2023, a Sunday, to Monday 2.
		{"2023-01-01T17:00:00-05:00", true, "2023-01-02T00:00:00-05:00"},
		{"2023-01-02T00:00:00-05:00", false, "2023-01-03T00:00:00-05:00"},
		// The equities' holidays are none of forex.
		{"2025-01-20T12:00:00-05:00", true, "2025-01-24T17:00:00-05:00"},
	})
}

func TestEquitiesOpenHalfPastNineToFour(t *testing.T) {
	checkInstants(t, newTestSchedule(t, EquitiesHours(), "2001-01-01", "2025-12-31"), []instantCase{
		{"2025-03-05T09:29:59.999-05:00", false, "2025-03-05T09:30:00-05:00"},
		{"2025-03-05T09:30:00-05:00", true, "2025-03-05T16:00:00-05:00"},
		{"2025-03-05T15:59:59.999-05:00", true, "2025-03-05T16:00:00-05:00"},
		{"2025-03-05T16:00:00-05:00", false, "2025-03-06T09:30:00-05:00"},
		// Over the weekend of clocks forward: 14:30Z before, 13:30Z after.
		{"2025-03-07T21:00:00Z", false, "2025-03-10T13:30:00Z"},
		{"2025-10-31T20:00:00Z", false, "2025-11-03T14:30:00Z"},
		// Clocks changed in April until 2006.
		{"2006-03-31T21:00:00Z", false, "2006-04-03T13:30:00Z"},
		{"2001-09-10T16:00:00-04:00", false, "2001-09-17T09:30:00-04:00"},
		{"2012-10-26T16:00:00-04:00", false, "2012-10-31T09:30:00-04:00"},
		{"2025-01-08T16:00:00-05:00", false, "2025-01-10T09:30:00-05:00"},
		// Early closes.
		{"2025-07-03T12:59:59.999-04:00", true, "2025-07-03T13:00:00-04:00"},
		{"2025-07-03T13:00:00-04:00", false, "2025-07-07T09:30:00-04:00"},
		{"2024-11-29T10:00:00-05:00", true, "2024-11-29T13:00:00-05:00"},
		{"2024-12-24T10:00:00-05:00", true, "2024-12-24T13:00:00-05:00"},
	})
}

type instantCase struct {
	at    string
	open  bool
	until string
}

// checkInstants asks At and Open.
func checkInstants(t *testing.T, s *Schedule, cases []instantCase) {
	t.Helper()
	for _, c := range cases {
		ms, until := at(t, c.at), at(t, c.until)
		if open, got := s.At(ms); open != c.open || got != until {
			t.Errorf("at %s: open %v until %s, want %v until %s", c.at, open, time.UnixMilli(got).UTC(), c.open, c.until)
		}
		if s.Open(ms) != c.open {
			t.Errorf("Open is not %v at %s", c.open, c.at)
		}
	}
}

// Rules §3 gives the exchange's sessions a year.
func TestEquitiesHaveTheExchangesSessionsAYear(t *testing.T) {
	want := []int{252, 248, 252, 252, 252, 252, 251, 251, 253, 252, 252, 252, 250, 252,
		252, 252, 252, 251, 251, 252, 253, 252, 251, 250, 252, 250, 251}
	s := newTestSchedule(t, EquitiesHours(), "2000-01-01", "2026-12-31")
	for i, n := range want {
		year := 2000 + i
		got := 0
		for range s.Sessions(yearStart(t, year), yearStart(t, year+1)) {
			got++
		}
		if got != n {
			t.Errorf("%d has %d sessions, want %d", year, got, n)
		}
	}
}

func yearStart(t *testing.T, year int) int64 { return at(t, fmt.Sprintf("%d-01-01T00:00:00Z", year)) }

// The weekdays without a session and those of a short one, as the exchange
// published them for those years.
func TestEquitiesCloseOnTheExchangesDates(t *testing.T) {
	tests := []struct {
		year          int
		closed, early string
	}{
		{2001, "01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25", "07-03 11-23 12-24"},
		{2002, "01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25", "07-05 11-29 12-24"},
		{2004, "01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24", "11-26"},
		{2007, "01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25", "07-03 11-23 12-24"},
		{2012, "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25", "07-03 11-23 12-24"},
		{2013, "01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25", "07-03 11-29 12-24"},
		{2018, "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25", "07-03 11-23 12-24"},
		{2021, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", "11-26"},
		{2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", "11-25"},
		{2023, "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25", "07-03 11-24"},
		{2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24"},
		{2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25", "07-03 11-28 12-24"},
		{2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25", "11-27 12-24"},
	}
	s := newTestSchedule(t, EquitiesHours(), "2001-01-01", "2026-12-31")
	for _, test := range tests {
		var closed, early []string
		for day := civil(test.year, time.January, 1); day < civil(test.year+1, time.January, 1); day++ {
			name := dateOf(day)[len("2006-"):]
			switch openMS := s.OpenMS(day*dayMS, (day+1)*dayMS); {
			case weekdayOf(day) == time.Saturday || weekdayOf(day) == time.Sunday:
				if openMS != 0 {
					t.Errorf("%s: open on a weekend", dateOf(day))
				}
			case openMS == 0:
				closed = append(closed, name)
			case openMS == int64(3.5*60*60*1000): // 09:30 to 13:00
				early = append(early, name)
			case openMS != int64(6.5*60*60*1000):
				t.Errorf("%s: open for %d ms", dateOf(day), openMS)
			}
		}
		if got := strings.Join(closed, " "); got != test.closed {
			t.Errorf("%d: closed on %s\nwant      %s", test.year, got, test.closed)
		}
		if got := strings.Join(early, " "); got != test.early {
			t.Errorf("%d: early close on %s, want %s", test.year, got, test.early)
		}
	}
}

func TestAlwaysAndNeverHoldForAllTime(t *testing.T) {
	for kind, want := range map[HoursKind]bool{Always: true, Never: false} {
		s, err := NewSchedule(Hours{Kind: kind}, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, ms := range []int64{math.MinInt64, -1, 0, 1_700_000_000_000, math.MaxInt64 - 1} {
			if open, until := s.At(ms); open != want || until != math.MaxInt64 {
				t.Errorf("%s at %d: open %v until %d", kind, ms, open, until)
			}
		}
		length := map[bool]int64{true: 70, false: 0}[want]
		if got := s.OpenMS(30, 100); got != length {
			t.Errorf("%s: open for %d ms of [30, 100), want %d", kind, got, length)
		}
		var total int64
		for a, b := range s.Sessions(30, 100) {
			total += b - a
		}
		if total != length {
			t.Errorf("%s: sessions of %d ms in [30, 100), want %d", kind, total, length)
		}
	}
}

func TestScheduleCoversAYearOnBothSides(t *testing.T) {
	s := newTestSchedule(t, ForexHours(), "2025-01-01", "2025-12-31")
	first, end := s.Covers()
	if first > at(t, "2024-01-01T00:00:00Z") || end < at(t, "2026-12-31T00:00:00Z") {
		t.Errorf("covers [%d, %d)", first, end)
	}
	// The cover starts on a Sunday at 19:00 in New York and ends on a Thursday
	// at 19:00; a holiday follows each. What lies past the cover still bounds
	// the answers within.
	if open, until := s.At(first); !open || until != at(t, "2024-01-01T00:00:00-05:00") {
		t.Errorf("at the start of the cover: open %v until %d", open, until)
	}
	if open, until := s.At(end - 1); !open || until != at(t, "2027-01-01T00:00:00-05:00") {
		t.Errorf("at the end of the cover: open %v until %d", open, until)
	}
	for name, ask := range map[string]func(){
		"At before":      func() { s.At(first - 1) },
		"At after":       func() { s.At(end) },
		"Open after":     func() { s.Open(end) },
		"OpenMS after":   func() { s.OpenMS(first, end+1) },
		"Sessions after": func() { s.Sessions(first, end+1)(func(int64, int64) bool { return false }) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s the cover: no panic", name)
				}
			}()
			ask()
		}()
	}
	if got := s.OpenMS(first, end); got <= 0 {
		t.Errorf("open for %d ms of the whole cover", got)
	}
}

func TestNewScheduleRefusesARangeThatCannotBeMeant(t *testing.T) {
	now := at(t, "2025-06-01T00:00:00Z")
	for name, r := range map[string][2]int64{
		"backwards":    {now, now - 1},
		"microseconds": {now * 1000, now * 1000},
		"before 1970":  {-400 * dayMS, now},
		"all time":     {math.MinInt64, math.MaxInt64},
	} {
		if _, err := NewSchedule(ForexHours(), r[0], r[1]); err == nil || !strings.Contains(err.Error(), "market hours: ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// testSchedules are schedules of several shapes over the same years.
func testSchedules(t testing.TB) map[string]*Schedule {
	allDay := []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	closed := []Holiday{{Day: ChristmasDay}, {Day: July4}}
	hours := map[string]Hours{
		"forex":           ForexHours(),
		"equities":        EquitiesHours(),
		"midnight to end": {Kind: Sessions, Zone: "Asia/Tokyo", Open: "00:00", Close: "24:00", Weekdays: allDay, Holidays: closed},
		"whole week":      {Kind: Weekly, Zone: "Europe/London", Open: "sunday 00:00", Close: "saturday 24:00", Holidays: closed},
		"within a day":    {Kind: Weekly, Zone: "Australia/Sydney", Open: "monday 09:00", Close: "monday 10:00"},
		"but one hour":    {Kind: Weekly, Zone: "UTC", Open: "wednesday 10:00", Close: "wednesday 09:00", Holidays: closed},
		"always":          {Kind: Always},
		"never":           {Kind: Never},
	}
	schedules := map[string]*Schedule{}
	for name, h := range hours {
		schedules[name] = newTestSchedule(t, h, "2024-01-01", "2025-01-01")
	}
	return schedules
}

// What every schedule must hold, whatever its hours.
func TestAnswersOfAScheduleAgree(t *testing.T) {
	for name, s := range testSchedules(t) {
		t.Run(name, func(t *testing.T) {
			if !slices.IsSorted(s.edges) || len(slices.Compact(slices.Clone(s.edges))) != len(s.edges) {
				t.Fatal("edges do not ascend strictly")
			}
			rapid.Check(t, func(t *rapid.T) { checkAgreement(t, s) })
		})
	}
}

func checkAgreement(t *rapid.T, s *Schedule) {
	const first, end = 1_680_000_000_000, 1_760_000_000_000 // within every cover
	instant := rapid.Int64Range(first, end)
	for _, ms := range rapid.SliceOfN(instant, 1, 20).Draw(t, "asked") {
		open, until := s.At(ms)
		if until <= ms || (until < end && (s.Open(until) == open || s.Open(until-1) != open)) {
			t.Fatalf("at %d: %v until %d, which is no change", ms, open, until)
		}
		same, since := s.Since(ms)
		if same != open || since > ms || since > first && (s.Open(since) != open || s.Open(since-1) == open) {
			t.Fatalf("at %d: %v since %d, which is no change", ms, same, since)
		}
	}

	// Open time by walking from change to change.
	a, b := instant.Draw(t, "a"), instant.Draw(t, "b")
	var walked int64
	for ms := a; ms < b; {
		open, until := s.At(ms)
		if open {
			walked += min(until, b) - ms
		}
		ms = min(until, b)
	}
	if got := s.OpenMS(a, b); got != walked {
		t.Fatalf("OpenMS(%d, %d) = %d, walked %d", a, b, got, walked)
	}
	var total int64
	last := a
	for from, to := range s.Sessions(a, b) {
		if from < last || to <= from || to > b || !s.Open(from) || !s.Open(to-1) {
			t.Fatalf("session [%d, %d) in [%d, %d)", from, to, a, b)
		}
		total, last = total+to-from, to
	}
	if total != walked {
		t.Fatalf("sessions of [%d, %d) are %d ms, walked %d", a, b, total, walked)
	}
}

func FuzzHours(f *testing.F) {
	f.Add("weekly", "America/New_York", "sunday 17:00", "friday 17:00", "monday", "2025-01-09", "", "new_years_day", "nearest")
	f.Add("sessions", "America/New_York", "09:30", "16:00", "friday", "2001-09-11", "13:00", "christmas_day", "forward")
	f.Add("sessions", "UTC", "00:00", "24:00", "sunday", "2024-02-29", "00:01", "easter_monday", "")
	f.Fuzz(func(t *testing.T, kind, zone, open, close, weekday, date, early, day, observed string) {
		h := Hours{Kind: HoursKind(kind), Zone: zone, Open: open, Close: close, Weekdays: []string{weekday},
			ClosedDates: []string{date}, EarlyClose: early, EarlyDays: []EarlyDay{{Day: NamedDay(day)}},
			Holidays: []Holiday{{Day: NamedDay(day), Observed: Observance(observed)}}}
		s, err := NewSchedule(h, 1_700_000_000_000, 1_700_000_000_000)
		if (err == nil) != (h.Validate() == nil) {
			t.Fatalf("NewSchedule: %v, Validate: %v", err, h.Validate())
		}
		if err != nil {
			return
		}
		for i := 1; i < len(s.edges); i++ {
			if s.edges[i] <= s.edges[i-1] {
				t.Fatalf("%+v: edges %d and %d do not ascend", h, i-1, i)
			}
		}
	})
}

func BenchmarkSchedule(b *testing.B) {
	s := newTestSchedule(b, EquitiesHours(), "2025-01-01", "2025-12-31")
	const minute = 60_000
	start := at(b, "2025-01-01T00:00:00Z")
	tick := func(i int) int64 { return start + int64(i%525_600)*minute }
	opens := 0
	b.Run("At", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if open, _ := s.At(tick(i)); open {
				opens++
			}
		}
	})
	b.Run("AtScattered", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if open, _ := s.At(tick(i * 104_729)); open { // a prime step
				opens++
			}
		}
	})
	b.Run("OpenMS", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			opens += int(s.OpenMS(tick(i), tick(i)+12*60*minute))
		}
	})
	b.Run("NewSchedule", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := NewSchedule(EquitiesHours(), start, start); err != nil {
				b.Fatal(err)
			}
		}
	})
}
