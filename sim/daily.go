package sim

import "github.com/ptnsim/ptnsim/sim/rules"

const dayMS = 24 * 60 * 60 * 1000

// Days returns the log returns of the full days in the checkpoints, which are
// ascending: a day is full if all its checkpoints are, and a checkpoint is if
// it covers its whole interval. The first and the last day are seldom full.
// Rules §8.
func Days(cps []Checkpoint, l rules.Ledger) []Daily {
	perDay := dayMS / int(l.Checkpoint.MS())
	days := make([]Daily, 0, len(cps)/max(perDay, 1))
	for i := 0; i < len(cps); {
		date := dateOf(cps[i].LastUpdateMS, l.Day)
		full, sum := 0, 0.0
		for ; i < len(cps) && dateOf(cps[i].LastUpdateMS, l.Day) == date; i++ {
			if cps[i].AccumMS >= l.Checkpoint.MS() {
				full++
				sum += cps[i].Return()
			}
		}
		if full == perDay {
			days = append(days, Daily{DateMS: date, LogReturn: sum})
		}
	}
	return days
}

// dateOf returns the midnight that begins the day of a checkpoint whose last
// instant is t. A checkpoint that ends at 24:00 is the second of its day; the
// builds take the date of that instant, which is the next day's.
func dateOf(t int64, day rules.Variant) int64 {
	if day == rules.Documented {
		t--
	}
	return t - ((t%dayMS)+dayMS)%dayMS
}
