package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/sim/subnet/roster"
	"github.com/ptnsim/ptnsim/sim/sweep"
	"github.com/ptnsim/ptnsim/strategies"
)

// compareFlags are the flags of the command compare.
type compareFlags struct {
	rules  []string
	set    []string
	vary   []string
	data   dataFlags
	source sourceFlags
	field  fieldFlags
	folder folderFlags

	subnet     string
	attribute  bool
	sameOrders bool
	as         string
	fill       string
	latency    time.Duration
	all        bool
}

func (a *app) compareCommand() *cobra.Command {
	var f compareFlags
	c := &cobra.Command{
		Use:   "compare",
		Short: "Play the same miners under several rule sets, side by side",
		Long: `Play one strategy, script, program, signal file or recording, or with --subnet a whole
population, over the same candles under several rule sets, and show what differs:
returns, costs, eliminations, metrics, ranks and weights (docs/compare.md).

--attribute switches the differences between two rule sets one at a time: first on
the old rules, alone, and last, when all others are switched. --vary makes the rule
sets from one by giving a rule several values.`,
		Example: `  ptnsim compare --rules ptn-2024-12,ptn-2025-02
  ptnsim compare --subnet reference --rules ptn-2025-02,ptn-5.4.0 --out result
  ptnsim compare --subnet my-subnet.yaml --rules ptn-2024-12,ptn-2025-02 --attribute
  ptnsim compare --subnet reference --vary competition.softmax_temperature=0.1,0.15,0.2
  ptnsim compare --signals my-signals.csv --data candles/ --rules ptn-2025-02,my-rules.yaml`,
		Args: onlyFlags,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.validate(c.Flags().Changed); err != nil {
				return err
			}
			return a.compare(c.Context(), &f)
		},
	}
	flags := c.Flags()
	flags.StringSliceVar(&f.rules, "rules", nil, "rule `sets` apart by commas: built-in names or rule files (default: "+rules.Default+" and ptn-5.4.0, or with --vary "+rules.Default+")")
	flags.StringArrayVar(&f.set, "set", nil, "override a rule of every set, such as cooldown.scope=miner (repeatable)")
	flags.StringArrayVar(&f.vary, "vary", nil, "give a rule several values, such as drawdown.limit=0.05,0.1 (repeatable: every combination)")
	flags.BoolVar(&f.attribute, "attribute", false, "switch the differences between two rule sets one at a time")
	flags.StringVar(&f.subnet, "subnet", "", "play this population `file` instead of one strategy; 'reference' is the embedded one")
	flags.BoolVar(&f.sameOrders, "same-orders", false, "under every rule set play the orders that the strategy gave under the first")
	f.data.add(c)
	f.source.add(c)
	f.field.add(flags)
	f.field.addSeed(flags)
	flags.StringVar(&f.as, "as", "main", "one strategy begins in the main competition (main) or the challenge period (challenge)")
	flags.StringVar(&f.fill, "fill", "open", "fill at the next candle's open (open), or at the last close, for comparison (close)")
	durationFlag(flags, "latency", "`time` from an order to when it acts, such as 2s", &f.latency, 0, 0)
	f.folder.add(c)
	flags.BoolVar(&f.all, "all", false, "show every miner, however many there are")
	return c
}

// validate refuses flags that don't go together, before anything is read.
func (f *compareFlags) validate(changed func(flag string) bool) error {
	if err := f.source.validate(changed); err != nil {
		return err
	}
	if f.subnet != "" {
		for _, name := range []string{"strategy", "param", "signals", "positions", "same-orders", "as", "fill", "latency"} {
			if changed(name) {
				return usage(fmt.Errorf("--%s is about one strategy, and --subnet plays a population: leave one out", name))
			}
		}
	}
	switch {
	case f.source.compares():
		return usage(errors.New("--fills compare belongs to 'ptnsim run': choose recorded or simulated"))
	case f.attribute && len(f.vary) > 0:
		return usage(errors.New("--attribute and --vary both make rule sets: choose one"))
	case f.attribute && f.sameOrders:
		return usage(errors.New("--attribute plays the strategy under every rule set: leave --same-orders out"))
	}
	if len(f.rules) == 0 {
		f.rules = []string{rules.Default}
		if len(f.vary) == 0 {
			f.rules = append(f.rules, "ptn-5.4.0")
		}
	}
	switch {
	case len(f.vary) > 0 && len(f.rules) > 1:
		return usage(fmt.Errorf("--vary makes its variants from one rule set: found %d in --rules", len(f.rules)))
	case f.attribute && len(f.rules) != 2:
		return usage(fmt.Errorf("--attribute is between two rule sets: found %d in --rules", len(f.rules)))
	case len(f.vary) == 0 && len(f.rules) < 2:
		return usage(errors.New("--rules: found one rule set, expected two or more, or --vary with it"))
	}
	return nil
}

// contest is what a comparison plays under each rule set.
type contest struct {
	name   string
	rules  func(name string, more ...string) (*rules.Resolved, error)
	open   func(data *candles) error // once the candles are there
	config func(v *rules.Resolved) (subnet.Config, []string, error)
}

func (a *app) compare(ctx context.Context, f *compareFlags) error {
	format, err := a.outputFormat()
	if err != nil {
		return err
	}
	options, err := f.folder.options()
	if err != nil {
		return err
	}
	c, err := a.openContest(f)
	if err != nil {
		return err
	}
	variants, err := f.variants(c)
	if err != nil {
		return err
	}
	data, err := f.data.open(ctx, variants[0].Rules.Set)
	if err != nil {
		return err
	}
	defer data.close()
	a.noteData(data, format)
	if err := c.open(data); err != nil {
		return err
	}
	options.Plots.Note = data.note
	var folder *reports.CompareFolder
	if f.folder.out != "" {
		if folder, err = reports.NewCompareFolder(f.folder.out, options); err != nil {
			return folderError(err)
		}
		defer folder.Abort()
	}
	report := &reports.Compare{Version: version(), Dataset: data.files, Name: c.name}
	if err := a.playContest(ctx, f, c, variants, report); err != nil {
		return err
	}
	summary := reports.SummaryOptions{Color: a.color(), Width: a.width(), Folder: f.folder.out, All: f.all}
	if folder != nil {
		if summary.Digest, err = folder.Commit(ctx, report); err != nil {
			return folderError(err)
		}
	}
	return a.show(format,
		func() error { return reports.CompareSummary(a.stdout, report, summary) },
		func() error { return reports.RenderCompare(a.stdout, report, format) })
}

// playContest plays the variants, or the changes between the two of them.
func (a *app) playContest(ctx context.Context, f *compareFlags, c *contest, variants []sweep.Variant, report *reports.Compare) (err error) {
	var bar *progress
	told := func(done, total int) {
		if bar == nil {
			bar = a.progress("comparing", 0, int64(total))
		}
		bar.at(int64(done))
	}
	defer func() {
		if bar != nil {
			bar.done()
		}
	}()
	play := func(v sweep.Variant) (*subnet.Result, error) {
		cfg, warnings, err := c.config(v.Rules)
		if err != nil {
			return nil, err
		}
		cfg.Miners = v.Miners(cfg.Miners)
		result, err := subnet.Run(ctx, cfg)
		if err != nil {
			return nil, err
		}
		result.Warnings = slices.Concat(warnings, result.Warnings)
		return result, nil
	}
	if f.sameOrders {
		play = sweep.SameOrders(play)
	}
	if f.attribute {
		report.Attribution, err = sweep.Attribute(ctx, variants[0], variants[1], play, told)
		if err == nil {
			report.Comparison = report.Attribution.Comparison()
		}
	} else {
		report.Comparison, err = sweep.Compare(ctx, sweep.Plan{Variants: variants, Play: play, Progress: told})
	}
	return playError(err)
}

// variants are the rule sets that the flags name.
func (f *compareFlags) variants(c *contest) ([]sweep.Variant, error) {
	if len(f.vary) > 0 {
		variants, err := sweep.Vary(func(overrides ...string) (*rules.Resolved, error) { return c.rules(f.rules[0], overrides...) }, f.vary...)
		return variants, usage(err)
	}
	var variants []sweep.Variant
	for _, name := range f.rules {
		set, err := c.rules(name)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(variants, func(v sweep.Variant) bool { return v.Name == set.Set.Name }) {
			return nil, usage(fmt.Errorf("--rules: two of the sets have the name %s: give each its own name", set.Set.Name))
		}
		variants = append(variants, sweep.Variant{Name: set.Set.Name, Rules: set})
	}
	return variants, nil
}

// openContest finds who plays. Nothing is started yet.
func (a *app) openContest(f *compareFlags) (*contest, error) {
	if f.subnet != "" {
		return a.openField(f)
	}
	return a.openOne(f)
}

// openField is a population's contest.
func (a *app) openField(f *compareFlags) (*contest, error) {
	players, err := a.openRoster(f.subnet, &f.source, f.field.seed)
	if err != nil {
		return nil, err
	}
	c := &contest{name: players.Name, rules: func(name string, more ...string) (*rules.Resolved, error) {
		return slotted(players, ruleFlags{name: name, set: slices.Concat(f.set, more)})
	}}
	var t *tournament
	c.open = func(data *candles) (err error) {
		t, err = newTournament(players, data, &f.field)
		return err
	}
	c.config = func(v *rules.Resolved) (subnet.Config, []string, error) {
		cfg, err := t.config(v.Set)
		return cfg, t.warnings, err
	}
	return c, nil
}

// openOne is the contest of one account that is alone.
func (a *app) openOne(f *compareFlags) (*contest, error) {
	run := runFlags{as: f.as, fill: f.fill}
	var modes reports.Run
	if err := run.modes(&modes); err != nil {
		return nil, err
	}
	source, err := f.source.open(a)
	if err != nil {
		return nil, err
	}
	f.data.beginMS, f.data.endMS = source.span()
	c := &contest{name: source.name, rules: func(name string, more ...string) (*rules.Resolved, error) {
		return openRules(name, slices.Concat(f.set, more))
	}}
	var t *tournament
	c.open = func(data *candles) error {
		t = &tournament{roster: new(roster.Roster), data: data, flags: &f.field}
		seed := uint64(1) // as run's
		if f.field.seed != nil {
			seed = *f.field.seed
		}
		t.roster.Seed = seed
		t.miners = []subnet.Miner{source.miner(source.name, modes.As == sim.Main)}
		miner := &t.miners[0]
		miner.LatencyMS, miner.Fill, miner.Seed = f.latency.Milliseconds(), modes.Fill, &seed
		return source.drop(&f.source, data)
	}
	c.config = func(v *rules.Resolved) (subnet.Config, []string, error) {
		cfg, err := t.config(v.Set)
		return cfg, nil, err
	}
	return c, nil
}

// miner is the source as a miner of a subnet.
func (s *source) miner(name string, main bool) subnet.Miner {
	m := subnet.Miner{Name: name, Strategy: s.name, SHA256: s.sha256, Main: main, Make: func() (sim.Strategy, error) { return s.make() }}
	for _, p := range s.params {
		m.Params = append(m.Params, strategies.Setting(p))
	}
	return m
}
