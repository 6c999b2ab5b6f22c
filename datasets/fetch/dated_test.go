package fetch

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
)

// datedBy has a server's answers carry the time of a clock; nil = none.
func datedBy(clock Clock, h http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil // nobody else writes it then
		if clock != nil {
			w.Header().Set("Date", clock.Now().UTC().Format(http.TimeFormat))
		}
		h.ServeHTTP(w, r)
	}
}

// TestSourceTellsWhatIsFinished has the machine's clock 40 s ahead of the
// source's. At 12:09:50 of the source the candle of 12:09 is in the making; ten
// minutes later it is finished, and is had without asking for anything else anew.
func TestSourceTellsWhatIsFinished(t *testing.T) {
	const theirs, ours = "2025-01-14T12:09:50Z", "2025-01-14T12:10:30Z"
	kraken := func(t *testing.T) *krakenLike {
		return &krakenLike{beginsMS: ms(t, "2025-01-14"), nowMS: ms(t, theirs), perPage: 100_000}
	}
	for _, c := range []struct {
		name string
		src  Source
		h    http.Handler
		from string
		move func(h http.Handler, nowMS int64)
	}{
		{"binance", Binance{}, &binanceLike{perDay: 1440}, "2025-01-14", nil},
		{"binance-futures", Binance{Futures: true}, &binanceLike{perDay: 1440}, "2025-01-14", nil},
		{"kraken's candles", Kraken{}, kraken(t), "2025-01-14T06:00:00Z", func(h http.Handler, now int64) { h.(*krakenLike).nowMS = now }},
		{"kraken's trades", Kraken{}, kraken(t), "2025-01-14", func(h http.Handler, now int64) { h.(*krakenLike).nowMS = now }},
		{"polygon", Polygon{}, &polygonLike{perPage: 50_000}, "2025-01-14", nil},
		{"tiingo", Tiingo{}, tiingoLike{}, "2025-01-14", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			their, our := clockAt(theirs), clockAt(ours)
			s := serve(t, datedBy(their, c.h))
			f := job(t, c.src, s.URL, "BTCUSD", c.from, "2025-01-14T12:10:00Z", our)
			defer f.Close()
			for _, step := range []struct {
				later time.Duration
				end   string // the newest candle opens a minute before
			}{{0, "2025-01-14T12:09:00Z"}, {10 * time.Minute, "2025-01-14T12:10:00Z"}} {
				their.now, our.now = their.now.Add(step.later), our.now.Add(step.later)
				if c.move != nil {
					c.move(c.h, their.now.UnixMilli())
				}
				raw, err := f.Run(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				got := dataSetOf(t, raw[0])
				if first, last := got.Time[0], got.Time[got.Len()-1]; first != ms(t, c.from) || last != ms(t, step.end)-60_000 {
					t.Fatalf("%s later: the candles open from %s to %s, want those up to %s", step.later, stamp(first), stamp(last), step.end)
				}
				said := slices.Contains(raw[0].Notes, "the span ends at 2025-01-14T12:09:00Z: later candles are not finished")
				if said != (step.later == 0) {
					t.Errorf("%s later: notes %q", step.later, raw[0].Notes)
				}
			}
		})
	}
}

// TestAnswerOfTheLastSecondsIsNotTrusted: an answer's date is written after its
// candles were gathered.
func TestAnswerOfTheLastSecondsIsNotTrusted(t *testing.T) {
	for _, c := range []struct{ at, end string }{
		{"2025-01-14T12:10:04Z", "2025-01-14T12:09:00Z"},
		{"2025-01-14T12:10:05Z", "2025-01-14T12:10:00Z"},
	} {
		clock := clockAt(c.at)
		s := serve(t, datedBy(clock, &binanceLike{perDay: 1440}))
		raw, err := job(t, Binance{}, s.URL, "BTCUSD", "2025-01-14", "2025-01-15", clock).Run(context.Background())
		if err != nil || raw[0].Job.Span.ToMS != ms(t, c.end) {
			t.Errorf("at %s: %v, the span is %s, want the end %s", c.at, err, raw[0].Job.Span, c.end)
		}
	}
}

func TestPairsEndTogether(t *testing.T) {
	their := clockAt("2025-01-14T12:09:50Z")
	s := serve(t, datedBy(their, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(&polygonLike{perPage: 50_000}).ServeHTTP(w, r)
		their.now = their.now.Add(time.Minute) // a slow source: the second pair has its candle of 12:09
	})))
	f := job(t, Polygon{}, s.URL, "BTCUSD", "2025-01-14", "2025-01-14T12:10:00Z", clockAt("2025-01-14T12:10:30Z"))
	f.Pairs = append(f.Pairs, pairOf(t, "ETHUSD"))
	raw, err := f.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range raw {
		if want := ms(t, "2025-01-14T12:09:00Z"); r.Job.Span.ToMS != want {
			t.Errorf("%s ends at %s, want %s", r.Job.Pair.ID, stamp(r.Job.Span.ToMS), stamp(want))
		}
	}
}

func TestNothingIsFinishedYetAtTheSource(t *testing.T) {
	s := serve(t, datedBy(clockAt("2025-01-14T11:00:00Z"), &binanceLike{perDay: 1440}))
	_, err := job(t, Binance{}, s.URL, "BTCUSD", "2025-01-14T12:00:00Z", "2025-01-14T12:10:00Z", clockAt("2025-01-14T12:10:30Z")).Run(context.Background())
	if !errors.Is(err, ErrAbsent) || !strings.Contains(err.Error(), "no candle of BTCUSD from 2025-01-14T12:00:00Z on that is finished yet by the source's clock (2025-01-14T10:59:55Z)") {
		t.Errorf("got %v", err)
	}
}

func TestAnswersWithoutADate(t *testing.T) {
	for _, c := range []struct {
		name string
		src  Source
		h    http.Handler
	}{
		{"binance", Binance{}, &binanceLike{perDay: 1440}},
		{"kraken's candles", Kraken{}, &krakenLike{nowMS: ms(t, "2025-01-14T12:00:00Z"), perPage: 100_000}},
		{"kraken's trades", Kraken{}, &krakenLike{beginsMS: ms(t, "2025-01-13"), nowMS: ms(t, "2025-01-14T12:00:00Z"), perPage: 100_000}},
		{"polygon", Polygon{}, &polygonLike{perPage: 50_000}},
		{"tiingo", Tiingo{}, tiingoLike{}},
	} {
		from := "2025-01-14T06:00:00Z"
		if strings.HasSuffix(c.name, "trades") {
			from = "2025-01-13"
		}
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, datedBy(nil, c.h))
			_, err := job(t, c.src, s.URL, "BTCUSD", from, "2025-01-14T12:00:00Z", clockAt("2025-01-14T12:00:30Z")).Run(context.Background())
			if !errors.Is(err, ErrContent) || !strings.Contains(err.Error(), "an answer without the header Date; without the source's own time nobody can tell which candles are finished") {
				t.Errorf("lately: got %v", err)
			}
			_, err = job(t, c.src, s.URL, "BTCUSD", from, "2025-01-14T12:00:00Z", clockAt("2025-01-17T12:00:30Z")).Run(context.Background())
			if err != nil {
				t.Errorf("long after: got %v", err)
			}
		})
	}
}

// TestDukascopyDayIsOverAtDukascopy: a machine ahead of it asks on the same day,
// and must neither use nor keep what it gets.
func TestDukascopyDayIsOverAtDukascopy(t *testing.T) {
	their, our := clockAt("2025-01-07T23:59:20Z"), clockAt("2025-01-08T00:00:10Z")
	s := serve(t, datedBy(their, dukascopyLike{}))
	f := job(t, Dukascopy{}, s.URL, "EURUSD", "2025-01-06", "2025-01-08", our)
	defer f.Close()
	raw, err := f.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(raw[0].Paths) != 1 || raw[0].Job.Span.ToMS != ms(t, "2025-01-07") || !slices.Contains(raw[0].Notes, "the day 2025-01-07 is not over at dukascopy: it has it tomorrow") {
		t.Fatalf("%v of %s: %q", raw[0].Paths, raw[0].Job.Span, raw[0].Notes)
	}
	their.now, our.now = their.now.Add(time.Hour), our.now.Add(30*time.Minute) // the first day's still counts
	if raw, err = f.Run(context.Background()); err != nil || len(raw[0].Paths) != 2 {
		t.Fatalf("%v, %v", raw, err)
	}
	const second = "/datafeed/EURUSD/2025/00/07/BID_candles_min_1.bi5"
	if asked := s.requests(); len(asked) != 3 || asked[1] != second || asked[2] != second {
		t.Errorf("asked for %v", asked)
	}
	// Soon after its end a day may still grow: an hour later it is asked for again.
	their.now, our.now = their.now.Add(2*time.Hour), our.now.Add(2*time.Hour)
	if _, err = f.Run(context.Background()); err != nil || len(s.requests()) != 5 {
		t.Errorf("%v, asked for %v", err, s.requests())
	}
}

// TestAbsenceIsTheSourcesToTell: what is missing shortly after its day by the
// source's clock is asked for again, whatever the machine's says.
func TestAbsenceIsTheSourcesToTell(t *testing.T) {
	s := serve(t, datedBy(clockAt("2025-01-07T12:00:00Z"), dukascopyLike{absent: []string{"2025-01-06"}}))
	f := job(t, Dukascopy{}, s.URL, "EURUSD", "2025-01-03", "2025-01-07", clockAt("2025-02-07T12:00:00Z"))
	defer f.Close()
	for range 2 {
		if _, err := f.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for _, path := range s.requests() {
		if strings.Contains(path, "/06/") {
			n++
		}
	}
	if n != 2 {
		t.Errorf("the day is asked for %d times, want 2", n)
	}
}

func TestDated(t *testing.T) {
	d := &dated{ms: 5}
	for text, want := range map[string]int64{
		"": 0, "now": 0, "Tue, 14 Jan 2025 12:10:00 GMT": 1736856600000, "Mon, 01 Jan 0001 00:00:00 GMT": 0,
	} {
		d.note(http.Header{"Date": {text}})
		if d.ms != want {
			t.Errorf("%q: got %d, want %d", text, d.ms, want)
		}
	}
	if got := (&Getter{endMS: int64(datasets.Day)}).until(0, dated{ms: 1}); !got {
		t.Error("what is always whole is not")
	}
}
