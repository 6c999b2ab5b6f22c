package reports

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// partOf is a part of a difference.
func partOf(t testing.TB, d *Difference, name string) *DiffPart {
	t.Helper()
	i := slices.IndexFunc(d.Parts, func(p DiffPart) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("no part %q", name)
	}
	return &d.Parts[i]
}

// TestDiffSeesWhatTheDigestCovers: without a tolerance two results are the same if and
// only if their digests are, whichever value of a document changes; and what no digest
// covers is told.
func TestDiffSeesWhatTheDigestCovers(t *testing.T) {
	run, tournament := diffRun(t), diffSubnet(t)
	withoutRules(&run.Rules)
	withoutRules(&tournament.Rules)
	run.Encode()
	tournament.Encode()
	for name, change := range changesOf(t, run) {
		if name == ".Digest" {
			continue
		}
		other := copied(t, run, func(d *Document) { change(d) })
		check(t, name, Diff(run, other, DiffTolerance{}), run.Digest == other.Digest)
		a, b := *run, *other
		a.Digest, b.Digest = "", ""
		check(t, name+" without digests", Diff(&a, &b, DiffTolerance{}), a.digest() == b.digest())
	}
	for name, change := range changesOf(t, tournament) {
		if name == ".Digest" || strings.HasPrefix(name, ".Miners") && strings.HasSuffix(name, ".ID") {
			continue
		}
		other := copied(t, tournament, func(d *SubnetDocument) { change(d) })
		check(t, "subnet "+name, DiffTournaments(tournament, other, DiffTolerance{}), tournament.Digest == other.Digest)
		a, b := *tournament, *other
		a.Digest, b.Digest = "", ""
		check(t, "subnet "+name+" without digests", DiffTournaments(&a, &b, DiffTolerance{}), a.digest() == b.digest())
	}
}

func check(t *testing.T, name string, d *Difference, same bool) {
	t.Helper()
	if d.Same() != same {
		t.Errorf("%s: same is %v, by the digests %v: %+v", name, d.Same(), same, d.Parts)
	}
}

// mirrored is a difference with its sides changed.
func mirrored(d *Difference) *Difference {
	field := func(f DiffField) DiffField {
		f.A, f.B = f.B, f.A
		if x, known := f.Distance.Get(); known {
			f.Distance = scoring.Known(-x)
		}
		return f
	}
	entry := func(e DiffEntry) DiffEntry {
		e.A, e.B = e.B, e.A
		e.Change = map[DiffChange]DiffChange{DiffChanged: DiffChanged, DiffOnlyA: DiffOnlyB, DiffOnlyB: DiffOnlyA}[e.Change]
		e.Fields = slices.Clone(e.Fields)
		for i := range e.Fields {
			e.Fields[i] = field(e.Fields[i])
		}
		return e
	}
	part := func(p DiffPart) DiffPart {
		p.OnlyA, p.OnlyB = p.OnlyB, p.OnlyA
		p.Entries = slices.Clone(p.Entries)
		for i := range p.Entries {
			p.Entries[i] = entry(p.Entries[i])
		}
		return p
	}
	m := *d
	m.A, m.B, m.Aside = d.B, d.A, part(d.Aside)
	m.Parts, m.Headline = slices.Clone(d.Parts), slices.Clone(d.Headline)
	for i := range m.Parts {
		m.Parts[i] = part(m.Parts[i])
	}
	for i := range m.Headline {
		m.Headline[i].DiffField = field(m.Headline[i].DiffField)
	}
	if d.First != nil {
		m.First = &Divergence{d.First.TimeMS, d.First.Part, entry(d.First.Entry)}
	}
	return &m
}

// TestDiffIsSymmetric: the difference of b and a is that of a and b with its sides
// changed, whatever was changed in both, and whatever is tolerated.
func TestDiffIsSymmetric(t *testing.T) {
	run, tournament := diffRun(t), diffSubnet(t)
	withoutRules(&run.Rules)
	withoutRules(&tournament.Rules)
	run.Encode()
	tournament.Encode()
	runChanges, tournamentChanges := changesOf(t, run), changesOf(t, tournament)
	tolerances := []DiffTolerance{{}, {Distance: 0.5}, {Part: 0.1}}
	rapid.Check(t, func(r *rapid.T) {
		tolerance := rapid.SampledFrom(tolerances).Draw(r, "tolerance")
		var there, back *Difference
		if rapid.Bool().Draw(r, "a run") {
			a, b := changedAtRandom(t, r, run, runChanges), changedAtRandom(t, r, run, runChanges)
			there, back = Diff(a, b, tolerance), Diff(b, a, tolerance)
		} else {
			a, b := changedAtRandom(t, r, tournament, tournamentChanges), changedAtRandom(t, r, tournament, tournamentChanges)
			there, back = DiffTournaments(a, b, tolerance), DiffTournaments(b, a, tolerance)
		}
		if want := mirrored(there); !reflect.DeepEqual(back, want) {
			r.Fatalf("got\n%s\nwant\n%s", back.Encode(), want.Encode())
		}
	})
}

func changedAtRandom[D Document | SubnetDocument](t testing.TB, r *rapid.T, d *D, changes map[string]func(any)) *D {
	names := slices.Sorted(maps.Keys(changes))
	return copied(t, d, func(other *D) {
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 3).Draw(r, "changes") {
			func() {
				defer func() { _ = recover() }() // an earlier change took what this one is about
				changes[name](other)
			}()
		}
	})
}

func TestDiffOfTheSameIsOneLine(t *testing.T) {
	a := diffRun(t)
	d := Diff(a, copied(t, a, func(*Document) {}), DiffTolerance{})
	if !d.Same() || d.First != nil || len(d.Aside.Entries) != 0 {
		t.Errorf("%+v", d)
	}
	if text := summaryOfDiff(t, d, SummaryOptions{}); text != "The same        "+a.Digest+"\n" {
		t.Errorf("got %q", text)
	}
}

func TestDiffTellsWhatDoesNotCount(t *testing.T) {
	a := diffRun(t)
	b := copied(t, a, func(d *Document) {
		d.Version, d.Dataset[1].File, d.Warnings = "2.0", "elsewhere.arrow", nil
	})
	d := Diff(a, b, DiffTolerance{})
	want := "The same        " + a.Digest + "\nNot counted     ptnsim 1.0 and 2.0, warnings, data ETHUSD 5m file\n"
	if text := summaryOfDiff(t, d, SummaryOptions{}); !d.Same() || text != want {
		t.Errorf("same is %v, got\n%s\nwant\n%s", d.Same(), text, want)
	}
}

// One order more in the middle is one difference, and so is one less at an instant that
// has several.
func TestDiffOfAnOrderMore(t *testing.T) {
	a := diffRun(t)
	b := copied(t, a, func(d *Document) {
		at := startMS + 3*hourMS
		order := d.Orders[0]
		order.EmittedMS, order.OrderType, order.Leverage = int64(at), "SHORT", scoring.Known(-0.25)
		d.Orders = slices.Insert(d.Orders, 2, order)
	})
	d := Diff(a, b, DiffTolerance{})
	p := partOf(t, d, partOrders)
	if p.OnlyB != 1 || p.OnlyA+p.Changed != 0 || p.Same != 5 || len(p.Entries) != 1 {
		t.Errorf("%+v", p)
	}
	if want := "2025-01-01T03:00:00Z: the order BTCUSD 2025-01-01T03:00:00Z (SHORT -0.25, accepted at 50000), in B only"; d.First.String() != want {
		t.Errorf("first\n%s, want\n%s", d.First, want)
	}

	// Of three at one instant the middle one goes: it alone is told.
	three := copied(t, a, func(d *Document) {
		order := d.Orders[0]
		order.OrderType, order.Outcome, order.Reason, order.FilledMS = "SHORT", sim.Rejected, sim.CooldownActive, nil
		last := order
		last.OrderType = "FLAT"
		d.Orders = slices.Insert(d.Orders, 1, order, last)
	})
	two := copied(t, three, func(d *Document) { d.Orders = slices.Delete(d.Orders, 1, 2) })
	p = partOf(t, Diff(three, two, DiffTolerance{}), partOrders)
	if p.OnlyA != 1 || p.OnlyB+p.Changed != 0 || p.Entries[0].A.(*DocumentOrder).OrderType != "SHORT" || p.Entries[0].Key != "BTCUSD 2025-01-01T01:00:00Z #2" {
		t.Errorf("%+v", p)
	}
}

// The last bit of a day's return is a difference, of 2⁻⁵⁹: 0.02 lies between 2⁻⁶ and
// 2⁻⁵, where numbers are 2⁻⁶⁻⁵² = 2⁻⁵⁸ apart.
func TestDiffOfTheLastBitOfADay(t *testing.T) {
	a := diffRun(t)
	b := copied(t, a, func(d *Document) { d.Daily[1].LogReturn = scoring.Known(math.Nextafter(0.02, 1)) })
	d := Diff(a, b, DiffTolerance{})
	p := partOf(t, d, partDaily)
	bit := math.Ldexp(1, -58)
	want := []DiffEntry{{
		Change: DiffChanged, Key: "2025-01-02", TimeMS: startMS + 2*dayMS, A: &a.Daily[1], B: &b.Daily[1],
		Fields: []DiffField{{"log_return", "0.02", "0.020000000000000004", scoring.Known(bit), scoring.Known(bit / math.Nextafter(0.02, 1))}},
	}}
	if !reflect.DeepEqual(p.Entries, want) || d.Same() {
		t.Errorf("got %+v, want %+v", p.Entries, want)
	}
	if want := "2025-01-03T00:00:00Z: the day 2025-01-02: log_return is 0.02 in A and 0.020000000000000004 in B"; d.First.String() != want {
		t.Errorf("first\n%s, want\n%s", d.First, want)
	}
	for i := range d.Parts {
		if other := &d.Parts[i]; other.Name != partDaily && len(other.Entries) > 0 {
			t.Errorf("%s differs: %+v", other.Name, other.Entries)
		}
	}
}

// Another rule set is told value by value. It has no instant: what came out is the
// same.
func TestDiffOfAnotherRuleSet(t *testing.T) {
	a := diffRun(t)
	resolved, err := rules.Load(rules.Default, rules.WithOverride("drawdown.limit=0.05"), rules.WithOverride("cooldown.period=11s"))
	if err != nil {
		t.Fatal(err)
	}
	b := copied(t, a, func(d *Document) { d.Rules = documentRules(resolved) })
	d := Diff(a, b, DiffTolerance{Distance: 1000, Part: 1})
	var got []string
	for _, f := range partOf(t, d, partRules).Entries[0].Fields {
		got = append(got, f.text())
	}
	slices.Sort(got)
	want := []string{"cooldown.period 10s → 11s", "drawdown.limit 0.1 → 0.05 (-0.05000, 50.00 %)"}
	if got = slices.DeleteFunc(got, func(text string) bool { return strings.HasPrefix(text, "name ") }); !slices.Equal(got, want) || d.Same() {
		t.Errorf("got %q, want %q", got, want)
	}
	if d.First != nil || !strings.Contains(summaryOfDiff(t, d, SummaryOptions{}), "at no instant: what was put in differs") {
		t.Errorf("first %v", d.First)
	}
}

func TestDiffOfAnElimination(t *testing.T) {
	eliminated := diffRun(t)
	alive := copied(t, eliminated, func(d *Document) { d.Elimination, d.FinalReturn = nil, 1.2 })
	d := Diff(alive, eliminated, DiffTolerance{})
	if p := partOf(t, d, partElimination); p.OnlyB != 1 || p.OnlyA+p.Changed+p.Same != 0 {
		t.Errorf("%+v", p)
	}
	if want := "2025-01-03T00:00:00Z: the elimination (MAX_TOTAL_DRAWDOWN at a drawdown of 11.00 %), in B only"; d.First.String() != want {
		t.Errorf("first\n%s, want\n%s", d.First, want)
	}
	earlier := copied(t, eliminated, func(d *Document) { d.Elimination.TimeMS -= hourMS; d.Elimination.Price = scoring.Value{} })
	want := "2025-01-02T23:00:00Z: the elimination: time_ms is 2025-01-03T00:00:00Z in A and 2025-01-02T23:00:00Z in B (and 1 more value of it)"
	if d := Diff(eliminated, earlier, DiffTolerance{}); d.First.String() != want {
		t.Errorf("first\n%s, want\n%s", d.First, want)
	}
}

// An elimination is told before the position that it closes, and after the order or
// the day of which it follows.
func TestDiffFirstIsTheEliminationThatCloses(t *testing.T) {
	eliminated := diffRun(t)
	at := eliminated.Elimination.TimeMS
	eliminated.Positions[0].CloseMS = &at
	alive := copied(t, eliminated, func(d *Document) {
		later := at + hourMS
		d.Elimination, d.Positions[0].CloseMS = nil, &later
	})
	for _, d := range []*Difference{Diff(eliminated, alive, DiffTolerance{}), Diff(alive, eliminated, DiffTolerance{})} {
		if p := partOf(t, d, partPositions); p.Changed != 1 || p.Entries[0].TimeMS != at {
			t.Fatalf("positions %+v", p)
		}
		if d.First.Part != partElimination || d.First.TimeMS != at {
			t.Errorf("first %s", d.First)
		}
	}
	// Of one that both sides have, the position's value may be the cause.
	other := copied(t, eliminated, func(d *Document) { d.Elimination.Drawdown, d.Positions[0].ReturnAtClose = 0.5, 0.5 })
	if d := Diff(eliminated, other, DiffTolerance{}); d.First.Part != partPositions {
		t.Errorf("first %s", d.First)
	}
}

// An order that is rejected because of the elimination at the same instant is not where
// two results part, and one that filled then is.
func TestDiffFirstIsTheEliminationThatRejects(t *testing.T) {
	alive := diffRun(t)
	at := alive.Elimination.TimeMS
	rejected := alive.Orders[3]
	rejected.EmittedMS, rejected.Reason = at, sim.Eliminated
	accepted := alive.Orders[0]
	accepted.EmittedMS, accepted.FilledMS = at, &at
	alive = copied(t, alive, func(d *Document) { d.Elimination, d.Orders = nil, append(d.Orders, accepted) })
	for name, c := range map[string]struct {
		change func(d *Document)
		part   string
	}{
		"rejected":        {func(d *Document) { d.Orders[len(d.Orders)-1] = rejected }, partElimination},
		"not sent at all": {func(d *Document) { d.Orders = d.Orders[:len(d.Orders)-1] }, partElimination},
		// Its own leverage brought the loss.
		"filled otherwise": {func(d *Document) { d.Orders[len(d.Orders)-1].Leverage = scoring.Known(5) }, partOrders},
	} {
		eliminated := copied(t, alive, func(d *Document) {
			d.Elimination = &DocumentElimination{TimeMS: at, Reason: sim.MaxTotalDrawdown, Drawdown: 0.11}
			c.change(d)
		})
		later := copied(t, alive, func(d *Document) {
			d.Elimination = &DocumentElimination{TimeMS: at + hourMS, Reason: sim.MaxTotalDrawdown, Drawdown: 0.11}
		})
		for i, d := range []*Difference{
			Diff(alive, eliminated, DiffTolerance{}), Diff(eliminated, alive, DiffTolerance{}),
			Diff(later, eliminated, DiffTolerance{}), Diff(eliminated, later, DiffTolerance{}),
		} {
			if p := partOf(t, d, partOrders); len(p.Entries) != 1 || p.Entries[0].TimeMS != at {
				t.Fatalf("%s, %d: orders %+v", name, i, p)
			}
			if d.First.Part != c.part || d.First.TimeMS != at {
				t.Errorf("%s, %d: first %s", name, i, d.First)
			}
		}
	}
}

func TestDiffOfRanges(t *testing.T) {
	a := diffRun(t)
	shorter := copied(t, a, func(d *Document) {
		d.To, d.EvaluationMS = instant(startMS+2*dayMS), startMS+2*dayMS
		d.Daily, d.Checkpoints = d.Daily[:2], d.Checkpoints[:4]
	})
	d := Diff(a, shorter, DiffTolerance{})
	if want := "2025-01-03T00:00:00Z: the range: to is 2025-03-15T00:00:00Z in A and 2025-01-03T00:00:00Z in B (and 1 more value of it)"; d.First.String() != want {
		t.Errorf("first\n%s, want\n%s", d.First, want)
	}
	if daily, cps := partOf(t, d, partDaily), partOf(t, d, partCheckpoints); daily.Same != 2 || daily.OnlyA != 1 || cps.Same != 4 || cps.OnlyA != 2 {
		t.Errorf("days %+v, checkpoints %+v", daily, cps)
	}
	later := copied(t, a, func(d *Document) { d.From = instant(startMS + 30*minuteMS) })
	if want := "2025-01-01T00:00:00Z: the range: from is 2025-01-01T00:00:00Z in A and 2025-01-01T00:30:00Z in B"; Diff(a, later, DiffTolerance{}).First.String() != want {
		t.Errorf("first %s", Diff(a, later, DiffTolerance{}).First)
	}
}

// What differs first is what the others follow from: a fill before its position, its
// checkpoint and its day.
func TestDiffFirstIsAFill(t *testing.T) {
	a := diffRun(t)
	b := copied(t, a, func(d *Document) {
		d.Orders[2].Price = scoring.Known(50001)
		d.Checkpoints[0].Gain, d.Daily[0].LogReturn, d.FinalReturn = 0.02, scoring.Known(0.02), 1.3
		d.Positions[0].Orders[1].Price = 50001
	})
	d := Diff(a, b, DiffTolerance{})
	if want := "2025-01-01T06:00:00.5Z: the order BTCUSD 2025-01-01T06:00:00Z: price is 50000 in A and 50001 in B"; d.First.String() != want {
		t.Errorf("first\n%s, want\n%s", d.First, want)
	}
	// The fill of the position is at its own time, and found by it: January 2 and 26 hours.
	e := partOf(t, d, partPositions).Entries[0]
	if e.TimeMS != startMS+dayMS+26*hourMS || e.Fields[0].Name != "orders[2025-01-03T02:00:00Z].price" {
		t.Errorf("%+v", e)
	}
	// Whether it is filled at all is decided when it is emitted.
	rejected := copied(t, a, func(d *Document) { d.Orders[2].Outcome, d.Orders[2].FilledMS = sim.Rejected, nil })
	if d := Diff(a, rejected, DiffTolerance{}); d.First.TimeMS != startMS+6*hourMS {
		t.Errorf("first %s", d.First)
	}
}

// Numbers are the same up to the tolerance and with it: 0.25 and 0.5 are exact.
func TestDiffToleranceAtItsEdge(t *testing.T) {
	below := math.Nextafter(0.25, 0)
	cases := []struct {
		name      string
		a, b      float64
		tolerance DiffTolerance
		same      bool
	}{
		{"at the distance", 1, 1.25, DiffTolerance{Distance: 0.25}, true},
		{"beyond the distance", 1, 1.25, DiffTolerance{Distance: below}, false},
		{"at the part of the larger one", 1, 2, DiffTolerance{Part: 0.5}, true},
		{"beyond the part", 1, 2, DiffTolerance{Part: math.Nextafter(0.5, 0)}, false},
		{"one of the two suffices", 1, 2, DiffTolerance{Distance: 1e-9, Part: 0.5}, true},
		{"no part of nothing", 0, 5e-324, DiffTolerance{Part: 0.5}, false},
		{"opposite signs", -1, 1, DiffTolerance{Part: 1}, false},
		{"no tolerance", 1, math.Nextafter(1, 2), DiffTolerance{}, false},
	}
	for _, c := range cases {
		for _, order := range [][2]float64{{c.a, c.b}, {c.b, c.a}} {
			base := diffRun(t)
			with := func(x float64) *Document { return copied(t, base, func(d *Document) { d.FinalReturn = x }) }
			d := Diff(with(order[0]), with(order[1]), c.tolerance)
			if d.Same() != c.same {
				t.Errorf("%s: same is %v, want %v", c.name, d.Same(), c.same)
			}
			if within := partOf(t, d, partResult).Within; (within == 1) != c.same {
				t.Errorf("%s: %d within the tolerance", c.name, within)
			}
		}
	}
	a := diffRun(t)
	b := copied(t, a, func(d *Document) { d.FinalReturn++ })
	if text := summaryOfDiff(t, Diff(a, b, DiffTolerance{Distance: 1, Part: 0.001}), SummaryOptions{}); text != "The same        1 number differs, by no more than 1 or 0.1 %\n" {
		t.Errorf("got %q", text)
	}
}

// A tolerance is for measured numbers alone: one that only one side has differs, and so
// do days, times and ranks.
func TestDiffToleranceIsForNumbersThatAreThere(t *testing.T) {
	a := diffRun(t)
	all := DiffTolerance{Distance: 1e300, Part: 2}
	for name, change := range map[string]func(d *Document){
		"null against a number": func(d *Document) { d.Metrics.Sharpe = scoring.Value{} },
		"NaN":                   func(d *Document) { d.FinalReturn = math.NaN() },
		"an infinity":           func(d *Document) { d.Costs.Carry = math.Inf(1) },
		"days":                  func(d *Document) { d.Days++ },
		"a time":                func(d *Document) { d.Positions[0].OpenMS++ },
		"the seed":              func(d *Document) { d.Seed++ },
	} {
		b := *copied(t, a, func(*Document) {})
		change(&b)
		b.Digest = b.digest()
		if Diff(a, &b, all).Same() || Diff(&b, a, all).Same() {
			t.Errorf("%s is within the tolerance", name)
		}
	}
	// Nothing is nothing on both sides, however it came about.
	b, c := *a, *a
	b.FinalReturn, c.FinalReturn = math.NaN(), math.Inf(-1)
	b.Digest, c.Digest = "", ""
	if !Diff(&b, &c, DiffTolerance{}).Same() {
		t.Error("null differs from null")
	}
}

func TestDiffOfTournaments(t *testing.T) {
	a := diffSubnet(t)
	b := copied(t, a, func(d *SubnetDocument) {
		i := slices.IndexFunc(d.Miners, func(m SubnetMiner) bool { return m.ID == "second" })
		rank := 3
		d.Miners[i].Weight, d.Miners[i].Rank = 0.25, &rank
		day := startMS + int64(55*dayMS)
		reason := sim.MaxTotalDrawdown
		d.Events = slices.Insert(d.Events, 4, DocumentEvent{TimeMS: day, Kind: "eliminated", Miner: "best", Reason: &reason})
		d.History[0].Miners[1], d.History[0].Shares[0] = "other", 0.75
		d.Miners = slices.Delete(d.Miners, 0, 1) // best
	})
	d := DiffTournaments(a, b, DiffTolerance{})
	miners := partOf(t, d, partMiners)
	if miners.OnlyA != 1 || miners.Changed != 1 || miners.Same != 3 || miners.Entries[0].Key != "best" {
		t.Errorf("%+v", miners)
	}
	var names []string
	for _, f := range miners.Entries[1].Fields {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"weight", "rank"}) {
		t.Errorf("the fields of second: %q", names)
	}
	if p := partOf(t, d, partEvents); p.OnlyB != 1 || p.Changed+p.OnlyA != 0 || p.Same != 7 {
		t.Errorf("%+v", p)
	}
	names = nil
	for _, f := range partOf(t, d, partHistory).Entries[0].Fields {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"miners[best].share", "miners[other]", "miners[ruined]"}) {
		t.Errorf("the fields of the setting: %q", names)
	}
	// Another strategy of a miner is put in, and has no instant.
	c := copied(t, a, func(d *SubnetDocument) { d.Miners[1].Strategy, d.Miners[1].Params[0].Value = "momentum", "9" })
	if d := DiffTournaments(a, c, DiffTolerance{}); d.Same() || d.First != nil {
		t.Errorf("first %v", d.First)
	}
	// best registered at the start, in A only.
	if want := "2025-01-01T00:00:00Z: the miner best (main, +25.00 %), in A only"; d.First.String() != want {
		t.Errorf("first\n%s, want\n%s", d.First, want)
	}
}

// TestDiffEntriesAreSortedByTime: 1000 orders whose prices all differ come in their
// order.
func TestDiffEntriesAreSortedByTime(t *testing.T) {
	a, b := manyOrders(1000, 0), manyOrders(1000, 1)
	entries := partOf(t, Diff(a, b, DiffTolerance{}), partOrders).Entries
	if len(entries) != 1000 || !slices.IsSortedFunc(entries, func(x, y DiffEntry) int { return int(x.TimeMS - y.TimeMS) }) {
		t.Errorf("%d entries, not in the order of time", len(entries))
	}
}

// manyOrders is a run of n orders a minute apart, and a year of checkpoints; its prices
// are so much beside 100.
func manyOrders(n int, beside float64) *Document {
	d := &Document{Schema: Schema, From: instant(startMS), To: instant(startMS + 365*dayMS), EvaluationMS: startMS + 365*dayMS, As: "main", Fill: "open"}
	for i := range n {
		ms := startMS + int64(i)*minuteMS
		d.Orders = append(d.Orders, DocumentOrder{
			EmittedMS: ms, FilledMS: &ms, Pair: []string{"BTCUSD", "ETHUSD"}[i%2], OrderType: "LONG", Leverage: scoring.Known(0.1), EffectiveLeverage: scoring.Known(0.1),
			Price: scoring.Known(100 + beside), Slippage: scoring.Known(0), Outcome: sim.Accepted, Warnings: []string{},
		})
	}
	for i := range int64(730) {
		d.Checkpoints = append(d.Checkpoints, DocumentCheckpoint{LastUpdateMS: startMS + (i+1)*12*hourMS, Gain: 0.01, MDD: 0.99})
	}
	return d
}

func BenchmarkDiff(b *testing.B) {
	one, same := manyOrders(100_000, 0), manyOrders(100_000, 0)
	same.Orders[50_000].Price = scoring.Known(101)
	other := manyOrders(100_000, 1)
	b.Run("one of 100000 orders differs", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if Diff(one, same, DiffTolerance{}).Same() {
				b.Fatal("the same")
			}
		}
	})
	b.Run("all of 100000 orders differ", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if Diff(one, other, DiffTolerance{}).Same() {
				b.Fatal("the same")
			}
		}
	})
}
