package market

import (
	"slices"
	"time"
)

// NamedDay is a day that comes once a year and that a market's hours can name
// as a holiday or as a day of early close. Rules §3.
type NamedDay string

// The named days. Each is one piece of date arithmetic; the name says which.
const (
	NewYearsDay                      NamedDay = "new_years_day" // January 1
	ThirdMondayOfJanuary             NamedDay = "third_monday_of_january"
	ThirdMondayOfFebruary            NamedDay = "third_monday_of_february"
	GoodFriday                       NamedDay = "good_friday"   // two days before Easter Sunday
	EasterMonday                     NamedDay = "easter_monday" // the day after Easter Sunday
	LastMondayOfMay                  NamedDay = "last_monday_of_may"
	June19                           NamedDay = "june_19"
	July3                            NamedDay = "july_3"
	July4                            NamedDay = "july_4"
	July5                            NamedDay = "july_5"
	FirstMondayOfSeptember           NamedDay = "first_monday_of_september"
	FourthThursdayOfNovember         NamedDay = "fourth_thursday_of_november"
	DayAfterFourthThursdayOfNovember NamedDay = "day_after_fourth_thursday_of_november"
	December24                       NamedDay = "december_24"
	ChristmasDay                     NamedDay = "christmas_day" // December 25
	BoxingDay                        NamedDay = "boxing_day"    // December 26
)

// NamedDays lists every named day in the order of the year.
func NamedDays() []NamedDay {
	return []NamedDay{
		NewYearsDay, ThirdMondayOfJanuary, ThirdMondayOfFebruary, GoodFriday,
		EasterMonday, LastMondayOfMay, June19, July3, July4, July5,
		FirstMondayOfSeptember, FourthThursdayOfNovember,
		DayAfterFourthThursdayOfNovember, December24, ChristmasDay, BoxingDay,
	}
}

// in returns the date of the day in a year, as days since the epoch.
// It panics on a name that Hours.Validate refuses.
func (d NamedDay) in(year int) int64 {
	switch d {
	case NewYearsDay:
		return civil(year, time.January, 1)
	case ThirdMondayOfJanuary:
		return firstOnOrAfter(civil(year, time.January, 15), time.Monday)
	case ThirdMondayOfFebruary:
		return firstOnOrAfter(civil(year, time.February, 15), time.Monday)
	case GoodFriday:
		return easterSunday(year) - 2
	case EasterMonday:
		return easterSunday(year) + 1
	case LastMondayOfMay:
		return firstOnOrAfter(civil(year, time.May, 25), time.Monday)
	case June19:
		return civil(year, time.June, 19)
	case July3:
		return civil(year, time.July, 3)
	case July4:
		return civil(year, time.July, 4)
	case July5:
		return civil(year, time.July, 5)
	case FirstMondayOfSeptember:
		return firstOnOrAfter(civil(year, time.September, 1), time.Monday)
	case FourthThursdayOfNovember:
		return firstOnOrAfter(civil(year, time.November, 22), time.Thursday)
	case DayAfterFourthThursdayOfNovember:
		return firstOnOrAfter(civil(year, time.November, 22), time.Thursday) + 1
	case December24:
		return civil(year, time.December, 24)
	case ChristmasDay:
		return civil(year, time.December, 25)
	case BoxingDay:
		return civil(year, time.December, 26)
	}
	panic("market: no such named day: " + string(d))
}

// in returns the date on which the holiday of a year is observed, as days
// since the epoch; false if that year does not have the holiday. New Year's
// Day can be observed in the year before.
func (h Holiday) in(year int) (int64, bool) {
	if !withinYears(year, h.FirstYear, h.LastYear) {
		return 0, false
	}
	day := h.Day.in(year)
	switch weekday := weekdayOf(day); {
	case weekday == time.Saturday && h.Observed == Nearest:
		day--
	case weekday == time.Sunday && (h.Observed == Nearest || h.Observed == Forward):
		day++
	}
	return day, true
}

// in returns the date of the rule's day in a year, as days since the epoch;
// false if that year does not have it.
func (r earlyRule) in(year int) (int64, bool) {
	day := r.Day.in(year)
	fits := len(r.Weekdays) == 0 || r.weekdays[weekdayOf(day)]
	return day, fits && withinYears(year, r.FirstYear, r.LastYear)
}

func withinYears(year, first, last int) bool {
	return year >= first && (last == 0 || year <= last)
}

// closedDays returns the dates on which the market is closed by holiday or by
// name, observed in the years from to to, both included: sorted days since the
// epoch.
func (p *plan) closedDays(from, to int) []int64 {
	days := slices.Clone(p.closed)
	for year := from; year <= to+1; year++ { // +1: a New Year observed in December
		for _, h := range p.holidays {
			if day, ok := h.in(year); ok {
				days = append(days, day)
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// earlyDays returns the dates of early close in the years from to to, both
// included: sorted days since the epoch.
func (p *plan) earlyDays(from, to int) []int64 {
	var days []int64
	for year := from; year <= to; year++ {
		for _, r := range p.days {
			if day, ok := r.in(year); ok {
				days = append(days, day)
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// easterSunday returns the date of the western Easter, as days since the
// epoch: the Sunday after the first ecclesiastical full moon on or after
// March 21 of the Gregorian calendar.
func easterSunday(year int) int64 {
	century := year / 100
	golden := year % 19 // the year's place in the 19-year cycle of the moon
	// The moon's age at the start of the year, after the century's solar
	// (leap days left out) and lunar (the cycle's drift) corrections.
	epact := (19*golden + century - century/4 - (8*century+13)/25 + 15) % 30
	// Days from March 21 to the full moon. The two corrections keep the
	// lunar month to 29 days and no date twice within the cycle.
	moon := epact
	if epact == 29 || (epact == 28 && golden > 10) {
		moon--
	}
	return firstOnOrAfter(civil(year, time.March, 22)+int64(moon), time.Sunday)
}

// firstOnOrAfter returns the first date from day on that falls on the weekday.
func firstOnOrAfter(day int64, weekday time.Weekday) int64 {
	return day + (int64(weekday-weekdayOf(day))+7)%7
}
