// Package condition says what one value is expected to be, as a person writes it
// in a line of a scenario or after --require:
//
//	1.5                 exactly that
//	1.5 ± 1e-9          within a distance (also +-)
//	1.5 ± 0.1%          within a part of it
//	>= 1.5              a bound: < <= > >= == !=
//	1 .. 2              a range, both ends included
//	= 1 - 0.1095/365/3  a formula: arithmetic that derives the number
//	~ closed            a text with that in it
//	null                there is no value; also == null and != null
//	_                   a blank, for check --update to fill in
//
// Numbers are compared exactly, to the last bit, unless a tolerance says otherwise;
// everything else is compared exactly. A text that would be read as something else
// stands in double quotes of its own, with the escapes of Go: "null", "> 3", "".
//
// A formula is arithmetic on floating-point numbers, one rounding an operation, the
// same on every machine: it has + - * / // % and brackets, and the functions abs,
// exp, log, max, min, pow and sqrt.
package condition
