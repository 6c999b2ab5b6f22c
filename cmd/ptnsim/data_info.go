package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/rules"
)

func (a *app) dataInfo() *cobra.Command {
	f := dataFlags{every: true}
	var rulesName string
	c := &cobra.Command{
		Use: "info [PATH...]", Short: "Show and check the candle files of a data set",
		Long: `Read candle files, check every row, and show what is in them: of a data set with a
manifest also where its files come from, their gaps, and what is doubtful about
them; that they are the files which the manifest describes is verified. What is
missing is a matter of 'data validate'. Without a path: the embedded synthetic
sample.`,
		Example: "  ptnsim data info\n  ptnsim data info candles",
		RunE: func(c *cobra.Command, args []string) error {
			resolved, err := openRules(rulesName, nil)
			if err != nil {
				return err
			}
			f.paths = args
			return a.info(c.Context(), &f, resolved.Set)
		},
	}
	c.Flags().StringVar(&rulesName, "rules", rules.Default, "rule set that knows the pairs")
	return c
}

func (a *app) info(ctx context.Context, f *dataFlags, set *rules.Set) error {
	request, err := f.request(set)
	if err != nil {
		return err
	}
	files, note, err := request.Open(ctx)
	if err != nil {
		return input(err)
	}
	request.Select.Calendar = nil // gaps are listed, or a matter of data validate
	opened, err := files.Read(ctx, request.Select)
	if err != nil {
		return input(err)
	}
	c := &candles{opened: opened}
	defer c.close()
	if err := c.describeAll(files); err != nil {
		return err
	}
	if note != "" {
		a.note("%s", note)
	}
	described := a.manifests(files)
	if described == nil {
		return a.render(reports.DatasetTable(c.files))
	}
	return a.render(reports.ManifestTable(described))
}

// manifests joins what the manifests say of the files, and says what they say of
// the whole; nil if a file is not described.
func (a *app) manifests(files *datasets.Set) *datasets.Manifest {
	var all datasets.Manifest
	said := make(map[*datasets.Manifest]bool)
	for _, f := range files.Files {
		if f.Entry == nil {
			return nil
		}
		all.Files = append(all.Files, *f.Entry)
		if said[f.Manifest] {
			continue
		}
		said[f.Manifest] = true
		if f.Manifest.Source != "" {
			a.note("%s: source: %s", filepath.Dir(f.Path), f.Manifest.Source)
		}
		if f.Manifest.Licence != "" {
			a.note("%s: licence: %s", filepath.Dir(f.Path), f.Manifest.Licence)
		}
	}
	return &all
}

func (a *app) dataList() *cobra.Command {
	var check bool
	var rulesName string
	c := &cobra.Command{
		Use: "list [FOLDER...]", Short: "Find the data sets under folders",
		Long: `Find the folders with candle files at and below each FOLDER (default: the current
one), and list what their manifests say of them. With --verify the exit code is 1 if
the files of one are not those which its manifest describes; of a folder without a
manifest there is nothing to verify.`,
		Example: "  ptnsim data list\n  ptnsim data list candles --verify",
		RunE: func(c *cobra.Command, args []string) error {
			resolved, err := openRules(rulesName, nil)
			if err != nil {
				return err
			}
			pairs, err := resolved.Set.Pairs()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				args = []string{"."}
			}
			return a.list(c.Context(), args, pairs, check)
		},
	}
	c.Flags().BoolVar(&check, "verify", false, "verify every file by its hash, and end with exit code 1 if one has changed")
	c.Flags().StringVar(&rulesName, "rules", rules.Default, "rule set that knows the pairs")
	return c
}

func (a *app) list(ctx context.Context, roots []string, pairs []market.Pair, check bool) error {
	var listed []reports.ListedDataset
	var changed []string
	for _, root := range roots {
		if _, err := os.Stat(root); err != nil {
			return input(fmt.Errorf("%s: found no such folder, expected one with data sets in it", root))
		}
		folders, err := datasets.Sets(ctx, root)
		if err != nil {
			return input(err)
		}
		for _, folder := range folders {
			one, why, err := listDataset(ctx, folder, pairs, check)
			if err != nil {
				return err
			}
			listed = append(listed, one)
			if why != nil {
				changed = append(changed, why.Error())
			}
		}
	}
	if len(listed) == 0 {
		a.note("no data set found")
	}
	if err := a.render(reports.DatasetList(listed)); err != nil || !check || len(changed) == 0 {
		return err
	}
	return coded(exitCheck, fmt.Errorf("--verify: %d of %d data sets are not what their manifests describe:\n  %s",
		len(changed), len(listed), strings.Join(changed, "\n  ")))
}

// listDataset looks at one folder. What is wrong with it is its state, not an error:
// why tells of one that has changed.
func listDataset(ctx context.Context, folder string, pairs []market.Pair, check bool) (one reports.ListedDataset, why, err error) {
	one = reports.ListedDataset{Folder: filepath.ToSlash(folder), State: reports.DatasetUnchecked}
	change := func(err error) {
		if why == nil {
			one.State, why = reports.DatasetChanged, err
		}
	}
	if one.Manifest, err = datasets.ReadManifest(folder); err != nil {
		one.State, one.Manifest = reports.DatasetUndescribed, &datasets.Manifest{}
		if !errors.Is(err, datasets.ErrMissing) {
			change(err)
		}
	}
	set, err := datasets.OpenSet(datasets.OpenOptions{Pairs: pairs, EveryInterval: true}, folder)
	switch {
	case err != nil && one.State == reports.DatasetUnchecked:
		change(err)
	case err != nil || why != nil:
	case one.State == reports.DatasetUndescribed:
		for i := range set.Files {
			entry, err := set.Files[i].Describe(ctx, nil)
			if err != nil && ctx.Err() != nil {
				return one, nil, err
			}
			one.Manifest.Files = append(one.Manifest.Files, entry)
		}
	case check:
		one.State = reports.DatasetVerified
		memory := verified()
		if err := set.Verify(ctx, memory); err != nil {
			change(err)
		}
		_ = memory.Save() // the next time is slower without it, not wrong
	}
	return one, why, ctx.Err()
}
