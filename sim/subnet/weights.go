package subnet

// setWeights sets the weights when they are due, and pays what the last ones gave.
// Rules §12.
func (t *tournament) setWeights() error {
	if t.now%t.cfg.WeightsEveryMS != 0 {
		return nil
	}
	t.payroll.pay(t.everyone, t.now)
	if err := t.assess(t.in()); err != nil {
		return err
	}
	awards, concentration, ok := newContest(t.set, entrantsOf(t.slots)).awards()
	t.payroll.paying = false
	for _, m := range t.everyone {
		m.share = 0
	}
	if !ok {
		return nil
	}
	places := make([]*Place, len(t.everyone))
	for i, m := range t.slots {
		of := awards[i]
		m.weight, m.share = of.weight, of.share
		places[m.index] = &Place{Miner: m.index, State: m.state, Rank: of.rank, Score: of.score, Share: of.share}
		t.payroll.paying = t.payroll.paying || of.share > 0
	}
	round := Round{TimeMS: t.now, Concentration: concentration, Places: make([]Place, 0, len(t.slots))}
	for _, p := range places {
		if p != nil {
			round.Places = append(round.Places, *p)
		}
	}
	t.keep(round)
	return nil
}

// in are those who take part, in the order of names.
func (t *tournament) in() []*contender {
	var miners []*contender
	for _, m := range t.slots {
		if m.isIn() {
			miners = append(miners, m)
		}
	}
	return miners
}

// keep writes the first setting of each UTC day down.
func (t *tournament) keep(round Round) {
	t.latest = round
	if n := len(t.history); n == 0 || t.history[n-1].TimeMS/dayMS != round.TimeMS/dayMS {
		t.history = append(t.history, round)
	}
}

// rounds are the settings that were written down, and the very last.
func (t *tournament) rounds() []Round {
	if n := len(t.history); n > 0 && t.history[n-1].TimeMS != t.latest.TimeMS {
		return append(t.history, t.latest)
	}
	return t.history
}

// payroll pays out the emission by the weights that are set. Rules §12.
type payroll struct {
	perDay  float64
	sinceMS int64
	paying  bool // weights are set, and somebody has one
	paid    float64
}

// pay pays for the time since it paid last.
func (p *payroll) pay(miners []*contender, nowMS int64) {
	amount := float64(p.perDay * (float64(nowMS-p.sinceMS) / dayMS))
	p.sinceMS = nowMS
	if !p.paying {
		return
	}
	p.paid += amount
	for _, m := range miners {
		m.result.Emission += float64(m.share * amount)
	}
}
