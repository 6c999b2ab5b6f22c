package rules

// enum is a switch: a text of which few values are allowed.
type enum interface{ allowed() []string }

func (CooldownScope) allowed() []string { return list(CooldownPair, CooldownMiner) }
func (Accounting) allowed() []string {
	return list(AccountingAveragePrice, AccountingRealizedPnL)
}
func (CarryRate) allowed() []string      { return list(CarrySimple, CarryCompound) }
func (CarryAlignment) allowed() []string { return list(CarryDocumented, CarryDeployed) }
func (CarryBooking) allowed() []string   { return list(CarryAtInstant, CarryAtReopening) }
func (Variant) allowed() []string        { return list(Documented, Deployed) }
func (AtLimit) allowed() []string        { return list(AtLimitSurvives, AtLimitEliminates) }
func (Variance) allowed() []string       { return list(VariancePopulation, VarianceSample) }
func (DrawdownKind) allowed() []string   { return list(DrawdownOfMax, DrawdownOfMean) }
func (Penalty) allowed() []string        { return list(PenaltySpares, PenaltyPenalises) }
func (PositionFilter) allowed() []string { return list(FilterNone, FilterClosed60s) }
func (ChallengeStart) allowed() []string {
	return list(ChallengeFromRegistration, ChallengeFromFirstOrder)
}
func (ChallengeReasons) allowed() []string { return list(ReasonsSplit, ReasonsSingle) }

func list[T ~string](values ...T) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return texts
}
