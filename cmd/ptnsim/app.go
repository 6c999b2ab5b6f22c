package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

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
	stdout *output
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
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "ptnsim: internal error: %v\nThis is a defect of ptnsim; please report it with what you did and these lines:\n%s", p, debug.Stack())
			code = exitInternal
		}
	}()
	a := &app{stdin: stdin, stdout: &output{Writer: stdout}, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(a.stdout)
	root.SetErr(stderr)
	command, err := root.ExecuteContextC(ctx)
	if a.stdout.err != nil {
		err = coded(exitInternal, fmt.Errorf("writing the output: %w", a.stdout.err))
	}
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		fmt.Fprintln(stderr, "ptnsim: interrupted; nothing was left half-written")
		return exitInterrupted
	}
	fmt.Fprintf(stderr, "ptnsim: %v\n", err)
	code = exitUsage // of what cobra finds before a command begins
	if e, ok := errors.AsType[*exitError](err); ok {
		code = e.code
	}
	if code == exitUsage {
		fmt.Fprintf(stderr, "Usage: %s\nRun '%s --help' for how to use it.\n", command.UseLine(), command.CommandPath())
	}
	return code
}

// output is standard output. It keeps its first error, so that no command that
// writes to a full disk can take it for a success.
type output struct {
	io.Writer
	err error
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
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
		Args:          onlyCommands,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetVersionTemplate("ptnsim {{.Version}}\n")
	flags := root.PersistentFlags()
	flags.StringVar(&a.format, "format", "table", "output as table, json, csv or markdown")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print nothing but errors (and what --format json or csv asks for)")
	flags.BoolVar(&a.noColor, "no-color", false, "no colour, even on a terminal")
	root.AddCommand(a.runCommand(), a.subnetCommand(), a.compareCommand(), a.checkCommand(), a.scoreCommand(), a.rulesCommand(), a.dataCommand(), a.strategiesCommand(), a.reportCommand(), a.versionCommand())
	complete(root)
	markInternal(root)
	return root
}

// markInternal makes an error to which a command gives no exit code an internal
// one. What is left without a code is cobra's, and wrong usage: flags and
// arguments that don't fit.
func markInternal(c *cobra.Command) {
	if do := c.RunE; do != nil {
		c.RunE = func(c *cobra.Command, args []string) error { return coded(exitInternal, do(c, args)) }
	}
	for _, sub := range c.Commands() {
		markInternal(sub)
	}
}

// onlyCommands refuses what is no command of a group, and names those that may
// have been meant.
func onlyCommands(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	c.SuggestionsMinimumDistance = 2
	meant := ""
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		meant = " (did you mean " + strings.Join(near, " or ") + "?)"
	}
	return fmt.Errorf("found %q, which is no command of %s%s", args[0], c.CommandPath(), meant)
}

// onlyFlags refuses arguments.
func onlyFlags(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("found the argument %q, expected flags only", args[0])
}

// outputFormat reads --format.
func (a *app) outputFormat() (reports.Format, error) {
	f, err := reports.ParseFormat(a.format)
	return f, usage(err)
}

// silent reports whether --quiet leaves the output out: it is for people only.
func (a *app) silent(format reports.Format) bool {
	return a.quiet && format == reports.FormatTable
}

// show prints a report: a page for people, or what --format asks for.
func (a *app) show(format reports.Format, people, programs func() error) error {
	switch {
	case a.silent(format):
		return nil
	case format == reports.FormatTable:
		return people()
	}
	return programs()
}

// color reports whether the output is a terminal that may be coloured.
func (a *app) color() bool {
	return !a.noColor && os.Getenv("NO_COLOR") == "" && isTerminal(a.stdout.Writer)
}

// isTerminal reports whether w is a person's terminal.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is the terminal's, 0 if the output is none.
func (a *app) width() int {
	f, ok := a.stdout.Writer.(*os.File)
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
		Use: "version", Short: "Print the version", Example: "  ptnsim version", Args: onlyFlags,
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
