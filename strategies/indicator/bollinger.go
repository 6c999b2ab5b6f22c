package indicator

// Bollinger are Bollinger's bands: the simple average of closes, and a number of
// standard deviations (of a population) above and below it. J. Bollinger,
// Bollinger on Bollinger Bands, 2001.
type Bollinger struct {
	average    SMA
	deviation  StDev
	deviations float64
	close      float64
}

// NewBollinger makes bands so many deviations wide to each side. It panics if the
// period is not from 2 to MaxPeriod.
func NewBollinger(period int, deviations float64) *Bollinger {
	return &Bollinger{average: newSMA(period), deviation: *NewStDev(period), deviations: deviations}
}

// Take implements Indicator.
func (b *Bollinger) Take(bars Bars, i int) {
	b.average.Take(bars, i)
	b.deviation.Take(bars, i)
	b.close = bars.Close[i]
}

// Middle is the simple average.
func (b *Bollinger) Middle() float64 { return b.average.value }

// Upper is the band above.
func (b *Bollinger) Upper() float64 { return b.average.value + b.width() }

// Lower is the band below.
func (b *Bollinger) Lower() float64 { return b.average.value - b.width() }

// Deviation is one standard deviation.
func (b *Bollinger) Deviation() float64 { return b.deviation.Value(0) }

// PercentB is where the close lies between the bands: 0 on the lower, 1 on the
// upper, 0.5 where they are one, in a market that stands still.
func (b *Bollinger) PercentB() float64 {
	width := b.width()
	if width == 0 {
		return 0.5
	}
	return (b.close - b.Lower()) / (2 * width)
}

// width is a band's distance from the middle. The conversion keeps the product
// from being fused with the sum it goes into.
func (b *Bollinger) width() float64 { return float64(b.deviations * b.deviation.Value(0)) }

// Value implements Indicator: middle, upper, lower, percent_b.
func (b *Bollinger) Value(output int) float64 {
	switch output {
	case 0:
		return b.Middle()
	case 1:
		return b.Upper()
	case 2:
		return b.Lower()
	}
	return b.PercentB()
}
