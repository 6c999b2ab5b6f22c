package synth

import (
	"maps"
	"math"
	"slices"
)

// shockBlock is how many slots' shocks are drawn at a time; even.
const shockBlock = 1024

// shocks are a pair's standard normal shocks, one for every slot from the
// recipe's first, open market or not: a weighted sum of sources, each of which is
// drawn once for every slot. So a source that two pairs share gives both the same
// at the same instant.
type shocks struct {
	parts []part
	block [shockBlock]float64
	draw  [shockBlock]float64
	next  int
}

// part is one source and its weight.
type part struct {
	source source
	weight float64
}

// newShocks returns the shocks of pair i of a recipe that is complete.
//
// With loadings l on factors the shock is Σ l f + sqrt(1 - Σ l²) e: two pairs
// correlate by the sum of the products of their loadings. With a correlation
// matrix it is the row of its Cholesky factor times the pairs' own e.
func newShocks(r *Recipe, i int) *shocks {
	s := &shocks{next: shockBlock}
	add := func(name string, weight float64) {
		if weight != 0 {
			s.parts = append(s.parts, part{newSource(r.Seed, name), weight})
		}
	}
	own := func(k int) string { return r.Pairs[k].Pair + "/shocks" }
	if len(r.Correlation) > 0 {
		lower, _ := cholesky(r.Correlation)
		for k := range i + 1 {
			add(own(k), lower[i][k])
		}
		return s
	}
	rest := 1.0
	for _, name := range factorNames(r.Pairs[i].Loadings) {
		l := r.Pairs[i].Loadings[name]
		add("factor/"+name, l)
		rest -= float64(l * l)
	}
	add(own(i), math.Sqrt(max(rest, 0)))
	return s
}

// factorNames returns the factors' names in the order in which they are summed.
func factorNames(loadings map[string]float64) []string {
	return slices.Sorted(maps.Keys(loadings))
}

// slot returns the next slot's shock.
func (s *shocks) slot() float64 {
	if s.next == shockBlock {
		s.refill()
	}
	s.next++
	return s.block[s.next-1]
}

func (s *shocks) refill() {
	s.next = 0
	if len(s.parts) == 1 && s.parts[0].weight == 1 {
		s.parts[0].source.normals(s.block[:])
		return
	}
	clear(s.block[:])
	for _, p := range s.parts {
		p.source.normals(s.draw[:])
		for k, x := range s.draw {
			s.block[k] += float64(p.weight * x)
		}
	}
}

// cholesky returns the lower triangular matrix whose product with its transpose
// is a symmetric one; not ok if there is none with a positive diagonal. Row i
// depends on the first i+1 rows and columns alone.
func cholesky(m [][]float64) (lower [][]float64, ok bool) {
	lower = make([][]float64, len(m))
	for i := range m {
		lower[i] = make([]float64, i+1)
		for j := range i + 1 {
			sum := m[i][j]
			for k := range j {
				sum -= float64(lower[i][k] * lower[j][k])
			}
			if j < i {
				lower[i][j] = sum / lower[j][j]
				continue
			}
			if !(sum > 1e-12) {
				return nil, false
			}
			lower[i][i] = math.Sqrt(sum)
		}
	}
	return lower, true
}
