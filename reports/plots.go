package reports

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/ptnsim/ptnsim/sim"
)

// Plot names a plot of a run; it is its file's name too.
type Plot string

// The plots.
const (
	PlotEquity Plot = "equity" // equity, orders and drawdown over time
	PlotDaily  Plot = "daily"  // daily returns over time, and their distribution
	PlotPairs  Plot = "pairs"  // the return of each pair
	PlotCosts  Plot = "costs"  // costs over time, by kind
)

// Plots lists every plot.
func Plots() []Plot { return []Plot{PlotEquity, PlotDaily, PlotPairs, PlotCosts} }

// PlotFormat is a picture's format; it is its file's extension too.
type PlotFormat string

// The formats.
const (
	PNG PlotFormat = "png" // 1600 × 900 pixels
	SVG PlotFormat = "svg" // set in Liberation Sans, or what is alike: Arial, Helvetica
)

// PlotOptions say what to draw. The zero value draws every plot as PNG and SVG.
type PlotOptions struct {
	Plots   []Plot       // nil: all
	Formats []PlotFormat // nil: PNG and SVG
	Note    string       // under each plot: "synthetic data"; "": nothing
}

// WritePlots draws a run's plots into a folder that exists, and returns the
// names of the files: "equity.png". Where it fails it leaves what it wrote.
func WritePlots(dir string, run Run, o PlotOptions) (files []string, err error) {
	plots, formats := o.Plots, o.Formats
	if plots == nil {
		plots = Plots()
	}
	if formats == nil {
		formats = []PlotFormat{PNG, SVG}
	}
	for _, plot := range plots {
		for _, format := range formats {
			name := string(plot) + "." + string(format)
			if err := writePlotFile(filepath.Join(dir, name), run, plot, format, o.Note); err != nil {
				return files, err
			}
			files = append(files, name)
		}
	}
	return files, nil
}

func writePlotFile(path string, run Run, plot Plot, format PlotFormat, note string) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("plot %s: %w", plot, err)
	}
	w := bufio.NewWriter(f)
	err = WritePlot(w, run, plot, format, note)
	if err == nil {
		err = w.Flush()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// WritePlot draws one plot of a run. The same run gives the same bytes.
func WritePlot(w io.Writer, run Run, plot Plot, format PlotFormat, note string) error {
	return writePicture(w, plotHeight, format, func(s *sheet) error { return s.plot(run, plot, note) })
}

// writePicture has a sheet of the plots' width drawn, and writes it in a format.
func writePicture(w io.Writer, height vg.Length, format PlotFormat, draw func(*sheet) error) error {
	switch format {
	case PNG:
		c := vgimg.NewWith(vgimg.UseWH(plotWidth, height), vgimg.UseDPI(plotDPI))
		if _, err := drawSheet(c, height, draw); err != nil {
			return err
		}
		return encodePNG(w, c.Image())
	case SVG:
		c := vgsvg.New(plotWidth, height)
		s, err := drawSheet(c, height, draw)
		if err != nil {
			return err
		}
		return encodeSVG(w, c, s.widths)
	}
	return fmt.Errorf("found the plot format %q, expected %s or %s", format, PNG, SVG)
}

func drawSheet(c vg.Canvas, height vg.Length, draw func(*sheet) error) (*sheet, error) {
	s, err := newSheet(c, height)
	if err != nil {
		return nil, err
	}
	s.fill(inkPaper, s.Rectangle)
	return s, draw(s)
}

// encodePNG trades a little size for much time.
func encodePNG(w io.Writer, img image.Image) error {
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	return e.Encode(w, img)
}

// encodeSVG names the faces that serve where Liberation Sans is not installed,
// and holds each text to the width that the plot was laid out with.
func encodeSVG(w io.Writer, c *vgsvg.Canvas, widths []vg.Length) error {
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	const (
		family   = "font-family:Liberation Sans;"
		families = "font-family:'Liberation Sans',Arimo,Arial,Helvetica,sans-serif;"
		open     = "<text "
	)
	parts := strings.Split(strings.ReplaceAll(b.String(), family, families), open)
	out := bufio.NewWriter(w)
	fmt.Fprint(out, parts[0])
	for i, part := range parts[1:] {
		fmt.Fprintf(out, "%stextLength=\"%.2f\" lengthAdjust=\"spacingAndGlyphs\" %s", open, widths[i].Points(), part)
	}
	return out.Flush()
}

func (s *sheet) plot(run Run, plot Plot, note string) error {
	switch plot {
	case PlotEquity:
		s.equity(run)
	case PlotDaily:
		s.daily(run)
	case PlotPairs:
		s.pairs(run)
	case PlotCosts:
		s.costs(run)
	default:
		return fmt.Errorf("found the plot %q, expected one of %v", plot, Plots())
	}
	s.note(note)
	return nil
}

// note writes at the bottom of the sheet what the reader should know.
func (s *sheet) note(text string) {
	s.text(lettering{size: sizeSmall, ink: inkMuted}, vg.Point{X: marginSide, Y: 9}, legible(text))
}

// marginSide is where titles and notes start, and end.
const marginSide vg.Length = 20

// header writes a plot's title, what it is a plot of, and the key figures.
func (s *sheet) header(title string, run Run) {
	top := plotHeight - 28
	right := plotWidth - marginSide
	right = s.keyFigure(right, top, "max drawdown", percentText(runDrawdown(run.Result)))
	right = s.keyFigure(right, top, "return", changeText(run.Result.FinalReturn-1))
	s.text(lettering{size: sizeTitle, ink: inkText, bold: true}, vg.Point{X: marginSide, Y: top}, title)
	l := lettering{size: sizeText, ink: inkMuted}
	s.text(l, vg.Point{X: marginSide, Y: top - 16}, s.fit(l, describe(run), right-marginSide))
}

// keyFigure writes a number and under it what it is, ending at right; it returns
// where the next one may end.
func (s *sheet) keyFigure(right, y vg.Length, name, value string) vg.Length {
	number := lettering{size: sizeKey, ink: inkText, bold: true, hang: 1}
	under := lettering{size: sizeSmall, ink: inkMuted, hang: 1}
	s.text(number, vg.Point{X: right, Y: y}, value)
	s.text(under, vg.Point{X: right, Y: y - 16}, name)
	return right - max(s.face(number).Width(value), s.face(under).Width(name)) - 22
}

// describe is what a run was: strategy, rules, range.
func describe(run Run) string {
	strategy := run.Strategy
	for _, p := range run.Params {
		if p.Value != "" {
			strategy += " " + p.Name + "=" + p.Value
		}
	}
	challenge := ""
	if run.As == sim.InChallenge {
		challenge = "challenge period"
	}
	var parts []string
	for _, part := range []string{strategy, ruleSetName(run), challenge, rangeText(run.Result.FromMS, run.Result.ToMS)} {
		if part != "" {
			parts = append(parts, legible(part))
		}
	}
	return strings.Join(parts, "  ·  ")
}

func ruleSetName(run Run) string {
	if run.Rules == nil || run.Rules.Set == nil {
		return ""
	}
	return run.Rules.Set.Name
}

// rangeText writes a range of days, or of times within one day.
func rangeText(fromMS, toMS int64) string {
	const day, clock = "2 Jan 2006", "15:04"
	from, to := time.UnixMilli(fromMS).UTC(), time.UnixMilli(max(fromMS, toMS-1)).UTC()
	if from.Format(day) != to.Format(day) {
		return from.Format(day) + " – " + to.Format(day)
	}
	if toMS-fromMS == dayMS {
		return from.Format(day)
	}
	return from.Format(day) + ", " + from.Format(clock) + " – " + time.UnixMilli(toMS).UTC().Format(clock) + " UTC"
}

// legible leaves out what no typeface can show, no SVG may hold, and no terminal should
// see of a text that is somebody else's.
func legible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != unicode.ReplacementChar {
			return r
		}
		return ' '
	}, text)
}

// life is the part of a run's range that its plots show: all of it, or up to a
// little after an elimination.
func life(res *sim.Result) (x scale, endMS int64) {
	from, to, end := res.FromMS, max(res.ToMS, res.FromMS+1), res.ToMS
	if e := res.Elimination; e != nil && e.TimeMS < to {
		end = max(e.TimeMS, from)
		to = min(to, end+max((end-from)/12, 60*60_000))
	}
	return scale{float64(from), float64(to)}, end
}
