package scoring

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/ptnsim/ptnsim/sim"
)

// Limits of the files that are read. A file beyond one is refused.
const (
	fileBytesMax   = 1 << 30
	minersMax      = 100_000
	recordsMax     = 1_000_000     // checkpoints or positions of one miner, days of a series
	ordersMax      = 100_000       // of one position
	logReturnMax   = 700           // of a checkpoint or a day, in magnitude: e^709 is the largest float64
	positionRetMax = 1e6           // return of a position, a factor
	leverageMax    = 1e6           // of an order, in magnitude
	timeMSMax      = 4102444800000 // the year 2100: a larger number is no time in ms
)

// ErrInput is wrapped by every error about a file's content.
var ErrInput = errors.New("bad input")

// ReadPopulation reads a population or a single ledger from JSON:
//
//	{"evaluation_ms": …, "miners": {"id": {"checkpoints": […], "positions": […]}}}
//	{"checkpoints": […], "positions": […]}
//
// A miner may have a "state" (main, challenge, eliminated, deregistered); one in
// its challenge has a "challenge_start_ms". A checkpoint's "loss" of null is a
// total one, whose logarithm is no number. A single ledger becomes a population of one miner of
// the given id, at the evaluation_ms that it may have, else at the end of its
// last checkpoint. Other fields are passed over. Miners come in the order of
// their ids. Errors name the place in the file.
func ReadPopulation(r io.Reader, id string) (Population, error) {
	limited := &io.LimitedReader{R: r, N: fileBytesMax}
	in := &jsonReader{dec: json.NewDecoder(limited)}
	p := in.population(id)
	if in.err == nil {
		in.end()
	}
	if in.err != nil && limited.N <= 0 {
		return Population{}, fmt.Errorf("%w: the file is over %d MiB: split it", ErrInput, fileBytesMax>>20)
	}
	if in.err != nil {
		return Population{}, in.err
	}
	return p, nil
}

func (in *jsonReader) population(id string) Population {
	var p Population
	var lone ledgerParts
	var evaluation *int64
	miners := false
	in.object("", func(key string) {
		switch key {
		case "evaluation_ms":
			in.value(key, "a time in ms since 1970", &evaluation)
		case "miners":
			miners = true
			p.Miners = in.miners()
		default:
			lone.read(in, "", key)
		}
	})
	switch {
	case in.err != nil:
	case miners && lone.any():
		in.fail("", "found both miners and a ledger's own checkpoints or positions: give either a population or a single ledger")
	case miners && evaluation == nil:
		in.fail("", "evaluation_ms is missing: a population needs the instant of its evaluation, ms since 1970")
	case miners:
		p.EvaluationMS = *evaluation
		in.checkMiners(p)
	case !lone.any():
		in.fail("", "found neither miners (a population) nor checkpoints and positions (a single ledger)")
	default:
		p = in.loneMiner(id, &lone, evaluation)
	}
	return p
}

// checkMiners looks at what needs the whole document: evaluation_ms may follow
// the miners.
func (in *jsonReader) checkMiners(p Population) {
	for i := range p.Miners {
		if err := p.Miners[i].check(p.EvaluationMS); err != nil {
			in.fail("miners."+p.Miners[i].ID, "%v", err)
		}
	}
}

func (in *jsonReader) loneMiner(id string, parts *ledgerParts, evaluation *int64) Population {
	ledger := parts.ledger(in, "")
	p := Population{Miners: []Miner{{ID: id, Ledger: ledger}}}
	switch n := len(ledger.Checkpoints); {
	case evaluation != nil:
		p.EvaluationMS = *evaluation
	case n > 0:
		p.EvaluationMS = ledger.Checkpoints[n-1].LastUpdateMS
	}
	return p
}

func (in *jsonReader) miners() []Miner {
	var miners []Miner
	in.object("miners", func(id string) {
		if len(miners) == minersMax {
			in.fail("miners", "more than %d miners", minersMax)
			return
		}
		miners = append(miners, in.miner(id))
	})
	slices.SortFunc(miners, func(a, b Miner) int { return cmp.Compare(a.ID, b.ID) })
	return miners
}

func (in *jsonReader) miner(id string) Miner {
	path := "miners." + id
	m := Miner{ID: id, State: StateMain}
	var parts ledgerParts
	in.object(path, func(key string) {
		switch key {
		case "state":
			in.value(path+".state", "main, challenge, eliminated or deregistered", &m.State)
		case "challenge_start_ms":
			in.value(path+".challenge_start_ms", "a time in ms since 1970", &m.ChallengeStartMS)
		default:
			parts.read(in, path, key)
		}
	})
	m.Ledger = parts.ledger(in, path)
	return m
}

// ledgerParts is a ledger that is being read.
type ledgerParts struct {
	checkpoints    []sim.Checkpoint
	positions      []sim.PositionRecord
	hasCheckpoints bool
	hasPositions   bool
}

func (p *ledgerParts) any() bool { return p.hasCheckpoints || p.hasPositions }

// read reads one field of the object that holds the ledger.
func (p *ledgerParts) read(in *jsonReader, path, key string) {
	switch key {
	case "checkpoints":
		p.hasCheckpoints = true
		in.array(join(path, key), recordsMax, func(at string) {
			p.checkpoints = append(p.checkpoints, in.checkpoint(at, p.checkpoints))
		})
	case "positions":
		p.hasPositions = true
		in.array(join(path, key), recordsMax, func(at string) {
			p.positions = append(p.positions, in.position(at))
		})
	default:
		in.skip()
	}
}

func (p *ledgerParts) ledger(in *jsonReader, path string) Ledger {
	if !p.hasCheckpoints {
		in.fail(path, "checkpoints is missing: a ledger needs the list of its checkpoints")
	}
	if !p.hasPositions {
		in.fail(path, "positions is missing: a ledger needs the list of its positions, which may be empty")
	}
	return Ledger{Checkpoints: p.checkpoints, Positions: p.positions}
}

// jsonCheckpoint is a checkpoint in a file; a nil field is not there.
type jsonCheckpoint struct {
	LastUpdateMS     *int64   `json:"last_update_ms"`
	AccumMS          *int64   `json:"accum_ms"`
	Gain             *float64 `json:"gain"`
	Loss             jsonLoss `json:"loss"`
	MDD              *float64 `json:"mdd"`
	OpenMS           int64    `json:"open_ms"`
	MPV              float64  `json:"mpv"`
	PrevPortfolioRet float64  `json:"prev_portfolio_ret"`
	CarryFeeLoss     float64  `json:"carry_fee_loss"`
	SpreadFeeLoss    float64  `json:"spread_fee_loss"`
}

// jsonLoss is a sum of log losses. null is that of a value that fell to 0, -Inf:
// JSON has no infinity.
type jsonLoss struct {
	log   float64
	there bool
}

// UnmarshalJSON reads a number or null.
func (l *jsonLoss) UnmarshalJSON(data []byte) error {
	number := math.Inf(-1)
	if err := json.Unmarshal(data, &number); err != nil { // null leaves it as it is
		return err
	}
	*l = jsonLoss{log: number, there: true}
	return nil
}

func (l jsonLoss) total() bool { return math.IsInf(l.log, -1) }

func (in *jsonReader) checkpoint(path string, before []sim.Checkpoint) sim.Checkpoint {
	var j jsonCheckpoint
	in.value(path, "a checkpoint", &j)
	in.need(path, "last_update_ms", j.LastUpdateMS != nil)
	in.need(path, "accum_ms", j.AccumMS != nil)
	in.need(path, "gain", j.Gain != nil)
	in.need(path, "loss", j.Loss.there)
	in.need(path, "mdd", j.MDD != nil)
	if in.err != nil {
		return sim.Checkpoint{}
	}
	in.between(path+".last_update_ms", float64(*j.LastUpdateMS), 0, timeMSMax)
	in.between(path+".accum_ms", float64(*j.AccumMS), 0, dayMS)
	in.between(path+".gain", *j.Gain, 0, logReturnMax)
	in.between(path+".mdd", *j.MDD, 0, 1)
	switch {
	case !j.Loss.total():
		in.between(path+".loss", j.Loss.log, -logReturnMax, 0)
	case *j.MDD != 0:
		in.fail(path+".mdd", "found %v beside a loss of null, which is a total one: expected 0", *j.MDD)
	}
	if n := len(before); n > 0 && before[n-1].LastUpdateMS >= *j.LastUpdateMS {
		in.fail(path+".last_update_ms", "found %d after %d: checkpoints are ascending in time", *j.LastUpdateMS, before[n-1].LastUpdateMS)
	}
	return sim.Checkpoint{
		LastUpdateMS: *j.LastUpdateMS, AccumMS: *j.AccumMS, OpenMS: j.OpenMS,
		Gain: *j.Gain, Loss: j.Loss.log, MDD: *j.MDD, MPV: j.MPV,
		PrevPortfolioRet: j.PrevPortfolioRet, CarryFeeLoss: j.CarryFeeLoss, SpreadFeeLoss: j.SpreadFeeLoss,
	}
}

// jsonPosition is a position in a file; a nil field is not there.
type jsonPosition struct {
	Pair          *string      `json:"pair"`
	OpenMS        *int64       `json:"open_ms"`
	CloseMS       *int64       `json:"close_ms"` // null of an open one
	Closed        *bool        `json:"closed"`
	ReturnAtClose *float64     `json:"return_at_close"`
	Orders        *[]jsonOrder `json:"orders"`

	NetLeverage       float64 `json:"net_leverage"`
	AverageEntryPrice float64 `json:"average_entry_price"`
	CurrentReturn     float64 `json:"current_return"`
	CarryFactor       float64 `json:"carry_factor"`
	TransactionFactor float64 `json:"transaction_factor"`
}

func (in *jsonReader) position(path string) sim.PositionRecord {
	var j jsonPosition
	in.value(path, "a position", &j)
	in.need(path, "pair", j.Pair != nil)
	in.need(path, "open_ms", j.OpenMS != nil)
	in.need(path, "closed", j.Closed != nil)
	in.need(path, "close_ms", j.CloseMS != nil || j.Closed == nil || !*j.Closed)
	in.need(path, "return_at_close", j.ReturnAtClose != nil)
	in.need(path, "orders", j.Orders != nil)
	if in.err != nil {
		return sim.PositionRecord{}
	}
	p := sim.PositionRecord{
		Pair: *j.Pair, OpenMS: *j.OpenMS, Closed: *j.Closed, ReturnAtClose: *j.ReturnAtClose,
		NetLeverage: j.NetLeverage, AverageEntryPrice: j.AverageEntryPrice, CurrentReturn: j.CurrentReturn,
		CarryFactor: j.CarryFactor, TransactionFactor: j.TransactionFactor,
	}
	in.between(path+".open_ms", float64(p.OpenMS), 0, timeMSMax)
	in.between(path+".return_at_close", p.ReturnAtClose, 0, positionRetMax)
	if p.Closed {
		p.CloseMS = *j.CloseMS
		in.between(path+".close_ms", float64(p.CloseMS), float64(p.OpenMS), timeMSMax)
	}
	p.Fills = in.fills(path+".orders", *j.Orders)
	return p
}

// jsonOrder is an order of a position in a file; a nil field is not there.
type jsonOrder struct {
	OrderType *string  `json:"order_type"`
	Leverage  *float64 `json:"leverage"`
	Price     *float64 `json:"price"`
	Slippage  float64  `json:"slippage"`
	TimeMS    *int64   `json:"t_ms"`
}

func (in *jsonReader) fills(path string, orders []jsonOrder) []sim.Fill {
	if len(orders) == 0 || len(orders) > ordersMax {
		in.fail(path, "found %d orders: a position has from 1 to %d", len(orders), ordersMax)
		return nil
	}
	fills := make([]sim.Fill, len(orders))
	for i, o := range orders {
		at := fmt.Sprintf("%s[%d]", path, i)
		in.need(at, "order_type", o.OrderType != nil)
		in.need(at, "leverage", o.Leverage != nil)
		in.need(at, "price", o.Price != nil)
		in.need(at, "t_ms", o.TimeMS != nil)
		if in.err != nil {
			return nil
		}
		fills[i] = sim.Fill{Type: in.orderType(at, *o.OrderType), Leverage: *o.Leverage, Price: *o.Price, Slippage: o.Slippage, TimeMS: *o.TimeMS}
		in.between(at+".t_ms", float64(*o.TimeMS), 0, timeMSMax)
		in.checkFill(at, fills[i])
		if i > 0 && fills[i].TimeMS < fills[i-1].TimeMS {
			in.fail(at+".t_ms", "found %d after %d: orders are ascending in time", fills[i].TimeMS, fills[i-1].TimeMS)
		}
	}
	return fills
}

func (in *jsonReader) orderType(path, name string) sim.OrderType {
	for _, t := range []sim.OrderType{sim.Long, sim.Short, sim.Flat} {
		if t.String() == name {
			return t
		}
	}
	in.fail(path+".order_type", "found %q, expected LONG, SHORT or FLAT", name)
	return 0
}

func (in *jsonReader) checkFill(path string, f sim.Fill) {
	if !(f.Price > 0) {
		in.fail(path+".price", "found %g, expected a price over 0", f.Price)
	}
	if f.Type == sim.Long && f.Leverage < 0 || f.Type == sim.Short && f.Leverage > 0 {
		in.fail(path+".leverage", "found %g, whose sign contradicts %v: a LONG order's is positive, a SHORT order's negative", f.Leverage, f.Type)
	}
	if math.Abs(f.Leverage) > leverageMax {
		in.fail(path+".leverage", "found %g, expected at most %g in magnitude", f.Leverage, float64(leverageMax))
	}
}
