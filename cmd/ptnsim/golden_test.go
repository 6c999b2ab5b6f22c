package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// golden reads a file of testdata/golden into target.
func golden(t *testing.T, name string, target any) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "golden", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(zipped).Decode(target); err != nil {
		t.Fatal(err)
	}
}

// agree compares with a golden value: relative 1e-9, absolute 1e-12 near zero.
func agree(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= max(1e-12, 1e-9*math.Abs(want))) {
		t.Errorf("%s: %.17g, want %.17g", what, got, want)
	}
}

// agreeLog compares what the ledger's golden files state of a checkpoint or a
// day: to an absolute 1e-12.
func agreeLog(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("%s: %.17g, want %.17g", what, got, want)
	}
}

// goldenPopulation is a case of a golden scoring file. Its miners are handed on
// as they are.
type goldenPopulation struct {
	ID           string
	EvaluationMS int64                                 `json:"evaluation_ms"`
	Miners       map[string]map[string]json.RawMessage `json:"miners"`
	Expect       struct {
		Metrics                      map[string]map[string]float64
		Penalties, Combined, Weights map[string]float64
		Challenge                    *struct {
			Main      []string
			Inspected map[string]struct {
				Passes  bool    `json:"passes_criteria"`
				Beyond  bool    `json:"beyond_max_drawdown"`
				Percent float64 `json:"drawdown_percent"`
			}
		}
	}
}

// file writes the miners as an input of score.
func (p *goldenPopulation) file(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"evaluation_ms": p.EvaluationMS, "miners": p.Miners})
	if err != nil {
		t.Fatal(err)
	}
	return write(t, p.ID+".json", text)
}

// scored is what score prints of a population.
type scored struct {
	EvaluationMS int64 `json:"evaluation_ms"`
	Miners       map[string]struct {
		State       string
		MaxDrawdown float64 `json:"max_drawdown"`
		Metrics     map[string]*float64
		Penalties   struct{ Total float64 }
		Score       *float64
		Weight      float64
		Challenge   *struct {
			Verdict  string
			Reason   string
			Drawdown float64
		}
	}
}

func TestScoreAgreesWithTheBuilds(t *testing.T) {
	for _, build := range []string{"5.4.0", "4.8.12"} {
		var file struct{ Cases []goldenPopulation }
		golden(t, "scoring-"+build+".json.gz", &file)
		if len(file.Cases) == 0 {
			t.Fatal("the file has no case")
		}
		for i := range file.Cases {
			p := &file.Cases[i]
			t.Run(build+"/"+p.ID, func(t *testing.T) {
				var got scored
				playJSON(t, &got, "score", p.file(t), "--rules", "ptn-"+build)
				p.check(t, &got)
			})
		}
	}
}

func (p *goldenPopulation) check(t *testing.T, got *scored) {
	t.Helper()
	if len(got.Miners) != len(p.Expect.Weights) || got.EvaluationMS != p.EvaluationMS {
		t.Fatalf("%d miners at %d, want %d at %d", len(got.Miners), got.EvaluationMS, len(p.Expect.Weights), p.EvaluationMS)
	}
	ours := map[string]string{"sharpe_ratio": "sharpe"} // where a build's name differs
	for id, m := range got.Miners {
		for name, of := range p.Expect.Metrics {
			own, ok := ours[name]
			if !ok {
				own = name
			}
			want, stated := of[id]
			if !stated && p.Expect.Penalties[id] == 0 {
				continue // the build ranks no miner that is fully penalised
			}
			if !stated || m.Metrics[own] == nil {
				t.Errorf("%s: no %s", id, own)
				continue
			}
			agree(t, id+" "+own, *m.Metrics[own], want)
		}
		agree(t, id+" penalty", m.Penalties.Total, p.Expect.Penalties[id])
		if m.Score == nil {
			t.Errorf("%s: no score", id)
			continue
		}
		agree(t, id+" score", *m.Score, p.Expect.Combined[id])
		agree(t, id+" weight", m.Weight, p.Expect.Weights[id])
	}
}

// TestScoreJudgesChallengersAsTheBuild states in the file who is in the
// challenge period: each is judged alone against the main competition.
func TestScoreJudgesChallengersAsTheBuild(t *testing.T) {
	var file struct{ Cases []goldenPopulation }
	golden(t, "scoring-5.4.0.json.gz", &file)
	inspected := 0
	for i := range file.Cases {
		p := &file.Cases[i]
		challenge := p.Expect.Challenge
		if challenge == nil {
			continue
		}
		for id := range challenge.Inspected {
			p.Miners[id]["state"] = json.RawMessage(`"challenge"`)
			p.Miners[id]["challenge_start_ms"] = fmt.Append(nil, p.EvaluationMS)
		}
		var got scored
		playJSON(t, &got, "score", p.file(t), "--rules", "ptn-5.4.0")
		for id, want := range challenge.Inspected {
			inspected++
			verdict := "running"
			switch {
			case want.Beyond:
				verdict = "failed"
			case want.Passes:
				verdict = "passed"
			}
			c := got.Miners[id].Challenge
			if c == nil || c.Verdict != verdict || got.Miners[id].State != "challenge" {
				t.Errorf("%s %s: %+v, want %s", p.ID, id, c, verdict)
				continue
			}
			// The build rounds the per cent to two digits.
			if percent := math.Round(1e4*c.Drawdown) / 100; percent != want.Percent {
				t.Errorf("%s %s: drawdown %g %%, want %g %%", p.ID, id, percent, want.Percent)
			}
		}
		for _, id := range challenge.Main {
			if got.Miners[id].State != "main" {
				t.Errorf("%s %s is %s, want main", p.ID, id, got.Miners[id].State)
			}
		}
	}
	if inspected != 17 {
		t.Errorf("%d challengers inspected, the file has 17", inspected)
	}
}

// goldenLedger is a scenario of a golden ledger file: closes of one-minute
// candles, accepted orders with their fills, and the ledger of the portfolio.
type goldenLedger struct {
	ID      string
	StartMS int64 `json:"start_ms"`
	EndMS   int64 `json:"end_ms"`
	Pairs   []string
	Candles map[string][]*float64
	Orders  []struct {
		Pair      string
		OrderType string `json:"order_type"`
		Leverage  float64
		Effective float64 `json:"effective_leverage"`
		TimeMS    int64   `json:"t_ms"`
		Price     float64
		Slippage  float64
	}
	Expect struct {
		Checkpoints []goldenCheckpoint
		Daily       []float64 `json:"daily_log_returns"`
		FinalReturn float64   `json:"final_portfolio_return"`
		MaxDrawdown float64   `json:"max_drawdown"` // a factor
	}
}

type goldenCheckpoint struct {
	LastUpdateMS    int64 `json:"last_update_ms"`
	AccumMS         int64 `json:"accum_ms"`
	Gain, Loss, MDD float64
}

// candles writes the closes as close-only candle files of one format.
func (g *goldenLedger) candles(t *testing.T, format datasets.Format) string {
	t.Helper()
	folder := t.TempDir()
	for _, id := range g.Pairs {
		pair, ok := market.FindPair(market.Pairs(), id)
		if !ok {
			t.Fatalf("no pair %s", id)
		}
		s := &market.Series{Pair: pair, IntervalMS: int64(datasets.Minute)}
		for i, c := range g.Candles[id] {
			if c != nil {
				s.Time = append(s.Time, g.StartMS+int64(i)*s.IntervalMS)
				s.Close = append(s.Close, *c)
			}
		}
		s.Open, s.High, s.Low = s.Close, s.Close, s.Close
		if err := datasets.Write(context.Background(), filepath.Join(folder, id+"-1m."+string(format)), s); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// signals writes the orders as a signal file with pinned fills. The leverage is
// the requested one.
func (g *goldenLedger) signals(t *testing.T) string {
	t.Helper()
	var text bytes.Buffer
	fmt.Fprintln(&text, "time,pair,order_type,leverage,price,slippage")
	for _, o := range g.Orders {
		fmt.Fprintf(&text, "%d,%s,%s,%v,%v,%v\n", o.TimeMS, o.Pair, o.OrderType, math.Abs(o.Leverage), o.Price, o.Slippage)
	}
	return write(t, g.ID+".csv", text.Bytes())
}

// played is what run prints.
type played struct {
	Digest      string
	FinalReturn float64 `json:"final_return"`
	MaxDrawdown float64 `json:"max_drawdown"`
	Daily       []struct {
		LogReturn float64 `json:"log_return"`
	}
	Checkpoints []goldenCheckpoint
	Orders      []struct {
		Effective *float64 `json:"effective_leverage"`
		Outcome   string
		Reason    string
	}
}

func TestRunAgreesWithTheBuildsLedgers(t *testing.T) {
	scenarios := 0
	for _, name := range []string{"ledger-5.4.0-a.json.gz", "ledger-5.4.0-b.json.gz"} {
		var file struct{ Scenarios []goldenLedger }
		golden(t, name, &file)
		for i := range file.Scenarios {
			g := &file.Scenarios[i]
			scenarios++
			t.Run(g.ID, func(t *testing.T) {
				parquet := g.play(t, datasets.Parquet)
				g.check(t, parquet)
				if csv := g.play(t, datasets.CSV); csv.Digest != parquet.Digest {
					t.Errorf("from CSV the digest is %s, from Parquet %s", csv.Digest, parquet.Digest)
				}
			})
		}
	}
	if scenarios != 4 {
		t.Errorf("%d scenarios, the files have 4", scenarios)
	}
}

func (g *goldenLedger) play(t *testing.T, format datasets.Format) *played {
	t.Helper()
	got := new(played)
	playJSON(t, got, "run", "--data", g.candles(t, format), "--signals", g.signals(t),
		"--rules", "ptn-5.4.0", "--set", "elimination.main=false",
		"--from", fmt.Sprint(g.StartMS), "--to", fmt.Sprint(g.EndMS))
	return got
}

func (g *goldenLedger) check(t *testing.T, got *played) {
	t.Helper()
	want := &g.Expect
	if len(got.Orders) != len(g.Orders) || len(got.Checkpoints) != len(want.Checkpoints) || len(got.Daily) != len(want.Daily) || len(want.Daily) == 0 {
		t.Fatalf("%d orders, %d checkpoints, %d days; want %d, %d, %d", len(got.Orders), len(got.Checkpoints), len(got.Daily), len(g.Orders), len(want.Checkpoints), len(want.Daily))
	}
	for i, o := range got.Orders {
		if o.Effective == nil {
			t.Fatalf("order %d is %s: %s", i, o.Outcome, o.Reason)
		}
		agree(t, fmt.Sprint("effective leverage of order ", i), *o.Effective, g.Orders[i].Effective)
	}
	for i, w := range want.Checkpoints[:len(want.Checkpoints)-1] { // the unfinished one need not match
		c := got.Checkpoints[i]
		if c.LastUpdateMS != w.LastUpdateMS || c.AccumMS != w.AccumMS {
			t.Errorf("checkpoint %d ends at %d and covers %d, want %d and %d", i, c.LastUpdateMS, c.AccumMS, w.LastUpdateMS, w.AccumMS)
		}
		agreeLog(t, fmt.Sprint("gain of checkpoint ", i), c.Gain, w.Gain)
		agreeLog(t, fmt.Sprint("loss of checkpoint ", i), c.Loss, w.Loss)
		agreeLog(t, fmt.Sprint("mdd of checkpoint ", i), c.MDD, w.MDD)
	}
	for i, w := range want.Daily {
		agreeLog(t, fmt.Sprint("day ", i), got.Daily[i].LogReturn, w)
	}
	agree(t, "final return", got.FinalReturn, want.FinalReturn)
	agree(t, "drawdown factor", 1-got.MaxDrawdown, want.MaxDrawdown)
}
