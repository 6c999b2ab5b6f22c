package vendors

import (
	"slices"
	"strings"
)

// metaTrader5 knows the terminal's export: <DATE> <TIME> <OPEN> … <TICKVOL> <VOL>
// <SPREAD>, parted by tabs, in the broker's time.
func metaTrader5(t table, s *sheet, o Options) (*plan, error) {
	if s.header == nil || !strings.HasPrefix(s.header[0], "<") {
		return nil, nil
	}
	names := s.names()
	at := func(name string) int { return slices.Index(names, name) }
	if at("date") != 0 || at("open") < 0 || at("high") < 0 || at("low") < 0 || at("close") < 0 || at("tickvol") < 0 {
		return nil, nil
	}
	p := newPlan(s, o, t.id, t.title)
	p.assign(0, at("open"), at("high"), at("low"), at("close"), at("tickvol"))
	p.time.second = at("time")
	p.note("the volume counts ticks; the spread is left out")
	return p.finish(s, o, nil, "")
}

// metaTrader4 knows the terminal's export, 2025.01.02,00:00,o,h,l,c,v without a
// header, also as HistData writes it (DAT_MT_…, in that vendor's clock), and the
// tab-separated one with a header that tools around the terminal write.
func metaTrader4(t table, s *sheet, o Options) (*plan, error) {
	p := newPlan(s, o, t.id, t.title)
	switch {
	case s.header == nil && s.width == 7 && dotted(s):
		p.assign(0, 2, 3, 4, 5, 6)
		p.time.second = 1
	case s.separator == '\t' && s.hasHeader("time", "open", "high", "low", "close", "volume"):
		p.assign(0, 1, 2, 3, 4, 5)
	default:
		return nil, nil
	}
	if s.width == 7 && s.named("DAT_MT_") {
		p.Title = "HistData minutes, for MetaTrader 4"
		p.index[volumeAt] = -1
		if err := p.withoutVolume(s, 6, csvRemedy); err != nil {
			return nil, err
		}
		return p.finish(s, o, newHistDataClock(), histDataClockName)
	}
	p.note("the volume counts ticks")
	return p.finish(s, o, nil, "")
}

// dotted reports whether the rows begin with 2025.01.02 and 00:00.
func dotted(s *sheet) bool {
	date, clock := layoutOf("2006.01.02"), layoutOf("2006.01.02 15:04")
	return s.mostly(0, func(v string) bool { _, _, ok := date.Parse([]byte(v)); return ok }) &&
		s.mostly(1, func(v string) bool {
			if len(v) == len("15:04:05") {
				v = v[:len("15:04")]
			}
			_, _, ok := clock.Parse([]byte("2006.01.02 " + v))
			return ok
		})
}
