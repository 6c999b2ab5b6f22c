package fact

import (
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// OfTournament returns what a subnet of many miners came to; the digest is that of
// subnet.json.
func OfTournament(r *subnet.Result, digest string) Tournament {
	t := Tournament{
		Miners: each(r.Miners, miner), Events: each(r.Events, event), Refused: each(r.Refused, refused),
		Emission: r.Emission, Warnings: r.Warnings, Digest: digest,
		Rounds: each(r.History, func(of *subnet.Round) Round { return round(r, of) }),
	}
	if r.Standing != nil {
		t.Concentration = r.Standing.Concentration
	}
	return t
}

func miner(m *subnet.MinerResult) Miner {
	of := Miner{
		Judgement: judgement(&m.Judgement), Generation: m.Generation, Registered: Instant(m.RegisteredMS),
		Promoted: instantIfAny(m.PromotedMS), Out: instantIfAny(m.OutMS), SlotLost: instantIfAny(m.SlotLostMS),
		Refusals: m.Refusals, EmissionPaid: m.Emission, Fee: m.Fee,
		Elimination: elimination(m.Account.Elimination), Account: OfAccount(m.Account, m.Judgement.Assessment, nil, ""),
	}
	of.Miner, of.State, of.Challenge = m.Name, Word(m.State), minerChallenge(m)
	return of
}

// minerChallenge is a miner's challenge as its account remembers it, and while it
// lasts with the numbers of the end of the range; none of a miner that began in the
// main competition.
func minerChallenge(m *subnet.MinerResult) *Challenge {
	if m.Main {
		return nil
	}
	c := challenge(m.Account)
	if j := m.Judgement.Challenge; j != nil {
		c.Days, c.DaysNeeded, c.Drawdown, c.Percentile = j.Days, j.DaysNeeded, j.Drawdown, j.Percentile
	}
	return &c
}

func event(e *subnet.Event) Event {
	of := Event{Became: Word(string(e.Kind) + " " + e.Miner), Time: Instant(e.TimeMS), Kind: Word(e.Kind), Miner: e.Miner}
	if e.Other != "" {
		of.Other = &e.Other
	}
	switch e.Kind {
	case subnet.Registered:
		of.Fee, of.Main = scoring.Known(e.Fee), &e.Main
	case subnet.Promoted:
		of.Drawdown, of.Days, of.Percentile = scoring.Known(e.Drawdown), &e.Days, e.Percentile
	case subnet.Eliminated:
		of.Became += " " + Word(e.Reason)
		of.Reason, of.Drawdown, of.Percentile = (*Word)(&e.Reason), scoring.Known(e.Drawdown), e.Percentile
		if failedChallenge(e.Reason) {
			of.Days = &e.Days
		}
		if e.Pair != "" {
			of.Pair, of.Price = &e.Pair, scoring.Known(e.Price)
		}
	case subnet.Deregistered:
		of.Weight = scoring.Known(e.Weight)
	}
	return of
}

func round(r *subnet.Result, of *subnet.Round) Round {
	return Round{
		Time: Instant(of.TimeMS), Concentration: of.Concentration,
		Places: each(of.Places, func(p *subnet.Place) Place {
			at := Place{Miner: r.Miners[p.Miner].Name, State: Word(p.State), Score: p.Score, Share: p.Share}
			if p.Rank != 0 {
				at.Rank = &p.Rank
			}
			return at
		}),
	}
}

func refused(m *subnet.RefusedMiner) Refused {
	return Refused{Miner: m.Name, Times: m.Times, Last: Instant(m.LastMS)}
}

// instantIfAny is none of 0.
func instantIfAny(ms int64) *Instant {
	if ms == 0 {
		return nil
	}
	return instant(ms)
}
