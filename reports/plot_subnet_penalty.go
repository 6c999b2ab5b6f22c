package reports

import (
	"strconv"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/scoring"
)

// isTelling reports whether a penalty is to be stressed: it takes more than a
// twentieth of the score. Rules §11.
func isTelling(penalty float64) bool { return penalty < penaltyTelling }

// penaltyText writes what multiplies a score: "× 0.99".
func penaltyText(penalty float64) string {
	switch {
	case penalty == 0 || penalty == 1:
		return "× " + strconv.FormatFloat(penalty, 'f', 0, 64)
	case penalty < 0.005:
		return "≈ 0"
	}
	return "× " + strconv.FormatFloat(penalty, 'f', 2, 64)
}

// penaltyInk is the ink of a penalty's cell: pale, and red where it is to be
// stressed: the more it takes the darker.
func penaltyInk(penalty float64) ink {
	const palest = 0xF3C9C2
	if !isTelling(penalty) {
		return inkGrid
	}
	return mix(palest, inkEliminated, 1-max(penalty, 0))
}

// drawPenalty paints what multiplies a miner's score.
func drawPenalty(s *sheet, j *scoring.Judgement, r vg.Rectangle, number bool) {
	penalty := j.Penalties.Total
	i := penaltyInk(penalty)
	s.fill(i, r)
	if !number {
		return
	}
	l := lettering{size: sizeSmall, ink: inkMuted, hang: 0.5}
	if isTelling(penalty) {
		l.ink, l.bold = over(i), true
	}
	s.textMiddle(l, vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}, penaltyText(penalty))
}
