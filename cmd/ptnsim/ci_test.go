package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/testscript"
)

// recipes is the folder of the workflow files and scripts that docs/ci.md explains.
const recipes = "../../docs/ci"

// hosts are the workflow files, one for each CI host.
func hosts(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(recipes + "/*.yml")
	if err != nil || len(files) < 4 {
		t.Fatalf("found %d workflow files in %s (%v), want at least 4", len(files), recipes, err)
	}
	return append(files, recipes+"/Jenkinsfile")
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestCIWorkflowsAreYAML: strict, so that a key that stands twice is found.
func TestCIWorkflowsAreYAML(t *testing.T) {
	for _, file := range hosts(t) {
		if filepath.Ext(file) != ".yml" {
			continue
		}
		var document map[string]any
		if err := yaml.UnmarshalWithOptions([]byte(readText(t, file)), &document, yaml.Strict()); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if len(document) < 3 {
			t.Errorf("%s: %d keys, want a workflow", file, len(document))
		}
	}
}

// TestCICommandsAreRight parses every call of ptnsim in the recipes, as
// TestDocumentedCommandsAreRight does it for the pages.
func TestCICommandsAreRight(t *testing.T) {
	scripts, err := filepath.Glob(recipes + "/*.sh")
	if err != nil || len(scripts) < 3 {
		t.Fatalf("found %d scripts (%v), want at least 3", len(scripts), err)
	}
	commands := 0
	for _, file := range append(scripts, hosts(t)...) {
		for _, line := range commandsOf(readText(t, file)) {
			commands++
			checkExample(t, line)
		}
	}
	if commands < 16 {
		t.Errorf("%d commands were found, want at least 16", commands)
	}
}

// TestCIRecipesDoTheSame: a recipe that lacks a step, or has another gate than the
// others, is one that nobody thought of when the others changed.
func TestCIRecipesDoTheSame(t *testing.T) {
	for _, file := range hosts(t) {
		text := readText(t, file)
		var check, gate string
		for _, line := range commandsOf(text) {
			switch {
			case strings.HasPrefix(line, "ptnsim check "):
				check = line
			case strings.HasPrefix(line, "ptnsim run "):
				gate = line
			}
		}
		if want := "ptnsim check scenarios --junit check.xml"; check != want {
			t.Errorf("%s checks scenarios by %q, want %q", file, check, want)
		}
		want := "ptnsim run --data data --strategy strategies/trend.star --rules rules/desk.yaml " +
			"--require 'elimination == null' --require 'max_drawdown_run < 0.08' --require 'days >= 60' --force --out result"
		if gate != want {
			t.Errorf("%s plays the strategy by %q, want %q", file, gate, want)
		}
		for _, step := range []string{"go install", "github.com/ptnsim/ptnsim/cmd/ptnsim@", "v1.0.0", "sh ci/data.sh", "sh ci/compare.sh ", ".candles", "data/dataset.json"} {
			if !strings.Contains(text, step) {
				t.Errorf("%s lacks %q", file, step)
			}
		}
		if strings.Contains(text, "secrets.") || strings.Contains(text, "credentials(") {
			t.Errorf("%s uses a secret", file)
		}
		if page := readText(t, "../../docs/ci.md"); !strings.Contains(page, "(ci/"+filepath.Base(file)+")") {
			t.Errorf("docs/ci.md has no link to %s", file)
		}
	}
}

// TestCIScripts runs the scripts of the recipes in a scratch repository.
func TestCIScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program many times")
	}
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/ci",
		RequireUniqueNames: true,
		Cmds:               map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		Setup: func(env *testscript.Env) error {
			// A new machine: it remembers nothing of what was verified before.
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			if err := os.MkdirAll(filepath.Join(env.WorkDir, "ci"), 0o755); err != nil {
				return err
			}
			for _, name := range []string{"data.sh", "compare.sh"} { // fetch.sh is each script's own
				text, err := os.ReadFile(filepath.Join(recipes, name))
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(env.WorkDir, "ci", name), text, 0o644); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

// commandsOf are the calls of ptnsim in a workflow file or a shell script, each on
// one line and with single spaces.
func commandsOf(text string) []string {
	// Lines that go on: after a backslash, and in a folded block of YAML.
	text = regexp.MustCompile(`\\\n\s*`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`\n\s+(--require)`).ReplaceAllString(text, " $1")
	call := regexp.MustCompile(`(?:^|run: |command: |script: |- |if |sh ')(ptnsim [a-z].*)$`)
	var found []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if rest, comment := strings.CutPrefix(line, "# ptnsim"); comment {
			line = "ptnsim" + rest // another command to choose
		}
		match := call.FindStringSubmatch(line)
		if match == nil || strings.HasPrefix(line, "name: ") {
			continue
		}
		command := match[1]
		for _, end := range []string{" # ", "; then"} {
			command, _, _ = strings.Cut(command, end)
		}
		if strings.Contains(match[0], "sh '") {
			command = strings.TrimSuffix(command, "'")
		}
		command = strings.NewReplacer(`"$here/data"`, "data", `"$here/$1"`, "result", `"$1"`, "folder").Replace(command)
		found = append(found, strings.Join(strings.Fields(command), " "))
	}
	return slices.Clip(found)
}
