package reports

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// The figures: three registrations at 2 are 6; second has 10 - 2 = 8 net, newcomer
// 0.5 - 2 = -1.5.
const summaryOfFive = `five                                                                                                         ptn-2025-02
2025-01-01 00:00 to 2025-04-11 00:00 UTC                                                                           100 d
BTCUSD 1m
weights set every 1d (the rules say 5m), challengers checked every 12h

Miners          5 registered: 2 in the main competition, 1 in the challenge, 1 eliminated, 1 deregistered
  promoted      1
  eliminated    MAX_TOTAL_DRAWDOWN 1
Slots           256, of which newcomers took 1 from others, 1 registration refused for want of one
Emission        100 paid, 1 a day; registrations cost 6, 2 each
Penalised       second martingale × 0.7500

Main competition: 2 miners
rank  miner   days    return  drawdown  Cal  Sha  Ome  Sor    t  penalty   score  weight    share  emission    net
────  ──────  ────  ────────  ────────  ───  ───  ───  ───  ───  ───────  ──────  ──────  ───────  ────────  ─────
   1  best      90  +25.00 %    4.00 %  100  100  100  100  100        1  1.0000  0.8750  87.40 %     85.00  85.00
   2  second    90    0.00 %    9.00 %    0    0    0    0    0   0.7500  0.0000  0.1250  12.40 %     10.00  8.000
percentiles by Calmar, Sharpe, Omega, Sortino, Confidence (t); return is of the miner's whole life; days, drawdown and
metrics are of the last 90d (ledger.window)

In the challenge: 1 miner (to pass takes 60 full days and a percentile of 0.75 within 90d)
miner     since       days   return  drawdown  Cal  Sha  Ome  Sor   t   score  percentile     share  emission     net
────────  ──────────  ────  ───────  ────────  ───  ───  ───  ───  ──  ──────  ──────────  ────────  ────────  ──────
newcomer  2025-03-22    20  -1.00 %    0.00 %   25   25   25   25  25  0.2500      0.5000  0.0012 %    0.5000  -1.500

Out: 2 miners
miner    out         days    return  drawdown  emission     net  reason
───────  ──────────  ────  ────────  ────────  ────────  ──────  ──────────────────
crowded  2025-03-22    90    0.00 %    0.00 %         0  -2.000  lost its slot
ruined   2025-02-20    90  -12.00 %   12.00 %     4.500   4.500  MAX_TOTAL_DRAWDOWN

Events
time              event         miner
────────────────  ────────────  ────────  ───────────────────────────────────────────────────────────────────────
2025-01-01 00:00  registered    best      in the main competition
2025-01-01 00:00  registered    crowded   for a fee of 2
2025-01-01 00:00  refused       late      every slot is taken by a miner in its immunity
2025-02-20 00:00  eliminated    ruined    MAX_TOTAL_DRAWDOWN at a drawdown of 12.00 %, by BTCUSD at 43210.5
2025-03-03 00:00  promoted      second    after 60 full days, with a drawdown of 3.00 %, at the percentile 0.7500
2025-03-22 00:00  deregistered  crowded   its weight was 1.200e-05, newcomer took its slot
2025-03-22 00:00  registered    newcomer  for a fee of 2, in the slot of crowded

Warnings        newcomer: registers again at once

Digest          sha256:00
Results         out
`

func subnetSummaryText(t *testing.T, s *Subnet, options SummaryOptions) string {
	t.Helper()
	var b strings.Builder
	if err := SubnetSummary(&b, s, options); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSubnetSummaryOfFive(t *testing.T) {
	got := subnetSummaryText(t, smallSubnet(t), SummaryOptions{Digest: "sha256:00", Folder: "out"})
	if got != summaryOfFive {
		t.Errorf("got\n%s\nwant\n%s", got, summaryOfFive)
	}
	colored := subnetSummaryText(t, smallSubnet(t), SummaryOptions{Digest: "sha256:00", Folder: "out", Color: true})
	if !strings.Contains(colored, "\x1b[31m12.00 %\x1b[0m") {
		t.Error("the drawdown over the limit is not red")
	}
	if plain := withoutColors(colored); plain != got {
		t.Errorf("colours change the text:\n%s", plain)
	}
}

// withoutColors leaves out what colours a text.
func withoutColors(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(after, "m")
	}
}

// Whatever the width, no line is wider but those that can't be narrower, and what
// is there is enough to see who gets what.
func TestSubnetSummaryFitsTheTerminal(t *testing.T) {
	subnets := map[string]*Subnet{"five": smallSubnet(t), "forty": rankedSubnet(t, 40), "one": rankedSubnet(t, 1), "none": emptySubnet(t), "foreign": foreignSubnet(t)}
	for name, s := range subnets {
		for _, width := range []int{80, 90, 100, 120, 150, 200} {
			text := subnetSummaryText(t, s, SummaryOptions{Width: width})
			for line := range strings.Lines(text) {
				if n := displayed(strings.TrimSuffix(line, "\n")); n > width && !strings.HasPrefix(line, "Digest") {
					t.Errorf("%s at %d: a line of %d characters: %s", name, width, n, line)
				}
			}
			if len(s.those(standsInMain)) > 0 && (!strings.Contains(text, "  score ") || !strings.Contains(text, "share")) {
				t.Errorf("%s at %d: no score or share:\n%s", name, width, text)
			}
			if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
				t.Errorf("%s at %d:\n%s", name, width, text)
			}
		}
	}
}

// foreignSubnet has names of every kind.
func foreignSubnet(t testing.TB) *Subnet {
	s := smallSubnet(t)
	for i, name := range []string{"旷工旷工旷工旷工旷工旷工旷工旷工旷工", "\x1b[2Jcleared\nscreen", strings.Repeat("é", 300), "", "🙂 miner"} {
		s.Result.Miners[i].Name, s.Result.Events[i].Miner = name, name
	}
	s.Name = "a \x07 bell"
	return s
}

func TestSubnetSummaryShowsNoForeignControls(t *testing.T) {
	text := subnetSummaryText(t, foreignSubnet(t), SummaryOptions{Width: 120})
	if strings.ContainsAny(text, "\x1b\x07") || strings.Contains(text, "cleared\nscreen") {
		t.Errorf("a name reaches the terminal as it is:\n%q", text)
	}
	// 28 columns less the ellipsis are 13 letters two wide: 7 in front, 6 behind.
	if want := "   1  旷工旷工旷工旷…旷工旷工旷工  "; !strings.Contains(subnetSummaryText(t, foreignSubnet(t), SummaryOptions{Width: 200}), want) {
		t.Errorf("no %q in\n%s", want, text)
	}
}

func TestAbridgedKeepsBothEnds(t *testing.T) {
	tests := []struct {
		name  string
		width int
		want  string
	}{
		{"short", 5, "short"},
		{"momentum-0012", 8, "mome…012"}, // 7 letters: four in front, three behind
		{"旷工旷工", 8, "旷工旷工"},
		{"旷工旷工", 7, "旷工…工"}, // 6 columns are three letters
		{"旷工旷工", 4, "旷…"},
		{"ab", 1, "…"},
	}
	for _, test := range tests {
		if got := abridged(test.name, test.width); got != test.want || displayed(got) > test.width {
			t.Errorf("%s in %d: got %s, want %s", test.name, test.width, got, test.want)
		}
	}
}

func TestSubnetSummaryCutsLongTables(t *testing.T) {
	rows := func(text string) int {
		return strings.Count(text, "population …") + strings.Count(text, "population o")
	}
	cut := subnetSummaryText(t, rankedSubnet(t, 40), SummaryOptions{Width: 200})
	if !strings.Contains(cut, "… 15 more") || !strings.Contains(cut, "--all shows every miner") || !strings.Contains(cut, "The last 8 of 40 events") {
		t.Errorf("40 miners are 20 and 5 and 15 more:\n%s", cut)
	}
	all := subnetSummaryText(t, rankedSubnet(t, 40), SummaryOptions{Width: 200, All: true})
	if strings.Contains(all, " more") || strings.Contains(all, "--all") || rows(all) != 80 {
		t.Errorf("%d rows of miners and events, want 80:\n%s", rows(all), all)
	}
	// One row left out would take the row that says so.
	if text := subnetSummaryText(t, rankedSubnet(t, 26), SummaryOptions{Width: 200}); strings.Contains(text, " more") {
		t.Errorf("26 miners are cut:\n%s", text)
	}
}

func TestSubnetSummaryOfNobody(t *testing.T) {
	text := subnetSummaryText(t, weighed(emptySubnet(t)), SummaryOptions{})
	for _, want := range []string{"0 registered\n", "nobody has a weight at the end"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Main competition") || strings.Contains(text, "event") {
		t.Errorf("an empty table is shown:\n%s", text)
	}
}

func TestSubnetTableListsTheBestFirst(t *testing.T) {
	var b bytes.Buffer
	if err := RenderSubnet(&b, smallSubnet(t), FormatCSV); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"miner":              {"best", "second", "newcomer", "crowded", "ruined"},
		"rank":               {"1", "2", "", "", ""},
		"state":              {"main", "main", "challenge", "deregistered", "eliminated"},
		"params":             slices.Repeat([]string{"fast=20 slow=50"}, 5),
		"final_return":       {"1.25", "1", "0.99", "1", "0.88"},
		"sharpe":             {"2", "0.5", "-100", "0", "-3"},
		"sharpe_percentile":  {"1", "0", "0.25", "", ""},
		"penalty":            {"1", "0.75", "1", "1", "0"},
		"score":              {"1", "0", "0.25", "", ""},
		"weight":             {"0.875", "0.125", "1.2e-05", "0", "0"},
		"emission":           {"85", "10", "0.5", "0", "4.5"},
		"net":                {"85", "8", "-1.5", "-2", "4.5"},
		"promoted":           {"", "2025-03-03T00:00:00Z", "", "", ""},
		"out":                {"", "", "", "2025-03-22T00:00:00Z", "2025-02-20T00:00:00Z"},
		"reason":             {"", "", "", "deregistered", "MAX_TOTAL_DRAWDOWN"},
		"return_short":       {"2", "0.5", "-100", "0", "-3"}, // of weight 0, for programs all the same
		"calmar_percentile":  {"1", "0", "0.25", "", ""},
		"registered":         {"2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "2025-03-22T00:00:00Z", "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z"},
		"emission_share":     {"0.874", "0.124", "1.2e-05", "0", "0"},
		"max_drawdown":       {"0.04", "0.09", "0", "0", "0"},
		"slot_lost":          {"", "", "", "2025-03-22T00:00:00Z", ""},
		"omega_percentile":   {"1", "0", "0.25", "", ""},
		"sortino_percentile": {"1", "0", "0.25", "", ""},
	}
	for name, values := range want {
		at := slices.Index(records[0], name)
		if at < 0 {
			t.Errorf("no column %s", name)
			continue
		}
		for i, value := range values {
			if got := records[i+1][at]; got != value {
				t.Errorf("%s of row %d: got %q, want %q", name, i, got, value)
			}
		}
	}
}

func TestSubnetInMarkdown(t *testing.T) {
	var b strings.Builder
	if err := RenderSubnet(&b, smallSubnet(t), FormatMarkdown); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{"| rank ", "2.000 (100)", "lost its slot", "-1.500", "\n- newcomer: registers again at once\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestEventsHaveTheNumbersOfTheirKind(t *testing.T) {
	var b bytes.Buffer
	if err := smallSubnet(t).EventsTable().Render(&b, FormatCSV); err != nil {
		t.Fatal(err)
	}
	want := `time,event,miner,what,reason,drawdown,days,percentile,weight,other,fee,main,pair,price
2025-01-01T00:00:00Z,registered,best,in the main competition,,,,,,,0,true,,
2025-01-01T00:00:00Z,registered,crowded,for a fee of 2,,,,,,,2,false,,
2025-01-01T00:00:00Z,refused,late,every slot is taken by a miner in its immunity,,,,,,,,,,
2025-02-20T00:00:00Z,eliminated,ruined,"MAX_TOTAL_DRAWDOWN at a drawdown of 12.00 %, by BTCUSD at 43210.5",MAX_TOTAL_DRAWDOWN,0.12,,,,,,,BTCUSD,43210.5
2025-03-03T00:00:00Z,promoted,second,"after 60 full days, with a drawdown of 3.00 %, at the percentile 0.7500",,0.03,60,0.75,,,,,,
2025-03-22T00:00:00Z,deregistered,crowded,"its weight was 1.200e-05, newcomer took its slot",,,,,1.2e-05,newcomer,,,,
2025-03-22T00:00:00Z,registered,newcomer,"for a fee of 2, in the slot of crowded",,,,,,crowded,2,false,,
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEventOfAFailedChallengeTellsItsDays(t *testing.T) {
	e := subnet.Event{Kind: subnet.Eliminated, Reason: sim.FailedChallengeTime, Drawdown: .05, Days: 70, Percentile: scoring.Known(.5)}
	if got, want := eventText(&e), "FAILED_CHALLENGE_PERIOD_TIME at a drawdown of 5.00 %, after 70 full days, at the percentile 0.5000"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if d := documentEvent(&e); d.Days == nil || *d.Days != 70 || d.Pair != nil {
		t.Errorf("got %+v", d)
	}
}

func TestSubnetDocumentFieldNames(t *testing.T) {
	var out struct {
		Schema  string
		Miners  map[string]map[string]any
		History []map[string]any
		Gini    *float64
	}
	text := NewSubnetDocument(smallSubnet(t)).Encode()
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	// Those of docs/design.md first.
	want := strings.Fields("days max_drawdown metrics percentiles penalties score weight emission_share rank state elimination challenge " +
		"group generation strategy params strategy_sha256 copies delay_ms seed fill latency_ms again_ms began_in_main registered_ms promoted_ms out_ms slot_lost_ms " +
		"final_return max_drawdown_run positions costs orders emission fee warnings")
	slices.Sort(want)
	for id, miner := range out.Miners {
		var names []string
		for name := range miner {
			names = append(names, name)
		}
		if slices.Sort(names); !slices.Equal(names, want) {
			t.Errorf("%s has the fields\n%v, want\n%v", id, names, want)
		}
	}
	ruined, newcomer := out.Miners["ruined"], out.Miners["newcomer"]
	if e := ruined["elimination"].(map[string]any); e["reason"] != "MAX_TOTAL_DRAWDOWN" || e["drawdown"] != .12 || e["price"] != 43210.5 {
		t.Errorf("the elimination is %v", e)
	}
	if c := newcomer["challenge"].(map[string]any); c["percentile"] != .5 || c["days"] != 20. || c["verdict"] != "running" || c["start_ms"] != float64(startMS+80*dayMS) {
		t.Errorf("the challenge is %v", c)
	}
	if ruined["challenge"] != nil || ruined["score"] != nil || newcomer["rank"] != nil || out.Miners["best"]["promoted_ms"] != nil {
		t.Error("what does not exist is not null")
	}
	if *out.Gini != .375 || len(out.Miners) != 5 {
		t.Errorf("Gini %g of %d miners", *out.Gini, len(out.Miners))
	}
	wantRound := map[string]any{
		"time_ms": float64(startMS + 99*dayMS), "concentration": .875, "miners": []any{"best", "ruined"}, "states": []any{"main", "eliminated"},
		"ranks": []any{1., nil}, "scores": []any{1., nil}, "shares": []any{.875, 0.},
	}
	if !reflect.DeepEqual(out.History[0], wantRound) {
		t.Errorf("the round is %v", out.History[0])
	}
	if !bytes.HasPrefix(text, []byte("{\n\"schema\":\"ptnsim-subnet-1\",\n")) {
		t.Errorf("it begins with %s", text[:64])
	}
	for id := range out.Miners {
		if !bytes.Contains(text, []byte("\n \""+id+"\":{")) {
			t.Errorf("%s has no line of its own", id)
		}
	}
}

// Every number of the document is read back as it was.
func TestSubnetDocumentRoundTrip(t *testing.T) {
	d := NewSubnetDocument(smallSubnet(t))
	text := d.Encode()
	var back SubnetDocument
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if again := back.Encode(); !bytes.Equal(again, text) || back.Digest != d.Digest {
		t.Errorf("got\n%s\nwant\n%s", again, text)
	}
	if *back.Miners[0].Rank != 1 || back.Miners[0].Penalties.Total != 1 || len(back.Events) != 7 {
		t.Errorf("what was read back is %+v", back.Miners[0])
	}
}

func TestSubnetDigestCoversOutcomesAndNoWords(t *testing.T) {
	base := SubnetDigest(smallSubnet(t))
	same := map[string]func(*Subnet){
		"the version":       func(s *Subnet) { s.Version = "2.0" },
		"a warning":         func(s *Subnet) { s.Result.Warnings = nil },
		"a sentence":        func(s *Subnet) { s.Result.Miners[4].Account.Challenge.Reason = "better words" },
		"an account's word": func(s *Subnet) { s.Result.Miners[0].Account.Warnings = []string{"a word"} },
		"the file's words":  func(s *Subnet) { s.Source = "5b" }, // comments and all
		"the file's place":  func(s *Subnet) { s.Dataset[0].File, s.Dataset[0].SHA256 = "b/BTCUSD-1m.arrow", "01" },
	}
	for name, change := range same {
		s := smallSubnet(t)
		if change(s); SubnetDigest(s) != base {
			t.Errorf("%s changes the digest", name)
		}
	}
	other := map[string]func(*Subnet){
		"the candles":    func(s *Subnet) { s.Dataset[0].Content = "c1" },
		"the seed":       func(s *Subnet) { s.Result.Seed++ },
		"a parameter":    func(s *Subnet) { s.Result.Miners[0].Params[0].Value = "21" },
		"a return":       func(s *Subnet) { s.Result.Miners[0].Account.FinalReturn = math.Nextafter(1.25, 2) },
		"a percentile":   func(s *Subnet) { s.Result.Miners[4].Judgement.Percentiles[scoring.Omega] = scoring.Known(.3) },
		"an event":       func(s *Subnet) { s.Result.Events[3].TimeMS++ },
		"a share":        func(s *Subnet) { s.Result.History[0].Places[0].Share = .8 },
		"how often":      func(s *Subnet) { s.Result.WeightsEveryMS *= 2 },
		"a verdict":      func(s *Subnet) { s.Result.Miners[4].Account.Challenge.Verdict = sim.ChallengePassed },
		"an elimination": func(s *Subnet) { s.Result.Miners[2].Account.Elimination.Price++ },
	}
	for name, change := range other {
		s := smallSubnet(t)
		if change(s); SubnetDigest(s) == base {
			t.Errorf("%s leaves the digest", name)
		}
	}
}

func TestSubnetDocumentHasNoNaN(t *testing.T) {
	for name, s := range map[string]*Subnet{"none": emptySubnet(t), "one": rankedSubnet(t, 1), "total loss": smallSubnet(t)} {
		if name == "total loss" {
			m := &s.Result.Miners[2]
			m.Account.FinalReturn = 0
			m.Account.Checkpoints = []sim.Checkpoint{{LastUpdateMS: startMS, AccumMS: 1, Loss: math.Inf(-1)}}
			m.Account.Elimination.Drawdown = 1
			m.Judgement.Metrics = scoring.Metrics{}
		}
		text := NewSubnetDocument(s).Encode()
		if !json.Valid(text) || bytes.Contains(text, []byte("NaN")) || bytes.Contains(text, []byte("Inf")) {
			t.Errorf("%s: %s", name, text)
		}
		var b bytes.Buffer
		if err := WritePopulation(&b, s); err != nil || !json.Valid(b.Bytes()) {
			t.Errorf("%s: population %v: %s", name, err, b.Bytes())
		}
	}
}

// playedSubnet is a subnet of accounts that really traded, judged as its population
// is.
func playedSubnet(t testing.TB, overrides ...string) *Subnet {
	t.Helper()
	s := emptySubnet(t)
	var account *sim.Result
	for i, state := range []scoring.State{scoring.StateMain, scoring.StateChallenge, scoring.StateMain, scoring.StateEliminated, scoring.StateMain, scoring.StateChallenge} {
		run := played(t, 8+i, 5+i, nil, overrides...)
		account = run.Result
		m := minerOfMetrics(fmt.Sprintf("miner <%d> \"é\"", 9-i), state, 0, -1)
		m.Account, m.Main = account, state == scoring.StateMain
		if state == scoring.StateChallenge && i < 5 {
			account.Challenge.StartMS = startMS + hourMS
		}
		s.Rules, s.Result.Rules = run.Rules, run.Rules.Set
		s.Result.Miners = append(s.Result.Miners, m)
	}
	last := &s.Result.Miners[3].Account.Checkpoints // it lost everything at the end
	end := (*last)[len(*last)-1]
	end.LastUpdateMS, end.Loss, end.MDD, end.MPV = end.LastUpdateMS+1, math.Inf(-1), 0, 0
	*last = append(*last, end)
	s.Result.ToMS = account.ToMS
	standing, err := scoring.Score(s.Result.Rules, s.Result.Population())
	if err != nil {
		t.Fatal(err)
	}
	s.Result.Standing = standing
	for i := range s.Result.Miners {
		m := &s.Result.Miners[i]
		at := slices.IndexFunc(standing.Miners, func(j scoring.Judgement) bool { return j.ID == m.Name })
		m.Judgement = standing.Miners[at]
	}
	return s
}

func TestPopulationIsScoredAsItWas(t *testing.T) {
	for _, filter := range []string{"none", "closed_60s"} {
		s := playedSubnet(t, "scoring.position_filter="+filter)
		var b bytes.Buffer
		if err := WritePopulation(&b, s); err != nil {
			t.Fatal(err)
		}
		population, err := scoring.ReadPopulation(&b, "")
		if err != nil {
			t.Fatal(err)
		}
		again, err := scoring.Score(s.Result.Rules, population)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again, s.Result.Standing) {
			t.Errorf("%s: got\n%+v\nwant\n%+v", filter, again, s.Result.Standing)
		}
		if best := again.Miners[0]; len(again.Miners) != 6 || best.Days == 0 {
			t.Errorf("%d miners, %d days: nothing was compared", len(again.Miners), best.Days)
		}
	}
}

func writeSubnet(t *testing.T, path string, s *Subnet, options FolderOptions) error {
	t.Helper()
	options.NoPlots = true
	folder, err := NewSubnetFolder(path, options)
	if err != nil {
		return err
	}
	defer folder.Abort()
	digest, err := folder.Commit(context.Background(), s)
	if err == nil && digest != SubnetDigest(s) {
		t.Errorf("Commit returns %s, the digest is %s", digest, SubnetDigest(s))
	}
	return err
}

func TestSubnetFolder(t *testing.T) {
	dir, s := filepath.Join(t.TempDir(), "new", "out"), smallSubnet(t)
	if err := writeSubnet(t, dir, s, FolderOptions{}); err != nil {
		t.Fatal(err)
	}
	want := []string{SubnetEventsFile, SubnetGroupsFile, SubnetMinersFile, PopulationFile, RulesFile, SubnetFile}
	if got := list(t, dir); !slices.Equal(got, want) {
		t.Errorf("the folder has %v, want %v", got, want)
	}
	if got := list(t, filepath.Dir(dir)); len(got) != 1 {
		t.Errorf("beside the folder stands %v", got)
	}
	text, err := os.ReadFile(filepath.Join(dir, SubnetFile))
	if err != nil || !bytes.Equal(text, NewSubnetDocument(s).Encode()) {
		t.Errorf("%s is no document of it (%v)", SubnetFile, err)
	}
	if err := writeSubnet(t, dir, s, FolderOptions{}); !errors.Is(err, ErrFolder) {
		t.Errorf("a result is replaced without force: %v", err)
	}
	s.Result.Seed++
	if err := writeSubnet(t, dir, s, FolderOptions{Force: true}); err != nil {
		t.Error(err)
	}
	if again, _ := os.ReadFile(filepath.Join(dir, SubnetFile)); bytes.Equal(again, text) {
		t.Error("force replaces nothing")
	}
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writeSubnet(t, dir, s, FolderOptions{Force: true}); !errors.Is(err, ErrFolder) {
		t.Errorf("a folder with a stranger's file is replaced: %v", err)
	}
}

func TestSubnetFolderOfACancelledCommitIsNotThere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	folder, err := NewSubnetFolder(dir, FolderOptions{NoPlots: true})
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Abort()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := folder.Commit(ctx, smallSubnet(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := list(t, filepath.Dir(dir)); len(got) != 0 {
		t.Errorf("it leaves %v", got)
	}
}

func TestSubnetFolderHasItsPlots(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	folder, err := NewSubnetFolder(dir, FolderOptions{Plots: PlotOptions{Formats: []PlotFormat{SVG}}})
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Abort()
	if _, err := folder.Commit(context.Background(), smallSubnet(t)); err != nil {
		t.Fatal(err)
	}
	names := list(t, dir)
	for _, plot := range SubnetPlots() {
		if !slices.Contains(names, string(plot)+".svg") {
			t.Errorf("no %s among %v", plot, names)
		}
	}
	// What it has written it may replace.
	if _, err := NewSubnetFolder(dir, FolderOptions{Force: true}); err != nil {
		t.Error(err)
	}
}
