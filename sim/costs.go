package sim

import "math"

// Costs is what trading cost an account, by kind, each a fraction: 0.02 is 2 % of
// its value. Rules §6, §7.
type Costs struct {
	Carry float64 // 1 - the product of all carry factors
	Fee   float64 // 1 - the product of all transaction factors

	// Slippage is the sum of |leverage| × slippage over the fills: what they would
	// have cost at the prices of the first fill. Slippage is in the prices, so that
	// its exact part in the return has no definition.
	Slippage float64
}

// Costs adds up what the run's positions cost.
func (r *Result) Costs() Costs {
	carry, fee, slippage := 1.0, 1.0, 0.0
	for i := range r.Positions {
		p := &r.Positions[i]
		carry *= p.CarryFactor
		fee *= p.TransactionFactor
		for _, f := range p.Fills {
			slippage += float64(math.Abs(f.Leverage) * f.Slippage)
		}
	}
	return Costs{Carry: 1 - carry, Fee: 1 - fee, Slippage: slippage}
}

// CarryCharge is a change of a position's carry factor: what an instant cost, or
// several of them that were waiting for their market. Under the deployed alignment,
// which lays all intervals out anew, some of it may be given back. Rules §6.
type CarryCharge struct {
	Pair          string
	TimeMS        int64 // when it was booked, UTC ms
	Before, After float64
}
