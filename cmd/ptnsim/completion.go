package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scenario"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/strategies/catalog"
)

// completions offers, for a shell, the values that a flag or argument can have.
type completions = func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective)

// complete has a command offer what its flags can be; those it lacks are passed
// over.
func complete(c *cobra.Command) {
	for flag, values := range map[string]completions{
		"rules":    ruleSets,
		"strategy": strategyNames,
		"param":    paramNames,
		"fills":    only("recorded", "simulated", "compare"),
		"as":       only("main", "challenge"),
		"fill":     only("open", "close"),
		"require":  requirable,
		"plots":    only("png", "svg"),
		"pair":     only(market.PairIDs(market.Pairs())...),
		"pairs":    only(market.PairIDs(market.Pairs())...),
		"format":   only("table", "json", "csv", "markdown"),

		"vendor":    only(vendors.FormatNames()...),
		"to-format": only("parquet", "arrow", "csv"),
		"quote":     only("mid", "bid", "ask"),
		"header":    only("auto", "yes", "no"),

		"annotations": only("auto", "always", "never"),
	} {
		if c.LocalFlags().Lookup(flag) == nil {
			continue
		}
		if err := c.RegisterFlagCompletionFunc(flag, values); err != nil {
			panic(err) // two completions of one flag
		}
	}
	for _, sub := range c.Commands() {
		complete(sub)
	}
}

func only(values ...string) completions {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return values, cobra.ShellCompDirectiveNoFileComp
	}
}

// requirable are the facts of an account, each with what it is.
func requirable(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var facts []cobra.Completion
	for _, t := range scenario.Vocabulary(fact.ShapeOf[fact.Account]()) {
		facts = append(facts, cobra.CompletionWithDesc(t.Path, t.Doc))
	}
	return facts, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// ruleSets are the built-in sets; a rule file serves too.
func ruleSets(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return rules.Names(), cobra.ShellCompDirectiveDefault
}

// strategyNames are the built-in strategies; a file serves too.
func strategyNames(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var names []string
	for _, d := range new(catalog.Catalog).BuiltIn() {
		names = append(names, d.Name)
	}
	return names, cobra.ShellCompDirectiveDefault
}

// exampleNames are the examples and the clients' files.
func exampleNames(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	examples, err := allExamples()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []cobra.Completion
	for _, e := range examples {
		names = append(names, cobra.CompletionWithDesc(e.name, e.what()))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// paramNames are the parameters of the strategy that the command line names so
// far: by the flag --strategy, or as the argument of show. Behind the equals
// sign nothing is offered.
func paramNames(c *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const nothing = cobra.ShellCompDirectiveNoFileComp
	spec := strings.Join(args, " ")
	if flag := c.Flag("strategy"); flag != nil {
		spec = flag.Value.String()
	}
	texts, err := c.Flags().GetStringArray("param")
	if err != nil || strings.Contains(word, "=") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	d, err := new(catalog.Catalog).Find(spec)
	if err != nil {
		return nil, nothing
	}
	given, err := settings(texts)
	if err != nil {
		return nil, nothing
	}
	_, params, err := d.Define(given)
	if err != nil {
		return nil, nothing
	}
	var names []cobra.Completion
	for _, p := range params {
		names = append(names, cobra.CompletionWithDesc(p.Name+"=", p.Doc))
	}
	return names, nothing | cobra.ShellCompDirectiveNoSpace
}
