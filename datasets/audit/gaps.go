package audit

import (
	"fmt"
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// gap is open-market time without candles.
type gap struct {
	datasets.Gap
	row    int64 // of the candle after it
	inside bool  // within one session: the market did not close in it
	eve    bool  // around a holiday of forex, when feeds stop earlier than the market
}

// gapsHeld is how many of the latest gaps wait for rows that come late, so that
// two rows in the wrong order are one finding, not two.
const gapsHeld = 64

// gaps gathers the gaps of a series.
type gaps struct {
	hours   *hours
	newYork wallClock
	class   market.Class
	metal   bool

	interval           int64
	tolerance, doubtMS int64
	keep               int

	held                 []gap
	sum                  datasets.Gaps
	over, doubtful, eves tally
	rest                 tally
	longest              gap // of the rest
	restMS               int64
}

// metalEveMS is the longest gap around a holiday that is usual for metals, ms of
// open market by the hours of forex: from noon on the eve to two o'clock after.
const metalEveMS = 14 * int64(datasets.Hour)

func newGaps(o *Options, hours *hours, newYork wallClock) gaps {
	return gaps{hours: hours, newYork: newYork, class: o.Pair.Class, metal: o.Pair.Metal(), interval: int64(o.Interval),
		tolerance: o.GapToleranceMS, doubtMS: o.GapDoubtMS, keep: o.Keep}
}

// tooLong reports whether a gap is longer than the tolerance. That of metals
// around a holiday is, if the tolerance is not below the usual.
func (g *gaps) tooLong(x *gap) bool {
	if g.metal && x.eve && g.tolerance >= datasets.DefaultGapTolerance(g.class) && x.OpenMS <= metalEveMS {
		return false
	}
	return x.OpenMS > g.tolerance
}

// between judges the span [from, to) without candles before a row.
func (g *gaps) between(from, to, row int64) error {
	x, err := g.measure(from, to, row)
	if err != nil || x.OpenMS < g.interval {
		return err
	}
	g.held = append(g.held, x)
	if len(g.held) > gapsHeld {
		g.settle(g.held[0])
		g.held = slices.Delete(g.held, 0, 1)
	}
	return nil
}

// measure returns the gap [from, to), whose OpenMS is 0 where the market was
// closed.
func (g *gaps) measure(from, to, row int64) (gap, error) {
	x := gap{Gap: datasets.Gap{FromMS: from, ToMS: to}, row: row}
	var err error
	if x.OpenMS, err = g.hours.openMS(from, to); err != nil || x.OpenMS == 0 {
		return x, err
	}
	x.inside = x.OpenMS == to-from
	switch {
	case g.metal:
		x.eve, err = g.aroundHoliday(&x)
	case g.class == market.Forex:
		x.eve, err = g.isEve(&x)
	}
	return x, err
}

// isEve reports whether a gap is the evening before a holiday: from 17:00 New York
// on, where the market closes at midnight.
func (g *gaps) isEve(x *gap) (bool, error) {
	open, until, err := g.hours.at(x.FromMS)
	if err != nil || !open || until-x.FromMS < x.OpenMS {
		return false, err
	}
	const five, midnight = 17 * int64(datasets.Hour), 0
	_, stops := g.newYork.reading(x.FromMS)
	_, closes := g.newYork.reading(until)
	return closes == midnight && stops >= five && until-x.FromMS < dayMS-five+1, nil
}

// aroundHoliday reports whether a gap holds a holiday: a time in which the market
// is closed from or to midnight New York. Metals stop at noon or later before one,
// and begin again in the evening or the night after.
func (g *gaps) aroundHoliday(x *gap) (bool, error) {
	if x.inside || x.ToMS-x.FromMS > 5*dayMS || x.OpenMS > metalEveMS {
		return false, nil
	}
	for ms := x.FromMS; ms < x.ToMS; {
		_, until, err := g.hours.at(ms)
		if err != nil {
			return false, err
		}
		if _, clock := g.newYork.reading(until); clock == 0 && until < x.ToMS {
			return true, nil
		}
		ms = until
	}
	return false, nil
}

// late takes a candle [from, to) that comes out of order out of the gap that it
// belongs to, and reports whether there is one.
func (g *gaps) late(from, to int64) (bool, error) {
	for i, x := range g.held {
		if from < x.FromMS || to > x.ToMS {
			continue
		}
		g.held = slices.Delete(g.held, i, i+1)
		for _, part := range [2][2]int64{{x.FromMS, from}, {to, x.ToMS}} {
			y, err := g.measure(part[0], part[1], x.row)
			if err != nil {
				return false, err
			}
			if y.OpenMS >= g.interval {
				g.held = slices.Insert(g.held, i, y)
				i++
			}
		}
		return true, nil
	}
	return false, nil
}

// settle counts a gap for good.
func (g *gaps) settle(x gap) {
	g.sum.Add(x.Gap)
	t := &g.rest
	switch {
	case g.tooLong(&x):
		t = &g.over
	case x.eve:
		t = &g.eves
	case x.OpenMS > g.doubtMS:
		t = &g.doubtful
	default:
		g.restMS += x.OpenMS
		if x.OpenMS > g.longest.OpenMS {
			g.longest = x
		}
	}
	t.add(g.keep, x.row, x.FromMS, x.ToMS, x.describe)
}

func (x *gap) describe() string {
	text := fmt.Sprintf("no candle from %s to %s", instant(x.FromMS), instant(x.ToMS))
	if !x.inside {
		text += ", " + length(x.OpenMS) + " of it open market"
	} else {
		text += ", " + length(x.OpenMS)
	}
	return text
}

// flush counts the gaps that are left, at the end of the series.
func (g *gaps) flush() {
	for _, x := range g.held {
		g.settle(x)
	}
	g.held = nil
}

// findings sums the gaps up; openMS is the open-market time of the series' span.
func (g *gaps) findings(openMS int64) []Finding {
	var findings []Finding
	if g.over.count > 0 {
		f := g.over.finding(MissingTime, Error)
		f.Cause = g.cause(f)
		f.Remedy = fmt.Sprintf("complete the data; or keep or fill the gaps with --on-gap, or take those of over %s with --max-gap", length(g.tolerance))
		findings = append(findings, f)
	}
	if g.doubtful.count > 0 {
		f := g.doubtful.finding(MissingTime, Warning)
		f.Cause = g.cause(f)
		f.Remedy = "complete the data, or fill with --on-gap fill; runs take them as they are"
		findings = append(findings, f)
	}
	if g.eves.count > 0 {
		f := g.eves.finding(MissingTime, Note)
		f.Cause = "feeds stop at 17:00 New York on the eve of a holiday"
		if g.metal {
			f.Cause = "metals stop trading earlier than currencies around a holiday"
		}
		findings = append(findings, f)
	}
	if g.rest.count > 0 {
		f := g.rest.finding(MissingTime, Note)
		f.Found = g.restText()
		f.Cause = "many sources write no candle where nothing traded"
		if 2*g.restMS > openMS {
			f.Severity = Warning
			f.Cause = "hardly anything traded, or the candles are of another interval"
			f.Remedy = "look at the interval, or take a busier source; runs wait from candle to candle"
		}
		findings = append(findings, f)
	}
	return findings
}

// restText tells the gaps that are only noted.
func (g *gaps) restText() string {
	text := g.longest.describe()
	if g.rest.count > 1 {
		text = fmt.Sprintf("%d gaps, %s in all; the longest: %s", g.rest.count, length(g.restMS), text)
	}
	return text
}

// cause names what a gap that is worth a look most likely is.
func (g *gaps) cause(f Finding) string {
	var whole, inside int
	for _, o := range f.First {
		if o.ToMS-o.FromMS >= dayMS {
			whole++
		} else {
			inside++
		}
	}
	switch {
	case whole > 0 && inside == 0:
		return "a whole day or more is missing: a file left out, or a download that broke off"
	case g.class == market.Crypto:
		return "the exchange was down, or the download broke off"
	}
	return "the source lacks candles while the market traded"
}
