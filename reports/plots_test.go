package reports

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

const plotStart = 1735689600000 // 2025-01-01, midnight UTC

// turner goes long and short by turns, and flat between.
type turner struct {
	pairs    []string
	everyMS  int64
	leverage float64
	turn     int
}

func (s *turner) Init(setup *sim.Setup) error {
	setup.WakeAt(plotStart + s.everyMS)
	return nil
}

func (s *turner) Decide(c *sim.Context) error {
	for _, pair := range s.pairs {
		switch s.turn % 4 {
		case 0:
			c.Long(pair, s.leverage)
		case 2:
			c.Short(pair, s.leverage)
		default:
			c.Flat(pair)
		}
	}
	s.turn++
	c.WakeAt(c.NowMS() + s.everyMS)
	return nil
}

// plotWave is a series that rises and falls, with some noise of its own.
func plotWave(t testing.TB, id string, days int, swing float64) *market.Series {
	t.Helper()
	pair, ok := market.FindPair(market.Pairs(), id)
	if !ok {
		t.Fatalf("no pair %s", id)
	}
	const interval = 5 * 60_000
	s := &market.Series{Pair: pair, IntervalMS: interval}
	for i := range days * 288 {
		x := float64(i)
		price := 100 * (1 + swing*math.Sin(x/700+float64(len(id))) + swing/8*math.Sin(x*1.9))
		s.Time = append(s.Time, plotStart+int64(i)*interval)
		for _, column := range []*[]float64{&s.Open, &s.High, &s.Low, &s.Close} {
			*column = append(*column, price)
		}
	}
	return s
}

// plotRun plays the turner over two pairs.
func plotRun(t testing.TB, set string, days int, swing, leverage float64) Run {
	t.Helper()
	resolved, err := rules.Load(set)
	if err != nil {
		t.Fatal(err)
	}
	pairs := []string{"BTCUSD", "SOLUSD"}
	to := plotStart + int64(days)*dayMS
	recorder := NewCurveRecorder(plotStart, to)
	result, err := sim.Run(context.Background(), sim.Config{
		Rules: resolved.Set, FromMS: plotStart, ToMS: to,
		Series:   []*market.Series{plotWave(t, pairs[0], days, swing), plotWave(t, pairs[1], days, swing)},
		Strategy: &turner{pairs: pairs, everyMS: 7 * 60 * 60_000, leverage: leverage},
		Observer: sim.Observer{Equity: recorder.Record},
	})
	if err != nil {
		t.Fatal(err)
	}
	return Run{Rules: resolved, Strategy: "turner", Params: []Param{{Name: "every", Value: "7h"}}, Result: result, Curve: recorder.Curve()}
}

// svgTexts draws a plot as SVG, which must be well-formed, and returns its texts.
func svgTexts(t *testing.T, run Run, plot Plot) []string {
	t.Helper()
	var b bytes.Buffer
	if err := WritePlot(&b, run, plot, SVG, "a note"); err != nil {
		t.Fatal(err)
	}
	if bad := regexp.MustCompile(`[\d",](NaN|[+-]?Inf)`).Find(b.Bytes()); bad != nil {
		t.Errorf("%s: the SVG has a coordinate that is no number: %s", plot, bad)
	}
	var texts []string
	inText := false
	for d := xml.NewDecoder(&b); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("%s: %v", plot, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "text"
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				texts = append(texts, string(token))
			}
		}
	}
}

func wantTexts(t *testing.T, texts []string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("no text has %q; there are %q", want, texts)
		}
	}
}

func TestWritePlotsNamesAndSizes(t *testing.T) {
	dir := t.TempDir()
	files, err := WritePlots(dir, plotRun(t, rules.Default, 20, 0.02, 0.1), PlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"equity.png", "equity.svg", "daily.png", "daily.svg", "pairs.png", "pairs.svg", "costs.png", "costs.svg"}
	if !slices.Equal(files, want) {
		t.Errorf("wrote %v, want %v", files, want)
	}
	for _, name := range want {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 512<<10 {
			t.Errorf("%s has %d bytes, want at most 512 KiB", name, len(data))
		}
		if filepath.Ext(name) != ".png" {
			continue
		}
		config, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || config.Width != 1600 || config.Height != 900 {
			t.Errorf("%s is %d × %d (%v), want 1600 × 900", name, config.Width, config.Height, err)
		}
	}
}

func TestWritePlotsChoice(t *testing.T) {
	files, err := WritePlots(t.TempDir(), plotRun(t, rules.Default, 3, 0.02, 0.1), PlotOptions{Plots: []Plot{PlotCosts}, Formats: []PlotFormat{SVG}})
	if err != nil || !slices.Equal(files, []string{"costs.svg"}) {
		t.Errorf("wrote %v (%v), want costs.svg", files, err)
	}
}

func TestWritePlotsRefuses(t *testing.T) {
	run := plotRun(t, rules.Default, 2, 0.02, 0.1)
	if _, err := WritePlots(filepath.Join(t.TempDir(), "missing"), run, PlotOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that isn't there: %v, want fs.ErrNotExist", err)
	}
	if err := WritePlot(io.Discard, run, "pie", PNG, ""); err == nil || !strings.Contains(err.Error(), "pie") {
		t.Errorf("an unknown plot: %v, want an error that names it", err)
	}
	if err := WritePlot(io.Discard, run, PlotDaily, "gif", ""); err == nil || !strings.Contains(err.Error(), "gif") {
		t.Errorf("an unknown format: %v, want an error that names it", err)
	}
}

// TestPlotsSameBytes: the same run, played and drawn twice, gives the same bytes.
func TestPlotsSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures, drawn by one goroutine")
	}
	for _, format := range []PlotFormat{PNG, SVG} {
		for _, plot := range Plots() {
			var drawn [2]bytes.Buffer
			for i := range drawn {
				if err := WritePlot(&drawn[i], plotRun(t, "ptn-2024-12", 15, 0.02, 0.2), plot, format, "n"); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(drawn[0].Bytes(), drawn[1].Bytes()) {
				t.Errorf("%s.%s differs from one time to the next", plot, format)
			}
		}
	}
}

func TestEquityPlotSays(t *testing.T) {
	run := plotRun(t, rules.Default, 20, 0.02, 0.1)
	texts := svgTexts(t, run, PlotEquity)
	wantTexts(t, texts, "Equity and drawdown", "turner every=7h  ·  ptn-2025-02  ·  1 Jan 2025 – 20 Jan 2025", "a note",
		changeText(run.Result.FinalReturn-1), percentText(run.Result.MaxDrawdown), "10 % limit", "long", "short", "flat")
	if i := slices.Index(texts, "flat"); i < 0 || texts[i+1] == "0" {
		t.Error("the strip counts no flat order")
	}
}

func TestEquityPlotElimination(t *testing.T) {
	run := plotRun(t, rules.Default, 30, 0.4, 0.5)
	e := run.Result.Elimination
	if e == nil {
		t.Fatal("the run was to be eliminated")
	}
	wantTexts(t, svgTexts(t, run, PlotEquity), "eliminated "+minute(e.TimeMS)+" UTC: MAX_TOTAL_DRAWDOWN")
	x, end := life(run.Result)
	if end != e.TimeMS || x.max >= float64(run.Result.ToMS) || x.max <= float64(e.TimeMS) {
		t.Errorf("the axis ends at %.0f, want a little after the elimination at %d", x.max, e.TimeMS)
	}
}

// TestEquityPlotLimit: the line is there where a drawdown eliminates the account.
func TestEquityPlotLimit(t *testing.T) {
	for name, c := range map[string]struct {
		set  string
		as   sim.Competition
		want float64
	}{
		"main":              {rules.Default, sim.Main, 0.1},
		"main, 2024":        {"ptn-2024-12", sim.Main, 0},
		"challenge, 2024":   {"ptn-2024-12", sim.InChallenge, 0.1},
		"rules are missing": {"", sim.Main, 0},
	} {
		t.Run(name, func(t *testing.T) {
			run := Run{As: c.as, Result: &sim.Result{FromMS: plotStart, ToMS: plotStart + dayMS, FinalReturn: 1}}
			if c.set != "" {
				var err error
				if run.Rules, err = rules.Load(c.set); err != nil {
					t.Fatal(err)
				}
			}
			if got := drawdownLimit(run); got != c.want {
				t.Errorf("limit %g, want %g", got, c.want)
			}
			line := slices.Contains(svgTexts(t, run, PlotEquity), "10 % limit")
			if line != (c.want > 0) {
				t.Errorf("a limit line: %t, want %t", line, c.want > 0)
			}
		})
	}
}

// TestPlotsEdgeCases: every plot can be drawn of every result, and says so where
// there is nothing to draw.
func TestPlotsEdgeCases(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures, drawn by one goroutine")
	}
	from, day := int64(plotStart), int64(dayMS)
	result := func(change func(*sim.Result)) *sim.Result {
		res := &sim.Result{FromMS: from, ToMS: from + 40*day, FinalReturn: 1}
		change(res)
		return res
	}
	days := func(n int, r func(i int) float64) (list []sim.Daily) {
		for i := range n {
			list = append(list, sim.Daily{DateMS: from + int64(i)*day, LogReturn: r(i)})
		}
		return list
	}
	pairs := func(n int, r func(i int) float64) (list []sim.PositionRecord) {
		for i := range n {
			list = append(list, sim.PositionRecord{Pair: fmt.Sprintf("PAIR%02d", i), ReturnAtClose: r(i), CarryFactor: 1, TransactionFactor: 1})
		}
		return list
	}
	curve := func(ys ...float64) *Curve {
		r := NewCurveRecorder(from, from+40*day)
		for i, y := range ys {
			r.Record([]int64{from + int64(i)*day}, []float64{y}, []float64{max(0, 1-y)})
		}
		return r.Curve()
	}
	for name, c := range map[string]struct {
		run   Run
		plot  Plot
		wants []string
	}{
		"nothing happened":      {Run{Result: result(func(*sim.Result) {})}, PlotEquity, []string{"no order was filled", "0.00 %"}},
		"no full day":           {Run{Result: result(func(*sim.Result) {})}, PlotDaily, []string{"no full day"}},
		"no position":           {Run{Result: result(func(*sim.Result) {})}, PlotPairs, []string{"no position was opened"}},
		"no cost":               {Run{Result: result(func(*sim.Result) {})}, PlotCosts, []string{"no cost"}},
		"a curve of no points":  {Run{Curve: &Curve{}, Result: result(func(*sim.Result) {})}, PlotEquity, []string{"no order was filled"}},
		"days without a change": {Run{Result: result(func(r *sim.Result) { r.Daily = days(40, func(int) float64 { return 0 }) })}, PlotDaily, []string{"40 days"}},
		"one full day":          {Run{Result: result(func(r *sim.Result) { r.Daily = days(1, func(int) float64 { return 0.01 }) })}, PlotDaily, []string{"1 day"}},
		"a day that liquidates": {Run{Result: result(func(r *sim.Result) {
			r.Daily = days(9, func(i int) float64 { return math.Log(float64(8 - i)) })
		})}, PlotDaily, []string{"8 days"}},
		"a huge range of days": {Run{Result: result(func(r *sim.Result) { r.Daily = days(40, func(i int) float64 { return math.Pow(-10, float64(i%9)) }) })}, PlotDaily, []string{"40 days"}},
		"one pair":             {Run{Result: result(func(r *sim.Result) { r.Positions = pairs(1, func(int) float64 { return 1.25 }) })}, PlotPairs, []string{"PAIR00", "+22.31 %"}},
		"pairs that lost":      {Run{Result: result(func(r *sim.Result) { r.Positions = pairs(3, func(int) float64 { return 0.9 }) })}, PlotPairs, []string{"PAIR02", "−10.54 %"}},
		"thirty pairs":         {Run{Result: result(func(r *sim.Result) { r.Positions = pairs(30, func(i int) float64 { return 1 + float64(i-12)/50 }) })}, PlotPairs, []string{"PAIR00", "PAIR29"}},
		"too many pairs":       {Run{Result: result(func(r *sim.Result) { r.Positions = pairs(99, func(i int) float64 { return 1 + float64(i-40)/200 }) })}, PlotPairs, []string{"56 others"}},
		"liquidated": {Run{Curve: curve(1, 1.2, 0.3, 0), Result: result(func(r *sim.Result) {
			r.FinalReturn, r.MaxDrawdown = 0, 1
			r.Positions = pairs(2, func(i int) float64 { return float64(i) })
		})}, PlotPairs, []string{"liquidated", "−100.00 %"}},
		"a value of 0":          {Run{Curve: curve(1, 1.2, 0.3, 0), Result: result(func(r *sim.Result) { r.FinalReturn, r.MaxDrawdown = 0, 1 })}, PlotEquity, []string{"−100.00 %"}},
		"a huge value":          {Run{Curve: curve(1, 1e3, 1e6), Result: result(func(r *sim.Result) { r.FinalReturn = 1e6 })}, PlotEquity, []string{"+100M %"}},
		"no numbers":            {Run{Curve: curve(1, math.NaN(), math.Inf(1)), Result: result(func(r *sim.Result) { r.FinalReturn = math.NaN() })}, PlotEquity, []string{"–"}},
		"eliminated at once":    {Run{Result: result(func(r *sim.Result) { r.Elimination = &sim.Elimination{TimeMS: from, Reason: sim.Liquidated} })}, PlotEquity, []string{"LIQUIDATED"}},
		"a range of nothing":    {Run{Result: result(func(r *sim.Result) { r.ToMS = from })}, PlotEquity, []string{"1 Jan 2025"}},
		"an unprintable name":   {Run{Strategy: "a\x00b<\n\ufffe&\u202e", Result: result(func(*sim.Result) {})}, PlotEquity, []string{"a b< "}},
		"a name without an end": {Run{Strategy: strings.Repeat("crossover ", 99), Result: result(func(*sim.Result) {})}, PlotEquity, []string{"…"}},
	} {
		t.Run(name, func(t *testing.T) {
			wantTexts(t, svgTexts(t, c.run, c.plot), c.wants...)
			for _, plot := range Plots() {
				svgTexts(t, c.run, plot)
			}
			if err := WritePlot(io.Discard, c.run, c.plot, PNG, ""); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestEquityPlotWithoutCurve falls back on the checkpoints, and says so.
func TestEquityPlotWithoutCurve(t *testing.T) {
	run := plotRun(t, rules.Default, 20, 0.02, 0.1)
	run.Curve = nil
	c, coarse := curveOf(run)
	last := len(c.Value.Y) - 1
	if !coarse || last != len(run.Result.Checkpoints) || c.Value.Y[last] != run.Result.FinalReturn {
		t.Errorf("%d points that end at %g, want 1 and %d checkpoints that end at %g", last+1, c.Value.Y[last], len(run.Result.Checkpoints), run.Result.FinalReturn)
	}
	wantTexts(t, svgTexts(t, run, PlotEquity), "at the ledger's checkpoints")
}

// TestStepsBoundedByPixels: a million points become a few a column of pixels,
// and a gap is held, not sloped.
func TestStepsBoundedByPixels(t *testing.T) {
	s := &sheet{}
	p := s.panels(scale{0, 2e6}, 1)[0]
	p.y = scale{-1, 1}
	var track Track
	for i := range int64(1_000_000) {
		track.add(i, math.Sin(float64(i)/50_000))
	}
	track.add(2_000_000, 1)
	points := p.steps(track, 2_000_000, func(y float64) float64 { return y })
	if len(points) > 4*p.columns()+2 {
		t.Errorf("%d points for %d columns", len(points), p.columns())
	}
	n := len(points)
	held, end := points[n-2], points[n-1]
	if held.X != end.X || held.X != p.area.Max.X || held.Y != points[n-3].Y {
		t.Errorf("the gap ends %v, %v, %v; want the value held to the right edge", points[n-3], held, end)
	}
}

func TestHistogram(t *testing.T) {
	var days []sim.Daily
	for i := range 300 {
		days = append(days, sim.Daily{LogReturn: 0.01 * math.Sin(float64(i)) * math.Abs(math.Sin(float64(i)*0.7))})
	}
	days = append(days, sim.Daily{}, sim.Daily{}, sim.Daily{LogReturn: -0.05})
	h := newHistogram(days)
	sum := 0
	for _, n := range h.counts {
		sum += n
	}
	if sum != len(days) || h.days != len(days) || h.zeros < 2 {
		t.Errorf("%d days in the bins, %d without a change; want %d and at least 2", sum, h.zeros, len(days))
	}
	if h.first > 0 || h.first+len(h.counts) <= 0 {
		t.Errorf("the bins from %d on don't hold 0", h.first)
	}
	if n := len(h.counts); n < 8 || n > 62 {
		t.Errorf("%d bins, want 8 to 62", n)
	}
	if low := float64(h.first) * h.width; low > -0.05 || low+h.width < -0.05 {
		t.Errorf("the first bin starts at %g, want it to hold -0.05", low)
	}
}

func TestPairReturns(t *testing.T) {
	list := pairReturns([]sim.PositionRecord{
		{Pair: "B", ReturnAtClose: 0.5}, {Pair: "A", ReturnAtClose: 1.5}, {Pair: "B", ReturnAtClose: 1.5}, {Pair: "C", ReturnAtClose: 1.5},
	})
	want := []pairReturn{{pair: "A", positions: 1, factor: 1.5}, {pair: "C", positions: 1, factor: 1.5}, {pair: "B", positions: 2, factor: 0.75}}
	if !slices.Equal(list, want) {
		t.Errorf("got %v, want %v", list, want)
	}
}

// TestCostCurvesEndAtCosts: what the plot adds up ends where the costs of the
// positions do.
func TestCostCurvesEndAtCosts(t *testing.T) {
	for _, set := range []string{rules.Default, "ptn-2024-12"} {
		t.Run(set, func(t *testing.T) {
			run := plotRun(t, set, 20, 0.02, 0.3)
			carry, fee, slippage := 1.0, 1.0, 0.0
			for _, p := range run.Result.Positions {
				carry *= p.CarryFactor
				fee *= p.TransactionFactor
				for _, f := range p.Fills {
					slippage += math.Abs(f.Leverage) * f.Slippage
				}
			}
			want := map[string]float64{"carry": 1 - carry, "transaction fee": 1 - fee, "slippage (estimate)": slippage}
			for _, c := range costCurves(run.Result) {
				if got := c.total(); math.Abs(got-want[c.name]) > 1e-12 {
					t.Errorf("%s ends at %.15g, want %.15g", c.name, got, want[c.name])
				}
				if !slices.IsSorted(c.track.TimeMS) || !slices.IsSorted(c.track.Y) {
					t.Errorf("%s doesn't only grow", c.name)
				}
				delete(want, c.name)
			}
			for name, cost := range want {
				if cost > 0 {
					t.Errorf("no curve of %s, which came to %g", name, cost)
				}
			}
		})
	}
}

// BenchmarkPlotNoise draws the worst curve there is for a rasteriser: in every
// column of pixels it goes from one end to the other.
func BenchmarkPlotNoise(b *testing.B) {
	const n = 1 << 18
	recorder := NewCurveRecorder(plotStart, plotStart+n*60_000)
	for i := range int64(n) {
		v := 1 + 0.1*math.Sin(float64(i)*1.7)
		recorder.Record([]int64{plotStart + i*60_000}, []float64{v}, []float64{1 - v/1.1})
	}
	run := Run{Curve: recorder.Curve(), Result: &sim.Result{FromMS: plotStart, ToMS: plotStart + n*60_000, FinalReturn: 1}}
	for b.Loop() {
		if err := WritePlot(io.Discard, run, PlotEquity, PNG, ""); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlot draws each plot of four months of 5-minute candles; the curve is
// as long as any run's.
func BenchmarkPlot(b *testing.B) {
	run := plotRun(b, "ptn-2024-12", 120, 0.05, 0.3)
	for _, format := range []PlotFormat{PNG, SVG} {
		for _, plot := range Plots() {
			b.Run(string(plot)+"."+string(format), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := WritePlot(io.Discard, run, plot, format, ""); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
