package scenario

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
)

// Play is what came of a scenario: one of Account, Tournament and Standing.
type Play struct {
	Scenario *Scenario
	Rules    *rules.Resolved // shared with other plays: nothing writes to it
	Candles  []Candles       // by pair; none of a standing

	Strategy string // its name; of a script "script", of signals "signals", where the scenario has their text
	Params   []strategies.Setting
	SHA256   string // of the files, or the text, that say what it does; of signals in the scenario that of their CSV
	Seed     uint64

	FromMS, ToMS int64 // UTC ms; of a standing both are the evaluation
	Account      *sim.Result
	Assessment   scoring.Assessment // of the account
	Carry        []fact.CarryCharge
	RosterName   string // of a tournament: its file's name, and its hash
	RosterSHA256 string
	Tournament   *subnet.Result
	Standing     *scoring.Standing

	// Digest names what came of it. Of an account or a tournament it is the Library's;
	// of a standing "sha256:" and the hash of its facts (StandingDigest).
	Digest string
	Facts  fact.Node
	Came   string // all of it in a line, for a person: "3 orders: 3 accepted; return 1.25 %"
}

// Candles is what a play read of one pair.
type Candles struct {
	Pair     string
	Interval datasets.Interval
	Content  string // the SHA-256 that names the candles: datasets.ManifestFile
	File     string // its path; "" of candles that were made or written out
	SHA256   string // of the file
	Rows     int    // in the range
	FirstMS  int64  // of those, UTC ms
	LastMS   int64
	Note     string // what a reader must know: that it is synthetic
}

// Player plays scenarios, any number at once. What several of them read it reads
// once: rule sets, data files, and the candles of recipes.
type Player struct {
	library Library

	rules     shelf[*rules.Resolved]
	files     shelf[verifiedFiles]
	candles   loans[[]*datasets.Candles]
	synthetic loans[[]madeCandles]
	remember  sync.Mutex // held while the library's memory is in use
}

// idleMax is how many candles of data sets, and how many of recipes, are kept for
// scenarios to come: some hundred megabytes.
const idleMax = 10_000_000

// NewPlayer returns a player. The caller closes it.
func NewPlayer(l Library) *Player {
	p := &Player{library: l}
	p.candles.idleMax, p.candles.size, p.candles.letGo = idleMax, candleCount, closeAll
	p.synthetic.idleMax, p.synthetic.size = idleMax, madeCount
	return p
}

// Close lets go of the candles that were read. Nothing may play any more.
func (p *Player) Close() error { return p.candles.close() }

// Play plays a scenario. The error is what can't be played, with its place where the
// file says it; of a context that was cancelled, the context's. Strategies must not look
// at their candles after it; results stay as they are.
func (p *Player) Play(ctx context.Context, s *Scenario) (*Play, error) {
	g := &game{player: p, ctx: ctx, scenario: s, play: &Play{Scenario: s}}
	defer g.giveBack()
	var err error
	switch s.Actor.Kind {
	case OfAccount:
		err = g.account()
	case OfTournament:
		err = g.tournament()
	case OfStanding:
		err = g.standing()
	default:
		panic(fmt.Sprintf("scenario: %d is no kind of play", s.Actor.Kind))
	}
	if err != nil {
		return nil, err
	}
	return g.play, nil
}

// game is a play in progress.
type game struct {
	player   *Player
	ctx      context.Context
	scenario *Scenario
	play     *Play

	loaded []*datasets.Candles // of play.Candles, in their order
	loans  []func()            // each gives back what was borrowed of the player
}

// giveBack gives back what was borrowed of the player.
func (g *game) giveBack() {
	for _, giveBack := range g.loans {
		giveBack()
	}
}

// path makes a path of the scenario's relative to its folder.
func (g *game) path(of string) string {
	if filepath.IsAbs(of) {
		return of
	}
	return filepath.Join(g.folder(), filepath.FromSlash(of))
}

// folder is the scenario's.
func (g *game) folder() string { return filepath.Dir(g.scenario.File) }

// finder finds strategies whose programs run in the scenario's folder.
func (g *game) finder() strategies.Finder {
	if in := g.player.library.FindIn; in != nil {
		return in(g.folder())
	}
	return g.player.library.Find
}

// digest asks the library for the digest of what came of it.
func (g *game) digest() (err error) {
	if g.player.library.Digest != nil {
		g.play.Digest, err = g.player.library.Digest(g.play)
	}
	return err
}
