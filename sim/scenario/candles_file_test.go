package scenario

import (
	"reflect"
	"testing"

	"github.com/ptnsim/ptnsim/market"
)

// withCandles is a scenario whose candles begin on its fifth line.
func withCandles(lines string) string {
	return "scenario: a\nstrategy: b\nexpect: {days: 0}\ncandles:\n" + lines
}

func TestWrittenCandles(t *testing.T) {
	const minute = 60_000
	times := func(n int, every int64) (list []int64) {
		for i := range int64(n) {
			list = append(list, monday+i*every)
		}
		return list
	}
	for name, c := range map[string]struct {
		text string
		want market.Series
	}{
		"Closes": {"{every: 1m, from: 2025-03-03T00:00:00Z, closes: [100, 101, 99]}", market.Series{
			IntervalMS: minute, Time: times(3, minute),
			Open: []float64{100, 100, 101}, High: []float64{100, 101, 101}, Low: []float64{100, 100, 99}, Close: []float64{100, 101, 99}}},
		"ClosesFromAnOpen": {"{every: 1m, from: 2025-03-03, open: 98, closes: [2 x 100, 99.5]}", market.Series{
			IntervalMS: minute, Time: times(3, minute),
			Open: []float64{98, 100, 100}, High: []float64{100, 100, 100}, Low: []float64{98, 100, 99.5}, Close: []float64{100, 100, 99.5}}},
		"Rows": {"{every: 15m, from: 2025-03-03, rows: [[1, 3, 0.5, 2], [2, 2, 2, 2]]}", market.Series{
			IntervalMS: 15 * minute, Time: times(2, 15*minute),
			Open: []float64{1, 2}, High: []float64{3, 2}, Low: []float64{0.5, 2}, Close: []float64{2, 2}}},
		"RowsWithVolumes": {"{every: 1d, from: 2025-03-03, rows: [[1, 3, 0.5, 2, 7], [2, 2, 2, 2, 0]]}", market.Series{
			IntervalMS: 1440 * minute, Time: times(2, 1440*minute), Volume: []float64{7, 0},
			Open: []float64{1, 2}, High: []float64{3, 2}, Low: []float64{0.5, 2}, Close: []float64{2, 2}}},
		"Flat": {"{every: 1h, from: 2025-03-03, to: 2025-03-03T03:00:00Z, price: 5, volume: 10, spread: 0.5}", market.Series{
			IntervalMS: 60 * minute, Time: times(3, 60*minute), Volume: []float64{10, 10, 10}, Bid: []float64{4.75, 4.75, 4.75}, Ask: []float64{5.25, 5.25, 5.25},
			Open: []float64{5, 5, 5}, High: []float64{5, 5, 5}, Low: []float64{5, 5, 5}, Close: []float64{5, 5, 5}}},
		"Moves": {"{every: 1h, from: 2025-03-03, to: 2025-03-03T04:00:00Z, price: 5, moves: {2025-03-03T01:00:00Z: 6, 2025-03-03T03:00:00Z: 7}}", market.Series{
			IntervalMS: 60 * minute, Time: times(4, 60*minute),
			Open: []float64{5, 6, 6, 7}, High: []float64{5, 6, 6, 7}, Low: []float64{5, 6, 6, 7}, Close: []float64{5, 6, 6, 7}}},
		"MoveAtTheBeginning": {"{every: 1h, from: 2025-03-03, to: 2025-03-03T01:00:00Z, price: 5, moves: {2025-03-03: 6}}", market.Series{
			IntervalMS: 60 * minute, Time: times(1, minute), Open: []float64{6}, High: []float64{6}, Low: []float64{6}, Close: []float64{6}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := parsed(t, withCandles("  BTCUSD: "+c.text+"\n")).Data.Written
			if len(got) != 1 || got[0].PairID != "BTCUSD" || got[0].At.Line != 5 || got[0].At.Column != 3 {
				t.Fatalf("%+v", got)
			}
			if !reflect.DeepEqual(*got[0].Series, c.want) {
				t.Errorf("\ngot  %+v\nwant %+v", *got[0].Series, c.want)
			}
		})
	}
}

func TestWrittenPairsComeInTheirOrder(t *testing.T) {
	const flat = "{every: 1d, from: 2025-03-03, closes: [1]}"
	s := parsed(t, withCandles("  EURUSD: "+flat+"\n  BTCUSD:\n    every: 1d\n    from: 2025-03-03\n    rows:\n      - [1, 1, 1, 1]\n"))
	if w := s.Data.Written; len(w) != 2 || w[0].PairID != "BTCUSD" || w[1].PairID != "EURUSD" || s.Data.At.Line != 5 {
		t.Errorf("%+v", w)
	}
}

func TestWrittenCandlesAreRefused(t *testing.T) {
	const from = "every: 1m, from: 2025-03-03"
	const path = "candles.BTCUSD"
	for name, c := range map[string]struct{ text, want string }{
		"Key":         {"{«evry: 1m}", path + ".evry: found an unknown key; expected every, from, to, closes, open, rows, price, moves, volume or spread (did you mean every?)"},
		"Every":       {"{every: «1}", path + ".every: found 1; expected the length of a candle, such as 1m, 15m, 4h or 1d"},
		"NoEvery":     {"«{from: 2025-03-03, closes: [1]}", path + ": found nothing for every; expected every: the length of a candle, such as 1m"},
		"NoFrom":      {"«{every: 1m, closes: [1]}", path + ": found nothing for from; expected from: the open of the first candle"},
		"None":        {"«{" + from + "}", path + ": found no candles; expected one of closes, rows and price"},
		"Two":         {"{" + from + ", closes: [1], rows: «[[1, 1, 1, 1]]}", path + ".rows: found closes and rows; expected one of closes, rows and price"},
		"OffGrid":     {"{every: 1h, from: «2025-03-03T00:30:00Z, closes: [1]}", path + ".from: found 2025-03-03T00:30:00Z; expected a time on the grid of 1h, such as 2025-03-03T00:00:00Z"},
		"OpenOfRows":  {"{" + from + ", open: «1, rows: [[1, 1, 1, 1]]}", path + ".open: found it beside rows; expected it beside closes alone"},
		"ToOfCloses":  {"{" + from + ", to: «2025-03-04, closes: [1]}", path + ".to: found it beside closes; expected it beside price alone"},
		"MovesOfRows": {"{" + from + ", moves: «{}, rows: [[1, 1, 1, 1]]}", path + ".moves: found it beside rows; expected it beside price alone"},
		"NoTo":        {"«{" + from + ", price: 1}", path + ": found a price without an end; expected to: where the candles end, excluded"},
		"ToOffGrid":   {"{" + from + ", price: 1, to: «2025-03-03T00:00:01Z}", path + ".to: found 2025-03-03T00:00:01Z; expected a time on the grid of 1m, such as 2025-03-03T00:00:00Z"},
		"ToTooEarly":  {"{" + from + ", price: 1, to: «2025-03-03}", path + ".to: found 2025-03-03T00:00:00Z; expected a time after the first candle opens, 2025-03-03T00:00:00Z"},
		"TooMany":     {"{every: 1s, from: 2025-03-03, price: 1, to: «2025-04-03}", path + ": found 2678400 candles more, after 0; expected at most 2000000 in a file"},
		"TooFar":      {"{every: 366d, from: 2024-02-11, closes: «[80 x 1]}", path + ": found 80 candles of 366d from 2024-02-11T00:00:00Z on; expected an end before 2100"},
		"NoCloses":    {"{" + from + ", closes: «[]}", path + ".closes: found an empty list; expected at least one number"},
		"Close":       {"{" + from + ", closes: [1, «0]}", path + ".closes[2]: found 0; expected a price above 0, or how often it comes and the number: 60 x 0.001"},
		"CloseText":   {"{" + from + ", closes: [1, «'2']}", path + `.closes[2]: found "2"; expected a price above 0, or how often it comes and the number: 60 x 0.001`},
		"CloseTimes":  {"{" + from + ", closes: [«0 x 1]}", path + `.closes[1]: found "0 x 1"; expected how often, from 1 on, x and a number: 60 x 0.001`},
		"CloseNumber": {"{" + from + ", closes: [«2 x 0x1]}", path + `.closes[1]: found "2 x 0x1"; expected how often, x and a price above 0: 60 x 0.001`},
		"CloseInf":    {"{" + from + ", closes: [«2 x inf]}", path + `.closes[1]: found "2 x inf"; expected how often, x and a price above 0: 60 x 0.001`},
		"TooOften":    {"{" + from + ", closes: [2000000 x 1, «1]}", path + ".closes: found more numbers up to here; expected at most 2000000"},
		"NoRows":      {"{" + from + ", rows: «[]}", path + ".rows: found an empty list; expected at least one candle"},
		"ShortRow":    {"{" + from + ", rows: [«[1, 2, 3]]}", path + ".rows[1]: found 3 numbers; expected [open, high, low, close], or with the volume behind them"},
		"NoRow":       {"{" + from + ", rows: [«1]}", path + ".rows[1]: found 1; expected [open, high, low, close], or with the volume behind them"},
		"RowVolume":   {"{" + from + ", rows: [[1, 1, 1, 1, «-1]]}", path + ".rows[1][5]: found -1; expected a number, 0 or more"},
		"RowVolumes":  {"{" + from + ", rows: [[1, 1, 1, 1], «[1, 1, 1, 1, 1]]}", path + ".rows[2]: found 5 numbers; expected as many as in the first row: a volume in each or in none"},
		"High":        {"{" + from + ", rows: [«[1, 2, 1, 3]]}", path + ".rows[1]: found open 1, high 2, low 1, close 3; expected a high at or above the others, and a low at or below them"},
		"Low":         {"{" + from + ", rows: [«[1, 2, 1.5, 2]]}", path + ".rows[1]: found open 1, high 2, low 1.5, close 2; expected a high at or above the others, and a low at or below them"},
		"Volumes":     {"{" + from + ", volume: «1, rows: [[1, 1, 1, 1, 1]]}", path + ".volume: found it beside rows with volumes; expected either"},
		"Spread":      {"{" + from + ", spread: «4, closes: [3, 2]}", path + ".spread: found a spread of 4, and a bid of 0; expected bids above 0"},
		"MoveOffGrid": {"{" + from + ", to: 2025-03-04, price: 1, moves: {«2025-03-03T00:00:01Z: 2}}", path + ".moves: found 2025-03-03T00:00:01Z; expected a time on the grid of 1m, such as 2025-03-03T00:00:00Z"},
		"MoveTooLate": {"{" + from + ", to: 2025-03-04, price: 1, moves: {«2025-03-04: 2}}", path + ".moves: found 2025-03-04T00:00:00Z; expected a time from 2025-03-03T00:00:00Z to before 2025-03-04T00:00:00Z"},
		"MoveBack":    {"{" + from + ", to: 2025-03-04, price: 1, moves: {2025-03-03T02:00:00Z: 2, «2025-03-03: 3}}", path + ".moves: found 2025-03-03T00:00:00Z after 2025-03-03T02:00:00Z; expected ascending times"},
		"MoveSame":    {"{" + from + ", to: 2025-03-04, price: 1, moves: {2025-03-03: 2, «2025-03-03T00:00:00Z: 3}}", path + ".moves: found 2025-03-03T00:00:00Z again; expected ascending times"},
		"MoveWhen":    {"{" + from + ", to: 2025-03-04, price: 1, moves: {«noon: 2}}", path + `.moves: found "noon"; expected a date (2025-03-03), a time (2025-03-03T12:00:00Z) or UTC ms`},
		"MovePrice":   {"{" + from + ", to: 2025-03-04, price: 1, moves: {2025-03-03: «-2}}", path + ".moves.2025-03-03: found -2; expected a price above 0"},
	} {
		t.Run(name, func(t *testing.T) {
			refusedAt(t, withCandles("  BTCUSD: "+c.text+"\n"), c.want)
		})
	}
	refusedAt(t, withCandles("  «btcusd: {}\n"), `candles: found "btcusd"; expected the id of a pair, such as BTCUSD: capital letters and digits (did you mean BTCUSD?)`)
	refusedAt(t, withCandles("  «{}\n"), "candles: found no pair; expected a pair and its candles")
	years := "{every: 1m, from: 2025-03-03, price: 1, to: 2027-03-03}\n" // 1051200 candles
	refusedWith(t, withCandles("  BTCUSD: "+years+"  ETHUSD: "+years), "a.yaml:6:55: candles.ETHUSD: found 1051200 candles more, after 1051200; expected at most 2000000 in a file")
}
