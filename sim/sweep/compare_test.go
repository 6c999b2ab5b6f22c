package sweep

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

func variantsOf(t *testing.T, names ...string) []Variant {
	var variants []Variant
	for _, name := range names {
		variants = append(variants, Variant{Name: name, Rules: ruleSet(t, name)})
	}
	return variants
}

func TestComparePlaysEachVariantInItsOrder(t *testing.T) {
	s := &stage{of: func(set *rules.Set) *subnet.Result {
		return resultOf(miner{"a", inMain, set.Competition.SoftmaxTemperature, 1, 1, 1})
	}}
	var progress [][2]int
	c, err := Compare(context.Background(), Plan{
		Variants: variantsOf(t, "ptn-2025-02", "ptn-2024-12", "ptn-5.4.0"), Play: s.play,
		Progress: func(done, total int) { progress = append(progress, [2]int{done, total}) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"ptn-2025-02", "ptn-2024-12", "ptn-5.4.0"}; !slices.Equal(s.played, want) {
		t.Errorf("played %v, want %v", s.played, want)
	}
	if want := [][2]int{{1, 3}, {2, 3}, {3, 3}}; !slices.Equal(progress, want) {
		t.Errorf("progress is %v, want %v", progress, want)
	}
	if c.FromMS != 1000 || c.ToMS != 2000 {
		t.Errorf("the range is %d to %d, want 1000 to 2000", c.FromMS, c.ToMS)
	}
	for i, want := range []float64{0.125, 0.2, 0.125} { // docs/rules.md §12
		if o := c.Outcomes[i]; o.MeanReturn != want || o.Variant.Name != s.played[i] {
			t.Errorf("outcome %d is of %s with %v, want %v", i, o.Variant.Name, o.MeanReturn, want)
		}
	}
}

func TestCompareRefuses(t *testing.T) {
	two := variantsOf(t, "ptn-2025-02", "ptn-5.4.0")
	of := func(Variant) (*subnet.Result, error) { return resultOf(), nil }
	broken := func(v Variant) (*subnet.Result, error) {
		if v.Name == "ptn-5.4.0" {
			return nil, errors.New("no candles")
		}
		return resultOf(), nil
	}
	longer := func(v Variant) (*subnet.Result, error) {
		res := resultOf()
		if v.Name == "ptn-5.4.0" {
			res.ToMS++
		}
		return res, nil
	}
	for name, tt := range map[string]struct {
		variants []Variant
		play     Play
		want     string
	}{
		"no variant":     {nil, of, "found no rule set to play"},
		"a name twice":   {append(variantsOf(t, "ptn-5.4.0"), two...), of, `two variants of the name "ptn-5.4.0"`},
		"a broken play":  {two, broken, "variant ptn-5.4.0: no candles"},
		"another range":  {two, longer, "variant ptn-5.4.0: found the range 1000 to 2001; expected 1000 to 2000"},
		"a broken first": {two[1:], broken, "variant ptn-5.4.0: no candles"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Compare(context.Background(), Plan{Variants: tt.variants, Play: tt.play}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestCompareStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &stage{of: func(*rules.Set) *subnet.Result {
		cancel()
		return resultOf()
	}}
	_, err := Compare(ctx, Plan{Variants: variantsOf(t, rules.Names()...), Play: s.play})
	if !errors.Is(err, context.Canceled) || len(s.played) != 1 {
		t.Errorf("got %v after %d plays, want the cancellation after one", err, len(s.played))
	}
}
