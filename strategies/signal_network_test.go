package strategies

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/sim"
)

const networkTime = `"time":1738333800000,`

func TestNetworkSignals(t *testing.T) {
	long := sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: 0.1}
	named := long
	named.UUID = "u"
	for name, c := range map[string]struct {
		text string
		want sim.Order
	}{
		"an id":             {`{` + networkTime + `"trade_pair":"BTCUSD","order_type":"long","leverage":0.1,"api_key":"secret"}`, long},
		"an object":         {`{"trade_pair":{"trade_pair":"BTC/USD","trade_pair_id":"BTCUSD","fees":0.003},"order_type":"LONG","leverage":0.1,"processed_ms":1738333800000}`, long},
		"a list":            {`{"trade_pair":["BTCUSD","BTC/USD"],"order_type":"LONG","leverage":0.1,"timestamp":"2025-01-31T14:30:00Z"}`, long},
		"at the market":     {`{` + networkTime + `"trade_pair":"BTCUSD","order_type":"LONG","leverage":0.1,"execution_type":"market","limit_price":null,"order_uuid":"u"}`, named},
		"processed":         {`{"signal_data":{"trade_pair":"BTCUSD","order_type":"LONG","leverage":0.1},"created_orders":{"5b":{"processed_ms":1738333800001},"5a":"{\"processed_ms\":1738333800000}","5c":"x"}}`, long},
		"failed":            {`{"original_signal":{` + networkTime + `"trade_pair":{"trade_pair_id":"BTCUSD"},"order_type":"LONG","leverage":0.1},"validators_needing_retry":[{"ip":"x"}],"error_messages_dict":{"5a":["no"]},"created_orders":{}}`, long},
		"its own key first": {`{"created_orders":{"5a":{"processed_ms":1738333899999}},` + networkTime + `"trade_pair":"BTCUSD","order_type":"LONG","leverage":0.1}`, long},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, text := range map[string]string{"line": c.text, "list": " [" + c.text + "]"} {
				got, err := ParseSignals(strings.NewReader(text), "s", AnyText, "")
				if err != nil {
					t.Fatal(kind, err)
				}
				want := []Signal{{TimeMS: halfPastTwoMS, Order: c.want, Line: 1}}
				if kind == "list" {
					want[0].Line, want[0].Row = 0, 1
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: got %+v, want %+v", kind, got, want)
				}
			}
		})
	}
}

func TestNetworkSignalsRefused(t *testing.T) {
	rest := `"order_type":"LONG","leverage":0.1}`
	for _, c := range []struct{ name, text, want string }{
		{"no time", `{"trade_pair":"BTCUSD","api_key":"secret",` + rest, "s:1: time: found nothing: the network's signals carry no time; expected a key time, timestamp or processed_ms beside the others; " +
			"add one; for a folder of them --signal-times files takes the times at which the files were written"},
		{"no pair", `{` + networkTime + `"trade_pair":{},` + rest, `s:1: pair: found "{}"; expected the id of a pair, or an object with it: {"trade_pair_id": "BTCUSD"}`},
		{"two times", `{` + networkTime + `"timestamp":1738333800000,"trade_pair":"BTCUSD",` + rest, "s:1: found the key timestamp beside another for the time; expected it once"},
		{"two pairs", `{` + networkTime + `"pair":"BTCUSD","trade_pair":"BTCUSD",` + rest, "s:1: found the key trade_pair beside another for the pair; expected it once"},
		{"two signals", `{"signal_data":{"signal_data":{}}}`, "s:1: found a second signal, signal_data; expected one signal"},
		{"a limit", `{` + networkTime + `"trade_pair":"BTCUSD","limit_price":9,` + rest, `s:1: found limit_price "9"; expected an order that fills at the market; leave such orders out: these rules don't know them`},
		{"a list of numbers", `[1]`, `s: signal 1: found no object; expected one JSON object on the line, such as {"time":"2025-01-31T14:30:00Z","pair":"BTCUSD","order_type":"LONG","leverage":0.1}`},
		{"an empty list", `[]`, "s: found no signal; expected at least one"},
		{"a cut list", `[{` + networkTime + `"trade_pair":"BTCUSD",` + rest, "s: signal 2: found a list that breaks off; expected a whole list of JSON objects"},
		{"more than a list", `[{` + networkTime + `"trade_pair":"BTCUSD",` + rest + `] 1`, "s: found more after the list; expected one list of JSON objects"},
		{"a long object in a list", `[{"uuid":"` + strings.Repeat("x", 2*maxLineLen) + `"}]`, "s: signal 1: found an object longer than 65536 bytes; expected a signal"},
		{"a table", "PAR1....", "s: found a Parquet or Arrow file; expected a text: CSV or JSON; write it to a file, and give its name: tables can't be read as a stream"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.text, AnyText, "", c.want) })
	}
}

func TestReadFolder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, ms int64) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.UnixMilli(ms), time.UnixMilli(ms)); err != nil {
			t.Fatal(err)
		}
	}
	flat := `{"trade_pair": {"trade_pair_id": "BTCUSD"}, "order_type": "FLAT",` + "\n" + ` "leverage": 0}`
	write("c-3", `{"trade_pair":"BTCUSD","order_type":"LONG","leverage":0.1}`, halfPastTwoMS)
	write("b-2.json", flat, halfPastTwoMS+60_000)
	write("a-1", flat, halfPastTwoMS+60_000)
	write(".hidden", "hm", 0)
	_, _, err := ReadSignals(dir, SignalOptions{})
	if err == nil || !strings.HasPrefix(err.Error(), filepath.Join(dir, "a-1")+": time: found nothing: the network's signals carry no time;") {
		t.Errorf("without times: %v", err)
	}
	got, sum, err := ReadSignals(dir, SignalOptions{TimesOfFiles: true})
	if err != nil {
		t.Fatal(err)
	}
	// sha256sum a-1 b-2.json c-3 | sha256sum
	const folderSum = "b093557f35c495976c03ccbb0d1def9c52bb30bd6a7add859313009e060b6d89"
	if sum != folderSum {
		t.Errorf("the hash is %s, want %s", sum, folderSum)
	}
	want := []Signal{
		{TimeMS: halfPastTwoMS, Order: sim.Order{Pair: "BTCUSD", Type: sim.Long, Leverage: 0.1, UUID: "c-3"}},
		{TimeMS: halfPastTwoMS + 60_000, Order: sim.Order{Pair: "BTCUSD", Type: sim.Flat, UUID: "a-1"}},
		{TimeMS: halfPastTwoMS + 60_000, Order: sim.Order{Pair: "BTCUSD", Type: sim.Flat, UUID: "b-2"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if _, _, err := ReadSignals(filepath.Join(dir, "b-2.json"), SignalOptions{TimesOfFiles: true}); err == nil || !strings.HasSuffix(err.Error(), "found a file; expected a folder with a signal a file, whose times --signal-times files takes; leave --signal-times out") {
		t.Errorf("times of one file: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadSignals(dir, SignalOptions{TimesOfFiles: true}); err == nil || !strings.HasSuffix(err.Error(), "sub: found no regular file; expected a folder of JSON files alone, a signal a file") {
		t.Errorf("a folder in the folder: %v", err)
	}
	if _, _, err := ReadSignals(t.TempDir(), SignalOptions{}); err == nil || !strings.HasSuffix(err.Error(), ": found no signal; expected at least one") {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestReadStandardInput(t *testing.T) {
	for _, text := range []string{
		header + "1738333800000,BTCUSD,LONG,0.1\n",
		"\n " + `{"time":1738333800000,"pair":"BTCUSD","order_type":"LONG","leverage":0.1}`,
	} {
		got, _, err := ReadSignals("-", SignalOptions{Stdin: strings.NewReader(text)})
		if err != nil || len(got) != 1 || got[0].TimeMS != halfPastTwoMS {
			t.Errorf("%q: %v, %+v", text, err, got)
		}
	}
	_, _, err := ReadSignals("-", SignalOptions{Stdin: strings.NewReader("time\n")})
	if err == nil || !strings.HasPrefix(err.Error(), "standard input:1: found no column pair") {
		t.Errorf("got %v", err)
	}
}
