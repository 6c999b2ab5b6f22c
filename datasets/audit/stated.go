package audit

import (
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/market"
)

// statedZone is the zone that times were read with.
type statedZone struct {
	name  string // "" for UTC
	known bool   // the zone can be looked up
	clock wallClock
	ahead int64 // of the zone, ms
}

// newStatedZone reads a zone as it was stated: "America/Chicago",
// "America/New_York+7h", "UTC-5h".
func newStatedZone(name string) statedZone {
	if name == "" || name == "UTC" {
		return statedZone{}
	}
	z := statedZone{name: name}
	zone, err := market.LoadZone(name)
	if i := strings.LastIndexAny(name, "+-"); err != nil && i > 0 {
		var by time.Duration
		if by, err = time.ParseDuration(name[i:]); err == nil {
			z.ahead = by.Milliseconds()
			zone, err = market.LoadZone(name[:i])
		}
	}
	z.known, z.clock.zone = err == nil, zone
	return z
}

// offset returns the zone's offset from UTC, ms, if it is the same at both
// instants.
func (z *statedZone) offset(fromMS, toMS int64) (ms int64, ok bool) {
	if z.name == "" {
		return 0, true
	}
	if !z.known {
		return 0, false
	}
	a, b := z.clock.offsetAt(fromMS), z.clock.offsetAt(toMS)
	return a + z.ahead, a == b
}

// orUTC names the zone.
func orUTC(name string) string {
	if name == "" {
		return "UTC"
	}
	return name
}
