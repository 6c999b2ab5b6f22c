package reports

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// recorded is what a recorder was given.
type recorded struct {
	times             []int64
	values, drawdowns []float64
}

// play gives the recorder everything, in batches of at most so many.
func (in recorded) play(r *CurveRecorder, batch int) {
	for i := 0; i < len(in.times); i += batch {
		j := min(i+batch, len(in.times))
		r.Record(in.times[i:j], in.values[i:j], in.drawdowns[i:j])
	}
}

func drawRecorded(t *rapid.T) recorded {
	n := rapid.IntRange(1, 20_000).Draw(t, "n")
	stepMax := rapid.Int64Range(0, 10_000_000).Draw(t, "longest step")
	state := rapid.Uint64().Draw(t, "seed")
	next := func() uint64 { // xorshift: drawing each point from rapid is too slow
		state ^= state<<13 + 1
		state ^= state >> 7
		state ^= state << 17
		return state
	}
	in := recorded{make([]int64, n), make([]float64, n), make([]float64, n)}
	ms, peak := rapid.Int64Range(0, 1<<41).Draw(t, "start"), 1.0
	for i := range n {
		ms += int64(next() % uint64(stepMax+1))
		v := 0.5 + float64(next()%1_000_000)/1e6
		peak = max(peak, v)
		in.times[i], in.values[i], in.drawdowns[i] = ms, v, 1-v/peak
	}
	return in
}

// TestCurveLosesNoExtreme: whatever the times, both tracks have their extremes,
// first and last point exactly, in an order and number that holds.
func TestCurveLosesNoExtreme(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawRecorded(t)
		from, to := in.times[0]-5, in.times[len(in.times)-1]+5
		r := NewCurveRecorder(from, to)
		in.play(r, rapid.IntRange(1, 600).Draw(t, "batch"))
		c := r.Curve()
		if c.Updates != int64(len(in.times)) || c.FromMS != from || c.ToMS != to {
			t.Fatalf("%d updates over [%d, %d]; want %d over [%d, %d]", c.Updates, c.FromMS, c.ToMS, len(in.times), from, to)
		}
		checkTrack(t, "value", c.Value, in.times, in.values, 1)
		checkTrack(t, "drawdown", c.Drawdown, in.times, in.drawdowns, 0)
	})
}

// checkTrack compares a track, which starts at before, with what it was made of.
func checkTrack(t *rapid.T, name string, got Track, times []int64, ys []float64, before float64) {
	if got.Y[0] != before || got.TimeMS[0] != times[0]-5 {
		t.Fatalf("%s starts with %g at %d; want %g at %d", name, got.Y[0], got.TimeMS[0], before, times[0]-5)
	}
	tail := Track{got.TimeMS[1:], got.Y[1:]}
	n := tail.Len()
	if n > 4*bucketsMax || n != len(tail.Y) {
		t.Fatalf("%s has %d times and %d values; want the same, at most %d", name, n, len(tail.Y), 4*bucketsMax)
	}
	if slices.Min(tail.Y) != slices.Min(ys) || slices.Max(tail.Y) != slices.Max(ys) {
		t.Fatalf("%s spans [%g, %g]; want [%g, %g]", name, slices.Min(tail.Y), slices.Max(tail.Y), slices.Min(ys), slices.Max(ys))
	}
	last := len(ys) - 1
	if tail.Y[0] != ys[0] || tail.TimeMS[0] != times[0] || tail.Y[n-1] != ys[last] || tail.TimeMS[n-1] != times[last] {
		t.Fatalf("%s: first or last point is not the one recorded", name)
	}
	if k := subsequence(tail, times, ys); k >= 0 {
		t.Fatalf("%s: point %d (%g at %d) is none of the later ones recorded", name, k, tail.Y[k], tail.TimeMS[k])
	}
}

// subsequence returns -1 if the track's points are all among those recorded, in
// their order, else the first that isn't.
func subsequence(track Track, times []int64, ys []float64) int {
	at := 0
	for k := range track.TimeMS {
		for at < len(times) && (times[at] != track.TimeMS[k] || ys[at] != track.Y[k]) {
			at++
		}
		if at == len(times) {
			return k
		}
		at++
	}
	return -1
}

// TestCurveKeepsShortRunsWhole: what fits the buckets is not thinned.
func TestCurveKeepsShortRunsWhole(t *testing.T) {
	r := NewCurveRecorder(0, 10)
	r.Record([]int64{2, 3, 3, 3, 7}, []float64{1, 1.1, 0.9, 1, 1.2}, []float64{0, 0, 0.2, 0.1, 0})
	c := r.Curve()
	if want := []int64{0, 2, 3, 3, 3, 7}; !slices.Equal(c.Value.TimeMS, want) {
		t.Errorf("times %v, want %v", c.Value.TimeMS, want)
	}
	if want := []float64{1, 1, 1.1, 0.9, 1, 1.2}; !slices.Equal(c.Value.Y, want) {
		t.Errorf("values %v, want %v", c.Value.Y, want)
	}
}

// TestCurveFlatBeforeFirstOrder: a run without an update is flat at 1.
func TestCurveFlatBeforeFirstOrder(t *testing.T) {
	c := NewCurveRecorder(100, 200).Curve()
	if c.Value.Len() != 1 || c.Value.At(100) != 1 || c.Value.At(200) != 1 || c.Drawdown.At(150) != 0 {
		t.Errorf("got %+v, want one point: 1 at 100", c.Value)
	}
}

// TestTrackAt holds each value until the next point.
func TestTrackAt(t *testing.T) {
	track := Track{TimeMS: []int64{10, 20, 20, 30}, Y: []float64{1, 2, 3, 4}}
	for ms, want := range map[int64]float64{5: 1, 10: 1, 19: 1, 20: 3, 29: 3, 30: 4, 99: 4} {
		if got := track.At(ms); got != want {
			t.Errorf("At(%d) = %g, want %g", ms, got, want)
		}
	}
	if got := (Track{}).At(5); got != 0 {
		t.Errorf("At on no points = %g, want 0", got)
	}
}

// TestDecimate bounds the points by the columns and loses no extreme of one.
func TestDecimate(t *testing.T) {
	const n, columns = 100_000, 300
	var in Track
	for i := range int64(n) {
		in.add(i*60_000, math.Sin(float64(i)/500)+math.Sin(float64(i)*1.7)/9)
	}
	to := int64(n * 60_000)
	got := decimate(in, 0, to, columns)
	if got.Len() > 4*columns || got.Len() < 2*columns {
		t.Errorf("%d points for %d columns, want 2 to 4 a column", got.Len(), columns)
	}
	if k := subsequence(got, in.TimeMS, in.Y); k >= 0 {
		t.Errorf("point %d is none of the track's", k)
	}
	column := func(ms int64) int { return int(float64(ms) / (float64(to) / columns)) }
	whole, thinned := extremes(in, column, columns), extremes(got, column, columns)
	if !slices.Equal(whole, thinned) {
		t.Error("a column's lowest or highest point is lost")
	}
	if thin := decimate(got, 0, to, n); thin.Len() != got.Len() {
		t.Errorf("a track with a column a point of %d points became one of %d", got.Len(), thin.Len())
	}
}

// extremes are each column's lowest and highest value.
func extremes(t Track, column func(int64) int, columns int) [][2]float64 {
	spans := make([][2]float64, columns)
	for i := range spans {
		spans[i] = [2]float64{math.Inf(1), math.Inf(-1)}
	}
	for i, ms := range t.TimeMS {
		s := &spans[column(ms)]
		s[0], s[1] = min(s[0], t.Y[i]), max(s[1], t.Y[i])
	}
	return spans
}

// BenchmarkRecord is the recorder's share of a run: a year of minutes, in the
// batches that the simulator gives.
func BenchmarkRecord(b *testing.B) {
	const n, batch = 525_600, 512
	in := recorded{make([]int64, n), make([]float64, n), make([]float64, n)}
	for i := range n {
		in.times[i] = int64(i) * 60_000
		in.values[i] = 1 + 0.1*math.Sin(float64(i)/9000) + 0.001*math.Sin(float64(i)*1.3)
		in.drawdowns[i] = 0.05 + 0.05*math.Cos(float64(i)/7000)
	}
	b.ReportAllocs()
	for b.Loop() {
		in.play(NewCurveRecorder(0, n*60_000), batch)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/point")
}
