package synth

// Stress is one event that is placed in the candles. Exactly one of its fields is
// set.
type Stress struct {
	FlashCrash     *FlashCrash     `yaml:"flash_crash,omitempty"`
	SpikeAndRevert *SpikeAndRevert `yaml:"spike_and_revert,omitempty"`
	GapOpen        *GapOpen        `yaml:"gap_open,omitempty"`
	DeadMarket     *DeadMarket     `yaml:"dead_market,omitempty"`
	Trend          *Trend          `yaml:"trend,omitempty"`
	Halt           *Halt           `yaml:"halt,omitempty"`
	VolumeBurst    *VolumeBurst    `yaml:"volume_burst,omitempty"`
}

// Place says when a stress begins and whom it meets.
type Place struct {
	At    Moment   `yaml:"at"`
	Pairs []string `yaml:"pairs,omitempty"` // default all
}

// FlashCrash is a fall that gathers speed, and a recovery that loses it.
type FlashCrash struct {
	Place     `yaml:",inline"`
	Depth     float64  `yaml:"depth"`               // the share of the price that is lost at the bottom
	Fall      Duration `yaml:"fall,omitempty"`      // default 10m
	Recovery  Duration `yaml:"recovery,omitempty"`  // default 1h
	Recovered float64  `yaml:"recovered,omitempty"` // the share of the fall (of the log price) that comes back; default 0, at most 1
	// Volatility and Volume are factors from the start of the fall to the end of
	// the recovery; default 3 and 8.
	Volatility float64 `yaml:"volatility,omitempty"`
	Volume     float64 `yaml:"volume,omitempty"`
}

// SpikeAndRevert is a price that leaves and comes back: half a candle after At it
// is away, half a candle before its end it is still, and at the end it is back.
type SpikeAndRevert struct {
	Place   `yaml:",inline"`
	Size    float64 `yaml:"size"`              // 0.05 is 5 % up, -0.05 down
	Candles int     `yaml:"candles,omitempty"` // how long it takes; default 1: only a high or a low shows it
}

// GapOpen moves the first price after a closed market: that of the first
// reopening at or after At. Where the market never closes it is that of the first
// candle at or after At.
type GapOpen struct {
	Place `yaml:",inline"`
	Size  float64 `yaml:"size"` // -0.08 is 8 % down
}

// DeadMarket is a span in which nothing moves and nothing trades.
type DeadMarket struct {
	Place      `yaml:",inline"`
	For        Duration `yaml:"for"`
	Volatility float64  `yaml:"volatility,omitempty"` // a factor; default 0
	Volume     float64  `yaml:"volume,omitempty"`     // a factor; default 0
}

// Trend is a steady move on top of the others'; it stays.
type Trend struct {
	Place `yaml:",inline"`
	For   Duration `yaml:"for"`
	Size  float64  `yaml:"size"` // the whole move: 0.2 is 20 % up
}

// Halt leaves the candles of a span out: a hole in the data. The price moves on
// unseen.
type Halt struct {
	Place `yaml:",inline"`
	For   Duration `yaml:"for"`
}

// VolumeBurst multiplies the volume of a span.
type VolumeBurst struct {
	Place  `yaml:",inline"`
	For    Duration `yaml:"for"`
	Volume float64  `yaml:"volume"` // a factor
}
