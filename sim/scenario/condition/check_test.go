package condition

import (
	"math"
	"testing"
)

func numberOf(x float64) Value         { return Value{Kind: Number, Number: x} }
func wholeOf(n int64) Value            { return Value{Kind: Whole, Whole: n} }
func timeOf(kind Kind, ms int64) Value { return Value{Kind: kind, Whole: ms} }
func textOf(kind Kind, s string) Value { return Value{Kind: kind, Text: s} }
func yesOf(yes bool) Value             { return Value{Kind: YesNo, Yes: yes} }
func nullOf(kind Kind) Value           { return Value{Kind: kind, Null: true} }

// sumOf rounds after every number, as constants of Go do not.
func sumOf(xs ...float64) (sum float64) {
	for _, x := range xs {
		sum += x
	}
	return sum
}

// march3 is 2025-03-03T00:00:00Z: 20150 days after 1970 (55 years of 365 days, 14
// leap days from 1972 to 2024, and 31 + 28 + 2 days of 2025 are 20150).
const march3 = 20150 * 86_400_000

func TestCheck(t *testing.T) {
	exact := Tolerance{}
	for _, c := range []struct {
		name, text string
		value      Value
		tolerance  Tolerance
		want       Verdict
	}{
		{"SameNumber", "1.5", numberOf(1.5), exact, Verdict{true, "1.5", "1.5", ""}},
		{"OtherFormOfNumber", "+15e-1", numberOf(1.5), exact, Verdict{true, "1.5", "1.5", ""}},
		{"NegativeZero", "0", numberOf(math.Copysign(0, -1)), exact, Verdict{true, "0", "0", ""}},
		{"ExpectedNegativeZero", "-0", numberOf(0), exact, Verdict{true, "0", "0", ""}},
		{"NotANumber", "1", numberOf(math.NaN()), exact, Verdict{false, "1", "NaN", ""}},
		{"NotANumberDiffersFromNothing", "!= 1", numberOf(math.NaN()), exact, Verdict{false, "!= 1", "NaN", ""}},
		// 1.5 / 1.25 is 1.2: 20 % more.
		{"LargerNumber", "1.25", numberOf(1.5), exact, Verdict{false, "1.25", "1.5", "+0.25 (+20 %)"}},
		{"SmallerThanNegative", "-2", numberOf(-3), exact, Verdict{false, "-2", "-3", "-1 (-50 %)"}},
		{"NoPartOfZero", "0", numberOf(1e-9), exact, Verdict{false, "0", "1e-09", "+1e-09"}},
		// The float64 from 1 on are 2^-52 = 2.22e-16 apart, below 1 half of that.
		{"LastBit", "1", numberOf(math.Nextafter(1, 2)), exact, Verdict{false, "1", "1.0000000000000002", "+2.22e-16, in the last digits: 1 ulp"}},
		{"LastBitBelow", "1", numberOf(math.Nextafter(1, 0)), exact, Verdict{false, "1", "0.9999999999999999", "-1.11e-16, in the last digits: 1 ulp"}},
		// The float64 from 0.25 on are 2^-54 = 5.55e-17 apart.
		{"LastBits", "0.3", numberOf(sumOf(0.1, 0.1, 0.1)), exact, Verdict{false, "0.3", "0.30000000000000004", "+5.55e-17, in the last digits: 1 ulp"}},
		{"AcrossZero", "5e-324", numberOf(-5e-324), exact, Verdict{false, "5e-324", "-5e-324", "-1e-323, in the last digits: 2 ulp"}},

		{"Within", "1.5 ± 0.25", numberOf(1.75), exact, Verdict{true, "1.5 ± 0.25", "1.75", "+0.25 (+16.7 %)"}},
		{"WithinOfDecimals", "1.5 +- 0.1", numberOf(1.6), exact, Verdict{true, "1.5 ± 0.1", "1.6", "+0.1 (+6.67 %)"}},
		{"Beyond", "1.5 ± 0.25", numberOf(math.Nextafter(1.75, 2)), exact, Verdict{false, "1.5 ± 0.25", "1.7500000000000002", "+0.25 (+16.7 %)"}},
		{"Below", "1.5 ± 0.25", numberOf(1.2), exact, Verdict{false, "1.5 ± 0.25", "1.2", "-0.3 (-20 %)"}},
		{"PartOfNegative", "-200 ± 1%", numberOf(-202), exact, Verdict{true, "-200 ± 1%", "-202", "-2 (-1 %)"}},
		{"BeyondPart", "-200 ± 1%", numberOf(-203), exact, Verdict{false, "-200 ± 1%", "-203", "-3 (-1.5 %)"}},
		{"ToleranceOfAll", "2", numberOf(2.25), Tolerance{Distance: 0.25}, Verdict{true, "2 ± 0.25", "2.25", "+0.25 (+12.5 %)"}},
		{"LargerOfBoth", "2", numberOf(2.5), Tolerance{Distance: 0.25, Part: 0.25}, Verdict{true, "2 ± 0.25 or 25%", "2.5", "+0.5 (+25 %)"}},
		{"OwnTolerance", "2 ± 0.125", numberOf(2.25), Tolerance{Distance: 1}, Verdict{false, "2 ± 0.125", "2.25", "+0.25 (+12.5 %)"}},
		{"NoToleranceIsOne", "2 ± 0", numberOf(2.25), Tolerance{Distance: 1}, Verdict{false, "2 ± 0", "2.25", "+0.25 (+12.5 %)"}},
		{"BoundHasNone", "< 2", numberOf(2), Tolerance{Distance: 1}, Verdict{false, "< 2", "2", ""}},
		{"OtherHasNone", "!= 2", numberOf(2.5), Tolerance{Distance: 1}, Verdict{true, "!= 2", "2.5", ""}},
		{"WholeHasNone", "2", wholeOf(3), Tolerance{Distance: 1}, Verdict{false, "2", "3", "+1"}},

		{"BelowBound", "< 0.08", numberOf(0.0799), exact, Verdict{true, "< 0.08", "0.0799", ""}},
		{"AboveBound", "<= 0.08", numberOf(0.1), exact, Verdict{false, "<= 0.08", "0.1", "+0.02 (+25 %)"}},
		{"AtBound", "<= 0.08", numberOf(0.08), exact, Verdict{true, "<= 0.08", "0.08", ""}},
		{"AtLeast", ">= 60", wholeOf(60), exact, Verdict{true, ">= 60", "60", ""}},
		{"TooFew", ">= 60", wholeOf(58), exact, Verdict{false, ">= 60", "58", "-2"}},
		{"NotMore", "> 60", wholeOf(60), exact, Verdict{false, "> 60", "60", ""}},
		{"More", "> 60", wholeOf(61), exact, Verdict{true, "> 60", "61", ""}},
		{"NotTheSame", "!= 60", wholeOf(60), exact, Verdict{false, "!= 60", "60", ""}},
		{"InRange", "1 .. 2", numberOf(2), exact, Verdict{true, "1 .. 2", "2", ""}},
		{"BelowRange", "1..2", numberOf(0.75), exact, Verdict{false, "1 .. 2", "0.75", "-0.25 (-25 %)"}},
		{"AboveRange", "1 .. 2", numberOf(3), exact, Verdict{false, "1 .. 2", "3", "+1 (+50 %)"}},

		{"Formula", "= 1 - 0.25/2", numberOf(0.875), exact, Verdict{true, "0.875 (= 1 - 0.25/2)", "0.875", ""}},
		{"FormulaWithin", "= 7/2 ± 0.5", numberOf(4.5), exact, Verdict{false, "3.5 ± 0.5 (= 7/2)", "4.5", "+1 (+28.6 %)"}},
		{"FormulaOfWhole", "= 3*20", wholeOf(61), exact, Verdict{false, "60 (= 3*20)", "61", "+1"}},

		{"SameTime", "2025-03-03", timeOf(Instant, march3), exact, Verdict{true, "2025-03-03T00:00:00Z", "2025-03-03T00:00:00Z", ""}},
		{"OtherZone", "2025-03-03T01:00+01:00", timeOf(Instant, march3), exact, Verdict{true, "2025-03-03T00:00:00Z", "2025-03-03T00:00:00Z", ""}},
		{"Later", "2025-03-03T00:00:00Z", timeOf(Instant, march3+10_000), exact, Verdict{false, "2025-03-03T00:00:00Z", "2025-03-03T00:00:10Z", "10s later"}},
		{"EarlierByParts", "2025-03-03T00:00Z", timeOf(Instant, march3-(26*3600+61)*1000-5), exact, Verdict{false, "2025-03-03T00:00:00Z", "2025-03-01T21:58:58.995Z", "1d 2h 1m 1.005s earlier"}},
		{"NotBefore", "< 2025-03-03", timeOf(Instant, march3+86_400_000), exact, Verdict{false, "< 2025-03-03T00:00:00Z", "2025-03-04T00:00:00Z", "1d later"}},
		{"DateInRange", "2025-03-01 .. 2025-03-31", timeOf(Date, march3), exact, Verdict{true, "2025-03-01 .. 2025-03-31", "2025-03-03", ""}},
		{"OtherDate", "2025-03-04", timeOf(Date, march3), exact, Verdict{false, "2025-03-04", "2025-03-03", "1d earlier"}},
		{"SameLength", "90m", timeOf(Length, 5_400_000), exact, Verdict{true, "90m", "90m", ""}},
		{"Longer", "<= 12h", timeOf(Length, 13*3_600_000), exact, Verdict{false, "<= 12h", "13h", "1h longer"}},

		{"SameWord", "accepted", textOf(Word, "accepted"), exact, Verdict{true, "accepted", "accepted", ""}},
		{"OtherWord", "accepted", textOf(Word, "rejected cooldown"), exact, Verdict{false, "accepted", "rejected cooldown", ""}},
		{"NotThatWord", "!= accepted", textOf(Word, "clamped"), exact, Verdict{true, "!= accepted", "clamped", ""}},
		{"PartOfText", "~ closed", textOf(Text, "the market is closed"), exact, Verdict{true, "~ closed", "the market is closed", ""}},
		{"NoPartOfText", "~ Closed", textOf(Text, "the market is closed"), exact, Verdict{false, "~ Closed", "the market is closed", ""}},
		{"EmptyText", `""`, textOf(Word, ""), exact, Verdict{true, `""`, `""`, ""}},
		{"EmptyTextOfYAMLQuotes", "", textOf(Word, ""), exact, Verdict{true, `""`, `""`, ""}},
		{"DotsOfText", "1 .. 2", textOf(Text, "1 .. 2"), exact, Verdict{true, "1 .. 2", "1 .. 2", ""}},
		{"OneQuote", `"BTCUSD" is odd`, textOf(Text, `"BTCUSD" is odd`), exact, Verdict{true, `"BTCUSD" is odd`, `"BTCUSD" is odd`, ""}},
		{"Yes", "true", yesOf(true), exact, Verdict{true, "true", "true", ""}},
		{"No", "== true", yesOf(false), exact, Verdict{false, "true", "false", ""}},

		{"Nothing", "null", nullOf(Number), exact, Verdict{true, "null", "null", ""}},
		{"NothingOfAnyKind", "== null", nullOf(Text), exact, Verdict{true, "null", "null", ""}},
		{"Something", "!= null", numberOf(0), exact, Verdict{true, "!= null", "0", ""}},
		{"NotNothing", "null", numberOf(1), Tolerance{Distance: 1}, Verdict{false, "null", "1", ""}},
		{"NothingIsNoNumber", "0 ± 1", nullOf(Number), exact, Verdict{false, "0 ± 1", "null", ""}},
		{"NothingKeepsNoBound", ">= 0", nullOf(Number), exact, Verdict{false, ">= 0", "null", ""}},
		{"NothingDiffersFromNothing", "!= 1", nullOf(Number), exact, Verdict{false, "!= 1", "null", ""}},
		{"NothingIsNotNothing", "!= null", nullOf(Number), exact, Verdict{false, "!= null", "null", ""}},
		{"NothingIsNoText", `"null"`, nullOf(Text), exact, Verdict{false, `"null"`, "null", ""}},
		{"Blank", "_", numberOf(1.5), Tolerance{Distance: 9}, Verdict{false, "_", "1.5", ""}},
		{"BlankOfNothing", "_", nullOf(Number), exact, Verdict{false, "_", "null", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			kind := c.value.Kind
			condition, err := Parse(c.text, kind)
			if err != nil {
				t.Fatal(err)
			}
			if got := condition.Check(c.value, c.tolerance); got != c.want {
				t.Errorf("\ngot  %+v\nwant %+v", got, c.want)
			}
			if got, want := condition.Blank(), c.text == "_"; got != want {
				t.Errorf("blank: %t", got)
			}
		})
	}
}

func TestCheckPanicsOnAValueOfAnotherKind(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Condition{kind: Whole}.Check(numberOf(1), Tolerance{})
}

func TestRewrite(t *testing.T) {
	for _, c := range []struct {
		text  string
		value Value
		want  string // "" : only a person can
	}{
		{"1.5", numberOf(1.25), "1.25"},
		{"1.50", numberOf(1.5), "1.5"},
		{"1.5 ± 1e-9", numberOf(2), "2 ± 1e-9"},
		{"1.5+-0.10%", numberOf(2), "2+-0.10%"},
		{"== 1.5 ± 1e-9", numberOf(2), ""},
		{"==1.5", numberOf(2), ""},
		{"== null", numberOf(2), ""},
		{"1.5 ± 1e-9", nullOf(Number), "null"},
		{"null", numberOf(1e-7), "1e-07"},
		{"_", numberOf(1), "1"},
		{"_", nullOf(Number), "null"},
		{"_", textOf(Text, "_"), `"_"`},
		{"accepted", textOf(Word, "rejected cooldown"), "rejected cooldown"},
		{"accepted", textOf(Word, ""), `""`},
		{"accepted", textOf(Word, "null"), `"null"`},
		{"a", textOf(Text, "two\nlines"), `"two\nlines"`},
		{"a", textOf(Text, " b"), `" b"`},
		{"a", textOf(Text, ">= b"), `">= b"`},
		{"a", textOf(Text, `"b"`), `"\"b\""`},
		{"a", textOf(Text, "\xff"), `"\xff"`},
		{"2025-03-04", timeOf(Instant, march3), "2025-03-03T00:00:00Z"},
		{"2025-03-04", timeOf(Instant, march3+7), "2025-03-03T00:00:00.007Z"},
		{"2025-03-04", timeOf(Date, march3), "2025-03-03"},
		{"60s", timeOf(Length, 90_000), "90s"},
		{"60s", timeOf(Length, 0), "0"},
		{"true", yesOf(false), "false"},
		{">= 1", numberOf(0), ""},
		{"!= 1", numberOf(1), ""},
		{"!= null", nullOf(Number), ""},
		{"1 .. 2", numberOf(3), ""},
		{"= 1/3", numberOf(3), ""},
		{"~ a", textOf(Text, "b"), ""},
	} {
		t.Run(c.text+" of "+c.value.String(), func(t *testing.T) {
			condition, err := Parse(c.text, c.value.Kind)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := condition.Rewrite(c.value); got != c.want || ok != (c.want != "") {
				t.Errorf("got %q, %t; want %q", got, ok, c.want)
			}
		})
	}
}
