// Package scenario plays small cases of the rules and says whether what came of them
// is what was expected: regression tests of strategies and of rule sets, in files that
// a person reads at a glance.
//
// A scenario is a YAML file: candles, a rule set, who acts, and what is expected. Parse
// reads it strictly, Player.Play plays it, Judge compares, Update writes what was
// found where something else was expected. A Suite does all of it for many files at
// once. The format is in docs/scenarios.md.
package scenario
