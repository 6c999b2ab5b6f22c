package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
)

func (a *app) reportDiff() *cobra.Command {
	var tolerance reports.DiffTolerance
	var all bool
	c := &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two result folders: what changed, and where they part first",
		Long: `Compare two result folders of 'ptnsim run --out' or of 'ptnsim subnet --out', or
their result.json or subnet.json: what differs in rules, data, orders, positions,
days, metrics and outcome, and the first instant at which they part. The exit code
is 1 if anything differs by more than the tolerance.`,
		Example: `  ptnsim report diff before after
  ptnsim report diff before after --tolerance 1e-9
  ptnsim report diff before after --tolerance 0.1% --format json`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			format, err := a.outputFormat()
			if err != nil {
				return err
			}
			d, err := reports.DiffFiles(args[0], args[1], tolerance)
			if err != nil {
				return input(err)
			}
			err = a.show(format,
				func() error {
					return reports.DiffSummary(a.stdout, d, reports.SummaryOptions{Color: a.color(), Width: a.width(), All: all})
				},
				func() error { return reports.RenderDiff(a.stdout, d, format) })
			if err != nil || d.Same() {
				return err
			}
			return coded(exitCheck, fmt.Errorf("%s and %s differ", args[0], args[1]))
		},
	}
	parsed(c.Flags(), "tolerance", "how far two numbers may be apart: a `distance` such as 1e-9, or a part such as 0.1% (default: not at all)", func(text string) error {
		t, err := condition.ParseTolerance(text)
		tolerance = reports.DiffTolerance{Distance: t.Distance, Part: t.Part}
		return err
	})
	c.Flags().BoolVar(&all, "all", false, "show every change, however many there are")
	return c
}
