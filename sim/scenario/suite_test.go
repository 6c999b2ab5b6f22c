package scenario_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/sim/scenario"
	"github.com/ptnsim/ptnsim/strategies"
)

// Scenarios of one account that never trades: its portfolio stays at 1.
const (
	still   = "signals: []\ncandles: {BTCUSD: {every: 1h, from: 2025-03-03T00:00:00Z, closes: [1, 2, 3]}}\n"
	passing = "scenario: passes\n" + still + "expect: {final_return: 1}\n"
	failing = "scenario: fails\n" + still + "expect: {final_return: 2}\n"
	breaks  = "scenario: breaks\nstrategy: none\n" + up + expect
	noYAML  = "scenario: [\n"
)

// checked is the outcomes of a suite, with their files.
func checked(t *testing.T, s *scenario.Suite, paths ...string) (outcomes []string, checks []scenario.Check) {
	t.Helper()
	s.Library = library()
	checks, err := s.Check(context.Background(), paths)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		outcomes = append(outcomes, strings.TrimSuffix(filepath.Base(c.File), ".yaml")+" "+string(c.Outcome))
	}
	return outcomes, checks
}

func TestASuiteTellsOfEachInTheOrderOfTheFiles(t *testing.T) {
	dir := write(t, map[string]string{"b.yaml": failing, "a.yaml": passing, "c.yaml": breaks, "d.yaml": noYAML, "e.yaml": passing})
	for _, workers := range []int{0, 1, 2, 8} {
		var told []string
		outcomes, checks := checked(t, &scenario.Suite{Workers: workers, Progress: func(done, of int) { told = append(told, fmt.Sprint(done, "/", of)) }}, dir)
		want := []string{"a passed", "b failed", "c broken", "d broken", "e passed"}
		if !slices.Equal(outcomes, want) {
			t.Errorf("%d workers: %q", workers, outcomes)
		}
		if !slices.Equal(told, []string{"1/5", "2/5", "3/5", "4/5", "5/5"}) {
			t.Errorf("%d workers: progress %q", workers, told)
		}
		if f := checks[1].Findings; len(f) != 1 || f[0].Path != "final_return" || f[0].Line != 4 || checks[1].Err != nil {
			t.Errorf("%+v", checks[1])
		}
		if checks[2].Err == nil || checks[3].Err == nil || checks[3].Scenario != nil || checks[2].Scenario.Title != "breaks" {
			t.Errorf("%+v", checks[2:4])
		}
		if checks[0].Digest == "" || checks[0].Digest != checks[4].Digest || checks[0].Took != 0 {
			t.Errorf("%+v", checks[0])
		}
	}
}

func TestRunChoosesByFileAndTitle(t *testing.T) {
	dir := write(t, map[string]string{"one/a.yaml": passing, "two/b.yaml": failing, "two/c.yaml": noYAML})
	for pattern, want := range map[string][]string{
		"one/":    {"a passed"},
		"^fails$": {"b failed"},
		"two/c":   {"c broken"},
		"a":       {"a passed", "b failed", "c broken"}, // of the folder's name, if nothing else
	} {
		if pattern == "a" {
			pattern = "yaml"
		}
		if got, _ := checked(t, &scenario.Suite{Run: regexp.MustCompile(pattern)}, dir); !slices.Equal(got, want) {
			t.Errorf("%s: %q", pattern, got)
		}
	}
	none := &scenario.Suite{Library: library(), Run: regexp.MustCompile("nobody")}
	_, err := none.Check(context.Background(), []string{dir})
	if err == nil || err.Error() != `found no scenario whose file or title matches "nobody", of 3; expected one at least: correct the pattern` {
		t.Errorf("%v", err)
	}
}

// TestFailFastTellsTheSameWhateverTheWorkers: the first failure in the order of the
// files, and nothing of those behind it.
func TestFailFastTellsTheSameWhateverTheWorkers(t *testing.T) {
	files := make(map[string]string)
	for i := range 30 {
		files[fmt.Sprintf("%02d.yaml", i)] = passing
	}
	files["11.yaml"], files["12.yaml"], files["25.yaml"] = failing, breaks, failing
	dir := write(t, files)
	for _, workers := range []int{1, 2, 8} {
		got, checks := checked(t, &scenario.Suite{Workers: workers, FailFast: true}, dir)
		for i, c := range checks {
			want := scenario.Passed
			switch {
			case i == 11:
				want = scenario.Failed
			case i > 11:
				want = scenario.Skipped
			}
			if c.Outcome != want || want == scenario.Skipped && (len(c.Findings) > 0 || c.Err != nil || c.Digest != "") {
				t.Errorf("%d workers: %s", workers, got[i])
			}
		}
	}
}

func TestFailFastBeginsNothingAfterTheFirstFailure(t *testing.T) {
	began := 0
	l := library()
	l.Find = func(spec string) (strategies.Definition, error) {
		began++
		return strategies.Find(spec)
	}
	by := func(name string) string {
		return "scenario: x\nstrategy: " + name + "\n" + up + "expect: {orders: {count: 1}}\n"
	}
	dir := write(t, map[string]string{"1.yaml": by("buy-and-hold"), "2.yaml": by("nobody"), "3.yaml": by("buy-and-hold")})
	checks, err := (&scenario.Suite{Library: l, Workers: 1, FailFast: true}).Check(context.Background(), []string{dir})
	if err != nil || began != 2 || checks[0].Outcome != scenario.Passed || checks[1].Outcome != scenario.Broken || checks[2].Outcome != scenario.Skipped {
		t.Errorf("%d began, %+v, %v", began, checks, err)
	}
}

func TestAnExpectedErrorIsJudged(t *testing.T) {
	refused := func(why string) string {
		return "scenario: x\nsignals:\n  - 2025-03-03T00:30:00Z ETHUSD LONG 0.1 # not after\ncandles: {BTCUSD: {every: 1h, from: 2025-03-03T00:00:00Z, closes: [1, 2, 3]}}\nexpect: {error: " + why + "}\n"
	}
	dir := write(t, map[string]string{
		"1.yaml": refused("ETHUSD without candles"), "2.yaml": refused("BTCUSD without candles"),
		"3.yaml": refused("not after"), // the line says so, the error does not
		"4.yaml": "scenario: x\n" + still + "expect: {error: anything}\n",
	})
	got, checks := checked(t, &scenario.Suite{}, dir)
	if !slices.Equal(got, []string{"1 passed", "2 failed", "3 failed", "4 failed"}) {
		t.Fatalf("%q", got)
	}
	for i, want := range []string{"", "pair: found ETHUSD without candles", "pair: found ETHUSD without candles", "no error"} {
		if want == "" {
			continue
		}
		f := checks[i].Findings
		if len(f) != 1 || !strings.Contains(f[0].Got, want) || f[0].Line != 5-i/3 || checks[i].Err != nil || strings.Contains(f[0].Got, "> ") {
			t.Errorf("%d: %+v", i+1, f)
		}
	}
}

func TestUpdateWritesWhatWasFound(t *testing.T) {
	updated := strings.Replace(failing, "final_return: 2", "final_return: 1", 1)
	bound := strings.Replace(failing, "final_return: 2", "final_return: '> 2'", 1)
	dir := write(t, map[string]string{"1.yaml": passing, "2.yaml": failing, "3.yaml": bound})
	if err := os.Chmod(filepath.Join(dir, "2.yaml"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("2.yaml", filepath.Join(dir, "0.yaml")); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(filepath.Join(dir, "1.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	got, checks := checked(t, &scenario.Suite{Update: true}, dir)
	if !slices.Equal(got, []string{"0 passed", "1 passed", "3 failed"}) {
		t.Fatalf("%q", got)
	}
	text := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if text("2.yaml") != updated || text("1.yaml") != passing || text("3.yaml") != bound {
		t.Errorf("%q, %q, %q", text("1.yaml"), text("2.yaml"), text("3.yaml"))
	}
	if info, err := os.Lstat(filepath.Join(dir, "0.yaml")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(filepath.Join(dir, "2.yaml")); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("permissions %v, %v", info.Mode(), err)
	}
	if after, err := os.Stat(filepath.Join(dir, "1.yaml")); err != nil || !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("what passes was written, %v", err)
	}
	if u := checks[0].Updated; !strings.Contains(u, "\n-expect: {final_return: 2}\n+expect: {final_return: 1}\n") || !strings.Contains(u, "--- "+checks[0].File+"\n+++ "+checks[0].File+"\n") {
		t.Errorf("%s", u)
	}
	if len(checks[0].Findings) != 0 || len(checks[2].Findings) != 1 || checks[1].Updated != "" || checks[2].Updated != "" {
		t.Errorf("%+v", checks)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// TestUpdateLeavesAFileThatChangedMeanwhile: a person's edit is not lost.
func TestUpdateLeavesAFileThatChangedMeanwhile(t *testing.T) {
	dir := write(t, map[string]string{"1.yaml": failing})
	path := filepath.Join(dir, "1.yaml")
	s := &scenario.Suite{Update: true, Progress: func(int, int) {
		if err := os.WriteFile(path, []byte(passing), 0o666); err != nil {
			t.Error(err)
		}
	}}
	got, checks := checked(t, s, dir)
	text, err := os.ReadFile(path)
	if err != nil || string(text) != passing || got[0] != "1 broken" || checks[0].Err == nil || !strings.Contains(checks[0].Err.Error(), "changed while it was checked") {
		t.Errorf("%q, %v, %q, %v", got, checks[0].Err, text, err)
	}
}

// TestUpdateLeavesAWriteProtectedFile: a folder that can be written does not mean it.
func TestUpdateLeavesAWriteProtectedFile(t *testing.T) {
	dir := write(t, map[string]string{"1.yaml": failing})
	file := filepath.Join(dir, "1.yaml")
	if err := os.Chmod(file, 0o444); err != nil {
		t.Fatal(err)
	}
	got, checks := checked(t, &scenario.Suite{Update: true}, dir)
	if !slices.Equal(got, []string{"1 broken"}) || !strings.Contains(checks[0].Err.Error(), "it is write-protected") {
		t.Errorf("%q, %v", got, checks[0].Err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != failing {
		t.Errorf("%q, %v", text, err)
	}
}

func TestTheInjectedClockMeasures(t *testing.T) {
	dir := write(t, map[string]string{"1.yaml": passing})
	var mu sync.Mutex
	now := time.Unix(0, 0)
	_, checks := checked(t, &scenario.Suite{Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}}, dir)
	if checks[0].Took != 2*time.Second { // a second of reading, one of playing
		t.Errorf("%v", checks[0].Took)
	}
}

func TestACancelledSuiteEndsWithTheContextsError(t *testing.T) {
	dir := write(t, map[string]string{"1.yaml": failing, "2.yaml": failing, "3.yaml": failing})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := &scenario.Suite{Library: library(), Workers: 1, Update: true, Progress: func(done, of int) {
		if done == 2 {
			cancel()
		}
	}}
	if checks, err := s.Check(ctx, []string{dir}); !errors.Is(err, context.Canceled) || checks != nil {
		t.Errorf("%v, %v", checks, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "1.yaml")); err != nil || string(text) != failing {
		t.Errorf("%q was written, %v", text, err)
	}
}

// TestAPanicIsPassedOn: whoever runs the suite tells of it as of any other defect.
func TestAPanicIsPassedOn(t *testing.T) {
	dir := write(t, map[string]string{"1.yaml": passing, "2.yaml": passing})
	l := library()
	l.Digest = func(*scenario.Play) (string, error) { panic("out of ideas") }
	defer func() {
		if p := recover(); !strings.Contains(fmt.Sprint(p), "out of ideas") || !strings.Contains(fmt.Sprint(p), "suite_test.go") {
			t.Errorf("%v", p)
		}
	}()
	_, err := (&scenario.Suite{Library: l}).Check(context.Background(), []string{dir})
	t.Errorf("nobody knows of the panic: %v", err)
}

func TestFilesAreShownFromWhereTheCheckWasStarted(t *testing.T) {
	dir := write(t, map[string]string{"in/1.yaml": passing, "out/2.yaml": passing})
	t.Chdir(filepath.Join(dir, "in"))
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	_, checks := checked(t, &scenario.Suite{}, here, "../out")
	if checks[0].File != "1.yaml" || checks[1].File != "../out/2.yaml" {
		t.Errorf("%q and %q", checks[0].File, checks[1].File)
	}
}
