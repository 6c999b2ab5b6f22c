package compose

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/strategies"
)

// Limits of a portfolio file, far above what one needs.
const (
	bytesMax   = 1 << 16
	membersMax = 64
	paramsMax  = 256 // of a member, and pairs
	nameMax    = 40  // characters of a member's name
)

// portfolioFile is what a portfolio file says.
type portfolioFile struct {
	name      string
	allowOver bool
	members   []memberFile
}

// memberFile is one member, and where it stands.
type memberFile struct {
	path       string // "members[0]"
	name       string
	strategy   string
	strategyAt place
	params     []paramFile
	pairs      []string
	share      float64
}

// paramFile is a parameter's value, and where it stands.
type paramFile struct {
	setting strategies.Setting
	at      place
}

func (m *memberFile) settings() []strategies.Setting {
	var list []strategies.Setting
	for _, p := range m.params {
		list = append(list, p.setting)
	}
	return list
}

// list names the members for a person.
func (f *portfolioFile) list() string {
	var texts []string
	for _, m := range f.members {
		texts = append(texts, fmt.Sprintf("%s × %s", strconv.FormatFloat(m.share, 'g', -1, 64), m.name))
	}
	return strings.Join(texts, ", ")
}

// parsePortfolio reads the text of a portfolio file; errors name it as the file.
func parsePortfolio(file string, text []byte) (*portfolioFile, error) {
	r, root, err := parseDocument(file, text)
	if err != nil {
		return nil, err
	}
	f := &portfolioFile{name: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))}
	var members ast.Node
	r.Mapping(root, "", []key{
		{Name: "name", Read: func(n ast.Node, path string) { r.String(n, path, &f.name) }},
		{Name: "allow_over", Read: func(n ast.Node, path string) { r.YesNo(n, path, &f.allowOver) }},
		{Name: "members", Read: func(n ast.Node, _ string) { members = n }},
	})
	if r.Err() != nil {
		return nil, r.Err()
	}
	if members == nil {
		return nil, r.At(root).Wrong("", "no members", "members: a list of strategies")
	}
	for i, item := range r.List(members, "members", membersMax) {
		f.members = append(f.members, r.member(item, fmt.Sprintf("members[%d]", i), i))
	}
	if r.Err() == nil && len(f.members) == 0 {
		r.Wrong(members, "members", "an empty list", "at least one strategy")
	}
	if r.Err() == nil {
		r.judge(f, members)
	}
	return f, r.Err()
}

// member reads one member.
func (r *reader) member(node ast.Node, path string, i int) memberFile {
	m := memberFile{path: path, share: math.NaN()}
	r.Mapping(node, path, []key{
		{Name: "name", Read: func(n ast.Node, path string) { r.name(n, path, &m.name) }},
		{Name: "strategy", Read: func(n ast.Node, path string) { m.strategyAt = r.At(n); r.String(n, path, &m.strategy) }},
		{Name: "params", Read: func(n ast.Node, path string) { m.params = r.params(n, path) }},
		{Name: "pairs", Read: func(n ast.Node, path string) { m.pairs = r.pairs(n, path) }},
		{Name: "share", Read: func(n ast.Node, path string) { r.share(n, path, &m.share) }},
	})
	switch {
	case r.Err() != nil:
	case m.strategy == "":
		r.Wrong(node, path, "nothing for strategy", "the strategy's name, or its file")
	case math.IsNaN(m.share):
		r.Wrong(node, path, "nothing for share", "a number over 0 that multiplies the member's leverages, such as 0.5")
	}
	if m.name == "" {
		m.name = usualName(m.strategy, i)
	}
	return m
}

// usualName is a member's if the file gives it none: the strategy's, where it
// makes a name.
func usualName(strategy string, i int) string {
	name := filepath.Base(strategy)
	if name = strings.TrimSuffix(name, filepath.Ext(name)); validName(name) && !strings.HasPrefix(strategy, execPrefix) {
		return name
	}
	return fmt.Sprintf("member%d", i+1)
}

// validName reports whether a text is a letter, then letters, digits, - and _.
func validName(text string) bool {
	letter := func(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
	if text == "" || len(text) > nameMax || !letter(text[0]) {
		return false
	}
	for i := range len(text) {
		switch c := text[i]; {
		case letter(c), '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

func (r *reader) name(node ast.Node, path string, to *string) {
	if r.String(node, path, to); r.Err() == nil && !validName(*to) {
		r.Wrong(node, path, strictyaml.Describe(node), fmt.Sprintf("a letter, then letters, digits, - and _, at most %d together: the name goes before the member's parameters", nameMax))
	}
}

func (r *reader) share(node ast.Node, path string, to *float64) {
	if r.Number(node, path, to); r.Err() == nil && !(*to > 0 && *to <= shareMax) {
		r.Wrong(node, path, strictyaml.Describe(node), fmt.Sprintf("a number over 0, up to %d; a member that is to be left out is best commented out", shareMax))
	}
}

// params reads a member's parameters: any scalar is its text, a list is its texts
// with commas between.
func (r *reader) params(node ast.Node, path string) []paramFile {
	var list []paramFile
	for _, e := range r.Entries(node, path, "a mapping from parameters to values", paramsMax) {
		at, value := path+"."+e.Key, ""
		if _, ok := e.Value.(*ast.SequenceNode); ok {
			value = strings.Join(r.Texts(e.Value, at, paramsMax), ",")
		} else {
			r.Scalar(e.Value, at, "a value", &value)
		}
		list = append(list, paramFile{strategies.Setting{Name: e.Key, Value: value}, r.At(e.Node)})
	}
	return list
}

func (r *reader) pairs(node ast.Node, path string) []string {
	ids := r.Texts(node, path, paramsMax)
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			r.Wrong(node, path, id+" twice", "each pair once")
		}
	}
	if r.Err() == nil && len(ids) == 0 {
		r.Wrong(node, path, "an empty list", "at least one pair, or no key at all for every pair of the run")
	}
	return ids
}

// overShare is by how much the shares may sum to more than 1 by rounding.
const overShare = 1e-9

// judge looks at the members together.
func (r *reader) judge(f *portfolioFile, members ast.Node) {
	var names []string
	sum := 0.0
	for i := range f.members {
		m := &f.members[i]
		if slices.Contains(names, m.name) {
			r.Fail(m.strategyAt.Wrong(m.path, "a second member "+m.name, "names that differ: give the members a name each"))
			return
		}
		names = append(names, m.name)
		sum += m.share
	}
	if sum > 1+overShare && !f.allowOver {
		r.Wrong(members, "members", fmt.Sprintf("shares that sum to %.6g", sum),
			"a sum of 1 at most, or allow_over: true for an account that is to hold more than its members would with one account each")
	}
}
