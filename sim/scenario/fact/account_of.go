package fact

import (
	"maps"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// OfAccount returns what a run came to. The assessment is of the window at its end,
// the carry what sim.Observer.Carry told (see OfCarry), the digest that of result.json.
func OfAccount(res *sim.Result, assessment scoring.Assessment, carry []CarryCharge, digest string) Account {
	costs := res.Costs()
	a := Account{
		FinalReturn: res.FinalReturn, MaxDrawdown: res.MaxDrawdown,
		RunDrawdown: max(res.MaxDrawdown, sim.MaxDrawdown(res.Checkpoints)), Days: assessment.Days,
		Checkpoints: each(res.Checkpoints, checkpoint), Pairs: pairs(res.ByPair),
		Orders: each(res.Orders, order), Counts: counts(res.Orders),
		Positions: each(res.Positions, position), Carry: carry,
		Costs:   Costs{Carry: costs.Carry, TransactionFee: costs.Fee, SlippageEstimate: costs.Slippage},
		Metrics: metrics(assessment.Metrics), Penalties: penalties(assessment.Penalties),
		Elimination: elimination(res.Elimination), Challenge: challenge(res), Warnings: res.Warnings, Digest: digest,
	}
	for _, d := range res.Daily {
		a.Daily = append(a.Daily, Day{Date: Date(d.DateMS), LogReturn: scoring.Known(d.LogReturn)})
	}
	return a
}

// OfCarry is a charge as a run's observer hears of it.
func OfCarry(c sim.CarryCharge) CarryCharge {
	return CarryCharge{Time: Instant(c.TimeMS), Pair: c.Pair, Charge: c.After / c.Before, Factor: c.After}
}

func checkpoint(c *sim.Checkpoint) Checkpoint {
	return Checkpoint{
		LastUpdate: Instant(c.LastUpdateMS), Accum: Length(c.AccumMS), Open: Length(c.OpenMS),
		Gain: c.Gain, Loss: scoring.Known(c.Loss), MDD: c.MDD, MPV: c.MPV, PrevPortfolioRet: c.PrevPortfolioRet,
		CarryFeeLoss: scoring.Known(c.CarryFeeLoss), SpreadFeeLoss: scoring.Known(c.SpreadFeeLoss), Updates: c.Updates,
	}
}

func pairs(byPair map[string][]sim.Checkpoint) []PairLedger {
	var list []PairLedger
	for _, id := range slices.Sorted(maps.Keys(byPair)) {
		list = append(list, PairLedger{Pair: id, Checkpoints: each(byPair[id], checkpoint)})
	}
	return list
}

func order(o *sim.OrderRecord) Order {
	of := Order{
		Became: became(o), Outcome: Word(o.Outcome), Reason: Word(o.Reason), Emitted: Instant(o.EmittedMS),
		Pair: o.Pair, OrderType: Word(o.Type.String()), Leverage: scoring.Known(o.Leverage), Warnings: o.Warnings,
	}
	if o.Filled() {
		of.Filled = instant(o.FilledMS)
		of.EffectiveLeverage = scoring.Known(o.EffectiveLeverage)
		of.Price, of.Slippage = scoring.Known(o.FillPrice), scoring.Known(o.FillSlippage)
	}
	return of
}

func became(o *sim.OrderRecord) Word {
	switch {
	case o.Outcome == "":
		return waiting
	case o.Reason == "":
		return Word(o.Outcome)
	}
	return Word(string(o.Outcome) + " " + string(o.Reason))
}

// counts leaves an order that waits for its price to the end out of all but the first.
func counts(orders []sim.OrderRecord) Counts {
	of := sim.CountOrders(orders)
	c := Counts{Orders: of.Orders, Accepted: of.Accepted, Clamped: of.Clamped, Rejected: of.Rejected, Ignored: of.Ignored}
	for _, r := range of.Reasons {
		c.Reasons = append(c.Reasons, ReasonCount{Reason: Word(r.Reason), Orders: r.Orders})
	}
	return c
}

func position(p *sim.PositionRecord) Position {
	of := Position{
		Pair: p.Pair, Open: Instant(p.OpenMS), Closed: p.Closed, NetLeverage: p.NetLeverage,
		AverageEntryPrice: p.AverageEntryPrice, CurrentReturn: p.CurrentReturn, ReturnAtClose: p.ReturnAtClose,
		CarryFactor: p.CarryFactor, TransactionFactor: p.TransactionFactor, Orders: each(p.Fills, fill),
	}
	if p.Closed {
		of.Close = instant(p.CloseMS)
	}
	return of
}

func fill(f *sim.Fill) Fill {
	return Fill{Time: Instant(f.TimeMS), OrderType: Word(f.Type.String()), Leverage: f.Leverage, Price: f.Price, Slippage: f.Slippage}
}

func metrics(m scoring.Metrics) Metrics {
	return Metrics{
		Calmar: m[scoring.Calmar], Sharpe: m[scoring.Sharpe], Omega: m[scoring.Omega], Sortino: m[scoring.Sortino],
		StatisticalConfidence: m[scoring.StatisticalConfidence],
		ReturnLong:            m[scoring.ReturnLong], ReturnShort: m[scoring.ReturnShort],
	}
}

func penalties(p scoring.Penalties) Penalties {
	return Penalties{Drawdown: p.Drawdown, Martingale: p.Martingale, Total: p.Total}
}

func elimination(e *sim.Elimination) *Elimination {
	if e == nil {
		return nil
	}
	of := &Elimination{Time: Instant(e.TimeMS), Reason: Word(e.Reason), Drawdown: e.Drawdown}
	if e.Pair != "" {
		of.Pair, of.Price = &e.Pair, scoring.Known(e.Price)
	}
	return of
}

func challenge(res *sim.Result) Challenge {
	c := &res.Challenge
	of := Challenge{Days: c.Days, DaysNeeded: c.DaysNeeded, Drawdown: c.Drawdown, Verdict: Word(c.Verdict)}
	if c.StartMS != 0 {
		of.Start = instant(c.StartMS)
	}
	if e := res.Elimination; e != nil && failedChallenge(e.Reason) {
		of.Elimination = Word(e.Reason)
	}
	return of
}

// failedChallenge reports whether an elimination ended a challenge.
func failedChallenge(reason sim.Reason) bool {
	switch reason {
	case sim.FailedChallenge, sim.FailedChallengeDrawdown, sim.FailedChallengeTime:
		return true
	}
	return false
}

func instant(ms int64) *Instant { return (*Instant)(&ms) }

// each is a list of what each of another list is.
func each[T, Of any](list []T, of func(*T) Of) []Of {
	facts := make([]Of, len(list))
	for i := range list {
		facts[i] = of(&list[i])
	}
	return facts
}
