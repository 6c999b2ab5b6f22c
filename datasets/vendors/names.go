package vendors

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// nameClues takes the symbol and the interval from the file's name where neither
// the user nor the content tells.
func (p *plan) nameClues(s *sheet, o Options) {
	symbol, interval := fromName(s.in.stem())
	if s.in.Member != "" {
		outerSymbol, outerInterval := fromName(Input{Path: filepath.Base(s.in.Path)}.stem())
		if symbol == "" {
			symbol = outerSymbol
		}
		if interval == 0 {
			interval = outerInterval
		}
	}
	if p.Symbol == "" && p.symbolColumn < 0 {
		p.Symbol = symbol
	}
	if p.Interval == 0 && interval != 0 {
		p.Interval = interval
		p.note("interval %s by the file's name", interval)
	}
}

// intervalOf reads an interval as names have it, a number before or behind its
// unit: 1m, 5min, 1hr, M15, H4, D1; 0 if it is none. A capital M behind the number
// is Binance's month, which is no interval; before it, MetaTrader's minute.
func intervalOf(token string) datasets.Interval {
	digits := strings.Trim(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n, err := strconv.Atoi(digits)
	unit, behind := strings.CutPrefix(token, digits)
	switch {
	case digits == "" && len(token) >= len("daily"):
		n = 1
	case err != nil || n < 1 || n > 1440:
		return 0
	case !behind:
		var before bool
		if unit, before = strings.CutSuffix(token, digits); !before || len(unit) != 1 {
			return 0
		}
	case unit == "M":
		return 0
	}
	v := datasets.Interval(n) * unitLength(strings.ToLower(unit))
	if _, err := datasets.ParseInterval(v.String()); err != nil {
		return 0
	}
	return v
}

// unitLength is the length of a unit of time as names have it; 0 if it is none.
func unitLength(unit string) datasets.Interval {
	switch unit {
	case "s", "sec":
		return datasets.Second
	case "m", "min", "mins", "minute", "minutes":
		return datasets.Minute
	case "h", "hr", "hour", "hours", "hourly":
		return datasets.Hour
	case "d", "day", "daily":
		return datasets.Day
	case "w", "week", "weekly":
		return 7 * datasets.Day
	}
	return 0
}

// vendorWords are the words of file names that are no symbols.
func vendorWords() []string {
	return strings.Fields("binance coinbase kraken bitfinex bitstamp gemini bybit okx oanda fxcm dukascopy histdata dat ascii mt xlsx " +
		"ohlc ohlcv ohlcvt candles candlestick candle klines kline spot futures perp trades trade quotes quote data export history " +
		"historical prices price polygon tiingo databento yahoo stooq tradingview aggs head bid ask minute_aggs day_aggs")
}

// fromName takes the symbol and the interval from a file's name. Of its words, the
// first that means a pair is the symbol: pandas_BTCUSDT_1m. If none does, it is the
// first that looks like one.
func fromName(stem string) (symbol string, interval datasets.Interval) {
	symbol, interval = firstOfName(stem)
	pairs := market.Pairs()
	if _, _, ok := PairOf(symbol, pairs); ok || quotedInCurrency(symbol) {
		return symbol, interval
	}
	words := wordsOf(stem)
	for i, word := range words {
		if _, head := glued(word); head != "" {
			word = head
		}
		if i+1 < len(words) && slices.Contains(quoteCurrencies(), words[i+1]) {
			word += "_" + words[i+1]
		}
		if p, _, ok := PairOf(word, pairs); ok && (p.Class == market.Crypto || p.Class == market.Forex || word == strings.ToUpper(word)) {
			return word, interval
		}
	}
	return symbol, interval
}

// quotedInCurrency reports whether a symbol says by its end what it is priced in:
// BTCEUR is a pair, if none that is known, and no word beside one.
func quotedInCurrency(symbol string) bool {
	return symbol == strings.ToUpper(symbol) && slices.ContainsFunc(quoteCurrencies(), func(quote string) bool {
		return len(symbol) >= len(quote)+3 && strings.HasSuffix(symbol, quote)
	})
}

// wordsOf parts a file's name.
func wordsOf(stem string) []string {
	return strings.FieldsFunc(stem, func(r rune) bool { return strings.ContainsRune("-_ ,.()", r) })
}

// firstOfName takes the first that looks like a symbol, and the interval: BTCUSDT-1m-2025-01,
// EURAUD_H4, DAT_ASCII_EURUSD_M1_202503, XAUUSDh1, AAPL_5min, binance__BTC_USDT-5m,
// eurusd-m1-bid-2025-01-01. What looks like neither is neither: "" and 0.
func firstOfName(stem string) (symbol string, interval datasets.Interval) {
	tokens := wordsOf(stem)
	var words []string
	for i, token := range tokens {
		if v := intervalOf(token); v != 0 && (i > 0 || len(tokens) == 1) {
			interval = v
			break
		}
		if v, head := glued(token); v != 0 && len(words) == 0 {
			return head, v
		}
		if !slices.Contains(vendorWords(), strings.ToLower(token)) {
			words = append(words, token)
		}
	}
	if len(words) == 0 {
		return "", interval
	}
	if !symbolic(words[0]) && (interval == 0 || !letters(words[0])) {
		return "", interval
	}
	symbol = words[0]
	if len(words) > 1 && len(symbol) <= 5 && slices.Contains(quoteCurrencies(), words[1]) {
		symbol += "_" + words[1]
	}
	return symbol, interval
}

// quoteCurrencies are the words that name what a pair is priced in.
func quoteCurrencies() []string {
	return strings.Fields("USD USDT USDC BUSD FDUSD TUSD EUR GBP JPY CHF AUD CAD NZD MXN SEK NOK SGD HKD BTC ETH BNB")
}

// glued parts a symbol from MetaTrader's period right behind it: XAUUSDh1, and
// the minutes of EURUSD60.
func glued(token string) (v datasets.Interval, head string) {
	head = token[:max(len(strings.TrimRight(token, "0123456789")), 0)]
	digits := token[len(head):]
	switch digits {
	case "1", "4", "5", "15", "30", "60", "240", "1440":
	default:
		return 0, ""
	}
	unit := "m"
	if n := len(head) - 1; n >= 6 && strings.ContainsRune("hmdHMD", rune(head[n])) {
		head, unit = head[:n], head[n:]
	}
	if len(head) < 6 || len(head) > 8 || !letters(head) {
		return 0, ""
	}
	return intervalOf(unit + digits), head
}

// symbolic reports whether a word is written as symbols are: capitals and digits,
// perhaps a broker's short lower-case ending.
func symbolic(word string) bool {
	head := strings.TrimRightFunc(word, func(r rune) bool { return 'a' <= r && r <= 'z' })
	capitals := 0
	for _, r := range head {
		switch {
		case 'A' <= r && r <= 'Z':
			capitals++
		case r < '0' || r > '9':
			return false
		}
	}
	return capitals >= 1 && len(word)-len(head) <= 3 && len(word) >= 2 && len(word) <= 20
}

func letters(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return (r|0x20) < 'a' || (r|0x20) > 'z' })
}
