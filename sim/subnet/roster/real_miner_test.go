package roster

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// realBitcoin reads the minutes of a span from the reference folder.
func realBitcoin(t *testing.T, folder string, fromMS, toMS int64) *market.Series {
	t.Helper()
	f, err := os.Open(filepath.Join(folder, "candles", "crypto-1m", "BTCUSDT-1m-2025.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	pair, _ := market.FindPair(market.Pairs(), "BTCUSD")
	s := &market.Series{Pair: pair, IntervalMS: 60_000}
	for _, row := range rows[1:] {
		ms, err := strconv.ParseInt(row[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if ms < fromMS || ms >= toMS {
			continue
		}
		s.Time = append(s.Time, ms)
		for i, col := range []*[]float64{&s.Open, &s.High, &s.Low, &s.Close} {
			x, err := strconv.ParseFloat(row[1+i], 64)
			if err != nil {
				t.Fatal(err)
			}
			*col = append(*col, x)
		}
	}
	return s
}

// TestTheRealMinerUnderEachRuleSet plays a miner of whom validators stored 660
// orders that can be played, beside a copycat and two strategies: what it comes to
// is what one account alone comes to, and nobody is in its way.
func TestTheRealMinerUnderEachRuleSet(t *testing.T) {
	folder := os.Getenv("PTNSIM_REFERENCE")
	if folder == "" {
		t.Skip("set PTNSIM_REFERENCE to the folder with candles/ to run this test")
	}
	const fromMS, toMS = 1743724800_000, 1752624000_000 // 2025-04-04 to 2025-07-16: date -u -d 2025-04-04 +%s
	o := options()
	o.Dir = filepath.Join(folder, "candles", "miners")
	r, err := Parse("my.yaml", []byte(`miners:
  - {name: real, positions: 5GpFB-2025-validator-a.json, state: main}
  - {name: copycat, copies: real, delay: 5m}
  - {name: holder, strategy: buy-and-hold, state: main}
  - {name: trend, strategy: crossover, state: main}
`), o)
	if err != nil {
		t.Fatal(err)
	}
	miners, warnings, err := r.Miners(Bounds{FromMS: fromMS, ToMS: toMS, Pairs: []string{"BTCUSD"}})
	if err != nil || len(miners) != 4 {
		t.Fatal(miners, warnings, err)
	}
	bitcoin := realBitcoin(t, folder, fromMS, toMS)
	for _, name := range rules.Names() {
		t.Run(name, func(t *testing.T) {
			set, err := rules.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			m, err := sim.NewMarket(set.Set, []*market.Series{bitcoin}, fromMS, toMS)
			if err != nil {
				t.Fatal(err)
			}
			res, err := subnet.Run(context.Background(), subnet.Config{Market: m, Miners: miners, WeightsEveryMS: 24 * 60 * 60_000, ChecksEveryMS: 12 * 60 * 60_000})
			if err != nil {
				t.Fatal(err)
			}
			strategy, err := miners[0].Make()
			if err != nil {
				t.Fatal(err)
			}
			alone, err := sim.Run(context.Background(), sim.Config{Market: m, Strategy: strategy, FromMS: fromMS, Refereed: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, of := range res.Miners {
				if of.Name != "real" {
					continue
				}
				if !reflect.DeepEqual(of.Account.Positions, alone.Positions) || !reflect.DeepEqual(of.Account.Checkpoints, alone.Checkpoints) || of.Account.FinalReturn != alone.FinalReturn {
					t.Errorf("it comes to %.17g, alone to %.17g", of.Account.FinalReturn, alone.FinalReturn)
				}
				filled := 0
				for _, order := range of.Account.Orders {
					if order.Filled() {
						filled++
					}
				}
				if filled != 660 || of.State != scoring.StateMain || of.Judgement.Rank == nil {
					t.Errorf("%d of its orders filled, it is in %q with the rank %v", filled, of.State, of.Judgement.Rank)
				}
				return
			}
			t.Error("the miner did not take part")
		})
	}
}
