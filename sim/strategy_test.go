package sim

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// reader subscribes to every pair and writes down what it can see of them.
type reader struct {
	feeds []*Feed
	lines []string
	flaws []string
}

func (r *reader) Init(s *Setup) error {
	for _, pair := range s.Pairs() {
		f, err := s.Subscribe(pair)
		if err != nil {
			return err
		}
		r.feeds = append(r.feeds, f)
	}
	return nil
}

func (r *reader) Decide(c *Context) error {
	line := []string{minutes(c.NowMS())}
	for _, f := range r.feeds {
		candles := f.Candles()
		text := fmt.Sprint(candles.Len())
		if n := candles.Len(); n > 0 {
			text += " from " + minutes(candles.Time()[n-1])
		}
		if f.Fresh() {
			text += " fresh"
		}
		line = append(line, text)
		r.inspect(c, f, candles)
	}
	r.lines = append(r.lines, strings.Join(line, ": "))
	return nil
}

// inspect looks for a way past the last finished candle.
func (r *reader) inspect(c *Context, f *Feed, candles Candles) {
	n := candles.Len()
	if len(candles.Time()) != n || cap(candles.Time()) != n {
		r.flaws = append(r.flaws, "times reach too far")
	}
	for _, col := range [][]float64{candles.Open(), candles.High(), candles.Low(), candles.Close()} {
		if len(col) != n || cap(col) != n {
			r.flaws = append(r.flaws, "a column reaches too far")
		}
	}
	if candles.Volume() != nil {
		r.flaws = append(r.flaws, "a volume that the data lacks")
	}
	if n > 0 && candles.Time()[n-1]+candles.IntervalMS() > c.NowMS() {
		r.flaws = append(r.flaws, "a candle that has not ended")
	}
	if n > 0 && candles.LastClose() != candles.Close()[n-1] || n == 0 && !math.IsNaN(candles.LastClose()) {
		r.flaws = append(r.flaws, "another last close")
	}
	if c.Feed(f.Pair()) != f {
		r.flaws = append(r.flaws, "another feed")
	}
}

// minutes after the start.
func minutes(ms int64) string { return fmt.Sprint((ms - thursday) / minuteMS) }

// TestStrategySeesFinishedCandlesOnly: minutes of BTCUSD, one of them missing
// (it would open at 7), and five-minute candles of ETHUSD, both from 0 on. The
// run goes from 4 to 11 with the candles before it as history. Rules §2.
func TestStrategySeesFinishedCandlesOnly(t *testing.T) {
	minute := candlesOf("BTCUSD", minuteMS, thursday, 20)
	for _, col := range []*[]float64{&minute.Open, &minute.High, &minute.Low, &minute.Close} {
		*col = slices.Delete(slices.Clone(*col), 7, 8)
	}
	minute.Time = slices.Delete(minute.Time, 7, 8)
	r := &reader{}
	mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{minute, candlesOf("ETHUSD", 5*minuteMS, thursday, 4)},
		Strategy: r, FromMS: thursday + 4*minuteMS, ToMS: thursday + 11*minuteMS,
	})
	want := []string{
		"4: 4 from 3 fresh: 0",
		"5: 5 from 4 fresh: 1 from 0 fresh",
		"6: 6 from 5 fresh: 1 from 0",
		"7: 7 from 6 fresh: 1 from 0",
		// At 8 nothing ends.
		"9: 8 from 8 fresh: 1 from 0",
		"10: 9 from 9 fresh: 2 from 5 fresh",
		"11: 10 from 10 fresh: 2 from 5",
	}
	if !slices.Equal(r.lines, want) {
		t.Errorf("the strategy saw\n%s\nwant\n%s", strings.Join(r.lines, "\n"), strings.Join(want, "\n"))
	}
	if len(r.flaws) > 0 {
		t.Error(r.flaws)
	}
}

// sleeper subscribes to nothing and sets one alarm after the other.
type sleeper struct{ woken []string }

func (s *sleeper) Init(setup *Setup) error {
	setup.WakeAt(thursday + 2*minuteMS)
	setup.WakeAt(thursday + 2*minuteMS) // twice is once
	return nil
}

func (s *sleeper) Decide(c *Context) error {
	s.woken = append(s.woken, minutes(c.NowMS()))
	c.WakeAt(c.NowMS() + 3*minuteMS)
	return nil
}

func TestAlarmsWake(t *testing.T) {
	s := &sleeper{}
	mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 20)},
		Strategy: s, FromMS: thursday, ToMS: thursday + 11*minuteMS,
	})
	if want := []string{"2", "5", "8", "11"}; !slices.Equal(s.woken, want) {
		t.Errorf("woken at %v, want %v", s.woken, want)
	}
}

// curious asks the setup and the context what they know.
type curious struct {
	t *testing.T
}

func (q *curious) Init(s *Setup) error {
	if from, to := s.Range(); from != thursday || to != thursday+10*minuteMS {
		q.t.Errorf("the range is %d to %d", from, to)
	}
	if !slices.Equal(s.Pairs(), []string{"BTCUSD"}) || !known(s, "EURUSD") || known(s, "NOPE") || s.RulesName() != "ptn-2025-02" {
		q.t.Errorf("pairs %v, EURUSD known %t, NOPE known %t, rules %s", s.Pairs(), known(s, "EURUSD"), known(s, "NOPE"), s.RulesName())
	}
	for _, pair := range []string{"EURUSD", "NOPE"} {
		if _, err := s.Subscribe(pair); err == nil || !strings.Contains(err.Error(), "no candles of "+pair+": the run has BTCUSD") {
			q.t.Errorf("subscribing to %s: %v", pair, err)
		}
	}
	f, _ := s.Subscribe("BTCUSD")
	if again, _ := s.Subscribe("BTCUSD"); again != f {
		q.t.Error("a second subscription is another feed")
	}
	return nil
}

func known(s *Setup, pair string) bool {
	_, ok := s.Limits(pair)
	return ok
}

// Decide: a short of 0.25 at the open of candle 1, 101 (effective 101·(1 -
// 0.00001) = 100.99899), is marked at the close of that candle, 201.
func (q *curious) Decide(c *Context) error {
	f := c.Feed("BTCUSD")
	switch minutes(c.NowMS()) {
	case "1":
		if _, ok := f.Position(); ok || c.Feed("ETHUSD") != nil || !f.Open() {
			q.t.Error("a position before the order, a feed of nothing, or a closed crypto market")
		}
		c.Short("BTCUSD", 0.25)
	case "2":
		p, ok := f.Position()
		want := 1 - 0.25*(201-100.99899)/100.99899
		if !ok || p.OpenMS != thursday+minuteMS || p.NetLeverage != -0.25 || !near(p.AverageEntryPrice, 100.99899) || !near(p.Return, want) {
			q.t.Errorf("the position is %+v, %t, want a short of 0.25 worth %g", p, ok, want)
		}
		if same, _ := c.Position("BTCUSD"); same != p {
			q.t.Errorf("the context's position is %+v, the feed's %+v", same, p)
		}
		if _, ok := c.Position("NOPE"); ok {
			q.t.Error("a position on an unknown pair")
		}
		// 0.25 of crypto weighs 2.5; the peak is 1.
		if v := c.Portfolio(); !near(v.Value, want) || !near(v.Drawdown, 1-want) || v.Leverage != 2.5 || v.Eliminated {
			q.t.Errorf("the portfolio is %+v", v)
		}
		c.Flat("BTCUSD")
	case "3":
		if _, ok := f.Position(); ok {
			q.t.Error("a position after its close")
		}
	}
	return nil
}

func TestContextShowsTheAccount(t *testing.T) {
	res := mustRun(t, Config{
		Rules: loadRules(t, "ptn-2025-02", "elimination.main=false"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 20)},
		Strategy: &curious{t}, FromMS: thursday, ToMS: thursday + 10*minuteMS,
	})
	wantVerdicts(t, res.Orders, "accepted", "accepted")
}

// sleepless asks to be woken at an instant that is over.
type sleepless struct{ early bool }

func (s *sleepless) Init(setup *Setup) error {
	from, _ := setup.Range()
	if s.early {
		from--
	}
	setup.WakeAt(from)
	return nil
}

func (s *sleepless) Decide(c *Context) error {
	c.WakeAt(c.NowMS())
	return nil
}

func TestAlarmsThatNeverComeAreRefused(t *testing.T) {
	w := world{series: []*market.Series{walk("BTCUSD", minuteMS, propertyStart, propertyStart+dayMS, 1)}, toMS: propertyStart + dayMS}
	for _, early := range []bool{false, true} {
		if _, err := Run(context.Background(), w.config(t, &sleepless{early})); err == nil || !strings.Contains(err.Error(), "would never come") {
			t.Errorf("early %v: got %v, want a refusal", early, err)
		}
	}
}
