package roster

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/strategies"
	"github.com/ptnsim/ptnsim/strategies/recording"
)

// countingArchive reads files, and counts how often.
type countingArchive struct{ positionsRead, signalsRead int }

func (a *countingArchive) positions(path, miner string) ([]*recording.Recording, error) {
	a.positionsRead++
	return diskArchive{}.positions(path, miner)
}

func (a *countingArchive) signals(path, miner string) ([]strategies.Signal, string, error) {
	a.signalsRead++
	return diskArchive{}.signals(path, miner)
}

// TestARecordingIsReadOnce: forty entries play one file of each kind, and share its
// orders; at other prices they share others. A single miner of it is another reading.
func TestARecordingIsReadOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "one.json", "["+position(anna, "BTCUSD", fromMS+hour)+"]")
	write(t, dir, "s.csv", signalFile)
	text := "miners:\n" + strings.Join([]string{
		numbered(40, "  - {name: p%d, positions: one.json, clip: true}\n"),
		numbered(40, "  - {name: q%d, positions: ./one.json, fills: simulated, clip: true}\n"),
		numbered(40, "  - {name: s%d, signals: s.csv, clip: true}\n"),
		numbered(40, "  - {name: b%d, signals: s.csv, miner: bob the 2nd}\n"),
	}, "")
	o := options()
	o.Dir = dir
	from := new(countingArchive)
	r, err := parse("my.yaml", []byte(text), o, from)
	if err != nil {
		t.Fatal(err)
	}
	if from.positionsRead != 1 || from.signalsRead != 2 {
		t.Errorf("positions were read %d times, signals %d times, want 1 and 2", from.positionsRead, from.signalsRead)
	}
	first := func(group int) *strategies.Signal { return &r.groups[group].members[0].tape.signals[0] }
	for kind := range 4 {
		if first(40*kind) != first(40*kind+39) {
			t.Errorf("the entries of kind %d don't share their orders", kind)
		}
	}
	if !first(0).Pinned || first(40).Pinned {
		t.Error("recorded and simulated prices are mixed up")
	}
	miners, _, err := r.Miners(tenDays())
	if err != nil || len(miners) != 200 { // two of each s
		t.Fatalf("%d miners, %v", len(miners), err)
	}
	for _, name := range []string{"p0", "p39", "q0", "q39", "b39"} {
		if orders, _ := played(t, miner(t, miners, name)); len(orders) != 2 {
			t.Errorf("%s plays %v", name, orders)
		}
	}
}

// numbered repeats a line, with its number for %d.
func numbered(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line, i)
	}
	return b.String()
}

// TestRecordedOrdersAreBounded: a file of 6 signals, of which bob's are 2, and one of
// 2 orders. Each counts once, and the orders once more at other prices.
func TestRecordedOrdersAreBounded(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "one.json", "["+position(anna, "BTCUSD", fromMS+hour)+"]")
	write(t, dir, "s.csv", signalFile)
	text := `miners:
  - {name: a, signals: s.csv}
  - {name: b, signals: s.csv}
  - {name: c, signals: s.csv, miner: bob the 2nd}
  - {name: d, positions: one.json}
  - {name: e, positions: one.json}
  - {name: f, positions: one.json, fills: simulated}
`
	for most, want := range map[int]string{
		12: "",
		11: "my.yaml:7:26: miners[5].positions: found what can't be used: 12 recorded orders up to here, each recording counted once; expected at most 11 in all: leave recordings out, or shorten them",
		9:  "my.yaml:5:26: miners[3].positions: found what can't be used: 10 recorded orders up to here, each recording counted once; expected at most 9 in all: leave recordings out, or shorten them",
		7:  "my.yaml:4:24: miners[2].signals: found what can't be used: 8 recorded orders up to here, each recording counted once; expected at most 7 in all: leave recordings out, or shorten them",
	} {
		f, err := parseFile("my.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		o := options()
		o.Dir = dir
		c := newCaster(0, o, diskArchive{})
		c.library.most = most
		_, err = c.cast(f.groups)
		switch {
		case want == "" && err != nil:
			t.Errorf("%d: %v", most, err)
		case want != "" && (err == nil || firstLine(err) != want):
			t.Errorf("%d: %v\nwant %s", most, err, want)
		}
	}
}

// TestEntriesOfARecordingCostLittle: a hundred of them allocate less than twice what
// one does.
func TestEntriesOfARecordingCostLittle(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "s.csv", "time,pair,order_type,leverage\n"+strings.Repeat("2025-01-06T01:00:00Z,BTCUSD,LONG,0.001\n", 20_000))
	o := options()
	o.Dir = dir
	allocated := func(entries int) uint64 {
		text := []byte("miners:\n" + numbered(entries, "  - {name: s%d, signals: s.csv, clip: true}\n"))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := Parse("my.yaml", text, o)
		if err != nil {
			t.Fatal(err)
		}
		if miners, _, err := r.Miners(tenDays()); err != nil || len(miners) != entries {
			t.Fatalf("%d miners, %v", len(miners), err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	one, many := allocated(1), allocated(100)
	if many >= 2*one {
		t.Errorf("one entry allocates %d bytes, a hundred %d", one, many)
	}
}
