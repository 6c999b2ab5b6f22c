package main

import (
	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
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
		"fills":    only("recorded", "simulated", "compare"),
		"as":       only("main", "challenge"),
		"fill":     only("open", "close"),
		"plots":    only("png", "svg"),
		"pair":     only(market.PairIDs(market.Pairs())...),
		"pairs":    only(market.PairIDs(market.Pairs())...),
		"format":   only("table", "json", "csv", "markdown"),

		"vendor":    only(vendors.FormatNames()...),
		"to-format": only("parquet", "arrow", "csv"),
		"quote":     only("mid", "bid", "ask"),
		"header":    only("auto", "yes", "no"),
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
