package reports

import (
	"fmt"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// EventsTable is what happened, in its order. People see a sentence; programs
// (CSV, JSON) have its numbers, each empty where it has no part in the event.
func (s *Subnet) EventsTable() *Table {
	t := &Table{Columns: []Column{
		{Name: "time"}, {Name: "event"}, {Name: "miner"}, {Name: "what", Head: " "},
		{Name: "reason", Hidden: true}, {Name: "drawdown", Hidden: true}, {Name: "days", Hidden: true}, {Name: "percentile", Hidden: true},
		{Name: "weight", Hidden: true}, {Name: "other", Hidden: true}, {Name: "fee", Hidden: true}, {Name: "main", Hidden: true},
		{Name: "pair", Hidden: true}, {Name: "price", Hidden: true},
	}}
	for i := range s.Result.Events {
		e := &s.Result.Events[i]
		d := documentEvent(e)
		t.Rows = append(t.Rows, []Cell{
			TimeCell(e.TimeMS), TextCell(string(e.Kind)), nameCell(e.Miner), TextCell(eventText(e)),
			textIfAny(d.Reason), ValueCell(d.Drawdown), intIfAny(d.Days), ValueCell(d.Percentile),
			ValueCell(d.Weight), textIfAny(d.Other), ValueCell(d.Fee), boolIfAny(d.Main), textIfAny(d.Pair), ValueCell(d.Price),
		})
	}
	return t
}

func textIfAny[T ~string](text *T) Cell {
	if text == nil {
		return Cell{}
	}
	return TextCell(string(*text))
}

func intIfAny(n *int) Cell {
	if n == nil {
		return Cell{}
	}
	return IntCell(*n)
}

func boolIfAny(b *bool) Cell {
	if b == nil {
		return Cell{}
	}
	return BoolCell(*b)
}

// eventText says with which numbers an event came.
func eventText(e *subnet.Event) string {
	var parts []string
	add := func(format string, values ...any) { parts = append(parts, fmt.Sprintf(format, values...)) }
	percentile, ranked := e.Percentile.Get()
	switch e.Kind {
	case subnet.Registered:
		if e.Main {
			add("in the main competition")
		}
		if e.Fee != 0 {
			add("for a fee of %s", amount(e.Fee))
		}
		if e.Other != "" {
			add("in the slot of %s", legible(e.Other))
		}
	case subnet.Refused:
		add("every slot is taken by a miner in its immunity")
	case subnet.Promoted:
		add("after %s, with a drawdown of %s", count(e.Days, "full day"), percent(e.Drawdown))
		if ranked {
			add("at the percentile %.4f", percentile)
		}
	case subnet.Eliminated:
		add("%s at a drawdown of %s", e.Reason, percent(e.Drawdown))
		if failedChallenge(e.Reason) {
			add("after %s", count(e.Days, "full day"))
		}
		if ranked {
			add("at the percentile %.4f", percentile)
		}
		if e.Pair != "" {
			add("by %s at %s", e.Pair, plain(e.Price))
		}
	case subnet.Deregistered:
		if e.Weight == 0 {
			add("it had no weight")
		} else {
			add("its weight was %s", figure(e.Weight))
		}
		if e.Other != "" {
			add("%s took its slot", legible(e.Other))
		}
	}
	return strings.Join(parts, ", ")
}

// failedChallenge reports whether an elimination ended a challenge.
func failedChallenge(reason sim.Reason) bool {
	switch reason {
	case sim.FailedChallenge, sim.FailedChallengeDrawdown, sim.FailedChallengeTime:
		return true
	}
	return false
}

// DocumentEvent is something that happened to a miner. What has no part in its
// kind is null.
type DocumentEvent struct {
	TimeMS int64            `json:"time_ms"`
	Kind   subnet.EventKind `json:"kind"`
	Miner  string           `json:"miner"`

	Reason     *sim.Reason   `json:"reason"`
	Drawdown   scoring.Value `json:"drawdown"` // a loss
	Days       *int          `json:"days"`     // full days
	Percentile scoring.Value `json:"percentile"`
	Weight     scoring.Value `json:"weight"` // the last that was set
	Other      *string       `json:"other"`  // who took the slot, or who lost it
	Fee        scoring.Value `json:"fee"`
	Main       *bool         `json:"main"` // registered into the main competition
	Pair       *string       `json:"pair"`
	Price      scoring.Value `json:"price"`
}

func documentEvent(e *subnet.Event) DocumentEvent {
	d := DocumentEvent{TimeMS: e.TimeMS, Kind: e.Kind, Miner: e.Miner}
	if e.Other != "" {
		d.Other = &e.Other
	}
	switch e.Kind {
	case subnet.Registered:
		d.Fee, d.Main = scoring.Known(e.Fee), &e.Main
	case subnet.Promoted:
		d.Drawdown, d.Days, d.Percentile = scoring.Known(e.Drawdown), &e.Days, e.Percentile
	case subnet.Eliminated:
		d.Reason, d.Drawdown, d.Percentile = &e.Reason, scoring.Known(e.Drawdown), e.Percentile
		if failedChallenge(e.Reason) {
			d.Days = &e.Days
		}
		if e.Pair != "" {
			d.Pair, d.Price = &e.Pair, scoring.Known(e.Price)
		}
	case subnet.Deregistered:
		d.Weight = scoring.Known(e.Weight)
	}
	return d
}
