package reports

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Scores is what the command score tells of a population.
type Scores struct {
	Version      string // of ptnsim
	Rules        *rules.Resolved
	EvaluationMS int64 // UTC ms; 0: not known
	Standing     *scoring.Standing
}

// StandingSchema names the form of a standing's JSON.
const StandingSchema = "ptnsim-standing-1"

// Render writes the standing in a format: JSON with everything, the others as a
// table of the miners, the best first.
func (s *Scores) Render(w io.Writer, format Format) error {
	if format == FormatJSON {
		return s.renderJSON(w)
	}
	if err := s.Table(format).Render(w, format); err != nil || format == FormatCSV {
		return err
	}
	for i, text := range s.Standing.Warnings {
		if i == 0 {
			fmt.Fprintln(w)
		}
		if _, err := fmt.Fprintln(w, "- "+text); err != nil {
			return err
		}
	}
	return nil
}

// Table is the miners, the best first. For programs (CSV) each metric is a
// column of its value and one of its percentile; people see both in one, and
// only metrics that count.
func (s *Scores) Table(format Format) *Table {
	metrics := scoring.AllMetrics()
	merged := format != FormatCSV
	if merged {
		metrics = slices.DeleteFunc(metrics, func(m scoring.Metric) bool { return m.Weight(s.Rules.Set.Weights) == 0 })
	}
	t := &Table{Columns: []Column{
		{Name: "rank", Right: true}, {Name: "miner"}, {Name: "state"}, {Name: "days", Right: true},
		{Name: "max_drawdown", Head: "drawdown", Right: true},
	}}
	for _, m := range metrics {
		t.Columns = append(t.Columns, Column{Name: m.String(), Head: metricName(m), Right: true})
		if !merged {
			t.Columns = append(t.Columns, Column{Name: m.String() + "_percentile", Right: true})
		}
	}
	t.Columns = append(t.Columns, []Column{
		{Name: "penalty", Right: true}, {Name: "score", Right: true},
		{Name: "weight", Right: true}, {Name: "emission_share", Head: "emission", Right: true},
	}...)
	for _, m := range s.ranked() {
		t.Rows = append(t.Rows, judgementRow(m, metrics, merged))
	}
	return t
}

func judgementRow(m *scoring.Judgement, metrics []scoring.Metric, merged bool) []Cell {
	rank := Cell{}
	if m.Rank != nil {
		rank = IntCell(*m.Rank)
	}
	row := []Cell{rank, TextCell(m.ID), TextCell(string(m.State)), IntCell(m.Days), PercentCell(m.MaxDrawdown)}
	for _, metric := range metrics {
		value, percentile := m.Metrics[metric], m.Percentiles[metric]
		switch p, known := percentile.Get(); {
		case !merged:
			row = append(row, ValueCell(value), ValueCell(percentile))
		case known:
			row = append(row, TextCell(ValueCell(value).show()+fmt.Sprintf(" (%.0f)", 100*p)))
		default:
			row = append(row, ValueCell(value))
		}
	}
	return append(row, NumberCell(m.Penalties.Total), ValueCell(m.Score), NumberCell(m.Weight), PercentCell(m.EmissionShare))
}

// ranked is the miners by rank; then those without one, the better score first.
func (s *Scores) ranked() []*scoring.Judgement {
	miners := make([]*scoring.Judgement, len(s.Standing.Miners))
	for i := range s.Standing.Miners {
		miners[i] = &s.Standing.Miners[i]
	}
	slices.SortStableFunc(miners, func(a, b *scoring.Judgement) int {
		return cmp.Or(cmp.Compare(rankOf(a), rankOf(b)), cmp.Compare(b.Score.Or(math.Inf(-1)), a.Score.Or(math.Inf(-1))))
	})
	return miners
}

func rankOf(m *scoring.Judgement) int {
	if m.Rank == nil {
		return math.MaxInt
	}
	return *m.Rank
}

// standingJSON is the JSON of a standing.
type standingJSON struct {
	Schema        string        `json:"schema"`
	Version       string        `json:"ptnsim"`
	Rules         string        `json:"rules"`
	EvaluationMS  *int64        `json:"evaluation_ms"`
	Miners        minersJSON    `json:"miners"`
	Concentration scoring.Value `json:"concentration"`
	Warnings      []string      `json:"warnings"`
}

// minersJSON writes {id: {…}} with a miner a line, in the order of the ids.
type minersJSON []scoring.Judgement

// minerJSON adds the elimination to what scoring tells of a miner. Scoring
// ends failed challenges only, and knows neither a time nor a price of it.
type minerJSON struct {
	scoring.Judgement
	Elimination *eliminationJSON `json:"elimination"`
}

type eliminationJSON struct {
	TimeMS   *int64     `json:"time_ms"`
	Reason   sim.Reason `json:"reason"`
	Drawdown float64    `json:"drawdown"`
	Pair     *string    `json:"pair"`
	Price    *float64   `json:"price"`
}

// MarshalJSON writes the object.
func (ms minersJSON) MarshalJSON() ([]byte, error) {
	out := []byte("{")
	for i := range ms {
		miner := minerJSON{Judgement: ms[i]}
		if c := ms[i].Challenge; c != nil && c.Elimination != "" {
			miner.Elimination = &eliminationJSON{Reason: c.Elimination, Drawdown: c.Drawdown}
		}
		id, err := json.Marshal(ms[i].ID)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(miner)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, id...), ':'), text...)
	}
	return append(out, '}'), nil
}

func (s *Scores) renderJSON(w io.Writer) error {
	doc := standingJSON{
		Schema: StandingSchema, Version: s.Version, Rules: s.Rules.Set.Name, Miners: minersJSON(s.Standing.Miners),
		Concentration: s.Standing.Concentration, Warnings: noNil(s.Standing.Warnings),
	}
	if s.EvaluationMS != 0 {
		doc.EvaluationMS = &s.EvaluationMS
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}
