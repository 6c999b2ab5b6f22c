package scoring

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// Competition is the main competition, prepared once so that each of many
// challengers is ranked alone together with it at the price of a few sums.
//
// When one more miner joins, a member's rank in a metric changes by how the two
// compare alone: one place up if the newcomer is worse, half a place if they tie,
// none if it is better. What the member then adds to its combined score in each of
// these cases is known beforehand. Rules §12, §13.
//
// A Competition does not change, and serves any number of goroutines at once.
type Competition struct {
	set       *rules.Set
	size      int     // miners, those left out of the ranking included
	places    []Place // of the miners among themselves
	penalties []float64
	columns   [MetricCount]column // each of the ranked miners, in which the i-th is the one of penalties[i]
}

// column is one metric of the ranked members, worst first.
type column struct {
	values  []float64 // ascending; -Inf of a metric that does not exist
	members []int     // whose value it is
	ranks   []float64 // among the members alone, 1 the worst; ties share their average

	// What the member adds to its combined score, weight × percentile, when a
	// newcomer joins that is better, that ties with it, or that is worse.
	underBetter, beside, overWorse []float64
}

// NewCompetition prepares the main competition, which may be empty.
func NewCompetition(set *rules.Set, main []Assessment) *Competition {
	c := &Competition{set: set, size: len(main), places: make([]Place, len(main))}
	ranked := make([]int, 0, len(main))
	for i := range main {
		if total := main[i].Penalties.Total; total > 0 {
			c.places[i].Ranked = true
			c.penalties = append(c.penalties, total)
			ranked = append(ranked, i)
		}
	}
	for _, metric := range AllMetrics() {
		column := newColumn(main, ranked, metric)
		weight := metric.Weight(set.Weights)
		for k, j := range column.members {
			place := &c.places[ranked[j]]
			percentile := percentileOf(set.Competition.Percentiles, column.ranks[k], len(ranked))
			place.Percentiles[metric] = Known(percentile)
			place.Score += float64(weight * percentile)
		}
		if weight != 0 { // else it moves no combined score
			column.join(set.Competition.Percentiles, weight)
		}
		c.columns[metric] = column
	}
	for j, i := range ranked {
		c.places[i].Score *= c.penalties[j]
	}
	return c
}

func newColumn(main []Assessment, ranked []int, metric Metric) column {
	type cell struct {
		value  float64
		member int
	}
	cells := make([]cell, len(ranked))
	for j, i := range ranked {
		cells[j] = cell{value: rankable(main[i].Metrics[metric]), member: j}
	}
	slices.SortFunc(cells, func(a, b cell) int { return cmp.Compare(a.value, b.value) })
	c := column{values: make([]float64, len(cells)), members: make([]int, len(cells))}
	for k := range cells {
		c.values[k], c.members[k] = cells[k].value, cells[k].member
	}
	c.ranks = averageRanks(c.values)
	return c
}

// rankable is a metric as it is ranked: one that does not exist is below all.
func rankable(metric Value) float64 { return metric.Or(math.Inf(-1)) }

// join prepares for a newcomer.
func (c *column) join(variant rules.Variant, weight float64) {
	n := len(c.ranks)
	terms := make([]float64, 3*n)
	c.underBetter, c.beside, c.overWorse = terms[:n], terms[n:2*n], terms[2*n:]
	for k, rank := range c.ranks {
		c.underBetter[k] = float64(weight * percentileOf(variant, rank, n+1))
		c.beside[k] = float64(weight * percentileOf(variant, rank+.5, n+1))
		c.overWorse[k] = float64(weight * percentileOf(variant, rank+1, n+1))
	}
}

// span returns where the values that tie with x begin and end.
func (c *column) span(x float64) (begin, end int) {
	begin = sort.SearchFloat64s(c.values, x)
	for end = begin; end < len(c.values) && c.values[end] == x; end++ {
	}
	return begin, end
}

// add adds to each member's score what the metric is worth to it beside a newcomer
// that ties with the values from begin to end.
func (c *column) add(scores []float64, begin, end int) {
	if c.beside == nil {
		return
	}
	for k, member := range c.members[:begin] {
		scores[member] += c.underBetter[k]
	}
	for k := begin; k < end; k++ {
		scores[c.members[k]] += c.beside[k]
	}
	for k := end; k < len(c.members); k++ {
		scores[c.members[k]] += c.overWorse[k]
	}
}

// Places are those of the members among themselves, in the order in which they
// were given: what [Rank] returns. They are shared: not to be changed.
func (c *Competition) Places() []Place { return c.places }

// Judge ranks a challenger alone together with the competition, and checks its
// challenge: other challengers are not looked at. An empty competition lets it
// have percentile 1, and a challenger fully penalised has 0. Rules §13.
func (c *Competition) Judge(challenger *Challenger) (Place, Challenge) {
	place, percentile := c.rank(&challenger.Assessment)
	return place, challenger.verdict(c.set, Known(percentile))
}

// slotsUsual is a number of miners that few competitions exceed.
const slotsUsual = 256

// rank returns where a newcomer stands in the joined competition, and the
// percentile of its combined score there.
func (c *Competition) rank(newcomer *Assessment) (place Place, percentile float64) {
	if !(newcomer.Penalties.Total > 0) {
		return Place{}, 0
	}
	var few [slotsUsual]float64
	scores := few[:]
	if len(c.penalties) > len(few) {
		scores = make([]float64, len(c.penalties))
	}
	scores = scores[:len(c.penalties)]

	variant, joined := c.set.Competition.Percentiles, len(scores)+1
	place.Ranked = true
	for m := range c.columns {
		metric, column := Metric(m), &c.columns[m]
		begin, end := column.span(rankable(newcomer.Metrics[metric]))
		column.add(scores, begin, end)
		own := percentileOf(variant, averageRank(begin, end+1), joined)
		place.Percentiles[metric] = Known(own)
		place.Score += float64(metric.Weight(c.set.Weights) * own)
	}
	place.Score *= newcomer.Penalties.Total
	if c.size == 0 {
		return place, 1
	}
	begin, end := 0, 1 // it ties with itself
	for j, score := range scores {
		switch score *= c.penalties[j]; {
		case score < place.Score:
			begin++
			end++
		case score == place.Score:
			end++
		}
	}
	return place, percentileOf(variant, averageRank(begin, end), joined)
}
