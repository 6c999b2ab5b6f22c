package vendors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

func TestTicksAreReadAsWhoseTheyAre(t *testing.T) {
	// 2025-01-02 00:00:00 UTC and 123 ms later, in each source's own way.
	const t0, t1 = 1735776000000, 1735776000123
	epochS, err := text.ParseTimeFormat("epoch_s")
	if err != nil {
		t.Fatal(err)
	}
	trades, quotes := [][2]float64{{100.5, 2}, {101, 0.25}}, [][2]float64{{1.25, 1.5}, {1.375, 1.625}} // price, size; bid, ask
	for name, tc := range map[string]struct {
		file, text  string
		o           Options
		format, sym string
		kind        Kind
		clock       string
		want        [][2]float64
		times       []int64
		leftOut     int64
	}{
		"BinanceSpotTrades": {"BTCUSDT-trades-2025-01-02.csv", "1,100.5,2,201,1735776000000000,True,True\n2,101,0.25,25.25,1735776000123456,False,True\n", Options{},
			"binance-trades", "BTCUSDT", Trades, "UTC", trades, []int64{t0, t1}, 0},
		"BinanceSpotTradesMS": {"BTCUSDT-trades-2024.csv", "1,100.5,2,201,1735776000000,true,true\n2,101,0.25,25.25,1735776000123,false,true\n", Options{},
			"binance-trades", "BTCUSDT", Trades, "UTC", trades, []int64{t0, t1}, 0},
		"BinanceAggTrades": {"BTCUSDT-aggTrades-2025-01-02.csv", "1,100.5,2,1,1,1735776000000000,true,true\n2,101,0.25,2,2,1735776000123456,false,true\n", Options{},
			"binance-trades", "BTCUSDT", Trades, "UTC", trades, []int64{t0, t1}, 0},
		"BinanceFuturesAggTrades": {"x.csv", "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n1,100.5,2,1,1,1735776000000,true\n2,101,0.25,2,2,1735776000123,false\n", Options{},
			"binance-trades", "", Trades, "UTC", trades, []int64{t0, t1}, 0},
		"BinanceFuturesTrades": {"x.csv", "id,price,qty,quote_qty,time,is_buyer_maker\n1,100.5,2,201,1735776000000,true\n2,101,0.25,25.25,1735776000123,false\n", Options{},
			"binance-trades", "", Trades, "UTC", trades, []int64{t0, t1}, 0},
		"KrakenTrades":   {"XBTUSD.csv", "1735776000,100.5,2\n1735776000.1239,101,0.25\n", Options{}, "kraken-trades", "XBTUSD", Trades, "UTC", trades, []int64{t0, t1}, 0},
		"BitfinexTrades": {"trades.csv", "id,timestamp,amount,price\n1,1735776000000,-2,100.5\n2,1735776000123,0.25,101\n", Options{}, "trades", "", Trades, "UTC", trades, []int64{t0, t1}, 0},
		"TardisTrades": {"x.csv", "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\nbinance,BTCUSDT,1735776000000000,1,1,buy,100.5,2\nbinance,BTCUSDT,1735776000123999,1,1,sell,101,0.25\n", Options{},
			"trades", "BTCUSDT", Trades, "UTC", trades, []int64{t0, t1}, 0},
		"TextTimes": {"x.csv", "time,price,size\n2025-01-02T00:00:00.0000009Z,100.5,2\n2025-01-02T00:00:00.123987Z,101,0.25\n", Options{}, "trades", "", Trades, "UTC", trades, []int64{t0, t1}, 0},
		"StatedTrades": {"x.csv", "100.5,1735776000,2\n101,1735776001,0.25\n", Options{Format: "trades", Columns: map[string]string{"time": "2", "close": "1", "volume": "3"}, TimeFormat: &epochS},
			"trades", "", Trades, "UTC", trades, []int64{t0, t0 + 1000}, 0},
		"FreqtradeTrades": {"BTC_USDT-trades.json", `[[1735776000000,"1",null,"sell",100.5,2,201],[1735776000123,"2",null,"buy",101,0.25,25.25]]`, Options{}, "freqtrade", "BTC/USDT", Trades, "UTC", trades, []int64{t0, t1}, 0},

		"DukascopyTicks": {"EURUSD_Ticks.csv", "Gmt time,Ask,Bid,AskVolume,BidVolume\n02.01.2025 00:00:00.000,1.5,1.25,1,1\n02.01.2025 00:00:00.123,1.625,1.375,1,1\n", Options{},
			"dukascopy-ticks", "EURUSD", Quotes, "UTC", quotes, []int64{t0, t1}, 0},
		"DukascopyNode": {"x.csv", "timestamp,askPrice,bidPrice,askVolume,bidVolume\n1735776000000,1.5,1.25,1,1\n1735776000123,1.625,1.375,1,1\n", Options{},
			"dukascopy-ticks", "", Quotes, "UTC", quotes, []int64{t0, t1}, 0},
		// HistData's clock of January is five hours behind UTC.
		"HistDataTicks": {"DAT_ASCII_EURUSD_T_202501.csv", "20250101 190000000,1.25,1.5,0\n20250101 190000123,1.375,1.625,0\n", Options{},
			"histdata-ticks", "EURUSD", Quotes, histDataClockName, quotes, []int64{t0, t1}, 0},
		"TrueFX": {"EURUSD-2025-01.csv", "EUR/USD,20250102 00:00:00.000,1.25,1.5\nEUR/USD,20250102 00:00:00.123,1.375,1.625\n", Options{},
			"truefx", "EUR/USD", Quotes, "UTC", quotes, []int64{t0, t1}, 0},
		"MT5Ticks": {"EURUSD_ticks.csv", "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\r\n2025.01.02\t02:00:00.000\t1.25\t\t\t\t2\r\n2025.01.02\t02:00:00.000\t\t1.5\t\t\t4\r\n" +
			"2025.01.02\t02:00:00.123\t1.375\t1.625\t\t\t6\r\n2025.01.02\t02:00:00.124\t\t1.75\t\t\t4\r\n", Options{Zone: time.FixedZone("UTC+2", 7200)},
			"mt5-ticks", "EURUSD", Quotes, "UTC+2", append(append([][2]float64(nil), quotes...), [2]float64{1.375, 1.75}), []int64{t0, t1, t1 + 1}, 1},
		"NamedQuotes": {"x.csv", "symbol;time;bid_price;ask_price\nEURUSD;2025-01-02 00:00:00;1.25;1.5\nEURUSD;2025-01-02 00:00:00.123;1.375;1.625\n", Options{Zone: time.UTC},
			"quotes", "EURUSD", Quotes, "UTC", quotes, []int64{t0, t1}, 0},
		"StatedQuotes": {"x.csv", "1.25,1.5,1735776000000\n1.375,1.625,1735776000123\n", Options{Format: "quotes", Columns: map[string]string{"bid": "1", "ask": "2", "time": "3"}},
			"quotes", "", Quotes, "UTC", quotes, []int64{t0, t1}, 0},
		"HistDataTicksUnnamed": {"x.csv", "20250101 190000000,1.25,1.5,0\n20250101 190000123,1.375,1.625,0\n", Options{},
			"histdata-ticks", "", Quotes, histDataClockName, quotes, []int64{t0, t1}, 0},
		"LikeHistDataTicks": {"x.csv", "20250102 000000000,1.25,1.5,7\n20250102 000000123,1.375,1.625,7\n",
			Options{Format: "quotes", Columns: map[string]string{"time": "1", "bid": "2", "ask": "3"}, TimeFormat: timeFormat(t, histDataTickTime), Zone: time.UTC},
			"quotes", "", Quotes, "UTC", quotes, []int64{t0, t1}, 0},
		"ScaledQuotes": {"x.csv", "time,bid,ask\n1735776000000,125,150\n1735776000123,137.5,162.5\n", Options{PriceScale: 0.01}, "quotes", "", Quotes, "UTC", quotes, []int64{t0, t1}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputOf(t, tc.file, []byte(tc.text))
			d, err := Detect(context.Background(), in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			columns := datasets.Close | datasets.Volume
			if tc.kind == Quotes {
				columns = datasets.Bid | datasets.Ask
			}
			if d.Format != tc.format || d.Symbol != tc.sym || d.Kind != tc.kind || d.Clock != tc.clock || d.Columns != columns || d.Interval != 0 {
				t.Errorf("detected %+v", d)
			}
			s, leftOut, err := series(in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			var got [][2]float64
			for i := range s.Time {
				if tc.kind == Trades {
					got = append(got, [2]float64{s.Close[i], s.Volume[i]})
				} else {
					got = append(got, [2]float64{s.Bid[i], s.Ask[i]})
				}
			}
			if !reflect.DeepEqual(got, tc.want) || !reflect.DeepEqual(s.Time, tc.times) || leftOut != tc.leftOut {
				t.Errorf("got %v at %v, %d left out, want %v at %v", got, s.Time, leftOut, tc.want, tc.times)
			}
		})
	}
}

func TestTicksAreRefusedWithTheirReason(t *testing.T) {
	for name, tc := range map[string]struct {
		file, text string
		problem    error
		says       string
	}{
		"BrokersClock":   {"x.csv", "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\n2025.01.02\t02:00:00.000\t1.25\t1.5\t\t\n", datasets.ErrNoZone, "--zone"},
		"NoNumber":       {"x.csv", "time,bid,ask\n1735776000000,1,2\n1735776000001,x,2\n", datasets.ErrSyntax, "line 3"},
		"HistDataVolume": {"DAT_ASCII_EURUSD_T_202501.csv", "20250101 190000000,1.25,1.5,0\n20250101 190000123,1.375,1.625,3\n", datasets.ErrType, "line 2"},
		"LikeHistData":   {"EURUSD.csv", "20250101 190000000,1.25,1.5,2\n20250101 190000123,1.375,1.625,3\n", datasets.ErrNoColumn, "--columns"},
		"BlankElsewhere": {"x.csv", "time,bid,ask\n1735776000000,1,2\n1735776000001,,2\n", datasets.ErrNull, "line 3"},
		"TwoSymbols":     {"x.csv", "EUR/USD,20250102 00:00:00.000,1.25,1.5\nGBP/USD,20250102 00:00:00.123,1.375,1.625\n", datasets.ErrPair, "--symbol"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := series(inputOf(t, tc.file, []byte(tc.text)), Options{})
			if r, ok := errors.AsType[*datasets.Refusal](err); !ok || !errors.Is(err, tc.problem) || !strings.Contains(r.Error(), tc.says) {
				t.Errorf("got %v, want %v that says %q", err, tc.problem, tc.says)
			}
		})
	}
}

func TestClosesOnTheMinuteAreNoTrades(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "%d,1.5,2\n", 1735776000+60*i)
	}
	d, err := Detect(context.Background(), inputOf(t, "x.csv", []byte(b.String())), Options{})
	if err == nil && d.Kind == Trades {
		t.Errorf("detected %+v", d)
	}
}

func TestDigitsBelowMillisecondsAreCut(t *testing.T) {
	for in, want := range map[string]string{
		"1735776000123456":             "1735776000123000",
		"1735776000123456789":          "1735776000123000000",
		"1735776000123":                "1735776000123",
		"1735776000":                   "1735776000",
		"1735776000.12345":             "1735776000.12300",
		"2025-01-02T03:04:05.1234567Z": "2025-01-02T03:04:05.1230000Z",
		"2025.01.02 03:04:05.1239":     "2025.01.02 03:04:05.1230",
		"02.01.2025 03:04:05":          "02.01.2025 03:04:05",
		"02.01.2025":                   "02.01.2025",
		"":                             "",
		".":                            ".",
	} {
		b := []byte(in)
		if cutToMillis(b); string(b) != want {
			t.Errorf("%q: got %q, want %q", in, b, want)
		}
	}
}

func FuzzTicks(f *testing.F) {
	f.Add([]byte("1,100.5,2,201,1735776000000000,True,True\n"))
	f.Add([]byte("Gmt time,Ask,Bid,AskVolume,BidVolume\n02.01.2025 00:00:00.000,1.5,1.25,1,1\n"))
	f.Add([]byte("20250101 190000000,1.25,1.5,0\n"))
	f.Add([]byte("EUR/USD,20250102 00:00:00.000,1.25,1.5\n"))
	f.Add([]byte("<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\n2025.01.02\t02:00:00.000\t1.25\t\t\t\n2025.01.02\t02:00:00.000\t\t1\t\t\n"))
	f.Add([]byte("time,price,size\n2025-01-02T00:00:00.0000009Z,100.5,2\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		in := Input{Path: filepath.Join(dir, "x.csv")}
		if err := os.WriteFile(in.Path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		h, err := in.head()
		if err != nil {
			return
		}
		for _, form := range rowFormats() {
			o := Options{Zone: time.UTC}
			d, ok, err := form.detect(h, o)
			if err == nil && ok {
				n := 0
				err = form.read(context.Background(), in, d, o, func(c Chunk) bool {
					if n += c.Len() + int(c.LeftOut); d.Kind == Quotes && (len(c.Bid) != c.Len() || len(c.Ask) != c.Len()) || d.Kind == Trades && len(c.Close) != c.Len() {
						t.Fatalf("columns of %d rows, %d bids, %d closes", c.Len(), len(c.Bid), len(c.Close))
					}
					return true
				})
			}
			if _, refused := asRefusal(err); err != nil && !refused {
				t.Errorf("not a refusal: %v", err)
			}
		}
	})
}

func BenchmarkTicks(b *testing.B) {
	var text bytes.Buffer
	const rows = 200000
	for i := range rows {
		fmt.Fprintf(&text, "%d,104591.88,0.01234,1290.66,%d,True,True\n", i, 1735776000000000+int64(i)*123456)
	}
	in := inputOf(b, "BTCUSDT-trades-2025-01-02.csv", text.Bytes())
	benchmarkRead(b, in, Options{}, text.Len(), rows)
}

// TestTicksOfTheHourThatComesTwice: Berlin's clock shows 02:00 to 03:00 twice on
// 2025-10-26, first at 00:00 to 01:00 UTC. Trades of one second share its reading;
// the second time it comes is an hour later.
func TestTicksOfTheHourThatComesTwice(t *testing.T) {
	zone := loadZone("Europe/Berlin")
	in := inputOf(t, "BTCUSD-trades.csv", []byte("time,price,size\n2025-10-26 02:01:00,1,1\n2025-10-26 02:01:00,2,1\n2025-10-26 02:59:59,3,1\n"+
		"2025-10-26 02:00:00,4,1\n2025-10-26 02:00:00,5,1\n2025-10-26 03:00:00,6,1\n"))
	s, _, err := gather(in, Options{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	const midnight = 1761436800000 // 2025-10-26 00:00 UTC
	want := []int64{midnight + 60_000, midnight + 60_000, midnight + 3599_000, midnight + 3600_000, midnight + 3600_000, midnight + 7200_000}
	if !slices.Equal(s.Time, want) {
		t.Errorf("%v, want %v", s.Time, want)
	}
}

// TestRowsOfAnotherSymbolDoNotMoveTheClock: hours of two stocks that alternate,
// in New York's night of 2025-11-02, in which 01:00 comes twice, first at 05:00
// UTC.
func TestRowsOfAnotherSymbolDoNotMoveTheClock(t *testing.T) {
	row := func(symbol, clock string) string {
		return `{"symbol":"` + symbol + `","date":"2025-11-02 ` + clock + `","open":1,"high":1,"low":1,"close":1}`
	}
	in := inputOf(t, "hours.json", []byte("["+strings.Join([]string{
		row("AAPL", "00:00:00"), row("MSFT", "00:00:00"), row("AAPL", "01:00:00"), row("MSFT", "01:00:00"),
		row("AAPL", "01:00:00"), row("MSFT", "01:00:00"), row("AAPL", "02:00:00"), row("MSFT", "02:00:00"),
	}, ",")+"]"))
	for _, symbol := range []string{"AAPL", "MSFT"} {
		s, _, err := gather(in, Options{Zone: loadZone("America/New_York"), Symbol: symbol})
		if err != nil {
			t.Fatal(err)
		}
		const first = 1762056000000 // 2025-11-02 04:00 UTC
		if want := []int64{first, first + 3600_000, first + 2*3600_000, first + 3*3600_000}; !slices.Equal(s.Time, want) {
			t.Errorf("%s: %v, want %v", symbol, s.Time, want)
		}
	}
}
