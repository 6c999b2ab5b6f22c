package main

import (
	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// ruleFlags are the flags of every command that plays rules.
type ruleFlags struct {
	name string
	set  []string
}

func (f *ruleFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.name, "rules", rules.Default, "rule set: a built-in name or a rule file")
	f.addSet(c)
}

func (f *ruleFlags) addSet(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.set, "set", nil, "override a rule, such as cooldown.scope=miner (repeatable)")
}

func (f *ruleFlags) resolve() (*rules.Resolved, error) { return openRules(f.name, f.set) }

func openRules(name string, set []string) (*rules.Resolved, error) {
	var options []rules.Option
	for _, text := range set {
		options = append(options, rules.WithOverride(text))
	}
	resolved, err := rules.Open(name, options...)
	return resolved, input(err)
}

func (a *app) rulesCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "List, show, compare and validate rule sets", Args: onlyCommands,
		Example: "  ptnsim rules list\n  ptnsim rules show ptn-5.4.0\n  ptnsim rules diff ptn-2024-12 ptn-2025-02",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.rulesList(), a.rulesShow(), a.rulesDiff(), a.rulesValidate())
	return c
}

func (a *app) rulesList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the built-in rule sets", Example: "  ptnsim rules list", Args: onlyFlags,
		RunE: func(*cobra.Command, []string) error {
			sets, err := rules.List()
			if err != nil {
				return err
			}
			return a.render(reports.RulesList(sets))
		},
	}
}

func (a *app) rulesShow() *cobra.Command {
	var flags ruleFlags
	c := &cobra.Command{
		Use: "show [SET]", ValidArgsFunction: ruleSets, Short: "Show every rule of a set and where it comes from",
		Long:    "Show every rule of a set (a built-in name or a rule file; " + rules.Default + " by default), resolved,\nwith the section of docs/rules.md and the origin of each value.",
		Example: "  ptnsim rules show ptn-5.4.0\n  ptnsim rules show my-rules.yaml --set drawdown.limit=0.08",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			resolved, err := openRules(argOr(args, rules.Default), flags.set)
			if err != nil {
				return err
			}
			return a.render(reports.RulesShow(resolved))
		},
	}
	flags.addSet(c)
	return c
}

func (a *app) rulesDiff() *cobra.Command {
	return &cobra.Command{
		Use: "diff A B", ValidArgsFunction: ruleSets, Short: "Show what differs between two rule sets", Args: cobra.ExactArgs(2),
		Example: "  ptnsim rules diff ptn-2024-12 ptn-2025-02\n  ptnsim rules diff ptn-2025-02 my-rules.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			from, err := openRules(args[0], nil)
			if err != nil {
				return err
			}
			to, err := openRules(args[1], nil)
			if err != nil {
				return err
			}
			return a.render(reports.RulesDiff(from, to))
		},
	}
}

func (a *app) rulesValidate() *cobra.Command {
	return &cobra.Command{
		Use: "validate FILE...", Short: "Check rule files", Args: cobra.MinimumNArgs(1),
		Example: "  ptnsim rules validate my-rules.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			for _, file := range args {
				resolved, err := rules.LoadFile(file)
				if err != nil {
					return input(err)
				}
				a.say("%s: valid (rule set %s)", file, resolved.Set.Name)
			}
			return nil
		},
	}
}

// render prints a table in the chosen format.
func (a *app) render(t *reports.Table) error {
	format, err := a.outputFormat()
	if err != nil || a.silent(format) {
		return err
	}
	return t.Render(a.stdout, format)
}

func argOr(args []string, otherwise string) string {
	if len(args) == 0 {
		return otherwise
	}
	return args[0]
}
