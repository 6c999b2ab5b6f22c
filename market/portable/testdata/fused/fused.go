// Package fused holds what the guard against fused multiply-add must find.
package fused

// Sum leaves the rounding of the product to the compiler.
func Sum(x, y, z float64) float64 { return x*y + z }
