package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// Tiingo has candles of crypto, currencies and US stocks (those traded at IEX). It
// wants a key.
//
// What is relied on, of its public documentation:
//   - /tiingo/crypto/prices?tickers=btcusd, /tiingo/fx/eurusd/prices and
//     /iex/aapl/prices, each with startDate, endDate (days) and resampleFreq
//     (1min, 1hour, 1day);
//   - the header Authorization: Token KEY takes the key; 429 says that the hour's
//     or the day's allowance is used up.
//
// It says nothing reliable on whether endDate is included and on how many rows it
// sends at most. So windows are short, overlap by a day, and a page that looks cut
// is refused.
type Tiingo struct{}

// tiingoRows is how many rows a window spans. Answers were cut at round numbers
// from 5,000 on.
const tiingoRows = 4_000

// About implements Source.
func (Tiingo) About() About {
	return About{Name: "tiingo", Title: "Tiingo prices (REST)", Licence: "Tiingo market data, for the key's owner; see Tiingo's terms",
		API: "https://api.tiingo.com", Key: Key{Variable: "TIINGO_API_KEY", Scheme: "Token"}, PerMinute: 30}
}

// Symbol implements Source.
func (t Tiingo) Symbol(p market.Pair) (string, error) {
	switch p.Class {
	case market.Crypto, market.Forex:
		return strings.ToLower(p.Base + p.Quote), nil
	case market.Equities:
		return strings.ToLower(p.ID), nil
	}
	return "", noClass(t.About(), p, "polygon")
}

// Interval implements Source.
func (t Tiingo) Interval(v datasets.Interval) (string, error) {
	const has = "1m 5m 15m 30m 1h 4h 1d"
	name, ok := named(v, has)
	if !ok {
		return "", noInterval(t.About(), v, has)
	}
	count, unit := name[:len(name)-1], name[len(name)-1:]
	return count + map[string]string{"m": "min", "h": "hour", "d": "day"}[unit], nil
}

// Fetch implements Source.
func (t Tiingo) Fetch(ctx context.Context, g *Getter, j Job) (Raw, error) {
	raw := Raw{Options: vendors.Options{Interval: j.Interval}}
	switch j.Pair.Class {
	case market.Forex:
		raw.Notes = append(raw.Notes, "prices are mid quotes, without a volume")
	case market.Equities:
		if j.Interval == datasets.Day {
			return raw, &UsageError{errors.New("tiingo has no 1d candles of equities among its intraday ones: fetch 1h or less")}
		}
		raw.Notes = append(raw.Notes, "prices and volumes are those of IEX alone")
	}
	days := max(tiingoRows*int64(j.Interval)/dayMS, 1)
	whole := Span{floor(j.Span.FromMS, dayMS), j.Span.ToMS}
	for window := range whole.windows(days * dayMS) {
		path, n, err := t.page(ctx, g, j, window)
		if err != nil {
			return raw, err
		}
		if n > 0 {
			raw.Paths = append(raw.Paths, path)
		}
		g.at(j, window.ToMS)
	}
	return raw, nil
}

// page asks for a window's days, and for the one after it, in case that the end
// is not included.
func (t Tiingo) page(ctx context.Context, g *Getter, j Job, w Span) (path string, n int, err error) {
	from, to := utc(w.FromMS).Format(time.DateOnly), utc(w.ToMS-1).AddDate(0, 0, 1).Format(time.DateOnly)
	query := url.Values{"startDate": {from}, "endDate": {to}, "resampleFreq": {j.Step}}
	place := ""
	switch j.Pair.Class {
	case market.Crypto:
		place = "/tiingo/crypto/prices"
		query.Set("tickers", j.Symbol)
	case market.Forex:
		place = "/tiingo/fx/" + url.PathEscape(j.Symbol) + "/prices"
	default:
		place = "/iex/" + url.PathEscape(j.Symbol) + "/prices"
		query.Set("columns", "open,high,low,close,volume")
	}
	// An answer for days that aren't over is not the one of tomorrow: the end is
	// part of the name.
	name := safeName(j.Symbol, j.Step, from, to, fmt.Sprintf("%d.json", w.ToMS))
	path, err = g.Get(ctx, Piece{Name: name, Path: place + "?" + query.Encode(), Content: JSON, EndMS: w.ToMS, Check: func(body []byte) error {
		_, err := tiingoPrices(body, w)
		return err
	}})
	if err != nil {
		return "", 0, err
	}
	n, err = countIn(path, func(body []byte) (int, error) { return tiingoPrices(body, w) })
	return path, n, err
}

// tiingoPrices counts the rows of a page. One whose number of rows is round, and
// that doesn't begin where it should, was cut.
func tiingoPrices(body []byte, w Span) (int, error) {
	type price struct {
		Date time.Time `json:"date"`
	}
	rows := json.RawMessage(body)
	var tickers []struct {
		PriceData json.RawMessage `json:"priceData"`
	}
	if json.Unmarshal(body, &tickers) == nil && len(tickers) == 1 && tickers[0].PriceData != nil {
		rows = tickers[0].PriceData
	}
	var first, last time.Time
	n, err := elements(rows, func(p price) error {
		if p.Date.IsZero() || p.Date.Before(last) {
			return errors.New("expected a date, in ascending order")
		}
		if first.IsZero() {
			first = p.Date
		}
		last = p.Date
		return nil
	})
	if err != nil {
		if o, no := object(body); no == nil {
			return 0, &Trouble{Problem: ErrDenied, Found: "the words " + excerpt(o["detail"]), Remedy: "check the symbol, the span, and what your plan includes"}
		}
		return 0, err
	}
	if n >= 1000 && n%1000 == 0 && (first.UnixMilli() > w.FromMS+dayMS || last.UnixMilli() < w.ToMS-dayMS) {
		return 0, &Trouble{Problem: ErrTruncated, Found: fmt.Sprintf("exactly %d rows, from %s to %s, of %s", n, stamp(first.UnixMilli()), stamp(last.UnixMilli()), w),
			Remedy: "the source cut its answer: take a longer interval, or report it"}
	}
	return n, nil
}
