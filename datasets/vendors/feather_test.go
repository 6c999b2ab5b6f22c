package vendors

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// columnarFile writes a few candles as a file of a format, under a name.
func columnarFile(t testing.TB, f datasets.Format, name string, s *market.Series) Input {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, datasets.Name{Pair: s.Pair.ID, Interval: datasets.Minute, Format: f}.String())
	if err := datasets.Write(context.Background(), path, s); err != nil {
		t.Fatal(err)
	}
	in := Input{Path: filepath.Join(dir, name)}
	if err := os.Rename(path, in.Path); err != nil {
		t.Fatal(err)
	}
	return in
}

func threeCandles() *market.Series {
	const t0 = 1736121600000
	return &market.Series{Pair: market.Pair{ID: "BTCUSD", Class: market.Crypto, Base: "BTC", Quote: "USD"}, IntervalMS: 60000,
		Time: []int64{t0, t0 + 60000, t0 + 180000}, Open: []float64{2, 3, 4}, High: []float64{4, 4, 4}, Low: []float64{1, 2, 3}, Close: []float64{3, 4, 3.5},
		Volume: []float64{10, 0.5, 7}}
}

func TestColumnarFilesAreRead(t *testing.T) {
	for name, tc := range map[string]struct {
		format           datasets.Format
		file             string
		o                Options
		detected, symbol string
		interval         datasets.Interval
		scale            float64
	}{
		"Freqtrade":        {datasets.Arrow, "BTC_USDT-1m.feather", Options{}, "feather", "BTC/USDT", datasets.Minute, 1},
		"FreqtradeFutures": {datasets.Arrow, "binance__BTC_USDT_USDT-1m-futures.feather", Options{}, "feather", "BTC/USDT", datasets.Minute, 1},
		"Parquet":          {datasets.Parquet, "ETHUSD-5m.parquet", Options{}, "parquet", "ETHUSD", 5 * datasets.Minute, 1},
		"Scaled":           {datasets.Parquet, "x.parquet", Options{PriceScale: 0.5, Interval: datasets.Hour}, "parquet", "", datasets.Hour, 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			want := threeCandles()
			in := columnarFile(t, tc.format, tc.file, want)
			d, err := Detect(context.Background(), in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			if d.Format != tc.detected || d.Symbol != tc.symbol || d.Interval != tc.interval || d.Columns != 31 || d.Clock != "UTC" {
				t.Errorf("detected %+v", d)
			}
			got, _, err := series(in, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			want.Pair, want.IntervalMS = market.Pair{}, 0
			for _, col := range [][]float64{want.Open, want.High, want.Low, want.Close} {
				for i := range col {
					col[i] *= tc.scale
				}
			}
			if !reflect.DeepEqual(&got, want) {
				t.Errorf("got %+v, want %+v", &got, want)
			}
		})
	}
}

func TestColumnarColumnsCanBeNamed(t *testing.T) {
	in := columnarFile(t, datasets.Parquet, "x.parquet", threeCandles())
	got, _, err := series(in, Options{Columns: map[string]string{"close": "high", "open": absent, "high": absent, "low": absent, "volume": "6"}})
	if err != nil || !reflect.DeepEqual(got.Close, []float64{4, 4, 4}) || !reflect.DeepEqual(got.Volume, []float64{10, 0.5, 7}) {
		t.Errorf("got %+v, %v", got, err)
	}
	_, _, err = series(in, Options{Columns: map[string]string{"time": "time", "close": "last"}})
	if !errors.Is(err, datasets.ErrNoColumn) || !strings.Contains(err.Error(), `"last"`) {
		t.Errorf("got %v", err)
	}
}

func TestFundingRatesInFeatherAreRefused(t *testing.T) {
	_, _, err := series(columnarFile(t, datasets.Arrow, "BTC_USDT_USDT-8h-funding_rate.feather", threeCandles()), Options{})
	if !errors.Is(err, datasets.ErrType) || !strings.Contains(err.Error(), "funding_rate") {
		t.Errorf("got %v", err)
	}
}

func TestColumnarTicksAreRead(t *testing.T) {
	for name, tc := range map[string]struct {
		columns [2]string
		kind    Kind
		have    datasets.Columns
	}{
		"Trades": {[2]string{"price", "amount"}, Trades, datasets.Close | datasets.Volume},
		"Quotes": {[2]string{"bid", "ask"}, Quotes, datasets.Bid | datasets.Ask},
	} {
		t.Run(name, func(t *testing.T) {
			in := Input{Path: filepath.Join(t.TempDir(), "BTC_USDT-trades.parquet")}
			w, err := datasets.NewTable(in.Path, []datasets.Column{{Name: "timestamp", Kind: datasets.Int64},
				{Name: tc.columns[0], Kind: datasets.Float64}, {Name: tc.columns[1], Kind: datasets.Float64}})
			if err != nil {
				t.Fatal(err)
			}
			// In nanoseconds, of which 999999 are no millisecond.
			err = w.Append([]int64{1736121600000999999, 1736121600001000000}, []float64{1.5, 2}, []float64{2.5, 3})
			if err := errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			d, err := Detect(context.Background(), in, Options{})
			if err != nil || d.Kind != tc.kind || d.Columns != tc.have || d.Symbol != "BTC/USDT" {
				t.Fatalf("detected %+v, %v", d, err)
			}
			s, _, err := series(in, Options{})
			first, second := s.Close, s.Volume
			if tc.kind == Quotes {
				first, second = s.Bid, s.Ask
			}
			if err != nil || !reflect.DeepEqual(s.Time, []int64{1736121600000, 1736121600001}) ||
				!reflect.DeepEqual(first, []float64{1.5, 2}) || !reflect.DeepEqual(second, []float64{2.5, 3}) {
				t.Errorf("got %+v, %v", s, err)
			}
		})
	}
}

func TestColumnarTimesOfALocalClock(t *testing.T) {
	in := Input{Path: filepath.Join(t.TempDir(), "EURUSD_M15.parquet")}
	w, err := datasets.NewTable(in.Path, []datasets.Column{{Name: "time", Kind: datasets.Int64}, {Name: "close", Kind: datasets.Float64}})
	if err != nil {
		t.Fatal(err)
	}
	// 2025-02-17 and 2025-07-01, 00:00, of a clock of Athens: 22:00 and 21:00 UTC of
	// the days before.
	err = w.Append([]int64{1739750400, 1751328000}, []float64{1.04, 1.17})
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	athens := loadZone("Europe/Athens")
	if _, _, err := series(in, Options{Zone: athens}); !errors.Is(err, datasets.ErrType) || !strings.Contains(err.Error(), "epoch_s_local") {
		t.Errorf("a zone for seconds: %v", err)
	}
	if _, _, err := series(in, Options{TimeFormat: timeFormat(t, "epoch_s_local")}); !errors.Is(err, datasets.ErrNoZone) {
		t.Errorf("no zone: %v", err)
	}
	s, _, err := series(in, Options{Zone: athens, TimeFormat: timeFormat(t, "epoch_s_local")})
	if err != nil || !reflect.DeepEqual(s.Time, []int64{1739750400000 - 2*hourMS, 1751328000000 - 3*hourMS}) {
		t.Errorf("got %v, %v", s.Time, err)
	}
	utc := columnarFile(t, datasets.Parquet, "x.parquet", threeCandles()) // timestamps of UTC
	if _, _, err := series(utc, Options{Zone: athens}); !errors.Is(err, datasets.ErrType) || !strings.Contains(err.Error(), "leave --zone out") {
		t.Errorf("a zone for timestamps of UTC: %v", err)
	}
}
