package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/catalog"
	"github.com/ptnsim/ptnsim/strategies/process"
	"github.com/ptnsim/ptnsim/strategies/recording"
	"github.com/ptnsim/ptnsim/strategies/script"
)

// sourceFlags are the flags that say where a run's orders come from: a strategy,
// a signal file, or recorded positions.
type sourceFlags struct {
	strategy string
	said     []string // every --strategy
	params   []string

	signals     string
	signalTimes string
	clip        bool

	positions string
	fills     string
	miner     string

	steps         uint64
	startTimeout  time.Duration
	answerTimeout time.Duration
}

func (f *sourceFlags) add(c *cobra.Command) {
	flags := c.Flags()
	f.addStrategy(flags)
	flags.StringArrayVarP(&f.params, "param", "p", nil, "strategy parameter, such as fast=20 (repeatable)")
	flags.StringVar(&f.signals, "signals", "", "play a signal file (.csv, .jsonl, .parquet, the network's JSON or a folder of it; - is standard input) instead of a strategy")
	flags.StringVar(&f.signalTimes, "signal-times", "", "for a folder of the network's signals, which carry no time: 'files' takes each file's own")
	flags.BoolVar(&f.clip, "clip-signals", false, "drop signals, and whole recorded positions, outside the run's range or without candles instead of refusing them")
	flags.StringVar(&f.positions, "positions", "", "play the orders of a validator's position file instead of a strategy")
	flags.StringVar(&f.fills, "fills", "recorded", "with --positions: fill as recorded, from the candles (simulated), or both and compare")
	flags.StringVar(&f.miner, "miner", "", "the miner to play, where the file has several (the beginning of a hotkey will do)")
	f.addLimits(flags)
}

// addLimits gives a command the flags that bound scripts and programs.
func (f *sourceFlags) addLimits(flags *pflag.FlagSet) {
	wholeFlag(flags, "script-steps", "most `steps` that a script may take for one decision", &f.steps, script.StepsMax, 1, 1<<53)
	durationFlag(flags, "start-timeout", "longest `time` that a program may take to start", &f.startTimeout, 30*time.Second, time.Millisecond)
	durationFlag(flags, "answer-timeout", "longest `time` that a program may take for one decision", &f.answerTimeout, 60*time.Second, time.Millisecond)
}

// addStrategy gives the command --strategy, and notes how often it is said: shells'
// completion reads flags twice, so that validate refuses the second.
func (f *sourceFlags) addStrategy(flags *pflag.FlagSet) {
	const doc = "built-in `strategy`, script (my.star), portfolio (my.yaml) or program ('exec:python3 my.py'); see 'ptnsim strategies list'"
	f.strategy = "crossover"
	defaulted(flags, "strategy", doc, f.strategy, func(text string) error {
		f.strategy, f.said = text, append(f.said, text)
		return nil
	})
}

// validate refuses flags that don't go together.
func (f *sourceFlags) validate(changed func(flag string) bool) error {
	file := f.signals != "" || f.positions != ""
	switch {
	case len(f.said) > 1:
		return usage(fmt.Errorf("--strategy: found %s; expected one: a portfolio (my.yaml) plays several", strings.Join(f.said, " and ")))
	case file && (changed("strategy") || changed("param")):
		return usage(errors.New("--signals and --positions play a file instead of a strategy: leave --strategy and --param out"))
	case f.signals != "" && f.positions != "":
		return usage(errors.New("--signals and --positions both say what to play: choose one"))
	case !file && (f.miner != "" || f.clip):
		return usage(errors.New("--miner and --clip-signals go with --signals or --positions"))
	case f.positions == "" && changed("fills"):
		return usage(errors.New("--fills goes with --positions"))
	case f.signals == "" && changed("signal-times"):
		return usage(errors.New("--signal-times goes with --signals"))
	case f.fills != "recorded" && f.fills != "simulated" && f.fills != "compare":
		return usage(fmt.Errorf("--fills: found %q, expected recorded, simulated or compare", f.fills))
	}
	return nil
}

// source is where a run's orders come from.
type source struct {
	name   string
	params []reports.Param
	sha256 string
	make   func() (sim.Strategy, error) // a new one, for each play

	recording *recording.Recording // what --positions plays; else nil
}

// span is where a run of the source begins and ends if no flag says so: a
// recording's at the midnights before its first order and after its last, since
// nobody knows how it went on. 0: where the candles do.
func (s *source) span() (beginMS, endMS int64) {
	if s.recording == nil {
		return 0, 0
	}
	const day = int64(datasets.Day)
	first, last := s.recording.Span()
	return first - first%day, last - last%day + day
}

// into names the source in a run.
func (s *source) into(run *reports.Run) {
	run.Strategy, run.Params, run.Source = s.name, s.params, s.sha256
}

// open finds the source. Nothing is started yet.
func (f *sourceFlags) open(a *app) (*source, error) {
	switch {
	case f.signals != "":
		return f.openSignals(a)
	case f.positions != "":
		return f.openPositions()
	}
	return f.openStrategy(a)
}

// catalog is where strategies are found, under the flags. What scripts and
// programs print for people goes to standard error.
func (f *sourceFlags) catalog(a *app) *catalog.Catalog {
	c := &catalog.Catalog{
		Script:  []script.Option{script.WithSteps(f.steps)},
		Process: process.Options{StartTimeout: f.startTimeout, AnswerTimeout: f.answerTimeout},
	}
	if !a.quiet {
		c.Script = append(c.Script, script.WithPrint(a.stderr))
		c.Process.Stderr = a.stderr
	}
	return c
}

func (f *sourceFlags) openStrategy(a *app) (*source, error) {
	definition, err := f.catalog(a).Find(f.strategy)
	if err != nil {
		return nil, specError(err)
	}
	given, err := settings(f.params)
	if err != nil {
		return nil, err
	}
	resolved, err := definition.Resolve(given)
	if err != nil {
		return nil, usage(err)
	}
	fingerprint, err := definition.Fingerprint(given)
	if err != nil {
		return nil, input(err)
	}
	s := &source{name: definition.Name, sha256: fingerprint}
	for _, p := range resolved {
		s.params = append(s.params, reports.Param(p))
	}
	s.make = func() (sim.Strategy, error) { return definition.New(given) }
	return s, nil
}

// settings reads --param.
func settings(texts []string) ([]strategies.Setting, error) {
	var given []strategies.Setting
	for _, text := range texts {
		setting, err := strategies.ParseSetting(text)
		if err != nil {
			return nil, usage(fmt.Errorf("--param: %w", err))
		}
		given = append(given, setting)
	}
	return given, nil
}

// specError tells a strategy that is misspelt from a file that is wrong.
func specError(err error) error {
	if errors.Is(err, strategies.ErrUnknown) {
		return usage(err)
	}
	return input(err)
}

func (f *sourceFlags) openSignals(a *app) (*source, error) {
	options := strategies.SignalOptions{Miner: f.miner, Stdin: a.stdin}
	switch f.signalTimes {
	case "":
	case "files":
		options.TimesOfFiles = true
	default:
		return nil, usage(fmt.Errorf("--signal-times: found %q, expected files", f.signalTimes))
	}
	signals, sum, err := strategies.ReadSignals(f.signals, options)
	if err != nil {
		return nil, input(err)
	}
	s := &source{name: filepath.Base(f.signals), sha256: sum, make: f.player(f.signals, signals, nil)}
	if f.signals == "-" {
		s.name = "standard input"
	}
	if f.miner != "" {
		s.params = append(s.params, reports.Param{Name: "miner", Value: f.miner})
	}
	return s, nil
}

// player makes the strategy of known signals.
func (f *sourceFlags) player(name string, signals []strategies.Signal, doubts []string) func() (sim.Strategy, error) {
	return func() (sim.Strategy, error) {
		s := strategies.NewSignals(name, signals)
		s.ClipToRange, s.Doubts = f.clip, doubts
		return s, nil
	}
}

// replayer makes the strategy of a recording's orders.
func (f *sourceFlags) replayer(rec *recording.Recording, fills recording.Fills) func() (sim.Strategy, error) {
	return f.player(f.positions, rec.Signals(fills), rec.Doubts(fills))
}

// compares reports whether the run is to be played with both kinds of fills.
func (f *sourceFlags) compares() bool { return f.fills == "compare" }

func (f *sourceFlags) openPositions() (*source, error) {
	rec, err := recording.Read(f.positions, f.miner)
	if err != nil {
		return nil, input(err)
	}
	s := &source{name: filepath.Base(f.positions), sha256: rec.SHA256, recording: rec, params: []reports.Param{{Name: "fills", Value: f.fills}}}
	if rec.Miner != "" {
		s.params = append(s.params, reports.Param{Name: "miner", Value: rec.Miner})
	}
	s.make = f.replayer(rec, f.kindOfFills())
	return s, nil
}

// kindOfFills is what the flag says; of a comparison, the first kind.
func (f *sourceFlags) kindOfFills() recording.Fills {
	if f.fills == recording.Simulated.String() {
		return recording.Simulated
	}
	return recording.Recorded
}

// drop leaves out, if it is asked for, the recorded positions that can't be played
// whole: of pairs without candles, and those that the run's range cuts.
func (s *source) drop(f *sourceFlags, data *candles) error {
	if s.recording == nil || !f.clip {
		return nil
	}
	kept, err := s.recording.Only(func(pair string) bool {
		return slices.ContainsFunc(data.series, func(of *market.Series) bool { return of.Pair.ID == pair })
	})
	if err == nil {
		kept, err = kept.Within(data.fromMS, data.toMS)
	}
	if err != nil {
		return input(err)
	}
	s.recording = kept
	s.make = f.replayer(kept, f.kindOfFills())
	return nil
}
