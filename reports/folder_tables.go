package reports

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
)

// The tables of a result folder. Times are UTC; null is what does not exist.
const (
	OrdersFile      = "orders.parquet"      // a row an order, with the columns of DocumentOrder; several warnings are joined by "; "
	PositionsFile   = "positions.parquet"   // a row a position, with the columns of DocumentPosition; orders is their number
	CheckpointsFile = "checkpoints.parquet" // pair, then the columns of DocumentCheckpoint; the portfolio's have the empty pair, and come first
	DailyFile       = "daily.parquet"       // date (its midnight), log_return
)

// writeTable writes a table whole.
func writeTable(path string, columns []datasets.Column, data ...any) error {
	table, err := datasets.NewTable(path, columns)
	if err != nil {
		return err
	}
	defer table.Abort()
	if err := table.Append(data...); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return table.Close()
}

func writeOrders(path string, orders []sim.OrderRecord) error {
	n := len(orders)
	emitted, filled := make([]int64, n), make([]int64, n)
	pair, kind, outcome, reason, warnings := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	leverage, effective, price, slippage := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range orders {
		o := &orders[i]
		emitted[i], filled[i] = o.EmittedMS, datasets.NullInt64
		pair[i], kind[i], outcome[i], reason[i] = o.Pair, o.Type.String(), string(o.Outcome), string(o.Reason)
		warnings[i] = strings.Join(o.Warnings, "; ")
		leverage[i] = finite(o.Leverage)
		effective[i], price[i], slippage[i] = math.NaN(), math.NaN(), math.NaN()
		if o.Filled() {
			filled[i] = o.FilledMS
			effective[i], price[i], slippage[i] = o.EffectiveLeverage, o.FillPrice, o.FillSlippage
		}
	}
	return writeTable(path, []datasets.Column{
		{Name: "emitted_ms", Kind: datasets.TimestampMS}, {Name: "filled_ms", Kind: datasets.TimestampMS, Nullable: true},
		{Name: "pair", Kind: datasets.String}, {Name: "order_type", Kind: datasets.String},
		{Name: "leverage", Kind: datasets.Float64, Nullable: true}, {Name: "effective_leverage", Kind: datasets.Float64, Nullable: true},
		{Name: "price", Kind: datasets.Float64, Nullable: true}, {Name: "slippage", Kind: datasets.Float64, Nullable: true},
		{Name: "outcome", Kind: datasets.String}, {Name: "reason", Kind: datasets.String}, {Name: "warnings", Kind: datasets.String},
	}, emitted, filled, pair, kind, leverage, effective, price, slippage, outcome, reason, warnings)
}

func writePositions(path string, positions []sim.PositionRecord) error {
	n := len(positions)
	pair, opened, closedAt, closed, fills := make([]string, n), make([]int64, n), make([]int64, n), make([]bool, n), make([]int64, n)
	var numbers [6][]float64
	for i := range numbers {
		numbers[i] = make([]float64, n)
	}
	for i := range positions {
		p := &positions[i]
		pair[i], opened[i], closedAt[i], closed[i], fills[i] = p.Pair, p.OpenMS, datasets.NullInt64, p.Closed, int64(len(p.Fills))
		if p.Closed {
			closedAt[i] = p.CloseMS
		}
		for j, x := range []float64{p.NetLeverage, p.AverageEntryPrice, p.CurrentReturn, p.ReturnAtClose, p.CarryFactor, p.TransactionFactor} {
			numbers[j][i] = finite(x)
		}
	}
	columns := []datasets.Column{
		{Name: "pair", Kind: datasets.String}, {Name: "open_ms", Kind: datasets.TimestampMS},
		{Name: "close_ms", Kind: datasets.TimestampMS, Nullable: true}, {Name: "closed", Kind: datasets.Bool},
	}
	for _, name := range []string{"net_leverage", "average_entry_price", "current_return", "return_at_close", "carry_factor", "transaction_factor"} {
		columns = append(columns, datasets.Column{Name: name, Kind: datasets.Float64, Nullable: true})
	}
	columns = append(columns, datasets.Column{Name: "orders", Kind: datasets.Int64})
	return writeTable(path, columns, pair, opened, closedAt, closed,
		numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], fills)
}

func checkpointColumns() []datasets.Column {
	columns := []datasets.Column{
		{Name: "pair", Kind: datasets.String}, {Name: "last_update_ms", Kind: datasets.TimestampMS},
		{Name: "accum_ms", Kind: datasets.Int64}, {Name: "open_ms", Kind: datasets.Int64},
	}
	for _, name := range []string{"gain", "loss", "mdd", "mpv", "prev_portfolio_ret", "carry_fee_loss", "spread_fee_loss"} {
		columns = append(columns, datasets.Column{Name: name, Kind: datasets.Float64})
	}
	return append(columns, datasets.Column{Name: "updates", Kind: datasets.Int64})
}

// writeCheckpoints writes the portfolio's ledger, then each pair's in the order
// of their ids.
func writeCheckpoints(path string, res *sim.Result) error {
	table, err := datasets.NewTable(path, checkpointColumns())
	if err != nil {
		return err
	}
	defer table.Abort()
	pairs := append([]string{""}, slices.Sorted(maps.Keys(res.ByPair))...)
	for _, pair := range pairs {
		checkpoints := res.Checkpoints
		if pair != "" {
			checkpoints = res.ByPair[pair]
		}
		if err := appendCheckpoints(table, pair, checkpoints); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
	}
	return table.Close()
}

func appendCheckpoints(table *datasets.TableWriter, pair string, checkpoints []sim.Checkpoint) error {
	n := len(checkpoints)
	var times [4][]int64
	var numbers [7][]float64
	for i := range times {
		times[i] = make([]int64, n)
	}
	for i := range numbers {
		numbers[i] = make([]float64, n)
	}
	for i := range checkpoints {
		c := &checkpoints[i]
		for j, x := range []int64{c.LastUpdateMS, c.AccumMS, c.OpenMS, c.Updates} {
			times[j][i] = x
		}
		for j, x := range []float64{c.Gain, c.Loss, c.MDD, c.MPV, c.PrevPortfolioRet, c.CarryFeeLoss, c.SpreadFeeLoss} {
			numbers[j][i] = x
		}
	}
	return table.Append(slices.Repeat([]string{pair}, n), times[0], times[1], times[2],
		numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], times[3])
}

// readCheckpoints reads the ledgers of the pairs, which result.json lacks.
func readCheckpoints(path string) (map[string][]sim.Checkpoint, error) {
	table, err := datasets.ReadTable(path)
	if err != nil {
		return nil, err
	}
	if err := expectColumns(path, table, checkpointColumns()); err != nil {
		return nil, err
	}
	number, whole := table.Float64s, table.Int64s
	last, accum, open, updates := whole("last_update_ms"), whole("accum_ms"), whole("open_ms"), whole("updates")
	gain, loss, mdd, mpv := number("gain"), number("loss"), number("mdd"), number("mpv")
	prev, carry, spread := number("prev_portfolio_ret"), number("carry_fee_loss"), number("spread_fee_loss")
	byPair := make(map[string][]sim.Checkpoint)
	for i, pair := range table.Strings("pair") {
		if pair != "" {
			byPair[pair] = append(byPair[pair], sim.Checkpoint{
				LastUpdateMS: last[i], AccumMS: accum[i], OpenMS: open[i],
				Gain: gain[i], Loss: loss[i], MDD: mdd[i], MPV: mpv[i],
				PrevPortfolioRet: prev[i], CarryFeeLoss: carry[i], SpreadFeeLoss: spread[i], Updates: updates[i],
			})
		}
	}
	return byPair, nil
}

func writeDaily(path string, days []sim.Daily) error {
	dates, returns := make([]int64, len(days)), make([]float64, len(days))
	for i, d := range days {
		dates[i], returns[i] = d.DateMS, d.LogReturn
	}
	return writeTable(path, []datasets.Column{
		{Name: "date", Kind: datasets.TimestampMS}, {Name: "log_return", Kind: datasets.Float64},
	}, dates, returns)
}

// finite returns x, or what a nullable column stores as null.
func finite(x float64) float64 {
	if math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}

// expectColumns refuses a table that lacks a column, or has one of another kind.
func expectColumns(path string, table *datasets.Table, columns []datasets.Column) error {
	for _, c := range columns {
		if !slices.ContainsFunc(table.Columns, func(is datasets.Column) bool { return is.Name == c.Name && is.Kind == c.Kind }) {
			return damaged(path, "no column "+c.Name+" of the kind that a result has")
		}
	}
	return nil
}

func damaged(path, found string) error {
	return fmt.Errorf("%s has %s: it is no file of a result folder, or was written by another version; run it again", path, found)
}
