// Package sim plays one miner's account under a rule set: a deterministic clock
// replays candles, a strategy that can't see the future emits orders, and the
// order gate, positions, costs, ledger and elimination of the network do the
// rest.
//
// It knows neither what is inside a strategy nor how a result looks. Leverages
// are multiples of the portfolio's value, returns are factors (1.0 is no
// change), fractions are fractions, times are UTC ms. Sections ("Rules §4") are
// those of docs/rules.md.
package sim
