package recording

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// referenceFile returns the path of a file in the reference folder, and skips
// the test without one.
func referenceFile(t testing.TB, parts ...string) string {
	t.Helper()
	folder := os.Getenv("PTNSIM_REFERENCE")
	if folder == "" {
		t.Skip("set PTNSIM_REFERENCE to the folder with candles/ to run this test")
	}
	return filepath.Join(append([]string{folder, "candles"}, parts...)...)
}

// bitcoin reads the minutes of a span from the reference folder.
func bitcoin(t testing.TB, from, to int64) *market.Series {
	t.Helper()
	f, err := os.Open(referenceFile(t, "crypto-1m", "BTCUSDT-1m-2025.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	pair, _ := market.FindPair(market.Pairs(), "BTCUSD")
	s := &market.Series{Pair: pair, IntervalMS: 60_000}
	lines := bufio.NewScanner(z)
	lines.Scan() // the header
	for lines.Scan() {
		cells := strings.Split(lines.Text(), ",")
		ms, err := strconv.ParseInt(cells[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if ms < from || ms >= to {
			continue
		}
		s.Time = append(s.Time, ms)
		for i, col := range []*[]float64{&s.Open, &s.High, &s.Low, &s.Close} {
			x, err := strconv.ParseFloat(cells[1+i], 64)
			if err != nil {
				t.Fatal(err)
			}
			*col = append(*col, x)
		}
	}
	if err := lines.Err(); err != nil || s.Len() == 0 {
		t.Fatal("no candles", err)
	}
	return s
}

// realMiner reads the miner of whom the stored returns can be recomputed, and the
// candles of his time, from the day before to the day after.
func realMiner(t testing.TB) (*Recording, *market.Series) {
	t.Helper()
	rec, err := Read(referenceFile(t, "miners", "5GpFB-2025-validator-a.json"), "5GpFB")
	if err != nil {
		t.Fatal(err)
	}
	const day = 86_400_000
	first, last := rec.Span()
	return rec, bitcoin(t, first/day*day-day, last/day*day+2*day)
}

// playBuild plays under the build of the time with its later accounting of realised profit.
func playBuild(t testing.TB, rec *Recording, fills Fills, candles *market.Series) *sim.Result {
	t.Helper()
	return play(t, rec.Signals(fills), "ptn-5.4.0", []string{"position.accounting=realized_pnl"}, candles)
}

// TestRealMinerIsReplayed: the gate takes all orders that the validator took, and
// each position that closed comes to the return that the validator stored. One
// was closed by a SHORT of more than it held; the validator realised all of that
// at the slipped price, the simulation only what was held: the slippage of the
// rest lies between them. The position that is open was last marked at a time
// that is not stored.
func TestRealMinerIsReplayed(t *testing.T) {
	rec, candles := realMiner(t)
	if len(rec.Positions) != 74 || len(rec.Orders) != 665 || rec.afterClose() != 5 || rec.inserted() != 0 || rec.unpriced() != 0 {
		t.Fatalf("%d positions, %d orders, %d after their close, %d inserted, %d unpriced; want 74, 665, 5, 0, 0",
			len(rec.Positions), len(rec.Orders), rec.afterClose(), rec.inserted(), rec.unpriced())
	}
	res := playBuild(t, rec, Recorded, candles)
	c := Compare(rec, res, res)
	if a := c.Recorded; a.Orders != 660 || a.Accepted != 659 || a.Clamped != 1 || a.Rejected+a.Ignored != 0 || a.Eliminated || c.Differ != 0 {
		t.Errorf("%+v, %d differ; want all 660 accepted, the one of more than the position held as a close", a, c.Differ)
	}
	compared := 0
	for i := range c.Positions {
		m, p := &c.Positions[i], &rec.Positions[i]
		stored, _ := m.Stored.Get()
		got, _ := m.Recorded.Return.Get()
		if !p.Closed {
			continue
		}
		if last := &rec.Orders[p.Orders[0]]; m.UUID == "c4093977-0619-4fac-93ba-0d4305edc13f" {
			opening, net := last, 0.0
			for _, n := range p.Orders {
				if last = &rec.Orders[n]; last.TimeMS == p.CloseMS {
					break
				}
				net += last.Leverage
			}
			stored += (-last.Leverage - net) * last.Slippage * last.Price / (opening.Price * (1 + opening.Slippage))
		}
		if compared++; math.Abs(got-stored) > 1e-11 {
			t.Errorf("position %d, %s: return %.17g, stored %.17g", i, m.UUID, got, stored)
		}
	}
	if compared != 73 {
		t.Errorf("%d positions compared, want 73", compared)
	}
}

// TestRealMinerRefilledFromCandles: an order gets the open of the first minute
// that begins at or after it, which is recomputed here from the candles. That and
// the recorded price, of other exchanges, are of the same minute or its next:
// they lie no farther apart than those two minutes' range and ten basis points.
func TestRealMinerRefilledFromCandles(t *testing.T) {
	rec, candles := realMiner(t)
	recorded, simulated := playBuild(t, rec, Recorded, candles), playBuild(t, rec, Simulated, candles)
	c := Compare(rec, recorded, simulated)
	if c.Simulated.Orders != 660 || len(c.Prices.Orders) < 600 || c.Simulated.Accepted+c.Simulated.Clamped != len(c.Prices.Orders) {
		t.Fatalf("%+v, %d prices compared", c.Simulated, len(c.Prices.Orders))
	}
	byUUID := make(map[string]*Order)
	for i := range rec.Orders {
		byUUID[rec.Orders[i].UUID] = &rec.Orders[i]
	}
	sum := 0.0
	for _, m := range c.Prices.Orders {
		o := byUUID[m.UUID]
		i := candles.Search(o.TimeMS)
		if m.Simulated != candles.Open[i] || m.SimulatedMS != candles.Time[i] || m.Recorded != o.Price {
			t.Fatalf("order %s: %+v; want the open of %d, %g, beside %g", m.UUID, m, candles.Time[i], candles.Open[i], o.Price)
		}
		low, high := min(candles.Low[i-1], candles.Low[i]), max(candles.High[i-1], candles.High[i])
		if bound := (high/low-1)*1e4 + 10; math.Abs(m.Difference) > bound {
			t.Errorf("order %s at %d: %g against %g, %.1f basis points; the range of its minutes allows %.1f", m.UUID, m.TimeMS, m.Simulated, m.Recorded, m.Difference, bound)
		}
		sum += m.Difference
	}
	mean, _ := c.Prices.Mean.Get()
	median, _ := c.Prices.MedianDistance.Get()
	worst, _ := c.Prices.Worst.Get()
	if math.Abs(mean-sum/float64(len(c.Prices.Orders))) > 1e-12 || math.Abs(mean) > 5 || median > 5 || math.Abs(worst) < median {
		t.Errorf("mean %g, median distance %g, worst %g basis points", mean, median, worst)
	}
	if c.Simulated.FinalReturn == c.Recorded.FinalReturn || math.Abs(c.Simulated.FinalReturn/c.Recorded.FinalReturn-1) > 0.01 {
		t.Errorf("the account comes to %g with recorded fills, to %g with simulated", c.Recorded.FinalReturn, c.Simulated.FinalReturn)
	}
}

func TestOlderMinerIsRead(t *testing.T) {
	rec, err := Read(referenceFile(t, "miners", "5Dxqz-2024.json.gz"), "")
	if err != nil {
		t.Fatal(err)
	}
	pairs := make(map[string]bool)
	for i := range rec.Positions {
		pairs[rec.Positions[i].Pair] = true
	}
	if len(rec.Positions) != 406 || len(rec.Orders) != 2872 || len(pairs) != 16 {
		t.Errorf("%d positions, %d orders, %d pairs; want 406, 2872, 16", len(rec.Positions), len(rec.Orders), len(pairs))
	}
	if err := check(rec); err != nil {
		t.Error(err)
	}
	only, err := rec.Only(func(pair string) bool { return pair == "BTCUSD" })
	if err != nil || len(only.Positions) != 69 || len(only.LeftOut) != 15 {
		t.Errorf("%v; %d positions of BTCUSD and %d pairs dropped; want 69 and 15", err, len(only.Positions), len(only.LeftOut))
	}
}
