package fetch

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// Fetch is what to download. Run does it.
type Fetch struct {
	Source   Source
	Client   *Client
	Pairs    []market.Pair
	Symbols  map[string]string // pair → the source's own symbol, where the user knows better
	Interval datasets.Interval
	Span     Span
	Ask      bool // see Job

	Cache     string              // folder that the finished pieces are kept in
	BaseURL   string              // in place of the source's own hosts; "" = those
	PerMinute int                 // requests a minute; 0 = as the source takes from everybody
	Getenv    func(string) string // where keys come from
	Events    Events

	store *Store // nil = not open
}

// UsageError is something asked for that the source doesn't have, found before
// anything is downloaded.
type UsageError struct{ Err error }

// Error implements error.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *UsageError) Unwrap() error { return e.Err }

// Run downloads what is not yet there, and returns each pair's pieces, in the
// order of Pairs. Trouble with a source is a *Trouble; what was finished before it
// stays in the cache. The cache is locked from then on: call Close, or Remove,
// once the pieces are no longer needed.
func (f *Fetch) Run(ctx context.Context) ([]Raw, error) {
	jobs, err := f.jobs()
	if err != nil {
		return nil, &UsageError{err}
	}
	g, err := f.getter()
	if err != nil {
		return nil, err
	}
	defer f.tidy()
	var all []Raw
	for _, j := range jobs {
		raw, err := f.Source.Fetch(ctx, g, j)
		if err != nil {
			return nil, err
		}
		if raw.Job = j; len(raw.Paths) == 0 {
			return nil, &Trouble{Source: g.about.Name, Problem: ErrAbsent,
				Found:  fmt.Sprintf("no candles of %s (%s) from %s", j.Pair.ID, j.Symbol, j.Span),
				Remedy: "check the symbol (--symbol) and the span"}
		}
		g.at(j, j.Span.ToMS)
		all = append(all, raw)
	}
	return all, f.finish(g, all)
}

// finish leaves out the candles that were not finished when they were asked for,
// by the source's own clock: of all pairs from the same time on.
func (f *Fetch) finish(g *Getter, all []Raw) error {
	end := floor(g.endMS, int64(f.Interval))
	for i := range all {
		j := &all[i].Job
		if j.Span.ToMS = min(j.Span.ToMS, end); j.Span.Empty() {
			return &Trouble{Source: g.about.Name, Problem: ErrAbsent,
				Found:  fmt.Sprintf("no candle of %s from %s on that is finished yet by the source's clock (%s)", j.Pair.ID, stamp(j.Span.FromMS), stamp(g.endMS)),
				Remedy: "begin earlier, or check this machine's clock"}
		}
		all[i].Notes = append(f.notes(g.about, *j), all[i].Notes...)
	}
	return nil
}

// open opens the folder of the finished pieces, and locks it.
func (f *Fetch) open(a About) error {
	if f.store != nil {
		return nil
	}
	dir := filepath.Join(f.Cache, a.Name)
	store, err := OpenStore(dir, func() int64 { return f.Client.Clock.Now().UnixMilli() })
	if errors.Is(err, errBusy) {
		return &Trouble{Source: a.Name, Problem: ErrBusy, Found: "another fetch at work in " + filepath.ToSlash(dir),
			Remedy: "wait until it is done, or name another folder with --cache"}
	}
	if err != nil {
		return errors.Join(errors.New("the folder for downloads can't be made"), err)
	}
	f.store = store
	return nil
}

// tidy removes the folder of the finished pieces if it was made for none.
func (f *Fetch) tidy() {
	if f.store.tidy() {
		f.Close()
	}
}

// Close lets other fetches use the cache. What is in it stays.
func (f *Fetch) Close() {
	if f.store != nil {
		f.store.Close()
		f.store = nil
	}
}

// Remove removes the source's pieces from the cache, and closes it.
func (f *Fetch) Remove() error {
	if f.store == nil {
		return nil
	}
	defer f.Close()
	return f.store.Remove()
}

// jobs resolves what the source calls the pairs and the interval.
func (f *Fetch) jobs() ([]Job, error) {
	step, err := f.Source.Interval(f.Interval)
	if err != nil {
		return nil, err
	}
	span, err := f.finished()
	if err != nil {
		return nil, err
	}
	var jobs []Job
	for i, p := range f.Pairs {
		if slices.Contains(f.Pairs[:i], p) {
			return nil, fmt.Errorf("found the pair %s twice", p.ID)
		}
		symbol, given := f.Symbols[p.ID]
		if given && !plainSymbol(symbol) {
			return nil, fmt.Errorf("found the symbol %q of %s, expected letters, digits and :._-", excerpt([]byte(symbol)), p.ID)
		}
		if !given {
			if symbol, err = f.Source.Symbol(p); err != nil {
				return nil, err
			}
		}
		jobs = append(jobs, Job{Pair: p, Symbol: symbol, Interval: f.Interval, Step: step, Span: span, Ask: f.Ask})
	}
	return jobs, nil
}

// finished clips the span to candles that are finished.
func (f *Fetch) finished() (Span, error) {
	now := floor(f.Client.Clock.Now().UnixMilli(), int64(f.Interval))
	span := Span{f.Span.FromMS, min(f.Span.ToMS, now)}
	if f.Span.Empty() {
		return span, fmt.Errorf("the span ends (%s) before it begins (%s)", stamp(f.Span.ToMS), stamp(f.Span.FromMS))
	}
	if span.Empty() {
		return span, fmt.Errorf("no candle from %s on is finished yet", stamp(f.Span.FromMS))
	}
	return span, nil
}

// notes says what was decided without being asked.
func (f *Fetch) notes(a About, j Job) []string {
	var notes []string
	if j.Symbol != j.Pair.ID {
		notes = append(notes, fmt.Sprintf("%s is %s at %s", j.Pair.ID, j.Symbol, a.Name))
	}
	if f.Span.ToMS > j.Span.ToMS {
		notes = append(notes, "the span ends at "+stamp(j.Span.ToMS)+": later candles are not finished")
	}
	return notes
}

// getter makes ready to ask the source.
func (f *Fetch) getter() (*Getter, error) {
	about := f.Source.About()
	api, err := f.base(about.API)
	if err != nil {
		return nil, &UsageError{fmt.Errorf("--base-url: %w", err)}
	}
	archive := api
	if about.Archive != "" {
		if archive, err = f.base(about.Archive); err != nil {
			return nil, &UsageError{fmt.Errorf("--base-url: %w", err)}
		}
	}
	getenv := f.Getenv
	if getenv == nil {
		getenv = os.Getenv
	}
	key, err := readKey(about, getenv)
	if err != nil {
		return nil, err
	}
	if err := f.open(about); err != nil {
		return nil, err
	}
	perMinute := about.PerMinute
	if f.PerMinute > 0 {
		perMinute = f.PerMinute
	}
	return &Getter{client: f.Client, about: about, api: api, archive: archive, key: key, store: f.store,
		pace: newPace(f.Client.Clock, perMinute, about.Weight), events: f.Events, endMS: math.MaxInt64}, nil
}

func (f *Fetch) base(own string) (*url.URL, error) {
	keyed := f.Source.About().Key.Variable != ""
	if f.BaseURL != "" {
		own = f.BaseURL
	}
	return parseBase(own, keyed)
}

// plainSymbol reports whether a symbol is safe to put into a path.
func plainSymbol(symbol string) bool {
	if symbol == "" || len(symbol) > 40 {
		return false
	}
	for _, r := range symbol {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && r != ':' && r != '.' && r != '_' && r != '-' {
			return false
		}
	}
	return symbol != "." && symbol != ".."
}
