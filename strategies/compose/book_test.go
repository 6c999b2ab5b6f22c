package compose

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim"
)

// see writes down what a guest sees of a pair.
func see(to *[]string, pair string) func(c *sim.Context) {
	return func(c *sim.Context) {
		line := clock(c.NowMS()) + ":"
		if p, ok := c.Position(pair); ok {
			line += fmt.Sprintf(" %.6g since %s at %.6g worth %.6g", p.NetLeverage, clock(p.OpenMS), p.AverageEntryPrice, p.Return)
		}
		for _, o := range c.Pending(pair) {
			line += fmt.Sprintf(" pending %s %g", o.Type, o.Leverage)
		}
		*to = append(*to, line)
	}
}

// both does one thing after the other.
func both(a, b func(c *sim.Context)) func(c *sim.Context) {
	return func(c *sim.Context) { a(c); b(c) }
}

func long(pair string, leverage float64) func(c *sim.Context) {
	return func(c *sim.Context) { c.Long(pair, leverage) }
}

func short(pair string, leverage float64) func(c *sim.Context) {
	return func(c *sim.Context) { c.Short(pair, leverage) }
}

func flat(pair string) func(c *sim.Context) { return func(c *sim.Context) { c.Flat(pair) } }

// TestGuestSeesItsOwnPosition, although the account holds another. An order of
// minute m fills at the open of candle m, 1000+m-1, without slippage, and is seen
// from the next decision on. The first guest buys 0.2 at 1000 (minute 1); at 3 its
// mark is the close of candle 2, 1002: 1 + 0.2·2/1000. It buys 0.1 more at 1003
// (minute 4): the average is (0.2·1000 + 0.1·1003)/0.3 = 1001, and at 6, marked
// at 1005, it is worth 1 + 0.3·(1005-1001)/1000. It sells 0.5 at 1006 (minute 7):
// through zero, so it closes. The second holds a short of 0.4 from 1000 on.
func TestGuestSeesItsOwnPosition(t *testing.T) {
	var seen []string
	look := see(&seen, "BTCUSD")
	first := &actor{does: map[int]func(*sim.Context){
		1: both(long("BTCUSD", 0.2), look), 2: look, 3: look, 4: both(long("BTCUSD", 0.1), look), 6: look,
		7: short("BTCUSD", 0.5), 8: both(look, flat("BTCUSD")), 9: look,
	}}
	second := &actor{does: map[int]func(*sim.Context){1: short("BTCUSD", 0.4)}}
	p := &Portfolio{Members: []Member{{Name: "first", Strategy: first, Share: 0.5}, {Name: "second", Strategy: second, Share: 0.5}}}
	res := play(t, config(t, p, minutes(t, "BTCUSD", 20)))
	checkLines(t, seen, []string{
		"1: pending LONG 0.2",
		"2: 0.2 since 1 at 1000 worth 1.0002",
		"3: 0.2 since 1 at 1000 worth 1.0004",
		"4: 0.2 since 1 at 1000 worth 1.0006 pending LONG 0.1",
		"6: 0.3 since 1 at 1001 worth 1.0012",
		"8:",
		"9:",
	})
	checkLines(t, first.outcomes, []string{
		"2: 0 LONG BTCUSD 0.2 at 1 for 1000",
		"6: 1 LONG BTCUSD 0.1 at 4 for 1003",
		"8: 2 SHORT BTCUSD -0.3 at 7 for 1006",
		"9: 3 FLAT BTCUSD no_position",
	})
	// The account: 0.5·0.2 - 0.5·0.4 = -0.1; at 4 0.15 - 0.2 = -0.05; at 7 -0.2.
	checkLines(t, orders(res), []string{
		"1: SHORT BTCUSD -0.1 at 1 for 1000",
		"4: LONG BTCUSD 0.05 at 4 for 1003",
		"7: SHORT BTCUSD -0.15 at 7 for 1006",
	})
}

// TestGuestPlaysByTheLeverageRules: what its orders come to in the book. The
// largest position in crypto is 0.5, the smallest 0.01; a flip takes a FLAT.
func TestGuestPlaysByTheLeverageRules(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){
		1: long("BTCUSD", 0.7), 3: long("BTCUSD", 0.1), 5: both(flat("BTCUSD"), short("BTCUSD", 0.3)), 7: short("BTCUSD", 0.0001),
		9: long("BTCUSD", 0.295), 11: long("ETHUSD", 0.1), 13: long("EURUSD", 0.1), 15: flat("BTCUSD"),
	}}
	p := &Portfolio{Members: []Member{{Name: "one", Strategy: guest, Pairs: []string{"BTCUSD"}, Share: 0.1}}}
	play(t, config(t, p, minutes(t, "BTCUSD", 30), minutes(t, "ETHUSD", 30)))
	checkLines(t, guest.outcomes, []string{
		"3: 0 LONG BTCUSD 0.5 at 1 for 1000",
		"5: 1 LONG BTCUSD max_position_leverage",
		"7: 2 FLAT BTCUSD -0.5 at 5 for 1004",
		"7: 3 SHORT BTCUSD -0.3 at 5 for 1004",
		"9: 4 SHORT BTCUSD invalid_leverage",
		"11: 5 LONG BTCUSD min_position_leverage",
		"13: 6 LONG ETHUSD unsupported_pair",
		"15: 7 LONG EURUSD unsupported_pair",
		"30: 8 FLAT BTCUSD 0.3 at 15 for 1014", // told at the end: nothing woke the guest before
	})
}

// TestGuestWaitsForItsPrice: three candles of EURUSD are missing, and ETHUSD has
// one a quarter of an hour.
func TestGuestWaitsForItsPrice(t *testing.T) {
	eur := minutes(t, "EURUSD", 60)
	eur.Time, eur.Open, eur.High, eur.Low, eur.Close = append(eur.Time[:10:10], eur.Time[13:]...), append(eur.Open[:10:10], eur.Open[13:]...),
		append(eur.High[:10:10], eur.High[13:]...), append(eur.Low[:10:10], eur.Low[13:]...), append(eur.Close[:10:10], eur.Close[13:]...)
	eth := candlesOf(t, "ETHUSD", 15*minuteMS, 4, func(i int) float64 { return 2000 + float64(i) })
	var seen []string
	look := see(&seen, "ETHUSD")
	guest := &actor{does: map[int]func(*sim.Context){
		10: long("EURUSD", 1), 12: see(&seen, "EURUSD"), 14: see(&seen, "EURUSD"),
		16: both(long("ETHUSD", 0.1), look), 29: look, 30: look, 31: look,
	}}
	p := &Portfolio{Members: []Member{{Name: "one", Strategy: guest, Share: 1}}}
	res := play(t, config(t, p, eur, eth))
	checkLines(t, seen, []string{
		"12: pending LONG 1", "14: 1 since 13 at 1012 worth 1.00099",
		"16: pending LONG 0.1", "29: pending LONG 0.1", "30: pending LONG 0.1", "31: 0.1 since 30 at 2001 worth 1",
	})
	checkLines(t, orders(res), []string{"10: LONG EURUSD 1 at 13 for 1012", "16: LONG ETHUSD 0.1 at 30 for 2001"})
}

// TestGuestIsRejectedByItsMarket: a closed market at once, a missing price when
// the wait of five minutes is over.
func TestGuestIsRejectedByItsMarket(t *testing.T) {
	btc := minutes(t, "BTCUSD", 40)
	for _, column := range []*[]float64{&btc.Open, &btc.High, &btc.Low, &btc.Close} {
		*column = append((*column)[:10:10], (*column)[20:]...)
	}
	btc.Time = append(btc.Time[:10:10], btc.Time[20:]...)
	nothing := func(*sim.Context) {}
	guest := &actor{does: map[int]func(*sim.Context){
		2: long("AAPL", 1), 3: nothing, 10: long("BTCUSD", 0.1), 14: nothing, 15: nothing, 16: nothing,
	}}
	p := &Portfolio{Members: []Member{{Name: "one", Strategy: guest, Share: 1}}}
	res := play(t, config(t, p, btc, minutes(t, "AAPL", 40)))
	checkLines(t, guest.outcomes, []string{"3: 0 LONG AAPL market_closed", "16: 1 LONG BTCUSD no_price"})
	for _, o := range res.Orders {
		if o.Filled() {
			t.Errorf("the account has filled %+v", o)
		}
	}
}

// TestGuestHasTheWholeOfItsRoom: the account is half the guest's size, and the
// portfolio the account's but for the leverage. 0.3 of crypto weighs 3; the cap is
// 10, the largest position 0.5.
func TestGuestHasTheWholeOfItsRoom(t *testing.T) {
	var room sim.Room
	var view sim.PortfolioView
	guest := &actor{does: map[int]func(*sim.Context){1: long("BTCUSD", 0.3), 2: func(c *sim.Context) { room, view = c.Room("BTCUSD"), c.Portfolio() }}}
	p := &Portfolio{Members: []Member{{Name: "one", Strategy: guest, Share: 0.5}}}
	play(t, config(t, p, minutes(t, "BTCUSD", 10)))
	if want := (sim.Room{Leverage: 0.2, Portfolio: 7, Requests: math.MaxInt, Orders: math.MaxInt}); room != want {
		t.Errorf("room %+v, want %+v", room, want)
	}
	// The account: 0.15 bought at 1000·(1+0.00001·…): order value 15000 USD, slippage 0.00001; marked at 1001.
	entry := 1000 * 1.00001
	if want := 1 + 0.15*(1001-entry)/entry; math.Abs(view.Value-want) > 1e-12 || view.Leverage != 3 || view.OpenPositions != 1 {
		t.Errorf("portfolio %+v, want a value of %g", view, want)
	}
}

// TestPairsOfAMember are all that it sees; those of a wrapper's guest too.
func TestPairsOfAMember(t *testing.T) {
	probe := &pairsProbe{}
	p := &Portfolio{Members: []Member{{Name: "one", Strategy: unscaled(probe), Pairs: []string{"ETHUSD"}, Share: 1}}}
	cfg := config(t, p, minutes(t, "BTCUSD", 5), minutes(t, "ETHUSD", 5))
	play(t, cfg)
	if !reflect.DeepEqual(probe.pairs, []string{"ETHUSD"}) {
		t.Errorf("pairs %v", probe.pairs)
	}
	if want := "no candles of BTCUSD: the strategy may trade ETHUSD alone"; probe.err == nil || probe.err.Error() != want {
		t.Errorf("subscribing to another: %v, want %s", probe.err, want)
	}
	p.Members[0].Pairs = []string{"SOLUSD"}
	if _, err := sim.Run(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), "one: pairs: found SOLUSD; expected pairs that the run has candles of: BTCUSD, ETHUSD") {
		t.Errorf("a pair without candles: %v", err)
	}
}

type pairsProbe struct {
	pairs []string
	err   error
}

func (p *pairsProbe) Validate() error { return nil }
func (p *pairsProbe) Init(s *sim.Setup) error {
	p.pairs = s.Pairs()
	_, p.err = s.Subscribe("BTCUSD")
	return nil
}
func (p *pairsProbe) Decide(*sim.Context) error { return nil }

// TestGuestsHaveRandomSourcesOfTheirOwn, by their names: the same whatever other
// members there are.
func TestGuestsHaveRandomSourcesOfTheirOwn(t *testing.T) {
	draw := func(names ...string) map[string]float64 {
		drawn := make(map[string]float64)
		p := &Portfolio{}
		for _, name := range names {
			p.Members = append(p.Members, Member{Name: name, Strategy: &gambler{name, drawn}, Share: 0.1})
		}
		play(t, config(t, p, minutes(t, "BTCUSD", 2)))
		return drawn
	}
	three, one := draw("a", "b", "c"), draw("b")
	if three["a"] == three["b"] || three["b"] == three["c"] || three["a"] == three["c"] {
		t.Errorf("the members draw alike: %v", three)
	}
	if one["b"] != three["b"] {
		t.Errorf("alone it draws %g, with others %g", one["b"], three["b"])
	}
}

type gambler struct {
	name  string
	drawn map[string]float64
}

func (g *gambler) Validate() error { return nil }
func (g *gambler) Init(s *sim.Setup) error {
	g.drawn[g.name] = s.Random("coin").Float64()
	return nil
}
func (g *gambler) Decide(*sim.Context) error { return nil }

// TestGuestOrdersThatAreNoOrdersEndTheRun as an order of the account's would.
func TestGuestOrdersThatAreNoOrdersEndTheRun(t *testing.T) {
	guest := &actor{does: map[int]func(*sim.Context){1: long("BTCUSD", math.NaN())}}
	_, err := sim.Run(context.Background(), config(t, unscaled(guest), []*market.Series{minutes(t, "BTCUSD", 5)}...))
	if err == nil || !strings.Contains(err.Error(), "found a leverage of NaN") {
		t.Errorf("got %v", err)
	}
}
