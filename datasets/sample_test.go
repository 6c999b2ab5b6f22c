package datasets

import (
	"context"
	"testing"
)

func BenchmarkSample(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		set, err := Sample(OpenOptions{})
		if err != nil {
			b.Fatal(err)
		}
		all, err := set.Read(context.Background(), Select{Calendar: MarketCalendar})
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range all {
			c.Close()
		}
	}
}
