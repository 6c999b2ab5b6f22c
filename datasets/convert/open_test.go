//go:build linux || darwin

package convert

import (
	"context"
	"flag"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// BenchmarkOpenHundredMillion opens a mapped data set of a hundred million rows,
// whose hash was verified before: in under 50 ms. The file of closes takes 1.6 GB
// while it lasts, and as much again while it is written; with -six it has open,
// high, low, close and volume and takes three times that.
func BenchmarkOpenHundredMillion(b *testing.B) {
	const rows = 100_000_000
	have := datasets.Close
	if *sixColumns {
		have = datasets.OHLC | datasets.Volume
	}
	dir := b.TempDir() // removed at the end
	room(b, dir, 2*8*rows*int64(width(have))+1<<30)
	hundredMillion(b, dir, rows, have)

	ctx := context.Background()
	// The hash is known from an earlier run, long after the file was written.
	memory := datasets.OpenMemory(filepath.Join(b.TempDir(), "memory.json"), time.Now().Add(time.Hour))
	open := func() {
		set, err := datasets.OpenSet(datasets.OpenOptions{}, dir)
		if err != nil {
			b.Fatal(err)
		}
		if err := set.Verify(ctx, memory); err != nil {
			b.Fatal(err)
		}
		c, err := set.Read(ctx, datasets.Select{Unchecked: true})
		if err != nil {
			b.Fatal(err)
		}
		if c[0].Series.Len() != rows {
			b.Fatalf("%d rows", c[0].Series.Len())
		}
		if err := c[0].Close(); err != nil {
			b.Fatal(err)
		}
	}
	open() // hashes the file, for once
	b.ReportAllocs()
	for b.Loop() {
		open()
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(each.Microseconds())/1000, "ms/open")
	if each > 50*time.Millisecond {
		b.Errorf("opening took %v, over 50 ms", each)
	}
}

var sixColumns = flag.Bool("six", false, "open a file of six columns")

// width is the columns of a file, time included.
func width(have datasets.Columns) int {
	n := 1
	for c := datasets.Open; c <= datasets.Ask; c <<= 1 {
		if have&c != 0 {
			n++
		}
	}
	return n
}

// room skips the benchmark where the disk has not enough free bytes.
func room(b *testing.B, dir string, bytes int64) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		b.Fatal(err)
	}
	if free := int64(disk.Bavail) * int64(disk.Bsize); free < bytes { //nolint:unconvert // no int64 on every system
		b.Skipf("%d MiB free in %s, %d needed", free>>20, dir, bytes>>20)
	}
}

// hundredMillion writes candles a second apart as a data set.
func hundredMillion(b *testing.B, dir string, rows int, have datasets.Columns) {
	pair := pairOf(b, "BTCUSD")
	update, err := datasets.BeginUpdate(dir, false)
	if err != nil {
		b.Fatal(err)
	}
	defer update.Abort()
	w, err := update.Create(datasets.Name{Pair: pair.ID, Interval: datasets.Second, Format: datasets.Arrow}, datasets.WriterOptions{Pair: pair, Columns: have})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Abort()
	const chunk = 100_000
	price, time := make([]float64, chunk), make([]int64, chunk)
	for i := range price {
		price[i] = 1 + float64(i)/chunk
	}
	s := &market.Series{Pair: pair, IntervalMS: 1000, Time: time, Close: price, Open: price, High: price, Low: price}
	if have&datasets.Volume != 0 {
		same := func() []float64 { return append([]float64(nil), price...) }
		s.Open, s.High, s.Low, s.Volume = same(), same(), same(), same()
	}
	begin := utc(b, "2020-01-01 00:00")
	for done := 0; done < rows; done += chunk {
		for i := range time {
			time[i] = begin + int64(done+i)*1000
		}
		if err := w.Append(s); err != nil {
			b.Fatal(err)
		}
	}
	file, err := w.Close()
	if err != nil {
		b.Fatal(err)
	}
	update.Put(file)
	if err := update.Commit(context.Background(), datasets.Manifest{}); err != nil {
		b.Fatal(err)
	}
}
