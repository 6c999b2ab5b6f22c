// Package portable computes elementary functions whose every bit is the same
// on every processor and at every optimisation level.
//
// The functions of package math are not: some processors have assembly of
// their own, and the compiler may fuse a product and a sum. Here every
// operation is an IEEE 754 addition, multiplication, division or square root
// with a rounding of its own, in a fixed order. (An explicit conversion,
// float64(x*y), is what forbids the fusion.)
//
// Exp, Expm1, Log, Log1p and Pow err by less than 0.6 units in the last place,
// Sin and Cos by less than 0.75; where the result is subnormal, by less than 1.
// So a result that float64 can hold is exact. Special cases are those of
// package math.
package portable
