package roster

import (
	"reflect"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
)

func TestEveryKeyOfTheFile(t *testing.T) {
	r := read(t, `
name: my-subnet
description: |
  Two
  lines.
seed: 18446744073709551615
weights_every: 1d
challenge_every: 12h
emission_per_day: 2952.5
registration_fee: 0.3
slots: 64
miners:
  - {name: a, strategy: crossover}
`)
	want := Roster{
		Name: "my-subnet", Description: "Two\nlines.", Seed: 1<<64 - 1, WeightsEveryMS: day, ChecksEveryMS: 12 * hour,
		EmissionPerDay: 2952.5, RegistrationFee: 0.3, Slots: 64, SHA256: r.SHA256, groups: r.groups,
	}
	if !reflect.DeepEqual(*r, want) {
		t.Errorf("got  %+v\nwant %+v", *r, want)
	}
	bare := read(t, "miners: [{name: a, strategy: crossover}]")
	want = Roster{Name: "my", SHA256: bare.SHA256, groups: bare.groups}
	if !reflect.DeepEqual(*bare, want) {
		t.Errorf("got  %+v\nwant %+v", *bare, want)
	}
	// printf 'miners: [{name: a, strategy: crossover}]' | sha256sum
	if want := "0e492bf82a115febe5bdc0da154d1df9ad540772c5b2e9b69043331bb2c417fc"; bare.SHA256 != want {
		t.Errorf("SHA-256 %s, want %s", bare.SHA256, want)
	}
}

func TestEveryKeyOfAMiner(t *testing.T) {
	miners := cast(t, `
miners:
  - name: trend
    strategy: crossover
    params: {slow: 1440, fast: 288, pairs: [BTCUSD, ETHUSD], average: "ema"}
    state: main
    registers: 2025-02-01
    latency: 2s
    fill: close
    seed: 5
    again: 1d
  - name: plain
    strategy: buy-and-hold
    state: challenge
    fill: open
    registers: 36h
  - name: early
    strategy: buy-and-hold
    registers: 2024-01-01T12:00:00Z
  - name: shadow
    copies: trend
    delay: 5m
    registers: 2025-01-07T00:00:01.5Z
`)
	for i := range miners {
		if (miners[i].Make == nil) != (miners[i].Copies != "") {
			t.Errorf("%s: a strategy and a leader, or neither", miners[i].Name)
		}
		miners[i].Make = nil
	}
	five := uint64(5)
	want := []subnet.Miner{
		{
			// The parameters in the strategy's order, those that the file gives.
			Name: "trend", Group: "trend", Strategy: "crossover",
			Params:      []strategies.Setting{{Name: "fast", Value: "288"}, {Name: "slow", Value: "1440"}, {Name: "average", Value: "ema"}, {Name: "pairs", Value: "BTCUSD,ETHUSD"}},
			RegistersMS: 1738368000_000, // date -u -d 2025-02-01 +%s
			Main:        true, LatencyMS: 2000, Fill: sim.FillLastClose, Seed: &five, AgainMS: day,
		},
		{Name: "plain", Group: "plain", Strategy: "buy-and-hold", RegistersMS: fromMS + 36*hour},
		{Name: "early", Group: "early", Strategy: "buy-and-hold", RegistersMS: fromMS},
		{Name: "shadow", Group: "shadow", Strategy: "copycat", Copies: "trend", DelayMS: 300_000, RegistersMS: fromMS + day + 1500,
			Params: []strategies.Setting{{Name: "copies", Value: "trend"}, {Name: "delay", Value: "5m"}},
		},
	}
	if !reflect.DeepEqual(miners, want) {
		t.Errorf("got  %+v\nwant %+v", miners, want)
	}
}

// TestWhatIsWrongIsToldWithItsLine: each text is a file, in which the name of a
// miner a on line 2 is taken as given.
func TestWhatIsWrongIsToldWithItsLine(t *testing.T) {
	entry := func(lines ...string) string {
		return "miners:\n  - name: a\n    " + strings.Join(lines, "\n    ") + "\n"
	}
	params := func(strategy, params string) string { return entry("strategy: "+strategy, "params: "+params) }
	for name, c := range map[string]struct{ text, want string }{
		"Empty":           {"", "my.yaml: found an empty file; expected a subnet: miners, a list of miners and populations"},
		"NoYAML":          {"a: [", "my.yaml:1:4: found a text that is no YAML: sequence end token ']' not found"},
		"TooLong":         {strings.Repeat("#", bytesMax+1), "my.yaml: found a longer file; expected at most 1048576 bytes"},
		"NoMapping":       {"- a\n", "my.yaml:1:1: found a list; expected a mapping: name, description, seed, weights_every, challenge_every, emission_per_day, registration_fee, slots or miners"},
		"UnknownKey":      {"sed: 7\nminers: []\n", "my.yaml:1:1: sed: found an unknown key; expected name, description, seed, weights_every, challenge_every, emission_per_day, registration_fee, slots or miners (did you mean seed?)"},
		"KeyTwice":        {"seed: 7\nseed: 8\nminers: []\n", "my.yaml:2:1: seed: found the key a second time; expected it once: it stands on line 1"},
		"NoMiners":        {"seed: 7\n", "my.yaml:1:1: found no miners; expected miners: a list of miners and populations"},
		"MinersNoList":    {"miners: 7\n", "my.yaml:1:9: miners: found 7; expected a list"},
		"NoMiner":         {"miners: []\n", "my.yaml:1:9: miners: found an empty list; expected at least one miner"},
		"Seed":            {"seed: -1\n", "my.yaml:1:7: seed: found -1; expected a whole number from 0 to 18446744073709551615"},
		"SeedText":        {"seed: 'a'\n", `my.yaml:1:7: seed: found "a"; expected a whole number from 0 to 18446744073709551615`},
		"WeightsEvery":    {"weights_every: 5\n", "my.yaml:1:16: weights_every: found 5; expected a length of time, such as 500ms, 30s, 5m, 12h or 10d"},
		"WeightsEvery0":   {"weights_every: 0\n", "my.yaml:1:16: weights_every: found 0; expected a time of a minute or more, such as 5m or 1d"},
		"ChallengeEvery":  {"challenge_every: -1d\n", `my.yaml:1:18: challenge_every: found "-1d"; expected a length of time, such as 500ms, 30s, 5m, 12h or 10d`},
		"Emission":        {"emission_per_day: 0\n", "my.yaml:1:19: emission_per_day: found 0; expected a number over 0, at most 1e+15"},
		"EmissionHuge":    {"emission_per_day: 1e16\n", "my.yaml:1:19: emission_per_day: found \"1e16\"; expected a number over 0, at most 1e+15"},
		"Fee":             {"registration_fee: -0.1\n", "my.yaml:1:19: registration_fee: found -0.1; expected a number, 0 or more, at most 1e+15"},
		"FeeText":         {"registration_fee: much\n", `my.yaml:1:19: registration_fee: found "much"; expected a number`},
		"Slots":           {"slots: 0\n", "my.yaml:1:8: slots: found 0; expected a whole number from 1 to 65536"},
		"NameOfFile":      {"name: 7\n", "my.yaml:1:7: name: found 7; expected a text; in quotes where it looks like something else"},
		"Description":     {"description: [a]\n", "my.yaml:1:14: description: found a list; expected a text; in quotes where it looks like something else"},
		"NoName":          {"miners:\n  - strategy: crossover\n", "my.yaml:2:5: miners[0]: found nothing for name; expected the miner's name, or that of the population"},
		"NameSpace":       {"miners:\n  - name: a b\n", `my.yaml:2:11: miners[0].name: found "a b"; expected a letter or a digit, then letters, digits, -, _ and ., at most 64 together`},
		"NameOfSuccessor": {"miners:\n  - name: a~2\n", `my.yaml:2:11: miners[0].name: found "a~2"; expected a letter or a digit, then letters, digits, -, _ and ., at most 64 together`},
		"NameDots":        {"miners:\n  - name: ..\n", `my.yaml:2:11: miners[0].name: found ".."; expected a letter or a digit, then letters, digits, -, _ and ., at most 64 together`},
		"NameLong":        {"miners:\n  - name: " + strings.Repeat("a", 65) + "\n", `my.yaml:2:11: miners[0].name: found "` + strings.Repeat("a", 60) + `…"; expected a letter or a digit, then letters, digits, -, _ and ., at most 64 together`},
		"NameTwice":       {"miners:\n  - {name: a, strategy: random}\n  - {name: a, strategy: random}\n", "my.yaml:3:12: miners[1].name: found the name a a second time; expected names that differ: it is also of miners[0]"},
		"NameOfAMember":   {"miners:\n  - {name: a, strategy: random, count: 2}\n  - {name: a-02, strategy: random}\n", "my.yaml:3:12: miners[1].name: found the name a-02 a second time; expected names that differ: it is also of miners[0]"},
		"MinerNoMapping":  {"miners:\n  - a\n", `my.yaml:2:5: miners[0]: found "a"; expected a mapping: name, count, strategy, copies, positions, signals, params, delay, miner, fills, clip, state, registers, latency, fill, seed or again`},
		"UnknownMinerKey": {entry("strategie: random"), "my.yaml:3:5: miners[0].strategie: found an unknown key; expected name, count, strategy, copies, positions, signals, params, delay, miner, fills, clip, state, registers, latency, fill, seed or again (did you mean strategy?)"},
		"DoesNothing":     {entry("count: 2"), "my.yaml:2:5: miners[0]: found nothing that it does; expected one of strategy, copies, positions and signals"},
		"DoesTwoThings":   {entry("strategy: random", "copies: b"), "my.yaml:2:5: miners[0]: found strategy and copies; expected one of strategy, copies, positions and signals"},
		"Count":           {entry("count: 10001", "strategy: random"), "my.yaml:3:12: miners[0].count: found 10001; expected a whole number from 1 to 10000"},
		"CountInAll":      {entry("count: 10000", "strategy: random") + "  - {name: b, strategy: random}\n", "my.yaml:5:5: miners[1]: found 10001 miners up to here; expected at most 10000 in all"},
		"State":           {entry("state: founder"), `my.yaml:3:12: miners[0].state: found "founder"; expected main or challenge`},
		"Fill":            {entry("fill: now"), `my.yaml:3:11: miners[0].fill: found "now"; expected open or close`},
		"Registers":       {entry("registers: soon"), `my.yaml:3:16: miners[0].registers: found "soon"; expected a date (2025-02-01), a time (2025-02-01T12:00:00Z), or how long after the start of the range (10d, 36h)`},
		"RegistersBefore": {entry("registers: -1d"), `my.yaml:3:16: miners[0].registers: found "-1d"; expected a date (2025-02-01), a time (2025-02-01T12:00:00Z), or how long after the start of the range (10d, 36h)`},
		"RegistersMixed":  {entry("registers: {uniform: [1d, 2025-02-01]}"), `my.yaml:3:31: miners[0].registers.uniform[1]: found "2025-02-01"; expected dates alone, or offsets from the start of the range alone`},
		"SeriesEvery":     {entry("registers: {from: 2d}"), "my.yaml:3:16: miners[0].registers: found nothing for every; expected the time from one registration to the next, such as every: 6h"},
		"SeriesUniform":   {entry("registers: {every: 1d, uniform: [1d, 2d]}"), "my.yaml:3:28: miners[0].registers.uniform: found an unknown key; expected every or from"},
		"Latency":         {entry("latency: 2"), "my.yaml:3:14: miners[0].latency: found 2; expected a length of time, such as 500ms, 30s, 5m, 12h or 10d"},
		"LatencyBounds":   {entry("latency: {uniform: [30s, 1s]}"), "my.yaml:3:14: miners[0].latency: found bounds that do not ascend; expected the lower bound first, then a higher one"},
		"Again0":          {entry("again: 0"), "my.yaml:3:12: miners[0].again: found less than a minute; expected 1m or more; or no key at all where nobody follows"},
		"AgainLow":        {entry("again: {uniform: [59s, 1d]}"), "my.yaml:3:12: miners[0].again: found less than a minute; expected 1m or more; or no key at all where nobody follows"},
		"AgainMin":        {entry("again: {choice: [1d, 59999ms]}"), "my.yaml:3:12: miners[0].again: found less than a minute; expected 1m or more; or no key at all where nobody follows"},
		"SeedOfMany":      {entry("strategy: random", "count: 2", "seed: 1"), "my.yaml:5:11: miners[0].seed: found a seed of a population; expected it for single miners: each of a population has its own, split off by its name"},
		"SeedOfCopycat":   {entry("copies: b", "seed: 1"), "my.yaml:4:11: miners[0].seed: found it beside copies; expected it beside strategy alone"},
		"ParamsOfCopycat": {entry("copies: b", "params: {a: 1}"), "my.yaml:4:13: miners[0].params: found it beside copies; expected it beside strategy alone"},
		"DelayOfStrategy": {entry("strategy: random", "delay: 1m"), "my.yaml:4:12: miners[0].delay: found it beside strategy; expected it beside copies alone"},
		"FillsOfSignals":  {entry("signals: a.csv", "fills: recorded"), "my.yaml:4:12: miners[0].fills: found it beside signals; expected it beside positions alone"},
		"Fills":           {entry("fills: real"), `my.yaml:3:12: miners[0].fills: found "real"; expected recorded or simulated`},
		"ClipOfStrategy":  {entry("strategy: random", "clip: true"), "my.yaml:4:11: miners[0].clip: found it beside strategy; expected it beside positions or signals alone"},
		"Clip":            {entry("clip: 1"), "my.yaml:3:11: miners[0].clip: found 1; expected true or false"},
		"MinerOfStrategy": {entry("strategy: random", "miner: b"), "my.yaml:4:12: miners[0].miner: found it beside strategy; expected it beside positions or signals alone"},
		"CountOfSignals":  {entry("signals: a.csv", "count: 2"), "my.yaml:4:12: miners[0].count: found it beside signals; expected it beside strategy or copies alone"},
		"AgainOfFile":     {entry("positions: a.json", "again: 1d"), "my.yaml:4:12: miners[0].again: found it beside positions; expected it beside strategy or copies alone"},
		"Strategy":        {entry("strategy: crosover"), `my.yaml:3:15: miners[0].strategy: found the unknown strategy "crosover" (did you mean crossover?); expected one of buy-and-hold, crossover, macd, rsi-reversion, bollinger-reversion, donchian, momentum, cross-momentum, carry-trend, martingale, random, volatility-target, twap, or a script (my.star), a portfolio (my.yaml), a program ('exec:python3 my.py')`},
		"StrategyEmpty":   {entry("strategy: ''"), `my.yaml:3:15: miners[0].strategy: found ""; expected a text of at most 4096 bytes`},
		"ScriptMissing":   {entry("strategy: my.star"), "my.yaml:3:15: miners[0].strategy: found what can't be used: my.star: found no such file; expected a script, such as those that 'ptnsim strategies example' lists"},
		"Param":           {params("buy-and-hold", "{levrage: 1}"), "my.yaml:4:14: miners[0].params.levrage: found an unknown parameter; expected one of buy-and-hold's: leverage, direction, pairs (did you mean leverage?)"},
		"ParamValue":      {params("crossover", "{fast: many}"), `my.yaml:4:14: miners[0].params.fast: found "many"; expected a whole number from 1 to 1048575`},
		"ParamNothing":    {params("crossover", "{fast: }"), "my.yaml:4:19: miners[0].params.fast: found nothing; expected a value, a list, or a distribution such as {uniform: [1, 10]}"},
		"ParamsList":      {params("crossover", "[1]"), "my.yaml:4:13: miners[0].params: found a list; expected a mapping from parameters to values"},
		"ParamLong":       {params("twap", "{"+strings.Repeat("of.", 43)+"of: twap}"), "my.yaml:4:14: miners[0].params: found a parameter's name that is longer; expected at most 128 bytes"},
		"ParamTwice":      {params("crossover", "{fast: 1, fast: 2}"), "my.yaml:4:23: miners[0].params.fast: found the key a second time; expected it once: it stands on line 4"},
		"ParamsTogether":  {params("crossover", "{fast: 10, slow: 5}"), "my.yaml:3:15: miners[0]: found what can't be used: crossover: fast: found 10; expected less than slow, which is 5"},
		"WrapperOf":       {params("twap", "{of: nothing}"), `my.yaml:3:15: miners[0]: found what can't be used: of: found the unknown strategy "nothing"; expected one of buy-and-hold, crossover, macd, rsi-reversion, bollinger-reversion, donchian, momentum, cross-momentum, carry-trend, martingale, random, volatility-target, twap, or a script (my.star), a portfolio (my.yaml), a program ('exec:python3 my.py')`},
		"Copies":          {entry("copies: b") + "  - {name: bb, strategy: random}\n", `my.yaml:3:13: miners[0].copies: found "b", which is nobody (did you mean bb?); expected the name of a miner or of a population of this file`},
		"CopiesItself":    {entry("copies: a"), "my.yaml:3:13: miners[0].copies: found a circle: a copies itself in the end; expected miners that copy others"},
		"CopiesCircle":    {"miners:\n  - {name: c, copies: a}\n  - {name: a, copies: b}\n  - {name: b, copies: a}\n", "my.yaml:3:23: miners[1].copies: found a circle: a copies itself in the end; expected miners that copy others"},
		"Positions":       {entry("positions: none.json"), "my.yaml:3:16: miners[0].positions: found what can't be used: none.json: found no such file; expected a validator's file of positions"},
		"Signals":         {entry("signals: none.csv"), "my.yaml:3:14: miners[0].signals: found what can't be used: none.csv: found no such file; expected a file of signals"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("my.yaml", []byte(c.text), options())
			if err == nil {
				t.Fatal("no error")
			}
			if got := firstLine(err); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWrongDistributionsAreToldWithTheirLine(t *testing.T) {
	for name, c := range map[string]struct{ strategy, param, want string }{
		"None":            {"momentum", "lookback: {}", "my.yaml:4:24: miners[0].params.lookback: found 0 distributions; expected one: uniform, loguniform, normal or choice"},
		"Two":             {"momentum", "lookback: {uniform: [1, 2], normal: [1, 2]}", "my.yaml:4:24: miners[0].params.lookback: found 2 distributions; expected one: uniform, loguniform, normal or choice"},
		"Unknown":         {"momentum", "lookback: {unifrom: [1, 2]}", "my.yaml:4:25: miners[0].params.lookback.unifrom: found an unknown key; expected uniform, loguniform, normal, choice, min or max (did you mean uniform?)"},
		"Three":           {"momentum", "lookback: {uniform: [1, 2, 3]}", "my.yaml:4:34: miners[0].params.lookback.uniform: found 3 entries; expected at most 2"},
		"One":             {"momentum", "lookback: {uniform: [1]}", "my.yaml:4:34: miners[0].params.lookback.uniform: found 1 values; expected two: [from, to], of normal [mean, deviation]"},
		"Text":            {"momentum", "lookback: {uniform: [1, b]}", `my.yaml:4:38: miners[0].params.lookback.uniform[1]: found "b"; expected a number`},
		"Huge":            {"momentum", "lookback: {uniform: [1, 1e16]}", "my.yaml:4:38: miners[0].params.lookback.uniform[1]: found \"1e16\"; expected a number up to 1e15"},
		"Equal":           {"momentum", "lookback: {uniform: [2, 2]}", "my.yaml:4:24: miners[0].params.lookback: found bounds that do not ascend; expected the lower bound first, then a higher one"},
		"LogOf0":          {"momentum", "leverage: {loguniform: [0, 2]}", "my.yaml:4:24: miners[0].params.leverage: found a lower bound that is not over 0; expected one over 0: what is drawn evenly is the logarithm"},
		"NoDeviation":     {"momentum", "leverage: {normal: [1, 0]}", "my.yaml:4:24: miners[0].params.leverage: found a standard deviation that is not over 0; expected [mean, deviation], the deviation over 0"},
		"MinOfUniform":    {"momentum", "leverage: {uniform: [1, 2], min: 1}", "my.yaml:4:24: miners[0].params.leverage: found min or max beside uniform; expected them beside normal alone: what is drawn outside is drawn again"},
		"MinMax":          {"momentum", "leverage: {normal: [1, 2], min: 1, max: 1}", "my.yaml:4:24: miners[0].params.leverage: found a min that is not below max; expected min below max"},
		"FarBounds":       {"momentum", "leverage: {normal: [1, 0.01], min: 2}", "my.yaml:4:14: miners[0].params.leverage: found 1000 draws in a row outside its bounds; expected bounds that hold more of the distribution"},
		"NoChoice":        {"momentum", "leverage: {choice: []}", "my.yaml:4:33: miners[0].params.leverage.choice: found an empty list; expected at least one value"},
		"ChoiceRefused":   {"momentum", "direction: {choice: [both, up]}", `my.yaml:4:14: miners[0].params.direction: found "up"; expected one of both, long, short`},
		"ChoiceMapping":   {"momentum", "direction: {choice: [{a: b}]}", "my.yaml:4:35: miners[0].params.direction.choice[0]: found a mapping; expected a value, a list, or a distribution such as {uniform: [1, 10]}"},
		"NotWhole":        {"momentum", "lookback: {uniform: [1.5, 9]}", "my.yaml:4:14: miners[0].params.lookback: found bounds that are not whole numbers; expected whole ones: the parameter is a whole number from 1 to 1048576"},
		"NotWholeNormal":  {"momentum", "lookback: {normal: [20, 2.5], min: -1}", `my.yaml:4:14: miners[0].params.lookback: found "-1"; expected a whole number from 1 to 1048576`},
		"OutOfRange":      {"momentum", "lookback: {uniform: [0, 9]}", `my.yaml:4:14: miners[0].params.lookback: found "0"; expected a whole number from 1 to 1048576`},
		"OutOfRangeHigh":  {"momentum", "leverage: {uniform: [0.5, 501]}", `my.yaml:4:14: miners[0].params.leverage: found "501"; expected a number from 0 to 500`},
		"OutOfRangeMin":   {"momentum", "leverage: {normal: [1, 1], min: -1}", `my.yaml:4:14: miners[0].params.leverage: found "-1"; expected a number from 0 to 500`},
		"NumbersOfWords":  {"momentum", "direction: {uniform: [1, 2]}", "my.yaml:4:14: miners[0].params.direction: found uniform of numbers; expected a value or {choice: […]}: the parameter is of the kind choice, both, long, short"},
		"OneParamOfMany":  {"volatility-target", "of: {choice: [crossover, buy-and-hold]}, of.fast: 10", "my.yaml:4:55: miners[0].params.of.fast: found an unknown parameter; expected one of volatility-target's: of, target, least, most, window, interval, rebalance, band, of.leverage, of.direction, of.pairs"},
		"NeverTogether":   {"crossover", "fast: {uniform: [100, 200]}, slow: {choice: [50, 60]}", "my.yaml:4:13: miners[0].params: found no set in 100 draws that crossover takes (the last: fast: found 146; expected less than slow, which is 60); expected distributions most of whose draws go together"},
		"MixedChoiceList": {"momentum", "pairs: {choice: [[BTCUSD, btc]]}", `my.yaml:4:14: miners[0].params.pairs: found "btc"; expected the id of a pair, such as BTCUSD: capital letters and digits`},
	} {
		t.Run(name, func(t *testing.T) {
			text := "miners:\n  - name: a\n    strategy: " + c.strategy + "\n    params: {" + c.param + "}\n"
			_, err := Parse("my.yaml", []byte(text), options())
			if err == nil {
				t.Fatal("no error")
			}
			if got := firstLine(err); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWrongLengthsAreTold(t *testing.T) {
	for value, want := range map[string]string{
		"{normal: [1s, 0]}":                    "my.yaml:1:47: miners[0].latency: found a standard deviation that is not over 0; expected [mean, deviation], the deviation over 0",
		"{normal: [1s, 1s], min: 2s, max: 1s}": "my.yaml:1:47: miners[0].latency: found a min that is not below max; expected min below max",
		"{normal: [1s, 1ms], min: 1h}":         "my.yaml:1:47: miners[0].latency: found 1000 draws in a row outside its bounds; expected bounds that hold more of the distribution",
		"{choice: [1s, 2]}":                    "my.yaml:1:61: miners[0].latency.choice[1]: found 2; expected a length of time, such as 500ms, 30s, 5m, 12h or 10d",
		"{choice: []}":                         "my.yaml:1:56: miners[0].latency.choice: found an empty list; expected at least one value",
		"{uniform: 5s}":                        `my.yaml:1:57: miners[0].latency.uniform: found "5s"; expected a list`,
	} {
		_, err := Parse("my.yaml", []byte("miners: [{name: a, strategy: random, latency: "+value+"}]"), options())
		if err == nil || firstLine(err) != want {
			t.Errorf("%s:\ngot  %v\nwant %s", value, err, want)
		}
	}
}
