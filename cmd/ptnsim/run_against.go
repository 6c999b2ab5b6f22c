package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/sim/subnet/roster"
)

// ownName is what a strategy is called in the population that it is put into.
const ownName = "you"

// opponents are the population that --against names.
type opponents struct {
	name, sha256 string
	roster       *roster.Roster      // to be played with; else
	snapshot     *scoring.Population // as it stood at one instant
}

// opponents reads the population; nil if --against isn't given.
func (f *runFlags) opponents(a *app) (*opponents, error) {
	if f.against == "" {
		return nil, nil
	}
	if info, err := os.Stat(f.against); err == nil && info.IsDir() {
		return nil, usage(fmt.Errorf("--against: %s is a folder; expected a subnet file, or the population.json in it", f.against))
	}
	if strings.EqualFold(filepath.Ext(f.against), ".json") {
		return openSnapshot(f.against)
	}
	players, err := a.openRoster(f.against, &f.source, nil)
	if err != nil {
		return nil, err
	}
	return &opponents{name: players.Name, sha256: players.SHA256, roster: players}, nil
}

// openSnapshot reads a population file, as 'ptnsim score' does.
func openSnapshot(path string) (*opponents, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, input(err)
	}
	defer file.Close()
	sum := sha256.New()
	population, err := scoring.ReadPopulation(io.TeeReader(file, sum), ownName)
	if err != nil {
		return nil, input(fmt.Errorf("%s: %w; expected the population.json of 'ptnsim subnet --out'", path, err))
	}
	if slices.ContainsFunc(population.Miners, func(m scoring.Miner) bool { return m.ID == ownName }) {
		return nil, input(fmt.Errorf("%s: a miner is called %q already, as the strategy would be: rename it", path, ownName))
	}
	return &opponents{name: filepath.Base(path), sha256: hex.EncodeToString(sum.Sum(nil)), snapshot: &population}, nil
}

// playAgainst plays the strategy among the opponents, or ranks what it came to in
// their snapshot.
func (a *app) playAgainst(ctx context.Context, cfg sim.Config, f *runFlags, source *source, run *reports.Run, o *opponents, data *candles) error {
	if o.snapshot != nil {
		if err := a.play(ctx, cfg, source, run); err != nil {
			return err
		}
		return o.rank(run)
	}
	t, err := newTournament(o.roster, data, &fieldFlags{})
	if err != nil {
		return err
	}
	own := source.miner(ownName, run.As == sim.Main)
	own.LatencyMS, own.Fill, own.Seed, own.Observer = cfg.LatencyMS, cfg.Fill, &cfg.Seed, cfg.Observer
	field, err := t.config(run.Rules.Set, own)
	if err != nil {
		return err
	}
	result, err := a.playTournament(ctx, "playing among "+o.name, field, t.warnings)
	if err != nil {
		return err
	}
	if run.Against, err = reports.AgainstTournament(o.name, o.sha256, ownName, result); err != nil {
		return input(fmt.Errorf("--against: %w", err))
	}
	i := slices.IndexFunc(result.Miners, func(m subnet.MinerResult) bool { return m.Name == ownName })
	run.Result = result.Miners[i].Account
	assess(run)
	if f.draws == 0 {
		return nil
	}
	own.Observer = sim.Observer{} // of the one that is shown
	return a.drawAgain(ctx, f, run, o, data, own)
}

// drawAgain plays the strategy in the population as other seeds draw it: how much of
// its standing is luck.
func (a *app) drawAgain(ctx context.Context, f *runFlags, run *reports.Run, o *opponents, data *candles, own subnet.Miner) error {
	bar := a.progress("drawing", 0, int64(f.draws))
	defer bar.done()
	for i := range f.draws {
		seed := o.roster.Seed + 1 + i
		players, err := a.openRoster(f.against, &f.source, &seed)
		if err != nil {
			return err
		}
		t, err := newTournament(players, data, &fieldFlags{})
		if err != nil {
			return err
		}
		cfg, err := t.config(run.Rules.Set, own)
		if err != nil {
			return err
		}
		result, err := subnet.Run(ctx, cfg)
		if err != nil {
			return playError(fmt.Errorf("--draws, seed %d: %w", seed, err))
		}
		draw := reports.AgainstDraw{Seed: seed}
		switch standing, err := reports.AgainstTournament(o.name, o.sha256, ownName, result); {
		case err == nil:
			draw = standing.Draw(seed)
		case !errors.Is(err, reports.ErrNoSlot):
			return err
		}
		run.Against.Draws = append(run.Against.Draws, draw)
		bar.at(int64(i + 1))
	}
	return nil
}

// rank puts the run's account into the snapshot.
func (o *opponents) rank(run *reports.Run) error {
	population, result := o.snapshot, run.Result
	own := scoring.Miner{ID: ownName, State: scoring.StateMain, Ledger: scoring.Ledger{Checkpoints: result.Checkpoints, Positions: result.Positions}}
	switch {
	case result.Elimination != nil:
		own.State = scoring.StateEliminated
	case run.As == sim.InChallenge:
		own.State, own.ChallengeStartMS = scoring.StateChallenge, min(result.FromMS, population.EvaluationMS)
	}
	if result.ToMS != population.EvaluationMS {
		result.Warnings = append(result.Warnings, fmt.Sprintf("the population %s is of %s, and the run ends at %s: they are not of the same market",
			o.name, day(population.EvaluationMS), day(result.ToMS)))
	}
	if err := o.place(run, own); err != nil {
		return err
	}
	if c := run.Against.Judgement.Challenge; c != nil && c.Verdict == sim.ChallengePassed {
		own.State = scoring.StateMain // where it stands once it has passed
		if err := o.place(run, own); err != nil {
			return err
		}
		run.Against.Judgement.Challenge = c
	}
	return nil
}

// place judges the snapshot with one more miner.
func (o *opponents) place(run *reports.Run, own scoring.Miner) error {
	population := *o.snapshot
	population.Miners = append(slices.Clone(population.Miners), own)
	standing, err := scoring.Score(run.Rules.Set, population)
	if err != nil {
		return input(err)
	}
	run.Against, err = reports.AgainstSnapshot(o.name, o.sha256, ownName, standing)
	return err
}
