package sim

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// instantOf reads a time such as "2025-03-19T12:00:00Z" as UTC ms.
func instantOf(t testing.TB, text string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

const hourLenMS = 60 * minuteMS

// hourlyCandles makes a candle an hour over [from, to), all prices and volumes
// as price and volume say.
func hourlyCandles(t testing.TB, id, from, to string, price, volume func(ms int64) float64) *market.Series {
	t.Helper()
	pair, ok := market.FindPair(market.Pairs(), id)
	if !ok {
		t.Fatalf("no pair %s", id)
	}
	s := &market.Series{Pair: pair, IntervalMS: hourLenMS}
	for ms := instantOf(t, from); ms < instantOf(t, to); ms += hourLenMS {
		s.Time = append(s.Time, ms)
		s.Close = append(s.Close, price(ms))
		if volume != nil {
			s.Volume = append(s.Volume, volume(ms))
		}
	}
	s.Open, s.High, s.Low = s.Close, s.Close, s.Close
	return s
}

func always(x float64) func(int64) float64 { return func(int64) float64 { return x } }

// slippageAt is the model of a rule set over those candles, around March 2025.
func slippageAt(t testing.TB, set *rules.Set, series ...*market.Series) *slippageModel {
	t.Helper()
	m, err := NewMarket(set, series, instantOf(t, "2025-02-01T00:00:00Z"), instantOf(t, "2025-04-01T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	return newSlippageModel(m)
}

// sameSlippage allows the rounding of a few operations.
func sameSlippage(got, want float64) bool {
	return math.Abs(got-want) <= 1e-18+1e-12*math.Abs(want)
}

type slippageCase struct {
	name     string
	pair     string
	leverage float64
	price    float64
	quote    quote
	want     float64
}

func runSlippageCases(t *testing.T, m *slippageModel, ms int64, cases []slippageCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, warning, err := m.fraction(findInstrument(m.instruments, c.pair), c.leverage, c.price, c.quote, ms)
			if err != nil || warning != "" || !sameSlippage(got, c.want) {
				t.Errorf("%.17g, warning %q (%v), want %.17g", got, warning, err, c.want)
			}
		})
	}
}

// A Wednesday on which every market is open.
const slippageNoon = "2025-03-19T15:00:00Z"

// TestSlippageIsFreeUpToAThousandDollars: value = |leverage| × 100 000.
func TestSlippageIsFreeUpToAThousandDollars(t *testing.T) {
	m := slippageAt(t, loadRules(t, "ptn-2025-02", "instruments.added=[{id: LTCUSD, class: crypto, quote: USD}]"))
	runSlippageCases(t, m, instantOf(t, slippageNoon), []slippageCase{
		{"ExactlyAThousand", "BTCUSD", 0.01, 80000, quote{}, 0},      // 1000 USD
		{"JustAbove", "BTCUSD", 0.010001, 80000, quote{}, 0.00001},   // 1000.1 USD
		{"SellExactly", "BTCUSD", -0.01, 80000, quote{}, 0},          // the magnitude counts
		{"SellJustAbove", "BTCUSD", -0.010001, 80000, quote{}, 1e-5}, // a fraction has no sign
		{"LeastOrder", "SOLUSD", 0.001, 130, quote{}, 0},             // 100 USD
		{"EquitiesExactly", "NVDA", 0.01, 118, quote{90, 110}, 0},
		{"ForexExactly", "EURUSD", -0.01, 1.09, quote{1, 2}, 0},

		{"BTC", "BTCUSD", 0.5, 80000, quote{}, 0.00001},
		{"ETH", "ETHUSD", 0.5, 2000, quote{}, 0.00001},
		{"SOL", "SOLUSD", 0.5, 130, quote{}, 0.0001},
		{"XRP", "XRPUSD", -0.5, 2.3, quote{}, 0.0001},
		{"DOGE", "DOGEUSD", 0.1, 0.17, quote{}, 0.0001},
		{"AddedPair", "LTCUSD", 0.1, 90, quote{}, 0.0001},           // slippage.crypto.default
		{"QuoteHasNoSay", "BTCUSD", 0.5, 100, quote{90, 110}, 1e-5}, // a flat fraction
	})
	if notes := m.notes(); len(notes) != 0 {
		t.Errorf("notes %q, want none: nothing was missing", notes)
	}
}

func TestSlippageDisabledIsZero(t *testing.T) {
	for _, set := range []*rules.Set{loadRules(t, "ptn-2024-12"), loadRules(t, "ptn-2025-02", "slippage.enabled=false")} {
		m := slippageAt(t, set)
		runSlippageCases(t, m, instantOf(t, slippageNoon), []slippageCase{
			{"Crypto", "SOLUSD", 0.5, 130, quote{}, 0},
			{"Forex", "EURUSD", 5, 1.09, quote{1, 2}, 0},
			{"Equities", "NVDA", 5, 118, quote{90, 110}, 0},
		})
	}
}

// roundLiquidity has defaults that make the forex formula's roots round:
// vol²/750 = 0.0001 and 0.3·ADV = 300, so that 3 lots have an impact of
// 0.335·0.01·sqrt(3/300) = 0.000335. vol = sqrt(0.075).
const roundLiquidity = "liquidity.defaults={forex: {spread_over_mid: 0.0001, volatility_annual: 0.27386127875258306, adv: 1000}, " +
	"metals: {spread_over_mid: 0.0002, volatility_annual: 0.27386127875258306, adv: 1}, " +
	"equities: {spread_over_mid: 0.0002, volatility_annual: 0.35, adv: 40000000}, " +
	"NZDUSD: {spread_over_mid: 0.001, volatility_annual: 0.27386127875258306, adv: 250}}"

// TestSlippageOfForexCountsLotsOfTheBase: lots = value / (100 000 × USD price of
// the base). Every case but the last ones comes to 3 lots, so that the impact is
// 0.000335; the spread adds 0.433·0.0001 = 0.0000433. Together 0.0003783.
func TestSlippageOfForexCountsLotsOfTheBase(t *testing.T) {
	const lots3 = 0.0003783
	set := loadRules(t, "ptn-2025-02", roundLiquidity)
	m := slippageAt(t, set,
		hourlyCandles(t, "EURUSD", "2025-03-19T00:00:00Z", "2025-03-20T00:00:00Z", always(1.25), nil),
		hourlyCandles(t, "USDCAD", "2025-03-19T00:00:00Z", "2025-03-20T00:00:00Z", always(1.25), nil),
	)
	ms := instantOf(t, slippageNoon)
	runSlippageCases(t, m, ms, []slippageCase{
		{"BaseUSD", "USDCAD", 3, 1.4, quote{}, lots3},              // 300 000 / (100 000 · 1)
		{"QuoteUSD", "EURUSD", 3.6, 1.2, quote{}, lots3},           // 360 000 / (100 000 · 1.2): the order's own price
		{"Sell", "EURUSD", -3.6, 1.2, quote{}, lots3},              // the same
		{"CrossDirect", "EURGBP", 3.75, 0.84, quote{}, lots3},      // EURUSD closes at 1.25: 375 000 / 125 000
		{"CrossInverted", "CADJPY", 2.4, 107, quote{}, lots3},      // USDCAD closes at 1.25, CAD is 0.8: 240 000 / 80 000
		{"CrossFromTheTable", "CHFJPY", 3.33, 168, quote{}, lots3}, // no CHFUSD nor USDCHF, the table says 1.11: 333 000 / 111 000
		// Twelve lots, twice the root: 0.0000433 + 0.00067.
		{"FourTimesTheLots", "USDCAD", 12, 1.4, quote{}, 0.0007133},
		// A metal: 600 000 / (100 000 · 2000) = 0.003 lots over 0.3·1, root 0.1:
		// 0.433·0.0002 + 0.335·0.01·0.1 = 0.0000866 + 0.000335.
		{"Metal", "XAUUSD", 6, 2000, quote{}, 0.0004216},
		// A pair's own default: 3 lots over 0.3·250 = 75, root 0.2: 0.000433 + 0.00067.
		{"PairsOwnDefault", "NZDUSD", 1.5, 0.5, quote{}, 0.001103},
		// Bid and ask: (1.001 - 0.999)/1 = 0.002, × 0.433 = 0.000866, + 0.000335.
		{"Quote", "USDCAD", 3, 1, quote{0.999, 1.001}, 0.001201},
		{"QuoteWithoutSpread", "USDCAD", 3, 1, quote{1, 1}, 0.000335},
		{"BidAlone", "USDCAD", 3, 1, quote{1, 0}, lots3},
	})
	checkUSDPriceNote(t, m)
}

// checkUSDPriceNote: of all the pairs one had to take its price from the table.
func checkUSDPriceNote(t *testing.T, m *slippageModel) {
	t.Helper()
	for _, note := range m.notes() {
		if priced, chf := strings.Contains(note, "CHF in USD 1.11"), strings.HasPrefix(note, "CHFJPY: "); priced != chf {
			t.Errorf("note %q, want the price from the table in that of CHFJPY alone", note)
		}
	}
}

// TestSlippageOfForexWithTheRulesDefaults:
//
//	EURUSD at 1.1, 1×: spread/mid of bid 1.0999 and ask 1.1001 is 0.0002/1.1 =
//	0.00018181818, × 0.433 = 0.00007872727; sqrt(0.08²/750) = 0.00292118697336;
//	lots 1/1.1 over 0.3·500 000: sqrt(0.0000060606) = 0.00246182981959; 0.335 ×
//	both = 0.00000240914084. Sum 0.0000811364135691414.
//	XAUUSD at 2900, 1×: 0.433·0.0002 = 0.0000866; sqrt(0.16²/750) =
//	0.00584237394672; lots 1/2900 over 0.3·100 000: sqrt(1.14942529e-8) =
//	0.000107211253483; 0.335 × both = 0.000000209833584. Sum 0.0000868098335844.
func TestSlippageOfForexWithTheRulesDefaults(t *testing.T) {
	m := slippageAt(t, loadRules(t, "ptn-5.4.0"))
	runSlippageCases(t, m, instantOf(t, slippageNoon), []slippageCase{
		{"Euro", "EURUSD", 1, 1.1, quote{1.0999, 1.1001}, 0.00008113641356914138},
		{"Gold", "XAUUSD", 1, 2900, quote{}, 0.00008680983335843992},
	})
}

// TestSlippageSeesOnlyFinishedCandles for the USD price of a cross: EURUSD is
// 1.25 until the candle of 14:00, which closes at 5 at 15:00.
func TestSlippageSeesOnlyFinishedCandles(t *testing.T) {
	eurusd := hourlyCandles(t, "EURUSD", "2025-03-19T10:00:00Z", "2025-03-20T00:00:00Z", func(ms int64) float64 {
		if ms < instantOf(t, "2025-03-19T14:00:00Z") {
			return 1.25
		}
		return 5
	}, nil)
	m := slippageAt(t, loadRules(t, "ptn-2025-02", roundLiquidity), eurusd)
	for _, c := range []struct {
		at       string
		leverage float64 // of 3 lots
	}{
		{"2025-03-19T09:59:00Z", 3.12}, // nothing has ended: the table's 1.04
		{"2025-03-19T10:30:00Z", 3.12},
		{"2025-03-19T11:00:00Z", 3.75}, // 375 000 / 125 000
		{"2025-03-19T14:59:59.999Z", 3.75},
		{"2025-03-19T15:00:00Z", 15}, // 1 500 000 / 500 000
	} {
		got, _, err := m.fraction(findInstrument(m.instruments, "EURGBP"), c.leverage, 0.84, quote{}, instantOf(t, c.at))
		if err != nil || !sameSlippage(got, 0.0003783) {
			t.Errorf("at %s: %.17g (%v), want 0.0003783: 3 lots", c.at, got, err)
		}
	}
}

// TestSlippageOfEquitiesByBucket, with the rules' defaults: spread/mid 0.0002,
// volatility 0.35, ADV 40 000 000. The terms are b0, b1·0.0002, b2·0.35 and
// b3·value/40 000 000 with the coefficients of the table.
func TestSlippageOfEquitiesByBucket(t *testing.T) {
	m := slippageAt(t, loadRules(t, "ptn-2025-02"))
	runSlippageCases(t, m, instantOf(t, slippageNoon), []slippageCase{
		// 10 000 USD, the first bucket: 0.0000007153932853554354 + 0.00010449648678295384
		// - 0.0000029609895322637525 + 0.000024870178514316005
		{"Buy10000", "NVDA", 0.1, 118, quote{}, 0.0001271210690503615},
		// 10 000.1 USD, the second: 0.00002147808350624333 + 0.00011820197380442568
		// - 0.0000355494159508658625 + 0.00003948168677854457
		{"BuyAbove10000", "NVDA", 0.100001, 118, quote{}, 0.0001436123281383477},
		// 10 000 USD sold: 0.000002948515892907491 + 0.00010615236450219752
		// - 0.00000556616884720351 + 0.00002261432708427999
		{"Sell10000", "NVDA", -0.1, 118, quote{}, 0.0001261490386321815},
		// 300 000 USD, the last: 0.00024681571859062537 + 0.000237723823210898
		// - 0.00027817666391600638 + 0.000650384623050819375
		{"Buy300000", "NVDA", 3, 118, quote{}, 0.0008567475009363364},
		// 5000 USD: -0.000003818266486007179 + 0.000109362747750598
		// - 0.00000113439397030577275 + 0.00000266944082580546125
		{"BuyApple", "AAPL", 0.05, 210, quote{}, 0.0001070795281200905},
		// The same at bid = ask: without the second term -0.0000022832…, clamped.
		{"NotBelowZero", "AAPL", 0.05, 210, quote{210, 210}, 0},
		// Bid 90, ask 110: spread/mid = 0.2, × 0.522 is over 0.1, clamped.
		{"NotAboveTheMost", "NVDA", 0.1, 100, quote{90, 110}, 0.03},
	})
}

// TestSlippageBeyondTheTableWarns: 350 000 USD take the last bucket's
// coefficients: 0.00024681571859062537 + 0.000237723823210898
// - 0.00027817666391600638 + 0.08671794974010925·350 000/40 000 000 = 0.0007587820602259559.
func TestSlippageBeyondTheTableWarns(t *testing.T) {
	const want = 0.0009651449381114729
	series := hourlyCandles(t, "NVDA", "2025-03-19T00:00:00Z", "2025-03-20T00:00:00Z", always(118), nil)
	cfg := Config{
		Rules: loadRules(t, "ptn-2025-02", "leverage.position.equities.max=5"), Series: []*market.Series{series},
		FromMS: series.Time[0], ToMS: instantOf(t, "2025-03-20T00:00:00Z"),
		Strategy: &scripted{
			orders: []Order{{Pair: "NVDA", Type: Long, Leverage: 3}, {Pair: "NVDA", Type: Flat}, {Pair: "NVDA", Type: Long, Leverage: 3.5}, {Pair: "NVDA", Type: Flat}},
			at:     []int64{instantOf(t, "2025-03-19T14:00:00Z"), instantOf(t, "2025-03-19T15:00:00Z"), instantOf(t, "2025-03-19T16:00:00Z"), instantOf(t, "2025-03-19T17:00:00Z")},
		},
	}
	res := mustRun(t, cfg)
	for i, o := range res.Orders {
		warned := len(o.Warnings) == 1 && strings.Contains(o.Warnings[0], "350000 USD") && strings.Contains(o.Warnings[0], "300000 USD")
		if o.Outcome != Accepted || warned != (i >= 2) || len(o.Warnings) > 1 {
			t.Errorf("order %d (%s %g): %s %s, warnings %q, want one of 350000 USD on the last two alone", i, o.Type, o.Leverage, o.Outcome, o.Reason, o.Warnings)
		}
	}
	if got := res.Orders[2].FillSlippage; !sameSlippage(got, want) {
		t.Errorf("slippage %.17g, want %.17g", got, want)
	}
	// What the data lacks is said once, not once an order.
	if len(res.Warnings) != 1 || !strings.HasPrefix(res.Warnings[0], "NVDA: ") {
		t.Errorf("warnings %q, want one of NVDA", res.Warnings)
	}
}

// TestSlippageNotesOnceAPair what the data lacks, and names the value that serves.
func TestSlippageNotesOnceAPair(t *testing.T) {
	m := slippageAt(t, loadRules(t, "ptn-2025-02"))
	ms := instantOf(t, slippageNoon)
	for range 3 {
		for _, pair := range []string{"EURUSD", "NVDA", "BTCUSD", "EURGBP"} {
			if _, _, err := m.fraction(findInstrument(m.instruments, pair), 0.2, 1, quote{}, ms); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := []struct {
		pair string
		says []string // each once
	}{
		{"EURUSD", []string{"spread/mid 0.0001", "volatility 0.08", "average daily volume 500000"}},
		{"EURGBP", []string{"EUR in USD 1.04", "spread/mid 0.0001", "volatility 0.08", "average daily volume 500000"}},
		{"NVDA", []string{"spread/mid 0.0002", "volatility 0.35", "average daily volume 40000000"}},
	}
	notes := m.notes()
	if len(notes) != len(want) {
		t.Fatalf("%d notes, want %d:\n%s", len(notes), len(want), strings.Join(notes, "\n"))
	}
	for i, w := range want {
		for _, says := range w.says {
			if !strings.HasPrefix(notes[i], w.pair+": ") || strings.Count(notes[i], says) != 1 {
				t.Errorf("note %d: %q, want one of %s that says %q once", i, notes[i], w.pair, says)
			}
		}
	}
}

func TestSlippageRefusesWhatItCannotKnow(t *testing.T) {
	for _, c := range []struct {
		name, pair string
		forget     func(*rules.Set)
		want       []string
	}{
		{"EquityWithoutCoefficients", "AMD", func(*rules.Set) {}, []string{"AMD buy of 50000 USD", "slippage.equities"}},
		{"CurrencyWithoutPrice", "EURGBP", func(s *rules.Set) { delete(s.Liquidity.USDPrices, "EUR") }, []string{"EUR", "EURGBP", "liquidity.usd_prices"}},
		{"NoDefaultsOfTheGroup", "XAUUSD", func(s *rules.Set) { delete(s.Liquidity.Defaults, "metals") }, []string{"XAUUSD", "metals", "liquidity.defaults"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := loadRules(t, "ptn-2025-02", "instruments.added=[{id: AMD, class: equities, quote: USD}]")
			c.forget(set)
			m := slippageAt(t, set)
			_, _, err := m.fraction(findInstrument(m.instruments, c.pair), 0.5, 100, quote{}, instantOf(t, slippageNoon))
			for _, w := range c.want {
				if err == nil || !strings.Contains(err.Error(), w) {
					t.Errorf("error %v, want one with %q", err, w)
				}
			}
		})
	}
}

// TestSlippageOfAnUnknownKindEndsTheRun: the run doesn't guess a fill.
func TestSlippageOfAnUnknownKindEndsTheRun(t *testing.T) {
	set := loadRules(t, "ptn-2025-02", "instruments.added=[{id: AMD, class: equities, quote: USD}]")
	series := hourlyCandles(t, "NVDA", "2025-03-19T00:00:00Z", "2025-03-20T00:00:00Z", always(100), nil)
	series.Pair = market.Pair{ID: "AMD", Class: market.Equities, Base: "AMD", Quote: "USD"}
	_, err := Run(context.Background(), Config{
		Rules: set, Series: []*market.Series{series}, FromMS: series.Time[0], ToMS: instantOf(t, "2025-03-20T00:00:00Z"),
		Strategy: &scripted{orders: []Order{{Pair: "AMD", Type: Long, Leverage: 0.5}}, at: []int64{instantOf(t, "2025-03-19T14:00:00Z")}},
	})
	if err == nil || !strings.Contains(err.Error(), "AMD buy of 50000 USD") {
		t.Errorf("error %v, want one that names AMD buy of 50000 USD", err)
	}
}

// TestSlippageTakesTheOrdersQuoteElseTheLastOneKnown: that of the candle before
// the one that fills, since a candle's bid and ask are known when it ends. 3 lots
// of USDCAD: 0.000335 + 0.433·spread/mid.
func TestSlippageTakesTheOrdersQuoteElseTheLastOneKnown(t *testing.T) {
	series := hourlyCandles(t, "USDCAD", "2025-03-19T10:00:00Z", "2025-03-19T18:00:00Z", always(1), nil)
	series.Bid = []float64{0.999, 0.9, 0, 0.9, 0.9, 0.9, 0.9, 0.9}
	series.Ask = []float64{1.001, 1.1, 0, 1.1, 1.1, 1.1, 1.1, 1.1}
	order := Order{Pair: "USDCAD", Type: Long, Leverage: 3}
	own := order
	own.Bid, own.Ask = 0.9995, 1.0005
	for _, c := range []struct {
		name  string
		order Order
		at    string
		fill  FillMode
		want  float64
	}{
		{"CandleBefore", order, "2025-03-19T11:00:00Z", FillNextOpen, 0.001201},        // 0.433·0.002 = 0.000866
		{"CandleBeforeTheFill", order, "2025-03-19T10:10:00Z", FillNextOpen, 0.001201}, // which is at 11:00
		{"LastClose", order, "2025-03-19T11:00:00Z", FillLastClose, 0.001201},
		{"WideQuote", order, "2025-03-19T12:00:00Z", FillNextOpen, 0.03},         // 0.433·0.2 is over the most
		{"ItsOwn", own, "2025-03-19T12:00:00Z", FillNextOpen, 0.000768},          // 0.433·0.001 = 0.000433
		{"ZerosAreNone", order, "2025-03-19T13:00:00Z", FillNextOpen, 0.0003783}, // the default, 0.433·0.0001
		{"FirstCandle", order, "2025-03-19T10:00:00Z", FillNextOpen, 0.0003783},  // nothing known yet
	} {
		t.Run(c.name, func(t *testing.T) {
			ms := instantOf(t, c.at)
			res := mustRun(t, Config{
				Rules: loadRules(t, "ptn-2025-02", roundLiquidity), Series: []*market.Series{series}, Fill: c.fill,
				FromMS: instantOf(t, "2025-03-19T10:00:00Z"), ToMS: instantOf(t, "2025-03-19T18:00:00Z"),
				Strategy: &scripted{orders: []Order{c.order}, at: []int64{ms}},
			})
			if o := res.Orders[0]; o.Outcome != Accepted || !sameSlippage(o.FillSlippage, c.want) {
				t.Errorf("%s %s, slippage %.17g, want %.17g", o.Outcome, o.Reason, o.FillSlippage, c.want)
			}
		})
	}
}

// history makes a candle at 15:00 on each of the n weekdays before day, whose
// closes alternate between 1 and 2; the last ten have a volume of 4000, older
// ones an absurd one. On day itself, and from extra on, prices and volumes are absurd.
func history(t testing.TB, id, day string, n int, extra ...string) *market.Series {
	t.Helper()
	pair, _ := market.FindPair(market.Pairs(), id)
	s := &market.Series{Pair: pair, IntervalMS: hourLenMS}
	own := instantOf(t, day+"T15:00:00Z")
	for ms := own - dayMS; n > 0; ms -= dayMS {
		if weekday := time.UnixMilli(ms).UTC().Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			continue
		}
		volume := 4000.0
		if s.Len() >= 10 {
			volume = 1e12
		}
		s.Time, s.Close, s.Volume = append(s.Time, ms), append(s.Close, float64(1+n%2)), append(s.Volume, volume)
		n--
	}
	slices.Reverse(s.Time)
	slices.Reverse(s.Close)
	slices.Reverse(s.Volume)
	for _, text := range extra {
		s.Time, s.Close, s.Volume = append(s.Time, instantOf(t, text)), append(s.Close, 50), append(s.Volume, 1e12)
	}
	s.Open, s.High, s.Low = s.Close, s.Close, s.Close
	return s
}

// TestSlippageReadsLiquidityBeforeTheOrdersDay, and falls back on the defaults
// (volatility sqrt(0.075), ADV 1000) with a note where the history is too short.
// 3× of USDCHF are 3 lots:
//
//	ADV 4000:  sqrt(3/1200) = 0.05;  the default's: sqrt(3/300) = 0.1
//	vol, of 30 returns ±ln 2: ln 2·sqrt(30/29·252), /sqrt(750);  the default's: 0.01
//
// Slippage = 0.433·0.0001 + 0.335 × the two.
func TestSlippageReadsLiquidityBeforeTheOrdersDay(t *testing.T) {
	const day = "2025-03-19" // Wednesday
	measured := 0.0000433 + 0.335*0.05*math.Ln2*math.Sqrt(30.0/29*252/750)
	own := []string{"2025-03-19T00:00:00Z", "2025-03-19T15:00:00Z", "2025-03-19T22:00:00Z"}
	for _, c := range []struct {
		name  string
		days  int
		extra []string
		at    string
		want  float64
		lacks []string
	}{
		{"AllMeasured", 31, own, "2025-03-19T12:00:00Z", measured, nil},
		{"LateInTheDay", 31, own, "2025-03-19T23:59:59.999Z", measured, nil},
		{"FirstInstantOfTheDay", 31, own, "2025-03-19T00:00:00Z", measured, nil},
		{"LongerHistory", 40, own, "2025-03-19T12:00:00Z", measured, nil},
		// 0.0000433 + 0.335·0.01·0.05
		{"ACloseShort", 30, own, "2025-03-19T12:00:00Z", 0.0002108, []string{"volatility"}},
		{"TenDays", 10, own, "2025-03-19T12:00:00Z", 0.0002108, []string{"volatility"}},
		// 0.0000433 + 0.335·0.01·0.1; the own day does not make the tenth.
		{"NineDays", 9, own, "2025-03-19T23:00:00Z", 0.0003783, []string{"volatility", "average daily volume"}},
		{"NoDays", 0, own, "2025-03-19T23:00:00Z", 0.0003783, []string{"volatility", "average daily volume"}},
		// A closed market's candles (Saturday, Sunday noon) are no trading days.
		{"ClosedMarket", 9, []string{"2025-03-22T15:00:00Z", "2025-03-23T12:00:00Z"}, "2025-03-24T12:00:00Z", 0.0003783, []string{"volatility", "average daily volume"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := slippageAt(t, loadRules(t, "ptn-2025-02", roundLiquidity), history(t, "USDCHF", day, c.days, c.extra...))
			got, _, err := m.fraction(findInstrument(m.instruments, "USDCHF"), 3, 0.9, quote{0.99995, 1.00005}, instantOf(t, c.at))
			if err != nil || !sameSlippage(got, c.want) {
				t.Errorf("%.17g (%v), want %.17g", got, err, c.want)
			}
			note := strings.Join(m.notes(), "\n")
			for _, what := range []string{"volatility", "average daily volume", "spread/mid"} {
				if strings.Contains(note, what) != slices.Contains(c.lacks, what) {
					t.Errorf("note %q, want one on what lacks: %q", note, c.lacks)
				}
			}
		})
	}
}

// TestSlippageOnSundayIsMondays: an order of Sunday night belongs to Monday
// 2025-03-17, so that Friday is the last of the ten days, and Sunday's own hours
// are none. 0.0000433 + 0.335·0.01·0.05 as above.
func TestSlippageOnSundayIsMondays(t *testing.T) {
	m := slippageAt(t, loadRules(t, "ptn-2025-02", roundLiquidity), history(t, "USDCHF", "2025-03-17", 10, "2025-03-16T21:00:00Z"))
	runSlippageCases(t, m, instantOf(t, "2025-03-16T23:00:00Z"), []slippageCase{
		{"SundayNight", "USDCHF", 3, 0.9, quote{}, 0.0002108},
	})
}
