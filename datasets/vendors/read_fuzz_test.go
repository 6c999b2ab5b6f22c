package vendors

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// FuzzRead reads arbitrary bytes as a file, packed with gzip and zstd, and as a
// member of an archive: there are rows or a refusal, never a panic, and the same
// whatever it is packed in.
func FuzzRead(f *testing.F) {
	for _, seed := range []struct{ name, content string }{
		{"x.csv", sixRows},
		{"BTCUSDT-1m-2024-12.csv", "1733011200000,96407.99,96500.01,96400,96450.5,12.5,1733011259999,1205000.1,100,6,578000,0\n"},
		{"BTCUSDT-1h.csv", klineHeader + "1.70027E+12,1,2,1,2,5,1.70027E+12,1,1,1,1,0\n"},
		{"DAT_ASCII_EURUSD_M1_202503.csv", "20250302 170000;1.04;1.05;1.03;1.04;0\n20250329 203000;1.04;1.05;1.03;1.04;0\n"},
		{"x.csv", "Gmt time,Open,High,Low,Close,Volume\n02.01.2025 00:15:00.000,1.03503,1.03514,1.03501,1.0351,25.86\n"},
		{"EURUSD60.csv", "2025.01.02,00:00,1.03503,1.03514,1.03501,1.03510,2586\n"},
		{"x.csv", "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n2025.01.02\t00:15:00\t1\t2\t1\t2\t385\t0\t9\r\n"},
		{"XBTUSD_1.csv", "1735689600,93500.1,93510.5,93490,93500,1.25,42\n"},
		{"x.csv", "1451606400000,429.17,429.18,430,429,1.6817\n"},
		{"x.csv", "ticker,volume,open,close,high,low,window_start,transactions\nA,1,1,1,1,1,1736154000000000000,1\nB,1,1,1,1,1,1736154000000000000,1\n"},
		{"x.csv", "ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol\n1736154000000000000,33,2,38,1,1,1,1,1000,NVDA\n"},
		{"x.csv", "https://x\nunix,date,symbol,open,high,low,close,Volume BTC\n1736157600,x,B,1,1,1,1,2\n1736154000000,x,B,1,1,1,1,2\n"},
		{"x.csv", "https://x\nunix,date,symbol,open,high,low,close,Volume BTC\n1736157600\n1736154000,x,B,1,1,1,1,2\n1736150400,x,B,1,1,1,1,2\n"},
		{"x.csv", "ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol\n1736154000000000000\n1736154000000000000,33,2,38,1,1,1,1,1000,NVDA\n"},
		{"x.csv", "20250131\n20250131,09:00,1,2,1,2,5\n20250131,09:01,1,2,1,2,5\n"},
		{"x.csv", "DateTime,BidOpen,BidHigh,BidLow,BidClose,AskOpen,AskHigh,AskLow,AskClose\n2025-01-31T09:00:00Z,10,12,9,11,10.5,12.5,9.5,11.5\n"},
		{"x.csv", utf16LE("time;o;h;l;c\n2025-01-31 09:00;1;1;1;1\n")},
		{"x.csv", "#time|o|h|l|c|\n\"\"|\"|\n"},
		{"x.csv", "\xff\xfe\x00"}, {"x.csv", "\x1f\x8b"}, {"x.csv", "PK\x03\x04"}, {"x.csv", "PAR1"}, {"x.csv", "{\"a\": [[1,2]]}"},
	} {
		f.Add(seed.name, []byte(seed.content))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		if name = filepath.Base(name); name == "." || name == ".." || len(name) > 60 || bytes.ContainsAny([]byte(name), "/\x00\\") {
			name = "x.csv"
		}
		rows, failed := outcome(t, write(t, dir, name, content))
		for _, packed := range []string{gzipped(t, string(content)), zstandard(t, string(content))} {
			again, alsoFailed := outcome(t, write(t, dir, name, []byte(packed)))
			// Text that is packed already is packed twice then.
			if _, what := foreign(content); what == "" && (again != rows || alsoFailed != failed) {
				t.Errorf("%d rows plain, %d packed", rows, again)
			}
		}
		in := write(t, dir, "a.zip", zipped(t, member{name, string(content), zip.Deflate}))
		if inputs, err := Find([]string{in.Path}, nil); err == nil {
			for _, in := range inputs {
				outcome(t, in)
			}
		}
		if inputs, err := Find([]string{write(t, dir, name, content).Path}, nil); err == nil {
			for _, in := range inputs[:min(len(inputs), 3)] {
				outcome(t, in)
			}
		}
	})
}

func write(t *testing.T, dir, name string, content []byte) Input {
	t.Helper()
	in := Input{Path: filepath.Join(dir, name)}
	if err := os.WriteFile(in.Path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(in.Path) })
	return in
}

// outcome reads an input and checks what must hold of any.
func outcome(t *testing.T, in Input) (rows int, failed bool) {
	t.Helper()
	for c, err := range Read(context.Background(), in, Options{Zone: time.UTC}) {
		if err != nil {
			if _, ok := asRefusal(err); !ok {
				t.Errorf("%s: no refusal: %v", in, err)
			}
			return rows, true
		}
		n := len(c.Time)
		for _, col := range [][]float64{c.Open, c.High, c.Low, c.Close, c.Volume, c.Bid, c.Ask} {
			if col != nil && len(col) != n {
				t.Fatalf("%s: a column of %d rows in a chunk of %d", in, len(col), n)
			}
		}
		if n == 0 {
			t.Fatalf("%s: an empty chunk", in)
		}
		rows += n
	}
	return rows, false
}

// FuzzOptions reads one table under arbitrary descriptions of it.
func FuzzOptions(f *testing.F) {
	f.Add("time", "1", "close", "5", byte(','), uint8(0), "NVDA", 0.01)
	f.Add("date", "Date", "time", "Time", byte(';'), uint8(1), "", 1e-300)
	f.Add("volume", "-", "bid", "99", byte('"'), uint8(2), "x", -1.0)
	dir := f.TempDir()
	path := filepath.Join(dir, "x.csv")
	if err := os.WriteFile(path, []byte("Date,Time,open,high,low,close,volume\n2025-01-31,09:00,1,2,1,2,5\n2025-01-31,09:01,1,2,1,2,\"5\"\n"), 0o600); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, key, value, key2, value2 string, separator byte, header uint8, symbol string, scale float64) {
		o := Options{Columns: map[string]string{key: value, key2: value2}, Separator: separator, Header: Header(header % 3), Symbol: symbol,
			PriceScale: scale, Zone: time.UTC, Interval: datasets.Minute}
		for _, err := range Read(context.Background(), Input{Path: path}, o) {
			if err != nil {
				if _, ok := asRefusal(err); !ok {
					t.Errorf("no refusal: %v", err)
				}
			}
		}
	})
}

// FuzzQuickRow holds the quick way through a line to the thorough one: the same
// rows, or the same refusal.
func FuzzQuickRow(f *testing.F) {
	for _, line := range []string{"2025-01-31,09:00,10,x,12,9,11,7", "2025-01-31,09:00,10,,12,9,11,7,", "2025-01-31,09:00,1e1,\"x,\",12,9,11,7",
		"2025-01-31,09:00,10,x,12,9,11", " 2025-01-31,09:00,10,x,12,9,11,7", "2025-01-31,09:00,10.,x,-12,.9,+11,7", "2025-01-31,09:00,-0,x,12,9,11,7,,", "#", ""} {
		f.Add(line, false)
		f.Add(line, true)
	}
	for _, zero := range []string{"0", "0.0", "-0", "1", "", "0 ", "00"} {
		f.Add("10,12,9,,"+zero+",x,2025-01-31,09:00", true)
		f.Add("10,12,9,11,"+zero+",x,2025-01-31,09:00", true)
	}
	f.Fuzz(func(t *testing.T, line string, last bool) {
		if bytes.ContainsAny([]byte(line), "\n") {
			return
		}
		try := func(quick bool) (s market.Series, problem string) {
			p := plan{Description: Description{Kind: Candles}, separator: ',', width: 8, firstLine: 1, price: newScaler(0), volume: newScaler(0), symbolColumn: -1, zeroColumn: -1}
			p.assign(0, 2, 4, 5, 6, 7)
			p.time.second = 1
			if last { // the time behind the prices, and a volume that must be 0
				p.zeroColumn = 4
				p.assign(6, 0, 1, 2, 3, -1)
				p.time.second = 7
			}
			p.time.use("2006-01-02 15:04", []string{"2025-01-31 09:00"})
			rd := rowReader{plan: &p, split: splitter{separator: ','}, take: func(c Chunk) bool { s = *c.Series; return true }}
			for k, i := range p.index {
				if i >= 0 {
					rd.targets = append(rd.targets, target{i, k})
				}
			}
			rd.quick = newQuickRow(&p, rd.targets)
			if !rd.quick.ok {
				t.Fatal("the plan has no quick way")
			}
			rd.quick.ok = quick
			if err := rd.run(context.Background(), text.NewLines(bytes.NewReader([]byte(line)))); err != nil {
				return s, err.Error()
			}
			return s, ""
		}
		quick, problem := try(true)
		thorough, alsoProblem := try(false)
		if problem != alsoProblem || fmt.Sprint(quick) != fmt.Sprint(thorough) {
			t.Errorf("%q: %v %s; thoroughly %v %s", line, quick, problem, thorough, alsoProblem)
		}
	})
}
