package scenario

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/synth"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// sampleName is what stands for the embedded sample in place of a path.
const sampleName = "sample"

// dataSet reads where a data set is, and what is taken of it.
func (p *parser) dataSet(node ast.Node, path string) {
	of := &p.of.Data
	of.At = p.At(node)
	if _, mapping := strictyaml.Entries(node); !mapping {
		p.paths(node, path)
		return
	}
	p.Mapping(node, path, []key{
		{Name: "path", Read: p.paths},
		{Name: "pairs", Read: func(n ast.Node, path string) { of.Pairs = p.pairs(n, path) }},
		{Name: "interval", Read: p.intervals},
		{Name: "max_gap", Read: func(n ast.Node, path string) {
			if p.length(n, path, &of.MaxGapMS); of.MaxGapMS == 0 {
				of.MaxGapMS = -1
			}
		}},
	})
	if p.Err() == nil && !of.Sample && of.Paths == nil {
		p.Wrong(node, path, "no path", "path: a folder or a file of candles, or sample")
	}
	for _, id := range slices.Sorted(maps.Keys(of.Intervals)) {
		if id != "" && of.Pairs != nil && !slices.Contains(of.Pairs, id) {
			p.Wrong(node, path+".interval", "an interval of "+id, "intervals of the pairs that are taken: "+strings.Join(of.Pairs, ", "))
		}
	}
}

// paths reads one path or several. A single one may be the sample.
func (p *parser) paths(node ast.Node, path string) {
	of := &p.of.Data
	if _, ok := node.(*ast.SequenceNode); ok {
		for i, item := range p.List(node, path, pathsMax) {
			var one string
			p.text(item, fmt.Sprintf("%s[%d]", path, i+1), &one)
			of.Paths = append(of.Paths, one)
		}
		if p.Err() == nil && of.Paths == nil {
			p.Wrong(node, path, "an empty list", "at least one path")
		}
		return
	}
	var one string
	if p.Scalar(node, path, "sample, a path or a list of paths", &one); p.Err() != nil {
		return
	}
	if of.Sample = one == sampleName; !of.Sample {
		p.text(node, path, &one)
		of.Paths = []string{one}
	}
}

// pairs reads a list of pairs.
func (p *parser) pairs(node ast.Node, path string) (list []string) {
	for i, item := range p.List(node, path, pathsMax) {
		text, _ := strictyaml.Scalar(item)
		p.pair(item, fmt.Sprintf("%s[%d]", path, i+1), text)
		list = append(list, text)
	}
	if p.Err() == nil && list == nil {
		p.Wrong(node, path, "an empty list", "at least one pair")
	}
	return list
}

// pair refuses what is no id of a pair. Whether there is such a pair, the rule set
// tells.
func (p *parser) pair(node ast.Node, path, id string) {
	const idMax = 16
	if id != "" && len(id) <= idMax && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" {
		return
	}
	meant := strings.ToUpper(strings.NewReplacer("/", "", "-", "", "_", "", ":", "").Replace(id[:min(len(id), idMax)]))
	p.Wrong(node, path, strictyaml.Describe(node), "the id of a pair, such as BTCUSD: capital letters and digits"+
		suggest.DidYouMean(meant, market.PairIDs(market.Pairs())))
}

// intervals reads which candles to take where a pair has several: one interval for
// all, or one for each of some pairs.
func (p *parser) intervals(node ast.Node, path string) {
	of := &p.of.Data
	of.Intervals = make(map[string]datasets.Interval)
	var v datasets.Interval
	if _, mapping := strictyaml.Entries(node); !mapping {
		p.interval(node, path, &v)
		of.Intervals[""] = v
		return
	}
	for _, e := range p.Entries(node, path, "an interval, or a mapping from pairs to intervals", pathsMax) {
		p.pair(e.Node, path, e.Key)
		p.interval(e.Value, strictyaml.Join(path, e.Key), &v)
		of.Intervals[e.Key] = v
	}
}

// synthetic reads a recipe, or the name of a built-in one.
func (p *parser) synthetic(node ast.Node, path string) {
	of := &p.of.Data
	of.At = p.At(node)
	if _, mapping := strictyaml.Entries(node); mapping {
		var err error
		if of.Recipe, err = synth.Parse(p.Text.File, []byte(p.embedded(path, node))); err != nil {
			p.Fail(p.refused(node, path, err))
		}
		return
	}
	var name string
	p.Scalar(node, path, "a recipe, or the name of a built-in one", &name)
	if p.Err() != nil {
		return
	}
	if !slices.Contains(synth.Names(), name) {
		p.Wrong(node, path, strconv.Quote(name), "a recipe written out, or a built-in one: "+strings.Join(synth.Names(), ", ")+suggest.DidYouMean(name, synth.Names()))
		return
	}
	recipe, err := synth.Builtin(name)
	if err != nil {
		p.Fail(p.At(node).Because(path, err))
	}
	of.Recipe = recipe
}

// refused is the error of a recipe at its place.
func (p *parser) refused(node ast.Node, path string, err error) error {
	refusal, ok := errors.AsType[*datasets.Refusal](err)
	if !ok {
		return p.At(node).Because(path, err)
	}
	at := p.At(node)
	if refusal.Line > 0 {
		at.Line, at.Column = int(refusal.Line), p.indent(int(refusal.Line))+1
	}
	return at.Wrong(path, refusal.Found, refusal.Expected)
}
