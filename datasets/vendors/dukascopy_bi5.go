package vendors

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ulikunitz/xz/lzma"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// BI5Format is the name of the format that Dukascopy's servers keep minutes in.
const BI5Format = "dukascopy-bi5"

// BI5Record is a minute of a day's bi5 file. The file is an LZMA stream of
// records of 24 bytes, big-endian: the second of the day, open, close, low and
// high in points as 32-bit integers, and the volume as a 32-bit float. A day has
// a record for every minute; one in which nothing happened, also at the weekend,
// repeats the last close with a volume of 0.
type BI5Record struct {
	Second                 int64   // since the day began, UTC
	Open, High, Low, Close float64 // points
	Volume                 float64 // millions of the base currency
}

const (
	bi5Record  = 24   // bytes
	bi5Records = 1440 // of a day
	// bi5Dictionary bounds the memory that a file may ask for, bytes; those of
	// Dukascopy need a few MB at most.
	bi5Dictionary = 64 << 20
)

// DecodeBI5 unpacks a day's minutes. Whatever the bytes, memory is bounded.
func DecodeBI5(body []byte) (records []BI5Record, err error) {
	defer func() {
		if p := recover(); p != nil { // the library's, on hostile bytes
			records, err = nil, fmt.Errorf("its LZMA stream is damaged: %v", p)
		}
	}()
	if len(body) == 0 {
		return nil, nil // no candle that day
	}
	r, err := lzma.ReaderConfig{DictCap: bi5Dictionary}.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("no LZMA stream: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, bi5Records*bi5Record+1))
	if err != nil {
		return nil, fmt.Errorf("its LZMA stream is damaged or cut short: %w", err)
	}
	switch {
	case len(plain) > bi5Records*bi5Record:
		return nil, fmt.Errorf("more than the %d minutes of a day", bi5Records)
	case len(plain)%bi5Record != 0:
		return nil, fmt.Errorf("%d bytes, which is no multiple of a record's %d", len(plain), bi5Record)
	}
	return readBI5(plain)
}

// readBI5 reads the records. An LZMA stream has no checksum: that the minutes
// ascend is what tells a damaged one. What the candles say is for the audit to
// judge.
func readBI5(plain []byte) ([]BI5Record, error) {
	records := make([]BI5Record, 0, len(plain)/bi5Record)
	before := int64(-1)
	for at := 0; at < len(plain); at += bi5Record {
		field := func(k int) uint32 { return binary.BigEndian.Uint32(plain[at+4*k:]) }
		points := func(k int) float64 { return float64(int32(field(k))) }
		r := BI5Record{Second: int64(int32(field(0))), Open: points(1), Close: points(2), Low: points(3), High: points(4),
			Volume: decimal(math.Float32frombits(field(5)))}
		if r.Second <= before || r.Second >= 86_400 || r.Second%60 != 0 {
			return nil, fmt.Errorf("record %d is of second %d, expected a minute after second %d", at/bi5Record+1, r.Second, before)
		}
		before = r.Second
		records = append(records, r)
	}
	return records, nil
}

// decimal is the shortest decimal that a 32-bit float stands for: 3.45 rather
// than 3.450000047683716.
func decimal(v float32) float64 {
	x, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
	if err != nil {
		return float64(v)
	}
	return x
}

// BI5Points returns how many points make a price of 1 for a symbol of
// Dukascopy's; ok is false if that is not known here. Prices have five decimals,
// but three where the quote is the yen and for metals, and one for crypto.
func BI5Points(symbol string) (points float64, ok bool) {
	if len(symbol) != 6 {
		return 0, false
	}
	const currencies = "AUD CAD CHF EUR GBP JPY MXN NZD USD"
	base, quote := symbol[:3], symbol[3:]
	isCurrency := func(c string) bool { return slices.Contains(strings.Fields(currencies), c) }
	switch {
	case !isCurrency(quote):
		return 0, false
	case base == "XAU" || base == "XAG":
		return 1e3, true
	case base == "BTC" || base == "ETH":
		return 10, true
	case !isCurrency(base):
		return 0, false
	case quote == "JPY":
		return 1e3, true
	}
	return 1e5, true
}

// bi5 is the format. What a file is of only its path tells:
// EURUSD/2025/00/02/BID_candles_min_1.bi5, as on the server, with the month
// counted from 00; or EURUSD-2025-01-02-BID_candles_min_1.bi5.
type bi5 struct{}

func (bi5) name() string { return BI5Format }

// bi5Path is what the path of a file says.
type bi5Path struct {
	symbol string
	dayMS  int64 // its midnight, UTC ms
	ask    bool
}

func (bi5) detect(h *head, o Options) (d Description, ok bool, err error) {
	file, ok := parseBI5Path(filepath.ToSlash(h.in.String()))
	if !ok {
		if strings.HasSuffix(strings.ToLower(h.in.Name()), ".bi5") {
			return d, false, &datasets.Refusal{File: h.in.String(), Problem: datasets.ErrName, Found: "a bi5 file whose path names no day",
				Expected: "EURUSD/2025/00/02/BID_candles_min_1.bi5, with the month from 00, or EURUSD-2025-01-02-BID_candles_min_1.bi5",
				Remedy:   "name the file so; only minutes are read"}
		}
		return d, false, nil
	}
	if err := o.zoneUnused(h.in, "minutes that count from midnight UTC", 0); err != nil {
		return d, false, err
	}
	scale, err := bi5Scale(h.in, file.symbol, o)
	if err != nil {
		return d, false, err
	}
	side := "bids"
	if file.ask {
		side = "asks"
	}
	return Description{
		Format: BI5Format, Title: "Dukascopy minutes (bi5)", Kind: Candles, Symbol: file.symbol, Interval: datasets.Minute,
		Columns: datasets.OHLC | datasets.Volume, Clock: "UTC",
		Notes: []string{"prices are " + side + ", in points of " + strconv.FormatFloat(scale, 'f', -1, 64), "minutes without a tick are left out"},
	}, true, nil
}

// bi5Scale is what a point is worth.
func bi5Scale(in Input, symbol string, o Options) (float64, error) {
	if o.PriceScale != 0 {
		return o.PriceScale, nil
	}
	points, ok := BI5Points(symbol)
	if !ok {
		return 0, &datasets.Refusal{File: in.String(), Problem: datasets.ErrScale, Found: "prices in points of " + quoted(symbol),
			Expected: "a symbol whose points are known", Remedy: "say what a point is worth: --price-scale 0.001"}
	}
	return 1 / points, nil
}

// parseBI5Path reads symbol, day and side from a path with slashes.
func parseBI5Path(p string) (file bi5Path, ok bool) {
	name := path.Base(p)
	prefix, side := "", ""
	for _, s := range []string{"BID", "ASK"} {
		if before, found := strings.CutSuffix(name, s+"_candles_min_1.bi5"); found {
			prefix, side = before, s
		}
	}
	if side == "" {
		return file, false
	}
	file.ask = side == "ASK"
	date := ""
	if prefix != "" {
		parts := strings.SplitN(strings.TrimSuffix(prefix, "-"), "-", 2)
		if len(parts) != 2 {
			return file, false
		}
		file.symbol, date = parts[0], parts[1]
	} else {
		parts := strings.Split(p, "/")
		if len(parts) < 5 {
			return file, false
		}
		parts = parts[len(parts)-5 : len(parts)-1]
		month, err := strconv.Atoi(parts[2])
		if err != nil || len(parts[2]) != 2 {
			return file, false
		}
		file.symbol, date = parts[0], fmt.Sprintf("%s-%02d-%s", parts[1], month+1, parts[3])
	}
	day, err := time.Parse(time.DateOnly, date)
	file.dayMS = day.UnixMilli()
	return file, err == nil && file.symbol != ""
}

func (f bi5) read(ctx context.Context, in Input, _ Description, o Options, take func(Chunk) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s, err := readBI5Day(in, o)
	if err != nil || s.Len() == 0 {
		return err
	}
	take(Chunk{Series: s})
	return nil
}

// readBI5Day reads a file's minutes, without those in which nothing happened.
func readBI5Day(in Input, o Options) (*market.Series, error) {
	file, ok := parseBI5Path(filepath.ToSlash(in.String()))
	if !ok {
		return nil, &datasets.Refusal{File: in.String(), Problem: datasets.ErrName, Found: "a path that names no day",
			Expected: "EURUSD-2025-01-02-BID_candles_min_1.bi5"}
	}
	scale, err := bi5Scale(in, file.symbol, o)
	if err != nil {
		return nil, err
	}
	body, err := readBounded(in, 4<<20)
	if err != nil {
		return nil, err
	}
	records, err := DecodeBI5(body)
	if err != nil {
		return nil, &datasets.Refusal{File: in.String(), Problem: datasets.ErrCorrupt, Found: "a damaged file: " + err.Error(),
			Expected: "a day of Dukascopy's minutes", Remedy: "fetch it again"}
	}
	s := &market.Series{}
	for _, r := range records {
		if r.Volume == 0 {
			continue
		}
		s.Time = append(s.Time, file.dayMS+1000*r.Second)
		s.Open, s.High = append(s.Open, r.Open), append(s.High, r.High)
		s.Low, s.Close = append(s.Low, r.Low), append(s.Close, r.Close)
		s.Volume = append(s.Volume, r.Volume)
	}
	price, volume := newScaler(scale), newScaler(o.VolumeScale)
	for _, col := range [][]float64{s.Open, s.High, s.Low, s.Close} {
		price.apply(col)
	}
	volume.apply(s.Volume)
	return s, nil
}

// readBounded reads a small input whole.
func readBounded(in Input, most int64) ([]byte, error) {
	r, err := in.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	body, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(body)) > most {
		err = errors.New("it is far too large")
	}
	if err != nil {
		return nil, in.damaged(err)
	}
	return body, nil
}
