package reports

import (
	"fmt"
	"slices"
)

// AgainstDraw is where the strategy stands when the population is drawn from
// another seed.
type AgainstDraw struct {
	Seed       uint64  `json:"seed"` // of the population
	Rank       *int    `json:"rank"` // null: it has none
	Ranked     int     `json:"ranked"`
	Share      float64 `json:"emission_share"`
	PromotedMS *int64  `json:"promoted_ms"` // null: never
	State      string  `json:"state"`       // "" where it got no slot
}

// Draw is this standing as one of several draws.
func (a *Against) Draw(seed uint64) AgainstDraw {
	d := AgainstDraw{Seed: seed, Rank: a.Judgement.Rank, Ranked: a.Ranked, Share: a.Judgement.EmissionShare, State: string(a.Judgement.State)}
	if a.Career != nil && a.Career.PromotedMS != 0 {
		d.PromotedMS = &a.Career.PromotedMS
	}
	return d
}

// drawsText tells in a sentence how much of the standing is the draw.
func drawsText(draws []AgainstDraw, main bool) string {
	var parts []float64 // rank / ranked: a place among more is worth more
	var ranks []int
	var shares []float64
	promoted, without := 0, 0
	for _, d := range draws {
		if d.State == "" {
			without++
		}
		shares = append(shares, d.Share)
		if d.Rank != nil {
			ranks = append(ranks, *d.Rank)
			parts = append(parts, float64(*d.Rank)/float64(d.Ranked))
		}
		if d.PromotedMS != nil {
			promoted++
		}
	}
	text := count(len(draws), "other draw") + " of the population: "
	if !main {
		text += fmt.Sprintf("passed in %d; ", promoted)
	}
	if without > 0 {
		text += fmt.Sprintf("got no slot in %d; ", without)
	}
	if len(ranks) == 0 {
		return text + "ranked in none"
	}
	if len(ranks) < len(draws) {
		text += fmt.Sprintf("ranked in %d; ", len(ranks))
	}
	return text + fmt.Sprintf("rank %d to %d (the median is at %s from the top); %s to %s of the emission (median %s)",
		slices.Min(ranks), slices.Max(ranks), percent(middle(parts)), percent(slices.Min(shares)), percent(slices.Max(shares)), percent(middle(shares)))
}

// middle is the median; of an even number of values the lower of the two.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}
