package vendors

import (
	"context"
	"encoding/csv"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

// leanMembers returns the members of a folder of LEAN's archives, as their raw
// lines split into fields.
func leanMembers(t *testing.T, folder string) (inputs []Input, raw [][][]string) {
	t.Helper()
	inputs, err := Find([]string{referenceFile(t, "vendors", "lean", folder)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range inputs {
		rows, err := csv.NewReader(strings.NewReader(string(opened(t, in)))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, rows)
	}
	return inputs, raw
}

func rawNumber(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestReferenceLEANCryptoIsBinancesMinutes(t *testing.T) {
	inputs, raw := leanMembers(t, "crypto-binance-btcusdt")
	if len(inputs) != 5 {
		t.Fatalf("%d inputs", len(inputs))
	}
	other, err := filepath.Glob(referenceFile(t, "crypto-1m", "BTC*"))
	if err != nil || len(other) != 1 {
		t.Fatalf("%v, %v", other, err)
	}
	binance := map[int64][]string{}
	rows, err := csv.NewReader(strings.NewReader(string(opened(t, Input{Path: other[0]})))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		ms, _ := strconv.ParseInt(row[0], 10, 64)
		binance[ms] = row
	}
	compared := 0
	for i, in := range inputs {
		d, err := Detect(context.Background(), in, Options{})
		if err != nil || d.Title != "LEAN crypto trades, minute" || d.Symbol != "BTCUSDT" || d.Interval != datasets.Minute || d.Clock != "UTC" {
			t.Fatalf("detected %+v, %v", d, err)
		}
		s, _, err := series(in, Options{})
		if err != nil || s.Len() != len(raw[i]) || s.Len() != 1440 {
			t.Fatalf("%s: %d rows of %d, %v", in, s.Len(), len(raw[i]), err)
		}
		for k, ms := range s.Time {
			row := binance[ms]
			if row == nil {
				t.Fatalf("%s: no minute %d", in, ms)
			}
			for c, got := range []float64{s.Open[k], s.High[k], s.Low[k], s.Close[k], s.Volume[k]} {
				if want := rawNumber(t, row[1+c]); got != want {
					t.Errorf("%s: minute %d, column %d: %v, Binance has %v", in, ms, c, got, want)
				}
			}
			compared++
		}
	}
	t.Logf("%d minutes equal", compared)
}

func TestReferenceLEANForexQuotes(t *testing.T) {
	inputs, raw := leanMembers(t, "forex-oanda-eurusd")
	for i, in := range inputs {
		for _, side := range []QuoteSide{Mid, BidSide, AskSide} {
			o := Options{Quote: side}
			d, err := Detect(context.Background(), in, o)
			if err != nil || d.Title != "LEAN forex quotes, minute" || d.Symbol != "EURUSD" || d.Clock != "UTC" {
				t.Fatalf("detected %+v, %v", d, err)
			}
			s, leftOut, err := series(in, o)
			if err != nil || s.Len() != len(raw[i]) || leftOut != 0 {
				t.Fatalf("%s: %d rows and %d left out of %d, %v", in, s.Len(), leftOut, len(raw[i]), err)
			}
			// The names are 20140504 to 20140509: midnights of UTC.
			midnight := utc(t, "2014-05-04T00:00:00Z") + int64(i)*86400e3
			for k, row := range raw[i] {
				if s.Time[k] != midnight+int64(rawNumber(t, row[0])) || s.Bid[k] != rawNumber(t, row[4]) || s.Ask[k] != rawNumber(t, row[9]) {
					t.Fatalf("%s, row %d: %d %v %v, raw %v", in, k, s.Time[k], s.Bid[k], s.Ask[k], row)
				}
				for c, got := range []float64{s.Open[k], s.High[k], s.Low[k], s.Close[k]} {
					bid, ask := rawNumber(t, row[1+c]), rawNumber(t, row[6+c])
					if want := [...]float64{(bid + ask) / 2, bid, ask}[side]; got != want {
						t.Fatalf("%s, row %d: %v, raw %v", in, k, got, row)
					}
				}
			}
		}
		t.Logf("%s: %d rows, first %v", in.Name(), len(raw[i]), raw[i][0])
	}
	// Sunday's session opens at 17:00 New York, which is 21:00 UTC in May; Friday's
	// last minute is 20:59.
	if first, last := raw[0][0][0], raw[len(raw)-1]; first != "75600000" || last[len(last)-1][0] != "75540000" {
		t.Errorf("the week runs from %s to %s", first, last[len(last)-1][0])
	}
}

func TestReferenceLEANEquities(t *testing.T) {
	inputs, raw := leanMembers(t, "equity-usa-aapl")
	for i, in := range inputs {
		d, err := Detect(context.Background(), in, Options{})
		if err != nil || d.Symbol != "AAPL" || d.Interval != datasets.Minute || d.Clock != "America/New_York" {
			t.Fatalf("detected %+v, %v", d, err)
		}
		s, leftOut, err := series(in, Options{})
		if err != nil || s.Len()+int(leftOut) != len(raw[i]) {
			t.Fatalf("%s: %d rows and %d left out of %d, %v", in, s.Len(), leftOut, len(raw[i]), err)
		}
		// New York is four hours behind UTC in June.
		midnight := utc(t, "2014-06-05T04:00:00Z")
		if strings.HasPrefix(in.Member, "20140606") {
			midnight += 86400e3
		}
		at := 0
		for _, row := range raw[i] {
			if len(row) == 11 && (row[1] == "" || row[6] == "") {
				continue
			}
			if s.Time[at] != midnight+int64(rawNumber(t, row[0])) {
				t.Fatalf("%s, %v: time %d", in, row, s.Time[at])
			}
			cl := rawNumber(t, row[4]) / 10000
			if len(row) == 11 {
				if s.Bid[at] != cl || s.Ask[at] != rawNumber(t, row[9])/10000 {
					t.Fatalf("%s, %v: bid %v, ask %v", in, row, s.Bid[at], s.Ask[at])
				}
				cl = (rawNumber(t, row[4]) + rawNumber(t, row[9])) / 2 / 10000
			} else if s.Volume[at] != rawNumber(t, row[5]) {
				t.Fatalf("%s, %v: volume %v", in, row, s.Volume[at])
			}
			if s.Close[at] != cl {
				t.Fatalf("%s, %v: close %v", in, row, s.Close[at])
			}
			at++
		}
		t.Logf("%s: %s, %d rows, %d left out", in.Name(), d.Title, s.Len(), leftOut)
	}
}
