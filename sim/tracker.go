package sim

import "math"

// tracker follows a value through its updates: what a checkpoint keeps of them.
// Gains and losses accumulate as products; their logarithms are taken once, at
// the checkpoint's end. Rules §8.
type tracker struct {
	prev float64 // the value at the last update
	gain float64 // product of the ratios above 1
	loss float64 // product of the ratios below 1

	mpv  float64 // highest value of this checkpoint
	peak float64 // running maximum over the window
	low  float64 // lowest value since the peak last moved
	mdd  float64 // lowest value/peak before the peak last moved

	updates int64 // that changed the value
}

// newTracker starts a checkpoint with the value carried into it.
func newTracker(value, peak float64) tracker {
	peak = max(peak, value)
	return tracker{prev: value, gain: 1, loss: 1, mpv: value, peak: peak, low: value, mdd: 1}
}

// drawdown is the checkpoint's mdd so far, a factor. Dividing only when the peak
// moves is exact: division is monotonic.
func (k *tracker) drawdown() float64 { return min(k.mdd, k.low/k.peak) }

// lowerPeak follows a peak that left the window; what was recorded stays.
func (k *tracker) lowerPeak(peak float64) {
	k.mdd = k.drawdown()
	k.peak, k.low = max(peak, k.mpv), math.Inf(1)
}

const oneBits = 0x3FF0000000000000 // 1.0

// update books a run of values. It is the inner loop of the simulator: no call,
// no allocation, no logarithm, and no branch that the data would make
// unpredictable. Ratios are positive, so their bits order like integers, and
// the compiler makes the two choices below conditional moves; as branches they
// would cost a misprediction every other candle.
func (k *tracker) update(values []float64) {
	prev, gain, loss := k.prev, k.gain, k.loss
	mpv, low, updates := k.mpv, k.low, k.updates
	for _, v := range values {
		ratio := math.Float64bits(v / prev)
		up, down := ratio, ratio
		if up < oneBits {
			up = oneBits
		}
		if down > oneBits {
			down = oneBits
		}
		gain *= math.Float64frombits(up)
		loss *= math.Float64frombits(down)
		if ratio != oneBits { // v/prev is 1 only if they are equal
			updates++
		}
		prev = v
		if v > mpv {
			mpv = v
			if v > k.peak {
				k.mdd = min(k.mdd, low/k.peak)
				k.peak, low = v, v
			}
		}
		if v < low {
			low = v
		}
	}
	k.prev, k.gain, k.loss = prev, gain, loss
	k.mpv, k.low, k.updates = mpv, low, updates
}
