package scenario

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/synth"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// load finds the candles and decides the range: what the scenario says, else where the
// recording begins and ends that it plays (beginMS and endMS; 0: it plays none), else
// as far as the candles go. Before the range there is as much history as the rules look
// back on, where the candles have it.
func (g *game) load(beginMS, endMS int64) error {
	s, set := g.scenario, g.play.Rules.Set
	r := datasets.Request{BeginMS: beginMS, EndMS: endMS, Select: datasets.Select{
		FromMS: s.FromMS, ToMS: s.ToMS, WarmupMS: sim.WarmupMS(set), GapToleranceMS: s.Data.MaxGapMS,
		Calendar: func(p market.Pair, fromMS, toMS int64) (datasets.Calendar, error) {
			return market.NewSchedule(*set.Hours.For(p.Class), fromMS, toMS)
		},
	}}
	var err error
	if r.Options.Pairs, err = set.Pairs(); err != nil {
		return g.because(s.RulesAt, "rules", err)
	}
	key := "data"
	switch {
	case s.Data.Written != nil:
		key, err = "candles", g.written(&r)
	case s.Data.Recipe != nil:
		key, err = "synth", g.synthetic(&r)
	default:
		err = g.stored(&r, set)
	}
	if err == nil {
		g.play.FromMS, g.play.ToMS, err = r.Range(g.loaded)
	}
	if err != nil {
		return g.because(s.Data.At, key, err)
	}
	g.count()
	return nil
}

// take adds the candles of a pair.
func (g *game) take(of Candles, c *datasets.Candles) {
	g.play.Candles, g.loaded = append(g.play.Candles, of), append(g.loaded, c)
}

// count tells what of the candles lies in the range.
func (g *game) count() {
	for i := range g.play.Candles {
		of, s := &g.play.Candles[i], g.loaded[i].Series
		first, end := s.Search(g.play.FromMS), s.Search(g.play.ToMS)
		if of.Rows = end - first; of.Rows > 0 {
			of.FirstMS, of.LastMS = s.Time[first], s.Time[end-1]
		}
	}
}

// series are the candles' columns.
func (g *game) series() []*market.Series {
	series := make([]*market.Series, len(g.loaded))
	for i, c := range g.loaded {
		series[i] = c.Series
	}
	return series
}

// verifiedFiles is a data set whose files are those of its manifests.
type verifiedFiles struct {
	set  *datasets.Set
	note string
}

// stored reads the candles of a data set.
func (g *game) stored(r *datasets.Request, set *rules.Set) error {
	d := &g.scenario.Data
	for _, path := range d.Paths {
		r.Paths = append(r.Paths, g.path(path))
	}
	r.Options.Only, r.Options.Interval, r.Memory = d.Pairs, maps.Clone(d.Intervals), g.player.library.Memory
	of := fmt.Sprintf("%q %q %v %#v", r.Paths, d.Pairs, d.Intervals, r.Options.Pairs)
	files, err := g.player.files.get(g.ctx, of, func() (f verifiedFiles, err error) {
		g.player.remember.Lock()
		defer g.player.remember.Unlock()
		f.set, f.note, err = r.Open(g.ctx)
		return f, err
	})
	if err != nil {
		return err
	}
	sel := &r.Select
	part := fmt.Sprintf("%d %d %d %d %#v %s", sel.FromMS, sel.ToMS, sel.WarmupMS, sel.GapToleranceMS, set.Hours, of)
	g.loans = append(g.loans, func() { g.player.candles.giveBack(part) })
	candles, err := g.player.candles.borrow(g.ctx, part, func() ([]*datasets.Candles, error) { return files.set.Read(g.ctx, *sel) })
	if err != nil {
		return err
	}
	for i := range candles {
		f := &files.set.Files[i]
		g.take(Candles{Pair: f.Pair.ID, Interval: f.Interval, Content: f.Content, File: f.Path, SHA256: f.SHA256, Note: cmp.Or(f.Note(), files.note)}, candles[i])
	}
	return nil
}

// candleCount and madeCount are how many candles there are of all pairs.
func candleCount(candles []*datasets.Candles) (n int) {
	for _, c := range candles {
		n += c.Series.Len()
	}
	return n
}

func madeCount(made []madeCandles) (n int) {
	for _, m := range made {
		n += m.series.Len()
	}
	return n
}

// closeAll lets go of candles.
func closeAll(candles []*datasets.Candles) error {
	var errs []error
	for _, c := range candles {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// madeCandles is all candles of a pair that are in no file.
type madeCandles struct {
	series  *market.Series
	content string
}

// synthetic makes the candles of a recipe.
func (g *game) synthetic(r *datasets.Request) error {
	known := r.Options.Pairs
	recipe, err := g.scenario.Data.Recipe.Complete(known)
	if err != nil {
		return err
	}
	text, err := recipe.Marshal()
	if err != nil {
		return err
	}
	of := fmt.Sprintf("%s %#v", text, known)
	g.loans = append(g.loans, func() { g.player.synthetic.giveBack(of) })
	made, err := g.player.synthetic.borrow(g.ctx, of, func() ([]madeCandles, error) {
		generator, err := synth.New(recipe, known)
		if err != nil {
			return nil, err
		}
		var made []madeCandles
		for i := range generator.Pairs() {
			s := generator.Series(i)
			made = append(made, madeCandles{s, datasets.Content(s)})
		}
		return made, nil
	})
	if err != nil {
		return err
	}
	return g.given(r, made, synth.Source)
}

// written takes the candles that are written out in the scenario. What their pairs
// are, the rule set tells.
func (g *game) written(r *datasets.Request) error {
	var all []madeCandles
	for _, w := range g.scenario.Data.Written {
		pair, known := market.FindPair(r.Options.Pairs, w.PairID)
		if !known {
			found := fmt.Sprintf("the pair %q, which the rule set %s does not know%s", w.PairID, g.play.Rules.Set.Name, suggest.DidYouMean(w.PairID, market.PairIDs(r.Options.Pairs)))
			return g.place(w.At).Wrong("candles", found, "a pair of the rule set; correct it, or add the pair under instruments.added in a rule file")
		}
		s := *w.Series
		s.Pair = pair
		all = append(all, madeCandles{&s, datasets.Content(&s)})
	}
	return g.given(r, all, "")
}

// given takes the wanted part of candles that are in no file, checked as those of
// files are.
func (g *game) given(r *datasets.Request, made []madeCandles, note string) error {
	made = slices.Clone(made)
	slices.SortFunc(made, func(a, b madeCandles) int { return cmp.Compare(a.series.Pair.ID, b.series.Pair.ID) })
	for _, m := range made {
		id := m.series.Pair.ID
		c, err := datasets.Given(g.ctx, "the candles of "+id, m.series, r.Select)
		if err != nil {
			return err
		}
		g.take(Candles{Pair: id, Interval: datasets.Interval(m.series.IntervalMS), Content: m.content, Note: note}, c)
	}
	return nil
}
