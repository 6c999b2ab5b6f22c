package reports

import (
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/datasets"
)

func described() *datasets.Manifest {
	return &datasets.Manifest{
		Source: "a vendor", Licence: "theirs",
		Files: []datasets.ManifestFile{
			{
				Name: "BTCUSD-1h.parquet", Pair: "BTCUSD", Interval: "1h", Columns: "open,high,low,close,volume", Rows: 24,
				FirstMS: startMS, LastMS: startMS + 23*hourMS, Bytes: 1536, SHA256: strings.Repeat("0123456789abcdef", 4), Content: "c0ffee",
				Gaps: datasets.Gaps{Count: 1, TotalMS: hourMS, Longest: []datasets.Gap{{OpenMS: hourMS}}},
				Origin: &datasets.Origin{
					Command: "data import", Detected: []string{"Binance klines of spot", "times are milliseconds"},
					Findings: []datasets.FindingCount{{Problem: "gap", Count: 1}, {Problem: "spike", Count: 2}},
				},
			},
			{Name: "EURUSD-15m.arrow", Pair: "EURUSD", Interval: "15m", Columns: "open,high,low,close,bid,ask", Rows: 4, FirstMS: startMS - dayMS, LastMS: startMS, Bytes: 3 << 20},
			{Name: "EURUSD-1h.csv", Pair: "EURUSD", Interval: "1h", Columns: "close"},
		},
	}
}

func TestManifestTable(t *testing.T) {
	table := ManifestTable(described())
	for name, want := range map[string][]string{
		"pair": {"BTCUSD", "EURUSD", "EURUSD"}, "first": {"2025-01-01T00:00:00Z", "2024-12-31T00:00:00Z", ""}, "last": {"2025-01-01T23:00:00Z", "2025-01-01T00:00:00Z", ""},
		"gaps": {"1", "0", "0"}, "longest_gap_ms": {"3600000", "", ""}, "bytes": {"1536", "3145728", "0"},
		"columns": {"open,high,low,close,volume", "open,high,low,close,bid,ask", "close"},
		"origin":  {"Binance klines of spot; times are milliseconds", "", ""}, "findings": {"2", "", ""}, "problems": {"gap×1, spike×2", "", ""},
		"file": {"BTCUSD-1h.parquet", "EURUSD-15m.arrow", "EURUSD-1h.csv"}, "content": {"c0ffee", "", ""},
	} {
		if got := csvColumn(t, table, name); !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	text := rendered(t, table, FormatTable)
	for _, want := range []string{"1.5 KiB  0123456789ab  ", "OHLCV ", "OHLC bid ask", "close", "3.0 MiB", "0 B", "  1 h  "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, ".arrow") || strings.Contains(text, "c0ffee") {
		t.Errorf("people see what is for programs:\n%s", text)
	}
	for line := range strings.Lines(text) {
		if n := displayed(strings.TrimRight(line, "\n")); n > 170 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
}

func TestDatasetList(t *testing.T) {
	table := DatasetList([]ListedDataset{
		{Folder: "candles", Manifest: described(), State: DatasetVerified},
		{Folder: "none", Manifest: &datasets.Manifest{}, State: DatasetUndescribed},
	})
	for name, want := range map[string][]string{
		"folder": {"candles", "none"}, "files": {"3", "0"}, "pairs": {"2", "0"}, "intervals": {"15m, 1h", ""}, "rows": {"28", "0"},
		"first": {"2024-12-31T00:00:00Z", ""}, "last": {"2025-01-01T23:00:00Z", ""}, "bytes": {"3147264", "0"},
		"source": {"a vendor", ""}, "licence": {"theirs", ""}, "state": {"verified", "no manifest"},
	} {
		if got := csvColumn(t, table, name); !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestSizeCell(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 102_348: "99.9 KiB", 102_400: "100 KiB", 12 << 20: "12.0 MiB", 5 << 30: "5.0 GiB", 3 << 50: "3072 TiB",
	} {
		if got := sizeCell(bytes).show(); got != want {
			t.Errorf("%d bytes are %q, want %q", bytes, got, want)
		}
	}
}
