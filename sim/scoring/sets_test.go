package scoring

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// ruleSet returns the named set, the caller's own.
func ruleSet(t testing.TB, name string) *rules.Set {
	t.Helper()
	resolved, err := rules.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return resolved.Set
}
