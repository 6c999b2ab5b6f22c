package scoring

import (
	"slices"
	"sort"
)

// Entrant is one who holds a slot beside a main competition, or in it.
type Entrant struct {
	State      State
	Assessment *Assessment // not looked at of one who is out
}

// Award is what an entrant gets.
type Award struct {
	Place              // of a challenger: in the competition that it alone joins
	Percentile float64 // of a challenger's combined score there

	Rank   int // by weight in the main competition, 1 the best; ties share the better; 0: not in it
	Weight float64
	Share  float64 // of the emission: the weight over the sum of all weights
}

// Awards are what entrants get, in their order: those in the main competition, who
// are the competition's members in the order in which it was given them, by their
// weight; each challenger what the rules give, if there is a main competition to be
// paid beside; the others nothing. Sums depend on the order in their last bits.
// Rules §12.
func (c *Competition) Awards(entrants []Entrant) []Award {
	weights := Weights(c.set.Competition, c.places)
	ascending := slices.Clone(weights)
	slices.Sort(ascending)
	awards := make([]Award, len(entrants))
	member, total := 0, 0.0
	for i := range entrants {
		award := &awards[i]
		switch entrants[i].State {
		case StateMain:
			award.Place, award.Weight = c.places[member], weights[member]
			award.Rank = 1 + len(ascending) - upperBound(ascending, award.Weight)
			member++
		case StateChallenge:
			award.Place, award.Percentile = c.rank(entrants[i].Assessment)
			if c.size > 0 {
				award.Weight = c.set.Challenge.Weight
			}
		}
		total += award.Weight
	}
	if member != c.size {
		panic("scoring: the entrants are not those of the competition")
	}
	for i := range awards {
		if total > 0 {
			awards[i].Share = awards[i].Weight / total
		}
	}
	return awards
}

// upperBound counts the values of the ascending list that are not over x.
func upperBound(ascending []float64, x float64) int {
	return sort.Search(len(ascending), func(i int) bool { return ascending[i] > x })
}
