package rules

import "testing"

func TestDurationReadsAndWritesItsForms(t *testing.T) {
	for _, c := range []struct {
		text string
		ms   int64
		back string
	}{
		{"0", 0, "0"},
		{"500ms", 500, "500ms"},
		{"1500ms", 1500, "1500ms"},
		{"60s", 60_000, "1m"},
		{"90s", 90_000, "90s"},
		{"5m", 300_000, "5m"},
		{"12h", 43_200_000, "12h"},
		{"36h", 129_600_000, "36h"},
		{"24h", 86_400_000, "1d"},
		{"90d", 7_776_000_000, "90d"},
		{"36525d", 3_155_760_000_000, "36525d"},
		{"-5m", -300_000, "-5m"},
	} {
		var d Duration
		if err := d.UnmarshalText([]byte(c.text)); err != nil || d.MS() != c.ms {
			t.Errorf("%q reads as %d ms (%v), want %d", c.text, d.MS(), err, c.ms)
		}
		if back, _ := d.MarshalText(); string(back) != c.back {
			t.Errorf("%d ms is written %q, want %q", c.ms, back, c.back)
		}
	}
}

func TestDurationRefusesWhatIsNone(t *testing.T) {
	for _, text := range []string{"", "5", "s", "ms", "5 m", "1.5h", "5M", "5x", "1h30m", "36526d", "9999999999999999999s", "-36526d", "0x5s", "--5s", "+-5s"} {
		if d, err := ParseDuration(text); err == nil {
			t.Errorf("%q reads as %v", text, d)
		}
	}
}
