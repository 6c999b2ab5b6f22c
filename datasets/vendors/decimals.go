package vendors

import (
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// decimals finds out whether prices have decimal commas, as spreadsheets of half
// of Europe write them: 92792,05. Only a file that is not separated by commas can,
// and only one whose prices have no dot and at most one comma each. Where every
// comma has three digits behind it, it may as well group thousands: then the class
// of the pair or the user decides.
func (p *plan) decimals(s *sheet, o Options) error {
	if p.separator == ',' {
		return nil
	}
	commas, thousands := 0, true
	sample, line := "", int64(0)
	for i, row := range s.rows {
		for _, at := range p.priceFields() {
			if at >= len(row) || unknownNumber(row[at]) {
				continue
			}
			whole, fraction, comma := strings.Cut(row[at], ",")
			if strings.ContainsAny(row[at], ".eE") || strings.Contains(fraction, ",") {
				return nil
			}
			if !comma {
				continue
			}
			whole = strings.TrimPrefix(whole, "-")
			thousands = thousands && len(fraction) == 3 && len(whole) <= 3 && whole != "" && whole[0] != '0'
			if commas++; commas == 1 {
				sample, line = row[at], s.lines[i]
			}
		}
	}
	switch {
	case commas == 0:
		return nil
	case !thousands, o.PriceScale == 1, p.underThousand():
		p.decimalComma = true
		p.note("decimal commas")
		return nil
	}
	return &datasets.Refusal{File: s.in.String(), Line: line, Problem: datasets.ErrSyntax, Found: "the price " + quoted(sample) + ", and others like it",
		Expected: "prices of which one can tell whether a comma is the decimal point or groups thousands",
		Remedy:   "state --price-scale 1 if it is the decimal point; else write the file without thousands separators"}
}

// priceFields are the fields of prices.
func (p *plan) priceFields() []int {
	var fields []int
	for k, at := range p.index {
		if at >= 0 && k != volumeAt {
			fields = append(fields, at)
		}
	}
	if p.both {
		fields = append(fields, p.asks[:]...)
	}
	return fields
}

// underThousand reports whether the file is of currencies, no metal, none of which
// costs thousands of another in these units.
func (p *plan) underThousand() bool {
	pair, _, ok := PairOf(p.Symbol, market.Pairs())
	return ok && pair.Class == market.Forex && !pair.Metal()
}

// withPoint appends a number with its decimal comma as a point; ok is false for
// one that has a point, or two commas.
func withPoint(to, field []byte) (number []byte, ok bool) {
	commas := 0
	for _, c := range field {
		switch c {
		case '.':
			return to, false
		case ',':
			commas++
			c = '.'
		}
		to = append(to, c)
	}
	return to, commas <= 1
}
