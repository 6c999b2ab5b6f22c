package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/catalog"
)

func (a *app) strategiesShowCommand() *cobra.Command {
	var settings []string
	c := &cobra.Command{
		Use: "show STRATEGY", Short: "Show a strategy's idea, its source and its parameters", Args: cobra.ExactArgs(1),
		Long: `Show the idea, the source and the parameters of a built-in strategy, a script
(my.star) or a portfolio (my.yaml). A wrapper has the parameters of what it wraps
too: --param of=donchian chooses that.`,
		Example:           "  ptnsim strategies show crossover\n  ptnsim strategies show volatility-target -p of=donchian\n  ptnsim strategies show my.star",
		ValidArgsFunction: strategyNames,
		RunE:              func(_ *cobra.Command, args []string) error { return a.showStrategy(args[0], settings) },
	}
	c.Flags().StringArrayVarP(&settings, "param", "p", nil, "strategy parameter, such as of=donchian (repeatable)")
	return c
}

func (a *app) showStrategy(spec string, texts []string) error {
	format, err := a.outputFormat()
	if err != nil {
		return err
	}
	d, err := new(catalog.Catalog).Find(spec)
	if err != nil {
		return specError(err)
	}
	given, err := settings(texts)
	if err != nil {
		return err
	}
	params, err := parameters(d, given)
	if err != nil {
		return usage(err)
	}
	switch format {
	case reports.FormatJSON:
		e := json.NewEncoder(a.stdout)
		e.SetEscapeHTML(false)
		return e.Encode(shown(d, params))
	case reports.FormatTable:
		a.describe(d)
	}
	t := &reports.Table{Columns: []reports.Column{{Name: "parameter"}, {Name: "kind"}, {Name: "default"}, {Name: "range"}, {Name: "meaning"}}}
	for _, p := range params {
		t.Rows = append(t.Rows, []reports.Cell{
			reports.TextCell(p.Name), reports.TextCell(string(p.Kind)), reports.TextCell(p.Default), reports.TextCell(p.Range), reports.ProseCell(p.Doc, 44),
		})
	}
	return a.render(t)
}

// parameters are those of a strategy under some settings, which may say what it
// wraps. Settings that a run would refuse are refused here as well.
func parameters(d strategies.Definition, given []strategies.Setting) ([]strategies.Param, error) {
	if len(given) > 0 {
		if _, err := d.Resolve(given); err != nil {
			return nil, err
		}
	}
	_, params, err := d.Define(given)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	return params, nil
}

// describe writes what a strategy is, for people.
func (a *app) describe(d strategies.Definition) {
	for _, text := range []string{d.Doc, d.Source} {
		if text != "" {
			a.say("%s\n", reports.Wrap(text, 88))
		}
	}
}

// strategyShown is what other programs read of a strategy.
type strategyShown struct {
	Name       string           `json:"name"`
	Kind       string           `json:"kind"`
	Idea       string           `json:"idea"`
	Doc        string           `json:"doc"`
	Source     string           `json:"source"` // where the idea comes from; "" if it needs none
	Parameters []parameterShown `json:"parameters"`
}

// parameterShown is one of its parameters; the keys are the columns of the other
// formats.
type parameterShown struct {
	Name    string `json:"parameter"`
	Kind    string `json:"kind"`
	Default string `json:"default"`
	Range   string `json:"range"`
	Meaning string `json:"meaning"`
}

func shown(d strategies.Definition, params []strategies.Param) strategyShown {
	s := strategyShown{Name: d.Name, Kind: string(d.Kind), Idea: d.Idea, Doc: d.Doc, Source: d.Source, Parameters: make([]parameterShown, 0, len(params))}
	for _, p := range params {
		s.Parameters = append(s.Parameters, parameterShown{Name: p.Name, Kind: string(p.Kind), Default: p.Default, Range: p.Range, Meaning: p.Doc})
	}
	return s
}
