package fact

import "github.com/ptnsim/ptnsim/sim/scoring"

// OfStanding returns what the scoring of a population came to; the digest is the
// caller's.
func OfStanding(s *scoring.Standing, digest string) Standing {
	return Standing{Miners: each(s.Miners, judgement), Concentration: s.Concentration, Warnings: s.Warnings, Digest: digest}
}

func judgement(j *scoring.Judgement) Judgement {
	of := Judgement{
		Miner: j.ID, State: Word(j.State), Days: j.Days, MaxDrawdown: j.MaxDrawdown,
		Metrics: metrics(j.Metrics), Percentiles: metrics(j.Percentiles), Penalties: penalties(j.Penalties),
		Score: j.Score, Weight: j.Weight, EmissionShare: j.EmissionShare, Rank: j.Rank,
	}
	if c := j.Challenge; c != nil {
		of.Challenge = &Challenge{
			Days: c.Days, DaysNeeded: c.DaysNeeded, Drawdown: c.Drawdown, Percentile: c.Percentile,
			Verdict: Word(c.Verdict), Elimination: Word(c.Elimination),
		}
	}
	return of
}
