package market

import (
	"math"

	"github.com/ptnsim/ptnsim/market/portable"
)

// deployedCarryStepMS is how far apart the builds lay out the intervals of
// every class, whatever its period. Rules §6.
const deployedCarryStepMS = 8 * hourMS

// CarryTerms is what holding a position of one class costs: factors charged at
// fixed instants of the day while it is open. Rules §6.
type CarryTerms struct {
	RateAnnual float64 // fraction a year at leverage 1
	DaysInYear float64
	TimesMS    []int64 // instants of a day, ms since midnight UTC, evenly spaced, ascending
	Multiples  [7]int  // how often a charge counts on a weekday, Sunday first

	Compound bool // (1-rate)^(leverage/instants a year) instead of 1 - rate/instants a year × leverage
	Deployed bool // the builds' layout of the intervals
}

// LeverageStep is a change of a position: its signed net leverage from TimeMS on.
type LeverageStep struct {
	TimeMS int64 // UTC ms
	Net    float64
}

// PeriodMS is the time between two instants.
func (c *CarryTerms) PeriodMS() int64 { return dayMS / int64(len(c.TimesMS)) }

// NextMS returns the first instant strictly after ms.
func (c *CarryTerms) NextMS(ms int64) int64 {
	midnight := dayOf(ms) * dayMS
	for _, t := range c.TimesMS {
		if midnight+t > ms {
			return midnight + t
		}
	}
	return midnight + dayMS + c.TimesMS[0]
}

// Factor is the carry factor at nowMS of a position with these changes, oldest
// first: the product of the charges of every instant in (opening, now]. For a
// closed position now is its close. O(changes + instants). Rules §6.
func (c *CarryTerms) Factor(steps []LeverageStep, nowMS int64) float64 {
	accrual := CarryAccrual{Terms: c}
	return accrual.Factor(steps, nowMS)
}

// CarryAccrual answers CarryTerms.Factor for one position again and again, as
// its changes grow and time goes on, without starting from the opening each
// time: what happened before the last question's instant can't change any more.
// The deployed layout depends on the present, so it does start anew.
type CarryAccrual struct {
	Terms *CarryTerms

	begun   bool
	settled carryWalk // past every instant before the last question
}

// carryWalk is a walk along a position's intervals.
type carryWalk struct {
	leverage leverageWalk
	charge   chargeMemo
	factor   float64
	start    int64 // of the next interval
	end      int64 // its instant
}

// Factor is the carry factor at nowMS; nowMS and the times of new changes must
// not be before the last question's.
func (a *CarryAccrual) Factor(steps []LeverageStep, nowMS int64) float64 {
	if len(steps) == 0 || a.Terms.RateAnnual == 0 {
		return 1
	}
	if a.Terms.Deployed {
		return a.Terms.deployedFactor(steps, nowMS)
	}
	w := &a.settled
	if !a.begun {
		a.begun = true
		*w = carryWalk{charge: newChargeMemo(a.Terms), factor: 1, start: steps[0].TimeMS, end: a.Terms.NextMS(steps[0].TimeMS)}
	}
	w.leverage.steps = steps
	for w.end < nowMS {
		w.step()
		w.end = a.Terms.NextMS(w.start)
	}
	if w.end > nowMS {
		return w.factor
	}
	// The instant is now: a change at this very instant may still raise its charge.
	last := *w
	last.step()
	return last.factor
}

// step charges the walk's next interval.
func (w *carryWalk) step() {
	w.factor *= w.charge.at(w.leverage.largest(w.start, w.end), w.end)
	w.start = w.end
}

// deployedFactor is the factor in the builds' layout. Rules §6.
func (c *CarryTerms) deployedFactor(steps []LeverageStep, nowMS int64) float64 {
	start := steps[0].TimeMS
	w := carryWalk{leverage: leverageWalk{steps: steps}, charge: newChargeMemo(c), factor: 1, start: start}
	w.end = start + c.NextMS(nowMS) - nowMS
	for range c.count(start, nowMS) {
		w.step()
		w.end += deployedCarryStepMS
	}
	return w.factor
}

// count is the number of instants that the builds charge. Rules §6.
func (c *CarryTerms) count(openMS, nowMS int64) int64 {
	period := c.PeriodMS()
	n, rest := (nowMS-openMS)/period, (nowMS-openMS)%period
	if rest >= c.NextMS(openMS)-openMS {
		n++
	}
	return n
}

// Multiple is how often the charge of an instant, UTC ms, counts, by its weekday.
func (c *CarryTerms) Multiple(instantMS int64) int { return c.Multiples[weekdayOf(dayOf(instantMS))] }

// Charge is the factor of one instant at that leverage, counted multiple times.
func (c *CarryTerms) Charge(leverage float64, multiple int) float64 {
	instants := c.DaysInYear * float64(len(c.TimesMS))
	m := float64(multiple)
	if c.Compound {
		return portable.Pow(1-c.RateAnnual, leverage*m/instants)
	}
	return 1 - float64(c.RateAnnual/instants*leverage*m)
}

// chargeMemo remembers the last leverage's charges: the leverage rarely changes
// from one instant to the next, and a power costs more than all else here.
type chargeMemo struct {
	terms    *CarryTerms
	leverage float64
	known    [7]bool
	factors  [7]float64
}

func newChargeMemo(c *CarryTerms) chargeMemo { return chargeMemo{terms: c, leverage: -1} }

func (m *chargeMemo) at(leverage float64, instantMS int64) float64 {
	if leverage != m.leverage {
		m.leverage, m.known = leverage, [7]bool{}
	}
	day := weekdayOf(dayOf(instantMS))
	if !m.known[day] {
		m.known[day] = true
		m.factors[day] = m.terms.Charge(leverage, m.terms.Multiples[day])
	}
	return m.factors[day]
}

// leverageWalk reads the largest leverage of successive intervals.
type leverageWalk struct {
	steps []LeverageStep
	next  int     // first step after the walk's place
	net   float64 // |net leverage| there
}

// largest is the largest |net leverage| over (startMS, endMS]: that after the
// changes at the start, and before and after each later one. Intervals must
// ascend.
func (w *leverageWalk) largest(startMS, endMS int64) float64 {
	w.advance(startMS)
	largest := w.net
	for w.next < len(w.steps) && w.steps[w.next].TimeMS <= endMS {
		w.net = math.Abs(w.steps[w.next].Net)
		w.next++
		largest = max(largest, w.net)
	}
	return largest
}

func (w *leverageWalk) advance(ms int64) {
	for w.next < len(w.steps) && w.steps[w.next].TimeMS <= ms {
		w.net = math.Abs(w.steps[w.next].Net)
		w.next++
	}
}
