package recording

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// moved is stored1 a few minutes later.
func moved(uuid string, minutes int64) string {
	text := stored1(anna, uuid)
	for k := int64(2); k >= 0; k-- {
		text = strings.ReplaceAll(text, ms(t0+k*60_000), "T"+ms(k))
	}
	for k := int64(2); k >= 0; k-- {
		text = strings.ReplaceAll(text, "T"+ms(k), ms(t0+(minutes+k)*60_000))
	}
	return text
}

// TestWithinKeepsWholePositions: each position opens at its minute and closes two
// minutes later.
func TestWithinKeepsWholePositions(t *testing.T) {
	open := strings.Replace(moved("open", 11), `"is_closed_position":true`, `"is_closed_position":false`, 1)
	nameless := strings.Replace(moved("", 20), `"order_uuid":"-a"`, `"order_uuid":""`, 1)
	all := []string{moved("before", 0), moved("after", 4), moved("same", 10), open, nameless}
	rec := parsed(t, "["+strings.Join(all, ",")+"]")
	minute := func(n int64) int64 { return t0 + n*60_000 }
	for _, c := range []struct {
		name     string
		from, to int64
		kept     []string
		cut      []string
	}{
		{"all", minute(0), minute(22), []string{"before", "after", "same", "open", ""}, nil},
		{"a ms of the first", minute(0) + 1, minute(22), []string{"after", "same", "open", ""}, []string{"before"}},
		{"a ms of the last", minute(0), minute(22) - 1, []string{"before", "after", "same", "open"}, []string{"BTCUSD of 2025-01-15T00:20:00.000Z"}},
		{"the open one's orders", minute(1), minute(13), []string{"after", "same", "open"}, []string{"before", "BTCUSD of 2025-01-15T00:20:00.000Z"}},
		{"some of the open one's", minute(4), minute(12), []string{"after", "same"}, []string{"before", "open", "BTCUSD of 2025-01-15T00:20:00.000Z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := rec.Within(c.from, c.to)
			if err != nil {
				t.Fatal(err)
			}
			if err := check(got); err != nil {
				t.Error(err)
			}
			var kept []string
			for i := range got.Positions {
				kept = append(kept, got.Positions[i].UUID)
			}
			if want := (CutOff{c.cut, 3 * len(c.cut)}); !slices.Equal(kept, c.kept) || !reflect.DeepEqual(got.CutOff, want) || len(got.Orders) != 3*len(kept) {
				t.Errorf("kept %q of %d orders, cut off %+v; want %q, %+v", kept, len(got.Orders), got.CutOff, c.kept, want)
			}
		})
	}
	if err := check(rec); err != nil || len(rec.Orders) != 15 || rec.CutOff.Orders != 0 {
		t.Errorf("the recording itself changed: %v, %+v", err, rec)
	}
	_, err := rec.Within(minute(1), minute(2))
	const want = "f: open_ms: found no position that lies whole in the run's range, of 5; expected one from 2025-01-15T00:01:00.000Z to 2025-01-15T00:02:00.000Z; " +
		"choose --from and --to, or candles, that cover positions from their opening to their close"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestWithinPassesOverOrdersAfterTheClose: they are not played, so the range may
// cut them.
func TestWithinPassesOverOrdersAfterTheClose(t *testing.T) {
	late := strings.Replace(stored1(anna, "p"), `"close_ms":`+ms(t0+120_000), `"close_ms":`+ms(t0+60_000), 1)
	rec := parsed(t, "["+late+"]")
	if got, err := rec.Within(t0, t0+60_000); err != nil || len(got.Positions) != 1 || len(got.Orders) != 3 {
		t.Errorf("%v: %+v", err, got)
	}
}

// TestWhatWasCutIsToldAndNotCompared: a comparison is of what was played.
func TestWhatWasCutIsToldAndNotCompared(t *testing.T) {
	rec := parsed(t, "["+stored1(anna, "p")+","+moved("q", 2)+"]")
	kept, err := rec.Within(t0, t0+180_000)
	if err != nil {
		t.Fatal(err)
	}
	candles := minutes(101, 108.9, 90, 90)
	c := Compare(kept, play(t, kept.Signals(Recorded), "ptn-2025-02", nil, candles), play(t, kept.Signals(Simulated), "ptn-2025-02", nil, candles))
	const want = "positions that began before the run or were not over at its end, left out whole: 1 of 2 (orders: 3): q"
	if len(c.Positions) != 1 || c.Positions[0].UUID != "p" || c.Recorded.Orders != 3 || len(c.Prices.Orders) != 3 || !slices.Contains(c.Warnings, want) {
		t.Errorf("%+v; want the position p alone, and the warning %q", c, want)
	}
	only, err := kept.Only(func(string) bool { return true })
	if err != nil || !reflect.DeepEqual(only.CutOff, kept.CutOff) {
		t.Errorf("%v: %+v", err, only.CutOff)
	}
}

func ms(n int64) string { return strconv.FormatInt(n, 10) }
