package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

func summaryOfDiff(t testing.TB, d *Difference, options SummaryOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := DiffSummary(&b, d, options); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// differing are two runs that differ in most parts.
func differing(t testing.TB) *Difference {
	a := diffRun(t)
	b := copied(t, a, func(d *Document) {
		d.Version = "2.0"
		d.Orders[2].Price = scoring.Known(50001)
		d.FinalReturn, d.MaxDrawdown = 1.125, 0.07
		d.Metrics.Sharpe = scoring.Value{}
		for i := range d.Checkpoints {
			d.Checkpoints[i].Gain, d.Checkpoints[i].MPV, d.Checkpoints[i].OpenMS = 0.02, 1.02, 5
			d.Checkpoints[i].CarryFeeLoss, d.Checkpoints[i].SpreadFeeLoss = 0, 0
		}
		d.Elimination = nil
		d.Params[0].Value = "30"
		d.Dataset[0].Content = strings.Repeat("f", 64)
	})
	d := Diff(a, b, DiffTolerance{})
	d.A.Name, d.B.Name, d.A.Digest, d.B.Digest = "before", "after", "sha256:0a", "sha256:0b"
	return d
}

// The relative differences: 1/50001 is 0.0020 %, 0.01/0.02 50 %, 0.01/1.02 0.98 %,
// 0.025/1.125 2.22 %, 0.008/0.07 11.43 %.
const summaryOfDifference = `A               before
                crossover · ptn-2025-02 · 2025-01-01T00:00:00Z to 2025-03-15T00:00:00Z
                sha256:0a
B               after
                crossover · ptn-2025-02 · 2025-01-01T00:00:00Z to 2025-03-15T00:00:00Z
                sha256:0b

First differs   2025-01-01T06:00:00.5Z: the order BTCUSD 2025-01-01T06:00:00Z: price is
                50000 in A and 50001 in B

Figure                             A         B  difference
──────────────  ────────────────────  ────────  ──────────
final return                +10.00 %  +12.50 %    +2.50 pp
max drawdown                  6.20 %    7.00 %    +0.80 pp
sharpe                        -100.0         –           –
eliminated      2025-01-03T00:00:00Z         –     differs
eliminated for    MAX_TOTAL_DRAWDOWN         –     differs
19 more figures are the same: --all

Data            1 changed, 1 the same
  BTCUSD 1m  content c0 → fffffffff…ffffffffffffffffffff
Setup           1 changed, 11 the same
  params.fast 20 → 30
Orders          1 changed, 4 the same
  BTCUSD 2025-01-01T06:00:00Z  price 50000 → 50001 (+1, 0.0020 %)
Checkpoints     6 changed
  2025-01-01T12:00:00Z  open_ms 3600000 → 5 (-3599995, 100.00 %)
                        gain 0.01 → 0.02 (+0.01000, 50.00 %)
                        mpv 1.01 → 1.02 (+0.01000, 0.98 %)
                        … and 2 more values: --all
  2025-01-02T00:00:00Z  open_ms 3600000 → 5 (-3599995, 100.00 %)
                        gain 0.01 → 0.02 (+0.01000, 50.00 %)
                        mpv 1.01 → 1.02 (+0.01000, 0.98 %)
                        … and 2 more values: --all
  2025-01-02T12:00:00Z  open_ms 3600000 → 5 (-3599995, 100.00 %)
                        gain 0.01 → 0.02 (+0.01000, 50.00 %)
                        mpv 1.01 → 1.02 (+0.01000, 0.98 %)
                        … and 2 more values: --all
  … and 3 more: --all
Elimination     1 only in A
  only in A: MAX_TOTAL_DRAWDOWN at a drawdown of 11.00 %
Result          2 changed, 3 the same
Metrics         1 changed, 6 the same
The same        rules, positions, daily, challenge, counts, costs, penalties, against
Not counted     ptnsim 1.0 and 2.0
`

// An event is known by its time, its kind and its miner: a line has room for them.
func TestDiffSummaryNamesEventsInFull(t *testing.T) {
	a := diffSubnet(t)
	a.Events = nil
	b := copied(t, a, func(d *SubnetDocument) {
		d.Events = []DocumentEvent{{TimeMS: startMS, Kind: subnet.Deregistered, Miner: "apprentice-01"}}
	})
	want := "\n  2025-01-01T00:00:00Z deregistered apprentice-01  only in B\n"
	if text := summaryOfDiff(t, DiffTournaments(a, b, DiffTolerance{}), SummaryOptions{}); !strings.Contains(text, want) {
		t.Errorf("%q is not in\n%s", want, text)
	}
}

func TestDiffSummaryText(t *testing.T) {
	if got := summaryOfDiff(t, differing(t), SummaryOptions{}); got != summaryOfDifference {
		t.Errorf("got\n%s\nwant\n%s", got, summaryOfDifference)
	}
}

func TestDiffSummaryKeepsItsWidth(t *testing.T) {
	d := differing(t)
	for _, width := range []int{60, 72, 90, 140} {
		for _, all := range []bool{false, true} {
			for line := range strings.Lines(summaryOfDiff(t, d, SummaryOptions{Width: width, All: all, Color: true})) {
				if n := displayed(strings.TrimRight(line, "\n")); n > width {
					t.Errorf("%d columns, want %d: %s", n, width, line)
				}
			}
		}
	}
}

func TestDiffSummaryTellsAllWhenAsked(t *testing.T) {
	d := differing(t)
	some, all := summaryOfDiff(t, d, SummaryOptions{}), summaryOfDiff(t, d, SummaryOptions{All: true})
	// Six checkpoints of five fields: three of three by default, and a line for what is left.
	if n := strings.Count(some, "mpv 1.01"); n != 3 || !strings.Contains(some, "… and 3 more: --all") || strings.Count(some, "… and 2 more values: --all") != 3 {
		t.Errorf("%d checkpoints in\n%s", n, some)
	}
	if n := strings.Count(all, "mpv 1.01"); n != 6 || strings.Contains(all, "--all") || strings.Count(all, "spread_fee_loss") != 6 {
		t.Errorf("%d checkpoints in\n%s", n, all)
	}
}

// Names of files, rules and miners are somebody else's: none moves a terminal's cursor.
func TestDiffShowsNoForeignControls(t *testing.T) {
	const foreign = "\x1b[31mred\r\a"
	a := diffSubnet(t)
	b := copied(t, a, func(d *SubnetDocument) {
		d.Name += foreign
		d.Version += foreign
		d.Rules.Name += foreign
		d.Miners[0].ID += foreign
		d.Miners[1].Strategy += foreign
		d.Events[0].Miner += foreign
		d.History[0].Miners[0] += foreign
		d.Dataset[0].Pair += foreign
	})
	d := DiffTournaments(a, b, DiffTolerance{})
	d.A.Name, d.B.Name = foreign, foreign
	for _, format := range []Format{FormatTable, FormatMarkdown} {
		var out bytes.Buffer
		if err := RenderDiff(&out, d, format); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\r\a") {
			t.Errorf("%s has controls: %q", format, out.String())
		}
	}
}

func TestDiffRenders(t *testing.T) {
	d := differing(t)
	render := func(format Format) []byte {
		var out bytes.Buffer
		if err := RenderDiff(&out, d, format); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	var got struct {
		Schema, Kind string
		Same         bool
		A            struct{ Name, Digest string }
		First        struct{ Time, Part, Text string }
		Headline     []struct {
			Name       string
			A, B       any
			Difference *float64
		}
		Parts []struct {
			Name    string
			Changed int
			OnlyA   int `json:"only_a"`
			Entries []struct {
				Change, Key string
				TimeMS      *int64 `json:"time_ms"`
				Element     map[string]any
				Fields      []struct {
					Name                 string
					A, B                 any
					Difference, Relative *float64
				}
			}
		}
		NotCounted struct{ Entries []any } `json:"not_counted"`
	}
	if err := json.Unmarshal(render(FormatJSON), &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != DiffSchema || got.Kind != "run" || got.Same || got.A.Name != "before" || got.First.Part != "orders" || got.First.Time != "2025-01-01T06:00:00.5Z" {
		t.Errorf("%+v", got)
	}
	before, after := 1.1, 1.125 // variables: constants have no rounding
	if h := got.Headline[0]; h.Name != "final return" || h.A != before || h.B != after || *h.Difference != after-before {
		t.Errorf("headline %+v", h)
	}
	for _, p := range got.Parts {
		switch p.Name {
		case partElimination:
			if e := p.Entries[0]; p.OnlyA != 1 || e.Change != "only_a" || e.Element["reason"] != "MAX_TOTAL_DRAWDOWN" || *e.TimeMS != startMS+2*dayMS {
				t.Errorf("%+v", p)
			}
		case partOrders:
			// 50001 - 50000 of 50001.
			if f := p.Entries[0].Fields[0]; f.Name != "price" || f.A != 50000. || f.B != 50001. || *f.Difference != 1 || *f.Relative != 1./50001 {
				t.Errorf("%+v", p)
			}
		case partSetup:
			if p.Entries[0].TimeMS != nil || p.Entries[0].Fields[0].Name != "params.fast" || p.Entries[0].Fields[0].B != "30" {
				t.Errorf("%+v", p)
			}
		}
	}
	if len(got.NotCounted.Entries) != 1 {
		t.Errorf("not counted: %v", got.NotCounted)
	}

	rows, err := csv.NewReader(bytes.NewReader(render(FormatCSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// The relative difference of the price is 1/50001.
	// data 1, setup 1, orders 1, checkpoints 6 × 5, elimination 1, result 2, metrics 1, not counted 1
	if len(rows) != 1+1+1+1+30+1+2+1+1 || strings.Join(rows[0], " ") != "part key change time field a b difference relative" {
		t.Errorf("%d rows: %q", len(rows), rows)
	}
	if want := "orders,BTCUSD 2025-01-01T06:00:00Z,changed,2025-01-01T06:00:00.5Z,price,50000,50001,1,1.999960000799984e-05"; strings.Join(rows[3], ",") != want {
		t.Errorf("got %q, want %q", rows[3], want)
	}

	text := string(render(FormatMarkdown))
	for _, part := range []string{"First differs: 2025-01-01T06:00:00.5Z: the order", "| final return ", "| checkpoints |", "+12.50 % |", "+2.50 pp |"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
}

// What a miner is comes before what became of it, and miners that are something else
// before the others.
func TestDiffSummaryOfMinersBeginsWithTheirSetup(t *testing.T) {
	a := diffSubnet(t)
	last := len(a.Miners) - 1
	b := copied(t, a, func(d *SubnetDocument) {
		for i := range d.Miners {
			d.Miners[i].Weight += 0.5
			d.Miners[i].FinalReturn += 0.5
			d.Miners[i].Fee += 0.5
		}
		m := &d.Miners[last]
		m.Strategy, m.Source = "other.star", "5b"
		m.Params = Params{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}, {Name: "c", Value: "3"}, {Name: "d", Value: "4"}, {Name: "e", Value: "5"}}
	})
	d := DiffTournaments(a, b, DiffTolerance{})
	text := summaryOfDiff(t, d, SummaryOptions{})
	_, text, _ = strings.Cut(text, "\nMiners")
	first, _, _ := strings.Cut(text, "weight ")
	for _, want := range []string{a.Miners[last].ID, "strategy ", "strategy_sha256 ", "params.a ", "params.e "} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is not before the first outcome in\n%s", want, text)
		}
	}
	// Of all miners that are something else at least the name is told.
	all := copied(t, a, func(d *SubnetDocument) {
		for i := range d.Miners {
			d.Miners[i].Source += "5b"
		}
	})
	text = summaryOfDiff(t, DiffTournaments(a, all, DiffTolerance{}), SummaryOptions{})
	for _, m := range a.Miners {
		if !strings.Contains(text, m.ID) {
			t.Errorf("%s is not in\n%s", m.ID, text)
		}
	}
	if !strings.Contains(text, ", another setup of ") || !strings.Contains(text, "strategy_sha256 ") {
		t.Errorf("got\n%s", text)
	}
	// No figure differs: no head without a table.
	if strings.Contains(text, "Figure") || !strings.Contains(text, " figures are the same: --all") {
		t.Errorf("got\n%s", text)
	}
}
