package portable

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// digestPath is every package whose arithmetic reaches a run's digest.
func digestPath() []string {
	const module = "github.com/ptnsim/ptnsim/"
	return []string{
		module + "datasets",
		module + "datasets/synth",
		module + "market",
		module + "market/portable",
		module + "sim",
		module + "sim/rules",
		module + "sim/scoring",
		module + "sim/subnet",
		module + "sim/subnet/roster",
		module + "sim/sweep",
		module + "strategies",
		module + "strategies/compose",
		module + "strategies/indicator",
		module + "strategies/process",
		module + "strategies/script",
	}
}

// targets are the processors on which the compiler fuses by itself.
func targets() map[string][]string {
	return map[string][]string{
		"arm64":    {"GOOS=linux", "GOARCH=arm64"},
		"amd64 v3": {"GOOS=linux", "GOARCH=amd64", "GOAMD64=v3"},
	}
}

// No product is fused with the sum that follows it: the explicit conversion
// float64(x*y) is missing where one is. Looking at the compiled code is the
// only way to know, since inlining brings products and sums together that are
// apart in the source.
func TestNoFusedMultiplyAddOnTheDigestPath(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the module for other processors")
	}
	for target, env := range targets() {
		for _, pkg := range digestPath() {
			t.Run(target+"/"+pkg, func(t *testing.T) {
				if out, err := exec.Command("go", "build", pkg).CombinedOutput(); err != nil {
					t.Fatalf("%s does not compile: %s", pkg, out)
				}
				for _, line := range fusedIn(t, pkg, env) {
					t.Errorf("fused: %s\nwrite float64(x*y) + z", line)
				}
			})
		}
	}
}

func TestGuardFindsAFusedMultiplyAdd(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for other processors")
	}
	for target, env := range targets() {
		t.Run(target, func(t *testing.T) {
			if len(fusedIn(t, "./testdata/fused", env)) == 0 {
				t.Error("no fused multiply-add found in x*y + z")
			}
		})
	}
}

// fusedIn compiles a package and returns the lines of its assembly that
// multiply and add at once and come from a source file of this module.
func fusedIn(t *testing.T, pkg string, env []string) []string {
	t.Helper()
	build := exec.Command("go", "build", "-gcflags=-S", pkg)
	build.Env = append(os.Environ(), append(env, "CGO_ENABLED=0")...)
	assembly, err := build.CombinedOutput() // kept by the build cache, too
	if err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, lastLines(assembly, 20))
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return fusedLines(t, assembly, root)
}

func fusedLines(t *testing.T, assembly []byte, root string) []string {
	// 0x0004 00004 (/path/file.go:5)	FMADDD	F2, F1, F0, F0
	instruction := regexp.MustCompile(`^\s+0x[0-9a-f]+ \d+ \(([^)]*):\d+\)\s+([A-Z0-9]+)`)
	fused := regexp.MustCompile(`^(FN?M(ADD|SUB)|VFN?M(ADD|SUB))`)
	var lines []string
	own := 0
	scanner := bufio.NewScanner(bytes.NewReader(assembly))
	scanner.Buffer(nil, 1<<24)
	for scanner.Scan() {
		m := instruction.FindStringSubmatch(scanner.Text())
		if m == nil || !strings.HasPrefix(m[1], root+string(filepath.Separator)) {
			continue
		}
		own++
		if fused.MatchString(m[2]) {
			lines = append(lines, strings.TrimSpace(scanner.Text()))
		}
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	if own == 0 {
		t.Fatal("no instruction of this module in the compiler's output: has its form changed?")
	}
	return lines
}

func lastLines(text []byte, n int) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
