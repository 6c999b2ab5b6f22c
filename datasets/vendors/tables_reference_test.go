package vendors

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
)

// referencePath is a file of the folder of real market data.
func referencePath(t *testing.T, name string) string {
	t.Helper()
	folder := os.Getenv("PTNSIM_REFERENCE")
	if folder == "" {
		t.Skip("PTNSIM_REFERENCE names no folder with candles")
	}
	return filepath.Join(folder, "candles", filepath.FromSlash(name))
}

// plainLines reads a file's lines with the standard library alone.
func plainLines(t *testing.T, path string) []string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var lines []string
	for scan := bufio.NewScanner(r); scan.Scan(); {
		lines = append(lines, strings.TrimRight(scan.Text(), "\r"))
	}
	return lines
}

// TestRealTablesAreReadAsTheyAreWritten holds every row of every real file
// against a parser of a few lines that knows its layout beforehand.
func TestRealTablesAreReadAsTheyAreWritten(t *testing.T) {
	athens, newYork := loadZone("Europe/Athens"), loadZone("America/New_York")
	local := func(layout string, zone *time.Location) func([]string) time.Time {
		return func(fields []string) time.Time {
			at, err := time.ParseInLocation(layout, fields[0], zone)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
	}
	millis := func(fields []string) time.Time {
		ms, err := strconv.ParseInt(fields[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return time.UnixMilli(ms)
	}
	const iso = "2006-01-02 15:04:05"
	cases := []struct {
		file, separator  string
		skip, rows       int
		format, symbol   string
		interval         datasets.Interval
		o                Options
		at               func(fields []string) time.Time
		o1, h, l, c, v   int // fields; v -1: no volume is read
		divisor          float64
		firstUTC, lastUT string // by hand
	}{
		{file: "vendors/histdata/DAT_ASCII_EURUSD_M1_202503.csv.gz", separator: ";", rows: 30526, format: "histdata", symbol: "EURUSD", interval: datasets.Minute,
			// The clock by its rule: UTC-5, from 30 March (Europe's change) UTC-4.
			at: func(fields []string) time.Time {
				at := local("20060102 150405", time.UTC)(fields)
				if fields[0] >= "20250330" {
					return at.Add(4 * time.Hour)
				}
				return at.Add(5 * time.Hour)
			},
			o1: 1, h: 2, l: 3, c: 4, v: -1, firstUTC: "2025-03-02 22:00:00"},
		{file: "vendors/mt4/EURAUD_H4.csv.gz", separator: "\t", skip: 1, rows: 25867, format: "mt4", symbol: "EURAUD", interval: 4 * datasets.Hour, o: Options{Zone: time.UTC},
			at: local(iso, time.UTC), o1: 1, h: 2, l: 3, c: 4, v: 5, firstUTC: "2007-08-14 00:00:00", lastUT: "2023-09-11 08:00:00"},
		{file: "vendors/mt4/XAGUSD_H1.csv.gz", separator: "\t", skip: 1, rows: 74404, format: "mt4", symbol: "XAGUSD", interval: datasets.Hour, o: Options{Zone: time.UTC},
			at: local(iso, time.UTC), o1: 1, h: 2, l: 3, c: 4, v: 5, firstUTC: "2011-02-17 15:00:00", lastUT: "2023-09-11 09:00:00"},
		{file: "vendors/mt5/US30m_H1_202401012300_202509082200.csv", separator: "\t", skip: 1, rows: 9890, format: "mt5", symbol: "US30m", interval: datasets.Hour, o: Options{Zone: athens},
			at: func(fields []string) time.Time {
				return local("2006.01.02 15:04:05", athens)([]string{fields[0] + " " + fields[1]})
			}, o1: 2, h: 3, l: 4, c: 5, v: 6, firstUTC: "2024-01-01 21:00:00", lastUT: "2025-09-08 19:00:00"},
		{file: "vendors/mt5/XAUUSD_M15-broker-time.csv.gz", separator: ",", skip: 1, rows: 11998, format: "csv", symbol: "XAUUSD", interval: 15 * datasets.Minute, o: Options{Zone: athens},
			at: local(iso, athens), o1: 1, h: 2, l: 3, c: 4, v: 5, firstUTC: "2025-12-31 11:45:00", lastUT: "2026-07-09 18:30:00"},
		{file: "vendors/points/XAUUSDh1.csv.gz", separator: ",", skip: 1, rows: 57600, format: "csv", symbol: "XAUUSD", interval: datasets.Hour, o: Options{Zone: athens, PriceScale: 0.01},
			at: local(iso, athens), o1: 1, h: 2, l: 3, c: 4, v: 5, divisor: 100, firstUTC: "2012-05-17 05:00:00", lastUT: "2022-03-04 21:00:00"},
		{file: "vendors/bitfinex/BTCUSD-1m-2016-head.csv.gz", separator: ",", rows: 20000, format: "bitfinex", symbol: "BTCUSD", interval: datasets.Minute,
			at: millis, o1: 1, h: 3, l: 4, c: 2, v: 5, firstUTC: "2016-01-01 00:00:00", lastUT: "2016-01-18 22:54:00"},
		{file: "crypto-1m/BTCUSDT-1m-2025.csv.gz", separator: ",", skip: 1, rows: 525600, format: "csv", symbol: "BTCUSDT", interval: datasets.Minute,
			at: millis, o1: 1, h: 2, l: 3, c: 4, v: 5, firstUTC: "2025-01-01 00:00:00", lastUT: "2025-12-31 23:59:00"},
		{file: "equities-5m/AAPL_5min.csv.gz", separator: ",", skip: 1, rows: 16400, format: "csv", symbol: "AAPL", interval: 5 * datasets.Minute, o: Options{Zone: newYork},
			at: local(iso, newYork), o1: 1, h: 2, l: 3, c: 4, v: 5, firstUTC: "2025-05-12 13:30:00"},
	}
	for _, tc := range cases {
		t.Run(filepath.Base(tc.file), func(t *testing.T) {
			in := Input{Path: referencePath(t, tc.file)}
			d, err := Detect(context.Background(), in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			if d.Format != tc.format || d.Symbol != tc.symbol || d.Interval != tc.interval || (d.Columns&datasets.Volume != 0) != (tc.v >= 0) {
				t.Errorf("detected %+v", d)
			}
			s, lineNos, err := gather(in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			lines := plainLines(t, in.Path)[tc.skip:]
			if len(lines) != tc.rows || s.Len() != tc.rows {
				t.Fatalf("%d rows of %d, want %d", s.Len(), len(lines), tc.rows)
			}
			for i, line := range lines {
				fields := strings.Split(line, tc.separator)
				number := func(k int) float64 {
					x, err := strconv.ParseFloat(fields[k], 64)
					if err != nil {
						t.Fatal(err)
					}
					if tc.divisor != 0 && k != tc.v {
						x /= tc.divisor
					}
					return x
				}
				if s.Time[i] != tc.at(fields).UnixMilli() || s.Open[i] != number(tc.o1) || s.High[i] != number(tc.h) || s.Low[i] != number(tc.l) ||
					s.Close[i] != number(tc.c) || tc.v >= 0 && s.Volume[i] != number(tc.v) || lineNos[i] != int64(i+1+tc.skip) {
					t.Fatalf("row %d, line %d: %s: %v %v %v %v %v", i+1, lineNos[i], line, time.UnixMilli(s.Time[i]).UTC(), s.Open[i], s.High[i], s.Low[i], s.Close[i])
				}
			}
			for _, spot := range []struct {
				i    int
				want string
			}{{0, tc.firstUTC}, {tc.rows - 1, tc.lastUT}} {
				if got := time.UnixMilli(s.Time[spot.i]).UTC().Format(iso); spot.want != "" && got != spot.want {
					t.Errorf("row %d at %s, want %s", spot.i+1, got, spot.want)
				}
			}
		})
	}
}

// TestHistDataAgreesWithTheSameCandlesInUTC is the proof of HistData's clock: the
// vendor's file of March 2025, in which both the American and the European clocks
// changed, holds the very minutes of a series whose times others have corrected.
func TestHistDataAgreesWithTheSameCandlesInUTC(t *testing.T) {
	raw := Input{Path: referencePath(t, "vendors/histdata/DAT_ASCII_EURUSD_M1_202503.csv.gz")}
	corrected := Input{Path: referencePath(t, "forex-1m/EURUSD-1m-2025.csv.gz")}
	got, _, err := gather(raw, Options{})
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := gather(corrected, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := all.Slice(all.Search(got.Time[0]), all.Search(got.Time[got.Len()-1]+1))
	if got.Len() != want.Len() {
		t.Errorf("%d candles, want %d", got.Len(), want.Len())
	}
	for i := range min(got.Len(), want.Len()) {
		if got.Time[i] != want.Time[i] || got.Open[i] != want.Open[i] || got.High[i] != want.High[i] || got.Low[i] != want.Low[i] || got.Close[i] != want.Close[i] {
			t.Fatalf("candle %d: %s %v %v %v %v, want %s %v %v %v %v", i, time.UnixMilli(got.Time[i]).UTC(), got.Open[i], got.High[i], got.Low[i], got.Close[i],
				time.UnixMilli(want.Time[i]).UTC(), want.Open[i], want.High[i], want.Low[i], want.Close[i])
		}
	}
}

func TestTheRealSpreadsheetDamageIsRefused(t *testing.T) {
	in := Input{Path: referencePath(t, "vendors/binance/BTCUSDT-1h-2023-11-18.csv")}
	_, err := Detect(context.Background(), in, Options{})
	if r, ok := asRefusal(err); !ok || !errors.Is(err, datasets.ErrCorrupt) || r.Line != 2 || !strings.Contains(err.Error(), "spreadsheet") || !strings.Contains(err.Error(), "1.70027E+12") {
		t.Errorf("got %v", err)
	}
}

func TestRealTerminalFilesNeedAZone(t *testing.T) {
	for _, name := range []string{"mt4/EURAUD_H4.csv.gz", "mt5/US30m_H1_202401012300_202509082200.csv", "mt5/XAUUSD_M15-broker-time.csv.gz", "points/XAUUSDh1.csv.gz"} {
		in := Input{Path: referencePath(t, "vendors/"+name)}
		if d, err := Detect(context.Background(), in, Options{}); err != nil || d.Clock != "" {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
		if _, _, err := gather(in, Options{}); !errors.Is(err, datasets.ErrNoZone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
