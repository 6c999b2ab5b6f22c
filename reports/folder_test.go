package reports

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

// list returns the names in a folder, "" for a folder that is not there.
func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// write makes a result folder of a run of ten days.
func write(t *testing.T, path string, options FolderOptions) *Run {
	t.Helper()
	options.NoPlots = true
	folder, err := NewFolder(path, options)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Abort()
	run := played(t, 10, 6, folder.Equity.Record)
	digest, err := folder.Commit(context.Background(), run)
	if err != nil {
		t.Fatal(err)
	}
	if digest != Digest(run) {
		t.Errorf("Commit returns %s, the run's digest is %s", digest, Digest(run))
	}
	return run
}

func TestFolderIsReadBackAsItWas(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "out")
	run := write(t, dir, FolderOptions{})
	want := []string{CheckpointsFile, DailyFile, EquityFile, OrdersFile, PositionsFile, ResultFile, RulesFile}
	if got := list(t, dir); !slices.Equal(got, want) {
		t.Errorf("the folder has %v, want %v", got, want)
	}
	if got := list(t, filepath.Dir(dir)); len(got) != 1 {
		t.Errorf("beside the folder stands %v", got)
	}
	document, back, err := ReadFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if document.Digest != Digest(back) || document.Digest != Digest(run) {
		t.Errorf("digest %s in the document, %s of what was read, %s of the run", document.Digest, Digest(back), Digest(run))
	}
	if !reflect.DeepEqual(back.Curve, run.Curve) {
		t.Error("the curve is another")
	}
	if !reflect.DeepEqual(back.Result.ByPair, run.Result.ByPair) {
		t.Error("the pairs' ledgers are others")
	}
	if !reflect.DeepEqual(back.Result.Positions, run.Result.Positions) {
		t.Error("the positions are others")
	}
	if !reflect.DeepEqual(back.Result.Daily, run.Result.Daily) || !reflect.DeepEqual(back.Params, run.Params) || !reflect.DeepEqual(back.Dataset, run.Dataset) {
		t.Error("the days, parameters or data set are others")
	}
	if !reflect.DeepEqual(back.Result.Orders, run.Result.Orders) {
		t.Error("the orders are others")
	}
}

func TestFolderTablesEqualMemory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	run := write(t, dir, FolderOptions{})
	read := func(name string) *datasets.Table {
		table, err := datasets.ReadTable(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return table
	}
	orders := read(OrdersFile)
	for i, o := range run.Result.Orders {
		filled := orders.Int64s("filled_ms")[i]
		price := orders.Float64s("price")[i]
		if o.Filled() != (filled != datasets.NullInt64) || o.Filled() == math.IsNaN(price) {
			t.Fatalf("order %d: %s, filled_ms %d, price %v", i, o.Outcome, filled, price)
		}
		if o.Filled() && (filled != o.FilledMS || price != o.FillPrice || orders.Float64s("effective_leverage")[i] != o.EffectiveLeverage) {
			t.Fatalf("order %d is %+v, the table has %d %v", i, o, filled, price)
		}
		if orders.Strings("outcome")[i] != string(o.Outcome) || orders.Strings("reason")[i] != string(o.Reason) || orders.Strings("pair")[i] != o.Pair {
			t.Fatalf("order %d: the table has another outcome, reason or pair", i)
		}
	}
	positions := read(PositionsFile)
	for i, p := range run.Result.Positions {
		if positions.Float64s("return_at_close")[i] != p.ReturnAtClose || positions.Int64s("close_ms")[i] != p.CloseMS || positions.Int64s("orders")[i] != int64(len(p.Fills)) {
			t.Fatalf("position %d is %+v, the table has another", i, p)
		}
	}
	checkpoints := read(CheckpointsFile)
	n := 0
	for i, pair := range checkpoints.Strings("pair") {
		if pair != "" {
			continue
		}
		c := run.Result.Checkpoints[n]
		if checkpoints.Float64s("gain")[i] != c.Gain || checkpoints.Float64s("mdd")[i] != c.MDD || checkpoints.Int64s("last_update_ms")[i] != c.LastUpdateMS || checkpoints.Int64s("updates")[i] != c.Updates {
			t.Fatalf("checkpoint %d is %+v, the table has another", n, c)
		}
		n++
	}
	if n != len(run.Result.Checkpoints) {
		t.Errorf("%d checkpoints of the portfolio, want %d", n, len(run.Result.Checkpoints))
	}
	daily := read(DailyFile)
	for i, d := range run.Result.Daily {
		if daily.Int64s("date")[i] != d.DateMS || daily.Float64s("log_return")[i] != d.LogReturn {
			t.Fatalf("day %d is %+v, the table has another", i, d)
		}
	}
	if orders.Rows != len(run.Result.Orders) || positions.Rows != len(run.Result.Positions) || daily.Rows != len(run.Result.Daily) {
		t.Error("a table has other rows than the run")
	}
}

func TestFolderLeavesNothingBehind(t *testing.T) {
	run := played(t, 3, 6, nil)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	cases := map[string]func(*Folder) error{
		"aborted": func(f *Folder) error { f.Abort(); return errors.New("aborted") },
		"cancelled": func(f *Folder) error {
			_, err := f.Commit(cancelled, run)
			return err
		},
		"its folder vanishes midway": func(f *Folder) error {
			os.RemoveAll(f.growing)
			_, err := f.Commit(context.Background(), run)
			return err
		},
		"a file can't be written": func(f *Folder) error {
			os.Mkdir(f.file(CheckpointsFile), 0o755) // in the way of the fourth table
			_, err := f.Commit(context.Background(), run)
			return err
		},
		"its path is taken meanwhile": func(f *Folder) error {
			os.WriteFile(f.path, []byte("mine"), 0o644)
			_, err := f.Commit(context.Background(), run)
			os.Remove(f.path)
			return err
		},
	}
	for name, fail := range cases {
		t.Run(name, func(t *testing.T) {
			base := t.TempDir()
			folder, err := NewFolder(filepath.Join(base, "deep", "out"), FolderOptions{NoPlots: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := fail(folder); err == nil {
				t.Fatal("no error")
			} else if name != "aborted" && name != "cancelled" && !strings.Contains(err.Error(), filepath.Join("deep", "out")) {
				t.Errorf("%v: the path is not named", err)
			}
			folder.Abort()
			if left := list(t, base); len(left) > 0 && name != "its path is taken meanwhile" {
				t.Errorf("left %v", left)
			}
			if name == "its path is taken meanwhile" {
				if left := list(t, filepath.Join(base, "deep")); len(left) > 0 {
					t.Errorf("left %v", left)
				}
			}
		})
	}
}

func TestFolderThatIsThere(t *testing.T) {
	put := func(dir, name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		name  string
		make  func(dir string)
		force bool
		want  string // in the refusal; "" for none
	}{
		{"empty", func(string) {}, false, ""},
		{"a result", func(dir string) { write(t, dir, FolderOptions{}) }, false, "--force"},
		{"a result, forced", func(dir string) { write(t, dir, FolderOptions{}) }, true, ""},
		{"not ours", func(dir string) { put(dir, "thesis.txt", "x") }, true, "it has thesis.txt"},
		{"ours and more", func(dir string) { write(t, dir, FolderOptions{}); put(dir, "notes.md", "x") }, true, "it has notes.md"},
		{"ours and a folder", func(dir string) { write(t, dir, FolderOptions{}); os.Mkdir(filepath.Join(dir, "x.png"), 0o755) }, true, "it has x.png"},
		{"names like ours", func(dir string) { put(dir, EquityFile, "x") }, true, "it has no result.json"},
		{"another's result.json", func(dir string) { put(dir, ResultFile, `{"schema":"other"}`) }, true, "no result of ptnsim"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			c.make(dir)
			before := list(t, dir)
			folder, err := NewFolder(dir, FolderOptions{Force: c.force, NoPlots: true})
			if c.want != "" {
				if !errors.Is(err, ErrFolder) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), dir) {
					t.Errorf("error %v, want one that says %q", err, c.want)
				}
				if got := list(t, dir); !slices.Equal(got, before) {
					t.Errorf("the folder has %v, had %v", got, before)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			// Until it is whole, what was there stays; so it does when it fails.
			if got := list(t, dir); !slices.Equal(got, before) {
				t.Errorf("before Commit the folder has %v, had %v", got, before)
			}
			folder.Abort()
			if got := list(t, dir); !slices.Equal(got, before) {
				t.Errorf("after Abort the folder has %v, had %v", got, before)
			}
			write(t, dir, FolderOptions{Force: c.force})
			if got := list(t, filepath.Dir(dir)); len(got) != 1 {
				t.Errorf("beside the folder stands %v", got)
			}
			if _, _, err := ReadFolder(dir); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFolderRefusesAFileAndALink(t *testing.T) {
	base := t.TempDir()
	target := filepath.Join(base, "target")
	write(t, target, FolderOptions{})
	link := filepath.Join(base, "link")
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{link, filepath.Join(target, ResultFile)} {
		if _, err := NewFolder(path, FolderOptions{Force: true}); !errors.Is(err, ErrFolder) {
			t.Errorf("%s: error %v, want a refusal", path, err)
		}
	}
	// Nothing can be made below a file.
	if _, err := NewFolder(filepath.Join(target, ResultFile, "x", "out"), FolderOptions{}); err == nil || !strings.Contains(err.Error(), ResultFile) {
		t.Errorf("error %v, want one that names the path", err)
	}
}

// BenchmarkFolder writes the result folder of a year of one-minute updates,
// without plots.
func BenchmarkFolder(b *testing.B) {
	var u updates
	run := played(b, 365, 6, u.record, "elimination.main=false")
	const minutes = 525_600
	for len(u.times) < minutes { // positions are open half of the time: fill it up
		n := min(len(u.times), minutes-len(u.times))
		u.record(u.times[:n], u.values[:n], u.drawdowns[:n])
	}
	path := filepath.Join(b.TempDir(), "out")
	b.ReportAllocs()
	for b.Loop() {
		folder, err := NewFolder(path, FolderOptions{Force: true, NoPlots: true})
		if err != nil {
			b.Fatal(err)
		}
		for from := 0; from < len(u.times); from += 512 {
			to := min(from+512, len(u.times))
			folder.Equity.Record(u.times[from:to], u.values[from:to], u.drawdowns[from:to])
		}
		if _, err := folder.Commit(context.Background(), run); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(u.times)), "updates")
}
