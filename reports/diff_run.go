package reports

import (
	"cmp"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// The parts of a difference.
const (
	partRules       = "rules"
	partData        = "data"
	partSetup       = "setup"
	partOrders      = "orders"
	partPositions   = "positions"
	partCheckpoints = "checkpoints"
	partDaily       = "daily"
	partElimination = "elimination"
	partResult      = "result"
	partMiners      = "miners"
	partEvents      = "events"
	partHistory     = "history"
	partGroups      = "groups"
	partAside       = "not_counted"
)

// Diff compares two runs. Documents that state the same digest are the same without a
// look: it must be their own, as ReadDocument and Encode see to.
func Diff(a, b *Document, tolerance DiffTolerance) *Difference {
	d := &Difference{
		Kind: DiffRuns, Tolerance: tolerance, Headline: runFigures(a, b),
		A: DiffSide{Digest: a.Digest, Version: a.Version, What: whatRan(a)}, B: DiffSide{Digest: b.Digest, Version: b.Version, What: whatRan(b)},
	}
	w := newDiffer(tolerance, min(a.EvaluationMS, b.EvaluationMS))
	if a.Digest == "" || a.Digest != b.Digest {
		w.run(a, b)
		d.Parts, d.First = w.parts, w.first()
	} else {
		w.data(a.Dataset, b.Dataset)
	}
	w.besides(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem())
	d.Aside = w.aside
	return d
}

func newDiffer(tolerance DiffTolerance, endMS int64) *differ {
	return &differ{walker: walker{tolerance: tolerance}, aside: DiffPart{Name: partAside}, endMS: endMS}
}

// whatRan names a run: its strategy, rules and range.
func whatRan(d *Document) string {
	return legible(d.Strategy) + " · " + legible(d.Rules.Name) + " · " + d.From + " to " + d.To
}

// besides tells what of a whole document doesn't count.
func (d *differ) besides(a, b reflect.Value) {
	d.uncounted++
	for _, f := range d.plan(a.Type()) {
		if f.uncounted {
			d.under(f.name, a.Field(f.index), b.Field(f.index))
		}
	}
	d.uncounted--
	_, aside := d.take()
	d.tell("", aside)
	d.aside.sort()
}

// run compares all parts, those that were put in first.
func (d *differ) run(a, b *Document) {
	d.rules(a.Rules, b.Rules)
	d.data(a.Dataset, b.Dataset)
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	in := func(part string) func(field string) bool {
		return func(field string) bool { return runPart(field) == part }
	}
	d.values(partSetup, x, y, in(partSetup))
	orderDiff().compare(d, a.Orders, b.Orders)
	d.positionDiff().compare(d, a.Positions, b.Positions)
	checkpointDiff().compare(d, a.Checkpoints, b.Checkpoints)
	dayDiff().compare(d, a.Daily, b.Daily)
	eliminationDiff().compare(d, optional(a.Elimination), optional(b.Elimination))
	for _, part := range []string{"challenge", partResult, "counts", "costs", "metrics", "penalties", "against"} {
		if part == "against" && a.Against == nil && b.Against == nil {
			continue
		}
		d.values(part, x, y, in(part))
	}
}

// runPart is the part to which a field of the document belongs, "" of one that is
// compared in its own way, or has no part in what came out.
func runPart(field string) string {
	switch field {
	case "ptnsim", "digest", "warnings", "causality":
		return ""
	case "rules", "dataset", "orders", "positions", "checkpoints", "daily", "elimination":
		return ""
	case "schema", "from", "to", "evaluation_ms", "strategy", "strategy_sha256", "params", "seed", "as", "fill", "latency_ms":
		return partSetup
	case "challenge", "counts", "costs", "metrics", "penalties", "against":
		return field
	}
	return partResult
}

// rules compares rule sets value by value.
func (d *differ) rules(a, b DocumentRules) {
	p := DiffPart{Name: partRules}
	var fields []DiffField
	if a.Name != b.Name {
		fields = append(fields, DiffField{Name: "name", A: stringText(a.Name), B: stringText(b.Name)})
	}
	values, same := ruleFields(a, b)
	p.Same = same
	fields = append(fields, values...)
	if p.Changed = len(fields); p.Changed > 0 {
		p.Entries = []DiffEntry{{Change: DiffChanged, Fields: fields}}
	}
	d.end(p)
}

// ruleFields are the values in which two rule sets differ, and how many don't; their
// whole texts where those are no rule sets, or say the same otherwise.
func ruleFields(a, b DocumentRules) (fields []DiffField, same int) {
	var whole []DiffField
	if a.Text != b.Text {
		whole = []DiffField{{Name: "text", A: stringText(a.Text), B: stringText(b.Text)}}
	}
	before, err := rules.Parse(a.Name, []byte(a.Text))
	if err != nil {
		return whole, 0
	}
	after, err := rules.Parse(b.Name, []byte(b.Text))
	if err != nil {
		return whole, 0
	}
	same = len(before.Rows())
	for _, row := range rules.Diff(before, after) {
		f := DiffField{Name: row.Path, A: ruleText(row.A), B: ruleText(row.B)}
		x, errX := strconv.ParseFloat(row.A, 64)
		y, errY := strconv.ParseFloat(row.B, 64)
		if errX == nil && errY == nil {
			of := numberField(row.Path, scoring.Known(x), scoring.Known(y))
			f.Distance, f.Part = of.Distance, of.Part
		}
		if f.A != "null" {
			same--
		}
		fields = append(fields, f)
	}
	if fields == nil {
		fields = whole
	}
	return fields, same
}

// ruleText is a rule's value as JSON: the text of a rule file, null where a set has
// none.
func ruleText(value string) string {
	if value == "" {
		return "null"
	}
	return stringText(value)
}

// dataKey is what candles are of.
type dataKey struct{ pair, interval string }

// data compares the candles by their content.
func (d *differ) data(a, b []DatasetFile) {
	elements[DatasetFile, dataKey]{
		part: partData,
		key:  func(f *DatasetFile) dataKey { return dataKey{f.Pair, f.Interval} },
		name: func(f *DatasetFile) string { return f.Pair + " " + f.Interval },
		time: func(*DatasetFile) int64 { return 0 },
		when: func(_, _ *DatasetFile, _ *DiffField) int64 { return 0 },
	}.compare(d, a, b)
}

// pairTime is what belongs together among orders, and among positions.
type pairTime struct {
	pair string
	ms   int64
}

func (k pairTime) String() string { return k.pair + " " + instant(k.ms) }

func orderDiff() elements[DocumentOrder, pairTime] {
	key := func(o *DocumentOrder) pairTime { return pairTime{o.Pair, o.EmittedMS} }
	return elements[DocumentOrder, pairTime]{
		part: partOrders, key: key,
		name: func(o *DocumentOrder) string { return key(o).String() },
		time: func(o *DocumentOrder) int64 { return o.EmittedMS },
		when: func(a, b *DocumentOrder, f *DiffField) int64 {
			// What was ordered differs when it is emitted, and so does whether it is filled at
			// all: an order that is not has no other instant.
			if f.Name == "order_type" || f.Name == "leverage" || a.FilledMS == nil || b.FilledMS == nil {
				return a.EmittedMS
			}
			return min(*a.FilledMS, *b.FilledMS)
		},
	}
}

func (d *differ) positionDiff() elements[DocumentPosition, pairTime] {
	key := func(p *DocumentPosition) pairTime { return pairTime{p.Pair, p.OpenMS} }
	return elements[DocumentPosition, pairTime]{
		part: partPositions, key: key,
		name: func(p *DocumentPosition) string { return key(p).String() },
		time: func(p *DocumentPosition) int64 { return p.OpenMS },
		when: func(a, b *DocumentPosition, f *DiffField) int64 {
			if _, fill, ok := strings.Cut(f.Name, "["); ok {
				fill, _, _ = strings.Cut(fill, "]")
				fill, _, _ = strings.Cut(fill, " #")
				if ms, err := parseInstant(fill); err == nil {
					return ms
				}
			}
			return cmp.Or(earlier(orZero(a.CloseMS), orZero(b.CloseMS)), d.endMS)
		},
	}
}

func checkpointDiff() elements[DocumentCheckpoint, int64] {
	end := func(c *DocumentCheckpoint) int64 { return c.LastUpdateMS }
	return elements[DocumentCheckpoint, int64]{
		part: partCheckpoints, key: end, time: end,
		name: func(c *DocumentCheckpoint) string { return instant(c.LastUpdateMS) },
		when: func(a, _ *DocumentCheckpoint, _ *DiffField) int64 { return a.LastUpdateMS },
	}
}

func dayDiff() elements[DocumentDay, string] {
	date := func(day *DocumentDay) string { return day.Date }
	end := func(day *DocumentDay) int64 {
		t, err := time.Parse(time.DateOnly, day.Date)
		if err != nil {
			return 0
		}
		return t.UnixMilli() + dayMS
	}
	return elements[DocumentDay, string]{
		part: partDaily, key: date, name: date, time: end,
		when: func(a, _ *DocumentDay, _ *DiffField) int64 { return end(a) },
	}
}

func eliminationDiff() elements[DocumentElimination, struct{}] {
	return elements[DocumentElimination, struct{}]{
		part: partElimination,
		key:  func(*DocumentElimination) struct{} { return struct{}{} },
		name: func(*DocumentElimination) string { return "" },
		time: func(e *DocumentElimination) int64 { return e.TimeMS },
		when: func(a, b *DocumentElimination, _ *DiffField) int64 { return min(a.TimeMS, b.TimeMS) },
	}
}
