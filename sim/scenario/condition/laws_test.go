package condition

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyValue draws values of all kinds, and texts that look like conditions.
func anyValue() *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		v := Value{Kind: Kind(rapid.IntRange(0, int(YesNo)).Draw(t, "kind"))}
		if rapid.IntRange(0, 9).Draw(t, "null") == 0 {
			v.Null = true
			return v
		}
		switch v.Kind {
		case Number:
			v.Number = rapid.OneOf(
				rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64),
				rapid.Float64Range(0, 2),
				rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 5e-324, 1e15, 1e-5, 0.30000000000000004}),
			).Draw(t, "number")
		case Whole:
			v.Whole = rapid.Int64().Draw(t, "whole")
		case Instant:
			v.Whole = rapid.Int64Range(firstMS, lastMS).Draw(t, "instant")
		case Date:
			v.Whole = 86_400_000 * rapid.Int64Range(firstMS/86_400_000, lastMS/86_400_000).Draw(t, "date")
		case Length:
			v.Whole = rapid.Int64Range(0, 36525*86_400_000).Draw(t, "length")
		case YesNo:
			v.Yes = rapid.Bool().Draw(t, "yes")
		default:
			v.Text = rapid.OneOf(
				rapid.String(),
				rapid.StringMatching(`["<>=!~_ ]{0,3}(null|a|1|_|"a)?["\\ ]?`),
				rapid.StringMatching(`[\x00-\xff]{0,4}`),
			).Draw(t, "text")
		}
		return v
	})
}

func TestAValueIsReadAsItselfAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue().Draw(t, "value")
		c, err := Parse(v.String(), v.Kind)
		if err != nil {
			t.Fatalf("%s: %v", v, err)
		}
		if verdict := c.Check(v, Tolerance{}); !verdict.Holds {
			t.Fatalf("%+v", verdict)
		}
		if verdict := c.Check(v, Tolerance{}); !v.Null && verdict.Difference != "" {
			t.Fatalf("%+v", verdict)
		}
		read, err := ParseValue(v.String(), v.Kind)
		if err != nil || !same(read, v) {
			t.Fatalf("%+v is read as %+v, %v", v, read, err)
		}
		other := neighbour(t, v)
		if verdict := c.Check(other, Tolerance{}); verdict.Holds || verdict.Expected == verdict.Got {
			t.Fatalf("%+v", verdict)
		}
	})
}

// neighbour is another value, as near as there is one, or none.
func neighbour(t *rapid.T, v Value) Value {
	if v.Null {
		return Value{Kind: v.Kind}
	}
	if rapid.Bool().Draw(t, "nothing") {
		return nullOf(v.Kind)
	}
	switch v.Kind {
	case Number:
		v.Number = math.Nextafter(v.Number, 1e300)
		if v.Number == 0 {
			v.Number = 5e-324
		}
	case Word, Text:
		v.Text += rapid.SampledFrom([]string{" ", "a", "\x00", `"`}).Draw(t, "more")
	case YesNo:
		v.Yes = !v.Yes
	case Date:
		v.Whole -= 86_400_000
	default:
		v.Whole ^= 1
	}
	return v
}

func TestWhatIsRewrittenHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		was, is := anyValue().Draw(t, "was"), anyValue().Draw(t, "is")
		if was.Kind != is.Kind {
			is = nullOf(was.Kind)
		}
		text := rapid.SampledFrom([]string{"_", was.String()}).Draw(t, "text")
		if was.Kind == Number && !was.Null && text != "_" {
			text += rapid.SampledFrom([]string{"", " ± 1e-9", "+-0.1%", " +- 0"}).Draw(t, "tolerance")
		}
		c, err := Parse(text, was.Kind)
		if err != nil {
			t.Fatal(err)
		}
		rewritten, ok := c.Rewrite(is)
		if !ok {
			t.Fatalf("%q is kept", text)
		}
		again, err := Parse(rewritten, was.Kind)
		if err != nil {
			t.Fatal(err)
		}
		if verdict := again.Check(is, Tolerance{}); !verdict.Holds {
			t.Fatalf("%q: %+v", rewritten, verdict)
		}
		if again.stated != (c.stated && !is.Null) || again.stated && again.tolerance != c.tolerance {
			t.Fatalf("%q is rewritten as %q", text, rewritten)
		}
		if twice, _ := again.Rewrite(is); twice != rewritten {
			t.Fatalf("%q, then %q", rewritten, twice)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"1.5", "1.5 ± 1e-9", ">= 1.5", "1 .. 2", "= 1 - 0.1095/365/3", "~ closed", "_", "null", "!= null", `"a"`,
		"= pow(2, max(1, 3)) // 2 % 5 ± 1%", "2025-03-03T12:00:00.123+01:00", "2025-03-03 .. 2025-03-04", "90d", "= ((((", "= 9**9**9", "1e999",
	} {
		for kind := range YesNo + 1 {
			f.Add(text, uint8(kind))
		}
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		k := Kind(kind % uint8(YesNo+1))
		start := time.Now()
		c, err := Parse(text, k)
		if took := time.Since(start); took > time.Second {
			t.Errorf("took %s", took)
		}
		if err != nil {
			if found, expected, ok := strings.Cut(err.Error(), "; expected "); !ok || len(found) > 600 || expected == "" {
				t.Errorf("%q", err)
			}
			return
		}
		c.Check(Value{Kind: k}, Tolerance{Part: 1})
		if c.Blank() {
			return
		}
		if c.form == equal {
			again, err := Parse(c.value.String(), k)
			if err != nil || !again.Check(c.value, Tolerance{}).Holds {
				t.Errorf("%q is %s: %v", text, c.value, err)
			}
		}
		again, err := Parse(c.form.sign()+c.value.String(), k)
		if c.form != within && (err != nil || !same(again.value, c.value) || again.form != c.form) {
			t.Errorf("%q: %q, %v", text, again, err)
		}
	})
}
