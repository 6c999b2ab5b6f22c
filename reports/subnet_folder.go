package reports

import (
	"context"
	"io"
	"os"

	"github.com/ptnsim/ptnsim/sim/rules"
)

// The files of a subnet's result folder beside rules.yaml and its plots.
const (
	SubnetFile       = "subnet.json"     // see SubnetDocument
	PopulationFile   = "population.json" // see WritePopulation: the command score reads it
	SubnetMinersFile = "miners.csv"      // see Subnet.Table
	SubnetGroupsFile = "groups.csv"      // see Subnet.GroupsTable
	SubnetEventsFile = "events.csv"      // see Subnet.EventsTable
)

// SubnetFolder is the result folder of a tournament that is being written. Nobody
// sees it before it is whole: see growth.
//
//	folder, err := reports.NewSubnetFolder("out", reports.FolderOptions{})
//	defer folder.Abort()
//	// play
//	digest, err := folder.Commit(ctx, s)
type SubnetFolder struct {
	*growth
	options FolderOptions
}

// NewSubnetFolder begins a result folder at path, and creates the folders above it
// that are missing. A folder that is there already is refused, unless it is empty,
// or a subnet's result folder and Force is set: then it stays until Commit.
func NewSubnetFolder(path string, options FolderOptions) (*SubnetFolder, error) {
	g, err := newGrowth(path, options.Force, subnetFolder())
	if err != nil {
		return nil, err
	}
	return &SubnetFolder{growth: g, options: options}, nil
}

// subnetFolder is what the folder of a subnet has in it.
func subnetFolder() folderKind {
	k := folderKind{
		main: SubnetFile, schema: "ptnsim-subnet-",
		files: []string{SubnetFile, PopulationFile, SubnetMinersFile, SubnetGroupsFile, SubnetEventsFile, RulesFile},
	}
	for _, plot := range SubnetPlots() {
		k.files = append(k.files, string(plot)+"."+string(PNG), string(plot)+"."+string(SVG))
	}
	return k
}

// Commit writes everything and gives the folder its name. When it fails, or ctx is
// cancelled, nothing is left and what was there before stays. It returns the
// tournament's digest.
func (f *SubnetFolder) Commit(ctx context.Context, s *Subnet) (digest string, err error) {
	if f.growing == "" {
		panic("reports: Commit of a folder that was committed or aborted")
	}
	defer f.Abort()
	document := NewSubnetDocument(s)
	err = f.commit(ctx,
		func() error { return os.WriteFile(f.file(SubnetFile), document.Encode(), 0o644) },
		func() error { return os.WriteFile(f.file(RulesFile), rules.Marshal(s.Rules.Set), 0o644) },
		func() error {
			return writeBuffered(f.file(PopulationFile), func(w io.Writer) error { return WritePopulation(w, s) })
		},
		func() error {
			return writeBuffered(f.file(SubnetMinersFile), func(w io.Writer) error { return s.Table(FormatCSV).Render(w, FormatCSV) })
		},
		func() error { return writeCSV(f.file(SubnetGroupsFile), s.GroupsTable()) },
		func() error {
			return writeBuffered(f.file(SubnetEventsFile), func(w io.Writer) error { return s.EventsTable().Render(w, FormatCSV) })
		},
		func() error { return f.draw(s) },
	)
	return document.Digest, err
}

func (f *SubnetFolder) draw(s *Subnet) error {
	if f.options.NoPlots {
		return nil
	}
	_, err := WriteSubnetPlots(f.growing, s, f.options.Plots)
	return err
}

// Abort removes what was written. After Commit it does nothing, so that it can be
// deferred.
func (f *SubnetFolder) Abort() { f.abort() }
