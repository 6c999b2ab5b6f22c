package subnet

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	minuteMS = 60 * 1000
	dayMS    = 24 * 60 * minuteMS
)

// stamp writes an instant for a person.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00") }

// date writes the day of an instant.
func date(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.DateOnly) }

// resolved is the configuration with every default in its place, its miners in the
// order of their names; the caller's stays as it is.
func (cfg Config) resolved() (Config, error) {
	if cfg.Market == nil {
		panic("subnet: a tournament needs a market")
	}
	set := cfg.Market.Rules()
	if cfg.FromMS == 0 && cfg.ToMS == 0 {
		cfg.FromMS, cfg.ToMS = cfg.Market.Range()
	}
	if cfg.WeightsEveryMS == 0 {
		cfg.WeightsEveryMS = set.Competition.WeightsEvery.MS()
	}
	if cfg.ChecksEveryMS == 0 {
		cfg.ChecksEveryMS = set.Challenge.CheckEvery.MS()
	}
	if cfg.EmissionPerDay == 0 {
		cfg.EmissionPerDay = 1
	}
	if cfg.Workers == 0 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	cfg.Miners = slices.Clone(cfg.Miners)
	slices.SortStableFunc(cfg.Miners, func(a, b Miner) int { return strings.Compare(a.Name, b.Name) })
	for i := range cfg.Miners {
		m := &cfg.Miners[i]
		if m.Group == "" {
			m.Group = m.Name
		}
		m.AgainMS = min(m.AgainMS, max(minuteMS, cfg.ToMS-cfg.FromMS)) // whoever waits longer comes too late as well
	}
	if err := cfg.check(); err != nil {
		return Config{}, err
	}
	return cfg, nil
}

// check refuses a resolved configuration that makes no tournament.
func (cfg *Config) check() error {
	from, to := cfg.Market.Range()
	switch {
	case cfg.FromMS < from:
		return fmt.Errorf("the subnet begins at %s, before its candles do, at %s: begin it later, or give candles that reach back", stamp(cfg.FromMS), stamp(from))
	case cfg.ToMS != to:
		return fmt.Errorf("the subnet ends at %s, and its market at %s: make the market of the same end, because every account plays to it", stamp(cfg.ToMS), stamp(to))
	case cfg.ToMS <= cfg.FromMS:
		return fmt.Errorf("the subnet ends at %s, not after its start at %s", stamp(cfg.ToMS), stamp(cfg.FromMS))
	case cfg.WeightsEveryMS < 0:
		return fmt.Errorf("weights every %d ms: expected a positive duration, or 0 for what the rules say", cfg.WeightsEveryMS)
	case cfg.ChecksEveryMS < 0:
		return fmt.Errorf("checks every %d ms: expected a positive duration, or 0 for what the rules say", cfg.ChecksEveryMS)
	case !(cfg.EmissionPerDay > 0) || math.IsInf(cfg.EmissionPerDay, 0):
		return fmt.Errorf("an emission of %g a day: expected a positive number", cfg.EmissionPerDay)
	case !(cfg.RegistrationFee >= 0) || math.IsInf(cfg.RegistrationFee, 0):
		return fmt.Errorf("a registration fee of %g: expected a number from 0 on", cfg.RegistrationFee)
	case cfg.Workers < 0:
		return fmt.Errorf("%d workers: expected a positive number, or 0 for one each processor", cfg.Workers)
	case len(cfg.Miners) == 0:
		return fmt.Errorf("a subnet of no miners: name at least one")
	}
	founders := 0
	for i := range cfg.Miners {
		if err := cfg.checkMiner(i); err != nil {
			return err
		}
		if m := &cfg.Miners[i]; m.Main && m.RegistersMS <= cfg.FromMS {
			founders++
		}
	}
	if slots := cfg.Market.Rules().Registration.Slots; founders > slots {
		return fmt.Errorf("%d miners are in the main competition from the beginning, and there are %d slots: leave some out, let some register later, or set registration.slots=%d", founders, slots, founders)
	}
	return cfg.checkCopycats()
}

func (cfg *Config) checkMiner(i int) error {
	m := &cfg.Miners[i]
	switch {
	case m.Name == "":
		return fmt.Errorf("a miner without a name: give each its own")
	case i > 0 && cfg.Miners[i-1].Name == m.Name:
		return fmt.Errorf("two miners are called %q: rename one", m.Name)
	case m.Make == nil && m.Copies == "":
		return fmt.Errorf("miner %s: it has neither a strategy nor a miner that it copies: give it one", m.Name)
	case m.Make != nil && m.Copies != "":
		return fmt.Errorf("miner %s: it has both a strategy and a miner that it copies: keep one", m.Name)
	case m.DelayMS < 0:
		return fmt.Errorf("miner %s: it copies with a delay of %d ms: expected one from 0 on", m.Name, m.DelayMS)
	case m.LatencyMS < 0:
		return fmt.Errorf("miner %s: a latency of %d ms is negative: expected one from 0 on", m.Name, m.LatencyMS)
	case m.AgainMS != 0 && m.AgainMS < minuteMS:
		return fmt.Errorf("miner %s: its owner registers again after %d ms: expected at least %d ms, a minute, or 0 for never", m.Name, m.AgainMS, minuteMS)
	}
	if base, generation, found := cutLast(m.Name, "~"); found && isNumber(generation) {
		if j, taken := cfg.find(base); taken && cfg.Miners[j].AgainMS > 0 {
			return fmt.Errorf("miner %s: that is what a successor of %s would be called: rename it", m.Name, base)
		}
	}
	return nil
}

// cutLast cuts a text at the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// find returns the place of a miner of that name.
func (cfg *Config) find(name string) (i int, found bool) {
	return slices.BinarySearchFunc(cfg.Miners, name, func(m Miner, name string) int { return strings.Compare(m.Name, name) })
}

// checkCopycats refuses copycats that copy nobody, or in the end themselves.
func (cfg *Config) checkCopycats() error {
	for i := range cfg.Miners {
		name := cfg.Miners[i].Name
		chain := []string{name}
		for m := &cfg.Miners[i]; m.Copies != ""; {
			j, found := cfg.find(m.Copies)
			chain = append(chain, m.Copies)
			switch {
			case !found:
				return fmt.Errorf("miner %s: it copies %q, and no miner is called so: name one of the subnet", m.Name, m.Copies)
			case m.Copies == name:
				return fmt.Errorf("miner %s: it copies itself in the end (%s): one of them needs a strategy", name, strings.Join(chain, " copies "))
			case len(chain) > len(cfg.Miners):
				return nil // a cycle that it is not in: those who are, are refused
			}
			m = &cfg.Miners[j]
		}
	}
	return nil
}

// level is how many miners stand above one in a chain of copycats: 0 of one with
// a strategy.
func (cfg *Config) level(m *Miner) int {
	level := 0
	for m.Copies != "" {
		i, _ := cfg.find(m.Copies)
		m, level = &cfg.Miners[i], level+1
	}
	return level
}
