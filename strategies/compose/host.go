package compose

import "github.com/ptnsim/ptnsim/sim"

// host seats guests, each with a book of its own, and has an executor that
// brings the account to the targets that follow from them.
type host struct {
	books    []*book
	executor executor
	versions []int // of the books, that the targets follow from
}

// start forgets an earlier run and subscribes to the pairs.
func (h *host) start(setup *sim.Setup) error {
	h.books, h.versions = nil, nil
	return h.executor.start(setup)
}

// seat gives a guest a book; pairs are all that it may trade, nil every pair of
// the host's.
func (h *host) seat(setup *sim.Setup, name string, guest sim.Strategy, pairs []string) error {
	b := &book{touched: h.executor.touch}
	h.books, h.versions = append(h.books, b), append(h.versions, 0)
	return b.seat(setup, name, guest, pairs)
}

// decide lets the guests decide, and reports whether one of them will hold
// something else than before.
func (h *host) decide(c *sim.Context) (changed bool, err error) {
	for i, b := range h.books {
		if err := b.decide(c); err != nil {
			return false, err
		}
		if b.version != h.versions[i] {
			h.versions[i], changed = b.version, true
		}
	}
	return changed, nil
}

// End implements sim.Ender.
func (h *host) End(c *sim.Context) error {
	for _, b := range h.books {
		if err := b.end(c); err != nil {
			return err
		}
	}
	return nil
}
