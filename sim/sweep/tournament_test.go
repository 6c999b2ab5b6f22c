package sweep

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// coin enters bitcoin and the euro on a side that the seed decides, and leaves.
type coin struct {
	leverage float64 // of bitcoin; the euro's is ten times as much
	random   *sim.Random
}

func (f *coin) Init(s *sim.Setup) error {
	f.random = s.Random("coin")
	_, err := s.Subscribe("BTCUSD")
	return err
}

func (f *coin) Decide(c *sim.Context) error {
	for _, pair := range []string{"BTCUSD", "EURUSD"} {
		leverage := f.leverage
		if pair == "EURUSD" {
			leverage *= 10
		}
		_, open := c.Position(pair)
		switch x := f.random.Float64(); {
		case x > 0.02:
		case open:
			c.Flat(pair)
		case x > 0.01:
			c.Long(pair, leverage)
		default:
			c.Short(pair, leverage)
		}
	}
	return nil
}

const tournamentDays = 80

func quarters() []*market.Series {
	return []*market.Series{walk("BTCUSD", tournamentDays*96, 100, 0.01, 1), walk("EURUSD", tournamentDays*96, 1, 0.001, 2)}
}

// coins are nine miners of more and more leverage, and a copycat: three of them begin
// in the main competition, the others in their challenge.
func coins() []subnet.Miner {
	var miners []subnet.Miner
	for i := range 9 {
		miners = append(miners, subnet.Miner{
			Name: fmt.Sprintf("coin%d", i), Group: "coins", Main: i%3 == 0,
			Make: func() (sim.Strategy, error) { return &coin{leverage: 0.02 * float64(i+1)}, nil },
		})
	}
	return append(miners, subnet.Miner{Name: "cat", Group: "cat", Copies: "coin2", DelayMS: 60_000})
}

// play plays a population under a variant's rules.
func play(series []*market.Series, miners []subnet.Miner) Play {
	return func(v Variant) (*subnet.Result, error) {
		const toMS = startMS + tournamentDays*dayMS
		m, err := sim.NewMarket(v.Rules.Set, series, startMS, toMS)
		if err != nil {
			return nil, err
		}
		return subnet.Run(context.Background(), subnet.Config{
			Market: m, Miners: v.Miners(miners), FromMS: startMS, ToMS: toMS, Seed: 7, WeightsEveryMS: dayMS, ChecksEveryMS: dayMS, Workers: 2,
		})
	}
}

// idle reports whether a difference is exactly nothing.
func (d *Difference) idle() bool {
	return reflect.DeepEqual(*d, Difference{Miners: d.Miners}) && len(d.moved()) == 0
}

// What is certain of each change, without a look at any number:
//
//   - no equity is traded, and ten miners never fill the slots, so that the table of
//     the equities' slippage and the immunity do exactly nothing;
//   - carry that is dearer is paid;
//   - a limit of a fifth of the drawdown eliminates more;
//   - the temperature shares the emission otherwise, and touches no account.
func TestAttributionOfATournament(t *testing.T) {
	from := Variant{Name: "old", Rules: ruleSet(t, rules.Default)}
	to := Variant{Name: "new", Rules: ruleSet(t, rules.Default, "carry.crypto.rate_annual=0.5", "slippage.equities=[]",
		"drawdown.limit=0.02", "competition.softmax_temperature=0.25", "registration.immunity=1d")}
	a, err := Attribute(context.Background(), from, to, play(quarters(), coins()), nil)
	if err != nil {
		t.Fatal(err)
	}
	checkSum(t, a)
	effects := make(map[string]*Effect)
	for i := range a.Effects {
		effects[a.Effects[i].Change.Name] = &a.Effects[i]
	}
	for _, name := range []string{"slippage.equities", "registration.immunity"} {
		if e := effects[name]; !e.First.idle() || !e.Last.idle() || e.Interacts {
			t.Errorf("%s does something: %+v", name, e)
		}
	}
	if d := effects["carry.crypto.rate_annual"].First; !(d.MeanReturn < 0) || !(d.Miners[0].Costs.Carry > 0) {
		t.Errorf("carry does not cost: %+v", d)
	}
	if d := effects["drawdown.limit"].First; d.Eliminated <= 0 {
		t.Errorf("the limit eliminates nobody: %+v", d)
	}
	softmax := effects["competition.softmax_temperature"]
	if !(softmax.First.Moved > 0 && softmax.First.EmissionMoved > 0) || !softmax.Interacts {
		t.Errorf("the temperature moves no weight, or the same whoever is there: %+v", softmax)
	}
	for _, m := range softmax.First.Miners {
		if m.Return != 0 || m.Costs != (sim.Costs{}) || m.Before != m.After {
			t.Errorf("the temperature touches the account of %s: %+v", m.Name, m)
		}
	}
}

// checkSum holds that what the effects do first and the residual sum to the total, and
// the total is what the two outcomes say.
func checkSum(t *testing.T, a *Attribution) {
	t.Helper()
	mean, out := a.Residual.MeanReturn, a.Residual.Eliminated
	for _, e := range a.Effects {
		mean, out = mean+e.First.MeanReturn, out+e.First.Eliminated
	}
	if want := a.To.MeanReturn - a.From.MeanReturn; math.Abs(mean-want) > 1e-15*float64(len(a.Effects)+len(a.From.Miners)) {
		t.Errorf("effects and residual sum to a return of %v, want %v", mean, want)
	}
	if want := a.To.Eliminated - a.From.Eliminated; out != want || a.Total.Eliminated != want {
		t.Errorf("effects and residual sum to %d eliminated, the total is %d, want %d", out, a.Total.Eliminated, want)
	}
}

// Of one change, first and last are the two rule sets: what it does is the total, bit
// by bit, nothing is left over, and nothing is played twice.
func TestAttributionOfASingleChangeIsTheTotal(t *testing.T) {
	from := Variant{Name: "old", Rules: ruleSet(t, rules.Default)}
	to := Variant{Name: "new", Rules: ruleSet(t, rules.Default, "drawdown.limit=0.02")}
	var played []string
	var told [][2]int
	real := play(quarters(), coins())
	a, err := Attribute(context.Background(), from, to, func(v Variant) (*subnet.Result, error) {
		played = append(played, v.Name)
		return real(v)
	}, func(done, total int) { told = append(told, [2]int{done, total}) })
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(played, []string{"old", "new"}) || !slices.Equal(told, [][2]int{{1, 2}, {2, 2}}) {
		t.Errorf("played %v, and told %v", played, told)
	}
	e := a.Effects[0]
	if len(a.Effects) != 1 || e.Interacts || !reflect.DeepEqual(e.First, a.Total) || !reflect.DeepEqual(e.Last, a.Total) || a.Total.idle() {
		t.Errorf("got\n%+v\nwant the total, first and last\n%+v", a.Effects, a.Total)
	}
	if !a.Residual.idle() {
		t.Errorf("the residual is %+v, want nothing", a.Residual)
	}
}

// The same rules under another name: every miner, the copycat too, with the orders that
// it emitted in place of what decided them, comes to the same account.
func TestSameOrdersOfATournamentAreTheSameAccounts(t *testing.T) {
	var played []*subnet.Result
	real := play(quarters(), coins())
	strategies := 0
	twice := SameOrders(func(v Variant) (*subnet.Result, error) {
		for _, m := range v.Miners(coins()) {
			if m.Make == nil {
				continue
			}
			s, err := m.Make()
			if err != nil {
				return nil, err
			}
			if _, ok := s.(*sameOrders); !ok {
				strategies++
			}
		}
		res, err := real(v)
		played = append(played, res)
		return res, err
	})
	set := ruleSet(t, rules.Default)
	c, err := Compare(context.Background(), Plan{Variants: []Variant{{Name: "a", Rules: set}, {Name: "b", Rules: set}}, Play: twice})
	if err != nil {
		t.Fatal(err)
	}
	if strategies != 9 {
		t.Errorf("%d strategies decided, want the 9 of the first variant", strategies)
	}
	for i := range played[0].Miners {
		if !reflect.DeepEqual(played[0].Miners[i].Account, played[1].Miners[i].Account) {
			t.Errorf("the account of %s differs", played[0].Miners[i].Name)
		}
	}
	if !reflect.DeepEqual(played[0].Events, played[1].Events) {
		t.Error("other things happened")
	}
	if d := c.Outcomes[0].Difference(&c.Outcomes[1]); !d.idle() {
		t.Errorf("the outcomes differ: %+v", d)
	}
}

// heirs are the coins, whose owners register again five days after they are out.
func heirs() []subnet.Miner {
	miners := coins()
	for i := range miners {
		miners[i].AgainMS = 5 * dayMS
	}
	return miners
}

// A limit of a fiftieth eliminates coins long before the end, so that each would have
// successors. With the orders of the first variant nobody has any: the same rules are
// the same outcome, and under other rules the same miners play.
func TestSameOrdersPlayNoSuccessors(t *testing.T) {
	strict, lax := ruleSet(t, rules.Default, "drawdown.limit=0.02"), ruleSet(t, rules.Default, "drawdown.limit=0.9")
	c, err := Compare(context.Background(), Plan{
		Variants: []Variant{{Name: "a", Rules: strict}, {Name: "b", Rules: strict}, {Name: "c", Rules: lax}},
		Play:     SameOrders(play(quarters(), heirs())),
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Outcomes[0].Eliminated == 0 {
		t.Fatal("nobody is eliminated: there would be no successors")
	}
	if d := c.Outcomes[0].Difference(&c.Outcomes[1]); !d.idle() {
		t.Errorf("the same rules give another outcome: %+v", d)
	}
	for _, o := range c.Outcomes {
		for _, m := range o.Miners {
			if strings.Contains(m.Name, "~") {
				t.Errorf("%s: %s plays", o.Variant.Name, m.Name)
			}
		}
		if len(o.Miners) != len(heirs()) {
			t.Errorf("%s: %d miners, want %d", o.Variant.Name, len(o.Miners), len(heirs()))
		}
	}
	if got := (Variant{}).Miners(heirs()); got[0].AgainMS == 0 {
		t.Error("a play that is no such comparison has no successors either")
	}
}

// latecomers are the coins, all in their challenge and for ever immune, and one more
// who trades as they do, and finds a slot only where there are eleven.
func latecomers(late func() (sim.Strategy, error)) []subnet.Miner {
	miners := coins()
	for i := range miners {
		miners[i].Main = false
	}
	return append(miners, subnet.Miner{Name: "late", RegistersMS: startMS + 5*dayMS, Make: late})
}

// A miner that is refused under one rule set is told of, as one that has what it came
// with; what the eleventh slot does is what it does to that miner's account, and not
// that one more is counted.
func TestOutcomeOfAMinerThatIsRefused(t *testing.T) {
	ten := Variant{Name: "ten", Rules: ruleSet(t, rules.Default, "registration.slots=10", "registration.immunity=200d")}
	eleven := Variant{Name: "eleven", Rules: ruleSet(t, rules.Default, "registration.slots=11", "registration.immunity=200d")}
	of := func(o *Outcome, name string) MinerOutcome {
		for _, m := range o.Miners {
			if m.Name == name {
				return m
			}
		}
		t.Fatalf("%s: no %s", o.Variant.Name, name)
		return MinerOutcome{}
	}
	for name, late := range map[string]func() (sim.Strategy, error){
		"it would trade":     func() (sim.Strategy, error) { return &coin{leverage: 0.02}, nil },
		"it would not trade": Orders(new(sim.Result)),
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Attribute(context.Background(), ten, eleven, play(quarters(), latecomers(late)), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := of(&a.From, "late"); !reflect.DeepEqual(got, MinerOutcome{Name: "late", Group: "late", State: StateRefused, FinalReturn: 1}) || a.From.Refused != 1 {
				t.Errorf("under ten slots it is %+v, and %d are refused", got, a.From.Refused)
			}
			got := of(&a.To, "late")
			if got.State == StateRefused || a.To.Refused != 0 || len(a.From.Miners) != 11 || len(a.To.Miners) != 11 {
				t.Errorf("under eleven slots it is %+v; %d and %d miners, want 11", got, len(a.From.Miners), len(a.To.Miners))
			}
			if want := (got.FinalReturn - 1) / 11; a.Total.MeanReturn != want || (want == 0) != (name == "it would not trade") {
				t.Errorf("the eleventh slot moves the mean return by %v, want %v", a.Total.MeanReturn, want)
			}
			changes := StateChanges(&a.From, &a.To)
			if len(changes) == 0 || !slices.ContainsFunc(changes, func(c StateChange) bool { return c.Name == "late" && c.Before == StateRefused }) {
				t.Errorf("the changes of state are %+v", changes)
			}
		})
	}
}

// Who got no slot under the first variant emitted nothing: nor does it under the next.
func TestSameOrdersOfAMinerThatWasRefusedAreNone(t *testing.T) {
	late := func() (sim.Strategy, error) { return &coin{leverage: 0.02}, nil }
	c, err := Compare(context.Background(), Plan{
		Variants: []Variant{
			{Name: "ten", Rules: ruleSet(t, rules.Default, "registration.slots=10", "registration.immunity=200d")},
			{Name: "eleven", Rules: ruleSet(t, rules.Default, "registration.slots=11", "registration.immunity=200d")},
		},
		Play: SameOrders(play(quarters(), latecomers(late))),
	})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(c.Outcomes[1].Miners, func(m MinerOutcome) bool { return m.Name == "late" })
	if m := c.Outcomes[1].Miners[i]; m.State == StateRefused || m.Filled+m.Rejected != 0 || m.FinalReturn != 1 {
		t.Errorf("it is %+v, want it there without an order", m)
	}
}
