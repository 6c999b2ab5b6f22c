package indicator

import (
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"sma(20)", "sma(20)"},
		{" sma ( 20 ) ", "sma(20)"},
		{"sma", "sma(20)"},
		{"macd", "macd(12,26,9)"},
		{"macd()", "macd(12,26,9)"},
		{"macd(5)", "macd(5,26,9)"},
		{"macd(12, 26, 9)", "macd(12,26,9)"},
		{"bollinger(20,2.5)", "bollinger(20,2.5)"},
		{"sma(1e3)", "sma(1000)"},
		{"sma(1048576)", "sma(1048576)"},
	} {
		spec, args, err := Parse(c.text)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := spec.Text(args); got != c.want {
			t.Errorf("%q is %s, want %s", c.text, got, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const all = "atr, bollinger, donchian, ema, highest, lowest, macd, momentum, roc, rsi, sma, stdev, volatility, wma"
	for text, want := range map[string]string{
		"":                       "found the unknown indicator nothing; expected one of " + all,
		"bolinger(20)":           `found the unknown indicator "bolinger" (did you mean bollinger?); expected one of ` + all,
		"sma(20":                 `sma: found "sma(20"; expected it to end with a parenthesis: sma(period=20)`,
		"sma(20) ":               "",
		"sma(20)x":               `sma: found "sma(20)x"; expected it to end with a parenthesis: sma(period=20)`,
		"sma(twenty)":            `sma: found "twenty"; expected a number, as in sma(20)`,
		"macd(12,,9)":            `macd: found nothing; expected a number, as in macd(12,26,9)`,
		"sma(2.5)":               "sma: period: found 2.5; expected a whole number from 1 to 1048576",
		"sma(0)":                 "sma: period: found 0; expected a whole number from 1 to 1048576",
		"stdev(1)":               "stdev: period: found 1; expected a whole number from 2 to 1048576",
		"sma(1048577)":           "sma: period: found 1048577; expected a whole number from 1 to 1048576",
		"sma(nan)":               "sma: period: found NaN; expected a whole number from 1 to 1048576",
		"sma(inf)":               "sma: period: found +Inf; expected a whole number from 1 to 1048576",
		"bollinger(20,-1)":       "bollinger: deviations: found -1; expected a number from 0 to 1000",
		"sma(20,2)":              "sma: found 2 arguments; expected at most 1: sma(period=20)",
		"macd(1,2,3,4)":          "macd: found 4 arguments; expected at most 3: macd(fast=12, slow=26, signal=9)",
		strings.Repeat("x", 999): `found "` + strings.Repeat("x", 40) + `" …, 999 bytes; expected an indicator such as sma(20)`,
	} {
		if _, _, err := New(text); want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%q:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

func TestOutput(t *testing.T) {
	spec, err := Find("macd")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"": 0, "macd": 0, "signal": 1, "histogram": 2} {
		if got, err := spec.Output(name); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", name, got, err, want)
		}
	}
	const want = `macd: found the unknown output "singal" (did you mean signal?); expected one of macd, signal, histogram`
	if _, err := spec.Output("singal"); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestSpecsAreComplete(t *testing.T) {
	var names []string
	for _, s := range Specs() {
		names = append(names, s.Name)
		if s.Doc == "" || len(s.Args) == 0 || len(s.Outputs) == 0 {
			t.Errorf("%s says too little of itself", s.Name)
		}
		if _, ok := firstValues()[s.Text(s.defaults())]; !ok {
			t.Errorf("%s is not among firstValues: no property is tested of it", s.Text(s.defaults()))
		}
		if _, err := s.New(nil); err != nil {
			t.Error(err)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("the names are not sorted: %v", names)
	}
}

// FuzzParse: what is read makes an indicator that takes candles, and its text
// reads back the same.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"sma(20)", "macd", "bollinger(20, 2.5)", "sma(1e99)", "stdev(0x10)", "((", "rsi(-1)", "macd(,)", "ema(nan)"} {
		f.Add(text)
	}
	bars := walk(40, 1)
	f.Fuzz(func(t *testing.T, text string) {
		spec, args, err := Parse(text)
		if err != nil {
			if len(err.Error()) > 1000 {
				t.Errorf("a message of %d bytes", len(err.Error()))
			}
			return
		}
		again, argsAgain, err := Parse(spec.Text(args))
		if err != nil || again.Name != spec.Name || !slices.Equal(argsAgain, args) {
			t.Fatalf("%q reads back as %s, %v", spec.Text(args), again.Text(argsAgain), err)
		}
		ind, err := spec.New(args)
		if err != nil {
			t.Fatal(err)
		}
		Columns(ind, len(spec.Outputs), bars)
	})
}
