package scenario

import (
	"math"
	"reflect"
	"testing"

	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
	"github.com/ptnsim/ptnsim/sim/scoring"
)

// withScore is a scenario whose population begins on its fourth line.
func withScore(text string) string {
	return "scenario: a\nexpect: {concentration: 1}\nscore:\n" + text
}

const (
	hour = int64(3_600_000)
	day  = 24 * hour
)

func TestWrittenPopulation(t *testing.T) {
	s := parsed(t, withScore(`  at: 2025-03-03
  miners:
    carol: {state: challenge, challenge_start: 2025-02-01T00:00:00Z, log_returns: [-0.5]}
    alice: {returns: [2 x 0.001, -0.01]}
    bob:
      state: eliminated
      checkpoints:
        - {gain: 0.002, loss: -0.001, mdd: 0.98, times: 2}
        - {gain: 0, loss: null, mdd: 0, accum: 6h, open: 1h, mpv: 1.5, prev_portfolio_ret: 1.2, carry_fee_loss: -1e-5, spread_fee_loss: -1e-6}
      positions:
        - {pair: BTCUSD, open: 2025-03-01, close: 2025-03-02, return_at_close: 1.02, net_leverage: 0, average_entry_price: 100, current_return: 1.03, carry_factor: 0.99, transaction_factor: 0.98, orders: [
            {order_type: LONG, leverage: 0.1, price: 100, slippage: 0.001, time: 2025-03-01},
            {order_type: FLAT, leverage: -0.1, price: 101, time: 2025-03-02T00:00:00Z}]}
        - {pair: EURUSD, open: 2025-03-01, return_at_close: 0.9, orders: [{order_type: SHORT, leverage: -1, price: 1.1, time: 2025-03-01}]}
        - {pair: EURUSD, open: 2025-03-01, close: null, return_at_close: 0.9, orders: [{order_type: SHORT, leverage: -1, price: 1.1, time: 2025-03-01}]}
`))
	if s.Actor.Kind != OfStanding || s.Actor.PopulationFile != "" || s.Actor.At.Line != 4 {
		t.Errorf("%+v", s.Actor)
	}
	open := sim.PositionRecord{Pair: "EURUSD", OpenMS: monday - 2*day, ReturnAtClose: 0.9,
		Fills: []sim.Fill{{Type: sim.Short, Leverage: -1, Price: 1.1, TimeMS: monday - 2*day}}}
	want := &scoring.Population{EvaluationMS: monday, Miners: []scoring.Miner{
		{ID: "alice", State: scoring.StateMain, Ledger: scoring.Ledger{Daily: []sim.Daily{
			{DateMS: monday - 3*day, LogReturn: portable.Log1p(0.001)},
			{DateMS: monday - 2*day, LogReturn: portable.Log1p(0.001)},
			{DateMS: monday - day, LogReturn: portable.Log1p(-0.01)},
		}}},
		{ID: "bob", State: scoring.StateEliminated, Ledger: scoring.Ledger{
			Checkpoints: []sim.Checkpoint{
				{LastUpdateMS: monday - 24*hour, AccumMS: 12 * hour, Gain: 0.002, Loss: -0.001, MDD: 0.98},
				{LastUpdateMS: monday - 12*hour, AccumMS: 12 * hour, Gain: 0.002, Loss: -0.001, MDD: 0.98},
				{LastUpdateMS: monday, AccumMS: 6 * hour, OpenMS: hour, Loss: math.Inf(-1), MPV: 1.5, PrevPortfolioRet: 1.2, CarryFeeLoss: -1e-5, SpreadFeeLoss: -1e-6},
			},
			Positions: []sim.PositionRecord{
				{Pair: "BTCUSD", OpenMS: monday - 2*day, CloseMS: monday - day, Closed: true, ReturnAtClose: 1.02, AverageEntryPrice: 100,
					CurrentReturn: 1.03, CarryFactor: 0.99, TransactionFactor: 0.98, Fills: []sim.Fill{
						{Type: sim.Long, Leverage: 0.1, Price: 100, Slippage: 0.001, TimeMS: monday - 2*day},
						{Type: sim.Flat, Leverage: -0.1, Price: 101, TimeMS: monday - day},
					}},
				open, open,
			},
		}},
		{ID: "carol", State: scoring.StateChallenge, ChallengeStartMS: monday - 30*day, Ledger: scoring.Ledger{Daily: []sim.Daily{
			{DateMS: monday - day, LogReturn: -0.5},
		}}},
	}}
	if !reflect.DeepEqual(s.Actor.Population, want) {
		t.Errorf("\ngot  %+v\nwant %+v", s.Actor.Population, want)
	}
	if s := parsed(t, "scenario: a\nexpect: {concentration: 1}\nscore: pop.json\n"); s.Actor.PopulationFile != "pop.json" || s.Actor.Population != nil {
		t.Errorf("%+v", s.Actor)
	}
}

// TestCheckpointsEndOnTheGrid: a checkpoint in between that is not full takes its
// twelve hours nonetheless; the last one ends at the evaluation, wherever that is.
func TestCheckpointsEndOnTheGrid(t *testing.T) {
	const zero = "gain: 0, loss: 0, mdd: 1"
	for name, c := range map[string]struct {
		at, text string
		want     []int64 // hours from the evaluation's midnight on
	}{
		"Full":        {"2025-03-03", "{" + zero + ", times: 3}", []int64{-24, -12, 0}},
		"InBetween":   {"2025-03-03", "{" + zero + "}, {" + zero + ", accum: 6h}, {" + zero + "}", []int64{-24, -12, 0}},
		"Unfinished":  {"2025-03-03T18:00:00Z", "{" + zero + ", times: 2}, {" + zero + ", accum: 6h}", []int64{0, 12, 18}},
		"LastUpdate":  {"2025-03-03", "{" + zero + ", last_update: 2025-03-02T09:00:00Z, times: 2, accum: 9h}, {" + zero + "}", []int64{-24, -15, 0}},
		"LongOutside": {"2025-03-03", "{" + zero + ", last_update: 2025-03-02T09:00:00Z, accum: 1d}, {" + zero + "}", []int64{-15, 0}},
		"None":        {"2025-03-03", "", []int64{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := parsed(t, withScore("  at: "+c.at+"\n  miners: {a: {checkpoints: ["+c.text+"]}}\n"))
			got := []int64{}
			for _, cp := range s.Actor.Population.Miners[0].Ledger.Checkpoints {
				got = append(got, (cp.LastUpdateMS-monday)/hour)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestFullCheckpointsMakeFullDays: of eight checkpoints one is not full, and with it
// its day.
func TestFullCheckpointsMakeFullDays(t *testing.T) {
	s := parsed(t, withScore(`  at: 2025-03-03
  miners:
    a: {checkpoints: [{gain: 0.1, loss: 0, mdd: 1, times: 3}, {gain: 0.1, loss: 0, mdd: 1, accum: 6h}, {gain: 0.1, loss: 0, mdd: 1, times: 4}]}
    b: {returns: [5 x 0]}
`))
	set, err := rules.Load(rules.Default)
	if err != nil {
		t.Fatal(err)
	}
	standing, err := scoring.Score(set.Set, *s.Actor.Population)
	if err != nil {
		t.Fatal(err)
	}
	if got := standing.Miners[0].Days; got != 3 {
		t.Errorf("%d days, want 3", got)
	}
	if got := standing.Miners[1].Days; got != 5 {
		t.Errorf("%d days of a series, want 5", got)
	}
}

func TestWrittenPopulationIsRefused(t *testing.T) {
	const (
		cp     = "gain: 0, loss: 0, mdd: 1"
		order  = "order_type: LONG, leverage: 1, price: 1, time: 2025-03-01"
		record = "one of returns, log_returns and checkpoints"
		days   = ", or how often it comes and the number: 60 x 0.001"
		number = "a number from "
	)
	miner := func(text string) string { return "  at: 2025-03-03\n  miners: {a: {" + text + "}}\n" }
	checkpoint := func(text string) string { return miner("checkpoints: [{" + text + "}]") }
	position := func(text string) string { return miner("checkpoints: [], positions: [{pair: BTCUSD, " + text + "}]") }
	ordered := func(text string) string {
		return position("open: 2025-03-01, return_at_close: 1, orders: [{" + text + "}]")
	}
	const at = "score.miners.a"
	for name, c := range map[string]struct{ text, want string }{
		"List":         {"  «[a]\n", "score: found a list; expected a file that ptnsim score reads, or a population: at, and miners"},
		"NoAt":         {"  «miners: {}\n", "score: found nothing for at; expected at: the instant of the evaluation"},
		"NoMiners":     {"  «at: 2025-03-03\n", "score: found no miners; expected miners: a mapping from their names to their returns or checkpoints"},
		"NoMiner":      {"  at: 2025-03-03\n  miners: «{}\n", "score.miners: found no miner; expected at least one"},
		"Name":         {"  at: 2025-03-03\n  miners: {«' ': {}}\n", `score.miners: found " "; expected the name of a miner`},
		"Nothing":      {"  at: 2025-03-03\n  miners: {«a: {state: main}}\n", at + ": found nothing that it did; expected " + record},
		"Two":          {miner("returns: [1], checkpoints: «[]"), at + ".checkpoints: found returns and checkpoints; expected " + record},
		"Key":          {miner("«return: [1]"), at + ".return: found an unknown key; expected returns, log_returns, checkpoints, positions, state or challenge_start (did you mean returns?)"},
		"Positions":    {miner("returns: [1], positions: «[]"), at + ".positions: found it beside returns; expected it beside checkpoints alone"},
		"State":        {miner("state: «out"), at + `.state: found "out"; expected main, challenge, eliminated or deregistered`},
		"NoStart":      {"  at: 2025-03-03\n  miners: {«a: {returns: [1], state: challenge}}\n", at + ": found a challenge without its beginning; expected challenge_start: when its period began"},
		"Start":        {miner("returns: [1], challenge_start: «2025-03-01"), at + ".challenge_start: found it beside the state main; expected it beside state: challenge alone"},
		"StartTooLate": {miner("returns: [1], state: challenge, challenge_start: «2025-03-04"), at + ".challenge_start: found 2025-03-04T00:00:00Z; expected a time at or before the evaluation, 2025-03-03T00:00:00Z"},
		"Noon":         {"  at: «2025-03-03T12:00:00Z\n  miners: {a: {returns: [1]}}\n", "score.at: found 2025-03-03T12:00:00Z; expected a midnight: the last of the daily returns ends there"},
		"LostAll":      {miner("returns: [«-1]"), at + ".returns[1]: found -1; expected a simple return, over -1" + days},
		"LogTooLarge":  {miner("log_returns: [«701]"), at + ".log_returns[1]: found 701; expected " + number + "-700 to 700" + days},
		"NoDays":       {miner("returns: «[]"), at + ".returns: found an empty list; expected at least one number"},
		"BeforeAll":    {miner("returns: «[10000 x 0]"), at + ".returns: found 10000 days; expected days from 2000 on"},
		"NoGain":       {miner("checkpoints: [«{loss: 0, mdd: 1}]"), at + ".checkpoints[1]: found no gain; expected gain, loss, mdd"},
		"Gain":         {checkpoint("gain: «-1"), at + ".checkpoints[1].gain: found -1; expected " + number + "0 to 700"},
		"Loss":         {checkpoint("gain: 0, loss: «1"), at + ".checkpoints[1].loss: found 1; expected " + number + "-700 to 0, or null where everything was lost"},
		"MDD":          {checkpoint("mdd: «1.1"), at + ".checkpoints[1].mdd: found 1.1; expected " + number + "0 to 1"},
		"TotalLoss":    {checkpoint("gain: 0, loss: null, mdd: «0.5"), at + ".checkpoints[1].mdd: found 0.5 beside a loss of null, which is a total one; expected 0"},
		"Times":        {checkpoint("times: «0"), at + ".checkpoints[1].times: found 0; expected a whole number from 1 to 500000"},
		"TooMany":      {miner("checkpoints: [{" + cp + ", times: 500000}, «{" + cp + "}]"), at + ".checkpoints: found more checkpoints up to here; expected at most 500000 checkpoints and days of all miners"},
		"BeforeTime":   {miner("checkpoints: [«{" + cp + ", times: 20000}]"), at + ".checkpoints[1]: found checkpoints before 2000; expected fewer"},
		"Accum":        {checkpoint(cp + ", accum: «25h"), at + `.checkpoints[1].accum: found "25h"; expected at most a day`},
		"AccumTooLong": {miner("checkpoints: [«{" + cp + ", accum: 13h}]"), at + ".checkpoints[1]: found 13h covered up to 2025-03-03T00:00:00Z; expected at most the time since 2025-03-02T12:00:00Z: say accum or last_update"},
		"LastTooLate":  {checkpoint(cp + ", last_update: «2025-03-04"), at + ".checkpoints[1].last_update: found 2025-03-04T00:00:00Z; expected a time before that of the next checkpoint, and not after the evaluation"},
		"LastBack": {miner("checkpoints: [{" + cp + ", last_update: «2025-03-02}, {" + cp + ", last_update: 2025-03-02}]"),
			at + ".checkpoints[1].last_update: found 2025-03-02T00:00:00Z; expected a time before that of the next checkpoint, and not after the evaluation"},
		"NoReturn":   {miner("checkpoints: [], positions: [«{pair: BTCUSD, open: 2025-03-01}]"), at + ".positions[1]: found no return_at_close; expected pair, open, return_at_close, orders"},
		"Pair":       {miner("checkpoints: [], positions: [{pair: «bitcoin}]"), at + `.positions[1].pair: found "bitcoin"; expected the id of a pair, such as BTCUSD: capital letters and digits`},
		"ClosedBack": {position("open: 2025-03-02, close: «2025-03-01, return_at_close: 1, orders: [{" + order + "}]"), at + ".positions[1].close: found 2025-03-01T00:00:00Z; expected a time at or after the open, 2025-03-02T00:00:00Z"},
		"Return":     {position("return_at_close: «-1"), at + ".positions[1].return_at_close: found -1; expected " + number + "0 to 1e+06"},
		"NoOrders":   {position("orders: «[]"), at + ".positions[1].orders: found an empty list; expected at least one order"},
		"OrderType":  {ordered("order_type: «long"), at + `.positions[1].orders[1].order_type: found "long"; expected LONG, SHORT or FLAT`},
		"OrderSign":  {ordered("order_type: SHORT, leverage: «1, price: 1, time: 2025-03-01"), at + ".positions[1].orders[1].leverage: found 1; expected a leverage of a SHORT order's sign: a LONG order's is positive, a SHORT order's negative"},
		"OrderPrice": {ordered("price: «0"), at + ".positions[1].orders[1].price: found 0; expected a price above 0"},
		"OrderTime":  {ordered(order + "}, «{order_type: LONG, leverage: 1, price: 1, time: 2025-02-28"), at + ".positions[1].orders[2]: found 2025-02-28T00:00:00Z after 2025-03-01T00:00:00Z; expected ascending times"},
		"NoTime":     {position("orders: [«{order_type: LONG, leverage: 1, price: 1}]"), at + ".positions[1].orders[1]: found no time; expected order_type, leverage, price, time"},
	} {
		t.Run(name, func(t *testing.T) { refusedAt(t, withScore(c.text), c.want) })
	}
}
