package roster

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/catalog"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

// The range of the tests, by `date -u -d 2025-01-06 +%s` and `-d 2025-06-05`.
const (
	fromMS = 1736121600_000
	toMS   = 1749081600_000
	day    = 86_400_000
	hour   = 3_600_000
)

// sample is that range, and pairs.
func sample() Bounds {
	return Bounds{FromMS: fromMS, ToMS: toMS, Pairs: []string{"BTCUSD", "ETHUSD", "EURUSD"}}
}

// options find everything that the program finds.
func options() Options { return Options{Find: new(catalog.Catalog).Find} }

// read parses a file's text.
func read(t testing.TB, text string) *Roster {
	t.Helper()
	r, err := Parse("my.yaml", []byte(text), options())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// cast parses a file's text, and makes its miners; there are no warnings.
func cast(t testing.TB, text string) []subnet.Miner {
	t.Helper()
	miners, warnings, err := read(t, text).Miners(sample())
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	return miners
}

// miner is the one of that name.
func miner(t testing.TB, miners []subnet.Miner, name string) subnet.Miner {
	t.Helper()
	for _, m := range miners {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no %s among %d miners", name, len(miners))
	return subnet.Miner{}
}

// param is a miner's parameter; "" if it has none of the name.
func param(m subnet.Miner, name string) string {
	for _, p := range m.Params {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// write makes a file in a folder.
func write(t testing.TB, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// firstLine is an error's, without the excerpt.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// emptyArchive has no recordings: nothing is read.
type emptyArchive struct{}

var errNoArchive = errors.New("found no archive; expected none")

func (emptyArchive) positions(string, string) ([]*recording.Recording, error) {
	return nil, errNoArchive
}

func (emptyArchive) signals(string, string) ([]strategies.Signal, string, error) {
	return nil, "", errNoArchive
}
