package scoring

import "github.com/ptnsim/ptnsim/sim/rules"

// drawdownPenalty is 0 for a drawdown beyond the limit in the checkpoints that
// are looked at, the unfinished one included, else 1. Rules §11.
func drawdownPenalty(p rules.DrawdownPenalty, mdd []float64) float64 {
	if beyond(worst(last(mdd, p.LastCheckpoints)), p.Limit, p.AtLimit == rules.PenaltyPenalises) {
		return 0
	}
	return 1
}

// beyond reports whether a drawdown exceeds the limit, or also meets it. The
// drawdown is a factor (0.93), the limit a loss (0.1): they are compared as
// factors, since 1 - 0.9 is a little less than 0.1.
func beyond(factor, limit float64, atLimit bool) bool {
	if atLimit {
		return factor <= 1-limit
	}
	return factor < 1-limit
}
