package reports

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// onDisk writes files into a new folder.
func onDisk(t testing.TB, files map[string][]byte) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestDiffFilesReadsFoldersAndFiles(t *testing.T) {
	run, tournament := diffRun(t), diffSubnet(t)
	other := copied(t, run, func(d *Document) { d.FinalReturn = 2 })
	a := onDisk(t, map[string][]byte{ResultFile: run.Encode()})
	b := onDisk(t, map[string][]byte{ResultFile: other.Encode()})
	for _, paths := range [][2]string{{a, b}, {a, filepath.Join(b, ResultFile)}, {filepath.Join(a, ResultFile), filepath.Join(b, ResultFile)}} {
		d, err := DiffFiles(paths[0], paths[1], DiffTolerance{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Kind != DiffRuns || d.Same() || d.A.Name != paths[0] || d.B.Name != paths[1] || partOf(t, d, partResult).Changed != 1 {
			t.Errorf("%v: %+v", paths, d)
		}
	}
	if d, err := DiffFiles(a, filepath.Join(a, ResultFile), DiffTolerance{}); err != nil || !d.Same() {
		t.Errorf("a result differs from itself: %+v, %v", d, err)
	}
	folder := onDisk(t, map[string][]byte{SubnetFile: tournament.Encode()})
	if d, err := DiffFiles(folder, filepath.Join(folder, SubnetFile), DiffTolerance{}); err != nil || !d.Same() || d.Kind != DiffSubnets {
		t.Errorf("a tournament differs from itself: %+v, %v", d, err)
	}
}

func TestDiffFilesRefuses(t *testing.T) {
	run := diffRun(t).Encode()
	tournament := diffSubnet(t).Encode()
	edit := func(text []byte, from, to string) []byte {
		if !bytes.Contains(text, []byte(from)) {
			t.Fatalf("no %s", from)
		}
		return bytes.Replace(text, []byte(from), []byte(to), 1)
	}
	good := onDisk(t, map[string][]byte{ResultFile: run})
	cases := []struct {
		name, path string
		is         error
		want       []string
	}{
		{"two kinds", onDisk(t, map[string][]byte{SubnetFile: tournament}), ErrDiff, []string{"found a tournament in ", "and a run in " + good, "expected two results of one kind"}},
		{"a comparison", onDisk(t, map[string][]byte{CompareFile: []byte("{\n\"schema\":\"ptnsim-compare-1\",\n")}), ErrDiff, []string{"found a comparison of rule sets", "ptnsim run --out"}},
		{"a comparison's file", filepath.Join(onDisk(t, map[string][]byte{"x.json": []byte(`{"schema": "ptnsim-compare-1"`)}), "x.json"), ErrDiff, []string{"found a comparison of rule sets"}},
		{"another folder", onDisk(t, map[string][]byte{"notes.txt": nil}), ErrDiff, []string{"found neither result.json nor subnet.json in", "ptnsim subnet --out"}},
		{"nothing", filepath.Join(good, "nowhere"), os.ErrNotExist, []string{"found nothing at", "expected"}},
		{"an edited run", onDisk(t, map[string][]byte{ResultFile: edit(run, `"final_return":1.1`, `"final_return":1.2`)}), ErrDocument, []string{"the file was edited or is damaged"}},
		{"an edited tournament", onDisk(t, map[string][]byte{SubnetFile: edit(tournament, `"emission":100`, `"emission":101`)}), ErrDocument, []string{"the file was edited or is damaged"}},
		{"a damaged tournament", onDisk(t, map[string][]byte{SubnetFile: tournament[:len(tournament)/2]}), ErrDocument, []string{"subnet.json"}},
		{"a tournament of another version", onDisk(t, map[string][]byte{SubnetFile: edit(tournament, "ptnsim-subnet-1", "ptnsim-subnet-0")}), ErrDocument, []string{`"ptnsim-subnet-0", expected "ptnsim-subnet-1"`}},
		{"a field that is unknown", onDisk(t, map[string][]byte{SubnetFile: edit(tournament, `"gini":`, `"genie":1,"gini":`)}), ErrDocument, []string{"genie"}},
		{"a field of a miner that is unknown", onDisk(t, map[string][]byte{SubnetFile: edit(tournament, `"rank":`, `"rang":1,"rank":`)}), ErrDocument, []string{"miners.best", "rang"}},
		{"no JSON", onDisk(t, map[string][]byte{ResultFile: []byte("hello")}), ErrDocument, []string{"result.json"}},
		{"an empty file", onDisk(t, map[string][]byte{ResultFile: nil}), ErrDocument, []string{"result.json"}},
		{"lists of two lengths", onDisk(t, map[string][]byte{SubnetFile: edit(tournament, `"shares":[0.875,0]`, `"shares":[0.875]`)}), ErrDocument, []string{"expected as many of each"}},
	}
	for _, c := range cases {
		_, err := DiffFiles(c.path, good, DiffTolerance{})
		if !errors.Is(err, c.is) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.is)
			continue
		}
		for _, text := range c.want {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%s: %q lacks %q", c.name, err, text)
			}
		}
	}
}

func TestSubnetDocumentIsReadBack(t *testing.T) {
	for name, s := range map[string]*Subnet{"small": smallSubnet(t), "empty": emptySubnet(t), "ranked": rankedSubnet(t, 30)} {
		text := NewSubnetDocument(s).Encode()
		d, err := ParseSubnetDocument(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !bytes.Equal(d.Encode(), text) {
			t.Errorf("%s: written again it has other bytes", name)
		}
	}
}

// FuzzParseSubnetDocument: whatever is read is refused, or is a document that has the
// digest that it states and can be compared.
func FuzzParseSubnetDocument(f *testing.F) {
	text := NewSubnetDocument(smallSubnet(f)).Encode()
	f.Add(text)
	f.Add(bytes.Replace(text, []byte(`"shares":[0.875,0]`), []byte(`"shares":[]`), 1))
	f.Add([]byte(`{"schema":"ptnsim-subnet-1","miners":{"a":null}}`))
	f.Add([]byte(`{"schema":"ptnsim-subnet-1","miners":{"a":{},"a":{}},"history":[{"miners":["a"]}]}`))
	f.Add([]byte(`{"schema":"ptnsim-subnet-1","miners":[`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ParseSubnetDocument(text)
		if err != nil {
			if !errors.Is(err, ErrDocument) {
				t.Errorf("%v", err)
			}
			return
		}
		if stated := d.Digest; d.digest() != stated {
			t.Errorf("it states %s and has %s", stated, d.digest())
		}
		d.Digest = ""
		if !DiffTournaments(d, d, DiffTolerance{}).Same() {
			t.Error("it differs from itself")
		}
	})
}
