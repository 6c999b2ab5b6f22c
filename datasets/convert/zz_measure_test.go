package convert

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

type enc struct {
	group   int
	dict    int64 // 0 = none
	codec   compress.Compression
	level   int
	bss     bool
	timeEnc string
	page    int64
	volZ    int
}

func writeEnc(t testing.TB, path string, s *market.Series, e enc) {
	opts := []parquet.WriterProperty{parquet.WithCompression(e.codec), parquet.WithVersion(parquet.V2_LATEST)}
	if e.level != 0 {
		opts = append(opts, parquet.WithCompressionLevel(e.level))
	}
	page := e.page
	if page == 0 {
		page = int64(8 * e.group)
	}
	opts = append(opts, parquet.WithDataPageSize(page))
	if e.dict > 0 {
		opts = append(opts, parquet.WithDictionaryDefault(true), parquet.WithDictionaryPageSizeLimit(e.dict))
	} else {
		opts = append(opts, parquet.WithDictionaryDefault(false))
	}
	var fields schema.FieldList
	tn, _ := schema.NewPrimitiveNodeLogical("time", parquet.Repetitions.Required, schema.NewTimestampLogicalType(true, schema.TimeUnitMillis), parquet.Types.Int64, 0, -1)
	fields = append(fields, tn)
	opts = append(opts, parquet.WithDictionaryFor("time", false))
	if e.timeEnc == "delta" {
		opts = append(opts, parquet.WithEncodingFor("time", parquet.Encodings.DeltaBinaryPacked))
	}
	if e.volZ > 0 {
		opts = append(opts, parquet.WithCompressionFor("volume", compress.Codecs.Zstd), parquet.WithCompressionLevelFor("volume", e.volZ), parquet.WithDictionaryFor("volume", false))
	}
	var cols [][]float64
	for k, c := range columns(s) {
		if *c == nil {
			continue
		}
		name := datasets.Columns(1 << k).String()
		fields = append(fields, schema.NewFloat64Node(name, parquet.Repetitions.Required, -1))
		if e.bss {
			opts = append(opts, parquet.WithEncodingFor(name, parquet.Encodings.ByteStreamSplit))
			if e.dict == 0 {
				opts = append(opts, parquet.WithDictionaryFor(name, false))
			}
		}
		cols = append(cols, *c)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := file.NewParquetWriter(f, root, file.WithWriterProps(parquet.NewWriterProperties(opts...)))
	for i := 0; i < s.Len(); i += e.group {
		j := min(i+e.group, s.Len())
		g := w.AppendRowGroup()
		c, _ := g.NextColumn()
		if _, err := c.(*file.Int64ColumnChunkWriter).WriteBatch(s.Time[i:j], nil, nil); err != nil {
			t.Fatal(err)
		}
		c.Close()
		for _, col := range cols {
			c, _ := g.NextColumn()
			if _, err := c.(*file.Float64ColumnChunkWriter).WriteBatch(col[i:j], nil, nil); err != nil {
				t.Fatal(err)
			}
			c.Close()
		}
		g.Close()
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestZZMeasure(t *testing.T) {
	sets := []*market.Series{
		reference(t, "BTCUSD", datasets.Minute, epochMS, "crypto-1m", "BTCUSDT-1m-2025.csv.gz"),
		reference(t, "ETHUSD", datasets.Minute, epochMS, "crypto-1m", "ETHUSDT-1m-2025.csv.gz"),
		reference(t, "EURUSD", datasets.Minute, epochMS, "forex-1m", "EURUSD-1m-2025.csv.gz"),
		reference(t, "USDJPY", 15*datasets.Minute, layout("2006-01-02 15:04:05-07:00", "UTC"), "forex-15m", "USDJPY_M15.csv.gz"),
		reference(t, "NVDA", 5*datasets.Minute, layout(time.DateTime, "America/New_York"), "equities-5m", "NVDA_5min.csv.gz"),
		reference(t, "AAPL", 5*datasets.Minute, layout(time.DateTime, "America/New_York"), "equities-5m", "AAPL_5min.csv.gz"),
	}
	lz, zs, un, sn := compress.Codecs.Lz4Raw, compress.Codecs.Zstd, compress.Codecs.Uncompressed, compress.Codecs.Snappy
	const k = 1 << 10
	type row struct {
		name string
		e    enc
	}
	base := enc{group: 128 * k, dict: 128 * k, codec: lz, timeEnc: "delta"}
	with := func(f func(e *enc)) enc { e := base; f(&e); return e }
	rows := []row{
		{"CURRENT", base},
		{"volume zstd1", with(func(e *enc) { e.volZ = 1 })},
		{"volume zstd3", with(func(e *enc) { e.volZ = 3 })},
		{"dict 64K", with(func(e *enc) { e.dict = 64 * k })},
		{"dict 96K", with(func(e *enc) { e.dict = 96 * k })},
		{"zstd1", with(func(e *enc) { e.codec = zs; e.level = 1 })},
		{"zstd3", with(func(e *enc) { e.codec = zs; e.level = 3 })},
	}
	_, _ = un, sn
	for _, r := range rows {
		line := fmt.Sprintf("%-38s", r.name)
		for _, s := range sets {
			dir := t.TempDir()
			path := filepath.Join(dir, datasets.Name{Pair: s.Pair.ID, Interval: datasets.Interval(s.IntervalMS), Format: datasets.Parquet}.String())
			t0 := time.Now()
			writeEnc(t, path, s, r.e)
			wt := time.Since(t0).Seconds()
			info, _ := os.Stat(path)
			best := 1e9
			for range 12 {
				t1 := time.Now()
				n := 0
				for c, err := range datasets.Chunks(context.Background(), path, market.Pairs(), datasets.Select{Unchecked: true}, 0) {
					if err != nil {
						line += " " + err.Error()
						break
					}
					n += c.Len()
				}
				if n != s.Len() {
					t.Fatal(n)
				}
				best = min(best, time.Since(t1).Seconds())
			}
			line += fmt.Sprintf(" | %6.2f B/row  w %4.1f  r %5.1f M/s", float64(info.Size())/float64(s.Len()), float64(s.Len())/wt/1e6, float64(s.Len())/best/1e6)
		}
		t.Log(line)
	}
}
