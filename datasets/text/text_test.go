package text

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"
)

// t0 is 2025-01-06 00:00 UTC.
const t0 = 1736121600000

func mustFormat(t testing.TB, s string) TimeFormat {
	t.Helper()
	f, err := ParseTimeFormat(s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestZoneClockAgreesWithTheZoneAtEveryHour(t *testing.T) {
	for _, name := range []string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Tokyo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		clock, ahead := ZoneClock{Zone: zone}, ZoneClock{Zone: zone, AheadMS: 7 * 3600e3}
		start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		for at := start; at.Year() < 2026; at = at.Add(30 * time.Minute) {
			local := at.In(zone)
			_, offset := local.Zone()
			got, ok := clock.UTC(at.UnixMilli() + int64(offset)*1000)
			if !ok || got != at.UnixMilli() {
				t.Fatalf("%s: %s gives %s", name, local, time.UnixMilli(got).UTC())
			}
			const sevenHours = 7 * 3600e3
			got, ok = ahead.UTC(at.UnixMilli() + int64(offset)*1000 + sevenHours)
			if !ok || got != at.UnixMilli() {
				t.Fatalf("%s, seven hours ahead: %s gives %s", name, local, time.UnixMilli(got).UTC())
			}
		}
	}
}

// TestTicksOfOneSecondShareIt: in the hour that comes twice too, at every second,
// each three times.
func TestTicksOfOneSecondShareIt(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	clock := ZoneClock{Zone: zone, Ticks: true}
	for at := time.Date(2025, 10, 26, 0, 0, 0, 0, zone); at.Day() < 27; at = at.Add(time.Second) {
		_, offset := at.Zone()
		for range 3 {
			if got, ok := clock.UTC(at.UnixMilli() + int64(offset)*1000); !ok || got != at.UnixMilli() {
				t.Fatalf("%s gives %s", at, time.UnixMilli(got).In(zone))
			}
		}
	}
}

func TestTimeFormats(t *testing.T) {
	const want = t0 + 3723000 // 2025-01-06 01:02:03 UTC
	cases := []struct {
		format, text string
		local        bool
		ms           int64
	}{
		{"", "2025-01-06T01:02:03Z", false, want},
		{"", "1736125323000", false, want},
		{"rfc3339", "2025-01-06 01:02:03", true, want},
		{"rfc3339", "2025-01-06T01:02:03.004Z", false, want + 4},
		{"rfc3339", "2025-01-06T01:02:03.004000+00:00", false, want + 4},
		{"rfc3339", "2025-01-06T03:32:03+02:30", false, want},
		{"epoch_s", "1736125323", false, want},
		{"epoch_ms", "1736125323000", false, want},
		{"epoch_us", "1736125323000000", false, want},
		{"2006-01-02 15:04:05", "2025-01-06 01:02:03", true, want},
		{"20060102 150405", "20250106 010203", true, want},
		{"2006.01.02 15:04:05.000", "2025.01.06 01:02:03.500", true, want + 500},
		{"02 Jan 2006 15:04:05 -0700", "06 Jan 2025 00:02:03 -0100", false, want},
		{"01/02/06 15:04:05Z07:00", "01/06/25 01:02:03Z", false, want},
		{"%Y.%m.%d %H:%M:%S", "2025.01.06 01:02:03", true, want},
		{"%d-%b-%y %H:%M:%S%z", "06-Jan-25 01:02:03+0000", false, want},
		{"%d/%m/%Y", "06/01/2025", true, t0},
		{"01/02/2006 15:04:05", "1/6/2025 1:02:03", true, want},
		{"02.01.2006", "6.1.2025", true, t0},
		{"01/02/2006 03:04:05 PM", "1/6/2025 1:02:03 AM", true, want},
		{"01/02/2006 03:04:05 PM", "01/06/2025 01:02:03 pm", true, want + 12*3600_000},
		{"%m/%d/%Y %I:%M %p", "01/06/2025 12:00 AM", true, t0},
		{"%m/%d/%Y %I:%M %p", "01/06/2025 12:00 PM", true, t0 + 12*3600_000},
		{"epoch_ns", "1736125323000000000", false, want},
		{"epoch_s_local", "1736125323", true, want},
		{"EPOCH_MS_LOCAL", "1736125323000", true, want},
	}
	for _, tc := range cases {
		f := mustFormat(t, tc.format)
		ms, local, ok := f.Parse([]byte(tc.text))
		if !ok || ms != tc.ms || local != tc.local {
			t.Errorf("%q as %q: %d, local %v, %v; want %d, local %v", tc.text, tc.format, ms, local, ok, tc.ms, tc.local)
		}
	}
	for _, tc := range [][2]string{
		{"rfc3339", "2025-02-29T00:00:00Z"}, {"rfc3339", "2025-01-06T24:00:00Z"}, {"rfc3339", "2025-01-06T01:02:03.0001Z"},
		{"rfc3339", "2025-01-06T01:02:03+2:30"}, {"rfc3339", "2025-13-06T01:02:03Z"}, {"epoch_ms", "1.7E12"}, {"epoch_ms", ""},
		{"epoch_us", "1736125323000001"}, {"epoch_s_local", "1736125323000"}, {"epoch_ms_local", "1.7E12"}, {"epoch_s", "1736125323000"}, {"20060102", "2025010"}, {"20060102", "202501061"}, {"", "01/06/2025"},
		{"20060102 1504", "20250106 930"}, {"01/02/2006", "1//2025"}, {"%I:%M %p %d/%m/%Y", "13:00 PM 06/01/2025"}, {"%I:%M %p %d/%m/%Y", "01:00 XM 06/01/2025"},
		{"epoch_ns", "1736125323000000001"}, {"epoch_ns", "9736125323000000000"}, {"epoch_ns", "17361253230000-0000"},
	} {
		f := mustFormat(t, tc[0])
		if ms, _, ok := f.Parse([]byte(tc[1])); ok {
			t.Errorf("%q as %q was taken as %s", tc[1], tc[0], time.UnixMilli(ms).UTC())
		}
	}
	for format, want := range map[string]bool{"2006-01-02": true, "%d/%m/%y": true, "2006-01-02 15:04": false, "%Y%m%d %I %p": false, "rfc3339": false, "epoch_s_local": false, "": false} {
		if f := mustFormat(t, format); f.DateOnly() != want {
			t.Errorf("%q is a date only: %v", format, !want)
		}
	}
	for format, want := range map[string]int64{"epoch_s_local": 1, "epoch_ms_local": 1000, "epoch_s": 0, "2006-01-02": 0, "": 0} {
		if f := mustFormat(t, format); f.LocalPerSecond() != want {
			t.Errorf("%q has %d units a second, want %d", format, f.LocalPerSecond(), want)
		}
	}
	for _, format := range []string{"2006-01", "%Q", "%Y-%m-%d %", "hello"} {
		if _, err := ParseTimeFormat(format); err == nil {
			t.Errorf("the format %q was taken", format)
		}
	}
}

func TestDaysSinceEpochAgreesWithPackageTime(t *testing.T) {
	for day := -25567; day < 84000; day++ { // 1900 to 2199
		y, m, d := time.Unix(int64(day)*86400, 0).UTC().Date()
		if got := daysSinceEpoch(y, int(m), d); got != day {
			t.Fatalf("%d-%d-%d is day %d, want %d", y, m, d, got, day)
		}
	}
}

func TestNumbersAgreeWithStrconv(t *testing.T) {
	for _, s := range []string{"0", "-0", "1", "+1.5", "93576", "93610.93", "0.00001234", ".5", "5.", "253.81000220775604", "9007199254740993",
		"0.1", "123456789012345678901234567890", "1e10", "1.5E-3", "0.000000000000000000000001", "0000000000000000000000001.5", "-12.75", "1e308"} {
		want, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := Float([]byte(s))
		if !ok || math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%s: got %v, want %v", s, got, want)
		}
	}
	for _, s := range []string{"", "-", ".", "+", "1,5", "0x10", "1_000", "1.2.3", "abc", "1e", "1e999", " 1"} {
		if x, ok := Float([]byte(s)); ok {
			t.Errorf("%q was taken as %v", s, x)
		}
	}
}

// FuzzRFC3339 holds the parser against package time.
func FuzzRFC3339(f *testing.F) {
	for _, s := range []string{"2025-01-06T01:02:03Z", "2024-02-29T23:59:59.999+05:30", "0000-01-01T00:00:00-23:59", "2025-01-06t01:02:03z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ms, local, ok := parseRFC3339([]byte(s))
		if !ok || local {
			return
		}
		want, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			if want, err = time.Parse("2006-01-02 15:04:05.999999999Z07:00", s); err != nil {
				if want, err = time.Parse("2006-01-02T15:04:05.999999999Z0700", s); err != nil {
					return // laxer than package time: a blank, a missing colon, z
				}
			}
		}
		if want.UnixMilli() != ms {
			t.Errorf("%q is %d, want %d", s, ms, want.UnixMilli())
		}
	})
}

func TestDecimalEndsAtTheSeparator(t *testing.T) {
	for _, tc := range []struct {
		text string
		x    float64
		n    int
		ok   bool
	}{
		{"1.5,2", 1.5, 3, true}, {"-0.25", -0.25, 5, true}, {"7,", 7, 1, true}, {".5,", .5, 2, true}, {"5.,", 5, 2, true},
		{",1", 0, 0, false}, {"", 0, 0, false}, {"-,", 0, 0, false}, {".,", 0, 0, false}, {"1e5,", 0, 0, false}, {" 1,", 0, 0, false},
		{"1234567890123456789,", 0, 0, false}, {"9007199254740993,", 0, 0, false}, {"+1,", 0, 0, false}, {"1.2.3,", 0, 0, false},
	} {
		x, n, ok := Decimal([]byte(tc.text), ',')
		if x != tc.x || n != tc.n || ok != tc.ok {
			t.Errorf("%q: %v, %d, %v; want %v, %d, %v", tc.text, x, n, ok, tc.x, tc.n, tc.ok)
		}
	}
}

// FuzzNumber holds the parsers against strconv.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1.5", "-0", "9007199254740993", "0.1e-5", "253.81000220775604", "1.", ".1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Float([]byte(s))
		if x, n, short := Decimal([]byte(s), ','); short && n == len(s) && (!ok || math.Float64bits(x) != math.Float64bits(got)) {
			t.Errorf("%q is the decimal %v, and the number %v, %v", s, x, got, ok)
		}
		if !ok {
			return
		}
		want, err := strconv.ParseFloat(s, 64)
		if err != nil || math.Float64bits(got) != math.Float64bits(want) && !math.IsNaN(want) {
			t.Errorf("%q is %v, want %v, %v", s, got, want, err)
		}
	})
}

func TestTextIsUnpackedWhateverItIsPackedIn(t *testing.T) {
	const want = "time,price\n1,2\nä,€,𝄞\n"
	little, big := []byte{0xff, 0xfe}, []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(want)) {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(little); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"plain": []byte(want), "a mark": []byte("\ufeff" + want), "UTF-16, little end first": little, "UTF-16, big end first": big, "UTF-16 in gzip": packed.Bytes()} {
		r, err := Unpack(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(iotest.OneByteReader(r)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, raw := range map[string][]byte{"half a character of UTF-16": little[:len(little)-1], "gzip without its end": packed.Bytes()[:packed.Len()-3]} {
		r, err := Unpack(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(r); err == nil {
			t.Errorf("%s was taken as whole", name)
		}
	}
}

func TestLinesOfOldMacsEndInLineFeeds(t *testing.T) {
	for _, tc := range []struct{ what, raw, want string }{
		{"carriage returns alone", "a,b\r1,2\r", "a,b\n1,2\n"},
		{"both", "a,b\r\n1,2\r\n", "a,b\r\n1,2\r\n"},
		{"line feeds", "a,b\n1,\r2\n", "a,b\n1,\r2\n"},
		{"one line, half of whose end is there", "a,b\r", "a,b\r"},
		{"an end that the head cuts in two", strings.Repeat("a", macHead-1) + "\r\nb", strings.Repeat("a", macHead-1) + "\r\nb"},
		{"a long text", strings.Repeat("a,b\r", 1<<18), strings.Repeat("a,b\n", 1<<18)},
		{"bytes that are no text", "]\x00\x00\r\r", "]\x00\x00\r\r"},
		{"nothing", "", ""},
	} {
		r, err := Unpack(strings.NewReader(tc.raw))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != tc.want {
			t.Errorf("%s: %d bytes, %v; want %d", tc.what, len(got), err, len(tc.want))
		}
	}
}
