package reports

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Divergence is the earliest instant at which two results differ, and in what.
type Divergence struct {
	TimeMS int64  // UTC ms
	Part   string // of the difference
	Entry  DiffEntry
}

// Field is the value in which the two differ first; nil where only one side has the
// element at all.
func (f *Divergence) Field() *DiffField {
	if f.Entry.Change != DiffChanged {
		return nil
	}
	return &f.Entry.Fields[f.Entry.lead]
}

// String says it in one sentence.
func (f *Divergence) String() string {
	what := f.thing()
	switch f.Entry.Change {
	case DiffOnlyA:
		return instant(f.TimeMS) + ": " + what + ", in A only"
	case DiffOnlyB:
		return instant(f.TimeMS) + ": " + what + ", in B only"
	}
	field := f.Field()
	if field.Name == "sequence" {
		return fmt.Sprintf("%s: %s in another sequence: %s comes first in A, %s in B", instant(f.TimeMS), f.Part, field.brief(field.A), field.brief(field.B))
	}
	text := fmt.Sprintf("%s: %s: %s is %s in A and %s in B", instant(f.TimeMS), what, field.briefName(), field.brief(field.A), field.brief(field.B))
	if others := len(f.Entry.Fields) - 1; others > 0 {
		text += fmt.Sprintf(" (and %s of it)", count(others, "more value"))
	}
	return text
}

// thing names what differs.
func (f *Divergence) thing() string {
	name, e := "", &f.Entry
	switch f.Part {
	case partOrders:
		name = "the order"
	case partPositions:
		name = "the position"
	case partCheckpoints:
		name = "the checkpoint to"
	case partDaily:
		name = "the day"
	case partElimination:
		name = "the elimination"
	case partEvents:
		name = "the event"
	case partHistory:
		name = "the weights of"
	case partMiners:
		name = "the miner"
	case partGroups:
		name = "the group"
	case partSetup:
		name = "the range"
	default:
		name = "the " + f.Part
	}
	if e.Key != "" {
		name += " " + squeeze(legible(e.Key), diffKeyWidth)
	}
	if text := e.element(); text != "" {
		name += " (" + text + ")"
	}
	return name
}

// element is in brief what only one side has; "" where that is nothing beyond its key.
func (e *DiffEntry) element() string {
	element := e.A
	switch e.Change {
	case DiffChanged:
		return ""
	case DiffOnlyB:
		element = e.B
	}
	switch x := element.(type) {
	case *DocumentOrder:
		return orderText(x)
	case *DocumentPosition:
		return change(x.CurrentReturn-1) + " without costs, " + count(len(x.Orders), "order")
	case *DocumentElimination:
		return string(x.Reason) + " at a drawdown of " + percent(x.Drawdown)
	case *DocumentDay:
		return "log return " + valueText(x.LogReturn)
	case *SubnetMiner:
		return legible(string(x.State)) + ", " + change(x.FinalReturn-1)
	case *DocumentEvent:
		if x.Reason != nil {
			return legible(string(*x.Reason))
		}
	}
	return ""
}

// orderText is what was ordered and what became of it.
func orderText(o *DocumentOrder) string {
	text := o.OrderType
	if leverage, known := o.Leverage.Get(); known && o.OrderType != sim.Flat.String() {
		text += " " + plain(leverage)
	}
	if o.Outcome != "" {
		text += ", " + string(o.Outcome)
	}
	if o.Reason != "" {
		text += " for " + string(o.Reason)
	}
	if o.FilledMS != nil {
		text += " at " + valueText(o.Price)
	}
	return legible(text)
}

// valueText is a number in full.
func valueText(v scoring.Value) string {
	if v == (scoring.Value{}) {
		return noFigure
	}
	return numberText(v)
}

// forPeople writes a field's value: instants as such, texts without quotes, nothing as
// a dash.
func (f *DiffField) forPeople(value string) string {
	if value == "null" {
		return noFigure
	}
	if isInstant(f.Name) {
		if ms, err := strconv.ParseInt(value, 10, 64); err == nil {
			return instant(ms)
		}
	}
	text := unquoted(value)
	if text == "" {
		return `""`
	}
	return legible(text)
}

// brief is forPeople in a line of a bounded width.
func (f *DiffField) brief(value string) string { return squeeze(f.forPeople(value), diffValueWidth) }

func (f *DiffField) briefName() string { return squeeze(legible(f.Name), diffNameWidth) }

// unquoted is a JSON text without its quotes, and anything else as it is.
func unquoted(value string) string {
	if !strings.HasPrefix(value, `"`) {
		return value
	}
	var text string
	if err := json.Unmarshal([]byte(value), &text); err != nil {
		return value
	}
	return text
}

// instantOf reads an instant of a document, UTC ms; 0 where there is none.
func instantOf(value string) int64 {
	text := unquoted(value)
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		return ms
	}
	if ms, err := parseInstant(text); err == nil {
		return ms
	}
	return 0
}

// first finds the first divergence: of several at one instant that of which the others
// follow.
func (d *differ) first() *Divergence {
	var first *Divergence
	for i := range d.parts {
		p := &d.parts[i]
		// Entries are sorted, those of no instant first.
		at := slices.IndexFunc(p.Entries, func(e DiffEntry) bool { return e.TimeMS != 0 })
		if at < 0 {
			continue
		}
		e := p.Entries[at]
		if first == nil || e.TimeMS < first.TimeMS || e.TimeMS == first.TimeMS && p.Name == partElimination && d.eliminates(&e, first) {
			first = &Divergence{TimeMS: e.TimeMS, Part: p.Name, Entry: e}
		}
	}
	return first
}

// eliminates reports whether an elimination that one side alone has, or has earlier, is
// what the difference found so far follows of at the same instant: it closes positions,
// and rejects orders. An order that took effect on that side then came before it.
func (d *differ) eliminates(e *DiffEntry, first *Divergence) bool {
	a, b := eliminationMS(e.A), eliminationMS(e.B)
	if a == b {
		return false // both have it: what differs in it follows of something else
	}
	switch first.Part {
	case partPositions:
		return true
	case partOrders:
		return !d.filledAt(e.TimeMS, a == e.TimeMS)
	}
	return false
}

// eliminationMS is when a side's account was eliminated, UTC ms; 0: never.
func eliminationMS(side any) int64 {
	if of, there := side.(*DocumentElimination); there && of != nil {
		return of.TimeMS
	}
	return 0
}

// filledAt reports whether an order that differs at an instant took effect on a side: A,
// or else B.
func (d *differ) filledAt(ms int64, ofA bool) bool {
	for i := range d.parts {
		if d.parts[i].Name != partOrders {
			continue
		}
		return slices.ContainsFunc(d.parts[i].Entries, func(e DiffEntry) bool {
			side := e.B
			if ofA {
				side = e.A
			}
			order, there := side.(*DocumentOrder)
			return there && order != nil && e.TimeMS == ms && order.FilledMS != nil && *order.FilledMS <= ms
		})
	}
	return false
}
