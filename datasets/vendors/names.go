package vendors

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
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

// An interval as names have it, a number before or behind its unit: 1m, 5min,
// 1hr, M15, H4, D1. The capital M before a number is MetaTrader's minute; behind
// one it is Binance's month, which is no interval.
func intervalExpression() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(\d+)(s|sec|m|min|mins|minute|minutes|h|H|hr|hour|hours|d|D|day|w|W)|([MHDWmhdw])(\d+)|(minute|hourly|daily|Minute|Hourly|Daily))$`)
}

// intervalOf reads an interval as names have it; 0 if it is none.
func intervalOf(token string) datasets.Interval {
	m := intervalExpression().FindStringSubmatch(token)
	if m == nil {
		return 0
	}
	number, unit := m[1]+m[4], m[2]+m[3]
	if m[5] != "" {
		number, unit = "1", m[5]
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > 1440 {
		return 0
	}
	length := datasets.Day
	switch strings.ToLower(unit)[0] {
	case 's':
		length = datasets.Second
	case 'm':
		length = datasets.Minute
	case 'h':
		length = datasets.Hour
	case 'w':
		length = 7 * datasets.Day
	}
	v := datasets.Interval(n) * length
	if _, err := datasets.ParseInterval(v.String()); err != nil {
		return 0
	}
	return v
}

// vendorWords are the words of file names that are no symbols.
func vendorWords() []string {
	return strings.Fields("binance coinbase kraken bitfinex bitstamp gemini bybit okx oanda fxcm dukascopy histdata dat ascii mt xlsx " +
		"ohlc ohlcv ohlcvt candles candlestick candle klines kline spot futures perp trades trade quotes quote data export history " +
		"historical prices price polygon tiingo databento yahoo stooq tradingview aggs head bid ask minute_aggs day_aggs")
}

// fromName takes the symbol and the interval from a file's name: BTCUSDT-1m-2025-01,
// EURAUD_H4, DAT_ASCII_EURUSD_M1_202503, XAUUSDh1, AAPL_5min, binance__BTC_USDT-5m,
// eurusd-m1-bid-2025-01-01. What looks like neither is neither: "" and 0.
func fromName(stem string) (symbol string, interval datasets.Interval) {
	tokens := strings.FieldsFunc(stem, func(r rune) bool { return strings.ContainsRune("-_ ,.()", r) })
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
	m := regexp.MustCompile(`^([A-Za-z]{6,8}?)([hHmMdD]\d+|1|5|15|30|60|240|1440)$`).FindStringSubmatch(token)
	if m == nil {
		return 0, ""
	}
	if m[2][0] >= '0' && m[2][0] <= '9' {
		m[2] = "m" + m[2]
	}
	return intervalOf(m[2]), m[1]
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
