// Package sweep plays many runs over the same candles: variants of a rule set side
// by side, and the changes between two rule sets one at a time.
package sweep
