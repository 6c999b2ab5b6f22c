//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestASecondInterruptKills: a single step of a script can take for ever, here a
// comparison of lists of lists of lists, and between two steps alone does a run
// look at its context. The script says when it begins.
func TestASecondInterruptKills(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "slow.star")
	if err := os.WriteFile(file, []byte(`
a, b = [0] * 1000, [0] * 1000
for _ in range(5):
    a, b = [a] * 1000, [b] * 1000
def decide(ctx):
    print("it begins")
    print(a == b)
`), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("ptnsim", "run", "--strategy", file)
	began, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := began.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	killed := make(chan error, 1)
	go func() { killed <- c.Wait() }()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case err := <-killed:
			failed, ok := errors.AsType[*exec.ExitError](err)
			if !ok {
				t.Fatalf("it ended with %v", err)
			}
			if status, _ := failed.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGINT {
				t.Errorf("it ended with %v, want it killed by the signal", err)
			}
			return
		case <-time.After(100 * time.Millisecond):
			_ = c.Process.Signal(os.Interrupt) // the first is taken, a later one kills
		case <-deadline:
			_ = c.Process.Kill()
			t.Fatal("no interrupt ends it")
		}
	}
}
