package main

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/synth"
)

func (a *app) dataCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "data", Short: "Import, check, convert and make data sets of candles", Args: onlyCommands,
		Example: "  ptnsim data import BTCUSDT-1m-2025-*.zip --out candles\n  ptnsim data validate candles\n  ptnsim run --data candles",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.dataList(), a.dataInfo(), a.dataImport(), a.dataFetch(), a.dataValidate(), a.dataConvert(), a.dataSynth(), a.dataSample())
	return c
}

func (a *app) dataSample() *cobra.Command {
	var out string
	var replace bool
	c := &cobra.Command{
		Use: "sample", Short: "Make the embedded synthetic sample again, byte for byte", Args: onlyFlags,
		Long:    "Run the generator behind the embedded sample and write its candle files into a folder.\nThe candles are synthetic: no market's history.",
		Example: "  ptnsim data sample --out sample",
		RunE: func(c *cobra.Command, _ []string) error {
			paths, err := synth.WriteSample(c.Context(), out, replace)
			if _, refused := errors.AsType[*datasets.Refusal](err); refused {
				return input(err)
			}
			if err != nil {
				return err
			}
			for _, p := range paths {
				a.say("%s", filepath.ToSlash(p))
			}
			return nil
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "folder to write into (required)")
	c.Flags().BoolVar(&replace, "force", false, "replace earlier files")
	if err := c.MarkFlagRequired("out"); err != nil {
		panic(err)
	}
	return c
}

// commandLine is a command as a manifest records it: the names of the files
// without their folders, and the flags that change what becomes of them.
func commandLine(c *cobra.Command, args []string) string {
	words := []string{c.CommandPath()}
	for _, arg := range args {
		words = append(words, quoted(filepath.Base(arg)))
	}
	c.Flags().Visit(func(f *pflag.Flag) { // in the order of their names
		switch f.Name {
		case "out", "force", "quiet", "format", "no-color", "dry-run", "cache", "rate":
			return
		}
		values := []string{f.Value.String()}
		if many, ok := f.Value.(pflag.SliceValue); ok {
			values = many.GetSlice()
		}
		for _, value := range values {
			if f.Name == "rules" {
				value = filepath.Base(value)
			}
			words = append(words, "--"+f.Name, quoted(value))
		}
	})
	return strings.Join(words, " ")
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\n'\"\\$&|;<>()*?#~`") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
