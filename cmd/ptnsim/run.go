package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/strategies"
)

// runFlags are the flags of the command run.
type runFlags struct {
	rules  ruleFlags
	data   dataFlags
	source sourceFlags

	as      string
	against string // a population
	draws   uint64 // of it, from other seeds
	fill    string
	latency time.Duration
	seed    uint64
	causal  bool
	points  uint64 // that causal looks at

	require requirements
	folder  folderFlags
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run",
		Short: "Run one strategy, script, program or signal file through the rules",
		Long: `Run one strategy, script, program, portfolio, signal file or recording through the
rules and print what a trader wants to know of it. Without a flag, a moving-average
crossover trades the embedded synthetic sample under the default rule set.

--verify-causal plays the strategy again and again with another future, and fails
with the first order that knew it; --verify-points says how many futures.

--against puts it into a population as a newcomer, and tells where it would stand
and whether it would have passed its challenge: a subnet file ('reference' is the
embedded one), or the population.json of one that was played.

--require makes the run a gate: the exit code is 1 unless every condition holds.`,
		Example: `  ptnsim run
  ptnsim run --data candles/ --pairs BTCUSD,EURUSD --param fast=50 --param slow=200
  ptnsim run --data candles/ --strategy my.star --verify-causal
  ptnsim run --data candles/ --strategy 'exec:python3 my.py' -p period=50
  ptnsim run --data candles/ --signals my-signals.csv --rules ptn-5.4.0 --out result
  ptnsim run --data candles/ --positions positions.json --miner 5GpFB --fills compare
  ptnsim run --strategy momentum --against reference
  ptnsim run --strategy my.star --require 'elimination == null' --require 'max_drawdown_run < 0.08'`,
		Args: onlyFlags,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.validate(c.Flags().Changed); err != nil {
				return err
			}
			return a.run(c.Context(), &f)
		},
	}
	f.rules.add(c)
	f.data.add(c)
	f.source.add(c)
	flags := c.Flags()
	flags.StringVar(&f.as, "as", "main", "account in the main competition (main) or the challenge period (challenge, which --against assumes)")
	flags.StringVar(&f.against, "against", "", "put it into a population: a subnet `file`, 'reference', or the population.json of a subnet")
	flags.StringVar(&f.fill, "fill", "open", "fill at the next candle's open (open), or at the last close, for comparison (close)")
	wholeFlag(flags, "draws", "with --against: play the population again, drawn from this `number` of other seeds, to see how much is luck", &f.draws, 0, 0, 10_000)
	durationFlag(flags, "latency", "`time` from an order to when it acts, such as 2s", &f.latency, 0, 0)
	wholeFlag(flags, "seed", "seed of the strategy's random source, a whole `number`", &f.seed, 1, 0, math.MaxUint64)
	flags.BoolVar(&f.causal, "verify-causal", false, "check that no order knew the future: plays the strategy again for each of --verify-points, and twice more")
	wholeFlag(flags, "verify-points", "with --verify-causal: `number` of futures to play; more find what happens seldom", &f.points, sim.CausalPoints, 1, causalPointsMax)
	f.require.add(flags)
	f.folder.add(c)
	return c
}

// causalPointsMax bounds how many futures are played: days of plays.
const causalPointsMax = 100_000

// validate refuses flags that don't go together, before anything is read.
func (f *runFlags) validate(changed func(flag string) bool) error {
	if err := f.source.validate(changed); err != nil {
		return err
	}
	if !f.causal && changed("verify-points") {
		return usage(errors.New("--verify-points goes with --verify-causal"))
	}
	if f.draws > 0 && (f.against == "" || strings.EqualFold(filepath.Ext(f.against), ".json")) {
		return usage(errors.New("--draws draws a population again: it goes with --against and a subnet file"))
	}
	if f.against != "" {
		if f.causal || f.source.compares() {
			return usage(errors.New("--against plays among others: leave --verify-causal and --fills compare out"))
		}
		if !changed("as") {
			f.as = "challenge"
		}
	}
	if f.source.compares() && (f.folder.out != "" || f.causal || len(f.require.list) > 0) {
		return usage(errors.New("--fills compare prints a comparison: leave --out, --require and --verify-causal out, or choose recorded or simulated"))
	}
	return nil
}

func (a *app) run(ctx context.Context, f *runFlags) error {
	format, err := a.outputFormat()
	if err != nil {
		return err
	}
	run := &reports.Run{Version: version(), Seed: f.seed, LatencyMS: f.latency.Milliseconds()}
	if err := f.modes(run); err != nil {
		return err
	}
	plots, err := f.folder.options()
	if err != nil {
		return err
	}
	opponents, err := f.opponents(a)
	if err != nil {
		return err
	}
	if opponents != nil && opponents.roster != nil {
		run.Rules, err = slotted(opponents.roster, f.rules)
	} else {
		run.Rules, err = f.rules.resolve()
	}
	if err != nil {
		return err
	}
	source, err := f.source.open(a)
	if err != nil {
		return err
	}
	source.into(run)
	f.data.beginMS, f.data.endMS = source.span()
	data, err := f.data.open(ctx, run.Rules.Set)
	if err != nil {
		return err
	}
	defer data.close()
	plots.Plots.Note = data.note
	run.Dataset = data.files
	a.noteData(data, format)
	if err := source.drop(&f.source, data); err != nil {
		return err
	}
	cfg := sim.Config{
		Rules: run.Rules.Set, Series: data.series, FromMS: data.fromMS, ToMS: data.toMS,
		As: run.As, Fill: run.Fill, LatencyMS: run.LatencyMS, Seed: run.Seed,
	}
	f.require.watch(&cfg)
	if f.source.compares() {
		return a.compareFills(ctx, cfg, f, source, format)
	}
	var saved *savedRun
	if f.folder.out != "" {
		if saved, err = openSaved(f.folder.out, plots, &cfg); err != nil {
			return err
		}
		defer saved.folder.Abort()
	}
	switch {
	case opponents != nil:
		err = a.playAgainst(ctx, cfg, f, source, run, opponents, data)
	case f.causal:
		err = a.playCausal(ctx, cfg, source, run, f.causalOptions(), format)
	default:
		err = a.play(ctx, cfg, source, run)
	}
	if err != nil {
		return err
	}
	summary := reports.SummaryOptions{Color: a.color(), Width: a.width(), Folder: f.folder.out}
	if saved != nil {
		if summary.Digest, err = saved.commit(ctx, run); err != nil {
			return err
		}
	}
	err = a.show(format,
		func() error { return reports.Summary(a.stdout, run, summary) },
		func() error { return reports.RenderRun(a.stdout, run, format) })
	if err != nil {
		return err
	}
	return f.require.check(a, run, format)
}

// savedRun is a run that is written into a result folder.
type savedRun struct {
	folder *reports.Folder
	curve  *reports.CurveRecorder
}

// openSaved opens the folder, and lets it and the plots' curve watch the equity.
// The caller aborts the folder, which does nothing once it is committed.
func openSaved(path string, options reports.FolderOptions, cfg *sim.Config) (*savedRun, error) {
	folder, err := reports.NewFolder(path, options)
	if err != nil {
		return nil, folderError(err)
	}
	s := &savedRun{folder: folder, curve: reports.NewCurveRecorder(cfg.FromMS, cfg.ToMS)}
	cfg.Observer.Equity = func(times []int64, values, drawdowns []float64) {
		s.folder.Equity.Record(times, values, drawdowns)
		s.curve.Record(times, values, drawdowns)
	}
	return s, nil
}

// commit writes the folder and returns the run's digest.
func (s *savedRun) commit(ctx context.Context, run *reports.Run) (digest string, err error) {
	run.Curve = s.curve.Curve()
	digest, err = s.folder.Commit(ctx, run)
	return digest, folderError(err)
}

// play runs the strategy and judges the account.
func (a *app) play(ctx context.Context, cfg sim.Config, source *source, run *reports.Run) error {
	result, err := a.playOnce(ctx, cfg, source)
	if err != nil {
		return err
	}
	run.Result = result
	assess(run)
	return nil
}

// playOnce runs a new strategy of the source.
func (a *app) playOnce(ctx context.Context, cfg sim.Config, source *source) (*sim.Result, error) {
	strategy, err := source.make()
	if err != nil {
		return nil, input(err)
	}
	cfg.Strategy = strategy
	bar := a.progress("simulating", cfg.FromMS, cfg.ToMS)
	cfg.Observer.Progress = bar.at
	result, err := sim.Run(ctx, cfg)
	bar.done()
	if err != nil {
		return nil, playError(err)
	}
	return result, nil
}

// playError is the error of a run for people: one of signals names the file itself.
func playError(err error) error {
	if wrong, ok := errors.AsType[*strategies.SignalError](err); ok {
		err = wrong
	}
	return input(err)
}

// playCausal runs the strategy again and again with another future, and judges
// the account of the first run, if no order knew it. If one did, the error tells
// of it, and in JSON the output as well.
func (a *app) playCausal(ctx context.Context, cfg sim.Config, source *source, run *reports.Run, options sim.CausalOptions, format reports.Format) error {
	var bar *progress
	options.Progress = func(done, total int) {
		if bar == nil {
			bar = a.progress("verifying the causality", 0, int64(total))
		}
		bar.at(int64(done))
	}
	report, err := sim.VerifyCausal(ctx, cfg, source.make, options)
	if bar != nil {
		bar.done()
	}
	if err != nil {
		return playError(err)
	}
	if err := report.Err(); err != nil {
		if format == reports.FormatJSON {
			if err := reports.RenderCausality(a.stdout, report); err != nil {
				return err
			}
		}
		return coded(exitCheck, fmt.Errorf("--verify-causal: %w", err))
	}
	run.Result = report.Base
	run.Causality = &reports.Causality{Points: report.Points, Runs: report.Runs, Note: report.Note}
	assess(run)
	return nil
}

// causalOptions says how thoroughly --verify-causal looks.
func (f *runFlags) causalOptions() sim.CausalOptions {
	return sim.CausalOptions{Points: int(f.points), Seed: f.seed}
}

// assess judges what a run came to, as the window at its end shows it.
func assess(run *reports.Run) {
	result := run.Result
	run.Assessment = scoring.Assess(run.Rules.Set, scoring.Ledger{Checkpoints: result.Checkpoints, Positions: result.Positions}, result.ToMS)
}

// modes reads the flags that name one of two ways.
func (f *runFlags) modes(run *reports.Run) error {
	switch f.as {
	case "main":
	case "challenge":
		run.As = sim.InChallenge
	default:
		return usage(fmt.Errorf("--as: found %q, expected main or challenge", f.as))
	}
	switch f.fill {
	case "open":
	case "close":
		run.Fill = sim.FillLastClose
	default:
		return usage(fmt.Errorf("--fill: found %q, expected open or close", f.fill))
	}
	return nil
}

// folderError tells a folder that is in the way from one that can't be written.
func folderError(err error) error {
	if errors.Is(err, reports.ErrFolder) {
		return usage(err)
	}
	return err
}
