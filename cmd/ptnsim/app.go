package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/ptnsim/ptnsim/reports"
)

// The exit codes.
const (
	exitOK          = 0
	exitCheck       = 1 // a check or threshold failed
	exitUsage       = 2
	exitInput       = 3
	exitInternal    = 4
	exitInterrupted = 130 // Ctrl-C, as shells have it
)

// app is one call of the program: where it reads and writes, and the flags that
// every command has.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer

	format  string
	quiet   bool
	noColor bool
}

// exitError is an error with the exit code that it ends the program with.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usage marks an error as wrong usage.
func usage(err error) error { return coded(exitUsage, err) }

// input marks an error as bad input.
func input(err error) error { return coded(exitInput, err) }

func coded(code int, err error) error {
	var already *exitError
	if err == nil || errors.As(err, &already) {
		return err
	}
	return &exitError{code, err}
}

// run is the program: it does what args say and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		fmt.Fprintln(stderr, "ptnsim: interrupted; nothing was left half-written")
		return exitInterrupted
	}
	fmt.Fprintf(stderr, "ptnsim: %v\n", err)
	var coded *exitError
	if errors.As(err, &coded) {
		if coded.code == exitUsage {
			fmt.Fprintln(stderr, "Run 'ptnsim --help' or 'ptnsim COMMAND --help' for how to use it.")
		}
		return coded.code
	}
	return exitInternal
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "ptnsim",
		Short: "Backtest trading strategies under the rules of the Proprietary Trading Network",
		Long: `ptnsim replays historical candles through the order, position, cost, market-hours
and elimination rules of the Proprietary Trading Network (Bittensor subnet 8),
and scores what comes out with the network's metrics.`,
		Example: `  ptnsim run
  ptnsim run --data candles/ --strategy crossover --param fast=50 --param slow=200 --out result
  ptnsim rules diff ptn-2024-12 ptn-2025-02`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetVersionTemplate("ptnsim {{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	flags := root.PersistentFlags()
	flags.StringVar(&a.format, "format", "table", "output as table, json, csv or markdown")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print nothing but errors (and what --format json or csv asks for)")
	flags.BoolVar(&a.noColor, "no-color", false, "no colour, even on a terminal")
	root.AddCommand(a.runCommand(), a.scoreCommand(), a.rulesCommand(), a.dataCommand(), a.strategiesCommand(), a.reportCommand(), a.versionCommand())
	markUsage(root)
	return root
}

// markUsage makes a wrong number of arguments, and an unknown command, wrong usage.
func markUsage(c *cobra.Command) {
	if args := c.Args; args != nil {
		c.Args = func(c *cobra.Command, given []string) error { return usage(args(c, given)) }
	}
	for _, sub := range c.Commands() {
		markUsage(sub)
	}
}

// outputFormat reads --format.
func (a *app) outputFormat() (reports.Format, error) {
	f, err := reports.ParseFormat(a.format)
	return f, usage(err)
}

// color reports whether the output is a terminal that may be coloured.
func (a *app) color() bool {
	return !a.noColor && os.Getenv("NO_COLOR") == "" && isTerminal(a.stdout)
}

// isTerminal reports whether w is a person's terminal.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is the terminal's, 0 if the output is none.
func (a *app) width() int {
	f, ok := a.stdout.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// say writes a line of a command's output, unless --quiet.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.stdout, format+"\n", args...)
	}
}

// note writes a line for a person to standard error, unless --quiet.
func (a *app) note(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.stderr, format+"\n", args...)
	}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  ptnsim version", Args: cobra.NoArgs,
		Run: func(*cobra.Command, []string) { fmt.Fprintln(a.stdout, "ptnsim", version()) },
	}
}

// version is the module's version as the build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
