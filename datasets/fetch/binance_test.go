package fetch

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// binanceLike answers like Binance's archives and REST interface, with candles
// from begins on. Archives end where the days and months of published do.
type binanceLike struct {
	begins, published int64
	perDay            int64 // minutes of each day that have a candle: the first ones
	spoil             func(path string, body []byte) []byte
}

func (b *binanceLike) minutes(s Span) (all []int64) {
	for at := max(s.FromMS, b.begins); at < s.ToMS; at += 60_000 {
		if at%dayMS/60_000 < b.perDay {
			all = append(all, at)
		}
	}
	return all
}

func (b *binanceLike) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch p := r.URL.Path; {
	case strings.HasPrefix(p, "/data/spot/"), strings.HasPrefix(p, "/data/futures/um/"):
		b.archive(w, r)
	case p == "/api/v3/klines", p == "/fapi/v1/klines":
		b.rest(w, r)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (b *binanceLike) archive(w http.ResponseWriter, r *http.Request) {
	p := strings.TrimSuffix(r.URL.Path, ".CHECKSUM")
	name := path.Base(p)
	date := strings.TrimSuffix(strings.TrimPrefix(name, "BTCUSDT-1m-"), ".zip")
	day, err := time.Parse("2006-01-02", date)
	span := Span{day.UnixMilli(), day.AddDate(0, 0, 1).UnixMilli()}
	if err != nil {
		day, err = time.Parse("2006-01", date)
		span = Span{day.UnixMilli(), day.AddDate(0, 1, 0).UnixMilli()}
	}
	if err != nil || span.ToMS > b.published || span.ToMS <= b.begins {
		http.Error(w, "<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", http.StatusNotFound)
		return
	}
	scale := int64(1000) // microseconds, as since 2025
	if span.FromMS < time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli() {
		scale = 1
	}
	var csv bytes.Buffer
	for _, at := range b.minutes(span) {
		fmt.Fprintln(&csv, strings.ReplaceAll(kline(at, scale), `"`, ""))
	}
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	member, _ := z.Create(strings.TrimSuffix(name, ".zip") + ".csv")
	member.Write(csv.Bytes())
	z.Close()
	answer := packed.Bytes()
	if p != r.URL.Path {
		answer = fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(answer), name)
	}
	if b.spoil != nil {
		answer = b.spoil(r.URL.Path, answer)
	}
	w.Write(answer)
}

func (b *binanceLike) rest(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	w.Header().Set("X-MBX-USED-WEIGHT-1M", "2")
	if q.Get("symbol") != "BTCUSDT" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"code":-1121,"msg":"Invalid symbol."}`)
		return
	}
	from, _ := strconv.ParseInt(q.Get("startTime"), 10, 64)
	to, _ := strconv.ParseInt(q.Get("endTime"), 10, 64)
	limit, _ := strconv.Atoi(q.Get("limit"))
	rows := []string{}
	for _, at := range b.minutes(Span{from, to + 1}) {
		if len(rows) == limit {
			break
		}
		rows = append(rows, "["+kline(at, 1)+"]")
	}
	answer := []byte("[" + strings.Join(rows, ",") + "]")
	if b.spoil != nil {
		answer = b.spoil(r.URL.Path, answer)
	}
	w.Write(answer)
}

// TestBinanceJoinsArchivesAndREST wants a span whose first month is before the
// symbol's first candle, whose second has a monthly archive, whose third has daily
// ones only, and whose last two days have none.
func TestBinanceJoinsArchivesAndREST(t *testing.T) {
	for _, futures := range []bool{false, true} {
		b := &binanceLike{begins: ms(t, "2024-12-01"), published: ms(t, "2025-01-13"), perDay: 30}
		s := serve(t, b.ServeHTTP)
		f := job(t, Binance{Futures: futures}, s.URL, "BTCUSD", "2024-11-01", "2025-01-15", clockAt("2025-01-14T12:10:30Z"))
		raw, err := f.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		got := candlesOf(t, raw[0])
		want := b.minutes(Span{ms(t, "2024-12-01"), ms(t, "2025-01-14T12:10:00Z")})
		if !slices.Equal(got.Time, want) {
			t.Fatalf("%d candles from %s, want %d", got.Len(), stamp(got.Time[0]), len(want))
		}
		for i, at := range got.Time {
			if p := price(at); got.Open[i] != p || got.Volume[i] != 1.5 {
				t.Fatalf("candle at %s opens at %v, want %v", stamp(at), got.Open[i], p)
			}
		}
		notes := strings.Join(raw[0].Notes, "\n")
		for _, want := range []string{"BTCUSD is BTCUSDT at binance", "BTCUSDT has no candles from 2024-11-01 to 2024-12-01", "the span ends at 2025-01-14T12:10:00Z"} {
			if !strings.Contains(notes, want) {
				t.Errorf("the notes lack %q:\n%s", want, notes)
			}
		}
		var names []string
		for _, p := range raw[0].Paths {
			names = append(names, filepath.Base(p))
		}
		if names[0] != "BTCUSDT-1m-2024-12.zip" || names[1] != "BTCUSDT-1m-2025-01-01.zip" || names[12] != "BTCUSDT-1m-2025-01-12.zip" || len(names) != 15 {
			t.Errorf("the pieces are %v", names)
		}
	}
}

func TestBinanceGoesOnWhereItWas(t *testing.T) {
	b := &binanceLike{begins: ms(t, "2024-01-01"), published: ms(t, "2025-01-13"), perDay: 5}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	zips, killAt := 0, 4
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".zip") {
			if zips++; zips == killAt { // in the middle of a body
				w.Header().Set("Content-Length", "1000")
				fmt.Fprint(w, "PK")
				w.(http.Flusher).Flush()
				cancel()
				return
			}
		}
		b.ServeHTTP(w, r)
	})
	f := job(t, Binance{}, s.URL, "BTCUSD", "2025-01-05", "2025-01-11", clockAt("2025-01-20T00:00:00Z"))
	if _, err := f.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if kept := len(files(t, f.Cache)); kept != 2*3 {
		t.Errorf("%d files are kept, want three pieces and their seals: %v", kept, files(t, f.Cache))
	}
	killAt = -1
	before := len(s.requests())
	if _, err := f.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, uri := range s.requests()[before:] {
		asked = append(asked, path.Base(uri))
	}
	want := []string{"BTCUSDT-1m-2025-01-08.zip.CHECKSUM", "BTCUSDT-1m-2025-01-08.zip", "BTCUSDT-1m-2025-01-09.zip.CHECKSUM",
		"BTCUSDT-1m-2025-01-09.zip", "BTCUSDT-1m-2025-01-10.zip.CHECKSUM", "BTCUSDT-1m-2025-01-10.zip"}
	if !slices.Equal(asked, want) {
		t.Errorf("asked for %v\nwant %v", asked, want)
	}
	before = len(s.requests())
	if _, err := f.Run(context.Background()); err != nil || len(s.requests()) != before {
		t.Errorf("a third run asked for %v, %v", s.requests()[before:], err)
	}
}

func TestBinanceFaults(t *testing.T) {
	flip := func(_ string, body []byte) []byte {
		body = bytes.Clone(body)
		body[len(body)/2] ^= 1
		return body
	}
	on := func(suffix string, change func(string, []byte) []byte) func(string, []byte) []byte {
		return func(p string, body []byte) []byte {
			if strings.HasSuffix(p, suffix) {
				return change(p, body)
			}
			return body
		}
	}
	text := func(text string) func(string, []byte) []byte {
		return func(string, []byte) []byte { return []byte(text) }
	}
	for _, c := range []struct {
		name     string
		from, to string
		spoil    func(string, []byte) []byte
		problem  error
		words    string
	}{
		{"a damaged archive", "2025-01-05", "2025-01-06", on(".zip", flip), ErrChecksum, "a body with the SHA-256 "},
		{"an archive and its checksum of the same damage", "2025-01-05", "2025-01-06", func(p string, body []byte) []byte {
			if strings.HasSuffix(p, ".CHECKSUM") {
				return fmt.Appendf(nil, "%x  %s\n", sha256.Sum256([]byte("PK and nothing more")), path.Base(strings.TrimSuffix(p, ".CHECKSUM")))
			}
			return []byte("PK and nothing more")
		}, ErrContent, "a damaged zip archive"},
		{"a checksum of another file", "2025-01-05", "2025-01-06", on(".CHECKSUM", func(_ string, body []byte) []byte {
			return bytes.Replace(body, []byte("BTCUSDT"), []byte("ETHUSDT"), 1)
		}), ErrContent, `found the checksum of "ETHUSDT-1m-2025-01-05.zip"`},
		{"no checksum at all", "2025-01-05", "2025-01-06", on(".CHECKSUM", text("sorry")), ErrContent, `expected a SHA-256 and a file name`},
		{"a page in the checksum's place", "2025-01-05", "2025-01-06", on(".CHECKSUM", text("<html><title>Blocked</title>")), ErrContent, "an HTML page (Blocked)"},
		{"a candle outside its window", "2025-01-13", "2025-01-14", on("klines", text(`[[1,"1","1","1","1","1"]]`)), ErrContent, "kline 1 opens at 1, expected one after"},
		{"a candle twice", "2025-01-13", "2025-01-14", on("klines", text(`[[1736726400000,"1","1","1","1","1"],[1736726400000,"1","1","1","1","1"]]`)), ErrContent, "kline 2 opens at 1736726400000, expected one after 2025-01-13 "},
		{"an object for an array", "2025-01-13", "2025-01-14", on("klines", text(`{"code":0}`)), ErrContent, "expected an array of klines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &binanceLike{begins: ms(t, "2024-01-01"), published: ms(t, "2025-01-13"), perDay: 5, spoil: c.spoil}
			s := serve(t, b.ServeHTTP)
			f := job(t, Binance{}, s.URL, "BTCUSD", c.from, c.to, clockAt("2025-01-20T00:00:00Z"))
			_, err := f.Run(context.Background())
			if !errors.Is(err, c.problem) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v\nwant %v with %q", err, c.problem, c.words)
			}
			if left := files(t, f.Cache); len(left) > 0 {
				t.Errorf("%v is left", left)
			}
			b.spoil = nil
			if _, err := f.Run(context.Background()); err != nil {
				t.Errorf("it did not recover: %v", err)
			}
		})
	}
}

func TestBinanceKnowsNoSuchSymbol(t *testing.T) {
	b := &binanceLike{begins: ms(t, "2030-01-01"), published: ms(t, "2025-01-13"), perDay: 5}
	s := serve(t, b.ServeHTTP)
	f := job(t, Binance{}, s.URL, "BTCUSD", "2025-01-05", "2025-01-06", clockAt("2025-01-20T00:00:00Z"))
	f.Symbols = map[string]string{"BTCUSD": "BTCUSDX"}
	_, err := f.Run(context.Background())
	if !errors.Is(err, ErrStatus) || !strings.Contains(err.Error(), "Invalid symbol.") {
		t.Errorf("got %v", err)
	}
	f.Symbols = nil
	_, err = f.Run(context.Background())
	if !errors.Is(err, ErrAbsent) || !strings.Contains(err.Error(), "no candles of BTCUSD (BTCUSDT) from 2025-01-05 to 2025-01-06; check the symbol") {
		t.Errorf("got %v", err)
	}
	f.Symbols = map[string]string{"BTCUSD": "../../x"}
	if _, err := f.Run(context.Background()); err == nil || !strings.Contains(err.Error(), `found the symbol "../../x" of BTCUSD`) {
		t.Errorf("got %v", err)
	}
}

func TestChecksumOf(t *testing.T) {
	const sum = "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef"
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{"as sha256sum writes", sum + "  a.zip\n", true},
		{"of a binary file", sum + " *a.zip\n", true},
		{"of another file", sum + "  b.zip\n", false},
		{"too short", sum[1:] + "  a.zip\n", false},
		{"no hexadecimal", "x" + sum[1:] + "  a.zip\n", false},
		{"without a name", sum + "\n", false},
		{"nothing", "", false},
	} {
		got, err := checksumOf([]byte(c.text), "a.zip")
		if (err == nil) != c.ok || c.ok && got != strings.ToLower(sum) {
			t.Errorf("%s: got %q, %v", c.name, got, err)
		}
	}
}

func FuzzKlines(f *testing.F) {
	f.Add([]byte(`[[1736726400000,"1","1","1","1","1"]]`))
	f.Add([]byte(`[[-1,1,1,1,1,1],[1e3]]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		w := Span{1736726400000, 1736726400000 + dayMS}
		if n, err := klines(body, w); err == nil && int64(n) > dayMS {
			t.Errorf("%d candles", n)
		}
	})
}
