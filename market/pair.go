package market

import (
	"fmt"
	"strings"
)

// Class is a trading class: it decides a pair's market hours, leverage bounds
// and costs. Rules §1.
type Class uint8

// The classes of Rules §1. The zero Class is not valid.
const (
	Crypto Class = iota + 1
	Forex
	Equities
	Indices
)

// Classes lists every class in the order of Rules §1.
func Classes() []Class { return []Class{Crypto, Forex, Equities, Indices} }

// String returns the class's name as rule files and reports write it.
func (c Class) String() string {
	switch c {
	case Crypto:
		return "crypto"
	case Forex:
		return "forex"
	case Equities:
		return "equities"
	case Indices:
		return "indices"
	}
	return fmt.Sprintf("Class(%d)", uint8(c))
}

// ParseClass returns the class of that name.
func ParseClass(name string) (Class, error) {
	for _, c := range Classes() {
		if c.String() == name {
			return c, nil
		}
	}
	return 0, fmt.Errorf("unknown class %q: a class is crypto, forex, equities or indices", name)
}

// Pair is one tradable instrument. Rules §1.
type Pair struct {
	ID    string // as orders and files name it: "BTCUSD", "EURUSD", "NVDA"
	Class Class
	Base  string // what is bought: "BTC", "EUR"; an equity's own symbol
	Quote string // what it is priced in: "USD", "CAD"
}

// Metal reports whether the pair is one of the metals, which trade as forex
// but have liquidity defaults of their own. Rules §1, §7.
func (p Pair) Metal() bool {
	return p.Class == Forex && (p.Base == "XAU" || p.Base == "XAG")
}

const (
	cryptoIDs   = "BTCUSD ETHUSD SOLUSD XRPUSD DOGEUSD"
	forexIDs    = "AUDCAD AUDUSD AUDJPY AUDNZD CADCHF CADJPY CHFJPY EURCAD EURUSD EURCHF EURGBP EURJPY EURNZD NZDCAD NZDJPY NZDUSD GBPUSD GBPJPY USDCAD USDCHF USDJPY USDMXN XAUUSD XAGUSD"
	equitiesIDs = "NVDA AAPL TSLA AMZN MSFT GOOG META"
	indicesIDs  = "SPX DJI NDX VIX FTSE GDAXI"
)

// Pairs returns the pairs that the network knows, in the order of Rules §1.
// A rule file can add to them. The slice is the caller's own.
func Pairs() []Pair {
	var pairs []Pair
	for _, id := range strings.Fields(cryptoIDs) {
		pairs = append(pairs, Pair{ID: id, Class: Crypto, Base: strings.TrimSuffix(id, "USD"), Quote: "USD"})
	}
	for _, id := range strings.Fields(forexIDs) {
		pairs = append(pairs, Pair{ID: id, Class: Forex, Base: id[:3], Quote: id[3:]})
	}
	for _, id := range strings.Fields(equitiesIDs) {
		pairs = append(pairs, Pair{ID: id, Class: Equities, Base: id, Quote: "USD"})
	}
	quotes := map[string]string{"FTSE": "GBP", "GDAXI": "EUR"}
	for _, id := range strings.Fields(indicesIDs) {
		quote := quotes[id]
		if quote == "" {
			quote = "USD"
		}
		pairs = append(pairs, Pair{ID: id, Class: Indices, Base: id, Quote: quote})
	}
	return pairs
}

// FindPair returns the pair with that id among pairs.
func FindPair(pairs []Pair, id string) (Pair, bool) {
	for _, p := range pairs {
		if p.ID == id {
			return p, true
		}
	}
	return Pair{}, false
}

// PairIDs returns the ids of pairs, in their order.
func PairIDs(pairs []Pair) []string {
	ids := make([]string, len(pairs))
	for i, p := range pairs {
		ids[i] = p.ID
	}
	return ids
}
