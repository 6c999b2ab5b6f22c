package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

func (a *app) scoreCommand() *cobra.Command {
	var flags ruleFlags
	c := &cobra.Command{
		Use:   "score FILE",
		Short: "Score daily returns, a ledger or a population",
		Long: `Score a file with the network's metrics, penalties and weights:
  daily returns  CSV with the columns date and return (simple) or log_return
  a ledger       JSON with checkpoints and positions, such as a result.json
  a population   JSON with evaluation_ms and miners {id: {checkpoints, positions}}
A dash reads standard input; gzip is opened as it is.`,
		Example: `  ptnsim score daily.csv
  ptnsim score result/result.json --rules ptn-5.4.0
  ptnsim score population.json --format json`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			resolved, err := flags.resolve()
			if err != nil {
				return err
			}
			return a.score(args[0], &reports.Scores{Version: version(), Rules: resolved})
		},
	}
	flags.add(c)
	return c
}

func (a *app) score(path string, scores *reports.Scores) error {
	format, err := a.outputFormat()
	if err != nil {
		return err
	}
	population, err := a.readPopulation(path)
	if err != nil {
		return input(err)
	}
	scores.EvaluationMS = population.EvaluationMS
	if scores.Standing, err = scoring.Score(scores.Rules.Set, population); err != nil {
		return input(fmt.Errorf("%s: %w", path, err))
	}
	if a.silent(format) {
		return nil
	}
	return scores.Render(a.stdout, format)
}

// readPopulation reads what is to be scored, and tells the forms apart by their
// first character: JSON begins with a brace.
func (a *app) readPopulation(path string) (scoring.Population, error) {
	var none scoring.Population
	source, name := a.stdin, "standard input"
	if path != "-" {
		file, err := openFile(path)
		if err != nil {
			return none, err
		}
		defer file.Close()
		source, name = file, path
	}
	reader := bufio.NewReader(source)
	if head, _ := reader.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(reader)
		if err != nil {
			return none, fmt.Errorf("%s: %w", name, err)
		}
		reader = bufio.NewReader(z)
	}
	id, _, _ := strings.Cut(filepath.Base(path), ".")
	if path == "-" {
		id = "stdin"
	}
	if first, err := firstByte(reader); err == nil && first == '{' {
		population, err := readJSON(reader, id)
		return population, named(name, err)
	}
	ledger, err := scoring.ReadDaily(reader)
	if err != nil {
		return none, named(name, err)
	}
	return scoring.Population{
		EvaluationMS: ledger.Daily[len(ledger.Daily)-1].DateMS,
		Miners:       []scoring.Miner{{ID: id, Ledger: ledger}},
	}, nil
}

// readJSON reads a ledger or a population. A result of ptnsim says by its digest
// whether it is as it was written.
func readJSON(reader *bufio.Reader, id string) (scoring.Population, error) {
	if head, _ := reader.Peek(64); !bytes.Contains(head, []byte(`"schema":"ptnsim-result-`)) {
		return scoring.ReadPopulation(reader, id)
	}
	text, err := io.ReadAll(io.LimitReader(reader, resultBytesMax))
	if err != nil {
		return scoring.Population{}, err
	}
	if _, err := reports.ParseDocument(text); err != nil {
		return scoring.Population{}, err
	}
	return scoring.ReadPopulation(bytes.NewReader(text), id)
}

// resultBytesMax bounds a result that is read whole: years of orders fit.
const resultBytesMax = 1 << 30

// openFile opens what is to be scored.
func openFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: found no such file; expected daily returns (CSV), or a ledger or population (JSON)", path)
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s: found a folder; expected a file, such as the %s of a result folder", path, reports.ResultFile)
	}
	return os.Open(path)
}

// firstByte looks at the first byte that is no white space, and leaves it there.
func firstByte(r *bufio.Reader) (byte, error) {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		if !strings.ContainsRune(" \t\r\n", rune(b)) {
			return b, r.UnreadByte()
		}
	}
}

func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}
