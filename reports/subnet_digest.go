package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"slices"
)

// SubnetDigest names what a tournament came to: "sha256:" and the hash, in
// hexadecimal, of subnet.json with ptnsim and digest empty (""), of dataset only
// each file's pair, interval and content, and what is said for people (the
// warnings, the reasons of challenges) empty too. source_sha256 is empty as well: it
// would cover the file's comments, and what the file says of the miners is covered
// miner by miner.
//
// So it covers what [Digest] does of a run: the rules, the range, the seed, who
// took part and with which strategy and parameters; and every outcome: events,
// every setting of the weights that the history has, and of every miner its
// metrics, score, emission, return, costs and counts of orders. It covers single
// orders and checkpoints by what they add up to; population.json has them.
func SubnetDigest(s *Subnet) string { return NewSubnetDocument(s).digest() }

// Encode returns the canonical text of subnet.json, and fills in its digest.
func (d *SubnetDocument) Encode() []byte {
	d.Digest = d.digest()
	return d.text()
}

func (d *SubnetDocument) digest() string {
	plain := *d
	plain.Version, plain.Digest, plain.Source = "", "", ""
	plain.Dataset, plain.Warnings = byContent(d.Dataset), []string{}
	plain.Miners = slices.Clone(d.Miners)
	for i := range plain.Miners {
		m := &plain.Miners[i]
		m.Warnings = []string{}
		if m.Challenge != nil {
			wordless := *m.Challenge
			wordless.Reason = ""
			m.Challenge = &wordless
		}
	}
	hash := sha256.Sum256(plain.text())
	return "sha256:" + hex.EncodeToString(hash[:])
}

func (d *SubnetDocument) text() []byte {
	size := 1<<12 + 2*len(d.Rules.Text) + 2048*len(d.Miners) + 300*len(d.Events)
	for i := range d.History {
		size += 100 + 64*len(d.History[i].Miners)
	}
	e := encoder{out: make([]byte, 0, size)}
	e.document(reflect.ValueOf(d).Elem())
	return e.out
}
