package indicator

// ATR is Wilder's average true range. A candle's true range is from the lower of
// its low and the close before it to the higher of its high and that close; the
// first candle has none. J. W. Wilder, New Concepts in Technical Trading Systems,
// 1978.
type ATR struct{ smoothing }

// NewATR makes an average true range. It panics if the period is not from 1 to
// MaxPeriod.
func NewATR(period int) *ATR { return &ATR{wilder(period)} }

// Take implements Indicator.
func (a *ATR) Take(b Bars, i int) {
	if i > 0 {
		before := b.Close[i-1]
		a.add(max(b.High[i], before) - min(b.Low[i], before))
	}
}

// Value implements Indicator.
func (a *ATR) Value(int) float64 { return a.value }
