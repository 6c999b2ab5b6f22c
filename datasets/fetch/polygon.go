package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// Polygon has aggregates of US stocks, currencies, crypto and indices. It wants a
// key.
//
// What is relied on, of its public documentation:
//   - /v2/aggs/ticker/X:BTCUSD/range/1/minute/FROM/TO?adjusted=true&sort=asc&limit=50000,
//     with both ends in ms and included; limit counts the base aggregates (minutes
//     also for hours) that are looked at, not those that come out;
//   - next_url, where there is one, leads to the next page, and wants the key too;
//   - the header Authorization: Bearer KEY takes the key; a free plan has 5
//     requests a minute; 429 asks to slow down;
//   - tickers of crypto begin with X:, of currencies with C:, of indices with I:;
//   - prices of stocks are adjusted for splits, as here asked for.
type Polygon struct{}

// polygonWindow is how many base aggregates a request spans: fewer than the limit
// of 50,000, so that one page is usually all.
const polygonWindow = 43_200

// About implements Source.
func (Polygon) About() About {
	return About{Name: "polygon", Title: "Polygon aggregates (REST)", Licence: "Polygon market data, for the key's owner; see Polygon's terms",
		API: "https://api.polygon.io", Key: Key{Variable: "POLYGON_API_KEY", Scheme: "Bearer"}, PerMinute: 5}
}

// Symbol implements Source.
func (Polygon) Symbol(p market.Pair) (string, error) {
	switch p.Class {
	case market.Crypto:
		return "X:" + p.Base + p.Quote, nil
	case market.Forex:
		return "C:" + p.Base + p.Quote, nil
	case market.Indices:
		return "I:" + p.ID, nil
	}
	return p.ID, nil
}

// Interval implements Source.
func (Polygon) Interval(v datasets.Interval) (string, error) {
	count, unit := v/datasets.Second, "second"
	switch {
	case v%datasets.Day == 0:
		count, unit = v/datasets.Day, "day"
	case v%datasets.Hour == 0:
		count, unit = v/datasets.Hour, "hour"
	case v%datasets.Minute == 0:
		count, unit = v/datasets.Minute, "minute"
	}
	return fmt.Sprintf("%d/%s", count, unit), nil
}

// base is the length of the aggregates that others are made of.
func (Polygon) base(v datasets.Interval) int64 {
	switch {
	case v%datasets.Day == 0:
		return int64(datasets.Day)
	case v%datasets.Minute == 0:
		return int64(datasets.Minute)
	}
	return int64(datasets.Second)
}

// Fetch implements Source.
func (p Polygon) Fetch(ctx context.Context, g *Getter, j Job) (Raw, error) {
	raw := Raw{Options: vendors.Options{Interval: j.Interval}}
	if j.Pair.Class == market.Equities {
		raw.Notes = append(raw.Notes, "prices are adjusted for splits; candles outside the regular session are among them")
	}
	// A window is whole candles, so that none is cut in two.
	length := max(polygonWindow*p.base(j.Interval)/int64(j.Interval), 1) * int64(j.Interval)
	for window := range j.Span.windows(length) {
		if err := p.window(ctx, g, j, window, &raw); err != nil {
			return raw, err
		}
		g.at(j, window.ToMS)
	}
	return raw, nil
}

// window follows the pages of one span.
func (p Polygon) window(ctx context.Context, g *Getter, j Job, w Span, raw *Raw) error {
	const most = 100 // pages: a window fits into one
	path := fmt.Sprintf("/v2/aggs/ticker/%s/range/%s/%d/%d?adjusted=true&limit=50000&sort=asc",
		url.PathEscape(j.Symbol), j.Step, w.FromMS, w.ToMS-1)
	var seen []string
	for number := 1; number <= most; number++ {
		seen = append(seen, path)
		name := safeName(j.Symbol, j.Interval.String(), strconv.FormatInt(w.FromMS, 10), strconv.FormatInt(w.ToMS, 10), fmt.Sprintf("p%d.json", number))
		file, page, err := p.page(ctx, g, w, name, path)
		if err != nil {
			return err
		}
		if page.rows > 0 {
			raw.Paths = append(raw.Paths, file)
		}
		if page.next == "" {
			return nil
		}
		if path, err = p.follow(g, page.next); err != nil {
			return err
		}
		if slices.Contains(seen, path) {
			break
		}
	}
	return &Trouble{Source: g.about.Name, URL: path, Problem: ErrPaging, Found: "pages that never end", Remedy: "try a shorter span, or report it"}
}

// polygonPage is what a page of aggregates says about itself.
type polygonPage struct {
	rows int
	next string
}

func (p Polygon) page(ctx context.Context, g *Getter, w Span, name, path string) (string, polygonPage, error) {
	file, err := g.Get(ctx, Piece{Name: name, Path: path, Content: JSON, EndMS: w.ToMS, Check: func(body []byte) error {
		_, err := polygonAggregates(body)
		return err
	}})
	if err != nil {
		return "", polygonPage{}, err
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return "", polygonPage{}, err
	}
	page, err := polygonAggregates(body)
	return file, page, err
}

// follow judges where the next page is said to be: on the same host, or not at
// all, since the key goes there.
func (p Polygon) follow(g *Getter, next string) (string, error) {
	away := &Trouble{Source: g.about.Name, Problem: ErrRedirect, Found: "a next page on another host",
		Remedy: "the key goes to no other host; if the source lives there now, name it with --base-url"}
	u, err := url.Parse(next)
	if err != nil || u.User != nil {
		return "", away
	}
	if u.Host != g.api.Host || u.Scheme != g.api.Scheme {
		away.Found = "a next page on the host " + g.key.quote([]byte(u.Host))
		return "", away
	}
	query := u.Query()
	query.Del("apiKey")
	u.RawQuery = query.Encode()
	path := u.EscapedPath()
	if base := g.api.EscapedPath(); len(base) > 1 {
		if len(path) < len(base) || path[:len(base)] != base {
			return "", away
		}
		path = path[len(base):]
	}
	if path == "" || path[0] != '/' {
		return "", away
	}
	path += "?" + u.RawQuery
	if g.key.in([]byte(path)) {
		return "", &Trouble{Source: g.about.Name, Problem: ErrKey, Found: "a next page whose URL repeats your key",
			Remedy: "a key belongs into no URL: report it to the source"}
	}
	return path, nil
}

// polygonAggregates reads what a page says about itself.
func polygonAggregates(body []byte) (polygonPage, error) {
	var answer struct {
		Status  string          `json:"status"`
		Error   string          `json:"error"`
		Message string          `json:"message"`
		Results json.RawMessage `json:"results"`
		Next    string          `json:"next_url"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return polygonPage{}, errors.New("expected an object with status and results")
	}
	if answer.Status != "OK" && answer.Status != "DELAYED" {
		return polygonPage{}, &Trouble{Problem: ErrDenied, Found: fmt.Sprintf("the status %q (%s)", excerpt([]byte(answer.Status)), excerpt([]byte(answer.Error+answer.Message))),
			Remedy: "check what your plan includes, the symbol and the span"}
	}
	page := polygonPage{next: answer.Next}
	if len(answer.Results) == 0 || string(answer.Results) == "null" {
		return page, nil
	}
	type aggregate struct {
		T *int64 `json:"t"`
	}
	before := int64(-1)
	n, err := elements(answer.Results, func(a aggregate) error {
		if a.T == nil || *a.T < before {
			return errors.New("expected a time t, in ascending order")
		}
		before = *a.T
		return nil
	})
	page.rows = n
	return page, err
}
