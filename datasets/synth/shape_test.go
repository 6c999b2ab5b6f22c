package synth

import (
	"math"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// still is a pair that hardly moves by itself: by 1e-9 a year, far less
// than a tick a minute, so that a stress shows to some nine digits.
func still(id string) Pair { return fine(id, Pair{Volatility: 1e-9}) }

// stressed makes the minutes of a still BTCUSD from midnight on under one stress.
func stressed(t *testing.T, s Stress) *market.Series {
	t.Helper()
	return generator(t, Recipe{To: After(2 * Duration(datasets.Day)), Pairs: []Pair{still("BTCUSD")}, Stresses: []Stress{s}}).Series(0)
}

func about(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got/want-1) <= 1e-8) {
		t.Errorf("%s is %.12g, want %.12g", what, got, want)
	}
}

const minute, hour = Duration(datasets.Minute), Duration(datasets.Hour)

// A crash to 70 % in 10 minutes; of ln 0.7 six tenths come back in an hour. On
// the way u² and 1-(1-u)³ of it are done; half way is a knot of the curves.
func TestAFlashCrashFallsAndRecovers(t *testing.T) {
	s := stressed(t, Stress{FlashCrash: &FlashCrash{Place: Place{At: After(6 * hour)}, Depth: .3, Fall: 10 * minute, Recovery: hour, Recovered: .6}})
	at := 6 * 60
	about(t, "the open of the crash", s.Open[at], 1000)
	about(t, "half way down", s.Close[at+4], 1000*math.Pow(.7, .25))
	about(t, "the bottom", s.Close[at+9], 700)
	about(t, "its low", s.Low[at+9], 700)
	about(t, "half the recovery", s.Close[at+9+30], 1000*math.Pow(.7, 1-.6*(1-.125)))
	about(t, "the recovered price", s.Close[at+9+60], 1000*math.Pow(.7, .4))
	about(t, "the price afterwards", s.Close[s.Len()-1], 1000*math.Pow(.7, .4))
	for i := at; i < at+10; i++ {
		if s.Close[i] >= s.Open[i] {
			t.Errorf("candle %d of the fall rises", i-at)
		}
	}
}

// A crash that is over within a candle shows in its low.
func TestAFlashCrashWithinACandleShowsInItsLow(t *testing.T) {
	g := generator(t, Recipe{Interval: hour, To: After(24 * hour), Pairs: []Pair{still("BTCUSD")}, Stresses: []Stress{
		{FlashCrash: &FlashCrash{Place: Place{At: After(6*hour + 10*minute)}, Depth: .3, Fall: 10 * minute, Recovery: 20 * minute, Recovered: 1}}}})
	s := g.Series(0)
	about(t, "the low", s.Low[6], 700)
	about(t, "the close", s.Close[6], 1000)
	about(t, "the high", s.High[6], 1000)
}

func TestASpikeRevertsWithinItsCandles(t *testing.T) {
	s := stressed(t, Stress{SpikeAndRevert: &SpikeAndRevert{Place: Place{At: After(6 * hour)}, Size: .05}})
	about(t, "the high of one candle", s.High[360], 1050)
	about(t, "its low", s.Low[360], 1000)
	about(t, "its close", s.Close[360], 1000)
	about(t, "the high before", s.High[359], 1000)

	s = stressed(t, Stress{SpikeAndRevert: &SpikeAndRevert{Place: Place{At: After(6 * hour)}, Size: -.2, Candles: 3}})
	for i, want := range []struct{ open, close float64 }{{1000, 800}, {800, 800}, {800, 1000}, {1000, 1000}} {
		about(t, "open", s.Open[360+i], want.open)
		about(t, "close", s.Close[360+i], want.close)
	}
}

// Monday's session opens at 14:30 UTC in January; At is within it, so that the
// gap is Tuesday's.
func TestAGapOpensTheNextSession(t *testing.T) {
	g := generator(t, Recipe{To: After(72 * hour), Pairs: []Pair{still("NVDA"), still("BTCUSD")}, Stresses: []Stress{
		{GapOpen: &GapOpen{Place: Place{At: After(16 * hour)}, Size: -.08}}}})
	s := g.Series(0)
	tuesday := s.Search(defaultFromMS + int64(38*hour+30*minute))
	if s.Time[tuesday]-s.Time[tuesday-1] < int64(17*hour) {
		t.Fatalf("no night before %s", instant(s.Time[tuesday]))
	}
	about(t, "the close before", s.Close[tuesday-1], 1000)
	about(t, "the open", s.Open[tuesday], 920)
	about(t, "the last close", s.Close[s.Len()-1], 920)
	coin := g.Series(1) // never closes: at once
	about(t, "the coin before", coin.Close[16*60-1], 1000)
	about(t, "the coin's open", coin.Open[16*60], 920)
}

// The gap of a recipe's own first opening, a holiday and a weekend.
func TestAGapFindsItsReopening(t *testing.T) {
	for name, test := range map[string]struct{ pair, at, want string }{
		"before the open":     {"NVDA", "2025-01-06T10:00:00Z", "2025-01-06T14:30:00Z"},
		"at the open":         {"NVDA", "2025-01-06T14:30:00Z", "2025-01-06T14:30:00Z"},
		"just after":          {"NVDA", "2025-01-06T14:30:01Z", "2025-01-07T14:30:00Z"},
		"before a closed day": {"NVDA", "2025-01-08T15:00:00Z", "2025-01-10T14:30:00Z"}, // the 9th was closed
		"a weekend":           {"EURUSD", "2025-01-08T15:00:00Z", "2025-01-12T22:00:00Z"},
		"never closed":        {"BTCUSD", "2025-01-08T15:00:30Z", "2025-01-08T15:01:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			g := generator(t, Recipe{Pairs: []Pair{{Pair: test.pair}}})
			at, err := ParseMoment(test.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := instant(g.stages[0].reopening(at.MS)); got != test.want {
				t.Errorf("reopens at %s, want %s", got, test.want)
			}
		})
	}
}

func TestADeadMarketStandsStill(t *testing.T) {
	g := generator(t, Recipe{To: After(24 * hour), Pairs: []Pair{{Pair: "BTCUSD", Jumps: &Jumps{Rate: 1e5, SD: .01}, Drift: 5, SpreadTicks: 4}},
		Stresses: []Stress{{DeadMarket: &DeadMarket{Place: Place{At: After(6 * hour)}, For: 2 * hour}}}})
	s := g.Series(0)
	for i := 360; i < 480; i++ {
		if p := s.Close[359]; s.Open[i] != p || s.High[i] != p || s.Low[i] != p || s.Close[i] != p || s.Volume[i] != 0 {
			t.Fatalf("candle %d moves: %v %v %v %v, volume %v", i, s.Open[i], s.High[i], s.Low[i], s.Close[i], s.Volume[i])
		}
	}
	if s.High[480] == s.Low[480] || s.Volume[480] == 0 {
		t.Error("it does not come back to life")
	}
}

func TestAHaltIsAHole(t *testing.T) {
	halt := Stress{Halt: &Halt{Place: Place{At: After(6 * hour)}, For: 90 * minute}}
	r := Recipe{To: After(24 * hour), Pairs: []Pair{{Pair: "BTCUSD"}}}
	whole := generator(t, r).Series(0)
	r.Stresses = []Stress{halt}
	s := generator(t, r).Series(0)
	if s.Len() != whole.Len()-90 || s.Time[360] != whole.Time[450] {
		t.Fatalf("%d candles of %d, and after the hole %s", s.Len(), whole.Len(), instant(s.Time[360]))
	}
	sameFrom(t, s.Slice(0, 360), whole.Slice(0, 360))
	sameFrom(t, s.Slice(360, s.Len()), whole.Slice(450, whole.Len())) // the price went on unseen
}

func TestATrendMovesThePriceAndStays(t *testing.T) {
	s := stressed(t, Stress{Trend: &Trend{Place: Place{At: After(6 * hour)}, For: 4 * hour, Size: .2}})
	about(t, "the start", s.Open[360], 1000)
	about(t, "half way", s.Close[360+119], 1000*math.Sqrt(1.2))
	about(t, "the end", s.Close[360+239], 1200)
	about(t, "the last", s.Close[s.Len()-1], 1200)
}

func TestAVolumeBurstMultipliesTheVolume(t *testing.T) {
	r := Recipe{To: After(24 * hour), Pairs: []Pair{{Pair: "BTCUSD", Volume: 1e12}}}
	plain := generator(t, r).Series(0)
	r.Stresses = []Stress{{VolumeBurst: &VolumeBurst{Place: Place{At: After(6 * hour)}, For: hour, Volume: 10}}}
	s := generator(t, r).Series(0)
	for i := range s.Time {
		want := plain.Volume[i]
		if 360 <= i && i < 420 {
			want *= 10
		}
		if math.Abs(s.Volume[i]-want) > .1 {
			t.Fatalf("volume of candle %d is %v, want %v", i, s.Volume[i], want)
		}
	}
}

// Stresses add up: a trend under a spike, and two factors multiply.
func TestStressesAddUp(t *testing.T) {
	g := generator(t, Recipe{To: After(24 * hour), Pairs: []Pair{still("BTCUSD")}, Stresses: []Stress{
		{Trend: &Trend{Place: Place{At: After(2 * hour)}, For: hour, Size: .5}},
		{SpikeAndRevert: &SpikeAndRevert{Place: Place{At: After(6 * hour)}, Size: .1}},
		{SpikeAndRevert: &SpikeAndRevert{Place: Place{At: After(6 * hour)}, Size: .1}},
	}})
	s := g.Series(0)
	about(t, "the close", s.Close[360], 1500)
	about(t, "the high", s.High[360], 1500*1.1*1.1)
}

// Until a stress begins nothing is different; regimes by schedule likewise.
func TestAScheduleOfRegimesIsKept(t *testing.T) {
	r := Recipe{To: After(24 * hour), Pairs: []Pair{{Pair: "BTCUSD"}}}
	plain := generator(t, r).Series(0)
	r.Regimes = &Regimes{States: []Regime{{Name: "calm"}, {Name: "wild", Volatility: 5}},
		Schedule: []RegimeChange{{At: After(6 * hour), Regime: "wild"}, {At: After(7 * hour), Regime: "calm"}}}
	s := generator(t, r).Series(0)
	sameFrom(t, s.Slice(0, 360), plain.Slice(0, 360))
	variance := func(s *market.Series, from, to int) (sum float64) {
		for i := from; i < to; i++ {
			sum += math.Pow(math.Log(s.Close[i]/s.Open[i]), 2)
		}
		return sum
	}
	// The same shocks, five times as large; the drift of a candle is far smaller.
	if ratio := variance(s, 360, 420) / variance(plain, 360, 420); math.Abs(ratio/25-1) > .02 {
		t.Errorf("the variance in the wild hour is %v times the plain one, want 25", ratio)
	}
	if ratio := variance(s, 420, 1440) / variance(plain, 420, 1440); math.Abs(ratio-1) > .001 {
		t.Errorf("the variance afterwards is %v times the plain one", ratio)
	}
}
