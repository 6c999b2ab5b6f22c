package audit

import (
	"fmt"
	"slices"
	"strings"
)

// Choice is what is done about a kind of problem.
type Choice string

// The choices.
const (
	Fail Choice = "fail" // refuse the candles at the first place
	Keep Choice = "keep" // take them as they are; of a duplicate, the first of the two
	Drop Choice = "drop" // leave the candles out
	Fill Choice = "fill" // put flat candles at the last close in their place
)

// Policies say what an import does about problems. The zero Policies are the
// defaults: fail, but keep candles of a closed market. The text form of a field
// is that of the command's flags and of the manifest.
type Policies struct {
	// OnDuplicate is about a time that comes twice. Keep keeps the first of
	// identical candles and refuses conflicting ones; Drop keeps the first whatever
	// the others say. Fail, Keep, Drop; "" = Fail.
	OnDuplicate Choice
	// OnGap is about open-market time without candles beyond the tolerance. Fill
	// also fills the shorter gaps: with flat candles at the last close and no
	// volume, in the open market only. Fail, Keep, Fill; "" = Fail.
	OnGap Choice
	// OnSpike is about prices that leave and come back within a few candles.
	// Fail, Keep, Drop, Fill; "" = Fail.
	OnSpike Choice
	// OnClosed is about candles while the market is closed. Fail, Keep, Drop;
	// "" = Keep.
	OnClosed Choice
	// OnBad is about rows that are no candles: off the grid, out of order, not
	// finite, not positive, inconsistent. Fail, Drop; "" = Fail.
	OnBad Choice
	// OnClock is about times that the market's hours show to be of another clock
	// than the one that they were read with (TimeZone). Fail, Keep; "" = Fail.
	OnClock Choice
	// OnScale is about prices on a wrong scale: that jump by a power of ten for
	// good, or most of which are outside what the pair ever traded at (Scale).
	// Fail, Keep; "" = Fail.
	OnScale Choice
}

// policyField is one field of Policies with what it may be.
type policyField struct {
	flag    string
	choice  *Choice
	allowed []Choice // the first is the default
}

func (p *Policies) fields() []policyField {
	return []policyField{
		{"on-duplicate", &p.OnDuplicate, []Choice{Fail, Keep, Drop}},
		{"on-gap", &p.OnGap, []Choice{Fail, Keep, Fill}},
		{"on-spike", &p.OnSpike, []Choice{Fail, Keep, Drop, Fill}},
		{"on-closed", &p.OnClosed, []Choice{Keep, Drop, Fail}},
		{"on-bad", &p.OnBad, []Choice{Fail, Drop}},
		{"on-clock", &p.OnClock, []Choice{Fail, Keep}},
		{"on-scale", &p.OnScale, []Choice{Fail, Keep}},
	}
}

// PolicyFlags lists the names of the flags in the order of Policies, without
// dashes, each with its choices, the default first.
func PolicyFlags() (names []string, choices [][]Choice) {
	var p Policies
	for _, f := range p.fields() {
		names, choices = append(names, f.flag), append(choices, f.allowed)
	}
	return names, choices
}

// Set sets the policy of a flag, named without dashes, from its text.
func (p *Policies) Set(flag, choice string) error {
	for _, f := range p.fields() {
		if f.flag != flag {
			continue
		}
		if !slices.Contains(f.allowed, Choice(choice)) {
			return fmt.Errorf("found %q, expected %s", choice, listChoices(f.allowed))
		}
		*f.choice = Choice(choice)
		return nil
	}
	return fmt.Errorf("there is no policy %q", flag)
}

// Map is the policies in force, flag without dashes → choice, for the manifest.
func (p Policies) Map() map[string]string {
	p, _ = p.withDefaults()
	m := make(map[string]string)
	for _, f := range p.fields() {
		m[f.flag] = string(*f.choice)
	}
	return m
}

// String is the policies in force as flags.
func (p Policies) String() string {
	p, _ = p.withDefaults()
	var words []string
	for _, f := range p.fields() {
		words = append(words, "--"+f.flag+" "+string(*f.choice))
	}
	return strings.Join(words, " ")
}

// withDefaults fills the empty fields in and reports the first that can't be.
func (p Policies) withDefaults() (Policies, error) {
	for _, f := range p.fields() {
		if *f.choice == "" {
			*f.choice = f.allowed[0]
		}
		if !slices.Contains(f.allowed, *f.choice) {
			return p, fmt.Errorf("--%s: found %q, expected %s", f.flag, *f.choice, listChoices(f.allowed))
		}
	}
	return p, nil
}

func listChoices(choices []Choice) string {
	var words []string
	for _, c := range choices {
		words = append(words, string(c))
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
