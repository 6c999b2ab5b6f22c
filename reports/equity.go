package reports

import (
	"slices"

	"github.com/ptnsim/ptnsim/datasets"
)

// EquityFile is the equity curve's name in a result folder: columns time (UTC),
// value (a factor) and drawdown (a loss), a row an update of the portfolio.
const EquityFile = "equity.parquet"

func equityColumns() []datasets.Column {
	return []datasets.Column{
		{Name: "time", Kind: datasets.TimestampMS},
		{Name: "value", Kind: datasets.Float64},
		{Name: "drawdown", Kind: datasets.Float64},
	}
}

// equityBatch is how many updates go to the file at once.
const equityBatch = 1 << 14

// EquityWriter writes the equity curve while the run goes on, in bounded
// memory: every update, nothing thinned. Its Record is a sim.Observer's Equity.
// The writing takes place beside the run; what goes wrong is told by Close.
type EquityWriter struct {
	pending *equityRows
	full    chan *equityRows // to the writer
	empty   chan *equityRows // and back
	done    chan error       // what became of the file, once full is closed
	closed  bool
	rows    int64
}

type equityRows struct {
	times             []int64
	values, drawdowns []float64
}

// NewEquityWriter begins the file at path. Close it, or Abort it.
func NewEquityWriter(path string) (*EquityWriter, error) {
	table, err := datasets.NewTable(path, equityColumns())
	if err != nil {
		return nil, err
	}
	const buffers = 4
	w := &EquityWriter{
		pending: newEquityRows(), full: make(chan *equityRows, buffers+2), empty: make(chan *equityRows, buffers+1),
		done: make(chan error, 1),
	}
	for range buffers {
		w.empty <- newEquityRows()
	}
	go w.write(table)
	return w, nil
}

func newEquityRows() *equityRows {
	return &equityRows{
		times:  make([]int64, 0, equityBatch),
		values: make([]float64, 0, equityBatch), drawdowns: make([]float64, 0, equityBatch),
	}
}

// Record takes a batch of updates, oldest first, and keeps none of the slices.
func (w *EquityWriter) Record(times []int64, values, drawdowns []float64) {
	w.rows += int64(len(times))
	for len(times) > 0 {
		p := w.pending
		n := min(len(times), equityBatch-len(p.times))
		p.times = append(p.times, times[:n]...)
		p.values = append(p.values, values[:n]...)
		p.drawdowns = append(p.drawdowns, drawdowns[:n]...)
		times, values, drawdowns = times[n:], values[n:], drawdowns[n:]
		if len(p.times) == equityBatch {
			w.full <- p
			w.pending = <-w.empty
		}
	}
}

// Rows is how many updates were recorded.
func (w *EquityWriter) Rows() int64 { return w.rows }

// Close writes what is left and gives the file its name. Its error is the first
// of all that went wrong since the beginning; then there is no file.
func (w *EquityWriter) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	if len(w.pending.times) > 0 {
		w.full <- w.pending
	}
	w.full <- nil // the end, as planned
	close(w.full)
	return <-w.done
}

// Abort leaves no file. After Close it does nothing, so that it can be deferred.
func (w *EquityWriter) Abort() {
	if w.closed {
		return
	}
	w.closed = true
	close(w.full)
	if err := <-w.done; err != nil {
		return // there is no file, which is all that was asked
	}
}

// write takes buffers until there are no more. After an error it goes on taking
// them, so that the run never waits for a writer that is gone.
func (w *EquityWriter) write(table *datasets.TableWriter) {
	var err error
	whole := false
	for rows := range w.full {
		if rows == nil {
			whole = true
			break
		}
		if err == nil {
			err = table.Append(rows.times, rows.values, rows.drawdowns)
		}
		rows.clear()
		w.empty <- rows
	}
	if err == nil && whole {
		err = table.Close()
	}
	table.Abort()
	w.done <- err
}

func (r *equityRows) clear() {
	r.times, r.values, r.drawdowns = r.times[:0], r.values[:0], r.drawdowns[:0]
}

// equityCurve thins an equity file for plots, as the run's own observer would.
func equityCurve(path string, fromMS, toMS int64) (*Curve, error) {
	table, err := datasets.ReadTable(path)
	if err != nil {
		return nil, err
	}
	times, values, drawdowns := table.Int64s("time"), table.Float64s("value"), table.Float64s("drawdown")
	if err := expectColumns(path, table, equityColumns()); err != nil {
		return nil, err
	}
	if !slices.IsSorted(times) {
		return nil, damaged(path, "times that do not ascend")
	}
	recorder := NewCurveRecorder(fromMS, toMS)
	recorder.Record(times, values, drawdowns)
	return recorder.Curve(), nil
}
