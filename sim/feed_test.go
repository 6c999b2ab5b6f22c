package sim

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
)

// shown is a candle as a strategy saw it, and when.
type shown struct {
	at, open            int64 // minutes after thursday
	o, h, l, c, v, b, a float64
}

// lastShown is the last finished candle of a feed.
func lastShown(c *Context, f *Feed) shown {
	candles := f.Candles()
	i := candles.Len() - 1
	s := shown{at: (c.NowMS() - thursday) / minuteMS, open: (candles.Time()[i] - thursday) / minuteMS,
		o: candles.Open()[i], h: candles.High()[i], l: candles.Low()[i], c: candles.Close()[i]}
	if candles.Volume() != nil {
		s.v = candles.Volume()[i]
	}
	if candles.Bid() != nil {
		s.b, s.a = candles.Bid()[i], candles.Ask()[i]
	}
	return s
}

// TestCoarseCandlesByHand: minutes of BTCUSD, from 3 on, into candles of five
// and ten minutes. Minute i opens at 100 + i and closes at 200 + i; here its
// high is 300 + i, its low 50 - i, its volume i, its bid and ask its close ∓ 1.
// Missing are 6, 7 and all from 15 to 24.
func TestCoarseCandlesByHand(t *testing.T) {
	all := candlesOf("BTCUSD", minuteMS, thursday, 32)
	s := &market.Series{Pair: all.Pair, IntervalMS: minuteMS}
	for i := range all.Time {
		if i < 3 || i == 6 || i == 7 || i >= 15 && i < 25 {
			continue
		}
		x := float64(i)
		s.Time, s.Open, s.Close = append(s.Time, all.Time[i]), append(s.Open, 100+x), append(s.Close, 200+x)
		s.High, s.Low, s.Volume = append(s.High, 300+x), append(s.Low, 50-x), append(s.Volume, x)
		s.Bid, s.Ask = append(s.Bid, 199+x), append(s.Ask, 201+x)
	}
	var fives, tens []shown
	var five, ten *Feed
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{s}, FromMS: thursday, ToMS: thursday + 31*minuteMS, Strategy: &plan{
		init: func(setup *Setup) (err error) {
			if five, err = setup.SubscribeTo("BTCUSD", FeedOptions{IntervalMS: 5 * minuteMS}); err == nil {
				ten, err = setup.SubscribeTo("BTCUSD", FeedOptions{IntervalMS: 10 * minuteMS})
			}
			return err
		},
		decide: func(c *Context) error {
			if five.Fresh() {
				fives = append(fives, lastShown(c, five))
			}
			if ten.Fresh() {
				tens = append(tens, lastShown(c, ten))
			}
			if five.Candles().IntervalMS() != 5*minuteMS || five.Pair() != "BTCUSD" || c.Feed("BTCUSD") != five {
				t.Error("the feed is another one")
			}
			return nil
		},
	}})
	wantFives := []shown{
		{5, 0, 103, 304, 46, 204, 3 + 4, 203, 205},      // begins in its middle: 3, 4
		{10, 5, 105, 309, 41, 209, 5 + 8 + 9, 208, 210}, // 5, 8, 9
		{15, 10, 110, 314, 36, 214, 60, 213, 215},       // 10 to 14
		{30, 25, 125, 329, 21, 229, 135, 228, 230},      // 25 to 29; 15 and 20 never were
	}
	wantTens := []shown{
		{10, 0, 103, 309, 41, 209, 3 + 4 + 5 + 8 + 9, 208, 210},
		{20, 10, 110, 314, 36, 214, 60, 213, 215},
		{30, 20, 125, 329, 21, 229, 135, 228, 230},
	}
	if !slices.Equal(fives, wantFives) {
		t.Errorf("fives\n%v\nwant\n%v", fives, wantFives)
	}
	if !slices.Equal(tens, wantTens) {
		t.Errorf("tens\n%v\nwant\n%v", tens, wantTens)
	}
}

// TestCoarseCandlesLeaveOutAClosedMarket: EURUSD on Friday 2025-03-07 closes at
// 22:00 UTC (17:00 in New York, on winter time) and opens on Sunday the 9th at
// 21:00 (on summer time). Half hours that go on through the weekend make a
// four-hour candle of 20:00 out of four of them, none on Saturday, and one of
// Sunday 20:00 that begins at 21:00. Half hour i opens at 100 + i.
func TestCoarseCandlesLeaveOutAClosedMarket(t *testing.T) {
	s := candlesOf("EURUSD", 30*minuteMS, utc(t, "2025-03-07T16:00:00Z"), 2*48+32)
	var f *Feed
	var opens []string
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{s}, FromMS: s.Time[0], ToMS: s.EndMS(s.Len() - 1), Strategy: &plan{
		init: func(setup *Setup) (err error) {
			f, err = setup.SubscribeTo("EURUSD", FeedOptions{IntervalMS: 4 * hourMS})
			return err
		},
		decide: func(c *Context) error {
			candle := lastShown(c, f)
			opens = append(opens, fmt.Sprintf("%s: %g to %g", stamp(c.NowMS()), candle.o, candle.c))
			return nil
		},
	}})
	want := []string{
		"2025-03-07T20:00:00Z: 100 to 207",
		"2025-03-08T00:00:00Z: 108 to 211", // 20:00, 20:30, 21:00, 21:30
		// Sunday 21:00 is 53 hours after Friday 16:00: half hour 106. To 23:30, 111.
		"2025-03-10T00:00:00Z: 206 to 311",
		"2025-03-10T04:00:00Z: 212 to 319",
		"2025-03-10T08:00:00Z: 220 to 327",
	}
	if !slices.Equal(opens, want) {
		t.Errorf("saw\n%s\nwant\n%s", strings.Join(opens, "\n"), strings.Join(want, "\n"))
	}
}

func TestSubscribingRefusesIntervalsThatDoNotFit(t *testing.T) {
	for _, ms := range []int64{-minuteMS, 90_000, minuteMS - 1, 30_000} {
		_, err := Run(context.Background(), Config{Rules: loadRules(t, "ptn-2025-02"),
			Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 9)}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
				init: func(s *Setup) error {
					_, err := s.SubscribeTo("BTCUSD", FeedOptions{IntervalMS: ms})
					return err
				},
			}})
		if err == nil || !strings.Contains(err.Error(), "expected a multiple of that") {
			t.Errorf("%d ms: got %v, want a refusal", ms, err)
		}
	}
}

// resampled is the plainest reading of coarser candles: what has finished by ms.
func resampled(s *market.Series, intervalMS, ms int64, open func(int64) bool) (times []int64, ohlcv [][5]float64) {
	if s.Len() == 0 {
		return nil, nil
	}
	for b := s.Time[0] - s.Time[0]%intervalMS; b+intervalMS <= ms; b += intervalMS {
		var candle [5]float64
		n := 0
		for i, t := range s.Time {
			if t < b || t >= b+intervalMS || !open(t) {
				continue
			}
			if n++; n == 1 {
				candle = [5]float64{s.Open[i], s.High[i], s.Low[i], 0, 0}
			}
			candle[1], candle[2] = math.Max(candle[1], s.High[i]), math.Min(candle[2], s.Low[i])
			candle[3], candle[4] = s.Close[i], candle[4]+s.Volume[i]
		}
		if n > 0 {
			times, ohlcv = append(times, b), append(ohlcv, candle)
		}
	}
	return times, ohlcv
}

// TestCoarseCandlesAreThoseOfANaiveResampling looks at several intervals of
// several pairs at once, at random instants.
func TestCoarseCandlesAreThoseOfANaiveResampling(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := causalWorld(t, rapid.Uint64().Draw(rt, "data"), rapid.Int64Range(1, 4).Draw(rt, "days"))
		cfg.FromMS += rapid.Int64Range(0, 900).Draw(rt, "offset") * 1000
		var intervals []int64
		for range 3 {
			intervals = append(intervals, 15*minuteMS*rapid.Int64Range(2, 100).Draw(rt, "interval"))
		}
		var alarms []int64
		for range 6 {
			alarms = append(alarms, rapid.Int64Range(cfg.FromMS/900_000, cfg.ToMS/900_000).Draw(rt, "alarm")*900_000)
		}
		var feeds []*Feed
		cfg.Strategy = &plan{
			init: func(s *Setup) error {
				for _, pair := range s.Pairs() {
					for i, ms := range intervals {
						f, err := s.SubscribeTo(pair, FeedOptions{IntervalMS: ms, Quiet: i == 1})
						if err != nil {
							return err
						}
						feeds = append(feeds, f)
					}
				}
				for _, ms := range alarms {
					s.WakeAt(max(ms, cfg.FromMS))
				}
				return nil
			},
			decide: func(c *Context) error {
				if !slices.Contains(alarms, c.NowMS()) { // the naive way is slow
					return nil
				}
				for i, f := range feeds {
					series := cfg.Series[i/len(intervals)]
					at, _ := market.NewSchedule(*cfg.Rules.Hours.For(series.Pair.Class), propertyStart, cfg.ToMS)
					times, want := resampled(series, f.Candles().IntervalMS(), c.NowMS(), at.Open)
					got := f.Candles()
					if !slices.Equal(got.Time(), times) {
						rt.Fatalf("%s at %s: candles %v, want %v", f.Pair(), stamp(c.NowMS()), got.Time(), times)
					}
					if n := len(times); n > 0 && f.Fresh() != (times[n-1]+got.IntervalMS() == c.NowMS()) {
						rt.Fatalf("%s at %s: fresh is %t", f.Pair(), stamp(c.NowMS()), f.Fresh())
					}
					for k, w := range want {
						if g := [5]float64{got.Open()[k], got.High()[k], got.Low()[k], got.Close()[k], got.Volume()[k]}; g != w {
							rt.Fatalf("%s, candle %d: %v, want %v", f.Pair(), k, g, w)
						}
					}
				}
				return nil
			},
		}
		mustRun(rt, cfg)
	})
}

// TestDecideIsCalledAtTheRightInstants: the ends of the candles of feeds that are
// not quiet, the alarms of both kinds, and nothing else.
func TestDecideIsCalledAtTheRightInstants(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := causalWorld(t, rapid.Uint64().Draw(rt, "data"), rapid.Int64Range(1, 3).Draw(rt, "days"))
		cfg.FromMS += rapid.Int64Range(0, 900).Draw(rt, "offset") * 1000
		var want, got []int64
		due := func(ms int64) {
			if ms >= cfg.FromMS && ms <= cfg.ToMS {
				want = append(want, ms)
			}
		}
		var quiet []*Feed
		cfg.Strategy = &plan{
			init: func(s *Setup) error {
				for i, series := range cfg.Series {
					o := FeedOptions{IntervalMS: 15 * minuteMS * rapid.Int64Range(0, 9).Draw(rt, "interval"), Quiet: rapid.Bool().Draw(rt, "quiet")}
					f, err := s.SubscribeTo(series.Pair.ID, o)
					if err != nil {
						return err
					}
					if o.Quiet {
						quiet = append(quiet, f)
						continue
					}
					of, _ := s.seat.run.cfg.Market.seriesAt(findInstrument(s.seat.run.account.instruments, cfg.Series[i].Pair.ID), o.IntervalMS)
					for k := range of.Time {
						due(of.EndMS(k))
					}
				}
				for range rapid.IntRange(0, 3).Draw(rt, "alarms") {
					ms := rapid.Int64Range(cfg.FromMS, cfg.ToMS+dayMS).Draw(rt, "alarm")
					s.WakeAt(ms)
					due(ms)
				}
				if every := rapid.SampledFrom([]int64{0, hourMS, 7 * minuteMS, 86_400_000}).Draw(rt, "every"); every > 0 {
					s.WakeEvery(every)
					for ms := int64(0); ms <= cfg.ToMS-cfg.ToMS%every; ms += every {
						if ms < cfg.FromMS-every {
							ms = cfg.FromMS/every*every - every
						}
						due(ms)
					}
				}
				return nil
			},
			decide: func(c *Context) error {
				got = append(got, c.NowMS())
				for _, f := range quiet {
					n := f.series.Search(c.NowMS() - f.series.IntervalMS + 1)
					if f.Candles().Len() != n || f.Fresh() != (n > 0 && f.series.EndMS(n-1) == c.NowMS()) {
						rt.Fatalf("a quiet feed shows %d candles at %s, want %d", f.Candles().Len(), stamp(c.NowMS()), n)
					}
				}
				return nil
			},
		}
		mustRun(rt, cfg)
		slices.Sort(want)
		if want = slices.Compact(want); !slices.Equal(got, want) {
			rt.Fatalf("called at %v, want %v", got, want)
		}
	})
}

// TestWakeWhenCallsWhereAnEveryCandleStrategyWould: each candle is asked about
// once, in order, and the strategy is called where any test says so.
func TestWakeWhenCallsWhereAnEveryCandleStrategyWould(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := causalWorld(t, rapid.Uint64().Draw(rt, "data"), rapid.Int64Range(1, 4).Draw(rt, "days"))
		o := FeedOptions{IntervalMS: 5 * minuteMS * rapid.Int64Range(0, 8).Draw(rt, "interval"), Quiet: rapid.Bool().Draw(rt, "quiet")}
		n := rapid.IntRange(1, 3).Draw(rt, "tests")
		remainder := rapid.IntRange(0, 5).Draw(rt, "remainder")
		passes := func(k int, c Candles) bool {
			bits := math.Float64bits(c.LastClose()) >> 5
			return int(bits%uint64(5+7*k)) == remainder
		}
		// The strategy that is called at every candle.
		var want []int64
		var f *Feed
		cfg.Strategy = &plan{
			init: func(s *Setup) (err error) {
				f, err = s.SubscribeTo("BTCUSD", FeedOptions{IntervalMS: o.IntervalMS})
				return err
			},
			decide: func(c *Context) error {
				for k := range n {
					if passes(k, f.Candles()) {
						want = append(want, c.NowMS())
						break
					}
				}
				return nil
			},
		}
		mustRun(rt, cfg)
		series := f.series
		first := series.Search(cfg.FromMS - series.IntervalMS) // history is not asked about

		var got []int64
		asked := make([]int, n)
		cfg.Strategy = &plan{
			init: func(s *Setup) (err error) {
				f, err = s.SubscribeTo("BTCUSD", o)
				for k := range n {
					asked[k] = first
					f.WakeWhen(func(c Candles) bool {
						if asked[k]++; c.Len() != asked[k] {
							rt.Fatalf("test %d is asked about candle %d, want %d", k, c.Len(), asked[k])
						}
						return passes(k, c)
					})
				}
				return err
			},
			decide: func(c *Context) error {
				got = append(got, c.NowMS())
				if !f.Fresh() {
					rt.Fatal("woken without a fresh candle")
				}
				return nil
			},
		}
		mustRun(rt, cfg)
		if !slices.Equal(got, want) {
			rt.Fatalf("woken at %v, want %v", got, want)
		}
		for k := range n {
			if asked[k] != series.Len() {
				rt.Fatalf("test %d was asked about %d candles of %d", k, asked[k], series.Len())
			}
		}
	})
}

// TestWakeOnChangeByHand: a column of ten minutes from 0 on, in a run that starts
// at 3 with the candles before as history. The candle of minute i ends at i + 1.
// It changes at 4 (from history's 1 to 2), at 6 (to NaN) and at 8; NaN after NaN
// is no change.
func TestWakeOnChangeByHand(t *testing.T) {
	nan := math.NaN()
	values := []float64{0, 1, 1, 1, 2, 2, nan, nan, 3, 3}
	var f *Feed
	var column *Column
	var woken []string
	cfg := Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 10)}, FromMS: thursday + 3*minuteMS, ToMS: thursday + 10*minuteMS}
	cfg.Strategy = &plan{
		init: func(s *Setup) (err error) {
			f, err = s.Subscribe("BTCUSD")
			column = f.Precompute(func(c Candles) []float64 {
				if c.Len() != 10 || c.Close()[9] != 209 {
					t.Errorf("the column is computed over %d candles", c.Len())
				}
				return values
			})
			f.WakeOnChange(column)
			return err
		},
		decide: func(c *Context) error {
			woken = append(woken, fmt.Sprintf("%s: %d %g", minutes(c.NowMS()), len(column.Values()), column.Last()))
			if n := f.Candles().Len(); len(column.Values()) != n || cap(column.Values()) != n {
				t.Errorf("%d values of %d candles, with a capacity of %d", len(column.Values()), n, cap(column.Values()))
			}
			return nil
		},
	}
	mustRun(t, cfg)
	if want := []string{"5: 5 2", "7: 7 NaN", "9: 9 3"}; !slices.Equal(woken, want) {
		t.Errorf("woken at %q, want %q", woken, want)
	}
}

// TestColumnIsEmptyBeforeTheFirstCandle: an alarm comes before any candle ends.
func TestColumnIsEmptyBeforeTheFirstCandle(t *testing.T) {
	var column *Column
	called := false
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", hourMS, thursday, 2)}, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
		init: func(s *Setup) error {
			f, err := s.SubscribeTo("BTCUSD", FeedOptions{Quiet: true})
			column = f.Precompute(func(c Candles) []float64 { return make([]float64, c.Len()) })
			s.WakeAt(thursday + 1)
			return err
		},
		decide: func(*Context) error {
			called = true
			if len(column.Values()) != 0 || !math.IsNaN(column.Last()) {
				t.Errorf("values %v, the last %g", column.Values(), column.Last())
			}
			return nil
		},
	}})
	if !called {
		t.Error("not called")
	}
}

func TestColumnsThatDoNotFitAreRefused(t *testing.T) {
	two := []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 9), candlesOf("ETHUSD", minuteMS, thursday, 9)}
	for name, tc := range map[string]struct {
		init func(a, b *Feed)
		want string
	}{
		"a column that is too short": {func(a, _ *Feed) { a.Precompute(func(Candles) []float64 { return make([]float64, 8) }) },
			"BTCUSD: a precomputed column has 8 values; expected one for each of 9 candles"},
		"a column that is too long": {func(a, _ *Feed) { a.Precompute(func(Candles) []float64 { return make([]float64, 10) }) },
			"10 values"},
		"another feed's column": {func(a, b *Feed) {
			a.WakeOnChange(b.Precompute(func(c Candles) []float64 { return c.Close() }))
		}, "BTCUSD: a column of another feed can't wake this one"},
	} {
		_, err := Run(context.Background(), Config{Rules: loadRules(t, "ptn-2025-02"), Series: two, FromMS: thursday, ToMS: thursday + hourMS, Strategy: &plan{
			init: func(s *Setup) error {
				a, _ := s.Subscribe("BTCUSD")
				b, _ := s.Subscribe("ETHUSD")
				tc.init(a, b)
				return nil
			},
		}})
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
}

func TestWakeEveryIsOnTheGridOfUTC(t *testing.T) {
	var woken []string
	cfg := Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("BTCUSD", minuteMS, thursday, 9)}, FromMS: thursday - 7*minuteMS, ToMS: thursday + 31*minuteMS}
	cfg.Strategy = &plan{
		init: func(s *Setup) error {
			s.WakeEvery(15 * minuteMS)
			s.WakeEvery(10 * minuteMS)
			return nil
		},
		decide: func(c *Context) error {
			woken = append(woken, minutes(c.NowMS()))
			return nil
		},
	}
	mustRun(t, cfg)
	if want := []string{"0", "10", "15", "20", "30"}; !slices.Equal(woken, want) {
		t.Errorf("woken at %v, want %v", woken, want)
	}
	cfg.Strategy = &plan{init: func(s *Setup) error { s.WakeEvery(0); return nil }}
	if _, err := Run(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), "alarms every 0 ms") {
		t.Errorf("an alarm every 0 ms: %v", err)
	}
}

// TestSessionTellsWhenItChanges: EURUSD closes on Friday 2025-03-07 at 22:00 UTC
// and opens on Sunday at 21:00. Rules §3.
func TestSessionTellsWhenItChanges(t *testing.T) {
	closes, opens := utc(t, "2025-03-07T22:00:00Z"), utc(t, "2025-03-09T21:00:00Z")
	var f *Feed
	var got []string
	mustRun(t, Config{Rules: loadRules(t, "ptn-2025-02"), Series: []*market.Series{candlesOf("EURUSD", hourMS, closes-dayMS, 4*24)}, FromMS: closes - dayMS, ToMS: opens + hourMS, Strategy: &plan{
		init: func(s *Setup) (err error) {
			f, err = s.SubscribeTo("EURUSD", FeedOptions{Quiet: true})
			for _, ms := range []int64{closes - 1, closes, opens - 1, opens} {
				s.WakeAt(ms)
			}
			return err
		},
		decide: func(*Context) error {
			open, until := f.Session()
			got = append(got, fmt.Sprintf("%t until %s", open, stamp(until)))
			if open != f.Open() {
				t.Error("Open and Session disagree")
			}
			return nil
		},
	}})
	want := []string{"true until " + stamp(closes), "false until " + stamp(opens), "false until " + stamp(opens),
		"true until 2025-03-14T21:00:00Z"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestFinishedCountsWhatOpenedByThen: as a count of all does, from wherever.
func TestFinishedCountsWhatOpenedByThen(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var times []int64
		last := int64(0)
		for range rapid.IntRange(0, 40).Draw(rt, "candles") {
			last += rapid.Int64Range(1, 5).Draw(rt, "gap")
			times = append(times, last)
		}
		ms := rapid.Int64Range(-1, last+3).Draw(rt, "at")
		want := 0
		for _, t := range times {
			if t <= ms {
				want++
			}
		}
		from := rapid.IntRange(0, want).Draw(rt, "from")
		if got := finished(times, from, ms); got != want {
			rt.Fatalf("%d of %v by %d, from %d on; want %d", got, times, ms, from, want)
		}
	})
}

// TestLastCloseIsOfAnOpenMarket: as a walk over all candles finds it, through
// weekends, holidays and gaps, with candles of closed markets among them.
func TestLastCloseIsOfAnOpenMarket(t *testing.T) {
	const days = 30 // over Christmas
	from := utc(t, "2024-12-10T00:00:00Z")
	rapid.Check(t, func(rt *rapid.T) {
		interval := rapid.SampledFrom([]int64{15 * minuteMS, hourMS, 7 * hourMS}).Draw(rt, "interval")
		var series []*market.Series
		for _, id := range []string{"BTCUSD", "EURUSD", "NVDA", "SPX"} {
			if pair, known := market.FindPair(market.Pairs(), id); known {
				s := &market.Series{Pair: pair, IntervalMS: interval}
				for ms := from; ms < from+days*dayMS; ms += interval * rapid.SampledFrom([]int64{1, 1, 1, 1, 20}).Draw(rt, "gap") {
					s.Time, s.Close = append(s.Time, ms), append(s.Close, float64(len(s.Time)))
				}
				s.Open, s.High, s.Low = s.Close, s.Close, s.Close
				series = append(series, s)
			}
		}
		instruments, err := newInstruments(loadRules(t, "ptn-2025-02"), series, from, from+days*dayMS)
		if err != nil {
			rt.Fatal(err)
		}
		for _, s := range series {
			in := &instruments[findInstrument(instruments, s.Pair.ID)]
			ms := from + rapid.Int64Range(-dayMS, (days+1)*dayMS).Draw(rt, "at")
			price, end, known := 0.0, int64(0), false
			for i := range s.Time {
				if s.EndMS(i) <= ms && in.schedule.Open(s.Time[i]) {
					price, end, known = s.Close[i], s.EndMS(i), true
				}
			}
			if p, e, ok := in.lastClose(ms); p != price || e != end || ok != known {
				rt.Fatalf("%s at %s: %g at %d, %t; want %g at %d, %t", s.Pair.ID, stamp(ms), p, e, ok, price, end, known)
			}
		}
	})
}

// TestCoarseCandlesTakeOneAllocationAColumn, and one for the series.
func TestCoarseCandlesTakeOneAllocationAColumn(t *testing.T) {
	cfg := causalWorld(t, 1, 3)
	for _, s := range cfg.Series {
		instruments, err := newInstruments(cfg.Rules, cfg.Series, cfg.FromMS, cfg.ToMS)
		if err != nil {
			t.Fatal(err)
		}
		schedule := instruments[findInstrument(instruments, s.Pair.ID)].schedule
		if n := testing.AllocsPerRun(5, func() { coarsen(s, hourMS, schedule) }); n > 9 {
			t.Errorf("%s: %g allocations for eight columns and their series", s.Pair.ID, n)
		}
	}
}
