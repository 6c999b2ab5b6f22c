package reports

import (
	"fmt"
	"math"
	"path/filepath"
	"time"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// ReadFolder reads a result folder back: its document, and the run that it
// tells of, with the curve and the pairs' ledgers, as plots need it. Of the run
// lack: where its rules' values come from, the uuids of orders, and what only
// pinned orders have.
func ReadFolder(path string) (*Document, *Run, error) {
	d, err := ReadDocument(filepath.Join(path, ResultFile))
	if err != nil {
		return nil, nil, err
	}
	run, err := d.run()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", filepath.Join(path, ResultFile), err)
	}
	if run.Result.ByPair, err = readCheckpoints(filepath.Join(path, CheckpointsFile)); err != nil {
		return nil, nil, err
	}
	run.Curve, err = equityCurve(filepath.Join(path, EquityFile), run.Result.FromMS, run.Result.ToMS)
	if err != nil {
		return nil, nil, err
	}
	return d, run, nil
}

// run is the run that the document tells of. It was checked by ParseDocument.
func (d *Document) run() (*Run, error) {
	resolved, err := rules.Parse(d.Rules.Name, []byte(d.Rules.Text))
	if err != nil {
		return nil, fmt.Errorf("%w: its rules: %w", ErrDocument, err)
	}
	run := &Run{
		Version: d.Version, Rules: resolved, Dataset: d.Dataset, Strategy: d.Strategy, Params: d.Params,
		Seed: d.Seed, LatencyMS: d.LatencyMS, Against: d.Against.against(),
		Assessment: scoring.Assessment{Days: d.Days, MaxDrawdown: d.MaxDrawdown, Metrics: d.Metrics.metrics(), Penalties: d.Penalties},
	}
	if d.As == competitionName(sim.InChallenge) {
		run.As = sim.InChallenge
	}
	if d.Fill == fillName(sim.FillLastClose) {
		run.Fill = sim.FillLastClose
	}
	run.Result, err = d.result()
	return run, err
}

func (d *Document) result() (*sim.Result, error) {
	res := &sim.Result{
		FinalReturn: d.FinalReturn, MaxDrawdown: d.MaxDrawdown, WindowFrom: d.WindowFrom,
		Challenge: sim.ChallengeStatus{
			Days: d.Challenge.Days, DaysNeeded: d.Challenge.DaysNeeded, Drawdown: d.Challenge.Drawdown,
			Verdict: d.Challenge.Verdict, Reason: d.Challenge.Reason,
		},
		Warnings: d.Warnings,
	}
	res.FromMS, _ = parseInstant(d.From)
	res.ToMS, _ = parseInstant(d.To)
	if d.Challenge.StartMS != nil {
		res.Challenge.StartMS = *d.Challenge.StartMS
	}
	res.Elimination = d.Elimination.elimination()
	for i, day := range d.Daily {
		t, err := time.Parse(time.DateOnly, day.Date)
		if err != nil {
			return nil, fmt.Errorf("%w: daily[%d].date is %q, expected a date such as 2025-01-31", ErrDocument, i, day.Date)
		}
		res.Daily = append(res.Daily, sim.Daily{DateMS: t.UnixMilli(), LogReturn: day.LogReturn.Or(math.Inf(-1))})
	}
	for _, c := range d.Checkpoints {
		res.Checkpoints = append(res.Checkpoints, sim.Checkpoint{
			LastUpdateMS: c.LastUpdateMS, AccumMS: c.AccumMS, OpenMS: c.OpenMS, Gain: c.Gain, Loss: c.Loss.Or(math.Inf(-1)), MDD: c.MDD, MPV: c.MPV,
			PrevPortfolioRet: c.PrevPortfolioRet, CarryFeeLoss: c.CarryFeeLoss, SpreadFeeLoss: c.SpreadFeeLoss,
		})
	}
	for i := range d.Orders {
		o, err := d.Orders[i].record()
		if err != nil {
			return nil, fmt.Errorf("%w: orders[%d]: %w", ErrDocument, i, err)
		}
		res.Orders = append(res.Orders, o)
	}
	for i := range d.Positions {
		p, err := d.Positions[i].record()
		if err != nil {
			return nil, fmt.Errorf("%w: positions[%d]: %w", ErrDocument, i, err)
		}
		res.Positions = append(res.Positions, p)
	}
	return res, nil
}

func (m *DocumentMetrics) metrics() (out scoring.Metrics) {
	out[scoring.Calmar], out[scoring.Sharpe], out[scoring.Omega], out[scoring.Sortino] = m.Calmar, m.Sharpe, m.Omega, m.Sortino
	out[scoring.StatisticalConfidence] = m.StatisticalConfidence
	out[scoring.ReturnLong], out[scoring.ReturnShort] = m.ReturnLong, m.ReturnShort
	return out
}

func (o *DocumentOrder) record() (sim.OrderRecord, error) {
	kind, err := orderType(o.OrderType)
	r := sim.OrderRecord{
		Order:     sim.Order{Pair: o.Pair, Type: kind, Leverage: o.Leverage.Or(0)},
		EmittedMS: o.EmittedMS, EffectiveLeverage: o.EffectiveLeverage.Or(0),
		FillPrice: o.Price.Or(0), FillSlippage: o.Slippage.Or(0), Outcome: o.Outcome, Reason: o.Reason,
	}
	if len(o.Warnings) > 0 {
		r.Warnings = o.Warnings
	}
	if o.FilledMS != nil {
		r.FilledMS = *o.FilledMS
	}
	return r, err
}

func (p *DocumentPosition) record() (sim.PositionRecord, error) {
	r := sim.PositionRecord{
		Pair: p.Pair, OpenMS: p.OpenMS, Closed: p.Closed, NetLeverage: p.NetLeverage,
		AverageEntryPrice: p.AverageEntryPrice, CurrentReturn: p.CurrentReturn, ReturnAtClose: p.ReturnAtClose,
		CarryFactor: p.CarryFactor, TransactionFactor: p.TransactionFactor,
	}
	if p.CloseMS != nil {
		r.CloseMS = *p.CloseMS
	}
	for _, f := range p.Orders {
		kind, err := orderType(f.OrderType)
		if err != nil {
			return r, err
		}
		r.Fills = append(r.Fills, sim.Fill{Type: kind, Leverage: f.Leverage, Price: f.Price, Slippage: f.Slippage, TimeMS: f.TimeMS})
	}
	return r, nil
}

func orderType(name string) (sim.OrderType, error) {
	for _, t := range []sim.OrderType{sim.Long, sim.Short, sim.Flat} {
		if t.String() == name {
			return t, nil
		}
	}
	return 0, fmt.Errorf("order_type is %q, expected LONG, SHORT or FLAT", name)
}
