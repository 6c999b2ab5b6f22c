package convert

import (
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

func TestParseColumns(t *testing.T) {
	for text, want := range map[string]datasets.Columns{
		"open,high,low,close":             datasets.OHLC,
		"time,close":                      datasets.Close,
		"close,volume,ask":                datasets.Close | datasets.Volume | datasets.Ask,
		"volume,close,low,high,open":      datasets.OHLC | datasets.Volume,
		"open,high,low,close,bid,ask,bid": datasets.OHLC | datasets.Bid | datasets.Ask,
	} {
		if got, err := ParseColumns(strings.Split(text, ",")); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"open,close", "volume", "clsoe", "", "open,high,low"} {
		if got, err := ParseColumns(strings.Split(text, ",")); err == nil {
			t.Errorf("%s: taken as %v", text, got)
		}
	}
}
