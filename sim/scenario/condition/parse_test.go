package condition

import (
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	const aNumber, aWhole = "expected a number, such as 1.5 or -2e-3", "expected a whole number, such as 3"
	const aTime = "expected a time with its zone, such as 2025-03-03T12:00:00Z, or a date"
	for _, c := range []struct {
		kind       Kind
		text, want string
	}{
		{Number, "", "found nothing; " + aNumber},
		{Number, "abc", `found "abc"; ` + aNumber},
		{Number, "0x10", `found "0x10"; ` + aNumber},
		{Number, "010", `found "010"; ` + aNumber},
		{Number, "1_000", `found "1_000"; ` + aNumber},
		{Number, "inf", `found "inf"; ` + aNumber},
		{Number, "nan", `found "nan"; ` + aNumber},
		{Number, "1/3", `found "1/3"; ` + aNumber},
		{Number, "5%", `found "5%", a percentage; expected a fraction: write 0.05`},
		{Number, "< 8 %", `found "8 %", a percentage; expected a fraction: write 0.08`},
		{Number, "x%", `found "x%"; ` + aNumber},
		{Number, "1e999", `found "1e999", which is too large; expected a number up to 1.7e308`},
		{Number, "1e-999", `found "1e-999", which is too small; expected 0, or a number from 5e-324 on`},
		{Number, ">=", `found ">=" with nothing after it; ` + aNumber + " after it"},
		{Number, ">= null", `found "null"; ` + aNumber},
		{Number, "< 1 .. 2", `found "1 .. 2"; ` + aNumber},
		{Number, "< 1 ± 2", `found "1 ± 2"; ` + aNumber},
		{Number, "=< 1", "found =<; expected <="},
		{Number, "=> 1", "found =>; expected >="},
		{Number, "~ 1", "found ~, which looks for a part of a text; " + aNumber},
		{Number, "1 ..", `found "1 .."; expected both ends of a range, such as 1 .. 2; >= and <= have one`},
		{Number, ".. 1", `found ".. 1"; expected both ends of a range, such as 1 .. 2; >= and <= have one`},
		{Number, "1 ... 2", `found "1 ... 2"; expected both ends of a range, such as 1 .. 2; >= and <= have one`},
		{Number, "2 .. 1", `found "2 .. 1", a range that holds nothing; expected the smaller end first`},
		{Number, "1 .. x", `found "x"; ` + aNumber},
		{Number, "x .. 1", `found "x"; ` + aNumber},
		{Number, "null .. 1", `found "null"; ` + aNumber},
		{Number, "1 ±", `found no tolerance; expected a distance, such as 1e-9, or a part, such as 0.1%`},
		{Number, "1 ± -1", `found the tolerance "-1"; expected a distance, such as 1e-9, or a part, such as 0.1%`},
		{Number, "1 ± 1 ± 1", `found the tolerance "1 ± 1"; expected a distance, such as 1e-9, or a part, such as 0.1%`},
		{Number, "± 1", "found nothing; " + aNumber},
		{Number, "null ± 1", "found null with a tolerance; " + aNumber},
		{Number, "= 2+-1", "found +- in a formula; expected ± before a tolerance, or a space between the two"},
		{Number, "= 1/0", "found a division by zero: 1 / 0; expected another divisor"},
		{Whole, "= 7/2", `found "7/2", which is 3.5; expected a formula of a whole number`},
		{Whole, "= 1e300", `found "1e300", which is 1e+300; expected a formula of a whole number`},
		{Whole, "= 4 ± 1", "found ±, a tolerance; " + aWhole + ", which is compared exactly; a range has two dots: 1 .. 2"},
		{Whole, "1.0", `found "1.0"; ` + aWhole},
		{Whole, "1e3", `found "1e3"; ` + aWhole},
		{Whole, "007", `found "007"; ` + aWhole},
		{Whole, "9223372036854775808", `found "9223372036854775808"; ` + aWhole},
		{Whole, "3 ± 1", "found ±, a tolerance; " + aWhole + ", which is compared exactly; a range has two dots: 1 .. 2"},
		{Instant, "2025-03-03T12:00:00", `found "2025-03-03T12:00:00", a time without a zone; expected one: add Z for UTC, 2025-03-03T12:00:00Z`},
		{Instant, "2025-03-03T12:00", `found "2025-03-03T12:00", a time without a zone; expected one: add Z for UTC, 2025-03-03T12:00Z`},
		{Instant, "2025-03-03T1:00:00Z", `found "2025-03-03T1:00:00Z"; ` + aTime},
		{Instant, "2025-03-03T12:00:00.0005Z", `found "2025-03-03T12:00:00.0005Z"; ` + aTime},
		{Instant, "2025-03-03T12:00:00,5Z", `found "2025-03-03T12:00:00,5Z"; ` + aTime},
		{Instant, "2025-02-29", `found "2025-02-29"; ` + aTime},
		{Instant, "2025-03-03T25:00:00Z", `found "2025-03-03T25:00:00Z"; ` + aTime},
		{Instant, "0999-12-31T00:00:00Z", `found "0999-12-31T00:00:00Z"; ` + aTime},
		{Instant, "9999-12-31T23:59:59-01:00", `found "9999-12-31T23:59:59-01:00"; ` + aTime},
		{Instant, "1740960000000", `found "1740960000000"; ` + aTime},
		{Instant, "= 1", "found =, which begins a formula; " + aTime + "; a formula is of numbers"},
		{Date, "2025-03-03T00:00:00Z", `found "2025-03-03T00:00:00Z"; expected a date, such as 2025-03-03`},
		{Date, "2025-3-3", `found "2025-3-3"; expected a date, such as 2025-03-03`},
		{Length, "12", `found "12"; expected a length of time: a whole number with a unit, such as 250ms, 60s, 5m, 12h or 90d, or 0`},
		{Length, "1.5h", `found "1.5h"; expected a length of time: a whole number with a unit, such as 250ms, 60s, 5m, 12h or 90d, or 0`},
		{Word, "> a", `found > before "a"; expected a text, or one after ==, != or ~; a text that itself begins with > stands in double quotes`},
		{Text, "= a", `found = before "a"; expected a text, or one after ==, != or ~; a text that itself begins with = stands in double quotes`},
		{Text, "~", `found "~" with nothing after it; expected a text after it`},
		{YesNo, "yes", `found "yes"; expected true or false`},
		{YesNo, ">= true", `found >= before "true"; expected true or false, or one of them after == or !=`},
		{YesNo, "~ true", "found ~, which looks for a part of a text; expected true or false"},
		{Number, strings.Repeat("é", 70), `found "` + strings.Repeat("é", 60) + `…"; ` + aNumber},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, err := Parse(c.text, c.kind)
			if err == nil || err.Error() != c.want {
				t.Errorf("\ngot  %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestParseTakes: what each text stands for is checked with values that hold and that
// do not.
func TestParseTakes(t *testing.T) {
	for _, c := range []struct {
		text       string
		holds, not Value
	}{
		{" 1.5 ", numberOf(1.5), numberOf(1.25)},
		{"== 1.5", numberOf(1.5), numberOf(1.25)},
		{"== 1.5 ± 0.25", numberOf(1.25), numberOf(1)},
		{"1.5±25%", numberOf(1.875), numberOf(2)}, // a quarter of 1.5 is 0.375
		{"1.5 ± 25 %", numberOf(1.125), numberOf(1)},
		{"-1 .. -0.5", numberOf(-0.75), numberOf(-0.25)},
		{"= 3 ± 1", numberOf(4), numberOf(4.5)},
		{"= 3 +- 1", numberOf(2), numberOf(1.5)},
		{"= 3\n * 2", numberOf(6), numberOf(5)},
		{"= 2*3", wholeOf(6), wholeOf(5)},
		{"=3", wholeOf(3), wholeOf(-3)},
		{"-3 .. +3", wholeOf(3), wholeOf(4)},
		{"9223372036854775807", wholeOf(1<<63 - 1), wholeOf(-1 << 63)},
		{"2025-03-03T00:00:00.5Z", timeOf(Instant, march3+500), timeOf(Instant, march3+5)},
		{"2025-03-02T14:00-10:00", timeOf(Instant, march3), timeOf(Instant, march3+1)},
		{">= 2025-03-03", timeOf(Date, march3), timeOf(Date, march3-86_400_000)},
		{"12h .. 1d", timeOf(Length, 86_400_000), timeOf(Length, 86_400_001)},
		{"0", timeOf(Length, 0), timeOf(Length, 1)},
		{`== "accepted"`, textOf(Word, "accepted"), textOf(Word, `"accepted"`)},
		{`~ "> 1"`, textOf(Text, "found > 1"), textOf(Text, "found >")},
		{`!= ""`, textOf(Word, "a"), textOf(Word, "")},
		{"== == a", textOf(Text, "== a"), textOf(Text, "a")},
		{"!= true", yesOf(false), yesOf(true)},
	} {
		t.Run(c.text, func(t *testing.T) {
			condition, err := Parse(c.text, c.holds.Kind)
			if err != nil {
				t.Fatal(err)
			}
			if v := condition.Check(c.holds, Tolerance{}); !v.Holds {
				t.Errorf("%+v", v)
			}
			if v := condition.Check(c.not, Tolerance{}); v.Holds {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestParseTolerance(t *testing.T) {
	for text, want := range map[string]Tolerance{
		"1e-9":   {Distance: 1e-9},
		"0":      {},
		" 0.1% ": {Part: 0.001},
		"0.07 %": {Part: 0.0007}, // 0.07/100 would be 0.0007000000000000001
		"150%":   {Part: 1.5},
		"1e-10%": {Part: 1e-12},
	} {
		got, err := ParseTolerance(text)
		if err != nil || got != want {
			t.Errorf("%q: got %+v, %v; want %+v", text, got, err, want)
		}
		if again, err := ParseTolerance(got.String()); err != nil || again != got {
			t.Errorf("%q: %q is %+v, %v", text, got, again, err)
		}
	}
	if got, err := ParseTolerance(" "); err == nil || err.Error() != "found no tolerance; expected a distance, such as 1e-9, or a part, such as 0.1%" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, text := range []string{"%", "-1", "1 2", "nan", "inf%", "1%%", "one"} {
		want := "found the tolerance " + quote(text) + "; expected a distance, such as 1e-9, or a part, such as 0.1%"
		if got, err := ParseTolerance(text); err == nil || err.Error() != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}
