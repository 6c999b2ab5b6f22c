package rules

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

// numbersOf yields every number and period of a set with its path.
func numbersOf(v reflect.Value, path string, yield func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for _, f := range fields(v.Type()) {
			numbersOf(v.Field(f.index), join(path, f.key), yield)
		}
	case reflect.Float64, reflect.Int, reflect.Int64:
		yield(path, v)
	}
}

// Lists and maps are covered by the messages of TestParseRefuses. A holiday's
// years are checked with the hours.
func TestEveryNumberHasBounds(t *testing.T) {
	// These may be negative.
	free := []string{"no_confidence"}
	s := builtinSet(t, Default).Set
	numbersOf(reflect.ValueOf(s).Elem(), "", func(path string, v reflect.Value) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		defer v.Set(old)

		signed := false
		for _, end := range free {
			signed = signed || strings.HasSuffix(path, end)
		}
		if v.Kind() == reflect.Float64 {
			for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				v.SetFloat(x)
				if s.Validate() == nil {
					t.Errorf("%s may be %v", path, x)
				}
			}
			v.SetFloat(-1)
		} else {
			v.SetInt(-1)
		}
		if err := s.Validate(); !signed && (err == nil || !strings.Contains(err.Error(), path)) {
			t.Errorf("%s may be -1 (%v)", path, err)
		}
	})
}

// switchesOf yields the path of every switch of a set and what it allows.
func switchesOf(v reflect.Value, path string, yield func(path string, allowed []string)) {
	if e, ok := v.Interface().(enum); ok {
		yield(path, e.allowed())
	}
	if v.Kind() == reflect.Struct {
		for _, f := range fields(v.Type()) {
			switchesOf(v.Field(f.index), join(path, f.key), yield)
		}
	}
}

func TestEverySwitchListsWhatIsAllowed(t *testing.T) {
	switches := 0
	switchesOf(reflect.ValueOf(*builtinSet(t, Default).Set), "", func(path string, allowed []string) {
		switches++
		for _, value := range allowed {
			if _, err := Load(Default, WithOverride(path+"="+value)); err != nil {
				t.Errorf("%s may not be %s: %v", path, value, err)
			}
		}
		_, err := Load(Default, WithOverride(path+"=nonesuch"))
		want := "--set " + path + "=nonesuch: found \"nonesuch\"; expected " + either(allowed)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
	// Counted in the schema: scope, accounting, 3 of carry, 3 of the ledger,
	// at_limit, variance, 3 drawdowns of metrics, at_limit of the penalty,
	// position_filter, percentiles, start, reasons.
	if switches != 18 {
		t.Errorf("%d switches, want 18", switches)
	}
}

func TestValidateAcceptsTheBuiltinSetsAndRefusesNone(t *testing.T) {
	for _, name := range Names() {
		if err := builtinSet(t, name).Set.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := new(Set).Validate(); err == nil {
		t.Error("an empty set is valid")
	}
}

func TestChecksCanBeSwitchedOffOneByOne(t *testing.T) {
	checks := reflect.TypeFor[Checks]()
	for _, f := range fields(checks) {
		r, err := Load(Default, WithOverride("gate.checks."+f.key+"=false"))
		if err != nil {
			t.Error(err)
			continue
		}
		want := builtinSet(t, Default).Set.Gate.Checks
		reflect.ValueOf(&want).Elem().Field(f.index).SetBool(false)
		if r.Set.Gate.Checks != want {
			t.Errorf("%s=false gives %+v", f.key, r.Set.Gate.Checks)
		}
	}
}
