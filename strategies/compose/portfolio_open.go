package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/ptnsim/ptnsim/strategies"
)

// OpenPortfolio reads a portfolio file: several strategies in one account.
//
//	name: trend and reversion      # optional: of the portfolio
//	allow_over: false              # optional: true lets the shares sum to more than 1
//	members:
//	  - name: trend                # optional: of its parameters; a letter, then letters, digits, - and _
//	    strategy: crossover        # whatever a strategy may be: a name, file.star, exec:…, other.yaml
//	    params: {fast: 100, slow: 400}
//	    pairs: [BTCUSD, ETHUSD]    # optional: all that it may trade
//	    share: 0.6                 # multiplies its leverages; over 0
//
// The paths of files are relative to the portfolio's. A portfolio may hold others,
// but not itself. A member's parameters are those of the portfolio under its name:
// trend.fast. Its fingerprint is the SHA-256 of the file's bytes and of the members'
// own fingerprints, in their order, each behind a line feed. All files together
// hold at most 256 members; each is read once.
//
// What is wrong in the file is a *strictyaml.SyntaxError with its line.
func OpenPortfolio(path string, find strategies.Finder) (strategies.Definition, error) {
	return (&opener{find: find}).portfolio(path)
}

// IsPortfolio reports whether a path is named as portfolio files are.
func IsPortfolio(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return !strings.HasPrefix(path, execPrefix) && (ext == ".yaml" || ext == ".yml")
}

// execPrefix marks the command of a program. It may hold paths, and is left as
// it is.
const execPrefix = "exec:"

// opener finds strategies from within a portfolio file.
type opener struct {
	find  strategies.Finder
	files []string // being read, absolute, each holding the next; the last is the opener's

	mu    sync.Mutex
	found map[string]strategies.Definition // by spec
}

// Limits of portfolios that hold one another.
const (
	depthMax     = 8
	membersInAll = 256 // members of all files together
)

// portfolio opens a file that the opener's names.
func (o *opener) portfolio(path string) (d strategies.Definition, err error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return d, err
	}
	switch {
	case slices.Contains(o.files, absolute):
		return d, fmt.Errorf("found %s, which holds this file in turn; expected no circle", path)
	case len(o.files) == depthMax:
		return d, fmt.Errorf("found more than %d portfolios within one another; expected fewer", depthMax)
	}
	text, err := readBounded(path)
	if err != nil {
		return d, err
	}
	file, err := parsePortfolio(path, text)
	if err != nil {
		return d, err
	}
	inner := &opener{find: o.find, files: append(slices.Clip(o.files), absolute), found: make(map[string]strategies.Definition)}
	return inner.define(file, text)
}

// readBounded reads a file that is no longer than a portfolio may be, and a byte.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, bytesMax+1))
}

// define finds the members and tries their parameters.
func (o *opener) define(file *portfolioFile, text []byte) (d strategies.Definition, err error) {
	members, within := make([]definedMember, 0, len(file.members)), 0
	for _, m := range file.members {
		found, err := o.Find(m.strategy)
		if err != nil {
			return d, m.strategyAt.Because(m.path+".strategy", err)
		}
		s, err := m.try(found)
		if err != nil {
			return d, err
		}
		if within += 1 + membersOf(s); within > membersInAll {
			return d, m.strategyAt.Because(m.path+".strategy", errTooMany)
		}
		members = append(members, definedMember{m, found})
	}
	return strategies.Definition{
		Name: file.name, Kind: strategies.Portfolio,
		Idea:   "several strategies in one account: " + file.list(),
		Doc:    "Each strategy plays an account of its own; the account holds the sum of their leverages, each multiplied by its share. What they hold against one another is never traded.",
		Digest: func(given []strategies.Setting) (string, error) { return digestPortfolio(text, members, given) },
		Define: func(given []strategies.Setting) (strategies.Configurable, []strategies.Param, error) {
			return makePortfolio(members, given)
		},
	}, nil
}

// definedMember is a member and the strategy that it names.
type definedMember struct {
	memberFile
	definition strategies.Definition
}

// errTooMany is of files that hold one another and multiply.
var errTooMany = fmt.Errorf("found more than %d members in this portfolio and those within it; expected at most %d", membersInAll, membersInAll)

func makePortfolio(members []definedMember, given []strategies.Setting) (strategies.Configurable, []strategies.Param, error) {
	p, within := &Portfolio{}, 0
	var params []strategies.Param
	for _, m := range members {
		in, err := makeInner(m.definition, m.name+".", given, m.settings())
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", m.name, err)
		}
		if within += 1 + membersOf(in.strategy); within > membersInAll { // by a setting that names another file
			return nil, nil, fmt.Errorf("%s: %w", m.name, errTooMany)
		}
		p.Members = append(p.Members, Member{Name: m.name, Strategy: in.strategy, Pairs: m.pairs, Share: m.share})
		params = append(params, in.params...)
	}
	return p, params, nil
}

// membersOf is how many members there are in a strategy and in what it holds.
func membersOf(s strategies.Configurable) int {
	n := 0
	switch s := s.(type) {
	case *VolatilityTarget:
		n = membersOf(s.Of)
	case *TWAP:
		n = membersOf(s.Of)
	case *Portfolio:
		for i := range s.Members {
			n += 1 + membersOf(s.Members[i].Strategy)
		}
	}
	return n
}

// digestPortfolio is the digest of a portfolio's text and members under settings.
func digestPortfolio(text []byte, members []definedMember, given []strategies.Setting) (string, error) {
	sum := sha256.New()
	sum.Write(text)
	for _, m := range members {
		fingerprint, err := m.definition.Fingerprint(overlaid(m.settings(), below(given, m.name+".")))
		if err != nil {
			return "", fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(sum, "\n%s", fingerprint)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// try makes a member's strategy once, so that what is wrong with its parameters
// is told with its line.
func (m *memberFile) try(d strategies.Definition) (strategies.Configurable, error) {
	in, err := makeInner(d, "", nil, m.settings())
	if bad, ok := errors.AsType[*settingError](err); ok {
		for _, p := range m.params {
			if p.setting == bad.setting {
				return nil, p.at.Because(m.path+".params."+p.setting.Name, bad.err)
			}
		}
	}
	if err == nil {
		err = in.strategy.Validate()
	}
	if err != nil {
		return nil, m.strategyAt.Because(m.path, err)
	}
	return in.strategy, nil
}

// Find finds what a member, or a wrapper in it, names; the same thing each time.
func (o *opener) Find(spec string) (d strategies.Definition, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if d, ok := o.found[spec]; ok {
		return d, nil
	}
	if d, err = o.look(spec); err == nil {
		o.found[spec] = d
	}
	return d, err
}

func (o *opener) look(spec string) (strategies.Definition, error) {
	if IsPortfolio(spec) {
		return o.portfolio(o.relative(spec))
	}
	for _, d := range Wrappers(o.Find) { // what they hold is found from here
		if d.Name == spec {
			return d, nil
		}
	}
	return o.find(o.relative(spec))
}

// relative makes a file's path relative to the portfolio's folder.
func (o *opener) relative(spec string) string {
	if strings.HasPrefix(spec, execPrefix) || filepath.IsAbs(spec) || filepath.Ext(spec) == "" && !strings.ContainsAny(spec, `/\`) {
		return spec
	}
	return filepath.Join(filepath.Dir(o.files[len(o.files)-1]), filepath.FromSlash(spec))
}
