package reports

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim"
)

// daily draws the returns of the full days over time, and their distribution
// beside a normal one of the same mean and deviation.
func (s *sheet) daily(run Run) {
	s.header("Daily returns", run)
	x, endMS := life(run.Result)
	left := s.panels(x, 1)[0]
	left.area.Max.X = 490
	left.caption("Log return", "of each full day, UTC")
	days := run.Result.Daily
	if len(days) == 0 {
		left.area.Max.X = plotWidth - marginRight
		left.message("no full day", "a day counts if the ledger covers it from midnight to midnight, UTC")
		return
	}
	right := *left
	right.area.Min.X, right.area.Max.X = 545, plotWidth-marginSide
	left.dailyBars(days, endMS)
	right.dailyHistogram(newHistogram(days))
}

func (p *panel) dailyBars(days []sim.Daily, endMS int64) {
	p.x.include(float64(days[0].DateMS), float64(days[len(days)-1].DateMS+dayMS))
	p.y = scale{0, 0}
	for _, d := range days {
		p.y.include(d.LogReturn)
	}
	p.y = p.y.padded(0.06, 0.06, 0.0002)
	p.columnsAt(timeTicks(int64(p.x.min), int64(p.x.max), 7), true)
	p.rows(percentTicks(p.y, 8))
	zero := p.atY(0)
	for _, d := range days {
		bar := vg.Rectangle{
			Min: vg.Point{X: p.atX(float64(d.DateMS)), Y: zero},
			Max: p.at(float64(d.DateMS+dayMS), d.LogReturn),
		}
		if gap := 0.15 * bar.Size().X; gap > 0.2 {
			bar.Min.X, bar.Max.X = bar.Min.X+gap, bar.Max.X-gap
		}
		bar.Max.X = min(max(bar.Max.X, bar.Min.X+0.5), p.area.Max.X) // at least a pixel
		i := inkGain
		if d.LogReturn < 0 {
			i = inkLoss
			bar.Min.Y, bar.Max.Y = bar.Max.Y, bar.Min.Y
		}
		p.fill(i, bar)
	}
	p.base(0)
}

// histogram is how many days' returns fall into each bin; bins are equally wide,
// and one of them starts at 0.
type histogram struct {
	width       float64
	first       int // the first bin starts at first × width
	counts      []int
	zeros       int // of them, days without any change: in the bin that starts at 0
	days        int
	mean, sigma float64 // of the returns; sigma is the sample's
}

// newHistogram counts the days whose return is a number: that of a day which
// liquidates is none.
func newHistogram(days []sim.Daily) histogram {
	days = slices.DeleteFunc(slices.Clone(days), func(d sim.Daily) bool { return d.LogReturn-d.LogReturn != 0 })
	h := histogram{days: len(days)}
	low, high := 0.0, 0.0
	for _, d := range days {
		low, high = min(low, d.LogReturn), max(high, d.LogReturn)
		h.mean += d.LogReturn / float64(len(days))
	}
	for _, d := range days {
		h.sigma += (d.LogReturn - h.mean) * (d.LogReturn - h.mean)
	}
	h.sigma = math.Sqrt(h.sigma / float64(max(len(days)-1, 1)))
	h.width = h.binWidth(high - low)
	bin := func(r float64) int { return int(math.Floor(r / h.width)) }
	h.first = bin(low)
	h.counts = make([]int, bin(high)-h.first+1)
	for _, d := range days {
		h.counts[bin(d.LogReturn)-h.first]++
		if d.LogReturn == 0 {
			h.zeros++
		}
	}
	return h
}

// binWidth is narrower than Scott's rule has it, which suits a bell: daily
// returns have tails. It makes 8 to 60 bins.
func (h *histogram) binWidth(length float64) float64 {
	if length <= 0 {
		return 0.001
	}
	bins := 8.0
	if h.sigma > 0 {
		scott := 3.5 * h.sigma / math.Cbrt(float64(h.days))
		bins = min(max(bins, 1.6*length/scott), 60)
	}
	return length / bins
}

// normal is the number of days that a normal distribution expects in a bin
// around r.
func (h *histogram) normal(r float64) float64 {
	z := (r - h.mean) / h.sigma
	return float64(h.days) * h.width / (h.sigma * math.Sqrt(2*math.Pi)) * math.Exp(-z*z/2)
}

// shape reports whether there is a distribution to speak of.
func (h *histogram) shape() bool { return h.days > 2 && h.sigma > 1e-9 }

func (p *panel) dailyHistogram(h histogram) {
	p.x = scale{float64(h.first) * h.width, float64(h.first+len(h.counts)) * h.width}
	p.x.include(-h.width, h.width)
	p.y = scale{0, 1}
	for _, n := range h.counts {
		p.y.include(float64(n))
	}
	if h.shape() {
		p.y.include(h.normal(h.mean))
		p.x.include(h.mean-3*h.sigma, h.mean+3*h.sigma)
	}
	p.y = p.y.padded(0, 0.08, 1)
	p.columnsAt(percentTicks(p.x, 4), true)
	p.rows(countTicks(p.y))
	for k, n := range h.counts {
		p.bin(h, h.first+k, n)
	}
	p.base(0)
	if h.shape() {
		p.normalCurve(h)
	}
	p.caption("Distribution", fmt.Sprintf("%s: mean %s, σ %s", count(h.days, "day"), changeText(h.mean), percentText(h.sigma)))
}

func (p *panel) bin(h histogram, k, n int) {
	i := inkGain
	if k < 0 {
		i = inkLoss
	}
	bar := vg.Rectangle{Min: p.at(float64(k)*h.width, 0), Max: p.at(float64(k+1)*h.width, float64(n))}
	bar.Max.X -= min(0.6, bar.Size().X/4)
	p.fill(i, bar)
	if k == 0 && h.zeros > 0 {
		bar.Max.Y = p.atY(float64(h.zeros))
		p.fill(inkZero, bar)
	}
}

// normalCurve draws the normal distribution, the mean, and one deviation to
// either side of it.
func (p *panel) normalCurve(h histogram) {
	var points []vg.Point
	const steps = 160
	for k := range steps + 1 {
		r := p.x.min + (p.x.max-p.x.min)*float64(k)/steps
		points = append(points, p.at(r, h.normal(r)))
	}
	p.stroke(solid(inkEquity, 1.2), points...)
	p.stroke(solid(inkEquity, 1), p.at(h.mean, 0), p.at(h.mean, p.y.max))
	for _, r := range [...]float64{h.mean - h.sigma, h.mean + h.sigma} {
		p.stroke(dashed(inkEquity, 0.7), p.at(r, 0), p.at(r, p.y.max))
	}
}

// countTicks are marks of an axis of whole numbers.
func countTicks(s scale) []tick {
	step := max(1, math.Ceil(roundStep(s.max-s.min, 5)))
	var ticks []tick
	for n := 0.0; n <= s.max; n += step {
		ticks = append(ticks, tick{at: n, label: typeset(strconv.Itoa(int(n)))})
	}
	return ticks
}
