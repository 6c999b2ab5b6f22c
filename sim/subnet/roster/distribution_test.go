package roster

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim"
)

// TestDrawsAreThoseOfTheirStream: each value again from the source that is split off
// the file's seed by the population, the number of the miner and what is drawn, by
// the definition of the distribution and by other means than the code under test.
func TestDrawsAreThoseOfTheirStream(t *testing.T) {
	miners := cast(t, `
seed: 7
miners:
  - name: crowd
    count: 12
    strategy: momentum
    params:
      lookback: {uniform: [288, 5760]}
      hold: {loguniform: [10, 100000]}
      leverage: {loguniform: [0.01, 0.5]}
      direction: {choice: [both, long]}
      volatility: {normal: [0.3, 0.1]}
    registers: {uniform: [0d, 30d]}
    latency: {uniform: [1s, 30s]}
    again: {loguniform: [2h, 30d]}
`)
	for i, m := range miners {
		stream := func(what string) *sim.Random { return sim.NewRandom(7, "crowd", strconv.Itoa(i+1), what) }
		logUniform := func(what string, from, to float64) float64 {
			return from * math.Pow(to/from, stream(what).Float64())
		}
		significant := func(x float64) string {
			var y float64
			if _, err := fmt.Sscan(fmt.Sprintf("%.3g", x), &y); err != nil {
				t.Fatal(err)
			}
			return strconv.FormatFloat(y, 'f', -1, 64)
		}
		direction := []string{"both", "long"}[stream("params.direction").IntN(2)]
		for name, want := range map[string]string{
			"lookback":   strconv.Itoa(288 + stream("params.lookback").IntN(5760-288+1)),
			"hold":       significant(math.Round(logUniform("params.hold", 10, 100_000))),
			"leverage":   significant(logUniform("params.leverage", 0.01, 0.5)),
			"direction":  direction,
			"volatility": strconv.FormatFloat(math.Round(1000*(0.3+0.1*stream("params.volatility").Normal()))/1000, 'f', -1, 64),
		} {
			if got := param(m, name); got != want {
				t.Errorf("%s: %s %s, want %s", m.Name, name, got, want)
			}
		}
		// 30 days are 720 hours, more than a hundred: whole hours. 29 s are 29 000 ms,
		// and no hundred seconds. The lower bound, 2 hours, holds a hundred minutes.
		if got, want := m.RegistersMS, fromMS+hour*int64(stream("registers").IntN(721)); got != want {
			t.Errorf("%s registers at %d, want %d", m.Name, got, want)
		}
		if got, want := m.LatencyMS, 1000+int64(stream("latency").IntN(29_001)); got != want {
			t.Errorf("%s: latency %d, want %d", m.Name, got, want)
		}
		if got, want := m.AgainMS, 60_000*int64(math.Round(logUniform("again", 2*hour, 30*day)/60_000)); got != want {
			t.Errorf("%s: again %d, want %d", m.Name, got, want)
		}
	}
}

func TestASingleMinerIsDrawnByItsName(t *testing.T) {
	m := cast(t, "seed: 3\nminers: [{name: one, strategy: momentum, params: {lookback: {uniform: [1, 1000]}}}]")[0]
	if want := strconv.Itoa(1 + sim.NewRandom(3, "one", "params.lookback").IntN(1000)); param(m, "lookback") != want {
		t.Errorf("lookback %s, want %s", param(m, "lookback"), want)
	}
}

func TestNumbersHaveFewDigits(t *testing.T) {
	for _, c := range []struct {
		d      distribution
		number float64 // the draw of the source below, as worked out beside it
	}{
		// u = 0.5 (u64 = 1<<63), so that a uniform draws its middle.
		{distribution{shape: uniform, low: 0, high: 1}, 0.5},
		{distribution{shape: uniform, low: 0.01, high: 0.5}, 0.255},
		{distribution{shape: uniform, low: 1, high: 1.0001}, 1.00005},
		{distribution{shape: uniform, low: -30_001, high: 10_000}, -10_000}, // -10000.5: an even neighbour
		{distribution{shape: logUniform, low: 1, high: 100}, 10},
		{distribution{shape: logUniform, low: 0.002, high: 0.004}, 0.00283}, // 0.002 √2 = 0.0028284
	} {
		round := toDigits
		if c.d.shape == uniform {
			round = toDecimals(3 - magnitude(c.d.high-c.d.low))
		}
		middle := (c.d.low + c.d.high) / 2
		if c.d.shape == logUniform {
			middle = math.Sqrt(c.d.low * c.d.high)
		}
		if got := round(middle); got != c.number {
			t.Errorf("%+v: %v, want %v", c.d, got, c.number)
		}
	}
	for x, want := range map[float64]int{1: 0, 9.99: 0, 10: 1, 0.1: -1, 0.0999: -2, 5e-324: -324, 1e15: 15} {
		if got := magnitude(x); got != want {
			t.Errorf("magnitude of %g: %d, want %d", x, got, want)
		}
	}
	for x, want := range map[float64]string{0: "0", 2e6: "2000000", 0.0001: "0.0001", 0.00001: "1e-05", 1e15: "1e+15", -0.25: "-0.25"} {
		if got := written(x); got != want {
			t.Errorf("%g is written %s, want %s", x, got, want)
		}
	}
}

// TestDrawsStayInBounds: whatever the bounds, a draw lies within them, written or
// not, whole ones are whole, and the ends are drawn as well.
func TestDrawsStayInBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(1e-9, 1e9).Draw(t, "low")
		d := distribution{
			shape: rapid.SampledFrom([]shape{uniform, logUniform}).Draw(t, "shape"),
			low:   low, high: low * rapid.Float64Range(1.0001, 1e6).Draw(t, "times"),
		}
		r := sim.NewRandom(rapid.Uint64().Draw(t, "seed"))
		x, ok := d.number(r)
		if back, err := strconv.ParseFloat(written(x), 64); err != nil || back != x || !ok || x < d.low || x > d.high {
			t.Fatalf("%+v: drew %v, written %s", d, x, written(x))
		}
		d.low, d.high = math.Floor(d.low)+1, math.Floor(d.low)+1+math.Ceil(d.high-d.low)
		for name, draw := range map[string]func(*sim.Random) (int64, bool){"whole": d.whole, "ms": d.ms} {
			if n, ok := draw(r); !ok || float64(n) < d.low || float64(n) > d.high {
				t.Fatalf("%+v: drew the %s %d", d, name, n)
			}
		}
		n := distribution{shape: normal, low: low, high: d.high, least: low - d.high/2, most: low + d.high}
		if x, ok := n.number(r); !ok || x < n.least || x > n.most {
			t.Fatalf("%+v: drew %v", n, x)
		}
	})
}

func TestEveryWholeNumberIsDrawnAlike(t *testing.T) {
	d, seen := distribution{shape: uniform, low: 3, high: 7}, map[int64]int{}
	r := sim.NewRandom(1)
	for range 10_000 {
		n, _ := d.whole(r)
		seen[n]++
	}
	// 2000 of each are expected, and the standard deviation is √(10000 × 0.2 × 0.8) = 40.
	for n := int64(3); n <= 7; n++ {
		if seen[n] < 1800 || seen[n] > 2200 {
			t.Errorf("%d came %d times, five deviations from 2000", n, seen[n])
		}
	}
	if len(seen) != 5 {
		t.Errorf("drew %v", seen)
	}
}

// TestShapes: means and halves of many draws, within five standard deviations of
// what they are known to be.
func TestShapes(t *testing.T) {
	const n = 20_000
	for name, c := range map[string]struct {
		d      distribution
		below  float64 // half of the draws
		spread float64
	}{
		"uniform":    {distribution{shape: uniform, low: 2, high: 4}, 3, 0},
		"loguniform": {distribution{shape: logUniform, low: 1, high: 100}, 10, 0},
		"normal":     {distribution{shape: normal, low: 5, high: 2, least: math.Inf(-1), most: math.Inf(1)}, 5, 2},
		// Symmetric bounds leave the middle where it is.
		"bounded normal": {distribution{shape: normal, low: 5, high: 2, least: 4, most: 6}, 5, 0},
	} {
		r := sim.NewRandom(11, name)
		below, sum, squares := 0, 0.0, 0.0
		for range n {
			x, ok := c.d.draw(r, func(x float64) float64 { return x })
			if !ok {
				t.Fatal(name)
			}
			if x < c.below {
				below++
			}
			sum, squares = sum+x, squares+x*x
		}
		// A half of n draws: deviation √n/2, so five of them are 354.
		if math.Abs(float64(below)-n/2) > 354 {
			t.Errorf("%s: %d of %d draws are below %g", name, below, n, c.below)
		}
		if c.spread > 0 { // of a standard deviation's estimate: σ/√(2n), five of them 2.5 %
			if got := math.Sqrt(squares/n - sum/n*sum/n); math.Abs(got/c.spread-1) > 0.025 {
				t.Errorf("%s: standard deviation %g, want %g", name, got, c.spread)
			}
		}
	}
}
