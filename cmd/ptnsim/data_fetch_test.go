package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
	"github.com/ptnsim/ptnsim/sim/rules"
)

// archives answers like Binance's archives of days. It remembers what it was
// asked for, and may do something of its own before it answers.
type archives struct {
	*httptest.Server
	before func(w http.ResponseWriter, r *http.Request) bool // true: that was the answer
	gaps   string                                            // the symbol whose days have a gap
	mu     sync.Mutex
	asked  []string
}

func newArchives(t *testing.T) *archives {
	s := &archives{}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP implements http.Handler.
func (s *archives) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, path.Base(r.URL.Path))
	s.mu.Unlock()
	if s.before != nil && s.before(w, r) {
		return
	}
	name := path.Base(strings.TrimSuffix(r.URL.Path, ".CHECKSUM"))
	symbol, rest, _ := strings.Cut(name, "-1m-")
	day, err := time.Parse("2006-01-02.zip", rest)
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	body := s.day(symbol, day.UnixMilli())
	if name != path.Base(r.URL.Path) {
		body = fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(body), name)
	}
	w.Write(body)
}

// day is the archive of a day.
func (s *archives) day(symbol string, dayMS int64) []byte {
	var csv, packed bytes.Buffer
	for i := range int64(1440) {
		if symbol == s.gaps && i > 600 && i < 900 {
			continue
		}
		at := dayMS + 60_000*i
		p := priceAt(at)
		fmt.Fprintf(&csv, "%d,%.2f,%.2f,%.2f,%.2f,1.5,%d,150,10,0.5,50,0\n", at*1000, p, p+1, p-1, p+0.5, (at+60_000)*1000-1)
	}
	z := zip.NewWriter(&packed)
	member, _ := z.Create(fmt.Sprintf("%s-1m-%s.csv", symbol, time.UnixMilli(dayMS).UTC().Format(time.DateOnly)))
	member.Write(csv.Bytes())
	z.Close()
	return packed.Bytes()
}

// priceAt is a made-up price of whole cents.
func priceAt(ms int64) float64 { return float64(10_000+ms/60_000*7%97) / 100 }

func (s *archives) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// call runs the program.
func call(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(ctx, args, nil, &out, &err)
	return code, out.String(), err.String()
}

func (s *archives) fetch(ctx context.Context, out string, more ...string) (code int, stdout, stderr string) {
	return call(ctx, append([]string{"data", "fetch", "binance", "--from", "2025-01-05", "--to", "2025-01-08",
		"--base-url", s.URL, "--rate", "60000", "--out", out}, more...)...)
}

// filesIn lists the files in a folder and below.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, p)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestFetchMakesADataSet(t *testing.T) {
	s := newArchives(t)
	out := filepath.Join(t.TempDir(), "candles")
	code, stdout, stderr := s.fetch(context.Background(), out, "--pairs", "BTCUSD,ETHUSD")
	if code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if !strings.Contains(stderr, "BTCUSD is BTCUSDT at binance\n") || !strings.Contains(stdout, "BTCUSD-1m.parquet: 4320 candles") {
		t.Errorf("printed %s\n%s", stdout, stderr)
	}
	if got := filesIn(t, out); !slices.Equal(got, []string{"BTCUSD-1m.parquet", "ETHUSD-1m.parquet", "dataset.json"}) {
		t.Errorf("the folder has %v", got)
	}
	set, err := datasets.OpenSet(datasets.OpenOptions{Pairs: market.Pairs()}, out)
	if err != nil {
		t.Fatal(err)
	}
	read, err := set.Read(context.Background(), datasets.Select{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range read {
		defer c.Close()
		for i, at := range c.Series.Time {
			if want := int64(1736035200000) + 60_000*int64(i); at != want || c.Series.Open[i] != priceAt(at) || c.Series.Volume[i] != 1.5 {
				t.Fatalf("%s: candle %d is at %d and opens at %v", c.File, i, at, c.Series.Open[i])
			}
		}
	}
	s.checkManifest(t, out)
}

// TestFetchKeepsTheMirrorsPathToItself: mirrors have keys in their paths.
func TestFetchKeepsTheMirrorsPathToItself(t *testing.T) {
	s := newArchives(t)
	out, cache := filepath.Join(t.TempDir(), "candles"), filepath.Join(t.TempDir(), "kept-here")
	code, stdout, stderr := call(context.Background(), "data", "fetch", "binance", "--from", "2025-01-05", "--to", "2025-01-06", "--pairs", "BTCUSD",
		"--base-url", s.URL+"/t0ken/mirror", "--rate", "60000", "--out", out, "--cache", cache)
	if code != exitOK {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	m, err := datasets.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	want := "ptnsim data fetch binance --base-url " + s.URL + " --from 2025-01-05 --pairs BTCUSD --to 2025-01-06"
	if got := m.Files[0].Origin.Command; got != want {
		t.Errorf("the manifest has the command\n%s\nwant\n%s", got, want)
	}
}

// checkManifest holds the manifest to what was served.
func (s *archives) checkManifest(t *testing.T, out string) {
	text, err := os.ReadFile(filepath.Join(out, datasets.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	var m datasets.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if m.Source != "Binance spot klines (public archives and REST)" || m.Licence != "Binance public data; see Binance's terms" || len(m.Files) != 2 {
		t.Fatalf("got %s", text)
	}
	origin := m.Files[0].Origin
	if origin == nil || len(origin.Inputs) != 3 || !strings.HasPrefix(origin.Command, "ptnsim data fetch binance ") || origin.Policies["on-duplicate"] != "keep" {
		t.Fatalf("got %+v", origin)
	}
	if !slices.Contains(origin.Detected, "BTCUSD is BTCUSDT at binance") || slices.Contains(m.Files[1].Origin.Detected, "BTCUSD is BTCUSDT at binance") {
		t.Errorf("detected %q", origin.Detected)
	}
	// The hash is that of the member or of the archive: both were served.
	want := fmt.Sprintf("%x", sha256.Sum256(s.day("BTCUSDT", 1736035200000)))
	z, err := zip.NewReader(bytes.NewReader(s.day("BTCUSDT", 1736035200000)), int64(len(s.day("BTCUSDT", 1736035200000))))
	if err != nil {
		t.Fatal(err)
	}
	member, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.New()
	if _, err := bytes.NewBuffer(nil).ReadFrom(teeInto{member, hash}); err != nil {
		t.Fatal(err)
	}
	if got := origin.Inputs[0].SHA256; got != want && got != fmt.Sprintf("%x", hash.Sum(nil)) {
		t.Errorf("the first input's hash is %s", got)
	}
	if strings.Contains(string(text), out) || strings.Contains(string(text), cacheName) {
		t.Errorf("the manifest names a path:\n%s", text)
	}
}

// teeInto copies what is read.
type teeInto struct {
	from interface{ Read([]byte) (int, error) }
	to   interface{ Write([]byte) (int, error) }
}

func (t teeInto) Read(p []byte) (int, error) {
	n, err := t.from.Read(p)
	t.to.Write(p[:n])
	return n, err
}

func TestFetchGoesOnWhereItWas(t *testing.T) {
	s := newArchives(t)
	out := filepath.Join(t.TempDir(), "candles")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "2025-01-06.zip") {
			cancel()
		}
		return false
	}
	code, stdout, stderr := s.fetch(ctx, out, "--pairs", "BTCUSD")
	if code != exitInterrupted || stdout != "" || !strings.Contains(stderr, "what was downloaded is kept in ") || !strings.Contains(stderr, "interrupted") {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	for _, name := range filesIn(t, out) {
		if !strings.HasPrefix(name, cacheName+"/binance/BTCUSDT-1m-2025-01-05.zip") {
			t.Errorf("%s is left", name)
		}
	}
	s.before = nil
	before := len(s.requests())
	if code, _, stderr = s.fetch(context.Background(), out, "--pairs", "BTCUSD"); code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	want := []string{"BTCUSDT-1m-2025-01-06.zip.CHECKSUM", "BTCUSDT-1m-2025-01-06.zip", "BTCUSDT-1m-2025-01-07.zip.CHECKSUM", "BTCUSDT-1m-2025-01-07.zip"}
	if got := s.requests()[before:]; !slices.Equal(got, want) {
		t.Errorf("asked for %v, want %v", got, want)
	}
	if got := filesIn(t, out); !slices.Equal(got, []string{"BTCUSD-1m.parquet", "dataset.json"}) {
		t.Errorf("the folder has %v", got)
	}
}

func TestFetchMakesAllOrNothing(t *testing.T) {
	s := newArchives(t)
	s.gaps = "ETHUSDT"
	out := filepath.Join(t.TempDir(), "candles")
	code, _, stderr := s.fetch(context.Background(), out, "--pairs", "BTCUSD,ETHUSD")
	if code != exitInput || !strings.Contains(stderr, "--on-gap") || !strings.Contains(stderr, "The downloads are kept") {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, name := range filesIn(t, out) {
		if !strings.HasPrefix(name, cacheName+"/") {
			t.Errorf("%s was made", name)
		}
	}
	before := len(s.requests())
	if code, _, stderr = s.fetch(context.Background(), out, "--pairs", "BTCUSD,ETHUSD", "--on-gap", "keep"); code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if got := s.requests()[before:]; len(got) > 0 {
		t.Errorf("downloaded again: %v", got)
	}
	if got := filesIn(t, out); !slices.Equal(got, []string{"BTCUSD-1m.parquet", "ETHUSD-1m.parquet", "dataset.json"}) {
		t.Errorf("the folder has %v", got)
	}
}

// TestFetchInterruptedBetweenPairs: when the first pair is imported and the second
// is not, there is nothing, and the next call goes on from the downloads.
func TestFetchInterruptedBetweenPairs(t *testing.T) {
	s := newArchives(t)
	out := filepath.Join(t.TempDir(), "candles")
	f := &fetchFlags{pairs: []string{"BTCUSD", "ETHUSD"}, interval: "1m", from: "2025-01-05", to: "2025-01-08", baseURL: s.URL, rate: 60_000,
		out: out, format: "parquet", rules: rules.Default}
	job, err := f.job("binance", market.Pairs())
	if err != nil {
		t.Fatal(err)
	}
	defer job.Close()
	a := &app{stdout: &output{Writer: io.Discard}, stderr: io.Discard}
	raw, err := a.download(context.Background(), job)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := f.plan()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	calendar := plan.Audit.Calendar
	staged := false
	plan.Audit.Calendar = func(p market.Pair, fromMS, toMS int64) (datasets.Calendar, error) {
		if p.ID == "ETHUSD" {
			staged = len(filesIn(t, out)) > 12 // the first pair's file beside the downloads
			cancel()
		}
		return calendar(p, fromMS, toMS)
	}
	if _, err := a.importRaw(ctx, plan, raw, out); !errors.Is(err, context.Canceled) || !staged {
		t.Fatalf("got %v, staged: %v", err, staged)
	}
	for _, name := range filesIn(t, out) {
		if !strings.HasPrefix(name, cacheName+"/") {
			t.Errorf("%s is left", name)
		}
	}
	job.Close()
	before := len(s.requests())
	if code, _, stderr := s.fetch(context.Background(), out, "--pairs", "BTCUSD,ETHUSD"); code != exitOK || len(s.requests()) != before {
		t.Fatalf("exit code %d, %d requests: %s", code, len(s.requests())-before, stderr)
	}
	if got := filesIn(t, out); !slices.Equal(got, []string{"BTCUSD-1m.parquet", "ETHUSD-1m.parquet", "dataset.json"}) {
		t.Errorf("the folder has %v", got)
	}
}

// TestFetchesOfOneFolder: while one is at work, another is refused, and harms
// nothing.
func TestFetchesOfOneFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders can't be locked here")
	}
	s := newArchives(t)
	out := filepath.Join(t.TempDir(), "candles")
	var once sync.Once
	var code int
	var stderr string
	s.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "2025-01-06.zip") {
			once.Do(func() { code, _, stderr = s.fetch(context.Background(), out, "--pairs", "BTCUSD") })
		}
		return false
	}
	if code, _, stderr := s.fetch(context.Background(), out, "--pairs", "BTCUSD"); code != exitOK {
		t.Errorf("the first: exit code %d: %s", code, stderr)
	}
	if code != exitInput || !strings.Contains(stderr, "binance: found another fetch at work in ") || !strings.Contains(stderr, "wait until it is done, or name another folder with --cache") {
		t.Errorf("the second: exit code %d: %s", code, stderr)
	}
	if got := filesIn(t, out); !slices.Equal(got, []string{"BTCUSD-1m.parquet", "dataset.json"}) {
		t.Errorf("the folder has %v", got)
	}
}

func TestFetchSaysWhatTheSourceLacks(t *testing.T) {
	s := newArchives(t)
	s.before = func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.Contains(r.URL.Path, "2025-01-05"):
			w.WriteHeader(http.StatusNotFound)
		case strings.HasSuffix(r.URL.Path, "/klines"):
			fmt.Fprint(w, "[]")
		default:
			return false
		}
		return true
	}
	out := filepath.Join(t.TempDir(), "candles")
	code, stdout, stderr := s.fetch(context.Background(), out, "--pairs", "BTCUSD")
	if want := "BTCUSDT has candles of BTCUSD from 2025-01-06 00:00 to 2025-01-08 00:00 only\n"; code != exitOK || !strings.Contains(stderr, want) {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
}

func TestFetchKeepsTheCacheThatWasNamed(t *testing.T) {
	s := newArchives(t)
	out, cache := filepath.Join(t.TempDir(), "candles"), t.TempDir()
	if code, _, stderr := s.fetch(context.Background(), out, "--pairs", "BTCUSD", "--cache", cache); code != exitOK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if got := len(filesIn(t, cache)); got != 6 {
		t.Errorf("%d files in the cache, want three pieces and their seals", got)
	}
	before := len(s.requests())
	if code, _, stderr := s.fetch(context.Background(), out, "--pairs", "BTCUSD", "--cache", cache, "--force"); code != exitOK || len(s.requests()) != before {
		t.Errorf("exit code %d, %d requests: %s", code, len(s.requests())-before, stderr)
	}
}

func TestFetchTellsOfTrouble(t *testing.T) {
	s := newArchives(t)
	s.before = func(w http.ResponseWriter, _ *http.Request) bool {
		fmt.Fprint(w, "<html><title>Log in</title></html>")
		return true
	}
	out := filepath.Join(t.TempDir(), "candles")
	code, stdout, stderr := s.fetch(context.Background(), out, "--pairs", "BTCUSD")
	if code != exitInput || stdout != "" || !strings.Contains(stderr, "an HTML page (Log in) where text was expected; check --base-url") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}

// TestFetchShowsNoKey plays Polygon, well and badly, and looks for the key in
// everything that comes out.
func TestFetchShowsNoKey(t *testing.T) {
	const key = "k3y-that-nobody-may-see"
	t.Setenv("POLYGON_API_KEY", key)
	good := func(w http.ResponseWriter, r *http.Request) {
		part := strings.Split(r.URL.Path, "/") // …/X:BTCUSD/range/1/minute/FROM/TO
		from, _ := strconv.ParseInt(part[len(part)-2], 10, 64)
		to, _ := strconv.ParseInt(part[len(part)-1], 10, 64)
		var rows []string
		for at := from; at < to; at += 60_000 {
			p := priceAt(at)
			rows = append(rows, fmt.Sprintf(`{"v":1.5,"o":%.2f,"c":%.2f,"h":%.2f,"l":%.2f,"t":%d}`, p, p, p+1, p-1, at))
		}
		fmt.Fprintf(w, `{"ticker":"X:BTCUSD","status":"OK","results":[%s]}`, strings.Join(rows, ","))
	}
	for _, c := range []struct {
		name string
		h    http.HandlerFunc
		code int
	}{
		{"well", good, exitOK},
		{"refused, repeating the key", func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, "no such key: "+r.Header.Get("Authorization"), http.StatusUnauthorized)
		}, exitInput},
		{"answered with the key", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"status":"OK","request":%q}`, r.Header.Get("Authorization"))
		}, exitInput},
		{"refused, with the key where a message is cut", func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, strings.Repeat("x", 150)+" "+r.Header.Get("Authorization"), http.StatusUnauthorized)
		}, exitInput},
		{"sent elsewhere with the key", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/?apiKey="+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), http.StatusFound)
		}, exitInput},
	} {
		t.Run(c.name, func(t *testing.T) {
			keyed := ""
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				keyed = r.Header.Get("Authorization")
				c.h(w, r)
			}))
			defer s.Close()
			dir := t.TempDir()
			for _, format := range []string{"table", "json"} {
				code, stdout, stderr := call(context.Background(), "data", "fetch", "polygon", "--pairs", "BTCUSD", "--from", "2025-01-05", "--to", "2025-01-06",
					"--base-url", s.URL, "--rate", "60000", "--cache", filepath.Join(dir, "cache"), "--out", filepath.Join(dir, format), "--format", format)
				if code != c.code {
					t.Errorf("exit code %d, want %d: %s", code, c.code, stderr)
				}
				if strings.Contains(stdout+stderr, key[:4]) {
					t.Errorf("printed the key:\n%s%s", stdout, stderr)
				}
			}
			if keyed != "Bearer "+key {
				t.Errorf("the key did not travel: %q", keyed)
			}
			for _, name := range filesIn(t, dir) {
				body, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(name+string(body), key) {
					t.Errorf("%s holds the key", name)
				}
			}
		})
	}
}
