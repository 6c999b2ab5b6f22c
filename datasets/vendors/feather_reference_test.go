package vendors

import (
	"context"
	"encoding/csv"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

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
		hour := utc(t, row[0]) / 3600e3 * 3600e3
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
