package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/strategies"
)

// parsed parses a text that is right.
func parsed(t *testing.T, text string) *Scenario {
	t.Helper()
	s, err := Parse("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// refusedWith parses a text that is wrong, and compares the first line of the error.
func refusedWith(t *testing.T, text, want string) {
	t.Helper()
	_, err := Parse("a.yaml", []byte(text))
	if err == nil {
		t.Fatal("no error")
	}
	if got, _, _ := strings.Cut(err.Error(), "\n"); got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

// refusedAt parses a text that is wrong where the mark « stands in it: the error, at
// that line and column.
func refusedAt(t *testing.T, text, want string) {
	t.Helper()
	before, after, ok := strings.Cut(text, "«")
	if !ok {
		t.Fatal("no mark in the text")
	}
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:])
	refusedWith(t, before+after, fmt.Sprintf("a.yaml:%d:%d: %s", line, column, want))
}

// small is a scenario of lines, with more lines behind it; the first of those is the
// fourth of the text.
func small(lines string) string {
	return "scenario: A title\nsynth: crash\nexpect: {final_return: 1}\n" + lines
}

const monday = 1_740_960_000_000 // 2025-03-03T00:00:00Z: 20150 days since 1970

func TestParseReadsWhatAScenarioSays(t *testing.T) {
	text := `# what this is about
scenario: Ten seconds to the millisecond are enough
section: 2. Orders
about: >-
  Less than 10 000 ms
  is too early.
rules: my/rules.yaml
set:
  cooldown.duration: 10s
  a.b: {c: [1, "2", x y, 'it''s', "a: b"], d: null, e: true}
  leverage:
    crypto: {min: 0.1}
data: {path: [candles/, ../more], pairs: [BTCUSD, EURUSD], interval: {BTCUSD: 5m, EURUSD: 1h}, max_gap: 2h}
from: 2025-03-03
to: 2025-03-03T12:30:00.250Z
as: challenge
fill: close
latency: 2s
seed: 18446744073709551615
strategy: my.star
params: {fast: 3, pairs: [BTCUSD, EURUSD], name: "a"}
tolerance: 1e-12
expect: {final_return: 1}
`
	s := parsed(t, text)
	if s.File != "a.yaml" || s.Text != text || s.Title != "Ten seconds to the millisecond are enough" || s.Section != "2. Orders" {
		t.Errorf("%q, %q, %q", s.File, s.Title, s.Section)
	}
	if s.About != "Less than 10 000 ms is too early." || s.Rules != "my/rules.yaml" || s.RulesAt.Line != 7 || s.RulesAt.Column != 8 {
		t.Errorf("%q, %q at %d:%d", s.About, s.Rules, s.RulesAt.Line, s.RulesAt.Column)
	}
	for i, want := range []struct {
		text string
		line int
	}{
		{"cooldown.duration=10s", 9},
		{`a.b={c: [1, "2", x y, "it's", "a: b"], d: null, e: true}`, 10},
		{"leverage={crypto: {min: 0.1}}", 11},
	} {
		if got := s.Overrides[i]; got.Text != want.text || got.At.Line != want.line || got.At.Column != 3 {
			t.Errorf("override %q at %d:%d, want %q on line %d", got.Text, got.At.Line, got.At.Column, want.text, want.line)
		}
	}
	data := s.Data
	if data.At.Line != 13 {
		t.Errorf("data on line %d", data.At.Line)
	}
	data.At = Place{}
	if want := (Data{Paths: []string{"candles/", "../more"}, Pairs: []string{"BTCUSD", "EURUSD"}, MaxGapMS: 7_200_000,
		Intervals: map[string]datasets.Interval{"BTCUSD": 5 * datasets.Minute, "EURUSD": datasets.Hour}}); !reflect.DeepEqual(data, want) {
		t.Errorf("%+v, want %+v", data, want)
	}
	if s.FromMS != monday || s.ToMS != monday+45_000_250 || s.As != sim.InChallenge || s.Fill != sim.FillLastClose || s.LatencyMS != 2000 {
		t.Errorf("%d to %d, %v, %v, %d", s.FromMS, s.ToMS, s.As, s.Fill, s.LatencyMS)
	}
	if s.Seed == nil || *s.Seed != 1<<64-1 || s.Tolerance != (condition.Tolerance{Distance: 1e-12}) {
		t.Errorf("%v, %v", s.Seed, s.Tolerance)
	}
	if want := []strategies.Setting{{Name: "fast", Value: "3"}, {Name: "pairs", Value: "BTCUSD,EURUSD"}, {Name: "name", Value: "a"}}; !reflect.DeepEqual(s.Actor.Params, want) || s.Actor.Strategy != "my.star" {
		t.Errorf("%q: %v", s.Actor.Strategy, s.Actor.Params)
	}
	if s.Actor.At.Line != 20 || s.Actor.At.Column != 11 || s.Actor.ParamsAt[1].Line != 21 || s.Actor.ParamsAt[1].Column != 19 {
		t.Errorf("the strategy at %+v, its second parameter at %+v", s.Actor.At, s.Actor.ParamsAt[1])
	}
	if len(s.Expect.Fields) != 1 || s.Expect.At.Line != 23 {
		t.Errorf("%+v", s.Expect)
	}
}

func TestParseLeavesTheRestAsItIs(t *testing.T) {
	s := parsed(t, "scenario: 7\ndata: sample\nsignals: my.csv\nexpect: {final_return: 1}\n")
	if s.Title != "7" || s.Section != "" || s.About != "" || s.Rules != rules.Default || s.Overrides != nil || !s.Data.Sample || s.Data.Paths != nil {
		t.Errorf("%+v", s)
	}
	if s.FromMS != 0 || s.ToMS != 0 || s.As != sim.Main || s.Fill != sim.FillNextOpen || s.LatencyMS != 0 || s.Seed != nil || s.Tolerance != (condition.Tolerance{}) {
		t.Errorf("%+v", s)
	}
	if s.Actor.Kind != OfAccount || s.Actor.SignalFile != "my.csv" || s.Actor.Signals != nil {
		t.Errorf("%+v", s.Actor)
	}
}

func TestParseReadsWhereCandlesAre(t *testing.T) {
	for text, want := range map[string]Data{
		"sample":                              {Sample: true},
		"candles/BTCUSD-1m.csv":               {Paths: []string{"candles/BTCUSD-1m.csv"}},
		"[a, sample]":                         {Paths: []string{"a", "sample"}},
		"{path: sample, pairs: [BTCUSD]}":     {Sample: true, Pairs: []string{"BTCUSD"}},
		"{path: a, interval: 1m, max_gap: 0}": {Paths: []string{"a"}, Intervals: map[string]datasets.Interval{"": datasets.Minute}, MaxGapMS: -1},
		"/somewhere/else":                     {Paths: []string{"/somewhere/else"}}, // as a subnet file may say it
	} {
		got := parsed(t, "scenario: a\nstrategy: b\nexpect: {final_return: 1}\ndata: "+text+"\n").Data
		if got.At.Line != 4 {
			t.Errorf("%s: on line %d", text, got.At.Line)
		}
		if got.At = (Place{}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}

func TestParseReadsWhoActs(t *testing.T) {
	for text, want := range map[string]Actor{
		"signals: a.csv\nminer: 5G":                       {SignalFile: "a.csv", Miner: "5G"},
		"positions: a.json\nfills: simulated\nminer: bob": {Positions: "a.json", Simulated: true, Miner: "bob"},
		"positions: a.json\nfills: recorded":              {Positions: "a.json"},
		"subnet: a.yaml":                                  {Kind: OfTournament, Subnet: "a.yaml"},
		"strategy: exec:python3 my.py":                    {Strategy: "exec:python3 my.py"},
	} {
		expect := "expect: {digest: _}\n" // account and tournament have one
		got := parsed(t, "scenario: a\ndata: sample\n"+expect+text+"\n").Actor
		if got.At.Line != 4 {
			t.Errorf("%s: on line %d", text, got.At.Line)
		}
		if got.At = (Place{}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const (
		acts = "one of signals, strategy, script, positions, subnet, score"
		from = "one of data, synth, candles"
	)
	for name, c := range map[string]struct{ text, want string }{
		"Empty":       {"# nothing\n", "a.yaml: found an empty file; expected a scenario: its title, who acts, and what is expected"},
		"TooLong":     {strings.Repeat("#", bytesMax+1), "a.yaml: found a longer file; expected at most 1048576 bytes"},
		"LineEnds":    {"scenario: a\r\nstrategy: b\rsynth: crash\r\n", "a.yaml:2:1: found a carriage return within the line; expected lines that end in LF, or in CR LF"},
		"Braces":      {"{scenario: a, strategy: b}\n", "a.yaml:1:1: found braces around the scenario; expected each key on a line of its own"},
		"NoTitle":     {"strategy: a\nsynth: crash\nexpect: {days: 1}\n", "a.yaml:1:1: found no title; expected scenario: what it shows, in a line"},
		"EmptyTitle":  {"scenario: ' '\n", `a.yaml:1:11: scenario: found " "; expected a text of one line, of at most 200 characters`},
		"BlockTitle":  {"scenario: |\n  a\n", "a.yaml:1:11: scenario: found a block of text; expected a text of one line"},
		"NobodyActs":  {small(""), "a.yaml:1:1: found nobody who acts; expected " + acts},
		"TwoAct":      {small("script: |\n  a\nstrategy: b\n"), "a.yaml:6:1: found script and strategy; expected " + acts},
		"NoCandles":   {"scenario: a\nstrategy: b\nexpect: {days: 1}\n", "a.yaml:1:1: found no candles; expected " + from},
		"TwoCandles":  {small("data: sample\nstrategy: b\n"), "a.yaml:4:1: found synth and data; expected " + from},
		"NoExpect":    {"scenario: a\nsynth: crash\nstrategy: b\n", "a.yaml:1:1: found nothing that is expected; expected expect: what comes of it, such as final_return: 1.02"},
		"Twice":       {"scenario: a\nscenario: b\n", "a.yaml:2:1: scenario: found the key a second time; expected it once: it stands on line 1"},
		"From":        {small("strategy: a\nfrom: 3 March\n"), `a.yaml:5:7: from: found "3 March"; expected a date (2025-03-03), a time (2025-03-03T12:00:00Z) or UTC ms`},
		"TooEarly":    {small("strategy: a\nfrom: 1999-12-31\n"), `a.yaml:5:7: from: found "1999-12-31"; expected a time from 2000 to 2099`},
		"TooFine":     {small("strategy: a\nfrom: 2025-03-03T00:00:00.0001Z\n"), `a.yaml:5:7: from: found "2025-03-03T00:00:00.0001Z"; expected a time in whole milliseconds`},
		"Backwards":   {small("strategy: a\nfrom: 2025-03-03\nto: 2025-03-03\n"), "a.yaml:6:5: to: found 2025-03-03T00:00:00Z; expected a time after the range begins, 2025-03-03T00:00:00Z"},
		"As":          {small("as: trial\n"), `a.yaml:4:5: as: found "trial"; expected main or challenge`},
		"Fill":        {small("fill: 1\n"), "a.yaml:4:7: fill: found 1; expected open or close"},
		"Latency":     {small("latency: 2\n"), "a.yaml:4:10: latency: found 2; expected a length of time, such as 500ms, 30s, 5m, 12h or 10d"},
		"Seed":        {small("seed: -1\n"), "a.yaml:4:7: seed: found -1; expected a whole number from 0 to 18446744073709551615"},
		"SetPath":     {small("set: {a=b: 1}\n"), `a.yaml:4:7: set: found "a=b"; expected a path of the rule set, such as cooldown.period`},
		"SetNothing":  {small("set: 10s\n"), `a.yaml:4:6: set: found "10s"; expected a mapping from paths of the rule set to values`},
		"Rules":       {small("rules: [a]\n"), "a.yaml:4:8: rules: found a list; expected a text"},
		"Path":        {small("positions: ''\n"), `a.yaml:4:12: positions: found ""; expected a text of at most 4096 bytes`},
		"Params":      {small("signals: a\nparams: {b: 1}\n"), "a.yaml:5:1: params: found it beside signals; expected it beside strategy or script alone"},
		"ParamValue":  {small("strategy: a\nparams: {b: {c: 1}}\n"), "a.yaml:5:13: params.b: found a mapping; expected a value, or a list of them"},
		"Fills":       {small("signals: a\nfills: recorded\n"), "a.yaml:5:1: fills: found it beside signals; expected it beside positions alone"},
		"Miner":       {small("signals: []\nminer: a\n"), "a.yaml:5:1: miner: found it beside signals; expected it beside a file of signals, or positions"},
		"MinerOfNone": {small("strategy: []\n"), "a.yaml:4:11: strategy: found a list; expected a text"},
		"SubnetAs":    {"scenario: a\nsynth: crash\nexpect: {emission: 1}\nsubnet: b\nas: main\n", "a.yaml:5:1: as: found it beside subnet; expected it beside signals or strategy or script or positions alone"},
		"ScoreData":   {"scenario: a\nsynth: crash\nexpect: {concentration: 1}\nscore: b\n", "a.yaml:2:1: synth: found it beside score; expected it beside signals or strategy or script or positions or subnet alone"},
		"Tolerance":   {small("tolerance: [1]\n"), "a.yaml:4:12: tolerance: found a list; expected a distance (1e-9) or a part (0.1%)"},
		"DataKey":     {"data: {pth: a}\n", "a.yaml:1:8: data.pth: found an unknown key; expected path, pairs, interval or max_gap (did you mean path?)"},
		"DataNoPath":  {"data: {max_gap: 1h}\n", "a.yaml:1:7: data: found no path; expected path: a folder or a file of candles, or sample"},
		"DataNone":    {"data: []\n", "a.yaml:1:7: data: found an empty list; expected at least one path"},
		"DataNothing": {"data:\n", "a.yaml:1:6: data: found nothing; expected sample, a path or a list of paths"},
		"DataPair":    {"data: {path: a, pairs: [BTC/USD]}\n", `a.yaml:1:25: data.pairs[1]: found "BTC/USD"; expected the id of a pair, such as BTCUSD: capital letters and digits (did you mean BTCUSD?)`},
		"OtherPairs":  {"data: {path: a, pairs: [BTCUSD], interval: {ETHUSD: 1m, EURUSD: 1m}}\n", `a.yaml:1:7: data.interval: found an interval of ETHUSD; expected intervals of the pairs that are taken: BTCUSD`},
		"Interval":    {"data: {path: a, interval: {BTCUSD: 1w}}\n", `a.yaml:1:36: data.interval.BTCUSD: found "1w"; expected the length of a candle, such as 1m, 15m, 4h or 1d`},
	} {
		t.Run(name, func(t *testing.T) { refusedWith(t, c.text, c.want) })
	}
}

func TestParseNamesTheKeyThatWasMeant(t *testing.T) {
	_, err := Parse("a.yaml", []byte("scenario: a\nsignal: []\n"))
	const want = "a.yaml:2:1: signal: found an unknown key; expected scenario, section, about, rules, set, data, synth, candles, from, to, as, fill, latency, seed, " +
		"signals, strategy, params, script, positions, fills, miner, subnet, score, tolerance or expect (did you mean signals?)"
	if got, _, _ := strings.Cut(err.Error(), "\n"); got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestReadBoundsTheFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.yaml")
	for _, c := range []struct{ text, want string }{
		{small("strategy: a\n"), ""},
		{strings.Repeat("# x\n", bytesMax/4+1), path + ": found a longer file; expected at most 1048576 bytes"},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Read(path)
		switch {
		case c.want == "" && (err != nil || s.File != path):
			t.Errorf("%v", err)
		case c.want != "" && (err == nil || err.Error() != c.want):
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	for path, found := range map[string]string{filepath.Join(dir, "b.yaml"): "no such file", dir: "a folder"} {
		if _, err := Read(path); err == nil || err.Error() != path+": found "+found+"; expected the file of a scenario" {
			t.Errorf("%v", err)
		}
	}
}
