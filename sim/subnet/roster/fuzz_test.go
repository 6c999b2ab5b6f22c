package roster

import (
	"errors"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules/strictyaml"
	"github.com/ptnsim/ptnsim/strategies"
)

// FuzzParse: no text makes a panic, a wrong one is told with its place, and a right
// one makes miners whose names differ. No file is read: the finder knows built-in
// strategies alone, and the archive is empty.
func FuzzParse(f *testing.F) {
	f.Add(reference)
	for _, text := range []string{
		"miners:\n  - {name: a, strategy: random, registers: {every: 6h, from: 2d}, again: 1d, seed: 5}\n  - {name: b, copies: a, delay: {normal: [1m, 1s], min: 0, max: 2m}}\n",
		"seed: 18446744073709551615\nminers: [{name: a, count: 3, strategy: crossover, params: {fast: {loguniform: [1, 1e15]}, slow: {uniform: [2, 9]}}}]",
		"miners: [{name: a, positions: a.json, clip: true, fills: simulated, miner: b}, {name: b, signals: b.csv}]",
		"miners: [{name: a, copies: b}, {name: b, copies: a}]", "miners: [{name: a, strategy: twap, params: {of: twap, of.of: {choice: [twap, random]}}}]",
		"miners: [{name: a, strategy: momentum, params: {leverage: {uniform: [1e-300, 1e-299]}, volatility: {normal: [-1e15, 1e-15]}}}]",
		"miners: [{name: a, strategy: random, registers: {uniform: [1970-01-01, 2262-01-01]}, latency: {choice: [0, 36525d]}}]",
		"description: |\n  a\nminers:\n- {}\n- name: a\n", "weights_every: 36526d\nslots: 1e3\nemission_per_day: .inf\n", "miners: [{name: a, params: {a: [{b: c}]}}]",
	} {
		f.Add(text)
	}
	find := func(spec string) (strategies.Definition, error) { return strategies.Find(spec) }
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parse("f.yaml", []byte(text), Options{Find: find, Dir: "no such folder"}, emptyArchive{})
		if err != nil {
			if _, told := errors.AsType[*strictyaml.SyntaxError](err); !told {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		miners, _, err := r.Miners(sample())
		if err != nil {
			t.Error(err)
		}
		names := make(map[string]bool)
		for _, m := range miners {
			if names[m.Name] || !validName(m.Group) || m.RegistersMS < fromMS || m.RegistersMS >= toMS || m.LatencyMS < 0 || m.DelayMS < 0 || m.AgainMS < 0 {
				t.Errorf("%+v", m)
			}
			names[m.Name] = true
		}
	})
}
