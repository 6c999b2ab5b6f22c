package scenario

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// positions reads the positions of a miner, in any order.
func (p *parser) positions(node ast.Node, path string) []sim.PositionRecord {
	var list []sim.PositionRecord
	for i, item := range p.List(node, path, ordersMax) {
		list = append(list, p.position(item, fmt.Sprintf("%s[%d]", path, i+1)))
		if p.Err() != nil {
			return nil
		}
	}
	return list
}

// position reads one. It is open if it has no close, or one of null.
func (p *parser) position(node ast.Node, path string) (of sim.PositionRecord) {
	number := func(allowed bound, to *float64) func(ast.Node, string) {
		return func(n ast.Node, path string) { p.number(n, path, allowed, to) }
	}
	said := p.noted(node, path, []key{
		{Name: "pair", Read: func(n ast.Node, path string) {
			of.Pair, _ = strictyaml.Scalar(n)
			p.pair(n, path, of.Pair)
		}},
		{Name: "open", Read: func(n ast.Node, path string) { p.instant(n, path, &of.OpenMS) }},
		{Name: "close", Read: func(n ast.Node, path string) {
			if _, null := n.(*ast.NullNode); !null {
				of.Closed = true
				p.instant(n, path, &of.CloseMS)
			}
		}},
		{Name: "return_at_close", Read: number(between(0, returnMax), &of.ReturnAtClose)},
		{Name: "orders", Read: func(n ast.Node, path string) { of.Fills = p.fills(n, path) }},
		{Name: "net_leverage", Read: number(between(-leverageMax, leverageMax), &of.NetLeverage)},
		{Name: "average_entry_price", Read: number(amount(), &of.AverageEntryPrice)},
		{Name: "current_return", Read: number(between(0, returnMax), &of.CurrentReturn)},
		{Name: "carry_factor", Read: number(amount(), &of.CarryFactor)},
		{Name: "transaction_factor", Read: number(amount(), &of.TransactionFactor)},
	})
	p.needs(node, path, said, "pair", "open", "return_at_close", "orders")
	if p.Err() == nil && of.Closed && of.CloseMS < of.OpenMS {
		p.Wrong(said["close"], path+".close", stamp(of.CloseMS), "a time at or after the open, "+stamp(of.OpenMS))
	}
	return of
}

// needs refuses a mapping without some keys.
func (p *parser) needs(node ast.Node, path string, said map[string]ast.Node, keys ...string) {
	for _, k := range keys {
		if _, ok := said[k]; !ok {
			p.Wrong(node, path, "no "+k, strings.Join(keys, ", "))
		}
	}
}

// fills reads the orders of a position, which ascend in time.
func (p *parser) fills(node ast.Node, path string) []sim.Fill {
	var list []sim.Fill
	for i, item := range p.List(node, path, ordersMax) {
		at := fmt.Sprintf("%s[%d]", path, i+1)
		f := p.fill(item, at)
		if n := len(list); p.Err() == nil && n > 0 && f.TimeMS < list[n-1].TimeMS {
			p.Wrong(item, at, stamp(f.TimeMS)+" after "+stamp(list[n-1].TimeMS), "ascending times")
		}
		if p.Err() != nil {
			return nil
		}
		list = append(list, f)
	}
	if p.Err() == nil && len(list) == 0 {
		p.Wrong(node, path, "an empty list", "at least one order")
	}
	return list
}

// fill reads one order of a position.
func (p *parser) fill(node ast.Node, path string) (of sim.Fill) {
	said := p.noted(node, path, []key{
		{Name: "order_type", Read: func(n ast.Node, path string) {
			text, _ := strictyaml.Scalar(n)
			for _, t := range []sim.OrderType{sim.Long, sim.Short, sim.Flat} {
				if t.String() == text {
					of.Type = t
				}
			}
			if of.Type == 0 {
				p.Mistyped(n, path, "LONG, SHORT or FLAT")
			}
		}},
		{Name: "leverage", Read: func(n ast.Node, path string) { p.number(n, path, between(-leverageMax, leverageMax), &of.Leverage) }},
		{Name: "price", Read: func(n ast.Node, path string) { p.number(n, path, price(), &of.Price) }},
		{Name: "slippage", Read: func(n ast.Node, path string) { p.number(n, path, between(0, 1), &of.Slippage) }},
		{Name: "time", Read: func(n ast.Node, path string) { p.instant(n, path, &of.TimeMS) }},
	})
	p.needs(node, path, said, "order_type", "leverage", "price", "time")
	if p.Err() == nil && (of.Type == sim.Long && of.Leverage < 0 || of.Type == sim.Short && of.Leverage > 0) {
		p.Mistyped(said["leverage"], path+".leverage", fmt.Sprintf("a leverage of a %v order's sign: a LONG order's is positive, a SHORT order's negative", of.Type))
	}
	return of
}
