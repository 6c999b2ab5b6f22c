package portable

import (
	"math"
	"testing"
)

func BenchmarkFunctions(b *testing.B) {
	for _, f := range []struct {
		name     string
		function func(float64) float64
		lo, hi   float64
	}{
		{"Exp", Exp, -5, 5},
		{"Expm1", Expm1, -0.1, 0.1},
		{"Log", Log, 0.5, 2},
		{"Log1p", Log1p, -0.1, 0.1},
		{"Sin", Sin, 0, 2 * math.Pi},
		{"Cos", Cos, 0, 2 * math.Pi},
		{"PowCarry", func(x float64) float64 { return Pow(1-0.1095, x) }, 0, 0.01},
		{"math.Exp", math.Exp, -5, 5},
		{"math.Log", math.Log, 0.5, 2},
		{"math.PowCarry", func(x float64) float64 { return math.Pow(1-0.1095, x) }, 0, 0.01},
	} {
		b.Run(f.name, func(b *testing.B) {
			b.ReportAllocs()
			args := uniform(newRand(), 1024, f.lo, f.hi)
			total, i := 0.0, 0
			for b.Loop() {
				total += f.function(args[i&1023])
				i++
			}
			if total != total {
				b.Fatal("not a number")
			}
		})
	}
}
