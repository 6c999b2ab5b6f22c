package scenario

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
)

// Limits of a scenario file, far above what one needs. What its candles and its
// population may grow to is bounded where they are read.
const (
	bytesMax  = 1 << 20
	lineMax   = 200  // characters of a title and of a section
	pathMax   = 4096 // bytes
	rulesMax  = 500  // overrides
	paramsMax = 256
	pathsMax  = 1000 // of a data set, and of pairs
	about     = "a scenario: its title, who acts, and what is expected"
)

// Parse reads the text of a scenario; errors name it as the file, and each is a
// *strictyaml.SyntaxError with its line. A scenario that expects nothing is an error.
func Parse(file string, text []byte) (*Scenario, error) {
	p := &parser{
		Reader: strictyaml.Reader{Text: strictyaml.Text{File: file, Holds: "scenario", BytesMax: bytesMax, Source: string(text)}},
		of:     &Scenario{File: file, Text: string(text), Rules: rules.Default},
	}
	p.lineEnds()
	root := p.Root(about)
	if p.Err() != nil {
		return nil, quoteConditions(p.Err(), p.Text.Source)
	}
	p.survey(root)
	if p.Err() == nil {
		p.Mapping(root, "", p.keys())
	}
	if p.Err() == nil {
		p.judge(root)
	}
	if p.Err() != nil {
		return nil, p.Err()
	}
	return p.of, nil
}

// lineEnds refuses a line end of long ago, CR alone: what follows would be on another
// line to YAML than to an editor.
func (p *parser) lineEnds() {
	if i := strings.Index(strings.ReplaceAll(p.Text.Source, "\r\n", " \n"), "\r"); i >= 0 {
		line := strings.Count(p.Text.Source[:i], "\n") + 1
		p.Fail(strictyaml.Place{Text: &p.Text, Line: line, Column: 1}.Wrong("", "a carriage return within the line", "lines that end in LF, or in CR LF"))
	}
}

// Read reads a scenario's file.
func Read(path string) (*Scenario, error) {
	unread := func(found string) error {
		return &strictyaml.SyntaxError{File: path, Found: found, Expected: "the file of a scenario"}
	}
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, unread("no such file")
	case err != nil:
		return nil, unread("a file that can't be read: " + err.Error())
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, unread("a folder")
	}
	text, err := io.ReadAll(io.LimitReader(f, bytesMax+1))
	if err != nil {
		return nil, unread("a file that can't be read: " + err.Error())
	}
	return Parse(path, text)
}

// parser reads the values of a scenario file.
type parser struct {
	strictyaml.Reader
	of   *Scenario
	top  []strictyaml.Entry // the keys of the file, in their order
	acts string             // the key that says who acts

	candles int // written so far, of all pairs
	records int // checkpoints and days so far, of all miners
}

type key = strictyaml.Key

// actors are the keys that say who acts, and sources those that say where candles
// come from.
func actors() []string {
	return []string{"signals", "strategy", "script", "positions", "subnet", "score"}
}
func sources() []string { return []string{"data", "synth", "candles"} }

// survey looks at which keys there are: what some say depends on others.
func (p *parser) survey(root ast.Node) {
	var ok bool
	if p.top, ok = strictyaml.Entries(root); !ok {
		return // Mapping says so
	}
	if m, ok := root.(*ast.MappingNode); ok && m.IsFlowStyle {
		p.Wrong(root, "", "braces around the scenario", "each key on a line of its own")
		return
	}
	p.acts = p.one(actors())
	switch p.acts {
	case "subnet":
		p.of.Actor.Kind = OfTournament
	case "score":
		p.of.Actor.Kind = OfStanding
	}
}

// one is the key of some that the file has; "" for none.
func (p *parser) one(of []string) (found string) {
	for _, e := range p.top {
		switch {
		case !slices.Contains(of, e.Key) || e.Key == found:
		case found == "":
			found = e.Key
		default:
			p.Wrong(e.Node, "", found+" and "+e.Key, "one of "+strings.Join(of, ", "))
		}
	}
	return found
}

// said returns a key of the file; ok is false if it does not have it.
func (p *parser) said(name string) (e strictyaml.Entry, ok bool) {
	i := slices.IndexFunc(p.top, func(e strictyaml.Entry) bool { return e.Key == name })
	if i < 0 {
		return e, false
	}
	return p.top[i], true
}

// keys are what a scenario may have.
func (p *parser) keys() []key {
	of, actor := p.of, &p.of.Actor
	return []key{
		{Name: "scenario", Read: func(n ast.Node, path string) { p.line(n, path, &of.Title) }},
		{Name: "section", Read: func(n ast.Node, path string) { p.line(n, path, &of.Section) }},
		{Name: "about", Read: func(n ast.Node, path string) { p.Uncut(n, path); p.Prose(n, path, &of.About) }},
		{Name: "rules", Read: func(n ast.Node, path string) { p.text(n, path, &of.Rules); of.RulesAt = p.At(n) }},
		{Name: "set", Read: p.overrides},
		{Name: "data", Read: p.dataSet},
		{Name: "synth", Read: p.synthetic},
		{Name: "candles", Read: p.written},
		{Name: "from", Read: func(n ast.Node, path string) { p.instant(n, path, &of.FromMS) }},
		{Name: "to", Read: func(n ast.Node, path string) { p.instant(n, path, &of.ToMS) }},
		{Name: "as", Read: func(n ast.Node, path string) {
			if p.word(n, path, "main", "challenge") == "challenge" {
				of.As = sim.InChallenge
			}
		}},
		{Name: "fill", Read: func(n ast.Node, path string) {
			if p.word(n, path, "open", "close") == "close" {
				of.Fill = sim.FillLastClose
			}
		}},
		{Name: "latency", Read: func(n ast.Node, path string) { p.length(n, path, &of.LatencyMS) }},
		{Name: "seed", Read: p.seed},
		{Name: "signals", Read: p.signals},
		{Name: "strategy", Read: func(n ast.Node, path string) { p.text(n, path, &actor.Strategy) }},
		{Name: "params", Read: p.params},
		{Name: "script", Read: p.script},
		{Name: "positions", Read: func(n ast.Node, path string) { p.text(n, path, &actor.Positions) }},
		{Name: "fills", Read: func(n ast.Node, path string) {
			actor.Simulated = p.word(n, path, "recorded", "simulated") == "simulated"
		}},
		{Name: "miner", Read: func(n ast.Node, path string) { p.text(n, path, &actor.Miner) }},
		{Name: "subnet", Read: p.subnet},
		{Name: "score", Read: p.score},
		{Name: "tolerance", Read: p.tolerance},
		{Name: "expect", Read: func(n ast.Node, path string) { of.Expect = readExpect(&p.Reader, n, path, actor.Kind) }},
	}
}

// judge refuses a scenario that lacks something, or whose keys don't go together.
func (p *parser) judge(root ast.Node) {
	source := p.one(sources())
	_, expects := p.said("expect")
	switch {
	case p.Err() != nil:
	case p.of.Title == "":
		p.Wrong(root, "", "no title", "scenario: what it shows, in a line")
	case p.acts == "":
		p.Wrong(root, "", "nobody who acts", "one of "+strings.Join(actors(), ", "))
	case source == "" && p.acts != "score":
		p.Wrong(root, "", "no candles", "one of "+strings.Join(sources(), ", "))
	case !expects:
		p.Wrong(root, "", "nothing that is expected", "expect: what comes of it, such as final_return: 1.02")
	case p.of.FromMS != 0 && p.of.ToMS != 0 && p.of.FromMS >= p.of.ToMS:
		to, _ := p.said("to")
		p.Wrong(to.Value, "to", stamp(p.of.ToMS), "a time after the range begins, "+stamp(p.of.FromMS))
	}
	for _, e := range p.top {
		if with, ok := p.goes(e.Key); !ok {
			p.Wrong(e.Node, e.Key, "it beside "+p.acts, with)
		}
	}
	if act, ok := p.said(p.acts); ok {
		p.of.Actor.At = p.At(act.Value)
	}
}

// goes reports whether a key goes with who acts, and if not, what it goes with.
func (p *parser) goes(key string) (with string, ok bool) {
	beside := func(acts ...string) (string, bool) {
		return "it beside " + strings.Join(acts, " or ") + " alone", slices.Contains(acts, p.acts)
	}
	switch key {
	case "params":
		return beside("strategy", "script")
	case "fills":
		return beside("positions")
	case "miner":
		if p.of.Actor.Signals != nil {
			return "it beside a file of signals, or positions", false
		}
		return beside("signals", "positions")
	case "as", "fill", "latency":
		return beside(actors()[:4]...)
	case "data", "synth", "candles", "from", "to", "seed":
		return beside(actors()[:5]...)
	}
	return "", true
}

// noted reads a mapping, and returns the values that its keys have.
func (p *parser) noted(node ast.Node, path string, keys []key) map[string]ast.Node {
	said := make(map[string]ast.Node)
	for i, k := range keys {
		keys[i].Read = func(n ast.Node, path string) {
			said[k.Name] = n
			k.Read(n, path)
		}
	}
	p.Mapping(node, path, keys)
	return said
}

// line reads a text of one line.
func (p *parser) line(node ast.Node, path string, to *string) {
	p.Uncut(node, path)
	p.Scalar(node, path, "a text of one line", to)
	if *to = strings.TrimSpace(*to); p.Err() == nil && !printable(*to, lineMax) {
		p.Mistyped(node, path, fmt.Sprintf("a text of one line, of at most %d characters", lineMax))
	}
}

// text reads a name or a path.
func (p *parser) text(node ast.Node, path string, to *string) {
	p.Scalar(node, path, "a text", to)
	if p.Err() == nil && !printable(*to, pathMax) {
		p.Mistyped(node, path, fmt.Sprintf("a text of at most %d bytes", pathMax))
	}
}

// word reads one of two words.
func (p *parser) word(node ast.Node, path, a, b string) string {
	text, _ := strictyaml.Scalar(node)
	if text != a && text != b {
		p.Mistyped(node, path, a+" or "+b)
	}
	return text
}

func (p *parser) tolerance(node ast.Node, path string) {
	const expected = "a distance (1e-9) or a part (0.1%)"
	var text string
	if p.Scalar(node, path, expected, &text); p.Err() != nil {
		return
	}
	var err error
	if p.of.Tolerance, err = condition.ParseTolerance(text); err != nil {
		p.Fail(p.At(node).Because(path, err))
	}
}
