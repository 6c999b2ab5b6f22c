package vendors

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/datasets/text"
)

// anyTableName is the format of tables of no vendor in particular.
const anyTableName = "csv"

// anyTable is the format of any delimited text: its columns are found by the
// names that are usual, by the mapping that the user states, or, without a
// header, by what the prices allow.
func anyTable() format { return table{anyTableName, "table of candles", csvTable} }

// absent in a mapping leaves a column out.
const absent = "-"

func csvTable(t table, s *sheet, o Options) (*plan, error) {
	p := newPlan(s, o, t.id, t.title)
	var err error
	switch {
	case o.Columns != nil:
		err = p.mapped(s, o)
	case s.header != nil:
		err = p.byNames(s, o)
	default:
		err = p.byPrices(s)
	}
	if err != nil {
		return nil, err
	}
	if p.time.column < 0 || p.index[closeAt] < 0 {
		return nil, p.incomplete(s)
	}
	prices := 0
	for _, i := range p.index[:closeAt] {
		if i >= 0 {
			prices++
		}
	}
	if prices != 0 && prices != 3 {
		return nil, p.incomplete(s)
	}
	if prices == 0 {
		p.note("only the close is known")
	}
	p.symbolByName(s, o)
	return p.finish(s, o, nil, "")
}

// symbolByName finds a column that names each row's symbol: rows of several
// symbols must not become one series.
func (p *plan) symbolByName(s *sheet, o Options) {
	names := s.names()
	for _, name := range []string{"symbol", "ticker", "pair", "instrument", "sym", "tic", "code", "name"} {
		if i := slices.Index(names, name); i >= 0 && i < s.width && !s.numeric(i) {
			p.symbols(s, o, i)
			p.note("%s names the symbol", quoted(s.header[i]))
			return
		}
	}
}

// incomplete says which columns weren't found.
func (p *plan) incomplete(s *sheet) error {
	var missing []string
	if p.time.column < 0 {
		missing = append(missing, "time")
	}
	for k, name := range columnNames[:volumeAt] {
		if p.index[k] < 0 {
			missing = append(missing, name)
		}
	}
	r := &datasets.Refusal{File: s.in.String(), Problem: datasets.ErrNoColumn,
		Found: fmt.Sprintf("%d columns without a header", s.width), Expected: "columns for " + strings.Join(missing, ", "),
		Remedy: "say which is which: --columns time=1,open=2,high=3,low=4,close=5,volume=6"}
	if s.header != nil {
		r.Line = max(p.firstLine-1, 1)
		r.Found = "the columns " + quoted(strings.Join(s.header, ", "))
		r.Remedy = "say which is which: --columns time=NAME,open=NAME,…, and --separator if they are parted by another character"
		if !utf8.ValidString(strings.Join(s.header, "")) {
			r.Remedy = "the header is not UTF-8, so give columns by number, from 1: --columns date=1,time=2,open=3,high=4,low=5,close=6"
		}
	}
	return r
}

// mapped takes the columns that the user names or counts; of those not given,
// the header's usual names are taken.
func (p *plan) mapped(s *sheet, o Options) error {
	if s.header != nil {
		if err := p.byNames(s, o); err != nil {
			return err
		}
	}
	keys := make([]string, 0, len(o.Columns))
	for key := range o.Columns {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	date := false
	for _, key := range keys {
		i, err := s.find(key, o.Columns[key])
		if err != nil {
			return err
		}
		switch k := slices.Index(columnNames[:], key); {
		case k >= 0:
			p.index[k] = i
			p.both = p.both && k > closeAt // a stated price is of one side
		case key == "date":
			p.time.column, p.time.second, date = i, -1, true
		case key == "time" && date:
			p.time.second = i
		case key == "time":
			p.time.column, p.time.second = i, -1
		default:
			return &datasets.Refusal{File: s.in.String(), Problem: datasets.ErrNoColumn, Found: fmt.Sprintf("a mapping of %q", key),
				Expected: "one of time, date, " + strings.Join(columnNames[:], ", "), Remedy: "map the file's columns to these"}
		}
	}
	p.note("columns as stated")
	return nil
}

// find returns the column that a mapping means: a name of the header, or a
// number from 1.
func (s *sheet) find(key, own string) (int, error) {
	if own == absent {
		return -1, nil
	}
	for i, h := range s.header {
		if h == own {
			return i, nil
		}
	}
	if n, err := strconv.Atoi(own); err == nil && 1 <= n && n <= s.width {
		return n - 1, nil
	}
	for i, h := range s.names() {
		if h == normal(own) {
			return i, nil
		}
	}
	r := &datasets.Refusal{File: s.in.String(), Problem: datasets.ErrNoColumn, Found: fmt.Sprintf("%d columns without a header", s.width),
		Expected: fmt.Sprintf("%q for %s", own, key), Remedy: "give the column's number, from 1"}
	if s.header != nil {
		r.Found, r.Remedy = fmt.Sprintf("the columns %q", s.header), "name one of the columns found, or give its number from 1"
	}
	return -1, r
}

// synonyms are the usual names of each column, normalised, the preferred first.
func synonyms() map[string][]string {
	return map[string][]string{
		"time": strings.Fields("time timestamp open_time open_time_ms opentime open_timestamp time_open time_ms timestamp_ms timestamp_utc time_utc " +
			"utc_time utc gmt_time unix unix_timestamp unix_time unixtime epoch epoch_ms ts ts_ms ts_event window_start datetime date_time datetime_utc " +
			"date_utc local_time start start_time starttime period_start time_period_start candle_begin_time kline_open_time begins_at dt t date day"),
		"open":   strings.Fields("open o open_price openprice price_open opening_price first mid_o midopen"),
		"high":   strings.Fields("high h high_price highprice price_high max mid_h midhigh"),
		"low":    strings.Fields("low l low_price lowprice price_low min mid_l midlow"),
		"close":  strings.Fields("close c close_price closeprice price_close closing_price mid_c midclose"),
		"volume": strings.Fields("volume vol v tick_volume tickvol tickvolume tick_vol ticks volume_base base_volume volumefrom volume_traded tickqty"),
		"bid":    strings.Fields("bid"),
		"ask":    strings.Fields("ask"),
	}
}

// byNames finds the columns by the usual names, and says which.
func (p *plan) byNames(s *sheet, o Options) error {
	names := s.names()
	known := synonyms()
	twice := ""
	pick := func(canonical string) int {
		if _, stated := o.Columns[canonical]; stated {
			return -1
		}
		for _, synonym := range known[canonical] {
			if i := slices.Index(names, synonym); i >= 0 {
				if slices.Contains(names[i+1:], synonym) {
					twice = s.header[i]
				}
				if names[i] != canonical {
					p.note("%s is taken as %s", quoted(s.header[i]), canonical)
				}
				return i
			}
		}
		return -1
	}
	if _, stated := o.Columns["date"]; !stated {
		p.timeByName(s, names, pick)
	}
	for k, name := range columnNames {
		p.index[k] = pick(name)
	}
	if _, stated := o.Columns["volume"]; p.index[volumeAt] < 0 && !stated {
		if i := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, "volume_") }); i >= 0 {
			p.index[volumeAt] = i
			p.note("%s is taken as volume", quoted(s.header[i]))
		}
	}
	if _, stated := o.Columns["close"]; p.index[closeAt] < 0 && !stated {
		p.sides(names, o)
	}
	if twice != "" {
		return &datasets.Refusal{File: s.in.String(), Line: max(s.start-1, 1), Problem: datasets.ErrNoColumn,
			Found: "the column " + quoted(twice) + " twice", Expected: "every column once", Remedy: "say by number which it is: --columns close=5"}
	}
	return nil
}

// timeByName finds the time's column, or those of date and time of day.
func (p *plan) timeByName(s *sheet, names []string, pick func(string) int) {
	date, clock := slices.Index(names, "date"), slices.IndexFunc(names, func(n string) bool { return n == "time" || n == "hour" || n == "timestamp" })
	if date >= 0 && clock >= 0 && timesOfDay(s.column(clock)) {
		p.time.column, p.time.second = date, clock
		p.note("%s and %s together are the time", quoted(s.header[date]), quoted(s.header[clock]))
		return
	}
	p.time.column = pick("time")
	if p.time.column < 0 && len(names) > 0 && names[0] == "" {
		p.time.column = 0
		p.note("the first column, which has no name, is taken as time")
	}
}

// timesOfDay reports whether values are clock readings without a date: 09:30,
// 9:30, 093000.
func timesOfDay(values []string) bool {
	for _, v := range values {
		v, _, _ = strings.Cut(v, ".")
		hour, rest, parted := strings.Cut(v, ":")
		if !parted && (len(v) == 4 || len(v) == 6) {
			hour, rest = v[:2], v[2:]
		}
		if n, err := strconv.Atoi(hour); err != nil || n > 23 || len(hour) > 2 || len(rest) < 2 || strings.Trim(rest, "0123456789:") != "" {
			return false
		}
	}
	return len(values) > 0
}

// sides finds candles of bid and ask: bidopen, …, askclose.
func (p *plan) sides(names []string, o Options) {
	four := func(side string) (at [4]int, all bool) {
		all = true
		for k, name := range columnNames[:volumeAt] {
			at[k] = slices.IndexFunc(names, func(n string) bool {
				return n == side+name || n == side+"_"+name || n == name+side || n == name+"_"+side || n == side+"_"+name[:1]
			})
			all = all && at[k] >= 0
		}
		return at, all
	}
	bids, hasBid := four("bid")
	asks, hasAsk := four("ask")
	switch {
	case hasBid && hasAsk:
		copy(p.index[:], bids[:])
		p.asks, p.both = asks, true
		p.note("candles of bid and ask: prices are %s", [...]string{"half-way between them", "the bid", "the ask"}[o.Quote])
	case hasBid:
		copy(p.index[:], bids[:])
		p.note("candles of the bid")
	case hasAsk:
		copy(p.index[:], asks[:])
		p.note("candles of the ask")
	}
}

// byPrices takes columns without names: the first is the time (or the first two
// are date and time of day), the next four are prices in the one order in which
// the low is lowest and the high highest, the sixth is the volume.
func (p *plan) byPrices(s *sheet) error {
	if len(s.rows) == 0 {
		return nil
	}
	at := 0
	p.time.column = 0
	if s.dateThenClock() {
		p.time.second, at = 1, 1
		p.note("the first two columns are taken as date and time")
	}
	if s.width < at+5 || s.width > at+6 {
		return nil // incomplete
	}
	for i := at + 1; i < s.width; i++ {
		if !s.numeric(i) && !commaNumbers(s.column(i)) {
			return nil
		}
	}
	orders := s.orders(at)
	if len(orders) != 1 {
		return s.ambiguous(at, orders)
	}
	names := strings.Split(orders[0], ",")
	for k, name := range columnNames[:volumeAt] {
		p.index[k] = at + 1 + slices.Index(names, name)
	}
	if s.width == at+6 {
		p.index[volumeAt] = at + 5
	}
	p.note("columns in the order %s: only so every high is the highest and every low the lowest", strings.Join(names, ", "))
	return nil
}

// dateThenClock reports whether the first column is a date alone and the second a
// time of day. Without a colon, 1500 may be a price as well: then only the number
// of columns tells.
func (s *sheet) dateThenClock() bool {
	clocks := s.column(1)
	if s.width < 6 || len(clocks) == 0 || !timesOfDay(clocks) || s.width != 7 && !strings.Contains(clocks[0], ":") {
		return false
	}
	return s.mostly(0, func(v string) bool {
		_, number := text.Float([]byte(v))
		return !strings.Contains(v, ":") && (len(v) == len("20250131") || !number)
	})
}

// commaNumbers reports whether values are numbers but for commas; the reader
// refuses them with their line.
func commaNumbers(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return strings.Trim(v, "0123456789.,-") != "" || v == "" })
}

func (s *sheet) ambiguous(at int, orders []string) error {
	found := "prices that fit no order of open, high, low and close"
	if len(orders) > 1 {
		found = fmt.Sprintf("no header, and prices that fit the orders %s", strings.Join(orders, " and "))
	}
	columns := fmt.Sprintf("time=1,open=%d,high=%d,low=%d,close=%d", at+2, at+3, at+4, at+5)
	if at > 0 {
		columns = "date=1,time=2" + columns[len("time=1"):]
	}
	return &datasets.Refusal{File: s.in.String(), Line: s.lines[0], Problem: datasets.ErrNoColumn, Found: found,
		Expected: "one order that fits", Remedy: "say which column is which: --columns " + columns}
}
