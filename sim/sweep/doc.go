// Package sweep plays many runs over the same candles: variants of a rule set side
// by side, and the changes between two rule sets one at a time.
//
// What is compared is outcomes, never noise: the same rules give the same bits, so
// that a change without an effect differs in exactly nothing.
package sweep
