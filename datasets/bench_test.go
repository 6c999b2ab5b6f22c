package datasets

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// benchRows is enough for steady figures and quick to write.
const benchRows = 5 << 20

// benchFile writes benchRows candles of six columns and returns the path.
func benchFile(b *testing.B, format Format) (path string, s *market.Series) {
	b.Helper()
	s = walk(pairOf(b, "BTCUSD"), benchRows)
	s.Bid, s.Ask = nil, nil
	path = filepath.Join(b.TempDir(), Name{"BTCUSD", Minute, format}.String())
	if err := Write(context.Background(), path, s); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/benchRows, "bytes/row")
	return path, s
}

func reportRows(b *testing.B, rows int) {
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

// scan adds up every column, as the smallest pass over them.
func scan(s *market.Series) (sum float64) {
	f := frameOf(s)
	for _, col := range f.cols {
		for _, x := range col {
			sum += x
		}
	}
	for _, ms := range s.Time {
		sum += float64(ms)
	}
	return sum
}

// BenchmarkScan is the roofline of the reading benchmarks: the columns are in
// memory and only added up.
func BenchmarkScan(b *testing.B) {
	s := walk(pairOf(b, "BTCUSD"), benchRows)
	s.Bid, s.Ask = nil, nil
	b.ReportAllocs()
	for b.Loop() {
		scan(s)
	}
	reportRows(b, benchRows)
}

func BenchmarkCheck(b *testing.B) {
	s := walk(pairOf(b, "BTCUSD"), benchRows)
	s.Bid, s.Ask = nil, nil
	b.ReportAllocs()
	for b.Loop() {
		c := Checker{IntervalMS: s.IntervalMS, Calendar: nil}
		if err := c.Check(s); err != nil {
			b.Fatal(err)
		}
	}
	reportRows(b, benchRows)
	b.ReportMetric(6*benchRows*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mvalues/s")
}

func benchRead(b *testing.B, format Format, sel Select, rows int, use func(*market.Series)) {
	path, _ := benchFile(b, format)
	b.ReportAllocs()
	for b.Loop() {
		c, err := Read(context.Background(), path, market.Pairs(), sel)
		if err != nil {
			b.Fatal(err)
		}
		if c.Series.Len() != rows {
			b.Fatalf("%d rows", c.Series.Len())
		}
		use(c.Series)
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
	reportRows(b, rows)
}

func BenchmarkReadParquet(b *testing.B) {
	nothing := func(*market.Series) {}
	year := Select{FromMS: t0 + 365*int64(Day), ToMS: t0 + 2*365*int64(Day)}
	month := Select{FromMS: t0 + 365*int64(Day), ToMS: t0 + 395*int64(Day)}
	b.Run("columns", func(b *testing.B) { benchRead(b, Parquet, Select{Unchecked: true}, benchRows, nothing) })
	b.Run("checked", func(b *testing.B) { benchRead(b, Parquet, Select{Calendar: MarketCalendar}, benchRows, nothing) })
	b.Run("close", func(b *testing.B) { benchRead(b, Parquet, Select{Columns: Close, Unchecked: true}, benchRows, nothing) })
	b.Run("year", func(b *testing.B) { benchRead(b, Parquet, year, 365*1440, nothing) })
	b.Run("month", func(b *testing.B) { benchRead(b, Parquet, month, 30*1440, nothing) })
}

func BenchmarkStreamParquet(b *testing.B) {
	path, _ := benchFile(b, Parquet)
	b.ReportAllocs()
	for b.Loop() {
		for s, err := range Chunks(context.Background(), path, market.Pairs(), Select{Calendar: MarketCalendar}, 0) {
			if err != nil || s.Len() == 0 {
				b.Fatal(err)
			}
		}
	}
	reportRows(b, benchRows)
}

func BenchmarkReadArrow(b *testing.B) {
	nothing := func(*market.Series) {}
	b.Run("open", func(b *testing.B) { benchRead(b, Arrow, Select{Unchecked: true}, benchRows, nothing) })
	b.Run("scan", func(b *testing.B) {
		benchRead(b, Arrow, Select{Unchecked: true}, benchRows, func(s *market.Series) { scan(s) })
	})
	b.Run("checked", func(b *testing.B) { benchRead(b, Arrow, Select{Calendar: MarketCalendar}, benchRows, nothing) })
}

func BenchmarkWrite(b *testing.B) {
	for _, format := range formats {
		b.Run(string(format), func(b *testing.B) {
			s := walk(pairOf(b, "BTCUSD"), 1<<20)
			path := filepath.Join(b.TempDir(), Name{"BTCUSD", Minute, format}.String())
			b.ReportAllocs()
			for b.Loop() {
				if err := Write(context.Background(), path, s); err != nil {
					b.Fatal(err)
				}
			}
			reportRows(b, s.Len())
		})
	}
}
