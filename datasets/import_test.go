package datasets

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/market"
)

// textFile writes a text file and returns its path.
func textFile(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustFormat(t testing.TB, s string) text.TimeFormat {
	t.Helper()
	f, err := text.ParseTimeFormat(s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestImportTakesNamedColumnsInAnyOrderAndPacking(t *testing.T) {
	const text = "note;Date;C;H;L;O;Vol\r\n" +
		"a;06.01.2025 00:00;1.5;2;1;1.25;10\r\n" +
		"\"b;c\";06.01.2025 00:15;1.75;2;1;1.5;1e1\r\n" +
		"d;06.01.2025 00:45;1.5;2;1.25;1.75;0\r\n"
	var gz, zs bytes.Buffer
	z := gzip.NewWriter(&gz)
	z.Write([]byte(text))
	z.Close()
	w, _ := zstd.NewWriter(&zs)
	w.Write([]byte(text))
	w.Close()
	for name, content := range map[string][]byte{"plain": []byte(text), "gzip": gz.Bytes(), "zstd": zs.Bytes(), "bom": append([]byte("\xef\xbb\xbf"), text...), "no last end": []byte(strings.TrimSpace(text))} {
		t.Run(name, func(t *testing.T) {
			im := Import{
				Source: textFile(t, "x", content), Pair: pairOf(t, "EURUSD"), Separator: ';', Format: mustFormat(t, "%d.%m.%Y %H:%M"), Zone: time.UTC,
				Columns: map[string]string{"time": "Date", "open": "O", "high": "H", "low": "L", "close": "C", "volume": "Vol"},
			}
			s, about, err := im.Series(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			q := int64(15 * Minute)
			want := &market.Series{Pair: im.Pair, IntervalMS: q, Time: []int64{t0, t0 + q, t0 + 3*q},
				Open: []float64{1.25, 1.5, 1.75}, High: []float64{2, 2, 2}, Low: []float64{1, 1, 1.25}, Close: []float64{1.5, 1.75, 1.5}, Volume: []float64{10, 10, 0}}
			equalSeries(t, s, want)
			if !about.Inferred || about.Rows != 3 || about.FirstMS != t0 || about.LastMS != t0+3*q || about.Columns != OHLC|Volume {
				t.Errorf("stated %+v", about)
			}
			about, err = im.Write(context.Background(), filepath.Dir(im.Source))
			if err != nil {
				t.Fatal(err)
			}
			c, err := Read(context.Background(), about.Path, market.Pairs(), Select{})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			equalSeries(t, c.Series, want)
		})
	}
}

func TestImportCutsAndCounts(t *testing.T) {
	im := Import{Source: textFile(t, "x.csv", []byte("time,close\n1736121600000,1\n1736121660000,2\n1736121720000,3\n1736121780000,4\n")),
		Pair: pairOf(t, "BTCUSD"), FromMS: t0 + 60000, ToMS: t0 + 180000}
	s, about, err := im.Series(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if about.Rows != 2 || about.Cut != 2 || !slices.Equal(s.Close, []float64{2, 3}) || !about.CloseOnly || !CloseOnly(s) {
		t.Errorf("%+v, %v", about, s.Close)
	}
	im.FromMS, im.ToMS = t0+int64(Day), t0+2*int64(Day)
	_, _, err = im.Series(context.Background())
	refused(t, err, ErrRange, im.Source, "4 candles, none of them in the range")
}

// 150 and 2.5 million euros are 1500 and 25 lots of a hundred thousand.
func TestImportScalesTheVolumeAlone(t *testing.T) {
	im := Import{Source: textFile(t, "x.csv", []byte("time,close,volume\n1736121600000,1.1,150\n1736121660000,1.2,2.5\n")), Pair: pairOf(t, "EURUSD"), VolumeScale: 10}
	s, _, err := im.Series(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Volume, []float64{1500, 25}) || !slices.Equal(s.Close, []float64{1.1, 1.2}) {
		t.Errorf("got the volumes %v of the closes %v, want 1500 and 25 of 1.1 and 1.2", s.Volume, s.Close)
	}
	// Over a chunk's end, where the frame is used again: each is scaled once.
	text := []byte("time,close,volume\n")
	for i := range chunkRows + 2 {
		text = fmt.Appendf(text, "%d,1,1\n", 1736121600000+60000*i)
	}
	im.Source = textFile(t, "long.csv", text)
	if s, _, err = im.Series(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(s.Volume) != chunkRows+2 || slices.Min(s.Volume) != 10 || slices.Max(s.Volume) != 10 {
		t.Errorf("got %d volumes from %g to %g, want all 10", len(s.Volume), slices.Min(s.Volume), slices.Max(s.Volume))
	}
}

func TestImportRefuses(t *testing.T) {
	cases := []struct {
		name, text string
		im         Import
		problem    error
		says       []string
	}{
		{"a column that is not there", "when,close\n1,1\n", Import{Columns: map[string]string{"time": "date"}}, ErrNoColumn, []string{"line 1", `"when" "close"`, `"date" for time`}},
		{"one candle and no interval", "time,close\n1736121600000,1\n", Import{}, ErrInterval, []string{"give the interval"}},
		{"nothing", "time,close\n", Import{}, ErrEmpty, nil},
		{"a duplicate", "time,close\n1736121600000,1\n1736121600000,1\n", Import{}, ErrDuplicate, []string{"row 2"}},
		{"candles closer than the given interval", "time,close\n1736121600000,1\n1736121660000,1\n", Import{Interval: Hour}, ErrSpacing, []string{"row 2", "at least 1h"}},
		{"a scale of nothing", "time,close\n1736121600000,1\n", Import{VolumeScale: 10}, ErrNoColumn, []string{"no volume", "leave the scale out"}},
		{"a negative scale", "time,close,volume\n1736121600000,1,1\n", Import{VolumeScale: -1}, ErrScale, []string{"-1", "over 0"}},
		{"a scale that is no number", "time,close,volume\n1736121600000,1,1\n", Import{VolumeScale: math.NaN()}, ErrScale, []string{"NaN"}},
		{"an endless scale", "time,close,volume\n1736121600000,1,1\n", Import{VolumeScale: math.Inf(1)}, ErrScale, []string{"Inf"}},
		{"a volume beyond all numbers", "time,close,volume\n1736121600000,1,1e300\n", Import{VolumeScale: 1e10}, ErrNotFinite, []string{"row 1"}},
		{"a spreadsheet's times", "time,close\n1.70027E+12,1\n", Import{}, ErrSyntax, []string{"line 2", "1.70027E+12"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			tc.im.Source, tc.im.Pair = textFile(t, "x.csv", []byte(tc.text)), pairOf(t, "BTCUSD")
			folder := t.TempDir()
			_, err := tc.im.Write(context.Background(), folder)
			refused(t, err, tc.problem, tc.im.Source, tc.says...)
			if entries, _ := os.ReadDir(folder); len(entries) != 0 {
				t.Errorf("%d files left", len(entries))
			}
		})
	}
}

// New York's clocks went from 02:00 to 03:00 on 2025-03-09 (07:00 UTC) and from
// 02:00 back to 01:00 on 2025-11-02 (06:00 UTC).
func TestImportOfNaiveTimesFollowsTheZone(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name  string
		local []string
		utc   []string
	}{
		{"spring", []string{"2025-03-09 01:30:00", "2025-03-09 03:00:00", "2025-03-10 09:30:00"}, []string{"2025-03-09T06:30:00Z", "2025-03-09T07:00:00Z", "2025-03-10T13:30:00Z"}},
		{"autumn, both", []string{"2025-11-02 00:30:00", "2025-11-02 01:00:00", "2025-11-02 01:30:00", "2025-11-02 01:00:00", "2025-11-02 01:30:00", "2025-11-02 02:00:00"},
			[]string{"2025-11-02T04:30:00Z", "2025-11-02T05:00:00Z", "2025-11-02T05:30:00Z", "2025-11-02T06:00:00Z", "2025-11-02T06:30:00Z", "2025-11-02T07:00:00Z"}},
		{"autumn, the first only", []string{"2025-11-02 01:30:00", "2025-11-02 02:00:00"}, []string{"2025-11-02T05:30:00Z", "2025-11-02T07:00:00Z"}},
		{"an offset outranks the zone", []string{"2025-11-02T01:30:00-05:00", "2025-11-02T01:45:00-05:00"}, []string{"2025-11-02T06:30:00Z", "2025-11-02T06:45:00Z"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			text := "time,close\n" + strings.Join(tc.local, ",1\n") + ",1\n"
			s, _, err := Import{Source: textFile(t, "x.csv", []byte(text)), Pair: pairOf(t, "NVDA"), Zone: newYork}.Series(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			for i, ms := range s.Time {
				if got := formatMS(ms); got != tc.utc[i] {
					t.Errorf("%s is %s, want %s", tc.local[i], got, tc.utc[i])
				}
			}
		})
	}
	im := Import{Source: textFile(t, "x.csv", []byte("time,close\n2025-03-09 01:30:00,1\n2025-03-09 02:30:00,1\n")), Pair: pairOf(t, "NVDA"), Zone: newYork}
	_, _, err = im.Series(context.Background())
	refused(t, err, ErrLocalTime, im.Source, "line 3", `"2025-03-09 02:30:00"`, "America/New_York")
}
