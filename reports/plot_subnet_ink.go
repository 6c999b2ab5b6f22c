package reports

import "github.com/ptnsim/ptnsim/sim/scoring"

// The inks of the states of a miner. They differ in lightness too.
const (
	inkMain         ink = 0x2F5F98
	inkChallenge    ink = 0xECB65A
	inkEliminated   ink = 0xB5352A
	inkHolding      ink = 0xE7BDB6 // eliminated, and its slot not lost yet
	inkDeregistered ink = 0x7A8594

	inkChallengeText ink = 0x9A6708 // as letters on paper
	inkFaint         ink = 0xC6CDD5 // lines that are not named
	inkOthers        ink = 0xDDE2E8 // what is folded together
)

// stateInk is the ink of a state's marks.
func stateInk(s scoring.State) ink {
	switch s {
	case scoring.StateChallenge:
		return inkChallenge
	case scoring.StateEliminated:
		return inkEliminated
	case scoring.StateDeregistered:
		return inkDeregistered
	}
	return inkMain
}

// lineInk is the ink of the i-th of several things that have names at their
// ends. Neighbours differ for those who can't tell red from green as well.
func lineInk(i int) ink {
	inks := [...]ink{0x0072B2, 0xD55E00, 0x009E73, 0x7B4EA3, 0xD79A00, 0x3E9BD0, 0xC2578E, 0x7A5C1E, 0x10305C, 0x8E1B2E, 0x5E8C1A, 0x4A5462}
	return inks[i%len(inks)]
}

// percentileInk is the ink of a percentile, from 0 to 1: the higher the darker.
func percentileInk(percentile float64) ink {
	inks := [...]ink{0xFFF7D6, 0xD8ECC0, 0xA2D8BA, 0x62BBBE, 0x3396BA, 0x2A6CA8, 0x26458B, 0x1A2560}
	at := min(max(percentile, 0), 1) * float64(len(inks)-1)
	if at != at {
		return inkPaper
	}
	i := min(int(at), len(inks)-2)
	return mix(inks[i], inks[i+1], at-float64(i))
}

// mix is the ink between two, at a part of the way from a to b.
func mix(a, b ink, part float64) ink {
	mixed := ink(0)
	for shift := 0; shift <= 16; shift += 8 {
		from, to := float64(a>>shift&0xff), float64(b>>shift&0xff)
		mixed |= ink(from+part*(to-from)+0.5) << shift
	}
	return mixed
}

// lightness is how light an ink looks, from 0 to 1.
func (i ink) lightness() float64 {
	return (0.2126*float64(i>>16&0xff) + 0.7152*float64(i>>8&0xff) + 0.0722*float64(i&0xff)) / 255
}

// over is the ink of letters on top of another.
func over(i ink) ink {
	if i.lightness() < 0.55 {
		return inkPaper
	}
	return inkText
}
