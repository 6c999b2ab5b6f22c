package reports

import (
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Schema names the form of result.json. It changes whenever a field changes its
// name or its meaning.
const Schema = "ptnsim-result-3"

// Document is result.json: all of a run that other programs read. Its fields
// and their order are the format (docs/design.md, "Files that other programs
// read and write"). Returns are factors, drawdowns and costs are losses (0.07),
// times end in _ms (UTC) or are RFC 3339. A number that does not exist is null.
type Document struct {
	Schema  string        `json:"schema"`
	Version string        `json:"ptnsim"`
	Digest  string        `json:"digest"` // see Digest
	Rules   DocumentRules `json:"rules"`
	Dataset []DatasetFile `json:"dataset"`

	From         string `json:"from"`
	To           string `json:"to"`
	EvaluationMS int64  `json:"evaluation_ms"` // when metrics and penalties were judged: the end of the range
	Strategy     string `json:"strategy"`
	Source       string `json:"strategy_sha256"` // of the files that say what it does; "" for a built-in
	Params       Params `json:"params"`
	Seed         uint64 `json:"seed"`
	As           string `json:"as"`   // main or challenge
	Fill         string `json:"fill"` // open or close
	LatencyMS    int64  `json:"latency_ms"`

	FinalReturn float64              `json:"final_return"`
	MaxDrawdown float64              `json:"max_drawdown"`     // over the window at the end
	RunDrawdown float64              `json:"max_drawdown_run"` // over the whole run
	Days        int                  `json:"days"`             // full days in that window
	Daily       []DocumentDay        `json:"daily"`
	Checkpoints []DocumentCheckpoint `json:"checkpoints"`
	WindowFrom  int                  `json:"window_from"` // index of the window's first checkpoint
	Orders      []DocumentOrder      `json:"orders"`
	Counts      Counts               `json:"counts"`
	Positions   []DocumentPosition   `json:"positions"`
	Costs       Costs                `json:"costs"`

	Metrics     DocumentMetrics      `json:"metrics"`
	Penalties   scoring.Penalties    `json:"penalties"`
	Elimination *DocumentElimination `json:"elimination"`
	Challenge   DocumentChallenge    `json:"challenge"`
	Causality   *Causality           `json:"causality"`         // null: it was not looked into
	Against     *DocumentAgainst     `json:"against,omitempty"` // left out: it was put into no population
	Warnings    []string             `json:"warnings"`
}

// DocumentRules is the rule set of a run. The text is a complete rule file
// (rules.Marshal, without the description) that inherits nothing: it reproduces
// the run, digest and all.
type DocumentRules struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Params are a strategy's parameters: in JSON an object of texts, in the
// strategy's own order.
type Params []Param

// DocumentDay is one full day. Rules §8.
type DocumentDay struct {
	Date      string        `json:"date"`       // 2025-01-31
	LogReturn scoring.Value `json:"log_return"` // null: everything was lost
}

// DocumentCheckpoint is one checkpoint of the portfolio. Rules §8.
type DocumentCheckpoint struct {
	LastUpdateMS     int64         `json:"last_update_ms"`
	AccumMS          int64         `json:"accum_ms"`
	OpenMS           int64         `json:"open_ms"`
	Gain             float64       `json:"gain"`
	Loss             scoring.Value `json:"loss"` // null: everything was lost
	MDD              float64       `json:"mdd"`  // a factor: 0.93
	MPV              float64       `json:"mpv"`
	PrevPortfolioRet float64       `json:"prev_portfolio_ret"`
	CarryFeeLoss     float64       `json:"carry_fee_loss"`
	SpreadFeeLoss    float64       `json:"spread_fee_loss"`
}

// DocumentOrder is an order and what became of it. What a fill brings is null
// where there was none. Rules §2.
type DocumentOrder struct {
	EmittedMS         int64         `json:"emitted_ms"`
	FilledMS          *int64        `json:"filled_ms"`
	Pair              string        `json:"pair"`
	OrderType         string        `json:"order_type"`
	Leverage          scoring.Value `json:"leverage"` // signed, as requested
	EffectiveLeverage scoring.Value `json:"effective_leverage"`
	Price             scoring.Value `json:"price"` // raw, before slippage
	Slippage          scoring.Value `json:"slippage"`
	Outcome           sim.Outcome   `json:"outcome"`
	Reason            sim.Reason    `json:"reason"`
	Warnings          []string      `json:"warnings"`
}

// DocumentPosition is a position at the end of the run. Rules §5, §6.
type DocumentPosition struct {
	Pair              string         `json:"pair"`
	OpenMS            int64          `json:"open_ms"`
	CloseMS           *int64         `json:"close_ms"`
	Closed            bool           `json:"closed"`
	NetLeverage       float64        `json:"net_leverage"`
	AverageEntryPrice float64        `json:"average_entry_price"`
	CurrentReturn     float64        `json:"current_return"`  // without costs
	ReturnAtClose     float64        `json:"return_at_close"` // with costs
	CarryFactor       float64        `json:"carry_factor"`
	TransactionFactor float64        `json:"transaction_factor"`
	Orders            []DocumentFill `json:"orders"`
}

// DocumentFill is an order that changed a position.
type DocumentFill struct {
	OrderType string  `json:"order_type"`
	Leverage  float64 `json:"leverage"` // signed, effective
	Price     float64 `json:"price"`    // raw
	Slippage  float64 `json:"slippage"`
	TimeMS    int64   `json:"t_ms"`
}

// DocumentMetrics is the metrics in the order of scoring.AllMetrics. Rules §10.
type DocumentMetrics struct {
	Calmar                scoring.Value `json:"calmar"`
	Sharpe                scoring.Value `json:"sharpe"`
	Omega                 scoring.Value `json:"omega"`
	Sortino               scoring.Value `json:"sortino"`
	StatisticalConfidence scoring.Value `json:"statistical_confidence"`
	ReturnLong            scoring.Value `json:"return_long"`
	ReturnShort           scoring.Value `json:"return_short"`
}

// DocumentElimination is the end of a miner. Pair and price are null where no
// price was the last straw. Rules §9.
type DocumentElimination struct {
	TimeMS   int64         `json:"time_ms"`
	Reason   sim.Reason    `json:"reason"`
	Drawdown float64       `json:"drawdown"`
	Pair     *string       `json:"pair"`
	Price    scoring.Value `json:"price"`
}

// DocumentChallenge is how the challenge period stands. Rules §13.
type DocumentChallenge struct {
	StartMS    *int64      `json:"start_ms"` // null: it has not begun
	Days       int         `json:"days"`
	DaysNeeded int         `json:"days_needed"`
	Drawdown   float64     `json:"drawdown"`
	Verdict    sim.Verdict `json:"verdict"`
	Reason     string      `json:"reason"`
}
