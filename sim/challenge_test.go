package sim

import (
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// trial holds half of BTCUSD, bought at 100 some time after the start (never, if
// negative), and marks it at prices that make the portfolio worth those values.
func trial(t *testing.T, set string, as Competition, overrides []string, openMS, toMS int64, values ...mark) *Result {
	t.Helper()
	marks := []mark{{thursday + minuteMS, 100}}
	for _, m := range values {
		marks = append(marks, mark{m.endMS, half(m.price)})
	}
	s := script()
	if openMS >= 0 {
		s = script(timed{thursday + openMS, pinned(long("BTCUSD", 0.5), 100)})
	}
	return mustRun(t, Config{
		Rules: loadRules(t, set, slices.Concat(free, overrides)...), Series: []*market.Series{marksOf("BTCUSD", marks...)}, As: as,
		Strategy: s, FromMS: thursday, ToMS: thursday + toMS,
	})
}

// TestChallengeVerdict of an account in the main competition, from whose run
// the verdict is told and nothing else follows. An order at midnight makes that
// day full. Rules §13.
func TestChallengeVerdict(t *testing.T) {
	const never = -1
	for _, tc := range []struct {
		name      string
		set       string
		overrides []string
		open, to  int64 // after the start
		values    []mark
		days      int
		verdict   Verdict
		reason    string
	}{
		{name: "no order", set: "ptn-2025-02", open: never, to: 2 * dayMS, verdict: ChallengeRunning, reason: "0 full days of 60"},
		{name: "59 full days and a half", set: "ptn-2025-02", to: 59*dayMS + 12*hourMS, days: 59, verdict: ChallengeRunning, reason: "59 full days of 60"},
		{name: "60 full days less a millisecond", set: "ptn-2025-02", to: 60*dayMS - 1, days: 59, verdict: ChallengeRunning, reason: "59 full days of 60"},
		{name: "exactly 60 full days", set: "ptn-2025-02", to: 60 * dayMS, days: 60, verdict: ChallengeRankUnknown, reason: "top 25 %"},
		{name: "59 full days when exactly 90 are over", set: "ptn-2025-02", open: 31 * dayMS, to: 90 * dayMS, days: 59, verdict: ChallengeRunning, reason: "59 full days of 60"},
		{name: "59 full days when more than 90 are over", set: "ptn-2025-02", open: 31 * dayMS, to: 90*dayMS + 1, days: 59, verdict: ChallengeFailed, reason: "59 full days of 60 when its time was over"},
		{name: "the 60th full day ends with the 90th", set: "ptn-2025-02", open: 30 * dayMS, to: 95 * dayMS, days: 60, verdict: ChallengeRankUnknown},
		{name: "no order in all the time", set: "ptn-2025-02", open: never, to: 91 * dayMS, verdict: ChallengeFailed, reason: "0 full days of 60 when its time was over"},
		{name: "drawdown beyond the limit", set: "ptn-2025-02", to: 61 * dayMS, values: []mark{{thursday + dayMS, 0.88}, {thursday + 2*dayMS, 1}}, days: 1,
			verdict: ChallengeFailed, reason: "a drawdown of 12.00 % is beyond the limit of 10 %"},
		{name: "drawdown of exactly the limit", set: "ptn-2025-02", to: 61 * dayMS, values: []mark{{thursday + dayMS, 0.9}}, days: 61, verdict: ChallengeRankUnknown},
		{name: "drawdown of exactly the limit that eliminates", set: "ptn-2025-02", overrides: []string{"drawdown.at_limit=eliminates"}, to: 61 * dayMS,
			values: []mark{{thursday + dayMS, 0.9}}, days: 1, verdict: ChallengeFailed, reason: "a drawdown of 10.00 %"},
		{name: "drawdown after its time does not concern it", set: "ptn-2025-02", to: 100 * dayMS, values: []mark{{thursday + 95*dayMS, 0.88}}, days: 90, verdict: ChallengeRankUnknown},
		{name: "2024-12 asks for no days", set: "ptn-2024-12", to: hourMS, verdict: ChallengeRankUnknown},
		{name: "from the first order: its 90 days are not over", set: "ptn-2025-02", overrides: []string{"challenge.start=first_order"}, open: 31 * dayMS, to: 90*dayMS + 1, days: 59,
			verdict: ChallengeRunning, reason: "59 full days of 60"},
		{name: "from the first order, and there is none", set: "ptn-2025-02", overrides: []string{"challenge.start=first_order"}, open: never, to: 91 * dayMS,
			verdict: ChallengeRunning, reason: "starts with the first order"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := trial(t, tc.set, Main, tc.overrides, tc.open, tc.to, tc.values...)
			c := res.Challenge
			if c.Verdict != tc.verdict || c.Days != tc.days || !strings.Contains(c.Reason, tc.reason) {
				t.Errorf("%s, %d days: %s; want %s, %d days: %s", c.Verdict, c.Days, c.Reason, tc.verdict, tc.days, tc.reason)
			}
			if e := res.Elimination; e != nil && e.Reason != MaxTotalDrawdown {
				t.Errorf("the challenge eliminates in the main competition: %+v", *e)
			}
		})
	}
}

// TestChallengeStart: the registration is the start of the run. Rules §13.
func TestChallengeStart(t *testing.T) {
	const open = 5*hourMS + 1
	for set, want := range map[string]int64{
		"ptn-2025-02": thursday, "ptn-2024-12": thursday, "ptn-5.4.0": thursday + open, "ptn-4.8.12": thursday + open,
	} {
		if got := trial(t, set, Main, nil, open, dayMS).Challenge.StartMS; got != want {
			t.Errorf("%s: starts at %s, want %s", set, stamp(got), stamp(want))
		}
	}
}

// TestChallengeEndsByTime: more than its duration since the start, looked at on
// the grid of challenge.check_every. A lone account can't have passed without
// the days; with them its rank, which nobody knows, may have saved it. Rules §13.
func TestChallengeEndsByTime(t *testing.T) {
	const none, late = -1, 3 * dayMS
	short := []string{"challenge.duration=3d", "challenge.days_min=3"}
	minutely := append(slices.Clone(short), "challenge.start=first_order", "challenge.check_every=1m")
	for _, tc := range []struct {
		name      string
		as        Competition
		overrides []string
		open      int64
		at        int64 // of the elimination after the start; 0: none
		reason    Reason
	}{
		// Three days are over at exactly 3 d; the next check of the grid is at noon.
		{"no order", InChallenge, short, none, late + 12*hourMS, FailedChallengeTime},
		{"too few days", InChallenge, short, hourMS, late + 12*hourMS, FailedChallengeTime},
		{"days enough", InChallenge, short, 0, 0, ""},
		{"in the main competition", Main, short, none, 0, ""},
		{"one reason for all", InChallenge, append(slices.Clone(short), "challenge.reasons=single"), none, late + 12*hourMS, FailedChallenge},
		// From 01:00:30 on three days are over at 01:00:30; looked at by the minute.
		{"from the first order, by the minute", InChallenge, minutely, hourMS + 30_000, late + hourMS + minuteMS, FailedChallengeTime},
		// From 01:00:00 on they are exactly over at 01:00:00, which is not more.
		{"from the first order, on a minute", InChallenge, minutely, hourMS, late + hourMS + minuteMS, FailedChallengeTime},
		{"from the first order, and there is none", InChallenge, minutely, none, 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := trial(t, "ptn-2025-02", tc.as, tc.overrides, tc.open, 5*dayMS)
			e := res.Elimination
			if tc.at == 0 {
				if e != nil {
					t.Errorf("eliminated: %+v", *e)
				}
				return
			}
			if e == nil || e.TimeMS != thursday+tc.at || e.Reason != tc.reason {
				t.Fatalf("elimination %+v, want %s at %s", e, tc.reason, stamp(thursday+tc.at))
			}
			if n := len(res.Positions); n > 0 && (!res.Positions[0].Closed || res.Positions[0].CloseMS != e.TimeMS) {
				t.Errorf("the position is %+v, want it closed", res.Positions[0])
			}
		})
	}
}

// TestChallengeOfNinetyDays: the rule set's own numbers: 59 full days when 90
// days are over fail at the next checkpoint's end, 60 don't.
func TestChallengeOfNinetyDays(t *testing.T) {
	res := trial(t, "ptn-2025-02", InChallenge, nil, 31*dayMS, 92*dayMS)
	if e := res.Elimination; e == nil || e.Reason != FailedChallengeTime || e.TimeMS != thursday+90*dayMS+12*hourMS || e.Drawdown != 0 {
		t.Errorf("59 days: elimination %+v, want %s at noon after the 90th day", e, FailedChallengeTime)
	}
	if c := res.Challenge; c.Verdict != ChallengeFailed || c.Days != 59 || c.DaysNeeded != 60 {
		t.Errorf("59 days: %+v, want it failed", c)
	}
	res = trial(t, "ptn-2025-02", InChallenge, nil, 30*dayMS, 92*dayMS)
	if res.Elimination != nil || res.Challenge.Verdict != ChallengeRankUnknown || res.Challenge.Days != 60 {
		t.Errorf("60 days: elimination %+v, challenge %+v, want an unknown rank", res.Elimination, res.Challenge)
	}
}
