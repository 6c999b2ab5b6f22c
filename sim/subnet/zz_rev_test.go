package subnet

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/sim"
)

func try(t *testing.T, cfg Config) (r *Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("PANIC %v", p)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return Run(ctx, cfg)
}

func TestZZAgainOverflow(t *testing.T) {
	m := days(t, 3, calm(t))
	_, err := try(t, Config{Market: m, Miners: []Miner{{Name: "a", Make: orders(), AgainMS: math.MaxInt64}}})
	t.Log(err)
}

func TestZZAgainRefuseLoop(t *testing.T) {
	m := days(t, 3, calm(t, "registration.slots=1"))
	done := make(chan error, 1)
	go func() {
		_, err := try(t, Config{Market: m, Miners: []Miner{{Name: "a", Make: orders()}, {Name: "b", Make: orders(), AgainMS: math.MaxInt64}}})
		done <- err
	}()
	select {
	case err := <-done:
		t.Log("ended", err)
	case <-time.After(3 * time.Second):
		t.Log("HANGS")
	}
}

func TestZZDaysMin(t *testing.T) {
	for _, n := range []string{"106751991167", "106751971067", "106751971066", "100000000000000000", "9000000000000000000"} {
		m := days(t, 3, calm(t, "challenge.days_min="+n))
		_, err := try(t, Config{Market: m, Miners: []Miner{{Name: "a", Make: orders(long(monday+hourMS, .1))}}})
		t.Log(n, err)
	}
}

type warner struct{ n *int }

func (w *warner) Init(s *sim.Setup) error {
	_, err := s.Subscribe("BTCUSD")
	return err
}
func (w *warner) Decide(c *sim.Context) error {
	*w.n++
	c.Warn(fmt.Sprint(c.NowMS()))
	if c.NowMS() == monday+hourMS {
		c.Long("BTCUSD", .5)
	}
	if c.Portfolio().Eliminated {
		return fmt.Errorf("trades after it is out")
	}
	return nil
}

func TestZZStepsAfterElimination(t *testing.T) {
	fall := func(i int) float64 {
		if i > 30 {
			return 50
		}
		return 100
	}
	for _, every := range []int64{hourMS, dayMS} {
		for _, fails := range []bool{false, true} {
			n := 0
			m := marketOf(t, calm(t), path("BTCUSD", hourMS, 24*5, fall))
			mk := func() (sim.Strategy, error) { return &warner{&n}, nil }
			_ = fails
			r, err := try(t, Config{Market: m, WeightsEveryMS: every, Miners: []Miner{{Name: "a", Make: mk}}})
			if err != nil {
				t.Log(every/hourMS, err)
				continue
			}
			t.Log(every/hourMS, n, len(r.Miners[0].Account.Warnings), r.log())
		}
	}
}

func TestZZFailNoteOnly(t *testing.T) {
	m := days(t, 100, calm(t, "gate.checks.eliminated=false"))
	var os []timed
	for d := range 100 {
		os = append(os, long(monday+int64(d)*dayMS+hourMS, .01))
	}
	mn := func(main bool) []Miner {
		return []Miner{{Name: "a", Make: orders(os...)}, {Name: "f", Main: true, Make: orders(long(monday+hourMS, .5))}, {Name: "g", Main: true, Make: orders(long(monday+hourMS, .4))}, {Name: "h", Main: true, Make: orders(long(monday+hourMS, .3))}}
	}
	r, err := try(t, Config{Market: m, WeightsEveryMS: dayMS, Miners: mn(true)})
	if err != nil {
		t.Fatal(err)
	}
	a := r.miner(t, "a")
	t.Log(r.log(), len(a.Account.Orders), a.Account.Checkpoints[len(a.Account.Checkpoints)-1].LastUpdateMS-monday, a.OutMS)
}

func TestZZEmissionSum(t *testing.T) {
	m := marketOf(t, calm(t, "registration.slots=12"), wander("BTCUSD", hourMS, 24*120, 3, 5))
	r, err := try(t, Config{Market: m, WeightsEveryMS: 6 * hourMS, Miners: crowd(t, 40)})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, x := range r.Miners {
		sum += x.Emission
	}
	prev := int64(0)
	for _, e := range r.Events {
		if e.TimeMS < prev {
			t.Error("events out of order", e)
		}
		prev = e.TimeMS
	}
	t.Log(sum, r.Emission, len(r.Events), len(r.Miners))
}

func TestZZQuadratic(t *testing.T) {
	for _, n := range []int{45, 90, 180, 360} {
		m := marketOf(t, calm(t), wander("BTCUSD", 5*minuteMS, 288*n, .05, 5))
		ms := []Miner{}
		for i := range 2 {
			var os []timed
			for k := 0; k < n*24; k++ {
				os = append(os, long(monday+int64(k)*hourMS+5*minuteMS, .1), flat(monday+int64(k)*hourMS+35*minuteMS))
			}
			ms = append(ms, Miner{Name: fmt.Sprint("m", i), Main: true, Make: orders(os...)})
		}
		t0 := time.Now()
		r, err := Run(context.Background(), Config{Market: m, Miners: ms, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		d := time.Since(t0)
		t0 = time.Now()
		_, err = Run(context.Background(), Config{Market: m, Miners: ms, Workers: 1, WeightsEveryMS: dayMS})
		t.Log(n, d, "daily:", time.Since(t0), len(r.Miners[0].Account.Positions))
	}
}

func TestZZImmunity0(t *testing.T) {
	m := days(t, 3, calm(t, "registration.slots=1", "registration.immunity=0"))
	r, err := try(t, Config{Market: m, Miners: []Miner{{Name: "a", Make: orders(long(monday, .1))}, {Name: "b", Make: orders(long(monday, .1))}, {Name: "c", Make: orders(long(monday, .1))}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(r.log())
	for _, x := range r.Miners {
		t.Log(x.Name, x.State, x.OutMS-monday, x.Account.Orders, len(x.Account.Checkpoints), x.Account.Challenge)
	}
}
