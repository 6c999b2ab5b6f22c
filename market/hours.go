package market

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours says when a market is open, as plain data that a rule file carries.
// Rules §3. A Schedule is what answers questions about it.
//
// Clocks are "HH:MM", dates "YYYY-MM-DD", weekdays lower-case English names;
// all are local to Zone. Which fields matter depends on Kind; the others are
// neither read nor validated, so a rule file can override the kind alone.
type Hours struct {
	Kind HoursKind `yaml:"kind"`

	// Zone is the IANA name of the market's time zone. Weekly and Sessions.
	Zone string `yaml:"zone,omitempty"`
	// Open is the first instant that is open: "sunday 17:00" for Weekly,
	// "09:30" for Sessions.
	Open string `yaml:"open,omitempty"`
	// Close is the first instant that is closed again: "friday 17:00" for
	// Weekly, "16:00" for Sessions.
	Close string `yaml:"close,omitempty"`
	// Weekdays are the days that have a session. Sessions only.
	Weekdays []string `yaml:"weekdays,omitempty"`

	// Holidays are closed from local midnight to local midnight.
	// Weekly and Sessions.
	Holidays []Holiday `yaml:"holidays,omitempty"`
	// ClosedDates are closed like holidays. Weekly and Sessions.
	ClosedDates []string `yaml:"closed_dates,omitempty"`

	// EarlyClose takes the place of Close on EarlyDays. Sessions only; needed
	// only where there are EarlyDays.
	EarlyClose string `yaml:"early_close,omitempty"`
	// EarlyDays are the days that close early. On a holiday there is no
	// session to shorten.
	EarlyDays []EarlyDay `yaml:"early_days,omitempty"`
}

// HoursKind is the shape of a market's hours.
type HoursKind string

// The kinds of hours.
const (
	Always   HoursKind = "always"   // open at every instant: crypto
	Never    HoursKind = "never"    // closed at every instant: a halted class
	Weekly   HoursKind = "weekly"   // open from one instant of the week to another: forex
	Sessions HoursKind = "sessions" // open for one session a day: equities
)

// Holiday is a day of the year on which a market stays closed.
type Holiday struct {
	Day      NamedDay   `yaml:"day"`
	Observed Observance `yaml:"observed,omitempty"`
	// FirstYear and LastYear bound the years that have the holiday, both
	// included; 0 is unbounded.
	FirstYear int `yaml:"first_year,omitempty"`
	LastYear  int `yaml:"last_year,omitempty"`
}

// Observance says where a holiday goes that falls on a weekend.
type Observance string

// The observances. The empty one is Exact.
const (
	Exact   Observance = "exact"   // stays on its date
	Nearest Observance = "nearest" // Saturday moves to Friday, Sunday to Monday
	Forward Observance = "forward" // Sunday moves to Monday; Saturday stays
)

// EarlyDay is a day of the year on which a session ends early.
type EarlyDay struct {
	Day NamedDay `yaml:"day"`
	// Weekdays restricts the rule to years in which the day falls on one of
	// them; empty is any weekday.
	Weekdays  []string `yaml:"weekdays,omitempty"`
	FirstYear int      `yaml:"first_year,omitempty"` // as in Holiday
	LastYear  int      `yaml:"last_year,omitempty"`
}

// ForexHours returns the hours of forex and metals in Rules §3.
func ForexHours() Hours {
	return Hours{
		Kind:  Weekly,
		Zone:  "America/New_York",
		Open:  "sunday 17:00",
		Close: "friday 17:00",
		Holidays: []Holiday{
			{Day: NewYearsDay, Observed: Nearest},
			{Day: GoodFriday},
			{Day: EasterMonday},
			{Day: ChristmasDay, Observed: Nearest},
			{Day: BoxingDay, Observed: Nearest},
		},
	}
}

// EquitiesHours returns the hours of the Nasdaq and the NYSE in Rules §3.
func EquitiesHours() Hours {
	return Hours{
		Kind:     Sessions,
		Zone:     "America/New_York",
		Open:     "09:30",
		Close:    "16:00",
		Weekdays: []string{"monday", "tuesday", "wednesday", "thursday", "friday"},
		Holidays: []Holiday{
			{Day: NewYearsDay, Observed: Forward},
			{Day: ThirdMondayOfJanuary},
			{Day: ThirdMondayOfFebruary},
			{Day: GoodFriday},
			{Day: LastMondayOfMay},
			{Day: June19, Observed: Nearest, FirstYear: 2022},
			{Day: July4, Observed: Nearest},
			{Day: FirstMondayOfSeptember},
			{Day: FourthThursdayOfNovember},
			{Day: ChristmasDay, Observed: Nearest},
		},
		ClosedDates: []string{
			"2001-09-11", "2001-09-12", "2001-09-13", "2001-09-14",
			"2004-06-11", "2007-01-02", "2012-10-29", "2012-10-30",
			"2018-12-05", "2025-01-09",
		},
		EarlyClose: "13:00",
		EarlyDays: []EarlyDay{
			{Day: DayAfterFourthThursdayOfNovember},
			{Day: December24, Weekdays: []string{"monday", "tuesday", "wednesday", "thursday"}},
			{Day: July3, Weekdays: []string{"monday", "tuesday", "thursday"}},
			{Day: July3, Weekdays: []string{"wednesday"}, FirstYear: 2013},
			{Day: July5, Weekdays: []string{"friday"}, LastYear: 2012},
		},
	}
}

// Validate reports everything that is wrong with the hours, naming the field,
// what was found and what is allowed; nil if they make a schedule.
func (h Hours) Validate() error {
	_, err := h.parse()
	return err
}

// TradingDay returns the number of the trading day that an instant belongs to,
// in days since 1970-01-01: the instant's UTC date. The day on which a weekly
// market opens (Sunday, for the few hours before midnight) is no day of its
// own: its hours belong to the next. Rules §7 averages over such days.
//
// It numbers instants, open or not; a day with no candle is no trading day.
func (h Hours) TradingDay(ms int64) int64 {
	day := dayOf(ms)
	if h.Kind != Weekly {
		return day
	}
	name, _, _ := strings.Cut(h.Open, " ")
	if opens, ok := parseWeekday(name); ok && weekdayOf(day) == opens {
		day++
	}
	return day
}

// plan is Hours with its texts parsed.
type plan struct {
	zone *time.Location

	openDay, closeDay time.Weekday // Weekly
	open, close       int          // minutes after local midnight
	early             int          // the same, Sessions with early days

	weekdays [7]bool // Sessions
	holidays []Holiday
	closed   []int64 // days since the epoch
	days     []earlyRule
}

type earlyRule struct {
	EarlyDay
	weekdays [7]bool
}

// parse returns the plan of the hours, or every error in them.
func (h Hours) parse() (plan, error) {
	var p plan
	var errs problems
	switch h.Kind {
	case Always, Never:
		return p, nil
	case Weekly:
		p.openDay, p.open = errs.weekTime("open", h.Open)
		p.closeDay, p.close = errs.weekTime("close", h.Close)
		if len(errs) == 0 && p.openDay == p.closeDay && p.open == p.close {
			errs.add("close: found %q, the same as open; expected another instant of the week, or kind: always", h.Close)
		}
	case Sessions:
		h.parseSessions(&p, &errs)
	default:
		errs.add("kind: found %q, expected always, never, weekly or sessions", h.Kind)
		return p, errs.join()
	}

	var err error
	if p.zone, err = LoadZone(h.Zone); err != nil {
		errs.add("zone: %w", err)
	}
	for i, holiday := range h.Holidays {
		errs.holiday(fmt.Sprintf("holidays[%d]", i), holiday)
	}
	p.holidays = h.Holidays
	for i, text := range h.ClosedDates {
		p.closed = append(p.closed, errs.date(fmt.Sprintf("closed_dates[%d]", i), text))
	}
	return p, errs.join()
}

func (h Hours) parseSessions(p *plan, errs *problems) {
	p.open = errs.clock("open", h.Open)
	p.close = errs.clock("close", h.Close)
	if len(*errs) == 0 && p.close <= p.open {
		errs.add("close: found %q, expected a time after open (%q): a session ends on the day it starts", h.Close, h.Open)
	}
	if len(h.Weekdays) == 0 {
		errs.add("weekdays: found none, expected the days that have a session, such as [monday, tuesday]")
	}
	p.weekdays = errs.weekdays("weekdays", h.Weekdays)

	if len(h.EarlyDays) == 0 {
		return
	}
	p.early = errs.clock("early_close", h.EarlyClose)
	if len(*errs) == 0 && (p.early <= p.open || p.early >= p.close) {
		errs.add("early_close: found %q, expected a time between open (%q) and close (%q)", h.EarlyClose, h.Open, h.Close)
	}
	for i, day := range h.EarlyDays {
		field := fmt.Sprintf("early_days[%d]", i)
		errs.day(field, day.Day, day.FirstYear, day.LastYear)
		p.days = append(p.days, earlyRule{day, errs.weekdays(field+".weekdays", day.Weekdays)})
	}
}

// problems gathers what is wrong with the fields of Hours.
type problems []error

func (e *problems) add(format string, args ...any) {
	*e = append(*e, fmt.Errorf(format, args...))
}

func (e problems) join() error { return errors.Join(e...) }

func (e *problems) clock(field, text string) int {
	minutes, ok := parseClock(text)
	if !ok {
		e.add("%s: found %q, expected a time of day such as \"09:30\"", field, text)
	}
	return minutes
}

func (e *problems) weekTime(field, text string) (time.Weekday, int) {
	name, clock, _ := strings.Cut(text, " ")
	day, okDay := parseWeekday(name)
	minutes, okClock := parseClock(clock)
	if !okDay || !okClock {
		e.add("%s: found %q, expected a weekday and a time of day such as \"sunday 17:00\"", field, text)
	}
	return day, minutes
}

func (e *problems) weekdays(field string, names []string) (set [7]bool) {
	for _, name := range names {
		day, ok := parseWeekday(name)
		if !ok {
			e.add("%s: found %q, expected a weekday such as \"monday\"", field, name)
			continue
		}
		set[day] = true
	}
	return set
}

func (e *problems) date(field, text string) int64 {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		e.add("%s: found %q, expected a date such as \"2025-01-09\"", field, text)
	}
	return dayOf(t.UnixMilli())
}

func (e *problems) holiday(field string, h Holiday) {
	e.day(field, h.Day, h.FirstYear, h.LastYear)
	if !slices.Contains([]Observance{"", Exact, Nearest, Forward}, h.Observed) {
		e.add("%s.observed: found %q, expected exact, nearest or forward", field, h.Observed)
	}
}

func (e *problems) day(field string, d NamedDay, firstYear, lastYear int) {
	if !slices.Contains(NamedDays(), d) {
		e.add("%s.day: found %q, expected one of %v", field, d, NamedDays())
	}
	if firstYear < 0 || lastYear < 0 || (lastYear != 0 && firstYear > lastYear) {
		e.add("%s: found first_year %d and last_year %d, expected years in ascending order, 0 for unbounded", field, firstYear, lastYear)
	}
}

// parseClock reads "HH:MM" as minutes after midnight; "24:00" is the day's end.
func parseClock(text string) (minutes int, ok bool) {
	if len(text) != len("HH:MM") || text[2] != ':' {
		return 0, false
	}
	h, errH := strconv.ParseUint(text[:2], 10, 8)
	m, errM := strconv.ParseUint(text[3:], 10, 8)
	minutes = int(h)*60 + int(m)
	if errH != nil || errM != nil || m > 59 || minutes > 24*60 {
		return 0, false
	}
	return minutes, true
}

func parseWeekday(name string) (time.Weekday, bool) {
	switch name {
	case "sunday":
		return time.Sunday, true
	case "monday":
		return time.Monday, true
	case "tuesday":
		return time.Tuesday, true
	case "wednesday":
		return time.Wednesday, true
	case "thursday":
		return time.Thursday, true
	case "friday":
		return time.Friday, true
	case "saturday":
		return time.Saturday, true
	}
	return 0, false
}
