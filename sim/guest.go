package sim

// Guest is a strategy that another one, its host, lets decide in the same run:
// the host may scale, spread or net its orders. A guest has feeds, alarms and a
// random source of its own, and sees the account through the desk that the host
// gives it.
type Guest struct {
	seat *seat
}

// Desk is what a host puts between a guest and the account. A function that is
// nil leaves the account's own answer.
type Desk struct {
	// Submit takes the guest's order; c is the guest's context. What it returns
	// is the order's id for the guest. With it the guest's orders are the host's
	// to emit, and their outcomes the host's to pass on.
	Submit    func(c *Context, o Order) OrderID
	Position  func(pair string) (PositionView, bool)
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
	if s.seat.run.started {
		return nil, errTooLate
	}
	if desk.Pairs == nil {
		desk.Pairs = s.seat.desk.Pairs
	}
	seat, err := s.seat.run.sit(s.seat.name+"/"+name, inner, desk)
	return &Guest{seat}, err
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

// Outcome tells the guest what became of an order that the desk took.
func (g *Guest) Outcome(id OrderID, o OrderRecord) error {
	if g.seat.watcher == nil {
		return nil
	}
	return g.seat.watcher.Outcome(&g.seat.context, id, o)
}

// guestDue reports whether a seat below this one is due.
func (s *seat) guestDue() bool {
	prefix := s.name + "/"
	for _, other := range s.run.seats {
		if other.due && len(other.name) > len(prefix) && other.name[:len(prefix)] == prefix {
			return true
		}
	}
	return false
}
