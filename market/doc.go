// Package market is what is traded and what trading costs: pairs and classes,
// candle series as columns, market hours, liquidity, and the arithmetic of
// carry and slippage as pure functions of parameters.
//
// It knows nothing of files, rule sets or accounts. Times are UTC milliseconds
// since the epoch, fractions are fractions (0.01 is one percent), and sections
// ("Rules §3") are those of docs/rules.md.
package market
