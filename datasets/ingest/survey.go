package ingest

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// series is what becomes one file of the data set.
type series struct {
	pair     market.Pair
	interval datasets.Interval // 0: to be found out from the candles
	kind     vendors.Kind
	columns  datasets.Columns // that all parts have
	parts    []part           // in order of time
	said     []string
}

// part is one input of a series, or what one with several symbols has of it.
type part struct {
	in      vendors.Input
	about   vendors.Description
	symbol  string // of one with several
	firstMS int64  // its first row, UTC ms
	spacing datasets.Interval
}

// survey finds out what the inputs are and which series they make, sorted by pair
// and interval.
func (p *Plan) survey(ctx context.Context) ([]series, error) {
	var all []series
	for _, in := range p.Inputs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		about, err := vendors.Detect(ctx, in, p.Options)
		if err != nil {
			return nil, err
		}
		parts, err := p.split(in, about)
		if err != nil {
			return nil, err
		}
		for _, t := range parts {
			if all, err = p.join(all, t); err != nil {
				return nil, err
			}
		}
	}
	if len(all) == 0 {
		return nil, p.nothing()
	}
	for i := range all {
		if err := p.arrange(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b series) int {
		return cmp.Or(cmp.Compare(a.pair.ID, b.pair.ID), cmp.Compare(a.interval, b.interval))
	})
	return all, nil
}

// claim is a part and the pair that it is of.
type claim struct {
	part
	pair market.Pair
	how  string // said of the symbol
}

// split returns what an input has of the pairs that are wanted: of one symbol at
// most one part, of a file with several one for each.
func (p *Plan) split(in vendors.Input, about vendors.Description) ([]claim, error) {
	if len(about.Symbols) > 1 && p.Options.Symbol == "" {
		return p.several(in, about)
	}
	c := claim{part: part{in: in, about: about, symbol: p.Options.Symbol}}
	symbol := cmp.Or(p.Options.Symbol, about.Symbol)
	var known bool
	if c.pair, c.how, known = vendors.PairOf(symbol, p.Known); !known {
		c.pair, c.how, known = vendors.PairOf(nameSymbol(in), p.Known)
	}
	switch {
	case known && (p.Pairs == nil || slices.Contains(p.Pairs, c.pair.ID)):
		return []claim{c}, nil
	case known && len(p.Pairs) == 1 && len(p.Inputs) == 1 || known && p.Options.Symbol != "":
		return nil, &datasets.Refusal{File: in.String(), Problem: datasets.ErrPair, Found: fmt.Sprintf("%s, which is %s", symbolOf(symbol, in), c.pair.ID),
			Expected: strings.Join(p.Pairs, " or "), Remedy: "choose the pair that the file is of"}
	case known:
		return nil, p.skip(in, "of "+c.pair.ID)
	case len(p.Pairs) == 1:
		c.pair, _ = market.FindPair(p.Known, p.Pairs[0])
		c.how = ""
		if symbol != "" {
			c.how = fmt.Sprintf("%s is taken for %s, as --pair says", symbol, c.pair.ID)
		}
		return []claim{c}, nil
	}
	if p.SkipUnknown {
		return nil, p.skip(in, symbolOf(symbol, in))
	}
	return nil, &datasets.Refusal{File: in.String(), Problem: datasets.ErrPair, Found: symbolOf(symbol, in),
		Expected: "a symbol that is one of the rule set's pairs",
		Remedy:   "name the pair that it is with --pair, add one of your own under instruments.added of a rule file (--rules), or pass over such files with --skip-unknown"}
}

// skip tells of an input that is passed over.
func (p *Plan) skip(in vendors.Input, why string) error {
	if p.Skipped != nil {
		p.Skipped(in, why)
	}
	return nil
}

func symbolOf(symbol string, in vendors.Input) string {
	if symbol == "" {
		return fmt.Sprintf("no symbol in the file or its name, %q", in.Name())
	}
	return fmt.Sprintf("the symbol %q", symbol)
}

// nameSymbol is what the name of an input begins with: EURUSD of
// "EURUSD_M15.csv".
func nameSymbol(in vendors.Input) string {
	name := path.Base(strings.ReplaceAll(in.Name(), `\`, "/"))
	if i := strings.IndexAny(name, "_-. "); i > 0 {
		return name[:i]
	}
	return name
}

// several returns a part for each wanted pair of a file with several symbols.
func (p *Plan) several(in vendors.Input, about vendors.Description) ([]claim, error) {
	var claims []claim
	for _, symbol := range about.Symbols {
		pair, how, known := vendors.PairOf(symbol, p.Known)
		if known && (p.Pairs == nil || slices.Contains(p.Pairs, pair.ID)) {
			claims = append(claims, claim{part{in: in, about: about, symbol: symbol}, pair, how})
		}
	}
	if len(claims) > 0 || p.Pairs != nil {
		return claims, nil
	}
	return nil, &datasets.Refusal{File: in.String(), Problem: datasets.ErrPair,
		Found:    fmt.Sprintf("the symbols %s", strings.Join(about.Symbols[:min(len(about.Symbols), 8)], ", ")),
		Expected: "one that is a pair of the rule set", Remedy: "name the one to take with --symbol, and its pair with --pair"}
}

// join adds a part to the series of its pair and interval.
func (p *Plan) join(all []series, c claim) ([]series, error) {
	interval := cmp.Or(p.Options.Interval, c.about.Interval)
	if c.about.Kind != vendors.Candles && interval == 0 {
		return nil, &datasets.Refusal{File: c.in.String(), Problem: datasets.ErrInterval, Found: c.about.Title + ", which are no candles",
			Expected: "the interval of the candles to make of them", Remedy: "give it with --interval, such as 1m"}
	}
	if c.about.Kind != vendors.Candles {
		if err := c.slotted(interval); err != nil {
			return nil, err
		}
		c.about.Notes = append(slices.Clone(c.about.Notes), "the first and the last candle may be cut off, where the ticks begin and end")
	}
	i := slices.IndexFunc(all, func(s series) bool { return s.pair.ID == c.pair.ID && s.interval == interval })
	if i < 0 {
		i = len(all)
		all = append(all, series{pair: c.pair, interval: interval, kind: c.about.Kind, columns: c.about.Columns})
	}
	s := &all[i]
	if len(s.parts) > 0 && unlike(&s.parts[0].about, &c.about) {
		return nil, &datasets.Refusal{File: c.in.String(), Problem: datasets.ErrType,
			Found:    fmt.Sprintf("%s beside %s (%s)", c.about.Title, s.parts[0].about.Title, s.parts[0].in.Name()),
			Expected: "candles, trades or quotes, of one pair not more than one of them", Remedy: "choose the files with --include"}
	}
	s.say(c)
	s.columns &= c.about.Columns
	s.parts = append(s.parts, c.part)
	return all, nil
}

// slotted refuses an interval whose candles would not begin where data convert
// has them begin: ticks become candles on the grid from 1970-01-01 UTC, which is
// that of sessions up to half an hour.
func (c *claim) slotted(interval datasets.Interval) error {
	most := 30 * datasets.Minute
	if c.pair.Class == market.Crypto {
		most = datasets.Day
	}
	if interval <= most && datasets.Day%interval == 0 {
		return nil
	}
	return &datasets.Refusal{File: c.in.String(), Problem: datasets.ErrInterval, Found: fmt.Sprintf("ticks of %s, to become candles of %s", c.pair.ID, interval),
		Expected: "up to " + most.String() + ", and a part of a day", Remedy: "import them at 1m, and make longer candles with data convert"}
}

// unlike reports whether two inputs can't be parts of one series: candles and
// ticks, or a vendor's candles of trades and those of quotes.
func unlike(a, b *vendors.Description) bool {
	const quotes = datasets.Bid | datasets.Ask
	return a.Kind != b.Kind || a.Title != b.Title && (a.Columns^b.Columns)&quotes != 0
}

// say takes up what an input was found to be, each sentence once.
func (s *series) say(c claim) {
	sentences := append([]string{c.about.Title}, c.about.Notes...)
	if c.about.Clock != "" {
		sentences = append(sentences, "times of "+c.about.Clock)
	}
	if c.how != "" {
		sentences = append(sentences, c.how)
	}
	for _, text := range sentences {
		if text != "" && !slices.Contains(s.said, text) {
			s.said = append(s.said, text)
		}
	}
}

// arrange looks at the first rows of every part, puts the parts in order of time
// and finds the interval if nobody told it.
func (p *Plan) arrange(ctx context.Context, s *series) error {
	for i := range s.parts {
		t := &s.parts[i]
		for chunk, err := range vendors.Read(ctx, t.in, p.options(t)) {
			if err != nil {
				return err
			}
			if chunk.Len() > 0 {
				t.firstMS, t.spacing = chunk.Time[0], commonSpacing(chunk.Time)
				break
			}
		}
	}
	slices.SortStableFunc(s.parts, func(a, b part) int { return cmp.Compare(a.firstMS, b.firstMS) })
	if s.columns&datasets.OHLC == datasets.Close {
		return s.find()
	}
	for _, t := range s.parts {
		if s.kind == vendors.Candles && s.columns&datasets.OHLC != t.about.Columns&datasets.OHLC {
			return &datasets.Refusal{File: t.in.String(), Problem: datasets.ErrNoColumn, Found: "the columns " + t.about.Columns.String(),
				Expected: "those of " + s.parts[0].in.Name(), Remedy: "import files of one layout at a time"}
		}
		if left := t.about.Columns &^ s.columns; left != 0 {
			s.said = append(s.said, left.String()+" left out: not every file has it")
			break
		}
	}
	return s.find()
}

// find sets the interval of candles that nobody named: the commonest step of the
// first file that has one.
func (s *series) find() error {
	if s.interval != 0 {
		return nil
	}
	for _, t := range s.parts {
		if t.spacing%datasets.Second == 0 && t.spacing > 0 && t.spacing <= datasets.MaxInterval {
			s.interval = t.spacing
			s.said = append(s.said, "candles of "+s.interval.String()+", their commonest step")
			return nil
		}
	}
	return &datasets.Refusal{File: s.parts[0].in.String(), Problem: datasets.ErrInterval, Found: "no two candles a whole number of seconds apart",
		Expected: "the interval of the candles", Remedy: "give it with --interval, such as 1m, or the times' format with --time-format"}
}

// commonSpacing is the commonest positive step of ascending times, the shorter of
// two that are as common; 0 without one.
func commonSpacing(time []int64) datasets.Interval {
	counts := make(map[int64]int)
	best := int64(0)
	for i := 1; i < min(len(time), 4096); i++ {
		step := time[i] - time[i-1]
		if step <= 0 {
			continue
		}
		counts[step]++
		if n := counts[step]; n > counts[best] || n == counts[best] && step < best {
			best = step
		}
	}
	return datasets.Interval(best)
}

// options are the plan's for a part.
func (p *Plan) options(t *part) vendors.Options {
	o := p.Options
	o.Symbol = t.symbol
	return o
}

// nothing is the refusal of inputs none of which is wanted.
func (p *Plan) nothing() error {
	r := &datasets.Refusal{File: p.Inputs[0].String(), Problem: datasets.ErrMissing, Found: "no candles of " + strings.Join(p.Pairs, ", "),
		Expected: "some", Remedy: "check --pair and the files"}
	if n := len(p.Inputs) - 1; n > 0 {
		r.File += fmt.Sprintf(" and %d more", n)
	}
	if p.Pairs == nil {
		r.Found = "no candles of a pair that the rule set has"
	}
	return r
}
