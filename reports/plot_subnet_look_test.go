package reports
import ("testing";"os";"fmt")
func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK"); if dir=="" {t.Skip()}
	for _, n := range []int{0,1,2,12,60,61,256} {
		d := fmt.Sprintf("%s/%d", dir, n); os.MkdirAll(d, 0o755)
		if _, err := WriteSubnetPlots(d, madeSubnet(t, n), PlotOptions{Note:"synthetic data"}); err != nil {t.Fatal(err)}
		c := madeCompare(t, n, "ptn-2025-02", "ptn-5.4.0", "my-rules-with-a-long-name.yaml")
		if n == 12 { c = madeCompare(t, n, "ptn-2025-02", "ptn-5.4.0") }
		if n == 61 { c = madeCompare(t, n, "a.temperature=0.1", "a.temperature=0.11","a.temperature=0.12","a.temperature=0.13","a.temperature=0.14","a.temperature=0.15","a.temperature=0.16","a.temperature=0.17","a.temperature=0.18","a.temperature=0.19","a.temperature=0.2") }
		c.Attribution = madeAttribution(c, n)
		if _, err := WriteComparePlots(d, c, PlotOptions{Note:"synthetic data"}); err != nil {t.Fatal(err)}
	}
}
