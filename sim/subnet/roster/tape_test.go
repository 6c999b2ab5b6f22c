package roster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/subnet"
	"github.com/ptnsim/ptnsim/strategies"
)

// Addresses in the form of hotkeys: two that differ in their sixth character, and
// one of its own.
const (
	anna  = "5Anna11111111111111111111111111111111111111111111"
	annab = "5Annab1111111111111111111111111111111111111111111"
	bruno = "5Bruno1111111111111111111111111111111111111111111"
)

// position is one that opens at an instant and closes an hour later.
func position(hotkey, pair string, openMS int64) string {
	return fmt.Sprintf(`{"miner_hotkey":%q,"position_uuid":"%s-%d","open_ms":%d,"close_ms":%d,"trade_pair":[%q],"is_closed_position":true,"orders":[
		{"order_type":"LONG","leverage":0.1,"price":100,"processed_ms":%d,"order_uuid":"a"},{"order_type":"FLAT","leverage":0,"price":101,"processed_ms":%d,"order_uuid":"b"}]}`,
		hotkey, pair, openMS, openMS, openMS+hour, pair, openMS, openMS+hour)
}

// played is what a miner submits from its registration on, on candles of two pairs
// at a price of 100: pair and time in hours from the start.
func played(t *testing.T, m subnet.Miner) (orders []string, pinned int) {
	t.Helper()
	strategy, err := m.Make()
	if err != nil {
		t.Fatal(err)
	}
	resolved, err := rules.Load(rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	var series []*market.Series
	for _, id := range []string{"BTCUSD", "ETHUSD"} {
		pair, _ := market.FindPair(market.Pairs(), id)
		s := &market.Series{Pair: pair, IntervalMS: hour}
		for ms := int64(fromMS); ms < fromMS+10*day; ms += hour {
			s.Time, s.Open, s.High = append(s.Time, ms), append(s.Open, 100), append(s.High, 101)
			s.Low, s.Close, s.Volume = append(s.Low, 99), append(s.Close, 100), append(s.Volume, 1)
		}
		series = append(series, s)
	}
	res, err := sim.Run(context.Background(), sim.Config{Rules: resolved.Set, Series: series, Strategy: strategy, FromMS: m.RegistersMS, ToMS: fromMS + 10*day})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range res.Orders {
		orders = append(orders, fmt.Sprintf("%s@%d", o.Pair, (o.EmittedMS-fromMS)/hour))
		if o.Pinned {
			pinned++
		}
	}
	return orders, pinned
}

// tenDays is a range with candles of two pairs.
func tenDays() Bounds {
	return Bounds{FromMS: fromMS, ToMS: fromMS + 10*day, Pairs: []string{"BTCUSD", "ETHUSD"}}
}

// readIn reads a file of a folder.
func readIn(t *testing.T, dir, text string) (*Roster, error) {
	t.Helper()
	return Read(write(t, dir, "subnet.yaml", text), options())
}

func TestPositionsOfSeveralMiners(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "real.json", "["+position(anna, "BTCUSD", fromMS+hour)+","+position(bruno, "ETHUSD", fromMS+2*hour)+","+
		position(annab, "BTCUSD", fromMS+3*hour)+","+position(anna, "ETHUSD", fromMS+5*hour)+"]")
	r, err := readIn(t, dir, `
miners:
  - {name: real, positions: real.json}
  - {name: alone, positions: real.json, miner: 5Bru, fills: simulated, state: main, latency: 1s}
  - {name: shadow, copies: real-5Brun, delay: 1m}
`)
	if err != nil {
		t.Fatal(err)
	}
	miners, warnings, err := r.Miners(tenDays())
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	var names []string
	for _, m := range miners {
		names = append(names, m.Name)
	}
	// In the order in which the file names them; anna's and annab's beginnings are as
	// long as tells them apart.
	if want := []string{"real-5Anna1", "real-5Brun", "real-5Annab", "alone", "shadow"}; !slices.Equal(names, want) {
		t.Fatalf("%v, want %v", names, want)
	}
	m := miner(t, miners, "real-5Anna1")
	if m.Group != "real" || m.Strategy != "real.json" || len(m.SHA256) != 64 || m.RegistersMS != fromMS || m.Main ||
		!reflect.DeepEqual(m.Params, []strategies.Setting{{Name: "fills", Value: "recorded"}, {Name: "miner", Value: anna}}) {
		t.Errorf("%+v", m)
	}
	for range 2 { // each time anew
		if orders, pinned := played(t, m); !slices.Equal(orders, []string{"BTCUSD@1", "BTCUSD@2", "ETHUSD@5", "ETHUSD@6"}) || pinned != 4 {
			t.Errorf("anna: %v, %d at recorded prices", orders, pinned)
		}
	}
	m = miner(t, miners, "alone")
	if !m.Main || m.LatencyMS != 1000 || param(m, "fills") != "simulated" {
		t.Errorf("%+v", m)
	}
	if orders, pinned := played(t, m); !slices.Equal(orders, []string{"ETHUSD@2", "ETHUSD@3"}) || pinned != 0 {
		t.Errorf("bruno: %v, %d at recorded prices", orders, pinned)
	}
}

func TestOnePositionFileOfOneMinerKeepsItsName(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "one.json", "["+position(anna, "BTCUSD", fromMS+hour)+"]")
	r, err := readIn(t, dir, "miners: [{name: real, positions: one.json}]")
	if err != nil {
		t.Fatal(err)
	}
	if miners, _, err := r.Miners(tenDays()); err != nil || len(miners) != 1 || miners[0].Name != "real" {
		t.Errorf("%+v, %v", miners, err)
	}
}

// TestRecordedPricesNeedNoCandles: they are orders' own; simulated ones do.
func TestRecordedPricesNeedNoCandles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "one.json", "["+position(anna, "EURUSD", fromMS+hour)+"]")
	for fills, want := range map[string]string{"recorded": "", "simulated": "found orders on EURUSD, which has no candles"} {
		r, err := readIn(t, dir, "miners: [{name: real, positions: one.json, fills: "+fills+"}]")
		if err != nil {
			t.Fatal(err)
		}
		miners, _, err := r.Miners(tenDays())
		switch {
		case want != "":
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", fills, err, want)
			}
		case err != nil:
			t.Errorf("%s: %v", fills, err)
		default:
			if orders, pinned := played(t, miners[0]); len(orders) != 2 || pinned != 2 {
				t.Errorf("%s: %v, %d at recorded prices", fills, orders, pinned)
			}
		}
	}
}

func TestClipLeavesWholePositionsOut(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "real.json", "["+position(anna, "BTCUSD", fromMS-hour/2)+","+position(anna, "EURUSD", fromMS+2*hour)+","+position(anna, "BTCUSD", fromMS+3*hour)+","+
		position(anna, "BTCUSD", fromMS+10*day-hour/2)+","+position(bruno, "EURUSD", fromMS+hour)+"]")
	entry := func(more string) string {
		return "miners:\n  - {name: a, strategy: random}\n  - {name: real, positions: real.json" + more + "}\n"
	}
	r, err := readIn(t, dir, entry(", clip: true"))
	if err != nil {
		t.Fatal(err)
	}
	miners, warnings, err := r.Miners(tenDays())
	if err != nil || len(miners) != 2 {
		t.Fatalf("%+v, %v", miners, err)
	}
	if orders, _ := played(t, miners[1]); !slices.Equal(orders, []string{"BTCUSD@3", "BTCUSD@4"}) {
		t.Errorf("%v", orders)
	}
	want := []string{
		"real-5Anna: EURUSD: no candles of the pair, so that what is recorded of it is left out; positions: 1, orders: 2",
		"real-5Anna: positions that began before the run or were not over at its end, left out whole: 2 of 3 (orders: 4): ",
		"real-5Brun is left out: " + filepath.Join(dir, "real.json") + ": trade_pair: found positions of EURUSD alone",
	}
	for i := range max(len(want), len(warnings)) {
		if i >= len(want) || i >= len(warnings) || !strings.HasPrefix(warnings[i], want[i]) {
			t.Fatalf("got  %q\nwant %q", warnings, want)
		}
	}

	if r, err = readIn(t, dir, entry("")); err != nil {
		t.Fatal(err)
	}
	if _, _, err = r.Miners(tenDays()); err == nil || firstLine(err) != filepath.Join(dir, "subnet.yaml")+
		":3:5: miners[1]: found 2 of 8 orders outside of what the miner plays, 2025-01-06T00:00:00Z to 2025-01-16T00:00:00Z; expected a range and candles that hold all orders of real-5Anna, or clip: true, which leaves out what can't be played" {
		t.Errorf("unclipped: %v", err)
	}
	if r, err = readIn(t, dir, entry(", clip: true, registers: 4h")); err != nil {
		t.Fatal(err)
	}
	miners, warnings, err = r.Miners(tenDays())
	if err != nil || len(miners) != 1 || !strings.HasPrefix(warnings[0], "real-5Anna is left out: ") {
		t.Errorf("registered after its positions: %d miners, %q, %v", len(miners), warnings, err)
	}
}

const signalFile = `time,pair,order_type,leverage,price,miner
2025-01-05T23:00:00Z,BTCUSD,LONG,0.1,,ann
2025-01-06T01:00:00Z,BTCUSD,LONG,0.1,,ann
2025-01-06T01:00:00Z,ETHUSD,LONG,0.1,,bob the 2nd
2025-01-06T02:00:00Z,NVDA,LONG,0.1,,ann
2025-01-06T03:00:00Z,BTCUSD,FLAT,,,ann
2025-01-06T03:00:00Z,ETHUSD,FLAT,,101,bob the 2nd
`

func TestSignalsOfSeveralMiners(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "signals.csv", signalFile)
	r, err := readIn(t, dir, "miners: [{name: s, signals: signals.csv, clip: true}, {name: bob, signals: signals.csv, miner: bob the 2nd}]")
	if err != nil {
		t.Fatal(err)
	}
	miners, warnings, err := r.Miners(tenDays())
	if err != nil || len(miners) != 3 {
		t.Fatalf("%d miners, %v", len(miners), err)
	}
	if want := []string{"s-ann: signals outside the range, left out: 1 of 4", "s-ann: signals on pairs without candles and without a price, left out: 1 of 4"}; !slices.Equal(warnings, want) {
		t.Errorf("%q", warnings)
	}
	for name, want := range map[string][]string{
		"s-ann": {"BTCUSD@1", "BTCUSD@3"}, "s-bob_the_2nd": {"ETHUSD@1", "ETHUSD@3"}, "bob": {"ETHUSD@1", "ETHUSD@3"},
	} {
		m := miner(t, miners, name)
		if orders, _ := played(t, m); !slices.Equal(orders, want) || m.Strategy != "signals.csv" || len(m.SHA256) != 64 {
			t.Errorf("%s: %v, want %v", name, orders, want)
		}
	}
	// Bob's last order brings its price, and is played without candles as well.
	noEther := Bounds{FromMS: fromMS, ToMS: fromMS + day, Pairs: []string{"BTCUSD"}}
	if r, err = readIn(t, dir, "miners: [{name: s, signals: signals.csv, clip: true}]"); err != nil {
		t.Fatal(err)
	}
	miners, _, err = r.Miners(noEther)
	if err != nil || len(miners) != 2 {
		t.Fatalf("%d miners, %v", len(miners), err)
	}
	if orders, pinned := played(t, miner(t, miners, "s-bob_the_2nd")); !slices.Equal(orders, []string{"ETHUSD@3"}) || pinned != 1 {
		t.Errorf("without Ether's candles: %v, %d at their own price", orders, pinned)
	}
	for more, want := range map[string]string{
		"":                           "1 of 4 orders outside of what the miner plays, 2025-01-06T00:00:00Z to 2025-01-16T00:00:00Z",
		", registers: 3h":            "3 of 4 orders outside of what the miner plays, 2025-01-06T03:00:00Z to 2025-01-16T00:00:00Z",
		", registers: 3h, miner: cy": "the signals of ann, bob the 2nd; expected those of cy",
	} {
		r, err := readIn(t, dir, "miners: [{name: s, signals: signals.csv"+more+"}]")
		if err == nil {
			_, _, err = r.Miners(tenDays())
		}
		if err == nil || !strings.Contains(firstLine(err), want) {
			t.Errorf("%s: %v, want %s", more, err, want)
		}
	}
	early := Bounds{FromMS: fromMS - day, ToMS: fromMS + day, Pairs: []string{"BTCUSD"}}
	if r, err = readIn(t, dir, "miners: [{name: s, signals: signals.csv, miner: ann}]"); err != nil {
		t.Fatal(err)
	}
	if _, _, err = r.Miners(early); err == nil || !strings.Contains(err.Error(), "found orders on NVDA, which has no candles; expected a range and candles that hold all orders of s") {
		t.Errorf("without candles: %v", err)
	}
}

// TestNamesWithinAFileMustDifferWhenTheyAreMadeSafe: "a b" and "a/b" both are a_b.
func TestNamesWithinAFileMustDiffer(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "s.csv", "time,pair,order_type,leverage,miner\n2025-01-06T01:00:00Z,BTCUSD,LONG,0.1,a b\n2025-01-06T01:00:00Z,BTCUSD,LONG,0.1,a/b\n")
	_, err := readIn(t, dir, "miners:\n  - {name: s, signals: s.csv}\n")
	if err == nil || !strings.Contains(err.Error(), ":2:12: miners[0].name: found the name s-a_b a second time") {
		t.Errorf("%v", err)
	}
}

func TestTagsTellMinersApart(t *testing.T) {
	long := strings.Repeat("x", 20)
	for _, c := range []struct{ names, want []string }{
		{[]string{anna}, []string{"5Anna"}},
		{[]string{annab, anna}, []string{"5Annab", "5Anna1"}},
		{[]string{"ann", "anna", ""}, []string{"ann", "anna", "unnamed"}},
		{[]string{long, long + "y"}, []string{long, long + "y"}}, // one begins with all of the other
		{[]string{"alice in wonderland", "a b/c"}, []string{"alice", "a_b_c"}},
	} {
		if got := tags(c.names); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.names, got, c.want)
		}
	}
}

// TestTheRealMinersTakePart: both of the reference folder, on Bitcoin alone, in a
// range that holds the one and not the other.
func TestTheRealMinersTakePart(t *testing.T) {
	folder := os.Getenv("PTNSIM_REFERENCE")
	if folder == "" {
		t.Skip("set PTNSIM_REFERENCE to the folder with candles/ to run this test")
	}
	o := options()
	o.Dir = filepath.Join(folder, "candles", "miners")
	r, err := Parse("my.yaml", []byte("miners:\n  - {name: a, positions: 5GpFB-2025-validator-a.json, clip: true}\n  - {name: b, positions: 5Dxqz-2024.json.gz, clip: true}\n"), o)
	if err != nil {
		t.Fatal(err)
	}
	// date -u -d 2025-01-01 +%s, and of 2026-01-01
	miners, warnings, err := r.Miners(Bounds{FromMS: 1735689600_000, ToMS: 1767225600_000, Pairs: []string{"BTCUSD"}})
	if err != nil || len(miners) != 1 || miners[0].Name != "a" || !strings.HasPrefix(param(miners[0], "miner"), "5GpFB") {
		t.Fatalf("%+v, %v", miners, err)
	}
	if last := warnings[len(warnings)-1]; !strings.HasPrefix(last, "b is left out: ") {
		t.Errorf("%q", warnings)
	}
	if s, err := miners[0].Make(); err != nil || s == nil {
		t.Error(err)
	}
}
