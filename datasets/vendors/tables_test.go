package vendors

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// gather reads all chunks into one series, and the lines of the rows.
func gather(in Input, o Options) (*market.Series, []int64, error) {
	var all market.Series
	var lines []int64
	for c, err := range Read(context.Background(), in, o) {
		if err != nil {
			return &all, lines, err
		}
		all.Time = append(all.Time, c.Time...)
		all.Open = append(all.Open, c.Open...)
		all.High = append(all.High, c.High...)
		all.Low = append(all.Low, c.Low...)
		all.Close = append(all.Close, c.Close...)
		all.Volume = append(all.Volume, c.Volume...)
		all.Bid = append(all.Bid, c.Bid...)
		all.Ask = append(all.Ask, c.Ask...)
		for i := range c.Len() {
			line := c.Line
			if line > 0 {
				line += int64(i)
			}
			lines = append(lines, line)
		}
	}
	return &all, lines, nil
}

// bar is the candle that a test expects.
type bar struct {
	time                           string // UTC
	open, high, low, close, volume float64
}

const klineHeader = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n"

func TestTablesAreDetectedAndRead(t *testing.T) {
	athens, newYork := loadZone("Europe/Athens"), loadZone("America/New_York")
	cases := []struct {
		what, name, content string
		o                   Options
		format, symbol      string
		interval            datasets.Interval
		columns             datasets.Columns
		rows                int
		first               bar
		notes               string // one of them contains it
	}{
		{what: "Binance spot before 2025", name: "BTCUSDT-1m-2024-12.csv",
			content: "1733011200000,96407.99,96500.01,96400,96450.5,12.5,1733011259999,1205000.1,100,6,578000,0\n" +
				"1733011260000,96450.5,96460,96440,96445,3.25,1733011319999,313000,50,1,96000,0\n",
			format: "binance", symbol: "BTCUSDT", interval: datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2024-12-01 00:00:00", 96407.99, 96500.01, 96400, 96450.5, 12.5}, notes: "close times"},
		{what: "Binance spot in microseconds", name: "ETHUSDT-5m-2025-01.csv",
			content: "1735689600000000,3337.78,3340,3335,3338,12.5,1735689899999999,1205000.1,100,6,578000,0\n",
			format:  "binance", symbol: "ETHUSDT", interval: 5 * datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-01 00:00:00", 3337.78, 3340, 3335, 3338, 12.5}, notes: "microseconds"},
		{what: "Binance futures with header", name: "BTCUSDT-1h-2023-01.csv",
			content: klineHeader + "1672531200000,16537.5,16540.9,16504,16527,5381.399,1672534799999,88899000.1,100,6,578000,0\n",
			format:  "binance", symbol: "BTCUSDT", interval: datasets.Hour, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2023-01-01 00:00:00", 16537.5, 16540.9, 16504, 16527, 5381.399}, notes: "with header"},
		{what: "HistData in winter", name: "DAT_ASCII_EURUSD_M1_202501.csv",
			content: "20250102 170000;1.040320;1.040420;1.040290;1.040310;0\n20250102 170100;1.040280;1.040330;1.040240;1.040270;0\n",
			format:  "histdata", symbol: "EURUSD", interval: datasets.Minute, columns: datasets.OHLC, rows: 2,
			first: bar{"2025-01-02 22:00:00", 1.04032, 1.04042, 1.04029, 1.04031, 0}, notes: "volume is always 0"},
		{what: "HistData between the American and the European change", name: "DAT_ASCII_EURUSD_M1_202503.csv",
			content: "20250310 170000;1.040320;1.040420;1.040290;1.040310;0\n",
			format:  "histdata", symbol: "EURUSD", interval: datasets.Minute, columns: datasets.OHLC, rows: 1,
			first: bar{"2025-03-10 22:00:00", 1.04032, 1.04042, 1.04029, 1.04031, 0}},
		{what: "HistData in summer", name: "DAT_ASCII_EURUSD_M1_202507.csv",
			content: "20250710 170000;1.040320;1.040420;1.040290;1.040310;0\n",
			format:  "histdata", symbol: "EURUSD", interval: datasets.Minute, columns: datasets.OHLC, rows: 1,
			first: bar{"2025-07-10 21:00:00", 1.04032, 1.04042, 1.04029, 1.04031, 0}},
		{what: "HistData in a summer before 2019", name: "DAT_ASCII_EURUSD_M1_2018.csv",
			content: "20180710 170000;1.040320;1.040420;1.040290;1.040310;0\n",
			format:  "histdata", symbol: "EURUSD", interval: datasets.Minute, columns: datasets.OHLC, rows: 1,
			first: bar{"2018-07-10 22:00:00", 1.04032, 1.04042, 1.04029, 1.04031, 0}},
		{what: "HistData for MetaTrader", name: "DAT_MT_EURUSD_M1_202507.csv",
			content: "2025.07.10,17:00,1.040320,1.040420,1.040290,1.040310,0\n",
			format:  "mt4", symbol: "EURUSD", interval: datasets.Minute, columns: datasets.OHLC, rows: 1,
			first: bar{"2025-07-10 21:00:00", 1.04032, 1.04042, 1.04029, 1.04031, 0}},
		{what: "Dukascopy in GMT", name: "EURUSD_Candlestick_15_M_BID_01.01.2025-31.01.2025.csv",
			content: "Gmt time,Open,High,Low,Close,Volume\n02.01.2025 00:15:00.000,1.03503,1.03514,1.03501,1.0351,25.86\n",
			format:  "dukascopy", symbol: "EURUSD", interval: 15 * datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-02 00:15:00", 1.03503, 1.03514, 1.03501, 1.0351, 25.86}, notes: "millions"},
		{what: "Dukascopy in local time", name: "EURUSD_Candlestick_1_h_BID_01.01.2025-31.01.2025.csv",
			content: "Local time,Open,High,Low,Close,Volume\n02.01.2025 00:00:00.000 GMT+0100,1.03503,1.03514,1.03501,1.0351,25.86\n" +
				"01.07.2025 00:00:00.000 GMT+0200,1.03503,1.03514,1.03501,1.0351,25.86\n",
			format: "dukascopy", symbol: "EURUSD", interval: datasets.Hour, columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-01-01 23:00:00", 1.03503, 1.03514, 1.03501, 1.0351, 25.86}},
		{what: "dukascopy-node", name: "eurusd-m1-bid-2025-01-02-2025-01-03.csv",
			content: "timestamp,open,high,low,close,volume\n1735776000000,1.03503,1.03514,1.03501,1.0351,25.86\n",
			format:  "dukascopy", symbol: "eurusd", interval: datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-02 00:00:00", 1.03503, 1.03514, 1.03501, 1.0351, 25.86}},
		{what: "MetaTrader 4 without header", name: "EURUSD60.csv", o: Options{Zone: athens},
			content: "2025.01.02,00:00,1.03503,1.03514,1.03501,1.03510,2586\n2025.07.02,00:00,1.03503,1.03514,1.03501,1.03510,2586\n",
			format:  "mt4", symbol: "EURUSD", interval: datasets.Hour, columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-01-01 22:00:00", 1.03503, 1.03514, 1.03501, 1.0351, 2586}, notes: "counts ticks"},
		{what: "MetaTrader 5 in UTF-16", name: "XAUUSD_M15_202501020000_202501030000.csv", o: Options{Zone: athens},
			content: utf16LE("<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n2025.01.02\t00:15:00\t2624.5\t2626.25\t2624\t2625\t385\t0\t9\r\n"),
			format:  "mt5", symbol: "XAUUSD", interval: 15 * datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-01 22:15:00", 2624.5, 2626.25, 2624, 2625, 385}, notes: "spread is left out"},
		{what: "MetaTrader 5, daily", name: "XAUUSD_Daily_202501020000_202501030000.csv", o: Options{Zone: time.UTC},
			content: "<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n2025.01.02\t2624.5\t2626.25\t2624\t2625\t385\t0\t9\r\n",
			format:  "mt5", symbol: "XAUUSD", interval: datasets.Day, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-02 00:00:00", 2624.5, 2626.25, 2624, 2625, 385}},
		{what: "Kraken", name: "XBTUSD_1.csv",
			content: "1735689600,93500.1,93510.5,93490,93500,1.25,42\n1735689720,93500,93500,93500,93500,0.001,1\n",
			format:  "kraken", symbol: "XBTUSD", interval: datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-01-01 00:00:00", 93500.1, 93510.5, 93490, 93500, 1.25}, notes: "where nothing traded"},
		{what: "Bitfinex", name: "BTCUSD-1m.csv",
			content: "1451606400000,429.17,429.18,430,429,1.6817\n1451606460000,429.17,429.18,429.18,429.17,16.14578427\n",
			format:  "bitfinex", symbol: "BTCUSD", interval: datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2016-01-01 00:00:00", 429.17, 430, 429, 429.18, 1.6817}, notes: "open, close, high, low"},
		{what: "Polygon, one of several", name: "2025-01-06.csv", o: Options{Symbol: "NVDA"},
			content: "ticker,volume,open,close,high,low,window_start,transactions\nAAPL,4930,244.31,244.4,244.5,244.2,1736154000000000000,129\n" +
				"NVDA,1000,148.59,148.7,148.8,148.5,1736154000000000000,20\nNVDA,1001,148.7,148.7,148.8,148.5,1736154060000000000,20\n",
			format: "polygon", symbol: "NVDA", columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-01-06 09:00:00", 148.59, 148.8, 148.5, 148.7, 1000}, notes: "nanoseconds"},
		{what: "Databento, integers", name: "xnas-itch-20250106.ohlcv-1m.csv",
			content: "ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol\n1736154000000000000,33,2,38,148590000000,148800000000,148500000000,148700000000,1000,NVDA\n",
			format:  "databento", symbol: "NVDA", interval: datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-06 09:00:00", 148.59, 148.8, 148.5, 148.7, 1000}, notes: "billionth"},
		{what: "Databento, pretty", name: "x.csv",
			content: "ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol\n2025-01-06T09:00:00.000000000Z,34,2,38,148.590000000,148.800000000,148.500000000,148.700000000,1000,NVDA\n",
			format:  "databento", symbol: "NVDA", interval: datasets.Hour, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-06 09:00:00", 148.59, 148.8, 148.5, 148.7, 1000}},
		{what: "CryptoDataDownload", name: "Binance_BTCUSDT_1h.csv",
			content: "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume BTC,Volume USDT,tradecount\n" +
				"1736157600,2025-01-06 10:00:00,BTC/USDT,99100,99200,99000,99150,2.5,247875,90\n1736154000000,2025-01-06 09:00:00,BTC/USDT,99000.5,99200,98900,99100,1.5,148650,80\n",
			format: "cryptodatadownload", symbol: "BTC/USDT", interval: datasets.Hour, columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-01-06 09:00:00", 99000.5, 99200, 98900, 99100, 1.5}, notes: "newest first"},
		{what: "Yahoo", name: "AAPL.csv", o: Options{Zone: newYork},
			content: "Date,Open,High,Low,Close,Adj Close,Volume\n2025-01-06,244.31,247.33,243.2,245,244.1,45045600\n",
			format:  "yahoo", symbol: "AAPL", columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-06 05:00:00", 244.31, 247.33, 243.2, 245, 45045600}, notes: "adjusted close"},
		{what: "Stooq", name: "aapl.us.txt", o: Options{Zone: newYork},
			content: "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\nAAPL.US,5,20250106,093000,244.31,247.33,243.2,245,45045600,0\n",
			format:  "stooq", symbol: "AAPL.US", interval: 5 * datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-06 14:30:00", 244.31, 247.33, 243.2, 245, 45045600}},
		{what: "TradingView", name: "BINANCE_BTCUSDT, 60.csv",
			content: "time,open,high,low,close,Volume\n1736154000,99000.5,99200,98900,99100,1.5\n",
			format:  "csv", symbol: "BTCUSDT", columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-06 09:00:00", 99000.5, 99200, 98900, 99100, 1.5}, notes: "times in seconds"},
		{what: "points", name: "XAUUSDh1.csv", o: Options{Zone: athens, PriceScale: 0.01},
			content: "Date,open,high,low,close,tick_volume\r\n2012-05-17 08:00:00,154759.0,155384.0,154740.0,155295.0,4418\r\n",
			format:  "csv", symbol: "XAUUSD", interval: datasets.Hour, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2012-05-17 05:00:00", 1547.59, 1553.84, 1547.40, 1552.95, 4418}, notes: "multiplied by 0.01"},
		{what: "mapped by number, semicolons, day first", name: "x.csv",
			o:       Options{Zone: time.UTC, Columns: map[string]string{"time": "1", "open": "3", "high": "4", "low": "5", "close": "6"}},
			content: "31/01/2025 09:00;ignored;10;12;9;11;7\n", format: "csv", columns: datasets.OHLC, rows: 1,
			first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 0}, notes: "times as DD/MM/YYYY hh:mm"},
		{what: "mapped by name, date and time apart", name: "x.csv",
			o:       Options{Zone: time.UTC, Columns: map[string]string{"date": "Day", "time": "Clock", "open": "A", "high": "B", "low": "C", "close": "D", "volume": "E"}, VolumeScale: 100},
			content: "Day|Clock|A|B|C|D|E\n2025-01-31|09:00|10|12|9|11|7\n", format: "csv", columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 700}, notes: "volume is multiplied by 100"},
		{what: "date and time of day, as a spreadsheet writes them", name: "x.csv", o: Options{Zone: newYork},
			content: "Date,Time,Open,High,Low,Close,Vol\n1/31/2025,9:30,10,12,9,11,7\n1/31/2025,10:00,10,12,9,11,7\n", format: "csv", columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-01-31 14:30:00", 10, 12, 9, 11, 7}, notes: `"Date" and "Time" together`},
		{what: "halves of the day", name: "x.csv", o: Options{Zone: newYork},
			content: "Date,Open,High,Low,Close\n01/31/2025 12:30 PM,10,12,9,11\n01/31/2025 1:00 PM,10,12,9,11\n", format: "csv", columns: datasets.OHLC, rows: 2,
			first: bar{"2025-01-31 17:30:00", 10, 12, 9, 11, 0}},
		{what: "no header, prices that look like times of day", name: "x.csv",
			content: "2025-01-31T09:30:00Z,1500,1510,1450,1505,7\n2025-01-31T09:31:00Z,1505,1510,1450,1500,7\n", format: "csv", columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-01-31 09:30:00", 1500, 1510, 1450, 1505, 7}},
		{what: "no header, date and digits of the time of day", name: "x.csv", o: Options{Zone: newYork},
			content: "20250131,0930,1500,1510,1450,1505,7\n20250131,0931,1505,1510,1450,1500,7\n", format: "csv", columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-01-31 14:30:00", 1500, 1510, 1450, 1505, 7}, notes: "date and time"},
		{what: "seconds before 1973, as stated", name: "x.csv", o: Options{TimeFormat: timeFormat(t, "epoch_s")}, content: "time,open,high,low,close\n34214400,10,12,9,11\n", format: "csv",
			columns: datasets.OHLC, rows: 1, first: bar{"1971-02-01 00:00:00", 10, 12, 9, 11, 0}},
		{what: "a volume left out", name: "x.csv", o: Options{Columns: map[string]string{"volume": "-"}}, content: "time,open,high,low,close,volume\n1738314000,10,12,9,11,NaN\n", format: "csv",
			columns: datasets.OHLC, rows: 1, first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 0}},
		{what: "HistData by its rows alone", name: "x.csv", content: histDataMinutes(2),
			format: "histdata", interval: datasets.Minute, columns: datasets.OHLC, rows: 2,
			first: bar{"2025-03-10 05:00:00", 1.04032, 1.04042, 1.04029, 1.04031, 0}, notes: "volume is always 0"},
		{what: "another platform's minutes in their own clock, with volume", name: "EURUSD.Last.txt", o: Options{Zone: time.UTC},
			content: "20250216 221500;1.04858;1.04881;1.0485;1.04856;264\n20250216 221600;1.04861;1.04872;1.04857;1.04863;66\n",
			format:  "csv", symbol: "EURUSD", columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-02-16 22:15:00", 1.04858, 1.04881, 1.0485, 1.04856, 264}, notes: "times as YYYYMMDD hhmmss"},
		{what: "HistData's name, read as any table", name: "DAT_ASCII_EURUSD_M1_202503.csv", o: Options{Format: "csv", Zone: time.UTC},
			content: "20250310 170000;1.04032;1.04042;1.04029;1.04031;12\n", format: "csv", symbol: "EURUSD", interval: datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-03-10 17:00:00", 1.04032, 1.04042, 1.04029, 1.04031, 12}},
		// 1739750400 is 2025-02-17 00:00:00 of a clock two hours ahead of UTC in winter.
		{what: "seconds of a broker's clock", name: "EURUSD_M15.csv", o: Options{Zone: athens, TimeFormat: timeFormat(t, "epoch_s_local")},
			content: "time,open,high,low,close,tick_volume,spread,real_volume\n1739750400,1.04858,1.04881,1.0485,1.04856,264,5,0\n",
			format:  "csv", symbol: "EURUSD", interval: 15 * datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-02-16 22:00:00", 1.04858, 1.04881, 1.0485, 1.04856, 264}},
		{what: "milliseconds of a broker's clock in summer", name: "EURUSD_M15.csv", o: Options{Zone: newYork, ZoneAheadMS: 7 * hourMS, TimeFormat: timeFormat(t, "epoch_ms_local")},
			content: "time,open,high,low,close\n1751328000000,1.04858,1.04881,1.0485,1.04856\n", // 2025-07-01 00:00, three hours ahead of UTC
			format:  "csv", symbol: "EURUSD", interval: 15 * datasets.Minute, columns: datasets.OHLC, rows: 1,
			first: bar{"2025-06-30 21:00:00", 1.04858, 1.04881, 1.0485, 1.04856, 0}},
		{what: "UTC stated for seconds, which are", name: "x.csv", o: Options{Zone: time.UTC}, content: "time,o,h,l,c\n1738314000,10,12,9,11\n",
			format: "csv", columns: datasets.OHLC, rows: 1, first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 0}},
		// 09:30 New York is 14:30 UTC in winter and 13:30 UTC in summer.
		{what: "Yahoo's days of an equity", name: "AAPL.csv",
			content: "Date,Open,High,Low,Close,Adj Close,Volume\n2025-03-07,244.31,247.33,243.2,245,244.1,45045600\n2025-03-10,245,247.33,243.2,245,244.1,1\n2025-03-11,245,247.33,243.2,245,244.1,1\n",
			format:  "yahoo", symbol: "AAPL", interval: datasets.Day, columns: datasets.OHLC | datasets.Volume, rows: 3,
			first: bar{"2025-03-07 14:30:00", 244.31, 247.33, 243.2, 245, 45045600}, notes: "09:30 New York"},
		{what: "Yahoo's days of an equity, at a midnight that is stated", name: "AAPL-1d.csv", o: Options{Zone: time.UTC},
			content: "Date,Open,High,Low,Close,Adj Close,Volume\n2025-07-07,244.31,247.33,243.2,245,244.1,7\n",
			format:  "yahoo", symbol: "AAPL", interval: datasets.Day, columns: datasets.OHLC | datasets.Volume, rows: 1,
			first: bar{"2025-07-07 00:00:00", 244.31, 247.33, 243.2, 245, 7}, notes: "runs can't fill"},
		{what: "Yahoo's days of a coin", name: "BTC-USD.csv",
			content: "Date,Open,High,Low,Close,Adj Close,Volume\n2025-07-07,10,12,9,11,11,7\n2025-07-08,10,12,9,11,11,7\n",
			format:  "yahoo", symbol: "BTC_USD", interval: datasets.Day, columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-07-07 00:00:00", 10, 12, 9, 11, 7}, notes: "00:00 UTC"},
		{what: "Stooq's days of an equity, newest first", name: "aapl.us.txt",
			content: "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\nAAPL.US,D,20250708,000000,10,12,9,11,8,0\nAAPL.US,D,20250707,000000,10,12,9,11,7,0\n",
			format:  "stooq", symbol: "AAPL.US", interval: datasets.Day, columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-07-07 13:30:00", 10, 12, 9, 11, 7}, notes: "09:30 New York"},
		// Monday's trading day begins on Sunday at 17:00 New York, 21:00 UTC in summer.
		{what: "any table's days of a currency", name: "EURUSD_D1.csv",
			content: "Date,Open,High,Low,Close\n2025-07-07,1.1,1.2,1.05,1.15\n", format: "csv", symbol: "EURUSD", interval: datasets.Day, columns: datasets.OHLC, rows: 1,
			first: bar{"2025-07-06 21:00:00", 1.1, 1.2, 1.05, 1.15, 0}, notes: "17:00 New York of the day before"},
		{what: "days whose class is stated", name: "x-1d.csv", o: Options{Class: market.Equities},
			content: "Date,Open,High,Low,Close\n2025-07-07,1.1,1.2,1.05,1.15\n", format: "csv", symbol: "x", interval: datasets.Day, columns: datasets.OHLC, rows: 1,
			first: bar{"2025-07-07 13:30:00", 1.1, 1.2, 1.05, 1.15, 0}},
		{what: "decimal commas", name: "BTCUSDT-5m.csv", o: Options{Zone: time.UTC},
			content: "Date;Open;High;Low;Close;Volume\n31.12.2024 00:00;92792,05;92848,01;92706;92782,39;51,41651\n31.12.2024 00:05;92782,39;92907,03;92748,93;92861,2;33\n",
			format:  "csv", symbol: "BTCUSDT", interval: 5 * datasets.Minute, columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2024-12-31 00:00:00", 92792.05, 92848.01, 92706, 92782.39, 51.41651}, notes: "decimal commas"},
		{what: "decimal commas without header", name: "x.csv",
			content: "1738314000;10,5;12,25;9,75;11;7\n1738314060;10,5;12,5;9,5;11,5;7\n", format: "csv", columns: datasets.OHLC | datasets.Volume, rows: 2,
			first: bar{"2025-01-31 09:00:00", 10.5, 12.25, 9.75, 11, 7}, notes: "decimal commas"},
		{what: "decimal commas before three digits, of a currency", name: "USDJPY-5m.csv",
			content: "time;open;high;low;close\n1738314000;150,123;150,200;150,100;150,150\n", format: "csv", symbol: "USDJPY", interval: 5 * datasets.Minute, columns: datasets.OHLC, rows: 1,
			first: bar{"2025-01-31 09:00:00", 150.123, 150.2, 150.1, 150.15, 0}, notes: "decimal commas"},
		{what: "decimal commas before three digits, as stated", name: "x.csv", o: Options{PriceScale: 1},
			content: "time;open;high;low;close\n1738314000;150,123;150,200;150,100;150,150\n", format: "csv", columns: datasets.OHLC, rows: 1,
			first: bar{"2025-01-31 09:00:00", 150.123, 150.2, 150.1, 150.15, 0}, notes: "decimal commas"},
		{what: "lines of an old Mac", name: "x.csv", content: "time,open,high,low,close\r1738314000,10,12,9,11\r1738314060,10,12,9,11\r", format: "csv", columns: datasets.OHLC, rows: 2,
			first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 0}},
		{what: "any table of several symbols", name: "all_stocks.csv", o: Options{Zone: newYork, Symbol: "AAPL"},
			content: "date,open,high,low,close,volume,Name\n2025-01-30,1,2,1,2,5,AAL\n2025-01-31,10,12,9,11,7,AAPL\n", format: "csv", symbol: "AAPL", interval: datasets.Day,
			columns: datasets.OHLC | datasets.Volume, rows: 1, first: bar{"2025-01-31 05:00:00", 10, 12, 9, 11, 7}, notes: `"Name" names the symbol`},
		{what: "close only", name: "x.csv", content: "time,close\n2025-01-31T09:00:00Z,10\n", format: "csv", columns: datasets.Close, rows: 1,
			first: bar{"2025-01-31 09:00:00", 10, 10, 10, 10, 0}, notes: "only the close"},
		{what: "pandas' nameless index, quotes, a trailing separator, comments and blank lines", name: "x.csv",
			content: "# made by hand\n,open,high,low,close,volume,\n\n\"2025-01-31 09:00:00+00:00\",\"10\", 12 ,9,11,7,\n\n# pause\n2025-01-31 09:01:00+00:00,10,12,9,11,7,\n",
			format:  "csv", columns: datasets.OHLC | datasets.Volume, rows: 2, first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 7}, notes: "has no name"},
		{what: "blanks", name: "x.txt", o: Options{Zone: time.UTC}, content: "2025.01.31  09:00 10 12 9 11 7\n", format: "mt4",
			columns: datasets.OHLC | datasets.Volume, rows: 1, first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 7}},
		{what: "epoch seconds with a fraction", name: "x.csv", content: "t,o,h,l,c\n1738314000.0,10,12,9,11\n", format: "csv", columns: datasets.OHLC, rows: 1,
			first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 0}, notes: `"t" is taken as time`},
		{what: "no header, low high open close", name: "x.csv", content: "1738314000,9,12,10,11,7\n1738314060,8,12,10,11,7\n", format: "csv",
			columns: datasets.OHLC | datasets.Volume, rows: 2, first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 7}, notes: "low, high, open, close"},
		{what: "a time format", name: "x.csv", o: Options{TimeFormat: timeFormat(t, "%d-%b-%y %H:%M"), Zone: time.UTC},
			content: "Date,Open,High,Low,Close\n31-Jan-25 09:00,10,12,9,11\n", format: "csv", columns: datasets.OHLC, rows: 1, first: bar{"2025-01-31 09:00:00", 10, 12, 9, 11, 0}},
	}
	for _, tc := range cases {
		t.Run(tc.what, func(t *testing.T) {
			in := inputOf(t, tc.name, []byte(tc.content))
			d, err := Detect(context.Background(), in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			if d.Format != tc.format || d.Symbol != tc.symbol || d.Interval != tc.interval || d.Columns != tc.columns || d.Kind != Candles || d.Clock == "" {
				t.Errorf("detected %+v", d)
			}
			if tc.notes != "" && !slices.ContainsFunc(d.Notes, func(n string) bool { return strings.Contains(n, tc.notes) }) {
				t.Errorf("no note says %q: %q", tc.notes, d.Notes)
			}
			s, _, err := gather(in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			if s.Len() != tc.rows || len(s.Close) != tc.rows || (d.Columns&datasets.Volume != 0) != (s.Volume != nil) {
				t.Fatalf("%d rows, want %d: %+v", s.Len(), tc.rows, s)
			}
			var volume float64
			if s.Volume != nil {
				volume = s.Volume[0]
			}
			got := bar{time.UnixMilli(s.Time[0]).UTC().Format("2006-01-02 15:04:05"), s.Open[0], s.High[0], s.Low[0], s.Close[0], volume}
			if got != tc.first {
				t.Errorf("first candle %+v, want %+v", got, tc.first)
			}
			if !slices.IsSorted(s.Time) {
				t.Error("times don't ascend")
			}
		})
	}
}

// histDataMinutes are minutes from Monday, 2025-03-10 00:00 of the vendor's clock,
// which is 05:00 UTC: London is in its winter still.
func histDataMinutes(n int) string {
	var b strings.Builder
	at := time.Date(2025, 3, 10, 0, 0, 0, 0, time.UTC)
	for i := range n {
		b.WriteString(at.Add(time.Duration(i)*time.Minute).Format("20060102 150405") + ";1.04032;1.04042;1.04029;1.04031;0\n")
	}
	return b.String()
}

func timeFormat(t testing.TB, s string) *text.TimeFormat {
	t.Helper()
	f, err := text.ParseTimeFormat(s)
	if err != nil {
		t.Fatal(err)
	}
	return &f
}

func utf16LE(s string) string {
	out := "\xff\xfe"
	for _, c := range []byte(s) {
		out += string([]byte{c, 0})
	}
	return out
}

func TestTablesAreRefusedWithLineAndRemedy(t *testing.T) {
	const good = "2025-01-31T09:00:00Z,10,12,9,11,7\n"
	cases := []struct {
		what, name, content string
		o                   Options
		problem             error
		line                int64
		says                string
	}{
		{what: "a spreadsheet's times", name: "BTCUSDT-1h.csv", content: klineHeader + "1.70027E+12,1,2,1,2,5,1.70027E+12,1,1,1,1,0\n", problem: datasets.ErrCorrupt, line: 2, says: "spreadsheet"},
		{what: "a spreadsheet's times in any table", name: "x.csv", content: "time,open,high,low,close\n1.7E+12,1,2,1,2\n", problem: datasets.ErrCorrupt, line: 2, says: "spreadsheet"},
		{what: "a spreadsheet's time further down", name: "x.csv", content: "time,open,high,low,close\n" + strings.Repeat("1736154000000,1,2,1,2\n", 5000) + "1.7E+12,1,2,1,2\n", problem: datasets.ErrCorrupt, line: 5002, says: "spreadsheet"},
		{what: "no zone", name: "x.csv", content: "time,open,high,low,close\n\n2025-01-31 09:00:00,10,12,9,11\n", problem: datasets.ErrNoZone, line: 3, says: "--zone"},
		{what: "a header in the midst", name: "x.csv", content: "time,o,h,l,c,v\n" + good + "\n# x\ntime,o,h,l,c,v\n" + good, problem: datasets.ErrSyntax, line: 5, says: "joined"},
		{what: "a header in the midst of none", name: "x.csv", content: strings.Repeat(good, 3) + "time,open,high,low,close,volume\n" + good, problem: datasets.ErrSyntax, line: 4, says: "joined"},
		{what: "a row of too few fields", name: "x.csv", content: "time,o,h,l,c,v\n" + good + good + "2025-01-31T09:01:00Z,10,12,9\n", problem: datasets.ErrSyntax, line: 4, says: "breaks off"},
		{what: "a row of too many fields", name: "x.csv", content: "time,o,h,l,c,v\n" + good + good + "2025-01-31T09:01:00Z,10,12,9,11,7,8,9\n", problem: datasets.ErrSyntax, line: 4, says: "8 fields"},
		{what: "a word for nothing", name: "x.csv", content: "time,o,h,l,c,v\n" + good + "2025-01-31T09:01:00Z,n/a,12,9,11,7\n", problem: datasets.ErrNull, line: 3, says: "remove the row"},
		{what: "a word for a price", name: "x.csv", content: "time,o,h,l,c,v\n" + good + "2025-01-31T09:01:00Z,?,12,9,11,7\n", problem: datasets.ErrSyntax, line: 3, says: "a number"},
		{what: "thousands separators", name: "x.csv", content: "time;o;h;l;c;v\n2025-01-31T09:01:00Z;92.792,05;92.800,1;92.700,2;92.792,05;7\n", problem: datasets.ErrSyntax, line: 2, says: "decimal point"},
		{what: "thousands separators in quotes", name: "x.csv", content: "time,o,h,l,c\n2025-01-31T09:01:00Z,\"92,792.05\",\"92,800.1\",\"92,700.2\",\"92,792.05\"\n", problem: datasets.ErrSyntax, line: 2, says: "decimal point"},
		{what: "a thousands separator below decimal commas", name: "x.csv", content: "time;o;h;l;c\n2025-01-31T09:01:00Z;10,5;12,5;9,5;11,5\n" + strings.Repeat("2025-01-31T09:01:00Z;10,5;12,5;9,5;11,5\n", 5000) + "2025-01-31T09:01:00Z;1.210,5;1.210,5;1.210,5;1.210,5\n",
			problem: datasets.ErrSyntax, line: 5003, says: "1.210,5"},
		{what: "commas before three digits", name: "x.csv", content: "time;o;h;l;c\n2025-01-31T09:01:00Z;38,460;38,470;38,450;38,460\n", problem: datasets.ErrSyntax, line: 2, says: "--price-scale 1 if it is the decimal point"},
		{what: "a header of an older encoding", name: "x.csv", content: "Datum;Zeit;Er\xf6ffnung;Hoch;Tief;Schluss\n31.01.2025;09:00;10,5;12,5;9,5;11,5\n", problem: datasets.ErrNoColumn, line: 1, says: "date=1,time=2,open=3"},
		{what: "another platform's minutes", name: "EURUSD.Last.txt", content: "20250216 221500;1.04858;1.04881;1.0485;1.04856;264\n20250216 221600;1.04861;1.04872;1.04857;1.04863;66\n", problem: datasets.ErrNoZone, line: 1, says: "--zone"},
		{what: "quarters of an hour without a volume", name: "EURUSD.Last.txt", content: "20250216 221500;1.04858;1.04881;1.0485;1.04856;0\n20250216 223000;1.04861;1.04872;1.04857;1.04863;0\n", problem: datasets.ErrNoZone, line: 1, says: "--zone"},
		{what: "steps of seconds without a volume", name: "EURUSD.Last.txt", content: "20250216 221500;1.04858;1.04881;1.0485;1.04856;0\n20250216 221600;1.04858;1.04881;1.0485;1.04856;0\n20250216 221700;1.04858;1.04881;1.0485;1.04856;0\n20250216 221730;1.04861;1.04872;1.04857;1.04863;0\n",
			problem: datasets.ErrNoZone, line: 1, says: "--zone"},
		{what: "a volume under HistData's name", name: "DAT_ASCII_EURUSD_M1_202503.csv", content: "20250310 170000;1.04032;1.04042;1.04029;1.04031;0\n20250310 170100;1.04032;1.04042;1.04029;1.04031;12\n", problem: datasets.ErrType, line: 2, says: "--vendor csv"},
		{what: "a volume below the head of HistData's minutes", name: "x.csv", content: histDataMinutes(3000) + "20250331 170000;1.04032;1.04042;1.04029;1.04031;12\n", problem: datasets.ErrType, line: 3001, says: "--vendor csv"},
		{what: "a volume in HistData's minutes for MetaTrader", name: "DAT_MT_EURUSD_M1_202507.csv", content: "2025.07.10,17:00,1.04032,1.04042,1.04029,1.04031,0\n2025.07.10,17:01,1.04032,1.04042,1.04029,1.04031,3\n", problem: datasets.ErrType, line: 2, says: "--vendor csv"},
		{what: "a zone for seconds", name: "x.csv", o: Options{Zone: loadZone("America/New_York")}, content: "time,o,h,l,c\n1739750400,10,12,9,11\n", problem: datasets.ErrType, says: "keep it and state --time-format epoch_s_local"},
		{what: "a zone for milliseconds", name: "x.csv", o: Options{Zone: time.UTC, ZoneAheadMS: 1}, content: "time,o,h,l,c\n1739750400000,10,12,9,11\n", problem: datasets.ErrType, says: "epoch_ms_local"},
		{what: "a zone for offsets", name: "x.csv", o: Options{Zone: loadZone("Europe/Athens")}, content: "time,o,h,l,c,v\n" + good, problem: datasets.ErrType, says: "leave --zone out"},
		{what: "a zone for times that say UTC", name: "x.csv", o: Options{Zone: loadZone("Europe/Athens")}, content: "time,o,h,l,c,v\n2025-01-31 09:00:00 UTC,10,12,9,11,7\n", problem: datasets.ErrType, says: "leave --zone out"},
		{what: "seconds of a local clock without its zone", name: "x.csv", o: Options{TimeFormat: timeFormat(t, "epoch_s_local")}, content: "time,o,h,l,c\n1739750400,10,12,9,11\n", problem: datasets.ErrNoZone, line: 2, says: "--zone"},
		{what: "dates of a symbol that is no pair", name: "ZZZ.csv", content: "Date,Open,High,Low,Close\n2025-05-12,10,12,9,11\n2025-05-13,10,12,9,11\n", problem: datasets.ErrNoZone, line: 2, says: "dates without a time of day"},
		{what: "weeks of an equity", name: "AAPL.csv", content: "Date,Open,High,Low,Close,Adj Close,Volume\n2025-05-12,10,12,9,11,11,7\n2025-05-19,10,12,9,11,11,7\n", problem: datasets.ErrNoZone, line: 2, says: "dates without a time of day"},
		{what: "day or month", name: "x.csv", o: Options{Zone: time.UTC}, content: "time,o,h,l,c,v\n01/02/2025 09:00,10,12,9,11,7\n", problem: datasets.ErrSyntax, line: 2, says: "--time-format '02/01/2006 15:04' or '01/02/2006 15:04'"},
		{what: "milliseconds since midnight", name: "x.csv", content: "time,o,h,l,c,v\n34200000,10,12,9,11,7\n34260000,10,12,9,11,7\n", problem: datasets.ErrSyntax, line: 2, says: "--time-format"},
		{what: "numbers of rows without a name", name: "x.csv", content: ",open,high,low,close\n0,10,12,9,11\n1,10,12,9,11\n", problem: datasets.ErrSyntax, line: 2, says: "--time-format"},
		{what: "two orders of prices", name: "x.csv", content: "1736154000000,10,10,10,10,7\n", problem: datasets.ErrNoColumn, line: 1, says: "--columns time=1,open=2"},
		{what: "no order of prices", name: "x.csv", content: "1736154000000,10,12,11,9,7\n1736154060000,10,9,11,13,7\n", problem: datasets.ErrNoColumn, line: 1, says: "--columns"},
		{what: "no close", name: "x.csv", content: "time,open,high,low,what\n2025-01-31T09:01:00Z,10,12,9,x\n", problem: datasets.ErrNoColumn, line: 1, says: "close"},
		{what: "a stated column that is not there", name: "x.csv", o: Options{Columns: map[string]string{"open": "Eröffnung"}}, content: "time,o,h,l,c,v\n" + good, problem: datasets.ErrNoColumn, says: "Eröffnung"},
		{what: "a stated key that is none", name: "x.csv", o: Options{Columns: map[string]string{"opne": "1"}}, content: "time,o,h,l,c,v\n" + good, problem: datasets.ErrNoColumn, says: "opne"},
		{what: "an interval against the name", name: "BTCUSDT-5m-2024-12.csv", content: "1733011200000,1,2,1,2,12.5,1733011259999,1205000.1,100,6,578000,0\n", problem: datasets.ErrInterval, says: "name says 5m"},
		{what: "a header shorter than the rows", name: "x.csv", content: "open,high,low,close,time\n1,10,12,9,11,2025-01-31T09:00:00Z\n2,10,12,9,11,2025-01-31T09:00:00Z\n", problem: datasets.ErrNoColumn, line: 2, says: "header of 5"},
		{what: "a column twice", name: "x.csv", content: "time,open,high,low,close,close\n2025-01-31T09:00:00Z,10,12,9,11,11\n", problem: datasets.ErrNoColumn, line: 1, says: "twice"},
		{what: "a header twice at the start", name: "x.csv", content: "time,o,h,l,c,v\ntime,o,h,l,c,v\n" + good, problem: datasets.ErrSyntax, line: 2, says: "joined"},
		{what: "a mapping for a vendor's own format", name: "x.csv", o: Options{Format: "binance", Columns: map[string]string{"open": "2"}}, content: good, problem: datasets.ErrNoColumn, says: "leave out --columns"},
		{what: "several tickers", name: "x.csv", content: "ticker,volume,open,close,high,low,window_start,transactions\nA,1,1,1,1,1,1736154000000000000,1\nB,1,1,1,1,1,1736154000000000000,1\n", problem: datasets.ErrPair, says: "--symbol"},
		{what: "several symbols in any table", name: "x.csv", content: "time,open,high,low,close,symbol\n1738314000,1,2,1,2,A\n1738314000,1,2,1,2,B\n", problem: datasets.ErrPair, says: "A, B"},
		{what: "another symbol behind the head", name: "x.csv", content: "time,open,high,low,close,symbol\n" + strings.Repeat("1738314000,1,2,1,2,A\n", 9000) + "1738314000,1,2,1,2,B\n", problem: datasets.ErrPair, line: 9002, says: "--symbol"},
		{what: "a ticker that is not there", name: "x.csv", o: Options{Symbol: "C"}, content: "ticker,volume,open,close,high,low,window_start,transactions\nA,1,1,1,1,1,1736154000000000000,1\nB,1,1,1,1,1,1736154000000000000,1\n", problem: datasets.ErrEmpty, says: `"C"`},
		{what: "the hour that the clock skipped", name: "x.csv", o: Options{Zone: loadZone("America/New_York")}, content: "time,o,h,l,c\n2025-03-09 01:30:00,10,12,9,11\n2025-03-09 02:30:00,10,12,9,11\n", problem: datasets.ErrLocalTime, line: 3, says: "skipped"},
		{what: "a scale that is none", name: "x.csv", o: Options{PriceScale: -1}, content: good, problem: datasets.ErrScale, says: "-1"},
		{what: "a format that is none", name: "x.csv", o: Options{Format: "metastock"}, content: good, problem: datasets.ErrType, says: "binance"},
		{what: "another format than stated", name: "x.csv", o: Options{Format: "histdata"}, content: good, problem: datasets.ErrSyntax, says: "histdata"},
		{what: "nothing at all", name: "x.csv", content: "", problem: datasets.ErrEmpty, says: "empty"},
		{what: "a header alone", name: "x.csv", content: "time,open,high,low,close\n", problem: datasets.ErrEmpty, says: "no row"},
		{what: "a server's page", name: "x.csv", content: "<!DOCTYPE html><html><body>403</body></html>", problem: datasets.ErrType, says: "web page"},
		{what: "prose", name: "x.csv", content: "Dear customer\nplease find\n", problem: datasets.ErrNoColumn, says: "Dear"},
		{what: "a picture", name: "x.csv", content: "\x89PNG\r\n\x1a\n\x00\x00", problem: datasets.ErrType, says: "picture"},
		{what: "a packing that is not known", name: "x.csv", content: "BZh91AY&SY\x00\x01", problem: datasets.ErrType, says: "bzip2"},
	}
	for _, tc := range cases {
		t.Run(tc.what, func(t *testing.T) {
			in := inputOf(t, tc.name, []byte(tc.content))
			_, _, err := gather(in, tc.o)
			r, ok := asRefusal(err)
			if !ok || !errors.Is(err, tc.problem) || r.Line != tc.line && tc.line != 0 || !strings.Contains(err.Error(), tc.says) || !strings.HasPrefix(err.Error(), in.Path) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestChunksKnowTheLinesOfTheirRows(t *testing.T) {
	in := inputOf(t, "x.csv", []byte("time,o,h,l,c\n2025-01-31T09:00:00Z,10,12,9,11\n\n\n2025-01-31T09:01:00Z,10,12,9,11\n2025-01-31T09:02:00Z,10,12,9,11\n# pause\n2025-01-31T09:03:00Z,10,12,9,11\n"))
	_, lines, err := gather(in, Options{})
	if want := []int64{2, 5, 6, 8}; err != nil || !slices.Equal(lines, want) {
		t.Errorf("lines %v, %v; want %v", lines, err, want)
	}
}

func TestJSONSecondsOfABrokersClock(t *testing.T) {
	// As in the tables: 2025-02-17 00:00 of Athens, two hours ahead of UTC.
	in := inputOf(t, "x.json", []byte(`[{"time":1739750400,"close":1.04}]`))
	s, _, err := gather(in, Options{Zone: loadZone("Europe/Athens"), TimeFormat: timeFormat(t, "epoch_s_local")})
	if err != nil || !slices.Equal(s.Time, []int64{1739750400000 - 2*hourMS}) {
		t.Errorf("got %v, %v", s.Time, err)
	}
}

func TestDailyDatesBeginAsTheTradingDayDoes(t *testing.T) {
	// New York's clock went to summer time on 2025-03-09: 17:00 there is 22:00 UTC
	// before and 21:00 UTC since, 09:30 is 14:30 and 13:30 UTC.
	const rows = "date,open,high,low,close\n2025-03-06,1,1,1,1\n2025-03-07,1,1,1,1\n2025-03-10,1,1,1,1\n"
	for name, want := range map[string][]string{
		"EURUSD.csv": {"2025-03-05 22:00", "2025-03-06 22:00", "2025-03-09 21:00"},
		"NVDA.csv":   {"2025-03-06 14:30", "2025-03-07 14:30", "2025-03-10 13:30"},
		"BTCUSD.csv": {"2025-03-06 00:00", "2025-03-07 00:00", "2025-03-10 00:00"},
	} {
		s, _, err := gather(inputOf(t, name, []byte(rows)), Options{})
		if err != nil || s.Len() != len(want) {
			t.Errorf("%s: %d rows, %v", name, s.Len(), err)
			continue
		}
		for i, ms := range s.Time {
			if got := time.UnixMilli(ms).UTC().Format("2006-01-02 15:04"); got != want[i] {
				t.Errorf("%s: row %d at %s, want %s", name, i+1, got, want[i])
			}
		}
	}
}

func TestNumbersThatAreNotKnownKeepTheirLines(t *testing.T) {
	const good = "2025-01-31T09:00:00Z,10,12,9,11,7\n"
	for _, nothing := range []string{"", "nan", "NaN", "null", "NULL", "NA", " "} {
		content := "time,o,h,l,c,v\n" + good + "2025-01-31T09:01:00Z," + nothing + ",12,9,11,7\n\n2025-01-31T09:02:00Z,10,12,9,11," + nothing + "\n" + good
		s, lines, err := gather(inputOf(t, "x.csv", []byte(content)), Options{})
		if err != nil || s.Len() != 4 || !slices.Equal(lines, []int64{2, 3, 5, 6}) {
			t.Errorf("%q: %d rows of the lines %v, %v", nothing, s.Len(), lines, err)
			continue
		}
		for i := range 4 {
			if math.IsNaN(s.Open[i]) != (i == 1) || math.IsNaN(s.Volume[i]) != (i == 2) || s.Close[i] != 11 {
				t.Errorf("%q: row %d has open %v, close %v, volume %v", nothing, i+1, s.Open[i], s.Close[i], s.Volume[i])
			}
		}
	}
	s, _, err := gather(inputOf(t, "x.json", []byte(`[{"time":1736121600,"close":2},{"time":1736121660,"close":null},{"time":1736121720,"close":"NaN"}]`)), Options{})
	if err != nil || s.Len() != 3 || s.Close[0] != 2 || !math.IsNaN(s.Close[1]) || !math.IsNaN(s.Close[2]) {
		t.Errorf("JSON: %+v, %v", s, err)
	}
}

func TestAMalformedRowOfAPackedFileMayBeADamagedArchive(t *testing.T) {
	const rows = "time,o,h,l,c\n2025-01-31T09:00:00Z,10,12,9,11\n2025-01-31T09:01:00Z,1x,12,9,11\n"
	for _, tc := range []struct {
		in     Input
		packed bool
	}{
		{inputOf(t, "x.csv", []byte(rows)), false},
		{inputOf(t, "x.csv.gz", []byte(gzipped(t, rows))), true},
		{Input{Path: inputOf(t, "x.zip", zipped(t, member{"x.csv", rows, 8})).Path, Member: "x.csv"}, true},
	} {
		_, _, err := gather(tc.in, Options{})
		if r, ok := asRefusal(err); !ok || r.Line != 3 || strings.Contains(err.Error(), "archive is damaged") != tc.packed {
			t.Errorf("%s: %v", tc.in, err)
		}
	}
}

func TestNewestFirstKnowsTheHourThatComesTwice(t *testing.T) {
	// On 2025-11-02 New York's clock goes from 02:00 back to 01:00, which is 06:00
	// UTC; so half hours from 00:30 to 02:00 are 04:30 to 07:00 UTC.
	in := inputOf(t, "x.csv", []byte("time,o,h,l,c\n2025-11-02 02:00:00,1,1,1,1\n2025-11-02 01:30:00,1,1,1,1\n2025-11-02 01:00:00,1,1,1,1\n"+
		"2025-11-02 01:30:00,1,1,1,1\n2025-11-02 01:00:00,1,1,1,1\n2025-11-02 00:30:00,1,1,1,1\n2025-11-02 00:00:00,1,1,1,1\n2025-11-01 23:30:00,1,1,1,1\n"))
	s, _, err := gather(in, Options{Zone: loadZone("America/New_York")})
	if err != nil || s.Len() != 8 {
		t.Fatalf("%d rows, %v", s.Len(), err)
	}
	for i, ms := range s.Time {
		if want := time.Date(2025, 11, 2, 3, 30*(1+i), 0, 0, time.UTC).UnixMilli(); ms != want {
			t.Errorf("row %d at %s", i+1, time.UnixMilli(ms).UTC())
		}
	}
}

func TestAZipOfKlinesAcrossTheChangeOfUnitsIsRead(t *testing.T) {
	const december = "1735689540000,93500,93510,93490,93500,1,1735689599999,1,1,1,1,0\n"
	const january = "1735689600000000,93500,93510,93490,93500,1,1735689659999999,1,1,1,1,0\n"
	in := inputOf(t, "months.zip", zipped(t, member{"BTCUSDT-1m-2024-12.csv", december, 8}, member{"BTCUSDT-1m-2025-01.csv", january, 8}, member{"BTCUSDT-1m-joined.csv", december + january, 8}))
	inputs, err := Find([]string{in.Path}, nil)
	if err != nil || len(inputs) != 3 {
		t.Fatalf("%v, %v", inputs, err)
	}
	for i, want := range [][]int64{{1735689540000}, {1735689600000}, {1735689540000, 1735689600000}} {
		d, err := Detect(context.Background(), inputs[i], Options{})
		if err != nil || d.Format != "binance" || d.Symbol != "BTCUSDT" || d.Interval != datasets.Minute {
			t.Errorf("%s: %+v, %v", inputs[i], d, err)
		}
		if s, _, err := gather(inputs[i], Options{}); err != nil || !slices.Equal(s.Time, want) {
			t.Errorf("%s: %v, %v", inputs[i], s.Time, err)
		}
	}
}

func TestCandlesOfBothSidesBecomeTheOneAsked(t *testing.T) {
	in := inputOf(t, "x.csv", []byte("DateTime,BidOpen,BidHigh,BidLow,BidClose,AskOpen,AskHigh,AskLow,AskClose,Volume\n2025-01-31T09:00:00Z,10,12,9,11,10.5,12.5,9.5,11.5,7\n"))
	for _, tc := range []struct {
		side                   QuoteSide
		open, high, low, close float64
	}{{Mid, 10.25, 12.25, 9.25, 11.25}, {BidSide, 10, 12, 9, 11}, {AskSide, 10.5, 12.5, 9.5, 11.5}} {
		s, _, err := gather(in, Options{Quote: tc.side})
		if err != nil {
			t.Fatal(err)
		}
		if s.Open[0] != tc.open || s.High[0] != tc.high || s.Low[0] != tc.low || s.Close[0] != tc.close || s.Bid[0] != 11 || s.Ask[0] != 11.5 || s.Volume[0] != 7 {
			t.Errorf("side %d: %+v", tc.side, s)
		}
	}
}

func TestTheQuickWayReadsWhatTheThoroughWayReads(t *testing.T) {
	var content strings.Builder
	content.WriteString("time,o,h,l,c,v,w\n")
	at := time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)
	for i := range 1000 {
		content.WriteString(at.Add(time.Duration(i)*time.Minute).Format(time.RFC3339) + ",10.125,12.0000000001,9,11.5," + []string{"7", "0.1e1", "12345678901234567890.5", ".5"}[i%4] + ",x\n")
	}
	in := inputOf(t, "x.csv", []byte(content.String()))
	quoted := inputOf(t, "x.csv", []byte(strings.ReplaceAll(content.String(), ",x\n", ",\"x\"\n")))
	quick, _, err := gather(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	thorough, _, err := gather(quoted, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(quick.Time, thorough.Time) || !slices.Equal(quick.Volume, thorough.Volume) || !slices.Equal(quick.High, thorough.High) || quick.Volume[2] != 12345678901234567890.5 {
		t.Error("the two ways differ")
	}
}
