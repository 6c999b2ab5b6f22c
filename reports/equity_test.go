package reports

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

// updates collects what an observer of the equity is given.
type updates struct {
	times             []int64
	values, drawdowns []float64
}

func (u *updates) record(times []int64, values, drawdowns []float64) {
	u.times = append(u.times, times...)
	u.values = append(u.values, values...)
	u.drawdowns = append(u.drawdowns, drawdowns...)
}

func TestEquityWriterKeepsEveryUpdate(t *testing.T) {
	for _, batch := range []int{1, 1000, equityBatch, 3*equityBatch + 1} {
		t.Run(fmt.Sprint(batch), func(t *testing.T) {
			var want updates
			path := filepath.Join(t.TempDir(), EquityFile)
			w, err := NewEquityWriter(path)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Abort()
			for from := 0; from < 100_000; from += batch {
				var u updates
				for i := from; i < min(from+batch, 100_000); i++ {
					u.record([]int64{startMS + int64(i)}, []float64{1 + float64(i)/7}, []float64{1 / float64(i+1)})
				}
				w.Record(u.times, u.values, u.drawdowns)
				want.record(u.times, u.values, u.drawdowns)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			table, err := datasets.ReadTable(path)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(table.Int64s("time"), want.times) || !slices.Equal(table.Float64s("value"), want.values) || !slices.Equal(table.Float64s("drawdown"), want.drawdowns) {
				t.Errorf("the file has %d rows, and not those that were recorded", table.Rows)
			}
			if w.Rows() != 100_000 {
				t.Errorf("%d rows recorded, want 100000", w.Rows())
			}
		})
	}
}

func TestEquityWriterAbortedLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	w, err := NewEquityWriter(filepath.Join(dir, EquityFile))
	if err != nil {
		t.Fatal(err)
	}
	one := make([]float64, 50_000)
	w.Record(make([]int64, 50_000), one, one)
	w.Abort()
	if err := w.Close(); err != nil {
		t.Errorf("Close after Abort: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// BenchmarkEquity writes a year of one-minute updates.
func BenchmarkEquity(b *testing.B) {
	var u updates
	played(b, 365, 6, u.record, "elimination.main=false")
	b.ReportAllocs()
	path := filepath.Join(b.TempDir(), EquityFile)
	for b.Loop() {
		w, err := NewEquityWriter(path)
		if err != nil {
			b.Fatal(err)
		}
		for from := 0; from < len(u.times); from += 512 {
			to := min(from+512, len(u.times))
			w.Record(u.times[from:to], u.values[from:to], u.drawdowns[from:to])
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
	info, _ := os.Stat(path)
	b.ReportMetric(float64(info.Size())/1e6, "MB")
	b.ReportMetric(float64(len(u.times)), "updates")
}
