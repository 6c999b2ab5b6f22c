package convert

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

func pairOf(t testing.TB, id string) market.Pair {
	t.Helper()
	p, ok := market.FindPair(market.Pairs(), id)
	if !ok {
		t.Fatalf("no pair %s", id)
	}
	return p
}

// hoursOf returns the market hours of Rules §3.
func hoursOf(c market.Class) market.Hours {
	switch c {
	case market.Forex:
		return market.ForexHours()
	case market.Equities, market.Indices:
		return market.EquitiesHours()
	}
	return market.Hours{Kind: market.Always}
}

// utc reads "2025-03-07 14:30".
func utc(t testing.TB, text string) int64 {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

// span is the times [from, to) of fine candles, UTC.
type span struct{ from, to string }

// numbered returns fine candles over spans. The candle at index i opens at i+1,
// closes at i+1.25, reaches from i+0.5 to i+1.5, and has volume 1: so a coarse
// candle tells which fine ones are in it.
func numbered(t testing.TB, pair market.Pair, fine datasets.Interval, spans ...span) *market.Series {
	s := &market.Series{Pair: pair, IntervalMS: int64(fine)}
	for _, sp := range spans {
		for ms := utc(t, sp.from); ms < utc(t, sp.to); ms += int64(fine) {
			x := float64(len(s.Time) + 1)
			s.Time = append(s.Time, ms)
			s.Open, s.Close = append(s.Open, x), append(s.Close, x+0.25)
			s.High, s.Low = append(s.High, x+0.5), append(s.Low, x-0.5)
			s.Volume = append(s.Volume, 1)
		}
	}
	return s
}

// describe writes the coarse candles of numbered fine ones: the time, the first
// and the last fine candle's time, and their number.
func describe(t *testing.T, coarse, fine *market.Series) []string {
	t.Helper()
	clock := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("01-02 15:04") }
	var lines []string
	for i, ms := range coarse.Time {
		from, to := int(coarse.Open[i])-1, int(coarse.Close[i])-1
		if coarse.High[i] != float64(to)+1.5 || coarse.Low[i] != float64(from)+0.5 {
			t.Errorf("candle %d: high %v, low %v of the fine candles %d to %d", i, coarse.High[i], coarse.Low[i], from, to)
		}
		lines = append(lines, fmt.Sprintf("%s: %s to %s, %v", clock(ms), clock(fine.Time[from]), clock(fine.Time[to]), coarse.Volume[i]))
	}
	return lines
}

// resample makes coarse candles of a series in chunks of some rows.
func resample(fine *market.Series, o Resample, rows int) (*market.Series, Resampled, error) {
	r, err := NewResampler(fine.Pair, datasets.Interval(fine.IntervalMS), o)
	if err != nil {
		return nil, Resampled{}, err
	}
	all := &market.Series{}
	gather := func(s *market.Series) {
		all.Pair, all.IntervalMS = s.Pair, s.IntervalMS
		all.Time = append(all.Time, s.Time...)
		from, to := columns(s), columns(all)
		for k := range from {
			*to[k] = append(*to[k], *from[k]...)
		}
	}
	for i := 0; i < fine.Len(); i += rows {
		s, err := r.Append(fine.Slice(i, min(i+rows, fine.Len())))
		if err != nil {
			return nil, r.Counts(), err
		}
		gather(s)
	}
	gather(r.Close())
	return all, r.Counts(), nil
}

func TestResample(t *testing.T) {
	const m, h = datasets.Minute, datasets.Hour
	tests := []struct {
		name     string
		pair     string
		fine, to datasets.Interval
		grid     Grid
		closed   Closed
		partial  Partial
		candles  []span
		want     []string
		counts   Resampled // but for Fine and Coarse
	}{
		{
			name: "crypto on the epoch's grid", pair: "BTCUSD", fine: m, to: 5 * m,
			candles: []span{{"2025-01-01 00:00", "2025-01-01 00:10"}},
			want:    []string{"01-01 00:00: 01-01 00:00 to 01-01 00:04, 5", "01-01 00:05: 01-01 00:05 to 01-01 00:09, 5"},
		},
		{
			name: "crypto by the UTC day", pair: "BTCUSD", fine: 6 * h, to: datasets.Day,
			candles: []span{{"2025-01-01 00:00", "2025-01-03 00:00"}},
			want:    []string{"01-01 00:00: 01-01 00:00 to 01-01 18:00, 4", "01-02 00:00: 01-02 00:00 to 01-02 18:00, 4"},
		},
		{
			// 2025-01-06 is a Monday.
			name: "crypto by the week from Monday", pair: "BTCUSD", fine: datasets.Day, to: 7 * datasets.Day,
			candles: []span{{"2025-01-06 00:00", "2025-01-20 00:00"}},
			want:    []string{"01-06 00:00: 01-06 00:00 to 01-12 00:00, 7", "01-13 00:00: 01-13 00:00 to 01-19 00:00, 7"},
		},
		{
			name: "ends that are cut off are dropped", pair: "BTCUSD", fine: m, to: 5 * m,
			candles: []span{{"2025-01-01 00:03", "2025-01-01 00:12"}},
			want:    []string{"01-01 00:05: 01-01 00:05 to 01-01 00:09, 5"},
			counts:  Resampled{Ends: 2},
		},
		{
			name: "a hole within is kept and counted", pair: "BTCUSD", fine: m, to: 5 * m,
			candles: []span{{"2025-01-01 00:00", "2025-01-01 00:07"}, {"2025-01-01 00:09", "2025-01-01 00:15"}},
			want: []string{"01-01 00:00: 01-01 00:00 to 01-01 00:04, 5", "01-01 00:05: 01-01 00:05 to 01-01 00:09, 3",
				"01-01 00:10: 01-01 00:10 to 01-01 00:14, 5"},
			counts: Resampled{Partial: 1},
		},
		{
			name: "a whole slot without candles makes none", pair: "BTCUSD", fine: m, to: 5 * m,
			candles: []span{{"2025-01-01 00:00", "2025-01-01 00:05"}, {"2025-01-01 00:10", "2025-01-01 00:15"}},
			want:    []string{"01-01 00:00: 01-01 00:00 to 01-01 00:04, 5", "01-01 00:10: 01-01 00:10 to 01-01 00:14, 5"},
		},
		{
			name: "every partial candle dropped", pair: "BTCUSD", fine: m, to: 5 * m, partial: DropPartial,
			candles: []span{{"2025-01-01 00:03", "2025-01-01 00:07"}, {"2025-01-01 00:09", "2025-01-01 00:15"}},
			want:    []string{"01-01 00:10: 01-01 00:10 to 01-01 00:14, 5"},
			counts:  Resampled{Ends: 1, Dropped: 1},
		},
		{
			name: "every partial candle kept", pair: "BTCUSD", fine: m, to: 5 * m, partial: KeepPartial,
			candles: []span{{"2025-01-01 00:03", "2025-01-01 00:06"}},
			want:    []string{"01-01 00:00: 01-01 00:03 to 01-01 00:04, 2", "01-01 00:05: 01-01 00:05 to 01-01 00:05, 1"},
			counts:  Resampled{Partial: 2},
		},
		{
			// 9:30 to 16:00 New York is 14:30 to 21:00 UTC on Friday 2025-03-07 and,
			// summer time having begun on Sunday, 13:30 to 20:00 UTC on Monday.
			name: "equities by the hour from 9:30, over a change of the clocks", pair: "AAPL", fine: 30 * m, to: h,
			candles: []span{{"2025-03-07 14:30", "2025-03-07 21:00"}, {"2025-03-10 13:30", "2025-03-10 20:00"}},
			want: []string{
				"03-07 14:30: 03-07 14:30 to 03-07 15:00, 2", "03-07 15:30: 03-07 15:30 to 03-07 16:00, 2",
				"03-07 16:30: 03-07 16:30 to 03-07 17:00, 2", "03-07 17:30: 03-07 17:30 to 03-07 18:00, 2",
				"03-07 18:30: 03-07 18:30 to 03-07 19:00, 2", "03-07 19:30: 03-07 19:30 to 03-07 20:00, 2",
				"03-07 20:30: 03-07 20:30 to 03-07 20:30, 1",
				"03-10 13:30: 03-10 13:30 to 03-10 14:00, 2", "03-10 14:30: 03-10 14:30 to 03-10 15:00, 2",
				"03-10 15:30: 03-10 15:30 to 03-10 16:00, 2", "03-10 16:30: 03-10 16:30 to 03-10 17:00, 2",
				"03-10 17:30: 03-10 17:30 to 03-10 18:00, 2", "03-10 18:30: 03-10 18:30 to 03-10 19:00, 2",
				"03-10 19:30: 03-10 19:30 to 03-10 19:30, 1",
			},
		},
		{
			// Thursday 2025-07-03 closes at 13:00 New York, 17:00 UTC; the 4th is a
			// holiday and the 7th the next session. A day lasts from open to open.
			name: "equities by the day, an early close and a holiday", pair: "AAPL", fine: 30 * m, to: datasets.Day,
			candles: []span{{"2025-07-02 13:30", "2025-07-02 20:00"}, {"2025-07-03 13:30", "2025-07-03 17:00"}, {"2025-07-07 13:30", "2025-07-07 20:00"}},
			want: []string{"07-02 13:30: 07-02 13:30 to 07-02 19:30, 13", "07-03 13:30: 07-03 13:30 to 07-03 16:30, 7",
				"07-07 13:30: 07-07 13:30 to 07-07 19:30, 13"},
		},
		{
			name: "equities by the UTC day", pair: "AAPL", fine: 30 * m, to: datasets.Day, grid: UTCGrid,
			candles: []span{{"2025-07-02 13:30", "2025-07-02 20:00"}, {"2025-07-03 13:30", "2025-07-03 17:00"}},
			want:    []string{"07-02 00:00: 07-02 13:30 to 07-02 19:30, 13", "07-03 00:00: 07-03 13:30 to 07-03 16:30, 7"},
		},
		{
			// What trades after the early close of 13:00 belongs to no session.
			name: "rows before the open and after an early close are dropped", pair: "AAPL", fine: 30 * m, to: 2 * h,
			candles: []span{{"2025-07-03 12:00", "2025-07-03 18:30"}},
			want:    []string{"07-03 13:30: 07-03 13:30 to 07-03 15:00, 4", "07-03 15:30: 07-03 15:30 to 07-03 16:30, 3"},
			counts:  Resampled{Closed: 6},
		},
		{
			// From 12:00 to 12:30 is half of 11:30 to 12:30; what trades from 20:00
			// on finds its place, 19:30 to 20:30, taken by the session's last half hour.
			name: "rows before the open are kept as candles of their own", pair: "AAPL", fine: 30 * m, to: h, closed: KeepClosed,
			candles: []span{{"2025-07-02 12:00", "2025-07-02 14:30"}, {"2025-07-02 19:30", "2025-07-02 21:30"}},
			want: []string{"07-02 11:30: 07-02 12:00 to 07-02 12:00, 1", "07-02 12:30: 07-02 12:30 to 07-02 13:00, 2",
				"07-02 13:30: 07-02 13:30 to 07-02 14:00, 2", "07-02 19:30: 07-02 19:30 to 07-02 19:30, 1",
				"07-02 20:30: 07-02 20:30 to 07-02 21:00, 2"},
			counts: Resampled{Closed: 1},
		},
		{
			// The session's first and last half hours lack, but the file is not cut off there.
			name: "what trades outside the session shows that the file goes on", pair: "AAPL", fine: 30 * m, to: h,
			candles: []span{{"2025-07-03 13:00", "2025-07-03 13:30"}, {"2025-07-03 14:00", "2025-07-03 15:00"}, {"2025-07-03 16:00", "2025-07-03 16:30"}, {"2025-07-03 17:00", "2025-07-03 17:30"}},
			want: []string{"07-03 13:30: 07-03 14:00 to 07-03 14:00, 1", "07-03 14:30: 07-03 14:30 to 07-03 14:30, 1",
				"07-03 15:30: 07-03 16:00 to 07-03 16:00, 1"},
			counts: Resampled{Closed: 2, Partial: 3},
		},
		{
			// The week opens on Sunday at 17:00 New York: 22:00 UTC on 2025-03-02,
			// 21:00 UTC on 2025-03-09, the day on which summer time begins.
			name: "forex by four hours from Sunday's open, over a change of the clocks", pair: "EURUSD", fine: h, to: 4 * h,
			candles: []span{{"2025-03-07 14:00", "2025-03-07 22:00"}, {"2025-03-09 21:00", "2025-03-10 05:00"}},
			want: []string{"03-07 14:00: 03-07 14:00 to 03-07 17:00, 4", "03-07 18:00: 03-07 18:00 to 03-07 21:00, 4",
				"03-09 21:00: 03-09 21:00 to 03-10 00:00, 4", "03-10 01:00: 03-10 01:00 to 03-10 04:00, 4"},
		},
		{
			name: "forex by four hours of UTC", pair: "EURUSD", fine: h, to: 4 * h, grid: UTCGrid,
			candles: []span{{"2025-03-07 16:00", "2025-03-07 22:00"}, {"2025-03-09 21:00", "2025-03-10 04:00"}},
			want: []string{"03-07 16:00: 03-07 16:00 to 03-07 19:00, 4", "03-07 20:00: 03-07 20:00 to 03-07 21:00, 2",
				"03-09 20:00: 03-09 21:00 to 03-09 23:00, 3", "03-10 00:00: 03-10 00:00 to 03-10 03:00, 4"},
		},
		{
			// Christmas 2025 is a Thursday, and Boxing Day a Friday: the market closes
			// at midnight New York, 05:00 UTC on the 25th, and opens on Sunday the 28th
			// at 22:00 UTC. New Year is a Thursday: closed from 05:00 UTC to 05:00 UTC.
			name: "forex by the trading day, over Christmas and New Year", pair: "EURUSD", fine: h, to: datasets.Day,
			candles: []span{{"2025-12-22 22:00", "2025-12-25 05:00"}, {"2025-12-28 22:00", "2026-01-01 05:00"}, {"2026-01-02 05:00", "2026-01-02 22:00"}},
			want: []string{
				"12-22 22:00: 12-22 22:00 to 12-23 21:00, 24", "12-23 22:00: 12-23 22:00 to 12-24 21:00, 24",
				"12-24 22:00: 12-24 22:00 to 12-25 04:00, 7",
				"12-28 22:00: 12-28 22:00 to 12-29 21:00, 24", "12-29 22:00: 12-29 22:00 to 12-30 21:00, 24",
				"12-30 22:00: 12-30 22:00 to 12-31 21:00, 24", "12-31 22:00: 12-31 22:00 to 01-01 04:00, 7",
				"01-01 22:00: 01-02 05:00 to 01-02 21:00, 17",
			},
		},
		{
			// A feed that trades through the holiday: its candles are no session's.
			name: "forex on a holiday is dropped", pair: "EURUSD", fine: h, to: 4 * h,
			candles: []span{{"2025-12-31 22:00", "2026-01-02 06:00"}},
			// 05:00 UTC to 05:00 of the next day is closed. The slot from 02:00 to 06:00
			// of the 2nd has but one hour of open market, and that is there.
			want: []string{"12-31 22:00: 12-31 22:00 to 01-01 01:00, 4", "01-01 02:00: 01-01 02:00 to 01-01 04:00, 3",
				"01-02 02:00: 01-02 05:00 to 01-02 05:00, 1"},
			counts: Resampled{Closed: 24},
		},
		{
			// An hour of UTC from 13:00 holds the open, 13:30: it belongs to the session.
			name: "a fine candle that reaches into the session belongs to it", pair: "AAPL", fine: h, to: 2 * h, grid: UTCGrid,
			candles: []span{{"2025-07-02 11:00", "2025-07-02 21:00"}},
			want: []string{"07-02 12:00: 07-02 13:00 to 07-02 13:00, 1", "07-02 14:00: 07-02 14:00 to 07-02 15:00, 2",
				"07-02 16:00: 07-02 16:00 to 07-02 17:00, 2", "07-02 18:00: 07-02 18:00 to 07-02 19:00, 2"},
			counts: Resampled{Closed: 3},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pair := pairOf(t, tt.pair)
			fine := numbered(t, pair, tt.fine, tt.candles...)
			o := Resample{Interval: tt.to, Hours: hoursOf(pair.Class), Grid: tt.grid, Partial: tt.partial, Closed: tt.closed}
			for _, rows := range []int{fine.Len(), 1, 7} {
				coarse, counts, err := resample(fine, o, rows)
				if err != nil {
					t.Fatal(err)
				}
				if got := describe(t, coarse, fine); !slices.Equal(got, tt.want) {
					t.Errorf("in chunks of %d:\n%s\nwant\n%s", rows, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
				}
				want := tt.counts
				want.Fine, want.Coarse = int64(fine.Len()), int64(len(tt.want))
				if counts != want {
					t.Errorf("in chunks of %d: counted %+v, want %+v", rows, counts, want)
				}
			}
		})
	}
}

// A candle of every column, worked by hand.
func TestResampleFoldsColumns(t *testing.T) {
	fine := &market.Series{
		Pair: pairOf(t, "BTCUSD"), IntervalMS: 60_000, Time: []int64{0, 60_000, 120_000},
		Open: []float64{10, 11, 12}, High: []float64{13, 15, 14}, Low: []float64{9, 7, 8}, Close: []float64{11, 12, 9},
		Volume: []float64{0.5, 0.25, 4}, Bid: []float64{10.5, 11.5, 8.5}, Ask: []float64{11.5, 12.5, 9.5},
	}
	o := Resample{Interval: 3 * datasets.Minute, Hours: hoursOf(market.Crypto)}
	s, _, err := resample(fine, o, 3)
	if err != nil {
		t.Fatal(err)
	}
	got := []float64{s.Open[0], s.High[0], s.Low[0], s.Close[0], s.Volume[0], s.Bid[0], s.Ask[0]}
	if want := []float64{10, 15, 7, 9, 4.75, 8.5, 9.5}; s.Len() != 1 || s.Time[0] != 0 || !slices.Equal(got, want) {
		t.Errorf("%v: %v, want one candle %v", s.Time, got, want)
	}
	if s.IntervalMS != 180_000 {
		t.Errorf("interval %d ms", s.IntervalMS)
	}
}

func TestResampleKeepsCloseOnly(t *testing.T) {
	closes := []float64{3, 9, 1, 2, 5, 4}
	fine := &market.Series{Pair: pairOf(t, "BTCUSD"), IntervalMS: 60_000, Time: []int64{0, 60_000, 120_000, 180_000, 240_000, 300_000},
		Open: closes, High: closes, Low: closes, Close: closes}
	r, err := NewResampler(fine.Pair, datasets.Minute, Resample{Interval: 3 * datasets.Minute, Hours: hoursOf(market.Crypto)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Append(fine)
	if err != nil || s.Len() != 1 || s.Close[0] != 1 || !datasets.CloseOnly(s) {
		t.Errorf("%v, %v; want the close 1 alone", s, err)
	}
	if s = r.Close(); s.Len() != 1 || s.Close[0] != 4 || !datasets.CloseOnly(s) || s.Volume != nil {
		t.Errorf("%v; want the close 4 alone", s)
	}
}

func TestResampleRefuses(t *testing.T) {
	const m, h = datasets.Minute, datasets.Hour
	tests := []struct {
		name     string
		pair     string
		fine, to datasets.Interval
		o        Resample
		candles  []span
		problem  error
		say      string
	}{
		{"no multiple", "BTCUSD", 2 * m, 5 * m, Resample{}, nil, datasets.ErrInterval, "expected a multiple of 2m"},
		{"finer", "BTCUSD", 5 * m, m, Resample{}, nil, datasets.ErrInterval, "coarser --interval"},
		{"the same", "BTCUSD", m, m, Resample{}, nil, datasets.ErrInterval, "coarser --interval"},
		{"over a closed market", "AAPL", m, 2 * datasets.Day, Resample{}, nil, datasets.ErrInterval, "at most 1d"},
		{"closed rows in days", "AAPL", m, datasets.Day, Resample{Closed: KeepClosed}, nil, datasets.ErrInterval, "--closed drop"},
		{"a market that never opens", "SPX", m, h, Resample{Hours: market.Hours{Kind: market.Never}}, nil, datasets.ErrInterval, "never opens"},
		// This market rests on Sundays from 12:00 to 17:00 New York, 17:00 to 22:00 UTC:
		// a UTC day would hold the end of one session and the beginning of the next.
		{"two sessions in a day", "EURUSD", h, datasets.Day, Resample{Grid: UTCGrid, Hours: market.Hours{Kind: market.Weekly, Zone: "America/New_York", Open: "sunday 17:00", Close: "sunday 12:00"}},
			[]span{{"2025-03-02 00:00", "2025-03-02 17:00"}, {"2025-03-02 22:00", "2025-03-03 00:00"}}, datasets.ErrSpacing,
			"EURUSD: found two sessions in the candle of 2025-03-02T00:00:00Z at 1d"},
		// From 13:00 to 14:00 reaches over 13:30, where the session and its candles begin.
		{"candles across the grid", "AAPL", h, 2 * h, Resample{}, []span{{"2025-07-02 13:00", "2025-07-02 16:00"}}, datasets.ErrSpacing, "--grid utc"},
		{"candles off the grid", "BTCUSD", 2 * m, 4 * m, Resample{}, []span{{"2025-07-02 13:03", "2025-07-02 13:09"}}, datasets.ErrSpacing,
			"found the candle of 2025-07-02T13:03:00Z, which reaches over 2025-07-02T13:04:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pair := pairOf(t, tt.pair)
			if tt.o.Hours.Kind == "" {
				tt.o.Hours = hoursOf(pair.Class)
			}
			tt.o.Interval = tt.to
			fine := numbered(t, pair, tt.fine, tt.candles...)
			_, _, err := resample(fine, tt.o, 100)
			if !errors.Is(err, tt.problem) || !strings.Contains(err.Error(), tt.say) {
				t.Errorf("%v, want %v that says %q", err, tt.problem, tt.say)
			}
		})
	}
}

// drawn draws fine candles with holes in a market, over days around a change of
// the clocks and holidays.
func drawn(t *rapid.T, id string, interval datasets.Interval) *market.Series {
	pair, _ := market.FindPair(market.Pairs(), id)
	s := &market.Series{Pair: pair, IntervalMS: int64(interval)}
	begin := time.Date(2025, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC).UnixMilli()
	schedule, err := market.NewSchedule(hoursOf(pair.Class), begin, begin+30*int64(datasets.Day))
	if err != nil {
		t.Fatal(err)
	}
	holes := rapid.SliceOfN(rapid.IntRange(0, 3*1440), 0, 40).Draw(t, "holes")
	seed := rapid.Uint64().Draw(t, "seed")
	for i := range 3 * 1440 {
		ms := begin + int64(i)*int64(interval)
		if !schedule.Open(ms) || slices.Contains(holes, i) {
			continue
		}
		next := func() float64 { // xorshift: prices with many digits
			seed ^= seed<<13 | 1
			seed ^= seed >> 7
			seed ^= seed << 17
			return 1 + float64(seed>>11)/(1<<53)
		}
		o, c := next(), next()
		s.Time = append(s.Time, ms)
		s.Open, s.Close, s.Volume = append(s.Open, o), append(s.Close, c), append(s.Volume, next())
		s.High, s.Low = append(s.High, max(o, c)+next()/8), append(s.Low, min(o, c)-next()/8)
	}
	return s
}

func TestResampleLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]string{"BTCUSD", "EURUSD", "AAPL"}).Draw(t, "pair")
		grid := rapid.SampledFrom([]Grid{SessionGrid, UTCGrid}).Draw(t, "grid")
		fine := drawn(t, id, datasets.Minute)
		if fine.Len() == 0 {
			return
		}
		hours := hoursOf(fine.Pair.Class)
		o := Resample{Hours: hours, Grid: grid, Partial: KeepPartial}
		o.Interval = rapid.SampledFrom([]datasets.Interval{15 * datasets.Minute, datasets.Hour, 4 * datasets.Hour, datasets.Day}).Draw(t, "interval")

		whole, _, err := resample(fine, o, fine.Len())
		if err != nil {
			t.Fatal(err)
		}
		chunked, _, err := resample(fine, o, rapid.IntRange(1, 200).Draw(t, "rows"))
		if err != nil || !sameCandles(whole, chunked, true) {
			t.Fatalf("chunks change the candles: %v", err)
		}

		five := o
		five.Interval = 5 * datasets.Minute
		middle, _, err := resample(fine, five, 100)
		if err != nil {
			t.Fatal(err)
		}
		twice, _, err := resample(middle, o, 100)
		// The volume is summed in another order, so its last digits may differ.
		if err != nil || !sameCandles(whole, twice, false) {
			t.Fatalf("over 5m: %v: other candles than at once", err)
		}

		if err := judgeCoarse(fine, whole, hours); err != nil {
			t.Fatal(err)
		}
		check := datasets.Checker{File: "coarse", IntervalMS: whole.IntervalMS}
		if err := check.Check(whole); err != nil {
			t.Fatal(err)
		}
	})
}

// A feed that trades at any hour, holidays and nights included: coarse candles
// hold those of one session or those of closed time, never both, and can be read.
func TestResampleOfFeedsThatNeverClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pair, _ := market.FindPair(market.Pairs(), rapid.SampledFrom([]string{"EURUSD", "AAPL"}).Draw(t, "pair"))
		days := rapid.SampledFrom([]string{"2025-03-06", "2025-07-02", "2025-10-31", "2025-11-26", "2025-12-23", "2025-12-31"})
		fine := &market.Series{Pair: pair, IntervalMS: int64(15 * datasets.Minute)}
		begin, err := time.Parse(time.DateOnly, days.Draw(t, "day"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 6 * 96 {
			if rapid.IntRange(0, 20).Draw(t, "there") > 0 {
				x := float64(i + 1)
				fine.Time = append(fine.Time, begin.UnixMilli()+int64(i)*fine.IntervalMS)
				fine.Open, fine.High, fine.Low, fine.Close = append(fine.Open, x), append(fine.High, x), append(fine.Low, x), append(fine.Close, x)
			}
		}
		if fine.Len() == 0 {
			return
		}
		hours := hoursOf(pair.Class)
		o := Resample{Hours: hours, Closed: KeepClosed, Partial: KeepPartial, Grid: rapid.SampledFrom([]Grid{SessionGrid, UTCGrid}).Draw(t, "grid")}
		o.Interval = rapid.SampledFrom([]datasets.Interval{30 * datasets.Minute, datasets.Hour, 4 * datasets.Hour, 7 * datasets.Hour / 2}).Draw(t, "interval")
		coarse, counts, err := resample(fine, o, rapid.IntRange(1, 300).Draw(t, "rows"))
		if err != nil {
			t.Fatal(err)
		}
		check := datasets.Checker{File: "coarse", IntervalMS: coarse.IntervalMS}
		if err := check.Check(coarse); err != nil {
			t.Fatal(err)
		}
		schedule, err := market.NewSchedule(hours, fine.Time[0], fine.Time[fine.Len()-1]+int64(datasets.Day))
		if err != nil {
			t.Fatal(err)
		}
		used := int64(0)
		for i, ms := range coarse.Time {
			first, last := fine.Search(begin.UnixMilli()+int64(coarse.Open[i]-1)*fine.IntervalMS), fine.Search(begin.UnixMilli()+int64(coarse.Close[i]-1)*fine.IntervalMS)
			used += int64(last - first + 1)
			a, b := fine.Time[first], fine.Time[last]+fine.IntervalMS
			if open := schedule.OpenMS(a, b); open != 0 && open != b-a {
				t.Fatalf("candle %s holds %s to %s, of which %d ms are open", stamp(ms), stamp(a), stamp(b), open)
			}
			if a < ms || b > ms+coarse.IntervalMS {
				t.Fatalf("candle %s holds %s to %s", stamp(ms), stamp(a), stamp(b))
			}
		}
		if used+counts.Closed != int64(fine.Len()) {
			t.Fatalf("%d candles used and %d dropped of %d", used, counts.Closed, fine.Len())
		}
		for _, ms := range fine.Time { // no candle of a session is dropped
			if i := coarse.Search(ms + 1); schedule.Open(ms) && (i == 0 || ms >= coarse.EndMS(i-1)) {
				t.Fatalf("%s is in no candle", stamp(ms))
			}
		}
	})
}

// judgeCoarse holds coarse candles against the fine ones by brute force: all and
// only those in its interval are in it, within one session.
func judgeCoarse(fine, coarse *market.Series, hours market.Hours) error {
	schedule, err := market.NewSchedule(hours, fine.Time[0]-1, fine.Time[fine.Len()-1]+2*int64(datasets.Day))
	if err != nil {
		return err
	}
	used := 0
	for i, ms := range coarse.Time {
		from, to := fine.Search(ms), fine.Search(ms+coarse.IntervalMS)
		if from == to {
			return fmt.Errorf("candle %s without any in it", stamp(ms))
		}
		used += to - from
		if coarse.Open[i] != fine.Open[from] || coarse.Close[i] != fine.Close[to-1] ||
			coarse.High[i] != slices.Max(fine.High[from:to]) || coarse.Low[i] != slices.Min(fine.Low[from:to]) {
			return fmt.Errorf("candle %s is not that of rows %d to %d", stamp(ms), from, to)
		}
		a, b := fine.Time[from], fine.Time[to-1]+fine.IntervalMS
		if hours.Kind != market.Always && schedule.OpenMS(a, b) != b-a {
			return fmt.Errorf("candle %s reaches over a closed market", stamp(ms))
		}
	}
	if used != fine.Len() {
		return fmt.Errorf("%d of %d fine candles used", used, fine.Len())
	}
	return nil
}

func sameCandles(a, b *market.Series, volume bool) bool {
	return slices.Equal(a.Time, b.Time) && slices.Equal(a.Open, b.Open) && slices.Equal(a.High, b.High) && slices.Equal(a.Low, b.Low) &&
		slices.Equal(a.Close, b.Close) && (!volume || slices.Equal(a.Volume, b.Volume))
}

func TestResampleAllocatesNothingPerCandle(t *testing.T) {
	fine := numbered(t, pairOf(t, "AAPL"), datasets.Minute, span{"2025-07-02 13:30", "2025-07-02 20:00"})
	r, err := NewResampler(fine.Pair, datasets.Minute, Resample{Interval: 5 * datasets.Minute, Hours: market.EquitiesHours()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Append(fine); err != nil { // sets its columns aside
		t.Fatal(err)
	}
	allocs := testing.AllocsPerRun(10, func() {
		for i := range fine.Time {
			fine.Time[i] += 7 * int64(datasets.Day)
		}
		if _, err := r.Append(fine); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 1 { // the chunk's header
		t.Errorf("%v allocations a chunk of %d candles", allocs, fine.Len())
	}
}
