package reports

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// NewDocument returns what result.json says of a run, but for the digest, which
// Encode fills in.
func NewDocument(run *Run) *Document {
	res := run.Result
	d := &Document{
		Schema: Schema, Version: run.Version,
		Rules:   documentRules(run.Rules),
		Dataset: append([]DatasetFile{}, run.Dataset...),
		From:    instant(res.FromMS), To: instant(res.ToMS), EvaluationMS: res.ToMS,
		Strategy: run.Strategy, Source: run.Source, Params: append(Params{}, run.Params...), Seed: run.Seed,
		As: competitionName(run.As), Fill: fillName(run.Fill), LatencyMS: run.LatencyMS,

		FinalReturn: res.FinalReturn, MaxDrawdown: res.MaxDrawdown, RunDrawdown: runDrawdown(res), Days: run.Assessment.Days,
		WindowFrom: res.WindowFrom, Counts: CountOrders(res.Orders), Costs: CostsOf(res),
		Metrics: documentMetrics(run.Assessment.Metrics), Penalties: run.Assessment.Penalties,
		Challenge: documentChallenge(res.Challenge), Causality: run.Causality, Warnings: append([]string{}, res.Warnings...),
	}
	d.Daily = make([]DocumentDay, len(res.Daily))
	for i, day := range res.Daily {
		d.Daily[i] = DocumentDay{Date: date(day.DateMS), LogReturn: scoring.Known(day.LogReturn)}
	}
	d.Checkpoints = make([]DocumentCheckpoint, len(res.Checkpoints))
	for i, c := range res.Checkpoints {
		d.Checkpoints[i] = documentCheckpoint(c)
	}
	d.Orders = documentOrders(res.Orders)
	d.Positions = make([]DocumentPosition, len(res.Positions))
	for i := range res.Positions {
		d.Positions[i] = documentPosition(&res.Positions[i])
	}
	d.Elimination, d.Against = documentElimination(res.Elimination), documentAgainst(run.Against)
	return d
}

// runDrawdown is the largest drawdown of the whole run, a loss; that of the
// window at its end can be less, once the window has moved.
func runDrawdown(res *sim.Result) float64 {
	return max(res.MaxDrawdown, sim.MaxDrawdown(res.Checkpoints))
}

// documentRules leaves out what is no rule: the description, and which sets the
// values were inherited from.
func documentRules(r *rules.Resolved) DocumentRules {
	set := *r.Set
	set.Description = ""
	return DocumentRules{Name: set.Name, Text: string(rules.Marshal(&set))}
}

func competitionName(c sim.Competition) string {
	if c == sim.InChallenge {
		return "challenge"
	}
	return "main"
}

func fillName(f sim.FillMode) string {
	if f == sim.FillLastClose {
		return "close"
	}
	return "open"
}

func documentMetrics(m scoring.Metrics) DocumentMetrics {
	return DocumentMetrics{
		Calmar: m[scoring.Calmar], Sharpe: m[scoring.Sharpe], Omega: m[scoring.Omega], Sortino: m[scoring.Sortino],
		StatisticalConfidence: m[scoring.StatisticalConfidence],
		ReturnLong:            m[scoring.ReturnLong], ReturnShort: m[scoring.ReturnShort],
	}
}

func documentChallenge(c sim.ChallengeStatus) DocumentChallenge {
	d := DocumentChallenge{Days: c.Days, DaysNeeded: c.DaysNeeded, Drawdown: c.Drawdown, Verdict: c.Verdict, Reason: c.Reason}
	if c.StartMS != 0 {
		d.StartMS = &c.StartMS
	}
	return d
}

func documentCheckpoint(c sim.Checkpoint) DocumentCheckpoint {
	return DocumentCheckpoint{
		LastUpdateMS: c.LastUpdateMS, AccumMS: c.AccumMS, OpenMS: c.OpenMS,
		Gain: c.Gain, Loss: scoring.Known(c.Loss), MDD: c.MDD, MPV: c.MPV, PrevPortfolioRet: c.PrevPortfolioRet,
		CarryFeeLoss: c.CarryFeeLoss, SpreadFeeLoss: c.SpreadFeeLoss,
	}
}

func documentOrders(orders []sim.OrderRecord) []DocumentOrder {
	out := make([]DocumentOrder, len(orders))
	filled := make([]int64, len(orders))
	for i := range orders {
		o, d := &orders[i], &out[i]
		*d = DocumentOrder{
			EmittedMS: o.EmittedMS, Pair: o.Pair, OrderType: o.Type.String(), Leverage: scoring.Known(o.Leverage),
			Outcome: o.Outcome, Reason: o.Reason, Warnings: noNil(o.Warnings),
		}
		if o.Filled() {
			filled[i] = o.FilledMS
			d.FilledMS = &filled[i]
			d.EffectiveLeverage = scoring.Known(o.EffectiveLeverage)
			d.Price, d.Slippage = scoring.Known(o.FillPrice), scoring.Known(o.FillSlippage)
		}
	}
	return out
}

func documentPosition(p *sim.PositionRecord) DocumentPosition {
	d := DocumentPosition{
		Pair: p.Pair, OpenMS: p.OpenMS, Closed: p.Closed, NetLeverage: p.NetLeverage,
		AverageEntryPrice: p.AverageEntryPrice, CurrentReturn: p.CurrentReturn, ReturnAtClose: p.ReturnAtClose,
		CarryFactor: p.CarryFactor, TransactionFactor: p.TransactionFactor,
		Orders: make([]DocumentFill, len(p.Fills)),
	}
	if p.Closed {
		d.CloseMS = &p.CloseMS
	}
	for i, f := range p.Fills {
		d.Orders[i] = DocumentFill{OrderType: f.Type.String(), Leverage: f.Leverage, Price: f.Price, Slippage: f.Slippage, TimeMS: f.TimeMS}
	}
	return d
}

// noNil makes a list that is empty, rather than none, so that its JSON is [].
func noNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
