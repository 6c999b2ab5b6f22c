package strategies

import (
	"fmt"

	"github.com/ptnsim/ptnsim/sim"
)

// side is the side of the market that a position is on.
type side int8

const (
	short side = iota - 1
	flat
	long
	unknown
)

// sideOf is the side of the feed's open position. It stays what it was where the
// account is eliminated and nothing has looked at it yet: before an order, ask
// the portfolio.
func sideOf(f *sim.Feed) side {
	switch net := f.NetLeverage(); {
	case net < 0:
		return short
	case net > 0:
		return long
	}
	return flat
}

// open emits the order that takes a flat stake to a side.
func (s *stake) open(c *sim.Context, to side) {
	if to == short {
		c.Short(s.feed.Pair(), s.leverage)
		return
	}
	c.Long(s.feed.Pair(), s.leverage)
}

// Direction says which sides of the market a strategy takes.
type Direction string

// The directions.
const (
	LongSide  Direction = "long"
	ShortSide Direction = "short"
	BothSides Direction = "both"
)

// allow is the side to hold where a strategy wants one: none, if the direction
// leaves it out.
func (d Direction) allow(want side) side {
	if want == long && d == ShortSide || want == short && d == LongSide {
		return flat
	}
	return want
}

// side is that of a direction that is not both.
func (d Direction) side() side {
	if d == ShortSide {
		return short
	}
	return long
}

// validateOne refuses what is not one side.
func (d Direction) validateOne() error {
	if d != LongSide && d != ShortSide {
		return fmt.Errorf("direction: found %q; expected long or short", d)
	}
	return nil
}

// Validate refuses what is no direction.
func (d Direction) Validate() error {
	if d != BothSides && d != LongSide && d != ShortSide {
		return fmt.Errorf("direction: found %q; expected both, long or short", d)
	}
	return nil
}
