package convert

import (
	"bufio"
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// reference reads real candles, with none of the code under test.
func reference(t testing.TB, pair string, interval datasets.Interval, clock func(string) (time.Time, error), path ...string) *market.Series {
	t.Helper()
	root := os.Getenv("PTNSIM_REFERENCE")
	if root == "" {
		t.Skip("PTNSIM_REFERENCE names no folder of reference candles")
	}
	f, err := os.Open(filepath.Join(append([]string{root, "candles"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	s := &market.Series{Pair: pairOf(t, pair), IntervalMS: int64(interval)}
	lines := bufio.NewScanner(z)
	lines.Scan() // the header
	for lines.Scan() {
		fields := strings.Split(lines.Text(), ",")
		at, err := clock(fields[0])
		if err != nil {
			t.Fatal(err)
		}
		s.Time = append(s.Time, at.UnixMilli())
		for k, col := range columns(s) {
			if k+1 >= len(fields) {
				break
			}
			x, err := strconv.ParseFloat(fields[k+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			*col = append(*col, x)
		}
	}
	return s
}

func epochMS(text string) (time.Time, error) {
	ms, err := strconv.ParseInt(text, 10, 64)
	return time.UnixMilli(ms), err
}

func layout(layout, zone string) func(string) (time.Time, error) {
	return func(text string) (time.Time, error) {
		place, err := market.LoadZone(zone)
		if err != nil {
			return time.Time{}, err
		}
		return time.ParseInLocation(layout, text, place)
	}
}

// The exchange's own five-minute candles are what its minutes make: prices to the
// last bit. It sums volume in decimals; in binary five volumes of at most half an
// ulp error each, and four sums of at most half an ulp each, differ by at most
// nine half ulps of the sum.
func TestMinutesMakeTheExchangesFiveMinutes(t *testing.T) {
	for _, base := range []string{"BTC", "ETH"} {
		minutes := reference(t, base+"USD", datasets.Minute, epochMS, "crypto-1m", base+"USDT-1m-2025.csv.gz")
		fives := reference(t, base+"USD", 5*datasets.Minute, layout(time.RFC3339, "UTC"), "crypto-5m", "binance__"+base+"_USDT-5m.csv.gz")
		made, counts, err := resample(minutes, Resample{Interval: 5 * datasets.Minute, Hours: hoursOf(market.Crypto)}, 1<<15)
		if err != nil {
			t.Fatal(err)
		}
		// 2025 has 365 days of 288 candles.
		if want := (Resampled{Fine: 365 * 1440, Coarse: 365 * 288}); counts != want {
			t.Errorf("%s: %+v, want %+v", base, counts, want)
		}
		same := fives.Slice(fives.Search(made.Time[0]), fives.Search(made.Time[made.Len()-1]+1))
		if !sameCandles(made, same, false) {
			t.Errorf("%s: the candles differ", base)
		}
		exact, worst := 0, 0.0
		for i, v := range made.Volume {
			off := math.Abs(v - same.Volume[i])
			if off == 0 {
				exact++
			}
			if off > 0 {
				worst = max(worst, off/same.Volume[i])
			}
			if off > 9*0x1p-53*same.Volume[i] {
				t.Fatalf("%s: %s has volume %v, the exchange's %v", base, stamp(made.Time[i]), v, same.Volume[i])
			}
		}
		t.Logf("%s: %d candles equal in open, high, low and close; volume equal in %d, else off by at most %.2g of it", base, made.Len(), exact, worst)
	}
}

// Two vendors quote EURUSD: no price need be equal, but most are within a pip.
func TestMinutesOfOneVendorNearQuartersOfAnother(t *testing.T) {
	minutes := reference(t, "EURUSD", datasets.Minute, epochMS, "forex-1m", "EURUSD-1m-2025.csv.gz")
	quarters := reference(t, "EURUSD", 15*datasets.Minute, layout("2006-01-02 15:04:05-07:00", "UTC"), "forex-15m", "EURUSD_M15.csv.gz")
	made, counts, err := resample(minutes, Resample{Interval: 15 * datasets.Minute, Hours: hoursOf(market.Forex)}, 1<<15)
	if err != nil {
		t.Fatal(err)
	}
	const pip = 1e-4
	both, near := 0, [4]int{}
	for i, ms := range made.Time {
		j := quarters.Search(ms)
		if j == quarters.Len() || quarters.Time[j] != ms {
			continue
		}
		both++
		for k, pair := range [4][2]float64{{made.Open[i], quarters.Open[j]}, {made.High[i], quarters.High[j]}, {made.Low[i], quarters.Low[j]}, {made.Close[i], quarters.Close[j]}} {
			if math.Abs(pair[0]-pair[1]) <= pip {
				near[k]++
			}
		}
	}
	t.Logf("made %d of %+v; %d in both, within a pip: open %d, high %d, low %d, close %d", made.Len(), counts, both, near[0], near[1], near[2], near[3])
	for k, n := range near {
		if n*10 < both*9 {
			t.Errorf("price %d: only %d of %d within a pip: another clock?", k, n, both)
		}
	}
}

// Real stocks: an hour never reaches over a night, and what trades before the
// open is in no candle of the session.
func TestRealStocksByTheHourAndDay(t *testing.T) {
	fine := reference(t, "AAPL", 5*datasets.Minute, layout(time.DateTime, "America/New_York"), "equities-5m", "AAPL_5min.csv.gz")
	for _, to := range []datasets.Interval{datasets.Hour, datasets.Day} {
		made, counts, err := resample(fine, Resample{Interval: to, Hours: market.EquitiesHours()}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		schedule, err := market.NewSchedule(market.EquitiesHours(), fine.Time[0], fine.Time[fine.Len()-1])
		if err != nil {
			t.Fatal(err)
		}
		early := int64(0)
		for _, ms := range fine.Time {
			if !schedule.Open(ms) {
				early++
			}
		}
		if counts.Closed != early || early == 0 {
			t.Errorf("%s: %d candles dropped, %d are outside the sessions", to, counts.Closed, early)
		}
		for _, ms := range made.Time {
			if !schedule.Open(ms) {
				t.Errorf("%s: a candle at %s, when the market is closed", to, stamp(ms))
			}
		}
		check := datasets.Checker{File: "AAPL", IntervalMS: made.IntervalMS}
		if err := check.Check(made); err != nil {
			t.Error(err)
		}
		t.Logf("AAPL at %s: %+v", to, counts)
	}
}
