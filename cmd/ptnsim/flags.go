package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// parsedFlag is a flag that is read by a function and remembers its text, which
// the manifest records.
type parsedFlag struct {
	text  string
	parse func(string) error
}

// parsed gives a command such a flag.
func parsed(flags *pflag.FlagSet, name, usage string, parse func(string) error) {
	defaulted(flags, name, usage, "", parse)
}

// defaulted gives a command such a flag with a default for the help; the caller
// sets it.
func defaulted(flags *pflag.FlagSet, name, usage, text string, parse func(string) error) {
	flags.Var(&parsedFlag{text: text, parse: parse}, name, usage)
}

// Set implements pflag.Value.
func (f *parsedFlag) Set(s string) error {
	f.text = s
	return f.parse(s)
}

// String implements pflag.Value.
func (f *parsedFlag) String() string { return f.text }

// Type implements pflag.Value; the usage names it.
func (f *parsedFlag) Type() string { return "value" }

// fileFlag gives a command a flag that names a file to write. An empty name is refused:
// it is that of a variable which nobody set, and nothing would be written.
func fileFlag(flags *pflag.FlagSet, name, usage string, field *string) {
	parsed(flags, name, usage, func(text string) error {
		if *field = text; text == "" {
			return errors.New("found nothing, expected the name of a file")
		}
		return nil
	})
}

// wholeFlag gives a command a flag that is a whole number from least to most.
func wholeFlag(flags *pflag.FlagSet, name, usage string, field *uint64, value, least, most uint64) {
	*field = value
	defaulted(flags, name, usage, strconv.FormatUint(value, 10), func(text string) error {
		x, err := strconv.ParseUint(text, 10, 64)
		if err != nil || x < least || x > most {
			return fmt.Errorf("expected a whole number from %d to %d", least, most)
		}
		*field = x
		return nil
	})
}

// durationFlag gives a command a flag that is a time in whole milliseconds, at
// least so long.
func durationFlag(flags *pflag.FlagSet, name, usage string, field *time.Duration, value, least time.Duration) {
	*field = value
	whole := value.String()
	if strings.HasSuffix(whole, "m0s") { // 1m0s
		whole = strings.TrimSuffix(whole, "0s")
	}
	defaulted(flags, name, usage, whole, func(text string) error {
		x, err := time.ParseDuration(text)
		if err != nil || x < least || x%time.Millisecond != 0 {
			return fmt.Errorf("expected a duration from %v in whole milliseconds, such as 500ms, 2s or 1m", least)
		}
		*field = x
		return nil
	})
}
