package strategies

import (
	"errors"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

func TestParseSignalReadsWhatAFileSays(t *testing.T) {
	got, err := ParseSignal(map[string]string{
		"time": "2025-01-31T14:30:00Z", "pair": "BTCUSD", "order_type": "short", "leverage": " 0.5 ", "price": "100", "slippage": "0.001",
		"bid": "99", "ask": "101", "uuid": "a", "miner": "b",
	})
	want := Signal{TimeMS: 1738333800000, Miner: "b", Order: sim.Order{Pair: "BTCUSD", Type: sim.Short, Leverage: -0.5, UUID: "a",
		Pinned: true, Price: 100, Slippage: 0.001, HasSlippage: true, Bid: 99, Ask: 101}}
	if err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func TestParseSignalNamesTheField(t *testing.T) {
	_, err := ParseSignal(map[string]string{"time": "2025-01-31T14:30:00", "pair": "BTCUSD", "order_type": "FLAT"})
	wrong, ok := errors.AsType[*SignalError](err)
	if !ok || wrong.Field != "time" || wrong.Remedy != "add the zone: Z for UTC, or an offset such as -05:00" {
		t.Errorf("%v", err)
	}
}
