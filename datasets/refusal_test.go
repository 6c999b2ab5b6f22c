package datasets

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/ptnsim/ptnsim/market"
)

// refused checks that an error is a Refusal of that problem and that its message
// is well formed: it names the file and holds every one of the texts.
func refused(t *testing.T, err error, problem error, file string, says ...string) {
	t.Helper()
	r, ok := errors.AsType[*Refusal](err)
	if !ok || !errors.Is(err, problem) {
		t.Fatalf("got %v, want a refusal for %v", err, problem)
	}
	if r.Found == "" || r.Remedy == "" || !strings.HasPrefix(err.Error(), file) {
		t.Errorf("the message lacks the file, what was found or the remedy: %v", err)
	}
	for _, text := range says {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the message lacks %q: %v", text, err)
		}
	}
}

func TestBadRowsAreRefused(t *testing.T) {
	minute := int64(Minute)
	cases := []struct {
		name    string
		spoil   func(s *market.Series)
		problem error
		says    []string
	}{
		{"unsorted", func(s *market.Series) { s.Time[1500], s.Time[1501] = s.Time[1501], s.Time[1500] }, ErrUnsorted, []string{"row 1502", "ascending times"}},
		{"duplicate", func(s *market.Series) { s.Time[1500] = s.Time[1499] }, ErrDuplicate, []string{"row 1501", "2025-01-07T00:59:00Z again"}},
		{"closer than the interval", func(s *market.Series) { s.Time[1500] -= 1000 }, ErrSpacing, []string{"row 1501", "59s after", "at least 1m apart"}},
		{"time in seconds", func(s *market.Series) {
			for i := range s.Time {
				s.Time[i] *= 1000
			}
		}, ErrType, []string{"row 1", "UTC ms"}},
		{"NaN", func(s *market.Series) { s.High[1024] = math.NaN() }, ErrNotFinite, []string{"row 1025", "high NaN"}},
		{"infinite", func(s *market.Series) { s.High[3] = math.Inf(1) }, ErrNotFinite, []string{"row 4", "high +Inf"}},
		{"NaN open", func(s *market.Series) { s.Open[5] = math.NaN() }, ErrNotFinite, []string{"row 6", "open NaN"}},
		{"zero price", func(s *market.Series) { s.Low[1999] = 0 }, ErrNotPositive, []string{"row 2000", "low 0"}},
		{"negative price", func(s *market.Series) { s.Close[0] = -1.5 }, ErrNotPositive, []string{"row 1:", "close -1.5"}},
		{"price too small", func(s *market.Series) { s.Low[3] = 1e-300 }, ErrPrice, []string{"row 4:", "low 1e-300", "from 1e-12 to 1e+12"}},
		{"price too large", func(s *market.Series) { s.High[3] = 1e300 }, ErrPrice, []string{"row 4:", "high 1e+300"}},
		{"volume too large", func(s *market.Series) { s.Volume[3] = 1e300 }, ErrVolume, []string{"row 4:", "volume 1e+300"}},
		{"high below low", func(s *market.Series) { s.High[7] = s.Low[7] - 1 }, ErrOHLC, []string{"row 8", "below low"}},
		{"high below close", func(s *market.Series) { s.High[7] = s.Low[7]; s.Close[7] = s.Low[7] + 1; s.Open[7] = s.Low[7] }, ErrOHLC, []string{"row 8", "below open"}},
		{"low above open", func(s *market.Series) { s.Low[7] = s.High[7]; s.Open[7] = s.High[7] - 1; s.Close[7] = s.High[7] }, ErrOHLC, []string{"row 8", "low"}},
		{"negative volume", func(s *market.Series) { s.Volume[9] = -1 }, ErrVolume, []string{"row 10", "volume -1"}},
		{"NaN volume", func(s *market.Series) { s.Volume[9] = math.NaN() }, ErrNotFinite, []string{"row 10", "volume NaN"}},
		{"crossed quote", func(s *market.Series) { s.Bid[9] = s.Ask[9] + 1 }, ErrQuote, []string{"row 10", "bid ≤ ask"}},
		{"gap", func(s *market.Series) {
			for i := 1500; i < len(s.Time); i++ {
				s.Time[i] += 61 * minute
			}
		}, ErrGap, []string{"row 1501", "from 2025-01-07T01:00:00Z to 2025-01-07T02:01:00Z, 1h1m of it open market", "at most 1h", "--max-gap"}},
	}
	ctx, pair := context.Background(), pairOf(t, "BTCUSD")
	for _, tc := range cases {
		for _, format := range formats {
			t.Run(tc.name+"/"+string(format), func(t *testing.T) {
				if tc.problem == ErrType && format == CSV {
					t.Skip("RFC 3339 has no unit to mistake")
				}
				s := walk(pair, 2000)
				tc.spoil(s)
				path := filepath.Join(t.TempDir(), Name{"BTCUSD", Minute, format}.String())
				if err := Write(ctx, path, s); err != nil {
					t.Fatal(err)
				}
				_, err := Read(ctx, path, market.Pairs(), Select{Calendar: MarketCalendar})
				refused(t, err, tc.problem, path, tc.says...)
				err = nil
				for _, e := range Chunks(ctx, path, market.Pairs(), Select{Calendar: MarketCalendar}, 100) {
					err = e
				}
				refused(t, err, tc.problem, path, tc.says...)
			})
		}
	}
}

func TestAGapWithinTheToleranceOrAClosedMarketIsTaken(t *testing.T) {
	ctx := context.Background()
	crypto := walk(pairOf(t, "BTCUSD"), 2000)
	for i := 1500; i < crypto.Len(); i++ {
		crypto.Time[i] += int64(Hour)
	}
	// From Friday 2025-01-10 22:00 UTC, when New York's clocks show 17:00, to
	// Sunday 22:00 forex is closed.
	forex := walk(pairOf(t, "EURUSD"), 2000)
	friday := t0 + 4*int64(Day) + 22*int64(Hour)
	for i := range forex.Time {
		forex.Time[i] = friday + int64(i-1000)*int64(Minute)
		if i >= 1000 {
			forex.Time[i] += 2 * int64(Day)
		}
	}
	for _, s := range []*market.Series{crypto, forex} {
		path := filepath.Join(t.TempDir(), s.Pair.ID+"-1m.arrow")
		if err := Write(ctx, path, s); err != nil {
			t.Fatal(err)
		}
		c, err := Read(ctx, path, market.Pairs(), Select{Calendar: MarketCalendar})
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		_, err = Read(ctx, path, market.Pairs(), Select{Calendar: MarketCalendar, GapToleranceMS: -1})
		if s.Pair.ID == "EURUSD" && err != nil {
			t.Errorf("a weekend is refused: %v", err)
		}
		if s.Pair.ID == "BTCUSD" {
			refused(t, err, ErrGap, path, "1h of it")
		}
	}
}

func TestRangesOutsideTheDataAreRefused(t *testing.T) {
	ctx, minute := context.Background(), int64(Minute)
	s := walk(pairOf(t, "BTCUSD"), 2000)
	end := t0 + 2000*minute
	cases := map[string]Select{
		"before":         {FromMS: t0 - 100*minute, ToMS: t0 - 10*minute},
		"after":          {FromMS: end + 10*minute, ToMS: end + 100*minute},
		"starts before":  {FromMS: t0 - minute},
		"ends after":     {ToMS: end + minute},
		"at the end":     {FromMS: end},
		"beyond a month": {FromMS: t0 - 30*int64(Day), ToMS: end, Calendar: MarketCalendar},
		"empty":          {FromMS: t0 + minute, ToMS: t0 + minute},
	}
	for _, format := range formats {
		path := filepath.Join(t.TempDir(), Name{"BTCUSD", Minute, format}.String())
		if err := Write(ctx, path, s); err != nil {
			t.Fatal(err)
		}
		for name, sel := range cases {
			_, err := Read(ctx, path, market.Pairs(), sel)
			t.Run(string(format)+"/"+name, func(t *testing.T) {
				refused(t, err, ErrRange, path, "candles from 2025-01-06T00:00:00Z to 2025-01-07T09:20:00Z", "--from and --to")
			})
		}
		// Within the tolerance a range may start before the first candle.
		c, err := Read(ctx, path, market.Pairs(), Select{FromMS: t0 - 30*minute, ToMS: end, Calendar: MarketCalendar})
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	cases := []struct {
		name, content string
		problem       error
		says          []string
	}{
		{"BTCUSD-1m.csv", "", ErrEmpty, []string{"no candle"}},
		{"BTCUSD-1m.parquet", "", ErrEmpty, []string{"no candle"}},
		{"BTCUSD-1m.arrow", "", ErrEmpty, []string{"no candle"}},
		{"BTCUSD-1m.csv", "time,open,high,low,close\n", ErrEmpty, []string{"no candle"}},
		{"BTCUSD-1m.parquet", "PAR1 this is not a Parquet file PAR1", ErrCorrupt, []string{"a whole parquet file"}},
		{"BTCUSD-1m.arrow", "ARROW1 this is not an Arrow file ARROW1", ErrCorrupt, []string{"a whole arrow file"}},
		{"BTCUSD-1m.csv", "\x1f\x8b not gzip", ErrCorrupt, []string{"gzip"}},
		{"BTCUSD-1m.csv", "time,open,high,close\n", ErrNoColumn, []string{"line 1", `"time" "open" "high" "close"`, "also low"}},
		{"BTCUSD-1m.csv", "date,close\n", ErrNoColumn, []string{`"date" "close"`, "also time"}},
		{"BTCUSD-1m.csv", "time,close,close\n", ErrNoColumn, []string{"every column once"}},
		{"BTCUSD-1m.csv", "time,close\n2025-01-06T00:00:00Z,x\n", ErrSyntax, []string{"line 2", `close "x"`, "a number"}},
		{"BTCUSD-1m.csv", "time,close\n\n1.70027E+12,1\n", ErrSyntax, []string{"line 3", `time "1.70027E+12"`}},
		{"BTCUSD-1m.csv", "time,close\n2025-01-06T00:00:00Z\n", ErrSyntax, []string{"line 2", "more fields"}},
		{"BTCUSD.csv", "time,close\n", ErrName, []string{"<PAIR>-<interval>"}},
		{"BTCUSDT-1m.csv", "time,close\n", ErrPair, []string{"did you mean BTCUSD"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tc.name)
			if err := os.WriteFile(path, []byte(tc.content), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Read(context.Background(), path, market.Pairs(), Select{})
			refused(t, err, tc.problem, path, tc.says...)
		})
	}
}

func TestAMissingFileIsRefused(t *testing.T) {
	for _, format := range formats {
		path := filepath.Join(t.TempDir(), Name{"BTCUSD", Minute, format}.String())
		_, err := Read(context.Background(), path, market.Pairs(), Select{})
		refused(t, err, ErrMissing, path, "no such file")
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		_, err = Read(context.Background(), path, market.Pairs(), Select{})
		refused(t, err, ErrMissing, path, "a folder")
	}
}

// writeTable writes a Parquet file of the columns.
func writeTable(t *testing.T, columns []Column, batch ...any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "BTCUSD-1m.parquet")
	w, err := NewTable(path, columns)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append(batch...); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestParquetColumnsOfTheWrongKindAreRefused(t *testing.T) {
	times, prices := []int64{t0, t0 + 60000, t0 + 120000}, []float64{1, 2, 3}
	timeCol, closeCol := Column{"time", TimestampMS, false}, Column{"close", Float64, false}
	cases := []struct {
		name    string
		path    string
		problem error
		says    []string
	}{
		{"no close", writeTable(t, []Column{timeCol, {"clse", Float64, false}}, times, prices), ErrNoColumn, []string{"time, clse", "also open,high,low,close"}},
		{"time without a unit", writeTable(t, []Column{{"time", Int64, false}, closeCol}, times, prices), ErrType, []string{"column time of type INT64", "timestamp[ms, UTC]"}},
		{"text", writeTable(t, []Column{timeCol, {"close", String, false}}, times, []string{"1", "2", "3"}), ErrType, []string{"column close", "float64"}},
		{"null", writeTable(t, []Column{timeCol, {"close", Float64, true}}, times, []float64{1, math.NaN(), 3}), ErrNull, []string{"1 null values of close", "rows 1 to 3"}},
		{"no row", writeTable(t, []Column{timeCol, closeCol}, []int64{}, []float64{}), ErrEmpty, nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Read(context.Background(), tc.path, market.Pairs(), Select{})
			refused(t, err, tc.problem, tc.path, tc.says...)
		})
	}
	nullable := writeTable(t, []Column{{"time", TimestampMS, true}, {"close", Float64, true}}, times, prices)
	c, err := Read(context.Background(), nullable, market.Pairs(), Select{})
	if err != nil {
		t.Fatalf("nullable columns without a null are refused: %v", err)
	}
	if got := c.Series; got.Len() != 3 || got.Close[2] != 3 || !c.CloseOnly {
		t.Errorf("read %v", got)
	}
	c.Close()
}

// arrowBytes returns an Arrow file with one batch of the columns.
func arrowBytes(t testing.TB, timeType arrow.DataType, closeType arrow.DataType, nullRow int, options ...ipc.Option) []byte {
	t.Helper()
	sc := arrow.NewSchema([]arrow.Field{{Name: "time", Type: timeType}, {Name: "close", Type: closeType, Nullable: true}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, sc)
	for i := range 300 {
		b.Field(0).(*array.TimestampBuilder).Append(arrow.Timestamp(t0 + int64(i)*60000))
		switch col := b.Field(1).(type) {
		case *array.Float64Builder:
			if i == nullRow {
				col.AppendNull()
			} else {
				col.Append(float64(1 + i%3))
			}
		case *array.Float32Builder:
			col.Append(1)
		}
	}
	var out bytes.Buffer
	w, err := ipc.NewFileWriter(&out, append(options, ipc.WithSchema(sc))...)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(b.NewRecordBatch()), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestArrowFilesOfTheWrongKindAreRefused(t *testing.T) {
	ms, f64 := &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}, arrow.PrimitiveTypes.Float64
	cases := []struct {
		name    string
		data    []byte
		problem error
		says    string
	}{
		{"microseconds", arrowBytes(t, &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, f64, -1), ErrType, "timestamp[us"},
		{"no zone", arrowBytes(t, &arrow.TimestampType{Unit: arrow.Millisecond}, f64, -1), ErrType, "timestamp[ms, UTC]"},
		{"float32", arrowBytes(t, ms, arrow.PrimitiveTypes.Float32, -1), ErrType, "float32"},
		{"null", arrowBytes(t, ms, f64, 7), ErrNull, "row 8"},
		{"compressed", arrowBytes(t, ms, f64, -1, ipc.WithZstd()), ErrCorrupt, "compressed"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "BTCUSD-1m.arrow")
			if err := os.WriteFile(path, tc.data, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Read(context.Background(), path, market.Pairs(), Select{})
			refused(t, err, tc.problem, path, tc.says)
		})
	}
}

func TestDamagedFilesAreRefusedNotPanicked(t *testing.T) {
	ctx := context.Background()
	s := walk(pairOf(t, "BTCUSD"), 500)
	for _, format := range []Format{Parquet, Arrow} {
		path := filepath.Join(t.TempDir(), Name{"BTCUSD", Minute, format}.String())
		if err := Write(ctx, path, s); err != nil {
			t.Fatal(err)
		}
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n < len(whole); n += 1 + len(whole)/50 {
			if err := os.WriteFile(path, whole[:n], 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Read(ctx, path, market.Pairs(), Select{})
			refused(t, err, ErrCorrupt, path)
		}
	}
}

func TestMutatedFilesAreRefusedOrValid(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for _, format := range []Format{Parquet, Arrow} {
		whole := written(t, walk(pairOf(t, "BTCUSD"), 20), format)
		for range 3000 {
			data := bytes.Clone(whole)
			for range 1 + r.IntN(4) {
				data[r.IntN(len(data))] = byte(r.IntN(256))
			}
			fuzzRead(t, data, format)
		}
	}
}

// A footer that claims four thousand million fields must not be believed.
func TestHugeClaimsInArrowMetadataAreRefused(t *testing.T) {
	whole := written(t, walk(pairOf(t, "BTCUSD"), 20), Arrow)
	for i := 0; i+4 <= len(whole); i += 4 {
		data := bytes.Clone(whole)
		copy(data[i:], []byte{0xff, 0xff, 0xff, 0x7f})
		fuzzRead(t, data, Arrow)
	}
}
