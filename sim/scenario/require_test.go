package scenario

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/sim/scenario/condition"
	"github.com/ptnsim/ptnsim/sim/scenario/fact"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// march3 is 2025-03-03T00:00:00Z, the 20150th day after 1970-01-01.
const march3 = 20150 * 86_400_000

// required is an account of two days, two orders and one position.
func required() fact.Account {
	filled := fact.Instant(march3 + 2000)
	return fact.Account{
		FinalReturn: 1.25, MaxDrawdown: 0.0625, Days: 2,
		Daily: []fact.Day{
			{Date: march3, LogReturn: scoring.Known(0.5)},
			{Date: march3 + 86_400_000, LogReturn: scoring.Value{}},
		},
		Checkpoints: []fact.Checkpoint{{LastUpdate: march3 + 500, Accum: 43_200_000, PrevPortfolioRet: 1.125}},
		Pairs:       []fact.PairLedger{{Pair: "BTCUSD", Checkpoints: []fact.Checkpoint{{MDD: 0.75}}}},
		Orders: []fact.Order{
			{Became: "accepted", Outcome: "accepted", Filled: &filled, Price: scoring.Known(100)},
			{Became: "rejected cooldown", Outcome: "rejected", Reason: "cooldown"},
		},
		Counts:    fact.Counts{Orders: 2, Accepted: 1, Rejected: 1},
		Positions: []fact.Position{{Pair: "BTCUSD", ReturnAtClose: 1.5, Closed: true}},
		Metrics:   fact.Metrics{Sharpe: scoring.Known(1.5)},
		Challenge: fact.Challenge{Verdict: "running"},
		Warnings:  []string{"the range is short"},
	}
}

func TestRequirement(t *testing.T) {
	for text, want := range map[string]struct {
		path    string
		verdict condition.Verdict
	}{
		"max_drawdown < 0.08":                   {"max_drawdown", condition.Verdict{Holds: true, Expected: "< 0.08", Got: "0.0625"}},
		"max_drawdown<0.05":                     {"max_drawdown", condition.Verdict{Expected: "< 0.05", Got: "0.0625", Difference: "+0.0125 (+25 %)"}},
		"  days   >=  60 ":                      {"days", condition.Verdict{Expected: ">= 60", Got: "2", Difference: "-58"}},
		"days 2":                                {"days", condition.Verdict{Holds: true, Expected: "2", Got: "2"}},
		"final_return = 5/4":                    {"final_return", condition.Verdict{Holds: true, Expected: "1.25 (= 5/4)", Got: "1.25"}},
		"final_return 1.2 .. 1.3":               {"final_return", condition.Verdict{Holds: true, Expected: "1.2 .. 1.3", Got: "1.25"}},
		"final_return == 1.2 ± 0.1":             {"final_return", condition.Verdict{Holds: true, Expected: "1.2 ± 0.1", Got: "1.25", Difference: "+0.05 (+4.17 %)"}},
		"metrics.sharpe >= 1":                   {"metrics.sharpe", condition.Verdict{Holds: true, Expected: ">= 1", Got: "1.5"}},
		"metrics.omega >= 1":                    {"metrics.omega", condition.Verdict{Expected: ">= 1", Got: "null: there is no such value"}},
		"metrics.omega == null":                 {"metrics.omega", condition.Verdict{Holds: true, Expected: "null", Got: "null: there is no such value"}},
		"challenge == passed":                   {"challenge.verdict", condition.Verdict{Expected: "passed", Got: "running"}},
		"challenge.verdict != failed":           {"challenge.verdict", condition.Verdict{Holds: true, Expected: "!= failed", Got: "running"}},
		"elimination == null":                   {"elimination.reason", condition.Verdict{Holds: true, Expected: "null", Got: "null: there is no elimination"}},
		"elimination != null":                   {"elimination.reason", condition.Verdict{Expected: "!= null", Got: "null: there is no elimination"}},
		"elimination.drawdown < 0.5":            {"elimination.drawdown", condition.Verdict{Expected: "< 0.5", Got: "null: there is no elimination"}},
		"counts >= 2":                           {"counts.orders", condition.Verdict{Holds: true, Expected: ">= 2", Got: "2"}},
		"counts.rejected <= 3":                  {"counts.rejected", condition.Verdict{Holds: true, Expected: "<= 3", Got: "1"}},
		"orders.count >= 3":                     {"orders.count", condition.Verdict{Expected: ">= 3", Got: "2", Difference: "-1"}},
		"carry.count == 0":                      {"carry.count", condition.Verdict{Holds: true, Expected: "0", Got: "0"}},
		"orders.1 == accepted":                  {"orders[1].became", condition.Verdict{Holds: true, Expected: "accepted", Got: "accepted"}},
		"orders[-1] ~ cooldown":                 {"orders[-1].became", condition.Verdict{Holds: true, Expected: "~ cooldown", Got: "rejected cooldown"}},
		"orders.1.filled < 2025-03-03":          {"orders[1].filled", condition.Verdict{Expected: "< 2025-03-03T00:00:00Z", Got: "2025-03-03T00:00:02Z", Difference: "2s later"}},
		"orders.2.filled == null":               {"orders[2].filled", condition.Verdict{Holds: true, Expected: "null", Got: "null: there is no such value"}},
		"orders.3 == accepted":                  {"orders[3].became", condition.Verdict{Expected: "accepted", Got: "null: there is no orders[3]: orders has 2"}},
		"orders.-3 == null":                     {"orders[-3].became", condition.Verdict{Holds: true, Expected: "null", Got: "null: there is no orders[-3]: orders has 2"}},
		`orders.2.reason == "cooldown"`:         {"orders[2].reason", condition.Verdict{Holds: true, Expected: "cooldown", Got: "cooldown"}},
		`orders.1.reason == ""`:                 {"orders[1].reason", condition.Verdict{Holds: true, Expected: `""`, Got: `""`}},
		"positions.-1.return_at_close > 1":      {"positions[-1].return_at_close", condition.Verdict{Holds: true, Expected: "> 1", Got: "1.5"}},
		"positions.1.closed == true":            {"positions[1].closed", condition.Verdict{Holds: true, Expected: "true", Got: "true"}},
		"daily.2025-03-03 > 0":                  {"daily[2025-03-03].log_return", condition.Verdict{Holds: true, Expected: "> 0", Got: "0.5"}},
		"daily[2025-03-04].log_return > 0":      {"daily[2025-03-04].log_return", condition.Verdict{Expected: "> 0", Got: "null: there is no such value"}},
		"daily.2025-03-05 > 0":                  {"daily[2025-03-05].log_return", condition.Verdict{Expected: "> 0", Got: "null: there is no daily[2025-03-05]; there is 2025-03-03, 2025-03-04"}},
		"daily.1.date >= 2025-03-03":            {"daily[1].date", condition.Verdict{Holds: true, Expected: ">= 2025-03-03", Got: "2025-03-03"}},
		"checkpoints.1.accum == 12h":            {"checkpoints[1].accum", condition.Verdict{Holds: true, Expected: "12h", Got: "12h"}},
		"pairs.BTCUSD.checkpoints.1.mdd > 0.5":  {"pairs[BTCUSD].checkpoints[1].mdd", condition.Verdict{Holds: true, Expected: "> 0.5", Got: "0.75"}},
		`pairs["BTCUSD"].checkpoints.count==1`:  {"pairs[BTCUSD].checkpoints.count", condition.Verdict{Holds: true, Expected: "1", Got: "1"}},
		"pairs.ETHUSD.checkpoints.count == 0":   {"pairs[ETHUSD].checkpoints.count", condition.Verdict{Expected: "0", Got: "null: there is no pairs[ETHUSD]; there is BTCUSD"}},
		`pairs["a = b.c]"].checkpoints.count<1`: {"pairs[a = b.c]].checkpoints.count", condition.Verdict{Expected: "< 1", Got: "null: there is no pairs[a = b.c]]; there is BTCUSD"}},
		"warnings.1 ~ short":                    {"warnings[1]", condition.Verdict{Holds: true, Expected: "~ short", Got: "the range is short"}},
		"checkpoints[2025-03-03T00:00:00.500Z] == 1.125": {"checkpoints[2025-03-03T00:00:00.5Z].prev_portfolio_ret",
			condition.Verdict{Holds: true, Expected: "1.125", Got: "1.125"}},
		"checkpoints[2025-03-03T01:00:00.5+01:00].gain == 0": {"checkpoints[2025-03-03T00:00:00.5Z].gain",
			condition.Verdict{Holds: true, Expected: "0", Got: "0"}},
	} {
		t.Run(text, func(t *testing.T) {
			q, err := ParseRequirement(text, fact.ShapeOf[fact.Account]())
			if err != nil {
				t.Fatal(err)
			}
			if q.Path != want.path || q.Text != strings.TrimSpace(text) {
				t.Errorf("path %q, want %q; text %q", q.Path, want.path, q.Text)
			}
			if got := q.Check(fact.Of(required())); got != want.verdict {
				t.Errorf("\ngot  %+v\nwant %+v", got, want.verdict)
			}
		})
	}
}

func TestRequirementOfAnElimination(t *testing.T) {
	account := required()
	account.Elimination = &fact.Elimination{Reason: "MAX_TOTAL_DRAWDOWN", Drawdown: 0.125}
	for text, want := range map[string]condition.Verdict{
		"elimination == null":             {Expected: "null", Got: "MAX_TOTAL_DRAWDOWN"},
		"elimination ~ DRAWDOWN":          {Holds: true, Expected: "~ DRAWDOWN", Got: "MAX_TOTAL_DRAWDOWN"},
		"elimination.drawdown <= 0.125":   {Holds: true, Expected: "<= 0.125", Got: "0.125"},
		"elimination.pair == null":        {Holds: true, Expected: "null", Got: "null: there is no such value"},
		"elimination.price == 1 ± 1000%":  {Expected: "1 ± 1000%", Got: "null: there is no such value"},
		"elimination.time > 1999-12-31":   {Expected: "> 1999-12-31T00:00:00Z", Got: "1970-01-01T00:00:00Z", Difference: "10956d earlier"}, // 30 years, 7 of them leap, less a day
		"elimination.time 1970-01-01":     {Holds: true, Expected: "1970-01-01T00:00:00Z", Got: "1970-01-01T00:00:00Z"},
		"elimination.time == 1970-01-01 ": {Holds: true, Expected: "1970-01-01T00:00:00Z", Got: "1970-01-01T00:00:00Z"},
	} {
		q, err := ParseRequirement(text, fact.ShapeOf[fact.Account]())
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Check(fact.Of(account)); got != want {
			t.Errorf("%s\ngot  %+v\nwant %+v", text, got, want)
		}
	}
}

func TestParseRequirementRefuses(t *testing.T) {
	const element = "count, or an element by its number (1 is the first, -1 the last)"
	const metrics = "calmar, sharpe, omega, sortino, statistical_confidence, return_long or return_short"
	shape := fact.ShapeOf[fact.Account]()
	names := listed(shape.Names())
	for text, want := range map[string]string{
		"":                           "found no path; expected one, such as " + names,
		"< 1":                        "found no path; expected one, such as " + names,
		"max_drawdwn < 1":            `found "max_drawdwn", which is no fact; expected ` + names + " (did you mean max_drawdown?)",
		"sharpe > 1":                 `found "sharpe", which is no fact; expected ` + names + " (did you mean metrics.sharpe?)",
		"metrics.sharp > 1":          `found "sharp" in metrics; expected ` + metrics + " (did you mean sharpe?)",
		"metrics > 1":                "found metrics, which is more than one value; expected one within it: " + metrics,
		"metrics.sharpe.x > 1":       `found "x" after metrics.sharpe; expected a condition there: metrics.sharpe is one value`,
		"metrics..sharpe > 1":        `found "metrics..sharpe", a path that lacks a name; expected names with a dot between two: metrics.sharpe`,
		".metrics > 1":               `found ".metrics", a path that lacks a name; expected names with a dot between two: metrics.sharpe`,
		"metrics. > 1":               `found "metrics.", a path that lacks a name; expected names with a dot between two: metrics.sharpe`,
		"metrics[sharpe] > 1":        `found "[sharpe]" in metrics; expected ` + metrics + " (did you mean sharpe?)",
		"orders > 1":                 "found orders, which is more than one value; expected one within it: " + element,
		"daily > 1":                  "found daily, which is more than one value; expected one within it: " + element + " or its date",
		"pairs.BTCUSD > 1":           "found pairs[BTCUSD].checkpoints, which is more than one value; expected one within it: " + element + " or its last_update",
		"orders.0 == accepted":       "found the number 0 in orders; expected 1 for the first, 2 for the next …; -1 for the last",
		"orders.first == accepted":   `found "first" in orders; expected ` + element,
		"orders[] == accepted":       `found "orders[]", a path that lacks a name; expected names with a dot between two: metrics.sharpe`,
		"orders[1 == accepted":       `found "[1 == accepted"; expected a bracket that closes: [3], [2025-03-04] or ["a key"]`,
		`orders["1" == accepted`:     `found "[\"1\" == accepted"; expected a bracket that closes: [3], [2025-03-04] or ["a key"]`,
		"orders[1]became == a":       `found "became" after a bracket; expected a dot, or the end of the path`,
		"orders[count] > 1":          `found "count" in orders; expected ` + element,
		"orders.count.x > 1":         `found "x" after orders.count; expected a condition there: orders.count is one value`,
		"daily.monday > 1":           `daily: found "monday"; expected a date, such as 2025-03-03; there is also daily.count, and an element by its number`,
		"daily.null > 1":             `daily: found null; expected a date; there is also daily.count, and an element by its number`,
		"orders.9999999999999999999": `found "9999999999999999999" in orders; expected ` + element,
		"max_drawdown":               "found max_drawdown without a condition; expected one after it, such as < 0.08",
		"elimination":                "found elimination.reason without a condition; expected one after it, such as == TEXT, or ~ PART",
		"max_drawdown <":             `max_drawdown: found "<" with nothing after it; expected a number, such as 1.5 or -2e-3 after it`,
		"max_drawdown < low":         `max_drawdown: found "low"; expected a number, such as 1.5 or -2e-3`,
		"max_drawdown =< 1":          "max_drawdown: found =<; expected <=",
		"max_drawdown _":             "found max_drawdown with a blank, which nothing fills in; expected a condition, such as < 0.08",
		"days > 1.5":                 `days: found "1.5"; expected a whole number, such as 3`,
	} {
		t.Run(text, func(t *testing.T) {
			q, err := ParseRequirement(text, shape)
			if err == nil || err.Error() != want {
				t.Errorf("%+v\ngot  %v\nwant %s", q, err, want)
			}
		})
	}
}

// TestVocabularyIsWhatRequirementsRead: each term is a path, of that kind, and null
// where nothing is.
func TestVocabularyIsWhatRequirementsRead(t *testing.T) {
	for name, shape := range map[string]*fact.Shape{
		"Account":    fact.ShapeOf[fact.Account](),
		"Tournament": fact.ShapeOf[fact.Tournament](),
		"Standing":   fact.ShapeOf[fact.Standing](),
	} {
		t.Run(name, func(t *testing.T) {
			seen := make(map[string]bool)
			for _, term := range Vocabulary(shape) {
				if seen[term.Path] || term.Doc == "" {
					t.Errorf("%s comes twice, or has no doc", term.Path)
				}
				seen[term.Path] = true
				q, err := ParseRequirement(placed(term.Path)+" != null", shape)
				if err != nil {
					t.Fatalf("%s: %v", term.Path, err)
				}
				if want := strings.ReplaceAll(term.Path, ".N", "[1]"); term.Short == "" && !strings.ContainsAny(want, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && q.Path != want {
					t.Errorf("%s leads to %s", term.Path, q.Path)
				}
				if term.Short != "" && !seen[term.Short] {
					if short, err := ParseRequirement(placed(term.Short)+" != null", shape); err != nil || short.Path != q.Path {
						t.Errorf("%s leads to %s, not to %s: %v", term.Path, q.Path, term.Short, err)
					}
				}
				if got := kindOf(q, shape); got != term.Kind {
					t.Errorf("%s is a %s, not a %s", term.Path, got, term.Kind)
				}
			}
		})
	}
}

// placed puts an element where a term has a word in capitals.
func placed(path string) string {
	names := strings.Split(path, ".")
	for i, name := range names {
		if strings.ToUpper(name) == name {
			names[i] = map[string]string{"DATE": "2025-03-03", "LAST_UPDATE": "2025-03-03", "TIME": "2025-03-03", "N": "1", "REASON": "cooldown"}[name]
			if names[i] == "" {
				names[i] = "x"
			}
		}
	}
	return strings.Join(names, ".")
}

// kindOf is the kind of the value that a requirement's steps lead to.
func kindOf(q Requirement, shape *fact.Shape) condition.Kind {
	for _, s := range q.steps {
		switch {
		case s.count:
			return condition.Whole
		case s.field >= 0:
			shape = shape.Fields[s.field].Shape
		default:
			shape = shape.Elem
		}
	}
	return shape.Kind
}

func TestVocabulary(t *testing.T) {
	terms := Vocabulary(fact.ShapeOf[fact.Account]())
	for _, want := range []Term{
		{"final_return", condition.Number, false, "portfolio value at the end, a factor", ""},
		{"daily.count", condition.Whole, false, "how many there are of daily", ""},
		{"daily.DATE", condition.Number, true, "the full days, oldest first", "daily.DATE.log_return"},
		{"daily.DATE.log_return", condition.Number, true, "null: everything was lost", ""},
		{"orders.N.filled", condition.Instant, true, "when it filled; null if it did not", ""},
		{"warnings.N", condition.Text, false, "what the run warns of", ""},
		{"pairs.PAIR.checkpoints.LAST_UPDATE.mdd", condition.Number, false, "lowest value / running maximum, a factor: 0.93", ""},
		{"elimination", condition.Word, true, "null: it was not eliminated", "elimination.reason"},
	} {
		if !slices.Contains(terms, want) {
			t.Errorf("no %+v", want)
		}
	}
	if slices.ContainsFunc(terms, func(term Term) bool { return term.Path == "pairs.PAIR" || term.Path == "metrics" }) {
		t.Error("what is more than one value is no term")
	}
}

func FuzzParseRequirement(f *testing.F) {
	for _, text := range []string{"max_drawdown < 0.08", "orders.-1 == accepted", "orders[1].price 1 .. 2", `pairs["a.b"].checkpoints.count > 1`, "elimination == null", "orders[", "a..b", `pairs["`} {
		f.Add(text)
	}
	shape, facts := fact.ShapeOf[fact.Account](), fact.Of(required())
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseRequirement(text, shape)
		if err == nil {
			q.Check(facts)
		}
	})
}

// TestARequiredValueIsTheOneThatIsThere: what is required exactly holds for that value
// and for no other.
func TestARequiredValueIsTheOneThatIsThere(t *testing.T) {
	shape := fact.ShapeOf[fact.Account]()
	rapid.Check(t, func(t *rapid.T) {
		account := required()
		account.MaxDrawdown = rapid.Float64Range(0, 1).Draw(t, "is")
		other := rapid.Float64Range(0, 1).Draw(t, "required")
		q, err := ParseRequirement("max_drawdown == "+condition.Value{Number: other}.String(), shape)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Check(fact.Of(account)).Holds; got != (account.MaxDrawdown == other) {
			t.Fatal(got)
		}
	})
}
