package fetch

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// testKey is what no output and no file may hold.
const testKey = "k3y-that-nobody-may-see"

// handClock is a clock that only sleeping moves.
type handClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func clockAt(text string) *handClock {
	now, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return &handClock{now: now}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// longest is the longest sleep so far.
func (c *handClock) longest() time.Duration {
	var most time.Duration
	for _, d := range c.slept {
		most = max(most, d)
	}
	return most
}

// server is a local server that remembers what it was asked.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // paths with queries
}

func serve(t *testing.T, h http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.RequestURI())
		s.mu.Unlock()
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

func pairOf(t *testing.T, id string) market.Pair {
	t.Helper()
	p, ok := market.FindPair(market.Pairs(), id)
	if !ok {
		t.Fatalf("no pair %s", id)
	}
	return p
}

func ms(t *testing.T, text string) int64 {
	t.Helper()
	v, err := datasets.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// job returns a fetch of one pair from a local server.
func job(t *testing.T, src Source, base, pair, from, to string, clock Clock) *Fetch {
	t.Helper()
	return &Fetch{
		Source: src, Pairs: []market.Pair{pairOf(t, pair)}, Interval: datasets.Minute,
		Span: Span{ms(t, from), ms(t, to)}, Cache: t.TempDir(), BaseURL: base, PerMinute: 1_000_000,
		Getenv: func(string) string { return testKey },
		Client: &Client{Agent: "ptnsim/test", Clock: clock, Patience: Patience{Stall: 5 * time.Second}},
	}
}

// candlesOf reads a pair's pieces, or fails.
func candlesOf(t *testing.T, raw Raw) *market.Series {
	t.Helper()
	inputs, err := vendors.Find(raw.Paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := &market.Series{}
	for _, in := range inputs {
		for c, err := range vendors.Read(context.Background(), in, raw.Options) {
			if err != nil {
				t.Fatal(err)
			}
			all.Time = append(all.Time, c.Time...)
			all.Open, all.High = append(all.Open, c.Open...), append(all.High, c.High...)
			all.Low, all.Close = append(all.Low, c.Low...), append(all.Close, c.Close...)
			all.Volume = append(all.Volume, c.Volume...)
			all.Bid, all.Ask = append(all.Bid, c.Bid...), append(all.Ask, c.Ask...)
		}
	}
	return all
}

// files lists what is in a folder and below, without the folder's own path.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.ToSlash(strings.TrimPrefix(path, dir+string(filepath.Separator))))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// noKeyIn fails if the key is in any file of a folder, or its name.
func noKeyIn(t *testing.T, dir string) {
	t.Helper()
	for _, name := range files(t, dir) {
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(name+string(body), testKey) {
			t.Errorf("%s holds the key", name)
		}
	}
}

// price is the made-up price of a minute: whole cents that go up and down.
func price(minuteMS int64) float64 { return float64(100_00+(minuteMS/60_000*7)%997) / 100 }

// kline is a minute as Binance writes it, in JSON or CSV.
func kline(ms int64, scale int64) string {
	p := price(ms)
	return fmt.Sprintf("%d,\"%.2f\",\"%.2f\",\"%.2f\",\"%.2f\",\"1.5\",%d,\"150\",10,\"0.5\",\"50\",\"0\"", ms*scale, p, p+1, p-1, p+0.5, (ms+60_000)*scale-1)
}

func mustBase(text string) *url.URL {
	u, err := parseBase(text, false)
	if err != nil {
		panic(err)
	}
	return u
}
