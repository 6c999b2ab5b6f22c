package rules

import (
	"reflect"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

func TestPairsAreTheNetworksAndTheAdded(t *testing.T) {
	r, err := Parse("my.yaml", []byte(inherits+`instruments:
  added:
    - {id: LTCUSD, class: crypto, quote: USD}
    - {id: EURSEK, class: forex, quote: SEK}
    - {id: SAP, class: equities, quote: EUR}
    - {id: CROSS, class: forex, base: USD, quote: NOK}
  halted: [LTCUSD, EURUSD]
`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Set.Pairs()
	if err != nil {
		t.Fatal(err)
	}
	want := append(market.Pairs(),
		market.Pair{ID: "LTCUSD", Class: market.Crypto, Base: "LTC", Quote: "USD"},
		market.Pair{ID: "EURSEK", Class: market.Forex, Base: "EUR", Quote: "SEK"},
		market.Pair{ID: "SAP", Class: market.Equities, Base: "SAP", Quote: "EUR"},
		market.Pair{ID: "CROSS", Class: market.Forex, Base: "USD", Quote: "NOK"})
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if !r.Set.Halted("LTCUSD") || !r.Set.Halted("EURUSD") || r.Set.Halted("BTCUSD") {
		t.Errorf("halted are %v", r.Set.Instruments.Halted)
	}
}

func TestPairsRefusesABadPair(t *testing.T) {
	s := builtinSet(t, Default).Set
	s.Instruments.Added = []AddedPair{{ID: "BTCUSD", Class: "crypto", Quote: "USD"}}
	_, err := s.Pairs()
	if want := `instruments.added[0].id: found "BTCUSD", a pair that there is already; expected another id`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
