package compose

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/market/suggest"
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
	r.mapping(root, "", []key{
		{"name", func(n ast.Node, path string) { r.string(n, path, &f.name) }},
		{"allow_over", func(n ast.Node, path string) { r.yesNo(n, path, &f.allowOver) }},
		{"members", func(n ast.Node, _ string) { members = n }},
	})
	if r.err != nil {
		return nil, r.err
	}
	if members == nil {
		return nil, r.at(root).Wrong("", "no members", "members: a list of strategies")
	}
	for i, item := range r.list(members, "members", membersMax) {
		f.members = append(f.members, r.member(item, fmt.Sprintf("members[%d]", i), i))
	}
	if r.err == nil && len(f.members) == 0 {
		r.wrong(members, "members", "an empty list", "at least one strategy")
	}
	if r.err == nil {
		r.judge(f, members)
	}
	return f, r.err
}

// member reads one member.
func (r *reader) member(node ast.Node, path string, i int) memberFile {
	m := memberFile{path: path, share: math.NaN()}
	r.mapping(node, path, []key{
		{"name", func(n ast.Node, path string) { r.name(n, path, &m.name) }},
		{"strategy", func(n ast.Node, path string) { m.strategyAt = r.at(n); r.string(n, path, &m.strategy) }},
		{"params", func(n ast.Node, path string) { m.params = r.params(n, path) }},
		{"pairs", func(n ast.Node, path string) { m.pairs = r.pairs(n, path) }},
		{"share", func(n ast.Node, path string) { r.share(n, path, &m.share) }},
	})
	switch {
	case r.err != nil:
	case m.strategy == "":
		r.wrong(node, path, "nothing for strategy", "the strategy's name, or its file")
	case math.IsNaN(m.share):
		r.wrong(node, path, "nothing for share", "a number over 0 that multiplies the member's leverages, such as 0.5")
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
	if r.string(node, path, to); r.err == nil && !validName(*to) {
		r.wrong(node, path, strictyaml.Describe(node), fmt.Sprintf("a letter, then letters, digits, - and _, at most %d together: the name goes before the member's parameters", nameMax))
	}
}

func (r *reader) share(node ast.Node, path string, to *float64) {
	if r.number(node, path, to); r.err == nil && !(*to > 0 && *to <= shareMax) {
		r.wrong(node, path, strictyaml.Describe(node), fmt.Sprintf("a number over 0, up to %d; a member that is to be left out is best commented out", shareMax))
	}
}

// params reads a member's parameters: any scalar is its text, a list is its texts
// with commas between.
func (r *reader) params(node ast.Node, path string) []paramFile {
	var list []paramFile
	for _, e := range r.entries(node, path, "a mapping from parameters to values", paramsMax) {
		at, value := path+"."+e.Key, ""
		if _, ok := e.Value.(*ast.SequenceNode); ok {
			value = strings.Join(r.texts(e.Value, at), ",")
		} else {
			r.scalar(e.Value, at, "a value", &value)
		}
		list = append(list, paramFile{strategies.Setting{Name: e.Key, Value: value}, r.at(e.Node)})
	}
	return list
}

func (r *reader) pairs(node ast.Node, path string) []string {
	ids := r.texts(node, path)
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			r.wrong(node, path, id+" twice", "each pair once")
		}
	}
	if r.err == nil && len(ids) == 0 {
		r.wrong(node, path, "an empty list", "at least one pair, or no key at all for every pair of the run")
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
			r.err = m.strategyAt.Wrong(m.path, "a second member "+m.name, "names that differ: give the members a name each")
			return
		}
		names = append(names, m.name)
		sum += m.share
	}
	if sum > 1+overShare && !f.allowOver {
		r.wrong(members, "members", fmt.Sprintf("shares that sum to %.6g", sum),
			"a sum of 1 at most, or allow_over: true for an account that is to hold more than its members would with one account each")
	}
}

// unknownKey says what keys there are.
func unknownKey(found string, keys []key) string {
	var names []string
	for _, k := range keys {
		names = append(names, k.name)
	}
	n := len(names) - 1
	return strings.Join(names[:n], ", ") + " or " + names[n] + suggest.DidYouMean(found, names)
}
