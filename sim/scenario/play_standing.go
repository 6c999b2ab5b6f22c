package scenario

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// standing scores a population.
func (g *game) standing() error {
	s, play := g.scenario, g.play
	if err := g.open(g.overrides()); err != nil {
		return err
	}
	population, err := g.population()
	if err == nil {
		play.FromMS, play.ToMS = population.EvaluationMS, population.EvaluationMS
		play.Standing, err = scoring.Score(play.Rules.Set, *population)
	}
	if err != nil {
		return g.because(s.Actor.At, "score", err)
	}
	play.Digest = StandingDigest(fact.Of(fact.OfStanding(play.Standing, "")))
	facts := fact.OfStanding(play.Standing, play.Digest)
	play.Facts, play.Came = fact.Of(facts), cameOfStanding(&facts)
	return nil
}

// population is who is scored.
func (g *game) population() (*scoring.Population, error) {
	a := &g.scenario.Actor
	if a.Population != nil {
		return a.Population, nil
	}
	path := g.path(a.PopulationFile)
	file, err := scoring.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	population, err := scoring.Read(file, scoring.FileID(path), g.player.library.Vouch)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &population, nil
}

// StandingDigest names what the scoring of a population came to: "sha256:" and the
// hash, in hexadecimal, of its facts as JSON, an object with the names of docs/scenarios.md
// as keys in their order, numbers with all their digits, times and lengths in ms, null
// for what does not exist; without spaces, and without the digest and the warnings:
// better words give no other digest.
//
// So it covers the standing of every miner (state, metrics, percentiles, penalties,
// score, weight, rank, challenge) and the concentration. It does not cover the rule set
// and the ledgers as such, only what they came to.
func StandingDigest(standing fact.Node) string {
	var text bytes.Buffer
	writeFact(&text, standing)
	sum := sha256.Sum256(text.Bytes())
	return "sha256:" + hex.EncodeToString(sum[:])
}

// writeFact writes a fact as JSON.
func writeFact(to *bytes.Buffer, n fact.Node) {
	switch {
	case n.Null():
		to.WriteString("null")
	case n.Shape().Sort == fact.Group:
		separator := byte('{')
		for i, f := range n.Shape().Fields {
			if slices.Contains([]string{"digest", "warnings"}, f.Name) {
				continue
			}
			to.WriteByte(separator)
			separator = ','
			writeText(to, f.Name)
			to.WriteByte(':')
			writeFact(to, n.Field(i))
		}
		to.WriteByte('}')
	case n.Shape().Sort == fact.List:
		to.WriteByte('[')
		for i := range n.Len() {
			if i > 0 {
				to.WriteByte(',')
			}
			writeFact(to, n.At(i))
		}
		to.WriteByte(']')
	default:
		writeValue(to, n.Value())
	}
}

func writeValue(to *bytes.Buffer, v condition.Value) {
	switch v.Kind {
	case condition.Number:
		to.Write(strconv.AppendFloat(nil, v.Number, 'g', -1, 64))
	case condition.Whole, condition.Instant, condition.Date, condition.Length:
		to.Write(strconv.AppendInt(nil, v.Whole, 10))
	case condition.YesNo:
		to.Write(strconv.AppendBool(nil, v.Yes))
	default:
		writeText(to, v.Text)
	}
}

// writeText writes a text in quotes.
func writeText(to *bytes.Buffer, text string) {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // no text can't be written
	}
	to.Write(quoted)
}
