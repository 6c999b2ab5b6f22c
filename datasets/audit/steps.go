package audit

import (
	"fmt"

	"github.com/ptnsim/ptnsim/datasets"
)

// steps counts by how much times rise from candle to candle. Candles that never
// follow each other by the interval are of another one.
type steps struct {
	interval int64
	total    int64
	ones     int64 // of exactly the interval
	others   []stepCount
	first    Occurrence // the first that is not of the interval
}

type stepCount struct{ ms, n int64 }

// Thresholds of the test of the interval.
const (
	stepsEnough = 20   // fewer steps tell nothing
	stepsRare   = 1000 // one step in so many, or fewer, is as good as none
	stepsHeld   = 64   // different ones that are told apart
)

// add counts the step up to a row.
func (t *steps) add(from, to, row int64) {
	t.total++
	step := to - from
	if step == t.interval {
		t.ones++
		return
	}
	if t.first.Row == 0 {
		t.first = Occurrence{Row: row, FromMS: from, ToMS: to}
	}
	for i := range t.others {
		if t.others[i].ms == step {
			t.others[i].n++
			return
		}
	}
	if len(t.others) < stepsHeld {
		t.others = append(t.others, stepCount{step, 1})
	}
}

// addOnes counts n steps of the interval.
func (t *steps) addOnes(n int64) { t.total, t.ones = t.total+n, t.ones+n }

// usual returns the step that most are of, if it is a multiple of the interval
// and steps of the interval are missing; 0 if the interval is right, or nobody
// can tell.
func (t *steps) usual() int64 {
	if t.total < stepsEnough || t.ones*stepsRare > t.total {
		return 0
	}
	var best stepCount
	for _, s := range t.others {
		if s.n > best.n {
			best = s
		}
	}
	if 2*best.n <= t.total || best.ms%t.interval != 0 {
		return 0
	}
	return best.ms
}

// finding tells of candles of another interval.
func (t *steps) finding() (Finding, bool) {
	usual := t.usual()
	if usual == 0 {
		return Finding{}, false
	}
	f := Finding{Problem: WrongInterval, Severity: Error, Count: t.total,
		Found:  t.describe(usual),
		Cause:  "the file's name or the stated interval is not that of its candles",
		Remedy: "import the original file with the true --interval " + datasets.Interval(usual).String(),
	}
	f.Row, f.FromMS, f.ToMS = t.first.Row, t.first.FromMS, t.first.ToMS
	f.First = []Occurrence{{Row: f.Row, FromMS: f.FromMS, ToMS: f.ToMS, Found: f.Found}}
	return f, true
}

func (t *steps) describe(usual int64) string {
	return fmt.Sprintf("candles every %s in a series of %s", datasets.Interval(usual), datasets.Interval(t.interval))
}
