package market

import (
	"strings"
	"testing"
	"time"
)

func TestHoursOfTheRulesAreValid(t *testing.T) {
	for name, h := range map[string]Hours{
		"forex":    ForexHours(),
		"equities": EquitiesHours(),
		"always":   {Kind: Always},
		"never":    {Kind: Never},
		// Fields of another kind are left alone.
		"overridden": {Kind: Always, Zone: "Mars/Olympus", Open: "soon", Holidays: []Holiday{{Day: "someday"}}},
	} {
		if err := h.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValidateNamesTheFieldAndWhatWasFound(t *testing.T) {
	weekly := func(change func(*Hours)) Hours { h := ForexHours(); change(&h); return h }
	sessions := func(change func(*Hours)) Hours { h := EquitiesHours(); change(&h); return h }
	tests := []struct {
		name  string
		hours Hours
		want  []string
	}{
		{"no kind", Hours{}, []string{`kind: found ""`, "always, never, weekly or sessions"}},
		{"unknown kind", Hours{Kind: "daily"}, []string{`kind: found "daily"`}},
		{"unknown zone", weekly(func(h *Hours) { h.Zone = "America/Gotham" }), []string{`zone: found "America/Gotham"`, "America/New_York"}},
		{"no zone", weekly(func(h *Hours) { h.Zone = "" }), []string{`zone: found ""`}},
		{"zone outside the built-in ones", weekly(func(h *Hours) { h.Zone = "../zone.go" }), []string{"zone: found"}},
		{"the machine's zone", weekly(func(h *Hours) { h.Zone = "Local" }), []string{`zone: found "Local"`}},
		{"weekly time without a day", weekly(func(h *Hours) { h.Open = "17:00" }), []string{`open: found "17:00"`, "sunday 17:00"}},
		{"weekday in capitals", weekly(func(h *Hours) { h.Close = "Friday 17:00" }), []string{`close: found "Friday 17:00"`}},
		{"week of no length", weekly(func(h *Hours) { h.Close = h.Open }), []string{"the same as open"}},
		{"hour of one digit", sessions(func(h *Hours) { h.Open = "9:30" }), []string{`open: found "9:30"`}},
		{"minute 60", sessions(func(h *Hours) { h.Open = "09:60" }), []string{`open: found "09:60"`}},
		{"after the day's end", sessions(func(h *Hours) { h.Close = "24:01" }), []string{`close: found "24:01"`}},
		{"signed hour", sessions(func(h *Hours) { h.Open = "+9:30" }), []string{`open: found "+9:30"`}},
		{"session over midnight", sessions(func(h *Hours) { h.Open = "22:00" }), []string{"close: found", "after open"}},
		{"no weekdays", sessions(func(h *Hours) { h.Weekdays = nil }), []string{"weekdays: found none"}},
		{"unknown weekday", sessions(func(h *Hours) { h.Weekdays[1] = "tue" }), []string{`weekdays: found "tue"`}},
		{"unknown holiday", weekly(func(h *Hours) { h.Holidays[2].Day = "pancake_day" }), []string{`holidays[2].day: found "pancake_day"`, "good_friday"}},
		{"unknown observance", weekly(func(h *Hours) { h.Holidays[0].Observed = "often" }), []string{`holidays[0].observed: found "often"`}},
		{"years backwards", weekly(func(h *Hours) { h.Holidays[0].FirstYear, h.Holidays[0].LastYear = 2022, 2021 }), []string{"holidays[0]: found first_year 2022 and last_year 2021"}},
		{"date that does not exist", sessions(func(h *Hours) { h.ClosedDates[3] = "2025-02-29" }), []string{`closed_dates[3]: found "2025-02-29"`}},
		{"early close missing", sessions(func(h *Hours) { h.EarlyClose = "" }), []string{`early_close: found ""`}},
		{"early close late", sessions(func(h *Hours) { h.EarlyClose = "16:00" }), []string{`early_close: found "16:00"`, "between"}},
		{"unknown early day", sessions(func(h *Hours) { h.EarlyDays[0].Day = "" }), []string{`early_days[0].day: found ""`}},
		{"unknown early weekday", sessions(func(h *Hours) { h.EarlyDays[1].Weekdays = []string{"fri"} }), []string{`early_days[1].weekdays: found "fri"`}},
		{"two errors at once", weekly(func(h *Hours) { h.Zone, h.Open = "", "" }), []string{"zone: found", "open: found"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.hours.Validate()
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if _, err := NewSchedule(test.hours, 0, 0); err == nil {
				t.Error("NewSchedule accepts what Validate refuses")
			}
		})
	}
}

func TestTradingDayIsTheUTCDateButSundayIsMonday(t *testing.T) {
	tests := []struct {
		name  string
		hours Hours
		at    string
		want  string
	}{
		{"crypto on Sunday", Hours{Kind: Always}, "2025-03-02T23:59:59Z", "2025-03-02"},
		{"equities", EquitiesHours(), "2025-03-04T14:30:00Z", "2025-03-04"},
		{"forex on Sunday evening", ForexHours(), "2025-03-02T22:00:00Z", "2025-03-03"},
		{"forex on Sunday's last instant", ForexHours(), "2025-03-02T23:59:59.999Z", "2025-03-03"},
		{"forex on Monday", ForexHours(), "2025-03-03T00:00:00Z", "2025-03-03"},
		{"forex on Friday", ForexHours(), "2025-03-07T21:59:59Z", "2025-03-07"},
		{"week that opens on Monday", Hours{Kind: Weekly, Open: "monday 07:00"}, "2025-03-03T12:00:00Z", "2025-03-04"},
		{"before the epoch", Hours{Kind: Always}, "1969-12-31T23:59:59.999Z", "1969-12-31"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			day := test.hours.TradingDay(at(t, test.at))
			if got := time.Unix(day*86400, 0).UTC().Format(time.DateOnly); got != test.want {
				t.Errorf("trading day of %s is %s, want %s", test.at, got, test.want)
			}
		})
	}
}

func TestEveryBuiltInZoneLoads(t *testing.T) {
	names := zoneNames()
	if len(names) == 0 {
		t.Fatal("no built-in zones")
	}
	for _, name := range names {
		if zone, err := LoadZone(name); err != nil || zone.String() != name {
			t.Errorf("zone %s: %v, %v", name, zone, err)
		}
	}
}

// at parses an instant.
func at(t testing.TB, text string) int64 {
	t.Helper()
	instant, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return instant.UnixMilli()
}
