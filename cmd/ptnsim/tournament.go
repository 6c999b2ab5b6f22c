package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/sim/subnet/roster"
)

// fieldFlags are the flags of every command that plays a population.
type fieldFlags struct {
	seed           *uint64 // nil: the file's
	weightsEveryMS int64   // 0: not given
	checksEveryMS  int64
	workers        uint64
}

func (f *fieldFlags) add(flags *pflag.FlagSet) {
	everyFlag(flags, "weights-every", "`time` between two settings of the weights (default: the file's, or 1d; the rules' own is 5m)", &f.weightsEveryMS)
	everyFlag(flags, "checks-every", "`time` between two looks at the challengers' rank (default: the file's, or the rules' own, 12h at least)", &f.checksEveryMS)
	wholeFlag(flags, "workers", "`number` of accounts that play at once", &f.workers, uint64(runtime.GOMAXPROCS(0)), 1, 1<<10)
}

// everyFlag gives a command a flag that is a time as rule files write it, a minute at
// least.
func everyFlag(flags *pflag.FlagSet, name, usage string, field *int64) {
	parsed(flags, name, usage, func(text string) error {
		every, err := rules.ParseDuration(text)
		if err != nil || every.MS() < time.Minute.Milliseconds() {
			return errors.New("expected a time of a minute or more, such as 5m, 12h or 1d")
		}
		*field = every.MS()
		return nil
	})
}

// addSeed gives a command the flag that takes the place of the file's seed.
func (f *fieldFlags) addSeed(flags *pflag.FlagSet) {
	var seed uint64
	parsed(flags, "seed", "seed of the miners' draws and random sources, a whole `number` (default: the file's; of one strategy 1)", func(text string) error {
		if _, err := fmt.Sscanf(text, "%d", &seed); err != nil || fmt.Sprint(seed) != text {
			return fmt.Errorf("expected a whole number from 0 to %d", uint64(math.MaxUint64))
		}
		f.seed = &seed
		return nil
	})
}

// tournament is a population over candles, to be played under any rule set.
type tournament struct {
	roster   *roster.Roster
	data     *candles
	flags    *fieldFlags
	warnings []string
	miners   []subnet.Miner
}

// openRoster reads a population: a file, or the embedded one.
func (a *app) openRoster(name string, source *sourceFlags, seed *uint64) (*roster.Roster, error) {
	r, err := roster.Open(name, roster.Options{Find: source.catalog(a).Find, Seed: seed})
	return r, input(err)
}

// newTournament draws the miners for the candles.
func newTournament(r *roster.Roster, data *candles, flags *fieldFlags) (*tournament, error) {
	t := &tournament{roster: r, data: data, flags: flags}
	bounds := roster.Bounds{FromMS: data.fromMS, ToMS: data.toMS}
	for _, s := range data.series {
		bounds.Pairs = append(bounds.Pairs, s.Pair.ID)
	}
	var err error
	if t.miners, t.warnings, err = r.Field(bounds); err != nil {
		return nil, input(err)
	}
	return t, nil
}

// config is a tournament under a rule set, with more miners than the file's.
func (t *tournament) config(set *rules.Set, more ...subnet.Miner) (subnet.Config, error) {
	m, err := sim.NewMarket(set, t.data.series, t.data.fromMS, t.data.toMS)
	if err != nil {
		return subnet.Config{}, input(err)
	}
	cfg := t.roster.Config(m, slices.Concat(t.miners, more))
	cfg.WeightsEveryMS = cmp.Or(t.flags.weightsEveryMS, cfg.WeightsEveryMS)
	cfg.ChecksEveryMS = cmp.Or(t.flags.checksEveryMS, cfg.ChecksEveryMS)
	cfg.Workers = int(t.flags.workers)
	return cfg, nil
}

// play plays a tournament; what tells how far it is.
func (a *app) playTournament(ctx context.Context, what string, cfg subnet.Config, warnings []string) (*subnet.Result, error) {
	bar := a.progress(what, cfg.FromMS, cfg.ToMS)
	cfg.Progress = bar.at
	result, err := subnet.Run(ctx, cfg)
	bar.done()
	if err != nil {
		return nil, playError(err)
	}
	result.Warnings = slices.Concat(warnings, result.Warnings)
	return result, nil
}

// slotted gives a rule set the file's slots, where it says so and no flag does.
func slotted(r *roster.Roster, f ruleFlags) (*rules.Resolved, error) {
	f.set = r.Overrides(f.set)
	return f.resolve()
}
