package scenario

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// bound is what numbers a value may be.
type bound struct {
	says string
	ok   func(x float64) bool
}

// price is what a price may be, and amount what a volume or a spread may be.
func price() bound  { return bound{"a price above 0", func(x float64) bool { return x > 0 }} }
func amount() bound { return bound{"a number, 0 or more", func(x float64) bool { return x >= 0 }} }

// between is a number from one to another, both included.
func between(low, high float64) bound {
	return bound{fmt.Sprintf("a number from %v to %v", low, high), func(x float64) bool { return low <= x && x <= high }}
}

// number reads a finite number that keeps to a bound.
func (p *parser) number(node ast.Node, path string, of bound, to *float64) {
	text, ok := strictyaml.Decimal(node)
	x, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || math.IsInf(x, 0) || !of.ok(x) {
		p.Mistyped(node, path, of.says)
		return
	}
	*to = x + 0 // no negative zero
}

// numbers reads a list of at most so many numbers. One that comes again and again is
// written once: 60 x 0.001.
func (p *parser) numbers(node ast.Node, path string, most int, of bound) []float64 {
	items := p.List(node, path, most)
	list := make([]float64, 0, len(items))
	for i, item := range items {
		times, x := p.repeated(item, fmt.Sprintf("%s[%d]", path, i+1), of)
		if p.Err() != nil {
			return nil
		}
		if times > most-len(list) {
			p.Wrong(item, path, "more numbers up to here", fmt.Sprintf("at most %d", most))
			return nil
		}
		for range times {
			list = append(list, x)
		}
	}
	if p.Err() == nil && len(list) == 0 {
		p.Wrong(node, path, "an empty list", "at least one number")
	}
	return list
}

// repeated reads a number, and how often it comes.
func (p *parser) repeated(node ast.Node, path string, of bound) (times int, x float64) {
	text, _ := strictyaml.String(node)
	count, value, ok := strings.Cut(text, " x ")
	if !ok {
		p.number(node, path, bound{of.says + ", or how often it comes and the number: 60 x 0.001", of.ok}, &x)
		return 1, x
	}
	times, err := strconv.Atoi(strings.TrimSpace(count))
	value = strings.TrimSpace(value)
	x, wrong := strconv.ParseFloat(value, 64)
	switch {
	case err != nil || times < 1:
		p.Mistyped(node, path, "how often, from 1 on, x and a number: 60 x 0.001")
	case wrong != nil || strings.Trim(value, "0123456789+-.eE") != "" || !of.ok(x):
		p.Mistyped(node, path, "how often, x and "+of.says+": 60 x 0.001")
	}
	return times, x + 0
}
