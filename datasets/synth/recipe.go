package synth

// Recipe is everything that decides the candles of a synthetic data set. A field
// at its zero value takes its default, which Complete fills in.
type Recipe struct {
	Description string `yaml:"description,omitempty"`
	Seed        Seed   `yaml:"seed,omitempty"` // any text; default "1"

	// From and To bound the opens of the candles, To excluded; To may be an
	// offset from From. Default: four weeks from 2025-01-06.
	From Moment `yaml:"from,omitempty"`
	To   Moment `yaml:"to,omitempty"`
	// Interval is a candle's length, a part or a multiple of an hour, at most a
	// day; default 1m. Slots are its multiples since 1970 in UTC.
	Interval Duration `yaml:"interval,omitempty"`

	Pairs []Pair `yaml:"pairs"`

	// Correlation has a row and a column for each of Pairs, in their order: the
	// correlation of their shocks in the same slot. Default: none.
	Correlation [][]float64 `yaml:"correlation,omitempty"`

	Regimes  *Regimes `yaml:"regimes,omitempty"`
	Stresses []Stress `yaml:"stresses,omitempty"`
}

// Pair is one pair's price process. Its hours are those of its market.
type Pair struct {
	Pair  string  `yaml:"pair"`            // "BTCUSD"
	Price float64 `yaml:"price,omitempty"` // at From; default: a round number of the pair's size
	Tick  float64 `yaml:"tick,omitempty"`  // prices are whole multiples; it or its reciprocal is a whole number

	Volatility float64 `yaml:"volatility,omitempty"` // of the log price, annual: 0.5 is 50 %; default by class
	Drift      float64 `yaml:"drift,omitempty"`      // annual growth of the expected price, continuous: 0.1 is exp(0.1)
	// GapShare is the part of the annual variance that falls on reopenings, from
	// 0 up to 1 (excluded); default 0. Only for markets that close.
	GapShare float64 `yaml:"gap_share,omitempty"`

	Model      Model       `yaml:"model,omitempty"` // default gbm
	Clustering *Clustering `yaml:"clustering,omitempty"`
	Garch      *Garch      `yaml:"garch,omitempty"`
	Jumps      *Jumps      `yaml:"jumps,omitempty"`
	Season     Season      `yaml:"season,omitempty"` // default none
	// Hours is a season of one's own: 24 relative volatilities, of the hours from
	// midnight on. They are scaled to a mean square of 1 over the open market.
	Hours []float64 `yaml:"hours,omitempty,flow"`

	// Loadings ties the shocks to factors that pairs share, by the factor's name:
	// two pairs correlate by the sum of their products. The squares sum to at most
	// 1. Not together with Recipe.Correlation.
	Loadings map[string]float64 `yaml:"loadings,omitempty"`

	Volume      float64 `yaml:"volume,omitempty"`       // mean of a full trading day; default by class
	VolumeStep  float64 `yaml:"volume_step,omitempty"`  // volumes are whole multiples; as Tick
	SpreadTicks float64 `yaml:"spread_ticks,omitempty"` // mean bid-ask spread, ticks; 0 = no bid and ask
}

// Model says how a pair's volatility moves.
type Model string

// The models.
const (
	GBM                  Model = "gbm"                   // geometric Brownian motion: it doesn't
	StochasticVolatility Model = "stochastic_volatility" // its logarithm is an AR(1) process
	GARCH                Model = "garch"                 // GARCH(1,1): wild candles make the next ones wilder
)

// Clustering is the log-AR(1) process of stochastic volatility.
type Clustering struct {
	SD     float64  `yaml:"sd,omitempty"`     // standard deviation of the log volatility; default 0.5
	Memory Duration `yaml:"memory,omitempty"` // open-market time after which 1/e of a deviation is left; default 18h
}

// Garch is the variance h of a candle relative to the mean:
//
//	h' = 1 - alpha - beta + alpha h z² + beta h
//
// with z the candle's shock.
type Garch struct {
	Alpha float64 `yaml:"alpha,omitempty"` // default 0.08
	Beta  float64 `yaml:"beta,omitempty"`  // default 0.9
}

// Jumps is a Poisson process of sudden moves. They come on top of the volatility
// and the drift.
type Jumps struct {
	Rate  float64   `yaml:"rate"`            // a year of open market
	Mean  float64   `yaml:"mean,omitempty"`  // of a jump of the log price
	SD    float64   `yaml:"sd,omitempty"`    // its standard deviation
	Sizes Jumpiness `yaml:"sizes,omitempty"` // default normal
}

// Jumpiness is the distribution of the sizes of jumps.
type Jumpiness string

// The distributions.
const (
	NormalJumps  Jumpiness = "normal"
	LaplaceJumps Jumpiness = "laplace" // double exponential: more small ones, more huge ones
)

// Season is the shape of volatility and volume over the hours of a day, on the
// market's own clock: New York's, for crypto UTC.
type Season string

// The seasons.
const (
	NoSeason    Season = "none"
	ClassSeason Season = "class" // that of the pair's class
)

// Regimes are states of the market that follow one another: by chance as a
// Markov chain in continuous time (on the clock, closed markets included), or by
// Schedule. The first of States is the first in force.
type Regimes struct {
	States []Regime `yaml:"states"`
	// Schedule replaces chance: which state holds from when on.
	Schedule []RegimeChange `yaml:"schedule,omitempty"`
	Pairs    []string       `yaml:"pairs,omitempty"` // whom it concerns; default all
}

// Regime is one state of the market.
type Regime struct {
	Name       string   `yaml:"name"`
	Volatility float64  `yaml:"volatility,omitempty"` // a factor; default 1
	Drift      float64  `yaml:"drift,omitempty"`      // added to the pairs' annual drift
	Duration   Duration `yaml:"duration,omitempty"`   // mean length; default 5d. Afterwards each other state is as likely
}

// RegimeChange sets a state by its name from a moment on.
type RegimeChange struct {
	At     Moment `yaml:"at"`
	Regime string `yaml:"regime"`
}
