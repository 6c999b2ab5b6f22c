package script

import (
	"fmt"
	"math"
	"math/big"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"github.com/ptnsim/ptnsim/market/portable"
)

// newMath is the module math: functions whose every bit is the same on every
// processor, and no other.
func newMath() *starlarkstruct.Module {
	members := starlark.StringDict{
		"pi": starlark.Float(math.Pi), "e": starlark.Float(math.E), "inf": starlark.Float(math.Inf(1)),
		"floor": rounding("floor", math.Floor), "ceil": rounding("ceil", math.Ceil),
		"trunc": rounding("trunc", math.Trunc), "round": rounding("round", math.RoundToEven),
		"pow":  builtin("pow", pow),
		"sum":  reduction("sum", sum),
		"mean": reduction("mean", mean), "stdev": reduction("stdev", stdev),
	}
	anywhere := func(float64) bool { return true }
	for _, f := range []struct {
		name    string
		of      func(float64) float64
		domain  func(float64) bool
		allowed string
	}{
		{"exp", portable.Exp, anywhere, ""},
		{"expm1", portable.Expm1, anywhere, ""},
		{"log", portable.Log, func(x float64) bool { return x > 0 }, "a positive number"},
		{"log1p", portable.Log1p, func(x float64) bool { return x > -1 }, "a number above -1"},
		{"sqrt", math.Sqrt, func(x float64) bool { return x >= 0 }, "a number that is not negative"},
		{"sin", portable.Sin, anAngle, "an angle from -1048576 to 1048576"},
		{"cos", portable.Cos, anAngle, "an angle from -1048576 to 1048576"},
		{"fabs", math.Abs, anywhere, ""},
	} {
		members[f.name] = builtin(f.name, func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			x, err := single("math."+f.name, args, kwargs)
			if err != nil {
				return nil, err
			}
			if !f.domain(x) {
				return nil, fmt.Errorf("math.%s: found %g; expected %s", f.name, x, f.allowed)
			}
			return starlark.Float(f.of(x)), nil
		})
	}
	return &starlarkstruct.Module{Name: "math", Members: members}
}

func anAngle(x float64) bool { return math.Abs(x) <= portable.AngleMax }

// single reads a single number.
func single(name string, args starlark.Tuple, kwargs []starlark.Tuple) (float64, error) {
	if len(args) != 1 || len(kwargs) != 0 {
		return 0, fmt.Errorf("%s: found %d arguments; expected one number", name, len(args)+len(kwargs))
	}
	x, err := float(args[0], "the argument")
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return x, nil
}

// rounding is a function whose result is a whole number, an int.
func rounding(name string, of func(float64) float64) *starlark.Builtin {
	return builtin(name, func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		x, err := single("math."+name, args, kwargs)
		if err != nil {
			return nil, err
		}
		x = of(x)
		switch {
		case math.IsNaN(x) || math.IsInf(x, 0):
			return nil, fmt.Errorf("math.%s: found %g; expected a finite number", name, x)
		case math.Abs(x) < 1<<62:
			return starlark.MakeInt64(int64(x)), nil
		}
		whole, _ := big.NewFloat(x).Int(nil)
		return starlark.MakeBigInt(whole), nil
	})
}

func pow(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var x, y numberArg
	if err := starlark.UnpackArgs("math.pow", args, kwargs, "x", &x, "y", &y); err != nil {
		return nil, err
	}
	z := portable.Pow(float64(x), float64(y))
	if math.IsNaN(z) || x == 0 && y < 0 {
		return nil, fmt.Errorf("math.pow: found %g to the power of %g, which is no number", float64(x), float64(y))
	}
	return starlark.Float(z), nil
}

// reduction is a function of a column or list of numbers.
func reduction(name string, of func([]float64) (float64, error)) *starlark.Builtin {
	return builtin(name, func(args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var list starlark.Iterable
		if err := starlark.UnpackArgs("math."+name, args, kwargs, "numbers", &list); err != nil {
			return nil, err
		}
		numbers, err := numbersOf(list)
		if err == nil {
			var x float64
			if x, err = of(numbers); err == nil {
				return number(x), nil
			}
		}
		return nil, fmt.Errorf("math.%s: %w", name, err)
	})
}

func numbersOf(list starlark.Iterable) ([]float64, error) {
	switch c := list.(type) {
	case fixed[float64]:
		return c, nil
	case *column[float64]:
		return c.read(), nil
	}
	var numbers []float64
	it := list.Iterate()
	defer it.Done()
	for v := starlark.Value(nil); it.Next(&v); {
		x, err := float(v, "an element")
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, x)
	}
	return numbers, nil
}

// sum adds the numbers in their order.
func sum(numbers []float64) (float64, error) {
	total := 0.0
	for _, x := range numbers {
		total += x
	}
	return total, nil
}

func mean(numbers []float64) (float64, error) {
	if len(numbers) == 0 {
		return 0, fmt.Errorf("found no number; expected at least one")
	}
	total, _ := sum(numbers)
	return total / float64(len(numbers)), nil
}

// stdev is the standard deviation as of a sample.
func stdev(numbers []float64) (float64, error) {
	if len(numbers) < 2 {
		return 0, fmt.Errorf("found %d numbers; expected at least two", len(numbers))
	}
	center, _ := mean(numbers)
	squares := 0.0
	for _, x := range numbers {
		d := x - center
		squares += float64(d * d)
	}
	return math.Sqrt(squares / float64(len(numbers)-1)), nil
}
