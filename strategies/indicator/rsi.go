package indicator

// RSI is Wilder's relative strength index: the average gain in percent of the
// average gain and loss together, from 0 to 100; 50 where there is neither. A
// period of n moves takes n+1 closes. J. W. Wilder, New Concepts in Technical
// Trading Systems, 1978.
type RSI struct{ gain, loss smoothing }

// NewRSI makes a relative strength index. It panics if the period is not from 1
// to MaxPeriod.
func NewRSI(period int) *RSI { return &RSI{wilder(period), wilder(period)} }

// Take implements Indicator.
func (r *RSI) Take(b Bars, i int) {
	if i == 0 {
		return
	}
	move := b.Close[i] - b.Close[i-1]
	r.gain.add(max(move, 0))
	r.loss.add(max(-move, 0))
}

// Value implements Indicator.
func (r *RSI) Value(int) float64 {
	total := r.gain.value + r.loss.value
	if total == 0 {
		return 50
	}
	return 100 * (r.gain.value / total)
}
