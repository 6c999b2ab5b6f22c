package subnet

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

type goldenScoring struct {
	Cases []json.RawMessage
}

type goldenExpect struct {
	ID     string
	Expect struct {
		Combined, Weights map[string]float64
		Challenge         *struct {
			Inspected map[string]struct {
				Passes bool `json:"passes_criteria"`
				Beyond bool `json:"beyond_max_drawdown"`
			}
		}
	}
}

// golden reads the populations that a build judged, and what it said.
func golden(t *testing.T, build string) (populations []scoring.Population, expect []goldenExpect) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "golden", "scoring-"+build+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases goldenScoring
	if err := json.NewDecoder(zipped).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	expect = make([]goldenExpect, len(cases.Cases))
	for i, raw := range cases.Cases {
		if err := json.Unmarshal(raw, &expect[i]); err != nil {
			t.Fatal(err)
		}
		p, err := scoring.ReadPopulation(bytes.NewReader(raw), "")
		if err != nil {
			t.Fatal(err)
		}
		populations = append(populations, p)
	}
	return populations, expect
}

// entrants has a population judged as the subnet's miners are. The golden files'
// positions are those that the build was given, past its filter: it is off.
func entrants(t *testing.T, build string, p scoring.Population) ([]*entrant, *contest) {
	set := ruleSet(t, "ptn-"+build, "scoring.position_filter=none")
	by := scoring.NewAssessor(set)
	var all []*entrant
	for _, m := range p.Miners {
		all = append(all, &entrant{name: m.ID, state: m.State, assessment: by.Dossier().Assess(m.Ledger.Checkpoints, m.Ledger.Positions, p.EvaluationMS)})
	}
	return all, newContest(set, all)
}

func agrees(got, want float64) bool {
	return math.Abs(got-want) <= max(1e-12, 1e-9*math.Abs(want))
}

// TestGoldenWeights: the builds' weights, by the path that the subnet's weights take.
func TestGoldenWeights(t *testing.T) {
	for _, build := range []string{"5.4.0", "4.8.12"} {
		populations, expect := golden(t, build)
		for i, p := range populations {
			all, contest := entrants(t, build, p)
			awards, ok := contest.awards()
			if !ok || len(awards) != len(expect[i].Expect.Weights) {
				t.Fatalf("%s %s: %d weights, want %d", build, expect[i].ID, len(awards), len(expect[i].Expect.Weights))
			}
			total := 0.0
			for _, w := range expect[i].Expect.Weights {
				total += w
			}
			for j, e := range all {
				if want := expect[i].Expect.Weights[e.name]; !agrees(awards[j].Weight, want) || total > 0 && !agrees(awards[j].Share, want/total) {
					t.Errorf("%s %s %s: weight %v, share %v; want a weight of %v", build, expect[i].ID, e.name, awards[j].Weight, awards[j].Share, want)
				}
				if want := expect[i].Expect.Combined[e.name]; !agrees(awards[j].Score, want) {
					t.Errorf("%s %s %s: score %v, want %v", build, expect[i].ID, e.name, awards[j].Score, want)
				}
			}
		}
	}
}

// TestGoldenChallenges: the build's verdicts, by the path of the subnet's checks. (The
// earlier build's are a defect that is not played.)
func TestGoldenChallenges(t *testing.T) {
	inspected := 0
	populations, expect := golden(t, "5.4.0")
	for i, p := range populations {
		if expect[i].Expect.Challenge == nil {
			continue
		}
		for j := range p.Miners {
			if _, ok := expect[i].Expect.Challenge.Inspected[p.Miners[j].ID]; ok {
				p.Miners[j].State = scoring.StateChallenge
			}
		}
		all, contest := entrants(t, "5.4.0", p)
		for _, e := range all {
			want, ok := expect[i].Expect.Challenge.Inspected[e.name]
			if !ok {
				continue
			}
			inspected++
			verdict := sim.ChallengeRunning
			switch {
			case want.Beyond:
				verdict = sim.ChallengeFailed
			case want.Passes:
				verdict = sim.ChallengePassed
			}
			if got := contest.judge(e, p.EvaluationMS, p.EvaluationMS); got.Verdict != verdict {
				t.Errorf("%s %s: %s (%s), want %s", expect[i].ID, e.name, got.Verdict, got.Reason, verdict)
			}
		}
	}
	if inspected != 17 {
		t.Errorf("%d challengers in the file, want 17", inspected)
	}
}
