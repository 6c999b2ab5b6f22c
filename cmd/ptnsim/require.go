package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scenario"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
)

// requirements is what a run must come to.
type requirements struct {
	list  []scenario.Requirement
	carry []fact.CarryCharge // of the run
}

func (r *requirements) add(flags *pflag.FlagSet) {
	shape := fact.ShapeOf[fact.Account]()
	parsed(flags, "require", "end with exit code 1 unless the run meets this `condition`, such as 'max_drawdown_run < 0.08' (repeatable; docs/scenarios.md lists the facts)", func(text string) error {
		q, err := scenario.ParseRequirement(text, shape)
		if err == nil {
			r.list = append(r.list, q)
		}
		return err
	})
}

// watch has the run tell what they may ask for.
func (r *requirements) watch(cfg *sim.Config) {
	if len(r.list) > 0 {
		cfg.Observer.Carry = func(c sim.CarryCharge) { r.carry = append(r.carry, fact.OfCarry(c)) }
	}
}

// check is the error of a run that does not meet them all.
func (r *requirements) check(a *app, run *reports.Run, format reports.Format) error {
	if len(r.list) == 0 {
		return nil
	}
	facts := fact.Of(fact.OfAccount(run.Result, run.Assessment, r.carry, reports.Digest(run)))
	var failed []string
	for _, q := range r.list {
		if v := q.Check(facts); !v.Holds {
			failed = append(failed, fmt.Sprintf("%s, but it is %s", q.Text, v.Got))
		}
	}
	if len(failed) > 0 {
		return coded(exitCheck, fmt.Errorf("--require: %d of %d not met:\n  %s", len(failed), len(r.list), strings.Join(failed, "\n  ")))
	}
	if format == reports.FormatTable {
		a.note("all %d requirements are met", len(r.list))
	}
	return nil
}
