package fact_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/reports"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
	"github.com/ptnsim/ptnsim/sim/subnet"
)

// What a file expects is named and means what a result's documents say: their tests are
// of numbers that all differ, so that no fact can be taken for another.

func TestAccountSaysWhatItsDocumentSays(t *testing.T) {
	res, assessment := filledResult(), filledAssessment()
	document := decoded(t, reports.NewDocument(&reports.Run{Rules: ruleSet(t), Result: res, Assessment: assessment}).Encode())
	account := fact.Of(fact.OfAccount(res, assessment, nil, "x"))
	var c comparison
	c.group(t, account, document, "account")
	c.check(t, map[string]bool{
		"account.pairs": true, "account.carry": true, "account.digest": true, "account.challenge.percentile": true,
		"account.challenge.elimination": true, "account.checkpoints.updates": true, "account.orders.became": true,
	}, map[string]bool{
		"account.schema": true, "account.ptnsim": true, "account.digest": true, "account.rules": true, "account.dataset": true,
		"account.from": true, "account.to": true, "account.evaluation_ms": true, "account.strategy": true, "account.strategy_sha256": true,
		"account.params": true, "account.seed": true, "account.as": true, "account.fill": true, "account.latency_ms": true,
		"account.window_from": true, "account.causality": true, "account.challenge.reason": true,
	})
}

func TestTournamentSaysWhatItsDocumentSays(t *testing.T) {
	r := filledTournament(t)
	document := decoded(t, reports.NewSubnetDocument(&reports.Subnet{Rules: ruleSet(t), Result: r}).Encode())
	var c comparison
	facts := fact.Of(fact.OfTournament(r, ""))
	for name, miner := range document["miners"].(map[string]any) {
		miners := field(facts, "miners")
		of := miners.At(miners.Find(condition.Value{Kind: condition.Text, Text: name}))
		c.group(t, of, miner.(map[string]any), "miner")
		account := field(of, "account")
		for fact, key := range map[string]string{"final_return": "final_return", "max_drawdown_run": "max_drawdown_run", "costs": "costs", "counts": "orders", "warnings": "warnings"} {
			c.value(t, field(account, fact), miner.(map[string]any)[key], "miner.account."+fact)
		}
		if got := field(account, "positions").Len(); fmt.Sprint(got) != fmt.Sprint(miner.(map[string]any)["positions"]) {
			t.Errorf("%s has %d positions", name, got)
		}
	}
	c.list(t, field(facts, "events"), document["events"].([]any), "events")
	for i, round := range document["history"].([]any) {
		round := round.(map[string]any)
		of := field(facts, "rounds").At(i)
		c.value(t, field(of, "time"), round["time_ms"], "rounds.time")
		c.value(t, field(of, "concentration"), round["concentration"], "rounds.concentration")
		places := field(of, "places")
		for fact, key := range map[string]string{"miner": "miners", "state": "states", "rank": "ranks", "score": "scores", "share": "shares"} {
			for k, v := range round[key].([]any) {
				c.value(t, field(places.At(k), fact), v, "rounds.places."+fact)
			}
		}
	}
	for _, name := range []string{"emission", "concentration", "warnings"} {
		c.value(t, field(facts, name), document[name], name)
	}
	c.check(t, map[string]bool{
		"miner.miner": true, "miner.refusals": true, "miner.account": true, "miner.challenge.elimination": true, "events.became": true,
	}, map[string]bool{
		"miner.group": true, "miner.strategy": true, "miner.params": true, "miner.strategy_sha256": true, "miner.copies": true, "miner.delay_ms": true,
		"miner.seed": true, "miner.fill": true, "miner.latency_ms": true, "miner.again_ms": true, "miner.began_in_main": true,
		"miner.final_return": true, "miner.max_drawdown_run": true, "miner.positions": true, "miner.costs": true, "miner.orders": true, // in account
		"miner.warnings": true, "miner.challenge.reason": true,
	})
}

func TestStandingSaysWhatItsDocumentSays(t *testing.T) {
	standing := filledStanding()
	var b bytes.Buffer
	if err := (&reports.Scores{Rules: ruleSet(t), Standing: standing}).Render(&b, reports.FormatJSON); err != nil {
		t.Fatal(err)
	}
	document := decoded(t, b.Bytes())
	var c comparison
	facts := fact.Of(fact.OfStanding(standing, ""))
	for i, m := range standing.Miners {
		miner := document["miners"].(map[string]any)[m.ID].(map[string]any)
		of := field(facts, "miners").At(i)
		c.group(t, of, miner, "miner")
		if failed := miner["elimination"].(map[string]any); failed["reason"] != field(field(of, "challenge"), "elimination").Value().Text {
			t.Errorf("%s is eliminated for %v", m.ID, failed)
		}
	}
	for _, name := range []string{"concentration", "warnings"} {
		c.value(t, field(facts, name), document[name], name)
	}
	c.check(t, map[string]bool{"miner.miner": true, "miner.challenge.start": true, "miner.challenge.elimination": true},
		map[string]bool{"miner.elimination": true, "miner.challenge.reason": true})
}

// comparison is of facts with the JSON of a document: what the one has and the other
// has not it collects by its path, numbers of elements left out.
type comparison struct {
	onlyFacts, onlyJSON map[string]bool
	leaves              int
}

func (c *comparison) check(t *testing.T, onlyFacts, onlyJSON map[string]bool) {
	t.Helper()
	if !reflect.DeepEqual(c.onlyFacts, onlyFacts) {
		t.Errorf("the document has not %v, want %v", c.onlyFacts, onlyFacts)
	}
	if !reflect.DeepEqual(c.onlyJSON, onlyJSON) {
		t.Errorf("the facts have not %v, want %v", c.onlyJSON, onlyJSON)
	}
	if c.leaves < 25 {
		t.Errorf("only %d values were compared", c.leaves)
	}
}

func (c *comparison) group(t *testing.T, n fact.Node, json map[string]any, path string) {
	if c.onlyFacts == nil {
		c.onlyFacts, c.onlyJSON = map[string]bool{}, map[string]bool{}
	}
	known := map[string]bool{}
	for i, f := range n.Shape().Fields {
		keys := []string{f.Name, f.Name + "_ms"}
		if f.Name == "time" {
			keys = append(keys, "t_ms")
		}
		at := slices.IndexFunc(keys, func(key string) bool { _, ok := json[key]; return ok })
		if at < 0 {
			c.onlyFacts[path+"."+f.Name] = true
			continue
		}
		known[keys[at]] = true
		c.value(t, n.Field(i), json[keys[at]], path+"."+f.Name)
	}
	for key := range json {
		if !known[key] {
			c.onlyJSON[path+"."+key] = true
		}
	}
	// A digest of facts is the caller's.
	if path == "account" {
		c.onlyFacts["account.digest"], c.onlyJSON["account.digest"] = true, true
	}
}

func (c *comparison) list(t *testing.T, n fact.Node, json []any, path string) {
	if n.Len() != len(json) || n.Len() == 0 {
		t.Errorf("%s: %d elements, and %d in the document", path, n.Len(), len(json))
		return
	}
	for i := range json {
		c.value(t, n.At(i), json[i], path)
	}
}

func (c *comparison) value(t *testing.T, n fact.Node, v any, path string) {
	switch v := v.(type) {
	case []any:
		c.list(t, n, v, path)
		return
	case map[string]any:
		if n.Null() {
			t.Errorf("%s is null, and in the document %v", path, v)
			return
		}
		c.group(t, n, v, path)
		return
	}
	c.leaves++
	if path == "account.digest" {
		return
	}
	if n.Null() || v == nil {
		if !n.Null() || v != nil {
			t.Errorf("%s: null is %t, and in the document %v", path, n.Null(), v)
		}
		return
	}
	var got string
	switch of := n.Value(); of.Kind {
	case condition.Number:
		x, err := strconv.ParseFloat(fmt.Sprint(v), 64)
		if err != nil || x != of.Number {
			t.Errorf("%s is %v, and in the document %v", path, of.Number, v)
		}
		return
	case condition.Date:
		got = time.UnixMilli(of.Whole).UTC().Format(time.DateOnly)
	case condition.Word, condition.Text:
		got = of.Text
	case condition.YesNo:
		got = fmt.Sprint(of.Yes)
	default:
		got = fmt.Sprint(of.Whole)
	}
	if got != fmt.Sprint(v) {
		t.Errorf("%s is %s, and in the document %v", path, got, v)
	}
}

func field(n fact.Node, name string) fact.Node { return n.Field(n.Shape().Index(name)) }

func decoded(t *testing.T, text []byte) map[string]any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func ruleSet(t *testing.T) *rules.Resolved {
	t.Helper()
	r, err := rules.Load(rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// filler fills values in that all differ: of lists three elements.
type filler int

func (f *filler) next() int { *f++; return int(*f) }

func (f *filler) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Float64:
		v.SetFloat(1 + float64(f.next())/1024)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(f.next()) * 86_400_000)
	case reflect.String:
		v.SetString("text" + strconv.Itoa(f.next()))
	case reflect.Bool:
		v.SetBool(f.next()%2 == 0)
	case reflect.Uint8:
		v.SetUint(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Struct:
		if of, ok := v.Addr().Interface().(*scoring.Value); ok {
			*of = scoring.Known(1 + float64(f.next())/1024)
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				f.fill(v.Field(i))
			}
		}
	}
}

func filled[T any]() (v T) {
	f := filler(0)
	f.fill(reflect.ValueOf(&v).Elem())
	return v
}

// filledResult has one order that filled, one that was rejected and one that waits.
func filledResult() *sim.Result {
	r := filled[sim.Result]()
	r.Orders[0].Outcome, r.Orders[0].Reason = sim.Accepted, ""
	r.Orders[1].Outcome, r.Orders[1].Reason = sim.Rejected, sim.CooldownActive
	r.Orders[2].Outcome, r.Orders[2].Reason = "", ""
	r.Positions[0].Closed, r.Positions[1].Closed = true, false
	r.Checkpoints[1].MDD = 0.5 // the run's drawdown differs from the window's
	r.MaxDrawdown = 0.25
	return &r
}

func filledAssessment() scoring.Assessment {
	a := filled[scoring.Assessment]()
	a.Metrics[scoring.Omega] = scoring.Value{}
	return a
}

func filledStanding() *scoring.Standing {
	s := filled[scoring.Standing]()
	for i := range s.Miners {
		s.Miners[i].ID = string(rune('a' + i))
	}
	return &s
}

// filledTournament has three miners, one of them from the beginning in the main
// competition, and an event of each kind.
func filledTournament(t *testing.T) *subnet.Result {
	r := &subnet.Result{
		Rules: ruleSet(t).Set, ToMS: 1, Emission: 4.5, Standing: filledStanding(), Warnings: []string{"beware"},
		Events: make([]subnet.Event, 5), History: make([]subnet.Round, 2),
	}
	f := filler(0)
	for i := range 3 {
		m := subnet.MinerResult{Account: filledResult()}
		f.fill(reflect.ValueOf(&m.Judgement).Elem())
		m.Name, m.Judgement.ID = string(rune('a'+i)), string(rune('a'+i))
		m.State, m.Judgement.State = scoring.StateChallenge, scoring.StateChallenge
		m.Generation, m.Refusals, m.RegisteredMS, m.Emission, m.Fee = i+1, i+4, int64(i+7), float64(i)+0.5, float64(i)+0.25
		m.PromotedMS, m.OutMS, m.SlotLostMS = int64(11*i), int64(13*i), int64(17*i)
		m.Main = i == 1
		r.Miners = append(r.Miners, m)
	}
	r.Miners[2].Account.Elimination = nil
	kinds := []subnet.EventKind{subnet.Registered, subnet.Refused, subnet.Promoted, subnet.Eliminated, subnet.Deregistered}
	for i := range r.Events {
		f.fill(reflect.ValueOf(&r.Events[i]).Elem())
		r.Events[i].Kind = kinds[i]
	}
	failed := r.Events[3]
	failed.Reason, failed.Pair, failed.Other = sim.FailedChallengeTime, "", ""
	r.Events = append(r.Events, failed)
	for i := range r.History {
		f.fill(reflect.ValueOf(&r.History[i]).Elem())
		for k := range r.History[i].Places {
			r.History[i].Places[k].Miner = k
		}
		r.History[i].Places[1].Rank = 0
	}
	return r
}

func TestWhatOrdersAndEventsBecame(t *testing.T) {
	account := fact.OfAccount(filledResult(), scoring.Assessment{}, nil, "")
	var got []fact.Word
	for _, o := range account.Orders {
		got = append(got, o.Became)
	}
	if want := []fact.Word{"accepted", "rejected cooldown", "waiting"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	r := &subnet.Result{Events: []subnet.Event{
		{Kind: subnet.Registered, Miner: "alice"},
		{Kind: subnet.Eliminated, Miner: "bob", Reason: sim.MaxTotalDrawdown},
	}}
	for i, want := range []fact.Word{"registered alice", "eliminated bob MAX_TOTAL_DRAWDOWN"} {
		if got := fact.OfTournament(r, "").Events[i].Became; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A charge of 0.25 of 0.75 leaves a factor of 0.5: it is 0.5/0.75.
func TestCarryIsAFactor(t *testing.T) {
	got := fact.OfCarry(sim.CarryCharge{Pair: "EURUSD", TimeMS: 5, Before: 0.75, After: 0.5})
	if want := (fact.CarryCharge{Time: 5, Pair: "EURUSD", Charge: 0.5 / 0.75, Factor: 0.5}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPairsAreInTheOrderOfTheirIDs(t *testing.T) {
	res := &sim.Result{ByPair: map[string][]sim.Checkpoint{"ETHUSD": {{AccumMS: 2}}, "BTCUSD": {{AccumMS: 1}}, "EURUSD": nil}}
	var got []string
	for _, p := range fact.OfAccount(res, scoring.Assessment{}, nil, "").Pairs {
		got = append(got, fmt.Sprint(p.Pair, len(p.Checkpoints)))
	}
	if want := []string{"BTCUSD1", "ETHUSD1", "EURUSD0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
