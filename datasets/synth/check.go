package synth

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
)

// Problem is a value of a recipe that cannot be, or doesn't fit the others.
type Problem struct {
	Path     string // "pairs[0].volatility"
	Found    string
	Expected string
}

// Problems is everything that is wrong with a recipe, as an error.
type Problems []Problem

// Error lists the problems, one a line.
func (p Problems) Error() string {
	var lines []string
	for _, x := range p {
		lines = append(lines, fmt.Sprintf("%s: found %s, expected %s", x.Path, x.Found, x.Expected))
	}
	return strings.Join(lines, "\n")
}

// Bounds of what a recipe may ask for.
const (
	volatilityMax = 20
	driftMax      = 100
	factorMax     = 1000 // of a volatility or a volume
	priceMin      = 1e-9
	priceMax      = 1e9
	ticksMax      = 1e12 // of the first price
	jumpsMax      = 1e5  // a year
	pairsMax      = 200
	listMax       = 1000 // stresses, changes of regime
	candlesMax    = 1000 // of a spike
)

// check is the state of checking a recipe whose defaults are filled in.
type check struct {
	recipe   *Recipe
	known    []market.Pair
	problems Problems
	stages   map[market.Class]*stage // as they are asked for
}

// stage returns the market of a pair.
func (c *check) stage(p market.Pair) (*stage, error) {
	if s := c.stages[p.Class]; s != nil {
		return s, nil
	}
	s, err := newStage(c.recipe, p)
	if err == nil {
		c.stages[p.Class] = s
	}
	return s, err
}

// Complete returns the recipe with every default filled in and moments made
// absolute, for pairs among those known. The error is Problems.
func (r Recipe) Complete(known []market.Pair) (Recipe, error) {
	r = r.withDefaults(known)
	c := check{recipe: &r, known: known, stages: make(map[market.Class]*stage)}
	c.span()
	if len(c.problems) == 0 { // the rest is judged against the span
		c.pairs()
		c.correlation()
		c.regimes()
		c.stresses()
	}
	if len(c.problems) > 0 {
		return r, c.problems
	}
	return r, nil
}

func (c *check) add(path, found, expected string) {
	c.problems = append(c.problems, Problem{path, found, expected})
}

// The bounds are written so that NaN is outside all of them.

func (c *check) within(path string, v, low, high float64) {
	if !(v >= low && v <= high) {
		c.add(path, number(v), fmt.Sprintf("a number from %s to %s", number(low), number(high)))
	}
}

func (c *check) over(path string, v, low, high float64) {
	if !(v > low && v <= high) {
		c.add(path, number(v), fmt.Sprintf("a number over %s, at most %s", number(low), number(high)))
	}
}

// length demands a duration that a recipe's text can hold; one that a program
// made may not be.
func (c *check) length(path string, d Duration) {
	if d <= 0 || d > durationMax {
		c.add(path, d.String(), "a length of time over 0, at most "+durationMax.String())
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func (c *check) span() {
	r := c.recipe
	day := Duration(datasets.Day)
	if r.Interval < Duration(datasets.Second) || r.Interval > day || day%r.Interval != 0 {
		c.add("interval", r.Interval.String(), "a part of a day that fills it: 1s, 1m, 5m, 1h, 4h, 1d, …")
	}
	years := [2]int64{0, 7258118400000} // of the years that market hours are known for, 1970 to 2199
	switch {
	case r.From.Offset:
		c.add("from", r.From.String(), "an instant; only the others can lie an offset after it")
	case r.From.MS <= years[0] || r.From.MS >= years[1]:
		c.add("from", r.From.String(), "a time of the years 1970 to 2199")
	case r.To.MS <= r.From.MS || r.To.MS >= years[1]:
		c.add("to", r.To.String(), "a time after "+r.From.String()+", before 2200")
	case r.To.MS-r.From.MS > int64(durationMax):
		c.add("to", r.To.String(), "at most a hundred years of candles")
	}
	if len(r.Seed) > seedBytes {
		c.add("seed", fmt.Sprintf("%d bytes", len(r.Seed)), fmt.Sprintf("at most %d", seedBytes))
	}
	if n := len(r.Pairs); n == 0 || n > pairsMax {
		c.add("pairs", fmt.Sprintf("%d pairs", n), fmt.Sprintf("1 to %d", pairsMax))
	}
	if n := len(r.Stresses); n > listMax {
		c.add("stresses", fmt.Sprintf("%d stresses", n), fmt.Sprintf("at most %d", listMax))
	}
}

func (c *check) pairs() {
	var seen []string
	for i := range c.recipe.Pairs {
		p := &c.recipe.Pairs[i]
		path := fmt.Sprintf("pairs[%d].", i)
		known, ok := market.FindPair(c.known, p.Pair)
		switch {
		case !ok:
			c.add(path+"pair", quoted(p.Pair), "a known pair"+suggest.DidYouMean(p.Pair, market.PairIDs(c.known)))
			continue
		case slices.Contains(seen, p.Pair):
			c.add(path+"pair", p.Pair+" a second time", "each pair once")
		}
		seen = append(seen, p.Pair)
		c.process(path, p, known)
		c.prices(path, p)
	}
}

// process checks how a pair's price moves.
func (c *check) process(path string, p *Pair, known market.Pair) {
	c.over(path+"volatility", p.Volatility, 0, volatilityMax)
	c.within(path+"drift", p.Drift, -driftMax, driftMax)
	c.within(path+"gap_share", p.GapShare, 0, .95)
	if p.GapShare > 0 && datasets.MarketHours(known).Kind == market.Always {
		c.add(path+"gap_share", number(p.GapShare), "none: the market of "+p.Pair+" never closes")
	}
	if p.Season != NoSeason && p.Season != ClassSeason {
		c.add(path+"season", quoted(string(p.Season)), "none or class")
	}
	if p.Hours != nil {
		c.hours(path+"hours", p)
	}
	c.model(path, p)
	if j := p.Jumps; j != nil {
		c.over(path+"jumps.rate", j.Rate, 0, jumpsMax)
		c.within(path+"jumps.mean", j.Mean, -1, 1)
		c.within(path+"jumps.sd", j.SD, 0, 1)
		if j.Sizes != NormalJumps && j.Sizes != LaplaceJumps {
			c.add(path+"jumps.sizes", quoted(string(j.Sizes)), "normal or laplace")
		}
	}
	squares := 0.0
	for _, name := range factorNames(p.Loadings) {
		l := p.Loadings[name]
		c.within(path+"loadings", l, -1, 1)
		squares += float64(l * l)
	}
	if squares > 1+1e-12 {
		c.add(path+"loadings", "squares that sum to "+number(squares), "at most 1")
	}
	if len(p.Loadings) > 0 && len(c.recipe.Correlation) > 0 {
		c.add(path+"loadings", "loadings beside a correlation matrix", "one of the two")
	}
}

// hours checks a season of the pair's own.
func (c *check) hours(path string, p *Pair) {
	if len(p.Hours) != 24 {
		c.add(path, fmt.Sprintf("%d values", len(p.Hours)), "24, from midnight on")
	}
	for _, x := range p.Hours {
		c.over(path, x, 0, factorMax)
	}
	if p.Season != NoSeason {
		c.add(path, "hours beside the season "+string(p.Season), "one of the two")
	}
}

// model checks the model and refuses parameters of another one.
func (c *check) model(path string, p *Pair) {
	switch p.Model {
	case GBM, StochasticVolatility, GARCH:
	default:
		c.add(path+"model", quoted(string(p.Model)), "gbm, stochastic_volatility or garch")
		return
	}
	if p.Clustering != nil && p.Model != StochasticVolatility {
		c.add(path+"clustering", "clustering in the model "+string(p.Model), "it with the model stochastic_volatility only")
	}
	if p.Garch != nil && p.Model != GARCH {
		c.add(path+"garch", "garch in the model "+string(p.Model), "it with the model garch only")
	}
	if g := p.Clustering; g != nil {
		c.over(path+"clustering.sd", g.SD, 0, 3)
		c.length(path+"clustering.memory", g.Memory)
	}
	if g := p.Garch; g != nil {
		c.over(path+"garch.alpha", g.Alpha, 0, 1)
		c.over(path+"garch.beta", g.Beta, 0, 1)
		if g.Alpha+g.Beta >= 1 {
			c.add(path+"garch", fmt.Sprintf("alpha + beta = %s", number(g.Alpha+g.Beta)), "less than 1, so that the variance has a mean")
		}
	}
}

// prices checks the grid of prices and volumes.
func (c *check) prices(path string, p *Pair) {
	c.within(path+"price", p.Price, priceMin, priceMax)
	c.within(path+"volume", p.Volume, 1e-9, 1e15)
	c.within(path+"spread_ticks", p.SpreadTicks, 0, 1e6)
	c.grid(path+"tick", p.Tick)
	c.grid(path+"volume_step", p.VolumeStep)
	if n := p.Price / p.Tick; !(n >= 1 && n <= ticksMax) {
		c.add(path+"tick", number(p.Tick), fmt.Sprintf("a tick that the price %s is 1 to %g of", number(p.Price), float64(ticksMax)))
	}
}

// grid demands a step that is a whole number, or a whole number's reciprocal.
func (c *check) grid(path string, step float64) {
	if !(step >= priceMin && step <= priceMax) || !whole(step) && !whole(1/step) {
		c.add(path, number(step), "a whole number, or a number whose reciprocal is whole, such as 0.01 or 0.25")
	}
}

func whole(x float64) bool {
	return x >= 1 && math.Abs(x-math.Round(x)) <= 1e-9*x
}

func (c *check) correlation() {
	m := c.recipe.Correlation
	if len(m) == 0 {
		return
	}
	n := len(c.recipe.Pairs)
	if len(m) != n {
		c.add("correlation", fmt.Sprintf("%d rows", len(m)), fmt.Sprintf("one for each of the %d pairs", n))
		return
	}
	for i, row := range m {
		path := fmt.Sprintf("correlation[%d]", i)
		if len(row) != n {
			c.add(path, fmt.Sprintf("%d values", len(row)), fmt.Sprintf("one for each of the %d pairs", n))
			return
		}
		for j, v := range row {
			c.within(path, v, -1, 1)
			switch {
			case i == j && v != 1:
				c.add(path, number(v)+" of "+c.recipe.Pairs[i].Pair+" with itself", "1")
			case j < i && len(m[j]) == n && v != m[j][i]:
				c.add(path, fmt.Sprintf("%s, and %s the other way round", number(v), number(m[j][i])), "a symmetric matrix")
			}
		}
	}
	if _, ok := cholesky(m); !ok && len(c.problems) == 0 {
		c.add("correlation", "a matrix that is not positive definite", "correlations that can hold together")
	}
}

func (c *check) regimes() {
	g := c.recipe.Regimes
	if g == nil {
		return
	}
	if n := len(g.States); n == 0 || n > listMax {
		c.add("regimes.states", fmt.Sprintf("%d states", n), fmt.Sprintf("1 to %d", listMax))
	}
	var names []string
	for i, s := range g.States {
		path := fmt.Sprintf("regimes.states[%d].", i)
		if s.Name == "" || slices.Contains(names, s.Name) {
			c.add(path+"name", quoted(s.Name), "a name of its own")
		}
		names = append(names, s.Name)
		c.over(path+"volatility", s.Volatility, 0, factorMax)
		c.within(path+"drift", s.Drift, -driftMax, driftMax)
		if c.length(path+"duration", s.Duration); s.Duration < c.recipe.Interval {
			c.add(path+"duration", s.Duration.String(), "at least a candle, "+c.recipe.Interval.String())
		}
	}
	if n := len(g.Schedule); n > listMax {
		c.add("regimes.schedule", fmt.Sprintf("%d changes", n), fmt.Sprintf("at most %d", listMax))
	}
	for i, s := range g.Schedule {
		path := fmt.Sprintf("regimes.schedule[%d].", i)
		if !slices.Contains(names, s.Regime) {
			c.add(path+"regime", quoted(s.Regime), "one of the states"+suggest.DidYouMean(s.Regime, names))
		}
		if i > 0 && s.At.MS <= g.Schedule[i-1].At.MS || s.At.IsZero() {
			c.add(path+"at", quoted(s.At.String()), "a time after that of the change before it")
		}
	}
	c.named("regimes.pairs", g.Pairs)
}

// named demands that the pairs are the recipe's.
func (c *check) named(path string, ids []string) {
	have := c.recipe.pairIDs()
	for _, id := range ids {
		if !slices.Contains(have, id) {
			c.add(path, quoted(id), "one of the recipe's pairs"+suggest.DidYouMean(id, have))
		}
	}
}

func (r *Recipe) pairIDs() []string {
	var ids []string
	for _, p := range r.Pairs {
		ids = append(ids, p.Pair)
	}
	return ids
}
