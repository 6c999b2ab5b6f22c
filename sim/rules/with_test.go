package rules

import (
	"reflect"
	"testing"
)

// TestWithIsLoadingAnew: the set, the origins of its values, and what is wrong with it
// are those of Load with the same options; and the set that it came from stays as it is.
func TestWithIsLoadingAnew(t *testing.T) {
	for _, name := range Names() {
		base, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, texts := range [][]string{
			nil,
			{"cooldown.period=3s", "cooldown.scope=miner"},
			{"hours.forex.kind=always", "instruments.added={NEWUSD: {class: crypto}}", "cooldown.period=1s", "cooldown.period=2s"},
			{"cooldown.scope=nobody"},
			{"no.such=1"},
			{"drawdown.limit=2"},
			{"challenge.drawdown_max=-1", "drawdown.limit=2"},
		} {
			var options []Option
			for _, text := range texts {
				options = append(options, WithOverride(text))
			}
			want, wrong := Load(name, options...)
			got, err := base.With(options...)
			if (err == nil) != (wrong == nil) || err != nil && err.Error() != wrong.Error() {
				t.Errorf("%s %q: %v, loaded anew %v", name, texts, err, wrong)
			}
			if err != nil || wrong != nil {
				continue
			}
			if !reflect.DeepEqual(got.Set, want.Set) || !reflect.DeepEqual(got.Extends, want.Extends) || !reflect.DeepEqual(got.Rows(), want.Rows()) {
				t.Errorf("%s %q: another set than loaded anew", name, texts)
			}
		}
		if again, err := Load(name); err != nil || !reflect.DeepEqual(again.Set, base.Set) || !reflect.DeepEqual(again.Rows(), base.Rows()) {
			t.Errorf("%s: changed by what was made of it, %v", name, err)
		}
	}
}

func BenchmarkWith(b *testing.B) {
	base, err := Load(Default)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := base.With(WithOverride("cooldown.period=3s")); err != nil {
			b.Fatal(err)
		}
	}
}
