package sim

import (
	"fmt"
	"slices"
)

// Guest is a strategy that another one, its host, lets decide in the same run:
// the host may scale, spread or net its orders. A guest has feeds, alarms and a
// random source of its own, and sees the account through the desk that the host
// gives it.
type Guest struct {
	seat *seat
}

// Desk is what a host puts between a guest and the account. Where a function is
// nil the guest gets what its host itself has: the host's own desk if it is a
// guest, else the account.
type Desk struct {
	// Submit takes the guest's order; c is the guest's context. What it returns
	// is the order's id for the guest. With it the guest's orders are the host's
	// to emit, and their outcomes the host's to pass on.
	Submit   func(c *Context, o Order) OrderID
	Position func(pair string) (PositionView, bool)
	// Net is the net leverage that Position tells, 0 without a position, and
	// nothing else of it; nil: Position is asked.
	Net       func(pair string) float64
	Pending   func(pair string) []Order
	Portfolio func() PortfolioView
	Room      func(pair string) Room

	// Pairs are all that the guest gets to see and to trade; nil: what its host
	// does.
	Pairs []string
}

// Host seats a guest: its Init is called at once, with a Setup of its own. The
// name, unique among the host's guests, keeps their random sources apart.
// Whenever the guest is due the host is called, and has to call Decide of the
// guest. Outcome and End follow by themselves; End comes after the host's.
func (s *Setup) Host(name string, inner Strategy, desk Desk) (*Guest, error) {
	r := s.seat.run
	if r.started {
		return nil, errTooLate
	}
	full := s.seat.name + "/" + name
	if slices.ContainsFunc(r.seats, func(of *seat) bool { return of.name == full }) {
		return nil, fmt.Errorf("two guests of the name %q would draw the same random numbers; expected a name of its own for each", name)
	}
	seat, err := r.sit(full, s.seat, inner, desk)
	return &Guest{seat}, err
}

// within is the desk of a guest whose host has the desk of.
func (d Desk) within(of Desk) Desk {
	if d.Position == nil {
		d.Position = of.Position
		if d.Net == nil {
			d.Net = of.Net
		}
	}
	if d.Submit == nil {
		d.Submit = of.Submit
	}
	if d.Pending == nil {
		d.Pending = of.Pending
	}
	if d.Portfolio == nil {
		d.Portfolio = of.Portfolio
	}
	if d.Room == nil {
		d.Room = of.Room
	}
	if d.Pairs == nil {
		d.Pairs = of.Pairs
	}
	return d
}

// hasNet reports whether the desk has positions of its own.
func (d *Desk) hasNet() bool { return d.Net != nil || d.Position != nil }

// net is the net leverage of a desk that has positions of its own.
func (d *Desk) net(pair string) float64 {
	if d.Net != nil {
		return d.Net(pair)
	}
	p, _ := d.Position(pair)
	return p.NetLeverage
}

// Due reports whether a feed or an alarm of the guest, or of a guest of its own,
// has it called at this instant.
func (g *Guest) Due() bool { return g.seat.due || g.seat.guestDue() }

// Decide calls the guest if it is due.
func (g *Guest) Decide() error {
	if !g.Due() {
		return nil
	}
	return g.seat.call()
}

// Outcome tells the guest what became of an order that the desk took, or that
// guest of its own which emitted it.
func (g *Guest) Outcome(id OrderID, o OrderRecord) error {
	s := g.seat
	if of, lent := s.lent[id]; lent {
		delete(s.lent, id)
		s = of
	}
	if s.watcher == nil {
		return nil
	}
	return s.watcher.Outcome(&s.context, id, o)
}

// guestDue reports whether a seat below this one is due.
func (s *seat) guestDue() bool {
	for _, other := range s.run.seats {
		if !other.due {
			continue
		}
		for of := other.host; of != nil; of = of.host {
			if of == s {
				return true
			}
		}
	}
	return false
}
