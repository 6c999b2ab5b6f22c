package convert

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// walk returns minutes of a pair's open market whose prices move by ticks.
func walk(b *testing.B, id string, days int) *market.Series {
	b.Helper()
	s := &market.Series{Pair: pairOf(b, id), IntervalMS: int64(datasets.Minute)}
	begin := utc(b, "2025-01-05 22:00")
	schedule, err := market.NewSchedule(hoursOf(s.Pair.Class), begin, begin+int64(days)*int64(datasets.Day))
	if err != nil {
		b.Fatal(err)
	}
	seed, tick := uint64(1), int64(10_000_000)
	for i := range days * 1440 {
		ms := begin + int64(i)*60_000
		if !schedule.Open(ms) {
			continue
		}
		seed = seed*6364136223846793005 + 1442695040888963407
		up, down, step := int64(seed>>58), int64(seed>>52&63), int64(seed>>46&63)-32
		open := tick
		tick += step
		s.Time = append(s.Time, ms)
		s.Open, s.Close = append(s.Open, float64(open)/100), append(s.Close, float64(tick)/100)
		s.High, s.Low = append(s.High, float64(max(open, tick)+up)/100), append(s.Low, float64(min(open, tick)-down)/100)
		s.Volume = append(s.Volume, float64(seed>>40)/1e5)
	}
	return s
}

func reportRows(b *testing.B, rows int) {
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

func BenchmarkResample(b *testing.B) {
	for _, to := range []datasets.Interval{5 * datasets.Minute, 15 * datasets.Minute, datasets.Hour, datasets.Day} {
		for _, id := range []string{"BTCUSD", "EURUSD"} {
			b.Run(fmt.Sprintf("%s/%s", id, to), func(b *testing.B) {
				s := walk(b, id, 365)
				b.ReportAllocs()
				for b.Loop() {
					r, err := NewResampler(s.Pair, datasets.Minute, Resample{Interval: to, Hours: hoursOf(s.Pair.Class)})
					if err != nil {
						b.Fatal(err)
					}
					for i := 0; i < s.Len(); i += 1 << 15 {
						if _, err := r.Append(s.Slice(i, min(i+1<<15, s.Len()))); err != nil {
							b.Fatal(err)
						}
					}
					r.Close()
				}
				reportRows(b, s.Len())
			})
		}
	}
}

// BenchmarkRun converts a file of four years of minutes.
func BenchmarkRun(b *testing.B) {
	s := walk(b, "BTCUSD", 4*365)
	dir := b.TempDir()
	for _, format := range []datasets.Format{datasets.Parquet, datasets.Arrow, datasets.CSV} {
		write(b, filepath.Join(dir, string(format)), format, s)
	}
	for _, job := range []struct {
		name     string
		from, to datasets.Format
		interval datasets.Interval
	}{
		{"parquet to arrow", datasets.Parquet, datasets.Arrow, 0},
		{"arrow to parquet", datasets.Arrow, datasets.Parquet, 0},
		{"parquet to csv", datasets.Parquet, datasets.CSV, 0},
		{"csv to parquet", datasets.CSV, datasets.Parquet, 0},
		{"parquet to 15m parquet", datasets.Parquet, datasets.Parquet, 15 * datasets.Minute},
		{"arrow to 15m arrow", datasets.Arrow, datasets.Arrow, 15 * datasets.Minute},
	} {
		b.Run(job.name, func(b *testing.B) {
			o := options(filepath.Join(b.TempDir(), "out"), filepath.Join(dir, string(job.from)))
			o.Format, o.Interval, o.Replace = job.to, job.interval, true
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Run(context.Background(), o); err != nil {
					b.Fatal(err)
				}
			}
			reportRows(b, s.Len())
		})
	}
}

// BenchmarkMerge joins twelve files of which each overlaps the next by half.
func BenchmarkMerge(b *testing.B) {
	s := walk(b, "BTCUSD", 365)
	part := s.Len() / 12
	b.ReportAllocs()
	for b.Loop() {
		var names []string
		var streams []Stream
		for k := range 12 {
			piece := s.Slice(k*part, min(s.Len(), k*part+part+part/2))
			names = append(names, "piece")
			streams = append(streams, func(yield func(*market.Series, error) bool) {
				for i := 0; i < piece.Len(); i += 1 << 15 {
					if !yield(piece.Slice(i, min(i+1<<15, piece.Len())), nil) {
						return
					}
				}
			})
		}
		var counts Merged
		for _, err := range Merge(names, streams, FailConflict, &counts) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	reportRows(b, s.Len()*3/2)
}
