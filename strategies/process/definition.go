package process

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/strategies"
)

// Prefix is what a person writes before a command that is a strategy.
const Prefix = "exec:"

// Options says how to treat a program. The zero value is what most runs want; a
// negative time is refused.
type Options struct {
	StartTimeout  time.Duration // for the answer to hello; 0: 30 s
	AnswerTimeout time.Duration // for every other answer; 0: 60 s
	ExitGrace     time.Duration // from bye to its exit; 0: 5 s

	Dir string // the folder that it runs in, and that paths of its command are relative to; "": ptnsim's own

	// Stderr gets the program's standard error as it comes, a line a call with the
	// program's name before it ("trend.py: "), from another goroutine; an error
	// repeats its last line then. nil drops it, and an error has the last 4 KiB.
	Stderr io.Writer
}

// complete fills in what is zero, and refuses what is less.
func (o Options) complete() (Options, error) {
	for _, d := range []struct {
		name  string
		field *time.Duration
		value time.Duration
	}{
		{"start timeout", &o.StartTimeout, 30 * time.Second},
		{"answer timeout", &o.AnswerTimeout, 60 * time.Second},
		{"exit grace", &o.ExitGrace, 5 * time.Second},
	} {
		if *d.field < 0 {
			return o, fmt.Errorf("%s: found %s; expected a time above 0, such as %s", d.name, *d.field, d.value)
		}
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if o.Dir == "" {
		return o, nil
	}
	var err error
	o.Dir, err = filepath.Abs(o.Dir)
	return o, err
}

// path is where a file of the command is.
func (o Options) path(word string) string {
	if o.Dir == "" || filepath.IsAbs(word) {
		return word
	}
	return filepath.Join(o.Dir, word)
}

// program is the command's program: a name that is looked up, or the path of one.
func (o Options) program(word string) string {
	if !strings.ContainsRune(word, os.PathSeparator) {
		return word
	}
	return o.path(word)
}

// Open returns the strategy that a program is. The command is the program and
// its arguments, with or without "exec:" before it; it is split as a shell
// would, but no shell is run. The parameters are the program's: any name is
// passed on. Nothing is started before a run.
func Open(command string, o Options) (strategies.Definition, error) {
	command = strings.TrimPrefix(command, Prefix)
	d := strategies.Definition{
		Name: Prefix + command, Kind: strategies.Process,
		Idea: "what a program says",
		Doc: "Starts the program and asks it for orders over lines of JSON on its standard input and output (docs/protocol.md). " +
			"Parameters are the program's own: each is passed on as it is.",
	}
	o, err := o.complete()
	if err != nil {
		return d, fmt.Errorf("%s: %w", d.Name, err)
	}
	words, err := splitWords(command)
	if err == nil && len(words) == 0 {
		err = fmt.Errorf("there is no program")
	}
	if err != nil {
		return d, fmt.Errorf("found %q: %w; expected a program and its arguments, such as exec:python3 strategy.py", d.Name, err)
	}
	if _, err := exec.LookPath(o.program(words[0])); err != nil {
		return d, fmt.Errorf("%s: found %w", d.Name, o.noProgram(words[0], err))
	}
	if d.SHA256, err = o.digest(words); err != nil {
		return d, fmt.Errorf("%s: %w", d.Name, err)
	}
	d.Define = func(given []strategies.Setting) (strategies.Configurable, []strategies.Param, error) {
		p := &Program{name: d.Name, words: words, options: o}
		return p, p.parameters(given), nil
	}
	return d, nil
}

// noProgram says why a word is no program, and what may have been meant: a script
// may lack the right to be executed, or its interpreter before it.
func (o Options) noProgram(word string, err error) error {
	info, gone := os.Stat(o.path(word))
	switch script := gone == nil && info.Mode().IsRegular(); {
	case script && errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("a file that may not be executed (%w); chmod +x %s lets it, or name its interpreter: %s%s %[2]s",
			err, word, Prefix, interpreterOf(word))
	case script:
		return fmt.Errorf("no such program on the path (%w), but a file here; name its interpreter: %s%s %s", err, Prefix, interpreterOf(word), word)
	}
	return fmt.Errorf("no such program (%w); expected one on the path, or a path with a slash in it", err)
}

// interpreterOf is what plays a script by its name.
func interpreterOf(script string) string {
	if filepath.Ext(script) == ".sh" {
		return "sh"
	}
	return "python3"
}

// isPython reports whether a command looks like one that plays Python.
func isPython(words []string) bool {
	return strings.HasPrefix(filepath.Base(words[0]), "python") ||
		slices.ContainsFunc(words, func(word string) bool { return filepath.Ext(word) == ".py" })
}

// parameters makes a parameter of each setting, whatever it is called.
func (p *Program) parameters(given []strategies.Setting) []strategies.Param {
	p.params = make([]strategies.Setting, len(given))
	params := make([]strategies.Param, 0, len(given))
	for i, g := range given {
		field := &p.params[i]
		field.Name = g.Name
		params = append(params, strategies.NewParam(
			strategies.Param{Name: g.Name, Kind: kindOf(g.Value), Range: "what the program takes", Doc: "passed on to the program"},
			func() string { return field.Value },
			func(text string) error { field.Value = text; return nil },
		))
	}
	return params
}

// label is what a program is called where there may be several: the first file
// among its arguments, which an interpreter plays, else the program itself.
func (o Options) label(words []string) string {
	for _, word := range words[1:] {
		if info, err := os.Stat(o.path(word)); err == nil && info.Mode().IsRegular() {
			return filepath.Base(word)
		}
	}
	return filepath.Base(words[0])
}

// digestMax bounds a file that counts as part of what a program is.
const digestMax = 16 << 20

// digest is over the words of a command that are files: of one, its SHA-256; of
// more, that of the lines that sha256sum prints; "" of none. A program that is
// found by the path is not a word with a slash in it, and not among them.
func (o Options) digest(words []string) (string, error) {
	var sums []string
	var lines strings.Builder
	for i, word := range words {
		if i == 0 && !strings.ContainsRune(word, os.PathSeparator) {
			continue
		}
		info, err := os.Stat(o.path(word))
		if err != nil || !info.Mode().IsRegular() || info.Size() > digestMax {
			continue
		}
		content, err := os.ReadFile(o.path(word))
		if err != nil {
			return "", err
		}
		sum := sha256.Sum256(content)
		sums = append(sums, hex.EncodeToString(sum[:]))
		fmt.Fprintf(&lines, "%x  %s\n", sum, word)
	}
	switch len(sums) {
	case 0:
		return "", nil
	case 1:
		return sums[0], nil
	}
	sum := sha256.Sum256([]byte(lines.String()))
	return hex.EncodeToString(sum[:]), nil
}
