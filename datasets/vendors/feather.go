package vendors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// columnar is a format of typed columns: feather, which is Arrow IPC and what
// freqtrade writes, or Parquet, as pandas and polars write them.
type columnar struct {
	formatName, magic, title string
}

// columnarFormats lists them.
func columnarFormats() []format {
	return []format{columnar{"feather", "ARROW1", "feather"}, columnar{"parquet", "PAR1", "Parquet"}}
}

// maxColumnar bounds such a file within an archive or packed: it must be held at
// once. A plain file is mapped.
const maxColumnar = 1 << 30

func (f columnar) name() string { return f.formatName }

func (f columnar) detect(h *head, o Options) (d Description, ok bool, err error) {
	if !bytes.HasPrefix(h.bytes, []byte(f.magic)) {
		return d, false, nil
	}
	file, err := openColumnar(h.in)
	if err != nil {
		return d, false, err
	}
	defer file.Close()
	p, err := f.plan(file, h.in, o)
	return p.Description, err == nil, err
}

// openColumnar maps a file, or unpacks it.
func openColumnar(in Input) (*datasets.Foreign, error) {
	raw, err := in.Raw()
	if err != nil {
		return nil, err
	}
	var magic [4]byte
	_, err = io.ReadFull(raw, magic[:])
	if err = errors.Join(err, raw.Close()); err != nil {
		return nil, in.damaged(err)
	}
	if in.Member == "" && (string(magic[:]) == "ARRO" || string(magic[:]) == "PAR1") {
		return datasets.OpenForeign(in.Path, nil)
	}
	data, err := in.ReadAll(maxColumnar)
	if err != nil {
		return nil, err
	}
	return datasets.OpenForeign(in.String(), data)
}

// columnarPlan is which columns to read and how.
type columnarPlan struct {
	Description
	time      int
	numbers   []int   // the columns
	places    []place // what they are
	perSecond int64   // units of the times; never 0
	local     bool    // the times are clock readings
	reverse   bool
}

// plan decides by the columns' names and types, and by the first times.
func (f columnar) plan(file *datasets.Foreign, in Input, o Options) (p columnarPlan, err error) {
	p.Description = Description{Format: f.formatName, Title: f.title, Kind: Candles, Clock: "UTC"}
	if err := p.columns(file, in, o); err != nil {
		return p, err
	}
	if symbol, _, _, ok := freqtradeName(in); ok {
		notes, err := freqtradeNotes(in)
		if err != nil {
			return p, err
		}
		p.Title, p.Symbol, p.Interval, p.Notes = "freqtrade "+f.title, symbol, freqtradeInterval(in), append(p.Notes, notes...)
	} else {
		p.Symbol, p.Interval = fromName(strings.TrimSuffix(in.stem(), "."+f.formatName))
	}
	if o.Interval != 0 {
		p.Interval = o.Interval
	}
	return p, p.clock(file, in, o)
}

// columns finds the columns by their stated or usual names.
func (p *columnarPlan) columns(file *datasets.Foreign, in Input, o Options) error {
	names := make([]string, len(file.Columns))
	stamps := []int{}
	for i, c := range file.Columns {
		names[i] = c.Name
		if c.PerSecond != 0 {
			stamps = append(stamps, i)
		}
	}
	at := usualPlaces(names)
	if len(stamps) == 1 {
		at[placeTime] = stamps[0] // whatever its name
	}
	for _, canonical := range slices.Sorted(maps.Keys(o.Columns)) {
		own := o.Columns[canonical]
		i := slices.IndexFunc(names, func(name string) bool { return name == own })
		if n, err := strconv.Atoi(own); i < 0 && err == nil && 1 <= n && n <= len(names) {
			i = n - 1
		}
		x, known := placeOf(canonical)
		if i < 0 && own != absent || !known {
			return &datasets.Refusal{File: in.String(), Problem: datasets.ErrNoColumn, Found: "the columns " + strings.Join(names, ", "),
				Expected: fmt.Sprintf("%q for %s", own, canonical), Remedy: "name one of these"}
		}
		at[x] = i
	}
	p.time = at[placeTime]
	p.ticks(names, &at)
	for x := placeOpen; x <= placeAsk; x++ {
		if at[x] >= 0 {
			p.numbers, p.places = append(p.numbers, at[x]), append(p.places, x)
			p.Columns |= datasets.Open << (x - placeOpen)
		}
	}
	if prices := p.Columns & datasets.OHLC; p.time < 0 || p.Kind == Candles && prices != datasets.OHLC && prices != datasets.Close {
		return &datasets.Refusal{File: in.String(), Problem: datasets.ErrNoColumn, Found: "the columns " + strings.Join(names, ", "),
			Expected: "time, open, high, low and close; or time and close", Remedy: "say which is which: --columns time=NAME,open=NAME,…"}
	}
	return nil
}

// ticks recognises trades, which have a price and a size, and quotes, which have
// nothing but bid and ask.
func (p *columnarPlan) ticks(names []string, at *[places]int) {
	find := func(usual ...string) int {
		return slices.IndexFunc(names, func(name string) bool { return slices.Contains(usual, normal(name)) })
	}
	price, size := find("price"), find("amount", "size", "qty", "quantity")
	switch {
	case at[placeOpen] >= 0 || at[placeClose] >= 0 || at[placeHigh] >= 0 || at[placeLow] >= 0:
		return
	case price >= 0 && size >= 0:
		p.Kind = Trades
		at[placeClose], at[placeVolume], at[placeBid], at[placeAsk] = price, size, -1, -1
	case at[placeBid] >= 0 && at[placeAsk] >= 0:
		p.Kind = Quotes
		at[placeVolume] = -1
	default:
		return
	}
	p.Notes = append(p.Notes, "digits of times below a millisecond are cut off")
}

// clock finds what the times count, by the first of them where the file doesn't
// say, and whether the newest comes first.
func (p *columnarPlan) clock(file *datasets.Foreign, in Input, o Options) error {
	var first []int64
	err := file.Read(context.Background(), p.time, nil, func(r datasets.ForeignRows) bool {
		first = append(first, r.Time[:min(len(r.Time), 1000)]...)
		return false
	})
	if err != nil {
		return err
	}
	if len(first) == 0 {
		return &datasets.Refusal{File: in.String(), Problem: datasets.ErrEmpty, Found: "no row", Expected: "at least one", Remedy: "write the file again"}
	}
	unit := p.unit(file.Columns[p.time], first[0], o)
	if !p.local {
		if err := o.zoneUnused(in, "times that are of UTC", unit); err != nil {
			return err
		}
	} else {
		p.Clock = ""
		if o.Zone != nil {
			p.Clock = o.zoneName()
		}
	}
	for i := 1; i < len(first) && first[i] <= first[i-1]; i++ {
		if p.reverse = first[i] < first[0]; p.reverse && i > 1 {
			break
		}
	}
	if p.reverse {
		p.Notes = append(p.Notes, "newest first: turned round")
	}
	return nil
}

// unit finds what the times count and whether they are clock readings: by the
// column's type, what is stated, or the size of the first. It returns the unit of
// numbers, 0 of timestamps.
func (p *columnarPlan) unit(c datasets.ForeignColumn, first int64, o Options) (unit epochUnit) {
	p.perSecond, p.local = c.PerSecond, !c.UTC && c.PerSecond != 0
	stated := int64(0)
	if o.TimeFormat != nil {
		stated = o.TimeFormat.LocalPerSecond()
	}
	p.local = p.local || stated != 0
	switch {
	case p.perSecond != 0:
		return 0
	case stated != 0:
		p.perSecond = stated
		return 0
	}
	unit = unitOf(first)
	p.perSecond = unit.perSecond()
	p.Notes = append(p.Notes, "times in "+unit.String())
	return unit
}

// perSecond is how many of a unit a second has.
func (u epochUnit) perSecond() int64 {
	switch u {
	case epochSeconds:
		return 1
	case epochMicros:
		return 1e6
	case epochNanos:
		return 1e9
	}
	return 1e3
}

func (f columnar) read(ctx context.Context, in Input, _ Description, o Options, take func(Chunk) bool) error {
	file, err := openColumnar(in)
	if err != nil {
		return err
	}
	defer file.Close()
	p, err := f.plan(file, in, o)
	if err != nil {
		return err
	}
	cr := columnarReader{in: in, plan: &p, price: newScaler(o.PriceScale), volume: newScaler(o.VolumeScale)}
	if p.local {
		if o.Zone == nil {
			return zoneMissing(in, 0, p.Title)
		}
		cr.clock = newZone(o.Zone, o.ZoneAheadMS)
		ofTicks(cr.clock, p.Kind)
	}
	turned := &reversed{plan: &plan{Description: p.Description}, in: in, give: take}
	defer turned.close()
	into := take
	if p.reverse {
		into = turned.keep
		turned.clock, cr.clock = cr.clock, nil // a clock wants its readings in order of time
	}
	var bad error
	err = file.Read(ctx, p.time, p.numbers, func(r datasets.ForeignRows) bool {
		for i := 0; i < len(r.Time) && bad == nil; i += chunkRows {
			c, err := cr.chunk(r, i, min(i+chunkRows, len(r.Time)))
			if bad = err; err == nil && !into(c) {
				return false
			}
		}
		return bad == nil
	})
	switch {
	case bad != nil || err != nil:
		return errors.Join(bad, err)
	case p.reverse:
		return turned.handOut(ctx)
	}
	return nil
}

// columnarReader turns a file's columns into chunks.
type columnarReader struct {
	in            Input
	plan          *columnarPlan
	clock         clock // of local times
	price, volume scaler
	row           int64

	time []int64
	cols [columnCount][]float64
}

// chunk copies rows [i, j) of a batch: the batch may be the mapped file itself.
func (r *columnarReader) chunk(batch datasets.ForeignRows, i, j int) (Chunk, error) {
	r.time = r.time[:0]
	for k, t := range batch.Time[i:j] {
		ms, ok := r.millis(t)
		if !ok {
			return Chunk{}, &datasets.Refusal{File: r.in.String(), Row: r.row + int64(k) + 1, Problem: datasets.ErrSyntax,
				Found: fmt.Sprintf("the time %d (%d a second)", t, r.plan.perSecond), Expected: "a time between 1900 and 2200, in whole milliseconds, that its clock has",
				Remedy: "write the file again with times as timestamps"}
		}
		r.time = append(r.time, ms)
	}
	r.row += int64(j - i)
	for k, x := range r.plan.places {
		at := x - placeOpen
		r.cols[at] = append(r.cols[at][:0], batch.Numbers[k][i:j]...)
		if x == placeVolume {
			r.volume.apply(r.cols[at])
			if r.plan.Kind == Trades {
				magnitudes(r.cols[at])
			}
		} else {
			r.price.apply(r.cols[at])
		}
	}
	return Chunk{Series: seriesOf(r.time, &r.cols)}, nil
}

// millis turns a time of the file's unit into UTC ms.
func (r *columnarReader) millis(t int64) (ms int64, ok bool) {
	switch per := r.plan.perSecond; {
	case per <= 1000:
		if t > text.MaxTimeMS || t < text.MinTimeMS {
			return 0, false
		}
		ms = t * (1000 / per)
	case t%(per/1000) != 0 && r.plan.Kind == Candles:
		return 0, false
	default:
		ms = t / (per / 1000)
	}
	if r.clock != nil {
		if ms, ok = r.clock.UTC(ms); !ok {
			return 0, false
		}
	}
	return ms, text.MinTimeMS <= ms && ms < text.MaxTimeMS
}
