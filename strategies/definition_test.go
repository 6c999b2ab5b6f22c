package strategies

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestBuiltins(t *testing.T) {
	var names []string
	for _, d := range Builtins() {
		names = append(names, d.Name)
		if d.Idea == "" || d.Doc == "" {
			t.Errorf("%s says too little of itself", d.Name)
		}
		params, err := d.Params()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range params {
			if p.Kind == "" || p.Range == "" || p.Doc == "" {
				t.Errorf("%s: parameter %s says too little of itself", d.Name, p.Name)
			}
			// A default is a legal value.
			if _, err := d.New([]Setting{{p.Name, p.Default}}); err != nil {
				t.Error(err)
			}
		}
	}
	if want := []string{"buy-and-hold", "crossover", "macd", "rsi-reversion", "bollinger-reversion", "donchian", "momentum", "cross-momentum", "carry-trend", "martingale", "random"}; !reflect.DeepEqual(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

func TestNewSetsParameters(t *testing.T) {
	d, err := Find("crossover")
	if err != nil {
		t.Fatal(err)
	}
	given := []Setting{{"slow", "50"}, {"fast", "5"}, {"average", "ema"}, {"leverage", "1e-1"}, {"direction", "long"}, {"pairs", "BTCUSD, EURUSD"}}
	s, err := d.New(given)
	if err != nil {
		t.Fatal(err)
	}
	want := &Crossover{Fast: 5, Slow: 50, Average: EMA, Placement: Placement{Leverage: 0.1, Direction: LongSide, Pairs: []string{"BTCUSD", "EURUSD"}}}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got %+v, want %+v", s, want)
	}
	resolved, err := d.Resolve(given)
	if err != nil {
		t.Fatal(err)
	}
	spelt := []Setting{{"fast", "5"}, {"slow", "50"}, {"average", "ema"}, {"leverage", "0.1"}, {"direction", "long"}, {"pairs", "BTCUSD,EURUSD"}, {"interval", ""}}
	if !reflect.DeepEqual(resolved, spelt) {
		t.Errorf("resolved to %v, want %v", resolved, spelt)
	}
	if again, err := d.Resolve(resolved); err != nil || !reflect.DeepEqual(again, spelt) {
		t.Errorf("what is resolved resolves to %v, %v", again, err)
	}
	if defaults, err := d.Resolve(nil); err != nil || defaults[0] != (Setting{"fast", "288"}) || defaults[5] != (Setting{"pairs", ""}) {
		t.Errorf("defaults %v, %v", defaults, err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		strategy string
		given    []Setting
		want     string
	}{
		{"crossover", []Setting{{"fats", "5"}}, `crossover: found the unknown parameter "fats" (did you mean fast?); expected one of fast, slow, average, leverage, direction, pairs, interval`},
		{"crossover", []Setting{{"fast", "5"}, {"fast", "6"}}, `crossover: found the parameter fast twice; expected it once`},
		{"crossover", []Setting{{"fast", "2.5"}}, `crossover: fast: found "2.5"; expected a whole number from 1 to 1048575`},
		{"crossover", []Setting{{"fast", ""}}, `crossover: fast: found nothing; expected a whole number from 1 to 1048575`},
		{"crossover", []Setting{{"fast", "0"}}, `crossover: fast: found "0"; expected a whole number from 1 to 1048575`},
		{"crossover", []Setting{{"slow", "99999999999999999999"}}, `crossover: slow: found "99999999999999999999"; expected a whole number from 2 to 1048576`},
		{"crossover", []Setting{{"fast", "1440"}}, `crossover: fast: found 1440; expected less than slow, which is 1440`},
		{"crossover", []Setting{{"average", "emma"}}, `crossover: average: found "emma"; expected one of sma, ema (did you mean ema?)`},
		{"crossover", []Setting{{"leverage", "-0.1"}}, `crossover: leverage: found "-0.1"; expected a number from 0 to 500`},
		{"crossover", []Setting{{"leverage", "NaN"}}, `crossover: leverage: found "NaN"; expected a number from 0 to 500`},
		{"crossover", []Setting{{"leverage", "much"}}, `crossover: leverage: found "much"; expected a number from 0 to 500`},
		{"crossover", []Setting{{"pairs", "BTCUSD,"}}, `crossover: pairs: found nothing; expected the id of a pair, such as BTCUSD: capital letters and digits`},
		{"crossover", []Setting{{"pairs", "btcusd"}}, `crossover: pairs: found "btcusd" (did you mean BTCUSD?); expected the id of a pair, such as BTCUSD: capital letters and digits`},
		{"buy-and-hold", []Setting{{"direction", "both"}}, `buy-and-hold: direction: found "both"; expected one of long, short`},
	} {
		d, err := Find(c.strategy)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.New(c.given); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func TestFindRefuses(t *testing.T) {
	for name, want := range map[string]string{
		"cross-over": `found the unknown strategy "cross-over" (did you mean crossover?); expected one of buy-and-hold, crossover, macd, rsi-reversion, bollinger-reversion, donchian, momentum, cross-momentum, carry-trend, martingale, random`,
		"":           `found the unknown strategy nothing; expected one of buy-and-hold, crossover, macd, rsi-reversion, bollinger-reversion, donchian, momentum, cross-momentum, carry-trend, martingale, random`,
	} {
		if _, err := Find(name); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestFindLooksAmongOthersToo, behind the built-in ones.
func TestFindLooksAmongOthersToo(t *testing.T) {
	around := Definition{Name: "around", Kind: Wrapper}
	if d, err := Find("around", around); err != nil || d.Name != "around" || d.Kind != Wrapper {
		t.Errorf("got %+v, %v", d, err)
	}
	if _, err := Find("arond", around); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), "did you mean around?") {
		t.Errorf("got %v", err)
	}
}

func TestParseSetting(t *testing.T) {
	if got, err := ParseSetting(" fast = 20"); err != nil || got != (Setting{"fast", "20"}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{"fast", "=20", ""} {
		if _, err := ParseSetting(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// TestASettingThatCantBeTakenIsNamed: by its place among those that were given; what
// concerns several of them is of none.
func TestASettingThatCantBeTakenIsNamed(t *testing.T) {
	d, err := Find("crossover")
	if err != nil {
		t.Fatal(err)
	}
	for want, given := range map[int][]Setting{
		0:  {{"speed", "3"}},
		1:  {{"fast", "3"}, {"slow", "much"}},
		2:  {{"fast", "3"}, {"slow", "9"}, {"fast", "4"}},
		-1: {{"fast", "30"}, {"slow", "20"}},
	} {
		_, err := d.Resolve(given)
		got := -1
		if wrong, ok := errors.AsType[*SettingError](err); ok {
			got = wrong.Index
		}
		if err == nil || got != want {
			t.Errorf("%v: %d, %v", given, got, err)
		}
	}
}
