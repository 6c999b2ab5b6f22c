package subnet

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Run plays a tournament. The same Config gives the same Result on every machine,
// whatever the number of workers. A strategy that fails ends it with an error that
// names the miner; so does ctx when it is cancelled.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	t, err := newTournament(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer t.close()
	for ms := t.cfg.FromMS; ; ms = t.next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := t.instant(ms); err != nil {
			return nil, err
		}
		if t.cfg.Progress != nil {
			t.cfg.Progress(ms)
		}
		if ms == t.cfg.ToMS {
			break
		}
	}
	return t.result()
}

// tournament is a tournament in progress.
type tournament struct {
	ctx      context.Context
	cfg      Config // resolved
	set      *rules.Set
	assessor *scoring.Assessor

	now      int64
	everyone []*contender      // who was ever registered, in that order
	slots    []*contender      // who holds a slot, in the order of names
	arrivals []arrival         // to come, in the order of time, then as they register
	refused  []*RefusedMiner   // who has no slot yet, in the order of their first refusal
	trails   map[string]*trail // of the miners that are copied
	levels   int               // of copycats, and 1

	events   []Event
	history  []Round
	latestMS int64 // the last setting of weights
	payroll  payroll
	warnings []string
}

func newTournament(ctx context.Context, cfg Config) (*tournament, error) {
	cfg, err := cfg.resolved()
	if err != nil {
		return nil, err
	}
	set := cfg.Market.Rules()
	t := &tournament{
		ctx: ctx, cfg: cfg, set: set, assessor: scoring.NewAssessor(set), now: cfg.FromMS,
		trails: make(map[string]*trail), payroll: payroll{perDay: cfg.EmissionPerDay, sinceMS: cfg.FromMS},
	}
	for i := range cfg.Miners {
		m := cfg.Miners[i]
		m.RegistersMS = max(m.RegistersMS, cfg.FromMS)
		if m.Copies != "" {
			t.trails[m.Copies] = &trail{}
		}
		if m.RegistersMS >= cfg.ToMS {
			t.warnings = append(t.warnings, fmt.Sprintf("miner %s would register at %s, and the subnet ends at %s: it never takes part", m.Name, stamp(m.RegistersMS), stamp(cfg.ToMS)))
			continue
		}
		t.levels = max(t.levels, 1+cfg.level(&m))
		t.expect(arrival{Miner: m, level: cfg.level(&m), origin: m.Name, generation: 1})
	}
	return t, nil
}

// close lets go of what strategies hold, however the tournament ends.
func (t *tournament) close() {
	for _, m := range t.everyone {
		if m.account != nil {
			_ = m.account.Close() // what ended it is told already, or it ended well
		}
	}
}

// instant plays everything up to an instant, and what happens at it but for
// strategies and fills. See the package comment for the sequence.
func (t *tournament) instant(ms int64) error {
	if err := t.advance(ms); err != nil {
		return err
	}
	for _, step := range []func() error{t.checkChallenges, t.register, t.setWeights} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// next is the next instant at which something of the subnet happens, or may.
func (t *tournament) next() int64 {
	rule := &t.set.Challenge
	next := min(t.cfg.ToMS, sim.NextMultiple(t.now+1, t.cfg.WeightsEveryMS))
	if len(t.arrivals) > 0 {
		next = min(next, t.arrivals[0].RegistersMS)
	}
	for _, m := range t.slots {
		if !m.isIn() {
			continue
		}
		if again := m.result.AgainMS; again > 0 && again < next-t.now {
			next = t.now + again // its successor is not to be late
		}
		if m.state == scoring.StateChallenge {
			next = min(next, sim.NextMultiple(max(t.now+1, m.agedMS(rule)), t.cfg.ChecksEveryMS))
			lastCheck, begun := m.timeUpMS(rule)
			if !begun {
				lastCheck = lastCheckMS(t.now, rule) // the earliest that there could be
			}
			next = min(next, lastCheck)
		}
	}
	if next <= t.now {
		panic("subnet: the clock stands still at " + stamp(t.now))
	}
	return next
}

// advance plays all accounts up to an instant, and notes whom their drawdown
// eliminated.
func (t *tournament) advance(ms int64) error {
	t.now = ms
	playing := t.playing()
	err := t.byLevel(playing, func(m *contender) error { return m.advance(ms, t.cfg.ToMS) })
	if err != nil {
		return err
	}
	t.noteEliminations(playing)
	return nil
}

// playing are those whose accounts trade on.
func (t *tournament) playing() []*contender {
	var playing []*contender
	for _, m := range t.slots {
		if m.account != nil {
			playing = append(playing, m)
		}
	}
	return playing
}

// byLevel does something with miners, leaders before copycats.
func (t *tournament) byLevel(miners []*contender, do func(*contender) error) error {
	for level := range t.levels {
		of := miners
		if t.levels > 1 {
			of = slices.DeleteFunc(slices.Clone(miners), func(m *contender) bool { return m.level != level })
		}
		if err := each(t.cfg.Workers, len(of), func(i int) error { return do(of[i]) }); err != nil {
			return err
		}
	}
	return nil
}

// noteEliminations looks for accounts that eliminated themselves since it looked
// last. Where the gate lets an eliminated miner trade on (gate.checks.eliminated),
// its account does, and is eliminated for the subnet all the same. Rules §9.
func (t *tournament) noteEliminations(miners []*contender) {
	var events []Event
	for _, m := range miners {
		e := m.account.Elimination()
		if m.isIn() && e != nil {
			events = append(events, Event{
				TimeMS: e.TimeMS, Kind: Eliminated, Miner: m.name,
				Reason: e.Reason, Drawdown: e.Drawdown, Days: m.daysOf(t.set, e), Pair: e.Pair, Price: e.Price,
			})
			t.out(m, e.TimeMS, scoring.StateEliminated)
		}
		if m.result.Account != nil {
			m.account = nil
		}
	}
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(a.TimeMS, b.TimeMS) }) // miners come by their names
	t.events = append(t.events, events...)
}

// out ends a miner's part. Its owner may come back.
func (t *tournament) out(m *contender, ms int64, state scoring.State) {
	m.state, m.result.OutMS = state, ms
	m.dossier = nil // it is judged no more
	t.expectSuccessor(m, ms)
}

// assess judges miners by themselves, as they stand now.
func (t *tournament) assess(miners []*contender) error {
	return each(t.cfg.Workers, len(miners), func(i int) error {
		m := miners[i]
		if m.assessedMS == t.now {
			return nil
		}
		m.assessedMS = t.now
		m.assessment = m.dossier.Assess(m.account.Checkpoints(), m.account.Positions(), t.now)
		return nil
	})
}

// those are who holds a slot in a state, in the order of names.
func (t *tournament) those(state scoring.State) []*contender {
	var miners []*contender
	for _, m := range t.slots {
		if m.state == state {
			miners = append(miners, m)
		}
	}
	return miners
}

func compareNames(a, b *contender) int { return strings.Compare(a.name, b.name) }
