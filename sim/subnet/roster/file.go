package roster

import (
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
)

// Limits of a subnet file, far above what one needs.
const (
	bytesMax     = 1 << 20
	minersMax    = 10_000
	paramsMax    = 256 // of a miner, and what a distribution chooses from
	nameMax      = 64  // characters of a miner's name
	paramNameMax = 128 // bytes; it has a part for each wrapper around a wrapper
	slotsMax     = 1 << 16
	amountMax    = 1e15 // of an emission, a fee, and of the bounds of a distribution
	pathMax      = 4096 // bytes
	aboutAFile   = "a subnet: miners, a list of miners and populations"
)

// file is what a subnet file says, before anything that it names is looked at.
type file struct {
	roster Roster
	groups []groupFile
}

// reader reads the values of a subnet file.
type reader struct{ strictyaml.Reader }

// place is where a value stands.
type place = strictyaml.Place

type key = strictyaml.Key

// parseFile reads the text of a file; it opens nothing.
func parseFile(name string, text []byte) (*file, error) {
	r := &reader{strictyaml.Reader{Text: strictyaml.Text{File: name, Holds: "subnet", BytesMax: bytesMax, Source: string(text)}}}
	root := r.Root(aboutAFile)
	if r.Err() != nil {
		return nil, r.Err()
	}
	f := &file{roster: Roster{Name: strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))}}
	var miners ast.Node
	of := &f.roster
	r.Mapping(root, "", []key{
		{Name: "name", Read: func(n ast.Node, path string) { r.String(n, path, &of.Name) }},
		{Name: "description", Read: func(n ast.Node, path string) { r.prose(n, path, &of.Description) }},
		{Name: "seed", Read: func(n ast.Node, path string) { r.seed(n, path, &of.Seed) }},
		{Name: "weights_every", Read: func(n ast.Node, path string) { r.every(n, path, &of.WeightsEveryMS) }},
		{Name: "challenge_every", Read: func(n ast.Node, path string) { r.every(n, path, &of.ChecksEveryMS) }},
		{Name: "emission_per_day", Read: func(n ast.Node, path string) {
			r.amount(n, path, math.SmallestNonzeroFloat64, "a number over 0", &of.EmissionPerDay)
		}},
		{Name: "registration_fee", Read: func(n ast.Node, path string) { r.amount(n, path, 0, "a number, 0 or more", &of.RegistrationFee) }},
		{Name: "slots", Read: func(n ast.Node, path string) { r.whole(n, path, slotsMax, &of.Slots) }},
		{Name: "miners", Read: func(n ast.Node, _ string) { miners = n }},
	})
	if r.Err() == nil && miners == nil {
		r.Wrong(root, "", "no miners", "miners: a list of miners and populations")
	}
	if r.Err() != nil {
		return nil, r.Err()
	}
	for i, item := range r.List(miners, "miners", minersMax) {
		if r.Err() != nil {
			break
		}
		f.groups = append(f.groups, r.group(item, fmt.Sprintf("miners[%d]", i)))
	}
	if r.Err() == nil && len(f.groups) == 0 {
		r.Wrong(miners, "miners", "an empty list", "at least one miner")
	}
	return f, r.Err()
}

// prose reads a text that may be a block of lines.
func (r *reader) prose(node ast.Node, path string, to *string) {
	if block, ok := node.(*ast.LiteralNode); ok {
		*to = strings.TrimSpace(block.Value.Value)
		return
	}
	r.String(node, path, to)
}

// seed reads any whole number of 64 bits.
func (r *reader) seed(node ast.Node, path string, to *uint64) {
	text, ok := strictyaml.Decimal(node)
	n, err := strconv.ParseUint(text, 10, 64)
	if !ok || err != nil {
		r.Mistyped(node, path, "a whole number from 0 to 18446744073709551615")
		return
	}
	*to = n
}

// whole reads a whole number from 1 to most.
func (r *reader) whole(node ast.Node, path string, most int, to *int) {
	text, ok := strictyaml.Decimal(node)
	n, err := strconv.Atoi(text)
	if !ok || err != nil || n < 1 || n > most {
		r.Mistyped(node, path, fmt.Sprintf("a whole number from 1 to %d", most))
		return
	}
	*to = n
}

// amount reads a number, from least on, of the unit in which emissions are paid.
func (r *reader) amount(node ast.Node, path string, least float64, expected string, to *float64) {
	var x float64
	r.Number(node, path, &x)
	switch {
	case r.Err() != nil:
	case x < least || x > amountMax:
		r.Mistyped(node, path, fmt.Sprintf("%s, at most %g", expected, float64(amountMax)))
	default:
		*to = x + 0 // no negative zero
	}
}

// every reads a time between two events.
func (r *reader) every(node ast.Node, path string, to *int64) {
	const least = 60_000
	if ms, ok := r.duration(node, path); ok && ms < least {
		r.Wrong(node, path, rules.Duration(ms).String(), "a time of a minute or more, such as 5m or 1d")
	} else if ok {
		*to = ms
	}
}
