package subnet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// arrival is a miner that is going to register, at its RegistersMS.
type arrival struct {
	Miner
	origin     string // the name of the first generation
	generation int
	level      int
	refusal    *RefusedMiner // of one that was refused before
}

// expect keeps the arrivals in the order in which they register.
func (t *tournament) expect(a arrival) {
	if a.RegistersMS >= t.cfg.ToMS {
		return
	}
	i, _ := slices.BinarySearchFunc(t.arrivals, a, func(b, a arrival) int {
		return cmp.Or(cmp.Compare(b.RegistersMS, a.RegistersMS), mainFirst(&b, &a), strings.Compare(b.Name, a.Name))
	})
	t.arrivals = slices.Insert(t.arrivals, i, a)
}

// mainFirst has miners of the main competition register before those of the same
// instant that begin a challenge: they must not be put out by them.
func mainFirst(a, b *arrival) int {
	switch {
	case a.Main == b.Main:
		return 0
	case a.Main:
		return -1
	}
	return 1
}

// expectSuccessor has the owner of a miner that is out register another one: with
// the same strategy, in the challenge, and with random numbers of its own.
func (t *tournament) expectSuccessor(m *contender, outMS int64) {
	again := m.result.AgainMS
	if again == 0 || again > t.cfg.ToMS-outMS {
		return
	}
	next := arrival{Miner: m.result.Miner, origin: m.origin, generation: m.result.Generation + 1, level: m.level}
	next.Name = fmt.Sprintf("%s~%d", next.origin, next.generation)
	next.RegistersMS = outMS + again
	next.Main, next.Seed = false, nil
	t.expect(next)
}

// register lets those in whose time has come, as far as there is room. Rules §14.
func (t *tournament) register() error {
	for len(t.arrivals) > 0 && t.arrivals[0].RegistersMS <= t.now {
		a := t.arrivals[0]
		t.arrivals = t.arrivals[1:]
		loser := ""
		if len(t.slots) >= t.set.Registration.Slots {
			last := t.lowest()
			if last == nil {
				t.refuse(a)
				continue
			}
			if err := t.deregister(last, a.Name); err != nil {
				return err
			}
			loser = last.name
		}
		if err := t.enter(a, loser); err != nil {
			return err
		}
	}
	return nil
}

// refuse turns a newcomer away. It may try again, as often as it likes: its first
// refusal is an event, the others are counted.
func (t *tournament) refuse(a arrival) {
	if a.refusal == nil {
		a.refusal = &RefusedMiner{Miner: a.Miner}
		t.refused = append(t.refused, a.refusal)
		t.events = append(t.events, Event{TimeMS: t.now, Kind: Refused, Miner: a.Name})
	}
	a.refusal.Times++
	a.refusal.LastMS = t.now
	if a.AgainMS > 0 && a.AgainMS < t.cfg.ToMS-t.now {
		a.RegistersMS = t.now + a.AgainMS
		t.expect(a)
	}
}

// lowest is the miner that a newcomer puts out: the lowest weight of those who can
// be put out, of equal ones the earliest registration, then the first name; nil if
// nobody can. Rules §14.
func (t *tournament) lowest() *contender {
	var lowest *contender
	for _, m := range t.slots {
		if m.secure(t.now, t.set.Registration.Immunity.MS()) {
			continue
		}
		if lowest == nil || cmp.Or(cmp.Compare(m.standing(), lowest.standing()), cmp.Compare(m.result.RegisteredMS, lowest.result.RegisteredMS)) < 0 {
			lowest = m // slots are in the order of names
		}
	}
	return lowest
}

// secure reports whether it can't be put out yet: one of the main competition while
// no weights were set since it took its slot, because the 0 that it has says nothing
// of it; and one that is immune. The last instant of an immunity is outside it.
func (m *contender) secure(nowMS, immunityMS int64) bool {
	switch {
	case !m.isIn():
		return false
	case m.state == scoring.StateMain && !m.weighed:
		return true
	}
	return !m.founder && nowMS-m.result.RegisteredMS < immunityMS
}

// standing is the weight that it is put out by.
func (m *contender) standing() float64 {
	if !m.isIn() {
		return 0
	}
	return m.weight
}

// deregister takes a miner's slot.
func (t *tournament) deregister(m *contender, other string) error {
	t.slots = slices.DeleteFunc(t.slots, func(of *contender) bool { return of == m })
	m.result.SlotLostMS = t.now
	t.events = append(t.events, Event{TimeMS: t.now, Kind: Deregistered, Miner: m.name, Weight: m.standing(), Other: other})
	if m.isIn() {
		t.out(m, t.now, scoring.StateDeregistered)
	}
	if m.account == nil {
		return nil
	}
	m.account.Retire()
	return m.end(t.now)
}

// end makes the result of an account that was ended just now.
func (m *contender) end(nowMS int64) error {
	if err := m.conclude(nowMS); err != nil {
		return err
	}
	m.account = nil
	return nil
}

// enter gives a newcomer a slot and begins its account.
func (t *tournament) enter(a arrival, loser string) error {
	m := &contender{
		entrant: entrant{name: a.Name, state: scoring.StateChallenge}, origin: a.origin,
		index: len(t.everyone), founder: a.Main, level: a.level,
		dossier: t.assessor.Dossier(), assessedMS: -1,
		result: MinerResult{Miner: a.Miner, Generation: a.generation, RegisteredMS: t.now},
	}
	if a.generation == 1 {
		m.trail = t.trails[a.Name]
	}
	if a.refusal != nil {
		m.result.Refusals = a.refusal.Times
		t.refused = slices.DeleteFunc(t.refused, func(r *RefusedMiner) bool { return r == a.refusal })
	}
	fee := t.cfg.RegistrationFee
	if a.Main {
		m.state, fee = scoring.StateMain, 0
	}
	if err := t.open(m); err != nil {
		return m.failed(err)
	}
	m.result.Fee = fee
	t.everyone = append(t.everyone, m)
	i, _ := slices.BinarySearchFunc(t.slots, m, compareNames)
	t.slots = slices.Insert(t.slots, i, m)
	t.events = append(t.events, Event{TimeMS: t.now, Kind: Registered, Miner: m.name, Other: loser, Fee: fee, Main: a.Main})
	return nil
}

// open makes a newcomer's strategy and begins its account.
func (t *tournament) open(m *contender) (err error) {
	of := &m.result.Miner
	var strategy sim.Strategy
	if of.Copies != "" {
		m.copycat = newCopycat(t.trails[of.Copies], of.DelayMS)
		strategy = m.copycat
	} else if strategy, err = of.Make(); err != nil {
		return err
	}
	cfg := sim.Config{
		Market: t.cfg.Market, Strategy: strategy, FromMS: t.now, As: sim.InChallenge, Refereed: true,
		Fill: of.Fill, LatencyMS: of.LatencyMS, Observer: of.Observer,
	}
	cfg.Observer.Progress = nil
	if m.state == scoring.StateMain {
		cfg.As = sim.Main
	}
	if of.Seed != nil {
		cfg.Seed = *of.Seed
	} else {
		cfg.Seed = sim.NewRandom(t.cfg.Seed, m.name).Uint64()
	}
	m.account, err = sim.NewReplay(t.ctx, cfg)
	return err
}
