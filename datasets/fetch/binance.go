package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// Binance has klines of the spot market, or of USD-M futures.
//
// What is relied on, of its public documentation:
//   - archives lie at /data/spot/{monthly,daily}/klines/SYMBOL/1m/SYMBOL-1m-2025-01[-02].zip
//     (futures: /data/futures/um/…), each with SYMBOL-….zip.CHECKSUM beside it, a
//     line of sha256sum; a day's appears on the next, a month's early in the next;
//   - /api/v3/klines and /fapi/v1/klines take startTime and endTime, both included,
//     in ms, and at most 1000 (1500) candles, oldest first;
//   - an answer says in X-MBX-USED-WEIGHT-1M how much of a minute's allowance is
//     used (6000, futures 2400); 429 asks to slow down and 418 is a ban, both with
//     Retry-After.
type Binance struct {
	Futures bool
}

// About implements Source.
func (b Binance) About() About {
	a := About{
		Name: "binance", Title: "Binance spot klines (public archives and REST)",
		Licence: "Binance public data; see Binance's terms",
		// The host for market data alone, which also serves where the exchange doesn't.
		API: "https://data-api.binance.vision", Archive: "https://data.binance.vision",
		PerMinute: 600, Weight: Weight{"X-MBX-USED-WEIGHT-1M", 4800},
	}
	if b.Futures {
		a.Name, a.Title = "binance-futures", "Binance USD-M futures klines (public archives and REST)"
		a.API, a.Weight.Limit = "https://fapi.binance.com", 1900
	}
	return a
}

// Symbol implements Source.
func (b Binance) Symbol(p market.Pair) (string, error) {
	if p.Class != market.Crypto {
		return "", noClass(b.About(), p, "dukascopy, polygon or tiingo")
	}
	quote := p.Quote
	if quote == "USD" {
		quote = "USDT" // there is no market in dollars themselves
	}
	return p.Base + quote, nil
}

// Interval implements Source.
func (b Binance) Interval(v datasets.Interval) (string, error) {
	has := "1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d"
	if !b.Futures {
		has = "1s " + has
	}
	if name, ok := named(v, has); ok {
		return name, nil
	}
	return "", noInterval(b.About(), v, has)
}

// Fetch implements Source. Archives come first: whole months where most of a
// month is wanted, else days. What no archive has yet, the REST interface has.
func (b Binance) Fetch(ctx context.Context, g *Getter, j Job) (Raw, error) {
	raw := Raw{Options: vendors.Options{Format: "binance", Symbol: j.Symbol, Interval: j.Interval}}
	for month := range j.Span.months() {
		if err := b.month(ctx, g, j, month, &raw); err != nil {
			return raw, err
		}
	}
	return raw, nil
}

// month gets a month in one piece or, where little of it is wanted or it has no
// archive yet, by its days.
func (b Binance) month(ctx context.Context, g *Getter, j Job, month Span, raw *Raw) error {
	const few = 10 * dayMS
	want := month.clip(j.Span)
	if want.ToMS-want.FromMS <= few {
		return b.days(ctx, g, j, want, raw)
	}
	path, err := b.archive(ctx, g, j, "monthly", utc(month.FromMS).Format("2006-01"), month)
	switch {
	case err == nil:
		raw.Paths = append(raw.Paths, path)
		g.at(j, month.ToMS)
		return nil
	case !errors.Is(err, ErrAbsent):
		return err
	}
	begun, err := b.begun(ctx, g, j, want)
	if err != nil {
		return err
	}
	if !begun {
		raw.Notes = append(raw.Notes, fmt.Sprintf("%s has no candles from %s", j.Symbol, want))
		return nil
	}
	return b.days(ctx, g, j, want, raw)
}

// begun reports whether a month may have candles though it has no archive. If it
// is long over, it may be before the symbol's first day: one question tells.
func (b Binance) begun(ctx context.Context, g *Getter, j Job, want Span) (bool, error) {
	const late = 40 * dayMS
	if g.client.Clock.Now().UnixMilli()-want.ToMS <= late {
		return true, nil
	}
	_, n, err := b.page(ctx, g, j, want, 1, "probe")
	if errors.Is(err, ErrDenied) { // the archives may be open where the exchange is not
		return true, nil
	}
	return n > 0, err
}

// days gets a span by its days, from the archives or else from the REST
// interface.
func (b Binance) days(ctx context.Context, g *Getter, j Job, want Span, raw *Raw) error {
	for day := range want.days() {
		path, err := b.archive(ctx, g, j, "daily", utc(day.FromMS).Format(time.DateOnly), day)
		switch {
		case err == nil:
			raw.Paths = append(raw.Paths, path)
		case !errors.Is(err, ErrAbsent):
			return err
		default:
			if err := b.rest(ctx, g, j, day.clip(want), raw); err != nil {
				return err
			}
		}
		g.at(j, day.ToMS)
	}
	return nil
}

// archive gets a zip file of klines, which must hash to what its companion says.
func (b Binance) archive(ctx context.Context, g *Getter, j Job, cadence, date string, of Span) (string, error) {
	if of.ToMS > g.client.Clock.Now().UnixMilli() {
		return "", ErrAbsent // it isn't over: nobody has it
	}
	place := "/data/spot/"
	if b.Futures {
		place = "/data/futures/um/"
	}
	name := j.Symbol + "-" + j.Step + "-" + date + ".zip"
	path := place + cadence + "/klines/" + url.PathEscape(j.Symbol) + "/" + j.Step + "/" + url.PathEscape(name)
	return g.Get(ctx, Piece{Name: safeName(name), Archive: true, Path: path, Content: Zip, SHA256: func(ctx context.Context) (string, error) {
		text, err := g.Small(ctx, true, path+".CHECKSUM")
		if err != nil {
			return "", err
		}
		sum, err := checksumOf(text, name)
		if err != nil {
			return "", &Trouble{Source: g.about.Name, URL: path + ".CHECKSUM", Problem: ErrContent, Found: "a checksum file that makes no sense: " + err.Error(),
				Remedy: "check --base-url, or try later"}
		}
		return sum, nil
	}})
}

// rest gets a span of at most a day from the REST interface, page by page.
func (b Binance) rest(ctx context.Context, g *Getter, j Job, want Span, raw *Raw) error {
	const limit = 1000
	for window := range want.windows(limit * int64(j.Interval)) {
		path, n, err := b.page(ctx, g, j, window, limit, "rest")
		if err != nil {
			return err
		}
		if n > 0 {
			raw.Paths = append(raw.Paths, path)
		}
	}
	return nil
}

// page asks for the candles of a window, and returns how many there are.
func (b Binance) page(ctx context.Context, g *Getter, j Job, w Span, limit int, kind string) (path string, n int, err error) {
	query := url.Values{"symbol": {j.Symbol}, "interval": {j.Step}, "limit": {strconv.Itoa(limit)},
		"startTime": {strconv.FormatInt(w.FromMS, 10)}, "endTime": {strconv.FormatInt(w.ToMS-1, 10)}}
	place := "/api/v3/klines?"
	if b.Futures {
		place = "/fapi/v1/klines?"
	}
	name := safeName(j.Symbol, j.Step, kind, strconv.FormatInt(w.FromMS, 10), strconv.FormatInt(w.ToMS, 10)+".json")
	path, err = g.Get(ctx, Piece{Name: name, Path: place + query.Encode(), Content: JSON, EndMS: w.ToMS, Check: func(body []byte) error {
		n, err := klines(body, w)
		if err == nil && n > limit {
			err = fmt.Errorf("%d candles, %d asked for", n, limit)
		}
		return err
	}})
	if err != nil {
		return "", 0, err
	}
	n, err = countIn(path, func(body []byte) (int, error) { return klines(body, w) })
	return path, n, err
}

// klines counts the candles of a REST page, and refuses any out of its window.
func klines(body []byte, w Span) (int, error) {
	var rows [][]json.RawMessage
	if err := json.Unmarshal(body, &rows); err != nil {
		return 0, errors.New("expected an array of klines")
	}
	before := w.FromMS - 1
	for i, row := range rows {
		if len(row) < 6 {
			return 0, fmt.Errorf("kline %d has %d fields, expected at least 6", i+1, len(row))
		}
		ms, err := strconv.ParseInt(string(row[0]), 10, 64)
		if err != nil || ms <= before || ms >= w.ToMS {
			return 0, fmt.Errorf("kline %d opens at %s, expected one after %s and within %s", i+1, excerpt(row[0]), stamp(before), w)
		}
		before = ms
	}
	return len(rows), nil
}
