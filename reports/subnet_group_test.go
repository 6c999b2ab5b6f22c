package reports

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/strategies"
)

// groupedSubnet is the five, of which second, crowded, ruined and a successor of
// crowded are a population:
//
//	mean return    (1 + 1 + 0.88 + 1.12)/4  = 1
//	mean drawdown  (0.09 + 0 + 0.12 + 0.03)/4 = 0.06, that of ruined being the one at its end
//	paid           (10 + 0 + 4.5 + 0)/100   = 0.145
func groupedSubnet(t testing.TB) *Subnet {
	s := smallSubnet(t)
	next := minerOfMetrics("crowded~2", scoring.StateChallenge, 0, 0)
	next.Generation, next.Account.FinalReturn, next.Judgement.MaxDrawdown = 2, 1.12, 0.03
	s.Result.Miners = append(s.Result.Miners, next)
	for _, i := range []int{1, 2, 3, 5} {
		s.Result.Miners[i].Group = "trend"
	}
	return s
}

func TestGroupsOfASubnet(t *testing.T) {
	got := GroupSubnet(groupedSubnet(t).Result)
	want := []SubnetGroup{ // the one that was paid most first
		{Group: "best", Miners: 1, Main: 1, MeanReturn: 1.25, MeanDrawdown: 0.04, Paid: 0.85},
		{Group: "trend", Miners: 4, Main: 1, Challenge: 1, Eliminated: 1, Deregistered: 1, MeanReturn: 1, MeanDrawdown: 0.06, Paid: 0.145},
		{Group: "newcomer", Miners: 1, Challenge: 1, MeanReturn: 0.99, Paid: 0.005},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestGroupsAreShownWhereThereArePopulations(t *testing.T) {
	const wide = `Groups
group     miners  main  challenge  eliminated  deregistered  mean return  mean drawdown     paid
────────  ──────  ────  ─────────  ──────────  ────────────  ───────────  ─────────────  ───────
best           1     1          0           0             0     +25.00 %         4.00 %  85.00 %
trend          4     1          1           1             1       0.00 %         6.00 %  14.50 %
newcomer       1     0          1           0             0      -1.00 %         0.00 %   0.50 %

Main competition`
	const narrow = `group     miners  main  chall.  elim.  dereg.    return  drawdown     paid
`
	const narrowest = `group     miners  main  elim.    return  drawdown     paid
`
	for width, want := range map[int]string{120: wide, 80: narrow, 60: narrowest} {
		if text := subnetSummaryText(t, groupedSubnet(t), SummaryOptions{Width: width}); !strings.Contains(text, want) {
			t.Errorf("at %d: no\n%s\nin\n%s", width, want, text)
		}
	}
	lonely := smallSubnet(t) // a miner and its successor are no population
	lonely.Result.Miners[4].Group, lonely.Result.Miners[4].Generation = lonely.Result.Miners[1].Group, 2
	if text := subnetSummaryText(t, lonely, SummaryOptions{}); strings.Contains(text, "Groups") {
		t.Errorf("there is no population in\n%s", text)
	}
}

func TestGroupsForPrograms(t *testing.T) {
	var b bytes.Buffer
	s := groupedSubnet(t)
	if err := s.GroupsTable().Render(&b, FormatCSV); err != nil {
		t.Fatal(err)
	}
	want := `group,miners,main,challenge,eliminated,deregistered,mean_return,mean_drawdown,paid
best,1,1,0,0,0,1.25,0.04,0.85
trend,4,1,1,1,1,1,0.06,0.145
newcomer,1,0,1,0,0,0.99,0,0.005
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var document struct{ Groups []map[string]any }
	if err := json.Unmarshal(NewSubnetDocument(s).Encode(), &document); err != nil {
		t.Fatal(err)
	}
	if g := document.Groups; len(g) != 3 || g[1]["group"] != "trend" || g[1]["miners"] != 4. || g[1]["mean_drawdown"] != 0.06 || g[1]["paid"] != 0.145 {
		t.Errorf("the groups are %v", g)
	}
	var markdown strings.Builder
	if err := RenderSubnet(&markdown, s, FormatMarkdown); err != nil {
		t.Fatal(err)
	}
	if text := markdown.String(); strings.Index(text, "| group ") != 0 || !strings.Contains(text, "14.50 %") || !strings.Contains(text, "| rank ") {
		t.Errorf("the tables are\n%s", text)
	}
}

// TestSubnetWithoutWeights: shares at the end are nobody's, where weights were never
// set.
func TestSubnetWithoutWeights(t *testing.T) {
	unset := func(fromMS, toMS int64) *Subnet {
		s := groupedSubnet(t)
		s.Result.FromMS, s.Result.ToMS, s.Result.History = fromMS, toMS, nil
		s.Result.Warnings = []string{s.Result.NeverWeighed(), "another warning"} // as the tournament has it
		return s
	}
	short := unset(startMS+hourMS, startMS+dayMS-1)
	text := subnetSummaryText(t, short, SummaryOptions{Width: 200})
	if strings.Count(text, "never set") != 1 || !strings.Contains(text, "the weights were never set: the range holds no multiple of 1d\n") {
		t.Errorf("it doesn't say once why in\n%s", text)
	}
	for _, column := range []string{"share", "weight  ", "emission", "paid\n", "the best"} {
		if strings.Contains(text, column) {
			t.Errorf("%q is shown in\n%s", column, text)
		}
	}
	var b strings.Builder
	if err := RenderSubnet(&b, short, FormatMarkdown); err != nil || strings.Contains(b.String(), "share") ||
		strings.Count(b.String(), "never set") != 1 || !strings.Contains(b.String(), "\nthe weights were never set") || !strings.Contains(b.String(), "- another warning\n") {
		t.Errorf("%v in\n%s", err, b.String())
	}
	for name, s := range map[string]*Subnet{
		"at its start": unset(startMS, startMS+hourMS), "within": unset(startMS+hourMS, startMS+dayMS+1), "at its end": unset(startMS+hourMS, startMS+dayMS),
	} {
		text := subnetSummaryText(t, s, SummaryOptions{})
		if strings.Count(text, "never set") != 1 || !strings.Contains(text, "the weights were never set: nobody was in the main competition when they fell due\n") || !strings.Contains(text, "another warning\n") {
			t.Errorf("%s: there is a multiple of a day, in\n%s", name, text)
		}
	}
}

// Weights of 0.6, 0.3 and 0.1 have a Gini coefficient of (0.3 + 0.5 + 0.2)·2/(2·9·1/3) =
// 0.33: the sum of all differences by twice the square of their number and the mean.
func TestConcentrationTakesThree(t *testing.T) {
	s := rankedSubnet(t, 3)
	for i, weight := range []float64{0.6, 0.3, 0.1} {
		s.Result.Miners[i].Judgement.Weight = weight
	}
	s.Result.Standing.Concentration = scoring.Known(0.6)
	want := "  the best 40 % of the main competition get ████████████░░░░░░░░ 60.00 % of its weight (target 90 %), Gini 0.33\n"
	if text := subnetSummaryText(t, s, SummaryOptions{}); !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
	s.Result.Miners = s.Result.Miners[:2]
	if text := subnetSummaryText(t, s, SummaryOptions{}); strings.Contains(text, "Gini") || strings.Contains(text, "the best") {
		t.Errorf("two are no concentration:\n%s", text)
	}
}

func TestPenalisedNamesTheCause(t *testing.T) {
	s := rankedSubnet(t, 12)
	for i := range s.Result.Miners {
		m := &s.Result.Miners[i]
		m.Name = string(rune('a' + i))
		m.Judgement.Penalties = scoring.Penalties{Drawdown: 1, Martingale: scoring.Known(1), Total: 1}
	}
	penalise := func(i int, drawdown, martingale float64) {
		s.Result.Miners[i].Judgement.Penalties = scoring.Penalties{Drawdown: drawdown, Martingale: scoring.Known(martingale), Total: drawdown * martingale}
	}
	penalise(0, 0.96, 1) // it takes less than a twentieth
	penalise(1, 0.5, 1)
	penalise(2, 1, 0)
	penalise(3, 0.5, 0.5)
	s.Result.Miners[4].State = scoring.StateEliminated
	penalise(4, 0, 1)
	for _, width := range []int{60, 200} {
		text := strings.Join(strings.Fields(subnetSummaryText(t, s, SummaryOptions{Width: width})), " ")
		if want := "Penalised b drawdown × 0.5000, c martingale × 0, d martingale and drawdown × 0.2500 Main"; !strings.Contains(text, want) {
			t.Errorf("at %d: no %q in\n%s", width, want, text)
		}
	}
	for i := range s.Result.Miners {
		penalise(i, 0.5, 1)
	}
	if text := subnetSummaryText(t, s, SummaryOptions{Width: 200}); !strings.Contains(text, " and 3 more\n") {
		t.Errorf("11 are penalised, 8 are named:\n%s", text)
	}
}

func TestChallengersShowTheirPenaltyWhereThereIsRoom(t *testing.T) {
	s := smallSubnet(t)
	s.Result.Miners[4].Judgement.Penalties.Total = 0.75
	section := func(width int) string {
		_, text, _ := strings.Cut(subnetSummaryText(t, s, SummaryOptions{Width: width}), "In the challenge")
		text, _, _ = strings.Cut(text, "Out: ")
		return text
	}
	if text := section(160); !strings.Contains(text, "penalty") || !strings.Contains(text, "0.7500") {
		t.Errorf("no penalty in\n%s", text)
	}
	if text := section(80); strings.Contains(text, "penalty") {
		t.Errorf("there is no room in\n%s", text)
	}
}

func TestNetIsShownOfThoseWhoPaid(t *testing.T) {
	s := smallSubnet(t)
	s.Result.Miners[3].Fee = 0 // second: now nobody in the main competition paid one
	text := subnetSummaryText(t, s, SummaryOptions{Width: 160})
	main, rest, _ := strings.Cut(text, "In the challenge")
	if strings.Contains(main, "  net") || !strings.Contains(rest, "  net") {
		t.Errorf("the column net stands in\n%s", text)
	}
}

func TestFooterTellsOfWhichTimeTheFiguresAre(t *testing.T) {
	const want = "return is of the miner's whole life; days, drawdown and metrics are of the last 90d (ledger.window)"
	s := smallSubnet(t)
	for _, width := range []int{60, 120, 200} {
		text := strings.Join(strings.Fields(subnetSummaryText(t, s, SummaryOptions{Width: width})), " ")
		if strings.Count(text, want) != 1 {
			t.Errorf("at %d: it stands there %d times in\n%s", width, strings.Count(text, want), text)
		}
	}
	var b strings.Builder
	if err := RenderSubnet(&b, s, FormatMarkdown); err != nil || !strings.Contains(b.String(), "\n"+want+"\n") {
		t.Errorf("%v in\n%s", err, b.String())
	}
}

func TestCopycatShowsWhomItCopies(t *testing.T) {
	s := smallSubnet(t)
	m := &s.Result.Miners[0]
	m.Strategy, m.Copies, m.Params = "copycat", "trend-03", []strategies.Setting{{Name: "copies", Value: "trend-03"}, {Name: "delay", Value: "10m"}}
	var b strings.Builder
	if err := RenderSubnet(&b, s, FormatCSV); err != nil || !strings.Contains(b.String(), ",copycat,copies=trend-03 delay=10m,") {
		t.Errorf("%v in\n%s", err, b.String())
	}
}

func TestSubnetWarningsAreCutForPeople(t *testing.T) {
	s := smallSubnet(t)
	long := "positions left out: " + strings.TrimSuffix(strings.Repeat("0f8fad5b-d9cb-469f-a165-70867728950e, ", 10), ", ")
	s.Result.Warnings = []string{long}
	// 80 columns less 16: of the two lines the first has one name, the second one and the count.
	want := "Warnings        positions left out: 0f8fad5b-d9cb-469f-a165-70867728950e,\n" +
		"                0f8fad5b-d9cb-469f-a165-70867728950e and 8 more\n"
	if text := subnetSummaryText(t, s, SummaryOptions{Width: 80}); !strings.Contains(text, want) {
		t.Errorf("no\n%s\nin\n%s", want, text)
	}
	if text := NewSubnetDocument(s).Encode(); !bytes.Contains(text, []byte(long)) {
		t.Error("programs don't get it whole")
	}
}
