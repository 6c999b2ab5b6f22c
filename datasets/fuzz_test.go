package datasets

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/ptnsim/ptnsim/market"
)

// written returns the bytes of the series as a file of the format.
func written(t testing.TB, s *market.Series, format Format) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), Name{s.Pair.ID, Interval(s.IntervalMS), format}.String())
	if err := Write(context.Background(), path, s); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fuzzRead reads bytes as a candle file: whatever they are, the answer is a
// valid series or a Refusal.
func fuzzRead(t *testing.T, data []byte, format Format) {
	name := Name{"BTCUSD", Minute, format}
	src := source{path: name.String(), data: data}
	if len(data) == 0 {
		return
	}
	c, err := read(context.Background(), src, name, market.Pair{ID: "BTCUSD", Class: market.Crypto}, Select{Calendar: MarketCalendar})
	if err != nil {
		if _, ok := errors.AsType[*Refusal](err); !ok && !errors.Is(err, context.Canceled) {
			t.Errorf("not a refusal: %v", err)
		}
		return
	}
	for i := 1; i < c.Series.Len(); i++ {
		if c.Series.Time[i] < c.Series.Time[i-1]+c.Series.IntervalMS {
			t.Fatalf("row %d is not after the one before", i)
		}
	}
	for i, low := range c.Series.Low {
		if !(low > 0 && low <= c.Series.High[i]) {
			t.Fatalf("row %d: low %v, high %v", i, low, c.Series.High[i])
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func FuzzParquet(f *testing.F) {
	f.Add(written(f, walk(pairOf(f, "BTCUSD"), 20), Parquet))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, Parquet) })
}

func FuzzArrow(f *testing.F) {
	f.Add(written(f, walk(pairOf(f, "BTCUSD"), 20), Arrow))
	ms, f64 := &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}, arrow.PrimitiveTypes.Float64
	f.Add(arrowBytes(f, ms, f64, 3))
	f.Add(arrowBytes(f, ms, f64, -1, ipc.WithZstd()))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, Arrow) })
}

func FuzzCSV(f *testing.F) {
	f.Add(written(f, walk(pairOf(f, "BTCUSD"), 5), CSV))
	f.Add([]byte("time,close\n1736121600000,1\n"))
	f.Add([]byte("\"time\";close\r\n\n2025-01-06 00:00:00,NaN"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, CSV) })
}

func FuzzInterval(f *testing.F) {
	for _, s := range []string{"1m", "15m", "4h", "1d", "0s", "-1h", "99999999999999d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseInterval(s)
		if err != nil {
			return
		}
		if again, err := ParseInterval(v.String()); err != nil || again != v || v <= 0 || v > MaxInterval {
			t.Errorf("%q is %d, written %s, read as %d, %v", s, v, v, again, err)
		}
	})
}
