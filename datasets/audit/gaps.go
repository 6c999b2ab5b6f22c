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
	eve    bool  // the evening before a holiday of forex, when feeds stop
}

// gapsHeld is how many of the latest gaps wait for rows that come late, so that
// two rows in the wrong order are one finding, not two.
const gapsHeld = 64

// gaps gathers the gaps of a series.
type gaps struct {
	hours   *hours
	newYork wallClock
	class   market.Class

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
	if g.class == market.Forex {
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
	case x.OpenMS > g.tolerance:
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

// findings sums the gaps up.
func (g *gaps) findings() []Finding {
	var findings []Finding
	if g.over.count > 0 {
		f := g.over.finding(MissingTime, Error)
		f.Cause = g.cause(f)
		f.Remedy = fmt.Sprintf("complete the data; or fill with --on-gap fill, or take gaps of over %s with --max-gap", length(g.tolerance))
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
		findings = append(findings, f)
	}
	if g.rest.count > 0 {
		f := g.rest.finding(MissingTime, Note)
		f.Found = g.restText()
		f.Cause = "many sources write no candle where nothing traded"
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
