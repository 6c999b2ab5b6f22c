package reports

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// DocumentAgainst is where the strategy stands in a population. Shares and
// percentiles are fractions.
type DocumentAgainst struct {
	Population string `json:"population"`
	SHA256     string `json:"sha256"` // of its file; of the embedded one too
	Name       string `json:"name"`
	Miners     int    `json:"miners"` // the strategy's included
	Ranked     int    `json:"ranked"` // of them in the main competition at the end

	State       string                   `json:"state"`
	Days        int                      `json:"days"`
	MaxDrawdown float64                  `json:"max_drawdown"`
	Metrics     DocumentMetrics          `json:"metrics"`
	Percentiles DocumentMetrics          `json:"percentiles"`
	Penalties   scoring.Penalties        `json:"penalties"`
	Score       scoring.Value            `json:"score"`
	NextScore   scoring.Value            `json:"next_score"` // of the miner one place better
	Rank        *int                     `json:"rank"`
	Weight      float64                  `json:"weight"`
	Share       float64                  `json:"emission_share"`
	Challenge   *documentRankedChallenge `json:"challenge"` // of a challenger, at the end
	Career      *DocumentCareer          `json:"career"`    // null: it was ranked at the end only
	Draws       []AgainstDraw            `json:"draws"`     // in the population drawn from other seeds
}

// documentRankedChallenge is how the challenge of one of a population stands.
type documentRankedChallenge struct {
	Days       int           `json:"days"`
	DaysNeeded int           `json:"days_needed"`
	Drawdown   float64       `json:"drawdown"`
	Percentile scoring.Value `json:"percentile"`
	Verdict    sim.Verdict   `json:"verdict"`
	Reason     string        `json:"reason"`
}

// DocumentCareer is a miner's way through a tournament. A time that never came is
// null.
type DocumentCareer struct {
	RegisteredMS   *int64               `json:"registered_ms"`
	Main           bool                 `json:"main"` // began without a challenge
	PromotedMS     *int64               `json:"promoted_ms"`
	OutMS          *int64               `json:"out_ms"`
	SlotLostMS     *int64               `json:"slot_lost_ms"`
	Days           int                  `json:"challenge_days"` // full days when its challenge ended
	Percentile     scoring.Value        `json:"challenge_percentile"`
	Taker          string               `json:"slot_taken_by"`
	Elimination    *DocumentElimination `json:"elimination"`
	Emission       float64              `json:"emission"`
	EmissionAll    float64              `json:"emission_all"`
	EmissionPerDay float64              `json:"emission_per_day"`
	WeightsEveryMS int64                `json:"weights_every_ms"`
}

func documentAgainst(a *Against) *DocumentAgainst {
	if a == nil {
		return nil
	}
	j := &a.Judgement
	return &DocumentAgainst{
		Population: a.Population, SHA256: a.SHA256, Name: a.Name, Miners: a.Miners, Ranked: a.Ranked,
		State: string(j.State), Days: j.Days, MaxDrawdown: j.MaxDrawdown,
		Metrics: documentMetrics(j.Metrics), Percentiles: documentMetrics(j.Percentiles), Penalties: j.Penalties,
		Score: j.Score, NextScore: a.NextScore, Rank: j.Rank, Weight: j.Weight, Share: j.EmissionShare,
		Challenge: rankedChallenge(j.Challenge), Career: documentCareer(a.Career),
		Draws: noNil(a.Draws),
	}
}

func rankedChallenge(c *scoring.Challenge) *documentRankedChallenge {
	if c == nil {
		return nil
	}
	return &documentRankedChallenge{c.Days, c.DaysNeeded, c.Drawdown, c.Percentile, c.Verdict, c.Reason}
}

func documentCareer(c *Career) *DocumentCareer {
	if c == nil {
		return nil
	}
	return &DocumentCareer{
		RegisteredMS: msOrNull(c.RegisteredMS), Main: c.Main, PromotedMS: msOrNull(c.PromotedMS), OutMS: msOrNull(c.OutMS), SlotLostMS: msOrNull(c.SlotLostMS),
		Days: c.Days, Percentile: c.Percentile, Taker: c.Taker, Elimination: documentElimination(c.Elimination),
		Emission: c.Emission, EmissionAll: c.EmissionAll, EmissionPerDay: c.EmissionPerDay, WeightsEveryMS: c.WeightsEveryMS,
	}
}

// plain leaves out what a digest doesn't cover: what is said in sentences; and of a
// tournament the hash of the subnet file, which would cover the file's comments (see
// SubnetDigest). A snapshot's file is data: its hash stays.
func (d *DocumentAgainst) plain() *DocumentAgainst {
	if d == nil {
		return nil
	}
	plain := *d
	if d.Career != nil {
		plain.SHA256 = ""
	}
	if d.Challenge != nil {
		wordless := *d.Challenge
		wordless.Reason = ""
		plain.Challenge = &wordless
	}
	return &plain
}

// against is what the document tells of a population.
func (d *DocumentAgainst) against() *Against {
	if d == nil {
		return nil
	}
	a := &Against{
		Population: d.Population, SHA256: d.SHA256, Name: d.Name, Miners: d.Miners, Ranked: d.Ranked, NextScore: d.NextScore,
		Judgement: scoring.Judgement{
			ID: d.Name, State: scoring.State(d.State),
			Assessment:  scoring.Assessment{Days: d.Days, MaxDrawdown: d.MaxDrawdown, Metrics: d.Metrics.metrics(), Penalties: d.Penalties},
			Percentiles: d.Percentiles.metrics(), Score: d.Score, Rank: d.Rank, Weight: d.Weight, EmissionShare: d.Share,
		},
		Career: d.Career.career(),
	}
	if len(d.Draws) > 0 {
		a.Draws = d.Draws
	}
	if c := d.Challenge; c != nil {
		a.Judgement.Challenge = &scoring.Challenge{
			Days: c.Days, DaysNeeded: c.DaysNeeded, Drawdown: c.Drawdown, Percentile: c.Percentile, Verdict: c.Verdict, Reason: c.Reason,
		}
	}
	return a
}

func (d *DocumentCareer) career() *Career {
	if d == nil {
		return nil
	}
	return &Career{
		RegisteredMS: orZero(d.RegisteredMS), Main: d.Main, PromotedMS: orZero(d.PromotedMS), OutMS: orZero(d.OutMS), SlotLostMS: orZero(d.SlotLostMS),
		Days: d.Days, Percentile: d.Percentile, Taker: d.Taker, Elimination: d.Elimination.elimination(),
		Emission: d.Emission, EmissionAll: d.EmissionAll, EmissionPerDay: d.EmissionPerDay, WeightsEveryMS: d.WeightsEveryMS,
	}
}

func orZero(ms *int64) int64 {
	if ms == nil {
		return 0
	}
	return *ms
}

func (d *DocumentElimination) elimination() *sim.Elimination {
	if d == nil {
		return nil
	}
	e := &sim.Elimination{TimeMS: d.TimeMS, Reason: d.Reason, Drawdown: d.Drawdown, Price: d.Price.Or(0)}
	if d.Pair != nil {
		e.Pair = *d.Pair
	}
	return e
}

// documentElimination is the other way round.
func documentElimination(e *sim.Elimination) *DocumentElimination {
	if e == nil {
		return nil
	}
	d := &DocumentElimination{TimeMS: e.TimeMS, Reason: e.Reason, Drawdown: e.Drawdown}
	if e.Pair != "" {
		d.Pair, d.Price = &e.Pair, scoring.Known(e.Price)
	}
	return d
}
