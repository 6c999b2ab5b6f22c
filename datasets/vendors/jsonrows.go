package vendors

import (
	"errors"
	"fmt"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// errStopped ends a reading whose rows nobody wants any more.
var errStopped = errors.New("stopped")

// haveTime is the bit beside datasets' columns for a row's time.
const haveTime datasets.Columns = 1 << 7

// rowValues is one row.
type rowValues struct {
	ms      int64
	local   bool // ms is a reading of the file's clock
	x       [columnCount]float64
	have    datasets.Columns // and haveTime
	leftOut bool             // unfinished
	other   bool             // of a symbol that is not wanted
}

// rowBuffer gathers rows and hands them out in chunks. It holds the last row back
// until the end, since only then may it be known to be unfinished.
type rowBuffer struct {
	columns       datasets.Columns
	price, volume scaler
	take          func(Chunk) bool

	time    []int64
	cols    [columnCount][]float64
	line    int64 // of the first row, where rows are lines
	leftOut int64 // rows left out since the last chunk
	handed  int64 // rows handed out
	stopped bool  // take said no
}

func newRowBuffer(d Description, o Options, take func(Chunk) bool) *rowBuffer {
	return &rowBuffer{columns: d.Columns, price: newScaler(o.PriceScale), volume: newScaler(o.VolumeScale), take: take}
}

// missing returns the columns that a row lacks.
func (b *rowBuffer) missing(have datasets.Columns) datasets.Columns { return b.columns &^ have }

// add appends a row.
func (b *rowBuffer) add(row *rowValues) {
	b.time = append(b.time, row.ms)
	for k := range b.cols {
		if b.columns&(1<<k) != 0 {
			b.cols[k] = append(b.cols[k], row.x[k])
		}
	}
	if len(b.time) > chunkRows {
		b.hand(chunkRows)
	}
}

// addLine appends the row of a line. The rows of a chunk are on consecutive lines.
func (b *rowBuffer) addLine(row *rowValues, no int64) {
	if n := int64(len(b.time)); n > 0 && no != b.line+n {
		b.hand(int(n))
	}
	if b.add(row); len(b.time) == 1 {
		b.line = no
	}
}

// dropAfter forgets the last row if it is later than the last finished one.
func (b *rowBuffer) dropAfter(ms int64) {
	n := len(b.time) - 1
	if n < 0 || b.time[n] <= ms {
		return
	}
	b.leftOut++
	b.time = b.time[:n]
	for k := range b.cols {
		b.cols[k] = b.cols[k][:min(n, len(b.cols[k]))]
	}
}

// finish hands out what is left.
func (b *rowBuffer) finish() {
	if len(b.time) > 0 || b.leftOut > 0 {
		b.hand(len(b.time))
	}
}

// hand hands out the first n rows and moves the rest to the front.
func (b *rowBuffer) hand(n int) {
	if b.stopped {
		return
	}
	var part [columnCount][]float64
	for k := range b.cols {
		if b.columns&(1<<k) == 0 {
			continue
		}
		part[k] = b.cols[k][:n:n]
		if k == volumeAt {
			b.volume.apply(part[k])
		} else {
			b.price.apply(part[k])
		}
	}
	b.stopped = !b.take(Chunk{Series: seriesOf(b.time[:n:n], &part), Line: b.line, LeftOut: b.leftOut})
	b.handed += int64(n)
	b.leftOut, b.line = 0, 0
	b.time = b.time[:copy(b.time, b.time[n:])]
	for k := range b.cols {
		b.cols[k] = b.cols[k][:copy(b.cols[k], b.cols[k][min(n, len(b.cols[k])):])]
	}
}

// newZone is the clock of a zone that the user states, or that a format has.
func newZone(zone *time.Location, aheadMS int64) clock {
	if zone == time.UTC && aheadMS == 0 {
		return universal{}
	}
	return &text.ZoneClock{Zone: zone, AheadMS: aheadMS}
}

// ofTicks tells a clock that one reading may come several times, as those of
// trades and quotes do.
func ofTicks(c clock, k Kind) {
	if k == Candles {
		return
	}
	switch c := c.(type) {
	case *text.ZoneClock:
		c.Ticks = true
	case *histDataClock:
		c.london.Ticks = true
	}
}

// zoneName is how messages call the clock that the user states.
func (o *Options) zoneName() string {
	if o.ZoneAheadMS == 0 {
		return o.Zone.String()
	}
	ahead := time.Duration(o.ZoneAheadMS) * time.Millisecond
	if ahead%time.Hour == 0 {
		return fmt.Sprintf("%s%+dh", o.Zone, ahead/time.Hour)
	}
	sign := ""
	if ahead > 0 {
		sign = "+"
	}
	return fmt.Sprintf("%s%s%s", o.Zone, sign, ahead)
}
