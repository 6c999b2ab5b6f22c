package scenario_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestBuildsAgree: the program built for several processors plays the rules' scenarios
// to the same digests, one by one. What this machine can't run is passed over: amd64
// of level v3 without its instructions, arm64 without an emulator.
func TestBuildsAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program several times")
	}
	// What the builds are made of and play, so that go test's cache knows it.
	for _, dir := range []string{"../../cmd", "../../reports", "../../testdata/scenarios"} {
		if err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			_, _ = os.Stat(path)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	var first *compared
	for _, b := range builds(t) {
		got := b.check(t, "../../testdata/scenarios")
		if first == nil {
			first = got
			continue
		}
		if got.Digest != first.Digest || len(got.Checks) != len(first.Checks) || len(got.Checks) == 0 {
			t.Errorf("%s: %d scenarios of the digest %s, want %d of %s", b.name, len(got.Checks), got.Digest, len(first.Checks), first.Digest)
			continue
		}
		for i, c := range got.Checks {
			if c != first.Checks[i] {
				t.Errorf("%s: %+v, want %+v", b.name, c, first.Checks[i])
			}
		}
	}
}

// compared is what a check prints of each scenario, but for how long it took.
type compared struct {
	Digest string
	Checks []struct{ File, Outcome, Digest string }
}

// built is a way to build the program, and what runs it here.
type built struct {
	name   string
	env    []string
	runner string
}

func (b *built) check(t *testing.T, scenarios string) *compared {
	t.Helper()
	program := filepath.Join(t.TempDir(), "ptnsim")
	build := exec.Command("go", "build", "-o", program, "../../cmd/ptnsim")
	build.Env = append(os.Environ(), b.env...)
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", b.name, err, text)
	}
	text, err := exec.Command(b.runner, program, "check", scenarios, "--annotations", "never", "--format", "json").Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", b.name, err, text)
	}
	var got compared
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	return &got
}

func builds(t *testing.T) (list []built) {
	t.Helper()
	const here = "env" // runs a program as it is
	if runtime.GOARCH == "amd64" {
		list = append(list, built{"amd64 v1", []string{"GOARCH=amd64", "GOAMD64=v1"}, here})
		if text, err := os.ReadFile("/proc/cpuinfo"); err == nil && bytes.Contains(text, []byte("avx2")) && bytes.Contains(text, []byte("fma")) {
			list = append(list, built{"amd64 v3", []string{"GOARCH=amd64", "GOAMD64=v3"}, here})
		} else {
			t.Log("amd64 v3 is not compared: this processor can't run it")
		}
	}
	arm := built{"arm64", []string{"GOARCH=arm64", "CGO_ENABLED=0"}, here}
	if runtime.GOARCH != "arm64" {
		emulator, err := exec.LookPath("qemu-aarch64-static")
		if err != nil {
			t.Log("arm64 is not compared: there is no emulator (qemu-aarch64-static)")
			return list
		}
		arm.runner = emulator
	}
	return append(list, arm)
}
