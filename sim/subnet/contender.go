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
	index   int // in the order of registration
	founder bool

	account *sim.Replay // nil once its result is there
	level   int         // plays after those of a lower one
	trail   *trail      // of one that others copy
	copycat *copycat    // its strategy, if it copies

	assessedMS int64
	weight     float64 // the last that was set
	share      float64 // of what is paid until the next setting
	slotted    bool
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
	return m.conclude(m.account.Ended())
}

// finish plays its account to the end of the range.
func (m *contender) finish(toMS int64) error {
	if m.copycat != nil {
		m.copycat.announce(m.account, toMS)
	}
	return m.conclude(true)
}

// conclude lets copycats know what filled, and makes the result of an account that
// is over.
func (m *contender) conclude(over bool) error {
	if over {
		var err error
		if m.result.Account, err = m.account.Finish(); err != nil {
			return m.failed(err)
		}
	}
	if m.trail != nil {
		m.trail.extend(m.account.Orders())
		if m.account.Ended() {
			m.trail.leave(m.endedMS())
		}
	}
	return nil
}

// endedMS is when its trading ended.
func (m *contender) endedMS() int64 {
	if m.result.OutMS == 0 {
		return m.account.Elimination().TimeMS
	}
	return m.result.OutMS
}

func (m *contender) failed(err error) error { return fmt.Errorf("miner %s: %w", m.name, err) }

// timeUpMS is when its challenge is looked at for the last time; ok is false while
// the period has not begun. Rules §13.
func (m *contender) timeUpMS(rule *rules.Challenge) (ms int64, ok bool) {
	start, ok := m.account.ChallengeStart()
	return lastCheckMS(start, rule), ok
}

// lastCheckMS is the first check of the rules after a challenge's time is over.
func lastCheckMS(startMS int64, rule *rules.Challenge) int64 {
	return nextMultiple(startMS+rule.Duration.MS()+1, rule.CheckEvery.MS())
}

// nextMultiple is the first multiple of step at or after ms, which is not negative.
func nextMultiple(ms, step int64) int64 {
	if past := ms % step; past > 0 {
		return ms - past + step
	}
	return ms
}
