package sweep

import (
	"context"
	"fmt"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

type buyer struct{ lev float64 }

func (b *buyer) Init(s *sim.Setup) error { _, err := s.Subscribe("BTCUSD"); return err }
func (b *buyer) Decide(c *sim.Context) error {
	if _, ok := c.Position("BTCUSD"); !ok {
		c.Long("BTCUSD", b.lev)
	}
	return nil
}

func TestZZSuccessors(t *testing.T) {
	price := walk("BTCUSD", 96*20, 100, 0.05, 3)
	play := SameOrders(func(v Variant) (*subnet.Result, error) {
		m, err := sim.NewMarket(v.Rules.Set, []*market.Series{price}, startMS, price.EndMS(price.Len()-1))
		if err != nil {
			return nil, err
		}
		return subnet.Run(context.Background(), subnet.Config{Market: m, WeightsEveryMS: dayMS, Miners: v.Miners([]subnet.Miner{{
			Name: "a", AgainMS: dayMS, Make: func() (sim.Strategy, error) { return &buyer{.5}, nil }}})})
	})
	set := func(o ...string) *rules.Resolved {
		var opts []rules.Option
		for _, s := range o {
			opts = append(opts, rules.WithOverride(s))
		}
		r, err := rules.Load("ptn-2025-02", opts...)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	c, err := Compare(context.Background(), Plan{Variants: []Variant{{Name: "x", Rules: set()}, {Name: "y", Rules: set("carry.crypto.rate_annual=0.2")}}, Play: play})
	if err != nil {
		t.Log("ERR", err)
		return
	}
	for _, o := range c.Outcomes {
		for _, m := range o.Miners {
			fmt.Println(o.Variant.Name, m.Name, m.State, m.Filled, m.Rejected, m.FinalReturn)
		}
	}
}

func TestZZRefused(t *testing.T) {
	price := walk("BTCUSD", 96*5, 100, 0.003, 3)
	play := func(v Variant) (*subnet.Result, error) {
		m, err := sim.NewMarket(v.Rules.Set, []*market.Series{price}, startMS, price.EndMS(price.Len()-1))
		if err != nil {
			return nil, err
		}
		mk := func(l float64) func() (sim.Strategy, error) {
			return func() (sim.Strategy, error) { return &buyer{l}, nil }
		}
		return subnet.Run(context.Background(), subnet.Config{Market: m, WeightsEveryMS: dayMS, Miners: []subnet.Miner{{Name: "a", Make: mk(.1)}, {Name: "b", Make: mk(.5)}}})
	}
	load := func(o string) *rules.Resolved {
		r, err := rules.Load("ptn-2025-02", rules.WithOverride(o))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	c, err := Compare(context.Background(), Plan{Variants: []Variant{{Name: "x", Rules: load("registration.slots=2")}, {Name: "y", Rules: load("registration.slots=1")}}, Play: play})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range c.Outcomes {
		t.Log(o.Variant.Name, len(o.Miners), o.MeanReturn)
	}
	d := c.Outcomes[0].Difference(&c.Outcomes[1])
	t.Logf("%+v", d)
}
