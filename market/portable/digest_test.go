package portable

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The same bits from a build without optimisation, from one for a newer
// processor, and from one that computes with integers alone.
func TestResultsAreTheSameBitsFromEveryBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for other processors")
	}
	want, err := digestOf(t, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	builds := []struct {
		name  string
		on    string // the processor that can run it; empty: any
		env   []string
		flags []string
	}{
		{"unoptimised", "", nil, []string{"-gcflags=all=-N -l"}},
		{"amd64 v3", "amd64", []string{"GOAMD64=v3"}, nil},
		{"386 in software", "amd64", []string{"GOARCH=386", "GO386=softfloat"}, nil},
	}
	for _, build := range builds {
		t.Run(build.name, func(t *testing.T) {
			if build.on != "" && build.on != runtime.GOARCH {
				t.Skipf("needs %s", build.on)
			}
			got, err := digestOf(t, build.env, build.flags)
			if err != nil {
				t.Skipf("this machine cannot run the build: %v", err)
			}
			if got != want {
				t.Errorf("digest %s, that of the default build is %s", got, want)
			}
		})
	}
}

// digestOf builds and runs testdata/digest. A build that fails fails the test;
// one that cannot run here is an error.
func digestOf(t *testing.T, env, flags []string) (string, error) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "digest")
	build := exec.Command("go", append(append([]string{"build", "-o", program}, flags...), "./testdata/digest")...)
	build.Env = append(append(os.Environ(), "CGO_ENABLED=0"), env...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(program).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}
