package roster

import (
	"math"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim"
)

// distribution is what a number of a population is drawn from: one of a parameter,
// or a length of time in ms.
type distribution struct {
	shape       shape
	low, high   float64   // the bounds, both included; of a normal its mean and its standard deviation
	least, most float64   // of a normal: what lies outside is drawn again
	values      []float64 // of a choice, all alike
}

// shape is the form of a distribution.
type shape string

const (
	uniform    shape = "uniform"
	logUniform shape = "loguniform" // the logarithm is uniform: as often from 1 to 2 as from 2 to 4
	normal     shape = "normal"
	choice     shape = "choice"
)

// drawsMax is how often is drawn again what is not allowed.
const drawsMax = 1000

// fixed is the distribution of one value.
func fixed(x float64) distribution { return distribution{shape: choice, values: []float64{x}} }

// draw draws a value, and rounds it; ok is false if the bounds of a normal leave
// out nearly all of it.
func (d *distribution) draw(r *sim.Random, round func(float64) float64) (x float64, ok bool) {
	switch d.shape {
	case uniform:
		x = d.low + float64(r.Float64()*(d.high-d.low))
	case logUniform:
		from, to := portable.Log(d.low), portable.Log(d.high)
		x = portable.Exp(from + float64(r.Float64()*(to-from)))
	case normal:
		for range drawsMax {
			if x = round(d.low + float64(r.Normal()*d.high)); d.least <= x && x <= d.most {
				return x, true
			}
		}
		return 0, false
	case choice:
		return d.values[r.IntN(len(d.values))], true
	}
	return min(max(round(x), d.low), d.high), true
}

// number draws a number of a few digits.
func (d *distribution) number(r *sim.Random) (x float64, ok bool) {
	switch d.shape {
	case uniform: // a thousandth of the range, or less
		return d.draw(r, toDecimals(3-magnitude(d.high-d.low)))
	case normal: // a hundredth of the deviation, or less
		return d.draw(r, toDecimals(2-magnitude(d.high)))
	}
	return d.draw(r, toDigits)
}

// grid draws a multiple of a step, counted from the lower bound of a uniform
// distribution, whose values are all alike; else from 0.
func (d *distribution) grid(r *sim.Random, step int64) (n int64, ok bool) {
	if d.shape == uniform {
		return int64(d.low) + step*int64(r.IntN(int((int64(d.high)-int64(d.low))/step)+1)), true
	}
	x, ok := d.draw(r, func(x float64) float64 {
		if d.shape == logUniform && step == 1 {
			x = toDigits(x)
		}
		return math.Round(x/float64(step)) * float64(step)
	})
	return int64(x), ok
}

// whole draws a whole number.
func (d *distribution) whole(r *sim.Random) (n int64, ok bool) { return d.grid(r, 1) }

// ms draws a length of time: in whole hours, minutes, seconds or ms, the longest
// of which the distribution is at least a hundred wide.
func (d *distribution) ms(r *sim.Random) (ms int64, ok bool) {
	width := d.high // a normal's deviation
	switch d.shape {
	case uniform:
		width = d.high - d.low
	case logUniform:
		width = d.low
	}
	for _, step := range [...]int64{3_600_000, 60_000, 1000} {
		if width >= 100*float64(step) {
			return d.grid(r, step)
		}
	}
	return d.grid(r, 1)
}

// toDecimals rounds to so many decimal places, none at the least.
func toDecimals(places int) func(float64) float64 {
	return func(x float64) float64 {
		return parsed(strconv.FormatFloat(x, 'f', max(places, 0), 64))
	}
}

// toDigits rounds to three significant digits.
func toDigits(x float64) float64 { return parsed(strconv.FormatFloat(x, 'e', 2, 64)) }

// parsed is a number that was written.
func parsed(text string) float64 {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic("roster: " + err.Error()) // a finite number, rounded
	}
	return x + 0 // no negative zero
}

// magnitude is the decimal exponent of a positive number: 2 of 100 to 999.
func magnitude(x float64) int {
	_, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
	n, err := strconv.Atoi(exponent)
	if err != nil {
		panic("roster: " + err.Error())
	}
	return n
}

// written is a number as people write it.
func written(x float64) string {
	format := byte('f')
	if size := math.Abs(x); x != 0 && (size < 1e-4 || size >= 1e15) {
		format = 'g'
	}
	return strconv.FormatFloat(x, format, -1, 64)
}
