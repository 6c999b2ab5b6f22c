package convert

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// closes returns close-only candles a minute apart: each argument is the minute
// and the close.
func closes(t testing.TB, candles ...[2]float64) *market.Series {
	s := &market.Series{Pair: pairOf(t, "BTCUSD"), IntervalMS: 60_000}
	for _, c := range candles {
		s.Time, s.Close = append(s.Time, int64(c[0])*60_000), append(s.Close, c[1])
	}
	s.Open, s.High, s.Low = s.Close, s.Close, s.Close
	return s
}

// streamOf hands a series out in chunks of some rows, through one buffer.
func streamOf(s *market.Series, rows int) Stream {
	return func(yield func(*market.Series, error) bool) {
		var buffer market.Series
		for i := 0; i < s.Len(); i += rows {
			part := s.Slice(i, min(i+rows, s.Len()))
			buffer.Pair, buffer.IntervalMS = s.Pair, s.IntervalMS
			buffer.Time = append(buffer.Time[:0], part.Time...)
			buffer.Close = append(buffer.Close[:0], part.Close...)
			buffer.Open, buffer.High, buffer.Low = buffer.Close, buffer.Close, buffer.Close
			c := buffer
			if !yield(&c, nil) {
				return
			}
		}
	}
}

// text writes a stream of closes as "minute:close".
func text(t testing.TB, in Stream) (string, error) {
	var b strings.Builder
	for s, err := range in {
		if err != nil {
			return strings.TrimSpace(b.String()), err
		}
		if !datasets.CloseOnly(s) {
			t.Errorf("a chunk that is not close-only: %v", s)
		}
		for i, ms := range s.Time {
			fmt.Fprintf(&b, " %d:%v", ms/60_000, s.Close[i])
		}
	}
	return strings.TrimSpace(b.String()), nil
}

func TestMerge(t *testing.T) {
	tests := []struct {
		name   string
		files  [][][2]float64
		policy OnConflict
		want   string
		counts Merged
	}{
		{"months that follow each other", [][][2]float64{{{1, 10}, {2, 11}}, {{3, 12}}}, FailConflict, "1:10 2:11 3:12", Merged{}},
		{"named in another order", [][][2]float64{{{3, 12}}, {{1, 10}, {2, 11}}}, FailConflict, "1:10 2:11 3:12", Merged{}},
		{"an overlap that agrees", [][][2]float64{{{1, 10}, {2, 11}, {3, 12}}, {{2, 11}, {3, 12}, {4, 13}}}, FailConflict, "1:10 2:11 3:12 4:13", Merged{Identical: 2}},
		{"one fills the other's holes", [][][2]float64{{{1, 10}, {4, 13}}, {{2, 11}, {3, 12}}}, FailConflict, "1:10 2:11 3:12 4:13", Merged{}},
		{"the first is kept", [][][2]float64{{{1, 10}, {2, 11}}, {{1, 10}, {2, 99}, {3, 12}}}, FirstConflict, "1:10 2:11 3:12", Merged{Identical: 1, Conflicts: 1}},
		{"the last is kept", [][][2]float64{{{1, 10}, {2, 11}}, {{1, 10}, {2, 99}, {3, 12}}}, LastConflict, "1:10 2:99 3:12", Merged{Identical: 1, Conflicts: 1}},
		// At minute 2 the first two agree and the third does not.
		{"three, two of which agree", [][][2]float64{{{1, 10}, {2, 11}}, {{2, 11}}, {{2, 7}, {5, 1}}}, LastConflict, "1:10 2:7 5:1", Merged{Conflicts: 1}},
		{"one without candles", [][][2]float64{{}, {{1, 10}}}, FailConflict, "1:10", Merged{}},
	}
	for _, tt := range tests {
		for _, rows := range []int{1, 2, 100} {
			var names []string
			var streams []Stream
			for k, f := range tt.files {
				names, streams = append(names, fmt.Sprint("file ", k)), append(streams, streamOf(closes(t, f...), rows))
			}
			var counts Merged
			got, err := text(t, Merge(names, streams, tt.policy, &counts))
			if err != nil || got != tt.want || counts != tt.counts {
				t.Errorf("%s, chunks of %d: %q, %+v, %v; want %q, %+v", tt.name, rows, got, counts, err, tt.want, tt.counts)
			}
		}
	}
}

func TestMergeRefusesConflicts(t *testing.T) {
	a, b := closes(t, [2]float64{1, 10}, [2]float64{2, 11}), closes(t, [2]float64{2, 99})
	var counts Merged
	got, err := text(t, Merge([]string{"a", "b"}, []Stream{streamOf(a, 9), streamOf(b, 9)}, FailConflict, &counts))
	want := "b: found 1970-01-01T00:02:00Z with close 99, and in a with 11, expected the same candle; choose with --on-conflict first or last"
	if !errors.Is(err, datasets.ErrDuplicate) || err.Error() != want || got != "1:10" {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

func TestMergeRefusesOtherColumns(t *testing.T) {
	a, b := closes(t, [2]float64{1, 10}), closes(t, [2]float64{2, 99})
	b.Volume = []float64{1}
	var counts Merged
	whole := func(yield func(*market.Series, error) bool) { yield(b, nil) }
	_, err := text(t, Merge([]string{"a", "b"}, []Stream{streamOf(a, 9), whole}, FailConflict, &counts))
	if !errors.Is(err, datasets.ErrNoColumn) || !strings.Contains(err.Error(), "b: found the columns close,volume, expected those of a, close;") {
		t.Errorf("%v", err)
	}
}

// Pieces of one series, cut anywhere, overlapping anywhere, merge into it.
func TestMergeLaw(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(rt, "candles")
		var all [][2]float64
		for i := range n {
			all = append(all, [2]float64{float64(i * rapid.IntRange(1, 2).Draw(rt, "step")), 1})
		}
		slices.SortFunc(all, func(a, b [2]float64) int { return int(a[0] - b[0]) })
		all = slices.Compact(all)
		whole := closes(t, all...)
		names, streams, rows := []string{"whole or not"}, []Stream{}, 0
		i := rapid.IntRange(0, len(all)).Draw(rt, "cut")
		streams = append(streams, streamOf(whole.Slice(0, i), rapid.IntRange(1, 7).Draw(rt, "chunk")))
		rows += i
		for j := i; j < len(all) || len(streams) < 3; {
			from := rapid.IntRange(0, j).Draw(rt, "from")
			j = min(len(all), j+rapid.IntRange(1, 20).Draw(rt, "length"))
			names = append(names, "piece")
			streams = append(streams, streamOf(whole.Slice(from, j), rapid.IntRange(1, 7).Draw(rt, "chunk")))
			rows += j - from
		}
		want, _ := text(t, streamOf(whole, 1))
		var counts Merged
		got, err := text(t, Merge(names, streams, FailConflict, &counts))
		if err != nil || got != want || counts != (Merged{Identical: int64(rows - len(all))}) {
			rt.Fatalf("%q, %+v, %v; want %q", got, counts, err, want)
		}
	})
}

func TestCommonTimes(t *testing.T) {
	a := closes(t, [2]float64{1, 10}, [2]float64{2, 11}, [2]float64{3, 12}, [2]float64{5, 14}, [2]float64{6, 15})
	b := closes(t, [2]float64{2, 21}, [2]float64{3, 22}, [2]float64{4, 23}, [2]float64{6, 25}, [2]float64{7, 26}, [2]float64{8, 27})
	for _, rows := range []int{1, 2, 3, 100} {
		var got [2]string
		passed, err := CommonTimes([]string{"a", "b"}, []Stream{streamOf(a, rows), streamOf(b, rows)}, func(k int, s *market.Series) error {
			for i, ms := range s.Time {
				got[k] += fmt.Sprintf(" %d:%v", ms/60_000, s.Close[i])
			}
			return nil
		})
		if got != [2]string{" 2:11 3:12 6:15", " 2:21 3:22 6:25"} || !slices.Equal(passed, []int64{2, 3}) || err != nil {
			t.Errorf("chunks of %d: %q, passed %v, %v", rows, got, passed, err)
		}
	}
}
