package reports

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scenario"
	"github.com/ptnsim/ptnsim/strategies"
)

// signalsShownMax is how many signals a page shows of one scenario.
const signalsShownMax = 40

// when writes who acts.
func (t *toldScenario) when() error {
	a := &t.Actor
	switch {
	case a.Signals != nil:
		return t.signals()
	case a.Script != "":
		t.paragraph("**When** this script acts" + t.withParams() + ":")
		t.code("python", strings.TrimLeft(a.Script, "\n"))
	case a.SubnetText != "":
		t.paragraph("**When** this subnet plays:")
		t.code("yaml", t.notes.block("subnet"))
	case a.Population != nil:
		t.paragraph("**When** this population is scored:")
		t.code("yaml", t.notes.block("score"))
	default:
		t.paragraph("**When** " + t.byName() + ".")
	}
	return nil
}

// byName is who acts, of those that are told by a name.
func (t *toldScenario) byName() string {
	a := &t.Actor
	miner := ""
	if a.Miner != "" {
		miner = " of " + markdownCode(legible(a.Miner))
	}
	switch {
	case a.SignalFile != "":
		return "the signals" + miner + " in " + t.file(a.SignalFile) + " are sent"
	case a.Strategy != "":
		name := markdownCode(legible(a.Strategy))
		if filepath.Ext(a.Strategy) != "" || strings.ContainsAny(a.Strategy, `/\`) {
			name = t.file(a.Strategy)
		}
		return "the strategy " + name + " trades" + t.withParams()
	case a.Positions != "" && a.Simulated:
		return "the orders" + miner + " recorded in " + t.file(a.Positions) + " fill from the candles"
	case a.Positions != "":
		return "the positions" + miner + " recorded in " + t.file(a.Positions) + " are replayed"
	case a.Subnet != "":
		return "the subnet " + t.file(a.Subnet) + " plays"
	case a.PopulationFile != "":
		return "the population " + t.file(a.PopulationFile) + " is scored"
	}
	return "nobody acts"
}

// file links to a file that the scenario names.
func (t *toldScenario) file(name string) string {
	return "[" + markdownCode(legible(name)) + "](" + t.link(t.besides(name)) + ")"
}

// besides is the path of a file that the scenario names, which is relative to its own.
func (t *toldScenario) besides(name string) string {
	if name = filepath.FromSlash(name); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(t.File), name)
}

// withParams is the parameters of a strategy or a script.
func (t *toldScenario) withParams() string {
	var list []string
	for _, p := range t.Actor.Params {
		list = append(list, markdownCode(legible(p.Name+"="+p.Value)))
	}
	if len(list) == 0 {
		return ""
	}
	return " with " + strings.Join(list, ", ")
}

// signals writes the orders that are sent, and beside each what must become of it where
// the file says so of all of them.
func (t *toldScenario) signals() error {
	list := t.Actor.Signals
	if len(list) == 0 {
		t.paragraph("**When** nobody sends an order.")
		return nil
	}
	beside := t.ordersExpected()
	t.sideBySide = beside != nil
	table := &Table{Columns: []Column{
		{Head: "#", Right: true}, {Head: "Time"}, {Head: "Pair"}, {Head: "Order"}, {Head: "Fill"}, {Head: "Expected"}, {Head: "Note"},
	}}
	for i := range list[:min(len(list), signalsShownMax)] {
		s := &list[i]
		expected, note := "", t.notes.at(s.Line)
		if beside != nil {
			expected, note = orderExpected(&beside[i]), joinNotes(note, t.notes.at(beside[i].At.Line))
		}
		table.Rows = append(table.Rows, []Cell{
			IntCell(i + 1), unbroken(moment(s.TimeMS)), TextCell(s.Pair), unbroken(signalOrder(s)), TextCell(signalFill(s)), TextCell(expected), proseCell(note),
		})
	}
	t.paragraph("**When** these orders are sent:")
	if err := t.table(table.withoutEmpty()); err != nil {
		return err
	}
	if left := len(list) - len(table.Rows); left > 0 {
		t.paragraph(fmt.Sprintf("and %d more", left))
	}
	return nil
}

// signalOrder is what a signal asks for.
func signalOrder(s *strategies.Signal) string {
	if s.Type == sim.Flat {
		return "FLAT"
	}
	return s.Type.String() + " " + plain(max(s.Leverage, -s.Leverage))
}

// signalFill is the fill, or the quote, that a signal brings.
func signalFill(s *strategies.Signal) string {
	var parts []string
	if s.Pinned {
		parts = append(parts, "at "+plain(s.Price))
	}
	if s.HasSlippage {
		parts = append(parts, "slippage "+plain(s.Slippage))
	}
	if s.Bid != 0 || s.Ask != 0 {
		parts = append(parts, "bid "+plain(s.Bid)+", ask "+plain(s.Ask))
	}
	if s.UUID != "" {
		parts = append(parts, "id "+markdownText(legible(s.UUID)))
	}
	return strings.Join(parts, ", ")
}

// ordersExpected is what is expected of each order, where a file writes that out as
// one for each signal; nil if it does not.
func (t *toldScenario) ordersExpected() []scenario.Expectation {
	for i := range t.Expect.Fields {
		f := &t.Expect.Fields[i]
		if f.Path == "orders" && f.Whole && len(f.Items) == len(t.Actor.Signals) {
			return f.Items
		}
	}
	return nil
}

// orderExpected is what is expected of one order: what becomes of it, and further
// fields by their names.
func orderExpected(e *scenario.Expectation) string {
	var parts []string
	for _, row := range expectedRows(e, nil) {
		name := strings.TrimPrefix(strings.TrimPrefix(row.path, e.Path), ".")
		if name == "became" || name == "outcome" || name == "" {
			parts = append(parts, row.condition)
			continue
		}
		parts = append(parts, markdownText(name)+" "+row.condition)
	}
	return strings.Join(parts, ", ")
}

// withoutEmpty is the table without the columns that have nothing in any row.
func (t *Table) withoutEmpty() *Table {
	short := &Table{Rows: make([][]Cell, len(t.Rows))}
	for j, c := range t.Columns {
		empty := true
		for _, row := range t.Rows {
			empty = empty && row[j].exact == ""
		}
		if empty {
			continue
		}
		short.Columns = append(short.Columns, c)
		for i, row := range t.Rows {
			short.Rows[i] = append(short.Rows[i], row[j])
		}
	}
	return short
}

// proseCell is a cell of a Markdown table with a text that shows as it is.
func proseCell(text string) Cell { return TextCell(markdownText(legible(text))) }

// unbroken is a cell whose text stays on one line.
func unbroken(text string) Cell { return TextCell(strings.ReplaceAll(text, " ", "\u00a0")) }

func joinNotes(a, b string) string {
	if a != "" && b != "" {
		return a + "; " + b
	}
	return a + b
}
