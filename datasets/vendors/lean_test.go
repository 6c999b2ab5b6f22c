package vendors

import (
	"archive/zip"
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

// archived writes an archive of one member below a folder and returns the member
// as an input.
func archived(t testing.TB, path, member, text string) Input {
	t.Helper()
	path = filepath.Join(t.TempDir(), filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	w, err := z.Create(member)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err := errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return Input{Path: path, Member: member}
}

// utc is an instant, UTC ms.
func utc(t testing.TB, s string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

func TestLEANFilesAreReadAsTheirNamesSay(t *testing.T) {
	ms := func(s string) []int64 { return []int64{utc(t, s)} }
	for name, tc := range map[string]struct {
		path, member, text string
		o                  Options
		d                  Description
		want               market.Series
		leftOut            int64
	}{
		"CryptoMinuteTrades": {"crypto/binance/minute/btcusdt/20250601_trade.zip", "20250601_btcusdt_minute_trade.csv",
			"60000,2.5,4,1,3,10.5\n", Options{},
			Description{Kind: Candles, Symbol: "BTCUSDT", Interval: datasets.Minute, Columns: 31, Clock: "UTC"},
			market.Series{Time: ms("2025-06-01T00:01:00Z"), Open: []float64{2.5}, High: []float64{4}, Low: []float64{1}, Close: []float64{3}, Volume: []float64{10.5}}, 0},
		// 09:30 in New York is 13:30 UTC in summer; 6450500 ten-thousandths are 645.05.
		"EquityMinuteTrades": {"equity/usa/minute/aapl/20140605_trade.zip", "20140605_aapl_minute_trade.csv",
			"34200000,6450500,6451000,6450000,6450900,70\n", Options{},
			Description{Kind: Candles, Symbol: "AAPL", Interval: datasets.Minute, Columns: 31, Clock: "America/New_York"},
			market.Series{Time: ms("2014-06-05T13:30:00Z"), Open: []float64{645.05}, High: []float64{645.1}, Low: []float64{645}, Close: []float64{645.09}, Volume: []float64{70}}, 0},
		// In winter it is 14:30 UTC. The second and third candles lack a side.
		"EquitySecondQuotes": {"x/20140106_quote.zip", "20140106_aapl_second_quote.csv",
			"34200000,10000,30000,10000,20000,5,20000,40000,20000,30000,5\n34201000,,,,,,1,1,1,1,1\n34202000,1,1,1,1,1,0,0,0,0,0\n", Options{},
			Description{Kind: Candles, Symbol: "AAPL", Interval: datasets.Second, Columns: 15 | 96, Clock: "America/New_York"},
			market.Series{Time: ms("2014-01-06T14:30:00Z"), Open: []float64{1.5}, High: []float64{3.5}, Low: []float64{1.5}, Close: []float64{2.5}, Bid: []float64{2}, Ask: []float64{3}}, 2},
		"ForexMinuteQuotes": {"forex/oanda/minute/eurusd/20140504_quote.zip", "20140504_eurusd_minute_quote.csv",
			"75600000,1.25,1.75,1,1.5,0,1.5,2,1.25,1.75,0\n", Options{Quote: AskSide},
			Description{Kind: Candles, Symbol: "EURUSD", Interval: datasets.Minute, Columns: 15 | 96, Clock: "UTC"},
			market.Series{Time: ms("2014-05-04T21:00:00Z"), Open: []float64{1.5}, High: []float64{2}, Low: []float64{1.25}, Close: []float64{1.75}, Bid: []float64{1.5}, Ask: []float64{1.75}}, 0},
		// FXCM's clock is five hours behind UTC, in summer too.
		"ForexOfFXCM": {"forex/fxcm/minute/eurusd/20140504_quote.zip", "20140504_eurusd_minute_quote.csv",
			"57600000,1.25,1.75,1,1.5,0,1.5,2,1.25,1.75,0\n", Options{Quote: BidSide},
			Description{Kind: Candles, Symbol: "EURUSD", Interval: datasets.Minute, Columns: 15 | 96, Clock: "UTC-5"},
			market.Series{Time: ms("2014-05-04T21:00:00Z"), Open: []float64{1.25}, High: []float64{1.75}, Low: []float64{1}, Close: []float64{1.5}, Bid: []float64{1.5}, Ask: []float64{1.75}}, 0},
		"EquityDaily": {"equity/usa/daily/aapl.zip", "aapl.csv", "20140605 00:00,10000,20000,10000,20000,7\n", Options{},
			Description{Kind: Candles, Symbol: "AAPL", Interval: datasets.Day, Columns: 31, Clock: "America/New_York"},
			market.Series{Time: ms("2014-06-05T04:00:00Z"), Open: []float64{1}, High: []float64{2}, Low: []float64{1}, Close: []float64{2}, Volume: []float64{7}}, 0},
		"CryptoHourQuotes": {"a/btcusd_quote.zip", "btcusd.csv", "20140605 13:00,1.5,1.5,1.5,1.5,7,2.5,2.5,2.5,2.5,7\n", Options{Quote: BidSide},
			Description{Kind: Candles, Symbol: "BTCUSD", Interval: datasets.Hour, Columns: 15 | 96, Clock: "UTC"},
			market.Series{Time: ms("2014-06-05T13:00:00Z"), Open: []float64{1.5}, High: []float64{1.5}, Low: []float64{1.5}, Close: []float64{1.5}, Bid: []float64{1.5}, Ask: []float64{2.5}}, 0},
		// Fractions of a ms are cut off; the second trade is marked.
		"EquityTickTrades": {"equity/usa/tick/bac/20131008_trade.zip", "20131008_bac_Trade_Tick.csv",
			"14400009.367,137450,100,D,1,0\n14400010,999999,1,D,1,1\n", Options{},
			Description{Kind: Trades, Symbol: "BAC", Columns: 8 | 16, Clock: "America/New_York"},
			market.Series{Time: []int64{utc(t, "2013-10-08T08:00:00Z") + 9}, Close: []float64{13.745}, Volume: []float64{100}}, 1},
		// One side at a time: the first has no ask yet.
		"EquityTickQuotes": {"equity/usa/tick/bac/20131008_quote.zip", "20131008_bac_Quote_Tick.csv",
			"14400000,10000,1,0,0,D,1,0\n14400001,0,0,20000,1,D,1,0\n14400002,15000,1,0,0,D,1,0\n", Options{},
			Description{Kind: Quotes, Symbol: "BAC", Columns: 96, Clock: "America/New_York"},
			market.Series{Time: []int64{utc(t, "2013-10-08T08:00:00Z") + 1, utc(t, "2013-10-08T08:00:00Z") + 2}, Bid: []float64{1, 1.5}, Ask: []float64{2, 2}}, 1},
		"ForexTicks": {"forex/oanda/tick/eurusd/20140504_quote.zip", "20140504_eurusd_tick_quote.csv", "1,1.25,1.5\n", Options{},
			Description{Kind: Quotes, Symbol: "EURUSD", Columns: 96, Clock: "UTC"},
			market.Series{Time: []int64{utc(t, "2014-05-04T00:00:00Z") + 1}, Bid: []float64{1.25}, Ask: []float64{1.5}}, 0},
		"CryptoTicks": {"crypto/gdax/tick/20140504_quote.zip", "20140504_btcusd_tick_quote.csv", "1,1.25,7,1.5,8\n", Options{},
			Description{Kind: Quotes, Symbol: "BTCUSD", Columns: 96, Clock: "UTC"},
			market.Series{Time: []int64{utc(t, "2014-05-04T00:00:00Z") + 1}, Bid: []float64{1.25}, Ask: []float64{1.5}}, 0},
		"StatedScaleAndZone": {"x/20140605_trade.zip", "20140605_zzz_minute_trade.csv", "0,2,4,1,3,10\n", Options{PriceScale: 0.5, Zone: time.UTC},
			Description{Kind: Candles, Symbol: "ZZZ", Interval: datasets.Minute, Columns: 31, Clock: "UTC"},
			market.Series{Time: ms("2014-06-05T00:00:00Z"), Open: []float64{1}, High: []float64{2}, Low: []float64{0.5}, Close: []float64{1.5}, Volume: []float64{10}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in := archived(t, tc.path, tc.member, tc.text)
			d, err := Detect(context.Background(), in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			if d.Format != "lean" || d.Kind != tc.d.Kind || d.Symbol != tc.d.Symbol || d.Interval != tc.d.Interval || d.Columns != tc.d.Columns || d.Clock != tc.d.Clock {
				t.Errorf("detected %+v", d)
			}
			s, leftOut, err := series(in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			if d.Kind != Candles {
				s.Open, s.High, s.Low = nil, nil, nil
			}
			if !reflect.DeepEqual(s, tc.want) || leftOut != tc.leftOut {
				t.Errorf("got %+v, %d left out, want %+v", s, leftOut, tc.want)
			}
		})
	}
}

func TestLEANFilesAreRefusedWithTheirReason(t *testing.T) {
	for name, tc := range map[string]struct {
		path, member, text string
		problem            error
		says               string
	}{
		"WholePricesOfNothingKnown": {"x/20140605_trade.zip", "20140605_zzz_minute_trade.csv", "0,2,4,1,3,10\n", datasets.ErrScale, "--price-scale"},
		"IndexClock":                {"index/usa/minute/spx/20140605_trade.zip", "20140605_spx_minute_trade.csv", "0,2.5,4,1,3,10\n", datasets.ErrNoZone, "--zone"},
		"ForexOfNoKnownMarket":      {"forex/x/20140605_quote.zip", "20140605_eurusd_minute_quote.csv", "0,1.5,1.5,1.5,1.5,0,1.5,1.5,1.5,1.5,0\n", datasets.ErrNoZone, "--zone"},
		"NothingKnown":              {"x/20140605_trade.zip", "20140605_zzzyyy_minute_trade.csv", "0,2.5,4,1,3,10\n", datasets.ErrNoZone, "--zone"},
		"ForexOfNoFolder":           {"x/20140605_quote.zip", "20140605_eurusd_minute_quote.csv", "0,1.5,1.5,1.5,1.5,0,1.5,1.5,1.5,1.5,0\n", datasets.ErrNoZone, "--zone"},
		"NoMillisecondOfADay":       {"crypto/x/20140605_trade.zip", "20140605_btcusd_minute_trade.csv", "0,2.5,4,1,3,10\n86400000,2.5,4,1,3,10\n", datasets.ErrSyntax, "line 2"},
		"FieldsMissing":             {"crypto/x/20140605_trade.zip", "20140605_btcusd_minute_trade.csv", "0,2.5,4,1,3,10\n60000,2.5,4\n", datasets.ErrSyntax, "line 2"},
		"OddWidth":                  {"crypto/x/20140605_trade.zip", "20140605_btcusd_minute_trade.csv", "0,2.5,4,1\n", datasets.ErrSyntax, "4 fields"},
		"NoNumber":                  {"crypto/x/20140605_trade.zip", "20140605_btcusd_minute_trade.csv", "0,2.5,4,x,3,10\n", datasets.ErrSyntax, `"x"`},
		"OnlyOneSide":               {"forex/oanda/20140605_quote.zip", "20140605_eurusd_minute_quote.csv", "0,1.5,1.5,1.5,1.5,0,0,0,0,0,0\n", datasets.ErrEmpty, "no row"},
		// New York's clocks sprang from 02:00 to 03:00 that day.
		"SkippedHour": {"equity/usa/20140309_trade.zip", "20140309_aapl_minute_trade.csv", "7260000,10000,10000,10000,10000,1\n", datasets.ErrLocalTime, "skipped"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := series(archived(t, tc.path, tc.member, tc.text), Options{})
			if r, ok := errors.AsType[*datasets.Refusal](err); !ok || !errors.Is(err, tc.problem) || !strings.Contains(r.Error(), tc.says) {
				t.Errorf("got %v, want %v that says %q", err, tc.problem, tc.says)
			}
		})
	}
}

func FuzzLEAN(f *testing.F) {
	f.Add("20140605_aapl_minute_trade", []byte("34200000,6450500,6451000,6450000,6450900,70\n"))
	f.Add("20140605_eurusd_minute_quote", []byte("75600000,1.25,1.75,1,1.5,0,1.5,2,1.25,1.75,0\n"))
	f.Add("20131008_bac_Quote_Tick", []byte("14400000,10000,1,0,0,D,1,0\n14400001,0,0,20000,1,D,1,0\n"))
	f.Add("aapl", []byte("20140605 00:00,10000,20000,10000,20000,7\n"))
	root := f.TempDir()
	f.Fuzz(func(t *testing.T, stem string, data []byte) {
		if len(stem) > 60 || strings.ContainsAny(stem, "/\\\x00") {
			return
		}
		in := Input{Path: filepath.Join(root, "daily", "equity", stem+".csv")}
		if err := os.MkdirAll(filepath.Dir(in.Path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(in.Path, data, 0o666); err != nil {
			return
		}
		defer os.Remove(in.Path)
		h, err := in.head()
		if err != nil {
			return
		}
		d, ok, err := lean{}.detect(h, Options{})
		if err == nil && ok {
			n := 0
			err = lean{}.read(context.Background(), in, d, Options{}, func(c Chunk) bool {
				n += c.Len()
				return true
			})
			if err == nil && n == 0 {
				t.Error("no row and no refusal")
			}
		}
		if _, refused := asRefusal(err); err != nil && !refused {
			t.Errorf("not a refusal: %v", err)
		}
	})
}

func BenchmarkLEAN(b *testing.B) {
	var text strings.Builder
	const rows = 86400
	for i := range rows {
		fmt.Fprintf(&text, "%d,1.38817,1.38817,1.38780,1.38803,0,1.38884,1.38921,1.38881,1.38885,0\n", i*1000)
	}
	in := archived(b, "forex/oanda/second/eurusd/20140505_quote.zip", "20140505_eurusd_second_quote.csv", text.String())
	benchmarkRead(b, in, Options{}, text.Len(), rows)
}
