package main

import (
	"context"
	"encoding/json"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

// compareFills plays a recording with its own fills and with the candles', and
// shows what that changes.
func (a *app) compareFills(ctx context.Context, cfg sim.Config, f *runFlags, source *source, format reports.Format) error {
	var results [2]*sim.Result
	for i, fills := range []recording.Fills{recording.Recorded, recording.Simulated} {
		source.make = f.source.replayer(source.recording, fills)
		var err error
		if results[i], err = a.playOnce(ctx, cfg, source); err != nil {
			return err
		}
	}
	return a.showFills(recording.Compare(source.recording, results[0], results[1]), format)
}

// fillsShown is how many positions people get to see; the other formats have all.
const fillsShown = 12

// showFills writes a comparison: JSON is all of it, CSV and Markdown a row a
// position.
func (a *app) showFills(c *recording.Comparison, format reports.Format) error {
	switch {
	case a.silent(format):
		return nil
	case format == reports.FormatJSON:
		e := json.NewEncoder(a.stdout)
		e.SetEscapeHTML(false)
		return e.Encode(c)
	case format != reports.FormatTable:
		return reports.FillsPositions(c).Render(a.stdout, format)
	}
	if err := reports.FillsSummary(c).Render(a.stdout, format); err != nil {
		return err
	}
	positions := reports.FillsPositions(c)
	a.say("\nPositions, those whose outcome differs first, then the largest differences:\n")
	more := len(positions.Rows) - fillsShown
	positions.Rows = positions.Rows[:min(len(positions.Rows), fillsShown)]
	if err := positions.Render(a.stdout, format); err != nil {
		return err
	}
	if more > 0 {
		a.say("and %d more: --format csv has them all", more)
	}
	if len(c.Warnings) > 0 {
		a.say("")
	}
	for _, text := range c.Warnings {
		a.say("warning: %s", text)
	}
	return nil
}
