package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// countdown is a context that is cancelled at the n-th look at it, as Ctrl-C
// may come at any place of a run.
type countdown struct {
	context.Context
	cancel context.CancelFunc
	left   atomic.Int64
}

func newCountdown(n int64) *countdown {
	c := &countdown{}
	c.Context, c.cancel = context.WithCancel(context.Background())
	c.left.Store(n)
	return c
}

// Err implements context.Context.
func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		c.cancel()
	}
	return c.Context.Err()
}

// TestInterruptLeavesNothing interrupts a command at its first look at the
// context, at its second, and so on until it gets through.
func TestInterruptLeavesNothing(t *testing.T) {
	text := []byte("time,close\n")
	for i := range int64(150_000) { // more than one chunk of the reader
		text = fmt.Appendf(text, "%d,90000\n", 1740787200000+i*60_000)
	}
	candles := write(t, "candles.csv", text)
	for _, c := range []struct {
		name string
		args []string
		made string // what the command makes
	}{
		{"run", []string{"run", "--pairs", "NVDA", "--out", "OUT/result", "--no-plots"}, "result"},
		{"import", []string{"data", "import", candles, "--pair", "BTCUSD", "--out", "OUT"}, "BTCUSD-1m.parquet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			interrupted := 0
			for n := int64(0); ; n++ {
				folder := t.TempDir()
				args := strings.Split(strings.ReplaceAll(strings.Join(c.args, "\n"), "OUT", folder), "\n")
				var stdout, stderr bytes.Buffer
				code := run(newCountdown(n), args, nil, &stdout, &stderr)
				if code == exitOK {
					if _, err := os.Stat(filepath.Join(folder, c.made)); err != nil {
						t.Error(err)
					}
					break
				}
				interrupted++
				if code != exitInterrupted || !strings.Contains(stderr.String(), "interrupted; nothing was left half-written") {
					t.Fatalf("look %d: exit code %d: %s", n, code, stderr.String())
				}
				left, err := os.ReadDir(folder)
				if err != nil {
					t.Fatal(err)
				}
				if len(left) > 0 {
					t.Fatalf("look %d: %s is left", n, left[0].Name())
				}
				if stdout.Len() > 0 {
					t.Fatalf("look %d: printed %s", n, stdout.String())
				}
			}
			if interrupted < 2 {
				t.Errorf("the command looked at the context %d times only", interrupted)
			}
		})
	}
}

// TestInterruptKeepsTheEarlierResult interrupts a run that is to replace one.
func TestInterruptKeepsTheEarlierResult(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "result")
	play(t, "run", "--pairs", "NVDA", "--out", folder, "--no-plots")
	before, err := os.ReadFile(filepath.Join(folder, "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	var stdout, stderr bytes.Buffer
	if code := run(ctx, []string{"run", "--pairs", "BTCUSD", "--out", folder, "--force", "--no-plots"}, nil, &stdout, &stderr); code != exitInterrupted {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	after, err := os.ReadFile(filepath.Join(folder, "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("the earlier result was changed")
	}
}
