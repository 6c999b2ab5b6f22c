package reports

import "github.com/ptnsim/ptnsim/sim/rules"

// RulesList is the table of the built-in rule sets.
func RulesList(sets []rules.Info) *Table {
	t := &Table{Columns: []Column{
		{Name: "name"}, {Name: "default"}, {Name: "extends"}, {Name: "description"},
	}}
	for _, s := range sets {
		extends := TextCell(s.Extends)
		if s.Extends == "" {
			extends = Cell{}
		}
		t.Rows = append(t.Rows, []Cell{TextCell(s.Name), BoolCell(s.Default), extends, TextCell(s.Description)})
	}
	return t
}

// RulesShow is the table of every value of a rule set, and where it comes from.
func RulesShow(set *rules.Resolved) *Table {
	t := &Table{Columns: []Column{
		{Name: "section", Head: "§", Right: true}, {Name: "path"}, {Name: "value"}, {Name: "origin"},
	}}
	for _, r := range set.Rows() {
		t.Rows = append(t.Rows, []Cell{TextCell(r.Section), TextCell(r.Path), longText(r.Value), TextCell(r.Origin)})
	}
	return t
}

// RulesDiff is the table of what differs between two rule sets. A set that has
// no value at a path has none in the table.
func RulesDiff(a, b *rules.Resolved) *Table {
	t := &Table{Columns: []Column{
		{Name: "section", Head: "§", Right: true}, {Name: "path"}, {Name: "a", Head: a.Set.Name}, {Name: "b", Head: b.Set.Name},
	}}
	for _, r := range rules.Diff(a, b) {
		t.Rows = append(t.Rows, []Cell{TextCell(r.Section), TextCell(r.Path), longText(r.A), longText(r.B)})
	}
	return t
}

// longTextMax is how much of a rule's value people see: a list can be long.
const longTextMax = 60

// longText is a rule's value; people see its beginning. "" is no value.
func longText(text string) Cell {
	if text == "" {
		return Cell{}
	}
	shown := []rune(text)
	if len(shown) > longTextMax {
		shown = append(shown[:longTextMax-1], '…')
	}
	return Cell{text, string(shown)}
}
