package indicator

// EMA is the exponential moving average: the newest value weighs 2/(period+1),
// the older the less. It starts at candle period-1 (from 0) as the simple average
// of its first period, summed oldest first and multiplied by 1/period; from then
// on it is value + weight·(new - value).
type EMA struct{ smoothing }

// NewEMA makes an exponential average. It panics if the period is not from 1 to
// MaxPeriod.
func NewEMA(period int) *EMA {
	return &EMA{newSmoothing(period, 2/float64(period+1))}
}

// Take implements Indicator: the average of closes.
func (m *EMA) Take(b Bars, i int) { m.add(b.Close[i]) }

// Follow takes the value i of any column, as Take does of closes.
func (m *EMA) Follow(column []float64, i int) { m.add(column[i]) }

// Add takes the next value of a series that is no column.
func (m *EMA) Add(x float64) { m.add(x) }

// Value implements Indicator.
func (m *EMA) Value(int) float64 { return m.value }
