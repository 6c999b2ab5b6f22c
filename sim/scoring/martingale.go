package scoring

import (
	"math"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// MartingaleScore is the share of the positions that were added to again and
// again at a loss, each weighted by a power of its return: in [0, 1], 0 without
// positions. Rules §11.
func MartingaleScore(m rules.Martingale, positions []sim.PositionRecord) float64 {
	return martingaleScore(m, positions, func(*sim.PositionRecord) bool { return true })
}

// martingaleScore is that of the positions that are judged.
func martingaleScore(m rules.Martingale, positions []sim.PositionRecord, judged func(*sim.PositionRecord) bool) float64 {
	highest := 0.0
	for i := range positions {
		if judged(&positions[i]) {
			highest = max(highest, positions[i].ReturnAtClose)
		}
	}
	marked, total := 0.0, 0.0
	for i := range positions {
		if !judged(&positions[i]) {
			continue
		}
		weight := martingaleWeight(m, positions[i].ReturnAtClose, highest)
		total += weight
		if martingaleSteps(positions[i].Fills) >= m.Steps {
			marked += weight
		}
	}
	if total == 0 {
		return 0
	}
	return marked / total
}

// martingaleWeight is a position's: a power of its return, by the highest of all, so
// that it is never infinite. Where all lost everything they weigh alike.
func martingaleWeight(m rules.Martingale, ret, highest float64) float64 {
	if highest > 0 {
		return portable.Pow(ret/highest, m.ReturnPower)
	}
	return 1
}

// martingaleJudges reports whether the penalty looks at a position: at a closed
// one that was opened within the window before nowMS, and at an open one that
// loses.
func martingaleJudges(m rules.Martingale, p *sim.PositionRecord, nowMS int64) bool {
	if p.Closed {
		return nowMS-p.OpenMS <= m.Window.MS()
	}
	return p.ReturnAtClose < 1
}

// martingaleSteps counts the orders at a price worse than that of the first
// that raised |leverage| over that of the first order and of every such order
// before. What was added at a better price raises no bar. (A last step that
// repeats the final leverage can't be over the bar, so it is not walked.)
func martingaleSteps(fills []sim.Fill) int {
	if len(fills) == 0 {
		return 0
	}
	first := fills[0]
	steps, leverage, bar := 0, first.Leverage, math.Abs(first.Leverage)
	for _, fill := range fills[1:] {
		if fill.Type == sim.Flat {
			break // a close; one build stored a leverage of 0 with it
		}
		leverage += fill.Leverage
		worse := fill.Price < first.Price
		if first.Leverage < 0 {
			worse = fill.Price > first.Price
		}
		if worse && math.Abs(leverage) > bar {
			steps++
			bar = math.Abs(leverage)
		}
	}
	return steps
}

// martingalePenalty is what the score leaves of a miner's reward, in (0, 1).
func martingalePenalty(m rules.Martingale, score float64) float64 {
	return sigmoid(score, m.SigmoidShift, m.SigmoidSlope, m.ExponentMax)
}

// sigmoid falls from 1 to 0 and passes 1/2 at the shift. Rules §11.
func sigmoid(x, shift, slope, exponentMax float64) float64 {
	exponent := float64(slope * (x - shift))
	exponent = min(max(exponent, -exponentMax), exponentMax)
	return 1 / (1 + portable.Exp(exponent))
}
