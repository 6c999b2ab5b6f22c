package market

import (
	"slices"
	"testing"
	"time"
)

func dateOf(day int64) string { return time.Unix(day*86400, 0).UTC().Format(time.DateOnly) }

// Dates of Easter from church calendars, among them the extremes (March 22 and
// April 25) and both corrections of the lunar month (1954 and 1981, 2049 and 2076).
func TestEasterSundayIsTheChurchesDate(t *testing.T) {
	for _, want := range []string{
		"1818-03-22", "1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23",
		"2004-04-11", "2008-03-23", "2011-04-24", "2016-03-27", "2019-04-21",
		"2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20",
		"2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21",
		"2038-04-25", "2049-04-18", "2076-04-19",
	} {
		date, _ := time.Parse(time.DateOnly, want)
		if got := dateOf(easterSunday(date.Year())); got != want {
			t.Errorf("Easter Sunday is %s, want %s", got, want)
		}
	}
}

func TestNamedDaysFallOnTheirDates(t *testing.T) {
	tests := []struct {
		day  NamedDay
		year int
		want string
	}{
		{NewYearsDay, 2025, "2025-01-01"},
		{ThirdMondayOfJanuary, 2024, "2024-01-15"}, // the earliest
		{ThirdMondayOfJanuary, 2019, "2019-01-21"}, // the latest
		{ThirdMondayOfFebruary, 2025, "2025-02-17"},
		{GoodFriday, 2024, "2024-03-29"},
		{EasterMonday, 2024, "2024-04-01"},
		{LastMondayOfMay, 2021, "2021-05-31"},
		{LastMondayOfMay, 2026, "2026-05-25"},
		{June19, 2022, "2022-06-19"},
		{July3, 2025, "2025-07-03"},
		{July4, 2025, "2025-07-04"},
		{July5, 2002, "2002-07-05"},
		{FirstMondayOfSeptember, 2025, "2025-09-01"},
		{FirstMondayOfSeptember, 2026, "2026-09-07"},
		{FourthThursdayOfNovember, 2018, "2018-11-22"},
		{FourthThursdayOfNovember, 2019, "2019-11-28"},
		{DayAfterFourthThursdayOfNovember, 2019, "2019-11-29"},
		{December24, 2024, "2024-12-24"},
		{ChristmasDay, 2024, "2024-12-25"},
		{BoxingDay, 2024, "2024-12-26"},
	}
	var tested []NamedDay
	for _, test := range tests {
		if got := dateOf(test.day.in(test.year)); got != test.want {
			t.Errorf("%s in %d is %s, want %s", test.day, test.year, got, test.want)
		}
		tested = append(tested, test.day)
	}
	for _, day := range NamedDays() {
		if !slices.Contains(tested, day) {
			t.Errorf("%s has no case", day)
		}
	}
}

func TestHolidaysMoveByTheirObservance(t *testing.T) {
	tests := []struct {
		name    string
		holiday Holiday
		year    int
		want    string // empty: not that year
	}{
		{"Saturday to Friday of the year before", Holiday{Day: NewYearsDay, Observed: Nearest}, 2022, "2021-12-31"},
		{"Sunday to Monday", Holiday{Day: NewYearsDay, Observed: Nearest}, 2023, "2023-01-02"},
		{"weekday stays", Holiday{Day: NewYearsDay, Observed: Nearest}, 2025, "2025-01-01"},
		{"forward leaves Saturday", Holiday{Day: NewYearsDay, Observed: Forward}, 2022, "2022-01-01"},
		{"forward moves Sunday", Holiday{Day: NewYearsDay, Observed: Forward}, 2023, "2023-01-02"},
		{"exact leaves Sunday", Holiday{Day: NewYearsDay, Observed: Exact}, 2023, "2023-01-01"},
		{"none is exact", Holiday{Day: NewYearsDay}, 2023, "2023-01-01"},
		{"before its first year", Holiday{Day: June19, Observed: Nearest, FirstYear: 2022}, 2021, ""},
		{"its first year", Holiday{Day: June19, Observed: Nearest, FirstYear: 2022}, 2022, "2022-06-20"},
		{"its last year", Holiday{Day: July5, LastYear: 2012}, 2012, "2012-07-05"},
		{"after its last year", Holiday{Day: July5, LastYear: 2012}, 2013, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			day, ok := test.holiday.in(test.year)
			if ok != (test.want != "") || ok && dateOf(day) != test.want {
				t.Errorf("observed on %s (%v), want %q", dateOf(day), ok, test.want)
			}
		})
	}
}
