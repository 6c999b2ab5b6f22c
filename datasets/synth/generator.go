package synth

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Generator makes the candles of a recipe. It holds none of their state: its
// series can be made in any order, again, and at once.
type Generator struct {
	recipe Recipe
	pairs  []market.Pair
	stages []*stage
}

// New returns the generator of a recipe, completed, for pairs among those known.
// The error is Problems where it is the recipe's.
func New(r Recipe, known []market.Pair) (*Generator, error) {
	r, err := r.Complete(known)
	if err != nil {
		return nil, err
	}
	g := &Generator{recipe: r}
	for i, p := range r.Pairs {
		pair, _ := market.FindPair(known, p.Pair)
		s, err := newStage(&r, pair)
		if err != nil {
			return nil, err
		}
		if s.hours.OpenMS(r.From.MS, r.To.MS) == 0 {
			return nil, Problems{{fmt.Sprintf("pairs[%d].pair", i), p.Pair + ", whose market is closed from " + r.From.String() + " to " + r.To.String(),
				"a span in which it opens"}}
		}
		g.pairs = append(g.pairs, pair)
		g.stages = append(g.stages, s)
	}
	return g, nil
}

// Recipe returns the complete recipe.
func (g *Generator) Recipe() Recipe { return g.recipe }

// Pairs returns the pairs, in the recipe's order.
func (g *Generator) Pairs() []market.Pair { return g.pairs }

// chunkRows is the rows of a chunk of candles.
const chunkRows = 1 << 13

// Chunks yields the candles of pair i of Pairs in order of time, some thousands at
// a time. The series is used again for the next chunk: copy what must last.
func (g *Generator) Chunks(i int) iter.Seq[*market.Series] {
	return func(yield func(*market.Series) bool) {
		t := newTape(g, i)
		for more := true; more; {
			more = t.fill(chunkRows)
			if len(t.out.Time) > 0 && !yield(&t.out) {
				return
			}
		}
	}
}

// Series returns all candles of pair i of Pairs in memory.
func (g *Generator) Series(i int) *market.Series {
	t := newTape(g, i)
	t.fill(int((g.recipe.To.MS-g.recipe.From.MS)/int64(g.recipe.Interval)) + 1)
	return &t.out
}

// Target says where Write puts the candles.
type Target struct {
	Folder  string
	Format  datasets.Format
	Replace bool   // an earlier file of a pair and interval
	Command string // for the manifest: the command that asks for it

	// Progress, where it is set, is told after each chunk which pair (of Pairs) is
	// being made and how far it is, UTC ms.
	Progress func(pair int, ms int64)
}

// Source is what the manifest of a synthetic data set says of where its data
// comes from.
const Source = "synthetic: made by a generator from a seed; no market's history"

// Write writes the candles as a data set, in flat memory, and returns its files.
// The manifest has the recipe in full. All files appear, or none.
func (g *Generator) Write(ctx context.Context, to Target) ([]datasets.ManifestFile, error) {
	recipe, err := g.recipe.Marshal()
	if err != nil {
		return nil, err
	}
	if err := onlySynthetic(to.Folder); err != nil {
		return nil, err
	}
	u, err := datasets.BeginUpdate(to.Folder, to.Replace)
	if err != nil {
		return nil, err
	}
	defer u.Abort()
	var files []datasets.ManifestFile
	for i := range g.pairs {
		f, err := g.writePair(ctx, u, i, to)
		if err != nil {
			return nil, err
		}
		f.Origin = &datasets.Origin{Command: to.Command, Recipe: string(recipe)}
		u.Put(f)
		files = append(files, f)
	}
	return files, u.Commit(ctx, datasets.Manifest{Source: Source})
}

// onlySynthetic refuses a data set that has other candles, too: nobody should take
// a market's history for made up, or the other way round.
func onlySynthetic(folder string) error {
	manifest, err := datasets.ReadManifest(folder)
	if errors.Is(err, datasets.ErrMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, f := range manifest.Files {
		if f.Origin == nil || f.Origin.Recipe == "" {
			return &datasets.Refusal{File: filepath.Join(folder, f.Name), Problem: datasets.ErrExists, Found: "candles that are not synthetic",
				Expected: "a folder of their own for synthetic ones", Remedy: "choose another folder"}
		}
	}
	return nil
}

// writePair writes the file of pair i.
func (g *Generator) writePair(ctx context.Context, u *datasets.Update, i int, to Target) (f datasets.ManifestFile, err error) {
	pair := g.pairs[i]
	columns := datasets.OHLC | datasets.Volume
	if g.recipe.Pairs[i].SpreadTicks > 0 {
		columns |= datasets.Bid | datasets.Ask
	}
	w, err := u.Create(datasets.Name{Pair: pair.ID, Interval: datasets.Interval(g.recipe.Interval), Format: to.Format},
		datasets.WriterOptions{Pair: pair, Columns: columns, Calendar: datasets.MarketCalendar})
	if err != nil {
		return f, err
	}
	defer w.Abort()
	for s := range g.Chunks(i) {
		if err := ctx.Err(); err != nil {
			return f, err
		}
		if err := w.Append(s); err != nil {
			return f, err
		}
		if to.Progress != nil {
			to.Progress(i, s.Time[len(s.Time)-1])
		}
	}
	return w.Close()
}
