package reports

import (
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// DiffFigure is one of the numbers, or words, that tell most of a result.
type DiffFigure struct {
	DiffField
	unit figureUnit
}

// figureUnit is how people see a figure.
type figureUnit uint8

const (
	unitNumber   figureUnit = iota
	unitFactor              // a return: 1.05 is +5.00 %
	unitFraction            // a drawdown: 0.05 is 5.00 %
	unitWhole
	unitText
)

// cells are the two values and their difference.
func (f *DiffFigure) cells() (a, b, difference Cell) {
	if f.unit == unitText {
		difference = TextCell("")
		if f.A != f.B {
			difference = TextCell("differs")
		}
		return f.cell(f.A), f.cell(f.B), difference
	}
	show, distance := figure, beyond
	switch f.unit {
	case unitFactor:
		show, distance = func(x float64) string { return change(x - 1) }, exactPoints
	case unitFraction:
		show, distance = percent, exactPoints
	case unitWhole:
		show, distance = plain, func(x float64) string { return more(int(x)) }
	}
	x, y := f.numbers()
	cell := func(v scoring.Value, text func(float64) string) Cell {
		n, known := v.Get()
		if !known {
			return Cell{}
		}
		return numberCell(n, text)
	}
	difference = cell(f.Distance, distance)
	if n, known := f.Distance.Get(); known && n == 0 {
		difference = TextCell("")
	}
	return cell(x, show), cell(y, show), difference
}

// exactPoints is a difference in percentage points; of a last bit too.
func exactPoints(x float64) string {
	if x > 0 {
		return "+" + exactPoints(-x)[1:]
	}
	text := percent(x)
	return text[:len(text)-1] + "pp"
}

// numbers are the values as numbers, unknown where they are none.
func (f *DiffFigure) numbers() (a, b scoring.Value) {
	return numberOf(f.A), numberOf(f.B)
}

func numberOf(value string) (v scoring.Value) {
	if err := v.UnmarshalJSON([]byte(value)); err != nil {
		return scoring.Value{}
	}
	return v
}

// figures collects headline numbers.
type figures []DiffFigure

func (fs *figures) value(name string, unit figureUnit, a, b scoring.Value) {
	*fs = append(*fs, DiffFigure{numberField(name, a, b), unit})
}

func (fs *figures) number(name string, unit figureUnit, a, b float64) {
	fs.value(name, unit, scoring.Known(a), scoring.Known(b))
}

func (fs *figures) whole(name string, a, b int) {
	fs.number(name, unitWhole, float64(a), float64(b))
}

func (fs *figures) text(name string, a, b string) {
	of := func(text string) string {
		if text == "" {
			return "null"
		}
		return stringText(text)
	}
	*fs = append(*fs, DiffFigure{DiffField{Name: name, A: of(a), B: of(b)}, unitText})
}

// runFigures are the headline numbers of a run.
func runFigures(a, b *Document) []DiffFigure {
	var fs figures
	fs.number("final return", unitFactor, a.FinalReturn, b.FinalReturn)
	fs.number("max drawdown", unitFraction, a.MaxDrawdown, b.MaxDrawdown)
	fs.number("drawdown of the run", unitFraction, a.RunDrawdown, b.RunDrawdown)
	fs.whole("full days", a.Days, b.Days)
	before, after := a.Metrics.metrics(), b.Metrics.metrics()
	for _, m := range scoring.AllMetrics() {
		fs.value(m.String(), unitNumber, before[m], after[m])
	}
	fs.number("penalty factor", unitNumber, a.Penalties.Total, b.Penalties.Total)
	fs.whole("orders", a.Counts.Orders, b.Counts.Orders)
	fs.whole("orders filled", a.Counts.Accepted+a.Counts.Clamped, b.Counts.Accepted+b.Counts.Clamped)
	fs.whole("orders rejected", a.Counts.Rejected, b.Counts.Rejected)
	fs.whole("positions", len(a.Positions), len(b.Positions))
	fs.number("carry", unitFraction, a.Costs.Carry, b.Costs.Carry)
	fs.number("transaction fee", unitFraction, a.Costs.TransactionFee, b.Costs.TransactionFee)
	fs.number("slippage estimate", unitFraction, a.Costs.SlippageEstimate, b.Costs.SlippageEstimate)
	when, why := eliminatedText(a.Elimination)
	whenB, whyB := eliminatedText(b.Elimination)
	fs.text("eliminated", when, whenB)
	fs.text("eliminated for", why, whyB)
	fs.text("challenge", string(a.Challenge.Verdict), string(b.Challenge.Verdict))
	fs.against(a.Against, b.Against)
	return fs
}

// against are those of a strategy in a population.
func (fs *figures) against(a, b *DocumentAgainst) {
	if a == nil && b == nil {
		return
	}
	var rank, share [2]scoring.Value
	for i, d := range []*DocumentAgainst{a, b} {
		if d == nil {
			continue
		}
		share[i] = scoring.Known(d.Share)
		if d.Rank != nil {
			rank[i] = scoring.Known(float64(*d.Rank))
		}
	}
	fs.value("rank", unitWhole, rank[0], rank[1])
	fs.value("emission share", unitFraction, share[0], share[1])
}

func eliminatedText(e *DocumentElimination) (when, why string) {
	if e == nil {
		return "", ""
	}
	return instant(e.TimeMS), string(e.Reason)
}

// subnetFigures are the headline numbers of a tournament.
func subnetFigures(a, b *SubnetDocument) []DiffFigure {
	var fs figures
	fs.whole("miners registered", a.Counts.Registered, b.Counts.Registered)
	fs.whole("in the main competition", a.Counts.Main, b.Counts.Main)
	fs.whole("in the challenge", a.Counts.Challenge, b.Counts.Challenge)
	fs.whole("eliminated", a.Counts.Eliminated, b.Counts.Eliminated)
	fs.whole("deregistered", a.Counts.Deregistered, b.Counts.Deregistered)
	fs.whole("promoted", a.Counts.Promoted, b.Counts.Promoted)
	fs.whole("slots lost", a.Counts.SlotsLost, b.Counts.SlotsLost)
	fs.whole("refused", a.Counts.Refused, b.Counts.Refused)
	fs.number("emission", unitNumber, a.Emission, b.Emission)
	fs.value("concentration", unitFraction, a.Concentration, b.Concentration)
	fs.value("gini", unitNumber, a.Gini, b.Gini)
	return fs
}
