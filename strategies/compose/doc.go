// Package compose is strategies around strategies: one that scales another by
// volatility, one that works another's orders in slices, and portfolios of
// several in one account.
//
// The strategy inside, the guest, plays a virtual book: an account of its own
// size, by the rules' leverage limits and market hours, without costs. What it
// will hold there, scaled, spread or netted, is the target of the real account,
// and the executor brings the account to its targets under all rules. So a guest
// never knows that it isn't alone, and the account never holds what nobody asked
// for.
//
// Leverages are signed multiples of the portfolio's value, times are UTC ms.
// Sections ("Rules §4") are those of docs/rules.md.
package compose
