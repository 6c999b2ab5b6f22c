package reports

import (
	"io"
	"time"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// RenderRun writes a run for a program: JSON is the whole Document, CSV the daily
// returns in the form that score reads, Markdown a table of the key figures.
func RenderRun(w io.Writer, run *Run, format Format) error {
	switch format {
	case FormatJSON:
		return NewDocument(run).Write(w)
	case FormatCSV:
		return dailyTable(run.Result.Daily).Render(w, format)
	}
	return keyFigures(run).Render(w, format)
}

// dailyTable is the full days with their log returns.
func dailyTable(days []sim.Daily) *Table {
	t := &Table{Columns: []Column{{Name: "date"}, {Name: "log_return", Right: true}}}
	for _, d := range days {
		t.Rows = append(t.Rows, []Cell{TextCell(time.UnixMilli(d.DateMS).UTC().Format(time.DateOnly)), NumberCell(d.LogReturn)})
	}
	return t
}

// keyFigures is a run in a dozen rows.
func keyFigures(run *Run) *Table {
	res, counts := run.Result, CountOrders(run.Result.Orders)
	t := &Table{Columns: []Column{{Name: "figure"}, {Name: "value", Right: true}}}
	add := func(name string, value Cell) { t.Rows = append(t.Rows, []Cell{TextCell(name), value}) }
	add("strategy", TextCell(run.Strategy))
	add("rules", nameCell(run.Rules.Set.Name))
	add("from", TimeCell(res.FromMS))
	add("to", TimeCell(res.ToMS))
	add("return", PercentCell(res.FinalReturn-1))
	add("max drawdown", PercentCell(runDrawdown(res)))
	add("max drawdown in the window", PercentCell(res.MaxDrawdown))
	add("full days in the window", IntCell(run.Assessment.Days))
	for _, metric := range scoring.AllMetrics() {
		if metric.Weight(run.Rules.Set.Weights) > 0 {
			add(metricName(metric), ValueCell(run.Assessment.Metrics[metric]))
		}
	}
	add("penalty factor", NumberCell(run.Assessment.Penalties.Total))
	add("orders filled", IntCell(counts.Accepted+counts.Clamped))
	add("orders rejected", IntCell(counts.Rejected))
	elimination := "no"
	if e := res.Elimination; e != nil {
		elimination = string(e.Reason) + " " + instant(e.TimeMS)
	}
	add("eliminated", TextCell(elimination))
	add("challenge", TextCell(string(res.Challenge.Verdict)))
	if a := run.Against; a != nil {
		a.keyFigures(add)
	}
	add("digest", TextCell(Digest(run)))
	return t
}
