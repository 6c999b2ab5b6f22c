package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// setText is a line of text of a picture, and the room it takes, in points from
// the upper left.
type setText struct {
	line                     string
	left, right, top, bottom float64
}

// readPicture reads an SVG, which must be well-formed and without a coordinate that is
// no number: its texts, and how high it is.
func readPicture(t *testing.T, svg []byte) (texts []setText, height float64) {
	t.Helper()
	if bad := regexp.MustCompile(`[\d",](NaN|[+-]?Inf)`).Find(svg); bad != nil {
		t.Errorf("the SVG has a coordinate that is no number: %s", bad)
	}
	number := func(text string) float64 {
		x, err := strconv.ParseFloat(strings.TrimSuffix(text, "pt"), 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	size := regexp.MustCompile(`font-size:([0-9.]+)px`)
	inText := false
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts, height
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			attributes := make(map[string]string)
			for _, a := range token.Attr {
				attributes[a.Name.Local] = a.Value
			}
			if token.Name.Local == "svg" {
				height = number(attributes["height"])
			}
			if inText = token.Name.Local == "text"; inText {
				x, y := number(attributes["x"]), height+number(attributes["y"]) // the picture is upside down
				letters := number(size.FindStringSubmatch(attributes["style"])[1])
				texts = append(texts, setText{
					left: x, right: x + number(attributes["textLength"]), top: y - capHeight*letters, bottom: y,
				})
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				texts[len(texts)-1].line += string(token)
			}
		}
	}
}

// wantLegible demands that every text is on the sheet and covers no other.
func wantLegible(t *testing.T, texts []setText, height float64) {
	t.Helper()
	const hair = 0.2
	for i, a := range texts {
		if a.left < 0 || a.right > float64(plotWidth) || a.top < 0 || a.bottom > height {
			t.Errorf("%q is cut off: %.1f–%.1f × %.1f–%.1f", a.line, a.left, a.right, a.top, a.bottom)
		}
		for _, b := range texts[:i] {
			if a.left < b.right-hair && b.left < a.right-hair && a.top < b.bottom-hair && b.top < a.bottom-hair {
				t.Errorf("%q and %q overlap at %.0f, %.0f", a.line, b.line, a.left, a.top)
			}
		}
	}
}

// subnetTexts draws a plot of a subnet, and returns its lines.
func subnetTexts(t *testing.T, s *Subnet, plot Plot) []string {
	t.Helper()
	return pictureTexts(t, func(w io.Writer) error { return WriteSubnetPlot(w, s, plot, SVG, "a note") })
}

func pictureTexts(t *testing.T, write func(w io.Writer) error) []string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	texts, height := readPicture(t, b.Bytes())
	wantLegible(t, texts, height)
	lines := make([]string, len(texts))
	for i, text := range texts {
		lines[i] = text.line
	}
	return lines
}

func wantLines(t *testing.T, lines []string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !slices.Contains(lines, want) {
			t.Errorf("no line is %q; there are %q", want, lines)
		}
	}
}

func TestWriteSubnetPlotsNamesAndSizes(t *testing.T) {
	dir := t.TempDir()
	files, err := WriteSubnetPlots(dir, madeSubnet(t, 12), PlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"subnet-ranks.png", "subnet-ranks.svg", "subnet-weights.png", "subnet-weights.svg", "subnet-lifelines.png", "subnet-lifelines.svg",
		"subnet-score-drawdown.png", "subnet-score-drawdown.svg", "subnet-emission.png", "subnet-emission.svg",
		"subnet-percentiles.png", "subnet-percentiles.svg",
	}
	if !slices.Equal(files, want) {
		t.Errorf("wrote %v, want %v", files, want)
	}
	wantWide(t, dir, files)
}

// wantWide demands pictures as wide as all are, of at most 512 KiB.
func wantWide(t *testing.T, dir string, files []string) {
	t.Helper()
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 512<<10 {
			t.Errorf("%s has %d bytes, want at most 512 KiB", name, len(data))
		}
		if filepath.Ext(name) != ".png" {
			continue
		}
		config, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || config.Width != 1600 || config.Height < 300 {
			t.Errorf("%s is %d × %d (%v), want 1600 pixels of width and at least 300 of height", name, config.Width, config.Height, err)
		}
	}
}

func TestWriteSubnetPlotsChoice(t *testing.T) {
	o := PlotOptions{Plots: []Plot{PlotSubnetEmission}, Formats: []PlotFormat{SVG}}
	files, err := WriteSubnetPlots(t.TempDir(), madeSubnet(t, 2), o)
	if err != nil || !slices.Equal(files, []string{"subnet-emission.svg"}) {
		t.Errorf("wrote %v (%v), want subnet-emission.svg", files, err)
	}
}

func TestWriteSubnetPlotsRefuses(t *testing.T) {
	s := madeSubnet(t, 1)
	if _, err := WriteSubnetPlots(filepath.Join(t.TempDir(), "missing"), s, PlotOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that isn't there: %v, want fs.ErrNotExist", err)
	}
	if err := WriteSubnetPlot(io.Discard, s, "pie", PNG, ""); err == nil || !strings.Contains(err.Error(), "pie") {
		t.Errorf("an unknown plot: %v, want an error that names it", err)
	}
	if err := WriteSubnetPlot(io.Discard, s, PlotSubnetRanks, "gif", ""); err == nil || !strings.Contains(err.Error(), "gif") {
		t.Errorf("an unknown format: %v, want an error that names it", err)
	}
}

// TestSubnetPlotsSameBytes: the same subnet, made and drawn twice, gives the same
// bytes.
func TestSubnetPlotsSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures, drawn by one goroutine")
	}
	for _, format := range []PlotFormat{PNG, SVG} {
		for _, plot := range SubnetPlots() {
			var drawn [2]bytes.Buffer
			for i := range drawn {
				if err := WriteSubnetPlot(&drawn[i], madeSubnet(t, 70), plot, format, "n"); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(drawn[0].Bytes(), drawn[1].Bytes()) {
				t.Errorf("%s.%s differs from one time to the next", plot, format)
			}
		}
	}
}

// TestSubnetPlotsLegible: whatever the number of miners, nothing is cut off, and no
// text covers another.
func TestSubnetPlotsLegible(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures, drawn by one goroutine")
	}
	for _, n := range []int{0, 1, 2, 3, 12, 40, 41, 60, 61, 256} {
		s := madeSubnet(t, n)
		for _, plot := range SubnetPlots() {
			t.Run(fmt.Sprintf("%s of %d", plot, n), func(t *testing.T) {
				wantLines(t, subnetTexts(t, s, plot), "a note")
			})
		}
	}
}

// handSubnet is a subnet of five miners over four days whose figures are easy to
// find by hand.
//
//	shares by day   1     2     3    at the end
//	ada           0.50  0.50  0.10  0.10   main from the beginning
//	bob           0.30  0.40  0.50  0.50   main from the beginning
//	cyd           0.20  0.10  0.30  0.30   main from the beginning
//	dot            –     –    0.10  0.10   challenge, promoted on day 3
//	eve            –     –     –     –     challenge, eliminated on day 2, slot lost on day 3
func handSubnet(t *testing.T) *Subnet {
	t.Helper()
	resolved, err := rules.Load(rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int64) int64 { return plotStart + (n-1)*dayMS }
	r := &subnet.Result{Rules: resolved.Set, FromMS: day(1), ToMS: day(5)}
	rank := func(n int) *int { return &n }
	for _, m := range []subnet.MinerResult{
		{Miner: subnet.Miner{Name: "ada", Main: true}, State: scoring.StateMain, Emission: 1.2},
		{Miner: subnet.Miner{Name: "bob", Main: true}, State: scoring.StateMain, Emission: 1.7},
		{Miner: subnet.Miner{Name: "cyd", Main: true}, State: scoring.StateMain, Emission: 0.9},
		{Miner: subnet.Miner{Name: "dot"}, State: scoring.StateMain, Emission: 0.2, PromotedMS: day(3)},
		{Miner: subnet.Miner{Name: "eve"}, State: scoring.StateEliminated, OutMS: day(2), SlotLostMS: day(3)},
	} {
		m.RegisteredMS = day(1)
		r.Miners = append(r.Miners, m)
	}
	shares := [][]float64{{0.5, 0.3, 0.2, 0}, {0.5, 0.4, 0.1, 0}, {0.1, 0.5, 0.3, 0.1}, {0.1, 0.5, 0.3, 0.1}}
	ranks := [][]int{{1, 2, 3, 0}, {1, 2, 3, 0}, {3, 1, 2, 3}, {3, 1, 2, 3}}
	for i := range shares {
		round := subnet.Round{TimeMS: day(int64(i + 1))}
		for m, share := range shares[i] {
			state := scoring.StateMain
			if ranks[i][m] == 0 {
				state = scoring.StateChallenge
			}
			round.Places = append(round.Places, subnet.Place{Miner: m, State: state, Rank: ranks[i][m], Share: share})
		}
		r.History = append(r.History, round)
	}
	judged := func(id string, score, drawdown, weight float64, place int, percentiles ...float64) scoring.Judgement {
		j := scoring.Judgement{ID: id, State: scoring.StateMain, Score: scoring.Known(score), Weight: weight, EmissionShare: weight, Rank: rank(place)}
		j.MaxDrawdown = drawdown
		j.Penalties.Total = map[string]float64{"ada": 0.5, "bob": 0.993, "cyd": 1}[id] // dot: 0
		for i, metric := range []scoring.Metric{scoring.Calmar, scoring.Sharpe, scoring.Omega, scoring.Sortino, scoring.StatisticalConfidence} {
			j.Percentiles[metric] = scoring.Known(percentiles[i])
		}
		return j
	}
	eve := scoring.Judgement{ID: "eve", State: scoring.StateEliminated}
	eve.MaxDrawdown = 0.125
	r.Standing = &scoring.Standing{Miners: scoring.Judgements{
		judged("ada", 0.25, 0.02, 0.1, 3, 0.33, 0, 0.33, 0.33, 1),
		judged("bob", 0.875, 0.0425, 0.5, 1, 1, 1, 1, 0.67, 0.67),
		judged("cyd", 0.5, 0.03, 0.3, 2, 0.67, 0.67, 0.67, 1, 0.33),
		judged("dot", 0.125, 0.05, 0.1, 3, 0, 0.33, 0, 0, 0),
		eve,
	}}
	for i := range r.Miners {
		r.Miners[i].Judgement = r.Standing.Miners[i]
	}
	r.Events = []subnet.Event{{TimeMS: day(2), Kind: subnet.Eliminated, Miner: "eve", Reason: sim.FailedChallengeDrawdown, Drawdown: 0.125}}
	return &Subnet{Rules: resolved, Name: "by hand", Result: r}
}

// TestSubnetPlotsSay: the figures of the plots are those of the table at
// handSubnet.
func TestSubnetPlotsSay(t *testing.T) {
	for plot, wants := range map[Plot][]string{
		// bob was 2nd on two of the four days, and is 1st on the last two.
		PlotSubnetRanks: {"bob ends first; it was so 50 % of the time", "4", "ranked at the end", "by hand  ·  ptn-2025-02  ·  5 miners  ·  1 Jan 2025 – 4 Jan 2025"},
		// All were paid 4; bob 1.7 of it, which is 42.5 %, and with ada's 1.2 it is
		// 72.5 %: the least number of miners that have half.
		PlotSubnetWeights: {"The 2 best paid of 4 miners get 72 % of the emission", "bob", "42.50 %", "30.00 %", "22.50 %", "5.00 %", "4 of 5"},
		PlotSubnetLifelines: {"1 of 2 challengers promoted, 1 miner eliminated", "4 of 5", "main, 1st", "main, 3rd", "drawdown, 2 Jan",
			"challenge", "main competition", "eliminated, with a slot", "promoted", "drawdown", "slot lost"},
		PlotSubnetDrawdown: {"The best score, 0.875, had a drawdown of 4.25 %; the limit is 10 %", "10 % limit", "no score", "bob", "cyd", "ada", "dot"},
		// Of four miners the best 40 % are 1.6: 0.5 + 0.6 · 0.3 = 0.68. The weights in
		// ascending order times −3, −1, 1, 3 are −0.3 − 0.1 + 0.3 + 1.5 = 1.4; a quarter
		// of it is Gini.
		PlotSubnetEmission: {"The best 40 % receive 68 % of the emission; the target is 90 %", "0.350", "Gini", "they receive 68.00 %", "target: 90 %",
			"the best 80 %", "92.00 %"}, // 0.5 + 0.3 + 0.1 + 0.2 · 0.1
		PlotSubnetPercentiles: {"bob ranks first, and is the best by 3 of 5 metrics", "Calmar", "Confidence (t)", "counts 20 %", "score", "0.88", "0.67", "50.00 %",
			"penalty", "× 0.50", "× 0.99", "× 1", "× 0", "penalty: takes more than a twentieth of the score, up to all of it"},
	} {
		t.Run(string(plot), func(t *testing.T) { wantLines(t, subnetTexts(t, handSubnet(t), plot), wants...) })
	}
}

// TestSubnetPlotsEdgeCases: every plot can be drawn of every result, and says so
// where there is nothing to draw.
func TestSubnetPlotsEdgeCases(t *testing.T) {
	if testing.Short() {
		t.Skip("many pictures, drawn by one goroutine")
	}
	changed := func(change func(*Subnet)) *Subnet {
		s := handSubnet(t)
		change(s)
		return s
	}
	for name, c := range map[string]struct {
		subnet *Subnet
		plot   Plot
		wants  []string
	}{
		"nothing at all":  {&Subnet{Result: &subnet.Result{}}, PlotSubnetRanks, []string{"no miner registered"}},
		"no weights":      {changed(func(s *Subnet) { s.Result.History = nil; clearEmission(s) }), PlotSubnetWeights, []string{"no weights were set", "0 of 5"}},
		"no standing":     {changed(func(s *Subnet) { s.Result.Standing = nil }), PlotSubnetEmission, []string{"nobody is in the main competition"}},
		"one setting":     {changed(func(s *Subnet) { s.Result.History, s.Result.Standing = s.Result.History[3:], nil }), PlotSubnetRanks, []string{"bob has the highest weight"}},
		"a lasting first": {changed(func(s *Subnet) { s.Result.History = s.Result.History[2:] }), PlotSubnetRanks, []string{"bob is first all the time"}},
		"level at first": {changed(func(s *Subnet) { level(s, 2) }), PlotSubnetRanks, []string{"bob is first all the time",
			"by weight in the main competition; ranks exist from 3 Jan on"}},
		"always level": {changed(func(s *Subnet) { level(s, 4) }), PlotSubnetRanks, []string{"whenever weights were set, all who are ranked shared the first rank", "0"}},
		"no penalties": {changed(func(s *Subnet) {
			for i := range s.Result.Standing.Miners {
				s.Result.Standing.Miners[i].Penalties.Total = 1
			}
		}), PlotSubnetPercentiles, []string{"× 1"}},
		"a range of nothing": {changed(func(s *Subnet) { s.Result.ToMS = s.Result.FromMS }), PlotSubnetLifelines, []string{"main, 1st"}},
		"no rules":           {changed(func(s *Subnet) { s.Rules, s.Result.Rules = nil, nil }), PlotSubnetDrawdown, []string{"The best score, 0.875, had a drawdown of 4.25 %"}},
		"weights of 0": {changed(func(s *Subnet) {
			for i := range s.Result.Standing.Miners {
				s.Result.Standing.Miners[i].Weight = 0
			}
		}), PlotSubnetEmission, []string{"nobody has weight"}},
		"a drawdown that is no number": {changed(func(s *Subnet) { s.Result.Standing.Miners[1].MaxDrawdown = math.NaN() }), PlotSubnetDrawdown, []string{"cyd"}},
		"all is lost": {changed(func(s *Subnet) { s.Result.Standing.Miners[4].MaxDrawdown = 1 }), PlotSubnetDrawdown,
			[]string{"maximum drawdown in the window →   (1 miner beyond 17.00 %, at the right edge)"}},
		"liquidated":          {changed(func(s *Subnet) { s.Result.Events[0].Reason = sim.Liquidated }), PlotSubnetLifelines, []string{"liquidated, 2 Jan"}},
		"time is over":        {changed(func(s *Subnet) { s.Result.Events[0].Reason = sim.FailedChallengeTime }), PlotSubnetLifelines, []string{"time is over, 2 Jan", "challenge failed"}},
		"everyone penalised":  {changed(func(s *Subnet) { unknownPercentiles(s) }), PlotSubnetPercentiles, []string{"bob ranks first, and is the best by 0 of 5 metrics"}},
		"an unprintable name": {changed(func(s *Subnet) { rename(s, 1, "a\x00b<\n\ufffe&\u202e") }), PlotSubnetRanks, []string{"a b<  &  ends first; it was so 50 % of the time"}},
		"a name without end":  {changed(func(s *Subnet) { rename(s, 1, strings.Repeat("trend ", 99)) }), PlotSubnetWeights, nil},
	} {
		t.Run(name, func(t *testing.T) {
			wantLines(t, subnetTexts(t, c.subnet, c.plot), c.wants...)
			for _, plot := range SubnetPlots() {
				subnetTexts(t, c.subnet, plot)
			}
			if err := WriteSubnetPlot(io.Discard, c.subnet, c.plot, PNG, ""); err != nil {
				t.Error(err)
			}
		})
	}
}

// level makes all who are ranked first, at so many of the first settings of weights.
func level(s *Subnet, rounds int) {
	for i := range s.Result.History[:rounds] {
		places := s.Result.History[i].Places
		for k := range places {
			places[k].Rank = min(places[k].Rank, 1)
		}
	}
}

func clearEmission(s *Subnet) {
	for i := range s.Result.Miners {
		s.Result.Miners[i].Emission = 0
	}
}

func unknownPercentiles(s *Subnet) {
	for i := range s.Result.Standing.Miners {
		s.Result.Standing.Miners[i].Percentiles = scoring.Metrics{}
	}
}

func rename(s *Subnet, miner int, name string) {
	s.Result.Miners[miner].Name = name
	s.Result.Standing.Miners[miner].ID = name
}

// TestSubnetPlotLimit: the limit's line says whom it eliminates. Rules §9.
func TestSubnetPlotLimit(t *testing.T) {
	for name, c := range map[string]struct {
		main, challenge bool
		want            string // "": no line
	}{
		"all":              {true, true, "10 % limit"},
		"challengers":      {false, true, "10 % limit of challengers"},
		"main competition": {true, false, "10 % limit of the main competition"},
		"nobody":           {false, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := handSubnet(t)
			s.Rules.Set.Elimination.Main, s.Rules.Set.Elimination.Challenge = c.main, c.challenge
			lines := subnetTexts(t, s, PlotSubnetDrawdown)
			if c.want != "" {
				wantLines(t, lines, c.want)
			} else if slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "limit") }) {
				t.Errorf("a limit, where nobody is eliminated: %q", lines)
			}
		})
	}
}

// TestSpread: labels that have room stay where they are; others move apart, as
// little as they can.
func TestSpread(t *testing.T) {
	for name, c := range map[string]struct {
		wanted    []vg.Length
		low, high vg.Length
		want      []vg.Length
	}{
		"none":              {nil, 0, 100, nil},
		"room for all":      {[]vg.Length{10, 30, 60}, 0, 100, []vg.Length{10, 30, 60}},
		"two at one place":  {[]vg.Length{50, 50}, 0, 100, []vg.Length{45, 55}},
		"one pushes two":    {[]vg.Length{50, 56, 62}, 0, 100, []vg.Length{46, 56, 66}},
		"at the lower edge": {[]vg.Length{0, 1, 50}, 0, 100, []vg.Length{0, 10, 50}},
		"at the upper edge": {[]vg.Length{99, 100}, 0, 100, []vg.Length{90, 100}},
		"no room":           {[]vg.Length{0, 0, 0, 0, 0}, 0, 20, []vg.Length{0, 5, 10, 15, 20}},
	} {
		t.Run(name, func(t *testing.T) {
			got := spread(c.wanted, 10, c.low, c.high)
			if len(got) != len(c.want) {
				t.Fatalf("got %v, want %v", got, c.want)
			}
			for i := range got {
				if math.Abs(float64(got[i]-c.want[i])) > 1e-9 {
					t.Errorf("got %v, want %v", got, c.want)
				}
			}
		})
	}
}

// TestPercentileInkDarkens: the higher a percentile, the darker its ink, by even
// steps to the eye: in no tenth more than a fifth of the whole.
func TestPercentileInkDarkens(t *testing.T) {
	// The lightness L* of CIE 1976, from 0 to 100.
	lightness := func(i ink) float64 {
		linear := func(shift int) float64 {
			c := float64(i>>shift&0xff) / 255
			if c <= 0.04045 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		y := 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
		return 116*math.Cbrt(y) - 16
	}
	whole := lightness(percentileInk(0)) - lightness(percentileInk(1))
	for k := range 10 {
		step := lightness(percentileInk(float64(k)/10)) - lightness(percentileInk(float64(k+1)/10))
		if step < whole/30 || step > whole/5 {
			t.Errorf("from %d to %d tenths it darkens by %.1f of %.1f", k, k+1, step, whole)
		}
	}
	if percentileInk(math.NaN()) != inkPaper || percentileInk(-1) != percentileInk(0) || percentileInk(2) != percentileInk(1) {
		t.Error("what is no percentile has an ink of its own")
	}
}

func TestOrdinal(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 102: "102nd", 111: "111th"} {
		if got := ordinal(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// TestPenaltyStressed: from where it takes more than a twentieth on a penalty is red,
// the darker the more it takes.
func TestPenaltyStressed(t *testing.T) {
	for _, c := range []struct {
		penalty  float64
		text     string
		stressed bool
	}{
		{1, "× 1", false}, {0.999, "× 1.00", false}, {0.993, "× 0.99", false}, {0.95, "× 0.95", false},
		{0.9499, "× 0.95", true}, {0.5, "× 0.50", true}, {0.005, "× 0.01", true}, {0.0049, "≈ 0", true}, {0, "× 0", true},
	} {
		if got := penaltyText(c.penalty); got != c.text {
			t.Errorf("%v is %q, want %q", c.penalty, got, c.text)
		}
		if got := penaltyInk(c.penalty) != inkGrid; got != c.stressed {
			t.Errorf("%v is stressed: %t, want %t", c.penalty, got, c.stressed)
		}
	}
	for k := range 9 {
		if lighter, darker := penaltyInk(0.9-float64(k)/10), penaltyInk(0.8-float64(k)/10); darker.lightness() >= lighter.lightness() {
			t.Errorf("from 0.%d to 0.%d the ink darkens from %.2f to %.2f", 9-k, 8-k, lighter.lightness(), darker.lightness())
		}
	}
	if penaltyInk(0) != inkEliminated {
		t.Error("a penalty of 0 isn't as red as an elimination")
	}
}

// BenchmarkSubnetPlot draws each plot of 256 miners over 120 days.
func BenchmarkSubnetPlot(b *testing.B) {
	s := madeSubnet(b, 256)
	for _, format := range []PlotFormat{PNG, SVG} {
		for _, plot := range SubnetPlots() {
			b.Run(string(plot)+"."+string(format), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := WriteSubnetPlot(io.Discard, s, plot, format, ""); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
