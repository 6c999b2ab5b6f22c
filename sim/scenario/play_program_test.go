package scenario_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scenario"
	"github.com/ptnsim/ptnsim/strategies/catalog"
)

// TestProgramsRunInTheScenariosFolder: paths of a command are relative to it, and so is
// what the program itself opens. The program asks for nothing and says bye.
func TestProgramsRunInTheScenariosFolder(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs a shell")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"beside.txt": "here\n",
		"run.sh": `read hello
test -f beside.txt || exit 3
echo '{"type":"ready","protocol":1}'
while read question; do
  case "$question" in
  *'"type":"end"'*) echo '{"type":"bye"}'; exit 0 ;;
  *) now=${question##*'"now_ms":'}; echo '{"type":"orders","now_ms":'"${now%%[!0-9]*}"',"orders":[]}' ;;
  esac
done
`,
		"program.yaml": `scenario: A program
candles:
  BTCUSD: {every: 1m, from: 2025-03-03T00:00:00Z, closes: [100, 101, 102]}
strategy: exec:sh run.sh
expect: {counts: 0}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := &catalog.Catalog{}
	suite := &scenario.Suite{Library: scenario.Library{Find: c.Find, FindIn: c.In}}
	checks, err := suite.Check(context.Background(), []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	if got := checks[0]; got.Outcome != scenario.Passed || !strings.HasPrefix(got.Came, "no orders; ") {
		t.Errorf("%s: %v %+v %q", got.Outcome, got.Err, got.Findings, got.Came)
	}
}
