package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
)

// folderFlags are the flags of every command that writes a result folder.
type folderFlags struct {
	out     string
	force   bool
	noPlots bool
	plots   []string
}

func (f *folderFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVarP(&f.out, "out", "o", "", "write the result folder here")
	flags.BoolVar(&f.force, "force", false, "replace an earlier result folder")
	flags.BoolVar(&f.noPlots, "no-plots", false, "draw no plots into the result folder")
	flags.StringSliceVar(&f.plots, "plots", []string{"png", "svg"}, "formats of the plots")
}

func (f *folderFlags) options() (reports.FolderOptions, error) {
	o := reports.FolderOptions{Force: f.force, NoPlots: f.noPlots}
	for _, name := range f.plots {
		switch p := reports.PlotFormat(name); p {
		case reports.PNG, reports.SVG:
			o.Plots.Formats = append(o.Plots.Formats, p)
		default:
			return o, usage(fmt.Errorf("--plots: found %q, expected png or svg", name))
		}
	}
	return o, nil
}
