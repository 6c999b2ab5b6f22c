package sim

// Checkpoint is the ledger's record of one interval (start, end] of the grid,
// for the whole portfolio or for one pair. Rules §8.
type Checkpoint struct {
	LastUpdateMS int64 // the last instant it covers, UTC ms; of a full one its end
	AccumMS      int64 // time covered, ms
	OpenMS       int64 // the part of it in an open market with an open position, ms

	Gain float64 // sum of the positive log changes of the value, ≥ 0
	Loss float64 // sum of the negative ones, ≤ 0
	MDD  float64 // lowest value / running maximum, a factor ≤ 1
	MPV  float64 // highest value

	PrevPortfolioRet float64 // the value at its end, a factor
	CarryFeeLoss     float64 // log change by carry, ≤ 0 but where the deployed alignment takes some back
	SpreadFeeLoss    float64 // the part of Loss that is the transaction fee, log, ≤ 0
	Updates          int64   // updates that changed the value
}

// Return is the log return over the checkpoint.
func (c Checkpoint) Return() float64 { return c.Gain + c.Loss }
