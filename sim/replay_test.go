package sim

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
)

// inSteps plays a run in steps that end at those instants, and looks at the
// account after each.
func inSteps(t rapid.TB, cfg Config, steps []int64, look func(*Replay)) *Result {
	p, err := NewReplay(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, ms := range steps {
		if err := p.Advance(ms); err != nil {
			t.Fatal(err)
		}
		look(p)
	}
	res, err := p.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return res
}

// TestStepsChangeNothing plays random worlds in one run and in steps of random
// lengths, on a market of its own and on a shared one, under rule sets that
// eliminate at once, late, and in the challenge.
func TestStepsChangeNothing(t *testing.T) {
	for _, set := range []string{"ptn-2025-02", "ptn-5.4.0", "ptn-4.8.12"} {
		t.Run(set, func(t *testing.T) {
			ended := 0
			rapid.Check(t, func(rt *rapid.T) {
				w := drawWorld(rt)
				cfg := w.config(t, w.script())
				cfg.Rules = loadRules(t, set, "drawdown.limit="+rapid.SampledFrom([]string{"0.1", "0.001"}).Draw(rt, "limit"))
				cfg.As = rapid.SampledFrom([]Competition{Main, InChallenge}).Draw(rt, "as")
				want := mustRun(rt, cfg)

				steps := rapid.SliceOfN(rapid.Int64Range(propertyStart-dayMS, w.toMS+dayMS), 0, 30).Draw(rt, "steps")
				for i := range steps {
					if rapid.Bool().Draw(rt, "grid") {
						steps[i] = steps[i] / (60 * minuteMS) * (60 * minuteMS)
					}
				}
				m, err := NewMarket(cfg.Rules, cfg.Series, cfg.FromMS-dayMS, cfg.ToMS)
				if err != nil {
					rt.Fatal(err)
				}
				for _, shared := range []*Market{nil, m} {
					cfg.Market, cfg.Strategy = shared, w.script()
					got := inSteps(rt, cfg, steps, func(p *Replay) {
						checkWindow(rt, p)
						p.Positions()
					})
					if want.Elimination != nil && cfg.Rules.Gate.Checks.Eliminated {
						// Its orders after the end are not written down, and what only
						// they asked for (liquidity) isn't warned of.
						ended++
						got.Orders, got.Warnings = want.Orders[:min(len(got.Orders), len(want.Orders))], want.Warnings
						want := *want
						want.Orders = got.Orders
						if !reflect.DeepEqual(got, &want) {
							rt.Fatalf("in steps:\n%+v\nin one run:\n%+v", got, &want)
						}
						continue
					}
					if !reflect.DeepEqual(got, want) {
						rt.Fatalf("in steps:\n%+v\nin one run:\n%+v", got, want)
					}
				}
			})
			t.Logf("%d runs ended early", ended)
		})
	}
}

// TestStepsOfARefereedRunChangeNothing: an account that is judged from outside stops
// at its end, wherever the steps end; so its strategies' last orders are the same.
func TestStepsOfARefereedRunChangeNothing(t *testing.T) {
	ended := 0
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		cfg := w.config(t, w.script(), "drawdown.limit="+rapid.SampledFrom([]string{"0.1", "0.001"}).Draw(rt, "limit"))
		cfg.Refereed = true
		cfg.LatencyMS = rapid.SampledFrom([]int64{0, 90_000, 60 * minuteMS}).Draw(rt, "latency")
		want := inSteps(rt, cfg, nil, nil)
		steps := rapid.SliceOfN(rapid.Int64Range(propertyStart, w.toMS), 0, 30).Draw(rt, "steps")
		cfg.Strategy = w.script()
		got := inSteps(rt, cfg, steps, func(*Replay) {})
		if !reflect.DeepEqual(got, want) {
			rt.Fatalf("in steps:\n%+v\nin one:\n%+v", got, want)
		}
		if e := want.Elimination; e != nil {
			ended++
			for _, o := range want.Orders {
				if o.EmittedMS > e.TimeMS || o.FilledMS > e.TimeMS {
					rt.Fatalf("the account ends at %s, and its strategy goes on: %+v", stamp(e.TimeMS), o)
				}
			}
		}
	})
	t.Logf("%d runs ended early", ended)
}

// checkWindow: what a look shows is what the run's ledger has.
func checkWindow(rt *rapid.T, p *Replay) {
	shown := slices.Clone(p.Checkpoints())
	all, from := p.run.account.ledger.checkpoints(min(p.NowMS(), p.run.endMS()))
	if !slices.Equal(shown, all[from:]) {
		rt.Fatalf("the window is %+v, want %+v", shown, all[from:])
	}
	for _, c := range shown {
		if c.LastUpdateMS > p.NowMS() {
			rt.Fatalf("at %s a checkpoint ends at %s", stamp(p.NowMS()), stamp(c.LastUpdateMS))
		}
	}
}

// replayAt begins a replay of an account that is long BTCUSD with leverage 0.5
// from the first minute on, whose price falls by a hundredth of the first price an
// hour.
func replayAt(t *testing.T, set string, overrides ...string) *Replay {
	t.Helper()
	s := &market.Series{IntervalMS: 60 * minuteMS}
	s.Pair, _ = market.FindPair(market.Pairs(), "BTCUSD")
	for i := range int64(60) {
		s.Time = append(s.Time, propertyStart+i*60*minuteMS)
		s.Open = append(s.Open, float64(100-i))
		s.Close = append(s.Close, float64(99-i))
	}
	s.High, s.Low = s.Open, s.Close
	cfg := Config{
		Rules: loadRules(t, set, append(overrides, "slippage.enabled=false")...), Series: []*market.Series{s},
		FromMS: propertyStart, ToMS: propertyStart + 60*60*minuteMS, As: InChallenge, Refereed: true,
		Strategy: &scripted{orders: []Order{{Pair: "BTCUSD", Type: Long, Leverage: 0.5}}, at: []int64{propertyStart}},
	}
	p, err := NewReplay(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustAdvance(t *testing.T, p *Replay, ms int64) {
	t.Helper()
	if err := p.Advance(ms); err != nil {
		t.Fatal(err)
	}
}

func TestReplayShowsTheMarksOfItsInstant(t *testing.T) {
	p := replayAt(t, "ptn-2025-02")
	mustAdvance(t, p, propertyStart)
	if len(p.Positions()) != 0 {
		t.Fatal("an order of the first instant has filled before the next step")
	}
	// The order fills at 100; the candle that ends at 02:00 closes at 98.
	mustAdvance(t, p, propertyStart+120*minuteMS)
	if got := p.Positions()[0].CurrentReturn; got != 1+(98.0-100)*0.5/100 {
		t.Errorf("the return is %g, want 0.99", got)
	}
	if ms, ok := p.ChallengeStart(); !ok || ms != propertyStart {
		t.Errorf("the challenge began at %s, %t", stamp(ms), ok)
	}
}

func TestReplayEndsAsItsCallerJudges(t *testing.T) {
	at := int64(propertyStart + 121*minuteMS)
	t.Run("failed", func(t *testing.T) {
		p := replayAt(t, "ptn-2025-02")
		mustAdvance(t, p, at)
		p.Fail(FailedChallengeTime)
		res, err := p.Finish()
		if err != nil {
			t.Fatal(err)
		}
		e := res.Elimination
		if e == nil || e.TimeMS != at || e.Reason != FailedChallengeTime || !closeTo(e.Drawdown, 0.01) {
			t.Fatalf("elimination %+v", e)
		}
		if q := res.Positions[0]; !q.Closed || q.CloseMS != at || res.Checkpoints[len(res.Checkpoints)-1].LastUpdateMS != at {
			t.Errorf("the position %+v and the ledger don't end with the account", q)
		}
	})
	t.Run("retired", func(t *testing.T) {
		p := replayAt(t, "ptn-2025-02")
		mustAdvance(t, p, at)
		p.Retire()
		mustAdvance(t, p, at+600*minuteMS)
		res, err := p.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if q := res.Positions[0]; res.Elimination != nil || !q.Closed || q.CloseMS != at || !closeTo(res.FinalReturn, 0.99) {
			t.Errorf("elimination %+v, position %+v, return %g", res.Elimination, q, res.FinalReturn)
		}
	})
	t.Run("failed once", func(t *testing.T) {
		p := replayAt(t, "ptn-2025-02")
		mustAdvance(t, p, at)
		p.Fail(FailedChallengeTime)
		p.Fail(FailedChallengeDrawdown)
		p.Retire()
		if e := p.Elimination(); e.Reason != FailedChallengeTime {
			t.Errorf("elimination %+v, want the first", e)
		}
	})
	t.Run("with an order on its way", func(t *testing.T) {
		p := replayAt(t, "ptn-2025-02")
		p.run.cfg.LatencyMS = 60 * minuteMS
		mustAdvance(t, p, propertyStart+30*minuteMS)
		p.Retire()
		res, err := p.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if got := verdicts(res.Orders); !slices.Equal(got, []string{"rejected deregistered"}) {
			t.Errorf("orders %q", got)
		}
	})
	t.Run("promoted", func(t *testing.T) {
		// In the challenge no drawdown eliminates here, in the main competition 10 %
		// does: 20 candles after the fill, at 80, it is exactly that, and survives.
		p := replayAt(t, "ptn-2025-02", "elimination.challenge=false")
		mustAdvance(t, p, at)
		p.Promote()
		res, err := p.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if e := res.Elimination; e == nil || e.Reason != MaxTotalDrawdown || e.Price >= 81 {
			t.Errorf("elimination %+v, want one of the main competition", e)
		}
	})
}

// TestRefereedChallengeNeverEndsByTime: the time is up after a day, and nothing happens.
func TestRefereedChallengeNeverEndsByTime(t *testing.T) {
	p := replayAt(t, "ptn-2025-02", "challenge.duration=1d", "elimination.challenge=false")
	res, err := p.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if res.Elimination != nil {
		t.Errorf("elimination %+v", res.Elimination)
	}
}

func TestReplayWakesItsStrategy(t *testing.T) {
	var called []int64
	s := &callLog{at: func(c *Context) error {
		called = append(called, c.NowMS()-propertyStart)
		return nil
	}}
	series := walk("BTCUSD", 5*minuteMS, propertyStart, propertyStart+dayMS, 1)
	p, err := NewReplay(context.Background(), Config{
		Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{series}, Strategy: s,
		FromMS: propertyStart, ToMS: propertyStart + dayMS,
	})
	if err != nil {
		t.Fatal(err)
	}
	mustAdvance(t, p, propertyStart+1000)
	p.WakeAt(propertyStart + 1000) // now, and not called yet
	p.WakeAt(propertyStart + 1500)
	mustAdvance(t, p, propertyStart+1500)
	p.WakeAt(propertyStart + 1500) // twice is once
	if _, err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(called, []int64{1000, 1500}) {
		t.Errorf("called at %v, want 1000 and 1500", called)
	}
}

// callLog is a strategy that is only called when it is woken.
type callLog struct {
	at     func(*Context) error
	closed int
}

func (l *callLog) Init(*Setup) error       { return nil }
func (l *callLog) Decide(c *Context) error { return l.at(c) }
func (l *callLog) Close() error            { l.closed++; return nil }

func TestReplayClosesItsStrategyOnce(t *testing.T) {
	failed := errors.New("no more")
	l := &callLog{at: func(*Context) error { return failed }}
	cfg := Config{
		Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{walk("BTCUSD", 5*minuteMS, propertyStart, propertyStart+dayMS, 1)},
		Strategy: l, FromMS: propertyStart, ToMS: propertyStart + dayMS,
	}
	p, err := NewReplay(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.WakeAt(propertyStart)
	if err := p.Advance(propertyStart + 1); !errors.Is(err, failed) {
		t.Errorf("error %v, want the strategy's", err)
	}
	for range 2 {
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if l.closed != 1 {
		t.Errorf("closed %d times, want once", l.closed)
	}
}

func TestMarketRefusesARunBeforeIt(t *testing.T) {
	series := []*market.Series{walk("BTCUSD", 5*minuteMS, propertyStart, propertyStart+dayMS, 1)}
	m, err := NewMarket(loadRules(t, "ptn-2025-02"), series, propertyStart, propertyStart+dayMS)
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewReplay(context.Background(), Config{Market: m, Strategy: &scripted{}, FromMS: propertyStart - 1})
	if err == nil || !strings.Contains(err.Error(), "before its market") {
		t.Errorf("error %v", err)
	}
}

// TestRefereedRunKeepsTheOnlineMarking: what it was judged by is what it shows, and
// where the deployed marking would have eliminated is told.
func TestRefereedRunKeepsTheOnlineMarking(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		cfg := w.config(t, w.script())
		cfg.Rules = loadRules(t, "ptn-5.4.0", "elimination.main=false")
		alone := mustRun(rt, cfg)
		cfg.Rules, cfg.Strategy, cfg.Refereed = loadRules(t, "ptn-5.4.0", "elimination.main=false", "ledger.marking=documented"), w.script(), true
		online := mustRun(rt, cfg)
		cfg.Rules, cfg.Strategy = loadRules(t, "ptn-5.4.0", "elimination.main=false"), w.script()
		judged := mustRun(rt, cfg)
		if !reflect.DeepEqual(judged.Checkpoints, online.Checkpoints) || judged.FinalReturn != online.FinalReturn {
			rt.Fatalf("judged from outside:\n%+v\non the online marking:\n%+v", judged.Checkpoints, online.Checkpoints)
		}
		if !reflect.DeepEqual(judged.Warnings, alone.Warnings) {
			rt.Fatalf("warnings %q, alone %q", judged.Warnings, alone.Warnings)
		}
	})
}
