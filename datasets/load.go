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
	if err := l.choose(&r); err != nil {
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

// choose takes the ends of the range that are not said from the candles themselves.
func (l *Loaded) choose(r *Request) error {
	fromMS, toMS, err := CommonWindow(l.Candles)
	if err != nil {
		return err
	}
	if l.FromMS = r.Select.FromMS; l.FromMS == 0 {
		l.FromMS = fromMS
		if fromMS <= r.BeginMS && r.BeginMS < toMS {
			l.FromMS = r.BeginMS
		}
	}
	if l.ToMS = r.Select.ToMS; l.ToMS == 0 {
		l.ToMS = toMS
		if l.FromMS < r.EndMS && r.EndMS < toMS {
			l.ToMS = r.EndMS
		}
	}
	if l.ToMS <= l.FromMS {
		const layout = "2006-01-02 15:04"
		return fmt.Errorf("the candles of all pairs overlap from %s to %s, and none of that is in the chosen range",
			time.UnixMilli(fromMS).UTC().Format(layout), time.UnixMilli(toMS).UTC().Format(layout))
	}
	return nil
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
