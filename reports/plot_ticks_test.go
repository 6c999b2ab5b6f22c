package reports

import (
	"strings"
	"testing"
	"time"
)

func utc(t *testing.T, text string) int64 {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

// labels writes ticks as "label" or "label/below".
func labels(ticks []tick) string {
	var list []string
	for _, k := range ticks {
		if k.below != "" {
			k.label += "/" + k.below
		}
		list = append(list, k.label)
	}
	return strings.Join(list, ", ")
}

func TestTimeTicks(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"minutes":       {"2025-03-01 23:52", "2025-03-02 00:14", "23:55/1 Mar 2025, 00:00/2 Mar 2025, 00:05, 00:10"},
		"a day":         {"2025-01-01 00:00", "2025-01-02 00:00", "00:00/1 Jan 2025, 06:00, 12:00, 18:00, 00:00/2 Jan 2025"},
		"days":          {"2024-12-30 05:00", "2025-01-03 00:00", "31 Dec/2024, 1 Jan/2025, 2 Jan, 3 Jan"},
		"weeks, Monday": {"2025-01-01 00:00", "2025-01-31 00:00", "6 Jan/2025, 13 Jan, 20 Jan, 27 Jan"},
		"months":        {"2025-01-15 00:00", "2025-06-20 00:00", "Feb/2025, Mar, Apr, May, Jun"},
		"quarters":      {"2025-01-01 00:00", "2026-01-01 00:00", "Jan/2025, Apr, Jul, Oct, Jan/2026"},
		"years":         {"2020-02-01 00:00", "2025-01-01 00:00", "2021, 2022, 2023, 2024, 2025"},
		"decades":       {"1990-01-01 00:00", "2025-01-01 00:00", "1990, 2000, 2010, 2020"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := labels(timeTicks(utc(t, c.from), utc(t, c.to), 5)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestTimeTicksBounded: whatever the span, no more marks than asked for, and all
// of them within it.
func TestTimeTicksBounded(t *testing.T) {
	from := utc(t, "2025-01-01 00:00") + 1
	for span := int64(1); span < 200*365*dayMS; span = span*3/2 + 1 {
		for _, most := range []int{4, 7, 13} {
			ticks := timeTicks(from, from+span, most)
			if len(ticks) > most+1 {
				t.Errorf("%d marks over %d ms, want at most %d", len(ticks), span, most)
			}
			for _, k := range ticks {
				if k.at < float64(from) || k.at > float64(from+span) {
					t.Errorf("a mark at %g is not in [%d, %d]", k.at, from, from+span)
				}
			}
		}
	}
}

func TestPercentTicks(t *testing.T) {
	for name, c := range map[string]struct {
		scale scale
		want  string
	}{
		"both sides": {scale{-0.042, 0.031}, "−4 %, −2 %, 0 %, 2 %"},
		"halves":     {scale{-0.021, 0.001}, "−2.0 %, −1.5 %, −1.0 %, −0.5 %, 0 %"},
		"quarters":   {scale{0, 0.012}, "0 %, 0.25 %, 0.50 %, 0.75 %, 1.00 %"},
		"tiny":       {scale{0, 0.000011}, "0 %, 0.00025 %, 0.00050 %, 0.00075 %, 0.00100 %"},
		"thousands":  {scale{0, 250}, "0 %, 5000 %, 10\u00a0000 %, 15\u00a0000 %, 20\u00a0000 %, 25\u00a0000 %"},
		"enormous":   {scale{0, 25000}, "0 %, 500k %, 1M %, 1.5M %, 2M %, 2.5M %"},
		"nothing":    {scale{0, 0}, "0 %"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := labels(percentTicks(c.scale, 5)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestPercentText(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0.00 %", 0.12345: "12.35 %", -0.01: "−1.00 %", -0.000001: "0.00 %", 12.5: "1250 %", 123: "12\u00a0300 %", 3142.7: "314k %", 9999.9: "1M %",
	} {
		if got := percentText(x); got != want {
			t.Errorf("percentText(%g) = %q, want %q", x, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0.00 %", 0.000001: "0.00 %", 0.02: "+2.00 %", -0.02: "−2.00 %"} {
		if got := changeText(x); got != want {
			t.Errorf("changeText(%g) = %q, want %q", x, got, want)
		}
	}
}
