package sim

// PositionRecord is a position as a result shows it: what happened to it, and
// where it stands at the end of the run. Rules §5, §6.
type PositionRecord struct {
	Pair        string
	OpenMS      int64 // UTC ms
	CloseMS     int64 // UTC ms; 0 if open
	Closed      bool
	NetLeverage float64 // signed; 0 if closed

	AverageEntryPrice float64
	CurrentReturn     float64 // without costs, a factor
	ReturnAtClose     float64 // with costs, a factor
	CarryFactor       float64
	TransactionFactor float64
	Fills             []Fill
}

// Fill is an order that changed a position.
type Fill struct {
	Type     OrderType
	Leverage float64 // signed, effective
	Price    float64 // raw
	Slippage float64 // fraction of the price
	TimeMS   int64   // UTC ms
}

// Elimination is the end of a miner. Rules §9.
type Elimination struct {
	TimeMS   int64
	Reason   Reason
	Drawdown float64 // a loss: 0.1
	Pair     string  // whose mark or order was the last straw; "" for carry and time
	Price    float64 // of that mark
}

// The reasons of an elimination. Rules §9.
const (
	MaxTotalDrawdown        Reason = "MAX_TOTAL_DRAWDOWN"
	FailedChallengeDrawdown Reason = "FAILED_CHALLENGE_PERIOD_DRAWDOWN"
	FailedChallengeTime     Reason = "FAILED_CHALLENGE_PERIOD_TIME"
	FailedChallenge         Reason = "FAILED_CHALLENGE_PERIOD"
	Liquidated              Reason = "LIQUIDATED"
)

// Daily is the log return of one full day. Rules §8.
type Daily struct {
	DateMS    int64 // midnight UTC
	LogReturn float64
}

// Verdict is how a challenge stands for an account of which no rank is known.
type Verdict string

// The verdicts. Rules §13.
const (
	ChallengePassed      Verdict = "passed"
	ChallengeFailed      Verdict = "failed"
	ChallengeRunning     Verdict = "running"
	ChallengeRankUnknown Verdict = "rank_unknown" // every check but the rank is passed
)

// ChallengeStatus is the challenge period's state at the end of a run. Rules §13.
type ChallengeStatus struct {
	StartMS    int64
	Days       int // full days
	DaysNeeded int
	Drawdown   float64 // a loss
	Verdict    Verdict
	Reason     string // a sentence
}

// Result is what a run of one account came to.
type Result struct {
	FromMS, ToMS int64

	FinalReturn float64                 // portfolio value, a factor
	MaxDrawdown float64                 // over the window, a loss
	Checkpoints []Checkpoint            // of the whole run, oldest first
	WindowFrom  int                     // the first checkpoint of the window at the end
	ByPair      map[string][]Checkpoint // each pair's own ledger
	Daily       []Daily
	Orders      []OrderRecord
	Positions   []PositionRecord
	Elimination *Elimination
	Challenge   ChallengeStatus
	Disputed    bool // the deployed marking would have eliminated at another time, or not at all: a warning tells
	Warnings    []string
}
