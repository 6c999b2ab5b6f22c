package strategies
import ("testing";"fmt";"github.com/ptnsim/ptnsim/sim";"time")
func TestZZ(t *testing.T) {
	cfg := sim.Config{Rules: loadRules(t), Series: referenceCandles(t), FromMS: at(t, "2025-05-13T00:00:00Z"), ToMS: at(t, "2026-02-13T00:00:00Z")}
	for _, d := range Builtins() {
		s, _ := d.New(nil)
		own := cfg; own.Strategy = s
		res := play(t, own)
		why := map[string]int{}
		for _, o := range res.Orders { why[string(o.Outcome)+" "+string(o.Reason)]++ }
		e := "-"
		if res.Elimination != nil { e = fmt.Sprint(res.Elimination.Reason, " ", time.UnixMilli(res.Elimination.TimeMS).UTC().Format("2006-01-02")) }
		fmt.Printf("%-20s %.4f dd %.3f orders %d pos %d %v elim %s\n", d.Name, res.FinalReturn, res.MaxDrawdown, len(res.Orders), len(res.Positions), why, e)
	}
}
