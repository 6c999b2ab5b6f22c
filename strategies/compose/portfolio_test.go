package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/strategies"
)

// TestOppositeMembersNetToNothing, and neither knows of it.
func TestOppositeMembersNetToNothing(t *testing.T) {
	a := &actor{does: map[int]func(*sim.Context){1: long("BTCUSD", 0.3), 7: flat("BTCUSD")}}
	b := &actor{does: map[int]func(*sim.Context){1: short("BTCUSD", 0.3), 7: flat("BTCUSD")}}
	p := &Portfolio{Members: []Member{{Name: "a", Strategy: a, Share: 0.5}, {Name: "b", Strategy: b, Share: 0.5}}}
	res := play(t, config(t, p, minutes(t, "BTCUSD", 20)))
	checkLines(t, orders(res), nil)
	if res.FinalReturn != 1 {
		t.Errorf("a return of %g", res.FinalReturn)
	}
	checkLines(t, a.outcomes, []string{"7: 0 LONG BTCUSD 0.3 at 1 for 1000", "20: 1 FLAT BTCUSD -0.3 at 7 for 1006"})
	checkLines(t, b.outcomes, []string{"7: 0 SHORT BTCUSD -0.3 at 1 for 1000", "20: 1 FLAT BTCUSD 0.3 at 7 for 1006"})
}

// TestWhatRoundingLeavesIsNoTarget: 0.1·0.05 + 0.2·0.05 - 0.3·0.05 is some 1e-18 in
// floating point, which is no target below the smallest position.
func TestWhatRoundingLeavesIsNoTarget(t *testing.T) {
	member := func(name, direction string, share float64) Member {
		return Member{Name: name, Strategy: build(t, "buy-and-hold leverage=0.05 direction="+direction), Share: share}
	}
	p := &Portfolio{Members: []Member{member("a", "long", 0.1), member("b", "long", 0.2), member("c", "short", 0.3)}}
	res := play(t, config(t, p, minutes(t, "BTCUSD", 20)))
	if len(res.Warnings) != 0 || len(res.Orders) != 0 {
		t.Errorf("warnings %v, orders %v", res.Warnings, orders(res))
	}
}

// TestMembersOnOnePairAddUp: 0.6·0.1; + 0.4·0.2 = 0.14; the first leaves: 0.08;
// the second turns to a short of 0.3: -0.12.
func TestMembersOnOnePairAddUp(t *testing.T) {
	a := &actor{does: map[int]func(*sim.Context){1: long("BTCUSD", 0.1), 5: flat("BTCUSD")}}
	b := &actor{does: map[int]func(*sim.Context){3: long("BTCUSD", 0.2), 7: both(flat("BTCUSD"), short("BTCUSD", 0.3))}}
	p := &Portfolio{Members: []Member{{Name: "a", Strategy: a, Share: 0.6}, {Name: "b", Strategy: b, Share: 0.4}}}
	checkLines(t, orders(play(t, config(t, p, minutes(t, "BTCUSD", 20)))), []string{
		"1: LONG BTCUSD 0.06 at 1 for 1000", "3: LONG BTCUSD 0.08 at 3 for 1002",
		"5: SHORT BTCUSD -0.06 at 5 for 1004",
		"7: FLAT BTCUSD -0.08 at 7 for 1006", "7: SHORT BTCUSD -0.12 at 7 for 1006",
	})
}

// write puts files in a folder of the test's.
func write(t testing.TB, files map[string]string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// finder finds portfolios too, and remembers the files that it was asked for.
type finder struct{ asked []string }

func (f *finder) find(spec string) (strategies.Definition, error) {
	for _, d := range Wrappers(f.find) {
		if d.Name == spec {
			return d, nil
		}
	}
	switch {
	case IsPortfolio(spec):
		return OpenPortfolio(spec, f.find)
	case strings.HasSuffix(spec, ".star"), strings.HasPrefix(spec, "exec:"):
		f.asked = append(f.asked, spec)
		d, err := strategies.Find("crossover")
		d.SHA256 = "sum of " + filepath.Base(spec)
		return d, err
	}
	return strategies.Find(spec)
}

const good = `name: trend and reversion
members:
  - name: trend # a comment
    strategy: crossover
    params: {fast: 100, slow: 400, pairs: [BTCUSD, ETHUSD], average: ema}
    share: 0.6
  - strategy: buy-and-hold
    pairs: [EURUSD]
    share: 4e-1
`

func TestPortfolioFile(t *testing.T) {
	folder := write(t, map[string]string{"a/p.yaml": good})
	path := filepath.Join(folder, "a", "p.yaml")
	d, err := OpenPortfolio(path, findAny)
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "trend and reversion" || d.Kind != strategies.Portfolio || d.Idea != "several strategies in one account: 0.6 × trend, 0.4 × buy-and-hold" {
		t.Errorf("%+v", d)
	}
	checkFingerprint(t, d, nil, hash(good+"\n\n"))
	s, err := d.New([]strategies.Setting{{Name: "trend.fast", Value: "50"}, {Name: "buy-and-hold.leverage", Value: "0.3"}})
	if err != nil {
		t.Fatal(err)
	}
	p := s.(*Portfolio)
	trend, hold := p.Members[0].Strategy.(*strategies.Crossover), p.Members[1].Strategy.(*strategies.BuyAndHold)
	if trend.Fast != 50 || trend.Slow != 400 || trend.Average != strategies.EMA || strings.Join(trend.Pairs, " ") != "BTCUSD ETHUSD" || p.Members[0].Share != 0.6 {
		t.Errorf("the first member is %+v, %+v", p.Members[0], trend)
	}
	if hold.Leverage != 0.3 || p.Members[1].Pairs[0] != "EURUSD" || p.Members[1].Share != 0.4 {
		t.Errorf("the second member is %+v, %+v", p.Members[1], hold)
	}
	resolved, err := d.Resolve(nil)
	if err != nil || resolved[0] != (strategies.Setting{Name: "trend.fast", Value: "100"}) {
		t.Errorf("resolved %v, %v", resolved, err)
	}
	if _, err := d.New([]strategies.Setting{{Name: "trend.slow", Value: "50"}}); err == nil || !strings.Contains(err.Error(), "trend: fast: found 100; expected less than slow, which is 50") {
		t.Errorf("parameters that don't fit: %v", err)
	}
	play(t, config(t, s, minutes(t, "BTCUSD", 9), minutes(t, "ETHUSD", 9), minutes(t, "EURUSD", 9)))
}

// TestPathsAreRelativeToThePortfolio, in portfolios within portfolios and in
// wrappers as well; the command of a program stays as it is.
func TestPathsAreRelativeToThePortfolio(t *testing.T) {
	outer := "members:\n  - {strategy: sub/inner.yaml, share: 0.5}\n  - {name: w, strategy: twap, params: {of: other.star, of.fast: 7}, share: 0.5}\n"
	within := "members:\n  - {strategy: x.star, share: 0.5}\n  - {strategy: 'exec:./run me.star', share: 0.5}\n"
	folder := write(t, map[string]string{"outer.yaml": outer, "sub/inner.yaml": within})
	var f finder
	d, err := OpenPortfolio(filepath.Join(folder, "outer.yaml"), f.find)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, path := range f.asked {
		seen[path] = true
	}
	if len(seen) != 3 || !seen[filepath.Join(folder, "sub", "x.star")] || !seen["exec:./run me.star"] || !seen[filepath.Join(folder, "other.star")] {
		t.Errorf("asked for %v", f.asked)
	}
	s, err := d.New([]strategies.Setting{{Name: "inner.x.fast", Value: "9"}})
	if err != nil {
		t.Fatal(err)
	}
	p := s.(*Portfolio)
	if fast := p.Members[0].Strategy.(*Portfolio).Members[0].Strategy.(*strategies.Crossover).Fast; fast != 9 {
		t.Errorf("a member's member has fast=%d", fast)
	}
	if fast := p.Members[1].Strategy.(*TWAP).Of.(*strategies.Crossover).Fast; fast != 7 {
		t.Errorf("a wrapper's guest has fast=%d", fast)
	}
	play(t, config(t, s, minutes(t, "BTCUSD", 9)))
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func checkFingerprint(t *testing.T, d strategies.Definition, given []strategies.Setting, want string) {
	t.Helper()
	if got, err := d.Fingerprint(given); err != nil || got != want {
		t.Errorf("%s %v: fingerprint %q, %v; want %q", d.Name, given, got, err, want)
	}
}

// TestFingerprintFollowsTheSettings: it is of all files that a run plays, the ones
// that settings name among them, at any depth.
func TestFingerprintFollowsTheSettings(t *testing.T) {
	outer := "members:\n  - {strategy: sub/inner.yaml, share: 0.5}\n  - {name: w, strategy: twap, params: {of: volatility-target, of.of: a.star}, share: 0.5}\n"
	within := "members:\n  - {name: v, strategy: volatility-target, params: {of: b.star}, share: 0.5}\n  - {strategy: crossover, share: 0.5}\n"
	folder := write(t, map[string]string{"outer.yaml": outer, "sub/inner.yaml": within})
	path := filepath.Join(folder, "outer.yaml")
	inner, plain := hash(within+"\nsum of b.star\n"), hash(outer+"\n"+hash(within+"\nsum of b.star\n")+"\nsum of a.star")
	for _, c := range []struct{ spec, given, want string }{
		{"twap", "", ""},
		{"twap", "of=macd", ""},
		{"twap", "of=my.star slices=2", "sum of my.star"},
		{"volatility-target", "of=twap of.of=my.star", "sum of my.star"},
		{path, "", plain},
		{path, "w.slices=2 inner.v.of.fast=7", plain}, // no other file
		{path, "w.of.of=c.star", hash(outer + "\n" + inner + "\nsum of c.star")},
		{path, "w.of=c.star", hash(outer + "\n" + inner + "\nsum of c.star")},
		{path, "w.of.of=crossover", hash(outer + "\n" + inner + "\n")},
		{path, "w.of.of=sub/inner.yaml", hash(outer + "\n" + inner + "\n" + inner)},
		{path, "inner.v.of=c.star", hash(outer + "\n" + hash(within+"\nsum of c.star\n") + "\nsum of a.star")},
		{"twap", "of=" + path, plain},
		{"twap", "of=volatility-target of.of=" + path + " of.of.w.of=c.star", hash(outer + "\n" + inner + "\nsum of c.star")},
	} {
		var f finder
		d, err := f.find(c.spec)
		if err != nil {
			t.Fatal(err)
		}
		checkFingerprint(t, d, settings(t, strings.Fields(c.given)), c.want)
	}
	d, err := new(finder).find("twap")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.Fingerprint(settings(t, []string{"of=none.yaml"})); !errors.Is(err, os.ErrNotExist) || got != "" {
		t.Errorf("a missing file: %q, %v", got, err)
	}
}

// TestMembersOfAllFilesAreBounded, however the files hold one another: by name,
// within a wrapper, or by a setting. 8 × 31 members and the 8 that hold them are
// 256, and stand.
func TestMembersOfAllFilesAreBounded(t *testing.T) {
	members := func(n int, strategy string) string {
		text := "allow_over: true\nmembers:\n"
		for i := range n {
			text += fmt.Sprintf("  - {name: m%d, strategy: %s, share: 1}\n", i, strategy)
		}
		return text
	}
	folder := write(t, map[string]string{
		"31.yaml": members(31, "crossover"), "64.yaml": members(64, "crossover"),
		"256.yaml": members(8, "31.yaml"), "288.yaml": members(9, "31.yaml"),
		"deep.yaml": members(64, "deeper.yaml"), "deeper.yaml": members(64, "64.yaml"),
		"wrapped.yaml": members(4, "twap, params: {of: 64.yaml}"),
		"open.yaml":    members(4, "twap"),
	})
	for _, c := range []struct{ file, given, want string }{
		{"256.yaml", "", ""},
		{"288.yaml", "", "288.yaml:11:26: members[8].strategy: found more than 256 members in this portfolio and those within it; expected at most 256"},
		{"deep.yaml", "", "deeper.yaml:6:26: members[3].strategy: found more than 256 members"},
		{"wrapped.yaml", "", "wrapped.yaml:6:26: members[3].strategy: found more than 256 members"},
		{"open.yaml", "m0.of=64.yaml m1.of=64.yaml m2.of=64.yaml", ""},
		{"open.yaml", "m0.of=64.yaml m1.of=64.yaml m2.of=64.yaml m3.of=64.yaml", "open: m3: found more than 256 members"},
	} {
		d, err := new(finder).find(filepath.Join(folder, c.file))
		if err == nil {
			_, err = d.New(settings(t, strings.Fields(c.given)))
		}
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s %s: %v; want %q", c.file, c.given, err, c.want)
		}
	}
}

// TestFilesAreReadOnce, whoever holds them: eight files, each of which holds the
// next in a wrapper, which finds what it holds each time that it is made.
func TestFilesAreReadOnce(t *testing.T) {
	files := map[string]string{"7.yaml": "members:\n  - {strategy: x.star, share: 1}\n"}
	for i := range 7 {
		files[fmt.Sprintf("%d.yaml", i)] = fmt.Sprintf("members:\n  - {name: a, strategy: twap, params: {of: %d.yaml}, share: 1}\n", i+1)
	}
	var f finder
	d, err := OpenPortfolio(filepath.Join(write(t, files), "0.yaml"), f.find)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := d.New(nil); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Fingerprint(nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(f.asked) != 1 {
		t.Errorf("the script is asked for %d times", len(f.asked))
	}
}

func TestPortfolioFileErrors(t *testing.T) {
	member := "members:\n  - {strategy: crossover, share: 0.5}\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":            {"", "p.yaml: found an empty file; expected a portfolio: members, a list of strategies"},
		"no mapping":       {"[a]", "p.yaml:1:1: found a list; expected a mapping: name, allow_over or members"},
		"no members":       {"name: x\n", "p.yaml:1:1: found no members; expected members: a list of strategies"},
		"empty list":       {"members: []\n", "p.yaml:1:10: members: found an empty list; expected at least one strategy"},
		"unknown key":      {"members:\n  - strategy: crossover\n    shar: 1\n", "p.yaml:3:5: members[0].shar: found an unknown key; expected name, strategy, params, pairs or share (did you mean share?)\n     2 |   - strategy: crossover\n>    3 |     shar: 1\n       |     ^"},
		"key twice":        {member + "members: []\n", "p.yaml:3:1: members: found the key a second time; expected it once: it stands on line 1"},
		"no strategy":      {"members:\n  - share: 1\n", "p.yaml:2:5: members[0]: found nothing for strategy"},
		"no share":         {"members:\n  - strategy: crossover\n", "p.yaml:2:5: members[0]: found nothing for share"},
		"share of nothing": {"members:\n  - {strategy: crossover, share: 0}\n", "p.yaml:2:34: members[0].share: found 0; expected a number over 0, up to 100"},
		"share of NaN":     {"members:\n  - {strategy: crossover, share: .nan}\n", "members[0].share: found .nan; expected a number"},
		"too many shares":  {member + "  - {name: b, strategy: crossover, share: 0.6}\n", "p.yaml:2:3: members: found shares that sum to 1.1; expected a sum of 1 at most, or allow_over: true"},
		"name twice":       {member + "  - {strategy: crossover, share: 0.5}\n", "p.yaml:3:16: members[1]: found a second member crossover; expected names that differ"},
		"name with a dot":  {"members:\n  - {name: a.b, strategy: crossover, share: 1}\n", "p.yaml:2:12: members[0].name: found \"a.b\"; expected a letter"},
		"unknown strategy": {"members:\n  - {strategy: crosover, share: 1}\n", "p.yaml:2:16: members[0].strategy: found the unknown strategy \"crosover\""},
		"unknown param":    {"members:\n  - strategy: crossover\n    share: 1\n    params:\n      fats: 3\n", "p.yaml:5:7: members[0].params.fats: found an unknown parameter"},
		"of is missing":    {"members:\n  - {strategy: twap, share: 1, params: {fast: 3}}\n", "p.yaml:2:41: members[0].params.fast: found an unknown parameter (did you mean of.fast?); expected one of of, slices"},
		"wrong param":      {"members:\n  - strategy: crossover\n    share: 1\n    params:\n      fast: x\n", "p.yaml:5:7: members[0].params.fast: found \"x\"; expected a whole number"},
		"params that clash": {"members:\n  - strategy: crossover\n    share: 1\n    params: {fast: 9, slow: 9}\n",
			"p.yaml:2:15: members[0]: found what can't be used: fast: found 9; expected less than slow, which is 9"},
		"a list of lists":    {"members:\n  - - x\n", "found a list entry that is empty or a list of lists"},
		"anchor":             {"members: &a []\n", "p.yaml:1:10: found an anchor, an alias or a merge key; expected the values themselves"},
		"brackets":           {"members: " + strings.Repeat("[", 1000), "found brackets nested too deep"},
		"two documents":      {member + "---\n" + member, "p.yaml:3:1: found a second document"},
		"too long":           {strings.Repeat("# comment\n", 10_000), "p.yaml: found a longer file; expected at most 65536 bytes"},
		"no UTF-8":           {"name: \xff", "found bytes that are no UTF-8"},
		"no pairs":           {"members:\n  - {strategy: crossover, share: 1, pairs: []}\n", "members[0].pairs: found an empty list"},
		"a pair twice":       {"members:\n  - {strategy: crossover, share: 1, pairs: [A, A]}\n", "members[0].pairs: found A twice"},
		"itself":             {"members:\n  - {strategy: p.yaml, share: 1}\n", "which holds this file in turn; expected no circle"},
		"itself, wrapped":    {"members:\n  - {strategy: twap, params: {of: p.yaml}, share: 1}\n", "which holds this file in turn; expected no circle"},
		"itself, by another": {"members:\n  - {strategy: q.yaml, share: 1}\n", "which holds this file in turn; expected no circle"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := write(t, map[string]string{"p.yaml": c.text, "q.yaml": "members:\n  - {strategy: p.yaml, share: 1}\n"})
			var f finder
			_, err := OpenPortfolio(filepath.Join(folder, "p.yaml"), f.find)
			if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), ""), c.want) {
				t.Fatalf("got %v\nwant %s", err, c.want)
			}
			if _, ok := errors.AsType[*strictyaml.SyntaxError](err); !ok {
				t.Errorf("%T", err)
			}
		})
	}
	if _, err := OpenPortfolio(filepath.Join(t.TempDir(), "none.yaml"), findAny); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := parsePortfolio("p.yaml", []byte("allow_over: true\nmembers:\n  - {strategy: crossover, share: 1.5}\n")); err != nil {
		t.Errorf("allow_over: %v", err)
	}
}

// FuzzPortfolioFile: no text makes the reader panic, or accept more than its
// bounds.
func FuzzPortfolioFile(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("members:\n  - {strategy: sub/inner.yaml, share: 0.5, params: {a: [1, x], b: null}}\n"))
	f.Add([]byte("members: [{strategy: 'a', share: 1e308}]\nallow_over: true\n"))
	f.Add([]byte("a: |\n  x\nmembers:\n- \n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := parsePortfolio("p.yaml", text)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		if n := len(file.members); n == 0 || n > membersMax {
			t.Errorf("%d members", n)
		}
		for _, m := range file.members {
			if !validName(m.name) || m.strategy == "" || !(m.share > 0 && m.share <= shareMax) || len(m.params) > paramsMax || len(m.pairs) > paramsMax {
				t.Errorf("member %+v", m)
			}
		}
	})
}
