package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/scenario"
)

// The rules as scenarios, which are the set that is compared.
const scenarios = "../../testdata/scenarios"

// checked is what a check prints of each scenario, but for how long it took.
type checked struct {
	Digest string
	Checks []struct{ File, Outcome, Digest string }
}

// TestRulesHoldAsScenarios plays the specification: every scenario holds.
func TestRulesHoldAsScenarios(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), []string{"check", scenarios, "--annotations", "never"}, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Errorf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
	}
}

// TestRulesByExampleIsCurrent: the pages are what the scenarios make of them, and no two
// scenarios have one title.
func TestRulesByExampleIsCurrent(t *testing.T) {
	t.Chdir("../..")
	files, err := scenario.Find([]string{"testdata/scenarios"})
	if err != nil {
		t.Fatal(err)
	}
	var all []*scenario.Scenario
	titles := make(map[string]string)
	for _, file := range files {
		s, err := scenario.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		if other := titles[s.Title]; other != "" {
			t.Errorf("%s and %s have one title", other, file)
		}
		titles[s.Title] = file
		all = append(all, s)
	}
	const folder = "docs/rules-by-example"
	pages, err := reports.ScenarioBook(all, reports.ScenarioPageOptions{Title: pageTitle(folder), Path: folder})
	if err != nil {
		t.Fatal(err)
	}
	stands, err := os.ReadDir(folder)
	if err != nil || len(stands) != len(pages) {
		t.Errorf("%s has %d files, want %d: %v", folder, len(stands), len(pages), err)
	}
	for _, page := range pages {
		want, err := os.ReadFile(filepath.Join(folder, page.Name))
		if err != nil || !bytes.Equal(page.Text, want) {
			t.Errorf("%s is not that of the scenarios: ptnsim check testdata/scenarios --document %s (%v)", page.Name, folder, err)
		}
		if len(page.Text) > 500_000 {
			t.Errorf("%s has %d bytes: hosts of repositories don't render that", page.Name, len(page.Text))
		}
	}
}

// TestScenariosAgreeOnAnyNumberOfWorkers, digest by digest.
func TestScenariosAgreeOnAnyNumberOfWorkers(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole specification, three times")
	}
	var first checked
	for _, workers := range []string{"1", "2", "8"} {
		got := checkJSON(t, scenarios, "--workers", workers)
		if first.Checks == nil {
			first = got
		}
		compareChecks(t, workers+" workers", got, first)
	}
	digests := make(map[string]bool)
	for _, c := range first.Checks {
		digests[c.Digest] = true
	}
	if len(digests) < len(first.Checks)/2 {
		t.Errorf("%d scenarios have %d digests: too few to prove anything", len(first.Checks), len(digests))
	}
}

// checkJSON checks scenarios, which must all hold.
func checkJSON(t *testing.T, args ...string) (got checked) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args = append([]string{"check", "--annotations", "never", "--format", "json"}, args...)
	if code := run(context.Background(), args, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, stdout.String(), stderr.String())
	}
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func compareChecks(t *testing.T, name string, got, want checked) {
	t.Helper()
	if len(got.Checks) != len(want.Checks) {
		t.Fatalf("%s: %d scenarios, want %d", name, len(got.Checks), len(want.Checks))
	}
	for i, c := range got.Checks {
		if c != want.Checks[i] {
			t.Errorf("%s: %+v, want %+v", name, c, want.Checks[i])
		}
	}
	if got.Digest != want.Digest {
		t.Errorf("%s: the digest of all is %s, want %s", name, got.Digest, want.Digest)
	}
}

// TestScenariosAgreeHoweverTheDataIsCut: the same candles as Parquet of several row
// groups, as Arrow of one record batch, of many and of odd ones, and as CSV.
func TestScenariosAgreeHoweverTheDataIsCut(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of thousands of candles, in one goroutine")
	}
	dir := t.TempDir()
	play(t, "data", "synth", "-q", "--pairs", "BTCUSD,EURUSD", "--from", "2025-01-06", "--to", "+140d", "--interval", "1m", "--out", filepath.Join(dir, "parquet"))
	set, err := datasets.OpenSet(datasets.OpenOptions{}, filepath.Join(dir, "parquet"))
	if err != nil {
		t.Fatal(err)
	}
	candles, err := set.Read(context.Background(), datasets.Select{})
	if err != nil {
		t.Fatal(err)
	}
	cuts := map[string]int{"one": 1 << 30, "many": 1000, "odd": 77_777, "csv": 0}
	for _, c := range candles {
		defer c.Close()
		for name, rows := range cuts {
			writeCut(t, filepath.Join(dir, name), c.Series, rows)
		}
	}
	var digests []string
	for _, name := range []string{"parquet", "one", "many", "odd", "csv"} {
		file := filepath.Join(dir, name+".yaml")
		text := fmt.Sprintf("scenario: on %s\ndata: %s\nstrategy: donchian\nparams: {entry: 500, exit: 200}\nexpect: {counts: \"> 20\"}\n", name, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got := checkJSON(t, file)
		digests = append(digests, got.Checks[0].Digest)
	}
	for i, d := range digests {
		if d != digests[0] || len(d) != len("sha256:")+64 {
			t.Errorf("the digests differ, or are none: %q (the %d-th)", digests, i+1)
		}
	}
}

// writeCut writes candles as Arrow, in record batches of so many rows; with 0 as CSV.
func writeCut(t *testing.T, folder string, s *market.Series, rows int) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if rows == 0 {
		if err := datasets.Write(context.Background(), filepath.Join(folder, s.Pair.ID+"-1m.csv"), s); err != nil {
			t.Fatal(err)
		}
		return
	}
	file, err := os.Create(filepath.Join(folder, s.Pair.ID+"-1m.arrow"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	fields := []arrow.Field{{Name: "time", Type: &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}}}
	columns := [][]float64{s.Open, s.High, s.Low, s.Close, s.Volume}
	for _, name := range []string{"open", "high", "low", "close", "volume"} {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64})
	}
	schema := arrow.NewSchema(fields, nil)
	w, err := ipc.NewFileWriter(file, ipc.WithSchema(schema))
	if err != nil {
		t.Fatal(err)
	}
	batch := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer batch.Release()
	for i := 0; i < s.Len(); i += rows {
		end := min(s.Len(), i+rows)
		for _, ms := range s.Time[i:end] {
			batch.Field(0).(*array.TimestampBuilder).Append(arrow.Timestamp(ms))
		}
		for k, column := range columns {
			batch.Field(k+1).(*array.Float64Builder).AppendValues(column[i:end], nil)
		}
		if err := w.Write(batch.NewRecordBatch()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
