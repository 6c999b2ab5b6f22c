package scoring

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim/rules"
)

const (
	goodCheckpoint = `{"last_update_ms":43200000,"accum_ms":43200000,"gain":0.02,"loss":-0.01,"mdd":0.99,"n_updates":7}`
	goodPosition   = `{"pair":"BTCUSD","open_ms":1,"close_ms":null,"closed":false,"return_at_close":0.99,"orders":[{"order_type":"LONG","leverage":0.1,"price":60000,"t_ms":1}]}`
)

func ledgerJSON(checkpoints, positions string) string {
	return `{"checkpoints":[` + checkpoints + `],"positions":[` + positions + `]}`
}

func TestReadPopulationOfMiners(t *testing.T) {
	text := `{"case":"x","miners":{"b":` + ledgerJSON(goodCheckpoint, goodPosition) + `,"a":{"state":"challenge","challenge_start_ms":5,"checkpoints":[],"positions":[]}},"evaluation_ms":99}`
	p, err := ReadPopulation(strings.NewReader(text), "")
	if err != nil {
		t.Fatal(err)
	}
	if p.EvaluationMS != 99 || len(p.Miners) != 2 {
		t.Fatalf("got %+v", p)
	}
	a, b := p.Miners[0], p.Miners[1]
	if a.ID != "a" || a.State != StateChallenge || a.ChallengeStartMS != 5 || len(a.Ledger.Checkpoints) != 0 {
		t.Errorf("got %+v", a)
	}
	if b.ID != "b" || b.State != StateMain || b.Ledger.Checkpoints[0].MDD != .99 || b.Ledger.Positions[0].Fills[0].Price != 60000 {
		t.Errorf("got %+v", b)
	}
}

func TestReadPopulationOfOneLedger(t *testing.T) {
	p, err := ReadPopulation(strings.NewReader(ledgerJSON(goodCheckpoint, goodPosition)), "me")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Miners) != 1 || p.Miners[0].ID != "me" || p.EvaluationMS != 43200000 {
		t.Errorf("got %+v", p)
	}
}

// A liquidated account's document: its loss is null, and it goes on at 0. The
// metrics need the mean of a logarithm that does not exist; the drawdown is all.
func TestTotalLossIsScored(t *testing.T) {
	var checkpoints []string
	for i, loss := range []string{"-0.01", "null", "0", "0"} { // the first two are a day
		mdd := "0"
		if i == 0 {
			mdd = "0.99"
		}
		checkpoints = append(checkpoints, fmt.Sprintf(`{"last_update_ms":%d,"accum_ms":43200000,"gain":0,"loss":%s,"mdd":%s}`, (i+1)*dayMS/2, loss, mdd))
	}
	p, err := ReadPopulation(strings.NewReader(ledgerJSON(strings.Join(checkpoints, ","), goodPosition)), "me")
	if err != nil {
		t.Fatal(err)
	}
	if loss := p.Miners[0].Ledger.Checkpoints[1].Loss; !math.IsInf(loss, -1) {
		t.Errorf("got a loss of %v, want -Inf", loss)
	}
	for _, name := range setNames {
		standing, err := Score(ruleSet(t, name), p)
		if err != nil {
			t.Fatal(err)
		}
		m := standing.Miners[0]
		if m.Metrics != (Metrics{}) {
			t.Errorf("%s: got the metrics %v, want none", name, m.Metrics)
		}
		// The builds count 24:00 to the next day, so their first day has one half.
		days := map[bool]int{true: 1, false: 2}[ruleSet(t, name).Ledger.Day == rules.Deployed]
		if m.Days != days || m.MaxDrawdown != 1 || m.Penalties.Drawdown != 0 || m.Penalties.Total != 0 {
			t.Errorf("%s: got %+v, want %d days, a drawdown of 1 and a penalty of 0", name, m.Assessment, days)
		}
		if _, err := json.Marshal(standing); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestScoreRefusesAChallengeOfNoPeriod(t *testing.T) {
	for start, want := range map[int64]string{
		0:         "has no challenge_start_ms",
		-1:        "has no challenge_start_ms",
		dayMS + 1: "after the evaluation_ms",
	} {
		p := Population{EvaluationMS: dayMS, Miners: []Miner{{ID: "a", State: StateChallenge, ChallengeStartMS: start}}}
		if _, err := Score(ruleSet(t, "ptn-2025-02"), p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("start %d: got %v, want an error with %q", start, err, want)
		}
	}
}

func TestReadPopulationRefuses(t *testing.T) {
	swap := func(text, old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("no %s in %s", old, text)
		}
		return strings.Replace(text, old, new, 1)
	}
	checkpoint := func(old, new string) string { return ledgerJSON(swap(goodCheckpoint, old, new), "") }
	position := func(old, new string) string { return ledgerJSON("", swap(goodPosition, old, new)) }
	tests := map[string]struct{ text, want string }{
		"nothing":                      {``, `document: the document ends too early`},
		"a cut file":                   {`{"miners":{"a":{"checkpoints":[`, `miners.a.checkpoints: the document ends too early`},
		"no JSON":                      {`{miners}`, `no valid JSON near byte 1`},
		"an array":                     {`[]`, `document: found [, expected an object`},
		"another object":               {`{"x":1}`, `found neither miners`},
		"both shapes":                  {`{"evaluation_ms":1,"miners":{},"checkpoints":[]}`, `found both miners and`},
		"no evaluation":                {`{"miners":{}}`, `evaluation_ms is missing`},
		"a miner twice":                {`{"miners":{"a":{"checkpoints":[],"positions":[]},"a":{}}}`, `miners.a: found twice`},
		"an unknown state":             {`{"evaluation_ms":1,"miners":{"a":{"state":"gone","checkpoints":[],"positions":[]}}}`, `miners.a: miner "a" has the state "gone"`},
		"a challenger of no beginning": {`{"evaluation_ms":9,"miners":{"a":{"state":"challenge","checkpoints":[],"positions":[]}}}`, `miners.a: miner "a" is in its challenge and has no challenge_start_ms`},
		"a challenge yet to begin":     {`{"miners":{"a":{"state":"challenge","challenge_start_ms":10,"checkpoints":[],"positions":[]}},"evaluation_ms":9}`, `challenge_start_ms 10, after the evaluation_ms 9`},
		"a total loss, not drawn down": {checkpoint(`-0.01`, `null`), `checkpoints[0].mdd: found 0.99 beside a loss of null`},
		"no loss":                      {checkpoint(`"loss":-0.01,`, ``), `checkpoints[0]: loss is missing`},
		"a loss as text":               {checkpoint(`-0.01`, `"null"`), `checkpoints[0].loss: found a string`},
		"no checkpoints":               {`{"positions":[]}`, `checkpoints is missing`},
		"no positions":                 {`{"evaluation_ms":1,"miners":{"a":{"checkpoints":[]}}}`, `miners.a: positions is missing`},
		"a field missing":              {checkpoint(`"mdd":0.99,`, ``), `checkpoints[0]: mdd is missing`},
		"a null field":                 {checkpoint(`"gain":0.02`, `"gain":null`), `checkpoints[0]: gain is missing`},
		"a number as text":             {checkpoint(`0.02`, `"inf"`), `checkpoints[0].gain: found a string, which is no float64`},
		"a number too large":           {checkpoint(`0.02`, `1e999`), `checkpoints[0].gain: found a number 1e999`},
		"NaN":                          {checkpoint(`0.02`, `NaN`), `checkpoints[0]: no valid JSON`},
		"a negative gain":              {checkpoint(`0.02`, `-0.02`), `checkpoints[0].gain: found -0.02, expected from 0 to 700`},
		"a positive loss":              {checkpoint(`-0.01`, `0.01`), `checkpoints[0].loss: found 0.01`},
		"a drawdown as loss":           {checkpoint(`0.99`, `1.01`), `checkpoints[0].mdd: found 1.01, expected from 0 to 1`},
		"a time in between":            {checkpoint(`43200000,`, `1.5,`), `checkpoints[0].last_update_ms: found a number 1.5`},
		"time going back":              {ledgerJSON(goodCheckpoint+","+goodCheckpoint, ""), `checkpoints[1].last_update_ms: found 43200000 after 43200000`},
		"no close of a closed":         {position(`"closed":false`, `"closed":true`), `positions[0]: close_ms is missing`},
		"closed before open":           {position(`"close_ms":null,"closed":false`, `"close_ms":0,"closed":true`), `positions[0].close_ms: found 0, expected from 1`},
		"no order":                     {position(`[{"order_type":"LONG","leverage":0.1,"price":60000,"t_ms":1}]`, `[]`), `positions[0].orders: found 0 orders`},
		"an unknown order":             {position(`LONG`, `BUY`), `positions[0].orders[0].order_type: found "BUY", expected LONG, SHORT or FLAT`},
		"a price of 0":                 {position(`60000`, `0`), `positions[0].orders[0].price: found 0`},
		"a sign that differs":          {position(`0.1`, `-0.1`), `positions[0].orders[0].leverage: found -0.1, whose sign contradicts LONG`},
		"a second document":            {ledgerJSON("", "") + `{}`, `found more after the end`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ReadPopulation(strings.NewReader(test.text), "me")
			if !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestReadDailyReturns(t *testing.T) {
	simple := "date,return,note\n2024-02-28,0.01,x\n2024-02-29,-0.5,\n2024-03-01,0,\n"
	l, err := ReadDaily(strings.NewReader("\ufeff" + simple))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{math.Log(1.01), math.Log(.5), 0} {
		check(t, "return", l.Daily[i].LogReturn, want)
	}
	if l.Daily[2].DateMS != 1709251200000 { // 2024-03-01T00:00:00Z
		t.Errorf("got the date %d", l.Daily[2].DateMS)
	}
	l, err = ReadDaily(strings.NewReader("log_return,date\n-2,2024-03-01\n"))
	if err != nil || len(l.Daily) != 1 || l.Daily[0].LogReturn != -2 {
		t.Errorf("got %v, %v", l.Daily, err)
	}
}

func TestReadDailyRefuses(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"nothing":            {"", "the file is empty"},
		"a header alone":     {"date,return\n", "no row follows"},
		"no date":            {"day,return\n", "expected a column date"},
		"no return":          {"date,equity\n", "expected a column return (simple) or log_return"},
		"both returns":       {"date,return,log_return\n", "found both"},
		"a date of a kind":   {"date,return\n03/01/2025,0\n", `row 2: date: found "03/01/2025"`},
		"a day that is none": {"date,return\n2025-02-30,0\n", `row 2: date: found "2025-02-30"`},
		"a day twice":        {"date,return\n2025-03-01,0\n2025-03-01,0\n", "row 3: date: found 2025-03-01 twice"},
		"days unsorted":      {"date,return\n2025-03-02,0\n2025-03-01,0\n", "row 3: date: found 2025-03-01 after 2025-03-02: sort"},
		"a gap":              {"date,return\n2025-03-01,0\n2025-03-03,0\n", "row 3: date: found 2025-03-03 after 2025-03-01: every calendar day"},
		"no number":          {"date,return\n2025-03-01,\n", `row 2: return: found ""`},
		"NaN":                {"date,return\n2025-03-01,NaN\n", `row 2: return: found "NaN"`},
		"infinity":           {"date,log_return\n2025-03-01,-inf\n", `row 2: return: found "-inf"`},
		"all lost":           {"date,return\n2025-03-01,-1\n", "row 2: return: found -1"},
		"too few fields":     {"date,return\n2025-03-01\n", "wrong number of fields"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ReadDaily(strings.NewReader(test.text))
			if !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

// What a reader accepts can be scored, and the result can be written.
func scores(t *testing.T, p Population) {
	standing, err := Score(ruleSet(t, "ptn-4.8.12"), p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(standing); err != nil {
		t.Fatal(err)
	}
}

func FuzzReadPopulation(f *testing.F) {
	f.Add([]byte(ledgerJSON(goodCheckpoint, goodPosition)))
	f.Add([]byte(`{"evaluation_ms":1,"miners":{"a":` + ledgerJSON(goodCheckpoint, goodPosition) + `,"b":` + ledgerJSON("", "") + `}}`))
	f.Add([]byte(`{"miners":{"a":{"state":"gone"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPopulation(bytes.NewReader(data), "me")
		if err == nil {
			scores(t, p)
		} else if !errors.Is(err, ErrInput) {
			t.Fatalf("%v is no input error", err)
		}
	})
}

func FuzzReadDaily(f *testing.F) {
	f.Add([]byte("date,return\n2025-03-01,0.01\n2025-03-02,-0.5\n"))
	f.Add([]byte("log_return,date\n-2,2024-03-01\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ReadDaily(bytes.NewReader(data))
		if err == nil {
			scores(t, Population{Miners: []Miner{{ID: "a", Ledger: l}, {ID: "b", Ledger: l}}})
		} else if !errors.Is(err, ErrInput) {
			t.Fatalf("%v is no input error", err)
		}
	})
}
