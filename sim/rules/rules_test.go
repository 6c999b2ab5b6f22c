package rules

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// builtinSet returns a built-in set for a test.
func builtinSet(t testing.TB, name string) *Resolved {
	t.Helper()
	r, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// numbers is docs/rules.md read line by line: each value that it states, in the
// documents and in the builds. One value stands for all four sets; two are
// those of the documents and of the builds; four are those of ptn-2025-02,
// ptn-5.4.0, ptn-2024-12 and ptn-4.8.12.
const numbers = `
# §1: the table; no pair is added or halted
instruments.added                     []
instruments.halted                    []
instruments.portfolio_weight.crypto   10
instruments.portfolio_weight.forex    1
instruments.portfolio_weight.equities 1 | 2
instruments.portfolio_weight.indices  1

# §2: the sequence of checks, all of them on
rate_limit.requests              10
rate_limit.window                1m
gate.order_leverage_min          0.001
gate.order_leverage_max          500
gate.open_orders_max             200
gate.checks.rate_limited         true
gate.checks.eliminated           true
gate.checks.market_closed        true
gate.checks.unsupported_pair     true
gate.checks.duplicate            true
gate.checks.invalid_leverage     true
gate.checks.too_many_open_orders true
gate.checks.cooldown             true
gate.checks.max_position_leverage  true
gate.checks.min_position_leverage  true
gate.checks.max_portfolio_leverage true
gate.checks.order_min_leverage     true
cooldown.period                  10s
cooldown.scope                   pair
fill.max_wait                    5m

# §3 is compared with the hours of package market

# §4
leverage.portfolio_max         10
leverage.position.crypto.min   0.01
leverage.position.crypto.max   0.5
leverage.position.forex.min    0.1
leverage.position.forex.max    5
leverage.position.equities.min 0.1
leverage.position.equities.max 3 | 3 | 5 | 5
leverage.position.indices.min  0
leverage.position.indices.max  0

# §5
position.accounting average_price

# §6
carry.rate                 simple | compound
carry.alignment            documented | deployed
carry.closed_market        at_instant | at_reopening
carry.days_in_year         365
carry.crypto.rate_annual   0.1095
carry.crypto.times         ["04:00", "12:00", "20:00"]
carry.crypto.multiples     [1, 1, 1, 1, 1, 1, 1]
carry.forex.rate_annual    0.03
carry.forex.times          ["21:00"]
carry.forex.multiples      [0, 1, 1, 3, 1, 1, 0]
carry.equities.rate_annual 0.0525
carry.equities.times       ["21:00"]
carry.equities.multiples   [0, 1, 1, 3, 1, 1, 0]
carry.indices.rate_annual  0.0525
carry.indices.times        ["21:00"]
carry.indices.multiples    [0, 1, 1, 3, 1, 1, 0]
transaction_fee.enabled       false | false | true | true
transaction_fee.rate.crypto   0.001
transaction_fee.rate.forex    0.00007
transaction_fee.rate.equities 0.00009
transaction_fee.rate.indices  0.00009

# §7
slippage.enabled               true | true | false | false
slippage.account_usd           100000
slippage.free_below_usd        1000
slippage.max                   0.03
slippage.crypto.default        0.0001
slippage.crypto.pairs.BTCUSD   0.00001
slippage.crypto.pairs.ETHUSD   0.00001
slippage.crypto.pairs.SOLUSD   0.0001
slippage.crypto.pairs.XRPUSD   0.0001
slippage.crypto.pairs.DOGEUSD  0.0001
slippage.forex.spread           0.433
slippage.forex.impact           0.335
slippage.forex.variance_divisor 3
slippage.forex.days_in_year     250
slippage.forex.adv_share        0.3
slippage.forex.lot_units        100000
liquidity.adv_days              10
liquidity.volatility_days       30
liquidity.trading_days_in_year  252
liquidity.defaults.forex.spread_over_mid      0.0001
liquidity.defaults.metals.spread_over_mid     0.0002
liquidity.defaults.equities.spread_over_mid   0.0002
liquidity.defaults.forex.volatility_annual    0.08
liquidity.defaults.metals.volatility_annual   0.16
liquidity.defaults.equities.volatility_annual 0.35
liquidity.defaults.forex.adv                  500000
liquidity.defaults.metals.adv                 100000
liquidity.defaults.equities.adv               40000000

# §8
ledger.checkpoint       12h
ledger.window           90d
ledger.marking          documented | deployed | documented | documented
ledger.day              documented | deployed
ledger.first_checkpoint documented | deployed

# §9
drawdown.limit                    0.1
drawdown.at_limit                 survives | eliminates | survives | survives
elimination.main                  true | true | false | false
elimination.challenge             true
elimination.check_every           0 | 5m | 0 | 0
elimination.challenge_check_every 0 | 1m | 0 | 0
elimination.ledger_lag            0 | 10m | 0 | 0

# §10
metrics.days_in_year     365 | 252
metrics.risk_free_annual 0.0419
metrics.days_min         60
metrics.volatility_min   0.01
metrics.variance         population | population | population | sample
recency.enabled          true | false | false | false
recency.floor            0.4
recency.decay            0.08
calmar.risk_free         true | false | true | true
calmar.drawdown          max
calmar.drawdown_max      0.1
sharpe.no_confidence     -100
omega.no_confidence      0
omega.loss_min           0.01
omega.weight_min         0.01
sortino.no_confidence    -100
statistical_confidence.no_confidence -100
statistical_confidence.variance_min  1e-08 | 1e-08 | 1e-08 | 0
return_long.days         0
return_long.checkpoints  0
return_long.drawdown     mean | mean | mean | max
return_long.scale        100 | 100 | 100 | 1
return_long.drawdown_min 0.005
return_long.drawdown_max 0.1
return_long.ramp         0.05
return_short.days         7 | 7 | 7 | 14
return_short.checkpoints  14
return_short.drawdown     mean | mean | mean | max
return_short.scale        100 | 100 | 100 | 1
return_short.drawdown_min 0.005
return_short.drawdown_max 0.1
return_short.ramp         0.05
weights.calmar                 0.2 | 0.2 | 0 | 0
weights.sharpe                 0.2 | 0.2 | 0.175 | 0.175
weights.omega                  0.2 | 0.2 | 0.175 | 0.175
weights.sortino                0.2 | 0.2 | 0.175 | 0.175
weights.statistical_confidence 0.2 | 0.2 | 0.175 | 0.175
weights.return_long            0 | 0 | 0.2 | 0.2
weights.return_short           0 | 0 | 0.1 | 0.1

# §11
drawdown_penalty.limit            0.1
drawdown_penalty.at_limit         spares | penalises
drawdown_penalty.last_checkpoints 0 | 0 | 10 | 10
martingale.enabled                true
martingale.window                 90d
martingale.steps                  2
martingale.return_power           25
martingale.sigmoid_shift          0.1
martingale.sigmoid_slope          50
martingale.exponent_max           100
scoring.position_filter           none | closed_60s

# §12
competition.percentiles         documented | deployed
competition.softmax_temperature 0.125 | 0.125 | 0.2 | 0.2
competition.target_miners       0.4
competition.target_emission     0.9
competition.weights_every       5m

# §13; the weight is that of §12
challenge.start          registration | first_order
challenge.duration       90d
challenge.check_every    12h | 1m
challenge.days_min       60 | 60 | 0 | 0
challenge.percentile_min 0.75
challenge.weight         0.000012
challenge.reasons        split | split | split | single

# §14
registration.slots    256
registration.immunity 9d
`

// stated returns what numbers says of each of the built-in sets.
func stated(t *testing.T) map[string]map[string]string {
	sets := make(map[string]map[string]string)
	for _, name := range Names() {
		sets[name] = make(map[string]string)
	}
	for line := range strings.Lines(numbers) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		path, rest, _ := strings.Cut(line, " ")
		values := strings.Split(rest, "|")
		for i, name := range []string{"ptn-2025-02", "ptn-5.4.0", "ptn-2024-12", "ptn-4.8.12"} {
			switch len(values) {
			case 1, 2, 4:
				sets[name][path] = strings.TrimSpace(values[i%len(values)])
			default:
				t.Fatalf("%s: %d values", path, len(values))
			}
		}
	}
	return sets
}

func TestBuiltinSetsSayWhatTheRulesState(t *testing.T) {
	for name, want := range stated(t) {
		got := make(map[string]string)
		for _, row := range builtinSet(t, name).Rows() {
			got[row.Path] = row.Value
		}
		for path, value := range want {
			if got[path] != value {
				t.Errorf("%s: %s is %q, the rules state %q", name, path, got[path], value)
			}
		}
		for path := range got {
			elsewhere := strings.HasPrefix(path, "hours.") || strings.HasPrefix(path, "slippage.equities[") ||
				strings.HasPrefix(path, "liquidity.usd_prices.")
			if _, ok := want[path]; !ok && !elsewhere {
				t.Errorf("%s: %s is not compared with the rules", name, path)
			}
		}
	}
}

func TestBuiltinSetsKeepTheHoursOfTheRules(t *testing.T) {
	want := Hours{
		Crypto:   market.Hours{Kind: market.Always},
		Forex:    market.ForexHours(),
		Equities: market.EquitiesHours(),
		Indices:  market.Hours{Kind: market.Never},
	}
	for _, name := range Names() {
		if got := builtinSet(t, name).Set.Hours; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: hours are\n%+v, want\n%+v", name, got, want)
		}
	}
}

// Every symbol has every size bucket of Rules §7 on both sides; two rows are
// typed off the table here, the whole of it is compared below.
func TestEquitiesTableIsComplete(t *testing.T) {
	rows := builtinSet(t, Default).Set.Slippage.Equities
	edges := []float64{1000, 10000, 50000, 100000, 200000, 300000}
	i := 0
	for _, pair := range strings.Fields("AAPL AMZN GOOG META MSFT NVDA TSLA") {
		for _, side := range []string{"buy", "sell"} {
			for k := range 5 {
				row := rows[i]
				if row.Pair != pair || row.Side != side || row.OverUSD != edges[k] || row.ToUSD != edges[k+1] {
					t.Errorf("row %d is %+v, want %s %s over %g to %g", i, row, pair, side, edges[k], edges[k+1])
				}
				i++
			}
		}
	}
	if len(rows) != i {
		t.Errorf("%d rows, want %d", len(rows), i)
	}
	want := bucket("AAPL", "sell", [6]float64{1000, 10000, 3.150721322992118e-06, 0.5351310819900821, -4.3359557457118826e-05, 0.023885911806186187})
	if rows[5] != want {
		t.Errorf("row 5 is %+v, want %+v", rows[5], want)
	}
	want = bucket("AMZN", "buy", [6]float64{200000, 300000, -0.00019970159184082563, 1.5366584304278106, 0.0008470541285043728, -0.0053445818916679})
	if rows[14] != want {
		t.Errorf("row 14 is %+v, want %+v", rows[14], want)
	}
}

func TestEquitiesTableIsThatOfTheReference(t *testing.T) {
	folder := os.Getenv("PTNSIM_REFERENCE")
	if folder == "" {
		t.Skip("PTNSIM_REFERENCE is not set")
	}
	f, err := os.Open(filepath.Join(folder, "spec", "slippage-equities.csv"))
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := builtinSet(t, Default).Set.Slippage.Equities
	if len(rows) != len(records)-1 {
		t.Fatalf("%d rows, the reference has %d", len(rows), len(records)-1)
	}
	for i, r := range records[1:] {
		low, high, _ := strings.Cut(r[2], "-")
		var n [6]float64
		for k, text := range []string{low, high, r[3], r[4], r[5], r[6]} {
			if n[k], err = strconv.ParseFloat(text, 64); err != nil {
				t.Fatal(err)
			}
		}
		want := bucket(r[0], r[1], n)
		if rows[i] != want {
			t.Errorf("row %d is %+v, the reference has %+v", i, rows[i], want)
		}
	}
}

// bucket returns a row of the table from its numbers, in their order there.
func bucket(pair, side string, n [6]float64) SlippageBucket {
	return SlippageBucket{Pair: pair, Side: side, OverUSD: n[0], ToUSD: n[1],
		Intercept: n[2], Spread: n[3], Volatility: n[4], ValueADV: n[5]}
}

// Every currency that the network's forex pairs are based on has a price.
func TestUSDPricesCoverTheBases(t *testing.T) {
	prices := builtinSet(t, Default).Set.Liquidity.USDPrices
	for _, p := range market.Pairs() {
		if p.Class == market.Forex && prices[p.Base] == 0 {
			t.Errorf("no USD price of %s, the base of %s", p.Base, p.ID)
		}
	}
}
