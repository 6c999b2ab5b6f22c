package condition

import (
	"math"
	"strings"
	"testing"
)

func TestFormula(t *testing.T) {
	// Variables, as Go computes with constants exactly.
	tenth, three, seven, rate := 0.1, 3.0, 7.0, 0.1095
	for text, want := range map[string]float64{
		"1":                              1,
		".5":                             0.5,
		"2.":                             2,
		"1e3 + 1E-1":                     1000 + tenth,
		"1 + 2 * 3":                      7,
		"(1 + 2) * 3":                    9,
		"8 / 4 / 2":                      1,
		"8 - 4 - 2":                      2,
		"8 - (4 - 2)":                    6,
		"2 * 3 % 4":                      2,
		"-2 * -3":                        6,
		"- - 2":                          2,
		"2 - -2":                         4,
		"2 + -2":                         0,
		"+2":                             2,
		"7 // 2":                         3,
		"-7 // 2":                        -4,
		"7 % 3":                          1,
		"-7 % 3":                         2,
		"7 % -3":                         -2,
		"-7 % -3":                        -1,
		"6 % -3":                         0,
		"0.1 + 0.1 + 0.1":                0.30000000000000004,   // not 0.3: a rounding each
		"1 / 3 * 3":                      1,                     // 1/3 is rounded, and its product up to 1
		"0.1 * 3 - 0.3":                  5.551115123125783e-17, // 2^-54; with one rounding for both it would be 2^-55
		"1 - 0.1095/365/3*0.1":           1 - float64(rate/365/three*tenth),
		"9007199254740993":               9007199254740992, // 2^53 + 1, to even
		"7/3":                            seven / three,
		"abs(-2) + abs(3)":               5,
		"max(1, 3, 2)":                   3,
		"min(1, -3, 2)":                  -3,
		"max(7)":                         7,
		"pow(2, 10)":                     1024,
		"pow(2, -1)":                     0.5,
		"sqrt(2)":                        math.Sqrt2,
		"exp(0)":                         1,
		"exp(1)":                         math.E,
		"log(1)":                         0,
		"log(2)":                         math.Ln2,
		"sqrt ( pow(3,2)+pow( 4 , 2 ) )": 5,
	} {
		if got, err := evaluate(text); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestFormulaRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                "found the end of the formula; expected a number, a function or a bracket",
		"1 +":             "found the end of the formula; expected a number, a function or a bracket",
		"1 2":             `found "2"; expected an operator (+ - * / // %) or the end of the formula`,
		"(1":              "found the end of the formula; expected a closing bracket",
		"1)":              `found ")"; expected an operator (+ - * / // %) or the end of the formula`,
		"2 ** 3":          "found **; expected pow(a, b)",
		"2^3":             "found ^; expected pow(a, b)",
		"1 << 40":         `found "<< 40"; expected an operator (+ - * / // %) or the end of the formula`,
		"0x10":            `found "x10"; expected an operator (+ - * / // %) or the end of the formula`,
		"010":             `found "010"; expected a number, such as 1.5 or -2e-3`,
		"1.2.3":           `found "1.2.3"; expected a number, such as 1.5 or -2e-3`,
		"1e":              `found "1e"; expected a number, such as 1.5 or -2e-3`,
		"1_000":           `found "_000"; expected an operator (+ - * / // %) or the end of the formula`,
		"fee * 2":         `found "fee"; expected a number, or a function: abs, exp, log, max, min, pow, sqrt`,
		"srqt(2)":         `found "srqt"; expected a number, or a function: abs, exp, log, max, min, pow, sqrt (did you mean sqrt?)`,
		"sqrt 2":          `found "2"; expected a bracket after sqrt`,
		"sqrt(1, 2)":      "found sqrt of 2 numbers; expected one",
		"pow(2)":          "found pow of 1 numbers; expected two",
		"max()":           `found ")"; expected a number, a function or a bracket`,
		"[1]":             `found "[1]"; expected a number, a function or a bracket`,
		"'a' * 9":         `found "'a' * 9"; expected a number, a function or a bracket`,
		"5%":              "found the end of the formula; expected a number, a function or a bracket",
		"1 / 0":           "found a division by zero: 1 / 0; expected another divisor",
		"1 // (2 - 2)":    "found a division by zero: 1 // 0; expected another divisor",
		"1 % 0":           "found a division by zero: 1 % 0; expected another divisor",
		"sqrt(-1)":        "found sqrt that has no value; expected a formula that is a number",
		"log(0)":          "found log that has no value; expected a formula that is a number",
		"log(-1)":         "found log that has no value; expected a formula that is a number",
		"pow(-1, 0.5)":    "found pow that has no value; expected a formula that is a number",
		"exp(1000)":       "found exp that is too large; expected a formula that is a number",
		"1e308 * 10":      "found a product that is too large; expected a formula that is a number",
		"1e308 + 1e308":   "found a sum that is too large; expected a formula that is a number",
		"-1e308 - 1e308":  "found a difference that is too large; expected a formula that is a number",
		"1e300 / 1e-300":  "found a quotient that is too large; expected a formula that is a number",
		"1e300 // 1e-300": "found a quotient that is too large; expected a formula that is a number",
		"1e999":           `found "1e999", which is too large; expected a number up to 1.7e308`,
	} {
		if x, err := evaluate(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v\ngot  %v\nwant %s", text, x, err, want)
		}
	}
}

func TestFormulaIsBounded(t *testing.T) {
	for _, text := range []string{strings.Repeat("(", 500), strings.Repeat("-", 999), strings.Repeat("abs(", 250)} {
		if _, err := evaluate(text); err == nil || !strings.Contains(err.Error(), "found the end of the formula") {
			t.Errorf("%.10s: %v", text, err)
		}
	}
	if _, err := evaluate(strings.Repeat("(", 1_000_000)); err == nil || err.Error() != "found a formula of more letters; expected at most 1000" {
		t.Error(err)
	}
}
