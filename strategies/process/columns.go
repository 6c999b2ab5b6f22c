package process

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market/suggest"
	"github.com/ptnsim/ptnsim/sim"
)

// columns is a set of candle columns.
type columns struct {
	time   bool
	prices datasets.Columns
}

// priceColumn is one of the float64 columns of candles.
type priceColumn struct {
	name string
	bit  datasets.Columns
}

// priceColumns lists them in the order of messages.
func priceColumns() [7]priceColumn {
	return [7]priceColumn{
		{"open", datasets.Open}, {"high", datasets.High}, {"low", datasets.Low}, {"close", datasets.Close},
		{"volume", datasets.Volume}, {"bid", datasets.Bid}, {"ask", datasets.Ask},
	}
}

// columnOf is a column of candles; nil if they have none.
func columnOf(c sim.Candles, of datasets.Columns) []float64 {
	switch of {
	case datasets.Open:
		return c.Open()
	case datasets.High:
		return c.High()
	case datasets.Low:
		return c.Low()
	case datasets.Close:
		return c.Close()
	case datasets.Volume:
		return c.Volume()
	case datasets.Bid:
		return c.Bid()
	case datasets.Ask:
		return c.Ask()
	}
	return nil
}

// columnsOf is the columns that candles have.
func columnsOf(c sim.Candles) columns {
	set := columns{time: true}
	for _, of := range priceColumns() {
		if columnOf(c, of.bit) != nil {
			set.prices |= of.bit
		}
	}
	return set
}

// names lists the columns in the order of messages.
func (s columns) names() []string {
	var names []string
	if s.time {
		names = append(names, "time")
	}
	for _, of := range priceColumns() {
		if s.prices&of.bit != 0 {
			names = append(names, of.name)
		}
	}
	return names
}

// parseColumns reads the names that a program asked for; none are all.
func parseColumns(names []string) (columns, error) {
	all := columns{true, datasets.AllColumns}
	if names == nil {
		return all, nil
	}
	var set columns
	for _, name := range names {
		i := slices.IndexFunc(all.names(), func(known string) bool { return known == name })
		if i < 0 {
			return set, wrong(fmt.Sprintf("the column %s%s", cut([]byte(name)), suggest.DidYouMean(name, all.names())),
				"columns: some of "+strings.Join(all.names(), ", "), "")
		}
		if name == "time" {
			set.time = true
			continue
		}
		set.prices |= priceColumns()[i-1].bit
	}
	return set, nil
}
