package reports

import (
	"bytes"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/scenario"
)

func readScenario(t *testing.T, file, text string) *scenario.Scenario {
	t.Helper()
	s, err := scenario.Parse(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func scenarioPageText(t *testing.T, options ScenarioPageOptions, list ...*scenario.Scenario) string {
	t.Helper()
	var b bytes.Buffer
	if err := ScenarioPage(&b, list, options); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const cooldownScenario = `scenario: Ten seconds to the millisecond are enough
section: 2. Orders
about: >-
  Less than 10 000 ms since the previous accepted order is too early.
set: {cooldown.duration: 10s}
candles:
  BTCUSD:
    every: 1m
    from: 2025-03-03T00:00:00Z
    closes: [100, 101, 99]
signals:
  - 2025-03-03T00:00:00Z BTCUSD LONG 0.1
  - 2025-03-03T00:00:09.999Z BTCUSD LONG 0.1  # a millisecond too early
  - 2025-03-03T00:00:10Z BTCUSD SHORT 0.1 at 100
  - {time: 2025-03-03T00:01:00Z, pair: BTCUSD, order_type: FLAT, price: 101, slippage: 0.001}
tolerance: 1e-12
expect:
  orders:
    - accepted
    - rejected cooldown
    - {outcome: accepted, leverage: -0.1}
    - accepted  # closes all of it
  positions:
    # Carry of one interval of three.
    1: {carry_factor: "= 1 - 0.1095/365/3*0.1", closed: true}
    -1: 1.02
  max_drawdown: "<= 0.05"
  elimination: null
  checkpoints: []
  final_return: _
`

// wantCooldownPage: the columns are as wide as their widest cells; blanks within times
// and orders do not break.
const wantCooldownPage = `### Ten seconds to the millisecond are enough

Less than 10 000 ms since the previous accepted order is too early.

**Given**

- the rules with ~cooldown.duration=10s~
- BTCUSD candles of 1m from 2025-03-03 00:00, closes 100, 101, 99

**When** these orders are sent:

| # | Time                    | Pair   | Order     | Fill                   | Expected                    | Note                    |
|--:|:------------------------|:-------|:----------|:-----------------------|:----------------------------|:------------------------|
| 1 | 2025-03-03_00:00        | BTCUSD | LONG_0.1  |                        | ~accepted~                  |                         |
| 2 | 2025-03-03_00:00:09.999 | BTCUSD | LONG_0.1  |                        | ~rejected cooldown~         | a millisecond too early |
| 3 | 2025-03-03_00:00:10     | BTCUSD | SHORT_0.1 | at 100                 | ~accepted~, leverage ~-0.1~ |                         |
| 4 | 2025-03-03_00:01        | BTCUSD | FLAT      | at 101, slippage 0.001 | ~accepted~                  | closes all of it        |

**Then**, with numbers within ~1e-12~ where nothing else is said

| What                            | Expected                         | Note                            |
|:--------------------------------|:---------------------------------|:--------------------------------|
| ~positions[1].carry_factor~     | ~1 - 0.1095/365/3*0.1~ = 0.99999 | Carry of one interval of three. |
| ~positions[1].closed~           | ~true~                           |                                 |
| ~positions[-1].return_at_close~ | ~1.02~                           |                                 |
| ~max_drawdown~                  | ~<= 0.05~                        |                                 |
| ~elimination~                   | none                             |                                 |
| ~checkpoints~                   | none                             |                                 |
| ~final_return~                  | not filled in yet                |                                 |

<sub>[cooldown.yaml](../orders/cooldown.yaml)</sub>
`

func TestScenarioPageIsReadTopToBottom(t *testing.T) {
	text := scenarioPageText(t, ScenarioPageOptions{Path: "docs/page.md"}, readScenario(t, "orders/cooldown.yaml", cooldownScenario))
	_, got, _ := strings.Cut(text, "## 2. Orders\n\n")
	got = strings.NewReplacer("`", "~", "\u00a0", "_").Replace(got)
	if strings.TrimSpace(got) != strings.TrimSpace(wantCooldownPage) {
		t.Errorf("got\n%s\nwant\n%s", got, wantCooldownPage)
	}
}

// minimal is a scenario with a head and a tail around what a test is about.
func minimal(head, acts, expect string) string {
	return "scenario: A\n" + head + acts + "expect: " + expect + "\n"
}

const (
	twoCandles  = "candles: {BTCUSD: {every: 1m, from: 2025-03-03T00:00:00Z, closes: [100, 101]}}\n"
	givenTwo    = "**Given** BTCUSD candles of 1m from 2025-03-03 00:00, closes 100, 101\n"
	nobodyActs  = "signals: []\n"
	anyExpected = "{final_return: 1}"
)

func TestScenarioPageTellsEachKind(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"usual rules":     {minimal(twoCandles, nobodyActs, anyExpected), givenTwo + "\n**When** nobody sends an order.\n\n**Then**\n\n| What           | Expected |\n"},
		"a rule set":      {minimal("rules: mine.yaml\n"+twoCandles, nobodyActs, anyExpected), "- the rules [`mine.yaml`](mine.yaml)\n"},
		"one set anew":    {minimal("rules: mine.yaml\nset: {a.b: 1}\n"+twoCandles, nobodyActs, anyExpected), "- the rules [`mine.yaml`](mine.yaml) with `a.b=1`\n"},
		"another set":     {minimal("rules: ptn-5.4.0\n"+twoCandles, nobodyActs, anyExpected), "- the rules `ptn-5.4.0`\n"},
		"a strategy file": {minimal(twoCandles, "strategy: s/dip buyer.star\n", anyExpected), "**When** the strategy [`s/dip buyer.star`](s/dip%20buyer.star) trades."},
		"no element":      {minimal(twoCandles, nobodyActs, "{positions: {3: null}}"), "| `positions[3]` | does not exist |"},
		"the sample":      {minimal("data: sample\n", "strategy: crossover\nparams: {fast: 3}\n", anyExpected), "**Given** candles of the built-in sample\n\n**When** the strategy `crossover` trades with `fast=3`.\n"},
		"a data set":      {minimal("data: {path: c/, pairs: [BTCUSD], interval: {BTCUSD: 5m}, max_gap: 2h}\n", nobodyActs, anyExpected), "candles of `c/`: BTCUSD, BTCUSD every 5m, with gaps up to 2h"},
		"no gaps":         {minimal("data: {path: c/, interval: 1h, max_gap: 0}\n", nobodyActs, anyExpected), "candles of `c/`, every 1h, without any gap"},
		"a recipe":        {minimal("synth: crash  # a fall\n", nobodyActs, anyExpected), "**Given** synthetic candles of the recipe `crash`\n"},
		"a signal file":   {minimal(twoCandles, "signals: s.csv\nminer: me\n", anyExpected), "**When** the signals of `me` in [`s.csv`](s.csv) are sent."},
		"positions":       {minimal(twoCandles, "positions: p.json\n", anyExpected), "**When** the positions recorded in [`p.json`](p.json) are replayed."},
		"filled anew":     {minimal(twoCandles, "positions: p.json\nfills: simulated\n", anyExpected), "**When** the orders recorded in [`p.json`](p.json) fill from the candles."},
		"a script":        {minimal(twoCandles, "script: |\n  x = 1\n  y = 2\n", anyExpected), "**When** this script acts:\n\n```python\nx = 1\ny = 2\n```\n"},
		"a subnet file":   {minimal(twoCandles, "subnet: s.yaml\n", "{emission: 1}"), "**When** the subnet [`s.yaml`](s.yaml) plays."},
		"a population":    {minimal("", "score: p.json\n", "{concentration: 1}"), "### A\n\n**When** the population [`p.json`](p.json) is scored.\n"},
		"how it plays":    {minimal(twoCandles+"from: 2025-03-03\nto: 2025-03-04T12:00:30Z\nas: challenge\nfill: close\nlatency: 2s\nseed: 7\n", nobodyActs, anyExpected), "- played from 2025-03-03 00:00 to 2025-03-04 12:00:30; a miner in its challenge period; orders fill at the last close; latency 2s; seed 7\n"},
		"a refusal":       {minimal(twoCandles, nobodyActs, "{error: not after}"), "**Then** it is refused, with an error that says `not after`.\n"},
		"a blank in all":  {minimal(twoCandles, nobodyActs, "{orders: _}"), "| `orders` | not filled in yet |"},
		"how many":        {minimal(twoCandles, nobodyActs, "{orders: {count: \"> 2\", 1: accepted}}"), "| `orders.count`     | `> 2`      |\n| `orders[1].became` | `accepted` |"},
		"not beside": {minimal(twoCandles, "signals: [2025-03-03T00:00:00Z BTCUSD LONG 0.1]\n", "{orders: [accepted, accepted]}"),
			"| LONG\u00a00.1 |\n\n**Then**\n\n| What               | Expected   |\n|:-------------------|:-----------|\n| `orders[1].became` | `accepted` |\n| `orders[2].became` | `accepted` |"},
	} {
		if got := scenarioPageText(t, ScenarioPageOptions{}, readScenario(t, "a.yaml", c.text)); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q is not in\n%s", name, c.want, got)
		}
	}
}

func TestScenarioPageShowsWhatIsWrittenOut(t *testing.T) {
	const subnet = "subnet:\n  # who plays\n  miners: [{name: a, strategy: crossover}]\n"
	text := scenarioPageText(t, ScenarioPageOptions{}, readScenario(t, "a.yaml", "scenario: A\ndata: sample\n"+subnet+"\n# what comes of it\nexpect: {emission: 1}\n"))
	if want := "**When** this subnet plays:\n\n```yaml\n" + subnet + "```\n"; !strings.Contains(text, want) {
		t.Errorf("%q is not in\n%s", want, text)
	}
}

func TestScenarioPageSections(t *testing.T) {
	one := func(file, title, section string) *scenario.Scenario {
		return &scenario.Scenario{File: file, Title: title, Section: section}
	}
	text := scenarioPageText(t, ScenarioPageOptions{Title: "All of it", Path: "docs/page.md"},
		one("s/2/a.yaml", "Same", "2. Orders & more"), one("s/carry/b.yaml", "Same", ""), one("s/2/c (1).yaml", "All of it", "2. Orders & more"), one("d.yaml", "", ""))
	const contents = `## Contents

- [2. Orders & more](#2-orders--more)
  - [Same](#same)
  - [All of it](#all-of-it-1)
- [carry](#carry)
  - [Same](#same-1)
- [Scenarios](#scenarios)
  - [d.yaml](#dyaml)

## 2. Orders & more
`
	if !strings.HasPrefix(text, "<!-- ptnsim check --document -->\n\n# All of it\n\n4 scenarios. ") || !strings.Contains(text, contents) {
		t.Errorf("got\n%s", text)
	}
	var links []string
	for line := range strings.Lines(text) {
		if link, ok := strings.CutPrefix(line, "<sub>"); ok {
			links = append(links, strings.TrimSuffix(link, "</sub>\n"))
		}
	}
	const want = "[a.yaml](../s/2/a.yaml) [c (1).yaml](../s/2/c%20%281%29.yaml) [b.yaml](../s/carry/b.yaml) [d.yaml](../d.yaml)"
	if got := strings.Join(links, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnchors(t *testing.T) {
	a := anchors{}
	for _, c := range []struct{ heading, want string }{
		{"2. Orders", "2-orders"}, {"Ten: 100 % (so)", "ten-100--so"}, {"max_drawdown – it", "max_drawdown--it"}, {"Über", "über"},
		{"2. orders!", "2-orders-1"}, {"2 Orders", "2-orders-2"},
		// A number that a heading brings itself is not given once more, on either way.
		{"Über 1", "über-1"}, {"Über", "über-2"}, {"Über-1", "über-1-1"},
	} {
		if got := a.of(c.heading); got != c.want {
			t.Errorf("%s: got %s, want %s", c.heading, got, c.want)
		}
	}
}

// A link is right from wherever the page and the files are named.
func TestScenarioPageLinksFromAnywhere(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ page, file, want string }{
		{filepath.Join(here, "docs", "page.md"), "s/a.yaml", "../s/a.yaml"},
		{"docs/page.md", filepath.Join(here, "s", "a.yaml"), "../s/a.yaml"},
		{"../page.md", "s/a.yaml", filepath.Base(here) + "/s/a.yaml"},
	} {
		p := &scenarioPage{options: ScenarioPageOptions{Path: c.page}}
		if got := p.link(c.file); got != c.want {
			t.Errorf("from %s to %s: got %s, want %s", c.page, c.file, got, c.want)
		}
	}
}

func TestHeadingsShowAsTheyAre(t *testing.T) {
	for text, want := range map[string]string{
		"Carry & swap": "## Carry & swap\n\n", "&lt;b&gt; & &#35;": "## \\&lt;b\\&gt; & \\&#35;\n\n", "In C #": "## In C \\#\n\n", "<i>": "## \\<i\\>\n\n",
	} {
		p := &scenarioPage{}
		if p.heading(2, text); p.out.String() != want {
			t.Errorf("%s: got %q, want %q", text, p.out.String(), want)
		}
	}
}

// No two sections share a file, and each has a name that any file system takes.
func TestScenarioBookHasAPageOfEverySection(t *testing.T) {
	var list []*scenario.Scenario
	sections := []string{"A", "A!", "A 1", "???", "...", "-- b --", "Readme", strings.Repeat("Ü", 200)}
	for _, section := range sections {
		list = append(list, &scenario.Scenario{File: "s/a.yaml", Title: "Of " + section[:1], Section: section})
	}
	pages, err := ScenarioBook(list, ScenarioPageOptions{Path: "book"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"README.md", "a.md", "a-1.md", "a-1-1.md", "section.md", "section-1.md", "b.md", "readme-1.md", strings.Repeat("ü", bookFileMax/2) + ".md"}
	for i, page := range pages {
		if page.Name != want[i] {
			t.Errorf("page %d is %s, want %s", i, page.Name, want[i])
		}
		if i > 0 && !strings.Contains(string(pages[0].Text), "]("+page.Name+"): 1 scenario\n") {
			t.Errorf("the index has no link to %s:\n%s", page.Name, pages[0].Text)
		}
	}
	if len(pages) != len(want) {
		t.Errorf("%d pages, want %d", len(pages), len(want))
	}
}

func TestWrittenCandles(t *testing.T) {
	series := func(rows ...[4]float64) *market.Series {
		s := &market.Series{IntervalMS: 60_000}
		for i, r := range rows {
			s.Time = append(s.Time, startMS+int64(i)*60_000)
			s.Open, s.High, s.Low, s.Close = append(s.Open, r[0]), append(s.High, r[1]), append(s.Low, r[2]), append(s.Close, r[3])
		}
		return s
	}
	begin := "of 1m from " + minute(startMS)
	many := series()
	for i := range 30 {
		many.Time = append(many.Time, startMS+int64(i)*60_000)
		many.Close = append(many.Close, float64(i+1))
	}
	many.Open = append([]float64{1}, many.Close[:29]...)
	many.High, many.Low = many.Close, many.Open
	around := series([4]float64{1, 1, 1, 1})
	around.Volume, around.Bid, around.Ask = []float64{10}, []float64{0.99}, []float64{1.01}
	for _, c := range []struct {
		series *market.Series
		want   string
	}{
		{series([4]float64{1, 2, 1, 2}, [4]float64{2, 2, 1.5, 1.5}), begin + ", open 1, closes 2, 1.5"},
		{series([4]float64{2, 2, 2, 2}, [4]float64{2, 3, 2, 3}), begin + ", closes 2, 3"},
		{series([4]float64{1, 3, 1, 2}, [4]float64{2, 2, 1, 1}), begin + ", each as open, high, low, close: `1 3 1 2`, `2 2 1 1`"},
		{series([4]float64{5, 5, 5, 5}, [4]float64{5, 5, 5, 5}), begin + " to " + minute(startMS+120_000) + ", flat at 5"},
		{series([4]float64{5, 5, 5, 5}, [4]float64{6, 6, 6, 6}), begin + " to " + minute(startMS+120_000) + ", flat at 5, at 6 from " + minute(startMS+60_000)},
		{around, begin + " to " + minute(startMS+60_000) + ", flat at 1, volume 10, a spread of 0.02"},
		{many, begin + ", closes 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24 … (30)"},
		{series(), "none"},
	} {
		if got := writtenCandles(c.series); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

func TestMomentIsAsExactAsItIs(t *testing.T) {
	for ms, want := range map[int64]string{0: "1970-01-01 00:00", 61_000: "1970-01-01 00:01:01", 1: "1970-01-01 00:00:00.001", 60_250: "1970-01-01 00:01:00.250"} {
		if got := moment(ms); got != want {
			t.Errorf("%d: got %s, want %s", ms, got, want)
		}
	}
}

func TestScenarioNotes(t *testing.T) {
	n := newScenarioNotes(strings.Join([]string{
		"scenario: A # a title",        // 1
		"# of the next key",            // 2
		"expect:",                      // 3
		"  # what is below",            // 4
		"  # in two lines",             // 5
		"  positions:",                 // 6
		"    1: {closed: true}",        // 7
		`    2: {x: "a # b"} # behind`, // 8
		"  url: a#b",                   // 9
		"  words: it's # so",           // 10
		"  # above",                    // 11
		"  last: [1, 2]",               // 12
	}, "\r\n"))
	for _, c := range []struct {
		line int
		want string
	}{
		{7, "what is below in two lines"}, {7, ""}, {8, "behind"}, {9, ""}, {10, "so"}, {12, "above"}, {12, ""}, {0, ""}, {99, ""},
	} {
		if got := n.at(c.line); got != c.want {
			t.Errorf("line %d: got %q, want %q", c.line, got, c.want)
		}
	}
}

func TestScenarioBlocks(t *testing.T) {
	n := newScenarioNotes("synth: crash # c\nsubnet:\n- a\n\n  # in it\n  b: 1\n\n# next\nscore: {\n}\nx: 1")
	for key, want := range map[string]string{
		"synth": "synth: crash # c", "subnet": "subnet:\n- a\n\n  # in it\n  b: 1", "score": "score: {\n}", "x": "x: 1", "none": "",
	} {
		if got := n.block(key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if got := n.value("synth"); got != "crash" {
		t.Errorf("got %q", got)
	}
}

func TestScenarioPageIsBounded(t *testing.T) {
	signals := strings.Repeat("  - 2025-03-03T00:00:00Z BTCUSD LONG 0.1\n", 45)
	days := "{daily: [" + strings.Repeat("0, ", 129) + "0]}"
	text := scenarioPageText(t, ScenarioPageOptions{}, readScenario(t, "a.yaml", minimal(twoCandles, "signals:\n"+signals, days)))
	if !strings.Contains(text, "\nand 5 more\n") || !strings.Contains(text, "\nand 10 more\n") || strings.Count(text, "log_return") != expectationsShownMax {
		t.Errorf("got\n%s", text)
	}
	script := "script: |\n" + strings.Repeat("  x = 1\n", 123)
	text = scenarioPageText(t, ScenarioPageOptions{}, readScenario(t, "a.yaml", minimal(twoCandles, script, anyExpected)))
	if strings.Count(text, "\nx = 1") != codeLinesMax || !strings.Contains(text, "```\n\nand 3 lines more\n") {
		t.Errorf("got\n%s", text)
	}
}

// FuzzScenarioPage tells whatever can be read.
func FuzzScenarioPage(f *testing.F) {
	f.Add(cooldownScenario)
	f.Add(minimal("synth: crash\n", nobodyActs, "{daily: {2025-03-03: 1}}"))
	f.Add(minimal(twoCandles, "script: |\n  ```\n", anyExpected))
	f.Fuzz(func(t *testing.T, text string) {
		s, err := scenario.Parse("a.yaml", []byte(text))
		if err != nil {
			return
		}
		page := scenarioPageText(t, ScenarioPageOptions{Path: "docs/a.md"}, s)
		if again := scenarioPageText(t, ScenarioPageOptions{Path: "docs/a.md"}, s); again != page {
			t.Error("not the same bytes")
		}
		if strings.Count(page, "\n### ") < 1 || len(page) > 64*len(text)+math.MaxUint16 {
			t.Errorf("a page of %d bytes:\n%s", len(page), page)
		}
	})
}
