package vendors

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

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
