package reports

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

// CheckSummary writes what matters of a check: what came otherwise than a scenario
// expects, what can't be played, what was changed in files, and how many passed. Of
// what passed it says nothing, unless all is asked for.
func CheckSummary(w io.Writer, c *Checks, options SummaryOptions) error {
	width := max(cmp.Or(options.Width, checkWidthUsual), summaryWidthMin)
	p := checkSummary{page: page{width: width, color: options.Color}, Checks: c, all: options.All}
	for i := range c.Checks {
		p.check(&c.Checks[i])
	}
	if p.out.Len() > 0 {
		p.gap()
	}
	p.verdict()
	p.slowest()
	_, err := p.out.WriteTo(w)
	return err
}

const (
	checkWidthUsual  = 100 // of a page that no terminal shows
	checksInFullMax  = 30  // scenarios whose findings a page shows; of further ones only where they are
	checksSlow       = time.Second
	checksSlowestMax = 5
)

// checkSummary is a summary of a check being written.
type checkSummary struct {
	page
	*Checks
	all      bool // name what passed, and show everything of what did not
	inFull   int  // scenarios that did not pass and were shown so far
	abridged bool // of further ones only the place is shown
}

// check writes what a reader must know of one scenario.
func (p *checkSummary) check(c *scenario.Check) {
	label, hue := "FAILED", red
	switch {
	case c.Outcome == scenario.Broken:
		label = "BROKEN"
	case c.Outcome == scenario.Failed:
	case c.Updated != "":
		label, hue = "UPDATED", yellow
	default:
		if p.all {
			p.brief(c)
		}
		return
	}
	// What was written into a file is told of all: no later call can tell it.
	if c.Updated == "" && !p.all {
		if p.inFull == checksInFullMax {
			p.more(hue, label, c)
			return
		}
		p.inFull++
	}
	if p.out.Len() > 0 {
		p.gap()
	}
	p.labelled(p.paint(hue, label), checkLabelWidth, p.paint(bold, legible(checkTitle(c))))
	p.labelled("", checkLabelWidth, p.paint(faint, legible(c.File)))
	if c.Outcome == scenario.Failed && c.Came != "" {
		p.labelled("", checkLabelWidth, legible(c.Came))
	}
	p.broken(c.Err)
	p.findings(c)
	p.changed(c.Updated)
}

// more is one line of a scenario after as many as are shown.
func (p *checkSummary) more(hue tint, label string, c *scenario.Check) {
	if !p.abridged {
		p.abridged = true
		p.gap()
		p.labelled("", 0, "Of the others only the place: --all shows them")
	}
	p.labelled(p.paint(hue, label), checkLabelWidth, legible(troubleAt(c).String()))
}

// checkLabelWidth is where a scenario's title begins.
const checkLabelWidth = 9

// brief is one line of a scenario of which there is nothing to say.
func (p *checkSummary) brief(c *scenario.Check) {
	hue := green
	if c.Outcome == scenario.Skipped {
		hue = yellow
	}
	label := p.paint(hue, string(c.Outcome))
	label += strings.Repeat(" ", checkLabelWidth-displayed(label))
	if c.Took == 0 {
		p.out.WriteString(label + abridged(checkTitle(c), p.width-checkLabelWidth) + "\n")
		return
	}
	end := took(c.Took)
	p.sides(label+abridged(checkTitle(c), p.width-checkLabelWidth-displayed(end)-2), p.paint(faint, end))
}

// broken shows an error as it is: it has the place in the file, and a caret below it.
func (p *checkSummary) broken(err error) {
	if err == nil {
		return
	}
	p.gap()
	text, excerpt, placed := strings.Cut(strings.TrimRight(err.Error(), "\n"), "\n")
	p.labelled("", 2, legible(text))
	if !placed {
		return
	}
	for line := range strings.SplitSeq(excerpt, "\n") {
		p.out.WriteString("  " + legible(line) + "\n")
	}
}

// findings shows what came otherwise than expected.
func (p *checkSummary) findings(c *scenario.Check) {
	shown, left := shownFindings(c)
	if p.all {
		shown, left = c.Findings, 0
	}
	for i := range shown {
		p.finding(c, &shown[i])
	}
	if left > 0 {
		p.gap()
		p.labelled("", 2, fmt.Sprintf("and %d more: --all shows them", left))
	}
}

// finding shows what was expected below what is there, so that digits can be compared.
func (p *checkSummary) finding(c *scenario.Check, f *scenario.Finding) {
	t, place := tell(f), p.paint(faint, legible(findingPlace(c, f).String()))
	p.gap()
	if left := p.paint(bold, "  "+t.path); displayed(left)+2+displayed(place) <= p.width {
		p.sides(left, place)
	} else {
		p.labelled("", 2, p.paint(bold, t.path))
		p.labelled("", 4, place)
	}
	p.labelled("    expected", findingLabelWidth, t.expected)
	p.labelled("    got", findingLabelWidth, p.paint(red, t.got))
	if t.difference != "" {
		p.labelled("    difference", findingLabelWidth, t.difference)
	}
}

// findingLabelWidth is where what was expected begins, and what was found.
const findingLabelWidth = 16

// changed shows what was written into a file.
func (p *checkSummary) changed(diff string) {
	if diff == "" {
		return
	}
	p.gap()
	for line := range strings.SplitSeq(strings.TrimRight(diff, "\n"), "\n") {
		hue := plainTint
		switch {
		case strings.HasPrefix(line, "+++ "), strings.HasPrefix(line, "--- "):
			hue = bold
		case strings.HasPrefix(line, "@@"):
			hue = faint
		case strings.HasPrefix(line, "+"):
			hue = green
		case strings.HasPrefix(line, "-"):
			hue = red
		}
		p.out.WriteString(p.paint(hue, legible(line)) + "\n")
	}
}

// verdict counts the scenarios.
func (p *checkSummary) verdict() {
	text := p.Counts().verdict(p.paint)
	if p.Took > 0 {
		text += ", in " + strings.ReplaceAll(took(p.Took), " ", "\u00a0")
	}
	p.labelled("", 0, text)
}

// slowest names the scenarios that took long, the slowest first.
func (p *checkSummary) slowest() {
	var slow []*scenario.Check
	for i := range p.Checks.Checks {
		if c := &p.Checks.Checks[i]; c.Took > checksSlow {
			slow = append(slow, c)
		}
	}
	slices.SortStableFunc(slow, func(a, b *scenario.Check) int { return cmp.Compare(b.Took, a.Took) })
	for i, c := range slow[:min(len(slow), checksSlowestMax)] {
		label := ""
		if i == 0 {
			label = p.paint(yellow, "slow")
		}
		p.labelled(label, checkLabelWidth, right(took(c.Took), 10)+"  "+legible(c.File))
	}
}

// took writes how long something took, as exactly as a reader cares.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "under 1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Truncate(100*time.Millisecond).Seconds())
	}
	return span(d.Milliseconds())
}
