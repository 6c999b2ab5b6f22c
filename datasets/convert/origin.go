package convert

import (
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
)

// origin says how a file came about. What was doubtful about the candles that it
// is made of, and what was done to them before, goes with them.
func (o *Options) origin(j *job, t *tally) *datasets.Origin {
	about := &datasets.Origin{Command: o.Command, Policies: o.policies(j)}
	for _, f := range j.files {
		about.Inputs = append(about.Inputs, f.about)
		if f.Entry == nil || f.Entry.Origin == nil {
			continue
		}
		before := f.Entry.Origin
		if before.Command != "" {
			about.Detected = append(about.Detected, f.about.Name+" was made by: "+before.Command)
		}
		about.Findings, about.Changes = inheritFindings(about.Findings, before.Findings), inheritChanges(about.Changes, before.Changes)
		if len(j.files) == 1 {
			about.Recipe = before.Recipe
		}
	}
	about.Changes = append(about.Changes, o.changes(j, t)...)
	return about
}

// inheritFindings adds up findings of one problem and severity.
func inheritFindings(all, more []datasets.FindingCount) []datasets.FindingCount {
	for _, f := range more {
		i := slices.IndexFunc(all, func(x datasets.FindingCount) bool { return x.Problem == f.Problem && x.Severity == f.Severity })
		if i < 0 {
			all = append(all, f)
			continue
		}
		all[i].Count += f.Count
		all[i].FirstMS = min(all[i].FirstMS, f.FirstMS)
	}
	return all
}

// inheritChanges adds up changes of one kind.
func inheritChanges(all, more []datasets.Change) []datasets.Change {
	for _, c := range more {
		i := slices.IndexFunc(all, func(x datasets.Change) bool { return x.What == c.What })
		if i < 0 {
			all = append(all, c)
			continue
		}
		all[i].Count += c.Count
	}
	return all
}

// policies are the choices that were in force.
func (o *Options) policies(j *job) map[string]string {
	all := make(map[string]string)
	if len(j.files) > 1 {
		all["on-conflict"] = string(or(o.OnConflict, FailConflict))
	}
	if j.name.Interval != j.fine {
		all["interval"] = j.fine.String() + " to " + j.name.Interval.String()
		all["grid"], all["partial"], all["closed"] = string(or(o.Grid, SessionGrid)), string(or(o.Partial, DropEnds)), string(or(o.Closed, DropClosed))
	}
	if o.FromMS != 0 {
		all["from"] = stamp(o.FromMS)
	}
	if o.ToMS != 0 {
		all["to"] = stamp(o.ToMS)
	}
	if o.Align != NoAlign {
		all["align"] = string(o.Align)
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// changes counts what was done to the candles.
func (o *Options) changes(j *job, t *tally) []datasets.Change {
	var all []datasets.Change
	add := func(what string, count int64) {
		if count > 0 {
			all = append(all, datasets.Change{What: what, Count: count})
		}
	}
	if old := j.files[0].Pair.ID; old != j.pair.ID {
		add("renamed from "+old+" to "+j.pair.ID+" (files)", int64(len(j.files)))
	}
	add("merged identical candles", t.merged.Identical)
	add("settled conflicting candles, kept the "+string(o.OnConflict), t.merged.Conflicts)
	c := &t.resampled
	add("dropped candles of a closed market", c.Closed)
	add("dropped coarse candles that are cut off at the first or last candle", c.Ends)
	add("dropped coarse candles that lack some of their candles", c.Dropped)
	add("kept coarse candles that lack some of their candles", c.Partial)
	add("dropped candles that not all pairs have", t.unaligned)
	return all
}
