package strategies

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// TestEveryMinerOfAFile: all signals in the file's order; each miner's are those
// that a selection of it reads.
func TestEveryMinerOfAFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.csv": "time,pair,order_type,leverage,miner\n2025-01-06T01:00:00Z,BTCUSD,LONG,0.1,ann\n2025-01-06T00:00:00Z,ETHUSD,LONG,0.2,bob\n2025-01-06T02:00:00Z,BTCUSD,FLAT,,ann\n",
		"a.jsonl": `{"time":"2025-01-06T01:00:00Z","pair":"BTCUSD","order_type":"LONG","leverage":0.1,"miner":"ann"}
{"time":"2025-01-06T00:00:00Z","pair":"ETHUSD","order_type":"LONG","leverage":0.2,"miner":"bob"}
{"time":"2025-01-06T02:00:00Z","pair":"BTCUSD","order_type":"FLAT","miner":"ann"}
`,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		all, sum, err := ReadSignals(path, SignalOptions{EveryMiner: true})
		if err != nil || len(all) != 3 || all[1].Miner != "bob" {
			t.Fatalf("%s: %+v, %v", name, all, err)
		}
		of := map[string][]Signal{}
		for _, s := range all {
			of[s.Miner] = append(of[s.Miner], s)
		}
		for miner, got := range of {
			want, same, err := ReadSignals(path, SignalOptions{Miner: miner})
			if err != nil || same != sum || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s: %+v, want %+v (%v)", name, miner, got, want, err)
			}
		}
	}
}
