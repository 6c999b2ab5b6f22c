package scoring

import "github.com/ptnsim/ptnsim/sim/rules"

// Assessor judges ledgers by themselves, again and again, under one rule set:
// what follows from that alone is computed once. Its assessments are those of
// [Assess] to the last bit. It does not change, and serves any number of
// goroutines at once.
type Assessor struct{ measures *measures }

// preparedDaysMax bounds what a very long window has prepared; a longer record is
// assessed too.
const preparedDaysMax = 4096

// NewAssessor prepares for ledgers of the rule set's window. The rule set is not
// to change afterwards.
func NewAssessor(set *rules.Set) *Assessor {
	return &Assessor{measures: newMeasures(set, int(min(set.Ledger.Window.MS()/dayMS, preparedDaysMax)))}
}

// Assess judges a ledger by itself at an instant, UTC ms. Rules §8, §10, §11.
func (a *Assessor) Assess(ledger Ledger, nowMS int64) Assessment {
	return assess(a.measures, ledger, ledger.record(a.measures.set.Ledger), nowMS)
}
