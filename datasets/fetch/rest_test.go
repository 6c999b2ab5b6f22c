package fetch

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

// krakenLike answers like Kraken: 720 candles up to its present, and trades every
// ten seconds, three at a time in a page of up to perPage.
type krakenLike struct {
	beginsMS, nowMS int64
	perPage         int
	spoil           func(n int, body string) string // of the n-th page of trades
	pages           int
}

const tradesApartMS = 10_000

func (k *krakenLike) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case q.Get("pair") != "XBTUSD":
		fmt.Fprint(w, `{"error":["EQuery:Unknown asset pair"]}`)
	case r.URL.Path == "/0/public/OHLC":
		k.ohlc(w, q.Get("interval"))
	case r.URL.Path == "/0/public/Trades":
		k.trades(w, q.Get("since"))
	}
}

func (k *krakenLike) ohlc(w http.ResponseWriter, minutes string) {
	n, _ := strconv.ParseInt(minutes, 10, 64)
	step := n * 60_000
	var rows []string
	last := floor(k.nowMS, step)
	for at := last - 719*step; at <= last; at += step { // the last is not finished
		p := price(at)
		rows = append(rows, fmt.Sprintf(`[%d,"%.2f","%.2f","%.2f","%.2f","0","1.5",3]`, at/1000, p, p+1, p-1, p))
	}
	fmt.Fprintf(w, `{"error":[],"result":{"XXBTZUSD":[%s],"last":%d}}`, strings.Join(rows, ","), last/1000-n*60)
}

func (k *krakenLike) trades(w http.ResponseWriter, text string) {
	k.pages++
	since, _ := strconv.ParseInt(text, 10, 64)
	var rows []string
	last := since
	first := max(k.beginsMS, floor(since/1_000_000, tradesApartMS))
	for at := first; at < k.nowMS && len(rows) < k.perPage; at += tradesApartMS {
		if at*1_000_000 <= since {
			continue
		}
		rows = append(rows, fmt.Sprintf(`["%.2f","0.25",%d.%07d,"b","l","",%d]`, price(floor(at, 60_000))+float64(at%60_000)/100_000, at/1000, at%1000*10_000, at/tradesApartMS))
		last = at * 1_000_000
	}
	body := fmt.Sprintf(`{"error":[],"result":{"XXBTZUSD":[%s],"last":"%d"}}`, strings.Join(rows, ","), last)
	if k.spoil != nil {
		body = k.spoil(k.pages, body)
	}
	fmt.Fprint(w, body)
}

func TestKrakenGetsRecentCandles(t *testing.T) {
	k := &krakenLike{nowMS: ms(t, "2025-01-20T12:00:30Z")}
	s := serve(t, k.ServeHTTP)
	raw, err := job(t, Kraken{}, s.URL, "BTCUSD", "2025-01-20T06:00:00Z", "2025-01-21", clockAt("2025-01-20T12:00:30Z")).Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if asked := s.requests(); len(asked) != 1 || asked[0] != "/0/public/OHLC?interval=1&pair=XBTUSD&since=1737352799" {
		t.Errorf("asked for %v", asked)
	}
	got := candlesOf(t, raw[0])
	if i := got.Search(ms(t, "2025-01-20T06:00:00Z")); got.Time[i] != ms(t, "2025-01-20T06:00:00Z") || got.Open[i] != price(got.Time[i]) {
		t.Errorf("the candle at 06:00 is at %s and opens at %v", stamp(got.Time[i]), got.Open[i])
	}
	if raw[0].Job.Span.ToMS != ms(t, "2025-01-20T12:00:00Z") {
		t.Error("the unfinished candle is not cut off")
	}
}

func TestKrakenMakesOlderCandlesOfTrades(t *testing.T) {
	k := &krakenLike{beginsMS: ms(t, "2025-01-01"), nowMS: ms(t, "2025-01-20"), perPage: 100}
	s := serve(t, k.ServeHTTP)
	f := job(t, Kraken{}, s.URL, "BTCUSD", "2025-01-05", "2025-01-05T01:00:00Z", clockAt("2025-01-20T00:00:00Z"))
	raw, err := f.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	// An hour has 360 trades: four pages, the last of which reaches past the end.
	if asked := s.requests(); len(asked) != 4 || asked[0] != "/0/public/Trades?count=1000&pair=XBTUSD&since=1736035199999999999" {
		t.Errorf("asked for %v", asked)
	}
	got := candlesOf(t, raw[0])
	if got.Len() != 360 || got.Time[0] != ms(t, "2025-01-05") || got.Time[359] != ms(t, "2025-01-05T00:59:50Z") {
		t.Fatalf("%d trades from %s to %s", got.Len(), stamp(got.Time[0]), stamp(got.Time[got.Len()-1]))
	}
	if want := price(ms(t, "2025-01-05")) + 0.1; math.Abs(got.Close[1]-want) > 1e-9 || got.Volume[1] != 0.25 {
		t.Errorf("the second trade is of %v at %v, want 0.25 at %v", got.Volume[1], got.Close[1], want)
	}
	if notes := strings.Join(raw[0].Notes, ";"); !strings.Contains(notes, "made of Kraken's trades: its candles go back 720 times 1m only") {
		t.Errorf("notes: %s", notes)
	}
	// Again: nothing is asked for.
	if again, err := f.Run(context.Background()); err != nil || len(s.requests()) != 4 || again[0].Paths[0] != raw[0].Paths[0] {
		t.Errorf("again: %v, %d requests", err, len(s.requests()))
	}
}

func TestKrakenStopsAtThePresent(t *testing.T) {
	k := &krakenLike{beginsMS: ms(t, "2025-01-19T23:50:00Z"), nowMS: ms(t, "2025-01-20"), perPage: 100}
	s := serve(t, k.ServeHTTP)
	f := job(t, Kraken{}, s.URL, "BTCUSD", "2025-01-01", "2025-01-20", clockAt("2025-01-20T00:00:00Z"))
	raw, err := f.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got := candlesOf(t, raw[0]); got.Len() != 60 || len(s.requests()) != 2 {
		t.Errorf("%d trades in %d requests, want 60 in 2", got.Len(), len(s.requests()))
	}
	// An empty page is the present's, not one to keep.
	if _, err := f.Run(context.Background()); err != nil || len(s.requests()) != 3 {
		t.Errorf("again: %v, %d requests", err, len(s.requests()))
	}
}

func TestKrakenFaults(t *testing.T) {
	said := func(words string) func(int, string) string {
		return func(int, string) string { return `{"error":["` + words + `"]}` }
	}
	var first string
	for _, c := range []struct {
		name    string
		spoil   func(int, string) string
		problem error
		words   string
		pages   int
	}{
		{"too many requests", said("EGeneral:Too many requests"), ErrTooMany, "the words EGeneral:Too many requests, 6 times; ask more slowly", 6},
		{"unavailable", said("EService:Unavailable"), ErrServer, "the words EService:Unavailable, 6 times", 6},
		{"something else", said("EGeneral:Permission denied"), ErrServer, "the words EGeneral:Permission denied; try later", 1},
		{"the same page again", func(n int, body string) string {
			if n == 1 {
				first = body
			}
			return first
		}, ErrPaging, "a page of trades that overlaps with the one before: trade 173603520 after 173603619", 2},
		{"a page that leads nowhere", func(_ int, body string) string {
			return body[:strings.LastIndex(body, `"last"`)] + `"last":"1736035199999999999"}}`
		}, ErrPaging, "a page of trades that leads back to where it began", 1},
		{"trades out of order", func(_ int, body string) string {
			return strings.Replace(body, "1736035210.", "1736031610.", 1)
		}, ErrContent, "trade 173603521 at 2025-01-04T23:00:10Z, expected one after", 1},
		{"no rows", func(int, string) string { return `{"error":[],"result":{"last":"1"}}` }, ErrContent, "expected rows under the name of a pair", 1},
		{"a price that is none", func(_ int, body string) string { return strings.Replace(body, `["1`, `["NaN1`, 1) }, ErrContent, "the price or volume NaN1", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := &krakenLike{beginsMS: ms(t, "2025-01-01"), nowMS: ms(t, "2025-01-20"), perPage: 100, spoil: c.spoil}
			s := serve(t, k.ServeHTTP)
			_, err := job(t, Kraken{}, s.URL, "BTCUSD", "2025-01-05", "2025-01-05T01:00:00Z", clockAt("2025-01-20T00:00:00Z")).Run(context.Background())
			if !errors.Is(err, c.problem) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v\nwant %v with %q", err, c.problem, c.words)
			}
			if k.pages != c.pages {
				t.Errorf("%d pages asked for, want %d", k.pages, c.pages)
			}
		})
	}
}

func TestDecimalSecondsRoundDown(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"1688669597.8277369", 1688669597827, true},
		{"1688669599.999999999", 1688669599999, true}, // as a float64 this is 1688669600
		{"1688669600", 1688669600000, true}, {"1688669600.5", 1688669600500, true},
		{"1e9", 0, false}, {"-1", 0, false}, {"1.-5", 0, false}, {"", 0, false}, {"99999999999999", 0, false},
	} {
		if got, ok := decimalSeconds(c.text); ok != c.ok || ok && got != c.want {
			t.Errorf("%s: got %d, %v", c.text, got, ok)
		}
	}
}

// polygonLike answers like Polygon with pages of perPage aggregates.
type polygonLike struct {
	perPage int64
	host    string // of next_url; "" = its own
	next    func(at int64) string
	asked   int
}

func (p *polygonLike) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.asked++
	if r.Header.Get("Authorization") != "Bearer "+testKey {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"status":"ERROR","error":"Unknown API Key"}`)
		return
	}
	part := strings.Split(strings.TrimPrefix(r.URL.Path, "/v2/aggs/ticker/"), "/") // X:BTCUSD range 1 minute FROM TO
	from, _ := strconv.ParseInt(part[4], 10, 64)
	to, _ := strconv.ParseInt(part[5], 10, 64)
	if cursor := r.URL.Query().Get("cursor"); cursor != "" {
		from, _ = strconv.ParseInt(cursor, 10, 64)
	}
	var rows []string
	at := from
	for ; at <= to && int64(len(rows)) < p.perPage; at += 60_000 {
		c := price(at)
		rows = append(rows, fmt.Sprintf(`{"v":1.5,"vw":%.2f,"o":%.2f,"c":%.2f,"h":%.2f,"l":%.2f,"t":%d,"n":3}`, c, c, c, c+1, c-1, at))
	}
	next := ""
	if at <= to {
		host := p.host
		if host == "" {
			host = "http://" + r.Host
		}
		cursor := strconv.FormatInt(at, 10)
		if p.next != nil {
			cursor = p.next(at)
		}
		next = fmt.Sprintf(`,"next_url":"%s%s?cursor=%s&apiKey=nonsense"`, host, r.URL.Path, cursor)
	}
	fmt.Fprintf(w, `{"ticker":"X:BTCUSD","queryCount":1,"resultsCount":%d,"adjusted":true,"status":"OK","results":[%s]%s}`, len(rows), strings.Join(rows, ","), next)
}

func TestPolygonFollowsPages(t *testing.T) {
	p := &polygonLike{perPage: 500}
	s := serve(t, p.ServeHTTP)
	f := job(t, Polygon{}, s.URL, "BTCUSD", "2025-01-05", "2025-01-06", clockAt("2025-01-20T00:00:00Z"))
	raw, err := f.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := candlesOf(t, raw[0])
	if got.Len() != 1440 || got.Time[0] != ms(t, "2025-01-05") || got.Time[1439] != ms(t, "2025-01-05T23:59:00Z") || got.Open[700] != price(got.Time[700]) {
		t.Errorf("%d candles", got.Len())
	}
	asked := s.requests()
	if len(asked) != 3 || asked[0] != "/v2/aggs/ticker/X:BTCUSD/range/1/minute/1736035200000/1736121599999?adjusted=true&limit=50000&sort=asc" ||
		asked[1] != "/v2/aggs/ticker/X:BTCUSD/range/1/minute/1736035200000/1736121599999?cursor=1736065200000" {
		t.Errorf("asked for %v", asked)
	}
	noKeyIn(t, f.Cache)
	if _, err := f.Run(context.Background()); err != nil || len(s.requests()) != 3 {
		t.Errorf("again: %v, %d requests", err, len(s.requests()))
	}
}

func TestPolygonAsksAgainForWhatMayBeLate(t *testing.T) {
	p := &polygonLike{perPage: 50_000}
	clock := clockAt("2025-01-06T00:30:00Z")
	s := serve(t, datedBy(clock, p))
	f := job(t, Polygon{}, s.URL, "BTCUSD", "2025-01-05", "2025-01-06", clock)
	for _, step := range []struct {
		at   string
		want int // requests so far
	}{{"2025-01-06T00:30:00Z", 1}, {"2025-01-06T01:00:00Z", 1}, {"2025-01-09T00:00:00Z", 2}, {"2025-01-19T00:00:00Z", 2}} {
		clock.now = clockAt(step.at).now
		if _, err := f.Run(context.Background()); err != nil || p.asked != step.want {
			t.Errorf("at %s: %v, %d requests, want %d", step.at, err, p.asked, step.want)
		}
	}
}

func TestPolygonFaults(t *testing.T) {
	other := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the other host was asked") })
	for _, c := range []struct {
		name    string
		h       http.Handler
		problem error
		words   string
	}{
		{"a next page on another host", &polygonLike{perPage: 500, host: other.URL}, ErrRedirect, "a next page on the host " + other.Listener.Addr().String() + "; the key goes to no other host"},
		{"a next page under another protocol", &polygonLike{perPage: 500, host: "https://" + other.Listener.Addr().String()}, ErrRedirect, "the key goes to no other host"},
		{"the same page again and again", &polygonLike{perPage: 500, next: func(int64) string { return "1736035200000" }}, ErrPaging, "pages that never end"},
		{"pages without an end", &polygonLike{perPage: 1, next: func(at int64) string { return strconv.FormatInt(at, 10) }}, ErrPaging, "pages that never end"},
		{"a plan that lacks it", body(`{"status":"NOT_AUTHORIZED","message":"Your plan doesn't include this data timeframe."}`), ErrDenied, `the status "NOT_AUTHORIZED" (Your plan doesn't include this data timeframe.); check what your plan includes`},
		{"times out of order", body(`{"status":"OK","results":[{"t":2},{"t":1}]}`), ErrContent, "row 2: expected a time t, in ascending order"},
		{"results that are no array", body(`{"status":"OK","results":{"t":2}}`), ErrContent, "expected an array"},
		{"nothing at all", body(`{"status":"OK","resultsCount":0}`), ErrAbsent, "no candles of BTCUSD (X:BTCUSD)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, c.h.ServeHTTP)
			f := job(t, Polygon{}, s.URL, "BTCUSD", "2025-01-05", "2025-01-06", clockAt("2025-01-20T00:00:00Z"))
			_, err := f.Run(context.Background())
			if !errors.Is(err, c.problem) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v\nwant %v with %q", err, c.problem, c.words)
			}
			if n := len(s.requests()); n > 101 {
				t.Errorf("%d requests", n)
			}
			noKeyIn(t, f.Cache)
		})
	}
}

// tiingoLike answers like Tiingo, with or without the last day.
type tiingoLike struct {
	inclusive bool
	most      int // rows, the newest; 0 = all
}

func (l tiingoLike) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if r.Header.Get("Authorization") != "Token "+testKey {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	from, err := datasets.ParseInstant(q.Get("startDate"))
	to, err2 := datasets.ParseInstant(q.Get("endDate"))
	if err != nil || err2 != nil || q.Get("resampleFreq") != "1min" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if l.inclusive {
		to += dayMS
	}
	var rows []string
	for at := from; at < to; at += 60_000 {
		c := price(at)
		rows = append(rows, fmt.Sprintf(`{"date":"%s","open":%.2f,"high":%.2f,"low":%.2f,"close":%.2f,"volume":1.5,"volumeNotional":150.0,"tradesDone":3.0}`,
			utc(at).Format("2006-01-02T15:04:05+00:00"), c, c+1, c-1, c))
	}
	if l.most > 0 && len(rows) > l.most {
		rows = rows[len(rows)-l.most:]
	}
	all := strings.Join(rows, ",")
	if r.URL.Path == "/tiingo/crypto/prices" {
		all = `{"ticker":"btcusd","baseCurrency":"btc","quoteCurrency":"usd","priceData":[` + all + `]}`
	}
	fmt.Fprintf(w, "[%s]", all)
}

func TestTiingoCoversTheSpan(t *testing.T) {
	for _, inclusive := range []bool{false, true} {
		for _, c := range []struct{ pair, path string }{
			{"BTCUSD", "/tiingo/crypto/prices?endDate=2025-01-07&resampleFreq=1min&startDate=2025-01-05&tickers=btcusd"},
			{"EURUSD", "/tiingo/fx/eurusd/prices?endDate=2025-01-07&resampleFreq=1min&startDate=2025-01-05"},
			{"AAPL", "/iex/aapl/prices?columns=open%2Chigh%2Clow%2Cclose%2Cvolume&endDate=2025-01-07&resampleFreq=1min&startDate=2025-01-05"},
		} {
			s := serve(t, tiingoLike{inclusive: inclusive}.ServeHTTP)
			f := job(t, Tiingo{}, s.URL, c.pair, "2025-01-05T06:00:00Z", "2025-01-08", clockAt("2025-01-20T00:00:00Z"))
			raw, err := f.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if asked := s.requests(); len(asked) != 2 || asked[0] != c.path {
				t.Errorf("asked for %v, want %s", asked, c.path)
			}
			got := candlesOf(t, raw[0])
			for at := ms(t, "2025-01-05T06:00:00Z"); at < ms(t, "2025-01-08"); at += 60_000 {
				if i := slices.Index(got.Time, at); i < 0 || got.Open[i] != price(at) {
					t.Fatalf("%s: no candle at %s, or a wrong one", c.pair, stamp(at))
				}
			}
			noKeyIn(t, f.Cache)
		}
	}
}

func TestTiingoFaults(t *testing.T) {
	for _, c := range []struct {
		name    string
		h       http.HandlerFunc
		problem error
		words   string
	}{
		{"an answer that was cut", tiingoLike{most: 1000}.ServeHTTP, ErrTruncated, "exactly 1000 rows, from 2025-01-06T07:20:00Z"},
		{"words", body(`{"detail":"Error: Ticker 'btcusd' not found"}`), ErrDenied, "Ticker 'btcusd' not found"},
		{"dates out of order", body(`[{"date":"2025-01-06T00:00:00Z"},{"date":"2025-01-05T00:00:00Z"}]`), ErrContent, "row 2: expected a date, in ascending order"},
		{"a date that is none", body(`[{"date":"yesterday"}]`), ErrContent, "makes no sense"},
		{"nothing", body(`[]`), ErrAbsent, "no candles of BTCUSD"},
		{"a ticker without prices", body(`[{"ticker":"btcusd","priceData":[]}]`), ErrAbsent, "no candles of BTCUSD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, c.h)
			_, err := job(t, Tiingo{}, s.URL, "BTCUSD", "2025-01-05", "2025-01-07", clockAt("2025-01-20T00:00:00Z")).Run(context.Background())
			if !errors.Is(err, c.problem) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v\nwant %v with %q", err, c.problem, c.words)
			}
		})
	}
}

func FuzzPages(f *testing.F) {
	for _, s := range []string{`{"error":[],"result":{"XXBTZUSD":[["1","1",1.5,"b","l","",1]],"last":"1"}}`, `{"status":"OK","results":[{"t":1}],"next_url":"http://a/b"}`,
		`[{"date":"2025-01-06T00:00:00Z"}]`, `[{"priceData":[{}]}]`, `{"detail":[[[`, `{"error":["EQuery"]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		w := Span{0, 1000 * dayMS}
		if page, err := readKrakenTrades(body, nil); err == nil && (page.n < 0 || page.n > len(body) || page.last < 0) {
			t.Errorf("%+v", page)
		}
		if page, err := polygonAggregates(body); err == nil && page.rows > len(body) {
			t.Errorf("%+v", page)
		}
		if n, err := tiingoPrices(body, w); err == nil && n > len(body) {
			t.Errorf("%d rows", n)
		}
		g := &Getter{}
		r, _ := (&Getter{api: mustBase("https://source.example")}).request(false, "/x", JSON)
		if err := g.explain(r, errors.New(string(body))); !errors.Is(err, ErrContent) {
			t.Error(err)
		}
	})
}

func FuzzPolygonFollow(f *testing.F) {
	for _, s := range []string{"https://source.example/v2?cursor=1", "https://other.example/", "//source.example/x", "/v2", "https://me@source.example/", "https://source.example", ":"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, next string) {
		g := &Getter{api: mustBase("https://source.example")}
		path, err := Polygon{}.follow(g, next)
		if err != nil {
			return
		}
		if r, err := g.request(false, path, JSON); err == nil && (r.url.Host != "source.example" || r.url.Scheme != "https" || r.url.User != nil) {
			t.Errorf("%q leads to %s", next, r.url)
		}
	})
}
