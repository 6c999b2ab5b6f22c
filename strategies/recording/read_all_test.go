package recording

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestReadAllIsReadOfEachMiner: in the order of the file, without those that have no
// position.
func TestReadAllIsReadOfEachMiner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.json")
	text := `{"positions":{"` + bruno + `":{"positions":[` + stored1(bruno, "q") + `]},"` + annb + `":{"positions":[]},"` + anna + `":{"positions":[` + stored1(anna, "p") + `]}}}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := ReadAll(path)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d recordings, %v", len(all), err)
	}
	for i, hotkey := range []string{bruno, anna} {
		want, err := Read(path, hotkey)
		if err != nil || !reflect.DeepEqual(all[i], want) {
			t.Errorf("%s: %+v, want %+v (%v)", hotkey, all[i], want, err)
		}
	}
}

func TestReadAllRefuses(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"none.json":  {"", "found no such file; expected a validator's file of positions"},
		"empty.json": {`{"positions":{"` + anna + `":{"positions":[]}}}`, "found no position; expected positions as a validator stores them"},
		"half.json":  {"[" + stored1(anna, "p"), "found a file that breaks off"},
		"twice.json": {"[" + stored1(anna, "p") + "," + stored1(bruno, "q") + "," + stored1(bruno, "q") + "]", "position_uuid: found \"q\" twice; expected each position once"},
	} {
		path := filepath.Join(dir, name)
		if c.text != "" {
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := ReadAll(path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}
