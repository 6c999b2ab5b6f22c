package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ptnsim/ptnsim/market/suggest"
)

// ready is a program's answer to hello.
type ready struct {
	Type      string   `json:"type"`
	Protocol  int      `json:"protocol"`
	Subscribe wishes   `json:"subscribe"`
	Decide    ruleList `json:"decide"`
	History   history  `json:"history"`
	Columns   []string `json:"columns"`
	Want      []string `json:"want"`
	Candles   string   `json:"candles"`

	columns columns
	wants   wants
	arrow   bool
}

// wish is a subscription that a program asks for.
type wish struct {
	Pair       string `json:"pair"`
	IntervalMS int64  `json:"interval_ms"`
}

// wishes are subscriptions; nil is all pairs.
type wishes []wish

// UnmarshalJSON implements json.Unmarshaler.
func (w *wishes) UnmarshalJSON(text []byte) error {
	if string(text) == `"all"` {
		*w = nil
		return nil
	}
	list := []wish{}
	if err := strictly(text, &list); err != nil {
		return fmt.Errorf(`subscribe: %w; it takes "all" or a list of {"pair":…}`, err)
	}
	if list != nil && len(list) == 0 {
		return errors.New(`subscribe: found an empty list, with which there is nothing to see; expected "all" or a list of {"pair":…}`)
	}
	*w = list
	return nil
}

// history is a number of candles.
type history int

// allHistory is as many candles as there are.
const allHistory history = -1

// UnmarshalJSON implements json.Unmarshaler.
func (h *history) UnmarshalJSON(text []byte) error {
	if string(text) == `"all"` {
		*h = allHistory
		return nil
	}
	var n int
	if err := json.Unmarshal(text, &n); err != nil || n < 0 {
		return fmt.Errorf(`history: expected "all" or a whole number from 0, found %s`, cut(text))
	}
	*h = history(n)
	return nil
}

// wants says what a program is told beside candles.
type wants struct {
	outcomes, positions, pending, sessions, portfolio, room, carry bool
}

// parseWants reads the names of what a program wants; none at all is most of it.
func parseWants(names []string) (wants, error) {
	w := wants{outcomes: true, positions: true, pending: true, sessions: true, portfolio: true}
	if names == nil {
		return w, nil
	}
	w = wants{}
	known := []string{"outcomes", "positions", "pending", "sessions", "portfolio", "room", "carry"}
	fields := []*bool{&w.outcomes, &w.positions, &w.pending, &w.sessions, &w.portfolio, &w.room, &w.carry}
	for _, name := range names {
		i := slices.Index(known, name)
		if i < 0 {
			return w, wrong("a want of "+cut([]byte(name))+suggest.DidYouMean(name, known), "some of "+strings.Join(known, ", "), "")
		}
		*fields[i] = true
	}
	return w, nil
}

// parseReady reads the answer to hello. Its errors are Failures, by which the
// line is no ready of this version.
func parseReady(line []byte) (*ready, error) {
	if err := expect(line, "ready"); err != nil {
		return nil, err
	}
	var r ready
	// An other version may have other fields: it is looked at first.
	var version struct {
		Protocol json.RawMessage `json:"protocol"`
	}
	if err := json.Unmarshal(line, &version); err != nil || string(version.Protocol) != "1" {
		return nil, wrong("a program of protocol version "+cut(version.Protocol), "version 1", "take the client that comes with this ptnsim")
	}
	if err := strictly(line, &r); err != nil {
		return nil, malformed(line, "ready", err)
	}
	var err error
	if r.columns, err = parseColumns(r.Columns); err != nil {
		return nil, err
	}
	if r.wants, err = parseWants(r.Want); err != nil {
		return nil, err
	}
	if r.arrow = r.Candles == "arrow"; !r.arrow && r.Candles != "json" && r.Candles != "" {
		return nil, wrong("candles as "+cut([]byte(r.Candles)), "json or arrow", "")
	}
	if r.Decide == nil {
		r.Decide = ruleList{{Candles: 1}}
	}
	return &r, nil
}

// parseBye reads the answer to end.
func parseBye(line []byte) error {
	if err := expect(line, "bye"); err != nil {
		return err
	}
	var bye struct {
		Type string `json:"type"`
	}
	if err := strictly(line, &bye); err != nil {
		return malformed(line, "bye", err)
	}
	return nil
}

// foundMessage is what is found of a program that tells an error of its own.
const foundMessage = "an error of the program's own"

// expect refuses a line that is no message, or one of another type. The
// program's own error comes out as a Failure.
func expect(line []byte, want string) error {
	var m struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}
	trimmed := strings.TrimLeft(string(line[:min(len(line), 64)]), " \t")
	switch {
	case !strings.HasPrefix(trimmed, "{"):
		return wrong(cut(line)+" on its standard output", "a message, of type "+want, "print what is no message to standard error")
	case !utf8.Valid(line):
		return wrong("a line that is not UTF-8: "+cut(line), "a message, of type "+want, "")
	}
	if err := json.Unmarshal(line, &m); err != nil {
		return malformed(line, want, inWords(err))
	}
	switch m.Type {
	case want:
		return nil
	case "error":
		return &Failure{Found: foundMessage, Remedy: "it says: " + clip(m.Message)}
	}
	return wrong(fmt.Sprintf("a message of type %q", clip(m.Type)), "one of type "+want, "write one answer to each question, when it is asked")
}

// malformed is the failure by a line whose JSON is none, or says what it may not.
func malformed(line []byte, want string, err error) *Failure {
	return wrong(fmt.Sprintf("the line %s (%s)", cut(line), err), "a message of type "+want+" as in docs/protocol.md", "")
}

// clip bounds a text of the program's own.
func clip(text string) string {
	const most = 2000
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
