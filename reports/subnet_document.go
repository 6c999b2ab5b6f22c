package reports

import (
	"io"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// SubnetSchema names the form of subnet.json. It changes whenever a field changes
// its name or its meaning.
const SubnetSchema = "ptnsim-subnet-1"

// SubnetDocument is subnet.json: all of a tournament that other programs read. Its
// fields and their order are the format, which has the habits of [Document].
type SubnetDocument struct {
	Schema  string        `json:"schema"`
	Version string        `json:"ptnsim"`
	Digest  string        `json:"digest"` // see SubnetDigest
	Rules   DocumentRules `json:"rules"`
	Dataset []DatasetFile `json:"dataset"`
	Name    string        `json:"name"`
	Source  string        `json:"source_sha256"` // of the subnet file; of the embedded one too

	From            string  `json:"from"`
	To              string  `json:"to"`
	EvaluationMS    int64   `json:"evaluation_ms"` // when miners were judged: the end of the range
	Seed            uint64  `json:"seed"`
	WeightsEveryMS  int64   `json:"weights_every_ms"` // as played
	ChecksEveryMS   int64   `json:"checks_every_ms"`
	Slots           int     `json:"slots"`
	EmissionPerDay  float64 `json:"emission_per_day"`
	RegistrationFee float64 `json:"registration_fee"` // in the unit of the emission

	Counts        SubnetCounts    `json:"counts"`
	Groups        []SubnetGroup   `json:"groups"`   // the one that was paid most first
	Emission      float64         `json:"emission"` // paid over the range
	Concentration scoring.Value   `json:"concentration"`
	Gini          scoring.Value   `json:"gini"`
	Miners        SubnetMiners    `json:"miners"`
	Events        []DocumentEvent `json:"events"`
	History       []DocumentRound `json:"history"`
	Warnings      []string        `json:"warnings"`
}

// SubnetMiners are miners in the order of their ids. In JSON they are an object
// {id: {…}}, a miner a line.
type SubnetMiners []SubnetMiner

func (ms SubnetMiners) key(i int) string { return ms[i].ID }

// SubnetMiner is what a miner was, and what became of it. The first fields, up to
// challenge, are those of the command score.
type SubnetMiner struct {
	ID string `json:"-"`

	Days          int                  `json:"days"`         // full days in the window
	MaxDrawdown   float64              `json:"max_drawdown"` // over the window, a loss
	Metrics       DocumentMetrics      `json:"metrics"`
	Percentiles   DocumentMetrics      `json:"percentiles"` // null of who is out, or left out of the ranking
	Penalties     scoring.Penalties    `json:"penalties"`
	Score         scoring.Value        `json:"score"`
	Weight        float64              `json:"weight"`
	EmissionShare float64              `json:"emission_share"`
	Rank          *int                 `json:"rank"`
	State         scoring.State        `json:"state"`
	Elimination   *DocumentElimination `json:"elimination"`
	Challenge     *SubnetChallenge     `json:"challenge"` // null: it never had one

	Group      string  `json:"group"`
	Generation int     `json:"generation"` // 1; of a successor 2, 3 …
	Strategy   string  `json:"strategy"`
	Params     Params  `json:"params"`
	Source     string  `json:"strategy_sha256"`
	Copies     *string `json:"copies"` // whose positions it mirrors
	DelayMS    int64   `json:"delay_ms"`
	Seed       *uint64 `json:"seed"` // null: split off the subnet's by the name
	Fill       string  `json:"fill"` // open or close
	LatencyMS  int64   `json:"latency_ms"`
	AgainMS    int64   `json:"again_ms"` // until a successor registers; 0: none does
	BeganMain  bool    `json:"began_in_main"`
	Registered int64   `json:"registered_ms"`
	Promoted   *int64  `json:"promoted_ms"`
	Out        *int64  `json:"out_ms"` // its trading ended
	SlotLost   *int64  `json:"slot_lost_ms"`

	FinalReturn float64  `json:"final_return"`
	RunDrawdown float64  `json:"max_drawdown_run"` // over its whole life
	Positions   int      `json:"positions"`
	Costs       Costs    `json:"costs"`
	Orders      Counts   `json:"orders"`
	Emission    float64  `json:"emission"` // accrued
	Fee         float64  `json:"fee"`
	Warnings    []string `json:"warnings"` // of its account
}

// SubnetChallenge is how a miner's challenge stands, or how it ended. Rules §13.
type SubnetChallenge struct {
	StartMS    *int64        `json:"start_ms"` // null: it has not begun
	Days       int           `json:"days"`
	DaysNeeded int           `json:"days_needed"`
	Drawdown   float64       `json:"drawdown"`
	Percentile scoring.Value `json:"percentile"` // at the end of the range; null of one that is over
	Verdict    sim.Verdict   `json:"verdict"`
	Reason     string        `json:"reason"`
}

// DocumentRound is one setting of the weights: of every miner that held a slot then
// its name, and at the same place of each list its state, rank, score and share.
type DocumentRound struct {
	TimeMS        int64           `json:"time_ms"`
	Concentration scoring.Value   `json:"concentration"`
	Miners        []string        `json:"miners"`
	States        []scoring.State `json:"states"`
	Ranks         []*int          `json:"ranks"`  // null of who has none
	Scores        []scoring.Value `json:"scores"` // null of who is out
	Shares        []float64       `json:"shares"` // of the emission until the next setting
}

// Write writes the canonical text of subnet.json.
func (d *SubnetDocument) Write(w io.Writer) error {
	_, err := w.Write(d.Encode())
	return err
}

func documentRound(r *subnet.Result, round *subnet.Round) DocumentRound {
	n := len(round.Places)
	d := DocumentRound{
		TimeMS: round.TimeMS, Concentration: round.Concentration, Miners: make([]string, n),
		States: make([]scoring.State, n), Ranks: make([]*int, n), Scores: make([]scoring.Value, n), Shares: make([]float64, n),
	}
	for i := range round.Places {
		p := &round.Places[i]
		d.Miners[i], d.States[i], d.Scores[i], d.Shares[i] = r.Miners[p.Miner].Name, p.State, p.Score, p.Share
		if p.Rank != 0 {
			d.Ranks[i] = &p.Rank
		}
	}
	return d
}
