package scoring

import (
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
	"pgregory.net/rapid"
)

func TestAssessorAssessesAsAlone(t *testing.T) {
	type pair struct {
		set      *rules.Set
		assessor *Assessor
	}
	var pairs []pair
	for _, name := range setNames {
		set := ruleSet(t, name)
		pairs = append(pairs, pair{set, NewAssessor(set)})
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(pairs).Draw(t, "set")
		ledger := drawLedger(t)
		if got, want := p.assessor.Assess(ledger, 60*dayMS), Assess(p.set, ledger, 60*dayMS); got != want {
			t.Fatalf("got\n%v\nwant\n%v", got, want)
		}
	})
}

// A record longer than the assessor prepared for has all its days weighted.
func TestAssessorTakesARecordOfAnyLength(t *testing.T) {
	set := plain(t, "ptn-5.4.0")
	set.Recency.Enabled = true
	short := &Assessor{measures: newMeasures(set, 3)}
	ledger := ledgerOf(10, .001, .95)
	if got, want := short.Assess(ledger, 10*dayMS), Assess(set, ledger, 10*dayMS); got != want {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}
