package subnet

import (
	"slices"
	"strings"
	"testing"

	"github.com/ptnsim/ptnsim/sim"
)

// TestWeightsThatWereNeverSetAreToldOf: why, by the midnights in the range.
func TestWeightsThatWereNeverSetAreToldOf(t *testing.T) {
	for name, tc := range map[string]struct {
		fromMS, toMS int64
		want         string
	}{
		"set":                   {monday + hourMS, monday + 2*dayMS, ""},
		"a midnight at its end": {monday + hourMS, monday + dayMS, "the weights were never set: nobody was in the main competition when they fell due"},
		"no midnight":           {monday + hourMS, monday + dayMS - 1, "the weights were never set: the range holds no multiple of 1d"},
		"nobody to be weighed":  {monday + hourMS, monday + 2*dayMS, "the weights were never set: nobody was in the main competition when they fell due"},
		"the first instant too": {monday, monday + hourMS, ""},
	} {
		r := Result{FromMS: tc.fromMS, ToMS: tc.toMS, WeightsEveryMS: dayMS}
		if tc.want == "" {
			r.History = []Round{{TimeMS: tc.fromMS}}
		}
		r.warnOfWeights()
		if tc.want == "" && len(r.Warnings) > 0 || tc.want != "" && !slices.Equal(r.Warnings, []string{tc.want}) {
			t.Errorf("%s: warnings %q, want %q", name, r.Warnings, tc.want)
		}
	}
}

func TestOrdersWithWarningsAreCounted(t *testing.T) {
	doubted := sim.OrderRecord{Warnings: []string{"the pinned price 1 is outside its candle, which went from 2 to 3"}}
	r := Result{Miners: []MinerResult{
		{Miner: Miner{Name: "a"}, Account: &sim.Result{Orders: []sim.OrderRecord{{}, doubted, {}, doubted}}},
		{Miner: Miner{Name: "b"}, Account: &sim.Result{Orders: []sim.OrderRecord{{}}, Disputed: true}},
	}}
	r.warnOfOrders()
	r.warnOfMarking()
	want := []string{
		"a: 2 of its orders have warnings; the first: the pinned price 1 is outside its candle, which went from 2 to 3",
		"the deployed marking of the ledger, made after the fact, would have eliminated at another time, or not at all: b",
	}
	if !slices.Equal(r.Warnings, want) {
		t.Errorf("warnings %q", r.Warnings)
	}
}

func TestFewNamesTheFirst(t *testing.T) {
	names := strings.Fields("a b c d e f g")
	if got := few(names); got != "a, b, c, d, e, and 2 more" {
		t.Error(got)
	}
	if got := few(names[:5]); got != "a, b, c, d, e" {
		t.Error(got)
	}
}
