package reports

// Curve is a run's equity and drawdown, thinned so that a plot of it looks like
// one of every update: the extremes are all there, in bounded memory.
type Curve struct {
	FromMS, ToMS int64 // the run's range, UTC ms
	Updates      int64 // how many the curve was made of

	Value    Track // the portfolio's value, a factor; 1 at FromMS
	Drawdown Track // a loss: 0.07; 0 at FromMS
}

// Track is a value over time, held from each point to the next. Times ascend,
// and may repeat.
type Track struct {
	TimeMS []int64 // UTC ms
	Y      []float64
}

// Len is the number of points.
func (t Track) Len() int { return len(t.TimeMS) }

// At is the value held at ms: that of the last point at or before it, or of the
// first point; 0 on a track without points.
func (t Track) At(ms int64) float64 {
	lo, hi := 0, len(t.TimeMS)
	for lo < hi {
		if mid := (lo + hi) / 2; t.TimeMS[mid] <= ms {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if len(t.Y) == 0 {
		return 0
	}
	return t.Y[max(lo-1, 0)]
}

func (t *Track) add(ms int64, y float64) {
	t.TimeMS = append(t.TimeMS, ms)
	t.Y = append(t.Y, y)
}

// CurveRecorder makes a Curve of a run's updates as they come. Its Record is a
// sim.Observer's Equity.
type CurveRecorder struct {
	fromMS, toMS     int64
	value, drawdown  thinner
	updatesBeforeNow int64
}

// NewCurveRecorder returns a recorder for a run over that range, UTC ms.
func NewCurveRecorder(fromMS, toMS int64) *CurveRecorder {
	return &CurveRecorder{fromMS: fromMS, toMS: toMS}
}

// Record takes a batch of updates, oldest first: the portfolio's value, a
// factor, and its drawdown, a loss. It keeps none of the slices.
func (r *CurveRecorder) Record(times []int64, values, drawdowns []float64) {
	r.value.add(times, values, r.updatesBeforeNow)
	r.drawdown.add(times, drawdowns, r.updatesBeforeNow)
	r.updatesBeforeNow += int64(len(times))
}

// Curve is what was recorded so far. It shares nothing with the recorder.
func (r *CurveRecorder) Curve() *Curve {
	c := &Curve{FromMS: r.fromMS, ToMS: r.toMS, Updates: r.updatesBeforeNow}
	c.Value.add(r.fromMS, 1)
	c.Drawdown.add(r.fromMS, 0)
	r.value.appendTo(&c.Value)
	r.drawdown.appendTo(&c.Drawdown)
	return c
}

// bucketsMax bounds a thinner's memory: more than the pixels of a wide screen.
const bucketsMax = 4096

// thinner keeps the first, lowest, highest and last point of each bucket of
// time. Buckets are as narrow as their number allows: when the points outgrow
// them, each two neighbours become one.
type thinner struct {
	buckets  []bucket // those that hold a point, ascending
	originMS int64    // where the first one starts
	shift    uint     // a bucket's width is 1 << shift ms
}

// add takes points in the order of time; before is how many came earlier.
func (t *thinner) add(times []int64, ys []float64, before int64) {
	if len(t.buckets) == 0 && len(times) > 0 {
		t.originMS = times[0]
		t.buckets = make([]bucket, 0, bucketsMax)
	}
	for len(times) > 0 {
		index := (times[0] - t.originMS) >> t.shift
		for ; index >= bucketsMax; index >>= 1 {
			t.widen()
		}
		n := runBefore(times, t.originMS+(index+1)<<t.shift)
		if k := len(t.buckets) - 1; k < 0 || t.buckets[k].index != index {
			t.buckets = append(t.buckets, newBucket(index, point{times[0], ys[0], before}))
		}
		t.buckets[len(t.buckets)-1].extend(times[:n], ys[:n], before)
		times, ys, before = times[n:], ys[n:], before+int64(n)
	}
}

// widen doubles the buckets' width.
func (t *thinner) widen() {
	t.shift++
	n := 0
	for i := range t.buckets {
		b := &t.buckets[i]
		b.index >>= 1
		if n > 0 && t.buckets[n-1].index == b.index {
			t.buckets[n-1].join(b)
			continue
		}
		t.buckets[n] = *b
		n++
	}
	t.buckets = t.buckets[:n]
}

func (t *thinner) appendTo(track *Track) {
	for i := range t.buckets {
		t.buckets[i].appendTo(track)
	}
}
