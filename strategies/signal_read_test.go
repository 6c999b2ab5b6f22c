package strategies

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/ptnsim/ptnsim/sim"
)

const header = "time,pair,order_type,leverage\n"

// 2025-01-31T14:30:00Z by `date -u -d 2025-01-31T14:30:00Z +%s`.
const halfPastTwoMS = 1738333800000

func TestParseSignalsOK(t *testing.T) {
	long := Signal{TimeMS: halfPastTwoMS, Order: sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: 0.1}, Line: 2}
	with := func(change func(*Signal)) []Signal {
		s := long
		change(&s)
		return []Signal{s}
	}
	short := func(s *Signal) { s.Type, s.Leverage = sim.Short, -0.1 }
	onLine1 := func(s *Signal) { s.Line = 1 }
	full := with(func(s *Signal) {
		s.Pinned, s.Price, s.HasSlippage, s.Slippage = true, 100000, true, 0.0005
		s.Bid, s.Ask, s.UUID, s.Miner = 99999, 100001, "u-1", "5Gp"
	})
	fullOnLine1 := []Signal{full[0]}
	fullOnLine1[0].Line = 1
	for name, c := range map[string]struct {
		text   string
		format Format
		want   []Signal
	}{
		"RFC 3339":                {header + "2025-01-31T14:30:00Z,BTCUSD,LONG,0.1\n", CSV, []Signal{long}},
		"an offset":               {header + "2025-01-31T09:30:00.000-05:00,BTCUSD,LONG,0.1\n", CSV, []Signal{long}},
		"a blank, as pandas":      {header + "2025-01-31 14:30:00+00:00,BTCUSD,LONG,0.1\n", CSV, []Signal{long}},
		"a blank, and Z":          {header + "2025-01-31 14:30:00.000000Z,BTCUSD,LONG,0.1\n", CSV, []Signal{long}},
		"epoch ms":                {header + "1738333800000,BTCUSD,LONG,0.1\n", CSV, []Signal{long}},
		"any case, blanks":        {header + " 1738333800000 , BTCUSD , Long , 0.1 \n", CSV, []Signal{long}},
		"no end of the last line": {header + "1738333800000,BTCUSD,LONG,0.1", CSV, []Signal{long}},
		"CRLF and quotes":         {"\"time\",pair,order_type,leverage\r\n1738333800000,\"BTCUSD\",LONG,0.1\r\n", CSV, []Signal{long}},
		"byte order mark":         {"\ufeff" + header + "1738333800000,BTCUSD,LONG,0.1\n", CSV, []Signal{long}},
		"another order":           {"leverage,order_type,pair,time\n0.1,LONG,BTCUSD,1738333800000\n", CSV, []Signal{long}},
		"short magnitude":         {header + "1738333800000,BTCUSD,SHORT,0.1\n", CSV, with(short)},
		"short signed":            {header + "1738333800000,BTCUSD,short,-0.1\n", CSV, with(short)},
		"flat without leverage":   {header + "1738333800000,BTCUSD,FLAT,\n", CSV, with(func(s *Signal) { s.Type, s.Leverage = sim.Flat, 0 })},
		"flat with leverage":      {header + "1738333800000,BTCUSD,FLAT,-3\n", CSV, with(func(s *Signal) { s.Type, s.Leverage = sim.Flat, 0 })},
		"price without slippage": {"time,pair,order_type,leverage,price,slippage\n1738333800000,BTCUSD,LONG,0.1,100000,\n", CSV,
			with(func(s *Signal) { s.Pinned, s.Price = true, 100000 })},
		"every column": {"time,pair,order_type,leverage,price,slippage,bid,ask,uuid,miner\n1738333800000,BTCUSD,LONG,0.1,1e5,0.0005,99999,100001,u-1,5Gp\n", CSV, full},
		"equal times": {header + "1738333800000,BTCUSD,LONG,0.1\n1738333800000,BTCUSD,FLAT,\n", CSV,
			[]Signal{long, {TimeMS: halfPastTwoMS, Order: sim.Order{Pair: "BTCUSD", Type: sim.Flat}, Line: 3}}},
		"JSON":             {`{"time":"2025-01-31T14:30:00Z","pair":"BTCUSD","order_type":"long","leverage":0.1}`, JSON, with(onLine1)},
		"JSON, epoch ms":   {`{"leverage":"0.1","time":1738333800000,"pair":"BTCUSD","order_type":"LONG","price":null}`, JSON, with(onLine1)},
		"JSON, blank line": {"\n" + `{"time":1738333800000,"pair":"BTCUSD","order_type":"LONG","leverage":1e-1}` + "\r\n\n", JSON, []Signal{long}},
		"JSON, every key": {`{"time":1738333800000,"pair":"BTCUSD","order_type":"LONG","leverage":0.1,"price":100000,"slippage":0.0005,"bid":99999,"ask":100001,"uuid":"u-1","miner":"5Gp"}`,
			JSON, fullOnLine1},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseSignals(strings.NewReader(c.text), "s", c.format, "")
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestParseSignalsRefuses(t *testing.T) {
	row := func(fields string) string { return header + fields + "\n" }
	pinned := func(fields string) string {
		return "time,pair,order_type,leverage,price,slippage\n1738333800000,BTCUSD,LONG,0.1," + fields + "\n"
	}
	quote := func(fields string) string {
		return "time,pair,order_type,leverage,bid,ask\n1738333800000,BTCUSD,LONG,0.1," + fields + "\n"
	}
	const times = "RFC 3339 with a zone (2025-01-31T14:30:00Z) or epoch milliseconds (1738333800000)"
	const commas = "; expected by commas; save the file with commas, and points in numbers"
	const pair = "; expected the id of a pair, such as BTCUSD: capital letters and digits"
	for _, c := range []struct{ name, text, want string }{
		{"empty file", "", `s: found an empty file; expected a header and at least one signal`},
		{"header alone", header, `s: found no signal; expected at least one`},
		{"unknown column", "time,pair,order_type,levrage\n", `s:1: found the unknown column "levrage" (did you mean leverage?); expected columns among time, pair, order_type, leverage, price, slippage, bid, ask, uuid, miner`},
		{"column in capitals", "Time,pair,order_type,leverage\n", `s:1: found the unknown column "Time" (did you mean time?); expected columns among time, pair, order_type, leverage, price, slippage, bid, ask, uuid, miner`},
		{"missing columns", "time,pair\n", `s:1: found no column order_type, leverage; expected the columns time, pair, order_type, leverage`},
		{"column twice", "time,pair,order_type,leverage,pair\n", `s:1: found the column pair twice; expected it once`},
		{"few fields", row("1738333800000,BTCUSD,LONG"), `s:2: found 3 fields; expected 4, as in the header`},
		{"stray quote", row(`1738333800000,BTC"USD,LONG,1`), `s:2: found malformed CSV: bare " in non-quoted-field; expected fields apart by commas, quoted whole or not at all`},
		{"not UTF-8", row("1738333800000,BTC\xff,LONG,1"), `s:2: pair: found "BTC\xff"; expected text in UTF-8`},
		{"no time", row(",BTCUSD,LONG,1"), `s:2: time: found nothing; expected ` + times},
		{"bad time", row("yesterday,BTCUSD,LONG,1"), `s:2: time: found "yesterday"; expected ` + times},
		{"no such day", row("2025-02-30T00:00:00Z,BTCUSD,LONG,1"), `s:2: time: found "2025-02-30T00:00:00Z"; expected ` + times},
		{"naive time", row("2025-01-31T14:30:00,BTCUSD,LONG,1"), `s:2: time: found "2025-01-31T14:30:00", a time without a zone; expected ` + times + `; add the zone: Z for UTC, or an offset such as -05:00`},
		{"naive time with a blank", row("2025-01-31 14:30:00.5,BTCUSD,LONG,1"), `s:2: time: found "2025-01-31 14:30:00.5", a time without a zone; expected ` + times + `; add the zone: Z for UTC, or an offset such as -05:00`},
		{"seconds", row("1738333800,BTCUSD,LONG,1"), `s:2: time: found "1738333800"; expected ` + times + `; these look like seconds: multiply them by 1000`},
		{"microseconds", row("1738333800000000,BTCUSD,LONG,1"), `s:2: time: found "1738333800000000"; expected ` + times + `; these look like microseconds: divide them by 1000`},
		{"far time", row("1,BTCUSD,LONG,1"), `s:2: time: found "1"; expected a time from 2000 to 2099`},
		{"far date", row("1999-12-31T23:59:59Z,BTCUSD,LONG,1"), `s:2: time: found "1999-12-31T23:59:59Z"; expected a time from 2000 to 2099`},
		{"finer than ms", row("2025-01-31T14:30:00.0001Z,BTCUSD,LONG,1"), `s:2: time: found "2025-01-31T14:30:00.0001Z", a time finer than a millisecond; expected ` + times + `; round it to milliseconds`},
		{"descending", header + "1738333800001,BTCUSD,LONG,1\n1738333800000,BTCUSD,LONG,1\n", `s:3: time: found 2025-01-31T14:30:00.000Z after 2025-01-31T14:30:00.001Z; expected ascending times; sort the file by time`},
		{"two blanks in a time", row("2025-01-31  14:30:00Z,BTCUSD,LONG,1"), `s:2: time: found "2025-01-31  14:30:00Z"; expected ` + times},
		{"semicolons", "time;pair;order_type;leverage\n", `s:1: found columns apart by ';'` + commas},
		{"semicolons and quotes", "\r\n\"time\";\"pair\"\r\n1,5;2,5\n", `s:2: found columns apart by ';'` + commas},
		{"tabs", "time\tpair\torder_type\tleverage\n", `s:1: found columns apart by a tab` + commas},
		{"bars", "time|pair", `s:1: found columns apart by '|'` + commas},
		{"a semicolon among commas", "time,pair,order_type;leverage\n", `s:1: found the unknown column "order_type;leverage"; expected columns among time, pair, order_type, leverage, price, slippage, bid, ask, uuid, miner`},
		{"one column", "side\n", `s:1: found the unknown column "side"; expected columns among time, pair, order_type, leverage, price, slippage, bid, ask, uuid, miner`},
		{"a slash", row("1738333800000,BTC/USD,LONG,1"), `s:2: pair: found "BTC/USD" (did you mean BTCUSD?)` + pair},
		{"a dash", row("1738333800000,eth-usdt,LONG,1"), `s:2: pair: found "eth-usdt" (did you mean ETHUSD?)` + pair},
		{"small letters", row("1738333800000,eurusd,LONG,1"), `s:2: pair: found "eurusd" (did you mean EURUSD?)` + pair},
		{"no pair at all", row("1738333800000,-/-,LONG,1"), `s:2: pair: found "-/-"` + pair},
		{"bad type", row("1738333800000,BTCUSD,BUY,1"), `s:2: order_type: found "BUY"; expected LONG, SHORT or FLAT`},
		{"no leverage", row("1738333800000,BTCUSD,LONG,"), `s:2: leverage: found nothing; expected a number: the magnitude of the order's leverage`},
		{"bad leverage", row("1738333800000,BTCUSD,LONG,x"), `s:2: leverage: found "x"; expected a number: the magnitude of the order's leverage`},
		{"hexadecimal", row("1738333800000,BTCUSD,LONG,0x1p-2"), `s:2: leverage: found "0x1p-2"; expected a number: the magnitude of the order's leverage`},
		{"NaN", row("1738333800000,BTCUSD,LONG,NaN"), `s:2: leverage: found "NaN", not a finite number; expected a number: the magnitude of the order's leverage`},
		{"infinite", row("1738333800000,BTCUSD,SHORT,-Inf"), `s:2: leverage: found "-Inf", not a finite number; expected a number: the magnitude of the order's leverage`},
		{"overflow", row("1738333800000,BTCUSD,LONG,1e999"), `s:2: leverage: found "1e999", not a finite number; expected a number: the magnitude of the order's leverage`},
		{"long signed short", row("1738333800000,BTCUSD,LONG,-0.1"), `s:2: leverage: found -0.1 for a LONG order; expected a positive leverage; write SHORT to sell`},
		{"negative price", pinned("-1,"), `s:2: price: found -1; expected a price above 0`},
		{"zero price", pinned("0,"), `s:2: price: found 0; expected a price above 0`},
		{"infinite price", pinned("inf,"), `s:2: price: found "inf", not a finite number; expected a price above 0`},
		{"slippage alone", pinned(",0.001"), `s:2: slippage: found 0.001 without a price; expected a price beside the slippage; add the price of the fill, or leave the slippage out: the rules' model answers then`},
		{"negative slippage", pinned("1,-0.1"), `s:2: slippage: found -0.1; expected a fraction of the price, from 0 to below 1`},
		{"slippage of all", pinned("1,1"), `s:2: slippage: found 1; expected a fraction of the price, from 0 to below 1`},
		{"bid alone", quote("1,"), `s:2: bid: found 1 without an ask; expected both or neither`},
		{"ask alone", quote(",1"), `s:2: ask: found 1 without a bid; expected both or neither`},
		{"bid above ask", quote("2,1"), `s:2: bid: found 2 above the ask, 1; expected a bid at or below the ask`},
		{"long uuid", "time,pair,order_type,leverage,uuid\n1738333800000,BTCUSD,LONG,0.1," + strings.Repeat("u", 257) + "\n",
			`s:2: uuid: found "` + strings.Repeat("u", 40) + `"…; expected at most 256 bytes of text without control characters`},
		{"long line", header + "1738333800000,BTCUSD,LONG,0.1\n" + strings.Repeat("0", maxLineLen+1), `s:3: found a line longer than 65536 bytes; expected a signal a line`},
		{"cut gzip", "\x1f\x8b\x08", `s: found a damaged compressed file: unexpected EOF`},
		{"miner in some rows", "time,pair,order_type,leverage,miner\n1738333800000,BTCUSD,LONG,0.1,a\n1738333800000,BTCUSD,LONG,0.1,\n", `s:3: miner: found nothing after "a"; expected a miner in every row or in none`},
		{"several miners", "time,pair,order_type,leverage,miner\n1738333800000,BTCUSD,LONG,0.1,b\n1738333800000,BTCUSD,LONG,0.1,a\n", `s: miner: found the signals of b, a; expected those of one miner; select one with --miner`},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.text, CSV, "", c.want) })
	}
}

func TestParseJSONRefuses(t *testing.T) {
	const example = `; expected one JSON object on the line, such as {"time":"2025-01-31T14:30:00Z","pair":"BTCUSD","order_type":"LONG","leverage":0.1}`
	for _, c := range []struct{ name, text, want string }{
		{"empty file", " \n\n", `s: found no signal; expected at least one`},
		{"number", `12`, `s:1: found no object` + example},
		{"cut object", `{"pair":"BTCUSD"`, `s:1: found malformed JSON: the object does not end` + example},
		{"two objects", `{} {}`, `s:1: found more after the object` + example},
		{"not UTF-8", "{\"pair\":\"\xff\"}", `s:1: found text that is not UTF-8` + example},
		{"unknown key", "\n" + `{"symbol":"BTCUSD"}`, `s:2: found the unknown key "symbol"; expected keys among time, pair, order_type, leverage, price, slippage, bid, ask, uuid, miner`},
		{"misspelt key", `{"ordertype":"LONG"}`, `s:1: found the unknown key "ordertype" (did you mean order_type?); expected keys among time, pair, order_type, leverage, price, slippage, bid, ask, uuid, miner`},
		{"key twice", `{"pair":"BTCUSD","pair":"ETHUSD"}`, `s:1: found the key pair twice; expected it once`},
		{"nested", `{"pair":["BTCUSD"]}`, `s:1: pair: found [; expected a string or a number`},
		{"boolean", `{"pair":true}`, `s:1: pair: found true; expected a string or a number`},
		{"no pair", `{"time":1738333800000,"order_type":"LONG","leverage":1}`, `s:1: pair: found nothing; expected the id of a pair, such as BTCUSD: capital letters and digits`},
		{"long line", `{"uuid":"` + strings.Repeat("x", maxLineLen) + `"}`, `s:1: found a line longer than 65536 bytes; expected a signal a line`},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.text, JSON, "", c.want) })
	}
}

func refused(t *testing.T, text string, format Format, miner, want string) {
	t.Helper()
	signals, err := ParseSignals(strings.NewReader(text), "s", format, miner)
	if err == nil {
		t.Fatalf("got %+v, want an error", signals)
	}
	if _, ok := errors.AsType[*SignalError](err); !ok {
		t.Errorf("%T is no *SignalError", err)
	}
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
}

const twoMiners = "time,pair,order_type,leverage,miner\n" +
	"1738333800002,BTCUSD,LONG,0.1,5GpFB\n1738333800003,BTCUSD,FLAT,,5GpFB\n" +
	"1738333800001,ETHUSD,LONG,0.2,5CALX\n" // each miner's times ascend, the file's don't

func TestSelectMiner(t *testing.T) {
	got, err := ParseSignals(strings.NewReader(twoMiners), "s", CSV, "5CALX")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Pair != "ETHUSD" || got[0].Line != 4 {
		t.Errorf("got %+v, want the one signal of 5CALX", got)
	}
	refused(t, twoMiners, CSV, "5GpFC", "s: miner: found the signals of 5GpFB, 5CALX; expected those of 5GpFC (did you mean 5GpFB?)")
	refused(t, header+"1738333800000,BTCUSD,LONG,0.1\n", CSV, "5GpFB", "s: miner: found no miner in the file; expected the signals of 5GpFB; leave the selection of a miner out")
	var many strings.Builder
	many.WriteString("time,pair,order_type,leverage,miner\n")
	for i := range 12 {
		fmt.Fprintf(&many, "1738333800000,BTCUSD,LONG,0.1,m%d\n", i)
	}
	refused(t, many.String(), CSV, "", "s: miner: found the signals of m0, m1, m2, m3, m4, m5, m6, m7, m8, m9 and 2 more; expected those of one miner; select one with --miner")
}

func TestReadSignals(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := header + "1738333800000,BTCUSD,LONG,0.1\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(text))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		write("a.csv", []byte(text)), write("a.CSV.gz", packed.Bytes()), write("packed-unsaid.csv", packed.Bytes()),
		write("a.jsonl", []byte(`{"time":1738333800000,"pair":"BTCUSD","order_type":"LONG","leverage":0.1}`)),
	} {
		got, _, err := ReadSignals(path, SignalOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[0].TimeMS != halfPastTwoMS || got[0].Leverage != 0.1 {
			t.Errorf("%s: got %+v", filepath.Base(path), got)
		}
	}
	tables := write("a.parquet", nil)
	if err := WriteSignalTable(tables, []Signal{{TimeMS: halfPastTwoMS, Order: sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: 0.1}}}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "a.csv"), filepath.Join(dir, "a.CSV.gz"), filepath.Join(dir, "a.jsonl"), tables} {
		_, sum, err := ReadSignals(path, SignalOptions{})
		data, unread := os.ReadFile(path)
		if want := fmt.Sprintf("%x", sha256.Sum256(data)); errors.Join(err, unread) != nil || sum != want {
			t.Errorf("%s: %v: the hash of %d bytes is %s, want %s", filepath.Base(path), err, len(data), sum, want)
		}
	}
	_, sum, err := ReadSignals("-", SignalOptions{Stdin: bytes.NewReader(packed.Bytes())})
	if want := fmt.Sprintf("%x", sha256.Sum256(packed.Bytes())); err != nil || sum != want {
		t.Errorf("standard input: %v, the hash is %s, want %s", err, sum, want)
	}
	cut := write("cut.csv.gz", packed.Bytes()[:packed.Len()-12])
	if _, _, err := ReadSignals(cut, SignalOptions{}); err == nil || !strings.Contains(err.Error(), "found a file that can't be read on: unexpected EOF") {
		t.Errorf("cut gzip: %v", err)
	}
	missing := filepath.Join(dir, "none.csv")
	if _, _, err := ReadSignals(missing, SignalOptions{}); !errors.Is(err, os.ErrNotExist) || err.Error() != missing+": found no such file; expected a file of signals" {
		t.Errorf("missing file: %v", err)
	}
	foreign := write("a.xlsx", nil)
	if _, _, err := ReadSignals(foreign, SignalOptions{}); err == nil || err.Error() != foreign+": found a name that tells no format; expected it to end in .csv, .jsonl, .ndjson or .json, and .gz may follow; or in .parquet, .arrow or .feather" {
		t.Errorf("unknown format: %v", err)
	}
}
