//go:build unix

package process

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ptnsim/ptnsim/sim"
)

// TestFailuresAreTold: every way in which a program can go wrong ends in an
// error that says what it did, and in its end.
func TestFailuresAreTold(t *testing.T) {
	// Only what is under test is short: on a busy machine a start takes its time.
	long := Options{AnswerTimeout: 10 * time.Minute, ExitGrace: 10 * time.Minute, StartTimeout: 10 * time.Minute}
	start, answer, exit := long, long, long
	start.StartTimeout, answer.AnswerTimeout, exit.ExitGrace = 300*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
	for _, c := range []struct {
		client  string
		options Options
		want    []string
	}{
		{"mute", start, []string{"no answer within 300ms", "of type ready"}},
		{"dies", long, []string{"its end (exit status 3)", "last words", "  no file of that name"}},
		{"leaves", long, []string{"strategy at 2025-03-03T00:02:00Z: exec:", "found its end (exit status 0)", "expected an answer"}},
		{"crashes", long, []string{"strategy at 2025-03-03T00:01:00Z: exec:", "found its end (exit status 1)", "  first\n  Traceback: a bug in line 7"}},
		{"hangs", answer, []string{"no answer within 300ms", "of type orders", "flush", "  thinking"}},
		{"prints", long, []string{`found "fast is 20" on its standard output`, "print what is no message to standard error"}},
		{"garbage", long, []string{`"\x00\xff\x01" on its standard output`}},
		{"broken", long, []string{`the line "{\"type\":\"orders\",\"now_ms\":"`, "unexpected end"}},
		{"endless", long, []string{"a line of over 1048576 bytes that begins with"}},
		{"floods", long, []string{"an answer with now_ms 1", "expected 1740960060000"}},
		{"deaf", answer, []string{"no answer within 300ms", "must read what it is sent"}},
		{"deadlock", answer, []string{"no answer within 300ms", "must read what it is sent"}},
		{"twice", long, []string{"an answer with now_ms 1740960060000", "expected 1740960120000", "one answer to each question"}},
		{"early", long, []string{"an answer with now_ms 0", "expected 1740960060000"}},
		{"version", long, []string{`a program of protocol version "2"`, "expected version 1"}},
		{"wrongtype", long, []string{`a message of type "orders"`, "expected one of type ready"}},
		{"shuts", long, []string{"its standard input or output closed while it goes on"}},
		{"complains", long, []string{"an error of the program's own; it says: the moon is full"}},
		{"declines", long, []string{"an error of the program's own; it says: no such parameter"}},
		{"chatty", long, []string{`the line "{\"type\":\"orders\"}" after bye`}},
		{"stays", exit, []string{"no exit within 300ms after bye"}},
		{"politely", long, []string{`unknown field "thanks"`}},
		{"fails", long, []string{"its end (exit status 4) after bye", "  could not save"}},
		{"nobye", long, []string{"its end (exit status 0)"}},
	} {
		t.Run(c.client, func(t *testing.T) {
			t.Parallel()
			s := open(t, self(t, c.client), c.options)
			cfg := config(t, s, walk(t, "BTCUSD", 50, 1))
			if c.client == "deadlock" { // a first message that no pipe holds
				btc := walk(t, "BTCUSD", 5000, 1)
				cfg = config(t, s, btc)
				cfg.FromMS = btc.EndMS(4000)
			}
			_, err := sim.Run(context.Background(), cfg)
			var f *Failure
			if !errors.As(err, &f) {
				t.Fatalf("got %v, want a failure", err)
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q is not in: %v", part, err)
				}
			}
			if s.(*Program).session != nil {
				t.Error("the program was not closed")
			}
		})
	}
}

// TestReadyIsRefused: what a program may not ask for.
func TestReadyIsRefused(t *testing.T) {
	for _, c := range []struct{ ready, want string }{
		{`"subscribe":[{"pair":"BTCUSDT"}]`, `a subscription to "BTCUSDT" (did you mean BTCUSD?), expected one of the run's pairs, BTCUSD`},
		{`"subscribe":[{"pair":"BTCUSD","interval_ms":90000}]`, "the run has them at 1m"},
		{`"subscribe":[{"pair":"BTCUSD"},{"pair":"BTCUSD","interval_ms":60000}]`, "two subscriptions to BTCUSD at the same interval"},
		{`"subscribe":[]`, "subscribe: found an empty list"},
		{`"subscribe":"some"`, `(subscribe: found a string, expected an array; it takes "all" or a list of`},
		{`"subscribe":["BTCUSD"]`, `(subscribe: found a string, expected an object; it takes "all" or a list of {"pair":…})`},
		{`"subscribe":[{"pair":5}]`, `(subscribe: found a number for pair, expected a string;`},
		{`"columns":"close"`, `(found a string for columns, expected an array)`},
		{`"columns":[true]`, `(found true or false for columns, expected a string)`},
		{`"decide":{"candles":"5"}`, `(decide: found a string for candles, expected a whole number)`},
		{`"decide":[{"candles":0.5}]`, `(decide: found a number for candles, expected a whole number)`},
		{`"decide":"hourly"`, `(decide: found a string, expected an object)`},
		{`"candles":{}`, `(found an object for candles, expected a string)`},
		{`"decide":{"candles":5,"every":"1h"}`, "a rule in decide that is none, or several"},
		{`"decide":[]`, "decide: found an empty list, with which the program is never asked"},
		{`"decide":{}`, "a rule in decide that is none, or several"},
		{`"decide":{"candles":-1}`, "-1 candles"},
		{`"decide":{"moved":-0.1}`, "a move of -0.1"},
		{`"decide":{"every":"1y"}`, `"1y" is no candle interval`},
		{`"decide":{"every":"1h","pair":"BTCUSD"}`, "the clock has no pair"},
		{`"decide":{"candles":5,"pair":"BTCUSX"}`, `a rule in decide for "BTCUSX" (did you mean BTCUSD?)`},
		{`"decide":{"indicator":"smaa(20)","is":"above","of":1}`, "neither a column nor an indicator"},
		{`"decide":{"indicator":"volume","is":"above","of":1}`, "a condition on volume, expected a column that the pair has"},
		{`"decide":{"indicator":"bollinger.top","is":"above","of":1}`, "neither a column nor an indicator"},
		{`"decide":{"indicator":"bollinger(20,2).top","is":"above","of":1}`, "expected one of middle, upper, lower"},
		{`"decide":{"indicator":"close","is":"over","of":1}`, `a condition with is "over"`},
		{`"decide":{"indicator":"close","is":"above"}`, `a condition with "of"`},
		{`"decide":{"when":"noon"}`, `unknown field "when"`},
		{`"columns":["clos"]`, `the column "clos" (did you mean close?)`},
		{`"want":["room","rom"]`, `a want of "rom" (did you mean room?)`},
		{`"history":-5`, "history: expected"},
		{`"candles":"csv"`, `candles as "csv"`},
		{`"colums":["close"]`, `unknown field "colums"`},
		{`"History":5`, `unknown field "History": the names of fields are in lower case`},
		{`"history":5,"history":6`, `the field "history" twice`},
		{`"decide":{"candles":5,"PAIR":"BTCUSD"}`, `unknown field "PAIR"`},
	} {
		t.Run(c.ready, func(t *testing.T) {
			s := open(t, self(t, "script", `{"type":"ready","protocol":1,`+c.ready+`}`), Options{})
			_, err := sim.Run(context.Background(), config(t, s, walk(t, "BTCUSD", 10, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestAnswersAreRefused: orders that are none.
func TestAnswersAreRefused(t *testing.T) {
	for _, c := range []struct{ orders, want string }{
		{`{"pair":"BTCUSDT","order_type":"LONG","leverage":0.1}`, `in order 1 of the answer: the pair "BTCUSDT" (did you mean BTCUSD?), expected one that the run has candles of: BTCUSD`},
		{`{"pair":"EURUSD","order_type":"FLAT"}`, `in order 1 of the answer: the pair "EURUSD", expected one that the run has candles of: BTCUSD`},
		{`{"pair":"EURUSD","target":0.5}`, `the pair "EURUSD", expected one`},
		{`{"pair":"BTCUSD","order_type":"long","leverage":-0.1}`, "a LONG with a leverage of -0.1"},
		{`{"pair":"BTCUSD","order_type":"LONG","leverage":"x"}`, "(found a string for orders.leverage, expected a number)"},
		{`5`, `(found a number for orders, expected an object)`},
		{`{"pair":"BTCUSD","order_type":"BUY","leverage":0.1}`, `order_type "BUY", expected LONG, SHORT or FLAT`},
		{`{"pair":"BTCUSD","order_type":"LONG","leverage":-0.1}`, "a LONG with a leverage of -0.1"},
		{`{"pair":"BTCUSD","order_type":"LONG"}`, "in order 1 of the answer: a LONG without a leverage"},
		{`{"pair":"BTCUSD","order_type":"SHORT","leverage":null}`, "a SHORT without a leverage"},
		{`{"pair":"BTCUSD","order_type":"LONG","Leverage":0.1}`, `unknown field "Leverage"`},
		{`{"pair":"BTCUSD","pair":"ETHUSD","order_type":"LONG","leverage":0.1}`, `the field "pair" twice`},
		{`{"pair":"BTCUSD","target":0.1,"reduce":0.1}`, "an order that is several things"},
		{`{"pair":"BTCUSD","target":0.1,"order_type":"LONG"}`, "an order that is several things"},
		{`{"pair":"BTCUSD","reduce":-0.1}`, "reduce -0.1"},
		{`{"pair":"BTCUSD","order_type":"LONG","leverage":1e999}`, `(found a number for orders.leverage, expected one that a float64 holds)`},
		{`{"pair":"BTCUSD","order_type":"LONG","leverage":0.1,"price":100}`, `unknown field "price"`},
		{`{"pair":"BTCUSD","order_type":"LONG","leverage":0.1,"time":1}`, `unknown field "time"`},
		{`{"pair":"BTCUSD","order_type":"LONG","uuid":"` + strings.Repeat("x", 101) + `"}`, "a uuid of 101 bytes"},
		{strings.Repeat(`{"pair":"BTCUSD","order_type":"FLAT"},`, 1000) + `{"pair":"BTCUSD","order_type":"FLAT"}`, "1001 orders at once"},
	} {
		t.Run(c.want, func(t *testing.T) {
			s := open(t, self(t, "script", plainReady, `{"type":"orders","now_ms":NOW,"orders":[`+c.orders+`]}`), Options{})
			_, err := sim.Run(context.Background(), config(t, s, walk(t, "BTCUSD", 10, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	s := open(t, self(t, "script", plainReady, `{"type":"orders","now_ms":NOW,"wake_at_ms":NOW}`), Options{})
	if _, err := sim.Run(context.Background(), config(t, s, walk(t, "BTCUSD", 10, 1))); err == nil || !strings.Contains(err.Error(), "expected an instant after now") {
		t.Errorf("an alarm that is now: %v", err)
	}
}

// TestOpenRefuses what can't be a program.
func TestOpenRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "own.py", "")
	write(t, "own.sh", "")
	for command, want := range map[string]string{
		"":                        "there is no program",
		"exec:":                   "there is no program",
		"python3 'x.py":           "a quote is not closed",
		"no-such-program-here -x": "found no such program",
		"python3 a.py | tee log":  "a bare |, and no shell is run",
		"python3 a.py >log":       "a bare >",
		"sh a.sh && sh b.sh":      "a bare &",
		"./own.py":                "found a file that may not be executed (exec: \"./own.py\": permission denied); chmod +x ./own.py lets it, or name its interpreter: exec:python3 ./own.py",
		"./own.sh":                "exec:sh ./own.sh",
		"own.py --fast":           "but a file here; name its interpreter: exec:python3 own.py",
		"./absent.py":             "found no such program",
	} {
		if _, err := Open(command, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", command, err, want)
		}
	}
}

// TestTimesAreAboveZero: 0 is the default's, and less is none.
func TestTimesAreAboveZero(t *testing.T) {
	for want, o := range map[string]Options{
		"start timeout: found -1s; expected a time above 0": {StartTimeout: -time.Second},
		"answer timeout: found -1ns":                        {AnswerTimeout: -1},
		"exit grace: found -1h0m0s":                         {ExitGrace: -time.Hour},
	} {
		if _, err := Open("sh", o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	o, err := Options{AnswerTimeout: time.Second}.complete()
	if want := (Options{StartTimeout: 30 * time.Second, AnswerTimeout: time.Second, ExitGrace: 5 * time.Second}); err != nil || o != want {
		t.Errorf("got %v %v, want %v", o, err, want)
	}
}

// TestForgottenStartIsHinted: a Python program that ends at once, without a
// message, may have no call of run. Others, and those that fail, get no hint.
func TestForgottenStartIsHinted(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "forgot.py", "")
	write(t, "fails.py", "exit 3")
	write(t, "speaks.py", "read -r _; echo '"+plainReady+"'; read -r _")
	for command, hinted := range map[string]bool{"sh forgot.py": true, "sh fails.py": false, "sh speaks.py": false, "sh -c exit": false} {
		_, err := sim.Run(context.Background(), config(t, open(t, command, Options{}), walk(t, "BTCUSD", 50, 1)))
		if err == nil || strings.HasSuffix(err.Error(), "; does the program call ptnsim.run(...)?") != hinted || !strings.Contains(err.Error(), "its end (exit status") {
			t.Errorf("%s: got %v, hinted %v", command, err, hinted)
		}
	}
}

// TestScriptWithoutInterpreterIsHinted: it may be executed, and the system does
// not know how.
func TestScriptWithoutInterpreterIsHinted(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("own.py", []byte("import ptnsim\n"), 0o700); err != nil { //nolint:gosec // it is to be executed
		t.Fatal(err)
	}
	_, err := sim.Run(context.Background(), config(t, open(t, "./own.py", Options{}), walk(t, "BTCUSD", 50, 1)))
	if err == nil || !strings.Contains(err.Error(), "name the interpreter of a script: exec:python3 strategy.py") {
		t.Errorf("got %v", err)
	}
}

// TestCancelEndsItAtOnce, while the program thinks for an hour.
func TestCancelEndsItAtOnce(t *testing.T) {
	for _, client := range []string{"mute", "hangs", "deaf", "stays"} {
		ctx, cancel := context.WithCancel(context.Background())
		s := open(t, self(t, client), Options{ExitGrace: time.Hour, AnswerTimeout: time.Hour, StartTimeout: time.Hour})
		var cancelled time.Time // before the run returns: that is why it does
		timer := time.AfterFunc(200*time.Millisecond, func() { cancelled = time.Now(); cancel() })
		_, err := sim.Run(ctx, config(t, s, walk(t, "BTCUSD", 50, 1)))
		if took := time.Since(cancelled); took > time.Minute {
			t.Errorf("%s: it ended %s after it was cancelled; every limit is an hour", client, took)
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want that it was cancelled", client, err)
		}
		timer.Stop()
		cancel()
	}
}

// TestNoOrphans: whatever a program leaves behind is gone when the run is over.
// Each writes its own id and its child's to a file; those that would go on are
// given up when they have.
func TestNoOrphans(t *testing.T) {
	for name, script := range map[string]string{
		"leaves a child, says bye": `read -r _; echo '{"type":"ready","protocol":1,"decide":{"candles":1000}}'; read -r _; echo '{"type":"bye"}'`,
		"leaves a child, crashes":  `read -r _; exit 7`,
		"hangs with a child":       `read -r _; wait`,
		"prints, hangs":            `read -r _; echo hello; sleep 1000`,
		"ignores signals":          `trap '' TERM INT HUP; read -r _; while :; do sleep 1; done`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "pids")
			command := "sh -c '" + strings.ReplaceAll("sleep 1000 & echo $! $$ . > "+file+"; "+script, "'", `'\''`) + "'"
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if name == "hangs with a child" || name == "ignores signals" {
				go func() {
					for len(fields(file)) < 3 && ctx.Err() == nil {
						time.Sleep(10 * time.Millisecond)
					}
					cancel()
				}()
			}
			s := open(t, command, Options{StartTimeout: 10 * time.Minute})
			_, _ = sim.Run(ctx, config(t, s, walk(t, "BTCUSD", 50, 1)))
			pids := fields(file)
			if len(pids) != 3 {
				t.Fatalf("pids %v", pids)
			}
			for _, pid := range pids[:2] {
				if !gone(t, pid) {
					t.Errorf("process %s is still there", pid)
				}
			}
		})
	}
}

// fields are the words of a file; none if there is no such file yet.
func fields(file string) []string {
	text, _ := os.ReadFile(file)
	return strings.Fields(string(text))
}

// TestHeldOutputIsTold: what left the program's process group outlives it, and
// may hold its standard output open. That is said, not that it did not exit.
func TestHeldOutputIsTold(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("no setsid on the path: nothing can leave the group")
	}
	left := filepath.Join(t.TempDir(), "left")
	greet := `setsid sh -c 'echo . > ` + left + `; exec sleep 4' 2>/dev/null & while ! [ -s ` + left + ` ]; do sleep 0.01; done; read -r _; echo '{"type":"ready","protocol":1,"decide":{"candles":1000}}'; read -r _; `
	for script, want := range map[string]string{
		greet + `echo '{"type":"bye"}'`: "its end (exit status 0), and its standard output held open",
		greet + `exit 3`:                "its end (exit status 3), and its standard output held open",
	} {
		_ = os.Remove(left)
		command := "sh -c '" + strings.ReplaceAll(script, "'", `'\''`) + "'"
		s := open(t, command, Options{ExitGrace: 500 * time.Millisecond, AnswerTimeout: 500 * time.Millisecond, StartTimeout: 10 * time.Minute})
		_, err := sim.Run(context.Background(), config(t, s, walk(t, "BTCUSD", 50, 1)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// stuck is a standard error that nobody reads.
type stuck struct{ until chan struct{} }

func (s stuck) Write(p []byte) (int, error) {
	<-s.until
	return len(p), nil
}

// TestUnreadErrorHangsNothing: a program that prints while nothing reads what
// ptnsim passes on still has its time limit, and its run an end.
func TestUnreadErrorHangsNothing(t *testing.T) {
	until := make(chan struct{})
	defer close(until)
	s := open(t, self(t, "babbles"), Options{StartTimeout: 300 * time.Millisecond, Stderr: stuck{until}})
	cfg, ended := config(t, s, walk(t, "BTCUSD", 50, 1)), make(chan error)
	go func() {
		_, err := sim.Run(context.Background(), cfg)
		ended <- err
	}()
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "no answer within 300ms") || !strings.Contains(err.Error(), "chatter chatter") {
			t.Errorf("got %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the run does not end")
	}
}

// gone waits a little for a process to be no more: to be reaped takes its
// parent, which may not be this test.
func gone(t *testing.T, pid string) bool {
	t.Helper()
	id, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if syscall.Kill(id, 0) != nil {
			return true
		}
		if stat, err := os.ReadFile("/proc/" + pid + "/stat"); err == nil {
			if _, rest, _ := strings.Cut(string(stat), ") "); strings.HasPrefix(rest, "Z") {
				return true
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}

// TestStandardErrorIsPassedOn line by line, and its last bytes are kept. The error
// does not repeat what was passed on, but for the last line.
func TestStandardErrorIsPassedOn(t *testing.T) {
	var out lockedBuffer
	s := open(t, "sh -c 'echo one >&2; printf two >&2; read -r _; exit 5'", Options{Stderr: &out})
	_, err := sim.Run(context.Background(), config(t, s, walk(t, "BTCUSD", 50, 1)))
	if got := out.String(); got != "sh: one\nsh: two\n" {
		t.Errorf("passed on: %q", got)
	}
	if err == nil || !strings.HasSuffix(err.Error(), "its last words on standard error:\n  two") {
		t.Errorf("last words: %v", err)
	}
	// What the program says of itself is not said twice.
	s = open(t, `sh -c 'read -r _; echo one >&2; echo Error: two >&2; echo "{\"type\":\"error\",\"message\":\"Error: two\"}"; exit 1'`, Options{Stderr: &out})
	_, err = sim.Run(context.Background(), config(t, s, walk(t, "BTCUSD", 50, 1)))
	if err == nil || !strings.HasSuffix(err.Error(), "it says: Error: two") {
		t.Errorf("last words: %v", err)
	}
	for text, want := range map[string]string{"": "", "\n \n": "", "a": "a", "a\nb c\n\n": "b c"} {
		if got := lastLine(text); got != want {
			t.Errorf("the last line of %q: got %q, want %q", text, got, want)
		}
	}
	script := filepath.Join(t.TempDir(), "trend.sh")
	write(t, script, "")
	for want, words := range map[string][]string{
		"trend.sh": {"sh", script}, "sh": {"/bin/sh", "-c", "exit"}, "bot": {"./bot", "--fast=20"},
	} {
		if got := (Options{}).label(words); got != want {
			t.Errorf("%q is called %s, want %s", words, got, want)
		}
	}
	var keep tail
	for range 1000 {
		keep.Write([]byte("line of thirty bytes, or so\n"))
	}
	if words := keep.words(); len(words) > tailMax+8 || !strings.HasPrefix(words, "…\nline of") {
		t.Errorf("%d bytes kept: %.40q", len(words), words)
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
