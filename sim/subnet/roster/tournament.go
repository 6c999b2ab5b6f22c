package roster

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// How often a tournament sets weights and looks at challengers where its file does
// not say so: seldom enough for speed.
const (
	weightsEveryDefault = 24 * time.Hour
	checksEveryLeast    = 12 * time.Hour
)

// Overrides are a rule set's overrides with the file's slots, where it has some and
// none of them says how many there are. They come first, so that an override of the
// whole registration has the last word on its slots.
func (r *Roster) Overrides(of []string) []string {
	const path = "registration.slots"
	said := func(text string) bool {
		of, _, _ := strings.Cut(text, "=")
		return strings.TrimSpace(of) == path
	}
	if r.Slots == 0 || slices.ContainsFunc(of, said) {
		return of
	}
	return append([]string{path + "=" + strconv.Itoa(r.Slots)}, of...)
}

// Field is Miners for a range of time and its candles; that nobody takes part is an
// error.
func (r *Roster) Field(b Bounds) (miners []subnet.Miner, warnings []string, err error) {
	miners, warnings, err = r.Miners(b)
	if err == nil && len(miners) == 0 && len(warnings) > 0 {
		err = fmt.Errorf("nobody of the population %s takes part: %s; choose another range, or other data", r.Name, warnings[0])
	}
	return miners, warnings, err
}

// Config is the tournament of some miners as the file has it, over all of a market's
// range.
func (r *Roster) Config(m *sim.Market, miners []subnet.Miner) subnet.Config {
	cfg := subnet.Config{
		Market: m, Miners: miners, Seed: r.Seed,
		WeightsEveryMS: r.WeightsEveryMS, ChecksEveryMS: r.ChecksEveryMS,
		EmissionPerDay: r.EmissionPerDay, RegistrationFee: r.RegistrationFee,
	}
	cfg.FromMS, cfg.ToMS = m.Range()
	if cfg.WeightsEveryMS == 0 {
		cfg.WeightsEveryMS = weightsEveryDefault.Milliseconds()
	}
	if cfg.ChecksEveryMS == 0 {
		cfg.ChecksEveryMS = checksEvery(m.Rules())
	}
	return cfg
}

// checksEvery is how often challengers are looked at, ms: as the rules say, but not
// more often than is good for speed.
func checksEvery(set *rules.Set) int64 {
	return max(set.Challenge.CheckEvery.MS(), checksEveryLeast.Milliseconds())
}
