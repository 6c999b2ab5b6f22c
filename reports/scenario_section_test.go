package reports

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

// folderOfScenarios is a folder with what is in some files; it is the current one.
func folderOfScenarios(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func sectioned(file, title, section, rules string) *scenario.Scenario {
	return &scenario.Scenario{File: file, Title: title, Section: section, Rules: rules}
}

// bookPages are the texts of a book by their files.
func bookPages(t *testing.T, list ...*scenario.Scenario) map[string]string {
	t.Helper()
	pages, err := ScenarioBook(list, ScenarioPageOptions{Title: "The rules", Path: "book"})
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]string)
	for _, p := range pages {
		texts[p.Name] = string(p.Text)
	}
	return texts
}

// headings are those of a page, and the prose that a test calls Prose.
func headings(page string) string {
	var lines []string
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "Prose") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return strings.Join(lines, "|")
}

func TestSectionHasItsFoldersProse(t *testing.T) {
	folderOfScenarios(t, map[string]string{"s/2/_section.md": "\nProse [of](../rules.md) orders.\r\n\r\nProse, more.\n", "s/3/_section.md": "Prose of hours.\n"})
	pages := bookPages(t,
		// The folder 3 has one of another section, which the prose is not of.
		sectioned("s/2/a.yaml", "A", "2. Orders", ""), sectioned("s/3/b.yaml", "B", "2. Orders", ""),
		sectioned("s/3/c.yaml", "C", "3. Hours", ""), sectioned("s/3/d.yaml", "D", "3. Hours", ""))
	for name, want := range map[string]string{
		"02-orders.md": "# 2. Orders|Prose [of](../rules.md) orders.|Prose, more.|## A|## B",
		"03-hours.md":  "# 3. Hours|Prose of hours.|## C|## D",
	} {
		if got := headings(pages[name]); got != want {
			t.Errorf("%s:\n%s, want\n%s", name, got, want)
		}
	}
	one := scenarioPageText(t, ScenarioPageOptions{}, sectioned("s/2/a.yaml", "A", "2. Orders", ""))
	if got, want := headings(one), "# Scenarios|## Contents|## 2. Orders|Prose [of](../rules.md) orders.|Prose, more.|### A"; got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

func TestSectionProseIsBounded(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"as much as may be": {strings.Repeat("x", 64<<10), ""},
		"a byte too many":   {strings.Repeat("x", 64<<10+1), "found more than 64 KiB"},
		"no text":           {"a\xff", "found bytes that are no text in UTF-8"},
	} {
		folderOfScenarios(t, map[string]string{"s/_section.md": c.text})
		_, err := ScenarioBook([]*scenario.Scenario{sectioned("s/a.yaml", "A", "", "")}, ScenarioPageOptions{})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestOtherRuleSetsComeLast(t *testing.T) {
	list := []*scenario.Scenario{
		sectioned("s/a.yaml", "A", "10. S", "ptn-5.4.0"), sectioned("s/b.yaml", "B", "10. S", "ptn-2025-02"),
		sectioned("s/c.yaml", "C", "10. S", "mine.yaml"), sectioned("s/d.yaml", "D", "10. S", ""),
		sectioned("s/e.yaml", "E", "5. T", "ptn-5.4.0"),
	}
	pages := bookPages(t, list...)
	for name, want := range map[string]string{
		"10-s.md": "# 10. S|## B|## D|## Under other rule sets|### A|### C",
		"05-t.md": "# 5. T|## E", // all of it is: no heading
	} {
		if got := headings(pages[name]); got != want {
			t.Errorf("%s:\n%s, want\n%s", name, got, want)
		}
	}
	// The contents go the same way, and count both.
	const index = `- [10. S](10-s.md): 4 scenarios
- [5. T](05-t.md): 1 scenario

## All scenarios

<details>
<summary>10. S: 4 scenarios</summary>

- [B](10-s.md#b)
- [D](10-s.md#d)
- [Under other rule sets](10-s.md#under-other-rule-sets)
  - [A](10-s.md#a)
  - [C](10-s.md#c)

</details>

<details>
<summary>5. T: 1 scenario</summary>

- [E](05-t.md#e)

</details>
`
	if text := pages["README.md"]; !strings.HasSuffix(strings.TrimSpace(text), strings.TrimSpace(index)) {
		t.Errorf("got\n%s\nwant\n%s", text, index)
	}
	const contents = `- [10. S](#10-s)
  - [B](#b)
  - [D](#d)
  - [Under other rule sets](#under-other-rule-sets)
    - [A](#a)
    - [C](#c)
- [5. T](#5-t)
`
	one := scenarioPageText(t, ScenarioPageOptions{}, list...)
	if !strings.Contains(one, contents) {
		t.Errorf("got\n%s\nwant\n%s", one, contents)
	}
	if got, want := headings(one), "# Scenarios|## Contents|## 10. S|### B|### D|### Under other rule sets|#### A|#### C|## 5. T|### E"; got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

func TestRuleFileTellsWhatItChanges(t *testing.T) {
	folderOfScenarios(t, map[string]string{
		"s/_rules/careful.yaml": "extends: ptn-5.4.0\ndrawdown:\n  limit: 0.05\n",
		"s/_rules/more.yaml":    "extends: careful.yaml\ncooldown:\n  scope: miner\n",
		"s/_rules/same.yaml":    "extends: ptn-2025-02\n",
		"s/_rules/many.yaml": "extends: ptn-2025-02\nleverage:\n  position:\n    crypto: {min: 0.02, max: 0.4}\n    forex: {min: 0.2, max: 4}\n" +
			"    equities: {min: 0.2, max: 2}\ncooldown: {period: 11s, scope: miner}\ndrawdown: {limit: 0.05}\nelimination: {check_every: 1m}\nchallenge: {check_every: 1m}\n",
	})
	for name, want := range map[string]string{
		"careful": "the rules [`_rules/careful.yaml`](s/_rules/careful.yaml) (those of `ptn-5.4.0` but for `drawdown.limit=0.05`)\n",
		// Against the built-in set that both build on, in the order of the schema.
		"more": "(those of `ptn-5.4.0` but for `cooldown.scope=miner`, `drawdown.limit=0.05`)\n",
		"same": "(those of `ptn-2025-02`)\n",
		"many": ", 1 more value)\n", // 6 + 2 + 3 of which 10 are told
	} {
		text := scenarioPageText(t, ScenarioPageOptions{}, readScenario(t, "s/a.yaml", minimal("rules: _rules/"+name+".yaml\n"+twoCandles, nobodyActs, anyExpected)))
		if !strings.Contains(text, want) {
			t.Errorf("%s: %q is not in\n%s", name, want, text)
		}
	}
}

func TestScenarioPagesAreMarked(t *testing.T) {
	one := sectioned("s/a.yaml", "A", "", "")
	page := scenarioPageText(t, ScenarioPageOptions{}, one)
	if !IsScenarioPage([]byte(page)) || IsScenarioBookPage([]byte(page)) {
		t.Errorf("a page of its own has no marker of one:\n%s", page)
	}
	for name, text := range bookPages(t, one) {
		if !IsScenarioPage([]byte(text)) || !IsScenarioBookPage([]byte(text)) {
			t.Errorf("%s has no marker:\n%s", name, text)
		}
	}
	for text, want := range map[string]bool{
		"": false, "# Mine\n": false, "<!-- mine -->\n": false, "a\nb\n<!-- ptnsim check --document -->\n": false, "a <!-- ptnsim check --document -->\n": false,
		"---\n<!-- ptnsim check --document -->\r\n# Mine": true, "<!-- ptnsim check --document -->": true,
	} {
		if got := IsScenarioPage([]byte(text)); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
