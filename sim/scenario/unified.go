package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// unified is the difference of two texts as a unified diff, with nothing above their
// name; "" if they are the same. Of lines that are the same as many stay as can.
func unified(name, before, after string) string {
	if before == after {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", name, name)
	changes := changesOf(linesOf(before), linesOf(after))
	for i := 0; i < len(changes); {
		from, to := hunk(changes, i)
		writeHunk(&b, changes, from, to)
		i = to
	}
	return b.String()
}

// linesOf are a text's lines, each with what ends it.
func linesOf(text string) []string {
	list := strings.SplitAfter(text, "\n")
	if last := len(list) - 1; list[last] == "" {
		return list[:last]
	}
	return list
}

// changedLine is a line that stays (' '), goes ('-') or comes ('+').
type changedLine struct {
	sign byte
	text string
}

// changesOf turns some lines into others. It follows Myers' greedy algorithm: a path
// with the fewest changes, step by step of how many these are. Of texts with more than
// changesMax it takes the lines between their common beginning and end as a whole.
func changesOf(a, b []string) []changedLine {
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	tail := 0
	for tail < len(a)-same && tail < len(b)-same && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	list := signed(' ', a[:same])
	list = append(list, path(a[same:len(a)-tail], b[same:len(b)-tail])...)
	return append(list, signed(' ', a[len(a)-tail:])...)
}

func signed(sign byte, lines []string) []changedLine {
	list := make([]changedLine, len(lines))
	for i, line := range lines {
		list[i] = changedLine{sign, line}
	}
	return list
}

// changesMax bounds the lines that change of a difference that is looked for: what it
// takes grows with their square.
const changesMax = 2000

// path finds the changes between two texts.
func path(a, b []string) []changedLine {
	far := map[int]int{1: 0} // by diagonal, lines of a less lines of b: how many lines of a are done
	var trace []map[int]int  // far before each step
	for d := 0; d <= min(len(a)+len(b), changesMax); d++ {
		before := make(map[int]int, len(far))
		for k := -d - 1; k <= d+1; k++ {
			if x, ok := far[k]; ok {
				before[k] = x
			}
		}
		trace = append(trace, before)
		for k := -d; k <= d; k += 2 {
			x := far[k-1] + 1
			if comes(far, k, d) {
				x = far[k+1]
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			far[k] = x
			if x >= len(a) && x-k >= len(b) {
				return walkBack(a, b, trace)
			}
		}
	}
	return append(signed('-', a), signed('+', b)...)
}

// comes reports whether the furthest way to a diagonal ends in a line that comes.
func comes(far map[int]int, k, d int) bool { return k == -d || k != d && far[k-1] < far[k+1] }

// walkBack reads the changes off the steps that found them, from the last to the first.
func walkBack(a, b []string, trace []map[int]int) (list []changedLine) {
	x, y := len(a), len(b)
	for d := len(trace) - 1; d >= 0; d-- {
		k, far := x-y, trace[d]
		from := k - 1
		if comes(far, k, d) {
			from = k + 1
		}
		fromX := far[from]
		fromY := fromX - from
		for x > max(fromX, 0) && y > max(fromY, 0) {
			x, y = x-1, y-1
			list = append(list, changedLine{' ', a[x]})
		}
		switch {
		case d == 0:
		case x > fromX:
			x--
			list = append(list, changedLine{'-', a[x]})
		default:
			y--
			list = append(list, changedLine{'+', b[y]})
		}
	}
	slices.Reverse(list)
	return list
}

// contextLines is how many lines that stay are shown around changes.
const contextLines = 3

// hunk is the next changes from a line on, with the lines around them; both ends are
// that of all lines if there are none.
func hunk(changes []changedLine, start int) (from, to int) {
	first := start
	for first < len(changes) && changes[first].sign == ' ' {
		first++
	}
	if first == len(changes) {
		return first, first
	}
	last := first
	for i := first; i < len(changes) && i-last <= 2*contextLines; i++ {
		if changes[i].sign != ' ' {
			last = i
		}
	}
	return max(start, first-contextLines), min(len(changes), last+1+contextLines)
}

// writeHunk writes some of the changes below the line that says where they are.
func writeHunk(b *strings.Builder, changes []changedLine, from, to int) {
	if from == to {
		return
	}
	wentBefore, cameBefore := count(changes[:from])
	went, came := count(changes[from:to])
	fmt.Fprintf(b, "@@ -%s +%s @@\n", place(wentBefore, went), place(cameBefore, came))
	for _, c := range changes[from:to] {
		b.WriteByte(c.sign)
		b.WriteString(c.text)
		if !strings.HasSuffix(c.text, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// count is how many lines there are of the text before, and of that after.
func count(changes []changedLine) (before, after int) {
	for _, c := range changes {
		if c.sign != '+' {
			before++
		}
		if c.sign != '-' {
			after++
		}
	}
	return before, after
}

// place is the lines of a hunk: the first, from 1, and how many; of none the line before.
func place(before, lines int) string {
	if lines > 0 {
		before++
	}
	return fmt.Sprintf("%d,%d", before, lines)
}
