package recording

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/strategies"
)

// Addresses in the form of hotkeys.
const (
	anna  = "5Anna11111111111111111111111111111111111111111111"
	bruno = "5Bruno1111111111111111111111111111111111111111111"
	annb  = "5Annb11111111111111111111111111111111111111111111"
)

// Minutes of 2025-01-15T00:00:00Z, by `date -u -d 2025-01-15T00:00:00Z +%s`.
const t0 = 1736899200000

// stored1 is a position: bought at 100, more at 110, closed at 120.
func stored1(hotkey, uuid string) string {
	return fmt.Sprintf(`{"miner_hotkey":%q,"position_uuid":%q,"open_ms":%d,"close_ms":%d,"trade_pair":["BTCUSD","BTC/USD",0.003,0.01,0.5],
		"orders":[
		{"order_type":"LONG","leverage":0.1,"price":100,"bid":99.5,"ask":100.5,"slippage":0.00001,"processed_ms":%d,"order_uuid":"%s-a","price_sources":[{"source":"x"}],"src":0},
		{"order_type":"LONG","leverage":0.1,"price":110,"processed_ms":%d,"order_uuid":"%s-b"},
		{"order_type":"FLAT","leverage":-0.2,"price":120,"bid":0,"ask":0,"slippage":0,"processed_ms":%d,"order_uuid":"%s-c","src":1}],
		"net_leverage":0,"average_entry_price":105.0005,"current_return":1.02,"return_at_close":1.0199,"position_type":"FLAT","is_closed_position":true}`,
		hotkey, uuid, t0, t0+120_000, t0, uuid, t0+60_000, uuid, t0+120_000, uuid)
}

func text1(position string) string {
	b, err := json.Marshal(position)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestParseShapes(t *testing.T) {
	a, b := stored1(anna, "p"), stored1(bruno, "q")
	want, err := Parse(strings.NewReader("["+a+"]"), "f", "")
	if err != nil {
		t.Fatal(err)
	}
	if p := want.Positions[0]; want.Miner != anna || p.Pair != "BTCUSD" || !p.Closed || p.OpenMS != t0 || p.CloseMS != t0+120_000 ||
		p.ReturnAtClose.Or(0) != 1.0199 || p.CurrentReturn.Or(0) != 1.02 || p.AverageEntryPrice.Or(0) != 105.0005 || p.NetLeverage.Or(1) != 0 ||
		!reflect.DeepEqual(p.Orders, []int{0, 1, 2}) {
		t.Errorf("position %+v of %s", p, want.Miner)
	}
	orders := []Order{
		{UUID: "p-a", TimeMS: t0, Type: sim.Long, Leverage: 0.1, Price: 100, Slippage: 0.00001, Bid: 99.5, Ask: 100.5},
		{UUID: "p-b", TimeMS: t0 + 60_000, Type: sim.Long, Leverage: 0.1, Price: 110},
		{UUID: "p-c", TimeMS: t0 + 120_000, Type: sim.Flat, Leverage: -0.2, Price: 120, Source: 1},
	}
	if !reflect.DeepEqual(want.Orders, orders) || want.inserted() != 1 {
		t.Errorf("orders %+v", want.Orders)
	}
	nobody := strings.Replace(a, `"miner_hotkey":"`+anna+`",`, "", 1)
	id := strings.Replace(a, `["BTCUSD","BTC/USD",0.003,0.01,0.5]`, `"BTCUSD"`, 1)
	object := strings.Replace(a, `["BTCUSD","BTC/USD",0.003,0.01,0.5]`, `{"trade_pair_id":"BTCUSD","fees":0.003}`, 1)
	for name, c := range map[string]struct{ text, miner string }{
		"one miner's object":             {`{"all_time_returns":1.06,"positions":[` + a + `],"thirty_day_returns":null,"more":{"x":[1,{}]}}`, ""},
		"texts":                          {"[" + text1(a) + "]", ""},
		"a list of several miners":       {"[" + b + "," + a + "]", anna},
		"by hotkey, lists":               {`{"` + anna + `":[` + a + `],"` + bruno + `":[` + text1(b) + `]}`, anna},
		"by hotkey, objects":             {`{"` + bruno + `":{"positions":[` + b + `]},"` + anna + `":{"positions":[` + text1(a) + `],"n":1}}`, "5Anna"},
		"by hotkey, of one":              {`{"` + anna + `":[` + nobody + `]}`, ""},
		"a checkpoint":                   {`{"version":"1","perf_ledgers":{"` + bruno + `":{"cps":[1,2]}},"positions":{"` + bruno + `":{"positions":[` + b + `]},"` + anna + `":{"positions":[` + nobody + `]}},"eliminations":[]}`, "5A"},
		"the pair's id alone":            {"[" + id + "]", anna},
		"the pair as an object":          {"[" + object + "]", ""},
		"the keys of the map are anyone": {`{"positions":{"` + anna + `":[` + a + `]}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(strings.NewReader(c.text), "f", c.miner)
			if err != nil {
				t.Fatal(err)
			}
			got.SHA256 = want.SHA256 // of other texts
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	a, b, c := stored1(anna, "p"), stored1(bruno, "q"), stored1(annb, "r")
	with := func(old, to string) string { return "[" + strings.Replace(a, old, to, 1) + "]" }
	many := "["
	for i := range 12 {
		many += strings.Replace(a, anna, fmt.Sprintf("m%d", i), 1) + ","
	}
	many = many[:len(many)-1] + "]"
	for _, tc := range []struct{ name, text, miner, want string }{
		{"empty", "", "", "f: found a file that breaks off at byte 0; expected positions as a validator stores them, in JSON"},
		{"a number", "12", "", "f: found 12 at byte 2; expected positions as a validator stores them, in JSON"},
		{"cut", "[" + a, "", fmt.Sprintf("f: found a file that breaks off at byte %d; expected positions as a validator stores them, in JSON", len(a)+1)},
		{"no JSON", "[x", "", "f: found malformed JSON: invalid character 'x' looking for beginning of value at byte 1; expected positions as a validator stores them, in JSON"},
		{"more", "[" + a + "] []", "", fmt.Sprintf("f: found more after its end at byte %d; expected positions as a validator stores them, in JSON", len(a)+4)},
		{"no position", `{"a":[]}`, "", "f: found no position; expected positions as a validator stores them: under the key positions, or under each miner's hotkey"},
		{"an empty miner", `{"` + anna + `":[]}`, "", "f: found no position of the miner " + anna + "; expected at least one"},
		{"several miners", "[" + a + "," + b + "]", "", "f: miner: found the positions of " + anna + ", " + bruno + "; expected those of one miner; select one with --miner and the beginning of its hotkey"},
		{"many miners", many, "", "f: miner: found the positions of m0, m1, m2, m3, m4, m5, m6, m7, m8, m9 and 2 more; expected those of one miner; select one with --miner and the beginning of its hotkey"},
		{"an ambiguous beginning", "[" + a + "," + c + "]", "5Ann", "f: miner: found 5Ann, with which begin " + anna + ", " + annb + "; expected one of them; write more of its hotkey"},
		{"an unknown miner", "[" + a + "]", "5Carla", "f: miner: found the positions of " + anna + "; expected those of 5Carla"},
		{"another's position", `{"` + bruno + `":[` + a + `]}`, "", `f: position 1: miner_hotkey: found "5Anna11111111111111111111111111111111111"…; expected the miner under whose hotkey it stands, ` + bruno},
		{"a position twice", "[" + a + "," + a + "]", "", `f: position_uuid: found "p" twice; expected each position once`},
		{"a text that is none", `["hm"]`, "", "f: position 1: found malformed JSON: invalid character 'h' looking for beginning of value; expected a position, an object with trade_pair and orders"},
		{"a list in a list", `[[]]`, "", "f: position 1: found an array; expected a position, an object with trade_pair and orders"},
		{"a text for a price", with(`"price":110`, `"price":"110"`), "", "f: position 1: orders.price: found a string; expected a number"},
		{"no pair", with(`"trade_pair"`, `"pair"`), "", `f: position 1: trade_pair: found nothing; expected the id of a pair, or a list that begins with it: ["BTCUSD", "BTC/USD", …]`},
		{"a bad pair", with(`"BTCUSD"`, `"BTC/USD"`), "", `f: position 1: trade_pair: found "[\"BTC/USD\",\"BTC/USD\",0.003,0.01,0.5]"; expected the id of a pair, or a list that begins with it: ["BTCUSD", "BTC/USD", …]`},
		{"no opening", with(`"open_ms"`, `"opened_ms"`), "", "f: position 1: open_ms: found 0; expected epoch milliseconds"},
		{"closed before", with(`"close_ms":1736899320000`, `"close_ms":1736899199999`), "", "f: position 1: close_ms: found 1736899199999; expected epoch milliseconds, after the opening"},
		{"no orders", `[{"trade_pair":"BTCUSD","open_ms":1736899200000,"orders":[]}]`, "", "f: position 1: orders: found none; expected at least one"},
		{"a bad type", with(`"LONG"`, `"BUY"`), "", `f: position 1: orders[0].order_type: found "BUY"; expected LONG, SHORT or FLAT`},
		{"a LONG below 0", with(`"leverage":0.1`, `"leverage":-0.1`), "", "f: position 1: orders[0].leverage: found -0.1 for a LONG order; expected a positive leverage"},
		{"no price", with(`"price":110`, `"price":0`), "", "f: position 1: orders[1].price: found 0; expected a price above 0; only orders that the validator inserted may have none"},
		{"seconds", with(`"processed_ms":1736899200000`, `"processed_ms":1736899200`), "", "f: position 1: orders[0].processed_ms: found 1736899200; expected epoch milliseconds"},
		{"slippage of all", with(`"slippage":0.00001`, `"slippage":1`), "", "f: position 1: orders[0].slippage: found 1; expected a fraction of the price, from 0 to below 1"},
		{"a bid below 0", with(`"bid":99.5`, `"bid":-1`), "", "f: position 1: orders[0].bid: found -1, with an ask of 100.5; expected prices, or 0 where there is none"},
		{"cut gzip", "\x1f\x8b\x08", "", "f: found a damaged compressed file: unexpected EOF"},
		{"a huge text", `{"x":"` + strings.Repeat("x", maxItemBytes+1<<20) + `"}`, "", "f: found a position or a text of more than 16 MiB, or more than 16 GiB in all, at byte 5; expected positions as a validator stores them, in JSON"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse(strings.NewReader(tc.text), "f", tc.miner)
			if _, ok := errors.AsType[*strategies.SignalError](err); !ok {
				t.Fatalf("got %v, want a *SignalError", err)
			}
			if err.Error() != tc.want {
				t.Errorf("got  %s\nwant %s", err, tc.want)
			}
		})
	}
}

func TestRead(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte("[" + stored1(anna, "p") + "]"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "p.json.gz")
	if err := os.WriteFile(path, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(packed.Bytes())
	if rec, err := Read(path, anna); err != nil || len(rec.Orders) != 3 || rec.File != path || rec.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("%v, %+v", err, rec)
	}
	if _, err := Read(path+".none", ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

// TestOrdersAreNamed: a validator gave the FLAT of an elimination the position's
// uuid, which the opening order has too; another order has none.
func TestOrdersAreNamed(t *testing.T) {
	text := strings.NewReplacer(`"p-a"`, `"p"`, `"p-b"`, `""`, `"p-c"`, `"p"`).Replace("[" + stored1(anna, "p") + "]")
	rec, err := Parse(strings.NewReader(text), "f", "")
	if err != nil {
		t.Fatal(err)
	}
	if got := []string{rec.Orders[0].UUID, rec.Orders[1].UUID, rec.Orders[2].UUID}; !reflect.DeepEqual(got, []string{"p", "p/2", "p/3"}) {
		t.Errorf("uuids %q", got)
	}
}

// check judges what every recording promises.
func check(r *Recording) error {
	uuids := make(map[string]bool)
	for i := range r.Orders {
		o := &r.Orders[i]
		switch {
		case o.UUID == "" || uuids[o.UUID]:
			return fmt.Errorf("order %d: uuid %q", i, o.UUID)
		case i > 0 && o.TimeMS < r.Orders[i-1].TimeMS:
			return fmt.Errorf("order %d comes before the one before it", i)
		case math.IsNaN(o.Leverage+o.Price+o.Slippage+o.Bid+o.Ask) || o.Price < 0:
			return fmt.Errorf("order %d: %+v", i, o)
		}
		uuids[o.UUID] = true
	}
	n := 0
	for i := range r.Positions {
		if i > 0 && r.Positions[i].OpenMS < r.Positions[i-1].OpenMS {
			return fmt.Errorf("position %d opens before the one before it", i)
		}
		for _, k := range r.Positions[i].Orders {
			if n++; r.Orders[k].Position != i {
				return fmt.Errorf("order %d of position %d is not its own", k, i)
			}
		}
	}
	if n != len(r.Orders) {
		return fmt.Errorf("%d orders in positions, %d in all", n, len(r.Orders))
	}
	return nil
}

func FuzzParse(f *testing.F) {
	a := stored1(anna, "p")
	f.Add([]byte("["+a+"]"), "")
	f.Add([]byte("["+text1(a)+","+text1(stored1(bruno, "q"))+"]"), "5A")
	f.Add([]byte(`{"positions":{"`+anna+`":{"positions":[`+a+`]}}}`), anna)
	f.Add([]byte(`{"`+anna+`":[{"trade_pair":{"trade_pair_id":"X"}}],"x":[{}]}`), "")
	f.Fuzz(func(t *testing.T, data []byte, miner string) {
		rec, err := Parse(bytes.NewReader(data), "f", miner)
		if err != nil {
			if _, ok := errors.AsType[*strategies.SignalError](err); !ok {
				t.Errorf("%T is no *SignalError: %v", err, err)
			}
			return
		}
		if err := check(rec); err != nil {
			t.Error(err)
		}
		for _, fills := range []Fills{Recorded, Simulated} {
			if got := len(rec.Signals(fills)); got != len(rec.Orders)-rec.afterClose() {
				t.Errorf("%d signals of %d orders", got, len(rec.Orders))
			}
		}
	})
}
