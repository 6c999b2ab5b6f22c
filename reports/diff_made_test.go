package reports

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// diffRun is a small run with something in every part of its document.
func diffRun(t testing.TB) *Document {
	t.Helper()
	d := NewDocument(handmade(t, rules.Default))
	hour := func(n int64) int64 { return startMS + n*hourMS }
	filled := hour(1) + 500
	order := func(pair string, ms int64) DocumentOrder {
		return DocumentOrder{
			EmittedMS: ms, FilledMS: &filled, Pair: pair, OrderType: "LONG", Leverage: scoring.Known(0.5), EffectiveLeverage: scoring.Known(0.5),
			Price: scoring.Known(50000), Slippage: scoring.Known(0.0002), Outcome: sim.Accepted, Warnings: []string{},
		}
	}
	d.Orders = []DocumentOrder{order("BTCUSD", hour(1)), order("ETHUSD", hour(1)), order("BTCUSD", hour(6)), order("BTCUSD", hour(12)), order("ETHUSD", hour(30))}
	for i := range d.Orders {
		at := d.Orders[i].EmittedMS + 500
		d.Orders[i].FilledMS = &at
	}
	d.Orders[3].FilledMS, d.Orders[3].Price, d.Orders[3].Slippage, d.Orders[3].EffectiveLeverage = nil, scoring.Value{}, scoring.Value{}, scoring.Value{}
	d.Orders[3].Outcome, d.Orders[3].Reason = sim.Rejected, sim.CooldownActive
	d.Dataset[0].Content, d.Dataset[1].Content = "c0", "c1"
	for i := range int64(6) {
		d.Checkpoints = append(d.Checkpoints, DocumentCheckpoint{
			LastUpdateMS: hour(12 * (i + 1)), AccumMS: 12 * hourMS, OpenMS: hourMS, Gain: 0.01, Loss: scoring.Known(-0.005),
			MDD: 0.99, MPV: 1.01, PrevPortfolioRet: 1.005, CarryFeeLoss: -0.0001, SpreadFeeLoss: -0.0002,
		})
	}
	for i := range int64(3) {
		d.Daily = append(d.Daily, DocumentDay{Date: date(startMS + i*dayMS), LogReturn: scoring.Known(0.01 * float64(i+1))})
	}
	pair, start, rank := "BTCUSD", hour(0), 3
	d.Elimination = &DocumentElimination{TimeMS: hour(48), Reason: sim.MaxTotalDrawdown, Drawdown: 0.11, Pair: &pair, Price: scoring.Known(43210.5)}
	d.Challenge.StartMS = &start
	d.Against = &DocumentAgainst{
		Population: "five", SHA256: "5a", Name: "mine", Miners: 6, Ranked: 5, State: "main", Days: 60, Rank: &rank, Share: 0.1, Score: scoring.Known(0.5),
		Penalties: scoring.Penalties{Drawdown: 1, Martingale: scoring.Known(1), Total: 1},
		Challenge: &documentRankedChallenge{Days: 3, DaysNeeded: 60, Verdict: sim.ChallengeRunning, Reason: "words"},
		Career:    &DocumentCareer{RegisteredMS: &start, Main: true, Emission: 1, EmissionAll: 10, EmissionPerDay: 1, WeightsEveryMS: dayMS},
		Draws:     []AgainstDraw{{Seed: 1, Rank: &rank, Ranked: 5, Share: 0.2, State: "main"}, {Seed: 2, Ranked: 5, State: "main"}},
	}
	d.Causality = &Causality{Points: 2, Runs: 3}
	d.Encode()
	return d
}

// diffSubnet is a small tournament.
func diffSubnet(t testing.TB) *SubnetDocument {
	t.Helper()
	d := NewSubnetDocument(smallSubnet(t))
	d.Encode()
	return d
}

// copied is a changed copy of a document, with its own digest.
func copied[D Document | SubnetDocument](t testing.TB, d *D, change func(*D)) *D {
	t.Helper()
	text := encodedOf(d)
	other := new(D)
	if err := json.Unmarshal(text, other); err != nil {
		t.Fatal(err)
	}
	change(other)
	encodedOf(other)
	return other
}

// encodedOf is a document's canonical text, which fills in its digest.
func encodedOf[D Document | SubnetDocument](d *D) []byte {
	switch d := any(d).(type) {
	case *Document:
		return d.Encode()
	case *SubnetDocument:
		return d.Encode()
	}
	panic("no such document")
}

// changesOf lists one change for every value of a document, for the first and the last
// element of each list, and for each list one with an element less, one more, and
// two of them changed round. A change reports whether the document has the value.
func changesOf(t testing.TB, d any) map[string]func(document any) {
	t.Helper()
	changes := map[string]func(any){}
	var walk func(path string, v reflect.Value, at func(root reflect.Value) reflect.Value)
	walk = func(path string, v reflect.Value, at func(root reflect.Value) reflect.Value) {
		change := func(how string, do func(v reflect.Value)) {
			changes[path+how] = func(document any) { do(at(reflect.ValueOf(document).Elem())) }
		}
		switch {
		case v.Type() == reflect.TypeFor[scoring.Value]():
			change("", func(v reflect.Value) {
				x := v.Addr().Interface().(*scoring.Value)
				*x = scoring.Known(x.Or(7) + 0.5)
			})
			change(" null", func(v reflect.Value) {
				x := v.Addr().Interface().(*scoring.Value)
				if _, known := x.Get(); known {
					*x = scoring.Value{}
				} else {
					*x = scoring.Known(0)
				}
			})
		case v.Kind() == reflect.Float64:
			change("", func(v reflect.Value) { v.SetFloat(v.Float() + 0.5) })
		case v.CanInt():
			change("", func(v reflect.Value) { v.SetInt(v.Int() + 1) })
		case v.CanUint():
			change("", func(v reflect.Value) { v.SetUint(v.Uint() + 1) })
		case v.Kind() == reflect.Bool:
			change("", func(v reflect.Value) { v.SetBool(!v.Bool()) })
		case v.Kind() == reflect.String:
			change("", func(v reflect.Value) { v.SetString(v.String() + "x") })
		case v.Kind() == reflect.Pointer:
			change(" null", func(v reflect.Value) {
				if v.IsNil() {
					v.Set(reflect.New(v.Type().Elem()))
				} else {
					v.SetZero()
				}
			})
			if !v.IsNil() {
				walk(path, v.Elem(), func(root reflect.Value) reflect.Value { return at(root).Elem() })
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i), func(root reflect.Value) reflect.Value { return at(root).Field(i) })
			}
		case v.Kind() == reflect.Slice:
			n := v.Len()
			for _, i := range []int{0, n - 1} {
				if i >= 0 && i < n {
					walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i), func(root reflect.Value) reflect.Value { return at(root).Index(i) })
				}
			}
			if v.Type().Elem().Kind() != reflect.Struct || v.Type().Elem() == reflect.TypeFor[scoring.Value]() {
				break // lists side by side must stay of one length
			}
			if n > 0 {
				change(" less", func(v reflect.Value) {
					v.Set(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, n), v.Slice(1, n)))
				})
				change(" twice", func(v reflect.Value) { v.Set(reflect.Append(v, v.Index(n-1))) })
			}
			if n > 1 && !isSorted(v.Type().Elem()) {
				change(" round", func(v reflect.Value) { reflect.Swapper(v.Interface())(0, n-1) })
			}
		}
	}
	walk("", reflect.ValueOf(d).Elem(), func(root reflect.Value) reflect.Value { return root })
	return changes
}

// isSorted reports whether the elements of a list are sorted by what they say, so that
// none is ever in another order.
func isSorted(element reflect.Type) bool {
	switch element {
	case reflect.TypeFor[ReasonCount](), reflect.TypeFor[EliminationCount](), reflect.TypeFor[SubnetGroup]():
		return true
	}
	return false
}

// withoutRules spares the test of many documents the reading of their rules.
func withoutRules(d *DocumentRules) { d.Text = "" }
