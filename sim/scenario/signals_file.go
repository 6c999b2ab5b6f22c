package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/strategies"
)

// signalsMax is how many signals may be written out.
const signalsMax = 100_000

// signals reads where a file of signals is, or signals that are written out.
func (p *parser) signals(node ast.Node, path string) {
	of := &p.of.Actor
	switch node.(type) {
	case *ast.SequenceNode:
	default:
		if _, ok := strictyaml.Scalar(node); !ok {
			p.Mistyped(node, path, "a file of signals, or a list of them")
			return
		}
		p.text(node, path, &of.SignalFile)
		return
	}
	of.Signals = []strategies.Signal{} // none are signals, too
	for i, item := range p.List(node, path, signalsMax) {
		at := fmt.Sprintf("%s[%d]", path, i+1)
		signal, ok := p.signal(item, at)
		if !ok {
			return
		}
		if n := len(of.Signals); n > 0 && signal.TimeMS < of.Signals[n-1].TimeMS {
			p.Wrong(item, at, stamp(signal.TimeMS)+" after "+stamp(of.Signals[n-1].TimeMS), "ascending times")
			return
		}
		of.Signals = append(of.Signals, signal)
	}
}

// signal reads one, in a line or field by field; ok is false if it is none.
func (p *parser) signal(node ast.Node, path string) (s strategies.Signal, ok bool) {
	var fields map[string]string
	values := make(map[string]ast.Node)
	if _, mapping := strictyaml.Entries(node); mapping {
		fields = p.signalFields(node, path, values)
	} else {
		fields = p.signalLine(node, path)
	}
	if p.Err() != nil {
		return s, false
	}
	s, err := strategies.ParseSignal(fields)
	if wrong, is := errors.AsType[*strategies.SignalError](err); is {
		at := values[wrong.Field]
		if at == nil {
			at = node
		}
		expected := wrong.Expected
		if wrong.Remedy != "" {
			expected += "; " + wrong.Remedy
		}
		p.Wrong(at, strictyaml.Join(path, wrong.Field), wrong.Found, expected)
		return s, false
	}
	s.Line = p.At(node).Line
	return s, true
}

// signalFields reads the fields of a signal file, but the miner: all written ones
// are of one account.
func (p *parser) signalFields(node ast.Node, path string, values map[string]ast.Node) map[string]string {
	fields := make(map[string]string)
	var keys []key
	for _, name := range strategies.SignalKeys() {
		if name == "miner" {
			continue
		}
		keys = append(keys, key{Name: name, Read: func(n ast.Node, path string) {
			if _, null := n.(*ast.NullNode); null || n == nil {
				return // as in a signal file, it is not there
			}
			var text string
			p.Scalar(n, path, "a text or a number", &text)
			fields[name], values[name] = text, n
		}})
	}
	p.Mapping(node, path, keys)
	return fields
}

// signalLine takes a line asunder: TIME PAIR TYPE LEVERAGE, and at PRICE behind it.
// A FLAT needs no leverage.
func (p *parser) signalLine(node ast.Node, path string) map[string]string {
	const expected = "TIME PAIR TYPE LEVERAGE, and at PRICE behind it for a pinned fill, such as 2025-03-03T00:00:10Z BTCUSD LONG 0.1 at 100"
	text, _ := strictyaml.Scalar(node)
	words := strings.Fields(text)
	fields := make(map[string]string)
	for i, name := range []string{"time", "pair", "order_type", "leverage"} {
		if i < len(words) && words[i] != "at" {
			fields[name] = words[i]
		}
	}
	rest := words[min(len(fields), len(words)):]
	switch {
	case len(fields) < 3:
		p.Mistyped(node, path, expected)
	case len(rest) == 2 && rest[0] == "at":
		fields["price"] = rest[1]
	case len(rest) > 0 || slices.Contains(words[:3], "at"):
		p.Mistyped(node, path, expected)
	}
	return fields
}
