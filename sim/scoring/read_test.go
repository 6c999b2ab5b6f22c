package scoring_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

func TestReadTellsTheFormsApart(t *testing.T) {
	const daily, ledger = "date,return\n2025-03-01,0.01\n", ` {"checkpoints": [], "positions": [], "evaluation_ms": 5}`
	for name, test := range map[string]struct {
		text string
		at   int64
	}{
		"daily returns": {daily, 1740787200_000}, // 2025-03-01, the last day
		"a ledger":      {ledger, 5},
		"a population":  {`{"evaluation_ms": 7, "miners": {"x": {"checkpoints": [], "positions": []}}}`, 7},
	} {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := io.WriteString(z, test.text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		for _, r := range []io.Reader{strings.NewReader(test.text), &packed} {
			p, err := scoring.Read(r, "x", nil)
			if err != nil || len(p.Miners) != 1 || p.Miners[0].ID != "x" {
				t.Fatalf("%s: %+v, %v", name, p, err)
			}
			if p.EvaluationMS != test.at {
				t.Errorf("%s: at %d", name, p.EvaluationMS)
			}
		}
	}
	if _, err := scoring.Read(strings.NewReader(""), "x", nil); err == nil {
		t.Error("nothing was read")
	}
}

func TestAResultIsVouchedForBeforeItIsTaken(t *testing.T) {
	const result = `{"schema":"ptnsim-result-3","checkpoints": [], "positions": [], "evaluation_ms": 5}`
	forged := errors.New("forged")
	for text, want := range map[string]error{result: forged, strings.Replace(result, "ptnsim-result", "other", 1): nil} {
		if _, err := scoring.Read(strings.NewReader(text), "x", func([]byte) error { return forged }); !errors.Is(err, want) {
			t.Errorf("%s: %v, expected %v", text, err, want)
		}
	}
	if _, err := scoring.Read(strings.NewReader(result), "x", nil); err != nil {
		t.Error(err)
	}
}

func TestOpenFileSaysWhatItNeeds(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir:                            "found a folder; expected a file",
		filepath.Join(dir, "none.csv"): "found no such file; expected daily returns (CSV)",
	} {
		if _, err := scoring.OpenFile(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, expected %s", err, want)
		}
	}
	path := filepath.Join(dir, "me.csv.gz")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if f, err := scoring.OpenFile(path); err != nil || f.Close() != nil || scoring.FileID(path) != "me" {
		t.Errorf("%v, %s", err, scoring.FileID(path))
	}
}
