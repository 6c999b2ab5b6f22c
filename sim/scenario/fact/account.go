package fact

import (
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// The leaf types beside float64 (Number), int and int64 (Whole), bool (YesNo),
// string (Text) and scoring.Value (a Number that may be null). A pointer to any of
// them, or to a group, is null where it is nil.
type (
	Instant int64  // UTC ms
	Date    int64  // UTC ms of a midnight
	Length  int64  // ms
	Word    string // of the vocabulary that its tag names: Words
)

// Account is what a run of one account came to.
type Account struct {
	FinalReturn float64       `fact:"final_return,blank" doc:"portfolio value at the end, a factor"`
	MaxDrawdown float64       `fact:"max_drawdown,blank" doc:"over the window at the end, a loss: 0.07"`
	RunDrawdown float64       `fact:"max_drawdown_run" doc:"over the whole run, a loss"`
	Days        int           `fact:"days,blank" doc:"full days in the window"`
	Daily       []Day         `fact:"daily" doc:"the full days, oldest first"`
	Checkpoints []Checkpoint  `fact:"checkpoints" doc:"of the portfolio, oldest first, the unfinished one last"`
	Pairs       []PairLedger  `fact:"pairs" doc:"the ledger of each pair, in the order of their ids"`
	Orders      []Order       `fact:"orders" doc:"every order, in the order of emission"`
	Counts      Counts        `fact:"counts" doc:"how many orders"`
	Positions   []Position    `fact:"positions" doc:"in the order of their opening"`
	Carry       []CarryCharge `fact:"carry" doc:"every change of a position's carry factor, in time"`
	Costs       Costs         `fact:"costs" doc:"what trading cost"`
	Metrics     Metrics       `fact:"metrics" doc:"of the window at the end"`
	Penalties   Penalties     `fact:"penalties" doc:"of the window at the end, factors from 0 to 1"`
	Elimination *Elimination  `fact:"elimination,blank" doc:"null: it was not eliminated"`
	Challenge   Challenge     `fact:"challenge" doc:"how the challenge stands, no rank being known"`
	Warnings    []string      `fact:"warnings" doc:"what the run warns of"`
	Digest      string        `fact:"digest" doc:"of the canonical result: docs/results.md"`
}

// Day is one full day. Rules §8.
type Day struct {
	Date      Date          `fact:"date,key" doc:"UTC"`
	LogReturn scoring.Value `fact:"log_return,short,blank" doc:"null: everything was lost"`
}

// Checkpoint is a checkpoint of a ledger. Rules §8.
type Checkpoint struct {
	LastUpdate       Instant       `fact:"last_update,key" doc:"the last instant that it covers; of a full one its end"`
	Accum            Length        `fact:"accum" doc:"time covered"`
	Open             Length        `fact:"open" doc:"the part of it in an open market with an open position"`
	Gain             float64       `fact:"gain" doc:"sum of the positive log changes of the value"`
	Loss             scoring.Value `fact:"loss" doc:"sum of the negative ones; null: everything was lost"`
	MDD              float64       `fact:"mdd" doc:"lowest value / running maximum, a factor: 0.93"`
	MPV              float64       `fact:"mpv" doc:"highest value, a factor"`
	PrevPortfolioRet float64       `fact:"prev_portfolio_ret,short,blank" doc:"the value at its end, a factor"`
	CarryFeeLoss     scoring.Value `fact:"carry_fee_loss" doc:"log change by carry; null: it took everything"`
	SpreadFeeLoss    scoring.Value `fact:"spread_fee_loss" doc:"log change by the transaction fee; null: it took everything"`
	Updates          int64         `fact:"updates" doc:"updates that changed the value"`
}

// PairLedger is the ledger of one pair. Rules §8.
type PairLedger struct {
	Pair        string       `fact:"pair,key" doc:"its id"`
	Checkpoints []Checkpoint `fact:"checkpoints,short,blank" doc:"oldest first"`
}

// Order is an order and what became of it. Rules §2.
type Order struct {
	Became            Word          `fact:"became,short,blank" words:"became" doc:"its outcome and, if it has one, its reason: accepted, rejected cooldown; waiting, if it waits for a price to the end"`
	Outcome           Word          `fact:"outcome" words:"outcome" doc:"accepted, clamped, rejected or ignored; empty if it waits for a price to the end"`
	Reason            Word          `fact:"reason" words:"reason, if any" doc:"why it was rejected or ignored; empty if it was not"`
	Emitted           Instant       `fact:"emitted" doc:"when it was emitted"`
	Filled            *Instant      `fact:"filled,present" doc:"when it filled; null if it did not"`
	Pair              string        `fact:"pair" doc:"the pair's id"`
	OrderType         Word          `fact:"order_type" words:"order type" doc:"LONG, SHORT or FLAT"`
	Leverage          scoring.Value `fact:"leverage" doc:"as requested, signed; of a FLAT it has no meaning; null if it is no number"`
	EffectiveLeverage scoring.Value `fact:"effective_leverage,present" doc:"after clamping, signed; of a close, what it closed; null if it did not fill"`
	Price             scoring.Value `fact:"price,present" doc:"of the fill, before slippage; null if there was none"`
	Slippage          scoring.Value `fact:"slippage" doc:"a fraction of the price; null if there was no fill"`
	Warnings          []string      `fact:"warnings" doc:"what the order warns of"`
}

// Counts is how many orders there were, by outcome.
type Counts struct {
	Orders   int           `fact:"orders,short,blank" doc:"all of them"`
	Accepted int           `fact:"accepted,blank" doc:"clamped ones not included"`
	Clamped  int           `fact:"clamped,blank" doc:"accepted with a smaller leverage"`
	Rejected int           `fact:"rejected,blank" doc:"with a reason"`
	Ignored  int           `fact:"ignored,blank" doc:"without effect"`
	Reasons  []ReasonCount `fact:"reasons" doc:"of the rejected and ignored, the most frequent first"`
}

// ReasonCount is how many orders one reason turned away.
type ReasonCount struct {
	Reason Word `fact:"reason,key" words:"reason" doc:"such as cooldown"`
	Orders int  `fact:"orders,short,blank" doc:"how many"`
}

// Position is a position at the end of the run. Rules §5, §6.
type Position struct {
	Pair              string   `fact:"pair,blank" doc:"the pair's id"`
	Open              Instant  `fact:"open" doc:"when it opened"`
	Close             *Instant `fact:"close" doc:"when it closed; null if it is open"`
	Closed            bool     `fact:"closed,blank" doc:"whether it is closed"`
	NetLeverage       float64  `fact:"net_leverage" doc:"signed; 0 if it is closed"`
	AverageEntryPrice float64  `fact:"average_entry_price" doc:"Rules §5"`
	CurrentReturn     float64  `fact:"current_return" doc:"without costs, a factor"`
	ReturnAtClose     float64  `fact:"return_at_close,short,blank" doc:"with costs, a factor"`
	CarryFactor       float64  `fact:"carry_factor" doc:"product of its charges"`
	TransactionFactor float64  `fact:"transaction_factor" doc:"1 where there is no transaction fee"`
	Orders            []Fill   `fact:"orders" doc:"the orders that changed it"`
}

// Fill is an order that changed a position.
type Fill struct {
	Time      Instant `fact:"time" doc:"when it filled"`
	OrderType Word    `fact:"order_type" words:"order type" doc:"LONG, SHORT or FLAT"`
	Leverage  float64 `fact:"leverage,short,blank" doc:"signed, effective"`
	Price     float64 `fact:"price" doc:"before slippage"`
	Slippage  float64 `fact:"slippage" doc:"a fraction of the price"`
}

// CarryCharge is a change of a position's carry factor. Rules §6.
type CarryCharge struct {
	Time   Instant `fact:"time,key,blank" doc:"when it was booked"`
	Pair   string  `fact:"pair" doc:"the pair's id"`
	Charge float64 `fact:"charge,short,blank" doc:"the factor that was charged: after / before"`
	Factor float64 `fact:"factor" doc:"the position's carry factor from then on"`
}

// Costs is what trading cost, each a fraction of the portfolio.
type Costs struct {
	Carry            float64 `fact:"carry,blank" doc:"1 - the product of the positions' carry factors"`
	TransactionFee   float64 `fact:"transaction_fee,blank" doc:"1 - the product of their transaction factors"`
	SlippageEstimate float64 `fact:"slippage_estimate,blank" doc:"sum of leverage (a magnitude) × slippage over the fills"`
}

// Metrics is one value for each metric, or its percentile. Rules §10, §12.
type Metrics struct {
	Calmar                scoring.Value `fact:"calmar,blank" doc:"Rules §10"`
	Sharpe                scoring.Value `fact:"sharpe,blank" doc:"Rules §10"`
	Omega                 scoring.Value `fact:"omega,blank" doc:"Rules §10"`
	Sortino               scoring.Value `fact:"sortino,blank" doc:"Rules §10"`
	StatisticalConfidence scoring.Value `fact:"statistical_confidence,blank" doc:"Rules §10"`
	ReturnLong            scoring.Value `fact:"return_long" doc:"drawdown-adjusted return of the window"`
	ReturnShort           scoring.Value `fact:"return_short" doc:"and of its last days"`
}

// Penalties multiply a score. Rules §11.
type Penalties struct {
	Drawdown   float64       `fact:"drawdown,blank" doc:"0 beyond the limit"`
	Martingale scoring.Value `fact:"martingale,blank" doc:"null where no positions are known"`
	Total      float64       `fact:"total,short,blank" doc:"the product of those that are known"`
}

// Elimination is the end of a miner. Rules §9.
type Elimination struct {
	Time     Instant       `fact:"time,blank" doc:"when"`
	Reason   Word          `fact:"reason,short,blank" words:"elimination" doc:"such as MAX_TOTAL_DRAWDOWN"`
	Drawdown float64       `fact:"drawdown" doc:"a loss"`
	Pair     *string       `fact:"pair" doc:"whose mark or order was the last straw; null for carry and time"`
	Price    scoring.Value `fact:"price" doc:"of that mark"`
}

// Challenge is how a challenge period stands. Rules §13.
type Challenge struct {
	Start       *Instant      `fact:"start" doc:"null: it has not begun; of a population that is scored: always"`
	Days        int           `fact:"days" doc:"full days"`
	DaysNeeded  int           `fact:"days_needed" doc:"to pass"`
	Drawdown    float64       `fact:"drawdown" doc:"a loss"`
	Percentile  scoring.Value `fact:"percentile" doc:"of the combined score among the main competition; null where none is known"`
	Verdict     Word          `fact:"verdict,short,blank" words:"verdict" doc:"passed, failed, running or rank_unknown"`
	Elimination Word          `fact:"elimination" words:"elimination, if any" doc:"the reason that a failed one eliminates for, such as FAILED_CHALLENGE_PERIOD_TIME; empty if nothing does"`
}
