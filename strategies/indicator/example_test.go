package indicator_test

import (
	"fmt"

	"github.com/ptnsim/ptnsim/strategies/indicator"
)

// A strategy in Go takes each candle once, when it is new.
func ExampleBollinger() {
	bars := indicator.Bars{Close: []float64{1, 3, 3, 7}}
	bands := indicator.NewBollinger(2, 2)
	for i := range bars.Close {
		bands.Take(bars, i)
	}
	fmt.Println(bands.Lower(), bands.Middle(), bands.Upper())
	// Output: 1 5 9
}

// A script or a program asks by name, and for an output by its name.
func ExampleNew() {
	ind, spec, err := indicator.New("donchian(2)")
	if err != nil {
		fmt.Println(err)
		return
	}
	middle, err := spec.Output("middle")
	if err != nil {
		fmt.Println(err)
		return
	}
	bars := indicator.Bars{High: []float64{10, 11, 14}, Low: []float64{8, 9, 12}}
	fmt.Println(indicator.Column(ind, middle, bars))
	_, _, err = indicator.New("donchain(2)")
	fmt.Println(err)
	// Output:
	// [NaN 9.5 11.5]
	// found the unknown indicator "donchain" (did you mean donchian?); expected one of atr, bollinger, donchian, ema, highest, lowest, macd, momentum, roc, rsi, sma, stdev, volatility, wma
}
