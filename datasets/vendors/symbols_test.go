package vendors

import (
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

func TestSymbolsOfVendorsAreTheirPairs(t *testing.T) {
	cases := []struct{ symbol, pair, how string }{
		{"BTCUSD", "BTCUSD", ""},
		{"BTCUSDT", "BTCUSD", "BTCUSDT is taken for BTCUSD: USDT counted as a dollar"},
		{"btcusdt", "BTCUSD", "USDT counted as a dollar"},
		{"BTC-USD", "BTCUSD", "BTC-USD is taken for BTCUSD"},
		{"BTC/USD", "BTCUSD", "is taken for"},
		{"BTC_USDT", "BTCUSD", "USDT counted as a dollar"},
		{"BTC-USDC", "BTCUSD", "USDC counted as a dollar"},
		{"XBTUSD", "BTCUSD", "XBT is BTC"},
		{"XBT/USDT", "BTCUSD", "XBT is BTC; USDT counted as a dollar"},
		{"XXBTZUSD", "BTCUSD", "XBT is BTC"},
		{"XETHZUSD", "ETHUSD", "is taken for"},
		{"ZEURZUSD", "EURUSD", "is taken for"},
		{"XDGUSD", "DOGEUSD", "XDG is DOGE"},
		{"tBTCUSD", "BTCUSD", "is taken for"},
		{"tBTCUST", "BTCUSD", "UST counted as a dollar"},
		{"tDOGE:USD", "DOGEUSD", "is taken for"},
		{"X:BTCUSD", "BTCUSD", "is taken for"},
		{"C:EURUSD", "EURUSD", "is taken for"},
		{"I:SPX", "SPX", "is taken for"},
		{"^GSPC", "SPX", "is taken for"},
		{"^VIX", "VIX", "is taken for"},
		{"EURUSD=X", "EURUSD", "is taken for"},
		{"EUR/USD", "EURUSD", "is taken for"},
		{"eurusd", "EURUSD", "is taken for"},
		{"EURUSD.m", "EURUSD", "a broker's ending"},
		{"EURUSDm", "EURUSD", "a broker's ending"},
		{"EURUSD.pro", "EURUSD", "a broker's ending"},
		{"EUR/USD.m", "EURUSD", "a broker's ending"},
		{"XAUUSD#", "XAUUSD", "a broker's ending"},
		{"XAUUSDh1", "XAUUSD", "a broker's ending"},
		{"XRP/USDT:USDT", "XRPUSD", "USDT counted as a dollar; a perpetual"},
		{"XRP_USDT_USDT", "XRPUSD", "a perpetual"},
		{"BTC-USDT-SWAP", "BTCUSD", "a perpetual"},
		{"BINANCE:BTCUSDT", "BTCUSD", "USDT counted as a dollar"},
		{"NASDAQ:AAPL", "AAPL", "is taken for"},
		{"aapl", "AAPL", "is taken for"},
		{"AAPL.US", "AAPL", "is taken for"},
	}
	for _, tc := range cases {
		p, how, ok := PairOf(tc.symbol, market.Pairs())
		if !ok || p.ID != tc.pair || !strings.Contains(how, tc.how) || tc.how == "" && how != "" {
			t.Errorf("%s: %s, %q, %v; want %s, %q", tc.symbol, p.ID, how, ok, tc.pair, tc.how)
		}
	}
}

func TestDoubtfulSymbolsAreNoPair(t *testing.T) {
	for _, symbol := range []string{"", "BTCEUR", "BTC-EUR", "ETHBTC", "ETH/BTC", "WBTCUSD", "BTCDOMUSDT", "1000DOGEUSDT", "EURUSDT", "EUR-USDT",
		"USDBTC", "BTCUST", "C:BTCUSD", "X:EURUSD", "US30m", "US500", "NAS100", "SPY", "SPXUSD", "META.L", "METAUSDT", "META-USD", "AAPLm",
		"BTCUSDT_240329", "BTCUSD_PERPX", "EURUSD.us", "XAUUSDabcde", "EURUSDM", "unittest_btc", "UNITTEST_BTC", "X:", ":", "/", "t", "EURUSD.m.m", "-", "^", "BTC__USD__X"} {
		if p, how, ok := PairOf(symbol, market.Pairs()); ok {
			t.Errorf("%q: %s (%s)", symbol, p.ID, how)
		}
	}
}

func FuzzPairOf(f *testing.F) {
	for _, s := range []string{"BTCUSDT", "tBTC:UST", "X:BTCUSD", "EURUSD.m", "XAUUSDh1", "^GSPC", "a/b_c", "\xff:\x00"} {
		f.Add(s)
	}
	pairs := market.Pairs()
	f.Fuzz(func(t *testing.T, symbol string) {
		p, how, ok := PairOf(symbol, pairs)
		if ok && how == "" && p.ID != symbol {
			t.Errorf("%q became %s in silence", symbol, p.ID)
		}
	})
}
