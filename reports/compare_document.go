package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/sweep"
)

// CompareSchema names the form of compare.json. It changes whenever a field changes
// its name or its meaning.
const CompareSchema = "ptnsim-compare-1"

// Encode returns the canonical text of compare.json: docs/compare.md has its
// fields. Returns are factors, drawdowns and costs are losses (0.07), shares and
// percentiles fractions, times end in _ms (UTC) or are RFC 3339. A number that does
// not exist is null.
func (c *Compare) Encode() []byte { return c.text(c.Digest(), false) }

// Digest names what a comparison came to: "sha256:" and the hash, in hexadecimal, of
// compare.json with ptnsim and digest empty (""), of dataset only each file's pair,
// interval and content, and what is said for people (the warnings, the challenges'
// reasons) empty too. It covers every rule set, every miner under each, and the
// attribution.
func (c *Compare) Digest() string {
	hash := sha256.Sum256(c.text("", true))
	return "sha256:" + hex.EncodeToString(hash[:])
}

// text writes every field; plain leaves out what is no outcome.
func (c *Compare) text(digest string, plain bool) []byte {
	e := &compareEncoder{plain: plain}
	e.text("{\n")
	e.field("schema", CompareSchema)
	e.next("ptnsim", e.unlessPlain(c.Version))
	e.next("digest", digest)
	e.lines("dataset", e.dataset(c.Dataset))
	e.next("name", c.Name)
	e.next("from", instant(c.Comparison.FromMS))
	e.next("to", instant(c.Comparison.ToMS))
	e.text(",\n")
	e.key("variants")
	e.variants(c.outcomes())
	e.text(",\n")
	e.key("attribution")
	if c.Attribution == nil {
		e.text("null")
	} else {
		e.attribution(c.Attribution)
	}
	e.text("\n}\n")
	return e.out
}

// compareEncoder writes a comparison. Beside what an encoder can, it writes miners
// as an object.
type compareEncoder struct {
	encoder
	plain bool // what the digest is of
}

// field writes a field of an object, next one after another.
func (e *compareEncoder) field(name string, value any) {
	e.key(name)
	addressed := reflect.New(reflect.TypeOf(value)).Elem() // as record needs it
	addressed.Set(reflect.ValueOf(value))
	e.value(addressed)
}

func (e *compareEncoder) next(name string, value any) {
	e.text(",\n")
	e.field(name, value)
}

// lines writes a field that is a list, an element a line.
func (e *compareEncoder) lines(name string, list any) {
	e.text(",\n")
	e.key(name)
	addressed := reflect.New(reflect.TypeOf(list)).Elem()
	addressed.Set(reflect.ValueOf(list))
	e.list(addressed, "\n ", "\n")
}

func (e *compareEncoder) unlessPlain(text string) string {
	if e.plain {
		return ""
	}
	return text
}

func (e *compareEncoder) dataset(files []DatasetFile) []DatasetFile {
	if e.plain {
		return byContent(files)
	}
	return append([]DatasetFile{}, files...)
}

// compareDifference is what became different of a population, without its miners.
type compareDifference struct {
	MeanReturn    float64 `json:"mean_return"` // of factors: 0.01 is one percentage point
	Eliminated    int     `json:"eliminated"`
	Promoted      int     `json:"promoted"`
	Deregistered  int     `json:"deregistered"`
	Moved         float64 `json:"weight_moved"`
	EmissionMoved float64 `json:"emission_moved"`
	Ranks         float64 `json:"ranks_moved"`
}

// compareState is a miner that ends in another state; null is a miner that is not
// there.
type compareState struct {
	Miner  string  `json:"miner"`
	Before *string `json:"before"`
	After  *string `json:"after"`
}

// compareMiner is a miner under one rule set.
type compareMiner struct {
	Group       string                   `json:"group"`
	State       string                   `json:"state"`
	FinalReturn float64                  `json:"final_return"`
	Days        int                      `json:"days"`
	MaxDrawdown float64                  `json:"max_drawdown"`
	Metrics     DocumentMetrics          `json:"metrics"`
	Percentiles DocumentMetrics          `json:"percentiles"`
	Penalties   *scoring.Penalties       `json:"penalties"` // null: it was refused, so that nothing was judged
	Score       scoring.Value            `json:"score"`
	Rank        *int                     `json:"rank"`
	Weight      float64                  `json:"weight"`
	Share       float64                  `json:"emission_share"`
	Emission    float64                  `json:"emission"`
	Costs       Costs                    `json:"costs"`
	Filled      int                      `json:"orders_filled"`
	Rejected    int                      `json:"orders_rejected"`
	PromotedMS  *int64                   `json:"promoted_ms"`
	SlotLostMS  *int64                   `json:"slot_lost_ms"`
	Elimination *DocumentElimination     `json:"elimination"`
	Challenge   *documentRankedChallenge `json:"challenge"`
}

// compareValue is a value that a change switches, as rule files write it; "" where a
// rule set has none.
type compareValue struct {
	Path string `json:"path"`
	From string `json:"from"`
	To   string `json:"to"`
}

// compareMinerDifference is what became different of a miner.
type compareMinerDifference struct {
	Return   float64 `json:"final_return"`
	Before   *string `json:"before"`
	After    *string `json:"after"`
	Share    float64 `json:"emission_share"`
	Emission float64 `json:"emission"` // of parts of what was paid to all
	Rank     *int    `json:"rank"`     // places won; null: it has none on one side
	Costs    Costs   `json:"costs"`
}

// variants writes each rule set, what it did to all miners together, and its
// miners.
func (e *compareEncoder) variants(outcomes []sweep.Outcome) {
	e.text("[")
	for i := range outcomes {
		e.comma(i)
		o := &outcomes[i]
		e.text("{")
		e.field("name", o.Variant.Name)
		e.next("rules", documentRules(o.Variant.Rules))
		e.population(o)
		if i == 0 {
			e.next("difference", (*compareDifference)(nil))
			e.next("state_changes", []compareState{})
			e.miners(o)
			e.text(",\n\"differences\":null")
		} else {
			d := outcomes[0].Difference(o)
			e.next("difference", differenceOf(&d))
			e.lines("state_changes", statesOf(sweep.StateChanges(&outcomes[0], o)))
			e.miners(o)
			e.text(",\n\"differences\":")
			e.minerDifferences(d.Miners)
		}
		e.text("}")
	}
	e.text("]")
}

func (e *compareEncoder) population(o *sweep.Outcome) {
	e.next("mean_return", o.MeanReturn)
	e.next("promoted", o.Promoted)
	e.next("eliminated", o.Eliminated)
	e.next("deregistered", o.Deregistered)
	e.next("refused", o.Refused)
	e.next("concentration", o.Concentration)
	e.next("leaders", noNil(leaders(o)))
	warnings := noNil(o.Warnings)
	if e.plain {
		warnings = []string{}
	}
	e.next("warnings", warnings)
}

// miners writes the object of an outcome's miners, one a line.
func (e *compareEncoder) miners(o *sweep.Outcome) {
	e.text(",\n\"miners\":{")
	for i := range o.Miners {
		e.comma(i)
		e.text("\n ")
		e.field(o.Miners[i].Name, e.miner(&o.Miners[i]))
	}
	e.text("\n}")
}

func (e *compareEncoder) miner(m *sweep.MinerOutcome) compareMiner {
	j := &m.Judgement
	out := compareMiner{
		Group: m.Group, State: string(m.State), FinalReturn: m.FinalReturn, Days: j.Days, MaxDrawdown: j.MaxDrawdown,
		Metrics: documentMetrics(j.Metrics), Percentiles: documentMetrics(j.Percentiles),
		Score: j.Score, Rank: j.Rank, Weight: j.Weight, Share: j.EmissionShare, Emission: m.Emission,
		Costs: documentCosts(m.Costs), Filled: m.Filled, Rejected: m.Rejected,
		PromotedMS: msOrNull(m.PromotedMS), SlotLostMS: msOrNull(m.SlotLostMS), Elimination: documentElimination(m.Elimination), Challenge: rankedChallenge(j.Challenge),
	}
	if m.State != sweep.StateRefused {
		out.Penalties = &j.Penalties
	}
	if out.Challenge != nil {
		out.Challenge.Reason = e.unlessPlain(out.Challenge.Reason)
	}
	return out
}

// minerDifferences writes the object of what became different of each miner, one a
// line.
func (e *compareEncoder) minerDifferences(miners []sweep.MinerDifference) {
	e.text("{")
	for i := range miners {
		e.comma(i)
		e.text("\n ")
		m := &miners[i]
		d := compareMinerDifference{
			Return: m.Return, Before: stateOrNull(m.Before), After: stateOrNull(m.After),
			Share: m.Weight, Emission: m.Emission, Costs: documentCosts(m.Costs),
		}
		if m.Ranked {
			d.Rank = &m.Rank
		}
		e.field(m.Name, d)
	}
	e.text("\n}")
}

// attribution writes what each change does, in the order of the rules.
func (e *compareEncoder) attribution(a *sweep.Attribution) {
	e.text("{")
	e.field("from", a.From.Variant.Name)
	e.next("to", a.To.Variant.Name)
	e.text(",\n\"effects\":[")
	for i := range a.Effects {
		e.comma(i)
		effect := &a.Effects[i]
		e.text("\n{")
		e.field("change", effect.Change.Name)
		e.next("section", effect.Change.Section)
		values := make([]compareValue, len(effect.Change.Rows))
		for j, row := range effect.Change.Rows {
			values[j] = compareValue{row.Path, row.A, row.B}
		}
		e.lines("values", values)
		e.next("interacts", effect.Interacts)
		e.effect("first", &effect.First)
		e.effect("last", &effect.Last)
		e.text("}")
	}
	e.text("]")
	e.effect("total", &a.Total)
	e.effect("residual", &a.Residual)
	e.text("}")
}

// effect writes a difference with its miners.
func (e *compareEncoder) effect(name string, d *sweep.Difference) {
	e.text(",\n")
	e.key(name)
	e.text("{")
	e.field("all", differenceOf(d))
	e.text(",\n\"miners\":")
	e.minerDifferences(d.Miners)
	e.text("}")
}

func differenceOf(d *sweep.Difference) compareDifference {
	return compareDifference{d.MeanReturn, d.Eliminated, d.Promoted, d.Deregistered, d.Moved, d.EmissionMoved, d.Ranks}
}

func statesOf(changes []sweep.StateChange) []compareState {
	states := make([]compareState, len(changes))
	for i, c := range changes {
		states[i] = compareState{c.Name, stateOrNull(c.Before), stateOrNull(c.After)}
	}
	return states
}

func stateOrNull(state scoring.State) *string {
	if state == "" {
		return nil
	}
	text := string(state)
	return &text
}

// msOrNull is an instant, UTC ms; null where it is 0: there is none.
func msOrNull(ms int64) *int64 {
	if ms == 0 {
		return nil
	}
	return &ms
}

func documentCosts(c sim.Costs) Costs {
	return Costs{Carry: c.Carry, TransactionFee: c.Fee, SlippageEstimate: c.Slippage}
}
