package vendors

import (
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

func TestNamesTellSymbolAndInterval(t *testing.T) {
	for _, tc := range []struct {
		stem, symbol string
		interval     datasets.Interval
	}{
		{"BTCUSDT-1m-2025-01", "BTCUSDT", datasets.Minute},
		{"BTCUSDT-1M-2025-01", "BTCUSDT", 0},
		{"BTCUSDT-1mo-2025-01", "BTCUSDT", 0},
		{"BTCUSDT-1d-2025-01-01", "BTCUSDT", datasets.Day},
		{"BTCUSDT-1w-2025-01", "BTCUSDT", 7 * datasets.Day},
		{"EURAUD_H4", "EURAUD", 4 * datasets.Hour},
		{"US30m_H1_202401012300_202509082200", "US30m", datasets.Hour},
		{"XAUUSD_Daily_202401012300", "XAUUSD", datasets.Day},
		{"EURUSD.m_M15_202401012300", "EURUSD", 15 * datasets.Minute},
		{"DAT_ASCII_EURUSD_M1_202503", "EURUSD", datasets.Minute},
		{"XAUUSDh1", "XAUUSD", datasets.Hour},
		{"EURUSD1440", "EURUSD", datasets.Day},
		{"EURUSD60", "EURUSD", datasets.Hour},
		{"AAPL_5min", "AAPL", 5 * datasets.Minute},
		{"binance__BTC_USDT-5m", "BTC_USDT", 5 * datasets.Minute},
		{"Binance_BTCUSDT_1h", "BTCUSDT", datasets.Hour},
		{"Coinbase_ETHUSD_minute", "ETHUSD", datasets.Minute},
		{"eurusd-m1-bid-2025-01-01-2025-01-31", "eurusd", datasets.Minute},
		{"FX_EURUSD, 15", "EURUSD", 0},
		{"pandas_BTCUSDT_1m", "BTCUSDT", datasets.Minute},
		{"M1-2025-EURUSD", "EURUSD", 0},
		{"NASDAQ_AAPL, 5", "AAPL", 0},
		{"my_BTC_USDT-5m", "BTC_USDT", 5 * datasets.Minute},
		{"broker_EURUSD60", "EURUSD", 0},
		{"BTCEUR_like_BTCUSD", "BTCEUR", 0}, // quoted in a currency: no word beside a symbol
		{"ETH_BTC-1m", "ETH_BTC", datasets.Minute},
		{"meta_data", "", 0}, // in small letters, no share
		{"XBTUSD", "XBTUSD", 0},
		{"AAPL", "AAPL", 0},
		{"2025-01-06", "", 0},
		{"data", "", 0},
		{"prices", "", 0},
		{"MyData", "", 0},
		{"", "", 0},
		{"---", "", 0},
		{"1m", "", datasets.Minute},
	} {
		if symbol, interval := fromName(tc.stem); symbol != tc.symbol || interval != tc.interval {
			t.Errorf("%s: %q, %s; want %q, %s", tc.stem, symbol, interval, tc.symbol, tc.interval)
		}
	}
}
