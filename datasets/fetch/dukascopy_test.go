package fetch

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ulikunitz/xz/lzma"

	"github.com/ptnsim/ptnsim/datasets"
)

// dukascopyLike answers like Dukascopy's feed: a file a day with all its minutes,
// those of the weekend without a volume; some days are not there, or empty.
type dukascopyLike struct {
	absent, empty []string // days
	askAbsent     bool
	asksLess      bool // the asks lack the last minute
}

func (d dukascopyLike) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var year, month, day int
	var side string
	if n, err := fmt.Sscanf(strings.ReplaceAll(r.URL.Path, "_candles", " candles"), "/datafeed/EURUSD/%4d/%2d/%2d/%s candles_min_1.bi5", &year, &month, &day, &side); n != 4 || err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	date := fmt.Sprintf("%04d-%02d-%02d", year, month+1, day) // months count from 00
	switch {
	case slices.Contains(d.absent, date), side == "ASK" && d.askAbsent:
		w.WriteHeader(http.StatusNotFound)
		return
	case slices.Contains(d.empty, date):
		return
	}
	at, _ := datasets.ParseInstant(date)
	minutes := 1440
	if side == "ASK" && d.asksLess {
		minutes--
	}
	weekend := utc(at).Weekday() == 0 || utc(at).Weekday() == 6
	var plain []byte
	for i := range minutes {
		p := points(at+int64(i)*60_000, side)
		volume := float32(3.45)
		if weekend {
			volume = 0
		}
		for _, x := range []int{60 * i, p, p + 2, p - 3, p + 5} { // second, open, close, low, high
			plain = binary.BigEndian.AppendUint32(plain, uint32(x))
		}
		plain = binary.BigEndian.AppendUint32(plain, math.Float32bits(volume))
	}
	var packed bytes.Buffer
	z, _ := lzma.NewWriter(&packed)
	z.Write(plain)
	z.Close()
	w.Write(packed.Bytes())
}

// points is a minute's open.
func points(ms int64, side string) int {
	p := 103_000 + int(ms/60_000*7%101)
	if side == "ASK" {
		p += 4
	}
	return p
}

func TestDukascopyGetsBids(t *testing.T) {
	// 2025-01-04 and 05 were a weekend.
	s := serve(t, dukascopyLike{absent: []string{"2025-01-01"}, empty: []string{"2025-01-02"}}.ServeHTTP)
	f := job(t, Dukascopy{}, s.URL, "EURUSD", "2025-01-01", "2025-01-07", clockAt("2025-01-20T00:00:00Z"))
	raw, err := f.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if asked := s.requests(); len(asked) != 6 || asked[1] != "/datafeed/EURUSD/2025/00/02/BID_candles_min_1.bi5" {
		t.Errorf("asked for %v", asked)
	}
	if len(raw[0].Paths) != 2 || filepath.Base(raw[0].Paths[0]) != "EURUSD-2025-01-03-BID_candles_min_1.bi5" {
		t.Errorf("the pieces are %v", raw[0].Paths)
	}
	got := candlesOf(t, raw[0])
	if got.Len() != 2*1440 || got.Time[0] != ms(t, "2025-01-03") || got.Time[1440] != ms(t, "2025-01-06") || got.Ask != nil {
		t.Fatalf("%d candles from %s", got.Len(), stamp(got.Time[0]))
	}
	for i, at := range got.Time {
		p := float64(points(at, "BID"))
		if got.Open[i] != p/1e5 || got.Close[i] != (p+2)/1e5 || got.Low[i] != (p-3)/1e5 || got.High[i] != (p+5)/1e5 || got.Volume[i] != 3.45 {
			t.Fatalf("the candle at %s is %v %v %v %v %v", stamp(at), got.Open[i], got.High[i], got.Low[i], got.Close[i], got.Volume[i])
		}
	}
	// What is absent stays so: nothing is asked for again.
	if _, err := f.Run(context.Background()); err != nil || len(s.requests()) != 6 {
		t.Errorf("again: %v, %d requests", err, len(s.requests()))
	}
}

func TestDukascopyJoinsAsks(t *testing.T) {
	s := serve(t, dukascopyLike{}.ServeHTTP)
	f := job(t, Dukascopy{}, s.URL, "EURUSD", "2025-01-06", "2025-01-07", clockAt("2025-01-20T00:00:00Z"))
	f.Ask = true
	raw, err := f.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := candlesOf(t, raw[0])
	if got.Len() != 1440 || got.Time[0] != ms(t, "2025-01-06") {
		t.Fatalf("%d candles", got.Len())
	}
	for i, at := range got.Time {
		bid, ask := float64(points(at, "BID")), float64(points(at, "ASK"))
		if got.Open[i] != bid/1e5 || got.Bid[i] != (bid+2)/1e5 || got.Ask[i] != (ask+2)/1e5 || got.High[i] != (bid+5)/1e5 {
			t.Fatalf("the candle at %s opens at %v, closes at %v and %v", stamp(at), got.Open[i], got.Bid[i], got.Ask[i])
		}
	}
}

func TestDukascopyFaults(t *testing.T) {
	for _, c := range []struct {
		name    string
		like    http.Handler
		ask     bool
		problem error
		words   string
	}{
		{"no asks", dukascopyLike{askAbsent: true}, true, ErrContent, "a bid of EURUSD at 2025-01-06 and no ask; fetch without --ask"},
		{"fewer asks", dukascopyLike{asksLess: true}, true, ErrContent, "a bid of EURUSD at 2025-01-06T23:59:00Z and no ask"},
		{"nothing", dukascopyLike{absent: []string{"2025-01-06"}}, false, ErrAbsent, "no candles of EURUSD (EURUSD) from 2025-01-06 to 2025-01-07"},
		{"a throttle", status(http.StatusServiceUnavailable), false, ErrServer, "6 times"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, c.like.ServeHTTP)
			f := job(t, Dukascopy{}, s.URL, "EURUSD", "2025-01-06", "2025-01-07", clockAt("2025-01-20T00:00:00Z"))
			f.Ask = c.ask
			_, err := f.Run(context.Background())
			if !errors.Is(err, c.problem) || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("got %v\nwant %v with %q", err, c.problem, c.words)
			}
		})
	}
}

func TestDukascopyHasDaysThatAreOver(t *testing.T) {
	s := serve(t, dukascopyLike{}.ServeHTTP)
	raw, err := job(t, Dukascopy{}, s.URL, "EURUSD", "2025-01-06", "2025-01-09", clockAt("2025-01-07T12:00:00Z")).Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(raw[0].Notes, "\n"); len(s.requests()) != 1 || !strings.Contains(notes, "the day 2025-01-07 is not over") {
		t.Errorf("%d requests; %s", len(s.requests()), notes)
	}
}
