package subnet_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
)

// A holder in its challenge, against one of the main competition that stakes too much.
func ExampleRun() {
	start := time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)
	pair, _ := market.FindPair(market.Pairs(), "BTCUSD")
	candles := &market.Series{Pair: pair, IntervalMS: 60 * 60 * 1000}
	for hour := range 65 * 24 {
		price := 100 + float64(hour)/100
		if hour/24 == 30 {
			price *= 2.0 / 3 // a bad day
		}
		candles.Time = append(candles.Time, start.UnixMilli()+int64(hour)*candles.IntervalMS)
		candles.Open = append(candles.Open, price)
	}
	candles.High, candles.Low, candles.Close = candles.Open, candles.Open, candles.Open

	set, _ := rules.Load("ptn-2025-02")
	shared, _ := sim.NewMarket(set.Set, []*market.Series{candles}, start.UnixMilli(), candles.EndMS(candles.Len()-1))
	hold := func(leverage string) func() (sim.Strategy, error) {
		return func() (sim.Strategy, error) {
			d, err := strategies.Find("buy-and-hold")
			if err != nil {
				return nil, err
			}
			return d.New([]strategies.Setting{{Name: "leverage", Value: leverage}})
		}
	}
	result, err := subnet.Run(context.Background(), subnet.Config{
		Market: shared, WeightsEveryMS: 24 * 60 * 60 * 1000,
		Miners: []subnet.Miner{
			{Name: "bold", Main: true, Make: hold("0.5")},
			{Name: "careful", Make: hold("0.1")},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range result.Events {
		fmt.Println(time.UnixMilli(e.TimeMS).UTC().Format("2006-01-02 15:04"), e.Kind, e.Miner)
	}
	// Output:
	// 2025-01-06 00:00 registered bold
	// 2025-01-06 00:00 registered careful
	// 2025-02-05 01:00 eliminated bold
	// 2025-03-08 00:00 promoted careful
}
