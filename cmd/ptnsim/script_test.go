package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts call the program under test as ptnsim.
func TestMain(m *testing.M) {
	cache, err := os.MkdirTemp("", "ptnsim-cache-") // not the user's own
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(cache)
	os.Setenv("XDG_CACHE_HOME", cache)
	testscript.Main(m, map[string]func(){
		"ptnsim": main,
	})
}

// TestScripts is the command line's contract: what it prints, which files it
// leaves, and the code it ends with. Each line starts the program: the race
// detector, which comes with -short, would find no more than in the packages' own
// tests, and takes minutes.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program hundreds of times")
	}
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		Cmds:               map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "same": same},
	})
}

// same is the script command "same A B": two results that are the same but for
// the digest, the strategy and its parameters.
func same(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: same FILE FILE")
	}
	var plain [2]string
	for i, name := range args {
		for line := range strings.Lines(ts.ReadFile(name)) {
			if !strings.HasPrefix(line, `"digest":`) && !strings.HasPrefix(line, `"strategy`) && !strings.HasPrefix(line, `"params":`) {
				plain[i] += line
			}
		}
	}
	if len(plain[0]) < 1000 || plain[0] != plain[1] {
		ts.Fatalf("%s and %s differ", args[0], args[1])
	}
}

// exits is the script command "exits CODE COMMAND…": the command ends with that
// code and no other.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
