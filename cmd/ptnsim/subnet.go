package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/subnet/roster"
)

// subnetFlags are the flags of the command subnet.
type subnetFlags struct {
	rules  ruleFlags
	data   dataFlags
	field  fieldFlags
	source sourceFlags
	folder folderFlags
	all    bool
}

func (a *app) subnetCommand() *cobra.Command {
	var f subnetFlags
	c := &cobra.Command{
		Use:   "subnet [FILE]",
		Short: "Play a tournament of many miners: who is promoted, eliminated and paid",
		Long: `Play the miners of a file over the same candles, under the subnet's rules:
registration and slots, the challenge period, eliminations, weights and emission.
Without a file, the embedded reference population plays over the embedded sample;
'ptnsim subnet example' prints it, to be copied and changed (docs/subnet.md).`,
		Example: `  ptnsim subnet
  ptnsim subnet example > my-subnet.yaml
  ptnsim subnet my-subnet.yaml --data candles/ --rules ptn-5.4.0 --out result
  ptnsim subnet my-subnet.yaml --set competition.softmax_temperature=0.2 --weights-every 1h`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.subnet(c.Context(), argOr(args, roster.ReferenceName), &f)
		},
	}
	f.rules.add(c)
	f.data.add(c)
	f.field.add(c.Flags())
	f.field.addSeed(c.Flags())
	f.source.addLimits(c.Flags())
	f.folder.add(c)
	c.Flags().BoolVar(&f.all, "all", false, "show every miner and every event, however many there are")
	c.AddCommand(&cobra.Command{
		Use: "example", Short: "Print the embedded reference population", Example: "  ptnsim subnet example > my-subnet.yaml", Args: onlyFlags,
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(roster.ReferenceText())
			return err
		},
	})
	return c
}

func (a *app) subnet(ctx context.Context, name string, f *subnetFlags) error {
	format, err := a.outputFormat()
	if err != nil {
		return err
	}
	options, err := f.folder.options()
	if err != nil {
		return err
	}
	players, err := a.openRoster(name, &f.source, f.field.seed)
	if err != nil {
		return err
	}
	set, err := slotted(players, f.rules)
	if err != nil {
		return err
	}
	data, err := f.data.open(ctx, set.Set)
	if err != nil {
		return err
	}
	defer data.close()
	a.noteData(data, format)
	t, err := newTournament(players, data, &f.field)
	if err != nil {
		return err
	}
	cfg, err := t.config(set.Set)
	if err != nil {
		return err
	}
	report := &reports.Subnet{Version: version(), Rules: set, Dataset: data.files, Name: players.Name, Source: players.SHA256}
	options.Plots.Note = data.note
	var folder *reports.SubnetFolder
	if f.folder.out != "" {
		if folder, err = reports.NewSubnetFolder(f.folder.out, options); err != nil {
			return folderError(err)
		}
		defer folder.Abort()
	}
	if report.Result, err = a.playTournament(ctx, "playing", cfg, t.warnings); err != nil {
		return err
	}
	summary := reports.SummaryOptions{Color: a.color(), Width: a.width(), Folder: f.folder.out, All: f.all}
	if folder != nil {
		if summary.Digest, err = folder.Commit(ctx, report); err != nil {
			return folderError(err)
		}
	}
	return a.show(format,
		func() error { return reports.SubnetSummary(a.stdout, report, summary) },
		func() error { return reports.RenderSubnet(a.stdout, report, format) })
}

// noteData tells people what they must know of the candles.
func (a *app) noteData(data *candles, format reports.Format) {
	if format != reports.FormatTable {
		return
	}
	if data.note != "" {
		a.note("%s", data.note)
	}
	a.noteDoubts(data.files)
}
