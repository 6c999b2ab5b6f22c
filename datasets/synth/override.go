package synth

import (
	"slices"
)

// Overrides replace values of a recipe. What is nil or empty stays as the recipe
// has it.
type Overrides struct {
	Seed     Seed
	From, To Moment
	Interval Duration

	// Pairs are the pairs to make: those of the recipe as it has them, others with
	// their defaults and uncorrelated.
	Pairs []string

	// Of every pair:
	Volatility, Drift, SpreadTicks *float64
	Model                          Model
}

// Override replaces values of the document's recipe. Problems with these are told
// without a line.
func (d *Document) Override(o Overrides) {
	r := &d.Recipe
	replaced := func(path string) { d.overridden = append(d.overridden, path) }
	if o.Seed != "" {
		r.Seed = o.Seed
		replaced("seed")
	}
	if !o.From.IsZero() {
		r.From = o.From
		replaced("from")
	}
	if !o.To.IsZero() {
		r.To = o.To
		replaced("to")
	}
	if o.Interval != 0 {
		r.Interval = o.Interval
		replaced("interval")
	}
	if len(o.Pairs) > 0 {
		r.choose(o.Pairs)
		replaced("pairs")
		replaced("correlation")
	}
	for i := range r.Pairs {
		r.Pairs[i].override(o)
	}
	if o.Volatility != nil || o.Drift != nil || o.SpreadTicks != nil || o.Model != "" {
		replaced("pairs")
	}
}

func (p *Pair) override(o Overrides) {
	set := func(to *float64, v *float64) {
		if v != nil {
			*to = *v
		}
	}
	set(&p.Volatility, o.Volatility)
	set(&p.Drift, o.Drift)
	set(&p.SpreadTicks, o.SpreadTicks)
	if o.Model != "" && o.Model != p.Model {
		p.Model, p.Clustering, p.Garch = o.Model, nil, nil
	}
}

// choose makes the recipe one of the pairs with these ids.
func (r *Recipe) choose(ids []string) {
	had, matrix := r.Pairs, r.Correlation
	r.Pairs, r.Correlation = nil, nil
	index := make([]int, len(ids)) // among those it had; -1: new
	for i, id := range ids {
		index[i] = slices.IndexFunc(had, func(p Pair) bool { return p.Pair == id })
		if index[i] < 0 {
			r.Pairs = append(r.Pairs, Pair{Pair: id})
			continue
		}
		r.Pairs = append(r.Pairs, had[index[i]])
	}
	if len(matrix) == 0 {
		return
	}
	for i := range ids {
		row := make([]float64, len(ids))
		for j := range ids {
			a, b := index[i], index[j]
			switch {
			case i == j:
				row[j] = 1
			case a >= 0 && b >= 0 && a < len(matrix) && b < len(matrix[a]):
				row[j] = matrix[a][b]
			}
		}
		r.Correlation = append(r.Correlation, row)
	}
}
