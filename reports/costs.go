package reports

import "github.com/ptnsim/ptnsim/sim"

// Costs is what trading cost the portfolio, by kind, each a fraction: 0.02 is
// 2 % of its value. Rules §6, §7.
type Costs struct {
	Carry          float64 `json:"carry"`           // 1 - the product of all carry factors
	TransactionFee float64 `json:"transaction_fee"` // 1 - the product of all transaction factors

	// SlippageEstimate is the sum of |leverage| × slippage over the fills: what
	// they would have cost at the prices of the first fill. Slippage is in the
	// prices, so that its exact part in the return has no definition.
	SlippageEstimate float64 `json:"slippage_estimate"`
}

// CostsOf adds up what a run's positions cost.
func CostsOf(res *sim.Result) Costs {
	c := res.Costs()
	return Costs{Carry: c.Carry, TransactionFee: c.Fee, SlippageEstimate: c.Slippage}
}
