package fetch

import (
	"context"
	"net/http"
	"strconv"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/audit"
	"github.com/ptnsim/ptnsim/datasets/ingest"
	"github.com/ptnsim/ptnsim/datasets/vendors"
	"github.com/ptnsim/ptnsim/market"
)

// TestDownloadsBecomeDataSets takes every source from its answers to the data
// set, and holds the candles to what the answers were made of.
func TestDownloadsBecomeDataSets(t *testing.T) {
	dukascopyOpen := func(at int64) float64 { return float64(points(at, "BID")) / 1e5 }
	for _, c := range []struct {
		name     string
		src      Source
		h        http.Handler
		pair     string
		from, to string // the span
		now      string
		ask      bool
		candles  int64
		open     func(at int64) float64
	}{
		{"binance archives and REST", Binance{}, &binanceLike{published: ms(t, "2025-01-06"), perDay: 1440}, "BTCUSD", "2025-01-04", "2025-01-08", "2025-01-07T12:00:10Z",
			false, 3*1440 + 720, price},
		{"kraken recent", Kraken{}, &krakenLike{nowMS: ms(t, "2025-01-07T12:00:30Z")}, "BTCUSD", "2025-01-07T06:00:00Z", "2025-01-08", "2025-01-07T12:00:30Z",
			false, 360, price},
		{"kraken trades", Kraken{}, &krakenLike{beginsMS: ms(t, "2025-01-01"), nowMS: ms(t, "2025-01-20"), perPage: 100}, "BTCUSD", "2025-01-05", "2025-01-05T02:00:00Z", "2025-01-20T00:00:00Z",
			false, 120, price},
		{"polygon", Polygon{}, &polygonLike{perPage: 500}, "BTCUSD", "2025-01-05", "2025-01-06", "2025-01-20T00:00:00Z",
			false, 1440, price},
		{"polygon with pages that overlap", Polygon{}, &polygonLike{perPage: 500, next: func(at int64) string { return strconv.FormatInt(at-600_000, 10) }},
			"BTCUSD", "2025-01-05", "2025-01-06", "2025-01-20T00:00:00Z", false, 1440, price},
		{"tiingo crypto", Tiingo{}, tiingoLike{inclusive: true}, "BTCUSD", "2025-01-05", "2025-01-08", "2025-01-20T00:00:00Z",
			false, 3 * 1440, price},
		{"dukascopy", Dukascopy{}, dukascopyLike{}, "EURUSD", "2025-01-07", "2025-01-09", "2025-01-20T00:00:00Z",
			false, 2 * 1440, dukascopyOpen},
		{"dukascopy with asks", Dukascopy{}, dukascopyLike{}, "EURUSD", "2025-01-07T06:00:00Z", "2025-01-09", "2025-01-20T00:00:00Z",
			true, 1440 + 1080, dukascopyOpen},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, c.h.ServeHTTP)
			f := job(t, c.src, s.URL, c.pair, c.from, c.to, clockAt(c.now))
			f.Ask = c.ask
			raw, err := f.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			got := dataSetOf(t, raw[0])
			if int64(got.Len()) != c.candles {
				t.Fatalf("%d candles, want %d", got.Len(), c.candles)
			}
			for i, at := range got.Time {
				if want := ms(t, c.from) + 60_000*int64(i); at != want || got.Open[i] != c.open(at) {
					t.Fatalf("candle %d is at %s and opens at %v, want %s and %v", i, stamp(at), got.Open[i], stamp(want), c.open(at))
				}
			}
			if have := (got.Bid != nil) && (got.Ask != nil); have != c.ask || got.Volume == nil {
				t.Errorf("bid and ask: %v; volume: %v", have, got.Volume != nil)
			}
			noKeyIn(t, f.Cache)
		})
	}
}

// dataSetOf imports a pair's downloads, and reads them back.
func dataSetOf(t *testing.T, raw Raw) *market.Series {
	t.Helper()
	inputs, err := vendors.Find(raw.Paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	_, err = ingest.Plan{
		Inputs: inputs, Options: raw.Options, Known: market.Pairs(), Pairs: []string{raw.Job.Pair.ID},
		Audit:    audit.Options{Calendar: datasets.MarketCalendar},
		Policies: audit.Policies{OnDuplicate: audit.Keep, OnGap: audit.Keep, OnSpike: audit.Keep},
		FromMS:   raw.Job.Span.FromMS, ToMS: raw.Job.Span.ToMS,
	}.Run(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.OpenSet(datasets.OpenOptions{Pairs: market.Pairs()}, folder)
	if err != nil {
		t.Fatal(err)
	}
	read, err := set.Read(context.Background(), datasets.Select{})
	if err != nil || len(read) != 1 {
		t.Fatalf("%d files, %v", len(read), err)
	}
	t.Cleanup(func() { read[0].Close() })
	return read[0].Series
}
