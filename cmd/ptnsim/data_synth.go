package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/synth"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// synthFlags are the flags of data synth.
type synthFlags struct {
	overrides          synth.Overrides
	out, format        string
	list, print, force bool
	rules              string
}

func (a *app) dataSynth() *cobra.Command {
	var f synthFlags
	c := &cobra.Command{
		Use: "synth [RECIPE]", Short: "Make synthetic candles from a seed", Args: cobra.MaximumNArgs(1),
		Long: `Make a data set of synthetic candles: no market's history, but markets to rehearse
on, with clusters, jumps, correlated pairs, regimes, and stress at chosen times. A
RECIPE is the path of a YAML file or the name of a built-in one (--list); without
it --pairs are made as geometric Brownian motion. Flags replace what the recipe
says. The same recipe and seed make the same bytes on every machine; dataset.json
keeps the recipe in full.`,
		Example: `  ptnsim data synth --list
  ptnsim data synth crash --seed 7 --out crash
  ptnsim data synth --pairs BTCUSD,EURUSD --from 2025-03-01 --to 2025-04-01 --interval 5m --volatility 0.4 --out candles
  ptnsim data synth correlated --print`,
		RunE: func(c *cobra.Command, args []string) error { return a.synth(c, args, &f) },
	}
	f.add(c)
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return synth.Names(), cobra.ShellCompDirectiveDefault // a recipe's file serves too
	}
	if err := c.RegisterFlagCompletionFunc("model", only(string(synth.GBM), string(synth.StochasticVolatility), string(synth.GARCH))); err != nil {
		panic(err)
	}
	return c
}

func (f *synthFlags) add(c *cobra.Command) {
	flags, o := c.Flags(), &f.overrides
	flags.StringVarP(&f.out, "out", "o", "", "folder of the data set to write (required, but for --list and --print)")
	flags.StringVar(&f.format, "to-format", "parquet", "format to write: parquet, arrow or csv")
	flags.BoolVar(&f.force, "force", false, "replace earlier files of the pairs and interval")
	flags.BoolVar(&f.list, "list", false, "list the built-in recipes")
	flags.BoolVar(&f.print, "print", false, "print the recipe with every default filled in, and make nothing")
	flags.StringSliceVar(&o.Pairs, "pairs", nil, "pairs to make: those of the recipe, or others with their defaults")
	read := func(name, kind, usage string, set func(string) error) {
		flags.Var(&textFlag{kind: kind, set: set}, name, usage)
	}
	read("seed", "text", "what all randomness comes from: any text (default: the recipe's, or 1)", func(text string) error {
		if o.Seed = synth.Seed(text); text == "" {
			return errors.New("expected some text")
		}
		return nil
	})
	read("from", "time", "time of the first candle: a date, an RFC 3339 time or UTC ms", func(text string) (err error) {
		o.From, err = synth.ParseMoment(text)
		return err
	})
	read("to", "time", "end of the candles, excluded; or an offset from the start, such as +28d", func(text string) (err error) {
		o.To, err = synth.ParseMoment(text)
		return err
	})
	read("interval", "length", "length of a candle, such as 5m", func(text string) (err error) {
		o.Interval, err = synth.ParseDuration(text)
		return err
	})
	read("model", "name", "how every pair's volatility moves: gbm (not at all), stochastic_volatility or garch", func(text string) error {
		o.Model = synth.Model(text)
		return nil
	})
	optional := func(name, kind, usage string, to **float64, least float64) {
		read(name, kind, usage, func(text string) error {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil || !(v >= least) {
				return errors.New("expected a number, such as 0.4")
			}
			*to = &v
			return nil
		})
	}
	optional("volatility", "fraction", "annual volatility of every pair: 0.4 is 40 %", &o.Volatility, 1e-12)
	optional("drift", "fraction", "annual growth of every pair's expected price", &o.Drift, -1e9)
	optional("spread-ticks", "ticks", "mean bid-ask spread of every pair; 0 for no bid and ask", &o.SpreadTicks, 0)
	flags.StringVar(&f.rules, "rules", rules.Default, "rule set that knows the pairs")
}

// textFlag is a flag that is read when it is given, and keeps its text for the
// manifest's command line.
type textFlag struct {
	text, kind string
	set        func(string) error
}

// String implements pflag.Value.
func (t *textFlag) String() string { return t.text }

// Type implements pflag.Value: what the help calls the value.
func (t *textFlag) Type() string { return t.kind }

// Set implements pflag.Value.
func (t *textFlag) Set(text string) error {
	t.text = text
	return t.set(text)
}

func (a *app) synth(c *cobra.Command, args []string, f *synthFlags) error {
	if f.list {
		return a.listRecipes()
	}
	g, err := f.generator(args)
	if err != nil {
		return err
	}
	if f.print {
		recipe := g.Recipe()
		text, err := recipe.Marshal()
		if err != nil {
			return err
		}
		_, err = a.stdout.Write(text)
		return err
	}
	if f.out == "" {
		return usage(errors.New("--out: found none, expected the folder to write into (or --print, or --list)"))
	}
	format, err := datasets.ParseFormat(f.format)
	if err != nil {
		return usage(fmt.Errorf("--to-format: %w", err))
	}
	return a.writeSynth(c.Context(), g, synth.Target{Folder: f.out, Format: format, Replace: f.force, Command: commandLine(c, args)})
}

// generator reads the recipe and lays the flags over it.
func (f *synthFlags) generator(args []string) (*synth.Generator, error) {
	resolved, err := openRules(f.rules, nil)
	if err != nil {
		return nil, err
	}
	pairs, err := resolved.Set.Pairs()
	if err != nil {
		return nil, err
	}
	doc := &synth.Document{}
	switch {
	case len(args) == 1:
		if doc, err = synth.Open(args[0]); err != nil {
			return nil, input(err)
		}
	case len(f.overrides.Pairs) == 0:
		return nil, usage(errors.New("found no recipe and no --pairs, expected one of them; --list shows the built-in recipes: " + strings.Join(synth.Names(), ", ")))
	}
	doc.Override(f.overrides)
	recipe, err := doc.Complete(pairs)
	if err != nil {
		return nil, input(err)
	}
	g, err := synth.New(recipe, pairs)
	return g, input(err)
}

// writeSynth makes the candles.
func (a *app) writeSynth(ctx context.Context, g *synth.Generator, to synth.Target) error {
	r := g.Recipe()
	span := r.To.MS - r.From.MS
	bar := a.progress("making", 0, span*int64(len(r.Pairs)))
	defer bar.done()
	to.Progress = func(pair int, ms int64) { bar.at(int64(pair)*span + ms - r.From.MS) }
	files, err := g.Write(ctx, to)
	bar.done()
	if _, refused := errors.AsType[*datasets.Refusal](err); refused {
		return input(err)
	}
	if err != nil {
		return fmt.Errorf("writing into %s: %w", to.Folder, err)
	}
	format, err := a.outputFormat()
	if err != nil {
		return err
	}
	if format != reports.FormatTable {
		return a.render(reports.ManifestTable(&datasets.Manifest{Files: files}))
	}
	for _, file := range files {
		a.say("%s: %d candles, %s", filepath.ToSlash(filepath.Join(to.Folder, file.Name)), file.Rows, file.Columns)
		a.say("  from %s to %s UTC", day(file.FirstMS), day(file.LastMS+int64(r.Interval)))
		if file.Gaps.Count > 0 {
			a.say("  gaps: %d", file.Gaps.Count)
		}
	}
	a.note("%s", synth.Source)
	return nil
}

// listRecipes shows the built-in recipes.
func (a *app) listRecipes() error {
	t := &reports.Table{Columns: []reports.Column{{Name: "recipe"}, {Name: "pairs"}, {Name: "interval"}, {Name: "description"}}}
	for _, name := range synth.Names() {
		doc, err := synth.Builtin(name)
		if err != nil {
			return err
		}
		r, err := doc.Complete(market.Pairs())
		if err != nil {
			return err
		}
		var ids []string
		for _, p := range r.Pairs {
			ids = append(ids, p.Pair)
		}
		t.Rows = append(t.Rows, []reports.Cell{reports.TextCell(name), reports.TextCell(strings.Join(ids, ", ")),
			reports.TextCell(r.Interval.String()), reports.TextCell(r.Description)})
	}
	return a.render(t)
}
