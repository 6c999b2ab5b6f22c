package reports

import (
	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim"
)

// reasonWord says in a word or two what eliminated a miner.
func reasonWord(reason sim.Reason) string {
	switch reason {
	case sim.MaxTotalDrawdown, sim.FailedChallengeDrawdown:
		return "drawdown"
	case sim.FailedChallengeTime:
		return "time is over"
	case sim.FailedChallenge:
		return "failed challenge"
	case sim.Liquidated:
		return "liquidated"
	}
	return "eliminated"
}

// reasonInk is the ink of an elimination's mark.
func reasonInk(reason sim.Reason) ink {
	switch reason {
	case sim.FailedChallengeTime, sim.FailedChallenge:
		return inkChallengeText
	case sim.Liquidated:
		return inkText
	}
	return inkLimit
}

// reasonMark marks an elimination: a cross for a drawdown, a diamond for a failed
// challenge, a dot for a liquidation.
func (s *sheet) reasonMark(reason sim.Reason, at vg.Point, r vg.Length) {
	i := reasonInk(reason)
	switch reason {
	case sim.FailedChallengeTime, sim.FailedChallenge:
		r *= 1.15
		s.FillPolygon(i, []vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y - r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y + r}})
	case sim.Liquidated:
		s.disc(i, at, r)
	default:
		s.cross(inkPaper, at, r+0.5, 3)
		s.cross(i, at, r, 1.6)
	}
}
