package script

import (
	"fmt"
	"regexp"
	"strings"
)

// A script looks like Python, so people write what Starlark leaves out of it. The
// messages here say what to write instead.

// instead is what a script does in place of a word or a sign of Python's; "" if
// nothing is known.
func instead(word string) string {
	switch word {
	case "import", "from":
		return "a script is a single file, and math is there without it"
	case "global", "nonlocal":
		return "keep what changes in ctx.state, as in ctx.state.count = 1"
	case "while":
		return "loop over something that ends, as in for i in range(1000), and break"
	case "class":
		return "record(name=value) has fields, which are set and read with a dot"
	case "try", "except", "finally", "raise":
		return "an error ends the run; ask before, as in x != None, and give up with fail(message)"
	case "is":
		return "write == None, or != None"
	case "with":
		return "a script reads and writes no files"
	case "yield":
		return "return a list"
	case "del":
		return "d.pop(key) takes an entry out of a dict"
	case "'**'":
		return "write math.pow(x, y)"
	}
	return ""
}

// formatted is the head of an f-string.
const formatted = `\b[fF][rR]?["']|\b[rR][fF]["']`

// habitual says what to write instead, if a message of Starlark's is about what
// Python has and Starlark has not; else it is the message. The line is the one it
// is about.
func habitual(message, line string) string {
	if strings.HasSuffix(message, "does not support while loops") {
		return notAvailable("while")
	}
	found, _, _ := strings.Cut(strings.TrimPrefix(message, "got "), ", want ")
	switch {
	case found == "string literal" && regexp.MustCompile(formatted).MatchString(line):
		return `f-strings are not available: write "%d" % x, or "{}".format(x)`
	case instead(found) != "":
		return notAvailable(found)
	}
	return message
}

func notAvailable(word string) string {
	return fmt.Sprintf("%s is not available: %s", strings.Trim(word, "'"), instead(word))
}

// elsewhere is where a script finds what is a name in Python, or what it does
// without; "" if nothing is known.
func elsewhere(name string) string {
	switch name {
	case "open", "input":
		return "a script reads and writes no files"
	case "sum", "round", "pow":
		return "math." + name + " is there"
	case "map", "filter":
		return "[f(x) for x in list if g(x)] is there"
	case "isinstance":
		return `type(x) == "float" is there`
	case "time", "datetime":
		return "ctx.now is the instant, and utc(ms) its calendar"
	case "random":
		return "ctx.random draws from the run's seed"
	}
	return ""
}

// assigned adds, to the message of a variable that a function reads before it has
// a value, what surprises who knows the script's variable of the same name.
func (p *program) assigned(message string) string {
	name, local := strings.CutPrefix(message, "local variable ")
	name, unset := strings.CutSuffix(name, " referenced before assignment")
	if !local || !unset || !p.globals[name] {
		return message
	}
	return fmt.Sprintf("%s: a function that assigns to %s has a variable of its own of that name; keep what changes in ctx.state", message, name)
}
