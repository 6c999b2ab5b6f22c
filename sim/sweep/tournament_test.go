package sweep

import (
	"context"
	"fmt"
	"math"
	"reflect"
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

// Of one change, first and last are the same two plays: what it does is the total, bit
// by bit, and nothing is left over.
func TestAttributionOfASingleChangeIsTheTotal(t *testing.T) {
	from := Variant{Name: "old", Rules: ruleSet(t, rules.Default)}
	to := Variant{Name: "new", Rules: ruleSet(t, rules.Default, "drawdown.limit=0.02")}
	a, err := Attribute(context.Background(), from, to, play(quarters(), coins()), nil)
	if err != nil {
		t.Fatal(err)
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
