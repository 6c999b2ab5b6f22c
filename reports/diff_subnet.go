package reports

import (
	"cmp"
	"reflect"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// DiffTournaments compares two tournaments, as Diff compares runs. The parts are those
// of a tournament: miners by their names, events, and settings of the weights.
func DiffTournaments(a, b *SubnetDocument, tolerance DiffTolerance) *Difference {
	d := &Difference{
		Kind: DiffSubnets, Tolerance: tolerance, Headline: subnetFigures(a, b),
		A: DiffSide{Digest: a.Digest, Version: a.Version, What: whatWasPlayed(a)}, B: DiffSide{Digest: b.Digest, Version: b.Version, What: whatWasPlayed(b)},
	}
	w := newDiffer(tolerance, min(a.EvaluationMS, b.EvaluationMS))
	if a.Digest == "" || a.Digest != b.Digest {
		w.subnet(a, b)
		d.Parts, d.First = w.parts, w.first()
	} else {
		w.data(a.Dataset, b.Dataset)
	}
	w.besides(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem())
	d.Aside = w.aside
	return d
}

func whatWasPlayed(d *SubnetDocument) string {
	return legible(d.Name) + " · " + legible(d.Rules.Name) + " · " + d.From + " to " + d.To
}

func (d *differ) subnet(a, b *SubnetDocument) {
	d.rules(a.Rules, b.Rules)
	d.data(a.Dataset, b.Dataset)
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	in := func(part string) func(field string) bool {
		return func(field string) bool { return subnetPart(field) == part }
	}
	d.values(partSetup, x, y, in(partSetup))
	eventDiff().compare(d, a.Events, b.Events)
	historyDiff().compare(d, diffRounds(a.History), diffRounds(b.History))
	d.minerDiff().compare(d, a.Miners, b.Miners)
	d.groupDiff().compare(d, a.Groups, b.Groups)
	d.values(partResult, x, y, in(partResult))
	d.values("counts", x, y, in("counts"))
}

// subnetPart is what runPart is of a tournament.
func subnetPart(field string) string {
	switch field {
	case "ptnsim", "digest", "warnings", "source_sha256":
		return ""
	case "rules", "dataset", "groups", "miners", "events", "history":
		return ""
	case "schema", "name", "from", "to", "evaluation_ms", "seed", "weights_every_ms", "checks_every_ms", "slots", "emission_per_day", "registration_fee":
		return partSetup
	case "counts":
		return field
	}
	return partResult
}

// eventKey is what belongs together among events.
type eventKey struct {
	ms    int64
	kind  subnet.EventKind
	miner string
}

func eventDiff() elements[DocumentEvent, eventKey] {
	at := func(e *DocumentEvent) int64 { return e.TimeMS }
	return elements[DocumentEvent, eventKey]{
		part: partEvents, time: at,
		key:  func(e *DocumentEvent) eventKey { return eventKey{e.TimeMS, e.Kind, e.Miner} },
		name: func(e *DocumentEvent) string { return instant(e.TimeMS) + " " + string(e.Kind) + " " + e.Miner },
		when: func(a, _ *DocumentEvent, _ *DiffField) int64 { return a.TimeMS },
	}
}

// diffRound is a setting of the weights with a record a miner, where the document has
// lists side by side: so a miner more or less changes no other one's place.
type diffRound struct {
	TimeMS        int64         `json:"time_ms"`
	Concentration scoring.Value `json:"concentration"`
	Miners        []diffPlace   `json:"miners"`
}

// diffPlace is where one miner stands in it.
type diffPlace struct {
	Miner string        `json:"miner"`
	State scoring.State `json:"state"`
	Rank  *int          `json:"rank"`
	Score scoring.Value `json:"score"`
	Share float64       `json:"share"`
}

func diffRounds(history []DocumentRound) []diffRound {
	rounds := make([]diffRound, len(history))
	for i := range history {
		from, to := &history[i], &rounds[i]
		*to = diffRound{TimeMS: from.TimeMS, Concentration: from.Concentration, Miners: make([]diffPlace, len(from.Miners))}
		for j, name := range from.Miners {
			to.Miners[j] = diffPlace{name, from.States[j], from.Ranks[j], from.Scores[j], from.Shares[j]}
		}
	}
	return rounds
}

func historyDiff() elements[diffRound, int64] {
	at := func(r *diffRound) int64 { return r.TimeMS }
	return elements[diffRound, int64]{
		part: partHistory, key: at, time: at,
		name: func(r *diffRound) string { return instant(r.TimeMS) },
		when: func(a, _ *diffRound, _ *DiffField) int64 { return a.TimeMS },
	}
}

func (d *differ) minerDiff() elements[SubnetMiner, string] {
	name := func(m *SubnetMiner) string { return m.ID }
	return elements[SubnetMiner, string]{
		part: partMiners, key: name, name: name, rank: minerRank,
		time: func(m *SubnetMiner) int64 { return m.Registered },
		when: func(a, b *SubnetMiner, f *DiffField) int64 {
			switch {
			case strings.HasPrefix(f.Name, "elimination."):
				return earlier(eliminatedMS(a), eliminatedMS(b))
			case isInstant(f.Name):
				return cmp.Or(earlier(instantOf(f.A), instantOf(f.B)), d.endMS)
			case isMinerSetup(f.Name):
				return 0 // as what is put in of a run
			}
			return d.endMS
		},
	}
}

// minerRank brings in front what was put in, and then what people look at first.
func minerRank(f *DiffField) int {
	switch name, _, _ := strings.Cut(f.Name, "."); name {
	case "strategy", "strategy_sha256", "params":
		return -2
	case "state":
		return 0
	case "rank", "weight", "emission_share", "final_return":
		return 1
	case "elimination":
		return 2
	}
	if isMinerSetup(f.Name) {
		return -1
	}
	return 3
}

func eliminatedMS(m *SubnetMiner) int64 {
	if m.Elimination == nil {
		return 0
	}
	return m.Elimination.TimeMS
}

// isMinerSetup reports whether a field says what a miner is, and not what became of it.
func isMinerSetup(name string) bool {
	switch name {
	case "group", "generation", "strategy", "strategy_sha256", "copies", "delay_ms", "seed", "fill", "latency_ms", "again_ms", "began_in_main":
		return true
	}
	return strings.HasPrefix(name, "params.")
}

func (d *differ) groupDiff() elements[SubnetGroup, string] {
	name := func(g *SubnetGroup) string { return g.Group }
	return elements[SubnetGroup, string]{
		part: partGroups, key: name, name: name, sorted: true,
		time: func(*SubnetGroup) int64 { return d.endMS },
		when: func(_, _ *SubnetGroup, _ *DiffField) int64 { return d.endMS },
	}
}
