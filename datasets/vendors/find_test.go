package vendors

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// member is a file in an archive that a test packs.
type member struct {
	name, content string
	method        uint16
}

func zipped(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(methodZstd, zstd.ZipCompressor())
	for _, m := range members {
		f, err := w.CreateHeader(&zip.FileHeader{Name: m.name, Method: m.method})
		if err == nil {
			_, err = io.WriteString(f, m.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t testing.TB, text string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<16))
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(text), nil))
}

const sixRows = "time,o,h,l,c,v\n2025-01-31T09:00:00Z,10,12,9,11,7\n2025-01-31T09:01:00Z,10,12,9,11,7\n" +
	"2025-01-31T09:02:00Z,10,12,9,11,7\n2025-01-31T09:03:00Z,10,12,9,11,7\n2025-01-31T09:04:00Z,10,12,9,11,7\n2025-01-31T09:05:00Z,10,12,9,11,7\n"

func TestFindListsDataAndTellsWhatItPassesOver(t *testing.T) {
	root := t.TempDir()
	for name, content := range map[string]string{
		"b/2.csv": sixRows, "b/1.csv.gz": gzipped(t, sixRows), "a.csv": sixRows, "a.txt": "a report", "README.md": "x", "dataset.json": "{}",
		"z.zip.CHECKSUM": "x", ".hidden.csv": "x", ".git/x.csv": "x",
		"z.zip": string(zipped(t, member{"m2.csv", sixRows, zip.Deflate}, member{"sub/", "", zip.Store}, member{"m1.csv", sixRows, methodZstd},
			member{"__MACOSX/m1.csv", "x", zip.Store}, member{"sub/readme.txt", "x", zip.Store})),
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var skipped []string
	below := func(in Input) string {
		return strings.TrimPrefix(filepath.ToSlash(in.String()), filepath.ToSlash(root)+"/")
	}
	f := Finder{Skipped: func(in Input, why string) { skipped = append(skipped, below(in)+": "+why) }}
	inputs, err := f.Find([]string{root})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, in := range inputs {
		got = append(got, below(in))
		if s, _, err := gather(in, Options{}); err != nil || s.Len() != 6 {
			t.Errorf("%s: %d rows, %v", in, s.Len(), err)
		}
	}
	if want := []string{"a.csv", "b/1.csv.gz", "b/2.csv", "z.zip/m1.csv", "z.zip/m2.csv"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if want := []string{".git: hidden", ".hidden.csv: hidden", "README.md: a text for people", "a.txt: a report on the CSV beside it",
		"dataset.json: a data set's manifest", "z.zip.CHECKSUM: a check sum", "z.zip/__MACOSX/m1.csv: hidden", "z.zip/sub/readme.txt: a text for people"}; !slices.Equal(sorted(skipped), want) {
		t.Errorf("passed over %q, want %q", sorted(skipped), want)
	}
	for _, tc := range []struct {
		include string
		want    int
	}{{"*.gz", 1}, {"b/*", 2}, {"m1*", 1}, {"z.zip", 2}} {
		if inputs, err := Find([]string{root}, []string{tc.include}); err != nil || len(inputs) != tc.want {
			t.Errorf("%s: %v, %v", tc.include, inputs, err)
		}
	}
	if inputs, err := Find([]string{filepath.Join(root, "a.csv"), root}, []string{"a.csv"}); err != nil || len(inputs) != 1 {
		t.Errorf("named twice: %v, %v", inputs, err)
	}
}

func TestFindFollowsLinksToFoldersOnce(t *testing.T) {
	root, elsewhere := t.TempDir(), t.TempDir()
	for _, path := range []string{filepath.Join(root, "a", "1.csv"), filepath.Join(elsewhere, "deep", "2.csv")} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(sixRows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for from, to := range map[string]string{
		filepath.Join(root, "b"):                elsewhere,                        // to be followed
		filepath.Join(root, "c"):                filepath.Join(elsewhere, "deep"), // searched through b
		filepath.Join(root, "a", "up"):          root,                             // a circle
		filepath.Join(elsewhere, "deep", "far"): root,                             // another
		filepath.Join(root, "d"):                filepath.Join(root, "nowhere"),
	} {
		if err := os.Symlink(to, from); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	for _, tc := range []struct {
		start   string
		include []string
		want    []string
	}{
		{root, nil, []string{"a/1.csv", "b/deep/2.csv"}},
		{root, []string{"b/*/*"}, []string{"b/deep/2.csv"}},
		{filepath.Join(root, "c"), nil, []string{"c/2.csv", "c/far/a/1.csv"}}, // a link that the user names; far/b/deep is c
	} {
		var skipped, got []string
		f := Finder{Include: tc.include, Skipped: func(in Input, why string) { skipped = append(skipped, filepath.Base(in.Path)+": "+why) }}
		inputs, err := f.Find([]string{tc.start})
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range inputs {
			got = append(got, filepath.ToSlash(strings.TrimPrefix(in.Path, root+string(filepath.Separator))))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("found %q, want %q", got, tc.want)
		}
		if !slices.Contains(skipped, "d: no regular file") || !slices.Contains(skipped, "up: a folder that was searched already") {
			t.Errorf("passed over %q", skipped)
		}
	}
}

func TestAnArchiveOfWhichNothingIsIncludedSaysSo(t *testing.T) {
	in := inputOf(t, "x.zip", zipped(t, member{"a.csv", sixRows, zip.Store}))
	empty := inputOf(t, "y.zip", zipped(t, member{"readme.md", "x", zip.Store}))
	skipped := map[string]string{}
	f := Finder{Include: []string{"b*"}, Skipped: func(in Input, why string) { skipped[in.Path] = why }}
	if _, err := f.Find([]string{in.Path, empty.Path}); !errors.Is(err, datasets.ErrMissing) {
		t.Errorf("got %v", err)
	}
	if skipped[in.Path] != "nothing in it matches --include" || skipped[empty.Path] != "an archive without a file to read" {
		t.Errorf("passed over %q", skipped)
	}
}

func sorted(s []string) []string { slices.Sort(s); return s }

func TestFindRefusesWhatItCannotTake(t *testing.T) {
	for _, tc := range []struct {
		what, name string
		content    []byte
		problem    error
		says       string
	}{
		{"an archive within an archive", "x.zip", zipped(t, member{"a.zip", "PK", zip.Store}), datasets.ErrType, "within an archive"},
		{"a spreadsheet", "x.xlsx", zipped(t, member{"[Content_Types].xml", "<x/>", zip.Store}), datasets.ErrType, "Office"},
		{"a name twice", "x.zip", zipped(t, member{"a.csv", "1", zip.Store}, member{"a.csv", "2", zip.Store}), datasets.ErrType, "two members"},
		{"an archive that breaks off", "x.zip", zipped(t, member{"a.csv", sixRows, zip.Store})[:60], datasets.ErrCorrupt, "damaged"},
		{"an empty archive", "x.zip", zipped(t), datasets.ErrMissing, "no file to read"},
	} {
		in := inputOf(t, tc.name, tc.content)
		_, err := Find([]string{in.Path}, nil)
		if _, ok := asRefusal(err); !ok || !errors.Is(err, tc.problem) || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", tc.what, err)
		}
	}
	if _, err := Find([]string{filepath.Join(t.TempDir(), "none")}, nil); !errors.Is(err, datasets.ErrMissing) {
		t.Errorf("a path that is not there: %v", err)
	}
	if _, err := Find([]string{t.TempDir()}, []string{"["}); err == nil {
		t.Error("a malformed glob was taken")
	}
}

func TestHostileNamesAreOnlyNames(t *testing.T) {
	in := inputOf(t, "x.zip", zipped(t, member{"../../up.csv", sixRows, zip.Deflate}, member{"a\x1b[31m\n.csv", sixRows, zip.Deflate}, member{`c:\x\y.csv`, sixRows, zip.Deflate}))
	inputs, err := Find([]string{in.Path}, nil)
	if err != nil || len(inputs) != 3 {
		t.Fatalf("%v, %v", inputs, err)
	}
	for _, in := range inputs {
		if s, _, err := gather(in, Options{}); err != nil || s.Len() != 6 {
			t.Errorf("%s: %v", in, err)
		}
		if strings.ContainsAny(in.String()+in.Name(), "\x1b\n") {
			t.Errorf("%q shows its control characters", in.String())
		}
	}
}

func TestTailsThatBreakOffAreNeverSilent(t *testing.T) {
	var long strings.Builder
	long.WriteString("time,o,h,l,c,v\n")
	for i := range 20_000 {
		fmt.Fprintf(&long, "%d,10.%d,12,9,11,%d\n", 1735689600000+int64(i)*60000, i%100, i*7919%1000)
	}
	for name, packed := range map[string]string{"x.csv.gz": gzipped(t, long.String()), "x.csv.zst": zstandard(t, long.String())} {
		for _, cut := range []int{1, 4, 9, len(packed) / 2, len(packed) - 40} {
			in := inputOf(t, name, []byte(packed[:len(packed)-cut]))
			if s, _, err := gather(in, Options{}); !errors.Is(err, datasets.ErrCorrupt) {
				t.Errorf("%s without its last %d bytes: %d rows, %v", name, cut, s.Len(), err)
			}
		}
		broken := []byte(packed)
		broken[len(broken)/2] ^= 0x55
		if _, _, err := gather(inputOf(t, name, broken), Options{}); !errors.Is(err, datasets.ErrCorrupt) && !errors.Is(err, datasets.ErrSyntax) {
			t.Errorf("%s with a flipped byte: %v", name, err)
		}
	}
	archive := zipped(t, member{"x.csv", long.String(), zip.Deflate})
	archive[len(archive)/2] ^= 0x55
	in := inputOf(t, "x.zip", archive)
	in.Member = "x.csv"
	if _, _, err := gather(in, Options{}); !errors.Is(err, datasets.ErrCorrupt) && !errors.Is(err, datasets.ErrSyntax) {
		t.Errorf("an archive with a flipped byte: %v", err)
	}
	// What is packed at random can pass as text: the check sum has the last word.
	stored := zipped(t, member{"x.csv", long.String(), zip.Store})
	at := bytes.LastIndex(stored, []byte("11,")) + 1
	stored[at] = '2' // a digit of the last close
	in = inputOf(t, "y.zip", stored)
	in.Member = "x.csv"
	if _, _, err := gather(in, Options{}); !errors.Is(err, datasets.ErrCorrupt) {
		t.Errorf("an archive with another digit: %v", err)
	}
}

func TestInputsKnowTheirSizeAndBytes(t *testing.T) {
	archive := inputOf(t, "x.zip", zipped(t, member{"a.csv", sixRows, zip.Deflate}, member{"b.csv.gz", gzipped(t, sixRows), zip.Deflate}))
	for _, tc := range []struct {
		in  Input
		raw string
	}{
		{inputOf(t, "a.csv", []byte(sixRows)), sixRows},
		{inputOf(t, "a.csv.gz", []byte(gzipped(t, sixRows))), gzipped(t, sixRows)},
		{Input{archive.Path, "a.csv"}, sixRows},
		{Input{archive.Path, "b.csv.gz"}, gzipped(t, sixRows)},
	} {
		size, err := tc.in.Size()
		if err != nil || size != int64(len(tc.raw)) {
			t.Errorf("%s: %d bytes, %v", tc.in, size, err)
		}
		r, err := tc.in.Raw()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if r.Close(); err != nil || string(raw) != tc.raw {
			t.Errorf("%s: other bytes, %v", tc.in, err)
		}
		if all, err := tc.in.ReadAll(1 << 20); err != nil || string(all) != sixRows {
			t.Errorf("%s: %q, %v", tc.in, all, err)
		}
		if _, err := tc.in.ReadAll(20); !errors.Is(err, datasets.ErrType) {
			t.Errorf("%s: more than the limit was read: %v", tc.in, err)
		}
	}
	if _, err := (Input{archive.Path, "c.csv"}).Size(); !errors.Is(err, datasets.ErrMissing) {
		t.Errorf("a member that is not there: %v", err)
	}
}

func TestFilesOfNewestFirstAreTurnedRoundAndDontStopEarly(t *testing.T) {
	var b strings.Builder
	b.WriteString("time,o,h,l,c,v\n")
	const rows = (2*heldBlocks+3)*chunkRows + 7 // the spool is used twice
	for i := rows - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "%d,10,12,9,11,%d\n", 1735689600000+int64(i)*60000, i)
	}
	in := inputOf(t, "x.csv", []byte(b.String()))
	s, lines, err := gather(in, Options{})
	if err != nil || s.Len() != rows || lines[0] != 0 {
		t.Fatalf("%d rows, %v", s.Len(), err)
	}
	for i := range rows {
		if s.Time[i] != 1735689600000+int64(i)*60000 || s.Volume[i] != float64(i) {
			t.Fatalf("row %d: %d, %v", i, s.Time[i], s.Volume[i])
		}
	}
	chunks := 0
	for range Read(context.Background(), in, Options{}) {
		if chunks++; chunks == 2 {
			break
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, err := range Read(ctx, in, Options{}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after cancelling: %v", err)
		}
	}
}

func TestWhatIsTurnedRoundHasALimit(t *testing.T) {
	turned := reversed{in: Input{Path: "x.csv"}, limit: 3}
	chunk := Chunk{Series: &market.Series{Time: []int64{2, 1}, Close: []float64{1, 1}}}
	if !turned.keep(chunk) || turned.full {
		t.Error("two rows of three were too many")
	}
	if turned.keep(chunk) || !turned.full || turned.rows != 2 {
		t.Error("four rows of three were kept")
	}
	if err := turned.refuse(); !errors.Is(err, datasets.ErrUnsorted) || !strings.Contains(err.Error(), "more than 3 rows") {
		t.Errorf("got %v", err)
	}
}

func TestAnArchiveHasNotTooManyMembers(t *testing.T) {
	members := make([]member, maxMembers+1)
	for i := range members {
		members[i].name = fmt.Sprintf("%d.csv", i)
	}
	in := inputOf(t, "x.zip", zipped(t, members...))
	if _, err := Find([]string{in.Path}, nil); !errors.Is(err, datasets.ErrType) || !strings.Contains(err.Error(), "10001 members") {
		t.Errorf("got %v", err)
	}
	in = inputOf(t, "x.zip", zipped(t, members[1:]...))
	if inputs, err := Find([]string{in.Path}, nil); err != nil || len(inputs) != maxMembers {
		t.Errorf("%d inputs, %v", len(inputs), err)
	}
}
