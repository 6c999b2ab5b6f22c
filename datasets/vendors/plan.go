package vendors

import (
	"fmt"

	"github.com/ptnsim/ptnsim/datasets"
)

// columnNames are the canonical columns beside the time, in the order of the bits
// of datasets.Columns.
var columnNames = [...]string{"open", "high", "low", "close", "volume", "bid", "ask"}

// columnCount is their number, the others their places.
const (
	columnCount = len(columnNames)
	openAt      = 0
	highAt      = 1
	lowAt       = 2
	closeAt     = 3
	volumeAt    = 4
	bidAt       = 5
	askAt       = 6
)

// plan is how the rows of a delimited text become candles.
type plan struct {
	Description

	separator byte
	firstLine int64    // of the rows
	header    []string // as the file has it, to know it if it comes again
	width     int      // fields of a row

	time  stamp
	index [columnCount]int // the field of each column; -1 = absent

	// Where a file has candles of bid and of ask, index has the bid's open, high,
	// low and close, and asks the ask's.
	asks [4]int
	side QuoteSide
	both bool

	price, volume scaler

	decimalComma bool // numbers are written as 92792,05
	zeroColumn   int  // of a volume that is left out since it is always 0; -1 = none
	zeroRemedy   string

	symbolColumn int    // -1 = the file is of one symbol
	wanted       string // the symbol to take; "" = the only one

	reverse bool // newest first
	keeps   bool // an empty field repeats the last value of its column
}

// newPlan begins a plan for a sheet: nothing is assigned yet.
func newPlan(s *sheet, o Options, id, title string) *plan {
	p := &plan{
		Description: Description{Format: id, Title: title, Kind: Candles, Interval: o.Interval, Symbol: o.Symbol},
		separator:   s.separator, firstLine: s.start, header: s.header, width: s.width,
		index: [columnCount]int{-1, -1, -1, -1, -1, -1, -1}, asks: [4]int{-1, -1, -1, -1},
		side: o.Quote, symbolColumn: -1, zeroColumn: -1,
		price: newScaler(o.PriceScale), volume: newScaler(o.VolumeScale),
	}
	p.time.column, p.time.second = -1, -1
	return p
}

// note adds a sentence to the description.
func (p *plan) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}

// assign says where open, high, low, close and volume are; -1 = absent.
func (p *plan) assign(time, open, high, low, cl, volume int) {
	p.time.column = time
	p.index = [columnCount]int{open, high, low, cl, volume, -1, -1}
}

// finish completes a plan whose columns are assigned: the times' layout and
// clock, the order of the rows, names. own is the format's own clock of local
// times, nil if it has none.
func (p *plan) finish(s *sheet, o Options, own clock, ownName string) (*plan, error) {
	if err := s.agrees(); err != nil {
		return nil, err
	}
	if err := p.timeLayout(s, o); err != nil {
		return nil, err
	}
	if err := p.time.vetZone(s.in, o); err != nil {
		return nil, err
	}
	p.Clock = p.time.zoned(o, own, ownName)
	ofTicks(p.time.clock, p.Kind)
	for k, i := range p.index {
		if i >= 0 {
			p.Columns |= 1 << k
		}
	}
	if p.both {
		p.Columns |= datasets.Bid | datasets.Ask
	}
	if len(s.preamble) > 0 {
		p.note("passed over before the table: %s", quoted(s.preamble[0]))
	}
	if s.header == nil {
		p.note("no header")
	}
	switch {
	case p.time.epoch != 0:
		p.note("times in %s", p.time.epoch)
	case o.TimeFormat == nil && p.time.layout != "rfc3339":
		p.note("times as %s", readable(p.time.layout))
	}
	if p.separator != ',' {
		p.note("separated by %s", separatorName(p.separator))
	}
	p.findOrder(s)
	p.nameClues(s, o)
	p.placeDates(s, o)
	p.doubtScale(s, o)
	return p, p.decimals(s, o)
}

// timeLayout finds how times are written, or takes what is stated.
func (p *plan) timeLayout(s *sheet, o Options) error {
	samples, lines := p.timeSamples(s)
	if o.TimeFormat == nil {
		return p.time.sniff(s.in, lines, samples)
	}
	p.time.format, p.time.layout = *o.TimeFormat, "that was stated"
	if len(samples) > 0 {
		sample := samples[0]
		if spreadsheetTime(sample) {
			return damagedBySpreadsheet(s.in, lines[0], sample)
		}
		_, local, ok := p.time.format.Parse([]byte(sample))
		if !ok {
			return &datasets.Refusal{File: s.in.String(), Line: p.firstLine, Problem: datasets.ErrSyntax, Found: "the time " + quoted(sample),
				Expected: "a time in the given format", Remedy: "state the format of the file's times with --time-format"}
		}
		p.time.local = local
	}
	return nil
}

// timeSamples are the sampled rows' times, date and time of day joined, and their
// lines.
func (p *plan) timeSamples(s *sheet) (samples []string, lines []int64) {
	for i, row := range s.rows {
		if len(row) < s.width {
			continue // the reader refuses it with its line
		}
		sample := row[p.time.column]
		if p.time.second >= 0 {
			sample += " " + row[p.time.second]
		}
		if p.time.ticks {
			b := []byte(sample)
			cutToMillis(b)
			sample = string(b)
		}
		samples, lines = append(samples, sample), append(lines, s.lines[i])
	}
	return samples, lines
}

// findOrder finds out whether the newest row comes first.
func (p *plan) findOrder(s *sheet) {
	probe := p.time
	if probe.local {
		probe.clock = nil // the order of clock readings will do
	}
	var times []int64
	var symbol string // that of the first whole row: each symbol's rows have an order of their own
	for _, row := range s.rows {
		if len(row) < s.width {
			continue // the reader refuses it with its line
		}
		if p.symbolColumn >= 0 {
			if times == nil {
				symbol = row[p.symbolColumn]
			}
			if row[p.symbolColumn] != symbol {
				continue
			}
		}
		fields := make([][]byte, len(row))
		for i, f := range row {
			fields[i] = []byte(f)
		}
		if ms, problem := probe.millis(fields); problem == nil {
			times = append(times, ms)
		}
	}
	down, up := 0, 0
	for i := 1; i < len(times); i++ {
		switch {
		case times[i] < times[i-1]:
			down++
		case times[i] > times[i-1]:
			up++
		}
	}
	// A step up is the hour that a clock shows twice, or damage that is found later.
	if p.reverse = down > 3*up; p.reverse {
		p.note("newest first: turned round")
	}
}

// doubtScale says aloud that prices look like points.
func (p *plan) doubtScale(s *sheet, o Options) {
	if o.PriceScale != 0 {
		p.note("prices are multiplied by %v", o.PriceScale)
	}
	if o.VolumeScale != 0 && p.index[volumeAt] >= 0 {
		p.note("the volume is multiplied by %v", o.VolumeScale)
	}
	if o.PriceScale != 0 || len(s.rows) < 20 || p.price.factor != 1 || p.index[closeAt] < 0 {
		return
	}
	for _, v := range s.column(p.index[closeAt]) {
		if !wholeNumber(v) {
			return
		}
	}
	p.note("all prices are whole numbers: if they count points, state --price-scale")
}

// wholeNumber reports whether a price of at least four digits has no fraction.
func wholeNumber(v string) bool {
	digits := 0
	for i, c := range v {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case c == '.':
			for _, f := range v[i+1:] {
				if f != '0' {
					return false
				}
			}
			return digits >= 4
		default:
			return false
		}
	}
	return digits >= 4
}

// scaler multiplies by a factor. A power of ten below 1 divides by its inverse,
// which is exact, so that 154759 points of a cent are the very number 1547.59.
type scaler struct {
	factor  float64 // 1 = nothing to do
	divisor float64 // not 0: divide by it instead
}

func newScaler(factor float64) scaler {
	if factor == 0 || factor == 1 {
		return scaler{factor: 1}
	}
	for power := 10.0; power <= 1e18; power *= 10 {
		if factor == 1/power {
			return scaler{factor: factor, divisor: power}
		}
	}
	return scaler{factor: factor}
}

func (s scaler) apply(col []float64) {
	switch {
	case s.divisor != 0:
		for i := range col {
			col[i] /= s.divisor
		}
	case s.factor != 1:
		for i := range col {
			col[i] *= s.factor
		}
	}
}
