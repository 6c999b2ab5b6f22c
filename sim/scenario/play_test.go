package scenario_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/synth"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scenario"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/catalog"
	"github.com/ptnsim/ptnsim/strategies/script"
)

// library is what the command plays with.
func library() scenario.Library {
	return scenario.Library{
		Find: new(catalog.Catalog).Find, Digest: digest,
		Script: func(name string, text []byte) (strategies.Definition, error) { return script.Parse(name, text) },
	}
}

// digest is what a result folder of the play would say.
func digest(p *scenario.Play) (string, error) {
	var files []reports.DatasetFile
	for _, c := range p.Candles {
		files = append(files, reports.DatasetFile{Pair: c.Pair, Interval: c.Interval.String(), Content: c.Content})
	}
	if p.Tournament != nil {
		return reports.SubnetDigest(&reports.Subnet{Rules: p.Rules, Dataset: files, Name: p.RosterName, Source: p.RosterSHA256, Result: p.Tournament}), nil
	}
	s := p.Scenario
	run := &reports.Run{Rules: p.Rules, Dataset: files, Strategy: p.Strategy, Source: p.SHA256, Seed: p.Seed,
		As: s.As, Fill: s.Fill, LatencyMS: s.LatencyMS, Result: p.Account, Assessment: p.Assessment}
	for _, of := range p.Params {
		run.Params = append(run.Params, reports.Param(of))
	}
	return reports.Digest(run), nil
}

// write puts files into a new folder.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// play plays the scenario of a text that stands in a folder.
func play(t testing.TB, p *scenario.Player, dir, text string) (*scenario.Play, error) {
	t.Helper()
	s, err := scenario.Parse(filepath.Join(dir, "s.yaml"), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p.Play(context.Background(), s)
}

// played is a play that must come to something.
func played(t testing.TB, dir, text string) *scenario.Play {
	t.Helper()
	p := scenario.NewPlayer(library())
	t.Cleanup(func() { p.Close() })
	of, err := play(t, p, dir, text)
	if err != nil {
		t.Fatal(err)
	}
	return of
}

// up is two days of Bitcoin in candles of five minutes: 100, from noon of the second
// day on 110.
const up = `
candles:
  BTCUSD: {every: 5m, from: 2025-03-04T00:00:00Z, to: 2025-03-06T00:00:00Z, price: 100, moves: {2025-03-05T12:00:00Z: 110}, volume: 1000}
`

const expect = "expect: {final_return: _}\n"

const longHalf = `
signals:
  - 2025-03-04T02:00:00Z BTCUSD LONG 0.1 at 100
  - 2025-03-05T14:00:00Z BTCUSD FLAT at 110
`

// candlesOf is a data set with the candles of up.
func candlesOf(t testing.TB, format datasets.Format) (dir string) {
	t.Helper()
	pair, _ := market.FindPair(market.Pairs(), "BTCUSD")
	s := &market.Series{Pair: pair, IntervalMS: int64(5 * datasets.Minute)}
	const from = 1741046400_000 // 2025-03-04
	for i := range 2 * 288 {
		price := 100.0
		if i >= 288+144 {
			price = 110
		}
		s.Time = append(s.Time, from+int64(i)*s.IntervalMS)
		s.Close, s.Volume = append(s.Close, price), append(s.Volume, 1000)
	}
	s.Open, s.High, s.Low = s.Close, s.Close, s.Close // flat candles, of one price
	dir = t.TempDir()
	name := datasets.Name{Pair: "BTCUSD", Interval: 5 * datasets.Minute, Format: format}
	if err := os.Mkdir(filepath.Join(dir, "candles"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := datasets.Write(context.Background(), filepath.Join(dir, "candles", name.String()), s); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestAnAccountsFacts: held from 02:00 of one day to 14:00 of the next, over the
// carry of 04:00, 12:00, 20:00, 04:00 and 12:00 (Rules §6, crypto), at a leverage of
// 0.1 and prices that are pinned, without slippage.
func TestAnAccountsFacts(t *testing.T) {
	of := played(t, "", "scenario: x\n"+up+longHalf+expect)
	if len(of.Account.Orders) != 2 || len(of.Carry) != 5 || of.Strategy != "signals" || of.Seed != 1 {
		t.Fatalf("%d orders, carry %v, strategy %s, seed %d", len(of.Account.Orders), of.Carry, of.Strategy, of.Seed)
	}
	const eight = 1 - 0.1095/365/3*0.1 // of a charge
	factor := 1.0
	for i, c := range of.Carry {
		factor *= eight
		if c.Pair != "BTCUSD" || int64(c.Time) != 1741060800_000+int64(i)*int64(8*datasets.Hour) || !near(c.Charge, eight) || !near(c.Factor, factor) {
			t.Errorf("%d: %+v, expected %v of %v", i, c, eight, factor)
		}
	}
	if of.FromMS != 1741046400_000 || of.ToMS != 1741219200_000 {
		t.Errorf("from %d to %d", of.FromMS, of.ToMS)
	}
	field := func(name string) fact.Node {
		for i, f := range of.Facts.Shape().Fields {
			if f.Name == name {
				return of.Facts.Field(i)
			}
		}
		t.Fatal("no field ", name)
		panic("unreachable")
	}
	if got := field("carry").Len(); got != 5 {
		t.Errorf("%d charges among the facts", got)
	}
	if got := field("digest").Value().Text; got != of.Digest || !strings.HasPrefix(got, "sha256:") {
		t.Errorf("digest %q, of the play %q", got, of.Digest)
	}
	if got := field("final_return").Value().Number; got != of.Account.FinalReturn {
		t.Errorf("final return %v, of the account %v", got, of.Account.FinalReturn)
	}
}

func near(a, b float64) bool { return max(a-b, b-a) < 1e-15 }

// TestADigestDoesNotDependOnWhereCandlesAre: written out, in files of every format,
// and as the command run reads them.
func TestADigestDoesNotDependOnWhereCandlesAre(t *testing.T) {
	const rest = "scenario: x\nstrategy: buy-and-hold\nlatency: 2s\nseed: 7\n" + expect
	for _, bounds := range []string{"", "from: 2025-03-04T06:00:00Z\nto: 2025-03-05T18:00:00Z\n"} {
		written := played(t, "", rest+bounds+up)
		for _, format := range []datasets.Format{datasets.Parquet, datasets.Arrow, datasets.CSV} {
			dir := candlesOf(t, format)
			stored := played(t, dir, rest+bounds+"data: candles\n")
			if stored.Digest != written.Digest {
				t.Errorf("%s: %s, written out %s", format, stored.Digest, written.Digest)
			}
			if got, want := stored.Candles[0], written.Candles[0]; got.Content != want.Content || got.Rows != want.Rows || got.FirstMS != want.FirstMS || got.LastMS != want.LastMS {
				t.Errorf("%s: %+v, written out %+v", format, got, want)
			}
			if ran := run(t, dir, stored.FromMS, stored.ToMS); ran != stored.Digest {
				t.Errorf("%s: %s, of a run %s", format, stored.Digest, ran)
			}
		}
	}
}

// run is the digest of a run that has nothing to do with scenarios.
func run(t *testing.T, dir string, fromMS, toMS int64) string {
	t.Helper()
	set, err := rules.Load(rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := datasets.Load(context.Background(), datasets.Request{Paths: []string{filepath.Join(dir, "candles")}, Select: datasets.Select{FromMS: fromMS, ToMS: toMS, WarmupMS: 30 * int64(datasets.Day)}})
	if err != nil {
		t.Fatal(err)
	}
	defer loaded.Close()
	d, err := strategies.Find("buy-and-hold")
	if err != nil {
		t.Fatal(err)
	}
	strategy, err := d.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	params, err := d.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &reports.Run{Rules: set, Strategy: d.Name, Seed: 7, LatencyMS: 2000}
	for _, p := range params {
		r.Params = append(r.Params, reports.Param(p))
	}
	for _, f := range loaded.Files.Files {
		r.Dataset = append(r.Dataset, reports.DatasetFile{Pair: f.Pair.ID, Interval: f.Interval.String(), Content: f.Content})
	}
	if r.Result, err = sim.Run(context.Background(), sim.Config{Rules: set.Set, Series: loaded.Series(), Strategy: strategy, FromMS: fromMS, ToMS: toMS, LatencyMS: 2000, Seed: 7}); err != nil {
		t.Fatal(err)
	}
	r.Assessment = scoring.Assess(set.Set, scoring.Ledger{Checkpoints: r.Result.Checkpoints, Positions: r.Result.Positions}, toMS)
	return reports.Digest(r)
}

// TestARecipeAndItsFilesAreTheSame: they have the same content, and so the same digest.
func TestARecipeAndItsFilesAreTheSame(t *testing.T) {
	const recipe = "{seed: a, from: 2025-03-03, to: +2d, interval: 5m, pairs: [{pair: EURUSD}, {pair: BTCUSD, spread_ticks: 3}]}"
	const rest = "scenario: x\nstrategy: crossover\nparams: {fast: 3, slow: 9}\n" + expect
	made := played(t, "", rest+"synth: "+recipe+"\n")
	if len(made.Candles) != 2 || made.Candles[0].Pair != "BTCUSD" || made.Candles[0].Note == "" || len(made.Account.Orders) == 0 {
		t.Fatalf("%+v, %d orders", made.Candles, len(made.Account.Orders))
	}
	dir := t.TempDir()
	for _, s := range seriesOf(t, recipe) {
		if err := datasets.Write(context.Background(), filepath.Join(dir, s.Pair.ID+"-5m.arrow"), s); err != nil {
			t.Fatal(err)
		}
	}
	stored := played(t, dir, rest+"data: .\n")
	if stored.Digest != made.Digest {
		t.Errorf("%s from files, %s made: %+v and %+v", stored.Digest, made.Digest, stored.Candles, made.Candles)
	}
}

func TestWhoActs(t *testing.T) {
	const portfolio = "members: [{name: a, strategy: crossover, params: {fast: 3}, share: 0.5}]\n"
	const star = "size = param('size', 0.1, least=0.01, most=1, doc='leverage')\ndef decide(ctx):\n    if not ctx.position(ctx.pairs[0]):\n        ctx.long(ctx.pairs[0], size)\n"
	const positions = `{"positions":[{"trade_pair":["BTCUSD"],"open_ms":1741053600000,"close_ms":1741118400000,"is_closed_position":true,"miner_hotkey":"5G","position_uuid":"p","orders":[
		{"order_type":"LONG","leverage":0.1,"price":100,"processed_ms":1741053600000,"order_uuid":"a"},{"order_type":"FLAT","leverage":0,"price":101,"processed_ms":1741118400000,"order_uuid":"b"}]}]}`
	dir := write(t, map[string]string{
		"lib/mix.yaml": portfolio, "lib/my.star": star, "signals.csv": "time,pair,order_type,leverage\n2025-03-04T02:00:00Z,BTCUSD,LONG,0.1\n", "p.json": positions,
	})
	for name, test := range map[string]struct {
		actor, strategy string
		orders          int // -1: any number
	}{
		"a built-in strategy": {actor: "strategy: buy-and-hold", strategy: "buy-and-hold", orders: 1},
		"a portfolio":         {actor: "strategy: lib/mix.yaml", strategy: "mix", orders: -1},
		"within a wrapper":    {actor: "strategy: twap\nparams: {of: lib/my.star, of.size: 0.2}", strategy: "twap", orders: -1},
		"signals":             {actor: strings.TrimSpace(longHalf), strategy: "signals", orders: 2},
		"no signals at all":   {actor: "signals: []", strategy: "signals"},
		"a file of signals":   {actor: "signals: signals.csv", strategy: "signals.csv", orders: 1},
		"a script in a file":  {actor: "strategy: lib/my.star", strategy: "my.star", orders: -1},
	} {
		t.Run(name, func(t *testing.T) {
			of := played(t, dir, "scenario: x\n"+up+test.actor+"\n"+expect)
			if of.Strategy != test.strategy || test.orders >= 0 && len(of.Account.Orders) != test.orders {
				t.Errorf("%s, %d orders", of.Strategy, len(of.Account.Orders))
			}
			builtIn := name == "a built-in strategy"
			if builtIn != (of.SHA256 == "") {
				t.Errorf("SHA-256 %q", of.SHA256)
			}
		})
	}
	t.Run("recorded positions", func(t *testing.T) {
		of := played(t, dir, "scenario: x\n"+up+"positions: p.json\n"+expect)
		want := []strategies.Setting{{Name: "fills", Value: "recorded"}, {Name: "miner", Value: "5G"}}
		if of.Strategy != "p.json" || !slices.Equal(of.Params, want) || len(of.Account.Orders) != 2 {
			t.Errorf("%s %v, %d orders", of.Strategy, of.Params, len(of.Account.Orders))
		}
		if of.FromMS != 1741046400_000 || of.ToMS != 1741132800_000 { // the day of its orders, 2025-03-04
			t.Errorf("from %d to %d", of.FromMS, of.ToMS)
		}
	})
}

// TestAScriptsPlaceIsNoPartOfIt: neither the file's name nor the lines above it change
// the digest.
func TestAScriptsPlaceIsNoPartOfIt(t *testing.T) {
	const script = "script: |\n  def decide(ctx):\n      pass\n"
	a := played(t, "", "scenario: x\n"+script+up+expect)
	b := played(t, t.TempDir(), "scenario: x\n# a line more\n"+up+script+expect)
	if a.Digest != b.Digest || a.Strategy != "script" || len(a.SHA256) != 64 {
		t.Errorf("%s of %s and %s", a.Digest, a.Strategy, b.Digest)
	}
}

func TestATournament(t *testing.T) {
	const miners = "weights_every: 12h\nslots: 2\nminers: [{name: a, strategy: buy-and-hold, state: main}, {name: b, strategy: random}]\n"
	dir := write(t, map[string]string{"sub/net.yaml": miners})
	indented := "subnet:\n  " + strings.ReplaceAll(strings.TrimSpace(miners), "\n", "\n  ") + "\n"
	const head = "scenario: x\n"
	const wanted = "expect: {emission: _}\n"
	file := played(t, dir, head+up+"subnet: sub/net.yaml\nseed: 3\n"+wanted)
	if file.RosterName != "net" || file.Seed != 3 || file.Tournament.WeightsEveryMS != int64(12*datasets.Hour) || file.Rules.Set.Registration.Slots != 2 {
		t.Errorf("%s, seed %d, %+v", file.RosterName, file.Seed, file.Rules.Set.Registration)
	}
	inside := played(t, dir, head+up+indented+"seed: 3\nset: {registration.slots: 1}\n"+wanted)
	if len(inside.Tournament.Refused) != 1 || inside.Rules.Set.Registration.Slots != 1 {
		t.Errorf("%d refused by %d slots", len(inside.Tournament.Refused), inside.Rules.Set.Registration.Slots)
	}
	if got := inside.Facts.Shape(); !reflect.DeepEqual(got, fact.ShapeOf[fact.Tournament]()) {
		t.Errorf("shape %+v", got)
	}
	if !strings.HasPrefix(file.Digest, "sha256:") || file.Digest == inside.Digest {
		t.Errorf("digests %s and %s", file.Digest, inside.Digest)
	}
}

func TestAStanding(t *testing.T) {
	dir := write(t, map[string]string{"daily.csv": "date,return\n2025-03-01,0.01\n2025-03-02,-0.02\n"})
	const wanted = "expect: {concentration: _}\n"
	file := played(t, dir, "scenario: x\nscore: daily.csv\n"+wanted)
	inside := played(t, "", "scenario: x\nscore: {at: 2025-03-03, miners: {daily: {returns: [0.01, -0.02]}}}\n"+wanted)
	if file.ToMS != 1740873600_000 || inside.ToMS != 1740960000_000 || // the date of the last day, and what is written
		len(file.Standing.Miners) != 1 || file.Standing.Miners[0].ID != "daily" {
		t.Errorf("at %d: %+v", file.ToMS, file.Standing.Miners)
	}
	if file.Digest != inside.Digest || !strings.HasPrefix(file.Digest, "sha256:") {
		t.Errorf("%s of the file, %s written out", file.Digest, inside.Digest)
	}
	other := played(t, "", "scenario: x\nscore: {at: 2025-03-03, miners: {daily: {returns: [0.01, -0.03]}}}\n"+wanted)
	if other.Digest == file.Digest {
		t.Error("other returns have the same digest")
	}
}

// TestWhatCantBePlayedSaysWhere: the line of the scenario that says so.
func TestWhatCantBePlayedSaysWhere(t *testing.T) {
	dir := write(t, map[string]string{
		"rules.yaml": "extends: ptn-2025-02\ncooldown: {scope: nobody}\n", "bad.yaml": "members: 1\n", "sig.csv": "time,pair,order_type,leverage\nyesterday,BTCUSD,LONG,1\n",
	})
	const title = "scenario: x\n"
	for name, test := range map[string]struct{ text, want string }{
		"an unknown rule set":        {title + "rules: ptn-1\nstrategy: random\n" + up + expect, "s.yaml:2:8: rules: found \"ptn-1\", which is no built-in rule set"},
		"a rule file":                {title + "rules: rules.yaml\nstrategy: random\n" + up + expect, "rules.yaml:2:"},
		"an override":                {title + "set:\n  cooldown.scope: miner\n  cooldown.length: 3s\nstrategy: random\n" + up + expect, "s.yaml:4:"},
		"an override's value":        {title + "set: {cooldown.scope: nobody}\nstrategy: random\n" + up + expect, "s.yaml:2:"},
		"an unknown strategy":        {title + "strategy: randon\n" + up + expect, "s.yaml:2:11: strategy: found the unknown strategy \"randon\""},
		"a wrong parameter":          {title + "strategy: crossover\nparams:\n  fast: 3\n  slow: much\n" + up + expect, "s.yaml:5:"},
		"parameters that don't fit":  {title + "strategy: crossover\nparams: {fast: 30, slow: 20}\n" + up + expect, "s.yaml:2:11: strategy: found"},
		"a portfolio":                {title + "strategy: bad.yaml\n" + up + expect, "bad.yaml:1:"},
		"no such script":             {title + "strategy: no.star\n" + up + expect, "s.yaml:2:11: strategy: found"},
		"a script":                   {title + "script: |\n  x = 1\n  y = z\n  def decide(ctx): pass\n" + up + expect, "s.yaml:4:"},
		"a script that fails":        {title + "script: |\n  def decide(ctx):\n      ctx.nothing()\n" + up + expect, "s.yaml:4:"},
		"a signal file":              {title + "signals: sig.csv\n" + up + expect, "s.yaml:2:10: signals: found what can't be used: "},
		"a signal":                   {title + "signals:\n  - 2025-03-04T02:00:00Z BTCUSD LONG 0.1\n  - 2025-03-04T03:00:00Z ETHUSD LONG 0.1\n" + up + expect, "s.yaml:4:5: pair: found ETHUSD without candles"},
		"a signal out of the range":  {title + "signals:\n  - 2025-03-04T02:00:00Z BTCUSD LONG 0.1\n  - 2026-03-04T03:00:00Z BTCUSD FLAT\n" + up + expect, "s.yaml:4:5: time: found 2026-03-04"},
		"no such data":               {title + "strategy: random\ndata: nowhere\n" + expect, "s.yaml:3:7: data: found no such file"},
		"a pair that data lacks":     {title + "strategy: random\ndata: {path: sample, pairs: [DOGEUSD]}\n" + expect, "s.yaml:3:"},
		"an unknown pair":            {title + "strategy: random\ncandles:\n  BTCUSX: {every: 1m, from: 2025-03-04T00:00:00Z, closes: [1, 2]}\n" + expect, "s.yaml:4:"},
		"a range outside the data":   {title + "strategy: random\nfrom: 2024-01-01\n" + up + expect, "candles: found candles from 2025-03-04"},
		"a range before the data":    {title + "strategy: random\nto: 2024-01-01\n" + up + expect, "; choose from and to inside the data"},
		"no signal in the range":     {title + "signals:\n  - 2024-03-04T02:00:00Z BTCUSD FLAT\n" + up + expect, "; choose from and to, or candles, that cover the signals"},
		"a recipe of an unknown one": {title + "strategy: random\nsynth: {pairs: [{pair: BTCUSX}]}\n" + expect, "s.yaml:3:"},
		"a subnet":                   {title + "subnet:\n  miners:\n    - {name: a, strategy: randon}\n" + up + "expect: {emission: _}\n", "s.yaml:4:"},
		"no such subnet":             {title + "subnet: no.yaml\n" + up + "expect: {emission: _}\n", "s.yaml:2:9: subnet: found no file"},
		"no such population":         {title + "score: no.csv\nexpect: {concentration: _}\n", "s.yaml:2:8: score: found"},
	} {
		t.Run(name, func(t *testing.T) {
			p := scenario.NewPlayer(library())
			defer p.Close()
			of, err := play(t, p, dir, test.text)
			if err == nil {
				t.Fatalf("it was played: %s", of.Digest)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if strings.Contains(err.Error(), " --") {
				t.Errorf("it names a flag, and a scenario has keys: %v", err)
			}
		})
	}
}

// TestWhatSeveralReadIsReadOnce: and serves all of them at once; the race detector
// looks on.
func TestWhatSeveralReadIsReadOnce(t *testing.T) {
	text := "scenario: x\nstrategy: crossover\nparams: {fast: 5, slow: 20}\ndata: {path: sample, pairs: [BTCUSD]}\nto: 2025-01-20\n" + expect
	p := scenario.NewPlayer(library())
	plays := make([]*scenario.Play, 8)
	var group sync.WaitGroup
	for i := range plays {
		group.Go(func() {
			of, err := play(t, p, "", text)
			if err != nil {
				t.Error(err)
			}
			plays[i] = of
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	for _, of := range plays {
		if of.Digest != plays[0].Digest || of.Rules != plays[0].Rules {
			t.Errorf("%s, %s", of.Digest, plays[0].Digest)
		}
	}
	facts := plays[0].Facts
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if again := played(t, "", text); !reflect.DeepEqual(again.Account.Positions, plays[0].Account.Positions) || facts.Shape() == nil {
		t.Error("another player plays otherwise")
	}
}

func TestACancelledPlayEndsWithTheContextsError(t *testing.T) {
	s, err := scenario.Parse("s.yaml", []byte("scenario: x\nstrategy: random\ndata: sample\n"+expect))
	if err != nil {
		t.Fatal(err)
	}
	p := scenario.NewPlayer(library())
	defer p.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Play(ctx, s); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := p.Play(context.Background(), s); err != nil {
		t.Errorf("what was cancelled once can't be read again: %v", err)
	}
}

// seriesOf makes the candles of a recipe.
func seriesOf(t *testing.T, text string) (all []*market.Series) {
	t.Helper()
	doc, err := synth.Parse("recipe.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	recipe, err := doc.Complete(market.Pairs())
	if err != nil {
		t.Fatal(err)
	}
	g, err := synth.New(recipe, market.Pairs())
	if err != nil {
		t.Fatal(err)
	}
	for i := range g.Pairs() {
		all = append(all, g.Series(i))
	}
	return all
}
