package reports

import (
	"io"
	"reflect"

	"github.com/ptnsim/ptnsim/sim"
)

// Causality is what the causality test found: no order that knew the future.
type Causality struct {
	Points int    `json:"points"` // instants at which the future was changed
	Runs   int    `json:"runs"`   // plays of the strategy that were compared
	Note   string `json:"note"`   // what the test can't tell; "" if there is nothing
}

// finding is a causality test that was not passed, as other programs read it.
type finding struct {
	Passed bool `json:"passed"` // never: it tells this from what is passed
	Points int  `json:"points"`
	Runs   int  `json:"runs"`

	Deterministic bool           `json:"deterministic"` // false: on the same data the strategy did something else
	Order         int            `json:"order"`         // the first that differs: its place in the order log
	TimeMS        int64          `json:"time_ms"`       // when it was emitted
	PointMS       int64          `json:"point_ms"`      // what finished after it was changed
	Change        string         `json:"change"`        // what was done to it
	InFill        bool           `json:"in_fill"`       // the orders are alike, their fills are not
	Was           *DocumentOrder `json:"was"`           // null: there was none
	Became        *DocumentOrder `json:"became"`        // null: it is gone
	Error         string         `json:"error"`         // that the strategy failed with instead; "": it did not
	Text          string         `json:"text"`          // all of it in sentences
}

// RenderCausality writes, for a program, what a causality test found that was not
// passed: an object in JSON with the one key causality. A test that was passed
// is part of the run's own report.
func RenderCausality(w io.Writer, report *sim.CausalReport) error {
	d := report.Difference
	found := finding{
		Points: report.Points, Runs: report.Runs, Deterministic: !d.Repeated,
		Order: d.Order, TimeMS: d.TimeMS, PointMS: d.PointMS, Change: d.How, InFill: d.InFill,
		Was: documentOrder(d.Was), Became: documentOrder(d.Became), Text: d.Error(),
	}
	if d.Err != nil {
		found.Error = d.Err.Error()
	}
	e := encoder{}
	e.text("{")
	e.key("causality")
	e.value(reflect.ValueOf(&found))
	e.text("}\n")
	_, err := w.Write(e.out)
	return err
}

// documentOrder is one order as result.json has it, nil for none.
func documentOrder(o *sim.OrderRecord) *DocumentOrder {
	if o == nil {
		return nil
	}
	return &documentOrders([]sim.OrderRecord{*o})[0]
}
