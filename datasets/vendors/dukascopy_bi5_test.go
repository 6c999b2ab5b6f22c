package vendors

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ulikunitz/xz/lzma"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// threeMinutes are the records
//
//	second open   close  low    high   volume
//	0      103512 103520 103500 103530 12.34
//	60     103520 103520 103520 103520 0
//	120    103521 103519 103519 103525 3.45
//
// packed by another implementation of LZMA than the one that is read with.
const threeMinutes = "XQAAgAD//////////wAAaP6u8BAk8ymU0j8GoveTdQ2+qH01XUpNrEoHz9QCVoJq0Szkqv4r/5D5AAA="

func unbase64(t *testing.T, text string) []byte {
	t.Helper()
	body, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// packBI5 makes a file of records of five integers and a volume.
func packBI5(t testing.TB, records ...[6]float64) []byte {
	t.Helper()
	var plain []byte
	for _, r := range records {
		for _, x := range r[:5] {
			plain = binary.BigEndian.AppendUint32(plain, uint32(int32(x)))
		}
		plain = binary.BigEndian.AppendUint32(plain, math.Float32bits(float32(r[5])))
	}
	return packLZMA(t, plain)
}

func packLZMA(t testing.TB, plain []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := lzma.NewWriter(&packed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func TestDecodeBI5(t *testing.T) {
	got, err := DecodeBI5(unbase64(t, threeMinutes))
	if err != nil {
		t.Fatal(err)
	}
	want := []BI5Record{
		{Second: 0, Open: 103512, High: 103530, Low: 103500, Close: 103520, Volume: 12.34},
		{Second: 60, Open: 103520, High: 103520, Low: 103520, Close: 103520},
		{Second: 120, Open: 103521, High: 103525, Low: 103519, Close: 103519, Volume: 3.45},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if got, err := DecodeBI5(nil); err != nil || got != nil {
		t.Errorf("an empty file: %v, %v", got, err)
	}
}

func TestDecodeBI5Refuses(t *testing.T) {
	minute := [6]float64{0, 100, 100, 90, 110, 1}
	with := func(k int, x float64) [6]float64 { r := minute; r[k] = x; return r }
	whole := packBI5(t, minute)
	huge := bytes.Clone(whole)
	copy(huge[1:5], []byte{0xff, 0xff, 0xff, 0xff})                          // a dictionary of 4 GiB
	copy(huge[5:13], []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00}) // of a terabyte
	many := make([][6]float64, 1441)
	for i := range many {
		many[i] = with(0, float64(60*i))
	}
	for _, c := range []struct {
		name, words string
		body        []byte
	}{
		{"no LZMA", "no LZMA stream", []byte("<html></html> and more")},
		{"too short", "no LZMA stream", whole[:5]},
		{"cut short", "damaged or cut short", whole[:len(whole)-3]},
		{"a hostile dictionary", "no LZMA stream", huge},
		{"half a record", "36 bytes, which is no multiple", packLZMA(t, make([]byte, 36))},
		{"more than a day", "more than the 1440 minutes", packBI5(t, many...)},
		{"a second twice", "record 2 is of second 0", packBI5(t, minute, minute)},
		{"between minutes", "record 1 is of second 30", packBI5(t, with(0, 30))},
		{"past the day", "record 1 is of second 86400", packBI5(t, with(0, 86400))},
		{"before the day", "record 1 is of second -60", packBI5(t, with(0, -60))},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := DecodeBI5(c.body); err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("got %v, want %q", err, c.words)
			}
		})
	}
}

func TestDecodeBI5LeavesCandlesToTheAudit(t *testing.T) {
	got, err := DecodeBI5(packBI5(t, [6]float64{0, 100, 100, 101, -5, math.Inf(1)}, [6]float64{60, 0, 1, 2, 3, -0.1}))
	if err != nil {
		t.Fatal(err)
	}
	want := []BI5Record{{Open: 100, Close: 100, Low: 101, High: -5, Volume: math.Inf(1)}, {Second: 60, Close: 1, Low: 2, High: 3, Volume: -0.1}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestBI5Points(t *testing.T) {
	for symbol, want := range map[string]float64{
		"EURUSD": 1e5, "USDJPY": 1e3, "XAUUSD": 1e3, "BTCUSD": 10, "USDMXN": 1e5, "EURXXX": 0, "AAPL": 0, "DOGEUSD": 0,
	} {
		if got, ok := BI5Points(symbol); got != want || ok != (want != 0) {
			t.Errorf("%s: got %v, %v", symbol, got, ok)
		}
	}
	for _, p := range market.Pairs() {
		if _, ok := BI5Points(p.Base + p.Quote); p.Class == market.Forex && !ok {
			t.Errorf("the points of %s are not known", p.ID)
		}
	}
}

func TestReadBI5(t *testing.T) {
	for _, c := range []struct {
		name, path string
		options    Options
		open       float64 // of the first minute
		day        string
	}{
		{"as on the server", "EURUSD/2025/00/02/BID_candles_min_1.bi5", Options{}, 1.03512, "2025-01-02"},
		{"in one name", "EURUSD-2025-03-09-ASK_candles_min_1.bi5", Options{}, 1.03512, "2025-03-09"},
		{"of the yen", "USDJPY-2025-03-09-BID_candles_min_1.bi5", Options{}, 103.512, "2025-03-09"},
		{"with a scale", "US500-2025-03-09-BID_candles_min_1.bi5", Options{PriceScale: 0.01}, 1035.12, "2025-03-09"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), filepath.FromSlash(c.path))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, unbase64(t, threeMinutes), 0o644); err != nil {
				t.Fatal(err)
			}
			d, err := Detect(context.Background(), Input{Path: path}, c.options)
			if err != nil || d.Format != BI5Format || d.Interval != datasets.Minute || d.Clock != "UTC" {
				t.Fatalf("got %+v, %v", d, err)
			}
			day, err := datasets.ParseInstant(c.day)
			if err != nil {
				t.Fatal(err)
			}
			chunks := 0
			for got, err := range Read(context.Background(), Input{Path: path}, c.options) {
				if err != nil {
					t.Fatal(err)
				}
				// The second minute has no volume: nothing happened in it.
				if !reflect.DeepEqual(got.Time, []int64{day, day + 120_000}) || got.Open[0] != c.open || !reflect.DeepEqual(got.Volume, []float64{12.34, 3.45}) {
					t.Errorf("got %+v", got.Series)
				}
				chunks++
			}
			if chunks != 1 {
				t.Errorf("%d chunks", chunks)
			}
		})
	}
}

func TestReadBI5Refuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		body    []byte
		problem error
	}{
		{"EURUSD-2025-03-09-BID_candles_min_1.bi5", []byte("nothing of the kind"), datasets.ErrCorrupt},
		{"US500-2025-03-09-BID_candles_min_1.bi5", unbase64(t, threeMinutes), datasets.ErrScale},
		{"EURUSD-2025-02-30-BID_candles_min_1.bi5", unbase64(t, threeMinutes), datasets.ErrName},
		{"10h_ticks.bi5", unbase64(t, threeMinutes), datasets.ErrName},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.name)
			if err := os.WriteFile(path, c.body, 0o644); err != nil {
				t.Fatal(err)
			}
			var got error
			for _, err := range Read(context.Background(), Input{Path: path}, Options{}) {
				got = err
			}
			if !errors.Is(got, c.problem) {
				t.Errorf("got %v, want %v", got, c.problem)
			}
		})
	}
}

func FuzzDecodeBI5(f *testing.F) {
	body, _ := base64.StdEncoding.DecodeString(threeMinutes)
	f.Add(body)
	f.Add(body[:20])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		records, err := DecodeBI5(body)
		if err != nil && records != nil || len(records) > bi5Records {
			t.Errorf("%d records, %v", len(records), err)
		}
		for i, r := range records {
			if r.Second < 0 || r.Second >= 86_400 || i > 0 && r.Second <= records[i-1].Second {
				t.Errorf("record %d: %+v", i, r)
			}
		}
	})
}

func FuzzBI5Records(f *testing.F) {
	f.Add(make([]byte, bi5Record))
	f.Fuzz(func(t *testing.T, plain []byte) {
		plain = plain[:len(plain)/bi5Record*bi5Record]
		if records, err := readBI5(plain); err == nil && len(records) != len(plain)/bi5Record {
			t.Errorf("%d records of %d bytes", len(records), len(plain))
		}
	})
}

func BenchmarkDecodeBI5(b *testing.B) {
	day := make([][6]float64, bi5Records)
	for i := range day {
		p := float64(103000 + (i*37)%101)
		day[i] = [6]float64{float64(60 * i), p, p + 2, p - 3, p + 5, float64(i%50) / 10}
	}
	body := packBI5(b, day...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeBI5(body); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*bi5Records/b.Elapsed().Seconds(), "rows/s")
}
