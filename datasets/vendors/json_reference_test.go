package vendors

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
)

// referenceFile is a real file; the test is skipped where there is none.
func referenceFile(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("PTNSIM_REFERENCE")
	if root == "" {
		t.Skip("PTNSIM_REFERENCE names no folder of real data")
	}
	return filepath.Join(append([]string{root, "candles"}, parts...)...)
}

// opened returns an input's unpacked bytes.
func opened(t testing.TB, in Input) []byte {
	t.Helper()
	r, err := in.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// found returns the only input at a path.
func found(t testing.TB, path string) Input {
	t.Helper()
	inputs, err := Find([]string{path}, nil)
	if err != nil || len(inputs) != 1 {
		t.Fatalf("%d inputs, %v", len(inputs), err)
	}
	return inputs[0]
}

// plainRows decodes JSON with encoding/json and returns the rows at a path.
func plainRows(t testing.TB, data []byte, path ...string) [][]string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	for _, key := range path {
		v = v.(map[string]any)[key]
	}
	var rows [][]string
	for _, row := range v.([]any) {
		var fields []string
		switch row := row.(type) {
		case []any:
			for _, x := range row {
				s, ok := x.(string)
				if n, number := x.(json.Number); !ok && number {
					s = n.String()
				}
				fields = append(fields, s)
			}
		case map[string]any: // of Coinbase
			for _, key := range []string{"start", "open", "high", "low", "close", "volume"} {
				fields = append(fields, row[key].(string))
			}
		}
		rows = append(rows, fields)
	}
	return rows
}

func TestReferenceJSON(t *testing.T) {
	for _, tc := range []struct {
		file   string
		format string
		symbol string
		path   []string
		at     [6]int // of time, open, high, low, close, volume in a row
		unit   int64  // of the times, ms
		turned bool
		drop   int // unfinished rows at the end
		v      datasets.Interval
	}{
		{"binance/spot_klines_response.json", "binance", "", nil, [6]int{0, 1, 2, 3, 4, 5}, 1, false, 0, 7 * datasets.Day},
		{"bybit/http_get_klines_linear.json", "bybit", "BTCUSDT", []string{"result", "list"}, [6]int{0, 1, 2, 3, 4, 5}, 1, false, 0, 0},
		{"coinbase/http_candles.json", "coinbase", "", []string{"candles"}, [6]int{0, 1, 2, 3, 4, 5}, 1000, true, 0, 0},
		// Its volCcy times the price is its volCcyQuote: 10.4037 × 102811 ≈ 1069603.
		{"okx/http_get_candlesticks_full.json", "okx", "", []string{"data"}, [6]int{0, 1, 2, 3, 4, 6}, 1, true, 0, 0},
		{"kraken/http_ohlc.json", "kraken", "XBTUSDT", []string{"result", "XBTUSDT"}, [6]int{0, 1, 2, 3, 4, 6}, 1000, false, 1, 0},
		{"freqtrade/UNITTEST_BTC-1m.json.gz", "freqtrade", "UNITTEST/BTC", nil, [6]int{0, 1, 2, 3, 4, 5}, 1, false, 0, datasets.Minute},
		{"freqtrade/XRP_USDT_USDT-1h-futures.json.gz", "freqtrade", "XRP/USDT", nil, [6]int{0, 1, 2, 3, 4, 5}, 1, false, 0, datasets.Hour},
	} {
		t.Run(tc.file, func(t *testing.T) {
			in := found(t, referenceFile(t, "vendors", filepath.FromSlash(tc.file)))
			d, err := Detect(context.Background(), in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d.Format != tc.format || d.Symbol != tc.symbol || d.Interval != tc.v || d.Columns != datasets.OHLC|datasets.Volume || d.Clock != "UTC" {
				t.Errorf("detected %+v", d)
			}
			s, leftOut, err := series(in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			rows := plainRows(t, opened(t, in), tc.path...)
			if s.Len() != len(rows)-tc.drop || leftOut != int64(tc.drop) {
				t.Fatalf("%d rows and %d left out of %d", s.Len(), leftOut, len(rows))
			}
			for i := range s.Time {
				row := rows[i]
				if tc.turned {
					row = rows[len(rows)-1-i]
				}
				for k, got := range []float64{float64(s.Time[i] / tc.unit), s.Open[i], s.High[i], s.Low[i], s.Close[i], s.Volume[i]} {
					if want, err := strconv.ParseFloat(row[tc.at[k]], 64); err != nil || got != want {
						t.Fatalf("row %d, value %d: %v, want %v", i, k, got, row[tc.at[k]])
					}
				}
			}
			t.Logf("%s: %s, %d rows, %v", tc.file, d.Title, s.Len(), d.Notes)
		})
	}
}

// leanMembers returns the members of a folder of LEAN's archives, as their raw
// lines split into fields.
func leanMembers(t *testing.T, folder string) (inputs []Input, raw [][][]string) {
	t.Helper()
	inputs, err := Find([]string{referenceFile(t, "vendors", "lean", folder)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range inputs {
		rows, err := csv.NewReader(strings.NewReader(string(opened(t, in)))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, rows)
	}
	return inputs, raw
}

func rawNumber(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestReferenceLEANCryptoIsBinancesMinutes(t *testing.T) {
	inputs, raw := leanMembers(t, "crypto-binance-btcusdt")
	if len(inputs) != 5 {
		t.Fatalf("%d inputs", len(inputs))
	}
	other, err := filepath.Glob(referenceFile(t, "crypto-1m", "BTC*"))
	if err != nil || len(other) != 1 {
		t.Fatalf("%v, %v", other, err)
	}
	binance := map[int64][]string{}
	rows, err := csv.NewReader(strings.NewReader(string(opened(t, Input{Path: other[0]})))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		ms, _ := strconv.ParseInt(row[0], 10, 64)
		binance[ms] = row
	}
	compared := 0
	for i, in := range inputs {
		d, err := Detect(context.Background(), in, Options{})
		if err != nil || d.Title != "LEAN crypto trades, minute" || d.Symbol != "BTCUSDT" || d.Interval != datasets.Minute || d.Clock != "UTC" {
			t.Fatalf("detected %+v, %v", d, err)
		}
		s, _, err := series(in, Options{})
		if err != nil || s.Len() != len(raw[i]) || s.Len() != 1440 {
			t.Fatalf("%s: %d rows of %d, %v", in, s.Len(), len(raw[i]), err)
		}
		for k, ms := range s.Time {
			row := binance[ms]
			if row == nil {
				t.Fatalf("%s: no minute %d", in, ms)
			}
			for c, got := range []float64{s.Open[k], s.High[k], s.Low[k], s.Close[k], s.Volume[k]} {
				if want := rawNumber(t, row[1+c]); got != want {
					t.Errorf("%s: minute %d, column %d: %v, Binance has %v", in, ms, c, got, want)
				}
			}
			compared++
		}
	}
	t.Logf("%d minutes equal", compared)
}

func TestReferenceLEANForexQuotes(t *testing.T) {
	inputs, raw := leanMembers(t, "forex-oanda-eurusd")
	for i, in := range inputs {
		for _, side := range []QuoteSide{Mid, BidSide, AskSide} {
			o := Options{Quote: side}
			d, err := Detect(context.Background(), in, o)
			if err != nil || d.Title != "LEAN forex quotes, minute" || d.Symbol != "EURUSD" || d.Clock != "UTC" {
				t.Fatalf("detected %+v, %v", d, err)
			}
			s, leftOut, err := series(in, o)
			if err != nil || s.Len() != len(raw[i]) || leftOut != 0 {
				t.Fatalf("%s: %d rows and %d left out of %d, %v", in, s.Len(), leftOut, len(raw[i]), err)
			}
			// The names are 20140504 to 20140509: midnights of UTC.
			midnight := utc(t, "2014-05-04T00:00:00Z") + int64(i)*86400e3
			for k, row := range raw[i] {
				if s.Time[k] != midnight+int64(rawNumber(t, row[0])) || s.Bid[k] != rawNumber(t, row[4]) || s.Ask[k] != rawNumber(t, row[9]) {
					t.Fatalf("%s, row %d: %d %v %v, raw %v", in, k, s.Time[k], s.Bid[k], s.Ask[k], row)
				}
				for c, got := range []float64{s.Open[k], s.High[k], s.Low[k], s.Close[k]} {
					bid, ask := rawNumber(t, row[1+c]), rawNumber(t, row[6+c])
					if want := [...]float64{(bid + ask) / 2, bid, ask}[side]; got != want {
						t.Fatalf("%s, row %d: %v, raw %v", in, k, got, row)
					}
				}
			}
		}
		t.Logf("%s: %d rows, first %v", in.Name(), len(raw[i]), raw[i][0])
	}
	// Sunday's session opens at 17:00 New York, which is 21:00 UTC in May; Friday's
	// last minute is 20:59.
	if first, last := raw[0][0][0], raw[len(raw)-1]; first != "75600000" || last[len(last)-1][0] != "75540000" {
		t.Errorf("the week runs from %s to %s", first, last[len(last)-1][0])
	}
}

func TestReferenceLEANEquities(t *testing.T) {
	inputs, raw := leanMembers(t, "equity-usa-aapl")
	for i, in := range inputs {
		d, err := Detect(context.Background(), in, Options{})
		if err != nil || d.Symbol != "AAPL" || d.Interval != datasets.Minute || d.Clock != "America/New_York" {
			t.Fatalf("detected %+v, %v", d, err)
		}
		s, leftOut, err := series(in, Options{})
		if err != nil || s.Len()+int(leftOut) != len(raw[i]) {
			t.Fatalf("%s: %d rows and %d left out of %d, %v", in, s.Len(), leftOut, len(raw[i]), err)
		}
		// New York is four hours behind UTC in June.
		midnight := utc(t, "2014-06-05T04:00:00Z")
		if strings.HasPrefix(in.Member, "20140606") {
			midnight += 86400e3
		}
		at := 0
		for _, row := range raw[i] {
			if len(row) == 11 && (row[1] == "" || row[6] == "") {
				continue
			}
			if s.Time[at] != midnight+int64(rawNumber(t, row[0])) {
				t.Fatalf("%s, %v: time %d", in, row, s.Time[at])
			}
			cl := rawNumber(t, row[4]) / 10000
			if len(row) == 11 {
				if s.Bid[at] != cl || s.Ask[at] != rawNumber(t, row[9])/10000 {
					t.Fatalf("%s, %v: bid %v, ask %v", in, row, s.Bid[at], s.Ask[at])
				}
				cl = (rawNumber(t, row[4]) + rawNumber(t, row[9])) / 2 / 10000
			} else if s.Volume[at] != rawNumber(t, row[5]) {
				t.Fatalf("%s, %v: volume %v", in, row, s.Volume[at])
			}
			if s.Close[at] != cl {
				t.Fatalf("%s, %v: close %v", in, row, s.Close[at])
			}
			at++
		}
		t.Logf("%s: %s, %d rows, %d left out", in.Name(), d.Title, s.Len(), leftOut)
	}
}

func TestReferenceFeather(t *testing.T) {
	for _, tc := range []struct {
		file, symbol string
	}{{"XRP_USDT_USDT-1h-futures.feather", "XRP/USDT"}, {"binance__BTC_USDT-1h.feather", "BTC/USDT"}} {
		in := found(t, referenceFile(t, "vendors", "freqtrade", tc.file))
		d, err := Detect(context.Background(), in, Options{})
		if err != nil || d.Format != "feather" || d.Symbol != tc.symbol || d.Interval != datasets.Hour || d.Columns != datasets.OHLC|datasets.Volume || d.Clock != "UTC" {
			t.Fatalf("detected %+v, %v", d, err)
		}
		s, _, err := series(in, Options{})
		if err != nil || s.Len() == 0 {
			t.Fatalf("%s: %d rows, %v", tc.file, s.Len(), err)
		}
		check := datasets.Checker{File: tc.file, IntervalMS: int64(datasets.Hour)}
		if err := check.Check(&s); err != nil {
			t.Errorf("%v", err)
		}
		for _, ms := range s.Time {
			if ms%int64(datasets.Hour) != 0 {
				t.Fatalf("%s: %d is not on the hour", tc.file, ms)
			}
		}
		t.Logf("%s: %s, %d rows, first %d %v, last %d %v, %v", tc.file, d.Title, s.Len(), s.Time[0], s.Open[0], s.Time[s.Len()-1], s.Close[s.Len()-1], d.Notes)
	}
	// The same futures are there as JSON.
	feather, _, err := series(found(t, referenceFile(t, "vendors", "freqtrade", "XRP_USDT_USDT-1h-futures.feather")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	plain, _, err := series(found(t, referenceFile(t, "vendors", "freqtrade", "XRP_USDT_USDT-1h-futures.json.gz")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	hours := map[int64]int{}
	for i, ms := range plain.Time {
		hours[ms] = i
	}
	same := 0
	for i, ms := range feather.Time {
		if j, ok := hours[ms]; ok {
			same++
			for k, pair := range [][2]float64{{feather.Open[i], plain.Open[j]}, {feather.High[i], plain.High[j]}, {feather.Low[i], plain.Low[j]}, {feather.Close[i], plain.Close[j]}, {feather.Volume[i], plain.Volume[j]}} {
				// The writer of the feather file read the decimals of the JSON with an
				// error of up to one unit in the last place.
				if pair[0] != pair[1] && pair[0] != math.Nextafter(pair[1], pair[0]) {
					t.Errorf("hour %d, column %d: %v in feather, %v in JSON", ms, k, pair[0], pair[1])
				}
			}
		}
	}
	t.Logf("%d hours in both", same)
	if same == 0 {
		t.Error("no hour in both files")
	}
}

func TestReferenceFeatherIsBinancesHours(t *testing.T) {
	hours, _, err := series(found(t, referenceFile(t, "vendors", "freqtrade", "binance__BTC_USDT-1h.feather")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := filepath.Glob(referenceFile(t, "crypto-5m", "*BTC*"))
	if err != nil || len(other) != 1 {
		t.Fatalf("%v, %v", other, err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(opened(t, Input{Path: other[0]})))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	type bar struct {
		open, high, low, close float64
		parts                  int
	}
	made := map[int64]bar{} // hours made of twelve bars of five minutes
	for _, row := range rows[1:] {
		at, err := time.Parse("2006-01-02 15:04:05-07:00", strings.Replace(row[0], "T", " ", 1))
		if err != nil {
			at = time.UnixMilli(utc(t, row[0]))
		}
		hour := at.UnixMilli() / 3600e3 * 3600e3
		b, ok := made[hour]
		if !ok {
			b = bar{open: rawNumber(t, row[1]), low: math.Inf(1)}
		}
		b.high, b.low, b.close, b.parts = max(b.high, rawNumber(t, row[2])), min(b.low, rawNumber(t, row[3])), rawNumber(t, row[4]), b.parts+1
		made[hour] = b
	}
	compared := 0
	for i, ms := range hours.Time {
		if b := made[ms]; b.parts == 12 {
			compared++
			if got := (bar{hours.Open[i], hours.High[i], hours.Low[i], hours.Close[i], 12}); got != b {
				t.Errorf("hour %d: %v, twelve bars make %v", ms, got, b)
			}
		}
	}
	t.Logf("%d hours equal", compared)
	if compared < 9000 {
		t.Errorf("only %d hours compared", compared)
	}
}
