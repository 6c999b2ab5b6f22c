package subnet

import (
	"fmt"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// contender is a miner that was registered, and how it stands.
type contender struct {
	entrant
	result  MinerResult
	index   int                // in the order of registration
	origin  string             // the name of the first generation
	founder bool               // registered into the main competition
	passed  *scoring.Challenge // the check that promoted it

	account *sim.Replay // nil once its result is there
	level   int         // plays after those of a lower one
	trail   *trail      // of one that others copy
	copycat *copycat    // its strategy, if it copies

	dossier    *scoring.Dossier
	assessedMS int64

	weighed bool    // weights were set since it took its slot
	weight  float64 // the last that was set
	place   Place   // at that setting
}

// isIn reports whether it takes part: its drawdown, time or slot have not ended it.
func (m *contender) isIn() bool {
	return m.state == scoring.StateMain || m.state == scoring.StateChallenge
}

// advance plays its account to an instant. If the account ends meanwhile its
// result is made at once, which lets go of what the strategy holds.
func (m *contender) advance(ms, toMS int64) error {
	if m.copycat != nil {
		m.copycat.announce(m.account, toMS)
	}
	if err := m.account.Advance(ms); err != nil {
		return m.failed(err)
	}
	if m.account.Ended() {
		return m.conclude(m.account.Elimination().TimeMS)
	}
	m.tellCopycats(m.account.Orders())
	return nil
}

// finish plays its account to the end of the range.
func (m *contender) finish(toMS int64) error {
	if m.copycat != nil {
		m.copycat.announce(m.account, toMS)
	}
	return m.conclude(toMS)
}

// conclude makes the result of an account that ended at an instant.
func (m *contender) conclude(ms int64) error {
	result, err := m.account.Finish()
	if err != nil {
		return m.failed(err)
	}
	m.tellCopycats(result.Orders)
	if m.trail != nil && m.account.Ended() {
		m.trail.leave(ms)
	}
	m.result.Account = result
	return nil
}

// tellCopycats lets them know what filled.
func (m *contender) tellCopycats(orders []sim.OrderRecord) {
	if m.trail != nil {
		m.trail.extend(orders)
	}
}

func (m *contender) failed(err error) error { return fmt.Errorf("miner %s: %w", m.name, err) }

// timeUpMS is when its challenge is looked at for the last time; ok is false while
// the period has not begun. Rules §13.
func (m *contender) timeUpMS(rule *rules.Challenge) (ms int64, ok bool) {
	start, ok := m.account.ChallengeStart()
	return lastCheckMS(start, rule), ok
}

// agedMS is the instant before which it can't have the full days that a challenge
// takes: a day less, because the first may be full though it began late
// (ledger.first_checkpoint).
func (m *contender) agedMS(rule *rules.Challenge) int64 {
	return m.result.RegisteredMS + int64(rule.DaysMin-1)*dayMS
}

// lastCheckMS is the first check of the rules after a challenge's time is over.
func lastCheckMS(startMS int64, rule *rules.Challenge) int64 {
	return sim.NextMultiple(startMS+rule.Duration.MS()+1, rule.CheckEvery.MS())
}
