package ingest

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// one imports one series: rows in order of time → candles → cut → policies →
// file.
func (p *Plan) one(ctx context.Context, s *series, update *datasets.Update) (Imported, error) {
	done := Imported{Pair: s.pair, Interval: s.interval, Said: s.said}
	columns := s.candleColumns()
	name := datasets.Name{Pair: s.pair.ID, Interval: s.interval, Format: p.Format}
	if p.Format == "" {
		name.Format = datasets.Parquet
	}
	judge := p.Audit
	judge.File, judge.Pair, judge.Interval = name.String(), s.pair, s.interval
	write := func(*market.Series) error { return nil }
	var w *datasets.Writer
	if update != nil {
		var err error
		if w, err = update.Create(name, datasets.WriterOptions{Pair: s.pair, Columns: columns, Calendar: calendarOf(judge)}); err != nil {
			return done, err
		}
		defer w.Abort()
		write = w.Append
	}
	cleaner, err := audit.NewCleaner(judge, p.Policies, write)
	if err != nil {
		return done, err
	}
	if err := p.stream(ctx, s, &done, columns, cleaner.Clean); err != nil {
		return done, err
	}
	if err := cleaner.Finish(); err != nil {
		return done, err
	}
	done.Changes = cleaner.Changes()
	if done.LeftOut > 0 {
		done.Changes = append(done.Changes, datasets.Change{What: "incomplete rows left out", Count: done.LeftOut})
	}
	if done.Report, err = cleaner.Report(); err != nil {
		return done, err
	}
	if err := s.kept(&done); err != nil {
		return done, err
	}
	done.File = datasets.ManifestFile{Name: name.String(), Pair: s.pair.ID, Interval: s.interval.String(), Columns: columns.String(),
		Rows: done.Report.Rows, FirstMS: done.Report.FirstMS, LastMS: done.Report.EndMS - int64(s.interval), Gaps: done.Report.Gaps}
	if w != nil {
		if done.File, err = w.Close(); err != nil {
			return done, err
		}
		done.File.Origin, err = p.origin(ctx, s, &done)
	}
	return done, err
}

// candleColumns are the columns of the candles that the rows become.
func (s *series) candleColumns() datasets.Columns {
	switch s.kind {
	case vendors.Trades:
		return datasets.OHLC | s.columns&datasets.Volume
	case vendors.Quotes:
		return datasets.OHLC | datasets.Bid | datasets.Ask
	}
	return s.columns
}

// calendarOf is the market hours by which candles are judged.
func calendarOf(o audit.Options) func(market.Pair, int64, int64) (datasets.Calendar, error) {
	if o.Calendar != nil {
		return o.Calendar
	}
	return datasets.MarketCalendar
}

// stream reads the series' candles in order of time.
func (p *Plan) stream(
	ctx context.Context, s *series, done *Imported, columns datasets.Columns, take func(*market.Series, audit.Place) error,
) error {
	rows := merge{parts: s.parts, ticks: s.kind != vendors.Candles, open: func(t *part) iter.Seq2[vendors.Chunk, error] { return vendors.Read(ctx, t.in, p.options(t)) }}
	cut := p.cutter(done, func(c *market.Series, from audit.Place) error {
		return take(s.shape(c, columns), from)
	})
	count := func(n int) {
		done.Read += int64(n)
		if p.Progress != nil {
			p.Progress(n)
		}
	}
	defer func() { done.LeftOut = rows.leftOut }()
	if s.kind == vendors.Candles {
		return rows.each(ctx, func(c vendors.Chunk, from audit.Place) error {
			count(c.Len())
			return cut(c.Series, from)
		})
	}
	ticks := Aggregator{Interval: s.interval, Kind: s.kind, Side: p.Options.Quote}
	err := rows.each(ctx, func(c vendors.Chunk, from audit.Place) error {
		count(c.Len())
		ticks.File = from.File
		candles, err := ticks.Add(c)
		if err != nil {
			return err
		}
		return cut(candles, audit.Place{})
	})
	if err != nil {
		return err
	}
	return cut(ticks.Flush(), audit.Place{})
}

// shape gives rows the pair, the interval and just the columns of the series.
func (s *series) shape(rows *market.Series, columns datasets.Columns) *market.Series {
	c := *rows
	c.Pair, c.IntervalMS = s.pair, int64(s.interval)
	if columns&datasets.Volume == 0 {
		c.Volume = nil
	}
	if columns&datasets.Bid == 0 {
		c.Bid = nil
	}
	if columns&datasets.Ask == 0 {
		c.Ask = nil
	}
	if columns&datasets.OHLC == datasets.Close {
		c.Open, c.High, c.Low = c.Close, c.Close, c.Close
	}
	return &c
}

// cutter hands on the candles of the wanted range and counts the others.
func (p *Plan) cutter(done *Imported, take func(*market.Series, audit.Place) error) func(*market.Series, audit.Place) error {
	from, to := p.FromMS, p.ToMS
	if to == 0 {
		to = math.MaxInt64
	}
	if from == 0 {
		from = math.MinInt64
	}
	return func(c *market.Series, place audit.Place) error {
		for i := 0; i < c.Len(); {
			in := c.Time[i] >= from && c.Time[i] < to
			j := i + 1
			for j < c.Len() && (c.Time[j] >= from && c.Time[j] < to) == in {
				j++
			}
			at := place
			if at.Line > 0 {
				at.Line += int64(i)
			}
			if at.Row > 0 {
				at.Row += int64(i)
			}
			if !in {
				done.Cut += int64(j - i)
			} else if err := take(c.Slice(i, j), at); err != nil {
				return err
			}
			i = j
		}
		return nil
	}
}

// kept refuses an import that kept nothing.
func (s *series) kept(done *Imported) error {
	if done.Report.Rows > 0 {
		return nil
	}
	r := &datasets.Refusal{File: s.parts[0].in.String(), Problem: datasets.ErrEmpty, Found: "no candle", Expected: "at least one",
		Remedy: "get the data again"}
	switch {
	case done.Cut > 0:
		r.Problem, r.Found, r.Remedy = datasets.ErrRange, fmt.Sprintf("%d candles, none of them in the range", done.Cut), "choose another --from or --to"
	case done.Read > 0:
		r.Found, r.Remedy = fmt.Sprintf("%d rows, of which the policies left none", done.Read), "look at the data, or choose other policies"
	}
	return r
}

// origin is what the manifest says of how the file came about.
func (p *Plan) origin(ctx context.Context, s *series, done *Imported) (*datasets.Origin, error) {
	o := &datasets.Origin{Command: p.Command, Detected: append(slices.Clone(s.said), p.Notes...), Policies: p.Policies.Map(), Changes: done.Changes}
	hashed := make(map[string]datasets.OriginInput) // by path: an archive has many parts
	for _, t := range s.parts {
		input, known := hashed[t.in.Path]
		if !known {
			var err error
			if input.Bytes, input.SHA256, err = datasets.HashFile(ctx, t.in.Path); err != nil {
				return nil, err
			}
			hashed[t.in.Path] = input
		}
		input.Name = t.in.Name()
		if !slices.Contains(o.Inputs, input) {
			o.Inputs = append(o.Inputs, input)
		}
	}
	for _, f := range done.Report.Findings {
		o.Findings = append(o.Findings, datasets.FindingCount{Problem: string(f.Problem), Severity: string(f.Severity), Count: f.Count, FirstMS: f.FromMS})
	}
	return o, nil
}
