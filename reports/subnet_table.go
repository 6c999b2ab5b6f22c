package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// RenderSubnet writes a tournament for a program: JSON is the whole
// SubnetDocument, the others are the table of its miners; but for CSV with that of
// the groups above it, if there are any, and notes and warnings below it.
func RenderSubnet(w io.Writer, s *Subnet, format Format) error {
	if format == FormatJSON {
		return NewSubnetDocument(s).Write(w)
	}
	if format != FormatCSV && s.hasPopulations() {
		if err := s.GroupsTable().Render(w, format); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	if err := s.Table(format).Render(w, format); err != nil || format == FormatCSV {
		return err
	}
	fmt.Fprintf(w, "\n%s\n", s.windowNote())
	if !s.weightsSet() {
		fmt.Fprintf(w, "\n%s\n", s.Result.NeverWeighed())
	}
	for i, text := range s.otherWarnings() {
		if i == 0 {
			fmt.Fprintln(w)
		}
		if _, err := fmt.Fprintln(w, "- "+briefWarning(legible(text), subnetWidthUsual)); err != nil {
			return err
		}
	}
	return nil
}

// Table is every miner that was ever registered: the main competition, the best
// first; then the challengers, the better score first; then those that are out,
// the last to go first. For programs (CSV) each metric is a column of its value
// and one of its percentile; people see both in one, and only metrics that count.
func (s *Subnet) Table(format Format) *Table {
	metrics, merged := scoring.AllMetrics(), format != FormatCSV
	if merged {
		metrics = s.metrics()
	}
	t := &Table{Columns: []Column{
		{Name: "rank", Right: true}, {Name: "miner"}, {Name: "group", Hidden: true}, {Name: "strategy", Hidden: true},
		{Name: "params", Hidden: true}, {Name: "state"}, {Name: "days", Right: true},
		{Name: "final_return", Head: "return", Right: true}, {Name: "max_drawdown", Head: "drawdown", Right: true},
	}}
	for _, m := range metrics {
		t.Columns = append(t.Columns, Column{Name: m.String(), Head: metricName(m), Right: true})
		if !merged {
			t.Columns = append(t.Columns, Column{Name: m.String() + "_percentile", Right: true})
		}
	}
	fees, unset := s.paysFees(), !s.weightsSet()
	t.Columns = append(t.Columns,
		Column{Name: "penalty", Right: true}, Column{Name: "score", Right: true}, Column{Name: "weight", Right: true, Hidden: unset},
		Column{Name: "emission_share", Head: "share", Right: true, Hidden: unset}, Column{Name: "emission", Right: true, Hidden: unset},
		Column{Name: "fee", Right: true, Hidden: !fees}, Column{Name: "net", Right: true, Hidden: !fees},
		Column{Name: "registered", Hidden: true}, Column{Name: "promoted", Hidden: true}, Column{Name: "out"},
		Column{Name: "slot_lost", Hidden: true}, Column{Name: "reason"})
	for _, m := range s.ordered() {
		t.Rows = append(t.Rows, minerRow(m, metrics, merged))
	}
	return t
}

func minerRow(m *subnet.MinerResult, metrics []scoring.Metric, merged bool) []Cell {
	j := &m.Judgement
	row := []Cell{
		rankCell(j), nameCell(m.Name), nameCell(m.Group), TextCell(m.Strategy), TextCell(settingsText(m)), TextCell(string(m.State)),
		IntCell(j.Days), FactorCell(scoring.Known(m.Account.FinalReturn)), PercentCell(j.MaxDrawdown),
	}
	for _, metric := range metrics {
		if merged {
			row = append(row, metricCell(j, metric))
		} else {
			row = append(row, ValueCell(j.Metrics[metric]), ValueCell(j.Percentiles[metric]))
		}
	}
	return append(row,
		NumberCell(j.Penalties.Total), ValueCell(j.Score), NumberCell(j.Weight), PercentCell(j.EmissionShare),
		NumberCell(m.Emission), NumberCell(m.Fee), NumberCell(m.Emission-m.Fee),
		TimeCell(m.RegisteredMS), timeCellOrNone(m.PromotedMS), timeCellOrNone(m.OutMS), timeCellOrNone(m.SlotLostMS), reasonCell(m))
}

func rankCell(j *scoring.Judgement) Cell {
	if j.Rank == nil {
		return Cell{}
	}
	return IntCell(*j.Rank)
}

// nameCell is a name that somebody chose: what no terminal should see of it is a
// blank for people.
func nameCell(name string) Cell { return Cell{name, legible(name)} }

// metricCell is a metric with its percentile in brackets.
func metricCell(j *scoring.Judgement, metric scoring.Metric) Cell {
	value := ValueCell(j.Metrics[metric])
	if p, known := j.Percentiles[metric].Get(); known {
		return TextCell(fmt.Sprintf("%s (%.0f)", value.show(), 100*p))
	}
	return value
}

// reasonCell is why a miner is out.
func reasonCell(m *subnet.MinerResult) Cell {
	if e := m.Account.Elimination; e != nil {
		return TextCell(string(e.Reason))
	}
	if m.SlotLostMS != 0 {
		return Cell{string(subnet.Deregistered), "lost its slot"}
	}
	return Cell{}
}

// settingsText is what a miner's strategy was set to: "fast=20 slow=50".
func settingsText(m *subnet.MinerResult) string {
	var parts []string
	for _, p := range m.Params {
		if p.Value != "" {
			parts = append(parts, p.Name+"="+p.Value)
		}
	}
	return strings.Join(parts, " ")
}
