package vendors

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/market"
)

// PairOf finds the pair that a vendor's symbol means: BTC-USD, XBT/USDT, tBTCUSD,
// X:BTCUSD, EURUSD.m. how says in a sentence what was taken for what, "" if the
// symbol is the pair's own id. Nothing doubtful is mapped: BTCEUR is not BTCUSD,
// and an index fund or a broker's contract on an index is not the index.
func PairOf(symbol string, pairs []market.Pair) (p market.Pair, how string, ok bool) {
	if p, ok := market.FindPair(pairs, symbol); ok {
		return p, "", true
	}
	for _, r := range readings(symbol) {
		for _, p := range pairs {
			if why, ok := r.means(p); ok {
				how = fmt.Sprintf("%s is taken for %s", printable(symbol), p.ID)
				if why != "" {
					how += ": " + why
				}
				return p, how, true
			}
		}
	}
	return market.Pair{}, "", false
}

// reading is one way to understand a symbol.
type reading struct {
	whole       string       // in capitals, without prefix, ending and separators
	base, quote string       // where the symbol parts them; else ""
	class       market.Class // that the symbol tells; 0 = any
	ending      string       // that a broker has appended
	perpetual   bool         // a contract without an end, that follows the price
	bitfinex    bool         // whose UST and UDC are the dollar tokens
}

// readings parts a symbol in the ways that vendors write them, the plainest
// first.
func readings(symbol string) []reading {
	r, rest := prefixed(strings.TrimSpace(symbol))
	upper := strings.ToUpper(rest)
	for _, end := range []string{"-PERP", "_PERP", "-SWAP", "-PERPETUAL", ".P"} {
		if cut, ok := strings.CutSuffix(upper, end); ok {
			rest, upper, r.perpetual = rest[:len(cut)], cut, true
			break
		}
	}
	parts := strings.FieldsFunc(upper, func(c rune) bool { return strings.ContainsRune("-/_:", c) })
	var list []reading
	switch {
	case len(parts) == 1 && !strings.ContainsAny(upper, "-/_:"):
		plain := r
		plain.whole = upper
		list = append(list, plain)
		if id, ending, ok := brokerEnding(rest); ok {
			broker := r
			broker.whole, broker.ending = id, ending
			list = append(list, broker)
		}
	case len(parts) == 3 && parts[1] == parts[2]: // base, quote, and what a perpetual settles in
		r.perpetual = true
		fallthrough
	case len(parts) == 2:
		r.whole, r.base, r.quote = parts[0]+parts[1], parts[0], parts[1]
		list = append(list, r)
		if quote, ending, ok := brokerEnding(rest[max(strings.LastIndexAny(rest, "-/_:"), 0)+1:]); ok {
			broker := r
			broker.whole, broker.quote, broker.ending = parts[0]+quote, quote, ending
			list = append(list, broker)
		}
	}
	return list
}

// prefixed strips what vendors put before a symbol: a class (X:, C:, I:), an
// exchange (BINANCE:), Bitfinex's t, Yahoo's ^.
func prefixed(symbol string) (r reading, rest string) {
	if prefix, after, ok := strings.Cut(symbol, ":"); ok && !strings.ContainsAny(prefix, "/_-") {
		switch prefix {
		case "X":
			return reading{class: market.Crypto}, after
		case "C":
			return reading{class: market.Forex}, after
		case "I":
			return reading{class: market.Indices}, after
		}
		if len(after) > 4 || letters(prefix) && len(prefix) > 5 { // NASDAQ:META, BINANCE:BTCUSDT; but BTC:USD has no prefix
			return reading{bitfinex: strings.EqualFold(prefix, "BITFINEX")}, after
		}
	}
	switch {
	case len(symbol) > 4 && symbol[0] == 't' && symbol[1:] == strings.ToUpper(symbol[1:]):
		return reading{class: market.Crypto, bitfinex: true}, symbol[1:]
	case strings.HasPrefix(symbol, "^"):
		return reading{class: market.Indices}, symbol[1:]
	case strings.HasSuffix(symbol, "=X"):
		return reading{class: market.Forex}, strings.TrimSuffix(symbol, "=X")
	}
	return reading{}, symbol
}

// brokerEnding parts the ending that brokers append to their symbols: EURUSDm,
// EURUSD.pro, XAUUSD#, and a period of MetaTrader's, XAUUSDh1. It is in lower
// case behind capitals, or behind a dot or sign.
func brokerEnding(symbol string) (id, ending string, ok bool) {
	i := strings.IndexFunc(symbol, func(r rune) bool { return r < 'A' || r > 'Z' })
	if i < 3 {
		return "", "", false
	}
	id, ending = symbol[:i], symbol[i:]
	word := strings.TrimLeft(ending, ".#+!")
	if len(word) > 4 || len(ending)-len(word) > 1 || strings.ToLower(word) != word && ending[0] != '.' {
		return "", "", false
	}
	digits := strings.TrimLeftFunc(word, func(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' })
	if digits != "" && intervalOf(word) == 0 {
		return "", "", false
	}
	return id, ending, true
}

// means reports whether the reading is the pair, and what had to be assumed.
func (r reading) means(p market.Pair) (why string, ok bool) {
	if r.class != 0 && r.class != p.Class {
		return "", false
	}
	var reasons []string
	switch p.Class {
	case market.Equities:
		if r.base != "" || r.perpetual || r.whole != p.ID || r.ending != "" && !strings.EqualFold(r.ending, ".us") {
			return "", false
		}
		return "", true
	case market.Indices:
		return "", r.base == "" && !r.perpetual && r.ending == "" && (r.whole == p.ID || r.whole == "GSPC" && p.ID == "SPX" && r.class == market.Indices)
	case market.Crypto:
		reasons, ok = r.crypto(p)
	default:
		ok = r.currencies(p.Base, p.Quote) && !r.perpetual
	}
	if !ok {
		return "", false
	}
	if strings.EqualFold(r.ending, ".us") {
		return "", false // a share's
	}
	if r.ending != "" {
		reasons = append(reasons, fmt.Sprintf("%s is a broker's ending", quoted(r.ending)))
	}
	if r.perpetual {
		reasons = append(reasons, "a perpetual contract stands for the coin itself")
	}
	return strings.Join(reasons, "; "), true
}

// crypto reports whether the reading is a coin against the pair's quote, or
// against a token of it.
func (r reading) crypto(p market.Pair) (reasons []string, ok bool) {
	quotes := []string{p.Quote}
	if p.Quote == "USD" {
		quotes = append(quotes, "USDT", "USDC", "BUSD", "FDUSD", "TUSD")
		if r.bitfinex {
			quotes = append(quotes, "UST", "UDC")
		}
	}
	bases := []string{p.Base}
	switch p.Base {
	case "BTC":
		bases = append(bases, "XBT")
	case "DOGE":
		bases = append(bases, "XDG")
	}
	for _, base := range bases {
		for _, quote := range quotes {
			if !r.currencies(base, quote) {
				continue
			}
			if base != p.Base {
				reasons = append(reasons, base+" is "+p.Base)
			}
			if quote != p.Quote {
				reasons = append(reasons, quote+" counted as a dollar")
			}
			return reasons, true
		}
	}
	return nil, false
}

// currencies reports whether the reading is base against quote, also in Kraken's
// old way, which marks coins with X and currencies with Z: XXBTZUSD.
func (r reading) currencies(base, quote string) bool {
	if r.base != "" {
		return r.base == base && r.quote == quote
	}
	if r.whole == base+quote {
		return true
	}
	if len(base) != 3 || len(quote) != 3 {
		return false
	}
	return slices.Contains([]string{"X" + base + "Z" + quote, "Z" + base + "Z" + quote}, r.whole)
}
