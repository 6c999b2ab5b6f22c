package fetch

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	datatext "github.com/ptnsim/ptnsim/datasets/text"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// Kraken has the last 720 candles of an interval, and all trades since the
// beginning, of which candles can be made.
//
// What is relied on, of its public documentation:
//   - /0/public/OHLC?pair=&interval= answers the last 720 candles, whatever since
//     says; the last of them is not finished;
//   - /0/public/Trades?pair=&since=&count=1000 answers the trades after since, a
//     count of nanoseconds, oldest first; "last" is the since of the next page;
//   - troubles come with the status 200 and words in "error".
type Kraken struct{}

// krakenKept is how many candles the OHLC request looks back, one less for the
// unfinished one, and another for the time that asking takes.
const krakenKept = 718

// About implements Source.
func (Kraken) About() About {
	return About{Name: "kraken", Title: "Kraken spot (REST)", Licence: "Kraken market data; see Kraken's terms",
		API: "https://api.kraken.com", PerMinute: 50}
}

// Symbol implements Source.
func (k Kraken) Symbol(p market.Pair) (string, error) {
	if p.Class != market.Crypto {
		return "", noClass(k.About(), p, "dukascopy, polygon or tiingo")
	}
	base := p.Base
	switch base { // Kraken keeps the names that ISO 4217 leaves to private use
	case "BTC":
		base = "XBT"
	case "DOGE":
		base = "XDG"
	}
	return base + p.Quote, nil
}

// Interval implements Source. Trades make candles of any length that the recent
// ones have too.
func (k Kraken) Interval(v datasets.Interval) (string, error) {
	const has = "1m 5m 15m 30m 1h 4h 1d"
	if _, ok := named(v, has); !ok {
		return "", noInterval(k.About(), v, has)
	}
	return strconv.FormatInt(int64(v/datasets.Minute), 10), nil
}

// Fetch implements Source.
func (k Kraken) Fetch(ctx context.Context, g *Getter, j Job) (Raw, error) {
	oldest := floor(g.client.Clock.Now().UnixMilli(), int64(j.Interval)) - krakenKept*int64(j.Interval)
	if j.Span.FromMS >= oldest {
		return k.recent(ctx, g, j)
	}
	return k.trades(ctx, g, j)
}

// recent gets the candles themselves.
func (k Kraken) recent(ctx context.Context, g *Getter, j Job) (Raw, error) {
	query := url.Values{"pair": {j.Symbol}, "interval": {j.Step}, "since": {strconv.FormatInt(j.Span.FromMS/1000-1, 10)}}
	name := safeName(j.Symbol, j.Step, "ohlc", strconv.FormatInt(j.Span.FromMS, 10), strconv.FormatInt(j.Span.ToMS, 10)+".json")
	path, err := g.Get(ctx, Piece{Name: name, Path: "/0/public/OHLC?" + query.Encode(), Content: JSON, EndMS: j.Span.ToMS, Check: func(body []byte) error {
		rows, _, err := krakenResult(body)
		if err != nil {
			return err
		}
		_, err = elements(rows, func(row []json.RawMessage) error {
			if len(row) < 7 {
				return fmt.Errorf("a candle of %d fields, expected 8", len(row))
			}
			return nil
		})
		return err
	}})
	if err != nil {
		return Raw{}, err
	}
	return Raw{Paths: []string{path}, Options: vendors.Options{Interval: j.Interval}}, nil
}

// trades gets all trades of the span, page by page, and writes them as one file
// of ticks. A page can't be had without the one before, which names where it
// begins.
func (k Kraken) trades(ctx context.Context, g *Getter, j Job) (Raw, error) {
	raw := Raw{Options: tickOptions(j), Notes: []string{fmt.Sprintf(
		"made of Kraken's trades: its candles go back 720 times %s only", j.Interval)}}
	name := safeName(j.Symbol, "trades", strconv.FormatInt(j.Span.FromMS, 10), strconv.FormatInt(j.Span.ToMS, 10)+".csv")
	file, err := g.store.draft(name)
	if err != nil {
		return raw, err
	}
	defer file.drop()
	ticks := &tickWriter{span: j.Span, w: bufio.NewWriterSize(file.f, 1<<16)}
	if err := k.pages(ctx, g, j, ticks); err != nil || ticks.rows == 0 {
		return raw, err
	}
	if err := ticks.w.Flush(); err != nil {
		return raw, err
	}
	path, err := file.place(g.store, name)
	raw.Paths = []string{path}
	return raw, err
}

// pages walks through the pages of a span.
func (k Kraken) pages(ctx context.Context, g *Getter, j Job, ticks *tickWriter) error {
	since, end, lastID := j.Span.FromMS*1_000_000-1, j.Span.ToMS*1_000_000, int64(0)
	for since < end-1 {
		body, page, err := k.page(ctx, g, j, since, lastID)
		if err != nil {
			return err
		}
		if page.n == 0 {
			return nil // the present
		}
		if _, err := readKrakenTrades(body, ticks.add); err != nil {
			return err
		}
		since, lastID = page.last, page.lastID
		g.at(j, since/1_000_000)
	}
	return nil
}

// krakenPage is what a page of trades says about itself.
type krakenPage struct {
	n               int
	firstID, lastID int64 // of its trades, which count up; 0 = they have none
	last            int64 // where the next page begins, ns
}

// page gets the trades after since. Their ids must go on after those of the page
// before: a trade that came twice would count twice.
func (k Kraken) page(ctx context.Context, g *Getter, j Job, since, lastID int64) ([]byte, krakenPage, error) {
	query := url.Values{"pair": {j.Symbol}, "since": {strconv.FormatInt(since, 10)}, "count": {"1000"}}
	name := safeName(j.Symbol, "trades", strconv.FormatInt(since, 10)+".json")
	path, err := g.Get(ctx, Piece{Name: name, Path: "/0/public/Trades?" + query.Encode(), Content: JSON, Check: func(body []byte) error {
		page, err := readKrakenTrades(body, nil)
		switch {
		case err != nil:
			return err
		case page.firstID > 0 && page.firstID <= lastID:
			return &Trouble{Problem: ErrPaging, Found: fmt.Sprintf("a page of trades that overlaps with the one before: trade %d after %d", page.firstID, lastID),
				Remedy: "try later; the source repeats itself"}
		case page.n > 0 && page.last <= since:
			return &Trouble{Problem: ErrPaging, Found: fmt.Sprintf("a page of trades that leads back to where it began (%d)", page.last),
				Remedy: "try later; the source repeats itself"}
		}
		return nil
	}, Passing: func(body []byte) int64 {
		if page, err := readKrakenTrades(body, nil); err == nil && page.n == 0 {
			return j.Span.ToMS // there will be trades later
		}
		return 0
	}})
	if err != nil {
		return nil, krakenPage{}, err
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, krakenPage{}, err
	}
	page, err := readKrakenTrades(body, nil)
	return body, page, err
}

// krakenTrade is what is taken of a trade.
type krakenTrade struct {
	ms            int64 // UTC, rounded down
	price, volume string
	id            int64 // 0 = it has none
}

// UnmarshalJSON implements json.Unmarshaler: a trade is an array of price,
// volume, time in seconds, side, kind, remarks and, in answers of today, an id.
func (t *krakenTrade) UnmarshalJSON(text []byte) error {
	var row []json.RawMessage
	if err := json.Unmarshal(text, &row); err != nil || len(row) < 3 {
		return errors.New("expected a trade: an array of price, volume, time, …")
	}
	t.price, t.volume = strings.Trim(string(row[0]), `"`), strings.Trim(string(row[1]), `"`)
	for _, number := range []string{t.price, t.volume} {
		if x, ok := datatext.Float([]byte(number)); !ok || x < 0 {
			return fmt.Errorf("the price or volume %s, expected a number", excerpt([]byte(number)))
		}
	}
	var ok bool
	if t.ms, ok = decimalSeconds(string(row[2])); !ok {
		return fmt.Errorf("the time %s, expected seconds since 1970", excerpt(row[2]))
	}
	if len(row) < 7 {
		return nil
	}
	var err error
	if t.id, err = strconv.ParseInt(string(row[6]), 10, 64); err != nil || t.id <= 0 {
		return fmt.Errorf("the id %s, expected a whole number", excerpt(row[6]))
	}
	return nil
}

// decimalSeconds reads seconds with a fraction as ms, rounded down. A float64
// can't tell the last nanoseconds of a candle from the next candle's first.
func decimalSeconds(text string) (ms int64, ok bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds < 0 || seconds > 1e11 || strings.Trim(fraction, "0123456789") != "" {
		return 0, false
	}
	thousandths, err := strconv.ParseInt((fraction + "000")[:3], 10, 64)
	return 1000*seconds + thousandths, err == nil
}

// readKrakenTrades reads what a page of trades says about itself, and hands each
// trade on where take is not nil.
func readKrakenTrades(body []byte, take func(krakenTrade) error) (page krakenPage, err error) {
	rows, last, err := krakenResult(body)
	if err != nil {
		return page, err
	}
	var before int64
	page.n, err = elements(rows, func(t krakenTrade) error {
		if t.ms < before || t.id != 0 && t.id <= page.lastID {
			return fmt.Errorf("trade %d at %s, expected one after %d at %s", t.id, stamp(t.ms), page.lastID, stamp(before))
		}
		if before = t.ms; page.firstID == 0 {
			page.firstID = t.id
		}
		page.lastID = t.id
		if take == nil {
			return nil
		}
		return take(t)
	})
	if err != nil {
		return page, err
	}
	page.last, err = strconv.ParseInt(strings.Trim(string(last), `"`), 10, 64)
	if err != nil || page.last < 0 {
		return page, fmt.Errorf("the next page at %s, expected nanoseconds", excerpt(last))
	}
	return page, nil
}

// krakenResult finds the rows of an answer, under the name that Kraken gives the
// pair this time, and its "last".
func krakenResult(body []byte) (rows, last json.RawMessage, err error) {
	var answer struct {
		Error  []string                   `json:"error"`
		Result map[string]json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, nil, errors.New("expected an object with error and result")
	}
	if len(answer.Error) > 0 {
		return nil, nil, krakenTrouble(answer.Error)
	}
	last = answer.Result["last"]
	for name, value := range answer.Result {
		if name == "last" {
			continue
		}
		if rows != nil {
			return nil, nil, errors.New("several pairs, one was asked for")
		}
		rows = value
	}
	if rows == nil {
		return nil, nil, errors.New("expected rows under the name of a pair")
	}
	return rows, last, nil
}

// krakenTrouble sorts the words that Kraken reports with.
func krakenTrouble(said []string) error {
	all := strings.Join(said, ", ")
	t := &Trouble{Problem: ErrServer, Found: "the words " + excerpt([]byte(all)), Remedy: "try later; " + resumes}
	switch {
	case strings.Contains(all, "Too many requests"), strings.Contains(all, "Rate limit"):
		t.Problem, t.again, t.Remedy = ErrTooMany, true, "ask more slowly with --rate, or go on later; "+resumes
	case strings.Contains(all, "Unknown asset pair"), strings.Contains(all, "Invalid arguments"):
		t.Problem, t.Remedy = ErrAbsent, "check the symbol (--symbol) and the span"
	case strings.Contains(all, "EService"), strings.Contains(all, "Internal error"), strings.Contains(all, "Temporary"):
		t.again = true
	}
	return t
}
