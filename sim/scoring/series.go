package scoring

import (
	"github.com/ptnsim/ptnsim/market/portable"
	"github.com/ptnsim/ptnsim/sim"
	"github.com/ptnsim/ptnsim/sim/rules"
)

const dayMS = 24 * 60 * 60 * 1000

// seriesRecord makes a record of daily returns. Of the equity only the days'
// ends are known, so the drawdown is theirs: every checkpoint of a day gets the
// one at its end. The running maximum is that of the ledger, over the window
// and never under 1. Rules §8.
func seriesRecord(daily []sim.Daily, rule rules.Ledger) Record {
	perDay := max(dayMS/int(rule.Checkpoint.MS()), 1)
	days := min(int(rule.Window.MS()/dayMS), len(daily))
	oldest := len(daily) - days

	logs := make([]float64, len(daily)+1) // ln of the equity at the days' ends, 0 before the first
	for i, d := range daily {
		logs[i+1] = logs[i] + d.LogReturn
	}
	record := Record{Returns: make([]float64, 0, days), MDD: make([]float64, 0, days*perDay)}
	for i := oldest; i < len(daily); i++ {
		highest := 0.0
		for _, x := range logs[max(i+1-days, 0) : i+2] {
			highest = max(highest, x)
		}
		mdd := portable.Exp(logs[i+1] - highest)
		record.Returns = append(record.Returns, daily[i].LogReturn)
		for range perDay {
			record.MDD = append(record.MDD, mdd)
		}
	}
	return record
}
