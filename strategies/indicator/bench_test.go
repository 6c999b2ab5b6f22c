package indicator

import "testing"

// BenchmarkTake takes a candle and reads the first output: a candle an operation.
func BenchmarkTake(b *testing.B) {
	bars := walk(1<<17, 1)
	for _, spec := range Specs() {
		b.Run(spec.Name, func(b *testing.B) {
			b.ReportAllocs()
			sum := 0.0
			for done := 0; done < b.N; {
				ind, err := spec.New(nil)
				if err != nil {
					b.Fatal(err)
				}
				for i := 0; i < len(bars.Close) && done < b.N; i++ {
					ind.Take(bars, i)
					sum += ind.Value(0)
					done++
				}
			}
		})
	}
}

// BenchmarkTakeLong is the same with periods of 10 000: constant time.
func BenchmarkTakeLong(b *testing.B) {
	bars := walk(1<<17, 1)
	for _, name := range []string{"sma", "wma", "stdev", "volatility", "donchian"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for done := 0; done < b.N; {
				ind, _, err := New(name + "(10000)")
				if err != nil {
					b.Fatal(err)
				}
				for i := 0; i < len(bars.Close) && done < b.N; i++ {
					ind.Take(bars, i)
					done++
				}
			}
		})
	}
}

// TestTakeAllocatesNothing once the ring of an extreme is as large as it gets.
func TestTakeAllocatesNothing(t *testing.T) {
	bars := walk(4000, 1)
	for text := range firstValues() {
		ind, _, err := New(text)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		allocs := testing.AllocsPerRun(1, func() { // twice: a trial before it counts
			for range 2000 {
				ind.Take(bars, i)
				i++
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %g allocations", text, allocs)
		}
	}
}
