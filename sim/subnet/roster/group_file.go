package roster

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

// groupFile is one entry of the file's miners: a miner, a population, or the
// miners of a recording.
type groupFile struct {
	path  string // "miners[0]"
	at    place
	name  string
	count int // of a population; 0: a single miner

	does   activity
	spec   string // what stands under the activity's key
	specAt place

	params    []paramFile
	delay     distribution // of a copycat
	miner     string       // of a recording
	fills     recording.Fills
	clip      bool
	main      bool
	registers registration
	latency   distribution
	again     distribution
	fill      sim.FillMode
	seed      uint64

	keys map[string]place // that the entry has
}

// activity is what the miners of a group do, by the key that says it.
type activity string

const (
	strategy  activity = "strategy"  // play one
	copies    activity = "copies"    // mirror another miner
	positions activity = "positions" // what validators recorded
	signals   activity = "signals"   // a file of orders
)

// paramFile is a parameter of a strategy as the file has it.
type paramFile struct {
	name string
	at   place
	path string

	texts  []string      // its value, or what it is chosen from
	from   *distribution // of numbers; nil: one of the texts
	wholes bool          // all numbers of the distribution are written as whole ones
}

// allowed reports whether a group of that activity may have a key that not all
// have.
func allowed(key string, does activity, population bool) bool {
	switch key {
	case "params":
		return does == strategy
	case "seed":
		return does == strategy && !population
	case "delay":
		return does == copies
	case "fills":
		return does == positions
	case "miner", "clip":
		return does == positions || does == signals
	case "count", "again":
		return does == strategy || does == copies
	}
	return true
}

// group reads one entry.
func (r *reader) group(node ast.Node, path string) groupFile {
	g := groupFile{path: path, at: r.At(node), latency: fixed(0), delay: fixed(0), again: fixed(0), keys: make(map[string]place)}
	g.registers.at = fixed(0)
	var does []activity
	act := func(of activity) key {
		return key{Name: string(of), Read: func(n ast.Node, path string) {
			does = append(does, of)
			g.does, g.specAt = of, r.At(n)
			r.text(n, path, pathMax, &g.spec)
		}}
	}
	r.Mapping(node, path, r.noted(&g, []key{
		{Name: "name", Read: func(n ast.Node, path string) { r.name(n, path, &g.name) }},
		{Name: "count", Read: func(n ast.Node, path string) { r.whole(n, path, minersMax, &g.count) }},
		act(strategy), act(copies), act(positions), act(signals),
		{Name: "params", Read: func(n ast.Node, path string) { g.params = r.params(n, path) }},
		{Name: "delay", Read: func(n ast.Node, path string) { r.length(n, path, &g.delay) }},
		{Name: "miner", Read: func(n ast.Node, path string) { r.text(n, path, pathMax, &g.miner) }},
		{Name: "fills", Read: func(n ast.Node, path string) { r.fills(n, path, &g.fills) }},
		{Name: "clip", Read: func(n ast.Node, path string) { r.YesNo(n, path, &g.clip) }},
		{Name: "state", Read: func(n ast.Node, path string) { r.state(n, path, &g.main) }},
		{Name: "registers", Read: func(n ast.Node, path string) { r.registration(n, path, &g.registers) }},
		{Name: "latency", Read: func(n ast.Node, path string) { r.length(n, path, &g.latency) }},
		{Name: "fill", Read: func(n ast.Node, path string) { r.fill(n, path, &g.fill) }},
		{Name: "seed", Read: func(n ast.Node, path string) { r.seed(n, path, &g.seed) }},
		{Name: "again", Read: func(n ast.Node, path string) { r.again(n, path, &g.again) }},
	}))
	switch {
	case r.Err() != nil:
	case g.name == "":
		r.Wrong(node, path, "nothing for name", "the miner's name, or that of the population")
	case len(does) == 0:
		r.Wrong(node, path, "nothing that it does", "one of strategy, copies, positions and signals")
	case len(does) > 1:
		r.Wrong(node, path, fmt.Sprintf("%s and %s", does[0], does[1]), "one of strategy, copies, positions and signals")
	}
	r.judge(&g)
	return g
}

// noted has each key's place kept in the group.
func (r *reader) noted(g *groupFile, keys []key) []key {
	for i, k := range keys {
		keys[i].Read = func(n ast.Node, path string) {
			g.keys[k.Name] = r.At(n)
			k.Read(n, path)
		}
	}
	return keys
}

// judge refuses keys that do not go with what the group does.
func (r *reader) judge(g *groupFile) {
	for _, key := range []string{"params", "seed", "delay", "fills", "miner", "clip", "count", "again"} {
		at, said := g.keys[key]
		if r.Err() != nil || !said || allowed(key, g.does, g.count > 0) {
			continue
		}
		with := []string{}
		for _, a := range []activity{strategy, copies, positions, signals} {
			if allowed(key, a, false) {
				with = append(with, string(a))
			}
		}
		switch {
		case key == "seed" && g.does == strategy:
			r.Fail(at.Wrong(g.path+".seed", "a seed of a population", "it for single miners: each of a population has its own, split off by its name"))
		default:
			r.Fail(at.Wrong(g.path+"."+key, "it beside "+string(g.does), "it beside "+strings.Join(with, " or ")+" alone"))
		}
	}
}

// text reads a text of at most so many bytes.
func (r *reader) text(node ast.Node, path string, most int, to *string) {
	if r.Scalar(node, path, "a text", to); r.Err() == nil && (strings.TrimSpace(*to) == "" || len(*to) > most) {
		r.Mistyped(node, path, fmt.Sprintf("a text of at most %d bytes", most))
	}
}

func (r *reader) name(node ast.Node, path string, to *string) {
	if r.Scalar(node, path, "a text", to); r.Err() == nil && !validName(*to) {
		r.Wrong(node, path, strictyaml.Describe(node), fmt.Sprintf("a letter or a digit, then letters, digits, -, _ and ., at most %d together", nameMax))
	}
}

// validName reports whether a text is a miner's name. A ~ is of successors.
func validName(text string) bool {
	return text != "" && len(text) <= nameMax && safe(text) == text && strings.Trim(text[:1], "-_.") != ""
}

// safe is a text with _ for what a name may not have.
func safe(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
			return c
		}
		return '_'
	}, text)
}

func (r *reader) state(node ast.Node, path string, main *bool) {
	*main = r.word(node, path, "main", "challenge") == "main"
}

func (r *reader) fill(node ast.Node, path string, to *sim.FillMode) {
	if r.word(node, path, "open", "close") == "close" {
		*to = sim.FillLastClose
	}
}

func (r *reader) fills(node ast.Node, path string, to *recording.Fills) {
	if r.word(node, path, recording.Recorded.String(), recording.Simulated.String()) == recording.Simulated.String() {
		*to = recording.Simulated
	}
}

// word reads one of two words.
func (r *reader) word(node ast.Node, path, a, b string) string {
	text, _ := strictyaml.Scalar(node)
	if text != a && text != b {
		r.Mistyped(node, path, a+" or "+b)
	}
	return text
}

// againLeast is the shortest time until a successor registers: clocks of subnets
// step by no less.
const againLeast = 60_000 // ms

// again reads how long after a miner is out its successor registers.
func (r *reader) again(node ast.Node, path string, to *distribution) {
	r.length(node, path, to)
	least := to.low
	switch to.shape {
	case choice:
		least = slices.Min(append(to.values, math.Inf(1)))
	case normal:
		to.least = max(to.least, againLeast)
		least = to.least
	}
	if r.Err() == nil && least < againLeast {
		r.Wrong(node, path, "less than a minute", "1m or more; or no key at all where nobody follows")
	}
}

// params reads the parameters of a strategy.
func (r *reader) params(node ast.Node, path string) []paramFile {
	var list []paramFile
	for _, e := range r.Entries(node, path, "a mapping from parameters to values", paramsMax) {
		p := paramFile{name: e.Key, at: r.At(e.Node), path: path + "." + e.Key}
		if len(e.Key) > paramNameMax {
			r.Wrong(e.Node, path, "a parameter's name that is longer", fmt.Sprintf("at most %d bytes", paramNameMax))
		}
		if isSpread(e.Value) {
			r.drawn(e.Value, &p)
		} else {
			p.texts = []string{r.value(e.Value, p.path)}
		}
		list = append(list, p)
	}
	return list
}

// value reads a parameter's value: any scalar is its text, a list is its texts with
// commas between.
func (r *reader) value(node ast.Node, path string) (text string) {
	if _, ok := node.(*ast.SequenceNode); ok {
		return strings.Join(r.Texts(node, path, paramsMax), ",")
	}
	r.Scalar(node, path, "a value, a list, or a distribution such as {uniform: [1, 10]}", &text)
	return text
}

// drawn reads a distribution of a parameter's values.
func (r *reader) drawn(node ast.Node, p *paramFile) {
	p.wholes = true
	s := r.numbers(&p.wholes)
	s.choices = func(n ast.Node, path string) {
		for i, item := range r.List(n, path, paramsMax) {
			p.texts = append(p.texts, r.value(item, fmt.Sprintf("%s[%d]", path, i)))
		}
		if r.Err() == nil && len(p.texts) == 0 {
			r.Wrong(n, path, "an empty list", "at least one value")
		}
	}
	if d := r.spread(node, p.path, s); d.shape != choice {
		p.from = &d
	}
}

// bounds are the ends of what may be drawn, without those that a normal does not
// have.
func (d *distribution) bounds() (list []float64) {
	ends := []float64{d.low, d.high}
	if d.shape == normal {
		ends = []float64{d.least, d.most}
	}
	for _, x := range ends {
		if !math.IsInf(x, 0) {
			list = append(list, x)
		}
	}
	return list
}
