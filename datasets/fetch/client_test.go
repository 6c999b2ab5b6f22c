package fetch

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// stub is a source of one piece.
type stub struct {
	content Content
	keyed   bool
}

func (s stub) About() About {
	a := About{Name: "stub", API: "https://stub.invalid", PerMinute: 60}
	if s.keyed {
		a.Key = Key{Variable: "STUB_API_KEY", Scheme: "Bearer"}
	}
	return a
}
func (stub) Symbol(p market.Pair) (string, error)         { return p.ID, nil }
func (stub) Interval(v datasets.Interval) (string, error) { return v.String(), nil }
func (s stub) Fetch(ctx context.Context, g *Getter, j Job) (Raw, error) {
	path, err := g.Get(ctx, Piece{Name: "piece.json", Path: "/piece?a=b", Content: s.content})
	return Raw{Paths: []string{path}}, err
}

// answers serves each request with the next handler, the last again and again.
func answers(handlers ...http.HandlerFunc) http.HandlerFunc {
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		h := handlers[min(n, len(handlers)-1)]
		n++
		h(w, r)
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		fmt.Fprint(w, `{"msg":"something is up"}`)
	}
}

func body(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

var good = body(`[[1]]`)

// cut announces more than it sends.
func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	fmt.Fprint(w, `[[1],`)
}

// cutChunked breaks off in the middle of a body of unknown length.
func cutChunked(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, `[[1],`)
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// cutGzip sends a compressed body without its end.
func cutGzip(w http.ResponseWriter, _ *http.Request) {
	var packed strings.Builder
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, strings.Repeat("[1,2,3],", 1000))
	z.Close()
	w.Header().Set("Content-Encoding", "gzip")
	fmt.Fprint(w, packed.String()[:packed.Len()-8])
}

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// drip sends its first bytes, and then nothing.
func drip(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, `[`)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func endless(w http.ResponseWriter, r *http.Request) {
	for chunk := make([]byte, 1<<16); r.Context().Err() == nil; {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func TestFetchGetsThroughPassingTroubles(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []http.HandlerFunc
		wait    time.Duration // the longest pause at least
	}{
		{"good at once", []http.HandlerFunc{good}, 0},
		{"429 with seconds to wait", []http.HandlerFunc{status(429, "Retry-After", "17"), good}, 17 * time.Second},
		{"429 with a date to wait for", []http.HandlerFunc{status(429, "Retry-After", "Wed, 01 Jan 2025 00:00:23 GMT"), good}, 23 * time.Second},
		{"429 without a time", []http.HandlerFunc{status(429), good}, 10 * time.Second},
		{"5xx, twice", []http.HandlerFunc{status(503), status(502), good}, 2 * time.Second},
		{"a body cut short", []http.HandlerFunc{cut, good}, time.Second},
		{"a chunked body cut short", []http.HandlerFunc{cutChunked, good}, time.Second},
		{"a compressed body cut short", []http.HandlerFunc{cutGzip, good}, time.Second},
		{"JSON cut short under a right length", []http.HandlerFunc{body(`[[1],`), good}, time.Second},
		{"no answer", []http.HandlerFunc{hang, good}, time.Second},
		{"an answer that stops coming", []http.HandlerFunc{drip, good}, time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := clockAt("2025-01-01T00:00:00Z")
			s := serve(t, answers(c.answers...))
			f := job(t, stub{content: JSON}, s.URL, "BTCUSD", "2024-12-01", "2024-12-02", clock)
			f.Client.Patience.Stall = 100 * time.Millisecond
			raw, err := f.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if got := len(s.requests()); got != len(c.answers) {
				t.Errorf("%d requests, want %d", got, len(c.answers))
			}
			if clock.longest() < c.wait {
				t.Errorf("waited %s at most, want %s", clock.longest(), c.wait)
			}
			if len(raw) != 1 || len(raw[0].Paths) != 1 {
				t.Errorf("got %+v", raw)
			}
		})
	}
}

func TestFetchSaysWhatIsWrong(t *testing.T) {
	login := body("<!DOCTYPE html><html><head><title>Log in</title></head></html>")
	for _, c := range []struct {
		name    string
		src     stub
		answer  http.HandlerFunc
		problem error
		tries   int // requests
		words   string
	}{
		{"always 500", stub{content: JSON}, status(500), ErrServer, 6, `the status 500 Internal Server Error ({"msg":"something is up"}), 6 times; that is the source's own trouble: try later`},
		{"always 429", stub{content: JSON}, status(429), ErrTooMany, 6, "ask more slowly with --rate"},
		{"a ban of days", stub{content: JSON}, status(418, "Retry-After", "259200"), ErrTooMany, 1, "and to wait 72h0m0s; wait that long, then what is finished is kept: call again to go on"},
		{"401 with a key", stub{content: JSON, keyed: true}, status(401), ErrDenied, 1, "the key in STUB_API_KEY was not taken: check it"},
		{"403 with a key", stub{content: JSON, keyed: true}, status(403), ErrDenied, 1, "does not open this: check it, and what your plan includes"},
		{"403 without a key", stub{content: JSON}, status(403), ErrDenied, 1, "may refuse your address"},
		{"451", stub{content: JSON}, status(451), ErrDenied, 1, "does not serve your region"},
		{"404", stub{content: JSON}, status(404), ErrAbsent, 1, "check the symbol and the span"},
		{"400", stub{content: JSON}, status(400), ErrStatus, 1, `the status 400 Bad Request ({"msg":"something is up"}); check the symbol`},
		{"a login page for JSON", stub{content: JSON}, login, ErrContent, 1, "an HTML page (Log in) where JSON was expected"},
		{"a login page for a zip", stub{content: Zip}, login, ErrContent, 1, "an HTML page (Log in) where a zip archive was expected"},
		{"text for JSON", stub{content: JSON}, body("please come back later"), ErrContent, 1, "no JSON (please come back later)"},
		{"text for a zip", stub{content: Zip}, body("please come back later"), ErrContent, 1, "no zip archive"},
		{"a zip cut short under a right length", stub{content: Zip}, body("PK\x03\x04\x14\x00"), ErrContent, 3, "a damaged zip archive"},
		{"a bi5 file cut short", stub{content: BI5}, body("\x5d\x00\x00\x20\x00\xff\xff"), ErrContent, 3, "a damaged bi5 file"},
		{"an empty body", stub{content: JSON}, body(""), ErrContent, 3, "an empty body"},
		{"always cut short", stub{content: JSON}, cut, ErrTruncated, 6, "a body that was cut short, 6 times"},
		{"never an answer", stub{content: JSON}, hang, ErrSlow, 6, "no whole answer in time (no byte came for too long), 6 times"},
		{"a huge body that says so", stub{content: BI5}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99999999999")
			w.WriteHeader(http.StatusOK)
		}, ErrTooLarge, 1, "a body of over 4194304 bytes"},
		{"a huge body that doesn't", stub{content: BI5}, endless, ErrTooLarge, 1, "a body of over 4194304 bytes"},
		{"a circle", stub{content: JSON}, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) }, ErrRedirect, 6, "redirects in a circle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, c.answer)
			f := job(t, c.src, s.URL, "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z"))
			f.Client.Patience.Stall = 60 * time.Millisecond
			_, err := f.Run(context.Background())
			if !errors.Is(err, c.problem) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v\nwant %v with %q", err, c.problem, c.words)
			}
			if !strings.HasPrefix(err.Error(), "stub: "+s.URL+"/piece?a=b: found ") {
				t.Errorf("the message does not begin with source and URL: %v", err)
			}
			if got := len(s.requests()); got != c.tries {
				t.Errorf("%d requests, want %d", got, c.tries)
			}
			if left, err := os.ReadDir(f.Cache); err != nil || len(left) > 0 {
				t.Errorf("%v is left, %v", left, err)
			}
		})
	}
}

// failing is a network on which every connection fails in the same way.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestFetchSaysWhyNobodyIsReached(t *testing.T) {
	gone := serve(t, good)
	gone.Close()
	untrusted := httptest.NewUnstartedServer(good)
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	defer untrusted.Close()
	plain := serve(t, good)
	for _, c := range []struct {
		name  string
		base  string
		via   http.RoundTripper
		words string
	}{
		{"connection refused", gone.URL, nil, "no connection (connection refused), 3 times; check the network, or try later"},
		{"no such host", "https://mirror.example", failing{&net.DNSError{Err: "no such host", Name: "mirror.example", IsNotFound: true}},
			"no address of the host mirror.example; check the network and its name service, and --base-url"},
		{"a certificate of nobody's", untrusted.URL, nil, "no connection that can be trusted (x509: certificate signed by unknown authority); check this machine's clock and certificates"},
		{"no TLS at all", "https" + strings.TrimPrefix(plain.URL, "http"), nil, "no connection that can be trusted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := job(t, stub{content: JSON}, c.base, "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z"))
			f.Client.Transport = c.via
			_, err := f.Run(context.Background())
			if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v\nwant %q", err, c.words)
			}
		})
	}
}

func TestKeyGoesNowhereElse(t *testing.T) {
	visited := false
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { visited = true; good(w, r) })
	echo := func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "[%q]", r.Header.Get("Authorization")) }
	denied := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, "unknown key %s", strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	}
	for _, c := range []struct {
		name    string
		answer  http.HandlerFunc
		problem error
		words   string
	}{
		{"a redirect to another host", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) }, ErrRedirect, "a redirect to the host " + other.URL},
		{"an answer that repeats the key", echo, ErrKey, "an answer that repeats your key"},
		{"a refusal that repeats the key", denied, ErrDenied, "unknown key [key]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, c.answer)
			f := job(t, stub{content: JSON, keyed: true}, s.URL, "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z"))
			_, err := f.Run(context.Background())
			if !errors.Is(err, c.problem) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v, want %v with %q", err, c.problem, c.words)
			}
			if shown := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(shown, testKey) {
				t.Errorf("the error holds the key: %s", shown)
			}
			noKeyIn(t, f.Cache)
		})
	}
	if visited {
		t.Error("the other host was asked")
	}
}

func TestKeyTravelsInItsHeaderOnly(t *testing.T) {
	var header, uri, agent string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		header, uri, agent = r.Header.Get("Authorization"), r.RequestURI, r.Header.Get("User-Agent")
		good(w, r)
	})
	f := job(t, stub{content: JSON, keyed: true}, s.URL, "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z"))
	if _, err := f.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if header != "Bearer "+testKey || strings.Contains(uri, testKey) || agent != "ptnsim/test" {
		t.Errorf("got the header %q, the URI %q and the agent %q", header, uri, agent)
	}
	noKeyIn(t, f.Cache)
}

func TestKeyIsRefused(t *testing.T) {
	for _, c := range []struct{ name, value, words string }{
		{"missing", "", "stub: found no key in the environment; set the environment variable STUB_API_KEY to your key"},
		{"blank", "   ", "no key in the environment"},
		{"of two lines", "abcdefgh\r\nX-Other: 1", "something in STUB_API_KEY that is no key"},
		{"too short", "abc", "something in STUB_API_KEY that is no key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := job(t, stub{content: JSON, keyed: true}, "http://127.0.0.1:1", "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z"))
			f.Getenv = func(string) string { return c.value }
			_, err := f.Run(context.Background())
			if !errors.Is(err, ErrKey) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v, want %q", err, c.words)
			}
			if value := strings.TrimSpace(c.value); len(value) > 3 && strings.Contains(err.Error(), value) {
				t.Errorf("the message shows the value: %v", err)
			}
		})
	}
}

func TestSecretShowsNothing(t *testing.T) {
	value := testKey
	key := secret{&value}
	type holder struct {
		Key    secret
		hidden secret
	}
	h := holder{key, key}
	shown := fmt.Sprintf("%v %s %q %+v %#v %x %v %+v %#v %v", key, key, key, key, key, key, h, h, h, &h)
	encoded, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(shown+string(encoded), testKey) || strings.Contains(shown, fmt.Sprintf("%x", testKey)) {
		t.Errorf("%s %s", shown, encoded)
	}
}

func TestBaseURLIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, base string
		keyed      bool
		words      string
	}{
		{"no URL", "mirror", false, "expected a base URL"},
		{"another protocol", "ftp://mirror.example", false, "expected a base URL"},
		{"with a user", "https://me:secret1234@mirror.example", false, "found a user name in the base URL"},
		{"with a query", "https://mirror.example?key=1", false, "without a query"},
		{"a key in the clear", "http://mirror.example", true, "https, since a key goes there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := job(t, stub{content: JSON, keyed: c.keyed}, c.base, "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z"))
			_, err := f.Run(context.Background())
			if _, ok := errors.AsType[*UsageError](err); !ok || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v, want %q", err, c.words)
			}
			if strings.Contains(err.Error(), "secret1234") {
				t.Error("the message shows the password")
			}
		})
	}
}

func TestBaseURLMayHaveAPath(t *testing.T) {
	s := serve(t, good)
	f := job(t, stub{content: JSON}, s.URL+"/mirror/", "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z"))
	if _, err := f.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := s.requests(); len(got) != 1 || got[0] != "/mirror/piece?a=b" {
		t.Errorf("asked for %v", got)
	}
}

func TestSpanIsOfFinishedCandles(t *testing.T) {
	s := serve(t, good)
	for _, c := range []struct{ name, from, to, words string }{
		{"backwards", "2024-12-02", "2024-12-01", "the span ends (2024-12-01) before it begins (2024-12-02)"},
		{"in the future", "2025-02-01", "2025-02-02", "no candle from 2025-02-01 on is finished yet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := job(t, stub{content: JSON}, s.URL, "BTCUSD", c.from, c.to, clockAt("2025-01-01T00:00:30Z")).Run(context.Background())
			if _, ok := errors.AsType[*UsageError](err); !ok || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v, want %q", err, c.words)
			}
		})
	}
	raw, err := job(t, stub{content: JSON}, s.URL, "BTCUSD", "2024-12-01", "2026-01-01", clockAt("2025-01-01T00:01:59Z")).Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := raw[0].Job.Span.ToMS, ms(t, "2025-01-01T00:01:00Z"); got != want {
		t.Errorf("the span ends at %s, want %s", stamp(got), stamp(want))
	}
	if notes := strings.Join(raw[0].Notes, "; "); !strings.Contains(notes, "later candles are not finished") {
		t.Errorf("notes: %s", notes)
	}
}

func TestPaceKeepsRequestsApart(t *testing.T) {
	clock := clockAt("2025-01-01T00:00:10Z")
	p := newPace(clock, 5, Weight{"X-Used", 100})
	begin := clock.Now()
	for range 4 {
		if err := p.wait(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	// Four requests, three times 60 s / 5 between them.
	if got := clock.Now().Sub(begin); got != 36*time.Second {
		t.Errorf("four requests took %s, want 36s", got)
	}
	p.heed(http.Header{"X-Used": {"99"}})
	p.heed(http.Header{"X-Used": {"many"}})
	if got := p.next.Sub(clock.Now()); got != 12*time.Second {
		t.Errorf("the next request in %s, want 12s", got)
	}
	p.heed(http.Header{"X-Used": {"100"}}) // at 46 s of the minute
	if got := p.next.Sub(clock.Now()); got != 14*time.Second {
		t.Errorf("the next request in %s, want 14s: the rest of the minute", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPatience(t *testing.T) {
	p := Patience{}.filled()
	again := func() *Trouble { return &Trouble{Problem: ErrServer, again: true} }
	for _, c := range []struct {
		name   string
		err    error
		try    int
		jitter float64
		want   time.Duration
	}{
		{"the first wait", again(), 1, 0, time.Second},
		{"doubles", again(), 4, 0, 8 * time.Second},
		{"with jitter", again(), 4, 0.5, 10 * time.Second}, // 8 + 8·0.5/2
		{"as asked", &Trouble{again: true, after: time.Minute}, 1, 0.9, time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := p.next(c.err, c.try, c.jitter); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
	long := Patience{Tries: 100}.filled()
	if got, err := long.next(again(), 60, 0.99); err != nil || got != long.Most {
		t.Errorf("the sixtieth wait is %s, %v; want %s", got, err, long.Most)
	}
	full := errors.New("disk full")
	if _, err := p.next(full, 1, 0); err != full {
		t.Errorf("an error of our own is tried again: %v", err)
	}
}

func TestInterruptedWhileWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { cancel(); status(503)(w, r) })
	_, err := job(t, stub{content: JSON}, s.URL, "BTCUSD", "2024-12-01", "2024-12-02", clockAt("2025-01-01T00:00:00Z")).Run(ctx)
	if !errors.Is(err, context.Canceled) || len(s.requests()) != 1 {
		t.Errorf("got %v after %d requests", err, len(s.requests()))
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "-1": 0, "1e3": 0, "soon": 0,
		"99999999999999999": 365 * 24 * time.Hour, "Wed, 01 Jan 2025 00:01:00 GMT": time.Minute,
		"Tue, 31 Dec 2024 00:00:00 GMT": 0, "Fri, 01 Jan 9999 00:00:00 GMT": 365 * 24 * time.Hour,
	} {
		if got := RetryAfter(header, now); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"", "7", "-9223372036854775808", "Wed, 01 Jan 2025 00:01:00 GMT"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if got := RetryAfter(header, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)); got < 0 || got > 365*24*time.Hour {
			t.Errorf("%q: %s", header, got)
		}
	})
}

func TestExcerptIsOneShortLine(t *testing.T) {
	got := excerpt([]byte("a\x1b[31mb\nc\td" + strings.Repeat("é", 500)))
	if strings.ContainsAny(got, "\x1b\n\t") || len([]rune(got)) > 161 || !strings.HasPrefix(got, "a [31mb c d") {
		t.Errorf("got %q", got)
	}
}

func TestRequestPathsStayWithTheHost(t *testing.T) {
	base, _ := url.Parse("https://source.example/base")
	g := &Getter{api: base, archive: base}
	for _, path := range []string{"https://other.example/x", "//other.example/x", "x", ""} {
		if r, err := g.request(false, path, JSON); err == nil {
			t.Errorf("%q became %s", path, r.url)
		}
	}
	r, err := g.request(false, "/v2/X:BTCUSD/a%2Fb?q=1", JSON)
	if err != nil || r.url.String() != "https://source.example/base/v2/X:BTCUSD/a%2Fb?q=1" {
		t.Errorf("got %v, %v", r.url, err)
	}
}
