package sim_test

import (
	"context"
	"fmt"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// dip buys a tenth of what the rules allow when the hour closed lower than it
// opened, and holds until an hour closed higher.
type dip struct {
	hours *sim.Feed
	size  float64
}

func (d *dip) Init(s *sim.Setup) (err error) {
	limits, _ := s.Limits("BTCUSD")
	d.size = limits.PositionMax / 10
	d.hours, err = s.SubscribeTo("BTCUSD", sim.FeedOptions{IntervalMS: 60 * 60_000})
	return err
}

func (d *dip) Decide(c *sim.Context) error {
	candles := d.hours.Candles()
	last := candles.Len() - 1
	if candles.Close()[last] < candles.Open()[last] {
		c.Target("BTCUSD", d.size)
	} else {
		c.Target("BTCUSD", 0)
	}
	return nil
}

// A strategy in Go: candles in, orders out, under all rules of the network.
func ExampleRun() {
	set, err := rules.Load("ptn-2025-02")
	if err != nil {
		panic(err)
	}
	result, err := sim.Run(context.Background(), sim.Config{
		Rules: set.Set, Series: []*market.Series{sawtooth()}, Strategy: &dip{},
		FromMS: start, ToMS: start + 210*60_000,
	})
	if err != nil {
		panic(err)
	}
	for _, o := range result.Orders {
		fmt.Printf("minute %3d %-5s %.2f at %.2f: %s\n", (o.FilledMS-start)/60_000, o.Type, o.EffectiveLeverage, o.FillPrice, o.Outcome)
	}
	fmt.Printf("final return %.6f\n", result.FinalReturn)
	// With a slippage of 0.00001 the first position makes 1 + 0.05·(100.99899 -
	// 99.00099)/99.00099 = 1.00100908, the second is worth 1 - 0.05·0.00001.

	// Output:
	// minute  60 LONG  0.05 at 99.00: accepted
	// minute 120 FLAT  -0.05 at 101.00: accepted
	// minute 180 LONG  0.05 at 99.00: accepted
	// final return 1.001009
}

const start = 1_741_219_200_000 // 2025-03-06

// sawtooth is four hours of minutes: the price falls from 100 to 99 in the first,
// rises to 101 in the second, falls to 99 in the third, and stays.
func sawtooth() *market.Series {
	pair, _ := market.FindPair(market.Pairs(), "BTCUSD")
	s := &market.Series{Pair: pair, IntervalMS: 60_000}
	steps := []float64{-1.0 / 60, 2.0 / 60, -2.0 / 60, 0}
	price := 100.0
	for i := range 240 {
		s.Time = append(s.Time, start+int64(i)*60_000)
		s.Open = append(s.Open, price)
		price += steps[i/60]
		s.Close = append(s.Close, price)
	}
	s.High, s.Low = s.Close, s.Close
	return s
}
