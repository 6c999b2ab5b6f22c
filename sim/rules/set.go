// Package rules holds the network's rules as data: a typed rule set, loaded
// from YAML that inherits and overrides, validated strictly, compared line by
// line. The dated sets of the network are embedded.
//
// It says what the rules are, never how one is applied: that is the business of
// the packages below it. Sections ("Rules §4") are those of docs/rules.md.
package rules

import "github.com/ptnsim/ptnsim/market"

// Set is one complete set of rules. Every number and every switch of the
// network is a field of it. The key of a field in a rule file, and its path for
// an override ("cooldown.scope"), are its yaml tags; the section tag names the
// section of the rules that it belongs to.
type Set struct {
	Name        string `yaml:"name,omitempty"`
	Description string `yaml:"description,omitempty"`

	Instruments    Instruments    `yaml:"instruments" section:"1"`
	RateLimit      RateLimit      `yaml:"rate_limit" section:"2"`
	Gate           Gate           `yaml:"gate" section:"2"`
	Cooldown       Cooldown       `yaml:"cooldown" section:"2"`
	Fill           Fill           `yaml:"fill" section:"2"`
	Hours          Hours          `yaml:"hours" section:"3"`
	Leverage       Leverage       `yaml:"leverage" section:"4"`
	Position       Position       `yaml:"position" section:"5"`
	Carry          Carry          `yaml:"carry" section:"6"`
	TransactionFee TransactionFee `yaml:"transaction_fee" section:"6"`
	Slippage       Slippage       `yaml:"slippage" section:"7"`
	Liquidity      Liquidity      `yaml:"liquidity" section:"7"`
	Ledger         Ledger         `yaml:"ledger" section:"8"`
	Drawdown       Drawdown       `yaml:"drawdown" section:"9"`
	Elimination    Elimination    `yaml:"elimination" section:"9"`

	Metrics               Metrics               `yaml:"metrics" section:"10"`
	Recency               Recency               `yaml:"recency" section:"10"`
	Calmar                Calmar                `yaml:"calmar" section:"10"`
	Sharpe                Ratio                 `yaml:"sharpe" section:"10"`
	Omega                 Omega                 `yaml:"omega" section:"10"`
	Sortino               Ratio                 `yaml:"sortino" section:"10"`
	StatisticalConfidence StatisticalConfidence `yaml:"statistical_confidence" section:"10"`
	ReturnLong            AdjustedReturn        `yaml:"return_long" section:"10"`
	ReturnShort           AdjustedReturn        `yaml:"return_short" section:"10"`
	Weights               Weights               `yaml:"weights" section:"10"`

	DrawdownPenalty DrawdownPenalty `yaml:"drawdown_penalty" section:"11"`
	Martingale      Martingale      `yaml:"martingale" section:"11"`
	Scoring         Scoring         `yaml:"scoring" section:"11"`
	Competition     Competition     `yaml:"competition" section:"12"`
	Challenge       Challenge       `yaml:"challenge" section:"13"`
	Registration    Registration    `yaml:"registration" section:"14"`
}

// ByClass is one value for each trading class.
type ByClass[T any] struct {
	Crypto   T `yaml:"crypto"`
	Forex    T `yaml:"forex"`
	Equities T `yaml:"equities"`
	Indices  T `yaml:"indices"`
}

// For returns the value of class c.
func (b *ByClass[T]) For(c market.Class) *T {
	switch c {
	case market.Crypto:
		return &b.Crypto
	case market.Forex:
		return &b.Forex
	case market.Equities:
		return &b.Equities
	case market.Indices:
		return &b.Indices
	}
	panic("rules: no such class: " + c.String())
}

// Instruments is what may be traded. Rules §1.
type Instruments struct {
	// Added are pairs beyond those that the network knows (market.Pairs).
	Added []AddedPair `yaml:"added"`
	// Halted pairs are known, but no order on them is accepted.
	Halted []string `yaml:"halted"`
	// PortfolioWeight multiplies a position's leverage in the portfolio's sum.
	PortfolioWeight ByClass[float64] `yaml:"portfolio_weight"`
}

// AddedPair is a pair that a rule file adds.
type AddedPair struct {
	ID    string `yaml:"id"`
	Class string `yaml:"class"`
	Base  string `yaml:"base,omitempty"` // empty: the id without its quote; an equity's or index's own id
	Quote string `yaml:"quote"`
}

// RateLimit bounds a miner's requests in a fixed window. Rules §2.
type RateLimit struct {
	Requests int      `yaml:"requests"` // accepted in one window
	Window   Duration `yaml:"window"`
}

// Gate bounds orders and switches the checks that each order passes, in the
// order of the fields of Checks. Rules §2.
type Gate struct {
	OrderLeverageMin float64 `yaml:"order_leverage_min"` // smallest magnitude, a multiple of the portfolio
	OrderLeverageMax float64 `yaml:"order_leverage_max"`
	OpenOrdersMax    int     `yaml:"open_orders_max"` // held by the open positions together
	Checks           Checks  `yaml:"checks"`
}

// Checks switches each check of the order gate: a check that is off passes
// every order. Rules §2, §4.
type Checks struct {
	RateLimited          bool `yaml:"rate_limited"`
	Eliminated           bool `yaml:"eliminated"`
	MarketClosed         bool `yaml:"market_closed"`
	UnsupportedPair      bool `yaml:"unsupported_pair"`
	Duplicate            bool `yaml:"duplicate"`
	InvalidLeverage      bool `yaml:"invalid_leverage"`
	TooManyOpenOrders    bool `yaml:"too_many_open_orders"`
	Cooldown             bool `yaml:"cooldown"`
	MaxPositionLeverage  bool `yaml:"max_position_leverage"`  // off: no bound above, no clamp to it
	MinPositionLeverage  bool `yaml:"min_position_leverage"`  // off: no bound below
	MaxPortfolioLeverage bool `yaml:"max_portfolio_leverage"` // off: no cap, no clamp to it
	OrderMinLeverage     bool `yaml:"order_min_leverage"`
}

// Cooldown is the least time between two accepted orders. Rules §2.
type Cooldown struct {
	Period Duration      `yaml:"period"`
	Scope  CooldownScope `yaml:"scope"`
}

// CooldownScope says which previous order a cooldown counts from.
type CooldownScope string

// The scopes of a cooldown.
const (
	CooldownPair  CooldownScope = "pair"  // of the same position
	CooldownMiner CooldownScope = "miner" // of any position
)

// Fill is when an order gets its price. Rules §2.
type Fill struct {
	// MaxWait is the longest wait for the candle that fills an order; one
	// candle interval where that is longer.
	MaxWait Duration `yaml:"max_wait"`
}

// Hours is the market hours of each class. Rules §3.
type Hours = ByClass[market.Hours]

// Leverage bounds positions and the portfolio, in multiples of the portfolio's
// value. Rules §4.
type Leverage struct {
	PortfolioMax float64                 `yaml:"portfolio_max"` // of the weighted sum
	Position     ByClass[LeverageMinMax] `yaml:"position"`
}

// LeverageMinMax is the bounds of one position's |net leverage|.
type LeverageMinMax struct {
	Min float64 `yaml:"min"`
	Max float64 `yaml:"max"`
}

// Position is how a position's return is accounted. Rules §5.
type Position struct {
	Accounting Accounting `yaml:"accounting"`
}

// Accounting names a way to compute a position's return without costs.
type Accounting string

// The ways of accounting.
const (
	// AccountingAveragePrice is Rules §5: the average entry price moves with
	// every order, and the return is the distance of the price from it.
	AccountingAveragePrice Accounting = "average_price"
	// AccountingRealizedPnL is that of builds after 5.4.0: reductions realise
	// profit, and the average entry price moves only with orders that add.
	AccountingRealizedPnL Accounting = "realized_pnl"
)

// Carry is the cost of holding a position. Rules §6.
type Carry struct {
	Rate         CarryRate      `yaml:"rate"`
	Alignment    CarryAlignment `yaml:"alignment"`
	ClosedMarket CarryBooking   `yaml:"closed_market"`
	DaysInYear   float64        `yaml:"days_in_year"`

	Crypto   CarryClass `yaml:"crypto"`
	Forex    CarryClass `yaml:"forex"`
	Equities CarryClass `yaml:"equities"`
	Indices  CarryClass `yaml:"indices"`
}

// CarryClass is the carry of one class. Rules §6.
type CarryClass struct {
	RateAnnual float64 `yaml:"rate_annual"` // fraction a year at leverage 1
	// Times are the instants of a day, UTC, as "15:04", ascending.
	Times []string `yaml:"times"`
	// Multiples are how often a charge counts on a weekday, Sunday first.
	Multiples []int `yaml:"multiples"`
}

// CarryRate says how the annual rate becomes the charge of one instant.
type CarryRate string

// The rates of carry.
const (
	CarrySimple   CarryRate = "simple"   // 1 - rate/instants a year × leverage
	CarryCompound CarryRate = "compound" // (1 - rate)^(leverage/instants a year)
)

// CarryAlignment says over which intervals the largest leverage is read.
type CarryAlignment string

// The alignments of carry.
const (
	CarryDocumented CarryAlignment = "documented" // between the instants
	CarryDeployed   CarryAlignment = "deployed"   // of the builds: first interval from the opening, then 8 hours each
)

// CarryBooking says when carry is booked that falls due in a closed market.
type CarryBooking string

// The times of booking.
const (
	CarryAtInstant   CarryBooking = "at_instant"
	CarryAtReopening CarryBooking = "at_reopening" // the first candle after
)

// TransactionFee is the cost of changing a position: the factor
// 1 - C·rate/2 with C the cumulative leverage. Rules §6.
type TransactionFee struct {
	Enabled bool             `yaml:"enabled"`
	Rate    ByClass[float64] `yaml:"rate"` // fraction of the leverage, there and back
}

// Slippage is the distance of a fill from the price. Rules §7.
type Slippage struct {
	Enabled      bool    `yaml:"enabled"`
	AccountUSD   float64 `yaml:"account_usd"`    // order value = |leverage| × this
	FreeBelowUSD float64 `yaml:"free_below_usd"` // at or below: no slippage
	Max          float64 `yaml:"max"`            // fraction of the price

	Crypto   SlippageCrypto   `yaml:"crypto"`
	Forex    SlippageForex    `yaml:"forex"`
	Equities []SlippageBucket `yaml:"equities"`
}

// SlippageCrypto is a flat fraction of the price.
type SlippageCrypto struct {
	Default float64            `yaml:"default"`
	Pairs   map[string]float64 `yaml:"pairs"`
}

// SlippageForex is the coefficients of the forex model.
type SlippageForex = market.SlippageForex

// SlippageBucket is one row of the equities table.
type SlippageBucket = market.SlippageBucket

// Liquidity is the features that slippage needs, and what serves where the
// data has none. Rules §7.
type Liquidity struct {
	ADVDays           int     `yaml:"adv_days"`             // trading days before the order's day
	VolatilityDays    int     `yaml:"volatility_days"`      // daily log returns before the order's day
	TradingDaysInYear float64 `yaml:"trading_days_in_year"` // annualises the volatility

	// Defaults serve where the data has no bid and ask, no volume or too short
	// a history. A key is forex, metals, equities or a pair's id.
	Defaults map[string]LiquidityDefault `yaml:"defaults"`
	// USDPrices serve where the data does not give a currency's price in USD.
	USDPrices map[string]float64 `yaml:"usd_prices"`
}

// LiquidityDefault is a pair's liquidity where the data does not tell.
type LiquidityDefault struct {
	SpreadOverMid    float64 `yaml:"spread_over_mid"`
	VolatilityAnnual float64 `yaml:"volatility_annual"` // fraction
	ADV              float64 `yaml:"adv"`               // lots (forex, metals) or shares
}

// Ledger is how the portfolio's value becomes checkpoints and days. Rules §8.
type Ledger struct {
	Checkpoint      Duration `yaml:"checkpoint"`
	Window          Duration `yaml:"window"`
	Marking         Variant  `yaml:"marking"`          // deployed: rebuilt from orders and minute closes
	Day             Variant  `yaml:"day"`              // deployed: a checkpoint belongs to the date of its end
	FirstCheckpoint Variant  `yaml:"first_checkpoint"` // deployed: counts as covering the whole interval
}

// Variant chooses between what the documents say and what the builds do.
type Variant string

// The variants.
const (
	Documented Variant = "documented"
	Deployed   Variant = "deployed"
)

// Drawdown is the limit that eliminates. Rules §9.
type Drawdown struct {
	Limit   float64 `yaml:"limit"` // a loss: 0.1
	AtLimit AtLimit `yaml:"at_limit"`
}

// AtLimit says what happens at a drawdown of exactly the limit.
type AtLimit string

// What happens at exactly the limit.
const (
	AtLimitSurvives   AtLimit = "survives"
	AtLimitEliminates AtLimit = "eliminates"
)

// Elimination is whom a drawdown eliminates and when that is looked at. Rules §9.
type Elimination struct {
	Main      bool `yaml:"main"`      // a drawdown eliminates in the main competition
	Challenge bool `yaml:"challenge"` // and in the challenge period
	// CheckEvery is the time between checks of the main competition, at
	// multiples of it since the epoch; 0: at every update.
	CheckEvery          Duration `yaml:"check_every"`
	ChallengeCheckEvery Duration `yaml:"challenge_check_every"`
	LedgerLag           Duration `yaml:"ledger_lag"` // how far the ledger runs behind
}

// Metrics is what the metrics have in common. Rules §10.
type Metrics struct {
	DaysInYear     float64  `yaml:"days_in_year"`
	RiskFreeAnnual float64  `yaml:"risk_free_annual"` // fraction a year
	DaysMin        int      `yaml:"days_min"`         // fewer: no confidence
	VolatilityMin  float64  `yaml:"volatility_min"`   // least annual volatility in a ratio
	Variance       Variance `yaml:"variance"`
}

// Variance chooses the divisor of a variance: n, or n-1.
type Variance string

// The variances.
const (
	VariancePopulation Variance = "population"
	VarianceSample     Variance = "sample"
)

// Recency weights a day by its age k in days: Floor + (1-Floor)·exp(-Decay·k).
type Recency struct {
	Enabled bool    `yaml:"enabled"`
	Floor   float64 `yaml:"floor"`
	Decay   float64 `yaml:"decay"`
}

// Calmar is the return over the drawdown. Rules §10.
type Calmar struct {
	RiskFree    bool         `yaml:"risk_free"` // subtract the risk-free rate
	Drawdown    DrawdownKind `yaml:"drawdown"`
	DrawdownMax float64      `yaml:"drawdown_max"` // at or over: 0
}

// DrawdownKind chooses the drawdown that a metric divides by.
type DrawdownKind string

// The drawdowns.
const (
	DrawdownOfMax  DrawdownKind = "max"  // the largest of the checkpoints
	DrawdownOfMean DrawdownKind = "mean" // their mean
)

// Ratio is a metric with a value for too few days.
type Ratio struct {
	NoConfidence float64 `yaml:"no_confidence"`
}

// Omega is the gains over the losses. Rules §10.
type Omega struct {
	NoConfidence float64 `yaml:"no_confidence"`
	LossMin      float64 `yaml:"loss_min"`   // least denominator
	WeightMin    float64 `yaml:"weight_min"` // least sum of recency weights
}

// StatisticalConfidence is the t statistic of the mean. Rules §10.
type StatisticalConfidence struct {
	NoConfidence float64 `yaml:"no_confidence"`
	VarianceMin  float64 `yaml:"variance_min"` // population variance at or under: no confidence; 0: no such test
}

// AdjustedReturn is the drawdown-adjusted return of 2024. Rules §10.
type AdjustedReturn struct {
	Days        int          `yaml:"days"`        // the last daily returns; 0: all
	Checkpoints int          `yaml:"checkpoints"` // the last checkpoints; 0: all
	Drawdown    DrawdownKind `yaml:"drawdown"`
	Scale       float64      `yaml:"scale"`        // 100: percent over percent
	DrawdownMin float64      `yaml:"drawdown_min"` // at or under: 0
	DrawdownMax float64      `yaml:"drawdown_max"` // at or over: 0
	Ramp        float64      `yaml:"ramp"`         // the factor falls to 0 over this much drawdown below the maximum
}

// Weights is the part of each metric in the combined score; they sum to 1.
type Weights struct {
	Calmar                float64 `yaml:"calmar"`
	Sharpe                float64 `yaml:"sharpe"`
	Omega                 float64 `yaml:"omega"`
	Sortino               float64 `yaml:"sortino"`
	StatisticalConfidence float64 `yaml:"statistical_confidence"`
	ReturnLong            float64 `yaml:"return_long"`
	ReturnShort           float64 `yaml:"return_short"`
}

// DrawdownPenalty takes the whole score for a drawdown over the limit. Rules §11.
type DrawdownPenalty struct {
	Limit           float64 `yaml:"limit"` // a loss: 0.1
	AtLimit         Penalty `yaml:"at_limit"`
	LastCheckpoints int     `yaml:"last_checkpoints"` // looked at, the unfinished one included; 0: the window
}

// Penalty says whether a drawdown of exactly the limit is penalised.
type Penalty string

// The penalties at exactly the limit.
const (
	PenaltySpares    Penalty = "spares"
	PenaltyPenalises Penalty = "penalises"
)

// Martingale penalises adding to losing positions. Rules §11.
type Martingale struct {
	Enabled      bool     `yaml:"enabled"`
	Window       Duration `yaml:"window"`        // how far back a closed position counts from its opening
	Steps        int      `yaml:"steps"`         // this many or more mark a position
	ReturnPower  float64  `yaml:"return_power"`  // weight of a position: return^power
	SigmoidShift float64  `yaml:"sigmoid_shift"` // score at which half is left
	SigmoidSlope float64  `yaml:"sigmoid_slope"`
	ExponentMax  float64  `yaml:"exponent_max"`
}

// Scoring is what is judged when weights are set. Rules §11.
type Scoring struct {
	PositionFilter PositionFilter `yaml:"position_filter"`
}

// PositionFilter leaves positions out before weights are set.
type PositionFilter string

// The filters.
const (
	FilterNone      PositionFilter = "none"
	FilterClosed60s PositionFilter = "closed_60s" // only closed ones that lasted at least 60 s
)

// Competition is how scores become weights. Rules §12.
type Competition struct {
	Percentiles        Variant  `yaml:"percentiles"`
	SoftmaxTemperature float64  `yaml:"softmax_temperature"`
	TargetMiners       float64  `yaml:"target_miners"`   // this best fraction
	TargetEmission     float64  `yaml:"target_emission"` // is to receive this one
	WeightsEvery       Duration `yaml:"weights_every"`
}

// Challenge is the trial of a newcomer. Rules §13.
type Challenge struct {
	Start         ChallengeStart   `yaml:"start"`
	Duration      Duration         `yaml:"duration"`
	CheckEvery    Duration         `yaml:"check_every"` // at multiples since the epoch; 12h: at checkpoint ends
	DaysMin       int              `yaml:"days_min"`
	PercentileMin float64          `yaml:"percentile_min"`
	Weight        float64          `yaml:"weight"` // paid to each, on top of the normalised weights
	Reasons       ChallengeReasons `yaml:"reasons"`
}

// ChallengeStart says when the challenge period begins.
type ChallengeStart string

// The beginnings.
const (
	ChallengeFromRegistration ChallengeStart = "registration"
	ChallengeFromFirstOrder   ChallengeStart = "first_order"
)

// ChallengeReasons says how a failed challenge is named.
type ChallengeReasons string

// The namings.
const (
	ReasonsSplit  ChallengeReasons = "split"  // drawdown and time each their own
	ReasonsSingle ChallengeReasons = "single" // one for both
)

// Registration is the subnet's slots. Rules §14.
type Registration struct {
	Slots    int      `yaml:"slots"`
	Immunity Duration `yaml:"immunity"`
}
