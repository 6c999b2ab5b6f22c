package main

import (
	"math"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// TestWholeFlagHoldsItsBounds, and its default is the field's.
func TestWholeFlagHoldsItsBounds(t *testing.T) {
	for _, c := range []struct {
		text string
		want uint64
		ok   bool
	}{
		{"1", 1, true}, {"18446744073709551615", math.MaxUint64, true}, {"007", 7, true},
		{"0", 5, false}, {"-2", 5, false}, {"", 5, false}, {"1.5", 5, false}, {"18446744073709551616", 5, false}, {"1e3", 5, false},
	} {
		flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
		var x uint64
		wholeFlag(flags, "n", "", &x, 5, 1, math.MaxUint64)
		if x != 5 || flags.Lookup("n").DefValue != "5" {
			t.Fatalf("the default is %d, told as %q", x, flags.Lookup("n").DefValue)
		}
		if err := flags.Parse([]string{"--n=" + c.text}); (err == nil) != c.ok || x != c.want {
			t.Errorf("%q: got %d and %v, want %d", c.text, x, err, c.want)
		}
	}
}

// TestDurationFlagTakesWholeMilliseconds, and none below its least.
func TestDurationFlagTakesWholeMilliseconds(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Duration
		ok   bool
	}{
		{"1ms", time.Millisecond, true}, {"1h2m", 62 * time.Minute, true}, {"1.5s", 1500 * time.Millisecond, true},
		{"0", time.Minute, false}, {"2", time.Minute, false}, {"-1s", time.Minute, false}, {"1500us", time.Minute, false}, {"", time.Minute, false},
	} {
		flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
		var x time.Duration
		durationFlag(flags, "d", "", &x, time.Minute, time.Millisecond)
		if x != time.Minute || flags.Lookup("d").DefValue != "1m" {
			t.Fatalf("the default is %v, told as %q", x, flags.Lookup("d").DefValue)
		}
		if err := flags.Parse([]string{"--d=" + c.text}); (err == nil) != c.ok || x != c.want {
			t.Errorf("%q: got %v and %v, want %v", c.text, x, err, c.want)
		}
	}
}
