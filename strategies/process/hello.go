package process

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// protocolVersion is that of docs/protocol.md.
const protocolVersion = 1

// hello is the first message to a program.
type hello struct {
	Type      string                     `json:"type"`
	Protocol  int                        `json:"protocol"`
	Rules     string                     `json:"rules"`
	FromMS    int64                      `json:"from_ms"`
	ToMS      int64                      `json:"to_ms"`
	LatencyMS int64                      `json:"latency_ms"`
	Seed      uint64                     `json:"seed"`
	Params    map[string]json.RawMessage `json:"params"`
	Pairs     []helloPair                `json:"pairs"`
}

type helloPair struct {
	Pair       string      `json:"pair"`
	Class      string      `json:"class"`
	IntervalMS int64       `json:"interval_ms"`
	Columns    []string    `json:"columns"`
	Limits     helloLimits `json:"limits"`
}

// helloLimits are a pair's limits; nil is no bound.
type helloLimits struct {
	PositionMin  *float64 `json:"position_min"`
	PositionMax  *float64 `json:"position_max"`
	ClassMax     *float64 `json:"class_max"`
	OrderMin     *float64 `json:"order_min"`
	OrderMax     *float64 `json:"order_max"`
	Weight       *float64 `json:"weight"`
	PortfolioMax *float64 `json:"portfolio_max"`
	CooldownMS   int64    `json:"cooldown_ms"`
	Halted       bool     `json:"halted"`
}

// newHello tells a program what the run is.
func newHello(setup *sim.Setup, feeds []*sim.Feed, params []strategies.Setting) hello {
	from, to := setup.Range()
	h := hello{
		Type: "hello", Protocol: protocolVersion, Rules: setup.RulesName(),
		FromMS: from, ToMS: to, LatencyMS: setup.LatencyMS(),
		Seed:   setup.Random("process").Uint64() >> 11, // whole in a float64
		Params: make(map[string]json.RawMessage, len(params)),
		Pairs:  make([]helloPair, 0, len(feeds)),
	}
	for _, p := range params {
		h.Params[p.Name] = rawValue(p.Value)
	}
	for _, f := range feeds {
		limits, _ := setup.Limits(f.Pair())
		h.Pairs = append(h.Pairs, helloPair{
			Pair: f.Pair(), Class: f.Class().String(), IntervalMS: f.Candles().IntervalMS(),
			Columns: columnsOf(f.Candles()).names(), Limits: newHelloLimits(limits),
		})
	}
	return h
}

func newHelloLimits(l sim.PairLimits) helloLimits {
	bound := func(x float64) *float64 {
		if math.IsInf(x, 0) {
			return nil
		}
		return &x
	}
	return helloLimits{
		PositionMin: bound(l.PositionMin), PositionMax: bound(l.PositionMax), ClassMax: bound(l.ClassMax),
		OrderMin: bound(l.OrderMin), OrderMax: bound(l.OrderMax), Weight: bound(l.Weight),
		PortfolioMax: bound(l.PortfolioMax), CooldownMS: l.CooldownMS, Halted: l.Halted,
	}
}

// rawValue writes a parameter's value: numbers and truth values as such, all
// else as text.
func rawValue(text string) json.RawMessage {
	if kindOf(text) != strategies.Text {
		return json.RawMessage(text)
	}
	quoted, _ := json.Marshal(text) // of a string: can't fail
	return quoted
}

// kindOf tells what a parameter's value is by its look. A number is what any
// language would write so, and reads back as it is: 20 and 0.5, but not 0.50,
// 007 or 1e5, which may be text to the program.
func kindOf(text string) strategies.Kind {
	if text == "true" || text == "false" {
		return strategies.Switch
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		if whole := -1<<53 < n && n < 1<<53; whole && strconv.FormatInt(n, 10) == text {
			return strategies.Number
		}
		return strategies.Text
	}
	x, err := strconv.ParseFloat(text, 64)
	if plain := 1e-4 <= math.Abs(x) && math.Abs(x) < 1e15; err == nil && plain && strconv.FormatFloat(x, 'f', -1, 64) == text {
		return strategies.Number
	}
	return strategies.Text
}
