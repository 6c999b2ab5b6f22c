package subnet

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

func TestZZDigest(t *testing.T) {
	out := os.Getenv("ZZ_OUT")
	if out == "" {
		t.Skip("no ZZ_OUT")
	}
	text := ""
	for _, name := range []string{"ptn-2025-02", "ptn-2024-12", "ptn-5.4.0", "ptn-4.8.12"} {
		for _, slots := range []string{"8", "16"} {
			r := play(t, Config{
				Market: marketOf(t, ruleSet(t, name, "registration.slots="+slots, "registration.immunity=3d", "metrics.days_min=5", "challenge.days_min=6", "challenge.duration=20d", "drawdown.limit=0.01"), wander("BTCUSD", hourMS, 40*24, 0.5, 1), wander("ETHUSD", hourMS, 40*24, 0.5, 2)),
				Miners: crowd(t, 20), Seed: 1, WeightsEveryMS: hourMS, ChecksEveryMS: 12 * hourMS,
			})
			c := r.comparable()
			events, _ := json.Marshal(c.Events)
			history, _ := json.Marshal(c.History)
			text += fmt.Sprintf("%s %s events %x\n", name, slots, sha256.Sum256(events))
			text += fmt.Sprintf("%s %s history %x\n", name, slots, sha256.Sum256(history))
			for _, m := range c.Miners {
				j, _ := json.Marshal(m.Judgement)
				text += fmt.Sprintf("%s %s %s %x %x %d\n", name, slots, m.Name, m.Emission, sha256.Sum256(j), len(m.Account.Orders))
			}
			text += fmt.Sprintf("%x %v\n", c.Emission, len(c.Events))
		}
	}
	os.WriteFile(out, []byte(text), 0o644)
}
