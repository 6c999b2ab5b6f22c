package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// Dukascopy has minutes of currencies, metals and some crypto, bid and ask apart.
//
// What is relied on, as others who read it describe it:
//   - /datafeed/EURUSD/2025/00/02/BID_candles_min_1.bi5 is a day, UTC, with the
//     month counted from 00; ASK_candles_min_1.bi5 likewise; the day appears on the
//     next one;
//   - a day without trading is not there (404), or is an empty file;
//   - the records are those of vendors.BI5Record.
type Dukascopy struct{}

// About implements Source.
func (Dukascopy) About() About {
	return About{Name: "dukascopy", Title: "Dukascopy bid candles", Licence: "Dukascopy historical data; see Dukascopy's terms",
		API: "https://datafeed.dukascopy.com", PerMinute: 120}
}

// Symbol implements Source.
func (d Dukascopy) Symbol(p market.Pair) (string, error) {
	switch p.Class {
	case market.Forex, market.Crypto:
		symbol := p.Base + p.Quote
		if _, ok := vendors.BI5Points(symbol); ok {
			return symbol, nil
		}
		return "", fmt.Errorf("dukascopy's price steps of %s are not known here; fetch it from another source", p.ID)
	}
	return "", noClass(d.About(), p, "polygon or tiingo")
}

// Interval implements Source.
func (d Dukascopy) Interval(v datasets.Interval) (string, error) {
	if v != datasets.Minute {
		return "", noInterval(d.About(), v, "1m")
	}
	return "min_1", nil
}

// Fetch implements Source.
func (d Dukascopy) Fetch(ctx context.Context, g *Getter, j Job) (Raw, error) {
	if _, ok := vendors.BI5Points(j.Symbol); !ok {
		return Raw{}, &UsageError{fmt.Errorf("dukascopy's price steps of the symbol %s are not known here; fetch it from another source", j.Symbol)}
	}
	raw := Raw{Options: vendors.Options{Format: vendors.BI5Format, Symbol: j.Symbol, Interval: j.Interval},
		Notes: []string{"prices are bids, the volume is in Dukascopy's unit (millions of a base currency), minutes without a tick are left out"}}
	if j.Ask {
		raw.Options = vendors.Options{Interval: j.Interval}
		raw.Notes = append(raw.Notes, "bid and ask are those at the candle's close")
	}
	now := g.nowMS()
	for day := range j.Span.days() {
		if day.ToMS > now {
			raw.Notes = append(raw.Notes, "the day "+stamp(day.FromMS)+" is not over: dukascopy has it tomorrow")
			break
		}
		path, err := d.day(ctx, g, j, day)
		if err != nil {
			return raw, err
		}
		if g.endMS < day.ToMS { // by dukascopy's own clock: what there is of the day may be anything
			g.endMS = min(g.endMS, day.FromMS)
			raw.Notes = append(raw.Notes, "the day "+stamp(day.FromMS)+" is not over at dukascopy: it has it tomorrow")
			break
		}
		if path != "" {
			raw.Paths = append(raw.Paths, path)
		}
		g.at(j, day.ToMS)
	}
	return raw, nil
}

// day gets a day's bids, joined with its asks where they are wanted; "" if the
// market was closed.
func (d Dukascopy) day(ctx context.Context, g *Getter, j Job, day Span) (string, error) {
	bidPath, bids, err := d.side(ctx, g, j, day, "BID")
	if err != nil || !slices.ContainsFunc(bids, ticked) || !j.Ask {
		if !slices.ContainsFunc(bids, ticked) {
			bidPath = ""
		}
		return bidPath, err
	}
	_, asks, err := d.side(ctx, g, j, day, "ASK")
	if err != nil {
		return "", err
	}
	path := strings.TrimSuffix(bidPath, filepath.Ext(bidPath)) + "+ASK.csv"
	text, err := joinSides(j.Symbol, day.FromMS, bids, asks)
	if err != nil {
		return "", &Trouble{Source: g.about.Name, Problem: ErrContent, Found: err.Error(), Remedy: "fetch without --ask, or leave the day out"}
	}
	return path, os.WriteFile(path, text, 0o644)
}

// ticked reports whether anything happened in a minute.
func ticked(r vendors.BI5Record) bool { return r.Volume != 0 }

// side gets a day's minutes of bid or ask; none if there is no such day.
func (d Dukascopy) side(ctx context.Context, g *Getter, j Job, day Span, side string) (string, []vendors.BI5Record, error) {
	t := utc(day.FromMS)
	file := side + "_candles_" + j.Step + ".bi5"
	path, err := g.Get(ctx, Piece{
		Name:    safeName(j.Symbol, t.Format(time.DateOnly), file),
		Path:    fmt.Sprintf("/datafeed/%s/%04d/%02d/%02d/%s", url.PathEscape(j.Symbol), t.Year(), int(t.Month())-1, t.Day(), file),
		Content: BI5,
		// Soon after the day, a missing file may still come, and one may not be whole.
		EndMS: day.ToMS, Absent: true,
	})
	if errors.Is(err, ErrAbsent) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return "", nil, err
	}
	records, err := vendors.DecodeBI5(body)
	return path, records, err
}

// joinSides writes a day's bids and asks as canonical CSV: the bid's candle, and
// both sides' closes as quotes.
func joinSides(symbol string, dayMS int64, bids, asks []vendors.BI5Record) ([]byte, error) {
	points, _ := vendors.BI5Points(symbol)
	text := []byte("time,open,high,low,close,volume,bid,ask\n")
	next := 0
	for _, bid := range bids {
		if !ticked(bid) {
			continue
		}
		for next < len(asks) && asks[next].Second < bid.Second {
			next++
		}
		if next == len(asks) || asks[next].Second != bid.Second {
			return nil, fmt.Errorf("a bid of %s at %s and no ask", symbol, stamp(dayMS+1000*bid.Second))
		}
		text = strconv.AppendInt(text, dayMS+1000*bid.Second, 10)
		for _, x := range []float64{bid.Open / points, bid.High / points, bid.Low / points, bid.Close / points,
			bid.Volume, bid.Close / points, asks[next].Close / points} {
			text = strconv.AppendFloat(append(text, ','), x, 'f', -1, 64)
		}
		text = append(text, '\n')
	}
	return text, nil
}
