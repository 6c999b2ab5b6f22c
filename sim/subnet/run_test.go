package subnet

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// TestWorkersChangeNothing plays a crowd of copycats, successors and losers by one,
// two and eight workers.
func TestWorkersChangeNothing(t *testing.T) {
	for _, name := range []string{"ptn-2025-02", "ptn-5.4.0"} {
		cfg := Config{
			Market: marketOf(t, ruleSet(t, name, "registration.slots=12", "registration.immunity=3d", "challenge.duration=8d", "challenge.days_min=3", "drawdown.limit=0.01"),
				wander("BTCUSD", hourMS, 25*24, 0.8, 1), wander("ETHUSD", hourMS, 25*24, 0.8, 2)),
			Miners: crowd(t, 24), Seed: 3, WeightsEveryMS: 12 * hourMS, ChecksEveryMS: 6 * hourMS, RegistrationFee: 1,
		}
		var first *Result
		for _, workers := range []int{1, 2, 8} {
			cfg.Workers = workers
			r := play(t, cfg).comparable()
			if first == nil {
				first = r
				kinds := map[EventKind]int{}
				for _, e := range r.Events {
					kinds[e.Kind]++
				}
				for _, k := range []EventKind{Registered, Promoted, Eliminated, Deregistered} {
					if kinds[k] == 0 {
						t.Errorf("%s: nobody was %s: the crowd shows too little", name, k)
					}
				}
				continue
			}
			if !equal(first, r) {
				t.Errorf("%s: %d workers come to another result than one", name, workers)
			}
		}
	}
}

// TestOrderOfMinersChangesNothing: Config.Miners may come in any order.
func TestOrderOfMinersChangesNothing(t *testing.T) {
	cfg := Config{Market: marketOf(t, calm(t), wander("BTCUSD", hourMS, 10*24, 0.8, 1)), Miners: crowd(t, 9), WeightsEveryMS: dayMS}
	want := play(t, cfg).comparable()
	for i, j := 0, len(cfg.Miners)-1; i < j; i, j = i+1, j-1 {
		cfg.Miners[i], cfg.Miners[j] = cfg.Miners[j], cfg.Miners[i]
	}
	if got := play(t, cfg).comparable(); !equal(got, want) {
		t.Error("another order of the miners comes to another result")
	}
}

// TestStepsOfTheClockChangeNoAccount: how often weights are set, and challengers
// looked at in vain, changes no account; of those that are eliminated neither, though
// their strategies go on asking for orders.
func TestStepsOfTheClockChangeNoAccount(t *testing.T) {
	for _, name := range []string{"ptn-2025-02", "ptn-5.4.0"} {
		m := marketOf(t, ruleSet(t, name, "drawdown.limit=0.005"), wander("BTCUSD", hourMS, 15*24, 0.8, 1), wander("ETHUSD", hourMS, 15*24, 0.8, 2))
		var first *Result
		for _, every := range []int64{hourMS, 5 * hourMS, 10 * dayMS} {
			r := play(t, Config{Market: m, Miners: crowd(t, 12), WeightsEveryMS: every, ChecksEveryMS: 7 * every}).comparable()
			if first == nil {
				first = r
			}
			eliminated := 0
			for i := range r.Miners {
				if r.Miners[i].State == "eliminated" {
					eliminated++
				}
				if !equal(first.Miners[i].Account, r.Miners[i].Account) {
					t.Errorf("%s, every %d ms: %s has another account", name, every, r.Miners[i].Name)
				}
			}
			if eliminated < 5 || !equal(first.Events, r.Events) {
				t.Errorf("%s, every %d ms: %d eliminated: %v", name, every, eliminated, r.log())
			}
		}
	}
}

// closing is a strategy that counts how often it was closed.
type closing struct {
	decide func(*sim.Context) error
	closed *atomic.Int64 // accounts close at once
}

func (s *closing) Init(setup *sim.Setup) error {
	setup.WakeEvery(hourMS)
	return nil
}

func (s *closing) Decide(c *sim.Context) error { return s.decide(c) }
func (s *closing) Close() error                { s.closed.Add(1); return nil }

func TestAStrategyThatFailsIsNamedAndAllAreClosed(t *testing.T) {
	var closed atomic.Int64
	broken := errors.New("no idea what to do")
	of := func(decide func(*sim.Context) error) func() (sim.Strategy, error) {
		return func() (sim.Strategy, error) { return &closing{decide: decide, closed: &closed}, nil }
	}
	calmly := of(func(*sim.Context) error { return nil })
	cfg := Config{Market: days(t, 3, calm(t)), Miners: []Miner{
		{Name: "a", Main: true, Make: calmly},
		{Name: "b", Main: true, Make: of(func(c *sim.Context) error {
			if c.NowMS() > monday+dayMS {
				return broken
			}
			return nil
		})},
		{Name: "c", Main: true, Make: calmly},
	}}
	_, err := Run(context.Background(), cfg)
	if !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "miner b: ") {
		t.Errorf("error %v", err)
	}
	if n := closed.Load(); n != 3 {
		t.Errorf("%d of 3 strategies were closed", n)
	}

	ctx, cancel := context.WithCancel(context.Background())
	cfg.Miners[1].Make = of(func(*sim.Context) error { cancel(); return nil })
	closed.Store(0)
	if _, err := Run(ctx, cfg); !errors.Is(err, context.Canceled) || closed.Load() != 3 {
		t.Errorf("cancelled: error %v, %d closed", err, closed.Load())
	}

	cfg.Miners[1].Make = func() (sim.Strategy, error) { return nil, broken }
	closed.Store(0)
	if _, err := Run(context.Background(), cfg); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "miner b: ") || closed.Load() != 1 {
		t.Errorf("not made: error %v, %d closed", err, closed.Load())
	}

	cfg.Miners[1].Make = calmly
	closed.Store(0)
	if _, err := Run(context.Background(), cfg); err != nil || closed.Load() != 3 {
		t.Errorf("in the end: error %v, %d closed", err, closed.Load())
	}
}

// TestProgressTellsEveryInstant: with weights every day and nobody in a challenge
// there is nothing between two midnights.
func TestProgressTellsEveryInstant(t *testing.T) {
	var at []int64
	play(t, Config{
		Market: days(t, 3, calm(t)), WeightsEveryMS: dayMS, Progress: func(ms int64) { at = append(at, ms) },
		Miners: []Miner{{Name: "a", Main: true, Make: orders()}},
	})
	if want := []int64{monday, monday + dayMS, monday + 2*dayMS, monday + 3*dayMS}; !reflect.DeepEqual(at, want) {
		t.Errorf("instants %v, want %v", at, want)
	}
}

func TestConfigRefuses(t *testing.T) {
	m := days(t, 2, calm(t, "registration.slots=2"))
	fine := func() Config {
		return Config{Market: m, FromMS: monday, ToMS: monday + 2*dayMS, Miners: []Miner{
			{Name: "a", Main: true, Make: orders()}, {Name: "b", Make: orders(), AgainMS: dayMS}, {Name: "c", Copies: "a"},
		}}
	}
	if _, err := Run(context.Background(), fine()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		spoil      func(*Config)
	}{
		{"no miners", "no miners", func(c *Config) { c.Miners = nil }},
		{"no name", "without a name", func(c *Config) { c.Miners[1].Name = "" }},
		{"twice a name", `two miners are called "a"`, func(c *Config) { c.Miners[1].Name = "a" }},
		{"no strategy", "neither a strategy", func(c *Config) { c.Miners[1].Make = nil }},
		{"both", "both a strategy", func(c *Config) { c.Miners[1].Copies = "a" }},
		{"unknown leader", `copies "z", and no miner`, func(c *Config) { c.Miners[2].Copies = "z" }},
		{"itself", "copies itself", func(c *Config) { c.Miners[2].Copies = "c" }},
		{"a cycle", "b copies c copies b", func(c *Config) { c.Miners[1].Make, c.Miners[1].Copies, c.Miners[2].Copies = nil, "c", "b" }},
		{"negative delay", "delay of -1 ms", func(c *Config) { c.Miners[2].DelayMS = -1 }},
		{"negative latency", "latency of -1 ms", func(c *Config) { c.Miners[0].LatencyMS = -1 }},
		{"again at once", "at least 60000 ms", func(c *Config) { c.Miners[0].AgainMS = 59_999 }},
		{"a successor's name", "a successor of b", func(c *Config) { c.Miners[2].Name = "b~12" }},
		{"too early", "before its candles do", func(c *Config) { c.FromMS-- }},
		{"another end", "make the market of the same end", func(c *Config) { c.ToMS-- }},
		{"no range", "not after its start", func(c *Config) { c.FromMS = c.ToMS }},
		{"weights", "weights every -1 ms", func(c *Config) { c.WeightsEveryMS = -1 }},
		{"checks", "checks every -1 ms", func(c *Config) { c.ChecksEveryMS = -1 }},
		{"emission", "an emission of -1", func(c *Config) { c.EmissionPerDay = -1 }},
		{"fee", "a registration fee of -1", func(c *Config) { c.RegistrationFee = -1 }},
		{"workers", "-1 workers", func(c *Config) { c.Workers = -1 }},
		{"founders", "registration.slots=3", func(c *Config) { c.Miners[1].Main, c.Miners[2].Main = true, true }},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := fine()
			c.spoil(&cfg)
			if _, err := Run(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}
