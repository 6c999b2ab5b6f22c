package compose

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// Portfolio is several strategies in one account. Each plays a virtual book of
// its own; the account's target on a pair is the sum of their net leverages
// there, each multiplied by its member's share. What they hold against one
// another is never traded.
type Portfolio struct {
	Members []Member

	host host
}

// Member is one strategy of a portfolio.
type Member struct {
	Name     string // unique among the members
	Strategy strategies.Configurable
	Pairs    []string // all that it may trade; nil: every pair of the run
	Share    float64  // multiplies its leverages
}

// Validate implements strategies.Configurable.
func (p *Portfolio) Validate() error {
	for i := range p.Members {
		m := &p.Members[i]
		if !(m.Share > 0 && m.Share <= shareMax) {
			return fmt.Errorf("%s: share: found %g; expected a number over 0, up to %d", m.Name, m.Share, shareMax)
		}
		if err := m.Strategy.Validate(); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

// shareMax bounds a member's share.
const shareMax = 100

// Init implements sim.Strategy.
func (p *Portfolio) Init(setup *sim.Setup) error {
	if err := p.Validate(); err != nil {
		return err
	}
	if err := p.host.start(setup); err != nil {
		return err
	}
	offered := setup.Pairs()
	for i := range p.Members {
		m := &p.Members[i]
		for _, pair := range m.Pairs {
			if !slices.Contains(offered, pair) {
				return fmt.Errorf("%s: pairs: found %s; expected pairs that the run has candles of: %s", m.Name, pair, strings.Join(offered, ", "))
			}
		}
		if err := p.host.seat(setup, m.Name, m.Strategy, m.Pairs); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

// Decide implements sim.Strategy.
func (p *Portfolio) Decide(c *sim.Context) error {
	changed, err := p.host.decide(c)
	if err != nil {
		return err
	}
	if changed {
		for _, g := range p.host.executor.goals {
			g.aim(p.target(g.feed.Pair()))
		}
	}
	p.host.executor.pursue(c)
	return nil
}

// target is what the account should hold of a pair. What rounding leaves of
// members that hold as much against one another is none.
func (p *Portfolio) target(pair string) float64 {
	sum, gross := 0.0, 0.0
	for i := range p.Members {
		part := float64(p.Members[i].Share * p.host.books[i].net(pair))
		sum, gross = sum+part, gross+math.Abs(part)
	}
	if math.Abs(sum) < float64(hair*gross) {
		return 0
	}
	return sum
}

// End implements sim.Ender.
func (p *Portfolio) End(c *sim.Context) error { return p.host.End(c) }
