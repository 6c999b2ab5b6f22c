package reports

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// judged is a miner of a standing; its rank is 0 where it has none.
func judged(id string, state scoring.State, rank int, score, share float64) scoring.Judgement {
	j := scoring.Judgement{ID: id, State: state, Score: scoring.Known(score), Weight: share, EmissionShare: share}
	if rank > 0 {
		j.Rank = &rank
	}
	return j
}

// contested is a tournament of five: me is third of four in the main competition,
// newcomer in its challenge.
func contested() *subnet.Result {
	me := judged("me", scoring.StateMain, 3, 0.6, 0.125)
	for i, p := range []float64{0.75, 0.5, 0.25, 1, 0} { // of ptn-2025-02's five metrics, 20 % each
		me.Percentiles[i], me.Metrics[i] = scoring.Known(p), scoring.Known(float64(i)+1.5)
	}
	me.Penalties = scoring.Penalties{Drawdown: 1, Martingale: scoring.Known(0.5), Total: 0.5}
	standing := &scoring.Standing{Miners: scoring.Judgements{
		judged("a", scoring.StateMain, 1, 0.8, 0.5), judged("b", scoring.StateMain, 2, 0.7, 0.25), judged("c", scoring.StateMain, 4, 0.1, 0.125),
		me, judged("newcomer", scoring.StateChallenge, 0, 0.5, 0),
	}}
	miner := func(i int) subnet.MinerResult {
		j := standing.Miners[i]
		return subnet.MinerResult{
			Miner: subnet.Miner{Name: j.ID}, RegisteredMS: startMS, State: j.State, Judgement: j, Emission: 73 * j.EmissionShare, Account: new(sim.Result),
		}
	}
	r := &subnet.Result{
		FromMS: startMS, ToMS: startMS + 73*dayMS, Standing: standing, EmissionPerDay: 1, Emission: 73, WeightsEveryMS: dayMS,
		Miners: []subnet.MinerResult{miner(0), miner(1), miner(2), miner(3), miner(4)},
	}
	r.Miners[3].PromotedMS = startMS + 66*dayMS
	r.Events = []subnet.Event{
		{TimeMS: startMS, Kind: subnet.Registered, Miner: "me"},
		{TimeMS: startMS + 66*dayMS, Kind: subnet.Promoted, Miner: "me", Days: 60, Percentile: scoring.Known(0.8333), Drawdown: 0.03},
		{TimeMS: startMS + 67*dayMS, Kind: subnet.Promoted, Miner: "b", Days: 61, Percentile: scoring.Known(0.9)},
	}
	return r
}

// againstText is the handmade run among them. Of a metric at p the bar has 20 × p
// characters. What holds it back most is the last metric: 0.2 × (1 - 0). The next
// place has 0.7, 0.1 more than 0.6; 73 × 0.125 is 9.125.
const againstText = `Against reference                            5 miners, 4 in the main competition

Metric          value  weight  percentile
──────────────  ─────  ──────  ──────────  ────────────────────
Calmar          1.500    20 %        0.75  ███████████████░░░░░
Sharpe          2.500    20 %        0.50  ██████████░░░░░░░░░░
Omega           3.500    20 %        0.25  █████░░░░░░░░░░░░░░░
Sortino         4.500    20 %        1.00  ████████████████████
Confidence (t)  5.500    20 %        0.00  ░░░░░░░░░░░░░░░░░░░░

Combined score  0.6000, penalties of × 0.5000 included
Rank            3 of 4
Weight          0.1250: 12.50 % of the emission at the end
Emission        9.125 of 73.00 that all were paid, at 1 a day; weights set every
                1 d
Challenge       passed on 2025-03-08 after 60 full days with a percentile of
                0.8333; 0.75 is needed
Takes           0.1000 more of the combined score for the next place
Holds it back   most of all Confidence (t): a percentile of 0.00 at a weight of
                20 %
`

func TestAgainstText(t *testing.T) {
	text := againstSummary(t, contested(), nil)
	if !strings.Contains(text, againstText) {
		t.Errorf("the text is\n%s\nwithout\n%s", text, againstText)
	}
}

// againstSummary is the summary of the handmade run among the miners of a
// tournament, of which edit may change who "me" is.
func againstSummary(t testing.TB, result *subnet.Result, edit func(m *subnet.MinerResult)) string {
	t.Helper()
	if edit != nil {
		edit(&result.Miners[3])
		result.Standing.Miners[3] = result.Miners[3].Judgement
	}
	run := handmade(t, rules.Default)
	var err error
	if run.Against, err = AgainstTournament("reference", "", "me", result); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Summary(&b, run, SummaryOptions{Width: 80, Digest: "sha256:00"}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "NaN") {
		t.Errorf("NaN in\n%s", b.String())
	}
	return b.String()
}

func TestAgainstTellsHowTheChallengeWent(t *testing.T) {
	out := func(m *subnet.MinerResult, reason sim.Reason) {
		m.PromotedMS, m.OutMS, m.State = 0, startMS+90*dayMS, scoring.StateEliminated
		m.Account = &sim.Result{Elimination: &sim.Elimination{TimeMS: startMS + 90*dayMS, Reason: reason, Drawdown: 0.04}}
		m.Judgement = scoring.Judgement{ID: "me", State: scoring.StateEliminated}
	}
	for name, c := range map[string]struct {
		edit func(r *subnet.Result, m *subnet.MinerResult)
		want []string
	}{
		"in the main competition from the beginning": {func(_ *subnet.Result, m *subnet.MinerResult) { m.PromotedMS, m.Main = 0, true },
			[]string{"Challenge none: it began in the main competition"}},
		"nobody was paid": {func(r *subnet.Result, _ *subnet.MinerResult) { r.Emission = 0 }, []string{"Emission nobody was paid over the range"}},
		"its time was over": {func(r *subnet.Result, m *subnet.MinerResult) {
			out(m, sim.FailedChallengeTime)
			r.Events = []subnet.Event{{Kind: subnet.Eliminated, Miner: "me", Days: 70, Percentile: scoring.Known(0.74999)}}
		}, []string{
			// January 1 and 90 days is April 1.
			"Challenge not passed: it ended on 2025-04-01 after 70 full days with a percentile of 0.74999; 0.75 is needed",
			"Eliminated FAILED_CHALLENGE_PERIOD_TIME on 2025-04-01 00:00 UTC at a drawdown of 4.00 %", "Rank none: it is out at the end",
		}},
		"a drawdown ended it": {func(r *subnet.Result, m *subnet.MinerResult) {
			out(m, sim.FailedChallengeDrawdown)
			r.Events = []subnet.Event{{Kind: subnet.Eliminated, Miner: "me", Days: 12}}
		}, []string{"Challenge not passed: it ended on 2025-04-01 after 12 full days"}},
		"eliminated after it had passed": {func(_ *subnet.Result, m *subnet.MinerResult) {
			out(m, sim.MaxTotalDrawdown)
			m.PromotedMS = startMS + 66*dayMS
		}, []string{"Challenge passed on 2025-03-08", "Eliminated MAX_TOTAL_DRAWDOWN on 2025-04-01"}},
		"slot lost": {func(r *subnet.Result, m *subnet.MinerResult) {
			m.PromotedMS, m.SlotLostMS, m.State = 0, startMS+dayMS, scoring.StateDeregistered
			m.Judgement = scoring.Judgement{ID: "me", State: scoring.StateDeregistered}
			r.Events = []subnet.Event{{Kind: subnet.Deregistered, Miner: "me", Other: "newcomer"}}
		}, []string{"Challenge not passed: it lost its slot on 2025-01-02", "Slot lost on 2025-01-02, to newcomer"}},
		"still running": {func(_ *subnet.Result, m *subnet.MinerResult) {
			m.PromotedMS, m.State, m.Judgement.State, m.Judgement.Rank = 0, scoring.StateChallenge, scoring.StateChallenge, nil
			m.Judgement.Challenge = &scoring.Challenge{Days: 45, DaysNeeded: 60, Percentile: scoring.Known(0.5), Verdict: sim.ChallengeRunning, Reason: "it has 45 full days of the 60 that it takes"}
		}, []string{
			"Challenge not passed yet: it has 45 full days of the 60 that it takes", "Rank none: it is in its challenge, and is held against the 3 of the main competition",
			"Takes a percentile of 0.75 for the main competition, where it has 0.5000, 15 more full days",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := contested()
			text := againstSummary(t, r, func(m *subnet.MinerResult) { c.edit(r, m) })
			flat := strings.Join(strings.Fields(text), " ")
			for _, want := range c.want {
				if !strings.Contains(flat, want) {
					t.Errorf("%q is missing in\n%s", want, text)
				}
			}
		})
	}
}

func TestAgainstASnapshotTellsNoTime(t *testing.T) {
	standing := contested().Standing
	standing.Miners = append(standing.Miners, judged("loser", scoring.StateEliminated, 0, 0, 0))
	for _, c := range []struct{ name, want string }{
		{"me", "Challenge not played: it is ranked at the end only, as one of the main competition"},
		{"loser", "Challenge not known: it is out at the end"},
		{"newcomer", "Challenge rank unknown at the end: every check but the rank is passed; when it would have passed, only a tournament tells"},
	} {
		standing.Miners[4].Challenge = &scoring.Challenge{Verdict: sim.ChallengeRankUnknown, Reason: "every check but the rank is passed"}
		run := handmade(t, rules.Default)
		var err error
		if run.Against, err = AgainstSnapshot("field.json", "ab", c.name, standing); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := Summary(&b, run, SummaryOptions{Width: 80, Digest: "sha256:00"}); err != nil {
			t.Fatal(err)
		}
		if flat := strings.Join(strings.Fields(b.String()), " "); !strings.Contains(flat, c.want) || strings.Contains(flat, "that all were paid") {
			t.Errorf("%q is missing, or an emission is told, in\n%s", c.want, b.String())
		}
	}
}

func TestAgainstNobody(t *testing.T) {
	const want = `found no miner "you" in the population reference; expected the strategy's`
	if _, err := AgainstTournament("reference", "", "you", contested()); !errors.Is(err, ErrNoSlot) {
		t.Errorf("the error is %v, want that it got no slot", err)
	}
	if _, err := AgainstSnapshot("reference", "", "you", contested().Standing); err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}

// TestAgainstIsReadBack: what result.json says of a population is the same after
// reading; without one there is no word of it, so that earlier results stay what
// they were.
func TestAgainstIsReadBack(t *testing.T) {
	run := handmade(t, rules.Default)
	plain := NewDocument(run).Encode()
	if strings.Contains(string(plain), "against") {
		t.Errorf("a run that was put into no population tells of one:\n%s", plain)
	}
	eliminated := contested()
	eliminated.Miners[3].Account.Elimination = &sim.Elimination{TimeMS: startMS, Reason: sim.MaxTotalDrawdown, Drawdown: 0.1, Pair: "BTCUSD", Price: 5}
	tournament, err := AgainstTournament("reference", "", "me", eliminated)
	if err != nil {
		t.Fatal(err)
	}
	standing := contested().Standing
	standing.Miners[4].Challenge = &scoring.Challenge{Days: 3, DaysNeeded: 60, Drawdown: 0.01, Verdict: sim.ChallengeRunning, Reason: "3 of 60"}
	snapshot, err := AgainstSnapshot("field.json", "ab", "newcomer", standing)
	if err != nil {
		t.Fatal(err)
	}
	digests := []string{Digest(run)}
	for _, a := range []*Against{tournament, snapshot} {
		run.Against = a
		d, err := ParseDocument(NewDocument(run).Encode())
		if err != nil {
			t.Fatal(err)
		}
		back, err := d.run()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back.Against, a) {
			t.Errorf("read %+v\nwrote %+v", back.Against, a)
		}
		digests = append(digests, d.Digest)
	}
	if digests[0] == digests[1] || digests[1] == digests[2] {
		t.Errorf("the digests %v don't tell populations apart", digests)
	}
	// A comment changes the hash of a subnet file, and nothing of the tournament. A
	// snapshot's hash is that of its data.
	run.Against, tournament.SHA256 = tournament, "cd"
	if Digest(run) != digests[1] {
		t.Error("another subnet file with the same miners gives another digest")
	}
	run.Against, snapshot.SHA256 = snapshot, "cd"
	if Digest(run) == digests[2] {
		t.Error("another snapshot gives the same digest")
	}
	snapshot.SHA256, snapshot.Judgement.Challenge.Reason = "ab", "other words"
	if Digest(run) != digests[2] {
		t.Error("another word gives another digest")
	}
	snapshot.Judgement.EmissionShare = 0.5
	if Digest(run) == digests[2] {
		t.Error("another share gives the same digest")
	}
}
