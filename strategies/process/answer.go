package process

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
)

// ordersMax bounds the orders of one answer, and uuidMax the length of an
// order's uuid.
const (
	ordersMax = 1000
	uuidMax   = 100
)

// answer is what a program decided.
type answer struct {
	Type     string  `json:"type"`
	NowMS    int64   `json:"now_ms"`
	Orders   []order `json:"orders"`
	WakeAtMS int64   `json:"wake_at_ms"`
}

// order is one order of an answer: by its type, or to a target, or to reduce.
type order struct {
	Pair      string   `json:"pair"`
	OrderType string   `json:"order_type"`
	Leverage  *float64 `json:"leverage"`
	UUID      string   `json:"uuid"`
	Target    *float64 `json:"target"`
	Reduce    *float64 `json:"reduce"`

	kind     sim.OrderType // by OrderType
	leverage float64       // signed, by Leverage
}

// parseAnswer reads the answer to the question of nowMS, in a run that has candles
// of some pairs. Its errors are Failures.
func parseAnswer(line []byte, nowMS int64, pairs []string) (*answer, error) {
	if bytes.Equal(line, nothing(nowMS)) {
		return &answer{NowMS: nowMS}, nil
	}
	if err := expect(line, "orders"); err != nil {
		return nil, err
	}
	var a answer
	if err := strictly(line, &a); err != nil {
		return nil, malformed(line, "orders", err)
	}
	switch {
	case a.NowMS != nowMS:
		return nil, wrong(fmt.Sprintf("an answer with now_ms %d", a.NowMS), fmt.Sprintf("%d, as in the question", nowMS),
			"write one answer to each question, when it is asked")
	case a.WakeAtMS != 0 && a.WakeAtMS <= nowMS:
		return nil, wrong(fmt.Sprintf("wake_at_ms %d", a.WakeAtMS), fmt.Sprintf("an instant after now, which is %d", nowMS), "")
	case len(a.Orders) > ordersMax:
		return nil, wrong(fmt.Sprintf("%d orders at once", len(a.Orders)), fmt.Sprintf("at most %d", ordersMax), "")
	}
	for i := range a.Orders {
		if f := a.Orders[i].check(pairs); f != nil {
			f.Found = fmt.Sprintf("in order %d of the answer: %s", i+1, f.Found)
			return nil, f
		}
	}
	return &a, nil
}

// nothing is how most answers look: they need no parser.
func nothing(nowMS int64) []byte {
	line := append(make([]byte, 0, 64), `{"type":"orders","now_ms":`...)
	return append(strconv.AppendInt(line, nowMS, 10), '}')
}

// check refuses what is no order, and finds its type.
func (o *order) check(pairs []string) *Failure {
	if !slices.Contains(pairs, o.Pair) {
		return wrong("the pair "+cut([]byte(o.Pair))+suggest.DidYouMean(o.Pair, pairs),
			"one that the run has candles of: "+strings.Join(pairs, ", "), "")
	}
	if o.Target != nil || o.Reduce != nil {
		return o.checkGoal()
	}
	if len(o.UUID) > uuidMax {
		return wrong(fmt.Sprintf("a uuid of %d bytes", len(o.UUID)), fmt.Sprintf("at most %d", uuidMax), "")
	}
	switch strings.ToUpper(o.OrderType) {
	case "LONG":
		o.kind = sim.Long
	case "SHORT":
		o.kind = sim.Short
	case "FLAT":
		o.kind = sim.Flat
		return nil
	default:
		return wrong("order_type "+cut([]byte(o.OrderType)), "LONG, SHORT or FLAT; or a target, or reduce", "")
	}
	return o.checkLeverage()
}

// checkLeverage refuses a LONG or SHORT whose leverage is missing, or against it,
// and signs it.
func (o *order) checkLeverage() *Failure {
	if o.Leverage == nil {
		return wrong("a "+o.kind.String()+" without a leverage", `one, such as "leverage":0.1`, "")
	}
	o.leverage = *o.Leverage
	if o.kind == sim.Short {
		o.leverage = -math.Abs(o.leverage)
	} else if o.leverage < 0 {
		return wrong(fmt.Sprintf("a %s with a leverage of %g", o.kind, o.leverage), "a magnitude, or a sign that agrees", "")
	}
	return nil
}

// checkGoal refuses a target or a reduction that is something else besides.
func (o *order) checkGoal() *Failure {
	if o.Target != nil && o.Reduce != nil || o.OrderType != "" || o.Leverage != nil || o.UUID != "" {
		return wrong("an order that is several things", `one of order_type, "target" and "reduce"`, "")
	}
	if o.Reduce != nil && !(*o.Reduce > 0) {
		return wrong(fmt.Sprintf("reduce %g", *o.Reduce), "a positive magnitude", "")
	}
	return nil
}

// emit emits the order.
func (o *order) emit(c *sim.Context, limits sim.PairLimits) {
	switch {
	case o.Target != nil:
		o.doubt(c, limits.PositionMin)
		c.Target(o.Pair, *o.Target)
	case o.Reduce != nil:
		c.Reduce(o.Pair, *o.Reduce)
	default:
		c.Submit(sim.Order{Pair: o.Pair, Type: o.kind, Leverage: o.leverage, UUID: o.UUID})
	}
}

// doubt warns of a target that no position can reach, since it is below the
// smallest and there is none on its side. Rules §4.
func (o *order) doubt(c *sim.Context, least float64) {
	if *o.Target != 0 && math.Abs(*o.Target) < least*(1-hair) && c.Expected(o.Pair)**o.Target <= 0 {
		c.Warn(fmt.Sprintf("%s: a target is below the smallest position, %g: none is opened", o.Pair, least))
	}
}

// hair is a relative distance that only rounding makes.
const hair = 1e-9
