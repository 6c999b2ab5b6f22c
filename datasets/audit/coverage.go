package audit

import (
	"github.com/ptnsim/ptnsim/datasets"
	"github.com/ptnsim/ptnsim/market"
)

// dayMS is a day, ms.
const dayMS = int64(datasets.Day)

// coverage gathers, day by day, what candles there are.
type coverage struct {
	hours *hours
	days  []Day // without OpenMS
}

// day returns the entry of the UTC day that begins at startMS, or nil if that is
// before the first.
func (c *coverage) day(startMS int64) *Day {
	if len(c.days) == 0 {
		c.days = append(c.days, Day{StartMS: startMS})
	}
	n := (startMS - c.days[0].StartMS) / dayMS
	if startMS < c.days[0].StartMS {
		return nil
	}
	for int64(len(c.days)) <= n {
		c.days = append(c.days, Day{StartMS: c.days[0].StartMS + int64(len(c.days))*dayMS})
	}
	return &c.days[n]
}

// add counts candles without a gap between them: rows [i, j), all of them open
// or all of them closed. sound says that their volumes count.
func (c *coverage) add(s *market.Series, i, j int, interval int64, open, sound bool) {
	for i < j {
		ms := s.Time[i]
		rest := floorDiv(ms, dayMS)*dayMS + dayMS - ms            // of the day
		k := i + int(min(int64(j-i), (rest+interval-1)/interval)) // those that open on it
		c.count(s, i, k, sound)
		c.span(ms, s.Time[k-1]+interval, open)
		i = k
	}
}

// count counts rows [i, j), which open on one day.
func (c *coverage) count(s *market.Series, i, j int, sound bool) {
	d := c.day(floorDiv(s.Time[i], dayMS) * dayMS)
	if d == nil {
		return
	}
	d.Candles += int64(j - i)
	if s.Volume == nil || !sound {
		return
	}
	sum := d.Volume
	for _, v := range s.Volume[i:j] {
		sum += v
	}
	d.Volume = sum
}

// span counts a span of candles, which may reach into the next days.
func (c *coverage) span(from, to int64, open bool) {
	for from < to {
		start := floorDiv(from, dayMS) * dayMS
		end := min(to, start+dayMS)
		if d := c.day(start); d != nil {
			if open {
				d.PresentMS += end - from
			} else {
				d.ClosedMS += end - from
			}
		}
		from = end
	}
}

// straddle counts the candle [from, to), which is open in part.
func (c *coverage) straddle(from, to int64) error {
	for from < to {
		start := floorDiv(from, dayMS) * dayMS
		end := min(to, start+dayMS)
		open, err := c.hours.openMS(from, end)
		if err != nil {
			return err
		}
		if d := c.day(start); d != nil {
			d.PresentMS += open
		}
		from = end
	}
	return nil
}

// report returns the days from the first candle to the end of the last, with the
// open-market time of each.
func (c *coverage) report(firstMS, endMS int64) ([]Day, error) {
	days := make([]Day, 0, len(c.days))
	for _, d := range c.days {
		from, to := max(d.StartMS, firstMS), min(d.StartMS+dayMS, endMS)
		if from >= to {
			continue
		}
		open, err := c.hours.openMS(from, to)
		if err != nil {
			return nil, err
		}
		d.OpenMS = open
		days = append(days, d)
	}
	return days, nil
}
