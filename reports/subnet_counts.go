package reports

import (
	"cmp"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// SubnetCounts is how many miners came to what.
type SubnetCounts struct {
	Registered int `json:"registered"`

	// Where they are at the end.
	Main         int `json:"main"`
	Challenge    int `json:"challenge"`
	Eliminated   int `json:"eliminated"`
	Deregistered int `json:"deregistered"`

	// What happened on the way.
	Promoted  int `json:"promoted"`
	SlotsLost int `json:"slots_lost"` // to newcomers, those of eliminated miners included
	Refused   int `json:"refused"`    // registrations for which there was no slot

	Eliminations []EliminationCount `json:"eliminations"` // the most frequent reason first
}

// EliminationCount is how many miners one reason eliminated.
type EliminationCount struct {
	Reason sim.Reason `json:"reason"`
	Miners int        `json:"miners"`
}

// CountSubnet counts a tournament's miners and events.
func CountSubnet(r *subnet.Result) SubnetCounts {
	c := SubnetCounts{Registered: len(r.Miners), Eliminations: []EliminationCount{}}
	for i := range r.Miners {
		switch r.Miners[i].State {
		case scoring.StateMain:
			c.Main++
		case scoring.StateChallenge:
			c.Challenge++
		case scoring.StateEliminated:
			c.Eliminated++
		case scoring.StateDeregistered:
			c.Deregistered++
		}
	}
	for i := range r.Events {
		switch e := &r.Events[i]; e.Kind {
		case subnet.Promoted:
			c.Promoted++
		case subnet.Deregistered:
			c.SlotsLost++
		case subnet.Refused:
			c.Refused++
		case subnet.Eliminated:
			c.eliminated(e.Reason)
		}
	}
	slices.SortFunc(c.Eliminations, func(a, b EliminationCount) int {
		return cmp.Or(cmp.Compare(b.Miners, a.Miners), cmp.Compare(a.Reason, b.Reason))
	})
	return c
}

func (c *SubnetCounts) eliminated(reason sim.Reason) {
	at := slices.IndexFunc(c.Eliminations, func(e EliminationCount) bool { return e.Reason == reason })
	if at < 0 {
		c.Eliminations = append(c.Eliminations, EliminationCount{Reason: reason})
		at = len(c.Eliminations) - 1
	}
	c.Eliminations[at].Miners++
}
