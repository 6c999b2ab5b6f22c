package strategies

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/sim"
)

// table writes a Parquet file; each column is its name, kind and rows.
type tableColumn struct {
	name string
	rows any
}

func table(t testing.TB, columns ...tableColumn) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.parquet")
	var kinds []datasets.Column
	var rows []any
	for _, c := range columns {
		kind := datasets.Column{Name: c.name}
		switch c.rows.(type) {
		case []float64:
			kind.Kind, kind.Nullable = datasets.Float64, true
		case []string:
			kind.Kind = datasets.String
		case []bool:
			kind.Kind = datasets.Bool
		case []int64:
			kind.Kind, kind.Nullable = datasets.Int64, true
			if strings.HasPrefix(c.name, "ms ") {
				kind.Name, kind.Kind = c.name[3:], datasets.TimestampMS
			}
		}
		kinds, rows = append(kinds, kind), append(rows, c.rows)
	}
	w, err := datasets.NewTable(path, kinds)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append(rows...); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadSignalTable(t *testing.T) {
	pairs, types := tableColumn{"pair", []string{"BTCUSD", "BTCUSD"}}, tableColumn{"order_type", []string{"LONG", "flat"}}
	leverage := tableColumn{"leverage", []float64{0.1, math.NaN()}} // NaN is written as null
	want := []Signal{
		{TimeMS: halfPastTwoMS, Order: sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: 0.1}, Row: 1},
		{TimeMS: halfPastTwoMS + 1, Order: sim.Order{Pair: "BTCUSD", Type: sim.Flat}, Row: 2},
	}
	for name, columns := range map[string][]tableColumn{
		"timestamps": {{"ms time", []int64{halfPastTwoMS, halfPastTwoMS + 1}}, pairs, types, leverage},
		"integers":   {leverage, types, pairs, {"time", []int64{halfPastTwoMS, halfPastTwoMS + 1}}},
		"texts":      {{"time", []string{"2025-01-31T14:30:00Z", "1738333800001"}}, pairs, types, leverage, {"price", []float64{math.NaN(), math.NaN()}}, {"uuid", []string{"", ""}}},
		"an index":   {{"ms time", []int64{halfPastTwoMS, halfPastTwoMS + 1}}, pairs, types, leverage, {"__index_level_0__", []int64{0, 1}}},
		"no digits":  {{"ms time", []int64{halfPastTwoMS, halfPastTwoMS + 1}}, pairs, types, {"leverage", []string{"0.1", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := ReadSignals(table(t, columns...), SignalOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestReadSignalTableRefuses(t *testing.T) {
	times, pairs := tableColumn{"ms time", []int64{halfPastTwoMS, halfPastTwoMS}}, tableColumn{"pair", []string{"BTCUSD", "BTCUSD"}}
	types, leverage := tableColumn{"order_type", []string{"LONG", "LONG"}}, tableColumn{"leverage", []float64{0.1, 0.1}}
	for _, c := range []struct {
		name    string
		columns []tableColumn
		want    string
	}{
		{"unknown column", []tableColumn{times, pairs, types, leverage, {"prize", []float64{1, 1}}},
			`: found the unknown column "prize" (did you mean price?); expected columns among time, pair, order_type, leverage, price, slippage, bid, ask, uuid, miner`},
		{"missing column", []tableColumn{times, pairs, types}, ": found no column leverage; expected the columns time, pair, order_type, leverage"},
		{"a null", []tableColumn{times, pairs, types, {"leverage", []float64{0.1, math.NaN()}}}, ": row 2: leverage: found nothing; expected a number: the magnitude of the order's leverage"},
		{"a bad pair", []tableColumn{times, {"pair", []string{"BTCUSD", "btc"}}, types, leverage}, `: row 2: pair: found "btc"; expected the id of a pair, such as BTCUSD: capital letters and digits`},
		{"booleans", []tableColumn{times, pairs, {"order_type", []bool{true, false}}, leverage}, `: row 1: order_type: found "true"; expected LONG, SHORT or FLAT`},
		{"descending", []tableColumn{{"ms time", []int64{halfPastTwoMS, halfPastTwoMS - 1}}, pairs, types, leverage},
			": row 2: time: found 2025-01-31T14:29:59.999Z after 2025-01-31T14:30:00.000Z; expected ascending times; sort the file by time"},
		{"timestamps elsewhere", []tableColumn{times, pairs, types, leverage, {"ms uuid", []int64{1, 2}}},
			": uuid: found a column of type INT64 Timestamp(isAdjustedToUTC=true, timeUnit=milliseconds, is_from_converted_type=false, force_set_converted_type=false); expected texts or numbers"},
		{"far times", []tableColumn{{"ms time", []int64{1, 2}}, pairs, types, leverage}, ": row 1: time: found 1, at 1000 a second since 1970; expected a time from 2000 to 2099"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := table(t, c.columns...)
			_, _, err := ReadSignals(path, SignalOptions{})
			if err == nil || err.Error() != path+c.want {
				t.Errorf("got  %v\nwant %s", err, path+c.want)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "s.parquet")
	if err := os.WriteFile(path, []byte("PAR1 but no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadSignals(path, SignalOptions{}); err == nil || !strings.HasPrefix(err.Error(), path+": found a damaged or foreign file") {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestInstants(t *testing.T) {
	for _, c := range []struct {
		t, perSecond int64
		want         string
		found        string
	}{
		{1738333800, 1, "1738333800000", ""},
		{halfPastTwoMS, 1000, "1738333800000", ""},
		{halfPastTwoMS * 1000, 1e6, "1738333800000", ""},
		{halfPastTwoMS * 1e6, 1e9, "1738333800000", ""},
		{halfPastTwoMS*1e6 + 1, 1e9, "", "2025-01-31T14:30:00.000Z and a part of a millisecond"},
		{math.MaxInt64, 1, "", "9223372036854775807, at 1 a second since 1970"},
	} {
		got, p := instantText(c.t, c.perSecond)
		if got != c.want || (p != nil) != (c.found != "") || p != nil && p.found != c.found {
			t.Errorf("%d at %d a second is %q, %+v", c.t, c.perSecond, got, p)
		}
	}
}

// TestWriteSignalTableRoundTrips draws signals of every kind.
func TestWriteSignalTableRoundTrips(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.parquet")
	rapid.Check(t, func(t *rapid.T) {
		signals := drawSignals(t)
		if err := WriteSignalTable(path, signals); err != nil {
			t.Fatal(err)
		}
		again, _, err := ReadSignals(path, SignalOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		for i := range again {
			if again[i].Row != i+1 {
				t.Fatalf("signal %d is of row %d", i, again[i].Row)
			}
			again[i].Row = 0
		}
		if !reflect.DeepEqual(again, signals) {
			t.Fatalf("wrote %+v\nread  %+v", signals, again)
		}
	})
}
