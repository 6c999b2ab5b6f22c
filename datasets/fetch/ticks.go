package fetch

import (
	"bufio"
	"fmt"

	"github.com/ptnsim/ptnsim/datasets/vendors"
)

// tickWriter writes trades as a CSV of time (UTC ms), price and volume.
type tickWriter struct {
	w    *bufio.Writer
	span Span // trades outside are left out
	rows int64
}

// add writes a trade.
func (t *tickWriter) add(trade krakenTrade) error {
	if trade.ms < t.span.FromMS || trade.ms >= t.span.ToMS {
		return nil
	}
	if t.rows == 0 {
		if _, err := t.w.WriteString("time,price,volume\n"); err != nil {
			return err
		}
	}
	t.rows++
	_, err := fmt.Fprintf(t.w, "%d,%s,%s\n", trade.ms, trade.price, trade.volume)
	return err
}

// tickOptions say how to read what tickWriter wrote.
func tickOptions(j Job) vendors.Options {
	return vendors.Options{Format: "trades", Header: vendors.WithHeader, Separator: ',', Interval: j.Interval}
}
