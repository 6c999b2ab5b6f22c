package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
)

func (a *app) reportCommand() *cobra.Command {
	var formats []string
	c := &cobra.Command{
		Use: "report FOLDER", Short: "Draw a result folder again",
		Long:    "Read a result folder that 'ptnsim run --out' wrote, draw its plots again, and print its\nsummary.",
		Example: "  ptnsim report result\n  ptnsim report result --plots svg",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			format, err := a.outputFormat()
			if err != nil {
				return err
			}
			options, err := (&folderFlags{plots: formats}).options()
			if err != nil {
				return err
			}
			document, run, err := reports.ReadFolder(args[0])
			if errors.Is(err, fs.ErrNotExist) {
				err = fmt.Errorf("%s: found no result folder (%w); expected one that 'ptnsim run --out' wrote", args[0], err)
			}
			if err != nil {
				return input(err)
			}
			for _, f := range run.Dataset {
				options.Plots.Note = f.Note
			}
			files, err := reports.WritePlots(args[0], *run, options.Plots)
			if err != nil {
				return fmt.Errorf("drawing into %s: %w", args[0], err)
			}
			a.note("drew %d plots into %s", len(files), args[0])
			if a.silent(format) {
				return nil
			}
			if format == reports.FormatTable {
				return reports.Summary(a.stdout, run, reports.SummaryOptions{Color: a.color(), Width: a.width(), Digest: document.Digest, Folder: args[0]})
			}
			return reports.RenderRun(a.stdout, run, format)
		},
	}
	c.AddCommand(a.reportDiff())
	c.Flags().StringSliceVar(&formats, "plots", []string{"png", "svg"}, "formats of the plots")
	return c
}
