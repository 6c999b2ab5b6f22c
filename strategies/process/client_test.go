package process

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMain makes the test's own program a client of the protocol, when it is
// called as one: "client NAME".
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "client" {
		play, ok := clientsByName()[os.Args[2]]
		if !ok {
			os.Exit(99)
		}
		play(&wire{in: bufio.NewReader(os.Stdin)})
		os.Exit(0)
	}
	// Programs built with the race detector would sleep a second before they exit.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// self is the command of a client of the test's own.
func self(t testing.TB, name string, args ...string) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := "'" + path + "' client " + name
	for _, a := range args {
		command += " '" + a + "'"
	}
	return command
}

// wire is the client's end of the line.
type wire struct {
	in   *bufio.Reader
	last map[string]any
}

// next reads a message; nil at the end.
func (w *wire) next() map[string]any {
	line, err := w.in.ReadBytes('\n')
	if err != nil {
		return nil
	}
	w.last = nil
	if err := json.Unmarshal(line, &w.last); err != nil {
		fmt.Fprintln(os.Stderr, "not JSON:", err, string(line))
		os.Exit(98)
	}
	return w.last
}

func (w *wire) say(text string) { fmt.Println(text) }

// answer answers the question at hand with orders.
func (w *wire) answer(orders string) {
	w.say(fmt.Sprintf(`{"type":"orders","now_ms":%d,"orders":[%s]}`, int64(w.last["now_ms"].(float64)), orders))
}

// follow plays to the end without orders, and says bye.
func (w *wire) follow() {
	for m := w.next(); m != nil; m = w.next() {
		switch m["type"] {
		case "decide":
			w.answer("")
		case "end":
			w.say(`{"type":"bye"}`)
			return
		}
	}
}

const plainReady = `{"type":"ready","protocol":1}`

// clientsByName are the clients of the tests.
func clientsByName() map[string]func(*wire) {
	greeted := func(do func(*wire)) func(*wire) {
		return func(w *wire) { w.next(); w.say(plainReady); do(w) }
	}
	asked := func(do func(*wire)) func(*wire) {
		return greeted(func(w *wire) { w.next(); do(w) })
	}
	return map[string]func(*wire){
		"good": greeted((*wire).follow),
		"log":  logger, "script": scripted, "arrow": arrowClient, "host": host,

		"mute":    func(*wire) { time.Sleep(time.Hour) },
		"dies":    func(*wire) { fmt.Fprintln(os.Stderr, "no file of that name"); os.Exit(3) },
		"leaves":  asked(func(w *wire) { w.answer(""); w.next() }),
		"crashes": asked(func(w *wire) { fmt.Fprintln(os.Stderr, "first\nTraceback: a bug in line 7"); os.Exit(1) }),
		"hangs":   asked(func(*wire) { fmt.Fprintln(os.Stderr, "thinking"); time.Sleep(time.Hour) }),
		"prints":  asked(func(w *wire) { w.say("fast is 20"); w.answer(""); w.follow() }),
		"garbage": asked(func(w *wire) { os.Stdout.Write([]byte("\x00\xff\x01\n")); time.Sleep(time.Hour) }),
		"broken":  asked(func(w *wire) { w.say(`{"type":"orders","now_ms":`); time.Sleep(time.Hour) }),
		"endless": asked(func(w *wire) {
			for {
				os.Stdout.WriteString(strings.Repeat("x", 1<<16))
			}
		}),
		"floods": greeted(func(w *wire) {
			for {
				w.say(`{"type":"orders","now_ms":1}`)
			}
		}),
		"deaf": greeted(func(w *wire) { time.Sleep(time.Hour) }),
		// Both pipes are full: it writes without reading what is written to it.
		"deadlock": func(w *wire) {
			w.next()
			w.say(`{"type":"ready","protocol":1,"history":"all"}`)
			for {
				w.say(`{"type":"orders","now_ms":1}`)
			}
		},
		"twice":     asked(func(w *wire) { w.answer(""); w.answer(""); w.follow() }),
		"early":     greeted(func(w *wire) { w.say(`{"type":"orders","now_ms":0}`); w.follow() }),
		"version":   func(w *wire) { w.next(); w.say(`{"type":"ready","protocol":2,"news":1}`); w.follow() },
		"wrongtype": func(w *wire) { w.next(); w.say(`{"type":"orders","now_ms":1}`); w.follow() },
		"shuts":     asked(func(*wire) { os.Stdout.Close(); time.Sleep(time.Hour) }),
		"complains": asked(func(w *wire) { w.say(`{"type":"error","message":"the moon is full"}`); os.Exit(1) }),
		"declines":  func(w *wire) { w.next(); w.say(`{"type":"error","message":"no such parameter"}`); os.Exit(1) },
		"babbles": func(w *wire) {
			w.next()
			for {
				fmt.Fprintln(os.Stderr, strings.Repeat("chatter ", 1000))
			}
		},
		"politely": greeted(func(w *wire) { // with a field too many
			for m := w.next(); m["type"] != "end"; m = w.next() {
				w.answer("")
			}
			w.say(`{"type":"bye","thanks":1}`)
		}),
		"chatty": greeted(func(w *wire) { w.follow(); w.say(`{"type":"orders"}`) }),
		"stays":  greeted(func(w *wire) { w.follow(); time.Sleep(time.Hour) }),
		"fails":  greeted(func(w *wire) { w.follow(); fmt.Fprintln(os.Stderr, "could not save"); os.Exit(4) }),
		"nobye": greeted(func(w *wire) {
			for m := w.next(); m["type"] != "end"; m = w.next() {
				w.answer("")
			}
		}),
	}
}

// logger answers hello with its second argument, and writes all it is sent to
// the file of its first.
func logger(w *wire) {
	file, err := os.Create(os.Args[3])
	if err != nil {
		os.Exit(97)
	}
	w.in = bufio.NewReader(io.TeeReader(os.Stdin, file))
	w.next()
	w.say(os.Args[4])
	w.follow()
}

// scripted answers the nth question with its nth argument after ready.
func scripted(w *wire) {
	w.next()
	w.say(os.Args[3])
	for n := 4; ; n++ {
		m := w.next()
		switch {
		case m == nil:
			return
		case m["type"] == "candles":
			n--
		case m["type"] == "end":
			w.say(`{"type":"bye"}`)
			return
		case n < len(os.Args):
			w.say(strings.ReplaceAll(os.Args[n], "NOW", strconv.FormatInt(int64(m["now_ms"].(float64)), 10)))
		default:
			w.answer("")
		}
	}
}

// arrowClient reads candles as Arrow, and answers with what it read of the last
// batch when asked to: it holds the rows against what was announced.
func arrowClient(w *wire) {
	w.next()
	w.say(os.Args[3])
	for m := w.next(); m != nil; m = w.next() {
		if err := takeArrow(w, m); err != nil {
			message, _ := json.Marshal(err.Error())
			w.say(`{"type":"error","message":` + string(message) + `}`)
			os.Exit(1)
		}
		switch m["type"] {
		case "decide":
			w.answer("")
		case "end":
			w.say(`{"type":"bye"}`)
			return
		}
	}
}

// host is a ptnsim that starts a client and waits: to be killed.
func host(*wire) {
	hostClient()
}
