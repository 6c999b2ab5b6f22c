package roster

import (
	"fmt"

	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

// ordersMax bounds the recorded orders of a subnet: each takes a few hundred bytes.
const ordersMax = 5_000_000

// library is the recordings of a subnet file, each read once however many entries
// play it.
type library struct {
	from   archive
	most   int // recorded orders
	orders int // so far
	read   map[selection]*reading
}

// selection is what an entry takes of an archive.
type selection struct {
	does        activity // positions or signals
	path, miner string   // "" for all miners of the file
}

// reading is what was read: the miners of a file, or one of them. Whoever plays
// it shares it: nothing writes to it.
type reading struct {
	names, sums []string
	recordings  []*recording.Recording // nil of a file of signals
	signals     map[recording.Fills][][]strategies.Signal
}

func newLibrary(from archive, most int) *library {
	return &library{from: from, most: most, read: make(map[selection]*reading)}
}

// reading is what an entry takes, read when the first one does.
func (l *library) reading(of selection) (*reading, error) {
	if r, ok := l.read[of]; ok {
		return r, nil
	}
	r := &reading{signals: make(map[recording.Fills][][]strategies.Signal)}
	if of.does == positions {
		list, err := l.from.positions(of.path, of.miner)
		if err != nil {
			return nil, err
		}
		r.recordings = list
		for _, rec := range list {
			r.names, r.sums = append(r.names, rec.Miner), append(r.sums, rec.SHA256)
			if err := l.take(len(rec.Orders)); err != nil {
				return nil, err
			}
		}
	} else {
		all, sum, err := l.from.signals(of.path, of.miner)
		if err != nil {
			return nil, err
		}
		if err := l.take(len(all)); err != nil {
			return nil, err
		}
		var split [][]strategies.Signal
		r.names, split = byMiner(all)
		for range split {
			r.sums = append(r.sums, sum)
		}
		r.signals[recording.Recorded] = split
	}
	l.read[of] = r
	return r, nil
}

// played is the signals of each miner of a reading at some prices. Those of a file
// of signals are as they are.
func (l *library) played(of *reading, fills recording.Fills) ([][]strategies.Signal, error) {
	if of.recordings == nil {
		fills = recording.Recorded
	}
	list, made := of.signals[fills]
	if made {
		return list, nil
	}
	for _, rec := range of.recordings {
		if len(of.signals) > 0 { // at the other prices, they are made once more
			if err := l.take(len(rec.Orders)); err != nil {
				return nil, err
			}
		}
		list = append(list, rec.Signals(fills))
	}
	of.signals[fills] = list
	return list, nil
}

// take counts recorded orders, and refuses too many.
func (l *library) take(n int) error {
	if l.orders += n; l.orders > l.most {
		return fmt.Errorf("%d recorded orders up to here, each recording counted once; expected at most %d in all: leave recordings out, or shorten them", l.orders, l.most)
	}
	return nil
}
