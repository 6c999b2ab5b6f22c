package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

// digest runs and returns the digest.
func digest(t *testing.T, args ...string) string {
	t.Helper()
	var result struct{ Digest string }
	playJSON(t, &result, append([]string{"run"}, args...)...)
	if len(result.Digest) != len("sha256:")+64 {
		t.Fatalf("the digest is %q", result.Digest)
	}
	return result.Digest
}

func TestRunsAgreeOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var first []byte
	for _, processors := range []int{1, 2, 2} {
		runtime.GOMAXPROCS(processors)
		got := play(t, "run", "--rules", "ptn-5.4.0", "--format", "json")
		if first == nil {
			first = got
		}
		if !bytes.Equal(got, first) {
			t.Errorf("on %d processors the result differs", processors)
		}
	}
}

// TestRunsAgreeOnEveryFormat: the same candles as Parquet, Arrow and CSV.
func TestRunsAgreeOnEveryFormat(t *testing.T) {
	set, err := datasets.Sample(datasets.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	candles, err := set.Read(context.Background(), datasets.Select{})
	if err != nil {
		t.Fatal(err)
	}
	want := digest(t)
	for _, format := range []datasets.Format{datasets.Parquet, datasets.Arrow, datasets.CSV} {
		folder := t.TempDir()
		for _, c := range candles {
			name := fmt.Sprintf("%s-%s.%s", c.Series.Pair.ID, datasets.Interval(c.Series.IntervalMS), format)
			if err := datasets.Write(context.Background(), filepath.Join(folder, name), c.Series); err != nil {
				t.Fatal(err)
			}
		}
		if got := digest(t, "--data", folder); got != want {
			t.Errorf("from %s: %s, from the embedded sample: %s", format, got, want)
		}
	}
}

// TestDigestTellsRunsApart: a digest that is always the same would prove nothing.
func TestDigestTellsRunsApart(t *testing.T) {
	seen := map[string][]string{}
	for _, args := range [][]string{
		{"--pairs", "BTCUSD"},
		{"--pairs", "BTCUSD", "--param", "fast=287"},
		{"--pairs", "BTCUSD", "--seed", "2"},
		{"--pairs", "BTCUSD", "--set", "cooldown.period=11s"},
		{"--pairs", "BTCUSD", "--to", "2025-06-01"},
		{"--pairs", "ETHUSD"},
	} {
		d := digest(t, args...)
		if seen[d] != nil {
			t.Errorf("%v and %v have one digest", args, seen[d])
		}
		seen[d] = args
	}
}
