package process

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// sent is what the tests read of a message to a program.
type sent struct {
	Type    string
	NowMS   int64 `json:"now_ms"`
	Candles []struct {
		Pair       string
		IntervalMS int64 `json:"interval_ms"`
		Time       []int64
		Open       []float64
		High       []float64
		Low        []float64
		Close      []float64
		Volume     []float64
		Rows       int
	}
	Outcomes []struct {
		ID        int
		OrderType string `json:"order_type"`
		Outcome   string
		Reason    string
		UUID      string
		FilledMS  int64   `json:"filled_ms"`
		Effective float64 `json:"effective_leverage"`
		Price     float64
	}
	Positions []struct {
		Pair        string
		NetLeverage float64 `json:"net_leverage"`
	}
	Pending []struct {
		Pair      string
		OrderType string `json:"order_type"`
		Leverage  float64
	}
	Closed    []string
	Portfolio *struct {
		Value         float64
		Eliminated    bool
		OpenPositions int `json:"open_positions"`
	}
	Room []struct {
		Pair     string
		Leverage float64
		Requests int
	}
	Carry []struct {
		Pair   string
		NextMS int64 `json:"next_ms"`
	}
}

// logged plays a run with a program that answers ready and gives no orders, and
// returns what it was sent after hello.
func logged(t testing.TB, ready string, change func(*sim.Config), series ...*market.Series) []sent {
	t.Helper()
	file := filepath.Join(t.TempDir(), "log")
	cfg := config(t, open(t, self(t, "log", file, ready), Options{}), series...)
	if change != nil {
		change(&cfg)
	}
	play(t, cfg)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var messages []sent
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		var m sent
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatalf("%v in %s", err, lines.Bytes())
		}
		if m.Type != "hello" {
			messages = append(messages, m)
		}
	}
	return messages
}

// decisions are the minutes after the start at which a program was asked.
func decisions(messages []sent) []int64 {
	var list []int64
	for _, m := range messages {
		if m.Type == "decide" {
			list = append(list, (m.NowMS-startMS)/minuteMS)
		}
	}
	return list
}

// TestHelloTellsTheRun: every number of it is from the rules of the set and the
// configuration. Rules §1, §4.
func TestHelloTellsTheRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	s := open(t, self(t, "log", file, plainReady), Options{}, []strategies.Setting{
		{Name: "fast", Value: "20"}, {Name: "share", Value: "0.50"}, {Name: "loud", Value: "true"},
		{Name: "name", Value: "a \"b\""}, {Name: "zeros", Value: "007"}, {Name: "huge", Value: "1e999"},
		{Name: "half", Value: "0.5"}, {Name: "exponent", Value: "1e5"}, {Name: "label", Value: "1.10"}, {Name: "minus", Value: "-0"},
		{Name: "least", Value: "-0.0001"}, {Name: "whole", Value: "-9007199254740991"}, {Name: "unsafe", Value: "9007199254740993"}}...)
	cfg := config(t, s, walk(t, "BTCUSD", 2, 1))
	cfg.LatencyMS = 1500
	play(t, cfg)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	var got map[string]any
	if err := json.Unmarshal(line, &got); err != nil {
		t.Fatal(err)
	}
	if seed, _ := got["seed"].(float64); seed <= 0 || seed >= 1<<53 {
		t.Errorf("seed %v, want a whole number below 2^53", got["seed"])
	}
	delete(got, "seed")
	want := map[string]any{
		"type": "hello", "protocol": 1.0, "rules": "ptn-2025-02", "from_ms": float64(startMS), "to_ms": float64(startMS + 2*minuteMS), "latency_ms": 1500.0,
		"params": map[string]any{"fast": 20.0, "share": "0.50", "loud": true, "name": `a "b"`, "zeros": "007", "huge": "1e999",
			"half": 0.5, "exponent": "1e5", "label": "1.10", "minus": "-0", "least": -0.0001, "whole": -9007199254740991.0, "unsafe": "9007199254740993"},
		"pairs": []any{map[string]any{
			"pair": "BTCUSD", "class": "crypto", "interval_ms": 60000.0, "columns": []any{"time", "open", "high", "low", "close"},
			"limits": map[string]any{"position_min": 0.01, "position_max": 0.5, "class_max": 0.5, "order_min": 0.001, "order_max": 500.0,
				"weight": 10.0, "portfolio_max": 10.0, "cooldown_ms": 10000.0, "halted": false},
		}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestProgramIsAskedWhenItWantsToBe. Candle i ends at minute i+1. Closes:
//
//	i      0    1    2    3    4    5    6    7    8    9
//	close  100  101  102  103  102  101  100  99   100  101
//	sma(2) -   100.5 101.5 102.5 102.5 101.5 100.5 99.5 99.5 100.5
func TestProgramIsAskedWhenItWantsToBe(t *testing.T) {
	btc := minutes(t, "BTCUSD", startMS, 100, 101, 102, 103, 102, 101, 100, 99, 100, 101)
	eth := minutes(t, "ETHUSD", startMS+2*minuteMS, 10, 10, 10)
	for _, c := range []struct {
		name, decide string
		want         []int64
	}{
		{"every candle of any pair", `{"candles":1}`, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		{"every candle of one", `{"candles":1,"pair":"ETHUSD"}`, []int64{3, 4, 5}},
		{"every third of the first", `{"candles":3}`, []int64{3, 6, 9}},
		{"every second of a named one", `{"candles":2,"pair":"ETHUSD"}`, []int64{4}},
		{"the clock", `{"every":"4m"}`, []int64{0, 4, 8}},
		{"several rules", `[{"every":"5m"},{"candles":4}]`, []int64{0, 4, 5, 8, 10}},
		{"above a number", `{"indicator":"close","is":"above","of":101.5}`, []int64{3, 4, 5}},
		{"below an indicator", `{"indicator":"close","is":"below","of":"sma(2)"}`, []int64{5, 6, 7, 8}},
		{"crosses an indicator", `{"indicator":"close","is":"crosses","of":"sma(2)"}`, []int64{5, 9}},
		{"crosses upwards", `{"indicator":"close","is":"crosses_above","of":"sma(2)"}`, []int64{9}},
		{"crosses downwards", `{"indicator":"close","is":"crosses_below","of":"sma(2)"}`, []int64{5}},
		{"crosses a number it touches first: a tie keeps the side", `{"indicator":"close","is":"crosses","of":100}`, []int64{8, 10}},
		{"an output", `{"indicator":"donchian(2).upper","is":"above","of":102.5}`, []int64{4, 5, 6}},
		// From 100: 102 is 2 % up; from it 100 is 1.96 % down, 99 is 2.94 %; from it 101 is 2.02 % up.
		{"moved", `{"moved":0.02}`, []int64{3, 8, 10}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := decisions(logged(t, `{"type":"ready","protocol":1,"decide":`+c.decide+`}`, nil, btc, eth))
			if !slices.Equal(got, c.want) {
				t.Errorf("asked at minutes %v, want %v", got, c.want)
			}
		})
	}
}

// TestConditionsReadHistory: the average of five exists at the first candle of
// the range, since four came before it.
func TestConditionsReadHistory(t *testing.T) {
	btc := minutes(t, "BTCUSD", startMS, 1, 2, 3, 4, 5, 6, 7)
	got := decisions(logged(t, `{"type":"ready","protocol":1,"decide":{"indicator":"close","is":"above","of":"sma(5)"}}`,
		func(cfg *sim.Config) { cfg.FromMS += 4 * minuteMS }, btc))
	if want := []int64{5, 6, 7}; !slices.Equal(got, want) {
		t.Errorf("asked at minutes %v, want %v", got, want)
	}
}

// TestCrossingsKnowTheHistory: the crossing of candle 4 is one, though the range
// begins where that candle ends. The closes are those of
// TestProgramIsAskedWhenItWantsToBe.
func TestCrossingsKnowTheHistory(t *testing.T) {
	btc := minutes(t, "BTCUSD", startMS, 100, 101, 102, 103, 102, 101, 100, 99, 100, 101)
	for is, want := range map[string][]int64{"crosses": {5, 9}, "crosses_below": {5}, "crosses_above": {9}} {
		got := decisions(logged(t, `{"type":"ready","protocol":1,"decide":{"indicator":"close","is":"`+is+`","of":"sma(2)"}}`,
			func(cfg *sim.Config) { cfg.FromMS += 5 * minuteMS }, btc))
		if !slices.Equal(got, want) {
			t.Errorf("%s: asked at minutes %v, want %v", is, got, want)
		}
	}
}

// TestProgramNeverSeesAhead, and sees every candle once, in order, bit for bit:
// whatever it subscribes to, however seldom it is asked.
func TestProgramNeverSeesAhead(t *testing.T) {
	all := []*market.Series{walk(t, "BTCUSD", 700, 1), walk(t, "ETHUSD", 500, 2), walk(t, "EURUSD", 600, 3)}
	for i := range all[1].Time {
		all[1].Volume = append(all[1].Volume, float64(i)*1.25)
	}
	rapid.Check(t, func(r *rapid.T) {
		intervals := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"BTCUSD 1", "BTCUSD 5", "ETHUSD 1", "ETHUSD 15", "EURUSD 60", "EURUSD 7"}), 1, 6, rapid.ID).Draw(r, "feeds")
		decide := rapid.SampledFrom([]string{`{"candles":1}`, `{"candles":37}`, `{"every":"13m"}`, `{"moved":0.001}`, `[{"every":"1h"},{"indicator":"close","is":"crosses","of":"ema(9)"}]`}).Draw(r, "decide")
		history := rapid.IntRange(0, 150).Draw(r, "history")
		skip := rapid.IntRange(0, 120).Draw(r, "skip")
		var subscribe []string
		for _, of := range intervals {
			n, _ := strconv.Atoi(of[7:])
			subscribe = append(subscribe, fmt.Sprintf(`{"pair":%q,"interval_ms":%d}`, of[:6], n*minuteMS))
		}
		text := fmt.Sprintf(`{"type":"ready","protocol":1,"subscribe":[%s],"decide":%s,"history":%d}`, strings.Join(subscribe, ","), decide, history)
		messages := logged(t, text, func(cfg *sim.Config) { cfg.FromMS += int64(skip) * minuteMS }, all...)
		seen := make(map[string]int)
		lastMS := make(map[string]int64)
		for _, m := range messages {
			for _, c := range m.Candles {
				key := fmt.Sprintf("%s %d", c.Pair, c.IntervalMS/minuteMS)
				if !slices.Contains(intervals, key) {
					r.Fatalf("%s was not asked for", key)
				}
				for _, open := range c.Time {
					if open+c.IntervalMS > m.NowMS {
						r.Fatalf("at %d: a candle of %s that opens at %d", m.NowMS, key, open)
					}
					if open <= lastMS[key] {
						r.Fatalf("at %d: the candle of %s at %d comes after that at %d", m.NowMS, key, open, lastMS[key])
					}
					lastMS[key] = open
				}
				i := slices.IndexFunc(all, func(s *market.Series) bool { return s.Pair.ID == c.Pair })
				if c.IntervalMS == minuteMS {
					s := all[i]
					from := s.Search(c.Time[0])
					to := from + len(c.Time)
					if !slices.Equal(c.Time, s.Time[from:to]) || !slices.Equal(c.Open, s.Open[from:to]) || !slices.Equal(c.High, s.High[from:to]) ||
						!slices.Equal(c.Low, s.Low[from:to]) || !slices.Equal(c.Close, s.Close[from:to]) || s.Volume != nil && !slices.Equal(c.Volume, s.Volume[from:to]) {
						r.Fatalf("at %d: %s differs from the candles", m.NowMS, key)
					}
				}
				seen[key] += len(c.Time)
			}
		}
		if decide != `{"candles":1}` {
			return
		}
		// With a decision at each candle all are seen: what ends at the start or after it, and the history.
		for _, key := range intervals {
			if key[7:] != "1" {
				continue
			}
			i := slices.IndexFunc(all, func(s *market.Series) bool { return s.Pair.ID == key[:6] })
			if want := all[i].Len() - max(0, skip-1-history); seen[key] != want {
				r.Fatalf("%s: %d candles were sent, want %d", key, seen[key], want)
			}
		}
	})
}

// TestLongHistoryComesInParts: no message holds more than candlesMax, and all
// but the last of an instant take no answer.
func TestLongHistoryComesInParts(t *testing.T) {
	btc, eth := walk(t, "BTCUSD", 40_000, 1), walk(t, "ETHUSD", 40_000, 2)
	messages := logged(t, `{"type":"ready","protocol":1,"history":"all","columns":["close"],"decide":{"every":"1h"},"want":[]}`,
		func(cfg *sim.Config) { cfg.FromMS = startMS + 39_000*minuteMS }, btc, eth)
	var closes []float64
	var kinds []string
	for _, m := range messages {
		kinds = append(kinds, m.Type)
		n := 0
		for _, c := range m.Candles {
			n += len(c.Close)
			if c.Time != nil {
				t.Error("a time that was not asked for")
			}
			if c.Pair == "ETHUSD" {
				closes = append(closes, c.Close...)
			}
		}
		if n > candlesMax {
			t.Errorf("a message of %d candles", n)
		}
	}
	// 2 × 39 000 candles come before minute 39 000, a full hour: 4 × 16 384 and the rest. The range has 16
	// more full hours, up to minute 39 960.
	want := append([]string{"candles", "candles", "candles", "candles"}, slices.Repeat([]string{"decide"}, 17)...)
	if want = append(want, "end"); !slices.Equal(kinds, want) {
		t.Errorf("messages %v, want %v", kinds, want)
	}
	if !slices.Equal(closes, eth.Close[:39_960]) {
		t.Errorf("%d closes, want the first 39 960 of the series", len(closes))
	}
}

// TestQuestionsAreNotHeldWhole: 80 000 candles are 7 MB of text, and more than
// that as Arrow's streams and text together; one message of 16 384 is below 2.
func TestQuestionsAreNotHeldWhole(t *testing.T) {
	btc := walk(t, "BTCUSD", 80_000, 1)
	for client, candles := range map[string]string{"script": "json", "arrow": "arrow"} {
		ready := `{"type":"ready","protocol":1,"history":"all","decide":{"candles":5},"candles":"` + candles + `"}`
		most := 0
		k := &keeper{teller: &teller{Program: open(t, self(t, client, ready), Options{}).(*Program), t: t}}
		k.take = func(message []byte) { most = max(most, cap(message)) }
		cfg := config(t, k, btc)
		cfg.FromMS = btc.EndMS(btc.Len() - 10)
		play(t, cfg)
		if most == 0 || most > 4<<20 {
			t.Errorf("%s: a buffer of %d bytes, want at most 4 MiB", candles, most)
		}
	}
}

// TestOrdersAndTheirOutcomes plays an account through a program: what it is told
// is what the rules did. Rules §2, §4.
func TestOrdersAndTheirOutcomes(t *testing.T) {
	btc := minutes(t, "BTCUSD", startMS, slices.Repeat([]float64{100}, 9)...)
	btc.Volume = nil
	command := self(t, "script", `{"type":"ready","protocol":1,"want":["outcomes","positions","pending","portfolio","room","carry","sessions"]}`,
		`{"type":"orders","now_ms":NOW,"orders":[{"pair":"BTCUSD","order_type":"Long","leverage":0.1,"uuid":"first"},{"pair":"BTCUSD","order_type":"short","leverage":0.0001}]}`,
		`{"type":"orders","now_ms":NOW,"orders":[{"pair":"BTCUSD","target":0.3}]}`,
		`{"type":"orders","now_ms":NOW,"orders":[{"pair":"BTCUSD","reduce":0.1}]}`,
		`{"type":"orders","now_ms":NOW,"orders":[{"pair":"BTCUSD","target":-0.2}],"wake_at_ms":1740960270000}`,
	)
	res := play(t, config(t, open(t, command, Options{}), btc))
	type row struct {
		minute   int64
		kind     sim.OrderType
		leverage float64
		outcome  sim.Outcome
	}
	var got []row
	for _, o := range res.Orders {
		got = append(got, row{(o.EmittedMS - startMS) / minuteMS, o.Type, math.Round(o.Leverage*1e9) / 1e9, o.Outcome})
	}
	want := []row{
		{1, sim.Long, 0.1, sim.Accepted}, {1, sim.Short, -0.0001, sim.Rejected}, // the smallest order is 0.001
		{2, sim.Long, 0.2, sim.Accepted}, {3, sim.Short, -0.1, sim.Accepted},
		{4, sim.Flat, 0, sim.Accepted}, {4, sim.Short, -0.2, sim.Accepted},
	}
	if !slices.Equal(got, want) {
		t.Errorf("orders %v,\nwant   %v", got, want)
	}
	if res.Orders[0].UUID != "first" || res.Orders[1].Reason != sim.InvalidLeverage {
		t.Errorf("uuid %q, reason %q", res.Orders[0].UUID, res.Orders[1].Reason)
	}
}

// TestSmallTargetsAreDoubted: the smallest position in BTCUSD is 0.01. Where there
// is none on the target's side, a smaller target opens none, which is said once a
// pair; where there is one, its order is rejected, as the outcome tells. Rules §4.
func TestSmallTargetsAreDoubted(t *testing.T) {
	const doubt = "BTCUSD: a target is below the smallest position, 0.01: none is opened"
	for _, c := range []struct {
		name    string
		targets []string
		want    int // doubts
		held    bool
	}{
		{"flat, twice", []string{"0.005", "-0.0001"}, 1, false},
		{"through zero", []string{"0.1", "-0.005"}, 1, false},
		{"of a larger one", []string{"0.1", "0.005"}, 0, true},
		{"the smallest", []string{"0.01"}, 0, true},
		{"nothing", []string{"0"}, 0, false},
		{"nothing of something", []string{"0.1", "0"}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := []string{plainReady}
			for _, target := range c.targets {
				args = append(args, `{"type":"orders","now_ms":NOW,"orders":[{"pair":"BTCUSD","target":`+target+`}]}`)
			}
			s := open(t, self(t, "script", args...), Options{})
			res := play(t, config(t, s, minutes(t, "BTCUSD", startMS, 100, 100, 100, 100, 100)))
			doubts := 0
			for _, w := range res.Warnings {
				if strings.Contains(w, doubt) {
					doubts++
				}
			}
			held := len(res.Positions) > 0 && res.Positions[len(res.Positions)-1].CloseMS == 0
			if doubts != c.want || held != c.held {
				t.Errorf("%d doubts among %q, want %d; a position at the end: %v, want %v", doubts, res.Warnings, c.want, held, c.held)
			}
		})
	}
}

// TestLastDecisionIsAtTheEnd: a program is asked at to_ms too. Nothing opens
// after it for the order to fill at, and end tells so.
func TestLastDecisionIsAtTheEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	flat := `{"type":"orders","now_ms":NOW,"orders":[{"pair":"BTCUSD","order_type":"FLAT"}]}`
	command := self(t, "script", plainReady, `{"type":"orders","now_ms":NOW,"orders":[{"pair":"BTCUSD","target":0.1}]}`,
		`{"type":"orders","now_ms":NOW}`, flat)
	s := open(t, "sh -c 'tee "+file+" | "+strings.ReplaceAll(command, "'", `'\''`)+"'", Options{})
	cfg := config(t, s, minutes(t, "BTCUSD", startMS, 100, 100, 100))
	play(t, cfg)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	var asked, end sent
	if err := json.Unmarshal([]byte(lines[len(lines)-2]), &asked); err != nil || asked.Type != "decide" || asked.NowMS != cfg.ToMS {
		t.Errorf("the last question: %s", lines[len(lines)-2])
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &end); err != nil || end.Type != "end" || end.NowMS != cfg.ToMS || len(end.Outcomes) != 1 ||
		end.Outcomes[0].Outcome != "rejected" || end.Outcomes[0].Reason != "no_price" || end.Portfolio == nil || end.Portfolio.OpenPositions != 1 || len(end.Positions) != 1 || end.Positions[0].NetLeverage != 0.1 {
		t.Errorf("the end: %s", lines[len(lines)-1])
	}
}

// teller is a strategy that plays a program and notes its questions.
type teller struct {
	*Program
	questions []sent
	t         *testing.T
}

func (w *teller) Decide(c *sim.Context) error {
	err := w.Program.Decide(c)
	if w.session != nil {
		var m sent
		line, _, _ := bytes.Cut(w.session.out.b, []byte("\n"))
		if err := json.Unmarshal(line, &m); err != nil {
			w.t.Fatalf("%v in %s", err, line)
		}
		w.questions = append(w.questions, m)
	}
	return err
}

// TestQuestionsTellTheAccount: with a latency of 30 s an order at minute 1 is on
// its way until minute 2, when its candle opens. It is known at minute 2: filled
// at that instant's open, after the question, it is told at minute 3.
func TestQuestionsTellTheAccount(t *testing.T) {
	btc := minutes(t, "BTCUSD", startMS, 100, 100, 101, 102, 103, 104)
	spx := minutes(t, "SPX", startMS, 100, 100, 101, 102, 103, 104)
	command := self(t, "script", `{"type":"ready","protocol":1,"subscribe":[{"pair":"BTCUSD"}],"want":["outcomes","positions","pending","portfolio","room","carry","sessions"]}`,
		`{"type":"orders","now_ms":NOW,"orders":[{"pair":"BTCUSD","order_type":"SHORT","leverage":-0.7,"uuid":"x\"y"},{"pair":"SPX","order_type":"LONG","leverage":1}],"wake_at_ms":1740960100000}`)
	w := &teller{Program: open(t, command, Options{}).(*Program), t: t}
	cfg := config(t, w, btc, spx)
	cfg.LatencyMS = 50_000
	play(t, cfg)
	q := w.questions
	if len(q) != 7 {
		t.Fatalf("%d questions, want one a minute and one at 01:40", len(q))
	}
	if len(q[0].Pending) != 0 || len(q[0].Outcomes) != 0 || q[0].Portfolio.Value != 1 || len(q[0].Room) != 2 || len(q[0].Carry) != 2 ||
		!slices.Equal(q[0].Closed, []string{"SPX"}) || q[0].Room[0].Leverage != 0.5 || q[0].Room[0].Requests != 10 {
		t.Errorf("at minute 1: %+v", q[0])
	}
	if q[1].NowMS != startMS+100_000 || len(q[1].Candles) != 0 || len(q[1].Pending) != 2 || q[1].Pending[0].Leverage != -0.7 || q[1].Pending[0].OrderType != "SHORT" {
		t.Errorf("at the alarm: %+v", q[1])
	}
	if o := q[2].Outcomes; len(o) != 1 || o[0].Outcome != "rejected" || o[0].Reason != "market_closed" || o[0].ID != 1 {
		t.Errorf("at minute 2: %+v; SPX is rejected when it acts, at 01:50", q[2])
	}
	if o := q[3].Outcomes; len(o) != 1 || o[0].UUID != `x"y` || o[0].Outcome != "clamped" || o[0].Effective != -0.5 || o[0].Price != 100 ||
		o[0].FilledMS != startMS+2*minuteMS || len(q[3].Pending) != 0 || len(q[3].Positions) != 1 || q[3].Positions[0].NetLeverage != -0.5 ||
		q[3].Portfolio.OpenPositions != 1 || q[3].Portfolio.Value >= 1 || q[3].Room[0].Leverage != 0 {
		t.Errorf("at minute 3: %+v", q[3])
	}
	if len(q[4].Outcomes) != 0 || len(q[4].Positions) != 1 {
		t.Errorf("at minute 4: %+v", q[4])
	}
}

// TestArrowHoldsTheSame: the client checks each stream; here all closes add up.
func TestArrowHoldsTheSame(t *testing.T) {
	btc, eth := walk(t, "BTCUSD", 500, 1), walk(t, "ETHUSD", 300, 2)
	eth.Volume = slices.Clone(eth.Close)
	ready := `{"type":"ready","protocol":1,"candles":"arrow","columns":["close","volume"],"decide":{"candles":50},"want":[]}`
	play(t, config(t, open(t, self(t, "arrow", ready), Options{}), btc, eth))

	var whole []float64
	w := &teller{Program: open(t, self(t, "arrow", ready), Options{}).(*Program), t: t}
	keep := &keeper{teller: w, take: func(message []byte) {
		_, stream, _ := bytes.Cut(message, []byte("\n"))
		r, err := ipc.NewReader(bytes.NewReader(stream))
		if err != nil {
			t.Fatal(err)
		}
		r.Next()
		whole = append(whole, r.RecordBatch().Column(1).(*array.Float64).Float64Values()...)
	}}
	play(t, config(t, keep, btc, eth))
	if !slices.Equal(whole, btc.Close) {
		t.Errorf("%d closes of BTCUSD, want the series'", len(whole))
	}
}

type keeper struct {
	*teller
	take func(message []byte)
}

func (k *keeper) Decide(c *sim.Context) error {
	err := k.Program.Decide(c)
	k.take(k.session.out.b)
	return err
}

// takeArrow reads the stream behind a message and holds it against the message.
func takeArrow(w *wire, m map[string]any) error {
	n, ok := m["arrow"].(float64)
	entries, _ := m["candles"].([]any)
	if !ok {
		if len(entries) > 0 {
			return fmt.Errorf("candles without a stream")
		}
		return nil
	}
	stream := make([]byte, int(n))
	if _, err := readFull(w.in, stream); err != nil {
		return err
	}
	r, err := ipc.NewReader(bytes.NewReader(stream))
	if err != nil {
		return err
	}
	for _, e := range entries {
		entry := e.(map[string]any)
		if !r.Next() {
			return fmt.Errorf("no batch for %v: %v", entry, r.Err())
		}
		if rec := r.RecordBatch(); rec.NumRows() != int64(entry["rows"].(float64)) {
			return fmt.Errorf("%d rows for %v", rec.NumRows(), entry)
		}
		times := r.RecordBatch().Column(0).(*array.Timestamp)
		if last := int64(times.Value(times.Len() - 1)); last+int64(entry["interval_ms"].(float64)) > int64(m["now_ms"].(float64)) {
			return fmt.Errorf("a candle ahead in %v", entry)
		}
	}
	if r.Next() {
		return fmt.Errorf("a batch too many")
	}
	return nil
}

func readFull(r *bufio.Reader, into []byte) (int, error) {
	n := 0
	for n < len(into) {
		m, err := r.Read(into[n:])
		if n += m; err != nil {
			return n, err
		}
	}
	return n, nil
}

// TestSameValuePlaysAgain: a strategy that is used again starts its program anew.
func TestSameValuePlaysAgain(t *testing.T) {
	s := open(t, self(t, "script", plainReady, `{"type":"orders","now_ms":NOW,"orders":[{"pair":"BTCUSD","target":0.1}]}`), Options{})
	cfg := config(t, s, walk(t, "BTCUSD", 50, 1))
	first := play(t, cfg)
	if second, err := sim.Run(context.Background(), cfg); err != nil || !reflect.DeepEqual(first, second) || len(first.Orders) != 1 {
		t.Errorf("the second run differs, or failed: %v", err)
	}
}
