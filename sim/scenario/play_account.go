package scenario

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/compose"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

// account plays one account.
func (g *game) account() error {
	if err := g.open(g.overrides()); err != nil {
		return err
	}
	of, err := g.source()
	if err != nil {
		return err
	}
	if err := g.load(of.beginMS, of.endMS); err != nil {
		return err
	}
	s, play := g.scenario, g.play
	if play.Seed = 1; s.Seed != nil {
		play.Seed = *s.Seed
	}
	cfg := sim.Config{
		Rules: play.Rules.Set, Series: g.series(), FromMS: play.FromMS, ToMS: play.ToMS,
		As: s.As, Fill: s.Fill, LatencyMS: s.LatencyMS, Seed: play.Seed,
		Observer: sim.Observer{Carry: func(c sim.CarryCharge) { play.Carry = append(play.Carry, fact.OfCarry(c)) }},
	}
	if cfg.Strategy, err = of.make(); err == nil {
		play.Account, err = sim.Run(g.ctx, cfg)
	}
	if err != nil {
		return g.because(s.Actor.At, of.key, err)
	}
	ledger := scoring.Ledger{Checkpoints: play.Account.Checkpoints, Positions: play.Account.Positions}
	play.Assessment = scoring.Assess(play.Rules.Set, ledger, play.Account.ToMS)
	if err := g.digest(); err != nil {
		return err
	}
	facts := fact.OfAccount(play.Account, play.Assessment, play.Carry, play.Digest)
	play.Facts, play.Came = fact.Of(facts), cameOfAccount(&facts)
	return nil
}

// source is where an account's orders come from.
type source struct {
	key            string // of the scenario that says so
	make           func() (sim.Strategy, error)
	beginMS, endMS int64 // of the run, if the scenario does not say so; UTC ms, 0: where the candles do
}

// source finds what the scenario plays, and names it in the play.
func (g *game) source() (of *source, err error) {
	a := &g.scenario.Actor
	switch {
	case a.Strategy != "":
		of, err = g.strategy()
	case a.Script != "":
		of, err = g.script()
	case a.Positions != "":
		of, err = g.positions()
	case a.SignalFile != "":
		of, err = g.signalFile()
	default:
		of, err = g.signals()
	}
	return of, err
}

func (g *game) strategy() (*source, error) {
	a := &g.scenario.Actor
	d, err := compose.NewFolder(g.finder(), g.folder()).Find(a.Strategy)
	if err != nil {
		return nil, g.because(a.At, "strategy", err)
	}
	if g.play.SHA256, err = d.Fingerprint(a.Params); err != nil {
		return nil, g.because(a.At, "strategy", err)
	}
	return g.defined("strategy", d.Name, d)
}

// script finds the script that is in the scenario. Where it stands there, and the
// scenario's name, are no part of what is told of it.
func (g *game) script() (*source, error) {
	a, find := &g.scenario.Actor, g.player.library.Script
	if find == nil {
		return nil, g.because(a.At, "script", errors.New("found a script; expected a strategy or signals: scripts are not played here"))
	}
	d, err := find(g.scenario.File, []byte(a.Script))
	if err != nil {
		return nil, g.because(a.At, "script", err)
	}
	sum := sha256.Sum256([]byte(strings.TrimLeft(a.Script, "\n")))
	g.play.SHA256 = hex.EncodeToString(sum[:])
	return g.defined("script", "script", d)
}

// defined is a strategy with the scenario's parameters.
func (g *game) defined(key, name string, d strategies.Definition) (*source, error) {
	a := &g.scenario.Actor
	resolved, err := d.Resolve(a.Params)
	if wrong, ok := errors.AsType[*strategies.SettingError](err); ok && wrong.Index < len(a.ParamsAt) {
		return nil, g.because(a.ParamsAt[wrong.Index], "params."+a.Params[wrong.Index].Name, err)
	}
	if err != nil {
		return nil, g.because(a.At, key, err)
	}
	g.play.Strategy, g.play.Params = name, resolved
	return &source{key: key, make: func() (sim.Strategy, error) { return d.New(a.Params) }}, nil
}

// signals are those that are written out in the scenario.
func (g *game) signals() (*source, error) {
	s := g.scenario
	var text bytes.Buffer
	if err := strategies.WriteSignals(&text, s.Actor.Signals); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text.Bytes())
	g.play.Strategy, g.play.SHA256 = "signals", hex.EncodeToString(sum[:])
	return &source{key: "signals", make: func() (sim.Strategy, error) {
		if len(s.Actor.Signals) == 0 {
			return idle{}, nil
		}
		return strategies.NewSignals(s.File, s.Actor.Signals), nil
	}}, nil
}

// idle is the strategy of an empty list of signals: the account that never trades.
type idle struct{}

// Init implements sim.Strategy.
func (idle) Init(*sim.Setup) error { return nil }

// Decide implements sim.Strategy.
func (idle) Decide(*sim.Context) error { return nil }

func (g *game) signalFile() (*source, error) {
	a := &g.scenario.Actor
	path := g.path(a.SignalFile)
	signals, sum, err := strategies.ReadSignals(path, strategies.SignalOptions{Miner: a.Miner})
	if err != nil {
		return nil, g.because(a.At, "signals", err)
	}
	g.play.Strategy, g.play.SHA256 = filepath.Base(path), sum
	g.nameMiner(a.Miner)
	return &source{key: "signals", make: func() (sim.Strategy, error) { return strategies.NewSignals(path, signals), nil }}, nil
}

func (g *game) positions() (*source, error) {
	a := &g.scenario.Actor
	path := g.path(a.Positions)
	rec, err := recording.Read(path, a.Miner)
	if err != nil {
		return nil, g.because(a.At, "positions", err)
	}
	fills := recording.Recorded
	if a.Simulated {
		fills = recording.Simulated
	}
	g.play.Strategy, g.play.SHA256 = filepath.Base(path), rec.SHA256
	g.play.Params = []strategies.Setting{{Name: "fills", Value: fills.String()}}
	g.nameMiner(rec.Miner)
	of := &source{key: "positions", make: func() (sim.Strategy, error) {
		s := strategies.NewSignals(path, rec.Signals(fills))
		s.Doubts = rec.Doubts(fills)
		return s, nil
	}}
	// Nobody knows how it went on after the day of its last order.
	const day = int64(datasets.Day)
	first, last := rec.Span()
	of.beginMS, of.endMS = first-first%day, last-last%day+day
	return of, nil
}

// nameMiner puts whose orders of a file are played among the parameters.
func (g *game) nameMiner(name string) {
	if name != "" {
		g.play.Params = append(g.play.Params, strategies.Setting{Name: "miner", Value: name})
	}
}
