package reports

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim/subnet"
)

// NewSubnetDocument returns what subnet.json says of a tournament, but for the
// digest, which Encode fills in.
func NewSubnetDocument(s *Subnet) *SubnetDocument {
	r := s.Result
	d := &SubnetDocument{
		Schema: SubnetSchema, Version: s.Version, Rules: documentRules(s.Rules), Dataset: append([]DatasetFile{}, s.Dataset...),
		Name: s.Name, Source: s.Source, From: instant(r.FromMS), To: instant(r.ToMS), EvaluationMS: r.ToMS, Seed: r.Seed,
		WeightsEveryMS: r.WeightsEveryMS, ChecksEveryMS: r.ChecksEveryMS, Slots: s.Rules.Set.Registration.Slots,
		EmissionPerDay: r.EmissionPerDay, RegistrationFee: r.RegistrationFee,
		Counts: CountSubnet(r), Groups: GroupSubnet(r), Emission: r.Emission, Concentration: s.concentration(), Gini: s.gini(),
		Miners: make(SubnetMiners, len(r.Miners)), Events: make([]DocumentEvent, len(r.Events)), History: make([]DocumentRound, len(r.History)),
		Warnings: noNil(r.Warnings),
	}
	for i := range r.Miners {
		d.Miners[i] = subnetMiner(&r.Miners[i])
	}
	slices.SortFunc(d.Miners, func(a, b SubnetMiner) int { return cmp.Compare(a.ID, b.ID) })
	for i := range r.Events {
		d.Events[i] = documentEvent(&r.Events[i])
	}
	for i := range r.History {
		d.History[i] = documentRound(r, &r.History[i])
	}
	return d
}

func subnetMiner(m *subnet.MinerResult) SubnetMiner {
	j, account := &m.Judgement, m.Account
	d := SubnetMiner{
		ID: m.Name, Days: j.Days, MaxDrawdown: j.MaxDrawdown, Metrics: documentMetrics(j.Metrics), Percentiles: documentMetrics(j.Percentiles),
		Penalties: j.Penalties, Score: j.Score, Weight: j.Weight, EmissionShare: j.EmissionShare, Rank: j.Rank, State: m.State,
		Elimination: documentElimination(account.Elimination), Challenge: subnetChallenge(m),

		Group: m.Group, Generation: m.Generation, Strategy: m.Strategy, Params: Params{}, Source: m.SHA256,
		DelayMS: m.DelayMS, Seed: m.Seed, Fill: fillName(m.Fill), LatencyMS: m.LatencyMS, AgainMS: m.AgainMS, BeganMain: m.Main,
		Registered: m.RegisteredMS, Promoted: msOrNull(m.PromotedMS), Out: msOrNull(m.OutMS), SlotLost: msOrNull(m.SlotLostMS),

		FinalReturn: account.FinalReturn, RunDrawdown: runDrawdown(account), Positions: len(account.Positions),
		Costs: CostsOf(account), Orders: CountOrders(account.Orders), Emission: m.Emission, Fee: m.Fee, Warnings: noNil(account.Warnings),
	}
	if m.Copies != "" {
		d.Copies = &m.Copies
	}
	for _, p := range m.Params {
		d.Params = append(d.Params, Param{p.Name, p.Value})
	}
	return d
}

// subnetChallenge is a miner's challenge as its account remembers it. While it lasts
// the numbers are those of the end of the range, which is seldom one of its checks:
// so it may be still running with numbers that suffice.
func subnetChallenge(m *subnet.MinerResult) *SubnetChallenge {
	if m.Main {
		return nil
	}
	c := m.Account.Challenge
	d := &SubnetChallenge{
		StartMS: msOrNull(c.StartMS), Days: c.Days, DaysNeeded: c.DaysNeeded, Drawdown: c.Drawdown, Verdict: c.Verdict, Reason: c.Reason,
	}
	if j := m.Judgement.Challenge; j != nil {
		d.Days, d.DaysNeeded, d.Drawdown, d.Percentile = j.Days, j.DaysNeeded, j.Drawdown, j.Percentile
	}
	return d
}
