package datasets

import (
	"bufio"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// referenceSets are the folders of real candles and how each is imported.
var referenceSets = []struct {
	folder, files string
	pair          func(base string) string
	columns       map[string]string
	zone          string
	interval      Interval
}{
	{"crypto-1m", "*.csv.gz", func(b string) string { return strings.Replace(b[:7], "USDT", "USD", 1) }, map[string]string{"time": "open_time_ms"}, "UTC", Minute},
	{"crypto-5m", "*.csv.gz", func(b string) string { return strings.TrimSuffix(strings.Split(b, "__")[1], "_USDT-5m.csv.gz") + "USD" }, map[string]string{"time": "date"}, "UTC", 5 * Minute},
	{"forex-15m", "*.csv.gz", func(b string) string { return b[:6] }, map[string]string{"time": "time_utc"}, "UTC", 15 * Minute},
	{"forex-1m", "*.csv.gz", func(b string) string { return b[:6] }, map[string]string{"time": "open_time_ms"}, "UTC", Minute},
	{"equities-5m", "*.csv.gz", func(b string) string { return strings.Split(b, "_")[0] }, map[string]string{"time": "datetime"}, "America/New_York", 5 * Minute},
}

// pairFor returns a known pair, or a cross of the class that the folder holds.
func pairFor(id, folder string) market.Pair {
	if p, ok := market.FindPair(market.Pairs(), id); ok {
		return p
	}
	return market.Pair{ID: id, Class: market.Forex, Base: id[:3], Quote: id[3:]}
}

func TestImportReferenceCandles(t *testing.T) {
	root := os.Getenv("PTNSIM_REFERENCE")
	if root == "" {
		t.Skip("PTNSIM_REFERENCE names no folder of reference candles")
	}
	for _, set := range referenceSets {
		paths, _ := filepath.Glob(filepath.Join(root, "candles", set.folder, set.files))
		if len(paths) == 0 {
			t.Errorf("no candles in %s", set.folder)
		}
		zone, err := time.LoadLocation(set.zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			pair := pairFor(set.pair(filepath.Base(path)), set.folder)
			t.Run(set.folder+"/"+pair.ID, func(t *testing.T) {
				im := Import{Source: path, Pair: pair, Columns: set.columns, Zone: zone}
				checkReferenceImport(t, im, set.interval)
			})
		}
	}
}

// checkReferenceImport imports a file and holds it against its raw lines, then
// reads it back with the default gap tolerance.
func checkReferenceImport(t *testing.T, im Import, interval Interval) {
	ctx, folder := context.Background(), t.TempDir()
	about, err := im.Write(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	lines := rawLines(t, im.Source)
	if want := int64(len(lines) - 1); about.Rows != want || about.Cut != 0 {
		t.Errorf("%d rows, %d cut; the raw file has %d", about.Rows, about.Cut, want)
	}
	if about.Interval != interval || !about.Inferred {
		t.Errorf("interval %s, inferred %v; want %s", about.Interval, about.Inferred, interval)
	}
	pairs := []market.Pair{im.Pair}
	c, err := Read(ctx, about.Path, pairs, Select{Calendar: MarketCalendar})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, i := range []int{0, c.Series.Len() / 3, c.Series.Len() - 1} {
		fields := strings.Split(lines[i+1], ",")
		for k, col := range []([]float64){c.Series.Open, c.Series.High, c.Series.Low, c.Series.Close} {
			if got, ok := text.Float([]byte(fields[k+1])); !ok || got != col[i] {
				t.Errorf("row %d: %v, the raw line has %s", i+1, col[i], lines[i+1])
			}
		}
	}
}

func rawLines(t *testing.T, path string) []string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for s := bufio.NewScanner(z); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}
