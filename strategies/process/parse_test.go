package process

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

func TestWordsAreSplitAsAShellDoes(t *testing.T) {
	for text, want := range map[string][]string{
		`python3 a.py`:              {"python3", "a.py"},
		"  a \t b\n":                {"a", "b"},
		`'a b' "c d" e\ f`:          {"a b", "c d", "e f"},
		`a'b'"c"d`:                  {"abcd"},
		`'' ""`:                     {"", ""},
		`"a\"b\\c\$d\e"`:            {`a"b\c$d\e`},
		`'a\'`:                      {`a\`},
		`$HOME *.py "|" x\;'&' '>'`: {"$HOME", "*.py", "|", "x;&", ">"},
		`sh -c 'echo "hi" >&2; x'`:  {"sh", "-c", `echo "hi" >&2; x`},
	} {
		if got, err := splitWords(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`'a`, `"a`, `"a\"`, `a\`, `a | b`, `a.py>log`, `a 2>&1`, `a && b`, `a; b`, `a < b`, `a &`} {
		if got, err := splitWords(text); err == nil {
			t.Errorf("%s: got %q, want an error", text, got)
		}
	}
}

// TestNumbersReadBack bit for bit, and can't be taken for integers.
func TestNumbersReadBack(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0.0", 1: "1.0", -2: "-2.0", 0.1: "0.1", 1e6: "1e+06", 123456: "123456.0", 1.5e-7: "1.5e-07", 1e300: "1e+300",
		math.Inf(1): "null", math.MaxFloat64: "1.7976931348623157e+308", 5e-324: "5e-324", 100.25: "100.25",
	} {
		text := string(appendNumber(nil, x))
		if text != want {
			t.Errorf("%g is written %s, want %s", x, text, want)
		}
		if back, err := strconv.ParseFloat(text, 64); text != "null" && (err != nil || back != x) {
			t.Errorf("%s reads back as %g", text, back)
		}
		if !json.Valid([]byte(text)) {
			t.Errorf("%s is not JSON", text)
		}
	}
	if got := string(appendNumber(nil, math.NaN())); got != "null" {
		t.Errorf("NaN is written %s", got)
	}
}

// TestDigestIsOfTheFiles: of one its SHA-256, here of "a" by FIPS 180's
// example programs: sha256sum prints ca97… for it.
func TestDigestIsOfTheFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.py", "a")
	write(t, "b.py", "b")
	const ofA = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
	one, err := (Options{}).digest([]string{"sh", "a.py", "--x=1", "missing.py"})
	if err != nil || one != ofA {
		t.Errorf("one file: got %s %v, want %s", one, err, ofA)
	}
	two, _ := (Options{}).digest([]string{"sh", "a.py", "b.py"})
	swapped, _ := (Options{}).digest([]string{"sh", "b.py", "a.py"})
	if two == one || two == swapped || len(two) != 64 {
		t.Errorf("two files: %s, the other way round %s", two, swapped)
	}
	if none, _ := (Options{}).digest([]string{"sh", "-c", "exit"}); none != "" {
		t.Errorf("no file: %s", none)
	}
	write(t, "b.py", "c")
	if changed, _ := (Options{}).digest([]string{"sh", "a.py", "b.py"}); changed == two {
		t.Error("another content, the same digest")
	}
}

// FuzzAnswer: whatever a program writes is an answer whose orders a run can take,
// or a failure that can be shown.
func FuzzAnswer(f *testing.F) {
	pairs := market.PairIDs(market.Pairs())
	for _, seed := range []string{
		`{"type":"orders","now_ms":5}`,
		`{"type":"orders","now_ms":5,"orders":[{"pair":"BTCUSD","order_type":"LONG","leverage":0.1,"uuid":"x"}],"wake_at_ms":6}`,
		`{"type":"orders","now_ms":5,"orders":[{"pair":"BTCUSD","target":-0.1},{"pair":"BTCUSD","reduce":0.1},{"pair":"BTCUSD","order_type":"FLAT"}]}`,
		`{"type":"error","message":"` + strings.Repeat("é", 3000) + `"}`,
		`{"type":"bye"}`, `{`, ``, `null`, `[]`, "{\"type\":\"\xff\"}", `{"type":"orders","now_ms":1e999}`, `{"type":"orders","type":5}`,
		strings.Repeat(`{"type":`, 100),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		a, err := parseAnswer(line, 5, pairs)
		if err != nil {
			checkFailure(t, err, line)
			return
		}
		for _, o := range a.Orders {
			known := slices.Contains(pairs, o.Pair)
			goal := o.Target != nil || o.Reduce != nil
			if !known || goal == (o.kind != 0) || math.IsNaN(o.leverage) || math.IsInf(o.leverage, 0) || o.kind == sim.Long && o.leverage < 0 || o.kind == sim.Short && o.leverage > 0 {
				t.Errorf("%q is taken for %+v", line, o)
			}
		}
		if a.NowMS != 5 || a.WakeAtMS != 0 && a.WakeAtMS <= 5 || len(a.Orders) > ordersMax {
			t.Errorf("%q is taken for %+v", line, a)
		}
	})
}

// FuzzReady: and so are its wishes.
func FuzzReady(f *testing.F) {
	for _, seed := range []string{
		plainReady,
		`{"type":"ready","protocol":1,"subscribe":[{"pair":"BTCUSD","interval_ms":3600000}],"decide":[{"candles":50},{"every":"1h"}],"history":"all","columns":["close"],"want":["room"],"candles":"arrow"}`,
		`{"type":"ready","protocol":1,"decide":{"indicator":"sma(20)","is":"crosses","of":"bollinger(20,2).upper","pair":"BTCUSD"}}`,
		`{"type":"ready","protocol":1,"decide":{"moved":0.005},"history":10,"subscribe":"all"}`,
		`{"type":"ready","protocol":2}`, `{"type":"ready","protocol":1,"decide":null,"subscribe":null,"history":null,"columns":null}`,
		`{"type":"ready","protocol":1,"decide":{"indicator":"close","is":"above","of":{}}}`,
	} {
		f.Add([]byte(seed))
	}
	have := columns{true, datasets.OHLC}
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := parseReady(line)
		if err != nil {
			checkFailure(t, err, line)
			return
		}
		if r.History < allHistory {
			t.Errorf("%q: history %d", line, r.History)
		}
		for i := range r.Decide {
			rule := &r.Decide[i]
			if err := rule.single(); err != nil {
				checkFailure(t, err, line)
				continue
			}
			if _, err := parseOperand(rule.Indicator, have); err != nil {
				checkFailure(t, err, line)
			}
			if _, err := parseOf(rule.Of, have); err != nil {
				checkFailure(t, err, line)
			}
		}
	})
}

// checkFailure holds what is shown of a line against what a person can read.
func checkFailure(t *testing.T, err error, line []byte) {
	t.Helper()
	f, ok := err.(*Failure)
	if !ok {
		t.Fatalf("%q: %T, want a failure", line, err)
	}
	if text := f.Error(); len(text) > 8000 || !utf8.ValidString(text) {
		t.Errorf("%q: a message of %d bytes: %q", line, len(text), text)
	}
}

// FuzzWords: what is split is put together again by quoting each word.
func FuzzWords(f *testing.F) {
	f.Add(`python3 "a b.py" 'c' \d`)
	f.Fuzz(func(t *testing.T, command string) {
		words, err := splitWords(command)
		if err != nil {
			return
		}
		var quotedWords []string
		for _, w := range words {
			quotedWords = append(quotedWords, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
		}
		if again, err := splitWords(strings.Join(quotedWords, " ")); err != nil || !slices.Equal(again, words) {
			t.Errorf("%q: %q, again %q %v", command, words, again, err)
		}
	})
}
