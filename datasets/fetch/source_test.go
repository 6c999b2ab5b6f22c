package fetch

import (
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

func TestSymbols(t *testing.T) {
	for _, c := range []struct{ source, pair, want string }{ // want "" = refused
		{"binance", "BTCUSD", "BTCUSDT"}, {"binance-futures", "DOGEUSD", "DOGEUSDT"}, {"binance", "EURUSD", ""}, {"binance", "AAPL", ""},
		{"kraken", "BTCUSD", "XBTUSD"}, {"kraken", "DOGEUSD", "XDGUSD"}, {"kraken", "ETHUSD", "ETHUSD"}, {"kraken", "XAUUSD", ""},
		{"polygon", "BTCUSD", "X:BTCUSD"}, {"polygon", "EURUSD", "C:EURUSD"}, {"polygon", "XAUUSD", "C:XAUUSD"}, {"polygon", "AAPL", "AAPL"}, {"polygon", "SPX", "I:SPX"},
		{"tiingo", "BTCUSD", "btcusd"}, {"tiingo", "EURUSD", "eurusd"}, {"tiingo", "AAPL", "aapl"}, {"tiingo", "SPX", ""},
		{"dukascopy", "EURUSD", "EURUSD"}, {"dukascopy", "XAUUSD", "XAUUSD"}, {"dukascopy", "BTCUSD", "BTCUSD"}, {"dukascopy", "DOGEUSD", ""}, {"dukascopy", "AAPL", ""},
	} {
		src, err := Find(c.source)
		if err != nil {
			t.Fatal(err)
		}
		got, err := src.Symbol(pairOf(t, c.pair))
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s at %s: got %q, %v", c.pair, c.source, got, err)
		}
	}
}

func TestIntervals(t *testing.T) {
	for _, c := range []struct{ source, interval, want string }{ // want "" = refused
		{"binance", "1m", "1m"}, {"binance", "1s", "1s"}, {"binance-futures", "1s", ""}, {"binance", "2m", ""}, {"binance", "60m", "1h"},
		{"kraken", "1m", "1"}, {"kraken", "4h", "240"}, {"kraken", "3m", ""},
		{"polygon", "1m", "1/minute"}, {"polygon", "90m", "90/minute"}, {"polygon", "2h", "2/hour"}, {"polygon", "5s", "5/second"}, {"polygon", "1d", "1/day"},
		{"tiingo", "5m", "5min"}, {"tiingo", "1h", "1hour"}, {"tiingo", "1d", "1day"}, {"tiingo", "3m", ""},
		{"dukascopy", "1m", "min_1"}, {"dukascopy", "5m", ""},
	} {
		src, err := Find(c.source)
		if err != nil {
			t.Fatal(err)
		}
		v, err := datasets.ParseInterval(c.interval)
		if err != nil {
			t.Fatal(err)
		}
		got, err := src.Interval(v)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s at %s: got %q, %v", c.interval, c.source, got, err)
		}
	}
}

func TestFindSuggests(t *testing.T) {
	if _, err := Find("binanse"); err == nil || !strings.Contains(err.Error(), "did you mean binance") {
		t.Errorf("got %v", err)
	}
}

func TestSourcesAreWhole(t *testing.T) {
	var names []string
	for _, s := range Sources() {
		a := s.About()
		if a.Title == "" || a.Licence == "" || a.PerMinute == 0 || slices.Contains(names, a.Name) {
			t.Errorf("%+v", a)
		}
		for _, base := range []string{a.API, a.Archive} {
			if base == "" {
				continue
			}
			if u, err := parseBase(base, true); err != nil || u.Scheme != "https" {
				t.Errorf("%s: %q, %v", a.Name, base, err)
			}
		}
		names = append(names, a.Name)
	}
	if !slices.Equal(names, Names()) {
		t.Errorf("%v, %v", names, Names())
	}
}

func TestSpanCuts(t *testing.T) {
	s := Span{ms(t, "2024-12-30T12:00:00Z"), ms(t, "2025-03-01")}
	var months, days []string
	for m := range s.months() {
		months = append(months, m.String())
	}
	for d := range (Span{s.FromMS, ms(t, "2025-01-01")}).days() {
		days = append(days, d.String())
	}
	if want := []string{"2024-12-01 to 2025-01-01", "2025-01-01 to 2025-02-01", "2025-02-01 to 2025-03-01"}; !slices.Equal(months, want) {
		t.Errorf("months: %v", months)
	}
	if want := []string{"2024-12-30 to 2024-12-31", "2024-12-31 to 2025-01-01"}; !slices.Equal(days, want) {
		t.Errorf("days: %v", days)
	}
	var covered int64
	for w := range (Span{0, 1000}).windows(300) {
		covered += w.ToMS - w.FromMS
	}
	if covered != 1000 {
		t.Errorf("windows cover %d of 1000", covered)
	}
	for _, c := range [][2]int64{{-1, -60}, {0, 0}, {59, 0}, {60, 60}} {
		if got := floor(c[0], 60); got != c[1] {
			t.Errorf("floor(%d) is %d, want %d", c[0], got, c[1])
		}
	}
}
