package vendors

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkRead measures plain text on one core: the speed of the reader, not of
// unpacking.
func BenchmarkRead(b *testing.B) {
	const rows = 100_000 // to the middle of March, before clocks change
	formats := []struct {
		name, head string
		row        func(w *bytes.Buffer, at time.Time, i int)
		o          Options
	}{
		{"BTCUSDT-1m-2025-01.csv", "", func(w *bytes.Buffer, at time.Time, i int) {
			ms, p := at.UnixMilli(), 9357600+i%1000
			fmt.Fprintf(w, "%d000,%d.%02d,%d.%02d,%d.%02d,%d.%02d,8.21827000,%d999,768978.48733990,2631,4.87153000,455827.94085300,0\n",
				ms, p/100, p%100, (p+900)/100, (p+900)%100, (p-900)/100, (p-900)%100, (p+33)/100, (p+33)%100, ms+59999)
		}, Options{}},
		{"DAT_ASCII_EURUSD_M1_202503.csv", "", func(w *bytes.Buffer, at time.Time, i int) {
			p := 104000 + i%1000
			fmt.Fprintf(w, "%s;1.%d0;1.%d0;1.%d0;1.%d0;0\n", at.Format("20060102 150405"), p%100000, p%100000+20, p%100000-20, p%100000)
		}, Options{}},
		{"EURUSD_M1.csv", "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n", func(w *bytes.Buffer, at time.Time, i int) {
			p := 10400 + i%1000
			fmt.Fprintf(w, "%s\t1.%d\t1.%d\t1.%d\t1.%d\t385\t0\t9\r\n", at.Format("2006.01.02\t15:04:05"), p, p+20, p-20, p)
		}, Options{Zone: loadZone("Europe/Athens")}},
		{"table.csv", "time,open,high,low,close,volume\n", func(w *bytes.Buffer, at time.Time, i int) {
			p := 9357600 + i%1000
			fmt.Fprintf(w, "%s,%d.%02d,%d.%02d,%d.%02d,%d.%02d,8.21827\n", at.Format("2006-01-02 15:04:05"),
				p/100, p%100, (p+900)/100, (p+900)%100, (p-900)/100, (p-900)%100, (p+33)/100, (p+33)%100)
		}, Options{Zone: time.UTC}},
	}
	for _, f := range formats {
		var text bytes.Buffer
		text.WriteString(f.head)
		at := time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)
		for i := range rows {
			f.row(&text, at, i)
			at = at.Add(time.Minute)
		}
		in := Input{Path: filepath.Join(b.TempDir(), f.name)}
		if err := os.WriteFile(in.Path, text.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
		d, err := Detect(context.Background(), in, f.o)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(d.Format, func(b *testing.B) { benchmarkRead(b, in, f.o, text.Len(), rows) })
	}
}

// BenchmarkDetect measures what a folder of many small files costs each.
func BenchmarkDetect(b *testing.B) {
	var text bytes.Buffer
	for i := range 1440 {
		ms := 1735689600000 + int64(i)*60000
		fmt.Fprintf(&text, "%d,93576.00,93610.93,93537.50,93610.93,8.21827000,%d,768978.48733990,2631,4.87153000,455827.94085300,0\n", ms, ms+59999)
	}
	in := Input{Path: filepath.Join(b.TempDir(), "BTCUSDT-1m-2025-01-01.csv")}
	if err := os.WriteFile(in.Path, text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Detect(context.Background(), in, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// benchmarkRead reads an input of some bytes, which has so many rows, as often as
// b asks for.
func benchmarkRead(b *testing.B, in Input, o Options, size, rows int) {
	b.Helper()
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for c, err := range Read(context.Background(), in, o) {
			if err != nil {
				b.Fatal(err)
			}
			n += c.Len()
		}
		if n != rows {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.N)*float64(rows)/1e6/b.Elapsed().Seconds(), "Mrows/s")
}
