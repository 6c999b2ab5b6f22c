package scenario

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// Limits of a population that is written out. The bounds of its numbers are those of
// the files that ptnsim score reads.
const (
	minersMax    = 10_000
	recordsMax   = 500_000 // checkpoints and days, of all miners
	ordersMax    = 100_000 // of one position, and positions of one miner
	logReturnMax = 700     // e^709 is the largest float64
	returnMax    = 1e6     // of a position, a factor
	leverageMax  = 1e6     // of an order, in magnitude
)

// population is one that is being read.
type population struct {
	atMS   int64 // UTC ms
	at     ast.Node
	miners []scoring.Miner
}

// score reads where a population is, or one that is written out.
func (p *parser) score(node ast.Node, path string) {
	if _, mapping := strictyaml.Entries(node); !mapping {
		if _, ok := strictyaml.Scalar(node); !ok {
			p.Mistyped(node, path, "a file that ptnsim score reads, or a population: at, and miners")
			return
		}
		p.text(node, path, &p.of.Actor.PopulationFile)
		return
	}
	of := &population{}
	var miners ast.Node
	p.Mapping(node, path, []key{
		{Name: "at", Read: func(n ast.Node, path string) { of.at = n; p.instant(n, path, &of.atMS) }},
		{Name: "miners", Read: func(n ast.Node, _ string) { miners = n }},
	})
	switch {
	case p.Err() != nil:
		return
	case of.at == nil:
		p.Wrong(node, path, "nothing for at", "at: the instant of the evaluation")
	case miners == nil:
		p.Wrong(node, path, "no miners", "miners: a mapping from their names to their returns or checkpoints")
	}
	if p.Err() != nil {
		return
	}
	path = strictyaml.Join(path, "miners")
	for _, e := range p.Entries(miners, path, "a mapping from miners to their returns or checkpoints", minersMax) {
		if !printable(e.Key, lineMax) {
			p.Wrong(e.Node, path, strictyaml.Describe(e.Node), "the name of a miner")
		}
		of.miners = append(of.miners, p.miner(of, e, strictyaml.Join(path, e.Key)))
		if p.Err() != nil {
			return
		}
	}
	if p.Err() == nil && len(of.miners) == 0 {
		p.Wrong(miners, path, "no miner", "at least one")
	}
	slices.SortFunc(of.miners, func(a, b scoring.Miner) int { return cmp.Compare(a.ID, b.ID) })
	p.of.Actor.Population = &scoring.Population{EvaluationMS: of.atMS, Miners: of.miners}
}

// miner reads one of a population.
func (p *parser) miner(of *population, e strictyaml.Entry, path string) scoring.Miner {
	m := scoring.Miner{ID: e.Key, State: scoring.StateMain}
	var form string
	var positions, start ast.Node
	record := func(name string, read func(node ast.Node, path string)) key {
		return key{Name: name, Read: func(n ast.Node, path string) {
			if form != "" {
				p.Wrong(n, path, form+" and "+name, "one of returns, log_returns and checkpoints")
				return
			}
			form = name
			read(n, path)
		}}
	}
	p.Mapping(e.Value, path, []key{
		record("returns", func(n ast.Node, path string) { m.Ledger.Daily = p.daily(of, n, path, true) }),
		record("log_returns", func(n ast.Node, path string) { m.Ledger.Daily = p.daily(of, n, path, false) }),
		record("checkpoints", func(n ast.Node, path string) { m.Ledger.Checkpoints = p.checkpoints(of, n, path) }),
		{Name: "positions", Read: func(n ast.Node, path string) { positions = n; m.Ledger.Positions = p.positions(n, path) }},
		{Name: "state", Read: func(n ast.Node, path string) { m.State = p.state(n, path) }},
		{Name: "challenge_start", Read: func(n ast.Node, path string) { start = n; p.instant(n, path, &m.ChallengeStartMS) }},
	})
	challenger := m.State == scoring.StateChallenge
	switch {
	case p.Err() != nil:
	case form == "":
		p.Wrong(e.Node, path, "nothing that it did", "one of returns, log_returns and checkpoints")
	case positions != nil && form != "checkpoints":
		p.Wrong(positions, path+".positions", "it beside "+form, "it beside checkpoints alone")
	case challenger && start == nil:
		p.Wrong(e.Node, path, "a challenge without its beginning", "challenge_start: when its period began")
	case !challenger && start != nil:
		p.Wrong(start, path+".challenge_start", fmt.Sprintf("it beside the state %s", m.State), "it beside state: challenge alone")
	case m.ChallengeStartMS > of.atMS:
		p.Wrong(start, path+".challenge_start", stamp(m.ChallengeStartMS), "a time at or before the evaluation, "+stamp(of.atMS))
	}
	return m
}

func (p *parser) state(node ast.Node, path string) scoring.State {
	states := []scoring.State{scoring.StateMain, scoring.StateChallenge, scoring.StateEliminated, scoring.StateDeregistered}
	text, _ := strictyaml.Scalar(node)
	if !slices.Contains(states, scoring.State(text)) {
		p.Mistyped(node, path, "main, challenge, eliminated or deregistered")
	}
	return scoring.State(text)
}

// daily reads daily returns. The last day ends at the evaluation.
func (p *parser) daily(of *population, node ast.Node, path string, simple bool) []sim.Daily {
	allowed := between(-logReturnMax, logReturnMax)
	if simple {
		allowed = bound{"a simple return, over -1", func(x float64) bool {
			return x > -1 && math.Abs(portable.Log1p(x)) <= logReturnMax
		}}
	}
	returns := p.numbers(node, path, recordsMax-p.records, allowed)
	first := of.atMS - int64(len(returns))*dayMS
	switch {
	case p.Err() != nil:
		return nil
	case of.atMS%dayMS != 0:
		p.Wrong(of.at, "score.at", stamp(of.atMS), "a midnight: the last of the daily returns ends there")
		return nil
	case first < earliestMS:
		p.Wrong(node, path, fmt.Sprintf("%d days", len(returns)), "days from 2000 on")
		return nil
	}
	p.records += len(returns)
	daily := make([]sim.Daily, len(returns))
	for i, x := range returns {
		if simple {
			x = portable.Log1p(x)
		}
		daily[i] = sim.Daily{DateMS: first + int64(i)*dayMS, LogReturn: x}
	}
	return daily
}
