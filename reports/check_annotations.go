package reports

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/ptnsim/ptnsim/sim/scenario"
)

// annotationsMax is how many errors GitHub shows of one step of a job.
const annotationsMax = 10

// Annotations writes GitHub's workflow commands: an error for each scenario that did
// not pass, at its first finding or where it is broken. GitHub shows ten of a step, so
// the tenth tells of all others. Where there is none, a notice has the counts.
//
// GitHub looks for files from the repository's root on. Where the check was started in
// a folder of it, folder is its path, with slashes; else "".
func Annotations(w io.Writer, c *Checks, folder string) error {
	var troubled []*scenario.Check
	for i := range c.Checks {
		if o := c.Checks[i].Outcome; o == scenario.Failed || o == scenario.Broken {
			troubled = append(troubled, &c.Checks[i])
		}
	}
	var b bytes.Buffer
	if len(troubled) == 0 {
		fmt.Fprintf(&b, "::notice title=ptnsim check::%s\n", annotationMessage(c.Counts().verdict(unpainted)))
	}
	shown := troubled
	if len(troubled) > annotationsMax {
		shown = troubled[:annotationsMax-1]
	}
	for _, c := range shown {
		annotate(&b, c, folder)
	}
	if others := troubled[len(shown):]; len(others) > 0 {
		fmt.Fprintf(&b, "::error title=%s::%s\n", annotationProperty(fmt.Sprintf("%d more scenarios did not pass", len(others))), annotationMessage(placesOf(others)))
	}
	_, err := b.WriteTo(w)
	return err
}

// annotate writes the command of one scenario.
func annotate(b *bytes.Buffer, c *scenario.Check, folder string) {
	at := troubleAt(c)
	if !path.IsAbs(at.file) {
		at.file = path.Join(folder, at.file)
	}
	b.WriteString("::error file=" + annotationProperty(legible(at.file)))
	if at.line > 0 {
		fmt.Fprintf(b, ",line=%d", at.line)
		if at.column > 0 {
			fmt.Fprintf(b, ",col=%d", at.column)
		}
	}
	fmt.Fprintf(b, ",title=%s::%s\n", annotationProperty(legible(checkTitle(c))), annotationMessage(troubleText(c)))
}

// troubleText is why a scenario did not pass: its error, or a line a finding.
func troubleText(c *scenario.Check) string {
	var lines []string
	if c.Err != nil {
		for line := range strings.Lines(placedError(c)) {
			lines = append(lines, legible(strings.TrimSuffix(line, "\n")))
		}
	}
	shown, left := shownFindings(c)
	for i := range shown {
		lines = append(lines, tell(&shown[i]).String())
	}
	if left > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", left))
	}
	return strings.Join(lines, "\n")
}

// placesOf lists where scenarios did not pass, a line each.
func placesOf(checks []*scenario.Check) string {
	var lines []string
	for _, c := range checks[:min(len(checks), findingsMax)] {
		lines = append(lines, legible(troubleAt(c).String()))
	}
	if left := len(checks) - len(lines); left > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", left))
	}
	return strings.Join(lines, "\n")
}

// annotationMessage is a command's message, which ends with its line.
func annotationMessage(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// annotationProperty is the value of a command's property, which ends at a comma or a
// colon too.
func annotationProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(text)
}
