package vendors

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// inputOf writes a file of a name and returns it as an input.
func inputOf(t testing.TB, name string, data []byte) Input {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return Input{Path: path}
}

// series reads an input whole.
func series(in Input, o Options) (all market.Series, leftOut int64, err error) {
	for c, err := range Read(context.Background(), in, o) {
		if err != nil {
			return all, leftOut, err
		}
		leftOut += c.LeftOut
		all.Time = append(all.Time, c.Time...)
		for _, col := range []struct {
			dst *[]float64
			src []float64
		}{{&all.Open, c.Open}, {&all.High, c.High}, {&all.Low, c.Low}, {&all.Close, c.Close}, {&all.Volume, c.Volume}, {&all.Bid, c.Bid}, {&all.Ask, c.Ask}} {
			*col.dst = append(*col.dst, col.src...)
		}
	}
	return all, leftOut, nil
}

func TestJSONIsReadAsWhoseItIs(t *testing.T) {
	type row struct {
		ms                             int64
		open, high, low, close, volume float64
	}
	// Every text says the same two candles, of 2025-01-06 00:00 and 00:01 UTC,
	// in its source's own way.
	const t0, t1 = 1736121600000, 1736121660000
	two := []row{{t0, 2, 4, 1, 3, 10}, {t1, 3, 3.5, 2.5, 2.75, 0.5}}
	for name, tc := range map[string]struct {
		file, text, format string
		symbol             string
		interval           datasets.Interval
		columns            datasets.Columns
		want               []row
		leftOut            int64
		o                  Options
	}{
		"Freqtrade": {"BTC_USDT-1m.json", `[[1736121600000, 2, 4, 1, 3, 10], [1736121660000, 3.0, 3.5, 2.5, 2.75, 5e-1]]`,
			"freqtrade", "BTC/USDT", datasets.Minute, 31, two, 0, Options{}},
		"FreqtradeFutures": {"binance__BTC_USDT_USDT-1m-futures.json", `[[1736121600000, 2, 4, 1, 3, 10], [1736121660000, 3.0, 3.5, 2.5, 2.75, 0.5]]`,
			"freqtrade", "BTC/USDT", datasets.Minute, 31, two, 0, Options{}},
		"Bitfinex": {"hist.json", `[[1736121660000,3,2.75,3.5,2.5,0.5],[1736121600000,2,3,4,1,10]]`,
			"bitfinex", "", 0, 31, two, 0, Options{}},
		"CoinbaseArrays": {"candles.json", `[[1736121660,2.5,3.5,3,2.75,0.5],[1736121600,1,4,2,3,10]]`,
			"coinbase", "", 0, 31, two, 0, Options{}},
		"CoinbaseObjects": {"candles.json", `{"candles":[{"start":"1736121660","low":"2.5","high":"3.5","open":"3","close":"2.75","volume":"0.5"},
			{"start":"1736121600","low":"1","high":"4","open":"2","close":"3","volume":"10"}]}`,
			"coinbase", "", 0, 31, two, 0, Options{}},
		"Binance": {"klines.json", `[[1736121600000,"2","4","1","3","10",1736121659999,"0",1,"0","0","0"],[1736121660000,"3","3.5","2.5","2.75","0.5",1736121719999,"0",1,"0","0","0"]]`,
			"binance", "", datasets.Minute, 31, two, 0, Options{}},
		"BinanceMicroseconds": {"klines.json", `[[1736121600000000,"2","4","1","3","10",1736121659999999,"0",1,"0","0","0"],[1736121660000000,"3","3.5","2.5","2.75","0.5",1736121719999999,"0",1,"0","0","0"]]`,
			"binance", "", datasets.Minute, 31, two, 0, Options{}},
		"Kraken": {"ohlc.json", `{"error":[],"result":{"XXBTZUSD":[[1736121600,"2","4","1","3","9.9","10",7],[1736121660,"3","3.5","2.5","2.75","9.9","0.5",7]],"last":1736121660}}`,
			"kraken", "XXBTZUSD", 0, 31, two, 0, Options{}},
		"KrakenUnfinished": {"ohlc.json", `{"error":[],"result":{"XXBTZUSD":[[1736121600,"2","4","1","3","9.9","10",7],[1736121660,"3","3.5","2.5","2.75","9.9","0.5",7]],"last":1736121600}}`,
			"kraken", "XXBTZUSD", 0, 31, two[:1], 1, Options{}},
		"Bybit": {"kline.json", `{"retCode":0,"retMsg":"OK","result":{"category":"linear","symbol":"BTCUSDT","list":[["1736121660000","3","3.5","2.5","2.75","0.5","1"],["1736121600000","2","4","1","3","10","1"]]},"time":1}`,
			"bybit", "BTCUSDT", 0, 31, two, 0, Options{}},
		"OKXSpot": {"okx.json", `{"code":"0","msg":"","data":[["1736121720000","3","3","3","3","1","3","3","0"],["1736121660000","3","3.5","2.5","2.75","0.5","1.5","1.5","1"],["1736121600000","2","4","1","3","10","25","25","1"]]}`,
			"okx", "", 0, 31, two, 1, Options{}},
		// A contract of 0.01: 1000 contracts are 10 coins, worth 25 to 30.
		"OKXContracts": {"okx.json", `{"code":"0","msg":"","data":[["1736121660000","3","3.5","2.5","2.75","50","0.5","1.4","1"],["1736121600000","2","4","1","3","1000","10","28","1"]]}`,
			"okx", "", 0, 31, two, 0, Options{}},
		"Polygon": {"aggs.json", `{"ticker":"X:BTCUSD","queryCount":2,"resultsCount":2,"adjusted":true,"results":[{"v":10,"vw":2.5,"o":2,"c":3,"h":4,"l":1,"t":1736121600000,"n":9},
			{"v":0.5,"vw":3,"o":3,"c":2.75,"h":3.5,"l":2.5,"t":1736121660000,"n":1}],"status":"OK","request_id":"x","count":2}`,
			"polygon", "X:BTCUSD", 0, 31, two, 0, Options{}},
		"TiingoCrypto": {"prices.json", `[{"ticker":"btcusd","baseCurrency":"btc","quoteCurrency":"usd","priceData":[
			{"date":"2025-01-06T00:00:00+00:00","open":2,"high":4,"low":1,"close":3,"volume":10,"volumeNotional":30,"tradesDone":1},
			{"date":"2025-01-06T00:01:00+00:00","open":3,"high":3.5,"low":2.5,"close":2.75,"volume":0.5,"volumeNotional":1,"tradesDone":1}]}]`,
			"tiingo", "btcusd", 0, 31, two, 0, Options{}},
		"TiingoOneOfSeveral": {"prices.json", `[{"ticker":"ethusd","priceData":[{"date":"2025-01-06T00:00:00Z","open":9,"high":9,"low":9,"close":9,"volume":9}]},
			{"ticker":"btcusd","priceData":[{"date":"2025-01-06T00:00:00Z","open":2,"high":4,"low":1,"close":3,"volume":10},{"date":"2025-01-06T00:01:00Z","open":3,"high":3.5,"low":2.5,"close":2.75,"volume":0.5}]}]`,
			"tiingo", "btcusd", 0, 31, two, 0, Options{Symbol: "btcusd"}},
		"TiingoForex": {"fx.json", `[{"date":"2025-01-06T00:00:00.000Z","ticker":"eurusd","open":2,"high":4,"low":1,"close":3},{"date":"2025-01-06T00:01:00.000Z","ticker":"eurusd","open":3,"high":3.5,"low":2.5,"close":2.75}]`,
			"tiingo", "eurusd", 0, 15, []row{{t0, 2, 4, 1, 3, 0}, {t1, 3, 3.5, 2.5, 2.75, 0}}, 0, Options{}},
		"Lines": {"x.json", "{\"timestamp\":1736121600,\"open\":2,\"high\":4,\"low\":1,\"close\":3,\"volume\":10}\n{\"timestamp\":1736121660,\"open\":3,\"high\":3.5,\"low\":2.5,\"close\":2.75,\"volume\":0.5}\n",
			"json", "", 0, 31, two, 0, Options{}},
		"OneLine":  {"x.json", `{"t":1736121600,"o":2,"h":4,"l":1,"c":3,"v":10}`, "json", "", 0, 31, two[:1], 0, Options{}},
		"Records":  {"x.json", `[{"Date":"2025-01-06 00:00:00","Close":"3"},{"Date":"2025-01-06 00:01:00","Close":"2.75"}]`, "json", "", 0, 8, []row{{t0, 3, 3, 3, 3, 0}, {t1, 2.75, 2.75, 2.75, 2.75, 0}}, 0, Options{Zone: time.UTC}},
		"Wrapped":  {"x.json", `{"meta":{"a":[1,2]},"Data":{"Data":[{"time":1736121600,"high":4,"low":1,"open":2,"volumefrom":10,"volumeto":1,"close":3}]}}`, "json", "", 0, 31, two[:1], 0, Options{}},
		"Numbered": {"x.json", `[["a",3,1736121600,4,1,2,10],["a",2.75,1736121660,3.5,2.5,3,0.5]]`, "json", "", 0, 31, two, 0, Options{Columns: map[string]string{"time": "3", "close": "2", "high": "4", "low": "5", "open": "6", "volume": "7"}}},
		"Named":    {"x.json", `[{"when":1736121600,"o":2,"h":4,"l":1,"last":3,"c":99,"size":10}]`, "json", "", 0, 31, two[:1], 0, Options{Columns: map[string]string{"time": "when", "close": "last", "volume": "size"}}},
		// New York's clock read 01:30 twice that day, first in summer time: 05:30 and 06:30 UTC.
		"AutumnTurnedRound": {"x.json", `[{"time":"2025-11-02 02:00:00","close":3},{"time":"2025-11-02 01:30:00","close":2},{"time":"2025-11-02 01:30:00","close":1}]`, "json", "", 0, 8,
			[]row{{1762061400000, 1, 1, 1, 1, 0}, {1762065000000, 2, 2, 2, 2, 0}, {1762066800000, 3, 3, 3, 3, 0}}, 0, Options{Zone: newYork(t)}},
		"LeftOut":   {"x.json", `[{"when":1736121600,"o":2,"h":4,"l":1,"c":3,"v":10}]`, "json", "", 0, 8, []row{{t0, 3, 3, 3, 3, 0}}, 0, Options{Columns: map[string]string{"time": "when", "open": "-", "high": "-", "low": "-", "volume": "-"}}},
		"FlatRows":  {"x.json", `[[1736121600000,2,2,2,2,1]]`, "freqtrade", "", 0, 31, []row{{t0, 2, 2, 2, 2, 1}}, 0, Options{}},
		"Escapes":   {"x.json", `[{"t\u0069me":1736121600,"cl\u006fse":"\u0033"}]`, "json", "", 0, 8, []row{{t0, 3, 3, 3, 3, 0}}, 0, Options{}},
		"Scaled":    {"x.json", `[{"t":1736121600,"o":200,"h":400,"l":100,"c":300,"v":1}]`, "json", "", 0, 31, two[:1], 0, Options{PriceScale: 0.01, VolumeScale: 10}},
		"Gzipped":   {"BTC_USDT-1m.json.gz", gzipped(t, `[[1736121600000, 2, 4, 1, 3, 10], [1736121660000, 3.0, 3.5, 2.5, 2.75, 0.5]]`), "freqtrade", "BTC/USDT", datasets.Minute, 31, two, 0, Options{}},
		"ByTheUnit": {"x.json", `[[1736121600000,2,2,2,2,1],[1736121660000,3,3.5,3.5,3,1]]`, "bitfinex", "", 0, 31, []row{{t0, 2, 2, 2, 2, 1}, {t1, 3, 3.5, 3, 3.5, 1}}, 0, Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputOf(t, tc.file, []byte(tc.text))
			d, err := Detect(context.Background(), in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			if d.Format != tc.format || d.Symbol != tc.symbol || d.Interval != tc.interval || d.Columns != tc.columns || d.Kind != Candles {
				t.Errorf("detected %+v", d)
			}
			s, leftOut, err := series(in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			var got []row
			for i := range s.Time {
				r := row{s.Time[i], s.Open[i], s.High[i], s.Low[i], s.Close[i], 0}
				if s.Volume != nil {
					r.volume = s.Volume[i]
				}
				got = append(got, r)
			}
			if !reflect.DeepEqual(got, tc.want) || leftOut != tc.leftOut {
				t.Errorf("got %v, %d left out, want %v, %d", got, leftOut, tc.want, tc.leftOut)
			}
		})
	}
}

func newYork(t testing.TB) *time.Location {
	t.Helper()
	zone, err := market.LoadZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJSONIsRefusedWithItsReason(t *testing.T) {
	for name, tc := range map[string]struct {
		file, text string
		o          Options
		problem    error
		says       string
	}{
		"BinanceError":   {"x.json", `{"code":-1121,"msg":"Invalid symbol."}`, Options{}, datasets.ErrType, "-1121: Invalid symbol."},
		"KrakenError":    {"x.json", `{"error":["EGeneral:Too many requests"]}`, Options{}, datasets.ErrType, "EGeneral:Too many requests"},
		"BybitError":     {"x.json", `{"retCode":10001,"retMsg":"Not supported symbols","result":{},"time":1}`, Options{}, datasets.ErrType, "10001: Not supported symbols"},
		"OKXError":       {"x.json", `{"code":"51001","msg":"Instrument ID does not exist","data":[]}`, Options{}, datasets.ErrType, "51001: Instrument"},
		"BitfinexError":  {"x.json", `["error",10020,"symbol: invalid"]`, Options{}, datasets.ErrType, "10020: symbol: invalid"},
		"PolygonError":   {"x.json", `{"status":"ERROR","request_id":"x","error":"Unknown API Key"}`, Options{}, datasets.ErrType, "Unknown API Key"},
		"PolygonDenied":  {"x.json", `{"status":"NOT_AUTHORIZED","request_id":"x","message":"Upgrade your plan"}`, Options{}, datasets.ErrType, "Upgrade your plan"},
		"TiingoError":    {"x.json", `{"detail":"Not found."}`, Options{}, datasets.ErrType, "Not found."},
		"CoinbaseError":  {"x.json", `{"message":"NotFound"}`, Options{}, datasets.ErrType, "NotFound"},
		"PolygonNothing": {"x.json", `{"ticker":"X:BTCUSD","queryCount":0,"resultsCount":0,"adjusted":true,"status":"OK"}`, Options{}, datasets.ErrEmpty, "without a row"},
		"EmptyArray":     {"x.json", `[]`, Options{}, datasets.ErrEmpty, "without a row"},
		"EmptyList":      {"x.json", `{"retCode":0,"result":{"list":[]}}`, Options{}, datasets.ErrEmpty, "without a row"},
		"OnlyUnfinished": {"x.json", `{"code":"0","msg":"","data":[["1736121720000","3","3","3","3","1","3","3","0"]]}`, Options{}, datasets.ErrEmpty, "without a row"},
		"SeveralOrders":  {"x.json", "[" + strings.Repeat("[1736121600000,2,2,2,2,1],", 4000) + "[1736121660000,3,3.5,3.5,3,1]]", Options{}, datasets.ErrSyntax, "fit several orders"},
		"NoOrder":        {"x.json", `[[1736121600000,5,4,6,5,1]]`, Options{}, datasets.ErrOHLC, "no known order"},
		"OtherOrder":     {"x.json", `[[1736121600000,2,4,1,3,1]]`, Options{Format: "bitfinex"}, datasets.ErrOHLC, "that of freqtrade"},
		"UnknownWidth":   {"x.json", `[[1736121600000,2,4,1]]`, Options{}, datasets.ErrNoColumn, "4 values"},
		"FundingRates":   {"BTC_USDT_USDT-8h-funding_rate.json", `[[1736121600000,0.0001,0,0,0,0]]`, Options{}, datasets.ErrOHLC, "no known order"},
		"FundingFlat":    {"BTC_USDT_USDT-8h-premiumIndex.json", `[[1736121600000,0,0,0,0,0]]`, Options{}, datasets.ErrType, "premiumIndex"},
		"CutInARow":      {"x.json", `[[1736121600000,2,4,1,3,1],[1736121660000,2,4`, Options{}, datasets.ErrCorrupt, "middle of a value"},
		"CutAfterARow":   {"x.json", `[[1736121600000,2,4,1,3,1],`, Options{}, datasets.ErrCorrupt, "middle of a value"},
		"NoComma":        {"x.json", `[[1736121600000,2,4,1,3,1][`, Options{}, datasets.ErrCorrupt, `'['`},
		"TwoTexts":       {"x.json", `[[1736121600000,2,4,1,3,1]] [1]`, Options{}, datasets.ErrNoColumn, ""},
		"SpreadsheetMS":  {"x.json", `[{"time":1.70027E+12,"close":1}]`, Options{}, datasets.ErrCorrupt, "spreadsheet"},
		"WordForAPrice":  {"x.json", `[{"time":1736121600,"close":"n/a"}]`, Options{}, datasets.ErrSyntax, `close "n/a"`},
		"LocalSeconds":   {"x.json", `[{"time":1736121600,"close":1}]`, Options{TimeFormat: timeFormat(t, "epoch_s_local")}, datasets.ErrNoZone, "--zone"},
		"ZoneForSeconds": {"x.json", `[{"time":1736121600,"close":1}]`, Options{Zone: loadZone("America/New_York")}, datasets.ErrType, "--time-format epoch_s_local"},
		"ZoneForOffsets": {"x.json", `[{"time":"2025-01-06T00:00:00Z","close":1}]`, Options{Zone: loadZone("America/New_York")}, datasets.ErrType, "leave --zone out"},
		"MissingPrice":   {"x.json", `[{"time":1736121600,"close":1},{"time":1736121660}]`, Options{}, datasets.ErrSyntax, "without close"},
		"ShortRow":       {"x.json", `[[1736121600000,2,4,1,3,1],[1736121660000,2,4,1,3,1],[1736121720000,2,4,1]]`, Options{}, datasets.ErrOHLC, ""},
		"MixedUnits":     {"x.json", `[{"time":1736121600,"close":1},{"time":1736121660000000000,"close":1}]`, Options{}, datasets.ErrSyntax, "since 1970"},
		"NoZone":         {"x.json", `[{"time":"2025-01-06 00:00:00","close":1}]`, Options{}, datasets.ErrNoZone, "--zone"},
		"TwoSymbols":     {"x.json", `[{"time":1736121600,"close":1,"symbol":"A"},{"time":1736121660,"close":1,"symbol":"B"}]`, Options{}, datasets.ErrPair, "--symbol"},
		"NoSuchColumn":   {"x.json", `[{"time":1736121600,"close":1}]`, Options{Columns: map[string]string{"open": "first"}}, datasets.ErrNoColumn, `"first"`},
		"NoSuchNumber":   {"x.json", `[[1736121600,1]]`, Options{Columns: map[string]string{"close": "3"}}, datasets.ErrNoColumn, "close=3"},
		"DeepBrackets":   {"x.json", strings.Repeat("[", 40), Options{}, datasets.ErrCorrupt, "nested"},
		"NoRows":         {"x.json", `{"a":1,"b":{"c":[1,2]}}`, Options{}, datasets.ErrSyntax, "a, b"},
		"TickerBehind":   {"x.json", `[{"priceData":[{"date":"2025-01-06T00:00:00Z","open":9,"high":9,"low":9,"close":9}],"ticker":"a"},{"priceData":[],"ticker":"b"}]`, Options{Symbol: "b"}, datasets.ErrSyntax, `"a" behind its rows`},
		"OtherSymbol":    {"x.json", `[{"time":1736121600,"close":1,"symbol":"A"}]`, Options{Symbol: "B"}, datasets.ErrEmpty, `no row of "B"`},
		"WebPage":        {"x.json", "<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>", Options{}, datasets.ErrType, "web page"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := series(inputOf(t, tc.file, []byte(tc.text)), tc.o)
			if r, ok := errors.AsType[*datasets.Refusal](err); !ok || !errors.Is(err, tc.problem) || !strings.Contains(r.Error(), tc.says) {
				t.Errorf("got %v, want %v that says %q", err, tc.problem, tc.says)
			}
		})
	}
}

func TestDetectedOrderHoldsBeyondTheHead(t *testing.T) {
	// 5000 rows are more than a head and make more than one chunk's worth of
	// tokens across buffers.
	var b strings.Builder
	for i := range 40000 {
		fmt.Fprintf(&b, "%c[%d,%d.5,%d,%d,%d.25,1]", ",["[min(1, max(0, 1-i))], 1736121600000+int64(i)*60000, i+10, i+20, i+1, i+10)
	}
	b.WriteByte(']')
	s, _, err := series(inputOf(t, "A_B-1m.json", []byte(b.String())), Options{})
	if err != nil || s.Len() != 40000 {
		t.Fatalf("%d rows, %v", s.Len(), err)
	}
	for i := range s.Time {
		x := float64(i)
		if s.Time[i] != 1736121600000+int64(i)*60000 || s.Open[i] != x+10.5 || s.High[i] != x+20 || s.Low[i] != x+1 || s.Close[i] != x+10.25 || s.Volume[i] != 1 {
			t.Fatalf("row %d: %d %v %v %v %v", i, s.Time[i], s.Open[i], s.High[i], s.Low[i], s.Close[i])
		}
	}
}

func TestReadingStopsWhenNobodyTakes(t *testing.T) {
	in := inputOf(t, "A_B-1m.json", []byte(`[[1736121600000,2,4,1,3,1],[1736121660000,2,4,1,3,1]]`))
	for range Read(context.Background(), in, Options{}) {
		break
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, err := range Read(ctx, in, Options{}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v after the end of the context", err)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[[1736121600000,2,4,1,3,1],[1736121660000,2,4,1,3,1]]`))
	f.Add([]byte(`{"error":[],"result":{"X":[[1736121600,"2","4","1","3","9.9","10",7]],"last":1736121600}}`))
	f.Add([]byte(`{"code":"0","msg":"","data":[["1736121660000","3","3.5","2.5","2.75","50","0.5","1.4","1"]]}`))
	f.Add([]byte(`[{"ticker":"a","priceData":[{"date":"2025-01-06T00:00:00Z","open":9,"high":9,"low":9,"close":9,"volume":9}]}]`))
	f.Add([]byte("{\"t\":1736121600,\"c\":3}\n{\"t\":\"\\u0031736121660\",\"c\":\"4\"}"))
	f.Add([]byte(`[[1736121600000,"1","buy","buy",1.5,2,3]]`))
	f.Add([]byte(`{"ticker":"X:BTCUSD","resultsCount":0}`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		in := Input{Path: filepath.Join(dir, "x.json")}
		if err := os.WriteFile(in.Path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		h, err := in.head()
		if err != nil {
			return
		}
		for _, form := range jsonFormats() {
			d, ok, err := form.detect(h, Options{})
			if err == nil && ok {
				n := 0
				err = form.read(context.Background(), in, d, Options{Zone: time.UTC}, func(c Chunk) bool {
					if n += c.Len(); len(c.Close) != c.Len() || c.Volume != nil && len(c.Volume) != c.Len() {
						t.Fatalf("columns of %d and %d rows", c.Len(), len(c.Close))
					}
					return true
				})
				if err == nil && n == 0 {
					t.Error("no row and no refusal")
				}
			}
			if _, refused := asRefusal(err); err != nil && !refused {
				t.Errorf("not a refusal: %v", err)
			}
		}
	})
}

func BenchmarkJSON(b *testing.B) {
	var text bytes.Buffer
	const rows = 200000
	for i := range rows {
		fmt.Fprintf(&text, "%c[%d, 104591.88, 104647.11, 104591.88, 104647.1, 10.71688]", ",["[min(1, max(0, 1-i))], 1736121600000+int64(i)*60000)
	}
	text.WriteByte(']')
	in := inputOf(b, "A_B-1m.json", text.Bytes())
	benchmarkRead(b, in, Options{}, text.Len(), rows)
}
