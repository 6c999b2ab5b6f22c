package strategies

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
)

// Definition is a strategy that can be made: what it is, its parameters, and how
// to make one.
type Definition struct {
	Name   string
	Kind   DefinitionKind
	Idea   string // a line
	Doc    string // a paragraph
	Source string // where the idea comes from; "" if it needs none

	// SHA256 is of the file that says what the strategy does, in hexadecimal; ""
	// where the name says it all, or the settings have a say: see Digest.
	SHA256 string
	// Digest is the SHA256 of a strategy whose settings name others; else nil.
	Digest func(given []Setting) (string, error)

	// Define makes a strategy, and the parameters that set its fields. The given
	// settings are for those whose parameters depend on them: a wrapper's on what
	// it wraps. They are set afterwards by their names.
	Define func(given []Setting) (Configurable, []Param, error)
}

// DefinitionKind is what a strategy is made of.
type DefinitionKind string

// The kinds of strategies.
const (
	BuiltIn   DefinitionKind = "built-in"
	Wrapper   DefinitionKind = "wrapper"   // around another strategy
	Script    DefinitionKind = "script"    // a Starlark file
	Process   DefinitionKind = "process"   // a program
	Portfolio DefinitionKind = "portfolio" // several strategies in one account
)

// Finder finds a strategy by what a person writes for it: a name, a file, a
// program.
type Finder func(spec string) (Definition, error)

// Configurable is a strategy whose parameters can be checked before a run.
type Configurable interface {
	sim.Strategy
	Validate() error
}

// plain is the definition of a strategy whose parameters are always the same.
func plain(define func() (Configurable, []Param)) func([]Setting) (Configurable, []Param, error) {
	return func([]Setting) (Configurable, []Param, error) {
		s, params := define()
		return s, params, nil
	}
}

// Builtins returns the built-in strategies, the simplest first.
func Builtins() []Definition {
	return []Definition{
		{
			Name: "buy-and-hold", Kind: BuiltIn,
			Idea: "enter every pair once and hold it: the yardstick",
			Doc: "Enters each pair after the first candle it sees of it and holds it to the end of the run. " +
				"The pairs share the portfolio's leverage cap. What it earns is what the market gave, less the carry.",
			Define: plain(defineBuyAndHold),
		},
		{
			Name: "crossover", Kind: BuiltIn,
			Idea: "hold the side of the faster of two moving averages",
			Doc: "Long while the fast average of closes is above the slow one, short (or out, by direction) while it is below. " +
				"A crossing closes the position; the other side is entered at the next candle, since positions do not flip in this network. " +
				"The classic trend follower: many small losses in a sideways market, a few large gains in a trend.",
			Define: plain(defineCrossover),
		},
		{
			Name: "macd", Kind: BuiltIn,
			Idea: "hold the side of the MACD to its signal line",
			Doc: "Long while the distance of a fast exponential average from a slow one lies above its own average, the signal line, short (or out, by direction) while it lies below. " +
				"That is the side on which the trend gathers pace, so it turns earlier than a crossover, and more often. " +
				"With zero-line it stands aside while the trend itself is against it.",
			Source: "G. Appel, The Moving Average Convergence-Divergence Method, 1979",
			Define: plain(defineMACD),
		},
		{
			Name: "rsi-reversion", Kind: BuiltIn,
			Idea: "trade against the extremes of the relative strength index",
			Doc: "Long when Wilder's index of the average gain against the average loss falls below the low level, short (or out, by direction) when it rises above the high one, closed when it is back at the exit level. " +
				"It earns in a market that swings, and holds on against a trend for as long as that lasts: there is no stop, so keep the leverage small.",
			Source: "J. W. Wilder, New Concepts in Technical Trading Systems, 1978",
			Define: plain(defineRSIReversion),
		},
		{
			Name: "bollinger-reversion", Kind: BuiltIn,
			Idea: "trade against a close outside Bollinger's bands, back to the middle",
			Doc: "Long at a close more than so many standard deviations below the moving average, short (or out, by direction) at one as far above it, closed when a close is back at the average. " +
				"The bands widen with the market, so that a calm one is traded on small moves and a wild one on large ones. " +
				"With stop a position is given up that many deviations further out, and that side waits for a close inside the bands.",
			Source: "J. Bollinger, Bollinger on Bollinger Bands, 2001",
			Define: plain(defineBollingerReversion),
		},
		{
			Name: "donchian", Kind: BuiltIn,
			Idea: "the turtles' breakout: enter at a new extreme, leave at a shorter one across",
			Doc: "Long at a close above the highest high of the entry candles before it, short (or out, by direction) at one below their lowest low; closed beyond the opposite extreme of the exit candles, or at a stop of some average true ranges (N) from the entry. " +
				"With risk a position is as large as makes one N worth that fraction of the portfolio, as far as leverage allows. Units are not added as the turtles did. " +
				"Most breakouts fail and cost little; a few become trends and pay for them.",
			Source: "R. Donchian's channel rule; C. Faith, The Original Turtle Trading Rules, 2003",
			Define: plain(defineDonchian),
		},
		{
			Name: "momentum", Kind: BuiltIn,
			Idea: "hold each pair on the side of its own past return",
			Doc: "Time-series momentum: long what has risen over the lookback, short (or out, by direction) what has fallen, judged anew at every multiple of the holding period. " +
				"With volatility set, a pair that moves more gets less leverage, so that each risks about the same. " +
				"Unlike a crossover it looks at two prices alone, and trades seldom: what it needs is trends that outlast the lookback.",
			Source: "T. Moskowitz, Y. H. Ooi, L. H. Pedersen, Time series momentum, Journal of Financial Economics 104, 2012",
			Define: plain(defineMomentum),
		},
		{
			Name: "cross-momentum", Kind: BuiltIn,
			Idea: "hold the pairs that rose most long, those that fell most short",
			Doc: "Cross-sectional momentum: ranks the pairs, by class or all together, by their return over the lookback, holds the best n long and the worst n short, and ranks anew at every multiple of the rebalancing period. " +
				"It bets on differences between the pairs, not on the market. Orders for many pairs are spread over minutes, as the rate limit lets them through; a pair whose market is closed moves when it opens. " +
				"Returns are over the same clock time for all pairs; without interval, by the longest candles of the run.",
			Source: "N. Jegadeesh, S. Titman, Returns to buying winners and selling losers, Journal of Finance 48, 1993; " +
				"for currencies L. Menkhoff, L. Sarno, M. Schmeling, A. Schrimpf, Currency momentum strategies, Journal of Financial Economics 106, 2012",
			Define: plain(defineCrossMomentum),
		},
		{
			Name: "carry-trend", Kind: BuiltIn,
			Idea: "follow a trend only where it pays for its carry",
			Doc: "Measures each pair's trend by its return over the lookback, and expects a share of that pace (persistence) to go on while a position is held. " +
				"It enters only if that gain exceeds the carry that falls due meanwhile by the hurdle factor, and holds until the return changes its side. " +
				"Before a charge that counts more than once, as forex has on Wednesdays, it steps aside where the trend no longer pays. " +
				"In this network carry is a cost on either side of every pair; crypto pays it three times a day.",
			Source: "the rule is this library's own, after Rules §6; " +
				"for carry as the part of a return that is known beforehand R. Koijen, T. Moskowitz, L. H. Pedersen, E. Vrugt, Carry, Journal of Financial Economics 127, 2018",
			Define: plain(defineCarryTrend),
		},
		{
			Name: "martingale", Kind: BuiltIn,
			Idea: "double what loses: what the martingale penalty is for",
			Doc: "Enters one side, multiplies the position by the factor whenever the price has gone a step against the last order, up to a number of steps, takes its profit at a target over the average entry price, and starts again; there is no stop. " +
				"Nearly every position wins, until one loses it all; and the network's penalty for such positions takes the reward. A demonstration, not advice: steps=0 is the same without doubling.",
			Source: "the betting system of 18th-century France; on why it fails J. L. Doob, What is a martingale?, American Mathematical Monthly 78, 1971",
			Define: plain(defineMartingale),
		},
		{
			Name: "random", Kind: BuiltIn,
			Idea: "a coin decides: the null hypothesis",
			Doc: "Enters a random side at random times and leaves at random times, on average after as many candles as wait and hold say. " +
				"The run's seed decides all of it: what a strategy has over a hundred seeds of this one, at the same leverage and as many trades, luck does not explain.",
			Source: "E. Fama, Random walks in stock market prices, Financial Analysts Journal 21, 1965",
			Define: plain(defineRandom),
		},
	}
}

// ErrUnknown is wrapped by the error of what names no strategy at all.
var ErrUnknown = errors.New("unknown strategy")

// Find returns the strategy of that name, of the built-in ones and some others.
func Find(name string, others ...Definition) (Definition, error) {
	var names []string
	for _, d := range append(Builtins(), others...) {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	return Definition{}, fmt.Errorf("found the %w %s%s; expected one of %s",
		ErrUnknown, quoted(name), suggest.DidYouMean(name, names), strings.Join(names, ", "))
}

// Params returns the parameters with their defaults.
func (d Definition) Params() ([]Param, error) {
	_, params, err := d.Define(nil)
	return params, err
}

// Fingerprint is the SHA-256 of all files that say what the strategy does under
// the given settings, in hexadecimal; "" where there are none: the name and the
// parameters say it all.
func (d Definition) Fingerprint(given []Setting) (string, error) {
	if d.Digest == nil {
		return d.SHA256, nil
	}
	sum, err := d.Digest(given)
	if err != nil {
		return "", fmt.Errorf("%s: %w", d.Name, err)
	}
	return sum, nil
}

// SettingError is a given setting that a strategy can't take. Its message is the
// error's.
type SettingError struct {
	Index int // of those that were given
	Err   error
}

// Error implements error.
func (e *SettingError) Error() string { return e.Err.Error() }

// Unwrap returns the error.
func (e *SettingError) Unwrap() error { return e.Err }

// New makes a strategy; a parameter that is not given has its default. Errors
// name the parameter, what was found and what is allowed; of one setting alone they
// are a *SettingError.
func (d Definition) New(given []Setting) (sim.Strategy, error) {
	s, _, err := d.apply(given)
	return s, err
}

// Resolve returns every parameter's value under the given ones, in the order of
// Params and in one spelling: what reproduces the run.
func (d Definition) Resolve(given []Setting) ([]Setting, error) {
	_, params, err := d.apply(given)
	if err != nil {
		return nil, err
	}
	resolved := make([]Setting, 0, len(params))
	for _, p := range params {
		resolved = append(resolved, Setting{p.Name, p.get()})
	}
	return resolved, nil
}

func (d Definition) apply(given []Setting) (sim.Strategy, []Param, error) {
	s, params, err := d.Define(given)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	set := make(map[string]bool)
	for i, g := range given {
		p, err := d.param(params, g.Name)
		switch {
		case err != nil:
		case set[g.Name]:
			err = fmt.Errorf("%s: found the parameter %s twice; expected it once", d.Name, g.Name)
		default:
			if err = p.set(g.Value); err != nil {
				err = fmt.Errorf("%s: %s: %w", d.Name, g.Name, err)
			}
		}
		if err != nil {
			return nil, nil, &SettingError{Index: i, Err: err}
		}
		set[g.Name] = true
	}
	if err := s.Validate(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	return s, params, nil
}

func (d Definition) param(params []Param, name string) (*Param, error) {
	var names []string
	for i := range params {
		if params[i].Name == name {
			return &params[i], nil
		}
		names = append(names, params[i].Name)
	}
	return nil, fmt.Errorf("%s: found the unknown parameter %s%s; expected one of %s",
		d.Name, quoted(name), suggest.DidYouMean(name, names), strings.Join(names, ", "))
}
