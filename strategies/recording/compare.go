package recording

import (
	"cmp"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Comparison is what the orders of a recording came to at their recorded fills,
// beside what they came to at those of the candles.
type Comparison struct {
	Miner     string          `json:"miner"`
	Recorded  Account         `json:"recorded"`
	Simulated Account         `json:"simulated"`
	Prices    Prices          `json:"prices"`
	Positions []PositionMatch `json:"positions"`
	Differ    int             `json:"differ"`   // positions whose outcome is of another kind
	Warnings  []string        `json:"warnings"` // the recording's doubts, then those of the runs, each once
}

// Account is what one of the two runs came to.
type Account struct {
	FinalReturn float64       `json:"final_return"` // a factor
	MaxDrawdown float64       `json:"max_drawdown"` // a loss
	Orders      int           `json:"orders"`
	Accepted    int           `json:"accepted"`
	Clamped     int           `json:"clamped"`
	Rejected    int           `json:"rejected"`
	Ignored     int           `json:"ignored"`
	Reasons     []ReasonCount `json:"reasons"`       // of the rejected and the ignored, the most frequent first
	Slippage    float64       `json:"slippage_paid"` // Σ |leverage| × slippage over the fills, a fraction of the portfolio
	Eliminated  bool          `json:"eliminated"`
}

// ReasonCount is how many orders had no effect for a reason. Rules §2.
type ReasonCount struct {
	Reason sim.Reason `json:"reason"`
	Orders int        `json:"orders"`
}

// Prices is how far the simulated fills lie from the recorded ones, in basis
// points of the recorded price, before slippage. A signed difference is positive
// where the simulated price is the worse one for the miner: higher for a purchase,
// lower for a sale.
type Prices struct {
	Mean           scoring.Value `json:"mean_bp"`            // signed
	MedianDistance scoring.Value `json:"median_distance_bp"` // unsigned
	Worst          scoring.Value `json:"worst_bp"`           // the largest distance, signed
	WorstMS        int64         `json:"worst_ms"`           // the recorded time of that order, UTC ms
	WorstUUID      string        `json:"worst_uuid"`
	Orders         []PriceMatch  `json:"orders"` // filled in the simulation, in the order of their times
}

// PriceMatch is an order's recorded price beside its simulated one.
type PriceMatch struct {
	UUID        string  `json:"uuid"`
	Pair        string  `json:"pair"`
	TimeMS      int64   `json:"time_ms"`
	Recorded    float64 `json:"recorded"`
	Simulated   float64 `json:"simulated"`
	Difference  float64 `json:"difference_bp"` // positive: the simulated price is the worse one
	SimulatedMS int64   `json:"simulated_ms"`  // when it filled
}

// Outcome is the kind of a position's outcome.
type Outcome string

// The outcomes.
const (
	Missing Outcome = "missing" // no order of it opened a position
	Open    Outcome = "open"
	Won     Outcome = "won"
	Even    Outcome = "even"
	Lost    Outcome = "lost"
)

// PositionMatch is a recorded position and what its orders came to.
type PositionMatch struct {
	UUID   string `json:"uuid"`
	Pair   string `json:"pair"`
	OpenMS int64  `json:"open_ms"` // UTC ms

	Stored    scoring.Value `json:"stored"` // the validator's return_at_close, a factor
	Recorded  Played        `json:"recorded"`
	Simulated Played        `json:"simulated"`
}

// Differs reports whether the two outcomes are of different kinds.
func (m *PositionMatch) Differs() bool { return m.Recorded.Outcome != m.Simulated.Outcome }

// Played is what the orders of a recorded position came to in a run. A run may
// make several positions of them, or none: a position belongs to the recorded one
// whose order opened it, and the return is the product of all.
type Played struct {
	Positions int           `json:"positions"`
	Return    scoring.Value `json:"return"` // with costs, a factor
	Outcome   Outcome       `json:"outcome"`
}

// Compare compares two runs of the recording's signals: one with recorded fills,
// one with simulated. Orders are told by their uuids.
func Compare(rec *Recording, recorded, simulated *sim.Result) *Comparison {
	c := &Comparison{
		Miner: rec.Miner, Recorded: accountOf(recorded), Simulated: accountOf(simulated),
		Prices: rec.prices(simulated), Positions: make([]PositionMatch, len(rec.Positions)), Warnings: []string{},
	}
	for _, text := range slices.Concat(rec.Doubts(Recorded), recorded.Warnings, simulated.Warnings) {
		if !slices.Contains(c.Warnings, text) {
			c.Warnings = append(c.Warnings, text)
		}
	}
	place := make(map[string]int, len(rec.Orders))
	for i := range rec.Orders {
		place[rec.Orders[i].UUID] = rec.Orders[i].Position
	}
	first, second := played(len(rec.Positions), place, recorded), played(len(rec.Positions), place, simulated)
	for i := range rec.Positions {
		p := &rec.Positions[i]
		c.Positions[i] = PositionMatch{p.UUID, p.Pair, p.OpenMS, p.ReturnAtClose, first[i], second[i]}
		if c.Positions[i].Differs() {
			c.Differ++
		}
	}
	return c
}

func accountOf(res *sim.Result) Account {
	a := Account{
		FinalReturn: res.FinalReturn, MaxDrawdown: res.MaxDrawdown,
		Orders: len(res.Orders), Eliminated: res.Elimination != nil, Reasons: []ReasonCount{},
	}
	for i := range res.Orders {
		o := &res.Orders[i]
		switch o.Outcome {
		case sim.Accepted:
			a.Accepted++
		case sim.Clamped:
			a.Clamped++
		case sim.Rejected:
			a.Rejected++
		case sim.Ignored:
			a.Ignored++
		}
		if !o.Filled() {
			a.count(o.Reason)
			continue
		}
		a.Slippage += float64(math.Abs(o.EffectiveLeverage) * o.FillSlippage)
	}
	slices.SortStableFunc(a.Reasons, func(x, y ReasonCount) int {
		return cmp.Or(cmp.Compare(y.Orders, x.Orders), cmp.Compare(x.Reason, y.Reason))
	})
	return a
}

func (a *Account) count(reason sim.Reason) {
	at := slices.IndexFunc(a.Reasons, func(c ReasonCount) bool { return c.Reason == reason })
	if at < 0 {
		at, a.Reasons = len(a.Reasons), append(a.Reasons, ReasonCount{Reason: reason})
	}
	a.Reasons[at].Orders++
}

// prices compares the prices at which the simulation filled with the recorded.
func (r *Recording) prices(simulated *sim.Result) Prices {
	filled := make(map[string]*sim.OrderRecord, len(simulated.Orders))
	for i := range simulated.Orders {
		if o := &simulated.Orders[i]; o.Filled() && o.UUID != "" {
			filled[o.UUID] = o
		}
	}
	p := Prices{Orders: []PriceMatch{}}
	for i := range r.Orders {
		o := &r.Orders[i]
		s := filled[o.UUID]
		if s == nil || o.Price == 0 || o.AfterClose {
			continue
		}
		worse := (s.FillPrice/o.Price - 1) * 1e4
		if s.EffectiveLeverage < 0 {
			worse = -worse
		}
		p.Orders = append(p.Orders, PriceMatch{o.UUID, r.Positions[o.Position].Pair, o.TimeMS, o.Price, s.FillPrice, worse, s.FilledMS})
	}
	p.summarise()
	return p
}

func (p *Prices) summarise() {
	n := len(p.Orders)
	if n == 0 {
		return
	}
	sum, distances, worst := 0.0, make([]float64, n), 0
	for i := range p.Orders {
		sum += p.Orders[i].Difference
		distances[i] = math.Abs(p.Orders[i].Difference)
		if distances[i] > distances[worst] {
			worst = i
		}
	}
	w := &p.Orders[worst]
	p.Worst, p.WorstMS, p.WorstUUID = scoring.Known(w.Difference), w.TimeMS, w.UUID
	p.Mean = scoring.Known(sum / float64(n))
	slices.Sort(distances)
	p.MedianDistance = scoring.Known((distances[(n-1)/2] + distances[n/2]) / 2)
}

// played finds what the orders of each of n recorded positions came to; place
// tells the recorded position of an order.
func played(n int, place map[string]int, res *sim.Result) []Played {
	all := make([]Played, n)
	value, isOpen := make([]float64, n), make([]bool, n)
	for i, of := range openers(res) {
		if of == nil {
			continue
		}
		at, known := place[of.UUID]
		if !known {
			continue
		}
		p := &res.Positions[i]
		if all[at].Positions++; all[at].Positions == 1 {
			value[at] = 1
		}
		value[at] *= p.ReturnAtClose
		isOpen[at] = isOpen[at] || !p.Closed
	}
	for i := range all {
		all[i].Outcome = outcome(all[i].Positions, value[i], isOpen[i])
		if all[i].Positions > 0 {
			all[i].Return = scoring.Known(value[i])
		}
	}
	return all
}

// openers returns the order that opened each of a run's positions: of its pair's
// fills, in the order of their times, the first that no position before has.
func openers(res *sim.Result) []*sim.OrderRecord {
	fills := make(map[string][]*sim.OrderRecord)
	for i := range res.Orders {
		if o := &res.Orders[i]; o.Filled() {
			fills[o.Pair] = append(fills[o.Pair], o)
		}
	}
	for _, of := range fills { // each pair's on its own
		slices.SortStableFunc(of, func(a, b *sim.OrderRecord) int { return cmp.Compare(a.FilledMS, b.FilledMS) })
	}
	found := make([]*sim.OrderRecord, len(res.Positions))
	for i := range res.Positions {
		p := &res.Positions[i]
		left := fills[p.Pair]
		for len(left) > 0 && left[0].FilledMS < p.OpenMS {
			left = left[1:]
		}
		if len(left) > 0 && left[0].FilledMS == p.OpenMS {
			found[i] = left[0]
			left = left[min(len(p.Fills), len(left)):]
		}
		fills[p.Pair] = left
	}
	return found
}

func outcome(positions int, value float64, isOpen bool) Outcome {
	switch {
	case positions == 0:
		return Missing
	case isOpen:
		return Open
	case value > 1:
		return Won
	case value < 1:
		return Lost
	}
	return Even
}
