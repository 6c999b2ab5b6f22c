package subnet

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// TestImmunity: three slots, nine days of immunity. The founder has none, so the
// first newcomer beyond the slots puts it out, for all its weight. Then a, of day 0,
// is the only one whose nine days are over at day 9 to the millisecond. e is a
// millisecond too late for b, of day 1, to be no longer immune: refused. It tries
// again a day later, when b's time is over by a millisecond.
func TestImmunity(t *testing.T) {
	r := play(t, Config{
		Market: days(t, 12, calm(t, "registration.slots=3")), WeightsEveryMS: dayMS, RegistrationFee: 2.5,
		Miners: []Miner{
			{Name: "founder", Main: true, Make: orders()},
			{Name: "a", Make: orders()},
			{Name: "b", RegistersMS: monday + dayMS, Make: orders()},
			{Name: "c", RegistersMS: monday + 9*dayMS - 1, Make: orders()},
			{Name: "d", RegistersMS: monday + 9*dayMS, Make: orders()},
			{Name: "e", RegistersMS: monday + 9*dayMS + 1, AgainMS: dayMS, Make: orders()},
			{Name: "late", RegistersMS: monday + 12*dayMS, Make: orders()},
		},
	})
	wantLog(t, r,
		"0.0000 registered founder", "0.0000 registered a", "1.0000 registered b",
		"9.0000 deregistered founder for c", "9.0000 registered c for founder",
		"9.0000 deregistered a for d", "9.0000 registered d for a",
		"9.0000 refused e",
		"10.0000 deregistered b for e", "10.0000 registered e for b",
	)
	for name, ms := range map[string]int64{"founder": 9*dayMS - 1, "a": 9 * dayMS, "b": 10*dayMS + 1} {
		if m := r.miner(t, name); m.State != scoring.StateDeregistered || m.SlotLostMS != monday+ms || m.OutMS != monday+ms || m.Judgement.State != scoring.StateDeregistered {
			t.Errorf("%s: %s, out %s, slot lost %s", name, m.State, stamp(m.OutMS), stamp(m.SlotLostMS))
		}
	}
	if len(r.Warnings) != 1 || len(r.Miners) != 6 {
		t.Errorf("%d miners, warnings %q", len(r.Miners), r.Warnings)
	}
	// The founder alone was in the main competition: its last weight is 1. After it
	// nobody is, and the last weights that were set stay: 1.2e-5 of a.
	if f, a := r.Events[3], r.Events[5]; f.Weight != 1 || a.Weight != 1.2e-5 {
		t.Errorf("weights %v and %v", f.Weight, a.Weight)
	}
	if f, b := r.miner(t, "founder"), r.miner(t, "b"); f.Fee != 0 || b.Fee != 2.5 || r.Events[2].Fee != 2.5 {
		t.Errorf("fees %v and %v", f.Fee, b.Fee)
	}
}

// TestTiesInWeights: challengers all have the same weight. The earliest registration
// goes first, of one instant the first name; a miner that is not in the main
// competition goes before one that is.
func TestTiesInWeights(t *testing.T) {
	r := play(t, Config{
		Market: days(t, 20, calm(t, "registration.slots=4")), WeightsEveryMS: dayMS,
		Miners: []Miner{
			{Name: "founder", Main: true, Make: orders()},
			{Name: "y", RegistersMS: monday + 1, Make: orders()},
			{Name: "b", RegistersMS: monday + 2, Make: orders()},
			{Name: "a", RegistersMS: monday + 2, Make: orders()},
			{Name: "n1", RegistersMS: monday + 15*dayMS, Make: orders()},
			{Name: "n2", RegistersMS: monday + 15*dayMS, Make: orders()},
			{Name: "n3", RegistersMS: monday + 15*dayMS, Make: orders()},
			{Name: "n4", RegistersMS: monday + 15*dayMS, Make: orders()},
			{Name: "n5", RegistersMS: monday + 15*dayMS, Make: orders()},
		},
	})
	wantLog(t, r,
		"0.0000 registered founder", "0.0000 registered y", "0.0000 registered a", "0.0000 registered b",
		"15.0000 deregistered y for n1", "15.0000 registered n1 for y",
		"15.0000 deregistered a for n2", "15.0000 registered n2 for a",
		"15.0000 deregistered b for n3", "15.0000 registered n3 for b",
		"15.0000 deregistered founder for n4", "15.0000 registered n4 for founder",
		"15.0000 refused n5",
	)
}

// TestFoundersKeepTheirSlotsUntilTheyAreWeighed: two slots, two founders, weights at
// every midnight. Whoever comes at the first instant, before the weights of that
// midnight, puts nobody out; nor does one that comes before the first weights where
// they are set later. The day after, the founders have weights of 0.5 each: the first
// name goes. What comes into the main competition at noon is safe until the midnight
// after, and what comes then, before its weights, is refused.
func TestFoundersKeepTheirSlotsUntilTheyAreWeighed(t *testing.T) {
	founders := []Miner{{Name: "f", Main: true, Make: orders()}, {Name: "g", Main: true, Make: orders()}}
	m := days(t, 4, calm(t, "registration.slots=2"))
	r := play(t, Config{Market: m, WeightsEveryMS: dayMS, Miners: append([]Miner{
		{Name: "a", Make: orders()},
		{Name: "b", Make: orders()},
		{Name: "h", Main: true, RegistersMS: monday + dayMS/2, Make: orders()},
		{Name: "i", Main: true, RegistersMS: monday + dayMS/2 + 1, Make: orders()},
		{Name: "j", RegistersMS: monday + dayMS, Make: orders()},
		{Name: "k", RegistersMS: monday + dayMS + 1, Make: orders()},
	}, founders...)})
	wantLog(t, r, "0.0000 registered f", "0.0000 registered g", "0.0000 refused a", "0.0000 refused b",
		"0.5000 deregistered f for h", "0.5000 registered h for f",
		"0.5000 deregistered g for i", "0.5000 registered i for g",
		"1.0000 refused j",
		"1.0000 deregistered h for k", "1.0000 registered k for h")
	if e := r.Events[4]; e.Weight != 0.5 {
		t.Errorf("%+v", e)
	}
	// Five days of the epoch: day 20095, the day after monday.
	late := play(t, Config{Market: m, WeightsEveryMS: 5 * dayMS, Miners: append([]Miner{
		{Name: "a", RegistersMS: monday + dayMS, Make: orders()},
		{Name: "b", RegistersMS: monday + dayMS + 1, Make: orders()},
	}, founders...)})
	wantLog(t, late, "0.0000 registered f", "0.0000 registered g", "1.0000 refused a", "1.0000 deregistered f for b", "1.0000 registered b for f")
}

// TestWhoIsEliminatedLosesItsSlotUnweighed: a crash at hour 10, before any weights.
func TestWhoIsEliminatedLosesItsSlotUnweighed(t *testing.T) {
	r := play(t, Config{
		Market: marketOf(t, calm(t, "registration.slots=2"), path("BTCUSD", hourMS, 24, falls(10, 70))), WeightsEveryMS: 10 * dayMS,
		Miners: []Miner{
			{Name: "deep", Main: true, Make: orders(long(monday, 0.5))},
			{Name: "calm", Main: true, Make: orders()},
			{Name: "early", RegistersMS: monday + 10*hourMS - 1, Make: orders()},
			{Name: "new", RegistersMS: monday + 10*hourMS, Make: orders()},
		},
	})
	wantLog(t, r, "0.0000 registered calm", "0.0000 registered deep", "0.4167 refused early",
		"0.4167 eliminated deep MAX_TOTAL_DRAWDOWN", "0.4167 deregistered deep for new", "0.4167 registered new for deep")
}

// TestRefusals: one slot, taken by a challenger that is immune for two days. Whoever
// tries every minute, from 0:01 of the first day on, is refused 2 × 1440 − 1 times; one
// event tells of it. At the end of the two days it gets the slot, so that
// who comes every six hours is refused for good, at 0, 6, 12 … 66 of 72 hours: 12 times.
func TestRefusals(t *testing.T) {
	r := play(t, Config{
		Market: days(t, 3, calm(t, "registration.slots=1", "registration.immunity=2d")), WeightsEveryMS: dayMS,
		Miners: []Miner{
			{Name: "a", Make: orders()},
			{Name: "b", RegistersMS: monday + minuteMS, AgainMS: minuteMS, Make: orders()},
			{Name: "c", Group: "six hours", RegistersMS: monday + 1, AgainMS: 6 * hourMS, Make: orders()},
			{Name: "d", RegistersMS: monday + dayMS, Make: orders()},
		},
	})
	wantLog(t, r, "0.0000 registered a", "0.0000 refused c", "0.0007 refused b", "1.0000 refused d",
		"2.0000 deregistered a for b", "2.0000 registered b for a")
	// At 2 days the attempt of that minute succeeds: those of 1 … 2879 minutes did not.
	if b := r.miner(t, "b"); b.Refusals != 2*24*60-1 || r.miner(t, "a").Refusals != 0 {
		t.Errorf("%d refusals", b.Refusals)
	}
	if len(r.Refused) != 2 || !strings.HasSuffix(r.Warnings[len(r.Warnings)-1], ": c, d") {
		t.Fatalf("%+v, %q", r.Refused, r.Warnings)
	}
	if c := r.Refused[0]; c.Name != "c" || c.Group != "six hours" || c.Times != 12 || c.LastMS != monday+66*hourMS+1 {
		t.Errorf("%+v", c)
	}
	if d := r.Refused[1]; d.Name != "d" || d.Times != 1 || d.LastMS != monday+dayMS {
		t.Errorf("%+v", d)
	}
}

// TestAWarningNamesSomeOfMany: seven are refused for good, and five are named.
func TestAWarningNamesSomeOfMany(t *testing.T) {
	cfg := Config{
		Market: days(t, 1, calm(t, "registration.slots=1")), WeightsEveryMS: dayMS,
		Miners: []Miner{{Name: "a", Main: true, Make: orders()}},
	}
	for i := range 7 {
		cfg.Miners = append(cfg.Miners, Miner{Name: fmt.Sprintf("n%d", i), Make: orders()})
	}
	if r := play(t, cfg); len(r.Refused) != 7 || len(r.Warnings) != 1 || !strings.HasSuffix(r.Warnings[0], ": n0, n1, n2, n3, n4, and 2 more") {
		t.Errorf("%d, %q", len(r.Refused), r.Warnings)
	}
}

// TestComingBackAfterAnyTimeEnds: the longest wait there is, of one that is refused and
// of one that loses its slot, is never over.
func TestComingBackAfterAnyTimeEnds(t *testing.T) {
	for _, again := range []int64{3 * dayMS, 1 << 62, math.MaxInt64 - monday, math.MaxInt64} {
		r := play(t, Config{
			Market: days(t, 3, calm(t, "registration.slots=1", "registration.immunity=1d")), WeightsEveryMS: dayMS,
			Miners: []Miner{
				{Name: "a", AgainMS: again, Make: orders()},
				{Name: "b", AgainMS: again, Make: orders()},
				{Name: "c", AgainMS: again, RegistersMS: monday + 2*dayMS, Make: orders()},
			},
		})
		wantLog(t, r, "0.0000 registered a", "0.0000 refused b", "2.0000 deregistered a for c", "2.0000 registered c for a")
	}
	// A range shorter than a minute refuses nobody's wait.
	m, err := sim.NewMarket(calm(t), []*market.Series{path("BTCUSD", hourMS, 1, rising)}, monday, monday+hourMS)
	if err != nil {
		t.Fatal(err)
	}
	r := play(t, Config{Market: m, FromMS: monday + hourMS - 1000, ToMS: monday + hourMS, Miners: []Miner{{Name: "a", AgainMS: dayMS, Make: orders()}}})
	if len(r.Miners) != 1 {
		t.Errorf("%+v", r.Miners)
	}
}

// TestEventsOfOneInstant: at the midnight of day 60 a mark takes a founder beyond
// the limit, a challenger has its 60 days, a newcomer registers, and weights are
// set: in this order, so the newcomer gets the slot of the one eliminated just
// before, and the weights know of all three.
//
// The crash: a long at 0.5 from 100 loses 0.5 × (1 − 79/100) = 10.5 %. The
// challenger is short 0.1, and gains 2.1 % by it.
func TestEventsOfOneInstant(t *testing.T) {
	set := calm(t, "registration.slots=3")
	crash := func(i int) float64 {
		if i >= 60*24 {
			return 79
		}
		return 100 + 0.01*float64(i%24)
	}
	r := play(t, Config{
		Market: marketOf(t, set, path("BTCUSD", hourMS, 62*24, crash)), WeightsEveryMS: dayMS,
		Miners: []Miner{
			{Name: "deep", Main: true, Make: orders(long(monday, 0.5))},
			{Name: "idle", Main: true, Make: orders()},
			{Name: "young", Make: orders(short(monday, 0.1))},
			{Name: "new", RegistersMS: monday + 60*dayMS, Make: orders()},
		},
	})
	wantLog(t, r,
		"0.0000 registered deep", "0.0000 registered idle", "0.0000 registered young",
		"60.0000 eliminated deep MAX_TOTAL_DRAWDOWN",
		"60.0000 promoted young",
		"60.0000 deregistered deep for new", "60.0000 registered new for deep",
	)
	deep := r.miner(t, "deep")
	if deep.State != scoring.StateEliminated || deep.OutMS != monday+60*dayMS || deep.SlotLostMS != deep.OutMS || r.Events[5].Weight != 0 {
		t.Errorf("%+v", deep)
	}
	round := r.History[60]
	if round.TimeMS != monday+60*dayMS || len(round.Places) != 3 {
		t.Fatalf("round %+v", round)
	}
	// In the order of Result.Miners: idle, young, new.
	idle, young, new := round.Places[0], round.Places[1], round.Places[2]
	if r.Miners[idle.Miner].Name != "idle" || idle.State != scoring.StateMain || idle.Rank != 2 ||
		r.Miners[young.Miner].Name != "young" || young.State != scoring.StateMain || young.Rank != 1 ||
		r.Miners[new.Miner].Name != "new" || new.State != scoring.StateChallenge || new.Rank != 0 || !(new.Share > 0) {
		t.Errorf("places %+v", round.Places)
	}
}

// TestSuccessors: a crash at hour 10 eliminates a founder; its owner comes back two
// days later to the millisecond, in the challenge, and with other random numbers.
// Of weights and checks none falls on that instant.
func TestSuccessors(t *testing.T) {
	price := func(i int) float64 {
		if i%60 >= 10 && i%60 < 30 {
			return 70
		}
		return 100
	}
	r := play(t, Config{
		Market: marketOf(t, calm(t), path("BTCUSD", hourMS, 24*7, price)), WeightsEveryMS: 5 * dayMS, ChecksEveryMS: 5 * dayMS,
		Miners: []Miner{{Name: "owner", Main: true, AgainMS: 2*dayMS + 1, Make: builtin(t, "buy-and-hold", "leverage=0.5")}},
	})
	// Hours 10 and 70 (= 60 + 10) crash. ~2 registers at 10 h + 48 h = 58 h and a
	// millisecond; its order takes the open of 59 h. It is eliminated at 70 h; ~3
	// registers at 118 h and 2 ms, and buys at 119 h; hour 130 crashes again; ~4 would
	// come after the end, at 178 h: the range has 168.
	want := []struct {
		ms   int64
		kind EventKind
		name string
	}{
		{0, Registered, "owner"}, {10 * hourMS, Eliminated, "owner"},
		{58*hourMS + 1, Registered, "owner~2"}, {70 * hourMS, Eliminated, "owner~2"},
		{118*hourMS + 1, Registered, "owner~3"}, {130 * hourMS, Eliminated, "owner~3"},
	}
	if len(r.Events) != len(want) {
		t.Fatalf("%v", r.log())
	}
	for i, w := range want {
		if e := r.Events[i]; e.TimeMS != monday+w.ms || e.Kind != w.kind || e.Miner != w.name {
			t.Errorf("event %d: %+v, want %+v", i, e, w)
		}
	}
	second := r.miner(t, "owner~2")
	if second.Generation != 2 || second.Main || second.Account.Elimination.Reason != "FAILED_CHALLENGE_PERIOD_DRAWDOWN" || second.Group != "owner" {
		t.Errorf("%+v", second)
	}
}

// TestSuccessorsDrawAnew: the same strategy with the numbers of another name.
func TestSuccessorsDrawAnew(t *testing.T) {
	r := play(t, Config{
		Market: days(t, 9, calm(t, "registration.slots=1", "registration.immunity=1d")), WeightsEveryMS: dayMS, Seed: 5,
		Miners: []Miner{
			{Name: "a", AgainMS: dayMS, Make: builtin(t, "random", "wait=2", "hold=3")},
			{Name: "b", RegistersMS: monday + 2*dayMS, AgainMS: dayMS, Make: builtin(t, "random", "wait=2", "hold=3")},
		},
	})
	// One slot: each puts the other out as soon as its day of immunity is over.
	wantLog(t, r,
		"0.0000 registered a",
		"2.0000 deregistered a for b", "2.0000 registered b for a",
		"3.0000 deregistered b for a~2", "3.0000 registered a~2 for b",
		"4.0000 deregistered a~2 for b~2", "4.0000 registered b~2 for a~2",
		"5.0000 deregistered b~2 for a~3", "5.0000 registered a~3 for b~2",
		"6.0000 deregistered a~3 for b~3", "6.0000 registered b~3 for a~3",
		"7.0000 deregistered b~3 for a~4", "7.0000 registered a~4 for b~3",
		"8.0000 deregistered a~4 for b~4", "8.0000 registered b~4 for a~4",
	)
	a, b := r.miner(t, "a~2").Account.Orders, r.miner(t, "a~3").Account.Orders
	if len(a) == 0 || len(b) == 0 {
		t.Fatal("no orders")
	}
	// Drawn alike, the two would do the same an equal time after their registration.
	same := len(a) == len(b)
	for i := range min(len(a), len(b)) {
		same = same && a[i].EmittedMS+2*dayMS == b[i].EmittedMS && a[i].Type == b[i].Type
	}
	if same {
		t.Error("two generations drew the same numbers")
	}
}

// TestWhoComesTooLateIsNeverThere: it is told of in a warning; who copies it has
// nothing to copy.
func TestWhoComesTooLateIsNeverThere(t *testing.T) {
	cfg := Config{Market: days(t, 2, calm(t)), WeightsEveryMS: dayMS, Miners: []Miner{
		{Name: "late", RegistersMS: monday + 2*dayMS, Make: orders()},
		{Name: "copycat", Copies: "late"},
	}}
	r := play(t, cfg)
	if len(r.Miners) != 1 || !strings.HasPrefix(r.Warnings[0], "miner late would register at") || !slices.Contains(r.Warnings, "held nothing, because whom they copy never took part: copycat (late)") || len(r.Miners[0].Account.Orders) != 0 {
		t.Errorf("%d miners, warnings %q", len(r.Miners), r.Warnings)
	}
	cfg.Miners = cfg.Miners[:1]
	if r := play(t, cfg); len(r.Miners) != 0 || len(r.Events) != 0 || len(r.Standing.Miners) != 0 {
		t.Errorf("%+v", r)
	}
}
