package strategies

import (
	"math"
	"reflect"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// probe takes a random source out of a run.
type probe struct {
	name   string
	source *sim.Random
}

func (p *probe) Init(setup *sim.Setup) error {
	p.source = setup.Random(p.name)
	return nil
}

func (*probe) Decide(*sim.Context) error { return nil }

// TestRandomTradesAtTheTimesDrawn: with waits and holds of a mean of 1 every
// candle changes something. In at minute 1, out at 2, in at 3; the side is what
// the pair's source says: for each entry, after the number that the wait took
// and the two of hold and wait since, a coin.
func TestRandomTradesAtTheTimesDrawn(t *testing.T) {
	btc := minutes(t, "BTCUSD", start, 100, 101, 102, 103, 104, 105, 106, 107, 108)
	p := &probe{name: "BTCUSD"}
	play(t, config(t, p, btc))
	var want []event
	p.source.Float64() // the first wait
	for minute := int64(1); minute < 9; minute += 2 {
		kind, leverage := sim.Long, 0.05
		if p.source.IntN(2) == 0 {
			kind, leverage = sim.Short, -0.05
		}
		p.source.Float64() // hold
		p.source.Float64() // wait
		want = append(want, event{minute, minute, "BTCUSD", kind, leverage, 99 + float64(minute), sim.Accepted, ""})
		if minute+1 < 9 {
			want = append(want, event{minute + 1, minute + 1, "BTCUSD", sim.Flat, -leverage, 100 + float64(minute), sim.Accepted, ""})
		}
	}
	res := play(t, config(t, &Random{Wait: 1, Hold: 1, Placement: Placement{Direction: BothSides}}, btc))
	// Minute 9 is the end: an order of it has no candle to fill at.
	checkEvents(t, events(btc.Time[0], res.Orders)[:8], want)
}

// TestRandomDirectionChangesTheSidesAlone, not the times.
func TestRandomDirectionChangesTheSidesAlone(t *testing.T) {
	btc := walk(t, "BTCUSD", start, 3000, 1)
	both := play(t, config(t, &Random{Wait: 20, Hold: 10, Placement: Placement{Direction: BothSides}}, btc)).Orders
	longs := play(t, config(t, &Random{Wait: 20, Hold: 10, Placement: Placement{Direction: LongSide}}, btc)).Orders
	sides := make(map[sim.OrderType]int)
	for i := range both {
		sides[both[i].Type]++
		if longs[i].EmittedMS != both[i].EmittedMS || longs[i].Type == sim.Short || (longs[i].Type == sim.Flat) != (both[i].Type == sim.Flat) {
			t.Fatalf("order %d: %s at %d and %s at %d", i, both[i].Type, both[i].EmittedMS, longs[i].Type, longs[i].EmittedMS)
		}
	}
	if sides[sim.Long] < 20 || sides[sim.Short] < 20 || len(longs) != len(both) {
		t.Errorf("%v of %d and %d orders", sides, len(both), len(longs))
	}
}

// TestRandomDependsOnTheSeedAndThePairAlone.
func TestRandomDependsOnTheSeedAndThePairAlone(t *testing.T) {
	btc, eth := walk(t, "BTCUSD", start, 3000, 1), walk(t, "ETHUSD", start, 3000, 2)
	run := func(seed uint64, series ...*market.Series) []sim.OrderRecord {
		cfg := config(t, &Random{Wait: 20, Hold: 10, Placement: Placement{Direction: BothSides}}, series...)
		cfg.Seed = seed
		var ofBTC []sim.OrderRecord
		for _, o := range play(t, cfg).Orders {
			if o.Pair == "BTCUSD" {
				ofBTC = append(ofBTC, o)
			}
		}
		return ofBTC
	}
	first := run(1, btc)
	if !reflect.DeepEqual(run(1, btc), first) {
		t.Error("the same seed plays otherwise")
	}
	if !reflect.DeepEqual(run(1, eth, btc), first) {
		t.Error("beside ETHUSD it plays otherwise")
	}
	if reflect.DeepEqual(run(2, btc), first) {
		t.Error("another seed plays the same")
	}
}

// TestGeometricHasItsMean, and its shape: the chance of more than the mean is
// (1 - 1/m)^m. Of n = 40000 draws the mean lies within four deviations of m: a
// draw's is √(m² - m), below m.
func TestGeometricHasItsMean(t *testing.T) {
	p := &probe{name: "draws"}
	play(t, config(t, p, minutes(t, "BTCUSD", start, 1, 1)))
	const n = 40_000
	for _, mean := range []int{1, 2, 10, 300, maxPeriod} {
		sum, beyond := 0.0, 0.0
		for range n {
			x := geometric(p.source, mean)
			if x < 1 {
				t.Fatalf("a draw of %d", x)
			}
			sum += float64(x)
			if x > mean {
				beyond++
			}
		}
		m := float64(mean)
		if off := math.Abs(sum/n - m); off > 4*math.Sqrt(m*m-m)/math.Sqrt(n) {
			t.Errorf("mean %g of draws around %d", sum/n, mean)
		}
		share := math.Pow(1-1/m, m)
		if off := math.Abs(beyond/n - share); off > 4*math.Sqrt(share*(1-share)/n) {
			t.Errorf("%g of the draws around %d are beyond it, want %g", beyond/n, mean, share)
		}
	}
}
