package main

import (
	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/strategies"
)

func (a *app) strategiesCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "strategies", Short: "List the built-in strategies and show their parameters", Args: onlyCommands,
		Example: "  ptnsim strategies list\n  ptnsim strategies show crossover",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use: "list", Short: "List the built-in strategies", Example: "  ptnsim strategies list", Args: onlyFlags,
		RunE: func(*cobra.Command, []string) error {
			t := &reports.Table{Columns: []reports.Column{{Name: "name"}, {Name: "idea"}}}
			for _, d := range strategies.Builtins() {
				t.Rows = append(t.Rows, []reports.Cell{reports.TextCell(d.Name), reports.TextCell(d.Idea)})
			}
			return a.render(t)
		},
	}, &cobra.Command{
		Use: "show NAME", ValidArgsFunction: only(strategyNames()...), Short: "Show a strategy's idea and parameters", Example: "  ptnsim strategies show crossover", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := strategies.Find(args[0])
			if err != nil {
				return usage(err)
			}
			if a.format == string(reports.FormatTable) {
				a.say("%s\n", reports.Wrap(d.Doc, 88))
			}
			t := &reports.Table{Columns: []reports.Column{{Name: "parameter"}, {Name: "kind"}, {Name: "default"}, {Name: "range"}, {Name: "meaning"}}}
			params, err := d.Params()
			if err != nil {
				return usage(err)
			}
			for _, p := range params {
				t.Rows = append(t.Rows, []reports.Cell{
					reports.TextCell(p.Name), reports.TextCell(string(p.Kind)), reports.TextCell(p.Default), reports.TextCell(p.Range), reports.ProseCell(p.Doc, 44),
				})
			}
			return a.render(t)
		},
	})
	return c
}
