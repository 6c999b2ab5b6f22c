package indicator

// Highest is the highest high of the last candles, the one taken last among
// them. Who looks for a breakout reads it before taking the candle.
type Highest struct{ extreme }

// NewHighest makes a highest high. It panics if the period is not from 1 to
// MaxPeriod.
func NewHighest(period int) *Highest { return &Highest{newExtreme(period, 1)} }

// Take implements Indicator.
func (h *Highest) Take(b Bars, i int) { h.take(b.High, i) }

// Value implements Indicator.
func (h *Highest) Value(int) float64 { return h.value }

// Lowest is the lowest low of the last candles, as Highest is the highest high.
type Lowest struct{ extreme }

// NewLowest makes a lowest low. It panics if the period is not from 1 to
// MaxPeriod.
func NewLowest(period int) *Lowest { return &Lowest{newExtreme(period, -1)} }

// Take implements Indicator.
func (l *Lowest) Take(b Bars, i int) { l.take(b.Low, i) }

// Value implements Indicator.
func (l *Lowest) Value(int) float64 { return l.value }

// Donchian is Donchian's channel: the highest high and the lowest low of the
// last candles, the one taken last among them, and the middle between them. Who
// looks for a breakout reads it before taking the candle.
type Donchian struct {
	highest Highest
	lowest  Lowest
}

// NewDonchian makes a channel. It panics if the period is not from 1 to
// MaxPeriod.
func NewDonchian(period int) *Donchian {
	return &Donchian{*NewHighest(period), *NewLowest(period)}
}

// Take implements Indicator.
func (d *Donchian) Take(b Bars, i int) {
	d.highest.Take(b, i)
	d.lowest.Take(b, i)
}

// Upper is the highest high.
func (d *Donchian) Upper() float64 { return d.highest.value }

// Lower is the lowest low.
func (d *Donchian) Lower() float64 { return d.lowest.value }

// Middle is halfway between them.
func (d *Donchian) Middle() float64 { return (d.highest.value + d.lowest.value) * 0.5 }

// Value implements Indicator: upper, lower, middle.
func (d *Donchian) Value(output int) float64 {
	switch output {
	case 0:
		return d.Upper()
	case 1:
		return d.Lower()
	}
	return d.Middle()
}
