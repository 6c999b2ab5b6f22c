package catalog

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/strategies"
)

func TestFindKnowsEveryForm(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	star := write("Mine.STAR", "def decide(ctx):\n    pass\n")
	mix := write("mix.yml", "members:\n  - strategy: crossover\n    share: 0.5\n")
	for _, c := range []struct {
		spec, name string
		kind       strategies.DefinitionKind
		hashed     bool
	}{
		{"crossover", "crossover", strategies.BuiltIn, false},
		{"twap", "twap", strategies.Wrapper, false},
		{star, "Mine.STAR", strategies.Script, true},
		{mix, "mix", strategies.Portfolio, true},
		{"exec:sh -c true", "exec:sh -c true", strategies.Process, false},
	} {
		d, err := new(Catalog).Find(c.spec)
		if err != nil {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		hash, err := d.Fingerprint(nil)
		if err != nil || d.Name != c.name || d.Kind != c.kind || (hash != "") != c.hashed {
			t.Errorf("%s: found %q of kind %q with the hash %q, %v", c.spec, d.Name, d.Kind, hash, err)
		}
	}
}

// TestBuiltInsCanBeMade: each with its defaults, and shown.
func TestBuiltInsCanBeMade(t *testing.T) {
	seen := make(map[string]bool)
	for _, d := range new(Catalog).BuiltIn() {
		if _, err := d.New(nil); err != nil || seen[d.Name] || d.Idea == "" || d.Doc == "" {
			t.Errorf("%s: %v, seen before: %t, idea %q", d.Name, err, seen[d.Name], d.Idea)
		}
		seen[d.Name] = true
	}
	if len(seen) < 13 {
		t.Errorf("%d strategies", len(seen))
	}
}

func TestWhatIsNoStrategySaysWhatWasMeant(t *testing.T) {
	for spec, want := range map[string]string{
		"crosover":  "did you mean crossover?",
		"my.py":     "'exec:python3 my.py'",
		"run.sh":    "'exec:sh run.sh'",
		"mine.csv":  "--signals mine.csv",
		"something": "a script (my.star)",
	} {
		_, err := new(Catalog).Find(spec)
		if !errors.Is(err, strategies.ErrUnknown) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", spec, err, want)
		}
	}
	if _, err := new(Catalog).Find(filepath.Join(t.TempDir(), "none.star")); err == nil || errors.Is(err, strategies.ErrUnknown) {
		t.Errorf("a script that is not there: %v", err)
	}
}
