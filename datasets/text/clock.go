package text

import "time"

// Times outside this span, the years 1900 to 2200, come of a wrong unit. UTC ms.
const (
	MinTimeMS = -2208988800000
	MaxTimeMS = 7258118400000
)

const dayMS int64 = 86400e3

// ZoneClock turns a zone's local clock readings into UTC. It remembers the span
// around the last answer in which the zone's offset doesn't change.
type ZoneClock struct {
	Zone    *time.Location
	Ticks   bool  // one reading may come several times, which of candles is the hour that comes twice
	AheadMS int64 // the clock is ahead of the zone's by this, ms: brokers run 7 h ahead of New York

	from, to int64 // local ms in which offset certainly holds
	offset   int64 // ms to subtract
	last     int64 // the last answer, UTC ms
	primed   bool
}

// UTC returns the UTC ms of a local clock reading. A reading that occurs twice,
// at the end of daylight saving, is its first occurrence unless that is before
// the reading before it, or, of candles, that reading itself: files in ascending
// order come out right. ok is false for a reading that the clock skipped.
func (z *ZoneClock) UTC(local int64) (ms int64, ok bool) {
	local -= z.AheadMS
	if local < z.from || local >= z.to {
		if ms, ok = z.resolve(local); !ok {
			return 0, false
		}
	} else {
		ms = local - z.offset
	}
	z.last, z.primed = ms, true
	return ms, true
}

// resolve looks the reading up in the zone and remembers the span in which its
// offset holds, a day away from the next change.
func (z *ZoneClock) resolve(local int64) (ms int64, ok bool) {
	before, after := z.offsetAt(local-dayMS), z.offsetAt(local+dayMS)
	if before == after {
		z.remember(local-before, before)
		return local - before, true
	}
	larger, smaller := max(before, after), min(before, after)
	first, second := local-larger, local-smaller
	firstReal, secondReal := z.offsetAt(first) == larger, z.offsetAt(second) == smaller
	switch {
	case firstReal && secondReal && z.primed && (first < z.last || first == z.last && !z.Ticks):
		return second, true
	case firstReal:
		return first, true
	}
	return second, secondReal
}

// remember keeps the local span around an instant in which the offset holds.
func (z *ZoneClock) remember(ms, offset int64) {
	z.offset, z.from, z.to = offset, MinTimeMS, MaxTimeMS
	start, end := time.UnixMilli(ms).In(z.Zone).ZoneBounds()
	if !start.IsZero() {
		z.from = start.UnixMilli() + offset + dayMS
	}
	if !end.IsZero() {
		z.to = end.UnixMilli() + offset - dayMS
	}
}

// offsetAt returns the zone's offset from UTC at an instant, ms.
func (z *ZoneClock) offsetAt(ms int64) int64 {
	_, s := time.UnixMilli(ms).In(z.Zone).Zone()
	return int64(s) * 1000
}
