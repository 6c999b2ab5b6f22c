package strategies

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim"
)

// written writes the signals and reads them again.
func written(t interface{ Fatal(...any) }, signals []Signal) []Signal {
	var text bytes.Buffer
	if err := WriteSignals(&text, signals); err != nil {
		t.Fatal(err)
	}
	again, err := ParseSignals(&text, "again", CSV, "")
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func withoutLines(signals []Signal) []Signal {
	list := make([]Signal, len(signals))
	for i, s := range signals {
		s.Line, s.Row = 0, 0
		list[i] = s
	}
	return list
}

// fuzzParse: whatever the bytes are, the answer is a *SignalError, or signals
// that are sound and survive being written and read.
func fuzzParse(t *testing.T, data []byte, format Format) {
	signals, err := ParseSignals(bytes.NewReader(data), "f", format, "")
	if err != nil {
		if _, ok := errors.AsType[*SignalError](err); !ok {
			t.Errorf("%T is no *SignalError: %v", err, err)
		}
		return
	}
	for i, s := range signals {
		if i > 0 && s.TimeMS < signals[i-1].TimeMS {
			t.Errorf("signal %d is before the one before it", i)
		}
		if math.IsNaN(s.Leverage+s.Price+s.Slippage+s.Bid+s.Ask) || math.IsInf(s.Leverage, 0) {
			t.Errorf("signal %d is not finite: %+v", i, s)
		}
		if s.Type == sim.Long && s.Leverage < 0 || s.Type == sim.Short && s.Leverage > 0 || s.Type == sim.Flat && s.Leverage != 0 {
			t.Errorf("signal %d: %s with leverage %g", i, s.Type, s.Leverage)
		}
		if s.Pinned != (s.Price > 0) || s.HasSlippage && !s.Pinned || s.Slippage < 0 || s.Slippage >= 1 {
			t.Errorf("signal %d: price %g, slippage %g", i, s.Price, s.Slippage)
		}
	}
	if again := written(t, signals); !reflect.DeepEqual(withoutLines(again), withoutLines(signals)) {
		t.Errorf("read   %+v\nreread %+v", signals, again)
	}
}

func FuzzParseCSV(f *testing.F) {
	f.Add([]byte(header + "2025-01-31T14:30:00Z,BTCUSD,LONG,0.1\n1738333800000,BTCUSD,flat,\n"))
	f.Add([]byte("time,pair,order_type,leverage,price,slippage,bid,ask,uuid,miner\n1738333800000,BTCUSD,SHORT,-0.1,1e5,0.0005,99999,100001,\"u \"\"1\",5Gp\n"))
	f.Add([]byte(twoMiners))
	f.Add([]byte("\ufeff\"time\"\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzParse(t, data, CSV) })
}

func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(`{"time":"2025-01-31T14:30:00Z","pair":"BTCUSD","order_type":"long","leverage":0.1}`))
	f.Add([]byte(`{"time":1738333800000,"pair":"BTCUSD","order_type":"SHORT","leverage":-0.1,"price":100000,"slippage":0,"bid":99999,"ask":100001,"uuid":"u-1","miner":"5Gp"}` + "\n{}"))
	f.Add([]byte(`{"time":null,"pair":{}}`))
	f.Add([]byte(`[{"timestamp":1738333800000,"trade_pair":{"trade_pair_id":"BTCUSD"},"order_type":"short","leverage":-0.1,"api_key":"x"},{}]`))
	f.Add([]byte(`{"signal_data":{"trade_pair":["BTCUSD"],"order_type":"FLAT"},"created_orders":{"5a":"{\"processed_ms\":1738333800000}"}}`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzParse(t, data, JSON) })
}

// TestWriteSignalsRoundTrips draws signals of every kind.
func TestWriteSignalsRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		signals := drawSignals(t)
		if again := withoutLines(written(t, signals)); !reflect.DeepEqual(again, signals) {
			t.Fatalf("wrote %+v\nread  %+v", signals, again)
		}
	})
}

// drawSignals draws signals of one miner, in the order of their times.
func drawSignals(t *rapid.T) []Signal {
	ms := rapid.Int64Range(earliestMS, latestMS-1e9).Draw(t, "start")
	price := rapid.Float64Range(1e-9, 1e9)
	miner := rapid.SampledFrom([]string{"", "5GpFB"}).Draw(t, "miner")
	signals := make([]Signal, rapid.IntRange(1, 8).Draw(t, "n"))
	for i := range signals {
		ms += rapid.Int64Range(0, 1e8).Draw(t, "step")
		s := Signal{TimeMS: ms, Miner: miner}
		s.Pair = rapid.StringMatching(`[A-Z0-9]{1,16}`).Draw(t, "pair")
		s.Type = rapid.SampledFrom([]sim.OrderType{sim.Long, sim.Short, sim.Flat}).Draw(t, "type")
		s.UUID = rapid.StringMatching(`([a-z"',;-][a-z"',; -]{0,20}[a-z"',;-])?`).Draw(t, "uuid")
		leverage := rapid.Float64Range(1e-6, 1e3).Draw(t, "leverage")
		s.Leverage = map[sim.OrderType]float64{sim.Long: leverage, sim.Short: -leverage}[s.Type]
		if s.Pinned = rapid.Bool().Draw(t, "pinned"); s.Pinned {
			s.Price = price.Draw(t, "price")
			if s.HasSlippage = rapid.Bool().Draw(t, "has slippage"); s.HasSlippage {
				s.Slippage = rapid.Float64Range(0, 0.99).Draw(t, "slippage")
			}
		}
		if rapid.Bool().Draw(t, "quoted") {
			s.Bid = price.Draw(t, "bid")
			s.Ask = s.Bid * 2
		}
		signals[i] = s
	}
	return signals
}
