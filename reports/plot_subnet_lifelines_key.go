package reports

import (
	"slices"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// drawKey explains the inks and marks that there are.
func (c *lifelinesChart) drawKey(s *sheet) {
	x, y := vg.Length(132), vg.Length(30)
	l := lettering{size: sizeSmall, ink: inkMuted}
	key := func(present bool, label string, width vg.Length, draw func(at vg.Point)) {
		if !present {
			return
		}
		draw(vg.Point{X: x + width/2, Y: y})
		s.textMiddle(l, vg.Point{X: x + width + 4, Y: y}, label)
		x += width + 4 + s.face(l).Width(label) + 13
	}
	some := func(is func(r *lifeRow) bool) bool {
		return slices.ContainsFunc(c.rows, func(r lifeRow) bool { return is(&r) })
	}
	bar := func(i ink, half vg.Length) func(at vg.Point) {
		return func(at vg.Point) {
			s.fill(i, vg.Rectangle{Min: vg.Point{X: at.X - 8, Y: at.Y - half}, Max: vg.Point{X: at.X + 8, Y: at.Y + half}})
		}
	}
	thin := len(c.blocks) > 0
	eliminated := func(reasons ...sim.Reason) bool {
		return some(func(r *lifeRow) bool { return r.State == scoring.StateEliminated && slices.Contains(reasons, r.reason) })
	}
	mark := func(reason sim.Reason) func(at vg.Point) {
		return func(at vg.Point) {
			if thin {
				s.fill(reasonInk(reason), vg.Rectangle{Min: vg.Point{X: at.X - 1.2, Y: at.Y - 4}, Max: vg.Point{X: at.X + 1.2, Y: at.Y + 4}})
				return
			}
			s.reasonMark(reason, at, 3.2)
		}
	}
	key(some(func(r *lifeRow) bool { return !r.Main }), "challenge", 16, bar(inkChallenge, 3.5))
	key(some(func(r *lifeRow) bool { return r.Main || r.PromotedMS > 0 }), "main competition", 16, bar(inkMain, 3.5))
	key(some(func(r *lifeRow) bool { return r.State == scoring.StateEliminated }), "eliminated, with a slot", 16, bar(inkHolding, 2))
	key(!thin && some(func(r *lifeRow) bool { return r.PromotedMS > 0 }), "promoted", 8, func(at vg.Point) { s.promotionMark(at, 3.4) })
	key(eliminated(sim.MaxTotalDrawdown, sim.FailedChallengeDrawdown), "drawdown", 7, mark(sim.MaxTotalDrawdown))
	key(eliminated(sim.FailedChallengeTime, sim.FailedChallenge), "challenge failed", 7, mark(sim.FailedChallengeTime))
	key(eliminated(sim.Liquidated), "liquidated", 7, mark(sim.Liquidated))
	key(some(func(r *lifeRow) bool { return r.SlotLostMS > 0 }), "slot lost", 7, func(at vg.Point) { s.square(inkDeregistered, at, 2.6) })
}

// promotionMark is a triangle that points up.
func (s *sheet) promotionMark(at vg.Point, r vg.Length) {
	corners := []vg.Point{{X: at.X - r, Y: at.Y - 0.8*r}, {X: at.X + r, Y: at.Y - 0.8*r}, {X: at.X, Y: at.Y + r}}
	s.FillPolygon(inkPaper, corners)
	s.stroke(solid(inkMain, 0.9), append(corners, corners[0])...)
}
