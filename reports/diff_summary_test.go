package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scoring"
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

func TestDiffSummaryText(t *testing.T) {
	const want = `X`
	if got := summaryOfDiff(t, differing(t), SummaryOptions{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
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
	// Six checkpoints of five fields: five of four by default, and one line each that says so.
	if n := strings.Count(some, "mpv 1.01"); n != 5 || !strings.Contains(some, "… and 1 more: --all") || !strings.Contains(some, "… and 1 more value: --all") {
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
	if h := got.Headline[0]; h.Name != "final return" || h.A != 1.1 || h.B != 1.125 || *h.Difference != 1.125-1.1 {
		t.Errorf("headline %+v", h)
	}
	for _, p := range got.Parts {
		switch p.Name {
		case partElimination:
			if e := p.Entries[0]; p.OnlyA != 1 || e.Change != "only_a" || e.Element["reason"] != "max_total_drawdown" || *e.TimeMS != startMS+2*dayMS {
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
	// data 1, setup 1, orders 1, checkpoints 6 × 5, elimination 1, result 2, metrics 1, not counted 1
	if len(rows) != 1+1+1+1+30+1+2+1+1 || strings.Join(rows[0], " ") != "part key change time field a b difference relative" {
		t.Errorf("%d rows: %q", len(rows), rows)
	}
	if want := "orders,BTCUSD 2025-01-01T06:00:00Z,changed,2025-01-01T06:00:00.5Z,price,50000,50001,1,1.9999600007999842e-05"; strings.Join(rows[3], ",") != want {
		t.Errorf("got %q, want %q", rows[3], want)
	}

	text := string(render(FormatMarkdown))
	for _, part := range []string{"First differs: 2025-01-01T06:00:00.5Z: the order", "| final return ", "| checkpoints |", "| +2.50 pp"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
}
