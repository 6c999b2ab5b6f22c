package ingest

import (
	"bufio"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// TestReferenceCandlesAreImportedWhole imports the folders of real candles as they
// are, holds every file against its raw lines, and reads it back as a run does.
func TestReferenceCandlesAreImportedWhole(t *testing.T) {
	root := os.Getenv("PTNSIM_REFERENCE")
	if root == "" {
		t.Skip("PTNSIM_REFERENCE names no folder of reference candles")
	}
	if testing.Short() {
		t.Skip("two million candles")
	}
	newYork, err := market.LoadZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		folder   string
		options  vendors.Options
		policies audit.Policies
		interval datasets.Interval
		series   int // of the pairs that the network has
	}{
		{folder: "crypto-1m", interval: datasets.Minute, series: 2},
		// A wick of Solana on 2025-12-31 stands alone in its neighbourhood.
		{folder: "crypto-5m", policies: audit.Policies{OnSpike: audit.Keep}, interval: 5 * datasets.Minute, series: 5},
		{folder: "forex-15m", options: vendors.Options{VolumeScale: 10}, interval: 15 * datasets.Minute, series: 21},
		{folder: "forex-1m", interval: datasets.Minute, series: 1},
		{folder: "equities-5m", options: vendors.Options{Zone: newYork}, interval: 5 * datasets.Minute, series: 7},
	}
	for _, tc := range cases {
		t.Run(tc.folder, func(t *testing.T) {
			inputs, err := vendors.Find([]string{filepath.Join(root, "candles", tc.folder)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			done, err := Plan{Inputs: inputs, Options: tc.options, Known: market.Pairs(), SkipUnknown: true, Policies: tc.policies}.Run(context.Background(), folder)
			if err != nil {
				t.Fatal(err)
			}
			if len(done) != tc.series {
				t.Errorf("%d series, want %d", len(done), tc.series)
			}
			for _, d := range done {
				if d.Interval != tc.interval {
					t.Errorf("%s at %s, want %s", d.Pair.ID, d.Interval, tc.interval)
				}
				if most := int64(12 << 20); d.File.Rows == 525_600 && d.File.Bytes >= most {
					t.Errorf("a year of minutes of %s takes %d bytes, the limit is %d", d.Pair.ID, d.File.Bytes, most)
				}
				source := filepath.Join(root, "candles", tc.folder, d.File.Origin.Inputs[0].Name)
				againstRaw(t, filepath.Join(folder, d.File.Name), rawLines(t, source), max(tc.options.VolumeScale, 1))
			}
		})
	}
}

// againstRaw holds an imported file against the lines of the CSV that it was made
// of: open, high, low, close, volume in this order behind the time.
func againstRaw(t *testing.T, path string, lines []string, volumeScale float64) {
	t.Helper()
	c, err := datasets.Read(context.Background(), path, market.Pairs(), datasets.Select{Calendar: datasets.MarketCalendar})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := c.Series
	if s.Len() != len(lines)-1 {
		t.Fatalf("%s: %d candles of %d lines", path, s.Len(), len(lines)-1)
	}
	for i := range s.Len() {
		fields := strings.Split(lines[i+1], ",")
		for k, col := range [][]float64{s.Open, s.High, s.Low, s.Close, s.Volume} {
			if col == nil {
				continue
			}
			want, err := strconv.ParseFloat(fields[k+1], 64)
			if k == 4 {
				want *= volumeScale
			}
			if err != nil || col[i] != want {
				t.Fatalf("%s: candle %d has %v, the raw line is %s", path, i, col[i], lines[i+1])
			}
		}
	}
}

func rawLines(t *testing.T, path string) (lines []string) {
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
	for s := bufio.NewScanner(z); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}
