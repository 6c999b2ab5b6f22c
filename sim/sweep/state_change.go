package sweep

// StateChanges lists the miners that end in another state, in the order of names.
func StateChanges(before, after *Outcome) []StateChange {
	var changes []StateChange
	eachMiner(before, after, func(a, b *MinerOutcome) {
		var c StateChange
		if a != nil {
			c = StateChange{Name: a.Name, Group: a.Group, Before: a.State, Elimination: a.Elimination}
		}
		if b != nil {
			c.Name, c.Group, c.After = b.Name, b.Group, b.State
			if b.Elimination != nil {
				c.Elimination = b.Elimination
			}
		}
		if c.Before != c.After {
			changes = append(changes, c)
		}
	})
	return changes
}
