// Package vendors reads the files that people bring: what exchanges, brokers,
// data vendors and other backtesters write. It finds out from a file's content
// what it is, says so, and streams its rows as columns in bounded memory, however
// large the file.
//
// It never guesses in silence: what it takes a file for is a Description with
// sentences for people, and what it can't tell (a broker's clock, a scale) it
// asks for.
package vendors

import (
	"context"
	"iter"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// Kind is what the rows of a file are.
type Kind uint8

// The kinds of rows.
const (
	Candles Kind = iota + 1
	Trades       // a price and a size: Series.Close and Series.Volume
	Quotes       // a bid and an ask: Series.Bid and Series.Ask
)

// Options are what the user states of their files. The zero Options takes
// everything as detected.
type Options struct {
	Format string // the name of a format, such as "binance"; "" = detect it

	// Columns maps canonical columns (time, date, open, high, low, close, volume,
	// bid, ask; date and time together make a time) to the file's own header names,
	// or to numbers from 1; "-" leaves a column out. Those not given are found by
	// their usual names.
	Columns    map[string]string
	Header     Header
	Separator  byte             // 0 = detect
	TimeFormat *text.TimeFormat // nil = detect
	Zone       *time.Location   // of times that name none; nil = the format's own, else they are refused

	// ZoneAheadMS is by how much the file's clock is ahead of the zone's, ms: many
	// brokers run seven hours ahead of New York.
	ZoneAheadMS int64

	PriceScale  float64 // prices are multiplied by this; 0 = 1, or what the format prescribes
	VolumeScale float64 // the volume is multiplied by this; 0 = 1

	Symbol   string            // the one to take of a file with several
	Class    market.Class      // of the pair, which places rows that have only a date; 0 = as the symbol says
	Interval datasets.Interval // of the candles; 0 = as the file or its name says
	Quote    QuoteSide         // what candles of bid and ask become
}

// Header says whether a file's first line names its columns.
type Header uint8

// The ways to have a header.
const (
	DetectHeader Header = iota
	WithHeader
	WithoutHeader
)

// QuoteSide is the price that candles are made of where a file has bid and ask.
type QuoteSide uint8

// The sides of a quote.
const (
	Mid QuoteSide = iota // half-way: (bid + ask) / 2
	BidSide
	AskSide
)

// Description is what a file turned out to be.
type Description struct {
	Format   string            // the format's name: "binance", "histdata", …, "csv"
	Title    string            // for people: "Binance klines"
	Kind     Kind              //
	Symbol   string            // the vendor's own: "BTCUSDT"; "" if neither content nor name tell
	Symbols  []string          // those of a file with several, sorted, as far as its head tells; else nil
	Interval datasets.Interval // 0 if neither content nor name tell
	Columns  datasets.Columns  // what the rows have
	Clock    string            // of the times: "UTC", "America/New_York"; "" if they need Options.Zone
	Notes    []string          // further sentences: "times in microseconds", "no header", "newest first: turned round"
}

// Chunk is some rows of an input in the order of the file (or, where the file is
// newest first, turned round). Its columns are used again for the next chunk:
// copy what must last.
type Chunk struct {
	*market.Series // its Pair and IntervalMS are not set

	Line    int64 // of the first row, from 1, where rows are lines; else 0
	LeftOut int64 // rows of the file since the chunk before that were left out, as Description.Notes says
}

// Detect finds out what an input is, reading no more than its head. What it
// doesn't know it refuses with a *datasets.Refusal that says what it saw and what
// the user can state.
func Detect(ctx context.Context, in Input, o Options) (Description, error) {
	_, d, err := detect(ctx, in, o)
	return d, err
}

// Read streams the rows of an input as Detect describes it. Malformed rows end
// the stream with a *datasets.Refusal that names the file and line.
func Read(ctx context.Context, in Input, o Options) iter.Seq2[Chunk, error] {
	return func(yield func(Chunk, error) bool) {
		f, d, err := detect(ctx, in, o)
		if err == nil {
			err = f.read(ctx, in, d, o, func(c Chunk) bool { return yield(c, nil) })
		}
		if err != nil {
			yield(Chunk{}, err)
		}
	}
}

// format is one vendor's format.
type format interface {
	name() string
	// detect judges an input by its head; ok is false if it is not of this format.
	// An error is the refusal of a file that is, but can't be taken.
	detect(h *head, o Options) (d Description, ok bool, err error)
	// read hands out the rows until take says no.
	read(ctx context.Context, in Input, d Description, o Options, take func(Chunk) bool) error
}
