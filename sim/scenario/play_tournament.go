package scenario

import (
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/sim/subnet/roster"
)

// tournament plays a subnet. Its accounts play one after the other: it is scenarios
// that play at once.
func (g *game) tournament() error {
	s, play := g.scenario, g.play
	r, err := g.roster()
	if err != nil {
		return g.because(s.Actor.At, "subnet", err)
	}
	play.RosterName, play.RosterSHA256, play.Seed = r.Name, r.SHA256, r.Seed
	if err := g.open(r.Overrides(g.overrides())); err != nil {
		return err
	}
	if err := g.load(0, 0); err != nil {
		return err
	}
	if play.Tournament, err = g.contest(r); err != nil {
		return g.because(s.Actor.At, "subnet", err)
	}
	if err := g.digest(); err != nil {
		return err
	}
	facts := fact.OfTournament(play.Tournament, play.Digest)
	play.Facts, play.Came = fact.Of(facts), cameOfTournament(&facts)
	return nil
}

// roster reads who takes part.
func (g *game) roster() (*roster.Roster, error) {
	s := g.scenario
	options := roster.Options{Find: g.finder(), Seed: s.Seed}
	switch name := s.Actor.Subnet; name {
	case "":
		return roster.Parse(s.File, []byte(s.Actor.SubnetText), options)
	case roster.ReferenceName:
		return roster.Open(name, options)
	default:
		return roster.Open(g.path(name), options)
	}
}

// contest plays them against one another.
func (g *game) contest(r *roster.Roster) (*subnet.Result, error) {
	bounds := roster.Bounds{FromMS: g.play.FromMS, ToMS: g.play.ToMS}
	for _, c := range g.play.Candles {
		bounds.Pairs = append(bounds.Pairs, c.Pair)
	}
	miners, warnings, err := r.Field(bounds)
	if err != nil {
		return nil, err
	}
	market, err := sim.NewMarket(g.play.Rules.Set, g.series(), bounds.FromMS, bounds.ToMS)
	if err != nil {
		return nil, err
	}
	cfg := r.Config(market, miners)
	cfg.Workers = 1
	result, err := subnet.Run(g.ctx, cfg)
	if err != nil {
		return nil, err
	}
	result.Warnings = slices.Concat(warnings, result.Warnings)
	return result, nil
}
