package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// cameOfAccount says in a line what a run came to, such as
//
//	5 orders: 3 accepted, 2 rejected (cooldown 2); eliminated 2025-03-08T10:00:00Z for MAX_TOTAL_DRAWDOWN; return -3.20 %
func cameOfAccount(a *fact.Account) string {
	parts := []string{cameOfOrders(&a.Counts)}
	if e := a.Elimination; e != nil {
		at := time.UnixMilli(int64(e.Time)).UTC().Format(time.RFC3339Nano)
		parts = append(parts, fmt.Sprintf("eliminated %s for %s", at, e.Reason))
	}
	return strings.Join(append(parts, "return "+percent(a.FinalReturn-1)), "; ")
}

func cameOfOrders(c *fact.Counts) string {
	if c.Orders == 0 {
		return "no orders"
	}
	waiting := c.Orders - c.Accepted - c.Clamped - c.Rejected - c.Ignored
	text := several(c.Orders, "order") + ": " + tally([]int{c.Accepted, c.Clamped, c.Rejected, c.Ignored, waiting},
		[]string{"accepted", "clamped", "rejected", "ignored", "waiting"})
	var reasons []string
	for _, r := range c.Reasons {
		reasons = append(reasons, fmt.Sprintf("%s %d", r.Reason, r.Orders))
	}
	if len(reasons) > 0 {
		text += " (" + joined(reasons) + ")"
	}
	return text
}

// cameOfTournament says in a line what a tournament came to.
func cameOfTournament(t *fact.Tournament) string {
	judgements := make([]fact.Judgement, len(t.Miners))
	for i := range t.Miners {
		judgements[i] = t.Miners[i].Judgement
	}
	text := cameOfMiners(judgements)
	if n := len(t.Refused); n > 0 {
		text += fmt.Sprintf("; %d never got a slot", n)
	}
	return text
}

// cameOfStanding says in a line what the scoring of a population came to.
func cameOfStanding(s *fact.Standing) string { return cameOfMiners(s.Miners) }

// cameOfMiners says how many there are in each state, and which is the best.
func cameOfMiners(miners []fact.Judgement) string {
	if len(miners) == 0 {
		return "no miners"
	}
	states := []string{
		string(scoring.StateMain), string(scoring.StateChallenge), string(scoring.StateEliminated), string(scoring.StateDeregistered),
	}
	counts := make([]int, len(states))
	best := ""
	for i := range miners {
		for j, state := range states {
			if string(miners[i].State) == state {
				counts[j]++
			}
		}
		if m := &miners[i]; best == "" && m.Rank != nil && *m.Rank == 1 {
			best = fmt.Sprintf("; the best is %s with %s of the emission", m.Miner, percent(m.EmissionShare))
		}
	}
	return several(len(miners), "miner") + ": " + tally(counts, states) + best
}

// tally lists how many there are of each, those that there are none of aside.
func tally(counts []int, names []string) string {
	var parts []string
	for i, n := range counts {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, names[i]))
		}
	}
	return strings.Join(parts, ", ")
}

func several(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return fmt.Sprintf("%d %s", n, of)
}

// percent writes a fraction to two decimals.
func percent(fraction float64) string {
	text := strconv.FormatFloat(100*fraction, 'f', 2, 64)
	if text == "-0.00" {
		text = "0.00"
	}
	return text + " %"
}
