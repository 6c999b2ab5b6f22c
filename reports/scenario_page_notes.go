package reports

import "strings"

// scenarioNotes is a scenario's text by lines: for the parts that a page shows as they
// are, and for the comments beside values, each of which is shown once.
type scenarioNotes struct {
	lines []string
	told  map[int]bool // lines whose comment was shown, from 1
}

func newScenarioNotes(text string) *scenarioNotes {
	return &scenarioNotes{strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), map[int]bool{}}
}

// block is the lines of a key of the file and of its value; "" if it has none.
func (n *scenarioNotes) block(key string) string {
	begin := -1
	for i, line := range n.lines {
		if strings.HasPrefix(line, key+":") {
			begin = i
			break
		}
	}
	if begin < 0 {
		return ""
	}
	end := begin + 1
	for end < len(n.lines) && continuesKey(n.lines[end]) {
		end++
	}
	for end > begin+1 && aside(n.lines[end-1]) {
		end-- // what stands before the next key is of that
	}
	return strings.Join(n.lines[begin:end], "\n")
}

// value is what stands behind a key of the file on its line, without quotes and
// comment.
func (n *scenarioNotes) value(key string) string {
	line, _, _ := strings.Cut(n.block(key), "\n")
	_, text, _ := strings.Cut(line, ":")
	text, _, _ = strings.Cut(text, " #")
	return legible(strings.Trim(text, ` "'`))
}

// continuesKey reports whether a line is of the value of a key before it: it is indented, an
// element of a list, or what closes a bracket.
func continuesKey(line string) bool {
	return line == "" || strings.ContainsRune(" \t#-]}", rune(line[0]))
}

// aside reports whether a line is blank, or a comment from the first column on.
func aside(line string) bool { return strings.TrimSpace(line) == "" || line[0] == '#' }

// at is the comment of a line, from 1: that behind it, or else those directly above it
// or above the keys that it begins.
func (n *scenarioNotes) at(line int) string {
	if line < 1 || line > len(n.lines) || n.told[line] {
		return ""
	}
	n.told[line] = true
	if text := trailingComment(n.lines[line-1]); text != "" {
		return text
	}
	var above []string
	indent := indentOf(n.lines[line-1])
	for i := line - 1; i >= 1; i-- {
		text := strings.TrimSpace(n.lines[i-1])
		switch {
		case n.told[i] || text == "" || indentOf(n.lines[i-1]) == 0:
			return strings.Join(above, " ")
		case text[0] == '#':
			n.told[i] = true
			above = append([]string{strings.TrimSpace(strings.TrimLeft(text, "#"))}, above...)
		case strings.HasSuffix(text, ":") && indentOf(n.lines[i-1]) < indent:
			indent = indentOf(n.lines[i-1])
		default:
			return strings.Join(above, " ")
		}
	}
	return strings.Join(above, " ")
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// trailingComment is what stands behind a # that follows a blank and is in no quotes.
func trailingComment(line string) string {
	var quote rune
	before := ' '
	if strings.HasPrefix(strings.TrimSpace(line), "#") {
		return ""
	}
	for i, r := range line {
		switch {
		case quote != 0:
			if r == quote && before != '\\' {
				quote = 0
			}
		case (r == '"' || r == '\'') && strings.ContainsRune(" [{,", before):
			quote = r
		case r == '#' && before == ' ':
			return strings.TrimSpace(line[i+1:])
		}
		before = r
	}
	return ""
}
