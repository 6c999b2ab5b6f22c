package datasets

import (
	"bytes"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/ptnsim/ptnsim/market"
)

// TestEncodeArrowReadsBack: a batch a series, in order; the columns that one of
// them has and that are wanted; null where a series lacks one.
func TestEncodeArrowReadsBack(t *testing.T) {
	var out bytes.Buffer
	err := EncodeArrow(&out, Close|Volume|Ask,
		&market.Series{Time: []int64{1000, 2000}, Open: []float64{7, 7}, Close: []float64{1.5, 2.5}, Volume: []float64{10, 20}},
		&market.Series{Time: []int64{3000}, Open: []float64{7}, Close: []float64{0.1}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Schema().String(); r.Schema().NumFields() != 3 || r.Schema().Field(1).Name != "close" || r.Schema().Field(2).Name != "volume" {
		t.Fatalf("schema %s, want time, close, volume", got)
	}
	for _, want := range []struct {
		times  []int64
		closes []float64
		volume []float64
	}{{[]int64{1000, 2000}, []float64{1.5, 2.5}, []float64{10, 20}}, {[]int64{3000}, []float64{0.1}, nil}} {
		if !r.Next() {
			t.Fatalf("the stream ends early: %v", r.Err())
		}
		rec := r.RecordBatch()
		times, closes := rec.Column(0).(*array.Timestamp), rec.Column(1).(*array.Float64)
		if int(rec.NumRows()) != len(want.times) {
			t.Fatalf("%d rows, want %d", rec.NumRows(), len(want.times))
		}
		for i := range want.times {
			if int64(times.Value(i)) != want.times[i] || closes.Value(i) != want.closes[i] {
				t.Errorf("row %d: %d %g, want %d %g", i, times.Value(i), closes.Value(i), want.times[i], want.closes[i])
			}
			volume := rec.Column(2).(*array.Float64)
			if volume.IsNull(i) != (want.volume == nil) || want.volume != nil && volume.Value(i) != want.volume[i] {
				t.Errorf("row %d: volume %v, want %v", i, volume, want.volume)
			}
		}
	}
	if r.Next() {
		t.Error("a third batch")
	}
}

func BenchmarkEncodeArrow(b *testing.B) {
	n := 1000
	col := make([]float64, n)
	s := &market.Series{Time: make([]int64, n), Open: col, High: col, Low: col, Close: col}
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := EncodeArrow(&out, AllColumns, s); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "candles/s")
}
