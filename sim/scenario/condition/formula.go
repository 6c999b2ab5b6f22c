package condition

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/market/suggest"
)

// formulaMax bounds the letters of a formula, and with them its depth.
const formulaMax = 1000

// evaluate computes a formula. Every operation is one of float64 with a rounding of
// its own, so that the result is the same on every machine; a // b is the largest
// whole number up to a / b, a % b has the sign of b.
func evaluate(text string) (float64, error) {
	if len(text) > formulaMax {
		return 0, &Problem{"a formula of more letters", fmt.Sprintf("at most %d", formulaMax)}
	}
	f := formula{rest: text}
	x := f.sum()
	if f.skip(); f.rest != "" {
		f.expect("an operator (+ - * / // %) or the end of the formula")
	}
	if f.err != nil {
		return 0, f.err
	}
	return x, nil
}

// formula is arithmetic that is being read. After an error it has nothing left, and
// its results mean nothing.
type formula struct {
	rest string
	err  error
}

func (f *formula) sum() float64 {
	x := f.product()
	for {
		switch f.operator("+", "-") {
		case "+":
			x = f.result(x+f.product(), "a sum")
		case "-":
			x = f.result(x-f.product(), "a difference")
		default:
			return x
		}
	}
}

func (f *formula) product() float64 {
	x := f.signed()
	for {
		op := f.operator("**", "^", "*", "//", "/", "%")
		switch op {
		case "":
			return x
		case "**", "^":
			f.wrong(op, "pow(a, b)")
			return x
		}
		x = f.combined(op, x, f.signed())
	}
}

func (f *formula) combined(op string, x, y float64) float64 {
	if op == "*" {
		return f.result(float64(x*y), "a product")
	}
	if y == 0 {
		f.wrong("a division by zero: "+number(x)+" "+op+" 0", "another divisor")
		return 0
	}
	switch op {
	case "/":
		return f.result(x/y, "a quotient")
	case "//":
		return f.result(math.Floor(x/y), "a quotient")
	}
	z := math.Mod(x, y) // exact
	if z != 0 && (z < 0) != (y < 0) {
		z += y
	}
	return z
}

func (f *formula) signed() float64 {
	switch f.operator("+", "-") {
	case "+":
		return f.signed()
	case "-":
		return -f.signed()
	}
	return f.atom()
}

func (f *formula) atom() float64 {
	if f.operator("(") != "" {
		x := f.sum()
		f.close()
		return x
	}
	if word := f.word(); word != "" {
		return f.call(word)
	}
	return f.literal()
}

// literal reads a number.
func (f *formula) literal() float64 {
	digits := f.span(func(c byte) bool { return '0' <= c && c <= '9' || c == '.' })
	if digits == "" {
		f.expect("a number, a function or a bracket")
		return 0
	}
	if f.rest != "" && (f.rest[0] == 'e' || f.rest[0] == 'E') {
		n := 1
		if len(f.rest) > 1 && (f.rest[1] == '+' || f.rest[1] == '-') {
			n = 2
		}
		digits, f.rest = digits+f.rest[:n], f.rest[n:]
		digits += f.span(func(c byte) bool { return '0' <= c && c <= '9' })
	}
	x, err := parseNumber(digits)
	if err != nil && f.err == nil {
		f.err, f.rest = err, ""
	}
	return x
}

// call reads the arguments of a function, and applies it.
func (f *formula) call(name string) float64 {
	functions := []string{"abs", "exp", "log", "max", "min", "pow", "sqrt"}
	if !slices.Contains(functions, name) {
		f.wrong(quote(name), "a number, or a function: "+strings.Join(functions, ", ")+suggest.DidYouMean(name, functions))
		return 0
	}
	if f.operator("(") == "" {
		f.expect("a bracket after " + name)
		return 0
	}
	args := []float64{f.sum()}
	for f.operator(",") != "" {
		args = append(args, f.sum())
	}
	if f.close(); f.err != nil {
		return 0
	}
	least, most := arity(name)
	if n := len(args); n < least || n > most {
		f.wrong(fmt.Sprintf("%s of %d numbers", name, n), map[bool]string{true: "one", false: "two"}[most == 1])
		return 0
	}
	return f.result(apply(name, args), name)
}

// arity is how many numbers a function takes.
func arity(name string) (least, most int) {
	switch name {
	case "max", "min":
		return 1, formulaMax
	case "pow":
		return 2, 2
	}
	return 1, 1
}

func apply(name string, args []float64) float64 {
	switch x := args[0]; name {
	case "abs":
		return math.Abs(x)
	case "exp":
		return portable.Exp(x)
	case "log":
		return portable.Log(x)
	case "max":
		return slices.Max(args)
	case "min":
		return slices.Min(args)
	case "pow":
		return portable.Pow(x, args[1])
	default:
		return math.Sqrt(x)
	}
}

// result refuses what is no number.
func (f *formula) result(x float64, of string) float64 {
	switch {
	case math.IsNaN(x), of == "log" && math.IsInf(x, -1):
		f.wrong(of+" that has no value", "a formula that is a number")
	case math.IsInf(x, 0):
		f.wrong(of+" that is too large", "a formula that is a number")
	}
	return x
}

// close reads the bracket that ends a part.
func (f *formula) close() {
	if f.operator(")") == "" {
		f.expect("a closing bracket")
	}
}

// operator reads the first of the signs that comes next; "" if none does.
func (f *formula) operator(signs ...string) string {
	f.skip()
	for _, sign := range signs {
		if rest, ok := strings.CutPrefix(f.rest, sign); ok {
			f.rest = rest
			return sign
		}
	}
	return ""
}

// word reads a name; "" if none comes next.
func (f *formula) word() string {
	f.skip()
	return f.span(func(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' })
}

// span reads as many letters as are of a sort.
func (f *formula) span(of func(byte) bool) string {
	n := 0
	for n < len(f.rest) && of(f.rest[n]) {
		n++
	}
	text := f.rest[:n]
	f.rest = f.rest[n:]
	return text
}

func (f *formula) skip() { f.rest = strings.TrimLeft(f.rest, " ") }

// expect says that something else comes next than what is expected.
func (f *formula) expect(expected string) {
	f.skip()
	found := quote(f.rest)
	if f.rest == "" {
		found = "the end of the formula"
	}
	f.wrong(found, expected)
}

func (f *formula) wrong(found, expected string) {
	if f.err == nil {
		f.err = &Problem{found, expected}
	}
	f.rest = ""
}
