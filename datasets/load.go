package datasets

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/ptnsim/ptnsim/market"
)

// Request is the candles that a run wants.
type Request struct {
	Paths   []string    // files and folders; none: the embedded sample
	Options OpenOptions // which of their files
	Select  Select      // which of their candles

	// BeginMS and EndMS are where the run begins and ends if Select does not say so
	// and the candles reach; UTC ms, 0: where they all begin, and the first of them end.
	BeginMS, EndMS int64

	Memory *Memory // of files whose hash was verified before; may be nil
}

// Loaded is candles that are open for a run. The caller closes it.
type Loaded struct {
	Files   *Set
	Candles []*Candles // in the order of Files
	Note    string     // what a reader must know of them all: that they are synthetic; "" for nothing

	FromMS, ToMS int64 // the run's range, UTC ms
}

// Load opens a data set, makes sure that its files are those of its manifest, reads
// what is wanted of them and decides the range: what Select says, else the window that
// all candles have in common. Refusals as of OpenSet, Set.Verify and Set.Read.
func Load(ctx context.Context, r Request) (*Loaded, error) {
	files, note, err := r.Open(ctx)
	if err != nil {
		return nil, err
	}
	l := &Loaded{Files: files, Note: note}
	if l.Candles, err = files.Read(ctx, r.Select); err != nil {
		return nil, err
	}
	if l.FromMS, l.ToMS, err = r.Range(l.Candles); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Open finds and verifies the files alone; note is what a reader must know of all of
// them: that they are synthetic.
func (r *Request) Open(ctx context.Context) (files *Set, note string, err error) {
	if len(r.Paths) == 0 {
		files, err = Sample(r.Options)
		note = SampleNote
	} else {
		files, err = OpenSet(r.Options, r.Paths...)
	}
	if err != nil {
		return nil, "", err
	}
	if err := files.Verify(ctx, r.Memory); err != nil {
		return nil, "", err
	}
	_ = r.Memory.Save() // the next time is slower without it, not wrong
	for i := range files.Files {
		note = cmp.Or(note, files.Files[i].Note())
	}
	return files, note, nil
}

// Range decides where a run on some candles begins and ends, UTC ms: what Select
// does not say it takes from the candles themselves.
func (r *Request) Range(candles []*Candles) (fromMS, toMS int64, err error) {
	first, end, err := CommonWindow(candles)
	if err != nil {
		return 0, 0, err
	}
	if fromMS = r.Select.FromMS; fromMS == 0 {
		fromMS = first
		if first <= r.BeginMS && r.BeginMS < end {
			fromMS = r.BeginMS
		}
	}
	if toMS = r.Select.ToMS; toMS == 0 {
		toMS = end
		if fromMS < r.EndMS && r.EndMS < end {
			toMS = r.EndMS
		}
	}
	if toMS <= fromMS {
		const layout = "2006-01-02 15:04"
		return 0, 0, fmt.Errorf("the candles of all pairs overlap from %s to %s, and none of that is in the chosen range",
			time.UnixMilli(first).UTC().Format(layout), time.UnixMilli(end).UTC().Format(layout))
	}
	return fromMS, toMS, nil
}

// Series are the candles' columns, in the order of Files.
func (l *Loaded) Series() []*market.Series {
	series := make([]*market.Series, 0, len(l.Candles))
	for _, c := range l.Candles {
		series = append(series, c.Series)
	}
	return series
}

// Close lets go of the candles.
func (l *Loaded) Close() {
	for _, c := range l.Candles {
		_ = c.Close()
	}
}
