package scenario

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// slotMS is the length of a full checkpoint. Rules §8.
const slotMS = 12 * int64(datasets.Hour)

// checkpointFile is one or several checkpoints in a row, as the file has them.
type checkpointFile struct {
	sim.Checkpoint
	times int
	node  ast.Node
	said  map[string]ast.Node
}

// checkpoints reads the ledger of a miner, oldest first. A checkpoint ends where the
// file says so (last_update), the last one at the evaluation, and every other at the
// last multiple of 12 hours before the end of the one that follows it.
func (p *parser) checkpoints(of *population, node ast.Node, path string) []sim.Checkpoint {
	var files []checkpointFile
	total := 0
	for i, item := range p.List(node, path, recordsMax) {
		f := p.checkpoint(item, fmt.Sprintf("%s[%d]", path, i+1))
		if p.Err() != nil {
			return nil
		}
		if total += f.times; total > recordsMax-p.records {
			p.Wrong(item, path, "more checkpoints up to here", fmt.Sprintf("at most %d checkpoints and days of all miners", recordsMax))
			return nil
		}
		files = append(files, f)
	}
	p.records += total
	list := make([]sim.Checkpoint, 0, total)
	end := of.atMS
	for i, f := range slices.Backward(files) {
		at := fmt.Sprintf("%s[%d]", path, i+1)
		if last, ok := f.said["last_update"]; ok {
			if len(list) > 0 && f.LastUpdateMS >= list[len(list)-1].LastUpdateMS || f.LastUpdateMS > of.atMS {
				p.Wrong(last, at+".last_update", stamp(f.LastUpdateMS), "a time before that of the next checkpoint, and not after the evaluation")
			}
			end = f.LastUpdateMS
		}
		list, end = p.ending(list, f, at, end)
		if p.Err() != nil {
			return nil
		}
	}
	slices.Reverse(list)
	return list
}

// ending appends the checkpoints of one entry, from the last to the first, of which
// the last ends at an instant. It returns where the one before them ends.
func (p *parser) ending(list []sim.Checkpoint, f checkpointFile, path string, end int64) ([]sim.Checkpoint, int64) {
	_, said := f.said["last_update"]
	for i := range f.times {
		begin := end - 1 - (end-1)%slotMS
		switch {
		case (!said || i > 0) && f.AccumMS > end-begin:
			p.Wrong(f.node, path, fmt.Sprintf("%s covered up to %s", datasets.FormatLength(f.AccumMS), stamp(end)),
				fmt.Sprintf("at most the time since %s: say accum or last_update", stamp(begin)))
			return list, end
		case end < earliestMS:
			p.Wrong(f.node, path, "checkpoints before 2000", "fewer")
			return list, end
		}
		f.LastUpdateMS = end
		list = append(list, f.Checkpoint)
		end = begin
	}
	return list, end
}

// checkpoint reads one entry.
func (p *parser) checkpoint(node ast.Node, path string) checkpointFile {
	f := checkpointFile{times: 1, node: node}
	f.AccumMS = slotMS
	of := &f.Checkpoint
	number := func(allowed bound, to *float64) func(ast.Node, string) {
		return func(n ast.Node, path string) { p.number(n, path, allowed, to) }
	}
	losses := between(-logReturnMax, 0)
	anything := bound{"a number", func(float64) bool { return true }}
	keys := []key{
		{Name: "gain", Read: number(between(0, logReturnMax), &of.Gain)},
		{Name: "loss", Read: func(n ast.Node, path string) {
			if _, null := n.(*ast.NullNode); null {
				of.Loss = math.Inf(-1)
				return
			}
			p.number(n, path, bound{losses.says + ", or null where everything was lost", losses.ok}, &of.Loss)
		}},
		{Name: "mdd", Read: number(between(0, 1), &of.MDD)},
		{Name: "times", Read: func(n ast.Node, path string) { f.times = p.times(n, path) }},
		{Name: "accum", Read: func(n ast.Node, path string) { p.length(n, path, &of.AccumMS) }},
		{Name: "last_update", Read: func(n ast.Node, path string) { p.instant(n, path, &of.LastUpdateMS) }},
		{Name: "open", Read: func(n ast.Node, path string) { p.length(n, path, &of.OpenMS) }},
		{Name: "mpv", Read: number(amount(), &of.MPV)},
		{Name: "prev_portfolio_ret", Read: number(amount(), &of.PrevPortfolioRet)},
		{Name: "carry_fee_loss", Read: number(anything, &of.CarryFeeLoss)},
		{Name: "spread_fee_loss", Read: number(losses, &of.SpreadFeeLoss)},
	}
	f.said = p.noted(node, path, keys)
	p.needs(node, path, f.said, "gain", "loss", "mdd")
	switch {
	case p.Err() != nil:
	case of.AccumMS > dayMS:
		p.Mistyped(f.said["accum"], path+".accum", "at most a day")
	case math.IsInf(of.Loss, -1) && of.MDD != 0:
		p.Wrong(f.said["mdd"], path+".mdd", strictyaml.Describe(f.said["mdd"])+" beside a loss of null, which is a total one", "0")
	}
	return f
}

// times reads how often a checkpoint comes.
func (p *parser) times(node ast.Node, path string) int {
	text, ok := strictyaml.Decimal(node)
	n, err := strconv.Atoi(text)
	if !ok || err != nil || n < 1 || n > recordsMax {
		p.Mistyped(node, path, fmt.Sprintf("a whole number from 1 to %d", recordsMax))
	}
	return n
}
