package reports

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// The plots of a subnet.
const (
	PlotSubnetRanks       Plot = "subnet-ranks"          // the rank of each miner over time
	PlotSubnetWeights     Plot = "subnet-weights"        // who gets which part of the emission, over time
	PlotSubnetLifelines   Plot = "subnet-lifelines"      // what became of each miner: challenge, main competition, out
	PlotSubnetDrawdown    Plot = "subnet-score-drawdown" // the score of each miner against its drawdown
	PlotSubnetEmission    Plot = "subnet-emission"       // how concentrated the weights are, and how they should be
	PlotSubnetPercentiles Plot = "subnet-percentiles"    // the percentile of each miner by each metric
)

// SubnetPlots lists every plot of a subnet.
func SubnetPlots() []Plot {
	return []Plot{PlotSubnetRanks, PlotSubnetWeights, PlotSubnetLifelines, PlotSubnetDrawdown, PlotSubnetEmission, PlotSubnetPercentiles}
}

// WriteSubnetPlots draws a subnet's plots into a folder that exists, and returns
// the names of the files: "subnet-ranks.png". Where it fails it leaves what it
// wrote. All are as wide as those of a run; how high they are depends on what
// there is to show.
func WriteSubnetPlots(dir string, s *Subnet, o PlotOptions) (files []string, err error) {
	return writePlotSet(dir, SubnetPlots(), o, func(w io.Writer, plot Plot, format PlotFormat) error {
		return WriteSubnetPlot(w, s, plot, format, o.Note)
	})
}

// WriteSubnetPlot draws one plot of a subnet. The same subnet gives the same
// bytes.
func WriteSubnetPlot(w io.Writer, s *Subnet, plot Plot, format PlotFormat, note string) error {
	var p picture
	switch plot {
	case PlotSubnetRanks:
		p = newRanksChart(s)
	case PlotSubnetWeights:
		p = newWeightsChart(s)
	case PlotSubnetLifelines:
		p = newLifelinesChart(s)
	case PlotSubnetDrawdown:
		p = newScoreChart(s)
	case PlotSubnetEmission:
		p = newEmissionChart(s)
	case PlotSubnetPercentiles:
		p = newPercentilesChart(s)
	default:
		return fmt.Errorf("found the plot %q, expected one of %v", plot, SubnetPlots())
	}
	return writeChart(w, p, format, note)
}

// picture is a plot that knows its height before it is drawn.
type picture interface {
	height() vg.Length
	draw(s *sheet)
}

func writeChart(w io.Writer, p picture, format PlotFormat, note string) error {
	return writePicture(w, p.height(), format, func(s *sheet) error {
		p.draw(s)
		s.note(note)
		return nil
	})
}

// writePlotSet writes the plots that o chooses, or all, into a folder.
func writePlotSet(dir string, all []Plot, o PlotOptions, write func(w io.Writer, plot Plot, format PlotFormat) error) (files []string, err error) {
	plots, formats := o.Plots, o.Formats
	if plots == nil {
		plots = all
	}
	if formats == nil {
		formats = []PlotFormat{PNG, SVG}
	}
	for _, plot := range plots {
		for _, format := range formats {
			name := string(plot) + "." + string(format)
			err := writeBuffered(filepath.Join(dir, name), func(w io.Writer) error { return write(w, plot, format) })
			if err != nil {
				return files, fmt.Errorf("plot %s: %w", plot, err)
			}
			files = append(files, name)
		}
	}
	return files, nil
}

func writeBuffered(path string, write func(w io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// heading is the head of a plot: what it shows as a sentence, what it is made of,
// and the key figures.
type heading struct {
	title string
	parts []string
	keys  []keyText // from right to left
}

// keyText is a key figure: a number, and what it is.
type keyText struct{ name, value string }

func (s *sheet) heading(h heading) {
	top := s.Max.Y - 28
	right := plotWidth - marginSide
	for _, k := range h.keys {
		right = s.keyFigure(right, top, k.name, k.value)
	}
	title := lettering{size: sizeTitle, ink: inkText, bold: true}
	text := legible(h.title)
	for title.size > 12.5 && s.face(title).Width(text) > right-marginSide {
		title.size -= 0.5
	}
	s.text(title, vg.Point{X: marginSide, Y: top}, s.fit(title, text, right-marginSide))
	var parts []string
	for _, part := range h.parts {
		if part != "" {
			parts = append(parts, legible(part))
		}
	}
	l := lettering{size: sizeText, ink: inkMuted}
	s.text(l, vg.Point{X: marginSide, Y: top - 16}, s.fit(l, strings.Join(parts, "  ·  "), right-marginSide))
}

// below is a panel from the sheet's head to that far above its bottom.
func (s *sheet) below(left, right, bottom vg.Length) *panel {
	return &panel{sheet: s, x: scale{0, 1}, y: scale{0, 1}, area: vg.Rectangle{
		Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: plotWidth - right, Y: s.Max.Y - marginTop},
	}}
}

// roomFor is the height that rows get: no less than a message needs that there are
// none.
func roomFor(rows vg.Length) vg.Length { return max(rows, 52) }

// subnetParts is what a subnet was: its name, the rules, how many miners, the
// range.
func subnetParts(s *Subnet) []string {
	return []string{s.Name, setName(s.Rules), count(len(s.Result.Miners), "miner"), rangeText(s.Result.FromMS, s.Result.ToMS)}
}

func setName(r *rules.Resolved) string {
	if r == nil || r.Set == nil {
		return ""
	}
	return r.Set.Name
}

// subnetRules are the rules that a subnet was played by; nil if they are not
// known.
func subnetRules(s *Subnet) *rules.Set {
	if s.Rules != nil && s.Rules.Set != nil {
		return s.Rules.Set
	}
	return s.Result.Rules
}

// judgements are how the miners stand at the end, in the order of their names.
func judgements(r *subnet.Result) scoring.Judgements {
	if r.Standing == nil {
		return nil
	}
	return r.Standing.Miners
}

// shortName is a miner's name for a title, at most so many letters long.
func shortName(name string, most int) string {
	runes := []rune(legible(name))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}

// noWeights is why a plot of weights is empty.
func noWeights(r *subnet.Result) string {
	if len(r.Miners) == 0 {
		return "no miner registered"
	}
	return "no weights were set"
}

// historyAxis is the time axis of the settings of weights.
func historyAxis(r *subnet.Result) scale {
	return scale{float64(r.FromMS), float64(max(r.ToMS, r.FromMS+1))}
}

// placeOf is how a miner stood at one setting of the weights; nil if it had no
// slot then.
func placeOf(round *subnet.Round, miner int) *subnet.Place {
	at, found := slices.BinarySearchFunc(round.Places, miner, func(p subnet.Place, m int) int { return p.Miner - m })
	if !found {
		return nil
	}
	return &round.Places[at]
}
