package script

import (
	"fmt"
	"time"

	"go.starlark.net/starlark"
)

// utc reads an instant, UTC ms, as a moment of the calendar.
func utc(moments *class[time.Time]) function {
	return func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var ms int64
		if err := starlark.UnpackArgs("utc", args, kwargs, "ms", &ms); err != nil {
			return nil, err
		}
		return &moment{object[time.Time]{class: moments, self: time.UnixMilli(ms).UTC()}}, nil
	}
}

// moment is an instant in the calendar of UTC.
type moment struct{ object[time.Time] }

// String implements starlark.Value.
func (m *moment) String() string { return stamp(m.self.UnixMilli()) }

func newMomentClass() *class[time.Time] {
	whole := func(get func(time.Time) int) attribute[time.Time] {
		return func(t time.Time) (starlark.Value, error) { return starlark.MakeInt(get(t)), nil }
	}
	return newClass("moment", map[string]attribute[time.Time]{
		"year": whole(time.Time.Year), "month": whole(func(t time.Time) int { return int(t.Month()) }), "day": whole(time.Time.Day),
		"hour": whole(time.Time.Hour), "minute": whole(time.Time.Minute), "second": whole(time.Time.Second),
		"weekday": whole(func(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }), // as in Python: 0 is Monday
		"yearday": whole(time.Time.YearDay),
		"ms":      func(t time.Time) (starlark.Value, error) { return starlark.MakeInt64(t.UnixMilli()), nil },
	})
}

// parseTime reads "2025-03-03", "2025-03-03T14:30:00Z" or with another offset.
func parseTime(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var text string
	if err := starlark.UnpackArgs("parse_time", args, kwargs, "text", &text); err != nil {
		return nil, err
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return starlark.MakeInt64(t.UnixMilli()), nil
		}
	}
	return nil, fmt.Errorf("parse_time: found %.40q; expected a day such as 2025-03-03, or a time such as 2025-03-03T14:30:00Z", text)
}

// duration reads "5m", "1h" or "1d" as milliseconds.
func duration(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var d durationArg
	if err := starlark.UnpackArgs("duration", args, kwargs, "text", &d); err != nil {
		return nil, err
	}
	return starlark.MakeInt64(int64(d)), nil
}

// stamp writes an instant for a person.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00") }
