package main

import (
	"fmt"

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

// readPopulation reads what is to be scored.
func (a *app) readPopulation(path string) (scoring.Population, error) {
	source, name, id := a.stdin, "standard input", "stdin"
	if path != "-" {
		file, err := scoring.OpenFile(path)
		if err != nil {
			return scoring.Population{}, err
		}
		defer file.Close()
		source, name, id = file, path, scoring.FileID(path)
	}
	population, err := scoring.Read(source, id, vouch)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return population, err
}

// vouch refuses a result of ptnsim that is not as it was written.
func vouch(result []byte) error {
	_, err := reports.ParseDocument(result)
	return err
}
